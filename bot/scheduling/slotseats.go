package scheduling

import (
	"cmp"
	"slices"
)

// taken is one seat of an arrangement.
type taken struct {
	at   int // position in the order
	desk *desk
	role Role
	pool int
}

// Role is why somebody sits in a meeting.
type Role byte

const (
	IsRequired Role = iota
	FromPool
	IsTrainee
	IsOptional
)

// maxChoices bounds the choices of people tried for one arrangement.
const maxChoices = 5000

// assign seats people in an arrangement: all who are required, from pools those
// who suit best, then trainees and optional people who happen to be free. It is
// false when limits, or faces that must be new, leave a seat empty.
func (e *engine) assign(order []int, times []int64) ([]taken, bool) {
	size := 0
	for _, n := range order {
		size += len(e.steps[n].required) + len(e.steps[n].pools) + len(e.steps[n].optional)
	}
	seats := make([]taken, 0, size+2)
	pools := false
	for at, n := range order {
		g := &e.steps[n]
		for _, d := range g.required {
			if g.limited && !e.room(seats, times, d, at) {
				return nil, false
			}
			seats = append(seats, taken{at, d, IsRequired, 0})
		}
		pools = pools || len(g.pools) > 0
	}
	if pools {
		c := chooser{engine: e, order: order, times: times}
		var ok bool
		if seats, ok = c.fill(seats, 0, 0); !ok {
			return nil, false
		}
	}
	for at, n := range order {
		g := &e.steps[n]
		for i := range g.pools {
			seats = e.trainees(seats, order, times, at, i)
		}
		for _, d := range g.optional {
			if e.idle(g, d, times[at]) && !seated(seats, d, at) && e.room(seats, times, d, at) {
				seats = append(seats, taken{at, d, IsOptional, 0})
			}
		}
	}
	return seats, true
}

func seated(seats []taken, d *desk, at int) bool {
	return slices.ContainsFunc(seats, func(s taken) bool { return s.desk == d && s.at == at })
}

// room says whether a person's limits allow one more seat in this plan.
func (e *engine) room(seats []taken, times []int64, d *desk, at int) bool {
	if d.days == nil {
		return true
	}
	var more []int64
	for _, s := range seats {
		if s.desk == d && s.at != at {
			more = append(more, times[s.at])
		}
	}
	return d.limit(times[at], more, e.p.WeekStart)
}

// chooser fills the seats of pools, step by step and pool by pool, taking back
// a choice that leaves a later seat empty.
type chooser struct {
	*engine
	order []int
	times []int64
	tried int
}

func (c *chooser) fill(seats []taken, at, pool int) ([]taken, bool) {
	for at < len(c.order) && pool >= len(c.steps[c.order[at]].pools) {
		at, pool = at+1, 0
	}
	if at == len(c.order) {
		return seats, true
	}
	g := &c.steps[c.order[at]]
	b := &g.pools[pool]
	return c.choose(seats, at, pool, c.ranked(g, b, at), b.Need)
}

// choose takes need people of a list, the best first.
func (c *chooser) choose(seats []taken, at, pool int, list []*desk, need int) ([]taken, bool) {
	if need == 0 {
		return c.fill(seats, at, pool+1)
	}
	for i, d := range list {
		if len(list)-i < need {
			break
		}
		if c.tried++; c.tried > maxChoices {
			return nil, false
		}
		if !c.may(seats, d, at) {
			continue
		}
		if out, ok := c.choose(append(seats, taken{at, d, FromPool, pool}), at, pool, list[i+1:], need-1); ok {
			return out, true
		}
		if !c.coupled && !c.steps[c.order[at]].mixed {
			return nil, false // another choice would change nothing
		}
	}
	return nil, false
}

func (c *chooser) may(seats []taken, d *desk, at int) bool {
	for _, s := range seats {
		if s.desk == d && (s.at == at || c.p.NewFaces && s.role == FromPool) {
			return false
		}
	}
	return c.room(seats, c.times, d, at)
}

// ranked lists who of a pool could come: whom the hour suits, then who wished
// for it, then who did least lately, then as listed.
func (c *chooser) ranked(g *stage, b *bench, at int) []*desk {
	t := c.times[at]
	var list []*desk
	for _, d := range b.people {
		if c.trained(g, d, t) {
			list = append(list, d)
		}
	}
	c.rank(list, t, t+g.length)
	return list
}

func (e *engine) rank(list []*desk, from, to int64) {
	slices.SortStableFunc(list, func(a, b *desk) int {
		return cmp.Or(
			cmp.Compare(a.burden(from, to), b.burden(from, to)),
			cmp.Compare(flag(b.wishes(from, to)), flag(a.wishes(from, to))),
			cmp.Compare(a.Recent, b.Recent))
	})
}

// burden of an hour: 0 kind, 1 early or late with the person's yes, 2 without.
func (d *desk) burden(from, to int64) int {
	switch {
	case d.kind(from, to):
		return 0
	case d.AnyHour:
		return 1
	}
	return 2
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// trainees seats people in training of a pool, at kind hours only.
func (e *engine) trainees(seats []taken, order []int, times []int64, at, pool int) []taken {
	g := &e.steps[order[at]]
	b := &g.pools[pool]
	left := b.Trainees
	if left == 0 {
		return seats
	}
	var list []*desk
	for _, d := range b.people {
		if d.Training != Trained && e.idle(g, d, times[at]) && d.burden(times[at], times[at]+g.length) < 2 {
			list = append(list, d)
		}
	}
	e.rank(list, times[at], times[at]+g.length)
	for _, d := range list {
		if left > 0 && !seated(seats, d, at) && e.room(seats, times, d, at) {
			seats = append(seats, taken{at, d, IsTrainee, pool})
			left--
		}
	}
	return seats
}
