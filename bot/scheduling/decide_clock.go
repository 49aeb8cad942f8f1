package scheduling

import (
	"slices"
	"time"
)

// clockPair is a start and an end in seconds after the day's midnight; end 0
// means an instant, more than a day the day after.
type clockPair struct{ start, end int }

const (
	hour     = 3600
	wholeDay = 24 * hour
)

// clockReadings are the times of day that were meant.
func (r *reader) clockReadings(a *alt, z *zoneOption) ([]clockPair, Why) {
	if a.same {
		loc := z.calendar(r)
		now := wallOf(r.now.In(loc))
		return []clockPair{{start: now.Hour()*hour + now.Minute()*60}}, ""
	}
	if !a.from.set {
		if a.part == 0 {
			return nil, NoTime
		}
		p := dayParts[a.part-1]
		return []clockPair{{p.from * hour, p.to * hour}}, ""
	}
	if a.to.set {
		return rangeReadings(a)
	}
	starts, why := startReadings(a)
	pairs := make([]clockPair, 0, 2)
	for _, s := range starts {
		p := clockPair{start: s}
		switch a.open {
		case after:
			p.end = wholeDay
			if s >= wholeDay {
				return nil, NotUnderstood
			}
		case before:
			p.start, p.end = 0, s
		}
		pairs = append(pairs, p)
	}
	return pairs, why
}

// seconds is a clock as it stands.
func (c clock) seconds() int { return c.h*hour + c.m*60 + c.s }

// startReadings are the times that one clock can mean.
func startReadings(a *alt) ([]int, Why) {
	c := a.from
	s := c.seconds()
	if c.midnight {
		switch {
		case !a.day.set && !a.span && a.open == 0:
			return []int{0}, "" // the next midnight is one only
		case a.thisPart: // tonight
			return []int{wholeDay}, ""
		}
		return []int{0, wholeDay}, MidnightWhich
	}
	if night := a.part - 1; a.day.set && s < 6*hour && (night == 3 || night == 9 || night == 11) {
		return []int{s, s + wholeDay}, MidnightWhich // Tuesday at 2 at night
	}
	if c.sure || c.half != anyHalf {
		if p := a.part; p != 0 && c.half == anyHalf && !inPart(s, p-1) && !inPart(s+wholeDay, p-1) {
			return nil, NotUnderstood // 15:00 in the morning
		}
		if c.bare {
			return []int{s}, Approximate // "thu 15": at 15:00, or the 15th?
		}
		return []int{s}, ""
	}
	if c.h == 12 {
		s12 := c.m*60 + c.s // half past midnight
		if a.part != 0 && inPart(s12, a.part-1) && !inPart(s, a.part-1) {
			return []int{s12}, ""
		}
		return []int{s}, ""
	}
	if a.part != 0 {
		var fits []int
		for _, t := range [...]int{s, s + 12*hour} {
			if inPart(t, a.part-1) {
				fits = append(fits, t)
			}
		}
		switch len(fits) {
		case 0:
			return nil, NotUnderstood
		case 1:
			return fits, ""
		}
		return fits, HalfMissing
	}
	if c.h >= 8 && !c.bare {
		return []int{s}, ""
	}
	if c.h >= 8 {
		return []int{s, s + 12*hour}, HalfMissing
	}
	return []int{s + 12*hour, s}, HalfMissing
}

// inPart says that a time can be called so: parts are wider in speech than in
// tables (8 in the evening, 5 in the morning, 2 at night).
func inPart(s, part int) bool {
	h := s / hour
	switch part {
	case 0, 4, 5, 6: // morning
		return h < 12
	case 1, 7, 10: // afternoon
		return h >= 12 && h <= 20
	case 2, 8: // evening
		return h >= 16 && h < 24
	case 3, 9, 11: // night
		return h >= 18 && h < 24 || h < 6
	case anyTime:
		return true
	}
	return h == 12
}

// rangeReadings are the stretches that two clocks can mean: an end before the
// start is after noon, or on the next day when that cannot be.
func rangeReadings(a *alt) ([]clockPair, Why) {
	from, to := a.from, a.to
	endDay := 0
	if a.dayEnd.set {
		endDay = wholeDay // where it lies is known from its own day
	}
	if from.midnight {
		from = clock{set: true, sure: true, half: beforeNoon}
	}
	free := !from.sure && from.half == anyHalf
	ends := func(start int) (int, bool) {
		s := to.seconds()
		if to.midnight {
			s = wholeDay
		}
		if endDay != 0 {
			return s, to.sure || to.half != anyHalf || to.h >= 8 || to.h == 0
		}
		choices := []int{s, s + wholeDay}
		if !to.sure && to.half == anyHalf {
			choices = []int{s % (12 * hour), s%(12*hour) + 12*hour, s%(12*hour) + wholeDay}
			if to.h == 24 {
				choices = []int{wholeDay}
			}
		}
		for _, c := range choices {
			if c-a.toOff.off > start-a.fromOff.off {
				return c, true
			}
		}
		return 0, false
	}
	var starts []int
	why := Why("")
	switch {
	case !free:
		starts = []int{from.seconds()}
	case to.half != anyHalf && endDay == 0:
		starts = []int{halfLike(from, to)}
	case a.part != 0:
		var ok Why
		one := *a
		one.to = clock{}
		if starts, ok = startReadings(&one); ok == NotUnderstood {
			return nil, ok
		} else if len(starts) > 1 {
			why = HalfMissing
		}
	default:
		one := *a
		one.from.bare = false
		starts, why = startReadings(&one)
		if why == HalfMissing && to.sure && !to.midnight && endDay == 0 { // 5-18:00: the end decides
			if late := starts[0]; late >= to.seconds() && starts[1] < to.seconds() {
				starts, why = starts[1:], ""
			}
		}
	}
	var pairs []clockPair
	for _, s := range starts {
		e, ok := ends(s)
		if !ok {
			return nil, NotUnderstood
		}
		if a.day.d != 0 && a.day.y != 0 && from.sure && to.sure && !a.dayEnd.set && e > wholeDay && !a.zone.set && to.h <= 14 && sameShape(from, to) {
			return nil, Several // 2026-12-10 15:00-03:00: an offset or a night?
		}
		if !slices.Contains(pairs, clockPair{s, e}) {
			pairs = append(pairs, clockPair{s, e})
		}
	}
	return pairs, why
}

func sameShape(from, to clock) bool { return from.half == anyHalf && to.half == anyHalf && from.sure }

// halfLike gives the start the half of the day that the end has, or the other
// when it would not come before the end.
func halfLike(from, to clock) int {
	start, end := from.seconds()%(12*hour), to.seconds()
	if to.midnight {
		end = wholeDay
	}
	if to.half == afterNoon || to.midnight {
		if start+12*hour < end {
			return start + 12*hour
		}
		return start
	}
	if start < end {
		return start
	}
	return start + 12*hour
}

// place puts a day and a clock into a zone and finds the instants.
func (r *reader) place(a *alt, d dayRef, c clockPair, z *zoneOption) ([]Span, Why) {
	loc := z.calendar(r)
	if loc == nil {
		return nil, NoZone
	}
	var buf [4]hit
	at := func(day time.Time) time.Time {
		hits, _ := z.hits(r, day.Add(time.Duration(c.start)*time.Second), a.fromOff, buf[:0])
		if len(hits) == 0 {
			return r.now
		}
		if a.open != 0 { // still ahead while its end is
			if ends, _ := z.hits(r, day.Add(time.Duration(c.end)*time.Second), a.toOff, nil); a.open == before && len(ends) > 0 {
				return ends[0].at
			}
		}
		return hits[0].at
	}
	day, why := r.date(d, loc, at)
	if why == WeekdayMismatch {
		return r.mismatch(d, day, c, z), why
	}
	if why != "" {
		return nil, why
	}
	day = day.AddDate(0, 0, a.plus)
	starts, why := z.hits(r, day.Add(time.Duration(c.start)*time.Second), a.fromOff, buf[:0])
	if len(starts) == 0 {
		return nil, why
	}
	if c.end == 0 {
		spans := make([]Span, 0, len(starts))
		for _, h := range starts {
			s := Span{Start: h.at, Zone: h.zone}
			if a.lasting != 0 {
				s.End = h.at.Add(a.lasting)
			}
			spans = append(spans, s)
		}
		return spans, why
	}
	endDay := day
	if a.dayEnd.set {
		var endWhy Why
		if endDay, endWhy = r.lastDay(a, d, day, loc); endWhy != "" {
			return nil, endWhy
		}
	}
	ends, endWhy := z.hits(r, endDay.Add(time.Duration(c.end)*time.Second), a.toOff, nil)
	spans := pairUp(starts, ends)
	if len(spans) == 0 {
		return nil, NotUnderstood
	}
	if a.lasting != 0 {
		spans = slices.DeleteFunc(spans, func(s Span) bool { return s.End.Sub(s.Start) != a.lasting })
		if len(spans) == 0 {
			return nil, Several
		}
		if len(spans) == 1 {
			return spans, ""
		}
	}
	if why == "" {
		why = endWhy
	}
	return spans, why
}

// pairUp joins the readings of the two ends of a range, zone by zone.
func pairUp(starts, ends []hit) []Span {
	var spans []Span
	for i, s := range starts {
		for j, e := range ends {
			if len(starts) == len(ends) && len(starts) > 1 && i != j || !e.at.After(s.at) {
				continue
			}
			spans = append(spans, Span{Start: s.at, End: e.at, Zone: s.zone})
		}
	}
	return spans
}

// lastDay is the day on which a range ends, the first of its kind after the day
// on which it starts.
func (r *reader) lastDay(a *alt, d dayRef, day time.Time, loc *time.Location) (time.Time, Why) {
	e := a.dayEnd
	if e.numeric {
		if d.numeric || e.a != e.b && e.a <= 12 && e.b <= 12 && r.ctx.DateOrder == OrderUnknown {
			return day, DayMonthOrder
		}
		readings, why := r.numberReadings(e)
		if why != "" {
			return day, why
		}
		e = readings[0]
	}
	if e.relative || e.weeks != 0 || e.which == next || e.which == last {
		end, why := r.date(e, loc, func(t time.Time) time.Time { return t })
		return end, why
	}
	if e.d != 0 && e.m != 0 && e.y == 0 {
		e.y = day.Year()
		if time.Date(e.y, time.Month(e.m), e.d, 0, 0, 0, 0, time.UTC).Before(day) {
			e.y++
		}
	}
	if e.d != 0 {
		return r.calendarDate(e, day, func(t time.Time) bool { return !t.Before(day) })
	}
	return day.AddDate(0, 0, (e.weekday-1-int(day.Weekday())+7)%7), ""
}

// mismatch offers the date that was said and the next such weekday.
func (r *reader) mismatch(d dayRef, day time.Time, c clockPair, z *zoneOption) []Span {
	var out []Span
	weekday := day.AddDate(0, 0, (d.weekday-1-int(day.Weekday())+7)%7)
	if back := weekday.AddDate(0, 0, -7); day.Sub(back) < weekday.Sub(day) {
		weekday = back
	}
	for _, day := range [...]time.Time{day, weekday} {
		starts, _ := z.hits(r, day.Add(time.Duration(c.start)*time.Second), zoneRef{}, nil)
		if len(starts) == 0 {
			continue
		}
		s := Span{Start: starts[0].at, Zone: starts[0].zone}
		if c.end != 0 {
			if ends, _ := z.hits(r, day.Add(time.Duration(c.end)*time.Second), zoneRef{}, nil); len(ends) > 0 {
				s.End = ends[0].at
			}
		}
		out = append(out, s)
	}
	return out
}
