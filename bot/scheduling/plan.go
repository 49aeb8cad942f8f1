package scheduling

import (
	"strings"
	"time"
)

// Plan is one way to hold all steps.
type Plan struct {
	Stretch
	Meetings []Meeting // in order of time
	Reasons  []Reason  // why it stands where it stands
	Consent  []Seat    // who has to say yes first, because it is before 8 or after 20 for them
}

// Meeting is one step of a plan.
type Meeting struct {
	Stretch
	Step  int // in the problem
	Name  string
	Seats []Seat
	Pools []PoolFree
}

// Seat is one person in a meeting. Local is the start on their own clock.
type Seat struct {
	Person string
	Name   string
	Role   Role
	Pool   string
	Local  time.Time
	Kind   bool // between 8 and 20 for them
}

// PoolFree lists who of a pool could have come, in the order of the pool.
type PoolFree struct {
	Name   string
	People []string
}

// Reason is one sentence about a plan, and what it is about.
type Reason struct {
	About ReasonKind
	Words string
}

// ReasonKind is what a reason is about.
type ReasonKind string

const (
	AboutHours    ReasonKind = "hours"
	AboutSoon     ReasonKind = "soon"
	AboutWishes   ReasonKind = "wishes"
	AboutOptional ReasonKind = "optional"
	AboutLoad     ReasonKind = "load"
)

func (e *engine) plan(f *found, all []found) Plan {
	var p Plan
	for at, n := range f.order {
		g := &e.steps[n]
		m := Meeting{Stretch: span{f.times[at], f.times[at] + g.length}.span(), Step: n, Name: g.Name}
		for i := range g.pools {
			m.Pools = append(m.Pools, PoolFree{g.pools[i].Name, e.available(g, i, f.times[at])})
		}
		for _, s := range f.seats {
			if s.at != at {
				continue
			}
			seat := Seat{Person: s.desk.ID, Name: s.desk.name(), Role: s.role,
				Local: m.Start.In(s.desk.zone), Kind: s.desk.kind(f.times[at], f.times[at]+g.length)}
			if s.role == FromPool || s.role == IsTrainee {
				seat.Pool = g.pools[s.pool].Name
			}
			m.Seats = append(m.Seats, seat)
			if !seat.Kind && !s.desk.AnyHour && s.role != IsOptional {
				p.Consent = append(p.Consent, seat)
			}
		}
		p.Meetings = append(p.Meetings, m)
		if at == 0 {
			p.Start = m.Start
		}
		if m.End.After(p.End) {
			p.End = m.End
		}
	}
	p.Reasons = e.reasons(f, &p, all)
	return p
}

// available lists who of a pool could come at t.
func (e *engine) available(g *stage, pool int, t int64) []string {
	names := []string{}
	for _, d := range g.pools[pool].people {
		if e.trained(g, d, t) {
			names = append(names, d.ID)
		}
	}
	return names
}

func (e *engine) reasons(f *found, p *Plan, all []found) []Reason {
	var out []Reason
	add := func(about ReasonKind, words string) { out = append(out, Reason{about, words}) }
	switch {
	case len(p.Consent) > 0:
		for _, s := range p.Consent {
			add(AboutHours, s.Name+" would have to agree: it is "+s.Local.Format("15:04")+" for them")
		}
	case f.score.late > 0:
		add(AboutHours, "early or late only for people who said yes to that")
	default:
		add(AboutHours, "between 8:00 and 20:00 for everybody")
	}
	soonest := true
	for i := range all {
		if all[i].score.day < f.score.day {
			soonest = false
			break
		}
	}
	if soonest {
		add(AboutSoon, "on the first possible day")
	}
	e.seatReasons(f, add)
	return out
}

func (e *engine) seatReasons(f *found, add func(ReasonKind, string)) {
	var wished, come, missed, least []string
	for at, n := range f.order {
		g := &e.steps[n]
		from, to := f.times[at], f.times[at]+g.length
		for _, s := range f.seats {
			switch {
			case s.at != at:
			case s.role == IsOptional:
				come = append(come, s.desk.name())
			case s.desk.wishes(from, to):
				wished = append(wished, s.desk.name())
			}
			if s.at == at && s.role == FromPool && e.leastLoaded(g, s, from) {
				least = append(least, s.desk.name()+" ("+itoa(s.desk.Recent)+")")
			}
		}
		for _, d := range g.optional {
			if !seated(f.seats, d, at) {
				missed = append(missed, d.name())
			}
		}
	}
	if len(wished) > 0 {
		add(AboutWishes, "in hours that "+andList(wished)+" would like")
	}
	if len(come) > 0 {
		add(AboutOptional, andList(come)+" can come too")
	}
	if len(missed) > 0 {
		add(AboutOptional, "without "+andList(missed))
	}
	if len(least) > 0 {
		add(AboutLoad, "fewest interviews lately: "+andList(least))
	}
}

// leastLoaded says whether somebody was taken for a fair load: others of the
// pool could come, and did more lately.
func (e *engine) leastLoaded(g *stage, s taken, t int64) bool {
	more := false
	for _, d := range g.pools[s.pool].people {
		if d != s.desk && e.trained(g, d, t) {
			if d.Recent < s.desk.Recent {
				return false
			}
			more = more || d.Recent > s.desk.Recent
		}
	}
	return more
}

func andList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
