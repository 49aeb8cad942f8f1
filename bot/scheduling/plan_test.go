package scheduling

import (
	"slices"
	"testing"
	"time"
)

func TestChains(t *testing.T) {
	people := []Person{office(t, "ada", "Europe/Berlin"), office(t, "k", "Europe/Berlin"), office(t, "l", "Europe/Berlin"), office(t, "m", "Europe/Berlin")}
	base := Problem{From: instant(t, "2026-11-23T00:00:00Z"), To: instant(t, "2026-11-26T00:00:00Z"), Grid: 30 * time.Minute, People: people, Candidate: "ada"}
	step := func(id string, minutes int) Step {
		return Step{Name: id, Length: time.Duration(minutes) * time.Minute, Required: []string{"ada", id}}
	}
	t.Run("a later step may need the wait before it", func(t *testing.T) {
		p := base
		p.People = slices.Clone(people)
		p.To = instant(t, "2026-11-24T00:00:00Z")
		p.MaxGap = time.Hour
		p.People[3] = p.People[3].busy(t, "2026-11-23T08:00:00Z", "2026-11-23T13:00:00Z")
		p.Steps = []Step{step("k", 60), step("l", 60), step("m", 60)}
		p.Plans = 1
		// From 8:00 on nothing fits: k, l at 10:00 at the latest, m at 12:00 at the latest.
		if got := starts(find(t, p)); got != "23T09:00+23T11:00+23T13:00" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("breaks", func(t *testing.T) {
		p := base
		p.Steps = []Step{step("k", 60), step("l", 60)}
		p.Steps[1].Break = 15 * time.Minute
		p.Plans = 1
		if got := starts(find(t, p)); got != "23T08:00+23T09:15" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("one day, whatever the waits", func(t *testing.T) {
		p := base
		p.People = slices.Clone(people)
		p.People[2] = p.People[2].busy(t, "2026-11-23T08:00:00Z", "2026-11-23T15:00:00Z")
		p.Steps = []Step{step("k", 60), step("l", 60)}
		p.Days, p.Plans = OneDay, 1
		if got := starts(find(t, p)); got != "23T08:00+23T15:00" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("several days", func(t *testing.T) {
		p := base
		p.People = slices.Clone(people)
		p.People[2] = p.People[2].busy(t, "2026-11-23T00:00:00Z", "2026-11-24T23:00:00Z")
		p.Steps = []Step{step("k", 60), step("l", 60)}
		p.Days, p.Plans = SeveralDays, 1
		if got := starts(find(t, p)); got != "23T08:00+25T08:00" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("several days without a last one, in time", func(t *testing.T) {
		p := base
		p.To = p.From.AddDate(0, 6, 0)
		p.Grid = 5 * time.Minute
		p.People = slices.Clone(people)
		p.People[3].Busy = []Stretch{{p.From, p.To}}
		p.Steps = []Step{step("k", 60), step("l", 60), step("m", 60)}
		p.Days = SeveralDays
		if r := find(t, p); r.Count != 0 || r.Why == nil {
			t.Errorf("got %s", starts(r))
		}
	})
	t.Run("any order", func(t *testing.T) {
		p := base
		p.To = instant(t, "2026-11-24T00:00:00Z")
		p.People = slices.Clone(people)
		p.People[1] = p.People[1].busy(t, "2026-11-23T08:00:00Z", "2026-11-23T15:00:00Z")
		p.Steps = []Step{step("k", 60), step("l", 60)}
		if r := find(t, p); len(r.Plans) != 0 || r.Why == nil {
			t.Errorf("in order: %s", starts(r))
		}
		p.AnyOrder = true
		r := find(t, p)
		if got := starts(r); got != "23T14:00+23T15:00" || r.Plans[0].Meetings[0].Step != 1 {
			t.Errorf("got %s", got)
		}
	})
	t.Run("new faces in every step", func(t *testing.T) {
		p := base
		p.To = instant(t, "2026-11-24T00:00:00Z")
		panel := []Pool{{Name: "panel", Need: 1, People: []string{"k", "l"}}}
		p.Steps = []Step{{Length: time.Hour, Required: []string{"ada"}, Pools: panel}, {Length: time.Hour, Required: []string{"ada"}, Pools: panel}}
		p.People = slices.Clone(people)
		p.People[1] = p.People[1].busy(t, "2026-11-23T10:00:00Z", "2026-11-23T16:00:00Z")
		p.NewFaces = true
		p.Plans = 100
		r := find(t, p)
		for _, plan := range r.Plans {
			if a, b := plan.Meetings[0].Seats[1].Person, plan.Meetings[1].Seats[1].Person; a == b {
				t.Errorf("%s sits twice at %s", a, plan.Start)
			}
		}
		if got := starts(r); got != "23T08:00+23T09:00 23T08:30+23T09:30 23T09:00+23T10:00 23T09:30+23T10:30" && got != "23T08:00+23T09:00 23T08:30+23T09:30 23T09:00+23T10:00" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("a limit counts the plan's own steps", func(t *testing.T) {
		p := base
		p.People = slices.Clone(people)
		p.People[1].PerDay = 1
		p.Steps = []Step{step("k", 60), step("k", 60)}
		if r := find(t, p); len(r.Plans) != 0 {
			t.Errorf("got %s", starts(r))
		}
		p.Days, p.Plans = SeveralDays, 1
		if got := starts(find(t, p)); got != "23T08:00+24T08:00" {
			t.Errorf("got %s", got)
		}
	})
}

func TestPools(t *testing.T) {
	ada, k, l := office(t, "ada", "Europe/Berlin"), office(t, "k", "Europe/Berlin"), office(t, "l", "Europe/Berlin")
	p := day(t, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", ada)
	p.People = append(p.People, k, l)
	p.Plans = 1
	t.Run("one person fills one seat", func(t *testing.T) {
		p := p
		p.Steps = []Step{{Length: time.Hour, Required: []string{"ada"}, Pools: []Pool{{"x", 1, []string{"k", "l"}, 0}, {"y", 1, []string{"k"}, 0}}}}
		plan := find(t, p).Plans[0]
		if s := plan.Meetings[0].Seats; s[1].Person != "l" || s[2].Person != "k" {
			t.Errorf("seats %+v", s)
		}
		p.Steps[0].Pools[0].People = []string{"k"}
		if r := find(t, p); len(r.Plans) != 0 {
			t.Errorf("k sits twice: %+v", r.Plans[0].Meetings)
		}
	})
	t.Run("people in training do not count", func(t *testing.T) {
		p := p
		p.People = slices.Clone(p.People)
		p.People[2].Training = Shadow
		p.Steps = []Step{{Length: time.Hour, Required: []string{"ada"}, Pools: []Pool{{"x", 1, []string{"k", "l"}, 1}}}}
		s := find(t, p).Plans[0].Meetings[0].Seats
		if len(s) != 3 || s[1].Person != "k" || s[2].Person != "l" || s[2].Role != IsTrainee {
			t.Errorf("seats %+v", s)
		}
		p.Steps[0].Pools[0].Need = 2
		if r := find(t, p); len(r.Plans) != 0 {
			t.Error("a shadow fills a seat")
		}
	})
}
