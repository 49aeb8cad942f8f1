package scheduling

import (
	"context"
	"slices"
)

// Obstacle is one thing that stands in the way of a plan, in words that can be
// shown. Person is empty when it is nobody's.
type Obstacle struct {
	Person string
	Words  string
}

// Bookable says what stands in the way of booking a plan now: nothing when the
// list is empty. It asks the same engine that lists plans, so whatever Find
// offers is bookable for as long as nothing has changed, except that people in
// Plan.Consent must have said yes (Person.AnyHour).
func Bookable(ctx context.Context, p Problem, plan Plan) ([]Obstacle, error) {
	var only span
	for i, m := range plan.Meetings {
		if s := m.span(); i == 0 {
			only = s
		} else {
			only = span{min(only.from, s.from), max(only.to, s.to)}
		}
	}
	e, err := newEngine(ctx, &p, nil, nil, &only)
	if err != nil {
		return nil, err
	}
	if len(plan.Meetings) != len(e.steps) {
		return []Obstacle{{"", "the plan has other steps than the problem"}}, nil
	}
	order, times := make([]int, len(plan.Meetings)), make([]int64, len(plan.Meetings))
	for i, m := range plan.Meetings {
		order[i], times[i] = m.Step, m.Start.Unix()
		if m.Step < 0 || m.Step >= len(e.steps) || slices.Contains(order[:i], m.Step) ||
			m.End.Unix()-times[i] != e.steps[m.Step].length {
			return []Obstacle{{"", "the plan has other steps than the problem"}}, nil
		}
	}
	out := e.timing(order, times)
	var seats []taken
	for at := range plan.Meetings {
		more, sat := e.seatObstacles(&plan.Meetings[at], order, times, at, seats)
		seats = append(seats, sat...)
		out = append(out, more...)
	}
	return out, nil
}

// timing checks window, notice, grid, order and waits, by the rules of search.
func (e *engine) timing(order []int, times []int64) []Obstacle {
	var out []Obstacle
	add := func(words string) { out = append(out, Obstacle{"", words}) }
	if times[0] < e.from {
		add("it starts before " + unix(e.from).In(e.lead.zone).Format("Mon 2 Jan 15:04") + ", sooner than the notice allows")
	}
	if (times[0]-e.base)%e.grid != 0 {
		add("it does not start on the grid")
	}
	if !e.p.AnyOrder && !slices.IsSorted(order) {
		add("its steps are in another order")
	}
	s := &sequence{engine: e, order: order, times: times}
	for i, t := range times {
		g := &e.steps[order[i]]
		if t+g.length > e.to {
			add("it ends after the search does")
		}
		if i == 0 {
			continue
		}
		first, last := s.after(g, times[i-1]+e.steps[order[i-1]].length)
		switch {
		case t < first:
			add("step " + itoa(i+1) + " begins before its break is over")
		case t > last:
			add("step " + itoa(i+1) + " begins too long after the one before")
		}
	}
	return out
}

// seatObstacles checks the people of one meeting.
func (e *engine) seatObstacles(m *Meeting, order []int, times []int64, at int, before []taken) (out []Obstacle, seats []taken) {
	g, t := &e.steps[order[at]], times[at]
	add := func(d *desk, words string) { out = append(out, Obstacle{d.ID, d.name() + " " + words}) }
	filled := make([]int, len(g.pools))
	sits := map[string]bool{}
	for _, seat := range m.Seats {
		d := e.desks[seat.Person]
		if d == nil || sits[seat.Person] || seat.Role == IsOptional && !slices.Contains(g.optional, d) {
			out = append(out, Obstacle{seat.Person, seat.Name + " is not part of this step"})
			continue
		}
		sits[seat.Person] = true
		pool := 0
		if seat.Role == FromPool || seat.Role == IsTrainee {
			pool = slices.IndexFunc(g.pools, func(b bench) bool { return b.Name == seat.Pool && slices.Contains(b.people, d) })
			if pool < 0 {
				out = append(out, Obstacle{d.ID, d.name() + " is not in the pool " + seat.Pool})
				continue
			}
			if seat.Role == FromPool && d.Training == Trained {
				filled[pool]++
			}
			if e.p.NewFaces && seat.Role == FromPool && slices.ContainsFunc(before, func(s taken) bool { return s.desk == d && s.role == FromPool }) {
				add(d, "would sit in two steps")
			}
		}
		if !within(d.free, t, t+g.length) {
			add(d, e.whyNot(d, t, t+g.length))
		} else if !e.room(append(before, seats...), times, d, at) {
			add(d, "has as many interviews as they may")
		}
		if seat.Role != IsOptional && d.burden(t, t+g.length) == 2 {
			add(d, "has not agreed to "+unix(t).In(d.zone).Format("15:04"))
		}
		seats = append(seats, taken{at, d, seat.Role, pool})
	}
	for _, d := range g.required {
		if !sits[d.ID] {
			add(d, "is missing")
		}
	}
	for i, b := range g.pools {
		if filled[i] < b.Need {
			out = append(out, Obstacle{"", "the pool " + b.Name + " has " + itoa(filled[i]) + " of " + itoa(b.Need) + " people"})
		}
	}
	return out, seats
}

// whyNot says why somebody is not free in [from, to).
func (e *engine) whyNot(d *desk, from, to int64) string {
	k := clocksFor(from, to)
	if d.Hours != nil && !within(d.hours(from, to, rules{}, k), from, to) {
		return "does not work then"
	}
	if d.Available != nil {
		var offered []span
		for _, s := range d.Available {
			offered = append(offered, s.span())
		}
		if !within(union(offered), from, to) {
			return "did not offer that time"
		}
	}
	if from < e.from || to > e.to {
		return "cannot be asked about that time"
	}
	return "is busy then"
}
