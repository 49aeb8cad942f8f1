package scheduling

import "time"

// spanOfTime reads "in 2 hours", "2 hours from now", "3 days ago", "a week from
// friday", "now".
func (r *reader) spanOfTime() bool {
	start := r.pos
	a := r.cur()
	if _, ok := r.take(rightNow); ok && !a.span && !a.day.set && !a.from.set {
		a.span = true
		return true
	}
	r.pos = start
	_, forward := r.take(in)
	back := false
	if !forward {
		_, back = r.take(agoFirst)
	}
	var l length
	if !r.length(&l) {
		r.pos = start
		return false
	}
	if !forward && !back && r.daysFrom(l) {
		return true
	}
	if !forward && !back {
		if _, ok := r.take(hence); ok {
			forward = true
		} else if _, ok := r.take(ago); ok {
			back = true
		}
	}
	if !forward && !back || a.span {
		r.pos = start
		return false
	}
	a.span, a.back = true, back
	a.exact, a.days, a.weeks, a.months = l.exact, l.days, l.weeks, l.months
	return true
}

// daysFrom reads the day from which a length is counted: "2 weeks from monday",
// "3 days after tomorrow".
func (r *reader) daysFrom(l length) bool {
	a := r.cur()
	start := r.pos
	if l.exact != 0 || l.months != 0 || a.day.set || a.plus != 0 {
		return false
	}
	if _, ok := r.take(from); !ok {
		if _, ok := r.take(after); !ok {
			return false
		}
	}
	var d dayRef
	if !r.oneDay(&d) || d.numeric || d.which != 0 || d.weeks != 0 || a.thisPart {
		r.pos = start
		return false
	}
	a.day, a.plus = d, l.days+7*l.weeks
	return true
}

// lengthWords reads "for 30 minutes", and the remark "(30 minutes)" beside a time.
func (r *reader) lengthWords() bool {
	start := r.pos
	a := r.cur()
	_, said := r.take(lasting)
	var l length
	if a.lasting != 0 || !r.length(&l) || l.days+l.weeks+l.months > 0 || l.exact <= 0 || l.exact > 31*24*time.Hour {
		r.pos = start
		return false
	}
	if !said && !a.to.set && !r.remark(l) {
		r.pos = start
		return false
	}
	a.lasting = l.exact
	return true
}

// remark says that a length which nothing announced is one all the same: "17h" is a
// time of day, and "ten minutes past four" too.
func (r *reader) remark(l length) bool {
	for _, clocks := range [...]role{past, till, ago, hence} {
		if _, used := r.peek(r.pos, clocks); used > 0 {
			return false
		}
	}
	return r.text.of(r.pos-1) != "h" && l.exact <= 12*time.Hour
}

// length is an amount of time: elapsed, or counted on the calendar.
type length struct {
	exact               time.Duration
	days, weeks, months int
}

// length reads amounts and units: "2 hours", "an hour and a half", "2h 30m",
// "1.5 hours", "half an hour".
func (r *reader) length(l *length) bool {
	some := false
	for {
		start := r.pos
		if some {
			r.take(and)
		}
		if !r.oneLength(l) {
			r.pos = start
			return some
		}
		some = true
	}
}

func (r *reader) oneLength(l *length) bool {
	n, tenths := 0, 0
	start := r.pos
	t := r.text
	half := false
	if v, ok := t.number(r.pos, 1, 5); ok {
		n = v
		r.pos++
		if f, ok := t.number(r.pos+1, 1, 1); ok && (t.is(r.pos, '.') || t.is(r.pos, ',')) && t.glued(r.pos) && t.glued(r.pos+1) {
			tenths = f
			r.pos += 2
		}
	} else if _, ok := r.take(halfA); ok {
		half = true
	} else if _, ok := r.take(oneAndHalf); ok {
		n, tenths = 1, 5
	} else if v, ok := r.take(aNumber); ok {
		n = v
	} else if v, ok := r.take(one); ok {
		n = v
	} else {
		return false
	}
	if _, ok := r.take(andHalf); ok { // one and a half hours
		tenths = 5
	}
	unit, ok := r.take(aUnit)
	if !ok {
		r.pos = start
		return false
	}
	if _, ok := r.take(andHalf); ok { // an hour and a half
		tenths = 5
	}
	if half {
		n, tenths = 0, 5
	}
	if n > 20000 {
		return false
	}
	units := [...]time.Duration{unitMinute: time.Minute, unitHour: time.Hour, unitSecond: time.Second}
	switch unit {
	case unitMinute, unitHour, unitSecond:
		if m, ok := t.number(r.pos, 2, 2); ok && unit == unitHour && tenths == 0 && m < 60 && t.glued(r.pos) && !t.is(r.pos+1, ':') { // 1h30
			l.exact += time.Duration(m) * time.Minute
			r.pos++
		}
		l.exact += time.Duration(n)*units[unit] + time.Duration(tenths)*units[unit]/10
		return true
	case unitDay:
		l.days += n
	case unitWeek:
		l.weeks += n
	case unitMonth:
		l.months += n
	case unitYear:
		l.months += 12 * n
	}
	if tenths != 0 || l.days > 3660 || l.weeks > 520 || l.months > 120 {
		r.pos = start
		return false
	}
	return true
}

// sameAsNow reads "same time".
func (r *reader) sameAsNow() bool {
	a := r.cur()
	if a.same || a.from.set {
		return false
	}
	_, a.same = r.take(sameTime)
	return a.same
}

// daysLater reads the "+1 day" that stands behind another place's time.
func (r *reader) daysLater() bool {
	t := r.text
	sign := 1
	switch {
	case t.is(r.pos, '-'):
		sign = -1
	case !t.is(r.pos, '+'):
		return false
	}
	n, ok := t.number(r.pos+1, 1, 1)
	unit, used := r.peek(r.pos+2, aUnit)
	if !ok || used == 0 || unit != unitDay || !r.cur().from.set {
		return false
	}
	r.pos += 2 + used
	r.cur().plus = sign * n
	return true
}

// fromDay reads the "from" of "from tue 3pm to 5pm".
func (r *reader) fromDay() bool {
	a := r.cur()
	start := r.pos
	if _, ok := r.take(from); !ok || a.from.set || a.day.set {
		r.pos = start
		return false
	}
	after := r.pos
	var d dayRef
	if r.oneDay(&d) {
		r.pos = after
		a.fromDay, a.part, a.thisPart = true, 0, false
		return true
	}
	r.pos = start
	return false
}
