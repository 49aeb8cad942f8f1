package pipeline

import (
	"context"
	"fmt"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// Board shows where everybody on a job stands: counts first, then people.
type Board struct {
	Job   string `arg:"job" ref:"job" label:"Job"`
	Stage string `arg:"stage,optional" label:"Stage" hint:"Names the people at that stage"`
	Page  int
}

// Stuck lists who stands at a stage longer than its limit of days.
type Stuck struct {
	Job string `arg:"job,optional" ref:"job" label:"Job"`
}

func addBoard(b *bot.Bot) {
	bot.Handle(b, bot.Command[Board]{Name: "job board", Short: "board", Title: "Board of a job", Who: onJobs, On: bot.OnHome, Reads: true,
		Help: "Shows how many people stand at each stage of a job, then who.", Example: `job board "Backend Engineer"`, Run: board})
	bot.Handle(b, bot.Command[Stuck]{Name: "job stuck", Short: "stuck", Title: "Who is stuck", Who: onJobs, On: bot.OnHome, Reads: true,
		Help: "Lists who stands at a stage longer than its limit.", Example: `job stuck Backend`, Run: stuck})
}

const boardPage = 20

func board(ctx context.Context, c *bot.Call, a Board) (bot.Reply, error) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	job := row.Val
	job.ID = row.ID
	open := job.Open()
	counts, late, err := columns(ctx, c, &job, open)
	if err != nil {
		return bot.Reply{}, err
	}
	t := bot.Table{Head: []string{"Stage", "People", "Stuck"}}
	var options []bot.Option
	shown := a.Stage
	for i, s := range open {
		if s.Kind.Ends() {
			continue
		}
		stuck := ""
		if late[i] > 0 {
			stuck = fmt.Sprint(late[i])
		}
		t.Rows = append(t.Rows, []string{s.Name, fmt.Sprint(counts[i]), stuck})
		if counts[i] > 0 {
			options = append(options, bot.Option{Value: s.ID, Label: s.Name, Hint: fmt.Sprintf("%d people", counts[i])})
			if shown == "" {
				shown = s.ID
			}
		}
	}
	m := bot.Card("Board of "+job.Title, bot.Heading{Text: job.Title}, t)
	if shown == "" {
		m.Blocks = append(m.Blocks, bot.Para{Text: "Nobody is in process here."})
		return bot.Answer(m), nil
	}
	if len(options) > 1 {
		m.Blocks = append(m.Blocks, bot.Choices{Label: "Show a stage", Options: options, Field: "stage", Do: Board{Job: row.ID}})
	}
	blocks, err := peopleAt(ctx, c, &job, shown, a.Page)
	if err != nil {
		return bot.Reply{}, err
	}
	m.Blocks = append(m.Blocks, blocks...)
	return bot.Answer(m), nil
}

// columns counts the people at each stage, and those beyond its limit.
func columns(ctx context.Context, c *bot.Call, job *recruiting.Job, open []recruiting.Stage) (counts, late []int, err error) {
	values := make([]string, len(open))
	for i, s := range open {
		values[i] = job.ID + "/" + s.ID
	}
	if counts, err = tables.Processes.Count(ctx, c.Scope, "stage", values...); err != nil {
		return nil, nil, err
	}
	late = make([]int, len(open))
	for i, s := range open {
		limit := job.Overdue(s, c.Now)
		if counts[i] == 0 || limit.IsZero() {
			continue
		}
		ids, err := tables.Processes.Range(ctx, c.Scope, "stage", values[i], store.Span{Min: 1, Max: float64(limit.Unix()), Limit: 1000})
		if err != nil {
			return nil, nil, err
		}
		late[i] = len(ids)
	}
	return counts, late, nil
}

// peopleAt lists one page of a stage, those who wait longest first.
func peopleAt(ctx context.Context, c *bot.Call, job *recruiting.Job, stage string, page int) ([]bot.Block, error) {
	s, fault := job.FindStage(stage, "")
	if fault != nil {
		return nil, fault.In("stage")
	}
	page = max(page, 0)
	ids, err := tables.Processes.Range(ctx, c.Scope, "stage", job.ID+"/"+s.ID, store.Span{Offset: page * boardPage, Limit: boardPage + 1})
	if err != nil {
		return nil, err
	}
	more := len(ids) > boardPage
	t, cards, err := standingTable(ctx, c, job, ids[:min(len(ids), boardPage)])
	if err != nil {
		return nil, err
	}
	if len(t.Rows) == 0 && len(ids) > 0 {
		return []bot.Block{bot.Para{Text: "Who is at " + bot.Bold(s.Name) + " is for the people who run this job, and for those who meet them."}}, nil
	}
	if len(t.Rows) == 0 {
		return []bot.Block{bot.Para{Text: "Nobody is at " + bot.Bold(s.Name) + "."}}, nil
	}
	out := []bot.Block{bot.Para{Text: bot.Bold(s.Name) + ", longest first"}, t, cards}
	var nav []bot.Button
	if page > 0 {
		nav = append(nav, bot.Button{Label: "Back", Do: Board{Job: job.ID, Stage: s.ID, Page: page - 1}})
	}
	if more {
		nav = append(nav, bot.Button{Label: "More", Do: Board{Job: job.ID, Stage: s.ID, Page: page + 1}})
	}
	if len(nav) > 0 {
		out = append(out, bot.Buttons{Buttons: nav})
	}
	return out, nil
}

// standingTable says who these people are, where they stand and for how long, as
// far as this person may know the stage of each.
func standingTable(ctx context.Context, c *bot.Call, job *recruiting.Job, ids []string) (bot.Table, bot.Choices, error) {
	t := bot.Table{Head: []string{"Name", "Stage", "Here for"}}
	cards := bot.Choices{Label: "Open a card", Field: "candidate", Do: Show{}}
	people, err := tables.Candidates.Many(ctx, c.Scope, ids)
	if err != nil {
		return t, cards, err
	}
	ways, err := tables.Processes.Many(ctx, c.Scope, ids)
	if err != nil {
		return t, cards, err
	}
	apps := map[string]*recruiting.Application{}
	for i := range ways {
		apps[ways[i].ID] = ways[i].Val.On(job.ID)
	}
	for _, p := range people {
		app := apps[p.ID]
		if app == nil || !recruiting.Sees(c.Person, recruiting.PartStage, processOf(ways, p.ID), job) {
			continue
		}
		t.Rows = append(t.Rows, []string{p.Val.Name, job.StageName(app.Stage), days(job.Running(app.Since, c.Now))})
		cards.Options = append(cards.Options, bot.Option{Value: p.ID, Label: p.Val.Name, Hint: job.StageName(app.Stage)})
	}
	return t, cards, nil
}

func processOf(ways []store.Row[recruiting.Process], id string) *recruiting.Process {
	for i := range ways {
		if ways[i].ID == id {
			return &ways[i].Val
		}
	}
	return &recruiting.Process{}
}

func days(d time.Duration) string {
	switch n := int(d / (24 * time.Hour)); n {
	case 0:
		return "less than a day"
	case 1:
		return "1 day"
	default:
		return fmt.Sprintf("%d days", n)
	}
}

func stuck(ctx context.Context, c *bot.Call, a Stuck) (bot.Reply, error) {
	all, err := seenJobs(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Card("Who is stuck", bot.Heading{Text: "Stuck longer than their stage allows"})
	for i := range all {
		j := &all[i]
		if a.Job != "" && j.ID != a.Job {
			continue
		}
		ids, err := overdue(ctx, c, j, 25)
		if err != nil {
			return bot.Reply{}, err
		}
		if len(ids) == 0 {
			continue
		}
		t, cards, err := standingTable(ctx, c, j, ids)
		if err != nil {
			return bot.Reply{}, err
		}
		if len(t.Rows) > 0 {
			m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold(j.Title)}, t, cards)
		}
	}
	if len(m.Blocks) == 1 {
		return bot.Replyf("Nobody is stuck."), nil
	}
	return bot.Answer(m), nil
}

// overdue are the people of a job beyond their stage's limit, longest first.
func overdue(ctx context.Context, c *bot.Call, j *recruiting.Job, limit int) ([]string, error) {
	var out []string
	for _, s := range j.Open() {
		since := j.Overdue(s, c.Now)
		if since.IsZero() {
			continue
		}
		ids, err := tables.Processes.Range(ctx, c.Scope, "stage", j.ID+"/"+s.ID, store.Span{Min: 1, Max: float64(since.Unix()), Limit: limit})
		if err != nil {
			return nil, err
		}
		out = append(out, ids...)
	}
	return out[:min(len(out), limit)], nil
}
