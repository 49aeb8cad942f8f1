package scheduling

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Years for which the rules of a VTIMEZONE are worked out.
const (
	tableFrom = 1900
	tableTo   = 2100
)

// onset is a moment from which another offset holds.
type onset struct {
	at       int64
	from, to int
	daylight bool
	name     string
}

// readTimezone makes a location from a VTIMEZONE (RFC 5545 3.6.5): its onsets
// from 1900 to 2100, packed as a zone file, so that nothing else needs to know
// where a zone came from.
func readTimezone(table *component, id string) (*time.Location, error) {
	var onsets []onset
	for _, part := range table.parts {
		if part.name != "STANDARD" && part.name != "DAYLIGHT" {
			continue
		}
		more, err := readObservance(part)
		if err != nil {
			return nil, faultf("the time zone %q: %s", clip(id), err)
		}
		if onsets = append(onsets, more...); len(onsets) > 20_000 {
			return nil, tooManyf("clock changes in the time zone %q", clip(id))
		}
	}
	if len(onsets) == 0 {
		return nil, faultf("the time zone %q says nothing about its offset", clip(id))
	}
	slices.SortStableFunc(onsets, func(a, b onset) int { return int(a.at - b.at) })
	return packZone(id, onsets)
}

func readObservance(part *component) ([]onset, error) {
	start, ok := part.get("DTSTART")
	if !ok {
		return nil, faultf("a %s has no DTSTART", part.name)
	}
	at, err := parseMoment(start.value)
	if err != nil {
		return nil, err
	}
	o := onset{daylight: part.name == "DAYLIGHT", name: part.text("TZNAME")}
	if o.from, err = parseOffset(part.text("TZOFFSETFROM")); err != nil {
		return nil, err
	}
	if o.to, err = parseOffset(part.text("TZOFFSETTO")); err != nil {
		return nil, err
	}
	walls := []Wall{at.wall}
	for _, p := range part.props {
		switch p.name {
		case "RRULE":
			r, err := ParseRule(p.value)
			if err != nil {
				return nil, err
			}
			w := r.walk(at.wall)
			if err := w.settle(!w.hits()); err != nil {
				return nil, err
			}
			if r.until.kind == untilUTC {
				w.last = min(w.last, r.until.wall+Wall(o.from))
			}
			walls, err = w.walls(walls, DayOf(tableFrom, 1, 1).At(0), DayOf(tableTo, 1, 1).At(0))
			if err != nil {
				return nil, err
			}
		case "RDATE":
			for word := range strings.SplitSeq(p.value, ",") {
				m, err := parseMoment(word)
				if err != nil {
					return nil, err
				}
				walls = append(walls, m.wall)
			}
		}
	}
	slices.Sort(walls)
	var onsets []onset
	for _, w := range slices.Compact(walls) {
		o.at = int64(w) - int64(o.from)
		onsets = append(onsets, o)
	}
	return onsets, nil
}

// parseOffset reads +0100, -0530 or +013020 as seconds east.
func parseOffset(text string) (int, error) {
	text = strings.TrimSpace(text)
	if len(text) == 5 || len(text) == 7 {
		if n, err := strconv.Atoi((text + "00")[1:7]); err == nil && n >= 0 && n/10000 < 24 && n/100%100 < 60 && n%100 < 60 {
			seconds := n/10000*3600 + n/100%100*60 + n%100
			switch text[0] {
			case '+':
				return seconds, nil
			case '-':
				return -seconds, nil
			}
		}
	}
	return 0, faultf("%q is no offset", clip(text))
}

// packZone writes onsets as a zone file (RFC 8536, version 2) and loads it.
func packZone(id string, onsets []onset) (*time.Location, error) {
	type kind struct {
		offset   int
		daylight bool
		name     string
	}
	kinds := []kind{{onsets[0].from, false, ""}} // before the first onset
	var indexes []byte
	var times []byte
	for i, o := range onsets {
		if i+1 < len(onsets) && onsets[i+1].at == o.at {
			continue // of two at one moment the later one holds
		}
		k := kind{o.to, o.daylight, o.name}
		n := slices.Index(kinds, k)
		if n < 0 {
			n = len(kinds)
			kinds = append(kinds, k)
		}
		if n > 250 {
			return nil, tooManyf("offsets in the time zone %q", clip(id))
		}
		indexes = append(indexes, byte(n))
		times = binary.BigEndian.AppendUint64(times, uint64(o.at))
	}
	var types []byte
	letters := []byte{}
	for _, k := range kinds {
		name := strings.Map(func(r rune) rune {
			if r <= ' ' || r > '~' {
				return -1
			}
			return r
		}, k.name)
		at := 0
		if len(letters) < 200 {
			at = len(letters)
			letters = append(append(letters, name[:min(len(name), 12)]...), 0)
		}
		types = binary.BigEndian.AppendUint32(types, uint32(int32(k.offset)))
		daylight := byte(0)
		if k.daylight {
			daylight = 1
		}
		types = append(types, daylight, byte(at))
	}
	header := func(counts ...int) []byte {
		b := append([]byte("TZif2"), make([]byte, 15)...)
		for _, n := range counts { // isut, isstd, leap, time, type, char
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		}
		return b
	}
	data := header(0, 0, 0, 0, 0, 0)
	data = append(data, header(0, 0, 0, len(indexes), len(kinds), len(letters))...)
	data = slices.Concat(data, times, indexes, types, letters, []byte("\n\n"))
	loc, err := time.LoadLocationFromTZData(id, data)
	if err != nil {
		return nil, faultf("the time zone %q cannot be used: %s", clip(id), err)
	}
	return loc, nil
}
