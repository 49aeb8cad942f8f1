package recruiting

import (
	"testing"
	"time"

	"rapport/bot"
)

func TestALetterFollowsItsDecision(t *testing.T) {
	for _, c := range []struct {
		kind LetterKind
		was  State
		p    Process
		want State
	}{
		{LetterRejection, LetterReady, Process{Rejections: []Rejection{{ID: "X-1", State: RejectionReady}}}, LetterReady},
		{LetterRejection, LetterReady, Process{Rejections: []Rejection{{ID: "X-1", State: RejectionStopped}}}, LetterDropped},
		{LetterRejection, LetterReady, Process{}, LetterDropped},
		{LetterRejection, LetterSent, Process{}, LetterSent},
		{LetterOffer, LetterReady, Process{}, LetterDropped},
		{LetterOffer, LetterDropped, Process{Offers: []Offer{{ID: "X-1", State: OfferDraft}}}, LetterReady},
		{LetterOffer, LetterReady, Process{Offers: []Offer{{ID: "X-1", State: OfferDeclined}}}, LetterDropped},
		{LetterReference, LetterReady, Process{}, LetterDropped},
		{LetterReference, LetterDropped, Process{Refs: []Reference{{ID: "X-1", State: ReferenceAsked}}}, LetterReady},
		{LetterReferenceOff, LetterReady, Process{Refs: []Reference{{ID: "X-1", State: ReferenceSent}}}, LetterDropped},
		{LetterReferenceOff, LetterReady, Process{Refs: []Reference{{ID: "X-1", State: ReferenceCancelled}}}, LetterReady},
		{LetterOfferOff, LetterReady, Process{Offers: []Offer{{ID: "X-1", State: OfferSent}}}, LetterDropped},
		{LetterHold, LetterReady, Process{Apps: []Application{{ID: "A-1", State: Rejected}}}, LetterDropped},
		{LetterHold, LetterReady, Process{Apps: []Application{{ID: "A-1", State: Active}}}, LetterReady},
	} {
		l := Letter{ID: "X-1/x", App: "A-1", Kind: c.kind, State: c.was}
		if got := LetterState(l, &c.p); got != c.want {
			t.Errorf("%s that was %s: %s, want %s", c.kind, c.was, got, c.want)
		}
	}
}

func TestActsSurviveBeingWrittenDown(t *testing.T) {
	in := []Act{CancelReference{"R-1"}, Reject{App: "A-1", Reason: "why", Words: "words"}, Book{App: "A-1", At: time.Unix(9, 0).UTC()}}
	steps, err := Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Decode(steps)
	if err != nil || len(out) != 3 || out[0] != in[0] || out[1] != in[1] {
		t.Fatal(out, err)
	}
	if b := out[2].(Book); !b.At.Equal(time.Unix(9, 0)) {
		t.Fatal(b)
	}
	if _, err := Decode([]Coded{{Act: "Nothing"}}); err == nil {
		t.Fatal("an unknown act was read")
	}
}

func TestNotesAboutOffersAreNotForInterviewers(t *testing.T) {
	eve := bot.Person{ID: "m_eve", Roles: Interviewer}
	p := &Process{Apps: []Application{{ID: "A-1", Job: "j", State: Active}}, Interviews: []Interview{{ID: "I-1", App: "A-1", State: InterviewBooked, With: []string{"m_eve"}}}}
	jobs := Jobs{{ID: "j"}}
	p.Offers, p.Refs = []Offer{{ID: "O-1", App: "A-1", Note: "n"}}, []Reference{{ID: "R-1", App: "A-1", Note: "n-r"}}
	p.Scorecards, p.Decisions = []Scorecard{{ID: "S-1", App: "A-1", Note: "n-s"}}, []Decision{{ID: "D-1", App: "A-1", Note: "n-d"}}
	for about, id := range map[string]string{"O-1": "n", "R-1": "n-r", "S-1": "n-s", "D-1": "n-d"} {
		n := Note{ID: id, Level: TeamOnly, About: about, Author: sam.ID}
		if MayRead(eve, n, p, jobs) || !MayRead(sam, n, p, jobs) {
			t.Errorf("the words of %s are for those who see such records", about)
		}
		if n.Author = eve.ID; MayRead(eve, n, p, jobs) != (about == "S-1") {
			t.Errorf("of her own words about %s an interviewer keeps the verdict", about)
		}
		if n.ID = "gone"; about != "S-1" && MayRead(sam, n, p, jobs) {
			t.Errorf("the words of a %s that was taken back are shown", about)
		}
	}
	if !MayRead(eve, Note{Level: TeamOnly}, p, jobs) {
		t.Error("a note of its own is for whoever meets them")
	}
}

func TestWhatBlockedIsExplainedAsItWas(t *testing.T) {
	on := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	p := Process{Refs: []Reference{{ID: "R-12", State: ReferenceSent, Asked: on, Since: on.AddDate(0, 0, 1)}}, Interviews: []Interview{{ID: "m/7", State: InterviewBooked, Since: on}}}
	kept := p.Because([]string{"R-12", "m/7", "gone"})
	p.Refs[0].State, p.Interviews[0].State = ReferenceCancelled, InterviewCancelled
	if got, want := bot.Flat(Explain(kept)), bot.Flat("reference R-12 was asked on "+day(on)+"; interview m/7 had been booked since "+day(on)); got != want {
		t.Fatal(got)
	}
	if Explain("") != "" || Explain("x y/z") != "" {
		t.Fatal("nothing is explained by nothing")
	}
}
