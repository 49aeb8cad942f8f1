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

// tellJob writes to everybody in process on a job that it is on hold, or goes on
// again (S2-14), a part at a time. The letters wait for a person to send them.
type tellJob struct {
	Job  string
	Kind recruiting.LetterKind
	From int
	Made int
}

const tellStep = 30 // letters a commit stages

func addJobLetters(b *bot.Bot) {
	bot.Handle(b, bot.Command[tellJob]{Name: "letter job", Help: "Writes to everybody on a job.", Who: moving | bot.Machine, On: bot.Hidden, Run: stepTellJob})
	bot.On(b, "pipeline.jobletters", func(ctx context.Context, c *bot.Call, n recruiting.JobHeld) error {
		return beginTellJob(ctx, c, n.Job, n.By, recruiting.LetterHold)
	})
	bot.On(b, "pipeline.jobletters", func(ctx context.Context, c *bot.Call, n recruiting.JobReopened) error {
		if n.WasClosed {
			return nil // everybody on it had an outcome
		}
		return beginTellJob(ctx, c, n.Job, n.By, recruiting.LetterReopened)
	})
}

func beginTellJob(ctx context.Context, c *bot.Call, job, by string, kind recruiting.LetterKind) error {
	who, err := c.PersonByID(ctx, by)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return err
	}
	c.Silent()
	c.Person = who
	return c.At("tell/"+job+"/"+string(kind)+"/0", c.Now, tellJob{Job: job, Kind: kind})
}

func stepTellJob(ctx context.Context, c *bot.Call, a tellJob) (bot.Reply, error) {
	row, err := tables.Jobs.Get(ctx, c.Scope, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	row.Val.ID = row.ID
	if held := row.Val.State == recruiting.JobOnHold; held != (a.Kind == recruiting.LetterHold) {
		return bot.Reply{}, nil // it changed again; the other letter is on its way
	}
	if c.Person.ID == "" || c.Person.Gone {
		if c.Person, err = c.PersonByID(ctx, row.Val.Lead()); err != nil {
			return bot.Reply{}, err
		}
	}
	ids, err := tables.Processes.Range(ctx, c.Scope, "open", a.Job, store.Span{Offset: a.From, Limit: tellStep})
	if err != nil {
		return bot.Reply{}, err
	}
	people, err := tables.ReadMany(ctx, c, ids, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	for i := range people {
		made, err := tellOne(ctx, c, &people[i], &row.Val, a.Kind)
		if err != nil {
			return bot.Reply{}, err
		}
		a.Made += made
	}
	c.Record("job:" + a.Job)
	if a.From += tellStep; len(ids) == tellStep {
		return bot.Reply{}, c.At(fmt.Sprintf("tell/%s/%s/%d", a.Job, a.Kind, a.From), c.Now, a)
	}
	if a.Made == 0 {
		return bot.Reply{}, nil
	}
	why := " is on hold: "
	if a.Kind == recruiting.LetterReopened {
		why = " goes on: "
	}
	text := bot.Bold(row.Val.Title) + why + plural(a.Made, "letter") + " for the people in process are yours to send."
	if a.Made == 1 {
		text = bot.Bold(row.Val.Title) + why + "1 letter for the person in process is yours to send."
	}
	return bot.Reply{}, c.Send(ctx, bot.Outgoing{To: c.Person.ID, Message: bot.Card(text, bot.Para{Text: text},
		bot.Buttons{Buttons: []bot.Button{{Label: "Letters to send", Style: bot.Primary, Do: Letters{}}}})})
}

// tellOne stages one letter. Somebody who was never sent that the job is on hold need
// not hear that it goes on: that letter is dropped instead.
func tellOne(ctx context.Context, c *bot.Call, p *tables.Person, j *recruiting.Job, kind recruiting.LetterKind) (int, error) {
	app := p.Situation.Process.On(j.ID)
	if app == nil || app.State != recruiting.Active {
		return 0, nil
	}
	l := recruiting.JobLetter(kind, p.Situation.Candidate, app, j, c.Person, c.Now)
	hold := recruiting.JobLetter(recruiting.LetterHold, p.Situation.Candidate, app, j, c.Person, c.Now)
	again := recruiting.JobLetter(recruiting.LetterReopened, p.Situation.Candidate, app, j, c.Person, c.Now)
	rows, err := tables.Letters.Many(ctx, c.Scope, []string{tables.LetterID(l.Candidate, hold.ID), tables.LetterID(l.Candidate, again.ID)})
	if err != nil {
		return 0, err
	}
	sent := false
	for _, r := range rows {
		switch {
		case r.Val.Kind == recruiting.LetterHold && r.Val.State == recruiting.LetterSent:
			sent = true
		case r.Val.Kind != kind && r.Val.State == recruiting.LetterReady:
			old := r.Val.Letter
			old.State, old.At = recruiting.LetterDropped, c.Now
			if err := tables.PutLetter(ctx, c, old); err != nil {
				return 0, err
			}
		}
	}
	if kind == recruiting.LetterReopened && !sent {
		return 0, nil
	}
	return 1, tables.PutLetter(ctx, c, l)
}
