package scheduling

// spokenClock reads times in words: "half past four", "quarter to 5", "ten past
// four", "halb vier", "Viertel nach drei", "las tres y media", "three thirty".
func (r *reader) spokenClock(c *clock) bool {
	start := r.pos
	if r.minutesFirst(c) || r.hourFirst(c) {
		return true
	}
	r.pos = start
	return false
}

// minutesFirst reads what English and German say: minutes, then the hour.
func (r *reader) minutesFirst(c *clock) bool {
	start := r.pos
	if n, ok := r.take(halfPast); ok {
		return r.hourAfter(c, n, start)
	}
	if n, ok := r.take(halfTo); ok {
		return r.hourAfter(c, -n, start)
	}
	r.take(one)
	n, ok := r.take(someMinutes)
	clear := ok // that minutes are meant and not an hour: "nine to five" is a range
	if !ok {
		r.pos = start
		if n, ok = r.text.number(r.pos, 1, 2); ok {
			r.pos++
		} else if n, ok = r.take(aNumber); !ok {
			return false
		}
		unit, ok := r.take(aUnit)
		if ok && unit != unitMinute {
			r.pos = start
			return false
		}
		clear = ok || n > 12 && start+1 == r.pos && r.text.tokens[start].kind == word
	}
	if n < 1 || n > 59 {
		r.pos = start
		return false
	}
	if _, ok := r.take(past); ok {
		return r.hourAfter(c, n, start)
	}
	if _, ok := r.take(till); ok && (clear || r.trying != english) {
		return r.hourAfter(c, -n, start)
	} else if ok && (n == 5 || n == 10) && r.text.tokens[start].kind == word && !r.ranging { // ten to four: 3:50, or from 10 to 4?
		if _, hour := r.peek(r.pos, aNumber); hour > 0 {
			return r.giveUp(Several, "")
		}
	}
	r.pos = start
	return false
}

// hourAfter reads the hour that the minutes belong to.
func (r *reader) hourAfter(c *clock, minutes, start int) bool {
	var hour clock
	if r.namedClock(&hour) {
		if hour.midnight {
			hour.h = 24
		}
	} else if v, ok := r.text.number(r.pos, 1, 2); ok && v <= 24 && !r.text.is(r.pos+1, ':') {
		hour.h = v
		hour.sure = v > 12 || v == 0
		r.pos++
	} else if v, ok := r.take(aNumber); ok && v <= 12 {
		hour.h = v
	} else {
		r.pos = start
		return false
	}
	explicit := false
	if !hour.sure && !r.suffix(&hour, &explicit) {
		return false
	}
	if hour.midnight && hour.h == 0 {
		hour.h = 24
	}
	all := hour.h*60 + minutes
	if all < 0 {
		all += 24 * 60
	}
	if hour.half == anyHalf && !hour.sure && all >= 13*60 { // ten past twelve stays after twelve
		all -= 12 * 60
	}
	all %= 24 * 60
	*c = clock{h: all / 60, m: all % 60, half: hour.half, sure: hour.sure}
	if !c.sure && c.h == 0 {
		c.h = 12
	}
	return true
}

// hourFirst reads "three o'clock", "three thirty", "tres y media", "las 4 menos
// cuarto".
func (r *reader) hourFirst(c *clock) bool {
	t := r.text
	start := r.pos
	inWords := false
	if v, ok := t.number(r.pos, 1, 2); ok && v <= 24 {
		c.h = v
		r.pos++
	} else if v, ok := r.take(aNumber); ok && v >= 1 && v <= 12 {
		c.h = v
		inWords = true
	} else {
		return false
	}
	joined := false
	if _, ok := r.take(plus); ok {
		if n, ok := r.minutes(); ok {
			c.m = n
			joined = true
		} else {
			r.pos = start
			*c = clock{}
			return false
		}
	} else if _, ok := r.take(minus); ok {
		n, ok := r.minutes()
		if !ok || n == 0 {
			r.pos = start
			*c = clock{}
			return false
		}
		c.h, c.m = c.h-1, 60-n
		if c.h == 0 {
			c.h = 12
		}
		joined = true
	} else if inWords {
		if n, used := r.peek(r.pos, aNumber); used > 0 && n >= 15 && n < 60 { // three thirty
			c.m = n
			r.pos += used
			joined = true
		} else if n, ok := t.number(r.pos, 2, 2); ok && n < 60 && !t.is(r.pos+1, ':') {
			c.m = n
			r.pos++
			joined = true
		}
	}
	if !joined && !inWords {
		r.pos = start
		*c = clock{}
		return false
	}
	if _, used := r.peek(r.pos, aUnit); used > 0 && !joined { // three hours
		if _, also := r.peek(r.pos, oclock); also == 0 {
			r.pos = start
			*c = clock{}
			return false
		}
	}
	explicit := false
	c.sure = c.h > 12
	return r.suffix(c, &explicit)
}

func (r *reader) minutes() (int, bool) {
	if n, ok := r.take(someMinutes); ok {
		return n, true
	}
	if n, ok := r.text.number(r.pos, 1, 2); ok && n < 60 {
		r.pos++
		return n, true
	}
	n, ok := r.take(aNumber)
	return n, ok && n < 60
}

// partWords reads "in the afternoon", "vormittags", "por la tarde".
func (r *reader) partWords() bool {
	a := r.cur()
	start := r.pos
	_, isThis := r.take(this)
	n, ok := r.take(aPart)
	if !ok {
		if _, isNoon := r.peek(r.pos, noon); isNoon > 0 && r.trying == german && a.from.set && a.from.h == 12 { // 12 Uhr mittags
			r.take(noon)
			a.from.half, a.from.sure = afterNoon, true
			return true
		}
		r.pos = start
		return false
	}
	if a.part != 0 {
		return r.giveUp(NotUnderstood, r.text.of(start))
	}
	a.part = 1 + n
	a.thisPart = a.thisPart || isThis
	return true
}
