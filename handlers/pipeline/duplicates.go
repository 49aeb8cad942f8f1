package pipeline

import (
	"context"
	"errors"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// warn asks before somebody is added who is probably known already, or whose data
// was erased. known is false when there is nothing to ask.
func warn(ctx context.Context, c *bot.Call, cand recruiting.Candidate, a AddCandidate) (reply bot.Reply, known bool, err error) {
	found, likes, err := alike(ctx, c, cand)
	if err != nil {
		return reply, false, err
	}
	erased, gone, err := tables.Suppressed(ctx, c, cand)
	if err != nil {
		return reply, false, err
	}
	mine, err := theirs(ctx, c, found)
	if err != nil {
		return reply, false, err
	}
	if len(mine) == 0 && !gone {
		// Somebody this person may not see: they are not told that there is one, but
		// whoever looks after that record is.
		return reply, false, tellOwner(ctx, c, cand, found)
	}
	text := "Wait: " + bot.Bold(cand.Name) + " may be known already."
	add := "Add anyway"
	if len(mine) == 0 {
		text = "Wait: the data of somebody with this address or number was erased on " + bot.Moment(erased, zone(c), bot.DateOnly) +
			", as they or an Admin wished. Add them again only if they came back themselves."
		add = "They came back: add"
	}
	m := bot.Card(text, bot.Para{Text: text})
	var row bot.Buttons
	var about []string
	var lines []string
	for i, o := range apart(c.Person, mine) {
		l := likes[o.Value]
		lines = append(lines, bot.Bold(o.Label)+": "+sure(l)+strings.Join(l.Why, ", ")+hinted(mine[i].where(c.Person)))
		label := "Open that one"
		if len(mine) > 1 {
			label = "Open " + o.Label + hinted(o.Hint)
		}
		about = append(about, o.Value)
		row.Buttons = append(row.Buttons, bot.Button{Label: label, Do: Show{Candidate: o.Value}})
		if a.Job != "" && len(mine) == 1 {
			row.Buttons = append(row.Buttons, bot.Button{Label: "Put that one on the job", Do: Apply{Candidate: o.Value, Job: a.Job}})
		}
	}
	if len(lines) > 0 {
		m.Blocks = append(m.Blocks, bot.List{Items: lines})
	}
	if taken, err := idTaken(ctx, c, cand); err != nil || taken { // that id cannot be another person's as well
		m.Blocks = append(m.Blocks, row)
		return bot.Answer(m), true, err
	}
	row.Buttons = append(row.Buttons, bot.Button{Label: add, Do: AddAnyway{Draft: cand.ID}})
	m.Blocks = append(m.Blocks, row)
	store.Put(c.Batch(), drafts, store.Row[draft]{ID: cand.ID, Val: draft{Add: a, By: c.Person.ID, At: c.Now, About: about}})
	c.Silent() // nothing has happened to anybody yet
	return bot.Answer(m), true, c.At("draft/"+cand.ID, c.Now.Add(draftLife), DropDraft{Draft: cand.ID})
}

// idTaken reports whether a record has one of the candidate's ids in other systems.
func idTaken(ctx context.Context, c *bot.Call, cand recruiting.Candidate) (bool, error) {
	for _, e := range cand.External {
		_, err := tables.Candidates.Owner(ctx, c.Scope, e.System, e.ID)
		if err == nil || !errors.Is(err, store.ErrNone) {
			return err == nil, err
		}
	}
	return false, nil
}

func sure(l recruiting.Duplicate) string {
	if l.Like == recruiting.Certain {
		return "surely the same person, "
	}
	return "perhaps the same person, "
}

func hinted(s string) string {
	if s == "" {
		return ""
	}
	return " · " + s
}

// alike are the records that may be the same person, surest first: by address,
// number or id elsewhere, and by names that begin alike.
func alike(ctx context.Context, c *bot.Call, cand recruiting.Candidate) ([]store.Row[recruiting.Candidate], map[string]recruiting.Duplicate, error) {
	var ids []string
	for _, k := range cand.Keys() {
		more, err := tables.Candidates.Exact(ctx, c.Scope, "key", k)
		if err != nil {
			return nil, nil, err
		}
		ids = append(ids, more...)
	}
	rows, err := tables.Candidates.Many(ctx, c.Scope, unique(ids))
	if err != nil {
		return nil, nil, err
	}
	named, err := tables.Candidates.Search(ctx, c.Scope, stems(cand.Name), 30)
	if err != nil {
		return nil, nil, err
	}
	byID := map[string]store.Row[recruiting.Candidate]{}
	var among []recruiting.Candidate
	for _, r := range append(rows, named...) {
		if _, twice := byID[r.ID]; twice || r.ID == cand.ID {
			continue
		}
		r.Val.ID = r.ID
		byID[r.ID] = r
		among = append(among, r.Val)
	}
	likes := map[string]recruiting.Duplicate{}
	var out []store.Row[recruiting.Candidate]
	for _, d := range recruiting.Duplicates(cand, among) {
		likes[d.ID] = d
		out = append(out, byID[d.ID])
	}
	return out[:min(len(out), 4)], likes, nil
}

// stems are the beginnings of the words of a name: what a slip of the finger
// further on still finds.
func stems(name string) string {
	words := recruiting.Tokens(name)
	for i, w := range words {
		letters := []rune(w)
		words[i] = string(letters[:min(3, len(letters))])
	}
	return strings.Join(words[:min(len(words), 3)], " ")
}

// tellOwner lets whoever looks after a record know that somebody added what looks
// like the same person without being able to see it.
func tellOwner(ctx context.Context, c *bot.Call, cand recruiting.Candidate, found []store.Row[recruiting.Candidate]) error {
	for _, r := range found {
		who, err := c.PersonByID(ctx, r.Val.Owner)
		if errors.Is(err, store.ErrNone) || err == nil && (who.Gone || !who.Is(recruiting.Admin|recruiting.Recruiter)) {
			continue
		}
		if err != nil {
			return err
		}
		text := c.Person.Name + " added " + bot.Bold(cand.Name) + ", who looks like " + bot.Bold(r.Val.Name) + " in your care. If they are one person, merge them."
		if err := c.Send(ctx, bot.Outgoing{To: who.ID, Whose: []string{r.ID, cand.ID}, Message: bot.Card(bot.Flat(text), bot.Para{Text: text},
			bot.Buttons{Buttons: []bot.Button{{Label: "Compare and merge", Do: Merge{Candidate: r.ID, With: cand.ID}}, {Label: "Open the new one", Do: Show{Candidate: cand.ID}}}})}); err != nil {
			return err
		}
	}
	return nil
}
