package scheduling

import "time"

// Day is a date on a wall calendar, counted from 1 January 1970; it has no
// zone.
type Day int32

// Wall is a reading of a wall clock, in seconds since 1 January 1970 00:00 on
// that clock; it has no zone, so a Wall may happen twice or never.
type Wall int64

const daySeconds = 86400

// DayOf is the date as people write it. Days and months beyond the end roll
// over, as in time.Date.
func DayOf(year int, month time.Month, day int) Day {
	return Day(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), daySeconds))
}

// ParseDay reads "2026-11-26".
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, faultf("%q is not a date like 2026-11-26", clip(text))
	}
	return Day(t.Unix() / daySeconds), nil
}

// DayIn is the date that clocks in a zone show at an instant.
func DayIn(t time.Time, zone *time.Location) Day { return wallIn(t.Unix(), zone).Day() }

func (d Day) String() string { return d.time().Format(time.DateOnly) }

// Weekday of the date.
func (d Day) Weekday() time.Weekday {
	n := (int(d) + 4) % 7
	if n < 0 {
		n += 7
	}
	return time.Weekday(n)
}

func (d Day) time() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

// At is the wall clock at a time of that day; 24 h is the next midnight.
func (d Day) At(clock time.Duration) Wall { return Wall(d)*daySeconds + Wall(clock/time.Second) }

// Day of the reading.
func (w Wall) Day() Day { return Day(floorDiv(int64(w), daySeconds)) }

func (w Wall) clock() int32 { return int32(int64(w) - int64(w.Day())*daySeconds) }

func (w Wall) String() string { return time.Unix(int64(w), 0).UTC().Format("2006-01-02T15:04:05") }

// In is the instant at which clocks in the zone show w. By RFC 5545 3.3.5 a
// reading that happens twice is the first of both, and one that is skipped is
// taken with the offset before the gap (02:30 becomes 03:30).
func (w Wall) In(zone *time.Location) time.Time {
	c := clockOf(zone, int64(w)-2*daySeconds, int64(w)+2*daySeconds)
	return time.Unix(c.at(w), 0).UTC()
}

// WallIn is what clocks in the zone show at an instant.
func WallIn(t time.Time, zone *time.Location) Wall { return wallIn(t.Unix(), zone) }

func wallIn(at int64, zone *time.Location) Wall {
	_, off := time.Unix(at, 0).In(zone).Zone()
	return Wall(at + int64(off))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// dial knows the offsets of a zone over a stretch of time, so that turning
// many wall clocks into instants costs no look-up in the database.
type dial struct {
	eras []era
	few  [4]era
}

// era is a stretch with one offset: [from, to) as instants.
type era struct{ from, to, offset int64 }

// clockOf covers the instants from … to; outside, the nearest offset holds.
func clockOf(zone *time.Location, from, to int64) *dial {
	c := &dial{}
	c.eras = c.few[:0]
	for at := from; ; {
		t := time.Unix(at, 0).In(zone)
		_, off := t.Zone()
		_, end := PeriodOf(t)
		e := era{from: at, to: forever, offset: int64(off)}
		if len(c.eras) == 0 {
			e.from = -forever
		}
		if !end.IsZero() {
			e.to = end.Unix()
		}
		if n := len(c.eras); n > 0 && c.eras[n-1].offset == e.offset {
			c.eras[n-1].to = e.to // only the letters changed
		} else {
			c.eras = append(c.eras, e)
		}
		if e.to > to {
			c.eras[len(c.eras)-1].to = forever
			return c
		}
		at = e.to
	}
}

const forever = int64(1) << 60

// at is Wall.In for the zone of the clock.
func (c *dial) at(w Wall) int64 {
	if len(c.eras) == 1 {
		return int64(w) - c.eras[0].offset
	}
	for i := range c.eras {
		e := &c.eras[i]
		u := int64(w) - e.offset
		if u >= e.to {
			continue
		}
		if u < e.from && i > 0 {
			return int64(w) - c.eras[i-1].offset // skipped by the clock
		}
		return u
	}
	return int64(w) - c.eras[len(c.eras)-1].offset
}

// wall is what the clock shows at an instant.
func (c *dial) wall(at int64) Wall {
	for i := range c.eras {
		if at < c.eras[i].to {
			return Wall(at + c.eras[i].offset)
		}
	}
	return Wall(at + c.eras[len(c.eras)-1].offset)
}

// spread is the smallest and the largest offset of the clock.
func (c *dial) spread() (least, most int64) {
	least, most = c.eras[0].offset, c.eras[0].offset
	for _, e := range c.eras[1:] {
		least, most = min(least, e.offset), max(most, e.offset)
	}
	return least, most
}
