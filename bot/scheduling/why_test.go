package scheduling

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func why(t *testing.T, p Problem) *WhyNot {
	t.Helper()
	r := find(t, p)
	if r.Why == nil {
		t.Fatalf("there are %d plans", r.Count)
	}
	return r.Why
}

func help(w *WhyNot, kind RelaxationKind) []string {
	var words []string
	for _, r := range w.Help {
		if r.Kind == kind {
			words = append(words, r.Words)
		}
	}
	return words
}

func TestWhyThereIsNoPlan(t *testing.T) {
	ada, kim, lou := office(t, "ada", "Europe/Berlin"), office(t, "kim", "Europe/Berlin"), office(t, "lou", "Europe/Berlin")
	kim.Name = "Kim"
	const from, to = "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"
	t.Run("without the one who is busy", func(t *testing.T) {
		p := day(t, from, to, ada, kim.busy(t, "2026-11-26T00:00:00Z", "2026-11-26T23:00:00Z"), lou.busy(t, "2026-11-26T08:00:00Z", "2026-11-26T13:30:00Z"))
		p.Candidate = "ada"
		w := why(t, p)
		if len(w.Help) == 0 || w.Help[0].Kind != Without || w.Help[0].Person != "kim" || w.Help[0].Words != "without Kim: 4 slots on Thursday 26 November" {
			t.Fatalf("help %+v", w.Help)
		}
		if !w.Help[0].First.Equal(instant(t, "2026-11-26T13:30:00Z")) {
			t.Errorf("first %s", w.Help[0].First)
		}
		if w.Strict[0].Person != "kim" || w.Strict[0].Free != 0 || w.Strict[1].Person != "lou" || w.Strict[1].Free != 150*time.Minute {
			t.Errorf("shortages %+v", w.Strict)
		}
		if w.Words != "There is no time: Kim has no time at all in these days. Most would help: without Kim: 4 slots on Thursday 26 November." {
			t.Errorf("words %q", w.Words)
		}
		if slices.ContainsFunc(w.Help, func(r Relaxation) bool { return r.Person == "ada" && r.Kind == Without }) {
			t.Error("the candidate is left out")
		}
	})
	t.Run("a shorter talk", func(t *testing.T) {
		p := day(t, from, to, ada, kim.busy(t, "2026-11-26T08:45:00Z", "2026-11-26T16:00:00Z"))
		p.Candidate = "ada"
		w := why(t, p)
		if got := help(w, Shorter); !slices.Equal(got, []string{"30 instead of 1 hour: 1 slot on Thursday 26 November", "45 instead of 1 hour: 1 slot on Thursday 26 November"}) &&
			!slices.Equal(got, []string{"45 instead of 1 hour: 1 slot on Thursday 26 November", "30 instead of 1 hour: 1 slot on Thursday 26 November"}) {
			t.Errorf("shorter %q of %+v", got, w.Help)
		}
		if w.Help[0].Kind == Later || len(help(w, Later)) == 0 {
			t.Errorf("waiting a week is the first advice, or none: %+v", w.Help)
		}
	})
	t.Run("tentative events, buffers, notice", func(t *testing.T) {
		maybe := kim
		maybe.Maybe = []Stretch{{instant(t, "2026-11-26T00:00:00Z"), instant(t, "2026-11-26T23:00:00Z")}}
		if got := help(why(t, day(t, from, to, ada, maybe)), AskTentative); len(got) != 1 {
			t.Errorf("tentative %q", got)
		}
		buffered := kim.busy(t, "2026-11-26T09:00:00Z", "2026-11-26T16:00:00Z")
		buffered.Before = 15 * time.Minute
		if got := help(why(t, day(t, from, to, ada, buffered)), Unbuffered); !slices.Equal(got, []string{"without buffers: 1 slot on Thursday 26 November"}) {
			t.Errorf("buffers %q", got)
		}
		p := day(t, from, to, ada, kim)
		p.Earliest = instant(t, "2026-11-26T15:30:00Z")
		if got := help(why(t, p), LessNotice); len(got) != 1 || !strings.HasPrefix(got[0], "with less notice: 15 slots") {
			t.Errorf("notice %q", got)
		}
	})
	t.Run("longer days, limits, fewer people", func(t *testing.T) {
		west := office(t, "sam", "America/Los_Angeles")
		if got := help(why(t, day(t, from, to, ada, west)), LongerDays); !slices.Equal(got, []string{"if ada worked from 8 to 20: 3 slots on Thursday 26 November"}) {
			t.Errorf("longer days %q", got)
		}
		full := kim
		full.PerDay, full.Interviews = 1, []time.Time{instant(t, "2026-11-26T08:00:00Z")}
		if got := help(why(t, day(t, from, to, ada, full)), NoLimits); len(got) != 1 {
			t.Errorf("limits %q", got)
		}
		p := day(t, from, to, ada)
		p.People = append(p.People, kim.busy(t, "2026-11-26T00:00:00Z", "2026-11-26T23:00:00Z"), lou)
		p.Steps[0].Pools = []Pool{{Name: "panel", Need: 2, People: []string{"kim", "lou"}}}
		if got := help(why(t, p), FewerOf); len(got) != 1 || !strings.HasPrefix(got[0], "with 1 instead of 2 of panel: 15 slots") {
			t.Errorf("fewer %q", got)
		}
	})
	t.Run("other times than the candidate offered", func(t *testing.T) {
		offers := ada
		offers.Hours, offers.Zone = nil, zone(t, "Africa/Lagos")
		offers.Available = []Stretch{{instant(t, "2026-11-26T18:00:00Z"), instant(t, "2026-11-26T20:00:00Z")}}
		p := day(t, from, to, offers, kim)
		p.Candidate = "ada"
		if got := help(why(t, p), OtherTimes); !slices.Equal(got, []string{"if ada could at other times: 15 slots on Thursday 26 November"}) {
			t.Errorf("other times %q", got)
		}
	})
	t.Run("longer waits", func(t *testing.T) {
		p := day(t, from, to, ada, kim.busy(t, "2026-11-26T10:00:00Z", "2026-11-26T16:00:00Z"), lou.busy(t, "2026-11-26T08:00:00Z", "2026-11-26T12:00:00Z"))
		p.Steps = []Step{{Length: time.Hour, Required: []string{"ada", "kim"}}, {Length: time.Hour, Required: []string{"ada", "lou"}}}
		if got := help(why(t, p), WaitLonger); len(got) != 2 {
			t.Errorf("waits %q", got)
		}
	})
	t.Run("nothing alone helps", func(t *testing.T) {
		a, b := office(t, "a", "Europe/Berlin"), office(t, "b", "Europe/Berlin")
		a.Busy = []Stretch{{instant(t, "2026-11-01T00:00:00Z"), instant(t, "2026-12-26T00:00:00Z")}}
		b.Busy = a.Busy
		w := why(t, day(t, from, to, a, b, ada))
		if len(w.Help) != 0 || !strings.HasSuffix(w.Words, "No single change would help.") {
			t.Errorf("help %+v, %q", w.Help, w.Words)
		}
	})
}
