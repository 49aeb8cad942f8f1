package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// Erase takes away everything that is kept about one person.
type Erase struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
}

// KeepData puts erasing off for one person.
type KeepData struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Months    int    `arg:"months" label:"For how many months"`
}

// shroud holds the words by which a person is found in what is not filed under
// them, until the last of it is gone. It goes with the rest.
type shroud struct {
	Ids   []string `json:"ids"`
	Words []string `json:"words"`
}

// shrouds by candidate id.
var shrouds = store.NewTable("shroud", store.Def[shroud]{Whose: func(id string, _ shroud) []string { return []string{id} }})

func addErasing(b *bot.Bot) {
	bot.Handle(b, bot.Command[Erase]{Name: "candidate erase", Title: "Erase a person", Who: recruiting.Admin,
		Help: "Erases everything about one person, for good, after a preview.", Example: `candidate erase "Ada Okafor"`, Confirm: confirmErase, Run: erase})
	bot.Handle(b, bot.Command[KeepData]{Name: "candidate keep", Title: "Keep the data longer", Who: recruiting.Admin,
		Help: "Keeps one person's data for some more months, whatever the tenant's rule says.", Example: `candidate keep "Ada Okafor" months:6`, Run: keepData})
	bot.On(b, "pipeline", forget)
}

// family reads all records that are one person: the kept one first.
func family(ctx context.Context, c *bot.Call, id string) (p tables.Person, ids []string, err error) {
	if p, err = seen(ctx, c, id); err == nil {
		ids, err = tables.Family(ctx, c, p.Candidate.ID)
	}
	return p, ids, err
}

func confirmErase(ctx context.Context, c *bot.Call, a Erase) (*bot.Preview, error) {
	p, ids, err := family(ctx, c, a.Candidate)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, id := range ids {
		held, err := c.Scope.About(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			counts[h.Table]++
		}
	}
	var lines []string
	for _, t := range []struct{ table, said string }{{"note", "note"}, {"letter", "letter"}, {"merge", "record of a merge"}} {
		if n := counts[t.table]; n > 0 {
			lines = append(lines, counted(n, t.said))
		}
	}
	lines = append([]string{"the record itself with addresses, tags and attachments", counted(len(p.Situation.Process.Apps), "application") + " with references, offers, interviews and scorecards"}, lines...)
	m := bot.Card("Erase "+p.Candidate.Val.Name+"?", bot.Heading{Text: "Erase " + p.Candidate.Val.Name + "?"},
		bot.Para{Text: "This cannot be taken back. What goes:"}, bot.List{Items: lines})
	if active := p.Situation.Process.Active(); len(active) > 0 {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold("Still in process: ") + standsAt(&p, p.Situation.Process) + " Nobody will be told by this."})
	}
	m.Blocks = append(m.Blocks, bot.Note{Text: "What stays: that somebody was erased and when, and a scrambled mark so that no import brings them back. Messages sent to chats before stay where they were sent."})
	return &bot.Preview{Message: m, Do: "Erase for good", Danger: true, Rev: fmt.Sprintf("%d/%d/%s", p.Candidate.Rev, p.Process.Rev, strings.Join(ids, ","))}, nil
}

// erase takes the records away at once; everything else that is filed under the
// person follows by the news, and is done again until it is done.
func erase(ctx context.Context, c *bot.Call, a Erase) (bot.Reply, error) {
	p, ids, err := family(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	v := p.Candidate.Val
	if err := tables.Suppress(ctx, c, v); err != nil {
		return bot.Reply{}, err
	}
	b := c.Batch()
	words := append([]string{v.Name}, v.Emails...)
	for _, n := range v.Phones {
		words = append(words, n.String(), n.As)
	}
	for _, id := range ids[1:] {
		row, err := tables.Candidates.Get(ctx, c.Scope, id)
		if err == nil {
			words = append(words, row.Val.Name)
		} else if !errors.Is(err, store.ErrNone) {
			return bot.Reply{}, err
		}
	}
	store.Put(b, shrouds, store.Row[shroud]{ID: p.Candidate.ID, Val: shroud{Ids: ids, Words: unique(words)}})
	p.Candidate.Val = v.Erase(c.Now)
	p.Process.Val = recruiting.Process{Candidate: p.Candidate.ID, Seq: p.Process.Val.Seq, Acts: p.Process.Val.Acts + 1, Erased: true}
	store.Put(b, tables.Candidates, p.Candidate)
	store.Put(b, tables.Processes, p.Process)
	checkJobs(b, p.Jobs)
	c.Tell(recruiting.Forgotten{Candidate: p.Candidate.ID, Ids: ids, By: c.Person.ID, At: c.Now})
	c.Record("candidate:" + p.Candidate.ID)
	return bot.Replyf("Erased. Nothing about this person is kept here any more; if they apply again, they begin anew."), nil
}

// forget takes away what is filed under an erased person in every table, and what
// mentions them in conversations that are kept here.
func forget(ctx context.Context, c *bot.Call, n recruiting.Forgotten) error {
	row, err := shrouds.Get(ctx, c.Scope, n.Candidate)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return err
	}
	if err == nil {
		if err := c.Bot().ForgetWords(ctx, c.Tenant, row.Val.Words); err != nil {
			return err
		}
	}
	for _, id := range n.Ids { // the shroud is the candidate's own and goes last
		if id == n.Candidate {
			continue
		}
		if _, err := c.Scope.Forget(ctx, id); err != nil {
			return err
		}
	}
	_, err = c.Scope.Forget(ctx, n.Candidate)
	return err
}

func keepData(ctx context.Context, c *bot.Call, a KeepData) (bot.Reply, error) {
	if a.Months < 1 || a.Months > 60 {
		return bot.Reply{}, bot.Faultf(bot.Invalid, "Say for how many months, from 1 to 60.").In("months")
	}
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	p.Candidate.Val.Keep = c.Now.AddDate(0, a.Months, 0)
	store.Put(c.Batch(), tables.Candidates, p.Candidate)
	c.Record("candidate:" + p.Candidate.ID)
	return bot.Replyf("The data of %s is kept until %s at least.", bot.Bold(p.Candidate.Val.Name), bot.Moment(p.Candidate.Val.Keep, zone(c), bot.DateOnly)), nil
}
