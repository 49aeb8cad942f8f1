package scheduling

import "time"

// clock is a time of day as it was written.
type clock struct {
	set      bool
	h, m, s  int
	half     half
	sure     bool // written so that it counts 24 hours
	midnight bool // 12 am or midnight: of which side of the day?
	bare     bool // a number and nothing else
	full     bool // with seconds, as machines write it
}

type half uint8

const (
	anyHalf half = iota
	beforeNoon
	afterNoon
)

// dayRef is a day as it was written. Parts that were not said are unset.
type dayRef struct {
	set      bool
	relative bool
	days     int // from today
	weekday  int // 1 + time.Weekday; 0 unset
	which    role
	weeks    int // 1 + weeks from this one; 0 unset
	isoWeek  int // of a year; 0 unset
	y, m, d  int // m 0: only a day of the month
	numeric  bool
	a, b     int // numeric: the first and the second number
}

// zoneRef is a zone as it was written.
type zoneRef struct {
	set     bool
	mine    bool
	fixed   bool
	off     int
	name    string // of an IANA or Windows name
	places  []place
	letters *letters
}

// alt is one alternative of a phrase: what was said of a day, a clock and a zone.
type alt struct {
	day, dayEnd dayRef
	from, to    clock
	open        role // after or before: one end is open
	part        int  // 1 + index into dayParts
	thisPart    bool // "this morning", "tonight"
	zone, zone2 zoneRef
	fromOff     zoneRef // an offset said of the first end only
	toOff       zoneRef
	iso         bool // written as a full ISO date and time
	same        bool // the same time as now

	span    bool // in 2 hours, 3 days ago
	exact   time.Duration
	weeks   int
	days    int
	months  int
	back    bool
	lasting time.Duration // for 30 minutes
	fromDay bool          // "from tue 3pm": a range must follow
	approx  bool
	plus    int  // days after the day said before, as in "+1 day"
	comma   bool // parted from what stands before by a comma only
	equals  bool // said after / or =: the same time in another zone, or another time
}

// empty says that nothing was said yet.
func (a *alt) empty() bool {
	return !a.day.set && !a.from.set && a.part == 0 && !a.zone.set && !a.span && !a.same && a.lasting == 0 && a.open == 0
}

// timed says that a time of day is known.
func (a *alt) timed() bool { return a.from.set || a.part != 0 || a.span || a.same || a.lasting != 0 }

func (r *reader) cur() *alt { return &r.alts[len(r.alts)-1] }

// take reads a word of this role, longest first.
func (r *reader) take(want role) (n int, ok bool) {
	n, used := r.peek(r.pos, want)
	if used == 0 {
		return 0, false
	}
	r.pos += used
	return n, true
}

// peek finds a word of this role at i: its value and its tokens, 0 when there
// is none.
func (r *reader) peek(i int, want role) (n, used int) {
	if i >= len(r.words) {
		return 0, 0
	}
	m := &r.words[i]
	for k := range m.n {
		for _, s := range m.senses[k] {
			if s.role == want {
				return s.n, int(m.tokens[k])
			}
		}
	}
	return 0, 0
}

func (r *reader) giveUp(why Why, subject string) bool {
	if r.fail == "" {
		r.fail, r.failed = why, subject
	}
	return false
}

// parse reads the whole phrase into alternatives. What it does not know ends it.
func (r *reader) parse() bool {
	t := r.text
	apart := false // a comma or the like was read: what follows may be another alternative
	for r.pos < len(t.tokens) {
		start := r.pos
		switch {
		case r.spanOfTime(), r.sameAsNow(), r.dateAndTime(), r.isoLength(), r.lengthWords(), r.lateYear(), r.daysLater(), r.fromDay(), r.dayWords(&r.cur().day, apart), r.clockWords(apart), r.partWords(), r.zoneWords():
			apart = false
		case r.fail != "":
			return false
		case r.separator():
			apart = false
		case r.softMark():
			apart = true
		case r.politeness():
		}
		if r.fail != "" {
			return false
		}
		if r.pos == start {
			return r.unknownWord()
		}
	}
	if len(r.alts) > 1 && r.cur().empty() {
		return r.giveUp(NotUnderstood, "")
	}
	return true
}

// another starts an alternative when the slot that is to be filled is filled
// already and something stood between; it fails when nothing did.
func (r *reader) another(filled, apart bool) bool {
	if !filled {
		return true
	}
	if !apart {
		return r.giveUp(NotUnderstood, r.text.of(min(r.pos, len(r.text.tokens)-1)))
	}
	ok := r.addAlt()
	r.cur().comma = ok
	return ok
}

const maxAlts = 8

func (r *reader) addAlt() bool {
	if len(r.alts) == maxAlts {
		return r.giveUp(TooLong, "")
	}
	r.alts = append(r.alts, alt{})
	return true
}

func (r *reader) separator() bool {
	t := r.text
	_, isOr := r.take(or)
	if !isOr {
		_, isOr = r.take(and)
	}
	equals := false
	if !isOr && (t.is(r.pos, '/') || t.is(r.pos, '|') || t.is(r.pos, ';') || t.is(r.pos, '=')) {
		equals = !t.is(r.pos, ';')
		r.pos++
		isOr = true
	}
	if !isOr {
		return false
	}
	if r.cur().empty() {
		return r.giveUp(NotUnderstood, "")
	}
	if !r.addAlt() {
		return false
	}
	r.cur().equals = equals
	return true
}

func (r *reader) softMark() bool {
	t := r.text
	for _, c := range []byte(",.()[]\"'!?:*_~`") {
		if t.is(r.pos, c) {
			r.pos++
			return true
		}
	}
	return false
}

func (r *reader) politeness() bool {
	if _, used := r.peek(r.pos, every); used > 0 {
		return r.giveUp(Repeating, "")
	}
	if _, ok := r.take(approx); ok {
		r.cur().approx = true
		return true
	}
	if _, ok := r.take(nothing); ok {
		return true
	}
	for _, quiet := range []role{at, the, in} { // before a word that is read on its own
		if _, ok := r.take(quiet); ok {
			return r.pos < len(r.text.tokens)
		}
	}
	return false
}

// unknownWord explains what could not be read.
func (r *reader) unknownWord() bool {
	t := r.text
	if t.tokens[r.pos].kind != word {
		return r.giveUp(NotUnderstood, t.of(r.pos))
	}
	end := r.pos
	for end < len(t.tokens) && t.tokens[end].kind == word && end < r.pos+4 {
		if _, used := r.peek(end, zoneWord); used > 0 && end > r.pos {
			return r.giveUp(UnknownZoneName, t.folded[t.tokens[r.pos].start:t.tokens[end-1].end])
		}
		end++
	}
	if name := r.chunk(r.pos); len(name) > len(t.of(r.pos)) && t.is(r.pos+1, '/') {
		return r.giveUp(UnknownZoneName, name)
	}
	return r.giveUp(NotUnderstood, t.of(r.pos))
}
