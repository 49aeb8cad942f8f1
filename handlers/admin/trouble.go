package admin

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
)

// Trouble shows messages in doubt and what was given up.
type Trouble struct{}

// Again sends a message in doubt, or does a given-up item, once more.
type Again struct{ ID, Kind string }

// Drop forgets it.
type Drop struct{ ID, Kind string }

func (a *desk) addTrouble() {
	bot.Handle(a.bot, bot.Command[Trouble]{Name: "trouble list", Short: "trouble", Title: "Trouble", Who: recruiting.Admin | recruiting.Recruiter, On: bot.OnHome, Reads: true,
		Help: "Shows messages of which nobody knows whether they arrived, and what was given up.", Run: a.trouble})
	bot.Handle(a.bot, bot.Command[Again]{Name: "trouble again", Help: "Tries it again.", Title: "Try again", Who: recruiting.Admin | recruiting.Recruiter, On: bot.Hidden, Run: a.again})
	bot.Handle(a.bot, bot.Command[Drop]{Name: "trouble drop", Help: "Forgets it.", Title: "Forget it", Who: recruiting.Admin | recruiting.Recruiter, On: bot.Hidden, Run: a.drop})
}

func (a *desk) trouble(ctx context.Context, c *bot.Call, _ Trouble) (bot.Reply, error) {
	list, err := a.bot.Doubts(ctx, c.Tenant)
	if err != nil {
		return bot.Reply{}, err
	}
	dead, err := a.bot.DB().DeadLetters(ctx, c.Tenant)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(list)+len(dead) == 0 {
		return bot.Replyf("No trouble: every message arrived and nothing was given up."), nil
	}
	m := bot.Card("Trouble")
	for _, d := range list[:min(len(list), 8)] {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold("A message to "+c.NameOf(ctx, d.To)) + ": " + bot.Clip(bot.Flat(d.Text), 200)},
			bot.Note{Text: d.Why + ", " + bot.Moment(d.At, "UTC", bot.DateTime)},
			bot.Buttons{Buttons: []bot.Button{{Label: "Send again", Do: Again{d.ID, "message"}}, {Label: "It arrived", Do: Drop{d.ID, "message"}}}})
	}
	for _, d := range dead[:min(len(dead), 8)] {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold("Given up: "+d.Kind) + " " + bot.Code(d.ID)}, bot.Note{Text: bot.Moment(d.At, "UTC", bot.DateTime)},
			bot.Buttons{Buttons: []bot.Button{{Label: "Try again", Do: Again{d.ID, d.Kind}}, {Label: "Forget it", Do: Drop{d.ID, d.Kind}}}})
	}
	if rest := len(list) + len(dead) - 16; rest > 0 {
		m.Blocks = append(m.Blocks, bot.Note{Text: counted(rest, "more thing") + " like these."})
	}
	return bot.Answer(m), nil
}

func (a *desk) again(ctx context.Context, c *bot.Call, g Again) (bot.Reply, error) {
	if g.Kind == "message" {
		if err := a.bot.DB().OutRetry(ctx, c.Tenant, g.ID); err != nil {
			return bot.Reply{}, err
		}
		return bot.Replyf("Sending it again."), nil
	}
	if err := a.bot.Revive(ctx, c.Tenant, g.ID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Replyf("Trying it again."), nil
}

func (a *desk) drop(ctx context.Context, c *bot.Call, d Drop) (bot.Reply, error) {
	if d.Kind == "message" {
		if err := a.bot.DB().OutDrop(ctx, c.Tenant, d.ID); err != nil {
			return bot.Reply{}, err
		}
		return bot.Replyf("Forgotten."), nil
	}
	if err := a.bot.DB().DeadDrop(ctx, c.Tenant, d.ID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Replyf("Forgotten."), nil
}
