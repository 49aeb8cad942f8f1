package pipeline

import (
	"context"
	"strconv"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// Undo takes an act on a candidate back, for ten minutes and while nothing later
// happened to the same person. The rules stand in recruiting.Undo.
type Undo struct {
	Candidate string
	Deed      int
}

// UndoLast takes this person's own latest act back.
type UndoLast struct{}

func addUndo(b *bot.Bot) {
	bot.Handle(b, bot.Command[Undo]{Name: "candidate undo", Help: "Takes one act back.", Who: moving, On: bot.Hidden, Run: undo})
	bot.Handle(b, bot.Command[UndoLast]{Name: "undo", Help: "Takes your latest act back, within ten minutes.", Who: moving,
		Title: "Undo", Run: undoLast})
}

func undo(ctx context.Context, c *bot.Call, a Undo) (bot.Reply, error) {
	p, ch, err := decide(ctx, c, a.Candidate, func(*tables.Person) ([]recruiting.Act, error) {
		return []recruiting.Act{recruiting.Undo{Deed: a.Deed}}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	for _, n := range ch.News { // history then says which move was undone
		if m, ok := n.(recruiting.Moved); ok {
			c.Fact("from", m.From)
			c.Fact("to", m.To)
		}
	}
	text := "Taken back. " + standsAt(&p, ch.Process)
	return bot.Answer(bot.Card(text, bot.Para{Text: text},
		bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}}})), nil
}

// standsAt says where somebody is after a change.
func standsAt(p *tables.Person, now recruiting.Process) string {
	name := bot.Bold(p.Candidate.Val.Name)
	var parts []string
	for _, a := range now.Active() {
		if j := p.Situation.Jobs.Get(a.Job); j != nil {
			parts = append(parts, "at "+bot.Bold(j.StageName(a.Stage))+" for "+j.Title)
		}
	}
	if len(parts) == 0 {
		return name + " has no open application."
	}
	return name + " is " + strings.Join(parts, " and ") + "."
}

// undoLast finds the caller's latest act that can be taken back in the audit trail.
func undoLast(ctx context.Context, c *bot.Call, _ UndoLast) (bot.Reply, error) {
	rows, err := c.Scope.History(ctx, "person:"+c.Person.ID, 20)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, r := range rows {
		if id := r.Facts["bulk"]; id != "" && r.Act == "candidates move" && c.Now.Sub(r.At) <= recruiting.UndoFor {
			return undoBulk(ctx, c, UndoBulk{Bulk: id})
		}
		deed, _ := strconv.Atoi(r.Facts["deed"])
		if deed == 0 || c.Now.Sub(r.At) > recruiting.UndoFor || r.Act == "candidate undo" || r.Act == "undo" {
			continue
		}
		for _, rec := range r.Records {
			id, ok := strings.CutPrefix(rec, "candidate:")
			if !ok {
				continue
			}
			if p, err := tables.Read(ctx, c, id); err == nil && p.Situation.Process.Deed(deed) == nil {
				continue // taken back already
			}
			return undo(ctx, c, Undo{Candidate: id, Deed: deed})
		}
	}
	return bot.Reply{}, bot.Faultf(bot.Refused, "There is nothing of yours from the last ten minutes that can be taken back.")
}
