package scheduling

// clockWords reads a time of day or two: "3pm", "14:30", "from 9 to 11", "after
// 14:00", "half past four".
func (r *reader) clockWords(apart bool) bool {
	start := r.pos
	var got alt
	if !r.clocks(&got) {
		r.pos = start
		return false
	}
	a := r.cur()
	if a.from.set || a.same || a.open != 0 {
		if !r.another(true, apart) {
			return false
		}
		a = r.cur()
	}
	a.from, a.to, a.open = got.from, got.to, got.open
	a.fromOff, a.toOff, a.dayEnd = got.fromOff, got.toOff, got.dayEnd
	if got.part != 0 && a.part == 0 {
		a.part = got.part
	}
	if got.zone.set {
		r.giveZone(got.zone)
	}
	if got.approx {
		a.approx = true
	}
	return r.fail == ""
}

func (r *reader) clocks(a *alt) bool {
	start := r.pos
	if _, ok := r.take(between); ok {
		r.ranging = true
		if r.clock(&a.from, true) {
			if _, ok := r.take(and); ok && r.clock(&a.to, true) {
				return true
			}
		}
		r.pos = start
		return false
	}
	r.ranging = false
	for _, open := range [...]role{from, after, before} {
		if _, ok := r.take(open); !ok {
			continue
		}
		r.take(at)
		r.ranging = open == from
		if !r.clock(&a.from, true) {
			r.pos = start
			continue
		}
		if r.rangeEnd(a) {
			return true
		}
		if open != before {
			open = after
		}
		a.open = open
		return true
	}
	if _, ok := r.take(approx); ok {
		a.approx = true
	}
	_, marked := r.take(at)
	if _, ok := r.take(approx); ok {
		a.approx = true
	}
	if !r.clock(&a.from, marked || a.approx || r.fourDigits()) {
		r.pos = start
		return r.bareRange(a)
	}
	if r.offsetAfter(a) {
		return true
	}
	r.rangeEnd(a)
	return r.fail == ""
}

// fourDigits says that "thu 0930" stands here: after a day, four digits that are no
// year are a time.
func (r *reader) fourDigits() bool {
	v, ok := r.text.number(r.pos, 4, 4)
	return ok && r.cur().day.set && v < 2400 && v%100 < 60
}

// offsetAfter reads the offset after a clock where machines write one: 15:00:00-05:00,
// 15:00 -0500. After anything shorter a dash makes a range.
func (r *reader) offsetAfter(a *alt) bool {
	t := r.text
	i := r.pos
	if !t.is(i, '-') || !t.glued(i+1) {
		return false
	}
	_, four := t.number(i+1, 4, 4)
	minutes, two := t.number(i+3, 2, 2)
	full := a.from.full && (four || two && t.is(i+2, ':') && !t.is(i+4, ':') && minutes%15 == 0)
	spaced := four && !t.glued(i) && t.tokens[i+1].value%100%15 == 0 && t.tokens[i+1].value <= 1200 && a.from.sure
	var z zoneRef
	if !full && !spaced || !r.signedOffset(&z) {
		return false
	}
	a.zone = z
	return true
}

// bareRange reads a range of which the first number stands alone: "9-11".
func (r *reader) bareRange(a *alt) bool {
	start := r.pos
	if r.clock(&a.from, true) && r.rangeEnd(a) {
		return true
	}
	// a number alone is a time only when nothing else can be said of it
	a.from, a.to = clock{}, clock{}
	r.pos = start
	v, ok := r.text.number(r.pos, 1, 2)
	if !ok || v > 24 {
		return false
	}
	r.clock(&a.from, true)
	a.from.bare = !a.from.sure || v > 12
	return a.from.set
}

// rangeEnd reads what follows the first clock of a range. The end may have a
// day and an offset of its own.
func (r *reader) rangeEnd(a *alt) bool {
	start := r.pos
	var off zoneRef
	if r.utcOffset(&off, false) {
		if !r.dash() {
			r.pos = start
			return false
		}
		r.pos = start
		r.utcOffset(&off, false)
	}
	if !r.dash() {
		r.pos = start
		return false
	}
	var day dayRef
	r.softMark()
	if r.oneDay(&day) {
		for r.softMark() {
		}
		var more dayRef
		if at := r.pos; r.oneDay(&more) {
			if merged, ok := mergeDays(day, more); ok {
				day = merged
				for r.softMark() {
				}
			} else {
				r.pos = at
			}
		}
	} else {
		day = dayRef{}
	}
	if r.fail != "" {
		return false
	}
	r.take(at)
	var end clock
	if !r.clock(&end, true) {
		r.pos = start
		return false
	}
	a.to, a.dayEnd, a.fromOff = end, day, off
	if off.set {
		r.utcOffset(&a.toOff, false)
	}
	return true
}

func (r *reader) dash() bool {
	if r.text.is(r.pos, '-') {
		r.pos++
		return true
	}
	_, ok := r.take(to)
	return ok
}

// clock reads one time of day. A number alone is one only when bare is allowed.
func (r *reader) clock(c *clock, bare bool) bool {
	start := r.pos
	if r.namedClock(c) || r.spokenClock(c) || r.writtenClock(c, bare) {
		c.set = true
		return true
	}
	r.pos = start
	*c = clock{}
	return false
}

// namedClock reads noon and midnight.
func (r *reader) namedClock(c *clock) bool {
	if _, ok := r.take(noon); ok {
		*c = clock{h: 12, half: afterNoon, sure: true}
		return true
	}
	if _, ok := r.take(midnight); ok {
		*c = clock{midnight: true, half: beforeNoon, sure: true}
		return true
	}
	return false
}

// writtenClock reads digits: 3pm, 14:30, 15.30 Uhr, 17h30, 0930, 9.
func (r *reader) writtenClock(c *clock, bare bool) bool {
	t := r.text
	start := r.pos
	v, ok := t.number(r.pos, 1, 4)
	if !ok {
		return false
	}
	digits := t.digits(r.pos)
	r.pos++
	explicit := false
	switch {
	case digits <= 2 && t.is(r.pos, ':') && t.glued(r.pos) && t.glued(r.pos+1):
		m, ok := t.number(r.pos+1, 2, 2)
		if !ok {
			return false
		}
		c.h, c.m = v, m
		c.sure = digits == 2 && (v < 10 || v > 12)
		r.pos += 2
		explicit = true
		if s, ok := t.number(r.pos+1, 2, 2); ok && t.is(r.pos, ':') && t.glued(r.pos) {
			c.s, c.sure, c.full = s, true, true
			r.pos += 2
			if _, ok := t.number(r.pos+1, 1, 9); ok && t.is(r.pos, '.') && t.glued(r.pos) && t.glued(r.pos+1) {
				r.pos += 2 // less than a second is nobody's appointment
			}
		}
	case digits <= 2 && t.is(r.pos, '.') && t.glued(r.pos) && t.glued(r.pos+1) && r.dottedClock(r.pos+1, v, bare):
		m, _ := t.number(r.pos+1, 2, 2)
		c.h, c.m = v, m
		c.sure = digits == 2 && (v < 10 || v > 12)
		r.pos += 2
		explicit = true
	case digits >= 3:
		_, suffix := r.peek(r.pos, oclock)
		_, suffixAM := r.peek(r.pos, am)
		_, suffixPM := r.peek(r.pos, pm)
		zulu := r.pos < len(t.tokens) && t.glued(r.pos) && t.of(r.pos) == "z"
		if suffix+suffixAM+suffixPM == 0 && !zulu && (!bare || v >= 1900 && v < 2200) {
			return false
		}
		c.h, c.m = v/100, v%100
		c.sure = digits == 4 && (c.h < 10 || c.h > 12)
		explicit = true
	default:
		c.h = v
	}
	if !r.suffix(c, &explicit) || !explicit && !bare {
		r.pos = start
		return false
	}
	if c.h > 24 || c.m > 59 || c.s > 59 || c.h == 24 && (c.m > 0 || c.s > 0 || c.half != anyHalf) {
		return r.giveUp(NotUnderstood, r.text.folded[t.tokens[start].start:t.tokens[r.pos-1].end])
	}
	if c.h > 12 || c.h == 0 {
		c.sure = true
	}
	return true
}

// dottedClock tells 15.30 from the 15th of a month without a year.
func (r *reader) dottedClock(i, h int, marked bool) bool {
	t := r.text
	m, ok := t.number(i, 2, 2)
	if !ok || h > 24 || m > 59 {
		return false
	}
	for _, suffix := range [...]role{am, pm, oclock} {
		if _, used := r.peek(i+1, suffix); used > 0 {
			return true
		}
	}
	if marked || m > 12 || m == 0 || h == 0 {
		return true
	}
	return r.giveUp(Several, t.folded[t.tokens[i-2].start:t.tokens[i].end])
}

// suffix reads am, pm, o'clock, Uhr, h; after the last two minutes may follow.
func (r *reader) suffix(c *clock, explicit *bool) bool {
	t := r.text
	if _, ok := r.take(oclock); ok {
		*explicit = true
		if m, ok := t.number(r.pos, 2, 2); ok && c.m == 0 && m < 60 && !t.is(r.pos+1, ':') && (t.glued(r.pos) || r.trying == german) {
			c.m = m
			r.pos++
			r.take(oclock)
		}
	}
	if _, ok := r.take(noon); ok && c.h == 12 { // 12 noon
		c.half, c.sure, *explicit = afterNoon, true, true
		return true
	}
	if _, ok := r.take(midnight); ok && c.h == 12 && c.m == 0 {
		*c = clock{midnight: true, half: beforeNoon, sure: true}
		*explicit = true
		return true
	}
	if r.half(c) {
		*explicit = true
		switch {
		case c.h > 12 && c.half == beforeNoon, c.h == 0 && c.half == afterNoon:
			return r.giveUp(NotUnderstood, t.of(r.pos-1))
		case c.h > 12 || c.h == 0: // 15:00 pm says the same twice
		case c.half == beforeNoon && c.h == 12:
			c.h = 0
			c.midnight = c.m == 0 && c.s == 0
		case c.half == afterNoon && c.h < 12:
			c.h += 12
		}
		c.sure = true
	}
	return true
}

func (r *reader) half(c *clock) bool {
	if _, used := r.peek(r.pos, pm); used > 0 && r.isHalf(used) {
		r.pos += used
		c.half = afterNoon
		return true
	}
	if _, used := r.peek(r.pos, am); used > 0 && r.isHalf(used) {
		r.pos += used
		c.half = beforeNoon
		return true
	}
	return false
}

// isHalf keeps "3 a" from being read as am in "at 3 a meeting": one letter must
// be glued to its number.
func (r *reader) isHalf(used int) bool {
	t := r.text
	return used > 1 || t.tokens[r.pos].end-t.tokens[r.pos].start > 1 || t.glued(r.pos)
}
