package pipeline

import (
	"context"
	"errors"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// AddCandidate takes somebody in, at once on a job if one is named.
type AddCandidate struct {
	Name   string `arg:"name" label:"Name"`
	Email  string `arg:"email,optional,email" label:"Mail address"`
	Phone  string `arg:"phone,optional" label:"Phone" hint:"With country code, such as +49"`
	Job    string `arg:"job,optional" ref:"job" label:"Job"`
	Zone   string `arg:"zone,optional" label:"Time zone" hint:"A city or a zone such as Africa/Lagos; left out, the candidate is asked"`
	Tags   string `arg:"tags,optional" label:"Tags" hint:"With commas between them"`
	City   string `arg:"city,optional" label:"City"`
	Source string `arg:"source,optional" label:"Source" hint:"Where they heard of us"`
	ID     string `arg:"id,optional" label:"Id elsewhere" hint:"System and id, such as greenhouse:123"`
}

// AddAnyway takes in somebody who looked like a person known already, or whose data
// was erased once. What was typed waits in a draft for a day.
type AddAnyway struct{ Draft string }

// DropDraft forgets a draft nobody came back to.
type DropDraft struct{ Draft string }

// draft is a candidate who waits for a word: about ids of those they look like.
type draft struct {
	Add   AddCandidate `json:"add"`
	By    string       `json:"by"`
	At    time.Time    `json:"at"`
	About []string     `json:"about,omitempty"`
}

// drafts by the id the candidate will have.
var drafts = store.NewTable("draft", store.Def[draft]{
	Whose: func(id string, d draft) []string { return append([]string{id}, d.About...) },
})

const draftLife = 24 * time.Hour

func (w atlas) addCandidates(b *bot.Bot) {
	bot.Handle(b, bot.Command[AddCandidate]{Name: "candidate add", Title: "Add a candidate", Who: moving, On: bot.OnHome | bot.OnShortcut,
		Help: "Adds a candidate, and puts them on a job.", Example: `candidate add "Ada Okafor" email:ada@mail.example job:"Backend Engineer" zone:Africa/Lagos`, Run: w.addCandidate})
	bot.Handle(b, bot.Command[AddAnyway]{Name: "candidate anyway", Help: "Adds somebody who looks like a person known already.", Who: moving, On: bot.Hidden, Run: w.addAnyway})
	bot.Handle(b, bot.Command[DropDraft]{Name: "candidate undraft", Help: "Forgets a draft.", Who: bot.Machine, On: bot.Hidden, Run: dropDraft})
}

func (w atlas) addCandidate(ctx context.Context, c *bot.Call, a AddCandidate) (bot.Reply, error) {
	cand, fault := w.read(a)
	if fault != nil {
		return bot.Reply{}, fault
	}
	cand.ID = store.NewID("c", c.Now)
	if _, _, err := applied(ctx, c, cand, a.Job); err != nil { // before any question: what cannot be is said at once
		return bot.Reply{}, err
	}
	if reply, known, err := warn(ctx, c, cand, a); known || err != nil {
		return reply, err
	}
	return take(ctx, c, cand, a.Job)
}

// read checks what was typed about somebody new.
func (w atlas) read(a AddCandidate) (recruiting.Candidate, *bot.Fault) {
	cand, fault := recruiting.NewCandidate(a.Name, a.Email, a.Phone)
	if fault != nil {
		return cand, fault
	}
	if cand.Zone, fault = w.zoneOf(a.Zone); fault != nil {
		return cand, fault
	}
	if cand.City, fault = short("city", "city", a.City); fault != nil {
		return cand, fault
	}
	if cand.Source, fault = short("source", "source", a.Source); fault != nil {
		return cand, fault
	}
	if a.ID != "" {
		ext, fault := recruiting.ParseExternal(a.ID)
		if fault != nil {
			return cand, fault.In("id")
		}
		cand = cand.SetExternal(ext)
	}
	return cand.AddTags(a.Tags)
}

// applied decides how a new candidate starts on a job; "" is no job.
func applied(ctx context.Context, c *bot.Call, cand recruiting.Candidate, job string) (tables.Person, recruiting.Change, error) {
	cand.MadeBy = c.Person.ID
	p := tables.Person{Candidate: store.Row[recruiting.Candidate]{ID: cand.ID, Val: cand}, Process: store.Row[recruiting.Process]{ID: cand.ID}}
	p.Situation = recruiting.Situation{Candidate: cand, Process: recruiting.Process{Candidate: cand.ID}}
	if job == "" {
		return p, recruiting.Change{}, nil
	}
	row, err := tables.Jobs.Get(ctx, c.Scope, job)
	if err != nil {
		return p, recruiting.Change{}, err
	}
	row.Val.ID = row.ID
	p.Jobs, p.Situation.Jobs = []store.Row[recruiting.Job]{row}, recruiting.Jobs{row.Val}
	ch, err := recruiting.Decide(p.Situation, recruiting.Apply{Job: row.ID, Source: c.Door}, c.Person, c.Now)
	return p, ch, err
}

// take writes a new candidate, with the first application.
func take(ctx context.Context, c *bot.Call, cand recruiting.Candidate, job string) (bot.Reply, error) {
	cand.Made, cand.MadeBy = c.Now, c.Person.ID
	if c.Person.Is(recruiting.Admin | recruiting.Recruiter) {
		cand.Owner = c.Person.ID
	}
	p, ch, err := applied(ctx, c, cand, job)
	if err != nil {
		return bot.Reply{}, err
	}
	store.Put(c.Batch(), tables.Candidates, p.Candidate)
	c.Record("candidate:" + cand.ID)
	text := "Added " + bot.Bold(cand.Name) + "."
	if job != "" {
		p.StageNew(c, ch)
		text = "Added " + bot.Bold(cand.Name) + " to " + bot.Bold(p.Situation.Jobs.Title(job)) + atFirst(&p, ch.Process) + "."
	}
	next := []bot.Button{{Label: "Open card", Do: Show{Candidate: cand.ID}}}
	if job == "" {
		next = append(next, bot.Button{Label: "Put on a job…", Do: Apply{Candidate: cand.ID}})
	}
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: next})), nil
}

// atFirst is the stage at which somebody new begins.
func atFirst(p *tables.Person, now recruiting.Process) string {
	for _, a := range now.Active() {
		if j := p.Situation.Jobs.Get(a.Job); j != nil {
			return ", at " + bot.Bold(j.StageName(a.Stage))
		}
	}
	return ""
}

func (w atlas) addAnyway(ctx context.Context, c *bot.Call, a AddAnyway) (bot.Reply, error) {
	d, err := drafts.Get(ctx, c.Scope, a.Draft)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return bot.Reply{}, err
	}
	if p, known := seen(ctx, c, a.Draft); known == nil && err != nil {
		return bot.Reply{}, bot.Faultf(bot.Stale, "%s is added already.", bot.Bold(p.Candidate.Val.Name)).With(bot.Button{Label: "Open card", Do: Show{Candidate: a.Draft}})
	}
	if err != nil || d.Val.By != c.Person.ID || c.Now.Sub(d.Val.At) > draftLife {
		return bot.Reply{}, bot.Faultf(bot.Stale, "That waited for more than a day. Type it again, please.")
	}
	cand, fault := w.read(d.Val.Add)
	if fault != nil {
		return bot.Reply{}, fault
	}
	cand.ID = d.ID
	store.Delete(c.Batch(), drafts, d)
	c.NotAt("draft/" + d.ID)
	if err := tables.Unsuppress(ctx, c, cand); err != nil {
		return bot.Reply{}, err
	}
	return take(ctx, c, cand, d.Val.Add.Job)
}

func dropDraft(ctx context.Context, c *bot.Call, a DropDraft) (bot.Reply, error) {
	d, err := drafts.Get(ctx, c.Scope, a.Draft)
	if errors.Is(err, store.ErrNone) {
		return bot.Reply{}, nil // added meanwhile
	}
	if err != nil {
		return bot.Reply{}, err
	}
	store.Delete(c.Batch(), drafts, d)
	return bot.Reply{}, nil
}
