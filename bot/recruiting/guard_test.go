package recruiting

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

func reject(app string) Reject { return Reject{App: app, Reason: why, Words: kind} }

// rejected is Ada after a sent rejection for Backend.
func rejected(t *testing.T) *world {
	w := play(t, ada())
	w.do(sam, reject("A-1"))
	w.wait(25 * time.Hour)
	w.do(sam, ReleaseRejection{"X-2"}, SendRejection{"X-2"})
	return w
}

func TestS1_17_RejectingWhileAReferenceIsOpen(t *testing.T) {
	w := play(t, ada())
	w.do(sam, AskReference{App: "A-1", Referee: "Prof. Bello", Mail: "bello@uni.example"})
	v := w.refused(sam, reject("A-1"), "reject_open_reference")
	if !slices.Equal(v.Because, []string{"R-2"}) || !strings.Contains(bot.Flat(v.Say), "reference R-2 (Prof. Bello) was asked on 2026-11-03") {
		t.Errorf("S1-23: %q because %v", bot.Flat(v.Say), v.Because)
	}
	w.do(sam, SendReference{"R-2"})
	v = w.refused(sam, reject("A-1"), "reject_open_reference")
	if len(v.Ways) != 1 || len(v.Ways[0].Acts) != 2 {
		t.Fatalf("one action offers both: %+v", v.Ways)
	}
	c := w.do(sam, v.Ways[0].Acts[0])
	if len(c.Letters) != 1 || c.Letters[0].Kind != LetterReferenceOff || c.Letters[0].Mail != "bello@uni.example" {
		t.Errorf("the referee is not told: %+v", c.Letters)
	}
	w.do(sam, v.Ways[0].Acts[1])
	if w.s.Process.pending("A-1") == nil {
		t.Error("no rejection is on its way")
	}
}

func TestS1_17_AReferenceForAnotherJobCounts(t *testing.T) {
	w := play(t, ada())
	w.do(sam, Apply{Job: "data"}, AskReference{App: "A-2", Referee: "Prof. Bello"})
	v := w.refused(sam, reject("A-1"), "reject_open_reference")
	if len(v.Ways) != 2 {
		t.Fatalf("%+v", v.Ways)
	}
	w.do(sam, v.Ways[1].Acts...) // they said yes to the reference for the other job
	w.do(sam, ReceiveReference{"R-3", "n-1"})
}

func TestS1_18_ReferenceAfterAnOutcome(t *testing.T) {
	ends := map[string]func(w *world){
		"withdrawn": func(w *world) { w.do(sam, Withdraw{App: "A-1"}) },
		"hired":     func(w *world) { w.do(sam, Move{App: "A-1", To: "hired"}) },
		"rejected": func(w *world) {
			w.do(sam, reject("A-1"))
			w.wait(25 * time.Hour)
			w.do(sam, ReleaseRejection{"X-2"}, SendRejection{"X-2"})
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			w := play(t, ada())
			end(w)
			w.refused(sam, AskReference{App: "A-1", Referee: "Prof. Bello"}, "reference_after_outcome")
			c := w.do(sam, Apply{Job: "data"})
			app := c.Process.On("data").ID
			v := w.refused(sam, AskReference{App: app, Referee: "Prof. Bello"}, "reference_needs_yes")
			w.do(sam, v.Ways[0].Acts...)
		})
	}
	t.Run("sending one that was asked before", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, AskReference{App: "A-1", Referee: "Prof. Bello"})
		c := w.do(sam, Withdraw{App: "A-1"})
		if r := c.Process.Reference("R-2"); r.State != ReferenceCancelled {
			t.Fatalf("a withdrawal leaves %+v", r)
		}
		w.refused(sam, SendReference{"R-2"}, "reference_after_outcome")
	})
}

func TestS1_20_ARejectionStopsInItsCoolingTime(t *testing.T) {
	at := noon.Add(48 * time.Hour)
	acts := map[string]Act{
		"a reference is asked":                AskReference{App: "A-1", Referee: "Prof. Bello"},
		"an interview is booked":              Book{App: "A-1", At: at, End: at.Add(time.Hour), With: []string{ivo.ID}},
		"an invitation goes out":              Invite{App: "A-1"},
		"a positive scorecard is filed":       FileScorecard{App: "A-1", Rating: PlainYes},
		"a manager decides for them":          FileDecision{App: "A-1", Rating: StrongYes},
		"an offer is drafted":                 DraftOffer{App: "A-1"},
		"an offer is drafted for another job": DraftOffer{App: "A-2"},
		"they are moved on":                   Move{App: "A-1", To: "onsite"},
	}
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			w := play(t, ada())
			w.do(sam, Apply{Job: "data"}, reject("A-1"))
			c := w.do(rita, act)
			r := c.Process.Rejection("X-3")
			if r.State != RejectionStopped || !slices.Equal(r.Asked, []string{sam.ID, rita.ID}) {
				t.Fatalf("%+v", r)
			}
			if len(c.Questions) != 1 || len(c.Questions[0].Ways) != 2 || !slices.Equal(c.Questions[0].Who, r.Asked) {
				t.Fatalf("both are asked: %+v", c.Questions)
			}
			w.wait(30 * time.Hour)
			if _, err := Decide(w.s, ReleaseRejection{"X-3"}, sam, w.now); err == nil {
				t.Fatal("it was released all the same")
			}
			w.do(rita, CancelRejection{"X-3"})
		})
	}
	t.Run("a negative scorecard does not stop it", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, reject("A-1"))
		c := w.do(rita, FileScorecard{App: "A-1", Rating: PlainNo})
		if c.Process.Rejections[0].State != RejectionCooling {
			t.Errorf("%+v", c.Process.Rejections[0])
		}
	})
	t.Run("both say go on, then it cools again", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, reject("A-1"))
		w.do(rita, FileScorecard{App: "A-1", Rating: PlainYes})
		w.faulted(mo, ResumeRejection{"X-2"}, bot.Forbidden)
		c := w.do(sam, ResumeRejection{"X-2"})
		if c.Process.Rejections[0].State != RejectionStopped {
			t.Fatal("one of two is enough")
		}
		w.faulted(sam, ResumeRejection{"X-2"}, bot.Refused)
		c = w.do(rita, ResumeRejection{"X-2"})
		if r := c.Process.Rejections[0]; r.State != RejectionCooling || !r.Due.After(w.now.Add(23*time.Hour)) {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("an interviewer who is asked may answer, others may not", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, Book{App: "A-1", ID: "iv-1", At: noon.Add(time.Hour), End: noon.Add(2 * time.Hour), With: []string{ivo.ID, "p-any"}})
		w.wait(3 * time.Hour)
		w.do(sam, EndInterview{Interview: "iv-1"})
		r := reject("A-1")
		r.Signer = sam.ID
		w.do(sam, r)
		w.do(ivo, FileScorecard{App: "A-1", Interview: "iv-1", Rating: StrongYes})
		w.faulted(bot.Person{ID: "p-any"}, CancelRejection{"X-2"}, bot.Forbidden)
		w.faulted(bot.Person{ID: "p-any"}, ResumeRejection{"X-2"}, bot.Forbidden)
		w.do(ivo, CancelRejection{"X-2"})
	})
	t.Run("it does not go on while what stopped it stands", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, reject("A-1"), DraftOffer{App: "A-1"})
		w.refused(sam, ResumeRejection{"X-2"}, "reject_open_offer")
		w.do(sam, WithdrawOffer{"O-3"}, ResumeRejection{"X-2"})
	})
	t.Run("a letter that is ready stops too", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, reject("A-1"))
		w.wait(25 * time.Hour)
		w.do(sam, ReleaseRejection{"X-2"})
		c := w.do(rita, AskReference{App: "A-1", Referee: "Prof. Bello"})
		if !slices.ContainsFunc(c.Letters, func(l Letter) bool { return l.Kind == LetterRejection && l.State == LetterDropped }) {
			t.Errorf("the text to send is not taken back: %+v", c.Letters)
		}
		w.faulted(sam, SendRejection{"X-2"}, bot.Refused)
	})
}

func TestS1_20_CoolingTime(t *testing.T) {
	w := play(t, ada())
	c := w.do(sam, reject("A-1"))
	n, _ := Told[RejectionChanged](c)
	if n.Due.Sub(noon) != 24*time.Hour {
		t.Errorf("due %v", n.Due)
	}
	w.wait(24*time.Hour - 2*time.Second)
	w.faulted(sam, ReleaseRejection{"X-2"}, bot.Refused)
	w.faulted(sam, SendRejection{"X-2"}, bot.Refused)
	w.wait(2 * time.Second)
	c = w.do(sam, ReleaseRejection{"X-2"})
	if len(c.Letters) != 1 || c.Letters[0].State != LetterReady || !strings.Contains(c.Letters[0].Text, kind) || !strings.HasSuffix(c.Letters[0].Text, sam.Name) {
		t.Fatalf("%+v", c.Letters)
	}
	if c.Process.Apps[0].State != Active {
		t.Error("rejected before the letter went out")
	}
	c = w.do(sam, SendRejection{"X-2"})
	if a := c.Process.Apps[0]; a.State != Rejected || a.Stage != "rejected" || a.Told.IsZero() {
		t.Errorf("%+v", a)
	}
}

func TestS1_21_Contradictions(t *testing.T) {
	later := noon.Add(90 * 24 * time.Hour)
	t.Run("offer to a rejected person", func(t *testing.T) {
		w := rejected(t)
		v := w.refused(sam, DraftOffer{App: "A-1"}, "offer_after_outcome")
		w.do(sam, v.Ways[0].Acts...)
	})
	t.Run("interview invite after rejection", func(t *testing.T) {
		w := rejected(t)
		w.refused(sam, Invite{App: "A-1"}, "interview_after_outcome")
		w.refused(sam, Book{App: "A-1", At: later, End: later.Add(time.Hour)}, "interview_after_outcome")
	})
	t.Run("campaign to a person in process", func(t *testing.T) {
		w := play(t, ada())
		w.refused(sam, SendCampaign{"camp-1"}, "campaign_in_process")
		w = rejected(t)
		w.refused(sam, SendCampaign{"camp-1"}, "campaign_after_rejection")
		w.wait(31 * 24 * time.Hour)
		w.s.Bars = []Bar{{Kind: OptedOut, Rec: "optout-1", At: noon}}
		w.refused(sam, SendCampaign{"camp-1"}, "contact_barred")
		w.s.Bars = nil
		w.do(sam, SendCampaign{"camp-1"})
		w = play(t, ada())
		w.do(sam, Move{App: "A-1", To: "hired"})
		w.refused(sam, SendCampaign{"camp-1"}, "campaign_hired")
	})
	t.Run("survey before outcome", func(t *testing.T) {
		w := play(t, ada())
		w.refused(sam, SendSurvey{App: "A-1"}, "survey_before_outcome")
		w = rejected(t)
		c := w.do(sam, SendSurvey{App: "A-1"})
		id := c.Process.Surveys[0].ID
		w.refused(sam, SendSurvey{App: "A-1"}, "survey_open")
		w.do(sam, RemindSurvey{id})
		w.refused(sam, RemindSurvey{id}, "survey_reminder")
		w.do(sam, EndSurvey{Survey: id, Answered: true})
		w.refused(sam, SendSurvey{App: "A-1"}, "survey_too_soon")
		w.wait(184 * 24 * time.Hour)
		w.do(sam, SendSurvey{App: "A-1"})
	})
	t.Run("reminder for a cancelled interview", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, Book{App: "A-1", ID: "iv-1", At: later, End: later.Add(time.Hour)}, RemindInterview{"iv-1"}, CancelInterview{"iv-1"})
		w.refused(sam, RemindInterview{"iv-1"}, "reminder_cancelled")
	})
	t.Run("two jobs: a no beside an offer", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, Apply{Job: "data"}, DraftOffer{App: "A-2"}, SendOffer{"O-3"})
		v := w.refused(sam, reject("A-1"), "jobs_contradict")
		w.do(sam, v.Ways[0].Acts...)
		if a := w.s.Process.App("A-1"); a.State != MovedOn || a.To != "A-2" {
			t.Errorf("%+v", a)
		}
	})
	t.Run("two jobs: two offers", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, Apply{Job: "data"}, DraftOffer{App: "A-1"}, SendOffer{"O-3"}, DraftOffer{App: "A-2"})
		w.refused(sam, SendOffer{"O-4"}, "jobs_contradict")
	})
	t.Run("two jobs: hired here, in process there", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, Apply{Job: "data"})
		v := w.refused(sam, Move{App: "A-1", To: "hired"}, "jobs_contradict")
		w.do(sam, v.Ways[0].Acts...)
	})
	t.Run("an interview to come", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, Book{App: "A-1", ID: "iv-1", At: later, End: later.Add(time.Hour)})
		v := w.refused(sam, reject("A-1"), "reject_interview_ahead")
		w.refused(sam, Move{App: "A-1", To: "hired"}, "end_interview_ahead")
		w.do(sam, v.Ways[0].Acts...)
		w.refused(sam, reject("A-1"), "reject_twice")
	})
	t.Run("moved back with an offer in hand", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, Move{App: "A-1", To: "offer"}, DraftOffer{App: "A-1"}, SendOffer{"O-2"})
		w.refused(sam, Move{App: "A-1", To: "onsite"}, "move_back_from_offer")
		w.refused(sam, DraftOffer{App: "A-1"}, "offer_twice")
		v := w.refused(sam, Move{App: "A-1", To: "hired"}, "hire_offer_unanswered")
		w.do(sam, v.Ways[0].Acts...)
	})
	t.Run("references open when somebody is hired", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, AskReference{App: "A-1", Referee: "Prof. Bello"})
		v := w.refused(sam, Move{App: "A-1", To: "hired"}, "end_open_reference")
		w.do(sam, v.Ways[0].Acts...)
	})
	t.Run("hired with a rejection on its way", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, reject("A-1"))
		v := w.refused(sam, Move{App: "A-1", To: "hired"}, "hire_rejection_pending")
		w.do(sam, v.Ways[0].Acts...)
	})
	t.Run("an offer beside a stopped rejection", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, reject("A-1"), DraftOffer{App: "A-1"})
		v := w.refused(sam, SendOffer{"O-3"}, "offer_rejection_stopped")
		w.do(sam, v.Ways[0].Acts...)
	})
	t.Run("an offer for the job they would leave", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, DraftOffer{App: "A-1"})
		v := w.refused(sam, Transfer{App: "A-1", Job: "data"}, "end_open_offer")
		w.do(sam, v.Ways[0].Acts...)
		w.do(sam, Withdraw{App: "A-3"})
		w.refused(sam, SendSurvey{App: "A-1"}, "survey_before_outcome") // it went on as another one
	})
	t.Run("S1-04 no survey to who opted out", func(t *testing.T) {
		w := rejected(t)
		w.s.Bars = []Bar{{Kind: Stale, Rec: "sync"}, {Kind: OptedOut, Rec: "optout-1", At: noon}}
		if v := w.refused(sam, SendSurvey{App: "A-1"}, "contact_barred"); !strings.Contains(v.Say, "opted out") {
			t.Error(v.Say)
		}
	})
	t.Run("a record that was merged or erased", func(t *testing.T) {
		w := play(t, ada())
		w.s.Process.Into = "c-other"
		w.refused(sam, Move{App: "A-1", To: "screen"}, "record_gone")
	})
}

func TestS2_14_HeldAndClosedJobs(t *testing.T) {
	later := noon.Add(90 * 24 * time.Hour)
	w := play(t, ada())
	w.do(sam, DraftOffer{App: "A-1"})
	w.s.Jobs[0].State = JobOnHold
	w.refused(sam, Invite{App: "A-1"}, "job_held")
	w.refused(sam, Book{App: "A-1", At: later, End: later.Add(time.Hour)}, "job_held")
	w.refused(sam, SendOffer{"O-2"}, "job_held")
	w.do(sam, Move{App: "A-1", To: "screen"})
	w = play(t, ada())
	w.do(sam, reject("A-1"))
	w.s.Jobs[0].State = JobEnded
	w.refused(sam, Apply{Job: "backend"}, "job_closed")
	w.refused(sam, AskReference{App: "A-1", Referee: "Prof. Bello"}, "job_closed")
	w.refused(sam, CancelRejection{"X-2"}, "job_closed")
	w.do(sam, Transfer{App: "A-1", Job: "data"})
	w.refused(sam, Transfer{App: "A-3", Job: "backend"}, "job_closed")
}

// Every rule of the table has a test above that makes it speak.
func TestEveryRuleExplainsItselfAndNamesItsBehaviours(t *testing.T) {
	for _, r := range rules {
		if r.Name == "" || r.Ids == "" || r.On == nil || r.When == nil || r.Say == nil {
			t.Errorf("rule %q is not whole", r.Name)
		}
	}
	for _, k := range allKinds {
		if kindSaid[k][0] == "" || kindSaid[k][1] == "" {
			t.Errorf("no words for %q", k)
		}
	}
}

func TestS1_37_GuardAndDecideSayTheSame(t *testing.T) {
	w := play(t, ada())
	w.do(sam, AskReference{App: "A-1", Referee: "Prof. Bello"})
	v := Guard(w.s, reject("A-1"), w.now)
	_, err := Decide(w.s, reject("A-1"), sam, w.now)
	var b Blocked
	if v.OK || !errors.As(err, &b) || b.Verdict.Rule != v.Rule || b.Verdict.Say != v.Say {
		t.Errorf("%+v, %v", v, err)
	}
}
