package scheduling

import "time"

// decide turns what was said into instants, or into a question.
func (r *reader) decide() Reading {
	for i := len(r.alts) - 1; i > 0; i-- { // "3pm Berlin, 9am New York" says one time twice
		a, before := &r.alts[i], &r.alts[i-1]
		a.equals = a.equals || a.comma && !a.day.set && !a.span && a.zone.set && before.zone.set
	}
	r.share()
	var spans []Span
	for i := range r.alts {
		a := &r.alts[i]
		options, why := r.weigh(a)
		if why == NoTime {
			return r.ask(why, options, a.missing())
		}
		if why != "" {
			return r.ask(why, options, "")
		}
		if a.approx {
			return r.ask(Approximate, options, "")
		}
		if i > 0 && a.equals && a.iso && r.alts[i-1].iso && options[0].End.IsZero() && spans[len(spans)-1].End.IsZero() { // an ISO 8601 interval
			first := &spans[len(spans)-1]
			if !options[0].Start.After(first.Start) {
				return r.ask(Several, append(spans, options...), "")
			}
			first.End = options[0].Start
			continue
		}
		if i > 0 && a.equals && a.zone.set && r.alts[i-1].zone.set {
			if !sameSpan(spans[len(spans)-1], options[0]) {
				return r.ask(Several, append(spans, options...), "")
			}
			continue
		}
		spans = appendNew(spans, options[0])
	}
	return r.resolved(spans)
}

// missing is which half of a time was not said, "" for both.
func (a *alt) missing() string {
	switch {
	case a.from.set || a.part != 0:
		return missingDay
	case a.day.set && (a.day.weeks == 0 && a.day.isoWeek == 0 || a.day.weekday != 0):
		return missingTime
	}
	return ""
}

func sameSpan(a, b Span) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) }

// share gives every alternative what was said once for all: in "mon or wed after
// 14:00" the time, in "tomorrow 3pm or 5pm" the day.
func (r *reader) share() {
	if len(r.alts) < 2 {
		return
	}
	timeOf := func(a, b *alt) {
		if !a.timed() && b.timed() {
			a.from, a.to, a.open, a.part, a.same = b.from, b.to, b.open, b.part, b.same
			a.fromOff, a.toOff, a.dayEnd, a.lasting, a.approx = b.fromOff, b.toOff, b.dayEnd, b.lasting, b.approx
		}
		if !a.zone.set {
			a.zone, a.zone2 = b.zone, b.zone2
		}
	}
	dayOf := func(a, b *alt) {
		if !a.day.set && !a.span {
			a.day = b.day
		}
		if a.day.weekday != 0 && a.day.weeks == 0 {
			a.day.weeks = b.day.weeks
		}
	}
	last := len(r.alts) - 1
	for i := last - 1; i >= 0; i-- {
		timeOf(&r.alts[i], &r.alts[i+1])
	}
	for i := range last {
		timeOf(&r.alts[i+1], &r.alts[i])
		dayOf(&r.alts[i+1], &r.alts[i])
	}
	for i := last - 1; i >= 0; i-- {
		dayOf(&r.alts[i], &r.alts[i+1])
	}
}

// weigh finds every reading of one alternative. No reason means exactly one.
func (r *reader) weigh(a *alt) ([]Span, Why) {
	zones, why, most := r.zones(a)
	if why != "" {
		return nil, why
	}
	if why := a.settleSpan(); why != "" {
		return nil, why
	}
	if a.span && !a.from.set && a.part == 0 {
		options, why := r.fromNow(a, zones)
		if len(options) > 0 && a.day.set && !a.day.agrees(wallOf(options[0].Start), wallOf(r.now.In(options[0].Start.Location()))) {
			return nil, Several
		}
		return options, why
	}
	if a.day.weeks != 0 && a.day.weekday == 0 && !a.day.numeric && a.day.d == 0 && !a.span && !a.timed() {
		return nil, NoTime
	}
	if !a.timed() {
		if !a.day.set {
			return nil, NotUnderstood
		}
		return nil, NoTime
	}
	if (a.day.weeks != 0 || a.day.isoWeek != 0) && a.day.weekday == 0 {
		return nil, NoTime // "next week at 3": on which day?
	}
	if a.part == 1+anyTime && !a.from.set && !a.day.set {
		return nil, NoTime // "all day": on which?
	}
	if a.fromDay && !a.to.set {
		return nil, NotUnderstood
	}
	days, dayWhy := r.dayReadings(a)
	var options []Span
	first := Why("")
	note := func(why Why) {
		if first == "" {
			first = why
		}
	}
	for _, d := range days {
		for z := range zones {
			clocks, clockWhy := r.clockReadings(a, &zones[z])
			if clockWhy == NotUnderstood || clockWhy == Several || clockWhy == NoTime {
				return nil, clockWhy
			}
			for _, c := range clocks {
				found, why := r.place(a, d, c, &zones[z])
				if why == NoSuchDate && len(days) > 1 {
					continue
				}
				if len(found) == 0 && why != "" {
					return nil, why
				}
				if why != "" {
					note(why)
				}
				for _, s := range found {
					options = appendNew(options, s)
				}
			}
			if clockWhy != "" {
				if left := dropPast(options, r.now); clockWhy == HalfMissing && len(left) == 1 && len(days) == 1 && len(zones) == 1 && first == "" {
					options = left
				} else {
					note(clockWhy)
				}
			}
		}
	}
	switch {
	case len(zones) > 1 && len(options) > 1:
		if most && len(options) > 3 { // a country: name a city, for a list of zones helps nobody
			return nil, ZoneNotUnique
		}
		return options, ZoneNotUnique
	case len(options) == 0:
		return nil, NoSuchDate
	case dayWhy != "" && (len(options) > 1 || dayWhy == WeekdayMismatch):
		return options, dayWhy
	case first != "" && (len(options) > 1 || first == Nonexistent || first == SeasonMismatch || first == ConflictingZones || first == AmbiguousLetters || first == InThePast || first == Approximate):
		return options, first
	case len(options) > 1:
		return options, Several
	}
	return r.notPast(a, options)
}

// appendNew adds a reading unless it is there already, whatever its zone is called.
func appendNew(options []Span, s Span) []Span {
	for _, o := range options {
		if sameSpan(o, s) {
			return options
		}
	}
	return append(options, s)
}

func dropPast(options []Span, now time.Time) []Span {
	var left []Span
	for _, o := range options {
		if !o.Start.Before(now) {
			left = append(left, o)
		}
	}
	return left
}

// notPast lets the only reading through, or asks when it has begun already. A
// stretch that is still going on is cut at now when only its far end was said.
func (r *reader) notPast(a *alt, options []Span) ([]Span, Why) {
	s := &options[0]
	if !s.Start.Before(r.now) {
		return options, ""
	}
	vague := a.open != 0 || !a.from.set && a.part != 0
	if vague && s.End.After(r.now) {
		s.Start = r.now.Truncate(time.Minute).In(s.Start.Location())
		return options, ""
	}
	if a.day.relative && a.day.days >= 0 || !a.day.set && !a.span {
		return append(options, r.later(*s, 1)), InThePast
	}
	if a.day.weekday != 0 && a.day.d == 0 && !a.day.numeric && a.day.which != last {
		return append(options, r.later(*s, 7)), InThePast
	}
	if a.day.d != 0 && a.day.m != 0 && a.day.y == 0 { // today by its date, and over: the next is a year away
		if next := wallOf(s.Start).AddDate(1, 0, 0); next.Day() == s.Start.Day() {
			return append(options, r.later(*s, int(next.Sub(wallOf(s.Start)).Hours()/24))), InThePast
		}
	}
	return options, InThePast
}

// later is the same local time some days on.
func (r *reader) later(s Span, days int) Span {
	move := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return Resolve(wallOf(t).AddDate(0, 0, days), t.Location()).First
	}
	return Span{Start: move(s.Start), End: move(s.End), Zone: s.Zone}
}

// settleSpan joins "in 2 weeks" with what else was said. "in 2 hours at 3pm" says
// two things.
func (a *alt) settleSpan() Why {
	if !a.span {
		return ""
	}
	d := &a.day
	onlyWeekday := d.set && d.weekday != 0 && d.which == 0 && d.weeks == 0 && d.d == 0 && !d.numeric && !d.relative
	if onlyWeekday && a.weeks > 0 && a.days == 0 && a.exact == 0 && a.months == 0 && !a.back { // thursday in 2 weeks
		a.span, d.weeks = false, 1+a.weeks
		return ""
	}
	timed := a.from.set || a.part != 0 || a.same
	if d.relative && d.weekday == 0 && a.exact == 0 && a.months == 0 && !a.back && !a.fromDay { // today in 2 weeks
		if whole := a.days + 7*a.weeks; timed || whole != d.days {
			a.span, d.days = false, d.days+whole
			return ""
		}
	}
	switch {
	case timed && (a.exact != 0 || a.back), a.fromDay:
		return Several
	case d.set && !onlyWeekday && !(d.relative && d.weekday == 0 && !timed):
		return Several
	}
	return ""
}

// agrees says that a day reached by counting is the day that was named as well.
func (d dayRef) agrees(day, now time.Time) bool {
	if d.relative {
		named := now.AddDate(0, 0, d.days)
		return named.YearDay() == day.YearDay() && named.Year() == day.Year()
	}
	return d.weekday == 0 || int(day.Weekday()) == d.weekday-1
}

// fromNow is "in 2 hours", "in 3 days", "2 hours ago".
func (r *reader) fromNow(a *alt, zones []zoneOption) ([]Span, Why) {
	z := zones[0]
	loc := z.calendar(r)
	if loc == nil {
		loc = time.UTC
	}
	sign := 1
	if a.back {
		sign = -1
	}
	var options []Span
	why := Why("")
	if a.days != 0 || a.weeks != 0 || a.months != 0 {
		if z.none && a.exact == 0 && r.speaker == nil {
			return nil, NoZone
		}
		wall := wallOf(r.now.In(loc))
		moved := wall.AddDate(0, sign*a.months, 0)
		if a.months != 0 && moved.Day() != wall.Day() {
			return nil, NoSuchDate
		}
		var hits []hit
		hits, why = localHits(moved.AddDate(0, 0, sign*(a.days+7*a.weeks)), loc, nil)
		for _, h := range hits {
			options = append(options, Span{Start: h.at.Add(time.Duration(sign) * a.exact), Zone: h.zone})
		}
	} else {
		options = []Span{{Start: r.now.Add(time.Duration(sign) * a.exact).In(loc), Zone: zoneName(loc)}}
	}
	if a.lasting != 0 {
		for i := range options {
			options[i].End = options[i].Start.Add(a.lasting)
		}
	}
	if why == "" && options[0].Start.Before(r.now) {
		why = InThePast
	}
	return options, why
}

func zoneName(loc *time.Location) string {
	if loc == time.UTC {
		return "UTC"
	}
	return loc.String()
}
