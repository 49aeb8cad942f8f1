package scheduling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// office is a Monday to Friday, 9 to 17, in a zone.
func office(t testing.TB, id, zone string) Person {
	t.Helper()
	loc := mustZone(t, zone)
	return Person{ID: id, Zone: loc, Hours: EveryDay(loc, shifts(t, "09:00-17:00"), workweek...)}
}

func (p Person) busy(t testing.TB, from, to string) Person {
	p.Busy = append(slices.Clone(p.Busy), Stretch{instant(t, from), instant(t, to)})
	return p
}

func day(t testing.TB, from, to string, people ...Person) Problem {
	t.Helper()
	p := Problem{From: instant(t, from), To: instant(t, to), Grid: 30 * time.Minute, People: people}
	step := Step{Length: time.Hour}
	for _, q := range people {
		step.Required = append(step.Required, q.ID)
	}
	p.Steps = []Step{step}
	return p
}

func find(t testing.TB, p Problem) Result {
	t.Helper()
	r, err := Find(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range r.Plans {
		obstacles, err := Bookable(t.Context(), p, plan)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range obstacles {
			if !strings.Contains(o.Words, "has not agreed") {
				t.Errorf("a plan of the list is not bookable: %s", o.Words)
			}
		}
		if (len(plan.Consent) > 0) != (len(obstacles) > 0) {
			t.Errorf("consent %v, obstacles %v", plan.Consent, obstacles)
		}
	}
	return r
}

func starts(r Result) string {
	var out []string
	for _, p := range r.Plans {
		var times []string
		for _, m := range p.Meetings {
			times = append(times, m.Start.Format("02T15:04"))
		}
		out = append(out, strings.Join(times, "+"))
	}
	return strings.Join(out, " ")
}

// Every slot found is free for all, and every one free for all is found.
func TestSlotsAgainstCounting(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo"}
	days := []string{"2026-03-28", "2026-04-23", "2026-10-24", "2026-10-31", "2026-04-04"}
	weeks := []string{"09:00-17:00", "08:00-12:00 13:00-18:00", "22:00-06:00", "00:00-24:00"}
	rapid.Check(t, func(r *rapid.T) {
		from := instant(t, rapid.SampledFrom(days).Draw(r, "day")+"T00:00:00Z")
		p := Problem{From: from, To: from.Add(50 * time.Hour), Grid: time.Duration(rapid.SampledFrom([]int{15, 20, 30, 45}).Draw(r, "grid")) * time.Minute}
		if rapid.Bool().Draw(r, "notice?") {
			p.Earliest = from.Add(time.Duration(rapid.IntRange(0, 30*60).Draw(r, "notice")) * time.Minute)
		}
		n := rapid.IntRange(1, 4).Draw(r, "people")
		for i := range n {
			zone := mustZone(t, rapid.SampledFrom(zones).Draw(r, "zone"))
			q := Person{ID: fmt.Sprint(i), Zone: zone, Hours: EveryDay(zone, shifts(t, rapid.SampledFrom(weeks).Draw(r, "hours")), 0, 1, 2, 3, 4, 5, 6)}
			q.Before = time.Duration(rapid.SampledFrom([]int{0, 10, 30}).Draw(r, "before")) * time.Minute
			q.After = time.Duration(rapid.SampledFrom([]int{0, 5}).Draw(r, "after")) * time.Minute
			for range rapid.IntRange(0, 4).Draw(r, "events") {
				at := from.Add(time.Duration(rapid.IntRange(-120, 50*60).Draw(r, "at")) * time.Minute)
				q.Busy = append(q.Busy, Stretch{at, at.Add(time.Duration(rapid.IntRange(1, 300).Draw(r, "minutes")) * time.Minute)})
			}
			p.People = append(p.People, q)
		}
		length := time.Duration(rapid.SampledFrom([]int{15, 30, 60, 90}).Draw(r, "length")) * time.Minute
		step := Step{Length: length}
		pool := rapid.IntRange(0, n-1).Draw(r, "pool")
		for i, q := range p.People {
			if i < n-pool {
				step.Required = append(step.Required, q.ID)
			}
		}
		if pool > 0 {
			b := Pool{Name: "pool", Need: rapid.IntRange(1, pool).Draw(r, "need")}
			for _, q := range p.People[n-pool:] {
				b.People = append(b.People, q.ID)
			}
			step.Pools = []Pool{b}
		}
		p.Steps = []Step{step}
		e, err := newEngine(context.Background(), &p, nil, nil, nil)
		if err != nil {
			r.Fatal(err)
		}
		list, err := e.list()
		if err != nil {
			r.Fatal(err)
		}
		var got, want []string
		for _, f := range list {
			got = append(got, stamp(unix(f.times[0])))
		}
		for at := p.From; !at.Add(length).After(p.To); at = at.Add(p.Grid) {
			if at.Before(p.Earliest) {
				continue
			}
			all, some := true, 0
			for i := range p.People {
				free := minuteByMinute(&p.People[i], at, length)
				if i < n-pool {
					all = all && free
				} else if free {
					some++
				}
			}
			if all && (pool == 0 || some >= step.Pools[0].Need) {
				want = append(want, stamp(at))
			}
		}
		if !slices.Equal(got, want) {
			r.Fatalf("got %v\nwant %v", got, want)
		}
	})
}

// minuteByMinute says whether somebody is free, without any list of stretches.
func minuteByMinute(q *Person, at time.Time, length time.Duration) bool {
	for m := at; m.Before(at.Add(length)); m = m.Add(time.Minute) {
		for _, b := range q.Busy {
			if !m.Before(b.Start.Add(-q.Before)) && m.Before(b.End.Add(q.After)) {
				return false
			}
		}
		works := false
		today := DayIn(m, q.Zone)
		for d := today - 1; d <= today; d++ {
			for _, s := range q.Hours.shifts(d) {
				end := s.To
				if end <= s.From {
					end += 24 * time.Hour
				}
				works = works || !m.Before(d.At(s.From).In(q.Zone)) && m.Before(d.At(end).In(q.Zone))
			}
		}
		if !works {
			return false
		}
	}
	return true
}

func TestRanking(t *testing.T) {
	t.Run("kind hours come before soon", func(t *testing.T) {
		early := office(t, "kim", "America/Los_Angeles")
		early.Hours = EveryDay(early.Zone, shifts(t, "06:00-17:00"), workweek...)
		p := day(t, "2026-11-23T00:00:00Z", "2026-11-25T00:00:00Z", office(t, "ada", "Europe/Berlin"), early)
		p.People[0].Hours.Week[time.Tuesday] = shifts(t, "09:00-18:30")
		r := find(t, p)
		if !strings.HasPrefix(starts(r), "24T16:00 24T16:30 23T14:00") {
			t.Errorf("order %s", starts(r))
		}
		if len(r.Plans[0].Consent) != 0 || len(r.Plans[2].Consent) != 1 || r.Plans[2].Consent[0].Person != "kim" {
			t.Errorf("consent %v, %v", r.Plans[0].Consent, r.Plans[2].Consent)
		}
		if w := r.Plans[2].Reasons[0].Words; w != "kim would have to agree: it is 06:00 for them" {
			t.Errorf("reason %q", w)
		}
		p.People[1].AnyHour = true
		r = find(t, p)
		if len(r.Plans[2].Consent) != 0 || starts(r)[:8] != "24T16:00" {
			t.Errorf("with a yes: %v, %s", r.Plans[2].Consent, starts(r))
		}
	})
	t.Run("wishes, then optional people, within a day", func(t *testing.T) {
		wish := office(t, "ada", "Europe/Berlin")
		wish.Preferred = EveryDay(wish.Zone, shifts(t, "15:00-17:00"), workweek...)
		p := day(t, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", wish)
		bo := office(t, "bo", "Europe/Berlin").busy(t, "2026-11-23T08:00:00Z", "2026-11-23T14:30:00Z")
		p.People = append(p.People, bo)
		p.Steps[0].Optional = []string{"bo"}
		r := find(t, p)
		if !strings.HasPrefix(starts(r), "23T14:30 23T15:00 23T14:00 23T08:00") {
			t.Errorf("order %s", starts(r))
		}
	})
	t.Run("a fair load decides who of a pool", func(t *testing.T) {
		a, b, c := office(t, "a", "Europe/Berlin"), office(t, "b", "Europe/Berlin"), office(t, "c", "Europe/Berlin")
		a.Recent, b.Recent, c.Recent = 5, 1, 3
		p := day(t, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", office(t, "ada", "Europe/Berlin"))
		p.People = append(p.People, a, b.busy(t, "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"), c)
		p.Steps[0].Pools = []Pool{{Name: "panel", Need: 1, People: []string{"a", "b", "c"}}}
		p.Plans = 100
		for _, plan := range find(t, p).Plans {
			want := "b"
			if clock := plan.Start.Format("15:04"); clock > "08:00" && clock < "10:00" {
				want = "c"
			}
			if seat := plan.Meetings[0].Seats[1]; seat.Person != want || seat.Role != FromPool {
				t.Errorf("%s: %+v", plan.Start, seat)
			}
		}
	})
	t.Run("equal problems, equal answers", func(t *testing.T) {
		p, _ := panel(t)
		if a, b := find(t, p), find(t, p); !sameJSON(t, a, b) {
			t.Error("two searches differ")
		}
	})
}

func TestLimits(t *testing.T) {
	p := day(t, "2026-11-23T00:00:00Z", "2026-11-28T00:00:00Z", office(t, "ada", "Europe/Berlin"), office(t, "kim", "Europe/Berlin"))
	kim := &p.People[1]
	kim.Interviews = []time.Time{instant(t, "2026-11-23T09:00:00Z"), instant(t, "2026-11-24T09:00:00Z"), instant(t, "2026-11-16T09:00:00Z")}
	p.Plans = 100
	for _, c := range []struct {
		perDay, perWeek int
		days            string
	}{{0, 0, "23 24 25 26 27"}, {1, 0, "25 26 27"}, {2, 0, "23 24 25 26 27"}, {0, 3, "23 24 25 26 27"}, {0, 2, ""}, {1, 3, "25 26 27"}} {
		kim.PerDay, kim.PerWeek = c.perDay, c.perWeek
		var days []string
		for _, plan := range find(t, p).Plans {
			if d := plan.Start.Format("02"); !slices.Contains(days, d) {
				days = append(days, d)
			}
		}
		if got := strings.Join(days, " "); got != c.days {
			t.Errorf("%d a day, %d a week: %s", c.perDay, c.perWeek, got)
		}
	}
}

func TestCandidateOffersTimes(t *testing.T) {
	ada := Person{ID: "ada", Zone: mustZone(t, "Asia/Tokyo"), Available: []Stretch{{instant(t, "2026-11-23T08:00:00Z"), instant(t, "2026-11-23T09:30:00Z")}}}
	p := day(t, "2026-11-23T00:00:00Z", "2026-11-25T00:00:00Z", ada, office(t, "k", "Europe/Berlin"))
	if got := starts(find(t, p)); got != "23T08:00 23T08:30" {
		t.Errorf("got %s", got)
	}
	p.People[0].Available = []Stretch{}
	if r := find(t, p); len(r.Plans) != 0 {
		t.Error("somebody who offers nothing is taken")
	}
}

func TestNothingAfterTheWindow(t *testing.T) {
	p := day(t, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", office(t, "ada", "Europe/Berlin"))
	p.Earliest = p.To.Add(time.Hour)
	if r := find(t, p); r.Count != 0 || len(r.Common) != 0 || len(help(r.Why, LessNotice)) != 1 {
		t.Errorf("got %+v", r)
	}
}

func TestBookable(t *testing.T) {
	p := day(t, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", office(t, "ada", "Europe/Berlin"), office(t, "kim", "Europe/Berlin"))
	plan := find(t, p).Plans[0]
	says := func(p Problem, plan Plan) string {
		list, err := Bookable(t.Context(), p, plan)
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, o := range list {
			words = append(words, o.Words)
		}
		return strings.Join(words, "; ")
	}
	if got := says(p, plan); got != "" {
		t.Errorf("at once: %s", got)
	}
	later := p
	later.Earliest = instant(t, "2026-11-23T08:10:00Z")
	if got := says(later, plan); !strings.Contains(got, "sooner than the notice allows") {
		t.Errorf("too late: %s", got)
	}
	later = p
	later.People = []Person{p.People[0], p.People[1].busy(t, "2026-11-23T08:45:00Z", "2026-11-23T08:50:00Z")}
	if got := says(later, plan); got != "kim is busy then" {
		t.Errorf("busy since: %s", got)
	}
	later.People[1] = p.People[1]
	later.People[1].Hours = EveryDay(p.People[1].Zone, shifts(t, "10:00-17:00"), workweek...)
	if got := says(later, plan); got != "kim does not work then" {
		t.Errorf("other hours: %s", got)
	}
	without := plan
	without.Meetings = slices.Clone(plan.Meetings)
	without.Meetings[0].Seats = plan.Meetings[0].Seats[:1]
	if got := says(p, without); got != "kim is missing" {
		t.Errorf("without kim: %s", got)
	}
	off := plan
	off.Meetings = slices.Clone(plan.Meetings)
	off.Meetings[0].Start, off.Meetings[0].End = plan.Start.Add(time.Minute), plan.End.Add(time.Minute)
	if got := says(p, off); got != "it does not start on the grid" {
		t.Errorf("off the grid: %s", got)
	}
}

func TestProblemsThatAreRefused(t *testing.T) {
	good := func() Problem {
		return day(t, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", office(t, "ada", "Europe/Berlin"))
	}
	for name, spoil := range map[string]func(*Problem){
		"backwards":      func(p *Problem) { p.To = p.From },
		"too far":        func(p *Problem) { p.To = p.From.AddDate(2, 0, 0) },
		"too fine":       func(p *Problem) { p.To, p.Grid = p.From.AddDate(1, 0, 0), time.Minute },
		"no step":        func(p *Problem) { p.Steps = nil },
		"no length":      func(p *Problem) { p.Steps[0].Length = 0 },
		"nobody":         func(p *Problem) { p.Steps[0].Required = nil },
		"stranger":       func(p *Problem) { p.Steps[0].Required = []string{"zed"} },
		"no zone":        func(p *Problem) { p.People[0].Zone, p.People[0].Hours = nil, nil },
		"twice":          func(p *Problem) { p.People = append(p.People, p.People[0]) },
		"too many busy":  func(p *Problem) { p.People[0].Busy = make([]Stretch, MaxBusy+1) },
		"too many":       func(p *Problem) { p.People = make([]Person, MaxPeople+1) },
		"negative grid":  func(p *Problem) { p.Grid = -time.Minute },
		"too many steps": func(p *Problem) { p.Steps = make([]Step, MaxSteps+1) },
	} {
		p := good()
		spoil(&p)
		_, err := Find(t.Context(), p)
		var fault Fault
		if !errors.As(err, &fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A year, 200 people, events without end, rules from 1990: answered, and soon.
func TestLargeProblems(t *testing.T) {
	zone := mustZone(t, "Europe/Berlin")
	var events []Event
	for i := range 80 {
		e := Event{UID: fmt.Sprint(i), Start: DayOf(1990, 1, 1+i).At(time.Duration(i%24) * time.Hour), Zone: zone, Length: Length{Time: 30 * time.Minute}}
		e.Rules = []Rule{mustRule(t, []string{"FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=1MO"}[i%4])}
		events = append(events, e)
	}
	cal, err := NewCalendar(t.Context(), events, zone)
	if err != nil {
		t.Fatal(err)
	}
	p := Problem{From: instant(t, "2026-11-23T00:00:00Z"), To: instant(t, "2027-11-23T00:00:00Z"), Grid: 15 * time.Minute}
	pool := Pool{Name: "all", Need: 3}
	for i := range MaxPeople {
		q := office(t, fmt.Sprint("p", i), "Europe/Berlin")
		q.Calendars = []*Calendar{cal}
		for j := range 50 {
			at := p.From.Add(time.Duration(j*7+i) * time.Hour)
			q.Busy = append(q.Busy, Stretch{at, at.Add(time.Hour)})
		}
		p.People = append(p.People, q)
		pool.People = append(pool.People, q.ID)
	}
	p.Steps = []Step{{Length: time.Hour, Required: []string{"p0"}, Pools: []Pool{pool}}}
	begin := time.Now() // measured, not used as a moment
	r := find(t, p)
	if r.Count == 0 {
		t.Error("nothing found")
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Find(ctx, p); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
