package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
	Lead   string `arg:"manager,optional,member" label:"Hiring manager"`
}

// ShowJob is a job's card.
type ShowJob struct {
	Job string `arg:"job" ref:"job" label:"Job"`
}

// ListJobs shows the jobs somebody may see.
type ListJobs struct {
	State string `arg:"state,optional" label:"State" choices:"open=Open|held=On hold|closed=Closed|all=All"`
}

// EditJob changes what a job says of itself.
type EditJob struct {
	Job     string `arg:"job" ref:"job" label:"Job"`
	Title   string `arg:"title,optional" label:"New title"`
	Team    string `arg:"team,optional" label:"Team"`
	City    string `arg:"city,optional" label:"City"`
	Lead    string `arg:"manager,optional,member" label:"Add a hiring manager"`
	Recruit string `arg:"recruiter,optional,member" label:"Add a recruiter"`
	Owner   string `arg:"system,optional" label:"System that owns the stages" hint:"For example greenhouse; none takes it back"`
	Link    string `arg:"link,optional" label:"Link into that system" hint:"With {id} for the application"`
}

func addJobs(b *bot.Bot) {
	bot.Handle(b, bot.Command[OpenJob]{Name: "job open", Title: "Open a job", Who: moving, On: bot.OnHome,
		Help: "Opens a job with its stages.", Example: `job open "Backend Engineer" stages:"Applied, Screen, Onsite, Offer, Hired"`, Run: openJob})
	bot.Handle(b, bot.Command[ShowJob]{Name: "job show", Title: "Show a job", Who: onJobs, Reads: true,
		Help: "Shows a job: its people, stages and how it stands.", Example: `job show Backend`, Run: showJob})
	bot.Handle(b, bot.Command[ListJobs]{Name: "job list", Title: "Jobs", Who: onJobs, On: bot.OnHome, Reads: true,
		Help: "Lists the jobs you work on.", Example: `job list state:all`, Run: listJobs})
	bot.Handle(b, bot.Command[EditJob]{Name: "job edit", Title: "Edit a job", Who: moving,
		Help: "Changes a job's title, team or people.", Example: `job edit Backend manager:@max`, Run: editJob})
	addJobStates(b)
	addStages(b)
	addBoard(b)
}

func openJob(ctx context.Context, c *bot.Call, a OpenJob) (bot.Reply, error) {
	j, fault := recruiting.NewJob(store.NewID("j", c.Now), a.Title, a.Stages, c.Person, c.Now)
	if fault != nil {
		return bot.Reply{}, fault
	}
	j.Team, j.City = bot.Clip(a.Team, 60), bot.Clip(a.City, 60)
	if err := freeTitle(ctx, c, j); err != nil {
		return bot.Reply{}, err
	}
	if a.Lead != "" {
		lead, _, err := c.MemberOf(ctx, a.Lead)
		if err != nil {
			return bot.Reply{}, err
		}
		if lead.ID == "" {
			return bot.Reply{}, notMember("manager")
		}
		j.Managers = handsOf(j.Managers, lead.ID)
	}
	store.Put(c.Batch(), tables.Jobs, store.Row[recruiting.Job]{ID: j.ID, Val: j})
	c.Record("job:" + j.ID)
	text := "Opened " + bot.Bold(j.Title) + "."
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.List{Items: stageNames(j), Numbered: true},
		bot.Buttons{Buttons: []bot.Button{{Label: "Add a candidate", Style: bot.Primary, Do: AddCandidate{Job: j.ID}}, {Label: "Board", Do: Board{Job: j.ID}}}})), nil
}

func notMember(field string) error {
	return bot.Faultf(bot.Invalid, "That person is no member yet. An Admin adds them with %s.", bot.Code("/rapport member add @them role:manager")).In(field)
}

// freeTitle refuses two live jobs that nobody could tell apart.
func freeTitle(ctx context.Context, c *bot.Call, j recruiting.Job) error {
	all, err := jobs(ctx, c)
	if err != nil {
		return err
	}
	for i := range all {
		o := &all[i]
		apart := o.Team != "" && j.Team != "" && recruiting.Fold(o.Team) != recruiting.Fold(j.Team)
		if o.ID != j.ID && o.State != recruiting.JobEnded && recruiting.Fold(o.Title) == recruiting.Fold(j.Title) && !apart {
			return bot.Faultf(bot.Refused, "There is an open job called “%s” already. Give this one another title; or give each a team, which tells them apart.", o.Title).In("title")
		}
	}
	return nil
}

func stageNames(j recruiting.Job) []string {
	var names []string
	for _, s := range j.Open() {
		names = append(names, s.Name)
	}
	return names
}

func handsOf(list []string, id string) []string {
	if slices.Contains(list, id) {
		return list
	}
	return append(slices.Clone(list), id)
}

func showJob(ctx context.Context, c *bot.Call, a ShowJob) (bot.Reply, error) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Answer(jobCard(ctx, c, row)), nil
}

func jobCard(ctx context.Context, c *bot.Call, row store.Row[recruiting.Job]) bot.Message {
	j := row.Val
	names := func(ids []string) string {
		var out []string
		for _, id := range ids {
			out = append(out, c.NameOf(ctx, id))
		}
		if len(out) == 0 {
			return "nobody yet"
		}
		return strings.Join(out, ", ")
	}
	facts := bot.Facts{Facts: []bot.Fact{{Name: "State", Value: j.State.Said() + " since " + bot.Moment(j.Since, "UTC", bot.DateOnly)},
		{Name: "Hiring managers", Value: names(j.Managers)}, {Name: "Recruiters", Value: names(j.Recruiters)}, {Name: "Stages", Value: strings.Join(stageNames(j), " → ")}}}
	if j.Team != "" || j.City != "" {
		facts.Facts = append(facts.Facts, bot.Fact{Name: "Where", Value: strings.Trim(j.Team+", "+j.City, ", ")})
	}
	if j.OwnedBy != nil {
		facts.Facts = append(facts.Facts, bot.Fact{Name: "Stages are kept in", Value: j.OwnedBy.System})
	}
	if j.Cause != "" {
		facts.Facts = append(facts.Facts, bot.Fact{Name: "Why", Value: j.Cause})
	}
	buttons := []bot.Button{{Label: "Board", Style: bot.Primary, Do: Board{Job: row.ID}}}
	if recruiting.MayRun(c.Person, &j) {
		switch j.State {
		case recruiting.JobOpen:
			buttons = append(buttons, bot.Button{Label: "Add a candidate", Do: AddCandidate{Job: row.ID}}, bot.Button{Label: "Stages…", Do: ChangeStages{Job: row.ID}},
				bot.Button{Label: "Hold", Do: HoldJob{Job: row.ID}}, bot.Button{Label: "Close", Do: CloseJob{Job: row.ID}})
		default:
			buttons = append(buttons, bot.Button{Label: "Reopen", Do: ReopenJob{Job: row.ID}})
		}
	}
	buttons = append(buttons, c.Attached(ctx, "job", row.ID)...)
	return bot.Card(j.Title, bot.Heading{Text: j.Title}, facts, bot.Buttons{Buttons: buttons})
}

// wants says whether a job in this state is asked for: without a word, those that are
// not closed.
func (a ListJobs) wants(s recruiting.JobState) bool {
	switch a.State {
	case "":
		return s != recruiting.JobEnded
	case "all":
		return true
	}
	return string(s) == a.State
}

func listJobs(ctx context.Context, c *bot.Call, a ListJobs) (bot.Reply, error) {
	all, err := seenJobs(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	var ids []string
	t := bot.Table{Head: []string{"Job", "State", "In process"}}
	for i := range all {
		if j := &all[i]; a.wants(j.State) {
			ids = append(ids, j.ID)
			t.Rows = append(t.Rows, []string{j.Title, j.State.Said(), ""})
		}
	}
	counts, err := tables.Processes.Count(ctx, c.Scope, "open", ids...)
	if err != nil {
		return bot.Reply{}, err
	}
	for i, n := range counts {
		t.Rows[i][2] = fmt.Sprint(n)
	}
	if len(t.Rows) == 0 {
		none := bot.Card("No jobs", bot.Para{Text: "You work on no such job."})
		if c.Person.Is(moving) {
			none.Blocks = append(none.Blocks, bot.Buttons{Buttons: []bot.Button{{Label: "Open a job", Do: OpenJob{}}}})
		}
		return bot.Answer(none), nil
	}
	var row []bot.Button
	for i := range ids[:min(len(ids), 5)] {
		row = append(row, bot.Button{Label: t.Rows[i][0], Do: Board{Job: ids[i]}})
	}
	return bot.Answer(bot.Card("Jobs", bot.Heading{Text: "Jobs"}, t, bot.Buttons{Buttons: row})), nil
}

func editJob(ctx context.Context, c *bot.Call, a EditJob) (bot.Reply, error) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	j := row.Val
	if f := j.Barred(c.Person); f != nil {
		return bot.Reply{}, f
	}
	if a.Title != "" {
		fresh, fault := recruiting.NewJob(row.ID, a.Title, "", c.Person, c.Now)
		if fault != nil {
			return bot.Reply{}, fault
		}
		j.Title = fresh.Title
	}
	if a.Team != "" {
		j.Team = bot.Clip(a.Team, 60)
	}
	if a.City != "" {
		j.City = bot.Clip(a.City, 60)
	}
	for _, add := range []struct {
		field, who string
		list       *[]string
	}{{"manager", a.Lead, &j.Managers}, {"recruiter", a.Recruit, &j.Recruiters}} {
		if add.who == "" {
			continue
		}
		p, _, err := c.MemberOf(ctx, add.who)
		if err != nil {
			return bot.Reply{}, err
		}
		if p.ID == "" || p.Gone {
			return bot.Reply{}, notMember(add.field)
		}
		*add.list = handsOf(*add.list, p.ID)
	}
	switch owner := recruiting.Fold(a.Owner); {
	case owner == "none" || owner == "rapport":
		j.OwnedBy = nil
	case owner != "":
		j.OwnedBy = &recruiting.Owner{System: owner, Link: strings.TrimSpace(a.Link)}
	}
	j.ID = row.ID
	if err := freeTitle(ctx, c, j); err != nil {
		return bot.Reply{}, err
	}
	row.Val = j
	store.Put(c.Batch(), tables.Jobs, row)
	c.Record("job:" + row.ID)
	m := jobCard(ctx, c, row)
	m.Blocks = append([]bot.Block{bot.Para{Text: "Noted."}}, m.Blocks...)
	return bot.Answer(m), nil
}
