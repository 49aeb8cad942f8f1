package scheduling

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"
)

// Result of a search.
type Result struct {
	Plans  []Plan    // the best first, as many as asked for
	Count  int       // how many starts there are in all
	Common []Stretch // free for all required people of a single step, off the grid too; nil for other plans
	Why    *WhyNot   // set when there is no plan
}

// Find lists when the plan can take place, the best first: hours that are kind
// to all, then soon, then hours people wish for, optional people, a fair load
// over the past weeks. Equal problems get equal answers. Without any plan it
// says why. A Fault refuses what cannot be asked, ErrTooMany what is too much.
func Find(ctx context.Context, p Problem) (Result, error) {
	keep := &sitter{known: map[deskKey]*desk{}}
	e, err := newEngine(ctx, &p, nil, keep, nil)
	if err != nil {
		return Result{}, err
	}
	list, err := e.list()
	if err != nil {
		return Result{}, err
	}
	r := Result{Count: len(list), Common: e.common()}
	if len(list) == 0 {
		r.Why, err = e.why(keep)
		return r, err
	}
	for i := range list {
		list[i].score = e.rate(&list[i])
	}
	slices.SortStableFunc(list, func(a, b found) int { return a.score.compare(&b.score) })
	for i := range list[:min(len(list), p.plans())] {
		r.Plans = append(r.Plans, e.plan(&list[i], list))
	}
	return r, nil
}

// list is all arrangements, by start.
func (e *engine) list() ([]found, error) {
	var list []found
	err := e.search(func(f found) bool {
		list = append(list, f)
		return true
	})
	if err == nil {
		err = e.ctx.Err()
	}
	if err == nil && e.nodes > maxNodes {
		err = tooManyf("arrangements of this plan")
	}
	if len(e.p.Steps) > 1 {
		slices.SortStableFunc(list, func(a, b found) int { return cmp.Compare(a.times[0], b.times[0]) })
	}
	return list, err
}

func (e *engine) common() []Stretch {
	if len(e.steps) != 1 || len(e.steps[0].pools) > 0 {
		return nil
	}
	out := []Stretch{}
	for _, s := range e.steps[0].common {
		out = append(out, s.span())
	}
	return out
}

// score orders arrangements; less is better.
type score struct {
	unasked int   // people early or late who have not said yes
	late    int   // people early or late who have
	day     Day   // of the first meeting, on the candidate's clock
	wishes  int   // seats outside the hours people wish for
	missing int   // optional people who cannot come
	load    int   // interviews of the people chosen, in the past weeks
	end     int64 // of the last meeting
	start   int64
}

func (a *score) compare(b *score) int {
	return cmp.Or(cmp.Compare(a.unasked, b.unasked), cmp.Compare(a.late, b.late), cmp.Compare(a.day, b.day),
		cmp.Compare(a.wishes, b.wishes), cmp.Compare(a.missing, b.missing), cmp.Compare(a.load, b.load),
		cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
}

func (e *engine) rate(f *found) score {
	s := score{start: f.times[0], day: e.lead.clock.wall(f.times[0]).Day()}
	for i, n := range f.order {
		g := &e.steps[n]
		s.end = max(s.end, f.times[i]+g.length)
		s.missing += len(g.optional)
	}
	for _, seat := range f.seats {
		g := &e.steps[f.order[seat.at]]
		from, to := f.times[seat.at], f.times[seat.at]+g.length
		if seat.role == IsOptional {
			s.missing--
			continue
		}
		switch seat.desk.burden(from, to) {
		case 2:
			s.unasked++
		case 1:
			s.late++
		}
		if seat.desk.Preferred != nil && !seat.desk.wishes(from, to) {
			s.wishes++
		}
		if seat.role == FromPool {
			s.load += seat.desk.Recent
		}
	}
	return s
}

func itoa(n int) string { return strconv.Itoa(n) }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return itoa(n) + " " + noun + "s"
}

func unix(at int64) time.Time { return time.Unix(at, 0).UTC() }
