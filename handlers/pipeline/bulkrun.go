package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// bulk is one act on many people: a result per person, so that it can be gone on
// with after any interruption, and one undo.
type bulk struct {
	By      string    `json:"by"`
	Job     string    `json:"job"`
	To      string    `json:"to"`
	Cause   string    `json:"cause,omitempty"`
	Made    time.Time `json:"made"`
	Next    int       `json:"next"` // the first in List that is still to be done
	Undoing bool      `json:"undo,omitempty"`
	UndoBy  string    `json:"undoby,omitempty"`
	List    []one     `json:"list"`
}

// one is how it went with one person.
type one struct {
	Candidate string `json:"c"`
	Deed      int    `json:"d,omitempty"` // what Undo takes back
	Back      bool   `json:"b,omitempty"` // taken back
	Why       string `json:"w,omitempty"` // the rule, or the kind of refusal
}

// bulks hold ids only; what was done to a person stands in their own process.
var bulks = store.NewTable("bulk", store.Def[bulk]{Whose: store.Nobody[bulk]})

// goBulk goes on where a bulk act stopped. A timer does it.
type goBulk struct {
	Bulk    string
	From    int
	Undoing bool
}

type bulkRow store.Row[bulk]

// step does the next people in this commit and sets the timer for the rest.
func (row *bulkRow) step(ctx context.Context, c *bot.Call) error {
	v := &row.Val
	last := min(v.Next+bulkStep, len(v.List))
	var ids []string
	for _, o := range v.List[v.Next:last] {
		ids = append(ids, o.Candidate)
	}
	people, err := tables.ReadMany(ctx, c, ids, v.Job)
	if err != nil {
		return err
	}
	at := map[string]*tables.Person{}
	for i := range people {
		at[people[i].Candidate.ID] = &people[i]
	}
	for i := v.Next; i < last; i++ {
		if err := row.do(ctx, c, &v.List[i], at[v.List[i].Candidate]); err != nil {
			return err
		}
	}
	v.Next = last
	store.Put(c.Batch(), bulks, store.Row[bulk](*row))
	c.Record("job:" + v.Job)
	c.Fact("bulk", row.ID)
	if v.Next < len(v.List) {
		part := fmt.Sprintf("bulk/%s/%d", row.ID, v.Next) // each part its own timer, so that none is taken for one done
		if v.Undoing {
			part += "/undo"
		}
		return c.At(part, c.Now, goBulk{row.ID, v.Next, v.Undoing})
	}
	return row.tellFollowers(ctx, c)
}

// tellFollowers gives who leads or follows the job one card about all of it.
func (row *bulkRow) tellFollowers(ctx context.Context, c *bot.Call) error {
	v := &row.Val
	j, err := tables.Jobs.Get(ctx, c.Scope, v.Job)
	if err != nil {
		return err
	}
	j.Val.ID = j.ID
	m, whose := bulkCard(ctx, c, row.ID, *v, &j.Val)
	m.Text = c.NameOf(ctx, v.By) + ": " + m.Text
	m.Blocks[0] = bot.Para{Text: m.Text}
	for _, id := range followers(&tables.Person{Jobs: []store.Row[recruiting.Job]{j}}, v.Job, v.By) {
		who, err := c.PersonByID(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return err
		}
		if err != nil || who.Gone {
			continue
		}
		sees, err := seesJob(ctx, c, who, j.Val)
		if err != nil {
			return err
		}
		if !sees {
			continue
		}
		told, about := m, whose
		if !recruiting.Sees(who, recruiting.PartStage, &recruiting.Process{}, &j.Val) { // figures, no names
			told.Blocks, about = m.Blocks[:1], nil
		}
		err = c.Send(ctx, bot.Outgoing{To: id, Key: "watch/" + row.ID + "/" + id, Message: told, Whose: about, Hold: c.Bot().Awake(who, c.Now), Amends: v.Undoing})
		if err != nil {
			return err
		}
	}
	return nil
}

// do is one person's part; a refusal is their result and stops nobody else.
func (row *bulkRow) do(ctx context.Context, c *bot.Call, o *one, p *tables.Person) error {
	v := &row.Val
	if v.Undoing && (o.Deed == 0 || o.Back) {
		return nil
	}
	if p == nil {
		o.Why = "gone"
		return nil
	}
	acts := moveOne(v.Job, v.To, v.Cause)
	if v.Undoing {
		acts = func(*tables.Person) ([]recruiting.Act, error) {
			return []recruiting.Act{recruiting.Undo{Deed: o.Deed}}, nil
		}
	}
	ch, err := p.Decide(c, acts)
	if err != nil {
		var f *bot.Fault
		if !errors.As(err, &f) {
			return err
		}
		var blocked recruiting.Blocked
		if errors.As(err, &blocked) {
			count(ctx, c, p, p.Candidate.ID, blocked.Verdict)
		}
		if o.Why = f.Facts["rule"]; o.Why == "" {
			o.Why = f.Kind.String()
		}
		return nil
	}
	for k, n := range ch.News { // who follows the job hears of it once, not of everybody
		switch n := n.(type) {
		case recruiting.Moved:
			n.Bulk = row.ID
			ch.News[k] = n
		case recruiting.Ended:
			n.Bulk = row.ID
			ch.News[k] = n
		case recruiting.Undone:
			n.Bulk = row.ID
			ch.News[k] = n
		}
	}
	o.Why = ""
	if v.Undoing {
		o.Back = true
	} else {
		o.Deed = ch.Deed
	}
	return p.Keep(ctx, c, ch)
}

// stepBulk goes on for who began it, with their rights of now.
func stepBulk(ctx context.Context, c *bot.Call, a goBulk) (bot.Reply, error) {
	row, err := bulks.Get(ctx, c.Scope, a.Bulk)
	if err != nil {
		return bot.Reply{}, err
	}
	if row.Val.Next != a.From || row.Val.Undoing != a.Undoing || a.From >= len(row.Val.List) {
		return bot.Reply{}, nil // done before, or taken back meanwhile
	}
	if err := (*bulkRow)(&row).step(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	c.Fact("deed", "")
	if row.Val.Next < len(row.Val.List) {
		return bot.Reply{}, nil
	}
	j, err := tables.Jobs.Get(ctx, c.Scope, row.Val.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	to := row.Val.By
	if row.Val.Undoing {
		to = row.Val.UndoBy
	}
	who, err := c.PersonByID(ctx, to)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return bot.Reply{}, err
	}
	if err != nil || who.Gone {
		to = j.Val.Lead()
	}
	m, whose := bulkCard(ctx, c, row.ID, row.Val, &j.Val)
	if !row.Val.Undoing {
		m.Blocks = append(m.Blocks, bot.Buttons{Buttons: []bot.Button{{Label: "Undo", Do: UndoBulk{Bulk: row.ID}}}})
	}
	return bot.Reply{}, c.Send(ctx, bot.Outgoing{To: to, Message: m, Whose: whose})
}

// bulkCard says how far it is, how it went, and who stayed; whose are those it names.
func bulkCard(ctx context.Context, c *bot.Call, id string, v bulk, j *recruiting.Job) (m bot.Message, whose []string) {
	moved, back, stayed := 0, 0, []one{}
	for _, o := range v.List {
		switch {
		case o.Why != "":
			stayed = append(stayed, o)
		case o.Back:
			back++
		}
		if o.Deed != 0 && !o.Back {
			moved++
		}
	}
	text := "Moved " + persons(moved) + " of " + j.Title + " to " + bot.Bold(j.StageName(v.To)) + "."
	if v.Undoing {
		text = "Taken back: the move of " + persons(back) + " of " + j.Title + " to " + bot.Bold(j.StageName(v.To)) + "."
	}
	m = bot.Card(text, bot.Para{Text: text})
	if len(stayed) > 0 {
		word := " stayed where they were:"
		if v.Undoing {
			word = " could not be put back:"
		}
		var lines []string
		for _, o := range stayed[:min(len(stayed), 10)] {
			name := "somebody who is no longer on record"
			if row, err := tables.Candidates.Cached(ctx, c.Scope, o.Candidate); err == nil && !row.Val.Gone() {
				name = row.Val.Name
				whose = append(whose, o.Candidate)
			}
			lines = append(lines, bot.Bold(name)+": "+whyWords(o.Why))
		}
		m.Blocks = append(m.Blocks, bot.Para{Text: persons(len(stayed)) + word}, bot.List{Items: lines})
	}
	if v.Next < len(v.List) {
		m.Blocks = append(m.Blocks, bot.Note{Text: fmt.Sprintf("%d of %d so far; I go on by myself.", v.Next, len(v.List))},
			bot.Buttons{Buttons: []bot.Button{{Label: "How it goes", Do: ShowBulk{id}}}})
	}
	return m, whose
}

// whyWords puts a kept reason into words.
func whyWords(why string) string {
	switch why {
	case "undo_later":
		return "something came after it"
	case "owned_elsewhere":
		return "the stages are kept in another system"
	case "refused":
		return "stands there already, or the stage cannot be reached from theirs"
	case "forbidden":
		return "that is for somebody else"
	case "gone", "missing":
		return "is no longer on record"
	case "move_back_from_offer":
		return "has our offer"
	case "ended":
		return "has an outcome already"
	}
	return "it would contradict something; open the card to see what"
}
