package scheduling

import "time"

// isoDate reads a date as ISO 8601 writes it: 2026-12-10, 20261210, the week date
// 2026-W50-4 or 2026W504, the ordinal date 2026-344 or 2026344. next is the token
// after it; of a date that is written but does not exist, d.d is 0.
func (r *reader) isoDate(i int) (d dayRef, next int, ok bool) {
	t := r.text
	if n, ok := t.number(i, 8, 8); ok {
		return dayRef{set: true, y: n / 10000, m: n / 100 % 100, d: n % 100}, i + 1, true
	}
	if n, ok := t.number(i, 7, 7); ok {
		return ordinalDate(n/1000, n%1000), i + 1, true
	}
	y, ok := t.number(i, 4, 4)
	if !ok || !t.glued(i+1) {
		return d, i, false
	}
	if i+1 < len(t.tokens) && t.of(i+1) == "w" { // 2026W504
		n, ok := t.number(i+2, 3, 3)
		return weekDate(y, n/10, n%10), i + 3, ok && t.glued(i+2)
	}
	if !t.is(i+1, '-') || !t.glued(i+2) {
		return d, i, false
	}
	if n, ok := t.number(i+2, 3, 3); ok {
		return ordinalDate(y, n), i + 3, true
	}
	if i+2 < len(t.tokens) && t.of(i+2) == "w" {
		week, ok1 := t.number(i+3, 2, 2)
		day, ok2 := t.number(i+5, 1, 1)
		return weekDate(y, week, day), i + 6, ok1 && ok2 && t.is(i+4, '-') && t.glued(i+3) && t.glued(i+4) && t.glued(i+5)
	}
	m, ok1 := t.number(i+2, 2, 2)
	day, ok2 := t.number(i+4, 2, 2)
	return dayRef{set: true, y: y, m: m, d: day}, i + 5, ok1 && ok2 && t.is(i+3, '-') && t.glued(i+3)
}

// ordinalDate is the n-th day of a year.
func ordinalDate(y, n int) dayRef {
	day := time.Date(y, 1, n, 0, 0, 0, 0, time.UTC)
	if n < 1 || day.Year() != y {
		return dayRef{set: true, y: y, m: 1}
	}
	return dayRef{set: true, y: y, m: int(day.Month()), d: day.Day()}
}

// weekDate is a day, 1 Monday to 7 Sunday, of a week; week 1 has 4 January in it.
func weekDate(y, week, weekday int) dayRef {
	fourth := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC)
	day := fourth.AddDate(0, 0, 7*(week-1)+weekday-1-(int(fourth.Weekday())+6)%7)
	if of, n := day.ISOWeek(); of != y || n != week || weekday < 1 || weekday > 7 {
		return dayRef{set: true, y: y, m: 1}
	}
	return dayRef{set: true, y: day.Year(), m: int(day.Month()), d: day.Day()}
}

// isoLength reads the length that ends an interval, PT1H30M or P1D, after the slash.
func (r *reader) isoLength() bool {
	t := r.text
	start := r.pos
	a := r.cur()
	if !t.is(r.pos, '/') || !a.iso || a.lasting != 0 || a.to.set {
		return false
	}
	var l length
	i := r.pos + 1
	next := func() string {
		if i < len(t.tokens) && t.glued(i) {
			return t.of(i)
		}
		return ""
	}
	timed := next() == "pt"
	if !timed && next() != "p" {
		return false
	}
	for i++; ; i += 2 {
		n, ok := t.number(i, 1, 4)
		if !ok || !t.glued(i) || i+1 >= len(t.tokens) || !t.glued(i+1) {
			break
		}
		switch unit := t.of(i + 1); {
		case timed && unit == "h":
			l.exact += time.Duration(n) * time.Hour
		case timed && unit == "m":
			l.exact += time.Duration(n) * time.Minute
		case timed && unit == "s":
			l.exact += time.Duration(n) * time.Second
		default:
			return r.giveUp(NotUnderstood, t.of(i+1)) // days have no one length
		}
	}
	if l.exact <= 0 {
		r.pos = start
		return false
	}
	a.lasting = l.exact
	r.pos = i
	return true
}
