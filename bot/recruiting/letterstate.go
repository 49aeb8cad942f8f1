package recruiting

import (
	"strings"

	"rapport/bot"
)

// Rec is the record a letter belongs to: "X-4" of "X-4/rejection".
func (l Letter) Rec() string {
	rec, _, _ := strings.Cut(l.ID, "/")
	return rec
}

// LetterState says how a letter stands as the process stands now: a decision that
// was changed or taken back drops the letters it had staged. What was sent stays sent.
func LetterState(l Letter, p *Process) State {
	if l.State == LetterSent {
		return LetterSent
	}
	keep := func(while bool) State {
		if while {
			return l.State
		}
		return LetterDropped
	}
	is := func(s, ready, sent State) State {
		switch s {
		case ready:
			return LetterReady
		case sent:
			return LetterSent
		}
		return LetterDropped
	}
	switch l.Kind {
	case LetterRejection:
		if r := p.Rejection(l.Rec()); r != nil {
			return is(r.State, RejectionReady, RejectionSent)
		}
		return LetterDropped
	case LetterOffer:
		if o := p.Offer(l.Rec()); o != nil && o.State != OfferAccepted {
			return is(o.State, OfferDraft, OfferSent)
		}
		return keep(p.Offer(l.Rec()) != nil)
	case LetterReference:
		if r := p.Reference(l.Rec()); r != nil && r.State != ReferenceReceived {
			return is(r.State, ReferenceAsked, ReferenceSent)
		}
		return keep(p.Reference(l.Rec()) != nil)
	case LetterOfferOff:
		o := p.Offer(l.Rec())
		return keep(o != nil && o.State == OfferWithdrawn)
	case LetterReferenceOff:
		r := p.Reference(l.Rec())
		return keep(r != nil && r.State == ReferenceCancelled)
	}
	a := p.App(l.App)
	return keep(a == nil || a.State == Active)
}

// WhyDropped says of a letter that must not go out any more what became of its record.
func WhyDropped(l Letter, p *Process) string {
	var is State
	switch r, o, x := p.Reference(l.Rec()), p.Offer(l.Rec()), p.Rejection(l.Rec()); {
	case l.Kind == LetterHold || l.Kind == LetterReopened || l.Kind == LetterOfferOff || l.Kind == LetterReferenceOff:
		return "the decision has changed"
	case r != nil:
		is = r.State
	case o != nil:
		is = o.State
	case x != nil:
		is = x.State
	default:
		return "it was taken back"
	}
	return "it is " + is.Said()
}

// RejectionText is the letter a rejection would send as it stands, signed by who
// if nobody has signed it yet.
func RejectionText(s Situation, r Rejection, who bot.Person) Letter {
	if r.Name == "" && (r.Signer == "" || r.Signer == who.ID) {
		r.Name = who.Name
	}
	d := &draft{s: &s, p: s.Process, who: who}
	return rejectionLetter(d, &r, LetterReady)
}
