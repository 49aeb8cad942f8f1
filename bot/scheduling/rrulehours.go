package scheduling

import (
	"slices"

	"github.com/teambition/rrule-go"
)

// ticker is a rule that happens every so many hours or minutes. Those pass
// evenly, whatever clocks are changed to: an hourly rule has 23 or 25 instances
// on such a day, where rrule-go doubles or loses one. Its filters look at the
// wall clock.
type ticker struct {
	w      *walker // its filters
	start  int64   // instant
	base   int64   // start, down to the full hour or minute of its clock
	step   int64
	last   int64 // inclusive
	astray bool
}

// ticks is walk for FREQ=HOURLY and MINUTELY.
func (r Rule) ticks(start int64, clock func(from, to int64) *dial) *ticker {
	wall := clock(start, start).wall(start)
	w := &walker{rule: r, start: wall, startDay: wall.Day()}
	for _, m := range r.months {
		w.months |= 1 << m
	}
	for _, d := range r.weekdays {
		w.weekdays |= 1 << d.Day()
	}
	w.daily = w.months != 0 || len(r.monthDays)+len(r.yearDays) > 0
	t := &ticker{w: w, start: start, last: forever}
	unit := int64(3600)
	if r.freq == rrule.MINUTELY {
		unit = 60
	}
	t.base, t.step = start-int64(wall.clock())%unit, unit*int64(r.interval)
	switch r.until.kind {
	case untilDate:
		day := r.until.wall.Day().At(0) + daySeconds
		t.last = clock(int64(day)-2*daySeconds, int64(day)+2*daySeconds).at(day) - 1
	case untilLocal:
		at := int64(r.until.wall)
		t.last = clock(at-2*daySeconds, at+2*daySeconds).at(r.until.wall)
	case untilUTC:
		t.last = int64(r.until.wall)
	}
	return t
}

func (t *ticker) hits(clock *dial) bool {
	set, err := t.between(nil, t.start, t.start+1, clock)
	return err == nil && len(set) > 0
}

// settle ends the rule by its COUNT, counting in stretches that grow, so that
// rare rules end and dense ones stay small.
func (t *ticker) settle(astray bool, clock func(from, to int64) *dial) error {
	t.astray = astray
	if t.w.rule.count == 0 {
		return nil
	}
	seen, from := 0, t.start
	if astray {
		seen = 1
	}
	if t.w.rule.count == seen {
		t.last = min(t.last, t.start)
		return nil
	}
	for days := int64(2); from < t.start+50*366*daySeconds; days *= 2 {
		to := from + days*daySeconds
		set, err := t.between(nil, from, to, clock(from, to))
		if err != nil {
			return err
		}
		if astray && len(set) > 0 && set[0] == t.start {
			set = set[1:]
		}
		if left := t.w.rule.count - seen; left <= len(set) {
			t.last = min(t.last, set[left-1])
			return nil
		}
		if seen += len(set); seen > MaxInstances {
			return t.w.tooMany()
		}
		from = to
	}
	return nil
}

// between appends the instants in [from, to).
func (t *ticker) between(dst []int64, from, to int64, c *dial) ([]int64, error) {
	from, to = max(from, t.start), min(to, t.last+1)
	r := &t.w.rule
	if from >= to {
		return dst, nil
	}
	if t.astray && from == t.start {
		dst = append(dst, from)
	}
	minutes, seconds := []int{int(t.w.start.clock()) / 60 % 60}, []int{int(t.w.start.clock()) % 60}
	if r.freq == rrule.MINUTELY {
		minutes[0] = 0
	} else if len(r.minutes) > 0 {
		minutes = r.minutes
	}
	if len(r.seconds) > 0 {
		seconds = r.seconds
	}
	k := max(0, (from-t.base)/t.step-1)
	var set []int64
	for steps := 0; ; k++ {
		at := t.base + k*t.step
		if at >= to {
			return dst, nil
		}
		if steps += 1 + len(minutes)*len(seconds)/8; steps > maxSteps || len(dst) > MaxInstances {
			return dst, t.w.tooMany()
		}
		wall := c.wall(at)
		if !t.allowed(wall) {
			continue
		}
		set = set[:0]
		for _, m := range minutes {
			for _, s := range seconds {
				set = append(set, at+int64(m*60+s))
			}
		}
		slices.Sort(set)
		for _, x := range pick(set, r.setPos) {
			if x >= from && x < to {
				dst = append(dst, x)
			}
		}
	}
}

func (t *ticker) allowed(wall Wall) bool {
	r, d, clock := &t.w.rule, wall.Day(), int(wall.clock())
	if len(r.hours) > 0 && !slices.Contains(r.hours, clock/3600) {
		return false
	}
	if r.freq == rrule.MINUTELY && len(r.minutes) > 0 && !slices.Contains(r.minutes, clock/60%60) {
		return false
	}
	if t.w.weekdays != 0 && t.w.weekdays>>((uint32(d.Weekday())+6)%7)&1 == 0 {
		return false
	}
	return !t.w.daily || t.w.dated(d)
}

// pick applies BYSETPOS to a sorted set.
func pick[T int64 | Wall](set []T, positions []int) []T {
	if len(positions) == 0 {
		return set
	}
	var out []T
	for _, pos := range positions {
		i := pos - 1
		if pos < 0 {
			i = len(set) + pos
		}
		if i >= 0 && i < len(set) {
			out = append(out, set[i])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
