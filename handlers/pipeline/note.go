package pipeline

import (
	"context"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// AddNote writes something down about a candidate; used on a message it keeps the
// message's words, who said them and where.
type AddNote struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Text      string `arg:"text,long" label:"Note"`
	Level     string `arg:"level,optional" label:"Who reads it" choices:"team=The team|private=Only me"`
	Said      string `arg:"said,optional" label:"Said by"`
	Link      string `arg:"link,optional" label:"Link to the message"`
	// the message it was used on, and a digest of its words
	Source, Sum string
}

// Notes lists all notes about a candidate that this person may read.
type Notes struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Page      int
}

// DropNote takes one's own note away.
type DropNote struct{ Note string }

func addNotes(b *bot.Bot) {
	bot.Handle(b, bot.Command[AddNote]{Name: "candidate note", Short: "note", Title: "Add as a note", Who: hiring, On: bot.OnMessage | bot.OnShortcut,
		Help: "Adds a note about a candidate, for the team or only for you.", Example: `candidate note "Ada Okafor" text:"Knows Postgres inside out" level:team`,
		Shape: shapeNote, Run: addNote})
	bot.Handle(b, bot.Command[Notes]{Name: "candidate notes", Title: "Notes", Who: hiring, Reads: true,
		Help: "Lists the notes about a candidate.", Example: "candidate notes Ada", Run: notes})
	bot.Handle(b, bot.Command[DropNote]{Name: "candidate unnote", Help: "Takes your own note away.", Who: hiring, On: bot.Hidden, Run: dropNote})
}

// shapeNote takes over the message a shortcut was used on.
func shapeNote(ctx context.Context, c *bot.Call, a AddNote, f *bot.Form) {
	from := c.On != nil && c.On.Text != ""
	f.Fields = slices.DeleteFunc(f.Fields, func(x bot.Field) bool {
		return !from && a.Said == "" && a.Link == "" && (x.Name == "said" || x.Name == "link")
	})
	if !from {
		return
	}
	guess(ctx, c, f)
	for i := range f.Fields {
		x := &f.Fields[i]
		switch {
		case x.Value != "":
			continue
		case x.Name == "text":
			x.Value = bot.Clip(bot.Flat(c.On.Text), 2900)
			a.Source, a.Sum = bot.MessageKey(c.Place, c.On.Message), wordsSum(x.Value)
			f.Act = a
		case x.Name == "link":
			x.Value = c.On.Link
		case x.Name == "said":
			if p, err := c.PersonOf(ctx, c.On.Author); err == nil && p.ID != "" {
				x.Value = p.Name
			} else if !c.On.Author.Zero() {
				x.Value = "somebody outside the team"
			}
		}
		x.Shown = x.Value
	}
}

func addNote(ctx context.Context, c *bot.Call, a AddNote) (bot.Reply, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	w, jobs := &p.Situation.Process, p.Situation.Jobs
	n, fault := recruiting.NewNote(p.Candidate.ID, bot.Flat(a.Text), recruiting.Level(a.Level), c.Person, c.Now)
	if fault != nil {
		return bot.Reply{}, fault
	}
	if n.Level == recruiting.TeamOnly && !recruiting.SeesAny(c.Person, recruiting.PartNotes, w, jobs) {
		return bot.Reply{}, bot.Faultf(bot.Forbidden, "Notes for the team are for those who work on this person's jobs. You can keep one for yourself: choose “Only me”.").In("level")
	}
	if n.Said, fault = short("said", "name", a.Said); fault != nil {
		return bot.Reply{}, fault
	}
	if a.Link != "" {
		if n.Link, fault = address(a.Link); fault != nil {
			return bot.Reply{}, fault
		}
	}
	n.Source, n.Follows = a.Source, a.Source != "" && wordsSum(n.Text) == a.Sum
	n.ID = store.NewID("n", c.Now)
	store.Check(c.Batch(), tables.Candidates, p.Candidate) // nobody writes about somebody who is erased in the same moment
	store.Put(c.Batch(), tables.Notes, store.Row[recruiting.Note]{ID: n.ID, Val: n})
	c.Record("candidate:"+p.Candidate.ID, "note:"+n.ID)
	c.Fact("level", string(n.Level))
	text := "Noted about " + bot.Bold(p.Candidate.Val.Name) + ", for the team."
	if n.Level == recruiting.OnlyMe {
		text = "Noted about " + bot.Bold(p.Candidate.Val.Name) + ", for you alone."
	}
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{
		{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}, {Label: "Take the note away", Do: DropNote{Note: n.ID}}}})), nil
}

// notesOf reads a page of the notes this person may read, newest first.
func notesOf(ctx context.Context, c *bot.Call, p *tables.Person, skip, limit int) (notes []store.Row[recruiting.Note], more bool, err error) {
	family, err := tables.Family(ctx, c, p.Candidate.ID)
	if err != nil {
		return nil, false, err
	}
	var all []store.Row[recruiting.Note]
	for _, id := range family {
		ids, err := tables.Notes.Range(ctx, c.Scope, "candidate", id, store.Span{Rev: true, Limit: 500})
		if err != nil || len(ids) == 0 {
			if err != nil {
				return nil, false, err
			}
			continue
		}
		rows, err := tables.Notes.Many(ctx, c.Scope, ids)
		if err != nil {
			return nil, false, err
		}
		for _, r := range rows {
			if recruiting.MayRead(c.Person, r.Val, &p.Situation.Process, p.Situation.Jobs) {
				all = append(all, r)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b store.Row[recruiting.Note]) int { return b.Val.At.Compare(a.Val.At) })
	all = all[min(skip, len(all)):]
	return all[:min(limit, len(all))], len(all) > limit, nil
}

// titled is the text of a note, clipped; what belongs to a record says which and whose.
func titled(ctx context.Context, c *bot.Call, p *tables.Person, n recruiting.Note, limit int) string {
	text := bot.Clip(n.Text, limit)
	if f, ok := p.Situation.Process.Filed(n); ok {
		return f.Title(c.NameOf(ctx, n.Author)) + ": " + text
	}
	return text
}

// byline says who wrote a note, when, for whom, and where its words come from.
func byline(ctx context.Context, c *bot.Call, n recruiting.Note) string {
	out := c.NameOf(ctx, n.Author) + ", " + bot.Moment(n.At, zone(c), bot.DateTime)
	if n.Level == recruiting.OnlyMe {
		out += " · only you"
	}
	if n.Said != "" {
		out += " · said by " + n.Said
	}
	if n.Link != "" && n.Gone.IsZero() {
		out += " · " + bot.Link("the message", n.Link)
	}
	switch {
	case n.Edited.IsZero():
	case n.Follows:
		out += " · edited " + bot.Moment(n.Edited, zone(c), bot.DateTime)
	default:
		out += " · the message was changed later"
	}
	if !n.Gone.IsZero() {
		out += " · the message was deleted " + bot.Moment(n.Gone, zone(c), bot.DateTime)
	}
	return out
}

const notesPage = 8

func notes(ctx context.Context, c *bot.Call, a Notes) (bot.Reply, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	list, more, err := notesOf(ctx, c, &p, a.Page*notesPage, notesPage)
	if err != nil {
		return bot.Reply{}, err
	}
	c.Viewed("candidate:" + p.Candidate.ID)
	name := p.Candidate.Val.Name
	if len(list) == 0 {
		return bot.Replyf("There are no notes about %s that you may read.", bot.Bold(name)), nil
	}
	m := bot.Card("Notes about "+name, bot.Heading{Text: "Notes about " + name})
	nav := bot.Buttons{}
	for _, n := range list {
		m.Blocks = append(m.Blocks, bot.Para{Text: titled(ctx, c, &p, n.Val, 1500)}, bot.Note{Text: byline(ctx, c, n.Val)})
		for _, w := range slices.Backward(n.Val.Earlier) {
			m.Blocks = append(m.Blocks, bot.Note{Text: "until " + bot.Moment(w.Until, zone(c), bot.DateTime) + ": " + bot.Clip(w.Text, 500)})
		}
	}
	if a.Page > 0 {
		nav.Buttons = append(nav.Buttons, bot.Button{Label: "Newer", Do: Notes{Candidate: p.Candidate.ID, Page: a.Page - 1}})
	}
	if more {
		nav.Buttons = append(nav.Buttons, bot.Button{Label: "Older", Do: Notes{Candidate: p.Candidate.ID, Page: a.Page + 1}})
	}
	nav.Buttons = append(nav.Buttons, bot.Button{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}})
	m.Blocks = append(m.Blocks, nav)
	return bot.Answer(m), nil
}

func dropNote(ctx context.Context, c *bot.Call, a DropNote) (bot.Reply, error) {
	row, err := tables.Notes.Get(ctx, c.Scope, a.Note)
	if err != nil {
		return bot.Reply{}, err
	}
	if row.Val.Author != c.Person.ID {
		return bot.Reply{}, bot.Faultf(bot.Forbidden, "Only %s can take this note away.", c.NameOf(ctx, row.Val.Author))
	}
	store.Delete(c.Batch(), tables.Notes, row)
	c.Record("candidate:"+row.Val.Candidate, "note:"+row.ID)
	return bot.Replyf("The note is gone."), nil
}
