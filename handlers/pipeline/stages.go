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

// ChangeStages changes the stages of a live job by a plan that says where people
// go; nothing happens before its preview is confirmed (S0-15).
type ChangeStages struct {
	Job    string `arg:"job" ref:"job" label:"Job"`
	Stages string `arg:"stages" label:"New stages" hint:"All of them in their order, with commas"`
	Where  string `arg:"where,optional" label:"Where people go" hint:"For stages that go: Phone=Screen, Lunch=Onsite"`
}

// RenameStage gives a stage another name; nobody moves.
type RenameStage struct {
	Job   string `arg:"job" ref:"job" label:"Job"`
	Stage string `arg:"stage" label:"Stage"`
	Name  string `arg:"name" word:"to" label:"New name"`
}

// SetStage changes what a stage asks and says.
type SetStage struct {
	Job   string `arg:"job" ref:"job" label:"Job"`
	Stage string `arg:"stage" label:"Stage"`
	Says  string `arg:"says,optional,long" label:"What the candidate reads"`
	Limit int    `arg:"days,optional" label:"Stuck after days"`
	Cause bool   `arg:"reason,optional" label:"Moving here needs a reason"`
	Next  string `arg:"next,optional" label:"Stages one may go to from here" hint:"With commas; any lifts the limit"`
}

// moveRest goes on moving people out of a removed stage, a page at a time.
type moveRest struct {
	Job   string
	Where map[string]string
}

func addStages(b *bot.Bot) {
	bot.Handle(b, bot.Command[ChangeStages]{Name: "job stages", Title: "Change the stages", Who: moving,
		Help: "Changes a job's stages, and says where people go.", Example: `job stages Backend stages:"Applied, Screen, Onsite, Offer, Hired" where:"Phone=Screen"`,
		Shape: shapeStages, Confirm: confirmStages, Run: changeStages})
	bot.Handle(b, bot.Command[RenameStage]{Name: "job rename-stage", Title: "Rename a stage", Who: moving,
		Help: "Gives a stage another name; nobody moves.", Example: `job rename-stage Backend stage:Onsite name:"On site"`, Run: renameStage})
	bot.Handle(b, bot.Command[SetStage]{Name: "job stage", Title: "Set up a stage", Who: moving,
		Help: "Changes what a stage says to candidates, its limit of days and the moves allowed from it.", Example: `job stage Backend stage:Screen days:7`, Run: setStage})
	bot.Handle(b, bot.Command[moveRest]{Name: "job move-rest", Help: "Moves people out of a stage that is gone.", Who: moving | bot.Machine, On: bot.Hidden, Run: runRest})
}

func shapeStages(ctx context.Context, c *bot.Call, a ChangeStages, f *bot.Form) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return
	}
	for i := range f.Fields {
		if x := &f.Fields[i]; x.Name == "stages" && x.Value == "" {
			text := ""
			for _, s := range row.Val.Open() {
				if s.Kind != recruiting.AtRejected && s.Kind != recruiting.AtWithdrawn {
					if text != "" {
						text += ", "
					}
					text += s.Name
				}
			}
			x.Value, x.Shown = text, text
		}
	}
}

// dryRun is a job and what would become of it.
type dryRun struct {
	row  store.Row[recruiting.Job]
	plan recruiting.Plan
}

// plan is the dry run both the preview and the act go by.
func plan(ctx context.Context, c *bot.Call, a ChangeStages) (store.Row[recruiting.Job], recruiting.Plan, error) {
	d, err := once(c, fmt.Sprintf("pipeline.plan/%+v", a), func() (d dryRun, err error) {
		d.row, d.plan, err = draw(ctx, c, a)
		return d, err
	})
	return d.row, d.plan, err
}

func draw(ctx context.Context, c *bot.Call, a ChangeStages) (store.Row[recruiting.Job], recruiting.Plan, error) {
	var p recruiting.Plan
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return row, p, err
	}
	job := row.Val
	if f := job.Barred(c.Person); f != nil {
		return row, p, f
	}
	stages, fault := recruiting.ParseStages(a.Stages)
	if fault != nil {
		return row, p, fault
	}
	where, fault := recruiting.ParseWhere(a.Where)
	if fault != nil {
		return row, p, fault.In("where")
	}
	all := job.Open()
	counts, _, err := columns(ctx, c, &job, all)
	if err != nil {
		return row, p, err
	}
	people := map[string]int{}
	for i, s := range all {
		people[s.ID] = counts[i]
	}
	p, fault = recruiting.PlanStages(job, stages, where, people)
	if fault != nil {
		return row, p, fault
	}
	return row, p, nil
}

func confirmStages(ctx context.Context, c *bot.Call, a ChangeStages) (*bot.Preview, error) {
	row, p, err := plan(ctx, c, a)
	if err != nil {
		return nil, err
	}
	text := "This is what would change on " + bot.Bold(row.Val.Title) + ":"
	return &bot.Preview{Message: bot.Card(text, bot.Para{Text: text}, bot.List{Items: p.Lines()}, bot.Note{Text: "History stays: old records keep their old stages."}),
		Do: "Change the stages", Rev: fmt.Sprint(row.Rev, p.Counts)}, nil
}

func changeStages(ctx context.Context, c *bot.Call, a ChangeStages) (bot.Reply, error) {
	row, p, err := plan(ctx, c, a)
	if err != nil {
		return bot.Reply{}, err
	}
	moved := 0
	for _, n := range p.Counts {
		moved += n
	}
	row.Val = p.Job
	store.Put(c.Batch(), tables.Jobs, row)
	c.Record("job:" + row.ID)
	c.Tell(recruiting.StagesChanged{Job: row.ID, By: c.Person.ID, At: c.Now, Moved: moved})
	if len(p.Where) > 0 {
		if err := c.At("stages/"+row.ID, c.Now, moveRest{Job: row.ID, Where: p.Where}); err != nil {
			return bot.Reply{}, err
		}
	}
	text := "The stages of " + bot.Bold(row.Val.Title) + " are changed."
	switch {
	case moved == 1:
		text += " One person is being moved."
	case moved > 1:
		text += fmt.Sprintf(" %d people are being moved.", moved)
	}
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.List{Items: stageNames(row.Val), Numbered: true},
		bot.Buttons{Buttons: []bot.Button{{Label: "Board", Do: Board{Job: row.ID}}}})), nil
}

const restPage = 25

// runRest moves one page of people and sets its own timer for the next. The job is
// the plan's from the first commit on, so a crash anywhere only delays the rest.
func runRest(ctx context.Context, c *bot.Call, a moveRest) (bot.Reply, error) {
	job, err := tables.Jobs.Get(ctx, c.Scope, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	job.Val.ID = job.ID
	p := recruiting.Plan{Job: job.Val, Where: a.Where}
	moved := 0
	for from := range a.Where {
		ids, err := tables.Processes.Range(ctx, c.Scope, "stage", a.Job+"/"+from, store.Span{Limit: restPage})
		if err != nil {
			return bot.Reply{}, err
		}
		for _, id := range ids {
			row, err := tables.Processes.Get(ctx, c.Scope, id)
			if errors.Is(err, store.ErrNone) {
				continue
			}
			if err != nil {
				return bot.Reply{}, err
			}
			ch, ok := p.Replace(row.Val, c.Person, c.Now)
			if !ok {
				continue
			}
			row.Val = ch.Process
			store.Put(c.Batch(), tables.Processes, row)
			c.Record("candidate:" + id)
			moved++
		}
		if moved > 0 {
			break
		}
	}
	if moved > 0 {
		return bot.Reply{}, c.At("stages/"+a.Job, c.Now, a)
	}
	return bot.Reply{}, nil
}

func renameStage(ctx context.Context, c *bot.Call, a RenameStage) (bot.Reply, error) {
	return changeStage(ctx, c, a.Job, func(j recruiting.Job) (recruiting.Job, string, *bot.Fault) {
		out, fault := recruiting.RenameStage(j, a.Stage, a.Name)
		return out, "The stage is called " + bot.Bold(a.Name) + " now.", fault
	})
}

func setStage(ctx context.Context, c *bot.Call, a SetStage) (bot.Reply, error) {
	return changeStage(ctx, c, a.Job, func(j recruiting.Job) (recruiting.Job, string, *bot.Fault) {
		out, fault := recruiting.SetStage(j, a.Stage, recruiting.StageSetting{Says: a.Says, Limit: a.Limit, Cause: a.Cause, Next: a.Next})
		return out, "Noted for this stage.", fault
	})
}

func changeStage(ctx context.Context, c *bot.Call, id string, change func(recruiting.Job) (recruiting.Job, string, *bot.Fault)) (bot.Reply, error) {
	row, err := theJob(ctx, c, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if f := row.Val.Barred(c.Person); f != nil {
		return bot.Reply{}, f
	}
	j, text, fault := change(row.Val)
	if fault != nil {
		return bot.Reply{}, fault
	}
	row.Val = j
	store.Put(c.Batch(), tables.Jobs, row)
	c.Record("job:" + row.ID)
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Show the job", Do: ShowJob{Job: row.ID}}}})), nil
}
