package recruiting

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

func TestMoveTellsIdsAndKeepsTheOldProcess(t *testing.T) {
	s := ada()
	before := s.Process.clone()
	c, err := Decide(s, Move{App: "A-1", To: "onsite", Cause: "strong screen"}, sam, noon)
	if err != nil {
		t.Fatal(err)
	}
	m, ok := Told[Moved](c)
	if !ok || m.From != "applied" || m.To != "onsite" || m.Job != "backend" || m.By != sam.ID || m.Deed != 1 {
		t.Fatalf("news: %+v", c.News)
	}
	a := c.Process.Apps[0]
	if a.Stage != "onsite" || !a.Since.Equal(noon) || len(a.Was) != 1 || a.Was[0].Stage != "applied" {
		t.Fatalf("application: %+v", a)
	}
	if !reflect.DeepEqual(s.Process, before) {
		t.Fatal("Decide wrote into what it was given")
	}
}

func TestMoveIsRefused(t *testing.T) {
	withMap := ada()
	withMap.Jobs[0].Stages[0].Next = []string{"screen"}
	withMap.Jobs[0].Stages[2].Cause = true
	withMap.Jobs[0].Stages[3].Who = Admin
	owned := ada()
	owned.Jobs[0].OwnedBy = &Owner{System: "greenhouse", Name: "Greenhouse", Link: "https://ats.example/a/{id}"}
	owned.Process.Apps[0].External = []External{{"greenhouse", "77"}}
	closed := ada()
	closed.Jobs[0].State = JobEnded
	cases := []struct {
		name string
		s    Situation
		who  bot.Person
		act  Move
		kind bot.FaultKind
		say  string
	}{
		{"S2-12 not on the status map", withMap, sam, Move{App: "A-1", To: "onsite", Cause: "x"}, bot.Refused, "one can go to “Screen”"},
		{"to where they are", ada(), sam, Move{App: "A-1", To: "applied"}, bot.Refused, "already"},
		{"a stage that is not there", ada(), sam, Move{App: "A-1", To: "moon"}, bot.Invalid, "no stage “moon”"},
		{"a rejection is its own act", ada(), sam, Move{App: "A-1", To: "rejected"}, bot.Invalid, "internal reason"},
		{"an application that is not there", ada(), sam, Move{App: "A-9", To: "onsite"}, bot.Missing, "no application"},
		{"S2-09 kept in another system", owned, sam, Move{App: "A-1", To: "onsite"}, bot.Refused, "https://ats.example/a/77"},
		{"a closed job", closed, sam, Move{App: "A-1", To: "onsite"}, bot.Refused, "closed"},
		{"somebody else's job reads like nobody there", ada(), mia, Move{App: "A-1", To: "onsite"}, bot.Missing, "cannot find that person"},
		{"support sees who it is, not at which job", ada(), sue, Move{App: "A-1", To: "onsite"}, bot.Forbidden, "Moving people is for an Admin, a recruiter or a hiring manager."},
		{"who has left", ada(), bot.Person{ID: sam.ID, Roles: Recruiter, Gone: true}, Move{App: "A-1", To: "onsite"}, bot.Missing, "cannot find that person"},
		{"40,000 characters of cause", ada(), sam, Move{App: "A-1", To: "onsite", Cause: strings.Repeat("a", 40000)}, bot.Invalid, "500 is the most"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := play(t, c.s).faulted(c.who, c.act, c.kind)
			if !strings.Contains(f.Say, c.say) {
				t.Errorf("says %q, want %q in it", f.Say, c.say)
			}
		})
	}
	t.Run("S2-12 a stage that needs a cause and an Admin", func(t *testing.T) {
		w := play(t, withMap)
		w.do(sam, Move{App: "A-1", To: "screen"})
		w.faulted(sam, Move{App: "A-1", To: "onsite", Cause: " "}, bot.Invalid)
		w.faulted(sam, Move{App: "A-1", To: "offer"}, bot.Forbidden)
		w.do(admin, Move{App: "A-1", To: "offer"})
	})
	t.Run("the owning system itself moves", func(t *testing.T) {
		play(t, owned).do(bot.Person{ID: "ats", Roles: bot.Machine}, Move{App: "A-1", To: "onsite", System: "greenhouse"})
	})
	t.Run("a manager moves on their own job", func(t *testing.T) {
		play(t, ada()).do(mo, Move{App: "A-1", To: "screen"})
	})
}

func TestHistoryOfStagesIsCapped(t *testing.T) {
	w := play(t, ada())
	for range 20 {
		w.do(sam, Move{App: "A-1", To: "screen"}, Move{App: "A-1", To: "onsite"})
		w.wait(time.Hour)
	}
	if n := len(w.s.Process.Apps[0].Was); n != maxWas {
		t.Errorf("%d steps kept", n)
	}
	if n := len(w.s.Process.Deeds); n > 2 {
		t.Errorf("%d deeds kept that nobody can undo", n)
	}
}

func TestTransferAndReapply(t *testing.T) {
	w := play(t, ada())
	c := w.do(sam, Transfer{App: "A-1", Job: "data", Cause: "better fit"})
	p := &c.Process
	if p.Apps[0].State != MovedOn || p.Apps[0].To != p.Apps[1].ID || p.Apps[1].Job != "data" || p.Apps[1].State != Active {
		t.Fatalf("%+v", p.Apps)
	}
	w.refused(sam, Apply{Job: "data"}, "apply_twice")
	w.refused(sam, Move{App: "A-1", To: "screen"}, "ended")
	w.do(sam, Withdraw{App: p.Apps[1].ID, Cause: "took another job"}, Apply{Job: "data", Stage: "screen"})
	if a := w.s.Process.On("data"); a.State != Active || a.Stage != "screen" {
		t.Fatalf("%+v", a)
	}
	w.faulted(sam, Apply{Job: "nowhere"}, bot.Missing)
	w.faulted(sam, Apply{Job: "design", Stage: "hired"}, bot.Invalid)
}

func TestAManagerAddsToAndMovesToTheirOwnJobsOnly(t *testing.T) {
	s := ada()
	s.Process.Apps, s.Candidate.MadeBy = nil, mo.ID
	s.Jobs[1].Managers = nil
	play(t, s).do(mo, Apply{Job: "backend"})
	play(t, s).faulted(mo, Apply{Job: "data"}, bot.Missing)
	play(t, s).faulted(mia, Apply{Job: "backend"}, bot.Missing)
	w := play(t, s)
	w.do(sam, Apply{Job: "backend"})
	w.faulted(mo, Transfer{App: "A-2", Job: "data"}, bot.Missing)
}

func TestFindApplication(t *testing.T) {
	w := play(t, ada())
	if a, f := FindApplication(&w.s, "", sam); f != nil || a.ID != "A-1" {
		t.Fatal(f)
	}
	w.do(sam, Apply{Job: "data"})
	_, f := FindApplication(&w.s, "", sam)
	if f == nil || f.Kind != bot.Ambiguous || f.Field != "job" || len(f.Options) != 2 {
		t.Fatalf("%+v", f)
	}
	if a, f := FindApplication(&w.s, "data sci", sam); f != nil || a.Job != "data" {
		t.Fatal(f)
	}
	if _, f := FindApplication(&w.s, "design", sam); f == nil || f.Kind != bot.Missing {
		t.Fatalf("%+v", f)
	}
	w.s.Jobs[1].Managers = nil
	if a, f := FindApplication(&w.s, "", mo); f != nil || a.Job != "backend" {
		t.Fatalf("a manager means their own job: %+v", f)
	}
}

func BenchmarkDecideMove(b *testing.B) {
	s := ada()
	to := [2]string{"screen", "onsite"}
	now := noon
	b.ReportAllocs()
	for i := range b.N {
		now = now.Add(11 * time.Minute)
		c, err := Decide(s, Move{App: "A-1", To: to[i%2]}, sam, now)
		if err != nil {
			b.Fatal(err)
		}
		s.Process = c.Process
	}
}
