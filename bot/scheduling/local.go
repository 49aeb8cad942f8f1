package scheduling

import "time"

// Local is what a clock time in a zone stands for. Most clock times happen
// Once. When clocks go forward some happen Never: First is then the instant by
// the offset before the change (what RFC 5545 takes), Second by the offset after
// it. When clocks go back some happen Twice: First and Second in order. Both
// instants are in the zone; for Once, Second equals First.
type Local struct {
	Times         Times
	First, Second time.Time
}

// Times says how often a clock time happens.
type Times uint8

// The three kinds of clock time.
const (
	Once Times = iota
	Never
	Twice
)

// farthest is more than any two offsets of one zone ever differed: a zone that
// crosses the date line skips or repeats a day.
const farthest = 26 * 3600

// Resolve finds the instants at which clocks in loc show the date and clock of
// wall, whatever the location of wall is. Unlike time.Date it has no opinion
// about hours that happen twice or never.
func Resolve(wall time.Time, loc *time.Location) Local {
	y, mo, d := wall.Date()
	h, mi, s := wall.Clock()
	shown := time.Date(y, mo, d, h, mi, s, wall.Nanosecond(), time.UTC)
	u := shown.Unix()

	guess := time.Unix(u, 0).In(loc)
	_, off := guess.Zone()
	start, end := guess.ZoneBounds()
	if (start.IsZero() || u-start.Unix() > farthest) && (end.IsZero() || end.Unix()-u > farthest) {
		at := shown.Add(-time.Duration(off) * time.Second).In(loc)
		return Local{Once, at, at}
	}
	return resolveNearChange(shown, loc)
}

func resolveNearChange(shown time.Time, loc *time.Location) Local {
	u := shown.Unix()
	with := func(off int) time.Time { return shown.Add(-time.Duration(off) * time.Second).In(loc) }
	var found []time.Time
	var buf [4]time.Time
	found = buf[:0]
	var gap Local
	before, first := 0, true
	for probe := u - farthest; probe <= u+farthest; {
		at := time.Unix(probe, 0).In(loc)
		_, off := at.Zone()
		start, end := PeriodOf(at)
		if !first && u-int64(before) >= start.Unix() && u-int64(off) < start.Unix() {
			gap = Local{Never, with(before), with(off)}
		}
		inst := u - int64(off)
		if (start.IsZero() || inst >= start.Unix()) && (end.IsZero() || inst < end.Unix()) {
			if n := len(found); n == 0 || !found[n-1].Equal(with(off)) {
				found = append(found, with(off))
			}
		}
		if end.IsZero() {
			break
		}
		before, first, probe = off, false, end.Unix()
	}
	switch {
	case len(found) == 0:
		return gap
	case len(found) == 1:
		return Local{Once, found[0], found[0]}
	default:
		return Local{Twice, found[0], found[1]}
	}
}

// PeriodOf is the stretch around an instant in which clocks are not changed, or a
// part of it. Go's ZoneBounds cuts stretches after 2037 at New Year, and on the last
// day of leap years it gives an end that has passed: then the part given ends a day
// later, for no rule changes clocks at New Year.
func PeriodOf(at time.Time) (start, end time.Time) {
	start, end = at.ZoneBounds()
	if !end.IsZero() && !end.After(at) {
		end = at.Add(24 * time.Hour)
	}
	return start, end
}

// wallOf is the date and clock that t shows in its location, held in UTC so
// that it can be counted with.
func wallOf(t time.Time) time.Time {
	y, mo, d := t.Date()
	h, mi, s := t.Clock()
	return time.Date(y, mo, d, h, mi, s, 0, time.UTC)
}
