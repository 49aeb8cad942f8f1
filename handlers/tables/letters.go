package tables

import (
	"context"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// Letter is a text for somebody outside that a colleague sends and marks as sent.
type Letter struct {
	recruiting.Letter
	Card string `json:"card,omitempty"` // names the card that shows it, as long as it is ready
}

// Letters by LetterID.
var Letters = store.NewTable("letter", store.Def[Letter]{
	Whose: func(_ string, l Letter) []string { return []string{l.Candidate} },
	Index: func(l Letter, x *store.Index) {
		x.Order("candidate", l.Candidate, float64(l.At.Unix()))
		if l.State == recruiting.LetterReady {
			x.Order("ready", l.By, float64(l.At.Unix()))
		}
	},
})

// LetterID is where a letter of a candidate lies.
func LetterID(candidate, letter string) string { return candidate + "/" + letter }

// PutLetter stages one letter in place of an earlier one of the same id. State
// changes are told as news, from which its sender gets the text.
func PutLetter(ctx context.Context, c *bot.Call, l recruiting.Letter) error {
	rows, err := Letters.Many(ctx, c.Scope, []string{LetterID(l.Candidate, l.ID)})
	if err != nil {
		return err
	}
	row := store.Row[Letter]{ID: LetterID(l.Candidate, l.ID)}
	if len(rows) > 0 {
		row = rows[0]
	}
	putLetter(c, row, l)
	return nil
}

func putLetter(c *bot.Call, row store.Row[Letter], l recruiting.Letter) {
	was := row.Val
	if row.Rev == 0 && l.State == recruiting.LetterDropped {
		return // it was never staged, so there is nothing to stop
	}
	if row.Rev != 0 && l.State != recruiting.LetterReady { // what was written stays as it was
		l.By, l.Text, l.Subject = was.By, was.Text, was.Subject
	}
	row.Val.Letter = l
	if l.State == recruiting.LetterReady && (was.State != recruiting.LetterReady || was.Text != l.Text) {
		row.Val.Card = "letter/" + store.NewID("k", c.Now)
	}
	store.Put(c.Batch(), Letters, row)
	if was.State != l.State || was.Card != row.Val.Card {
		c.Tell(recruiting.LetterChanged{Record: recruiting.Record{Candidate: l.Candidate, App: l.App, Job: l.Job, ID: l.ID, State: l.State, By: c.Person.ID, At: c.Now}})
	}
}

// stageLetters keeps the letters of a decision, and drops those it took the ground from.
func (p *Person) stageLetters(ctx context.Context, c *bot.Call, ch recruiting.Change) error {
	_, ended := recruiting.Told[recruiting.Ended](ch)
	_, undone := recruiting.Told[recruiting.Undone](ch)
	if len(ch.Letters) == 0 && !ended && !undone {
		return nil
	}
	ids, err := Letters.Range(ctx, c.Scope, "candidate", p.Candidate.ID, store.Span{Rev: true, Limit: 100})
	if err != nil {
		return err
	}
	rows, err := Letters.Many(ctx, c.Scope, ids)
	if err != nil {
		return err
	}
	fresh := map[string]recruiting.Letter{}
	var order []string
	for _, l := range ch.Letters { // of several with one id the last counts
		if _, ok := fresh[l.ID]; !ok {
			order = append(order, l.ID)
		}
		fresh[l.ID] = l
	}
	for _, row := range rows {
		l, ok := fresh[row.Val.ID]
		if !ok {
			l = row.Val.Letter
			if l.State = recruiting.LetterState(l, &ch.Process); l.State == row.Val.State {
				continue
			}
			l.At = c.Now
		} else {
			order = slices.DeleteFunc(order, func(id string) bool { return id == l.ID })
		}
		putLetter(c, row, l)
	}
	for _, id := range order {
		putLetter(c, store.Row[Letter]{ID: LetterID(p.Candidate.ID, id)}, fresh[id])
	}
	return nil
}
