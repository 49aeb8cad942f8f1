package pipeline

import (
	"context"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// DraftOffer begins an offer.
type DraftOffer struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Terms     string `arg:"terms,long" label:"Terms" hint:"Pay, start, place: what the offer says"`
	Until     string `arg:"until,optional,date" label:"Answer until" hint:"A day such as 2026-12-15 or friday"`
	Job       string `arg:"job,optional" ref:"job" word:"for" label:"Job" hint:"Only needed when they apply for several"`
}

// offerMeant is one offer of a candidate; which act it is, the type says.
type offerMeant struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Offer     string `arg:"offer,optional" label:"Offer" hint:"Only when there are several, such as O-3"`
}

type (
	// SendOffer says that the offer has gone out.
	SendOffer offerMeant
	// AcceptOffer is the candidate's yes.
	AcceptOffer offerMeant
	// DeclineOffer is the candidate's no.
	DeclineOffer offerMeant
	// WithdrawOffer takes an offer back.
	WithdrawOffer offerMeant
)

func (w atlas) addOffers(b *bot.Bot) {
	bot.Handle(b, bot.Command[DraftOffer]{Name: "offer draft", Title: "Draft an offer", Who: moving,
		Help: "Drafts an offer for a candidate.", Example: `offer draft Ada terms:"60,000 a year, start 1 March"`, Run: w.draftOffer})
	bot.Handle(b, bot.Command[SendOffer]{Name: "offer send", Title: "Offer was sent", Who: moving,
		Help: "Marks an offer as sent to the candidate.", Example: "offer send Ada",
		Run: func(ctx context.Context, c *bot.Call, a SendOffer) (bot.Reply, error) {
			return onOffer(ctx, c, offerMeant(a), recruiting.OfferDraft, func(id string) recruiting.Act { return recruiting.SendOffer{Offer: id} })
		}})
	bot.Handle(b, bot.Command[AcceptOffer]{Name: "offer accept", Title: "Offer accepted", Who: moving,
		Help: "Notes that the candidate accepted an offer.", Example: "offer accept Ada",
		Run: func(ctx context.Context, c *bot.Call, a AcceptOffer) (bot.Reply, error) {
			return onOffer(ctx, c, offerMeant(a), recruiting.OfferSent, func(id string) recruiting.Act { return recruiting.AcceptOffer{Offer: id} })
		}})
	bot.Handle(b, bot.Command[DeclineOffer]{Name: "offer decline", Title: "Offer declined", Who: moving,
		Help: "Notes that the candidate declined an offer.", Example: "offer decline Ada",
		Run: func(ctx context.Context, c *bot.Call, a DeclineOffer) (bot.Reply, error) {
			return onOffer(ctx, c, offerMeant(a), recruiting.OfferSent, func(id string) recruiting.Act { return recruiting.DeclineOffer{Offer: id} })
		}})
	bot.Handle(b, bot.Command[WithdrawOffer]{Name: "offer withdraw", Title: "Withdraw an offer", Who: moving,
		Help: "Withdraws an offer; one that was sent is taken back by a letter.", Example: "offer withdraw Ada",
		Run: func(ctx context.Context, c *bot.Call, a WithdrawOffer) (bot.Reply, error) {
			return onOffer(ctx, c, offerMeant(a), "", func(id string) recruiting.Act { return recruiting.WithdrawOffer{Offer: id} })
		}})
}

func (w atlas) draftOffer(ctx context.Context, c *bot.Call, a DraftOffer) (bot.Reply, error) {
	until, said, fault := w.day(c, a.Until, "until")
	if fault != nil {
		return bot.Reply{}, fault
	}
	note, fault := newNote(c, a.Candidate, a.Terms, "terms")
	if fault != nil {
		return bot.Reply{}, fault
	}
	p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) {
		app, fault := recruiting.FindApplication(&p.Situation, a.Job, c.Person)
		if fault != nil {
			return nil, fault
		}
		return []recruiting.Act{recruiting.DraftOffer{App: app.ID, Note: note.ID, Until: until}}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	putNote(c, note, ch)
	r := reply(ctx, c, &p, ch)
	if said != "" {
		r.Message.Blocks = slices.Insert(r.Message.Blocks, 1, bot.Block(bot.Para{Text: said}))
	}
	return r, nil
}

func onOffer(ctx context.Context, c *bot.Call, a offerMeant, want recruiting.State, act func(id string) recruiting.Act) (bot.Reply, error) {
	p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) {
		var all []rec
		for _, o := range p.Situation.Process.Offers {
			all = append(all, rec{o.ID, o.App, o.State == want || want == "" && o.Stands(), o.Stands()})
		}
		found, fault := choose(p, "offer", a.Offer, recruiting.PartOffers, c.Person, all)
		if fault != nil {
			return nil, fault
		}
		return []recruiting.Act{act(found)}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return reply(ctx, c, &p, ch), nil
}

// newNote is a text that belongs to a record of the process, kept as a note beside it.
func newNote(c *bot.Call, candidate, text, field string) (store.Row[recruiting.Note], *bot.Fault) {
	n, fault := recruiting.NewNote(candidate, text, recruiting.TeamOnly, c.Person, c.Now)
	if fault != nil {
		return store.Row[recruiting.Note]{}, fault.In(field)
	}
	n.ID = store.NewID("n", c.Now)
	return store.Row[recruiting.Note]{ID: n.ID, Val: n}, nil
}

// putNote stages it, bound to the record that the act made or changed.
func putNote(c *bot.Call, row store.Row[recruiting.Note], ch recruiting.Change) {
	if d := ch.Process.Deed(ch.Deed); d != nil {
		row.Val.About = d.Rec
	}
	store.Put(c.Batch(), tables.Notes, row)
}
