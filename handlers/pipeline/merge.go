package pipeline

import (
	"context"
	"errors"
	"fmt"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

const merging = recruiting.Admin | recruiting.Recruiter

// Merge makes one person of two records; the first is kept.
type Merge struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Keep"`
	With      string `arg:"with" ref:"candidate" word:"with" label:"Merge into it"`
}

// Unmerge parts two merged records again, within 30 days.
type Unmerge struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Merge     string // the merge meant; "" is the latest
}

func addMerges(b *bot.Bot) {
	bot.Handle(b, bot.Command[Merge]{Name: "candidate merge", Title: "Merge two records", Who: merging,
		Help: "Makes one candidate of two records, after a preview.", Example: `candidate merge "Ada Okafor" with:"A. Okafor"`, Confirm: confirmMerge, Run: merge})
	bot.Handle(b, bot.Command[Unmerge]{Name: "candidate unmerge", Title: "Separate merged records", Who: merging,
		Help: "Separates two merged records, up to 30 days after the merge.", Example: `candidate unmerge "Ada Okafor"`, Confirm: confirmUnmerge, Run: unmerge})
}

// planMerge reads both and plans; what it reads is checked by the commit.
func planMerge(ctx context.Context, c *bot.Call, a Merge) (keep, gone tables.Person, m recruiting.Merge, err error) {
	if keep, err = seen(ctx, c, a.Candidate); err != nil {
		return
	}
	if gone, err = seen(ctx, c, a.With); err != nil {
		return
	}
	m, fault := recruiting.PlanMerge(keep.Situation, gone.Situation, c.Person, c.Now)
	if fault != nil {
		err = fault
	}
	return
}

func confirmMerge(ctx context.Context, c *bot.Call, a Merge) (*bot.Preview, error) {
	keep, gone, m, err := planMerge(ctx, c, a)
	if err != nil {
		return nil, err
	}
	k, g := keep.Candidate.Val, gone.Candidate.Val
	t := bot.Table{Head: []string{"", "Is kept", "Is merged into it"}}
	row := func(what, a, b string) {
		if a != "" || b != "" {
			t.Rows = append(t.Rows, []string{what, a, b})
		}
	}
	row("Name", k.Name, g.Name)
	row("Mail", k.Mail(), g.Mail())
	row("Phone", numbers(k.Phones), numbers(g.Phones))
	row("Applications", fmt.Sprint(len(keep.Situation.Process.Apps)), fmt.Sprint(len(gone.Situation.Process.Apps)))
	return &bot.Preview{Message: bot.Card("Merge these two?", bot.Heading{Text: "Merge these two?"}, t, bot.List{Items: m.Lines()}), Do: "Merge",
		Rev:   fmt.Sprintf("%d/%d/%d/%d", keep.Candidate.Rev, keep.Process.Rev, gone.Candidate.Rev, gone.Process.Rev),
		Extra: []bot.Button{{Label: "Keep the other one", Do: Merge{Candidate: gone.Candidate.ID, With: keep.Candidate.ID}}}}, nil
}

func merge(ctx context.Context, c *bot.Call, a Merge) (bot.Reply, error) {
	keep, gone, m, err := planMerge(ctx, c, a)
	if err != nil {
		return bot.Reply{}, err
	}
	b := c.Batch()
	keep.Candidate.Val, keep.Process.Val = m.Keep, m.Process
	gone.Candidate.Val, gone.Process.Val = m.Gone, m.GoneProcess
	store.Put(b, tables.Candidates, gone.Candidate) // first, so that its ids elsewhere are free for the other
	store.Put(b, tables.Candidates, keep.Candidate)
	store.Put(b, tables.Processes, gone.Process)
	store.Put(b, tables.Processes, keep.Process)
	checkJobs(b, keep.Jobs, gone.Jobs)
	id := store.NewID("g", c.Now)
	store.Put(b, tables.Merges, store.Row[recruiting.Merge]{ID: id, Val: m})
	c.Tell(recruiting.Merged{Keep: keep.Candidate.ID, Gone: gone.Candidate.ID, By: c.Person.ID, At: c.Now})
	c.Record("candidate:"+keep.Candidate.ID, "candidate:"+gone.Candidate.ID)
	c.Fact("merge", id)
	text := "Merged: " + bot.Bold(m.Keep.Name) + " is one person now. For 30 days " + bot.Code("/"+c.Bot().Prefix+" candidate unmerge") + " parts them again."
	return bot.Answer(bot.Card("Merged", bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{
		{Label: "Open card", Do: Show{Candidate: keep.Candidate.ID}}, {Label: "Part them again…", Do: Unmerge{Candidate: keep.Candidate.ID, Merge: id}}}})), nil
}

// checkJobs makes a commit fail when a job it was decided on changes meanwhile.
func checkJobs(b *store.Batch, lists ...[]store.Row[recruiting.Job]) {
	done := map[string]bool{}
	for _, list := range lists {
		for _, j := range list {
			if !done[j.ID] {
				store.Check(b, tables.Jobs, j)
			}
			done[j.ID] = true
		}
	}
}

// planUnmerge finds the merge meant and parts it.
func planUnmerge(ctx context.Context, c *bot.Call, a Unmerge) (row store.Row[recruiting.Merge], keep tables.Person, cand store.Row[recruiting.Candidate],
	way store.Row[recruiting.Process], parted recruiting.Parted, err error) {
	if keep, err = seen(ctx, c, a.Candidate); err != nil {
		return
	}
	if a.Merge == "" {
		var ids []string
		if ids, err = tables.Merges.Range(ctx, c.Scope, "keep", keep.Candidate.ID, store.Span{Rev: true, Limit: 1}); err != nil {
			return
		}
		if len(ids) == 0 {
			err = bot.Faultf(bot.Missing, "%s was not merged with anybody.", bot.Bold(keep.Candidate.Val.Name)).In("candidate")
			return
		}
		a.Merge = ids[0]
	}
	row, err = tables.Merges.Get(ctx, c.Scope, a.Merge)
	if errors.Is(err, store.ErrNone) {
		err = bot.Faultf(bot.Missing, "I cannot find that merge any more.")
	}
	if err != nil {
		return
	}
	if cand, err = tables.Candidates.Get(ctx, c.Scope, row.Val.Gone.ID); err != nil {
		return
	}
	if way, err = tables.Processes.Get(ctx, c.Scope, row.Val.Gone.ID); err != nil {
		return
	}
	var fault *bot.Fault
	if parted, fault = recruiting.Unmerge(row.Val, keep.Situation, way.Val, c.Person, c.Now); fault != nil {
		err = fault
	}
	return
}

func confirmUnmerge(ctx context.Context, c *bot.Call, a Unmerge) (*bot.Preview, error) {
	row, keep, cand, way, parted, err := planUnmerge(ctx, c, a)
	if err != nil {
		return nil, err
	}
	lines := []string{
		bot.Bold(parted.Keep.Name) + " keeps " + counted(len(parted.Process.Apps), "application") + mailed(parted.Keep) + ".",
		bot.Bold(parted.Gone.Name) + " comes back with " + counted(len(parted.Back.Apps), "application") + mailed(parted.Gone) + ".",
		"Merged on " + bot.Moment(row.Val.At, zone(c), bot.DateOnly) + " by " + c.NameOf(ctx, row.Val.By) + ".",
	}
	return &bot.Preview{Message: bot.Card("Part these two again?", bot.Heading{Text: "Part these two again?"}, bot.List{Items: lines}), Do: "Part them",
		Rev: fmt.Sprintf("%s/%d/%d/%d/%d", row.ID, keep.Candidate.Rev, keep.Process.Rev, cand.Rev, way.Rev)}, nil
}

func mailed(c recruiting.Candidate) string {
	if c.Mail() == "" {
		return ""
	}
	return " and " + c.Mail()
}

func counted(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func unmerge(ctx context.Context, c *bot.Call, a Unmerge) (bot.Reply, error) {
	row, keep, cand, way, parted, err := planUnmerge(ctx, c, a)
	if err != nil {
		return bot.Reply{}, err
	}
	b := c.Batch()
	keep.Candidate.Val, keep.Process.Val = parted.Keep, parted.Process
	cand.Val, way.Val, row.Val = parted.Gone, parted.Back, parted.Merge
	store.Put(b, tables.Candidates, keep.Candidate)
	store.Put(b, tables.Candidates, cand)
	store.Put(b, tables.Processes, keep.Process)
	store.Put(b, tables.Processes, way)
	store.Put(b, tables.Merges, row)
	checkJobs(b, keep.Jobs)
	c.Tell(recruiting.Unmerged{Keep: keep.Candidate.ID, Back: cand.ID, By: c.Person.ID, At: c.Now})
	c.Record("candidate:"+keep.Candidate.ID, "candidate:"+cand.ID)
	c.Fact("merge", row.ID)
	text := "Parted: " + bot.Bold(parted.Keep.Name) + " and " + bot.Bold(parted.Gone.Name) + " are two people again."
	return bot.Answer(bot.Card("Parted", bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{
		{Label: "Open " + parted.Keep.Name, Do: Show{Candidate: keep.Candidate.ID}}, {Label: "Open " + parted.Gone.Name, Do: Show{Candidate: cand.ID}}}})), nil
}
