package pipeline

import (
	"context"
	"errors"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// Move puts a candidate at another stage of a job.
type Move struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate" hint:"A name, a mail address, or part of them"`
	To        string `arg:"to" ref:"stage" word:"to" label:"Stage"`
	Job       string `arg:"job,optional" ref:"job" word:"on" label:"Job" hint:"Only needed when they apply for several"`
	Reason    string `arg:"reason,optional,long" label:"Reason" hint:"For the team, never for the candidate"`
}

func addMoves(b *bot.Bot) {
	bot.Handle(b, bot.Command[Move]{
		Name: "candidate move", Short: "move", Title: "Move a candidate", Who: moving, On: bot.OnHome | bot.OnShortcut | bot.OnMessage,
		Help: "Moves a candidate to another stage.", Example: `move "Ada Okafor" to:Onsite`,
		Shape: shapeMove, Run: move,
	})
}

// shapeMove turns the stage field into the stages this candidate can go to.
func shapeMove(ctx context.Context, c *bot.Call, a Move, f *bot.Form) {
	if a.Candidate == "" {
		guess(ctx, c, f) // the stages follow whoever stands there when the form is sent
		return
	}
	job, from, err := jobMeant(ctx, c, map[string]string{"candidate": a.Candidate, "job": a.Job}, tables.Read)
	if err != nil {
		return
	}
	for i := range f.Fields {
		if x := &f.Fields[i]; x.Name == "to" {
			x.Kind, x.Options = bot.Choice, stageOptions(job, from, "")
		}
	}
}

func move(ctx context.Context, c *bot.Call, a Move) (bot.Reply, error) {
	p, ch, err := tables.Act(ctx, c, a.Candidate, func(p *tables.Person) (recruiting.Act, error) {
		app, fault := recruiting.FindApplication(&p.Situation, a.Job, c.Person)
		if fault != nil {
			return nil, fault
		}
		return recruiting.Move{App: app.ID, To: a.To, Cause: a.Reason}, nil
	})
	if err != nil {
		return bot.Reply{}, causeIsReason(guarded(ctx, c, p, a.Candidate, err))
	}
	m, ok := recruiting.Told[recruiting.Moved](ch)
	j := p.Situation.Jobs.Get(m.Job)
	if !ok || j == nil || len(ch.Questions) > 0 { // hired, withdrawn, or a rejection stopped by it
		return reply(ctx, c, p, ch), nil
	}
	c.Fact("from", m.From)
	c.Fact("to", m.To)
	text := "Moved " + bot.Bold(p.Candidate.Val.Name) + " from " + j.StageName(m.From) + " to " + bot.Bold(j.StageName(m.To)) + "."
	card := bot.Card(text, bot.Para{Text: text}, bot.Note{Text: j.Title + " · the candidate is not told by this"},
		bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}}})
	return bot.Reply{Message: card, Undo: Undo{Candidate: p.Candidate.ID, Deed: ch.Deed}}, nil
}

// causeIsReason names the field as this command calls it.
func causeIsReason(err error) error {
	if f, ok := errors.AsType[*bot.Fault](err); ok && f.Field == "cause" {
		return f.In("reason")
	}
	return err
}
