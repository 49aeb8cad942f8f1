package pipeline

import (
	"context"
	"fmt"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// OpenJob starts a job.
type OpenJob struct {
	Title  string `arg:"title" label:"Title"`
	Stages string `arg:"stages,optional" label:"Stages" hint:"In their order, with commas; Rejected and Withdrawn always exist"`
	Team   string `arg:"team,optional" label:"Team"`
	City   string `arg:"city,optional" label:"City"`
}

// Board shows where everybody on a job stands.
type Board struct {
	Job   string `arg:"job" ref:"job" label:"Job"`
	Stage string `arg:"stage,optional" label:"Stage" hint:"Names the people at that stage"`
	Page  int
}

func addJobs(b *bot.Bot) {
	bot.Handle(b, bot.Command[OpenJob]{Name: "job open", Title: "Open a job", Who: moving, On: bot.OnHome,
		Help: "Opens a job with its stages.", Example: `job open "Backend Engineer" stages:"Applied, Screen, Onsite, Offer, Hired"`, Run: openJob})
	bot.Handle(b, bot.Command[Board]{Name: "job board", Short: "board", Title: "Board of a job", Who: hiring, On: bot.OnHome, Reads: true,
		Help: "Shows how many people stand at each stage of a job, then who.", Example: `job board "Backend Engineer"`, Run: board})
}

func openJob(ctx context.Context, c *bot.Call, a OpenJob) (bot.Reply, error) {
	all, err := jobs(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	j, fault := recruiting.NewJob(store.NewID("j", c.Now), a.Title, a.Stages, c.Person, c.Now)
	if fault != nil {
		return bot.Reply{}, fault
	}
	j.Team, j.City = a.Team, a.City
	for i := range all {
		if o := &all[i]; recruiting.Fold(o.Title) == recruiting.Fold(j.Title) && o.State != recruiting.JobEnded && o.Team == j.Team {
			return bot.Reply{}, bot.Faultf(bot.Refused, "There is an open job called “%s” already. Give the new one another title, or a team to tell them apart.", o.Title).In("title")
		}
	}
	store.Put(c.Batch(), tables.Jobs, store.Row[recruiting.Job]{ID: j.ID, Val: j})
	c.Record("job:" + j.ID)
	var names []string
	for _, s := range j.Open() {
		names = append(names, s.Name)
	}
	text := "Opened " + bot.Bold(j.Title) + "."
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.List{Items: names, Numbered: true},
		bot.Buttons{Buttons: []bot.Button{{Label: "Add a candidate", Style: bot.Primary, Do: AddCandidate{Job: j.ID}}, {Label: "Board", Do: Board{Job: j.ID}}}})), nil
}

const boardPage = 20

func board(ctx context.Context, c *bot.Call, a Board) (bot.Reply, error) {
	row, err := tables.Jobs.Get(ctx, c.Scope, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	job := row.Val
	if !recruiting.MaySeeJob(c.Person, &job) {
		return bot.Reply{}, bot.Faultf(bot.Missing, "There is no such job here.")
	}
	var values []string
	open := job.Open()
	for _, s := range open {
		values = append(values, row.ID+"/"+s.ID)
	}
	counts, err := tables.Processes.Count(ctx, c.Scope, "stage", values...)
	if err != nil {
		return bot.Reply{}, err
	}
	t := bot.Table{Head: []string{"Stage", "People"}}
	first := ""
	for i, s := range open {
		if s.Kind.Ends() {
			continue
		}
		t.Rows = append(t.Rows, []string{s.Name, fmt.Sprint(counts[i])})
		if first == "" && counts[i] > 0 {
			first = s.ID
		}
	}
	m := bot.Card("Board of "+job.Title, bot.Heading{Text: job.Title}, t)
	shown := a.Stage
	if shown == "" {
		shown = first
	}
	if shown != "" {
		blocks, err := peopleAt(ctx, c, row.ID, &job, shown, a.Page)
		if err != nil {
			return bot.Reply{}, err
		}
		m.Blocks = append(m.Blocks, blocks...)
	}
	return bot.Answer(m), nil
}

// peopleAt lists one page of a stage, those who wait longest first.
func peopleAt(ctx context.Context, c *bot.Call, id string, job *recruiting.Job, stage string, page int) ([]bot.Block, error) {
	s, fault := job.FindStage(stage, "")
	if fault != nil {
		return nil, fault.In("stage")
	}
	ids, err := tables.Processes.Range(ctx, c.Scope, "stage", id+"/"+s.ID, store.Span{Offset: page * boardPage, Limit: boardPage + 1})
	if err != nil {
		return nil, err
	}
	more := len(ids) > boardPage
	ids = ids[:min(len(ids), boardPage)]
	people, err := tables.Candidates.Many(ctx, c.Scope, ids)
	if err != nil {
		return nil, err
	}
	ways, err := tables.Processes.Many(ctx, c.Scope, ids)
	if err != nil {
		return nil, err
	}
	since := map[string]string{}
	for _, w := range ways {
		if app := w.Val.On(id); app != nil {
			since[w.ID] = bot.Moment(app.Since, "UTC", bot.DateOnly)
		}
	}
	t := bot.Table{Head: []string{"Name", "Since"}}
	for _, p := range people {
		t.Rows = append(t.Rows, []string{p.Val.Name, since[p.ID]})
	}
	if len(t.Rows) == 0 {
		return []bot.Block{bot.Para{Text: "Nobody is at " + bot.Bold(s.Name) + "."}}, nil
	}
	out := []bot.Block{bot.Para{Text: bot.Bold(s.Name) + ", longest first"}, t}
	var nav []bot.Button
	if page > 0 {
		nav = append(nav, bot.Button{Label: "Back", Do: Board{Job: id, Stage: s.ID, Page: page - 1}})
	}
	if more {
		nav = append(nav, bot.Button{Label: "More", Do: Board{Job: id, Stage: s.ID, Page: page + 1}})
	}
	if len(nav) > 0 {
		out = append(out, bot.Buttons{Buttons: nav})
	}
	return out, nil
}
