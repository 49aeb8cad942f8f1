package scheduling

// dateAndTime reads what machines write: 2026-12-10T15:00:00+01:00,
// 20261210T150000Z, 2026-W50-4T15:00. A plain date is left to dayWords.
func (r *reader) dateAndTime() bool {
	t := r.text
	i := r.pos
	a := r.cur()
	if a.day.set || a.from.set {
		return false
	}
	var c clock
	d, i, ok := r.isoDate(i)
	if !ok {
		return false
	}
	if i >= len(t.tokens) || t.of(i) != "t" || !t.glued(i) || !t.glued(i+1) {
		return false
	}
	i++
	switch h, ok := t.number(i, 2, 2); {
	case ok:
		c.h = h
		m, ok := t.number(i+2, 2, 2)
		if !ok || !t.is(i+1, ':') {
			return r.giveUp(NotUnderstood, t.of(i))
		}
		c.m = m
		i += 3
		if s, ok := t.number(i+1, 2, 2); ok && t.is(i, ':') {
			c.s = s
			i += 2
			if _, ok := t.number(i+1, 1, 9); ok && (t.is(i, '.') || t.is(i, ',')) && t.glued(i) && t.glued(i+1) {
				i += 2
			}
		}
	default:
		n, ok6 := t.number(i, 6, 6)
		if !ok6 {
			if n, ok = t.number(i, 4, 4); !ok {
				return r.giveUp(NotUnderstood, t.of(i))
			}
			n *= 100
		}
		c.h, c.m, c.s = n/10000, n/100%100, n%100
		i++
	}
	if c.h > 24 || c.m > 59 || c.s > 60 || c.h == 24 && c.m+c.s > 0 {
		return r.giveUp(NotUnderstood, t.of(i-1))
	}
	if d.m == 0 || d.d == 0 {
		return r.giveUp(NoSuchDate, "")
	}
	c.set, c.sure = true, true
	a.day, a.from, a.iso = d, c, true
	r.pos = i
	if t.glued(i) && i < len(t.tokens) {
		var z zoneRef
		if t.of(i) == "z" {
			r.pos++
			z = zoneRef{set: true, fixed: true}
		} else if !r.signedOffset(&z) {
			return true
		}
		r.giveZone(z)
	}
	return true
}

// signedOffset reads +01:00, -0330, +2.
func (r *reader) signedOffset(z *zoneRef) bool {
	t := r.text
	i := r.pos
	var sign int
	switch {
	case t.is(i, '+'):
		sign = 1
	case t.is(i, '-'):
		sign = -1
	default:
		return false
	}
	if !t.glued(i + 1) {
		return false
	}
	var h, m int
	if v, ok := t.number(i+1, 4, 4); ok {
		h, m = v/100, v%100
		i += 2
	} else if v, ok := t.number(i+1, 1, 2); ok {
		h = v
		i += 2
		if v, ok := t.number(i+1, 2, 2); ok && (t.is(i, ':') || t.is(i, '.')) && t.glued(i) && t.glued(i+1) {
			m = v
			i += 2
		}
	} else {
		return false
	}
	if h > 15 || m > 59 {
		return r.giveUp(UnknownZoneName, t.folded[t.tokens[r.pos].start:t.tokens[i-1].end])
	}
	*z = zoneRef{set: true, fixed: true, off: sign * (h*3600 + m*60)}
	r.pos = i
	return true
}

// utcOffset reads UTC+5:30 and GMT-3; alone says that a plain UTC will do.
func (r *reader) utcOffset(z *zoneRef, alone bool) bool {
	t := r.text
	start := r.pos
	open := r.skip('(')
	if r.pos < len(t.tokens) && (t.of(r.pos) == "utc" || t.of(r.pos) == "gmt") {
		plain := t.of(r.pos) == "utc"
		r.pos++
		if r.pos+1 < len(t.tokens) && t.glued(r.pos+1) && r.signedOffset(z) {
			if open {
				r.skip(')')
			}
			return true
		}
		if plain && !open && (alone || !t.is(r.pos, '+')) && r.fail == "" {
			*z = zoneRef{set: true, fixed: true}
			return true
		}
	}
	r.pos = start
	return false
}
