package scheduling

import (
	"strconv"
	"strings"
	"time"
)

// ZoneFinder finds a zone by a name of the database, a link or a Windows name;
// (*DB).Zone is one.
type ZoneFinder func(name string) (*time.Location, error)

// icsZones finds the zone of a TZID: by its name, and only when nobody knows
// the name by the VTIMEZONE that came along, for those are often old or wrong.
type icsZones struct {
	find    ZoneFinder
	tables  map[string]*component
	known   map[string]*time.Location
	unknown map[string]error
}

const maxUnknownZones = 100 // each costs a search for near names

func newICSZones(root *component, find ZoneFinder) *icsZones {
	z := &icsZones{find: find, tables: map[string]*component{}, known: map[string]*time.Location{}, unknown: map[string]error{}}
	var walk func(*component)
	walk = func(c *component) {
		for _, part := range c.parts {
			if part.name == "VTIMEZONE" {
				z.tables[part.text("TZID")] = part
			}
			walk(part)
		}
	}
	walk(root)
	return z
}

func (z *icsZones) zone(id string) (*time.Location, error) {
	if loc := z.known[id]; loc != nil {
		return loc, nil
	}
	if err := z.unknown[id]; err != nil {
		return nil, err
	}
	if len(z.unknown) >= maxUnknownZones {
		return nil, faultf("too many unknown time zones in one calendar")
	}
	loc, err := z.search(id)
	if err != nil {
		z.unknown[id] = err
		return nil, err
	}
	z.known[id] = loc
	return loc, nil
}

func (z *icsZones) search(id string) (*time.Location, error) {
	loc, err := z.find(id)
	if err == nil {
		return loc, nil
	}
	if loc := fixedZone(id); loc != nil {
		return loc, nil
	}
	table := z.tables[id]
	if table == nil {
		return nil, err
	}
	for _, key := range []string{"X-LIC-LOCATION", "TZID-ALIAS-OF"} {
		if name := table.text(key); name != "" {
			if loc, err := z.find(name); err == nil {
				return loc, nil
			}
		}
	}
	return readTimezone(table, id)
}

// fixedZone reads "UTC+2", "GMT-0530" and "GMT+01:00", where a plus means east.
func fixedZone(id string) *time.Location {
	rest, ok := strings.CutPrefix(strings.ToUpper(id), "UTC")
	if !ok {
		rest, ok = strings.CutPrefix(strings.ToUpper(id), "GMT")
	}
	rest = strings.ReplaceAll(rest, ":", "")
	if !ok || len(rest) < 2 || len(rest) > 5 || rest[0] != '+' && rest[0] != '-' {
		return nil
	}
	digits := rest[1:]
	if len(digits) <= 2 {
		digits += "00"
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > 1400 || n%100 > 59 {
		return nil
	}
	seconds := n/100*3600 + n%100*60
	if rest[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone(id, seconds)
}
