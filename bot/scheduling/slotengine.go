package scheduling

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// engine is a problem at work. The listing of plans, the check of one plan and
// the search for a reason all ask the same engine.
type engine struct {
	ctx      context.Context
	p        *Problem
	base     int64 // the grid counts from here
	from, to int64 // nothing lies outside
	grid     int64
	maxGap   int64
	desks    map[string]*desk
	lead     *desk // whose days count
	steps    []stage
	coupled  bool // a choice in one step changes what fits in another
	nodes    int
}

// stage is a step at work.
type stage struct {
	*Step
	index         int
	length, pause int64
	required      []*desk
	optional      []*desk
	pools         []bench
	common        []span // free for all required
	limited       bool
	mixed         bool // somebody stands in two lists
}

// bench is a pool at work: its people in the order of the problem.
type bench struct {
	*Pool
	people []*desk
}

// maxNodes bounds the arrangements tried for one problem.
const maxNodes = 3_000_000

// sitter keeps desks between engines of nearly the same problem.
type sitter struct {
	clocks *clocks
	known  map[deskKey]*desk
}

type deskKey struct {
	id       string
	from, to int64
	rules    rules
}

// newEngine gets everybody's free time. With only set, it looks no further than
// that stretch, which is enough to check one plan.
func newEngine(ctx context.Context, p *Problem, eased map[string]rules, keep *sitter, only *span) (*engine, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	e := &engine{ctx: ctx, p: p, base: p.From.Unix(), from: p.From.Unix(), to: p.To.Unix(),
		grid: int64(p.grid() / time.Second), maxGap: int64(p.MaxGap / time.Second), desks: make(map[string]*desk, len(p.People))}
	if !p.Earliest.IsZero() {
		e.from = max(e.from, ceilSeconds(p.Earliest))
	}
	from, to := e.from, e.to
	if only != nil {
		from, to = max(from, only.from), min(to, only.to)
		to = max(from, to)
	}
	if keep == nil {
		keep = &sitter{}
	}
	if keep.clocks == nil || keep.clocks.from > from-30*daySeconds || keep.clocks.to < to+30*daySeconds {
		keep.clocks = clocksFor(from, to)
	}
	needed := e.needed()
	for i := range p.People {
		q := &p.People[i]
		if !needed[q.ID] {
			continue
		}
		key := deskKey{q.ID, from, to, eased[q.ID]}
		d := keep.known[key]
		if d == nil {
			var err error
			if d, err = sit(ctx, q, from, to, eased[q.ID], keep.clocks); err != nil {
				return nil, err
			}
			if keep.known != nil {
				keep.known[key] = d
			}
		}
		e.desks[q.ID] = d
	}
	e.stages()
	return e, nil
}

func ceilSeconds(t time.Time) int64 {
	at := t.Unix()
	if t.Nanosecond() > 0 {
		at++
	}
	return at
}

func (e *engine) needed() map[string]bool {
	needed := map[string]bool{e.p.Candidate: true}
	for i := range e.p.Steps {
		s := &e.p.Steps[i]
		for _, pool := range s.Pools {
			for _, id := range pool.People {
				needed[id] = true
			}
		}
		for _, list := range [][]string{s.Required, s.Optional} {
			for _, id := range list {
				needed[id] = true
			}
		}
	}
	return needed
}

func (e *engine) stages() {
	find := func(ids []string) []*desk {
		list := make([]*desk, 0, len(ids))
		for _, id := range ids {
			if d := e.desks[id]; !slices.Contains(list, d) {
				list = append(list, d)
			}
		}
		return list
	}
	limits := false
	for i := range e.p.Steps {
		s := &e.p.Steps[i]
		g := stage{Step: s, index: i, length: int64(s.Length / time.Second), pause: int64(s.Break / time.Second),
			required: find(s.Required), optional: find(s.Optional)}
		seen := slices.Clone(g.required)
		for n := range s.Pools {
			b := bench{Pool: &s.Pools[n], people: find(s.Pools[n].People)}
			g.pools = append(g.pools, b)
			for _, d := range b.people {
				g.mixed = g.mixed || slices.Contains(seen, d)
				limits = limits || d.days != nil
			}
			seen = append(seen, b.people...)
		}
		g.common = []span{{e.from, e.to}}
		for _, d := range g.required {
			g.common = intersect(make([]span, 0, min(len(g.common), len(d.free))+8), g.common, d.free)
			g.limited = g.limited || d.days != nil
		}
		limits = limits || g.limited
		e.steps = append(e.steps, g)
	}
	e.coupled = len(e.steps) > 1 && (e.p.NewFaces || limits)
	e.lead = e.desks[e.p.Candidate]
	for i := 0; e.lead == nil && i < len(e.steps); i++ {
		if len(e.steps[i].required) > 0 {
			e.lead = e.steps[i].required[0]
		} else if len(e.steps[i].pools) > 0 && len(e.steps[i].pools[0].people) > 0 {
			e.lead = e.steps[i].pools[0].people[0]
		}
	}
}

// fits says whether a step can begin at t, leaving aside what other steps of
// the plan take.
func (e *engine) fits(g *stage, t int64) bool {
	if t < e.from || !within(g.common, t, t+g.length) {
		return false
	}
	if g.limited {
		for _, d := range g.required {
			if !d.limit(t, nil, e.p.WeekStart) {
				return false
			}
		}
	}
	for i := range g.pools {
		need := g.pools[i].Need
		for _, d := range g.pools[i].people {
			if need == 0 {
				break
			}
			if e.trained(g, d, t) {
				need--
			}
		}
		if need > 0 {
			return false
		}
	}
	return true
}

// trained says whether somebody of a pool could take a full seat at t.
func (e *engine) trained(g *stage, d *desk, t int64) bool {
	return d.Training == Trained && e.idle(g, d, t)
}

// idle says whether somebody of a pool could come at t.
func (e *engine) idle(g *stage, d *desk, t int64) bool {
	return within(d.free, t, t+g.length) && d.limit(t, nil, e.p.WeekStart) && !(g.mixed && slices.Contains(g.required, d))
}

// found is one arrangement: when each step begins, in the order in which they
// happen.
type found struct {
	order []int
	times []int64
	seats []taken
	score score
}

// search gives, for each start on the grid and each order of the steps, the
// earliest arrangement, in order of start. It stops when give says so.
func (e *engine) search(give func(found) bool) error {
	for _, order := range e.orders() {
		s := &sequence{engine: e, order: order, times: make([]int64, len(order)), never: slices.Repeat([]int64{forever}, len(order)), give: give}
		if len(order) > 2 && !e.coupled {
			s.dead = map[[2]int64]bool{}
		}
		first := &e.steps[order[0]]
		for _, free := range first.common {
			t := e.base + ceilDiv(free.from-e.base, e.grid)*e.grid
			for ; t+first.length <= free.to; t += e.grid {
				if err := e.step(); err != nil {
					return err
				}
				if len(first.pools) == 0 && !first.limited || e.fits(first, t) {
					s.times[0] = t
					if _, more := s.rest(1); !more {
						return nil
					}
				}
			}
		}
	}
	return nil
}

func (e *engine) step() error {
	if e.nodes++; e.nodes > maxNodes {
		return tooManyf("arrangements of this plan")
	}
	if e.nodes%1024 == 0 {
		return e.ctx.Err()
	}
	return nil
}

func ceilDiv(a, b int64) int64 { return -floorDiv(-a, b) }

// orders of the steps; only one unless they may change places.
func (e *engine) orders() [][]int {
	first := make([]int, len(e.steps))
	for i := range first {
		first[i] = i
	}
	if !e.p.AnyOrder {
		return [][]int{first}
	}
	var all [][]int
	var grow func(head, tail []int)
	grow = func(head, tail []int) {
		if len(tail) == 0 {
			all = append(all, slices.Clone(head))
		}
		for i, n := range tail {
			grow(append(slices.Clone(head), n), slices.Delete(slices.Clone(tail), i, i+1))
		}
	}
	grow(nil, first)
	return all
}

// sequence tries the steps after the first one.
type sequence struct {
	*engine
	order []int
	times []int64
	dead  map[[2]int64]bool // positions and times from which nothing follows
	never []int64           // by position: from this time on nothing follows, whatever came before
	give  func(found) bool
}

// rest places the steps from position i on. It says whether an arrangement was
// found, and whether to go on.
func (s *sequence) rest(i int) (done, more bool) {
	if i == len(s.order) {
		seats, ok := s.assign(s.order, s.times)
		if !ok {
			return false, true
		}
		return true, s.give(found{order: s.order, times: slices.Clone(s.times), seats: seats})
	}
	g, before := &s.steps[s.order[i]], &s.steps[s.order[i-1]]
	ends := s.times[i-1] + before.length
	first, last := s.after(g, ends)
	if first >= s.never[i] {
		return false, true
	}
	for t := first; t <= last; {
		if s.step() != nil {
			return false, false
		}
		next := nextStart(g.common, t, g.length)
		if next > t {
			t += ceilDiv(next-t, s.grid) * s.grid
			continue
		}
		key := [2]int64{int64(i), t}
		if !s.dead[key] && s.fits(g, t) {
			s.times[i] = t
			if done, more := s.rest(i + 1); done || !more {
				return done, more
			}
			if s.dead != nil {
				s.dead[key] = true
			}
		}
		t += s.grid
	}
	if s.p.Days == SeveralDays && !s.coupled {
		s.never[i] = first // it looked to the end of the window
	}
	return false, true
}

// after is the first and the last start to try for a step when the one before
// ends at a given time.
func (s *sequence) after(g *stage, ends int64) (first, last int64) {
	first = ends + g.pause
	switch s.p.Days {
	case OneStretch:
		return first, min(first+s.maxGap, s.to-g.length)
	case OneDay:
		day := s.lead.clock.wall(s.times[0]).Day()
		last = s.lead.clock.at(day.At(24*time.Hour)) - g.length
	default:
		last = s.to - g.length
	}
	return s.base + ceilDiv(first-s.base, s.grid)*s.grid, last
}

// nextStart is the first moment from t on at which length fits in a stretch.
func nextStart(list []span, t, length int64) int64 {
	i, ok := slices.BinarySearchFunc(list, t, func(s span, at int64) int { return cmp.Compare(s.from, at) })
	if !ok && i > 0 {
		i--
	}
	for ; i < len(list); i++ {
		if at := max(t, list[i].from); at+length <= list[i].to {
			return at
		}
	}
	return forever
}
