package pipeline

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
)

// Find searches people while typing.
type Find struct {
	Words string `arg:"words" label:"Name, address or tag"`
}

// Show is a candidate's card.
type Show struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
}

func addFinds(b *bot.Bot) {
	bot.Handle(b, bot.Command[Find]{Name: "candidate find", Short: "find", Title: "Find a candidate", Who: hiring, On: bot.OnHome | bot.OnShortcut, Reads: true,
		Help: "Finds people by name, address or tag.", Example: `find ada`, Run: find})
	bot.Handle(b, bot.Command[Show]{Name: "candidate show", Title: "Show a candidate", Who: hiring, Reads: true,
		Help: "Shows a candidate's card.", Example: `candidate show Ada`, Run: show})
}

const findPage = 25

func find(ctx context.Context, c *bot.Call, a Find) (bot.Reply, error) {
	found, err := search(ctx, c, a.Words, findPage+1)
	if err == nil && len(found) == 0 {
		found, err = searchAfresh(ctx, c, a.Words)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	shown := bot.Clip(bot.Flat(a.Words), 60)
	if len(found) == 0 {
		return didYouMean(ctx, c, a.Words)
	}
	if len(found) == 1 {
		return show(ctx, c, Show{Candidate: found[0].ID})
	}
	more := len(found) > findPage
	found = found[:min(len(found), findPage)]
	t := bot.Table{Head: []string{"Name", "Where"}}
	for i := range found {
		t.Rows = append(t.Rows, []string{found[i].Val.Name, found[i].where(c.Person)})
	}
	m := bot.Card("People that fit “"+shown+"”", bot.Para{Text: "People that fit " + bot.Bold(shown) + ":"}, t)
	if more {
		m.Blocks = append(m.Blocks, bot.Note{Text: "There are more. Type more of the name, or a mail address."})
	}
	m.Blocks = append(m.Blocks, opening(c, found))
	return bot.Answer(m), nil
}

// opening leads from a list to the cards: a button each, or a menu of many.
func opening(c *bot.Call, found []match) bot.Block {
	opts := apart(c.Person, found)
	if len(found) <= 5 {
		var row bot.Buttons
		for i, o := range opts {
			label := o.Label
			if sameName(found, i) {
				label += " · " + o.Hint
			}
			row.Buttons = append(row.Buttons, bot.Button{Label: label, Do: Show{Candidate: o.Value}})
		}
		return row
	}
	return bot.Choices{Label: "Open", Options: opts, Field: "candidate", Do: Show{}}
}

// didYouMean answers a name nobody has with the nearest ones.
func didYouMean(ctx context.Context, c *bot.Call, words string) (bot.Reply, error) {
	near, err := nearby(ctx, c, words)
	if err != nil {
		return bot.Reply{}, err
	}
	fault := recruiting.NoCandidate(words)
	if len(near) == 0 {
		return bot.Reply{}, fault
	}
	text := "There is nobody called “" + bot.Clip(bot.Flat(words), 60) + "” here. Did you mean:"
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, opening(c, near))), nil
}

func show(ctx context.Context, c *bot.Call, a Show) (bot.Reply, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	c.Viewed("candidate:" + p.Candidate.ID)
	m, err := card(ctx, c, &p)
	return bot.Answer(m), err
}
