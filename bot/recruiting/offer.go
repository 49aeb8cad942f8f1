package recruiting

import (
	"time"

	"rapport/bot"
)

// States of an offer.
const (
	OfferDraft     State = "draft"
	OfferSent      State = "sent"
	OfferAccepted  State = "accepted"
	OfferDeclined  State = "declined"
	OfferWithdrawn State = "withdrawn"
)

// Offer is what a candidate is offered for one job; its terms lie in a note.
type Offer struct {
	ID    string    `json:"id"`
	App   string    `json:"app"`
	State State     `json:"is"`
	Since time.Time `json:"since"`
	Made  time.Time `json:"made"`
	By    string    `json:"by"`
	Until time.Time `json:"until,omitzero"` // when the candidate's time to answer ends
	Note  string    `json:"note,omitempty"` // id of the note with the terms
}

// Open reports whether the offer is drafted or waits for an answer.
func (o Offer) Open() bool { return o.State == OfferDraft || o.State == OfferSent }

// Stands reports whether the candidate has a living offer in hand or on paper.
func (o Offer) Stands() bool { return o.Open() || o.State == OfferAccepted }

// Offer is an offer by id; nil when there is none.
func (p *Process) Offer(id string) *Offer {
	for i := range p.Offers {
		if p.Offers[i].ID == id {
			return &p.Offers[i]
		}
	}
	return nil
}

type (
	// DraftOffer begins an offer; Note holds its terms.
	DraftOffer struct {
		App, Note string
		Until     time.Time
	}
	// SendOffer marks it as sent to the candidate.
	SendOffer struct{ Offer string }
	// AcceptOffer, DeclineOffer: the candidate's answer.
	AcceptOffer  struct{ Offer string }
	DeclineOffer struct{ Offer string }
	// WithdrawOffer takes it back.
	WithdrawOffer struct{ Offer string }
)

func (a DraftOffer) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoDraftOffer, a.App, "")
}

func (a SendOffer) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onOffer(p, DoSendOffer, a.Offer)
}

func (a AcceptOffer) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onOffer(p, DoAcceptOffer, a.Offer)
}

func (a DeclineOffer) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onOffer(p, DoDeclineOffer, a.Offer)
}

func (a WithdrawOffer) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onOffer(p, DoWithdrawOffer, a.Offer)
}

func onOffer(p *Process, k Kind, id string) (target, *bot.Fault) {
	o := p.Offer(id)
	if o == nil {
		return target{}, missing(p, "offer", id)
	}
	return onApp(p, k, o.App, id)
}

func (a DraftOffer) run(d *draft) *bot.Fault {
	if !a.Until.IsZero() && !a.Until.After(d.now) {
		return bot.Faultf(bot.Invalid, "The offer would have ended before it began. Give a day to come.").In("until")
	}
	o := Offer{ID: d.made(d.p.nextID("O")), App: a.App, State: OfferDraft, Since: d.now, Made: d.now, By: d.who.ID, Until: a.Until, Note: a.Note}
	d.p.Offers = append(d.p.Offers, o)
	d.deed.Rec = o.ID
	d.tell(OfferChanged{d.record(o.ID, o.App, o.State)})
	d.letter(offerLetter(d, &o, LetterOffer, LetterReady))
	return nil
}

func (a SendOffer) run(d *draft) *bot.Fault { return d.answer(a.Offer, OfferDraft, OfferSent) }

func (a AcceptOffer) run(d *draft) *bot.Fault { return d.answer(a.Offer, OfferSent, OfferAccepted) }

func (a DeclineOffer) run(d *draft) *bot.Fault { return d.answer(a.Offer, OfferSent, OfferDeclined) }

func (a WithdrawOffer) run(d *draft) *bot.Fault {
	if o := d.p.Offer(a.Offer); !o.Stands() {
		return late("The offer "+o.ID, o.State, o.Since)
	}
	sent := d.p.Offer(a.Offer).State != OfferDraft
	d.endOffer(a.Offer, OfferWithdrawn)
	if o := d.p.Offer(a.Offer); sent {
		d.letter(offerLetter(d, o, LetterOfferOff, LetterReady))
	} else {
		d.letter(offerLetter(d, o, LetterOffer, LetterDropped))
	}
	return nil
}

// answer moves an offer on from exactly one state.
func (d *draft) answer(id string, from, to State) *bot.Fault {
	if o := d.p.Offer(id); o.State != from {
		return late("The offer "+o.ID, o.State, o.Since)
	}
	d.endOffer(id, to)
	if to == OfferSent {
		d.letter(offerLetter(d, d.p.Offer(id), LetterOffer, LetterSent))
	}
	return nil
}

func (d *draft) endOffer(id string, to State) {
	o := d.offer(id)
	o.State, o.Since = to, d.now
	d.tell(OfferChanged{d.record(o.ID, o.App, o.State)})
}
