package pipeline

import (
	"context"

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
		return
	}
	job, from, err := jobMeant(ctx, c, map[string]string{"candidate": a.Candidate, "job": a.Job})
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
		return bot.Reply{}, err
	}
	return bot.Reply{Message: changed(c, &p, ch), Undo: Undo{Candidate: p.Candidate.ID, Deed: ch.Deed}}, nil
}

// changed says what a decision did to a person's way.
func changed(c *bot.Call, p *tables.Person, ch recruiting.Change) bot.Message {
	name := p.Candidate.Val.Name
	if m, ok := recruiting.Told[recruiting.Moved](ch); ok {
		if j := p.Situation.Jobs.Get(m.Job); j != nil {
			c.Fact("from", m.From)
			c.Fact("to", m.To)
			text := "Moved " + bot.Bold(name) + " from " + j.StageName(m.From) + " to " + bot.Bold(j.StageName(m.To)) + "."
			return bot.Card(text, bot.Para{Text: text}, bot.Note{Text: j.Title + " · the candidate is not told by this"},
				bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}}})
		}
	}
	if e, ok := recruiting.Told[recruiting.Ended](ch); ok {
		c.Fact("outcome", string(e.Outcome))
		text := bot.Bold(name) + " is " + string(e.Outcome) + " for " + p.Situation.Jobs.Title(e.Job) + "."
		return bot.Card(text, bot.Para{Text: text})
	}
	return bot.Say("Done for " + bot.Bold(name) + ".")
}
