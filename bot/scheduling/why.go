package scheduling

import (
	"slices"
	"sort"
	"time"
)

// WhyNot says why there is no plan, and what would help.
type WhyNot struct {
	Words  string       // in one sentence
	Strict []Shortage   // who has little time in the window, the least first
	Help   []Relaxation // what would help, the most helpful first; empty when nothing alone does
}

// Shortage is how much time a required person has for a step.
type Shortage struct {
	Person string
	Name   string
	Free   time.Duration // in stretches long enough for their shortest step
	Words  string
}

// Relaxation is a single change to a problem that gives plans.
type Relaxation struct {
	Kind   RelaxationKind
	Person string        // of Without, OtherTimes, LongerDays and NoLimits
	Step   int           // of Shorter and FewerOf
	Length time.Duration // of Shorter
	Starts int           // how many starts it gives; no more than 1000 are counted
	First  time.Time     // the first of them
	Days   []Day         // on which days of the candidate, in order
	Words  string        // "without Kim: 4 slots on Thursday 26 November"
}

// RelaxationKind is what is given up, the gentlest first.
type RelaxationKind byte

const (
	AskTentative RelaxationKind = iota // tentative events move
	Unbuffered                         // no time kept free around busy times
	Shorter
	WaitLonger // between steps
	LessNotice
	OtherTimes // than somebody offered, between 8 and 20 on their clock
	NoLimits
	FewerOf // of a pool
	LongerDays
	Without // a required person
	Later   // a week more
)

const countMost = 1000

// why tries each single change on the same engine.
func (e *engine) why(keep *sitter) (*WhyNot, error) {
	w := &WhyNot{}
	for _, r := range e.relaxations() {
		if err := e.try(&r, keep); err != nil {
			return nil, err
		}
		if r.Starts > 0 {
			w.Help = append(w.Help, r.Relaxation)
		}
	}
	sort.SliceStable(w.Help, func(i, j int) bool {
		a, b := w.Help[i], w.Help[j]
		if a.Kind == Later != (b.Kind == Later) {
			return b.Kind == Later // waiting is no help for this window
		}
		if a.Starts != b.Starts {
			return a.Starts > b.Starts
		}
		return a.Kind < b.Kind
	})
	w.Strict = e.shortages()
	w.Words = e.sentence(w)
	return w, nil
}

// attempt is a relaxation and the problem with it.
type attempt struct {
	Relaxation
	problem Problem
	eased   map[string]rules
	what    string
}

func (e *engine) relaxations() []attempt {
	var all []attempt
	add := func(r Relaxation, what string, eased map[string]rules, change func(*Problem)) {
		p := *e.p
		p.Steps = slices.Clone(p.Steps)
		if change != nil {
			change(&p)
		}
		all = append(all, attempt{r, p, eased, what})
	}
	everybody := func(r rules) map[string]rules {
		m := map[string]rules{}
		for id := range e.desks {
			m[id] = r
		}
		return m
	}
	add(Relaxation{Kind: AskTentative}, "if tentative events moved", everybody(rules{ignoreTentative: true}), nil)
	add(Relaxation{Kind: Unbuffered}, "without buffers", everybody(rules{noBuffers: true}), nil)
	e.shorter(add)
	if len(e.steps) > 1 && e.p.Days == OneStretch {
		add(Relaxation{Kind: WaitLonger}, "with longer waits on the same day", nil, func(p *Problem) { p.Days = OneDay })
	}
	if len(e.steps) > 1 && e.p.Days != SeveralDays {
		add(Relaxation{Kind: WaitLonger}, "on several days", nil, func(p *Problem) { p.Days = SeveralDays })
	}
	if e.from > e.base {
		add(Relaxation{Kind: LessNotice}, "with less notice", nil, func(p *Problem) { p.Earliest = time.Time{} })
	}
	e.people(add)
	add(Relaxation{Kind: Later}, "a week later", nil, func(p *Problem) {
		p.To = p.To.Add(7 * 24 * time.Hour)
		if p.To.Sub(p.From) > MaxHorizon {
			p.To = p.From.Add(MaxHorizon)
		}
	})
	return all
}

type adder func(Relaxation, string, map[string]rules, func(*Problem))

// shorter tries three quarters and half of each step, in whole five minutes.
func (e *engine) shorter(add adder) {
	for i := range e.p.Steps {
		full := e.p.Steps[i].Length
		last := full
		for _, part := range []time.Duration{full * 3 / 4, full / 2} {
			length := part.Truncate(5 * time.Minute)
			if length < 15*time.Minute || length == last {
				continue
			}
			last = length
			what := itoa(int(length/time.Minute)) + " instead of " + short(full)
			if len(e.p.Steps) > 1 {
				what += " for " + e.stepName(i)
			}
			add(Relaxation{Kind: Shorter, Step: i, Length: length}, what, nil, func(p *Problem) { p.Steps[i].Length = length })
		}
	}
}

func (e *engine) stepName(i int) string {
	if e.p.Steps[i].Name != "" {
		return e.p.Steps[i].Name
	}
	return "step " + itoa(i+1)
}

// people tries what single people could give, and doing without one of them.
// The candidate is never left out.
func (e *engine) people(add adder) {
	var ids []string
	for i := range e.steps {
		for _, d := range e.steps[i].required {
			if !slices.Contains(ids, d.ID) {
				ids = append(ids, d.ID)
			}
		}
		for n, b := range e.steps[i].pools {
			if b.Need > 1 || b.Need == 1 && len(e.steps[i].required) > 1 {
				add(Relaxation{Kind: FewerOf, Step: i}, "with "+itoa(b.Need-1)+" instead of "+itoa(b.Need)+" of "+b.Name, nil, func(p *Problem) {
					p.Steps[i].Pools = slices.Clone(p.Steps[i].Pools)
					p.Steps[i].Pools[n].Need--
				})
			}
		}
	}
	for _, id := range ids {
		d := e.desks[id]
		if d.days != nil {
			add(Relaxation{Kind: NoLimits, Person: id}, "beyond "+d.name()+"'s limit of interviews", map[string]rules{id: {noLimits: true}}, nil)
		}
		if d.Available != nil {
			add(Relaxation{Kind: OtherTimes, Person: id}, "if "+d.name()+" could at other times", map[string]rules{id: {otherTimes: true}}, nil)
		}
		if d.Hours != nil {
			add(Relaxation{Kind: LongerDays, Person: id}, "if "+d.name()+" worked from 8 to 20", map[string]rules{id: {longDays: true}}, nil)
		}
		if id == e.p.Candidate {
			continue
		}
		add(Relaxation{Kind: Without, Person: id}, "without "+d.name(), nil, func(p *Problem) {
			steps := p.Steps[:0:0]
			for _, s := range p.Steps {
				s.Required = slices.DeleteFunc(slices.Clone(s.Required), func(x string) bool { return x == id })
				if len(s.Required)+len(s.Pools) > 0 {
					steps = append(steps, s)
				}
			}
			p.Steps = steps
		})
	}
}

// try counts what an attempt gives.
func (e *engine) try(a *attempt, keep *sitter) error {
	if len(a.problem.Steps) == 0 || a.Kind == Without && !e.meets(&a.problem) {
		return nil
	}
	f, err := newEngine(e.ctx, &a.problem, a.eased, keep, nil)
	if err != nil {
		return err
	}
	last := -forever
	err = f.search(func(x found) bool {
		if x.times[0] == last {
			return true
		}
		last = x.times[0]
		if a.Starts++; a.Starts == 1 {
			a.First = unix(last)
		}
		if day := e.lead.clock.wall(last).Day(); len(a.Days) == 0 || a.Days[len(a.Days)-1] != day {
			a.Days = append(a.Days, day)
		}
		return a.Starts < countMost
	})
	if err == nil {
		err = e.ctx.Err()
	}
	if a.Starts > 0 {
		a.Words = a.what + ": " + a.yield()
	}
	return err
}

// meets says whether every step still brings somebody together.
func (e *engine) meets(p *Problem) bool {
	for _, s := range p.Steps {
		n := len(s.Required)
		for _, pool := range s.Pools {
			n += pool.Need
		}
		if n < 1 || n == 1 && e.p.Candidate != "" && slices.Contains(s.Required, e.p.Candidate) {
			return false
		}
	}
	return true
}

// yield says "4 slots on Thursday 26 November", or on how many days.
func (a *attempt) yield() string {
	words := plural(a.Starts, "slot")
	if a.Starts >= countMost {
		words = "at least " + words
	}
	if len(a.Days) == 1 {
		return words + " on " + a.Days[0].time().Format("Monday 2 January")
	}
	return words + " on " + itoa(len(a.Days)) + " days, the first on " + a.Days[0].time().Format("Monday 2 January")
}

// shortages says how much time each required person has.
func (e *engine) shortages() []Shortage {
	var out []Shortage
	shortest := map[*desk]int64{}
	var order []*desk
	for i := range e.steps {
		g := &e.steps[i]
		for _, d := range g.required {
			if _, ok := shortest[d]; !ok {
				order, shortest[d] = append(order, d), g.length
			}
			shortest[d] = min(shortest[d], g.length)
		}
	}
	for _, d := range order {
		var sum int64
		for _, s := range d.free {
			if s.to-s.from >= shortest[d] {
				sum += s.to - s.from
			}
		}
		free := time.Duration(sum) * time.Second
		words := d.name() + " has no time at all in these days"
		if sum > 0 {
			words = d.name() + " has " + short(free) + " in these days"
		}
		out = append(out, Shortage{d.ID, d.name(), free, words})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Free < out[j].Free })
	return out
}

func (e *engine) sentence(w *WhyNot) string {
	words := "There is no time for all of them together."
	switch {
	case len(w.Strict) == 1:
		words = "There is no time: " + w.Strict[0].Words + "."
	case len(w.Strict) > 0 && w.Strict[0].Free == 0:
		words = "There is no time: " + w.Strict[0].Words + "."
	case len(w.Strict) == 0:
		words = "There are never enough people free at once."
	}
	if len(w.Help) > 0 {
		return words + " Most would help: " + w.Help[0].Words + "."
	}
	return words + " No single change would help."
}
