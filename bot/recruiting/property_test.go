package recruiting

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rapport/bot"
)

// What no sequence of accepted acts may ever break (S1-19, S1-37). The first
// group is Contradictions itself, looked at from outside; the rest is stated here.
//
//   - at most one active application per job
//   - no open reference, standing offer or interview to come beside an outcome,
//     save the accepted offer of somebody hired
//   - no rejection on its way beside an open reference, an offer, or an interview for the same application
//   - a reference for another job than one that ended has the candidate's yes
//   - never two offers in the candidate's hands
//   - nobody hired goes on in an application they had before
//   - a rejection was sent only with reason and words, at least the cooling time after its signature
//   - never two surveys open, nor within six months; never more than one reminder
//   - an application with an outcome stands at the stage of that outcome
//   - undo gives back exactly what was there
func TestNoSequenceOfAcceptedActsContradicts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, now := ada(), noon
		people := []bot.Person{sam, rita, mo, admin}
		steps := rapid.IntRange(1, 60).Draw(rt, "steps")
		for range steps {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{1, 60, 3600, 90000, 90 * 86400}).Draw(rt, "wait")) * time.Second)
			act := drawAct(rt, &s.Process, now)
			who := rapid.SampledFrom(people).Draw(rt, "who")
			before, _ := json.Marshal(s.Process)
			c, err := Decide(s, act, who, now)
			if after, _ := json.Marshal(s.Process); string(after) != string(before) {
				rt.Fatalf("%T wrote into its argument", act)
			}
			if err != nil {
				continue
			}
			if inverse := undone(s, c, who, now); inverse != nil && !reflect.DeepEqual(facts(*inverse), facts(s.Process)) {
				rt.Fatalf("undo of %T %+v:\n%+v\nwas\n%+v", act, act, facts(*inverse), facts(s.Process))
			}
			s.Process = c.Process
			if msg := broken(&s, now); msg != "" {
				rt.Fatalf("after %T %+v: %s", act, act, msg)
			}
		}
	})
}

func drawAct(rt *rapid.T, p *Process, now time.Time) Act {
	job := rapid.SampledFrom([]string{"backend", "data", "design"}).Draw(rt, "job")
	app, ref, offer, no, iv, sv := "A-1", "", "", "", "", ""
	if n := len(p.Apps); n > 0 {
		app = p.Apps[rapid.IntRange(0, n-1).Draw(rt, "app")].ID
	}
	if n := len(p.Refs); n > 0 {
		ref = p.Refs[rapid.IntRange(0, n-1).Draw(rt, "ref")].ID
	}
	if n := len(p.Offers); n > 0 {
		offer = p.Offers[rapid.IntRange(0, n-1).Draw(rt, "offer")].ID
	}
	if n := len(p.Rejections); n > 0 {
		no = p.Rejections[rapid.IntRange(0, n-1).Draw(rt, "no")].ID
	}
	if n := len(p.Interviews); n > 0 {
		iv = p.Interviews[rapid.IntRange(0, n-1).Draw(rt, "iv")].ID
	}
	if n := len(p.Surveys); n > 0 {
		sv = p.Surveys[rapid.IntRange(0, n-1).Draw(rt, "sv")].ID
	}
	at := now.Add(time.Hour)
	return rapid.SampledFrom([]Act{
		Move{App: app, To: "screen"}, Move{App: app, To: "onsite"}, Move{App: app, To: "offer"}, Move{App: app, To: "hired"}, Move{App: app, To: "withdrawn"},
		Apply{Job: job}, Transfer{App: app, Job: job}, Withdraw{App: app},
		AskReference{App: app, Referee: "Prof. Bello"}, AskReference{App: app, Referee: "Dr. Lind"}, SendReference{ref}, ReceiveReference{Reference: ref}, CancelReference{ref}, RecordYes{job},
		DraftOffer{App: app}, SendOffer{offer}, AcceptOffer{offer}, DeclineOffer{offer}, WithdrawOffer{offer},
		Reject{App: app, Reason: why, Words: "After long thought we have decided to go on with another person.", Signer: sam.ID},
		SignRejection{no}, ReleaseRejection{no}, ReleaseRejection{no}, StopRejection{no}, ResumeRejection{no}, CancelRejection{no}, SendRejection{no}, SendRejection{no},
		Invite{App: app}, Book{App: app, At: at, End: at.Add(time.Hour)}, Book{App: app, ID: iv, At: at, End: at.Add(time.Hour)}, RemindInterview{iv}, CancelInterview{iv}, EndInterview{Interview: iv},
		FileScorecard{App: app, Rating: PlainYes}, FileScorecard{App: app, Rating: PlainNo}, FileDecision{App: app, Rating: StrongYes},
		SendSurvey{App: app}, RemindSurvey{sv}, EndSurvey{Survey: sv}, SendCampaign{"camp"},
		Undo{p.Acts},
	}).Draw(rt, "act")
}

// undone is the process after taking the change back at once; nil when the act has no inverse.
func undone(s Situation, c Change, who bot.Person, now time.Time) *Process {
	s.Process = c.Process
	if n := len(c.Process.Deeds); n == 0 || c.Deed == 0 || instead[c.Process.Deeds[n-1].Act] != "" {
		return nil
	}
	back, err := Decide(s, Undo{c.Deed}, who, now)
	if err != nil {
		panic(err)
	}
	return &back.Process
}

// facts is a process without what undo may leave different: numbers, the log of
// acts, how often somebody said go on, and what fell off the end of a history.
func facts(p Process) Process {
	p = p.clone()
	p.Acts, p.Seq, p.Deeds = 0, 0, nil
	for i := range p.Apps {
		p.Apps[i].Was = nil
		p.Apps[i].Told = time.Time{}
	}
	for i := range p.Rejections {
		r := &p.Rejections[i]
		r.Because, r.Asked, r.GoOn = nil, nil, nil
	}
	for i := range p.Interviews {
		p.Interviews[i].At, p.Interviews[i].End = time.Time{}, time.Time{}
	}
	data, _ := json.Marshal(p)
	var out Process
	_ = json.Unmarshal(data, &out)
	return out
}

func broken(s *Situation, now time.Time) string {
	p := &s.Process
	if c := Contradictions(*s, now); len(c) > 0 {
		return c[0].Say
	}
	for i := range p.Apps {
		a := &p.Apps[i]
		j := s.Jobs.Get(a.Job)
		st, _ := j.Stage(a.Stage)
		switch {
		case a.State == Active && st.Kind.Ends(), a.State == Hired && st.Kind != AtHired, a.State == Rejected && st.Kind != AtRejected, a.State == Withdrawn && st.Kind != AtWithdrawn:
			return a.ID + " is " + string(a.State) + " at " + a.Stage
		case a.State == Rejected && (a.Told.IsZero() || !hasSent(p, a.ID)):
			return a.ID + " is rejected without a letter"
		}
		for k := range p.Apps {
			b := &p.Apps[k]
			if i != k && a.State == Active && b.State == Active && a.Job == b.Job {
				return "twice active on " + a.Job
			}
			if a.State == Hired && b.State == Active && b.Made.Before(a.Since) {
				return "hired and still in process"
			}
		}
	}
	inHand := 0
	for _, o := range p.Offers {
		a := p.App(o.App)
		if o.State == OfferSent || o.State == OfferAccepted && a.State == Active {
			inHand++
		}
		if o.Open() && a.State != Active {
			return "an open offer beside an outcome"
		}
	}
	if inHand > 1 {
		return "two offers in hand"
	}
	for _, r := range p.Refs {
		if r.Open() && p.App(r.App).State != Active {
			return "an open reference beside an outcome"
		}
		for _, x := range p.Rejections {
			if r.Open() && x.moving() && x.App == r.App {
				return "a rejection on its way beside an open reference"
			}
		}
	}
	for _, x := range p.Rejections {
		if x.moving() && inHand > 0 {
			return "a rejection on its way beside an offer"
		}
		if x.State == RejectionSent && (x.Words == "" || x.Reason == "" || x.Name == "" || x.Due.Before(x.Signed.Add(24*time.Hour)) || x.Since.Before(x.Due)) {
			return "a rejection sent too early or without words"
		}
	}
	for i, a := range p.Surveys {
		if a.Reminders > 1 {
			return "reminded twice"
		}
		for _, b := range p.Surveys[i+1:] {
			if b.Sent.Before(a.Sent.AddDate(0, 5, 27)) {
				return "two surveys within six months"
			}
		}
	}
	return ""
}

func hasSent(p *Process, app string) bool {
	for _, r := range p.Rejections {
		if r.App == app && r.State == RejectionSent {
			return true
		}
	}
	return false
}
