package pipeline

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// Apply puts somebody who is known already on a job.
type Apply struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Job       string `arg:"job" ref:"job" word:"on" label:"Job"`
	Stage     string `arg:"stage,optional" label:"Stage" hint:"Left out: the job's first"`
}

func addApplying(b *bot.Bot) {
	bot.Handle(b, bot.Command[Apply]{Name: "candidate apply", Title: "Put on a job", Who: moving,
		Help: "Puts a known candidate on a job.", Example: `candidate apply "Ada Okafor" job:"Backend Engineer"`, Run: apply})
}

func apply(ctx context.Context, c *bot.Call, a Apply) (bot.Reply, error) {
	p, ch, err := tables.Act(ctx, c, a.Candidate, func(p *tables.Person) (recruiting.Act, error) {
		act := recruiting.Apply{Job: a.Job, Source: c.Door}
		if j := p.Situation.Jobs.Get(a.Job); j != nil && a.Stage != "" {
			s, fault := j.FindStage(a.Stage, "")
			if fault != nil {
				return nil, fault.In("stage")
			}
			act.Stage = s.ID
		}
		return act, nil
	}, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	text := "Put " + bot.Bold(p.Candidate.Val.Name) + " on " + bot.Bold(p.Situation.Jobs.Title(a.Job)) + ". " + standsAt(p, ch.Process)
	return bot.Reply{Message: bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}}}),
		Undo: Undo{Candidate: p.Candidate.ID, Deed: ch.Deed}}, nil
}
