package scheduling

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed windows.txt
var windowsText string

// windowsName is one Windows zone; byTerritory holds only what differs from zone.
type windowsName struct {
	name        string
	zone        string
	byTerritory map[string]string
}

var windowsTable = sync.OnceValue(func() map[string]windowsName {
	table := make(map[string]windowsName, 160)
	for line := range strings.Lines(windowsText) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), ";")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		zone, more, _ := strings.Cut(rest, ";")
		w := windowsName{name: name, zone: zone, byTerritory: map[string]string{}}
		for pair := range strings.FieldsSeq(more) {
			territory, other, _ := strings.Cut(pair, "=")
			w.byTerritory[territory] = other
		}
		table[strings.ToLower(name)] = w
	}
	return table
})

// windowsSpoken finds Windows names by their folded form, as phrases hold them.
// Names such as UTC+12 are offsets there.
var windowsSpoken = sync.OnceValue(func() map[string]windowsName {
	spoken := make(map[string]windowsName, 160)
	for _, w := range windowsTable() {
		if !strings.HasPrefix(w.name, "UTC") {
			spoken[fold(w.name)] = w
		}
	}
	return spoken
})

// WindowsZone is the zone that a Windows name such as "W. Europe Standard
// Time" stands for in a territory (ISO 3166, "" or "001" for the world), by
// CLDR. The name says "Standard" the whole year: the zone keeps its summer
// time. The summer form ("W. Europe Daylight Time") is understood as well.
func WindowsZone(name, territory string) (zone string, ok bool) {
	table := windowsTable()
	key := strings.ToLower(strings.TrimSpace(name))
	w, ok := table[key]
	if !ok {
		w, ok = table[strings.Replace(key, "daylight time", "standard time", 1)]
	}
	if !ok {
		return "", false
	}
	if other := w.byTerritory[strings.ToUpper(territory)]; other != "" {
		return other, true
	}
	return w.zone, true
}
