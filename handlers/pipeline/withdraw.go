package pipeline

import (
	"context"
	"errors"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// Withdraw ends an application because the candidate asked to.
type Withdraw struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Job       string `arg:"job,optional" ref:"job" word:"from" label:"Job" hint:"Only needed when they apply for several"`
	Reason    string `arg:"reason,optional,long" label:"Why, if they said" hint:"For the team"`
}

// Transfer ends an application and goes on with another job.
type Transfer struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	To        string `arg:"to" ref:"job" word:"to" label:"To the job"`
	From      string `arg:"from,optional" ref:"job" word:"from" label:"From the job" hint:"Only needed when they apply for several"`
	Reason    string `arg:"reason,optional,long" label:"Reason" hint:"For the team, never for the candidate"`
}

func addWithdrawals(b *bot.Bot) {
	bot.Handle(b, bot.Command[Withdraw]{Name: "candidate withdraw", Title: "Candidate withdraws", Who: moving,
		Help: "Ends an application because the candidate asked to.", Example: "candidate withdraw Ada",
		Run: func(ctx context.Context, c *bot.Call, a Withdraw) (bot.Reply, error) {
			p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) {
				app, fault := recruiting.FindApplication(&p.Situation, a.Job, c.Person)
				if fault != nil {
					return nil, fault
				}
				return []recruiting.Act{recruiting.Withdraw{App: app.ID, Cause: a.Reason}}, nil
			})
			if err != nil {
				return bot.Reply{}, causeIsReason(err)
			}
			return reply(ctx, c, &p, ch), nil
		}})
	bot.Handle(b, bot.Command[Transfer]{Name: "candidate transfer", Title: "Move to another job", Who: moving,
		Help: "Moves a candidate to another job.", Example: `candidate transfer Ada to:"Data Engineer"`,
		Run: func(ctx context.Context, c *bot.Call, a Transfer) (bot.Reply, error) {
			p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) {
				app, fault := recruiting.FindApplication(&p.Situation, a.From, c.Person)
				if fault != nil {
					if fault.Field == "job" {
						fault.Field = "from"
					}
					return nil, fault
				}
				return []recruiting.Act{recruiting.Transfer{App: app.ID, Job: a.To, Cause: a.Reason}}, nil
			}, a.To)
			if err != nil {
				if f, ok := errors.AsType[*bot.Fault](err); ok && f.Field == "job" {
					f.Field = "to"
				}
				return bot.Reply{}, causeIsReason(err)
			}
			return reply(ctx, c, &p, ch), nil
		}})
}
