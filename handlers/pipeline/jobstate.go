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

// HoldJob pauses a job: nobody is invited, its clocks stand still (S2-14).
type HoldJob struct {
	Job    string `arg:"job" ref:"job" label:"Job"`
	Reason string `arg:"reason,optional" label:"Reason" hint:"For the team"`
}

// ReopenJob lets a held or closed job go on.
type ReopenJob struct {
	Job string `arg:"job" ref:"job" label:"Job"`
}

// CloseJob ends a job, once everybody on it has an answer (S1-07).
type CloseJob struct {
	Job    string `arg:"job" ref:"job" label:"Job"`
	Reason string `arg:"reason,optional" label:"Reason" hint:"For the team"`
}

// Unanswered lists the people who have no outcome yet.
type Unanswered struct {
	Job string `arg:"job,optional" ref:"job" label:"Job"`
}

func addJobStates(b *bot.Bot) {
	bot.Handle(b, bot.Command[HoldJob]{Name: "job hold", Title: "Put a job on hold", Who: moving,
		Help: "Puts a job on hold; its clocks stand still.", Example: `job hold Backend reason:"Budget is being checked"`, Run: holdJob})
	bot.Handle(b, bot.Command[ReopenJob]{Name: "job reopen", Title: "Reopen a job", Who: moving,
		Help: "Lets a held or closed job go on.", Example: `job reopen Backend`, Run: reopenJob})
	bot.Handle(b, bot.Command[CloseJob]{Name: "job close", Title: "Close a job", Who: moving,
		Help: "Closes a job, once everybody on it has an answer.", Example: `job close Backend reason:Filled`, Run: closeJob})
	bot.Handle(b, bot.Command[Unanswered]{Name: "job unanswered", Title: "People without an answer", Who: moving, Reads: true,
		Help: "Lists people who have no outcome yet, on one job or on all that are closed.", Example: `job unanswered Backend`, Run: unanswered})
	bot.On(b, "close-check", closeCheck)
}

func holdJob(ctx context.Context, c *bot.Call, a HoldJob) (bot.Reply, error) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	j, news, fault := row.Val.Hold(a.Reason, c.Person, c.Now)
	if fault != nil {
		return bot.Reply{}, fault
	}
	return keepJob(ctx, c, row, j, news, bot.Bold(j.Title)+" is on hold. Its clocks stand still until somebody reopens it.",
		bot.Button{Label: "Reopen", Do: ReopenJob{Job: row.ID}})
}

func reopenJob(ctx context.Context, c *bot.Call, a ReopenJob) (bot.Reply, error) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	j, news, fault := row.Val.Reopen(c.Person, c.Now)
	if fault != nil {
		return bot.Reply{}, fault
	}
	return keepJob(ctx, c, row, j, news, bot.Bold(j.Title)+" is open again.", bot.Button{Label: "Board", Do: Board{Job: row.ID}})
}

func closeJob(ctx context.Context, c *bot.Call, a CloseJob) (bot.Reply, error) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	row.Val.ID = row.ID
	waiting, err := waitingOn(ctx, c, row)
	if err != nil {
		return bot.Reply{}, err
	}
	j, news, fault := row.Val.Close(waiting, a.Reason, c.Person, c.Now)
	if fault != nil {
		if waiting.Count > 0 {
			fault = fault.With(bot.Button{Label: "Who waits", Do: Unanswered{Job: row.ID}})
		}
		return bot.Reply{}, fault
	}
	return keepJob(ctx, c, row, j, news, bot.Bold(j.Title)+" is closed. Everybody on it has an answer.", bot.Button{Label: "Reopen", Do: ReopenJob{Job: row.ID}})
}

func keepJob(_ context.Context, c *bot.Call, row store.Row[recruiting.Job], j recruiting.Job, news recruiting.News, text string, more ...bot.Button) (bot.Reply, error) {
	row.Val = j
	store.Put(c.Batch(), tables.Jobs, row)
	c.Record("job:" + row.ID)
	c.Fact("state", string(j.State))
	c.Tell(news)
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: more})), nil
}

// waitingOn counts the people on a job without an outcome, and names the first few.
func waitingOn(ctx context.Context, c *bot.Call, job store.Row[recruiting.Job]) (recruiting.Unanswered, error) {
	var u recruiting.Unanswered
	n, err := tables.Processes.Count(ctx, c.Scope, "owed", job.ID)
	if err != nil || n[0] == 0 {
		return u, err
	}
	ids, err := tables.Processes.Range(ctx, c.Scope, "owed", job.ID, store.Span{Limit: 5})
	if err != nil {
		return u, err
	}
	ways, err := tables.Processes.Many(ctx, c.Scope, ids)
	if err != nil {
		return u, err
	}
	job.Val.ID = job.ID
	for _, w := range ways {
		name := "somebody"
		if p, err := tables.Candidates.Cached(ctx, c.Scope, w.ID); err == nil {
			name = p.Val.Name
		}
		u.Add(w.Val, &job.Val, name)
	}
	u.Count = n[0]
	return u, nil
}

// closeCheck catches somebody who was put on a job in the very moment it closed:
// the job opens again, and who closed it is told.
func closeCheck(ctx context.Context, c *bot.Call, n recruiting.JobClosed) error {
	row, err := tables.Jobs.Get(ctx, c.Scope, n.Job)
	if errors.Is(err, store.ErrNone) || err == nil && row.Val.State != recruiting.JobEnded {
		return nil // gone or open again: nothing to check
	}
	if err != nil {
		return err
	}
	waiting, err := waitingOn(ctx, c, row)
	if err != nil || waiting.Count == 0 {
		return err
	}
	j, news, fault := row.Val.Reopen(bot.Person{ID: n.By, Roles: recruiting.Admin}, c.Now)
	if fault != nil {
		return fault
	}
	title := j.Title
	row.Val = j
	store.Put(c.Batch(), tables.Jobs, row)
	c.Record("job:" + row.ID)
	c.Tell(news)
	return c.Send(ctx, bot.Outgoing{To: n.By, Whose: []string{waiting.First[0].Candidate}, Message: bot.Say(fmt.Sprintf("%s is open again: while you closed it, %s came to it and has no answer yet.", bot.Bold(title), waiting.First[0].Name))})
}

func unanswered(ctx context.Context, c *bot.Call, a Unanswered) (bot.Reply, error) {
	all, err := seenJobs(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Card("People without an answer", bot.Heading{Text: "People without an answer"})
	total := 0
	for i := range all {
		j := &all[i]
		if a.Job != "" && j.ID != a.Job || a.Job == "" && j.State != recruiting.JobEnded {
			continue
		}
		ids, err := tables.Processes.Range(ctx, c.Scope, "owed", j.ID, store.Span{Limit: 50})
		if err != nil || len(ids) == 0 {
			if err != nil {
				return bot.Reply{}, err
			}
			continue
		}
		t, cards, err := standingTable(ctx, c, j, ids)
		if err != nil {
			return bot.Reply{}, err
		}
		if len(t.Rows) == 0 {
			continue
		}
		total += len(t.Rows)
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold(j.Title)}, t, cards)
	}
	if total == 0 {
		return bot.Replyf("Nobody: everybody on %s has an answer.", map[bool]string{true: "closed jobs", false: "this job"}[a.Job == ""]), nil
	}
	return bot.Answer(m), nil
}
