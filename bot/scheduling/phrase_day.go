package scheduling

// dayWords reads a day: "tomorrow", "next thursday", "9 July", "3/12", "the 3rd".
func (r *reader) dayWords(d *dayRef, apart bool) bool {
	start := r.pos
	var got dayRef
	if !r.oneDay(&got) {
		r.pos = start
		return false
	}
	if d != &r.cur().day { // the end of a range
		*d = got
		return true
	}
	if merged, ok := mergeDays(*d, got); ok {
		*d = merged
		return r.throughDays(got)
	}
	if !r.another(true, apart) {
		return false
	}
	r.cur().day = got
	return true
}

// throughDays reads the end of "mon-fri 9-5": each of the days is an alternative.
func (r *reader) throughDays(first dayRef) bool {
	start := r.pos
	if first.weekday == 0 || first.which != 0 || first.d != 0 || !r.dash() {
		return true
	}
	n, ok := r.take(aWeekday)
	if days := (1 + n - first.weekday + 7) % 7; ok && days > 0 {
		for range days {
			first.weekday = first.weekday%7 + 1
			if !r.addAlt() {
				return false
			}
			r.cur().day = first
		}
		return true
	}
	r.pos = start
	return true
}

// mergeDays joins what was said of one day in two places: "Tuesday, 24 November",
// "next week thursday".
func mergeDays(a, b dayRef) (dayRef, bool) {
	if !a.set {
		return b, true
	}
	weekly := func(d dayRef) bool { return d.weeks != 0 || d.isoWeek != 0 }
	dated := func(d dayRef) bool { return d.d != 0 || d.numeric || d.relative }
	if a.weekday != 0 && b.weekday != 0 || dated(a) && dated(b) || weekly(a) && weekly(b) {
		return a, false
	}
	if (weekly(a) || weekly(b)) && (dated(a) || dated(b)) {
		return a, false
	}
	if a.weekday != 0 && b.weekday == 0 {
		b.weekday, b.which = a.weekday, a.which
	}
	if weekly(a) {
		b.weeks, b.isoWeek = a.weeks, a.isoWeek
	}
	if dated(a) {
		b.relative, b.days, b.y, b.m, b.d, b.numeric, b.a, b.b = a.relative, a.days, a.y, a.m, a.d, a.numeric, a.a, a.b
	}
	return b, true
}

func (r *reader) oneDay(d *dayRef) bool {
	d.set = true
	a := r.cur()
	if n, used := r.peek(r.pos, aDay); used > 0 {
		// morgen, mañana: after a day they are a part of it
		if _, part := r.peek(r.pos, aPart); part == 0 || !a.day.set {
			r.pos += used
			d.relative, d.days = true, n
			return true
		}
		return false
	}
	if _, ok := r.take(tonight); ok {
		d.relative = true
		a.part, a.thisPart = 1+8, true
		return true
	}
	if n, ok := r.take(weekAfter); ok {
		d.weeks = 1 + n
		return true
	}
	if _, used := r.peek(r.pos, calendarWeek); used > 0 {
		if n, ok := r.text.number(r.pos+used, 1, 2); ok && n >= 1 && n <= 53 {
			r.pos += used + 1
			d.isoWeek = n
			return true
		}
	}
	if r.weekday(d) || r.numericDate(d) || r.namedDate(d) {
		return true
	}
	return r.dayOfMonth(d)
}

func (r *reader) weekday(d *dayRef) bool {
	start := r.pos
	if _, used := r.peek(r.pos, unclear); used > 0 {
		return r.giveUp(Several, "")
	}
	r.take(the)
	for _, which := range [...]role{coming, this, next, last} {
		if _, ok := r.take(which); ok {
			d.which = which
			break
		}
	}
	if d.which == this { // this morning
		if _, used := r.peek(r.pos, aPart); used > 0 && !r.cur().day.set {
			r.cur().thisPart = true
			d.relative = true
			return true
		}
	}
	n, ok := r.take(aWeekday)
	if !ok {
		r.pos = start
		d.which = 0
		return false
	}
	if _, used := r.peek(r.pos, coming); used > 0 && r.pos > start { // el jueves próximo
		r.pos += used
		d.which = coming
	}
	d.weekday = 1 + n
	return true
}

// numericDate reads 2026-12-10, 2026-W50-4, 2026-344, 2026/12/10, 3/12, 3/12/2026, 3.12., 3.12.2026.
func (r *reader) numericDate(d *dayRef) bool {
	t := r.text
	i := r.pos
	if _, used := r.peek(i, the); used > 0 && t.tokens[i].kind == word {
		i += used
	}
	if iso, next, ok := r.isoDate(i); ok && t.digits(i) == 4 {
		if iso.m == 0 || iso.d == 0 {
			return r.giveUp(NoSuchDate, "")
		}
		d.y, d.m, d.d, r.pos = iso.y, iso.m, iso.d, next
		return true
	}
	if y, ok := t.number(i, 4, 4); ok && (t.is(i+1, '-') || t.is(i+1, '/') || t.is(i+1, '.')) {
		m, ok1 := t.number(i+2, 1, 2)
		day, ok2 := t.number(i+4, 1, 2)
		if ok1 && ok2 && t.folded[t.tokens[i+1].start] == t.folded[t.tokens[i+3].start] {
			d.y, d.m, d.d = y, m, day
			if m == 0 || day == 0 {
				return r.giveUp(NoSuchDate, "")
			}
			r.pos = i + 5
			return true
		}
		return false
	}
	first, ok1 := t.number(i, 1, 2)
	second, ok2 := t.number(i+2, 1, 2)
	if !ok1 || !ok2 || !t.glued(i+1) || first == 0 || second == 0 {
		return false
	}
	year, next, hasYear := r.yearAfter(i + 3)
	switch {
	case t.is(i+1, '/') && t.glued(i+2):
	case t.is(i+1, '-') && t.glued(i+2) && hasYear && t.digits(next-1) == 4:
	case t.is(i+1, '.'):
		dotted := t.is(i+3, '.') && t.glued(i+3)
		if !dotted && !hasYear {
			return false // read as a clock
		}
		if second > 12 {
			return r.giveUp(NoSuchDate, "")
		}
		d.d, d.m = first, second
		if hasYear {
			d.y, r.pos = year, next
		} else {
			r.pos = i + 4
		}
		return true
	default:
		return false
	}
	d.numeric, d.a, d.b = true, first, second
	r.pos = i + 3
	if hasYear {
		d.y, r.pos = year, next
	}
	return true
}

// yearAfter reads the year after a mark such as the one at i.
func (r *reader) yearAfter(i int) (year, next int, ok bool) {
	t := r.text
	if !t.is(i, '/') && !t.is(i, '-') && !t.is(i, '.') || !t.glued(i) {
		return 0, 0, false
	}
	if y, ok := t.number(i+1, 4, 4); ok {
		return y, i + 2, true
	}
	if y, ok := t.number(i+1, 2, 2); ok && t.glued(i+1) && !t.is(i+2, ':') {
		return 2000 + y, i + 2, true
	}
	return 0, 0, false
}

// namedDate reads "9 July", "July 9th, 2026", "10 de diciembre de 2026".
func (r *reader) namedDate(d *dayRef) bool {
	t := r.text
	start := r.pos
	r.take(the)
	if m, ok := r.take(aMonth); ok {
		r.skip('.')
		day, ok := t.number(r.pos, 1, 2)
		if !ok || t.is(r.pos+1, ':') {
			r.pos = start
			return false
		}
		r.pos++
		if t.glued(r.pos) {
			r.take(ordinal)
		}
		d.m, d.d = m, day
		r.year(d)
		return r.plausible(d)
	}
	day, ok := t.number(r.pos, 1, 2)
	if !ok {
		r.pos = start
		return false
	}
	r.pos++
	if _, ok := r.take(ordinal); !ok {
		r.skip('.')
	}
	r.take(of)
	if t.is(r.pos, '-') && t.glued(r.pos) { // 10-Dec-2026
		r.pos++
	}
	m, ok := r.take(aMonth)
	if !ok {
		r.pos = start
		return false
	}
	r.skip('.')
	d.m, d.d = m, day
	r.year(d)
	return r.plausible(d)
}

func (r *reader) plausible(d *dayRef) bool {
	if d.d == 0 {
		return r.giveUp(NoSuchDate, "")
	}
	return true
}

func (r *reader) skip(c byte) bool {
	if r.text.is(r.pos, c) {
		r.pos++
		return true
	}
	return false
}

// year reads the year after a day and a month: "2026", ", 2026", "de 2026", "'26".
func (r *reader) year(d *dayRef) {
	t := r.text
	i := r.pos
	if t.is(i, ',') || t.is(i, '-') && t.glued(i) {
		i++
	} else if _, used := r.peek(i, of); used > 0 {
		i += used
	}
	if y, ok := t.number(i, 4, 4); ok && y >= 1900 && y < 2300 && !t.is(i+1, ':') {
		if _, used := r.peek(i+1, oclock); used == 0 {
			d.y, r.pos = y, i+1
		}
	} else if y, ok := t.number(i+1, 2, 2); ok && t.is(i, '\'') {
		d.y, r.pos = 2000+y, i+2
	}
}

// lateYear reads the year that stands behind the time: "Thu Dec 10 15:00:00 2026".
func (r *reader) lateYear() bool {
	d := &r.cur().day
	y, ok := r.text.number(r.pos, 4, 4)
	if !ok || y < 1900 || y >= 2300 || !r.cur().from.set || d.d == 0 || d.m == 0 || d.y != 0 || r.text.is(r.pos+1, ':') || r.text.is(r.pos+1, '-') {
		return false
	}
	d.y = y
	r.pos++
	return true
}

// dayOfMonth reads "the 3rd", "3rd", "am 3.", "el 3", "el día 3".
func (r *reader) dayOfMonth(d *dayRef) bool {
	t := r.text
	start := r.pos
	_, article := r.take(the)
	day, ok := t.number(r.pos, 1, 2)
	if !ok || day == 0 || day > 31 {
		r.pos = start
		return false
	}
	r.pos++
	_, suffix := 0, false
	if t.glued(r.pos) {
		_, suffix = r.take(ordinal)
	}
	if !suffix && article && r.trying == german {
		suffix = r.skip('.')
		article = suffix
	}
	if !article && !suffix || t.is(r.pos, ':') || t.is(r.pos, '-') && !suffix {
		r.pos = start
		return false
	}
	d.d = day
	return true
}
