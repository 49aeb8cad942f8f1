package pipeline

import (
	"context"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// AskReference writes a request to a referee.
type AskReference struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Referee   string `arg:"referee" word:"from" label:"Referee" hint:"Who is asked"`
	Email     string `arg:"email,optional,email" label:"Their mail address"`
	Job       string `arg:"job,optional" ref:"job" word:"for" label:"Job" hint:"Only needed when they apply for several"`
}

// SendReference says that the request has gone out.
type SendReference struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Reference string `arg:"reference,optional" label:"Reference" hint:"Only when there are several, such as R-2"`
}

// ReceiveReference files what the referee said.
type ReceiveReference struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Text      string `arg:"text,long" label:"What they said"`
	Reference string `arg:"reference,optional" label:"Reference" hint:"Only when there are several, such as R-2"`
}

// CancelReference takes the request back.
type CancelReference struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Reference string `arg:"reference,optional" label:"Reference" hint:"Only when there are several, such as R-2"`
}

// RecordYes keeps the candidate's yes to references for a job.
type RecordYes struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Job       string `arg:"job,optional" ref:"job" word:"for" label:"Job" hint:"Only needed when they apply for several"`
}

func addReferences(b *bot.Bot) {
	bot.Handle(b, bot.Command[AskReference]{Name: "reference ask", Title: "Ask for a reference", Who: moving,
		Help: "Writes a reference request, for you to send.", Example: `reference ask Ada referee:"Tunde Bello" email:tunde@mail.example`, Run: askReference})
	bot.Handle(b, bot.Command[SendReference]{Name: "reference sent", Title: "Reference was asked", Who: moving,
		Help: "Marks a reference request as sent.", Example: "reference sent Ada",
		Run: func(ctx context.Context, c *bot.Call, a SendReference) (bot.Reply, error) {
			p, ch, err := onReference(ctx, c, a.Candidate, a.Reference, func(id string) recruiting.Act { return recruiting.SendReference{Reference: id} }, recruiting.ReferenceAsked)
			if err != nil {
				return bot.Reply{}, err
			}
			return reply(ctx, c, &p, ch), nil
		}})
	bot.Handle(b, bot.Command[ReceiveReference]{Name: "reference received", Title: "File a reference", Who: moving,
		Help: "Files what a referee said.", Example: `reference received Ada text:"A pleasure to work with."`, Run: receiveReference})
	bot.Handle(b, bot.Command[CancelReference]{Name: "reference cancel", Title: "Cancel a reference", Who: moving,
		Help: "Takes a reference request back; a referee who has it is told.", Example: "reference cancel Ada",
		Run: func(ctx context.Context, c *bot.Call, a CancelReference) (bot.Reply, error) {
			p, ch, err := onReference(ctx, c, a.Candidate, a.Reference, func(id string) recruiting.Act { return recruiting.CancelReference{Reference: id} },
				recruiting.ReferenceAsked, recruiting.ReferenceSent)
			if err != nil {
				return bot.Reply{}, err
			}
			return reply(ctx, c, &p, ch), nil
		}})
	bot.Handle(b, bot.Command[RecordYes]{Name: "candidate agreed", Title: "Candidate said yes", Who: moving,
		Help: "Notes a candidate's yes to references for a job.", Example: `candidate agreed Ada job:"Backend Engineer"`, Run: recordYes})
}

func askReference(ctx context.Context, c *bot.Call, a AskReference) (bot.Reply, error) {
	p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) {
		app, fault := recruiting.FindApplication(&p.Situation, a.Job, c.Person)
		if fault != nil {
			return nil, fault
		}
		return []recruiting.Act{recruiting.AskReference{App: app.ID, Referee: a.Referee, Mail: a.Email}}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return reply(ctx, c, &p, ch), nil
}

func onReference(ctx context.Context, c *bot.Call, candidate, id string, act func(id string) recruiting.Act, want ...recruiting.State) (tables.Person, recruiting.Change, error) {
	return decide(ctx, c, candidate, func(p *tables.Person) ([]recruiting.Act, error) {
		var all []rec
		for _, r := range p.Situation.Process.Refs {
			all = append(all, rec{r.ID, r.App, slices.Contains(want, r.State), r.Open()})
		}
		found, fault := choose(p, "reference", id, recruiting.PartReferences, c.Person, all)
		if fault != nil {
			return nil, fault
		}
		return []recruiting.Act{act(found)}, nil
	})
}

func receiveReference(ctx context.Context, c *bot.Call, a ReceiveReference) (bot.Reply, error) {
	note, fault := newNote(c, a.Candidate, a.Text, "text")
	if fault != nil {
		return bot.Reply{}, fault
	}
	p, ch, err := onReference(ctx, c, a.Candidate, a.Reference, func(id string) recruiting.Act {
		return recruiting.ReceiveReference{Reference: id, Note: note.ID}
	}, recruiting.ReferenceAsked, recruiting.ReferenceSent)
	if err != nil {
		return bot.Reply{}, err
	}
	putNote(c, note, ch)
	return reply(ctx, c, &p, ch), nil
}

func recordYes(ctx context.Context, c *bot.Call, a RecordYes) (bot.Reply, error) {
	p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) {
		app, fault := recruiting.FindApplication(&p.Situation, a.Job, c.Person)
		if fault != nil {
			return nil, fault
		}
		return []recruiting.Act{recruiting.RecordYes{Job: app.Job}}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return reply(ctx, c, &p, ch), nil
}
