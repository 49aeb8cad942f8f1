package pipeline

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
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
	var act recruiting.Kind
	p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) {
		if d := p.Situation.Process.Deed(a.Deed); d != nil {
			act = d.Act
		}
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
	text := takenBack(act) + " " + standsAt(&p, ch.Process)
	if len(ch.Process.Apps) == 0 {
		text = takenBack(act) + " " + bot.Bold(p.Candidate.Val.Name) + " stays on record, without a job."
	}
	return bot.Answer(bot.Card(text, bot.Para{Text: text},
		bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}}})), nil
}

// takenBack names what was undone; of a move, where the person stands says it all.
func takenBack(act recruiting.Kind) string {
	switch act {
	case recruiting.DoMove, recruiting.DoHire, recruiting.DoWithdraw, recruiting.DoTransfer:
		return "Taken back."
	}
	words := did[commandOf[act]]
	if words == "" {
		words = act.Said()
	}
	return "Taken back: " + words + "."
}

// commandOf is the command of an act, for the words in which the history tells of it.
var commandOf = map[recruiting.Kind]string{
	recruiting.DoApply: "candidate apply", recruiting.DoAskReference: "reference ask", recruiting.DoCancelReference: "reference cancel",
	recruiting.DoDraftOffer: "offer draft", recruiting.DoAcceptOffer: "offer accept", recruiting.DoDeclineOffer: "offer decline",
	recruiting.DoReject: "candidate reject", recruiting.DoSignRejection: "rejection sign", recruiting.DoCancelRejection: "rejection cancel",
	recruiting.DoFileDecision: "decision file",
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

// undoLast takes back the caller's latest act on a person. One that cannot be taken
// back is named, and the latest before it that can is offered.
func undoLast(ctx context.Context, c *bot.Call, _ UndoLast) (bot.Reply, error) {
	rows, err := c.Scope.History(ctx, "person:"+c.Person.ID, 20)
	if err != nil {
		return bot.Reply{}, err
	}
	var latest, why string // the latest act, when it cannot be taken back
	for _, r := range rows {
		if id := r.Facts["bulk"]; id != "" && r.Act == "candidates move" && c.Now.Sub(r.At) <= recruiting.UndoFor {
			if latest != "" {
				return bot.Reply{}, notUndone(latest, why).With(bot.Button{Label: "Undo the bulk move", Do: UndoBulk{Bulk: id}})
			}
			return undoBulk(ctx, c, UndoBulk{Bulk: id})
		}
		deed, _ := strconv.Atoi(r.Facts["deed"])
		if c.Now.Sub(r.At) > recruiting.UndoFor || r.Act == "candidate undo" || r.Act == "undo" {
			continue
		}
		if deed == 0 {
			if way := wayBack[r.Act]; latest == "" && way != "" {
				latest, why = said(ctx, c, r)+concerned(ctx, c, r), coded(way)
			}
			continue
		}
		for _, rec := range r.Records {
			id, ok := strings.CutPrefix(rec, "candidate:")
			if !ok {
				continue
			}
			p, err := seen(ctx, c, id)
			if bot.IsFault(err, bot.Missing) || err == nil && !stands(p.Situation.Process.Deed(deed), r) {
				continue // erased, or taken back already
			}
			if err != nil {
				return bot.Reply{}, err
			}
			act := said(ctx, c, r) + " (" + bot.Bold(p.Candidate.Val.Name) + ")"
			_, err = p.Decide(c, func(*tables.Person) ([]recruiting.Act, error) {
				return []recruiting.Act{recruiting.Undo{Deed: deed}}, nil
			})
			switch fault, ok := errors.AsType[*bot.Fault](err); {
			case err == nil && latest == "":
				return undo(ctx, c, Undo{Candidate: id, Deed: deed})
			case err == nil:
				return bot.Reply{}, notUndone(latest, why+" Before it: "+act+".").With(bot.Button{Label: "Undo the one before", Do: Undo{Candidate: id, Deed: deed}})
			case !ok:
				return bot.Reply{}, err
			case latest == "":
				latest, why = act, fault.Say
			}
		}
	}
	if latest != "" {
		return bot.Reply{}, notUndone(latest, why)
	}
	return bot.Reply{}, bot.Faultf(bot.Refused, "There is nothing of yours from the last ten minutes that can be taken back.")
}

// notUndone says of the latest act why it stays.
func notUndone(act, why string) *bot.Fault {
	return bot.Faultf(bot.Refused, "Your latest act was: %s. %s", act, why)
}

// stands reports whether a deed is still the one a line of the audit tells of; after a
// merge the numbers mean others.
func stands(d *recruiting.Deed, r store.Audit) bool {
	return d != nil && d.By == r.By && d.At.Sub(r.At).Abs() < 5*time.Second
}

// concerned names whom or what a line of the audit is about, as far as one may see it.
func concerned(ctx context.Context, c *bot.Call, r store.Audit) string {
	for _, rec := range r.Records {
		if id, ok := strings.CutPrefix(rec, "candidate:"); ok {
			if p, err := seen(ctx, c, id); err == nil {
				return " (" + bot.Bold(p.Candidate.Val.Name) + ")"
			}
		}
		if id, ok := strings.CutPrefix(rec, "job:"); ok {
			if j, err := theJob(ctx, c, id); err == nil {
				return " (" + bot.Bold(j.Val.Title) + ")"
			}
		}
	}
	return ""
}

// coded shows what stands between backquotes as something to type.
func coded(text string) string {
	parts := strings.Split(text, "`")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = bot.Code(parts[i])
	}
	return strings.Join(parts, "")
}

// wayBack says of acts that Undo does not take back how they are reversed.
var wayBack = map[string]string{
	"candidate add": "That cannot be taken back; an Admin can erase the person.", "candidate anyway": "That cannot be taken back; an Admin can erase the person.",
	"candidate edit": "`/rapport candidate edit` changes it again.", "candidate form": "`/rapport candidate edit` changes it again.", "candidate tag": "`/rapport candidate tag` changes them again.",
	"candidate note": "The card of the note takes it away.", "candidate attach": "The card of it has an Undo of its own.", "candidate erase": "What is erased does not come back.",
	"candidate merge": "`/rapport candidate unmerge` parts them again, for 30 days.", "candidate unmerge": "`/rapport candidate merge` makes them one again.",
	"job open": "`/rapport job close` ends it.", "job edit": "`/rapport job edit` changes it again.", "job hold": "`/rapport job reopen` lets it go on.",
	"job reopen": "`/rapport job hold` or `/rapport job close` stops it again.", "job close": "`/rapport job reopen` opens it again.",
	"job stages": "`/rapport job stages` changes them again, with a plan for the people.", "job stage": "`/rapport job stage` changes it again.", "job rename-stage": "`/rapport job rename-stage` changes it again.",
}
