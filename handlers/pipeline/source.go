package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// addSources keeps notes that were made from messages in step with them, on networks
// that tell of edits and deletions.
func addSources(b *bot.Bot) {
	b.Watch(func(ctx context.Context, c *bot.Call, e bot.Event) error {
		switch body := e.Body.(type) {
		case bot.Edited:
			return ofMessage(ctx, c, bot.MessageKey(e.Place, body.Message), func(n recruiting.Note) (recruiting.Note, bool) {
				return n.Reworded(bot.Flat(body.Text), moment(e, c))
			}, "note edited")
		case bot.Deleted:
			return ofMessage(ctx, c, bot.MessageKey(e.Place, body.Message), func(n recruiting.Note) (recruiting.Note, bool) {
				return n.Orphaned(moment(e, c))
			}, "note orphaned")
		}
		return nil
	})
}

func moment(e bot.Event, c *bot.Call) time.Time {
	if e.At.IsZero() {
		return c.Now
	}
	return e.At
}

// ofMessage changes every note that was made from a message, and tells their authors
// when it was deleted: taking the note away too is theirs to decide.
func ofMessage(ctx context.Context, c *bot.Call, source string, change func(recruiting.Note) (recruiting.Note, bool), act string) error {
	if source == "" || c.Tenant == "" {
		return nil
	}
	ids, err := tables.Notes.Exact(ctx, c.Scope, "source", source)
	if err != nil || len(ids) == 0 {
		return err
	}
	rows, err := tables.Notes.Many(ctx, c.Scope, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		next, changed := change(r.Val)
		if !changed {
			continue
		}
		gone := r.Val.Gone.IsZero() && !next.Gone.IsZero()
		r.Val = next
		store.Put(c.Batch(), tables.Notes, r)
		c.As(act)
		c.Record("candidate:"+next.Candidate, "note:"+r.ID)
		own := c.Person.ID == "" && next.Said == c.NameOf(ctx, next.Author) // some networks do not say who deleted
		if gone && next.Author != c.Person.ID && !own {
			if err := tellOrphaned(ctx, c, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func tellOrphaned(ctx context.Context, c *bot.Call, r store.Row[recruiting.Note]) error {
	who, err := c.PersonByID(ctx, r.Val.Author)
	if errors.Is(err, store.ErrNone) || err == nil && who.Gone {
		return nil // nobody is left to decide
	}
	if err != nil {
		return err
	}
	p, err := tables.Fresh(ctx, c, r.Val.Candidate)
	if bot.IsFault(err, bot.Missing) || err == nil && !recruiting.MaySee(who, &p.Situation.Process, p.Situation.Jobs) {
		return nil // erased, and so is the note; or no longer theirs to know about
	}
	if err != nil {
		return err
	}
	text := "The message behind your note about " + bot.Bold(p.Candidate.Val.Name) + " was deleted. The note stays unless you take it away."
	return c.Send(ctx, bot.Outgoing{To: who.ID, Key: "orphan/" + r.ID, Hold: c.Bot().Awake(who, c.Now), Whose: []string{r.Val.Candidate},
		Message: bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{
			{Label: "Take the note away", Do: DropNote{Note: r.ID}}, {Label: "Open card", Do: Show{Candidate: r.Val.Candidate}}}})})
}

// wordsSum is a digest of a text's words, so that a form can tell later whether they
// were changed in it.
func wordsSum(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:8])
}
