package pipeline

import (
	"context"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
	"rapport/handlers/tables"
	"rapport/store"
)

// AddCandidate takes somebody in, at once on a job if one is named.
type AddCandidate struct {
	Name  string `arg:"name" label:"Name"`
	Email string `arg:"email,optional,email" label:"Mail address"`
	Phone string `arg:"phone,optional" label:"Phone" hint:"With country code, such as +49"`
	Job   string `arg:"job,optional" ref:"job" label:"Job"`
	Zone  string `arg:"zone,optional" label:"Time zone" hint:"A city or a zone such as Africa/Lagos; left out, the candidate is asked"`
	Tags  string `arg:"tags,optional" label:"Tags"`
	Anew  bool   // added although somebody like this is known
}

// Find searches people while typing.
type Find struct {
	Words string `arg:"words" label:"Name, address or tag"`
}

// Show is a candidate's card.
type Show struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
}

func addCandidates(b *bot.Bot) {
	bot.Handle(b, bot.Command[AddCandidate]{Name: "candidate add", Title: "Add a candidate", Who: moving, On: bot.OnHome | bot.OnShortcut,
		Help: "Adds a candidate, and applies them to a job.", Example: `candidate add "Ada Okafor" email:ada@mail.example job:"Backend Engineer" zone:Africa/Lagos`, Run: addCandidate})
	bot.Handle(b, bot.Command[Find]{Name: "candidate find", Short: "find", Title: "Find a candidate", Who: hiring, On: bot.OnHome | bot.OnShortcut, Reads: true,
		Help: "Finds people by name, address or tag.", Example: `find ada`, Run: find})
	bot.Handle(b, bot.Command[Show]{Name: "candidate show", Title: "Show a candidate", Who: hiring, Reads: true,
		Help: "Shows a candidate's card.", Example: `candidate show Ada`, Run: show})
}

func addCandidate(ctx context.Context, c *bot.Call, a AddCandidate) (bot.Reply, error) {
	cand, fault := recruiting.NewCandidate(a.Name, a.Email, a.Phone)
	if fault != nil {
		return bot.Reply{}, fault
	}
	if a.Zone != "" {
		if _, err := scheduling.Default().Zone(a.Zone); err != nil {
			return bot.Reply{}, bot.Faultf(bot.Invalid, "%s", err.Error()).In("zone")
		}
		cand.Zone = scheduling.Default().Canonical(a.Zone)
	}
	if cand, fault = cand.AddTags(a.Tags); fault != nil {
		return bot.Reply{}, fault
	}
	cand.ID, cand.Made, cand.Owner = store.NewID("c", c.Now), c.Now, c.Person.ID
	p := tables.Person{Candidate: store.Row[recruiting.Candidate]{ID: cand.ID, Val: cand}, Process: store.Row[recruiting.Process]{ID: cand.ID}}
	store.Put(c.Batch(), tables.Candidates, p.Candidate)
	c.Record("candidate:" + cand.ID)
	p.Situation = recruiting.Situation{Candidate: cand, Process: recruiting.Process{Candidate: cand.ID}}
	text := "Added " + bot.Bold(cand.Name) + "."
	if a.Job == "" {
		return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: cand.ID}}}})), nil
	}
	job, err := tables.Jobs.Cached(ctx, c.Scope, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	job.Val.ID = job.ID
	p.Jobs, p.Situation.Jobs = []store.Row[recruiting.Job]{job}, recruiting.Jobs{job.Val}
	ch, err := recruiting.Decide(p.Situation, recruiting.Apply{Job: job.ID, Source: c.Door}, c.Person, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	p.StageNew(c, ch)
	text = "Added " + bot.Bold(cand.Name) + " to " + bot.Bold(job.Val.Title) + ". " + standsAt(&p, ch.Process)
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: cand.ID}}}})), nil
}

func find(ctx context.Context, c *bot.Call, a Find) (bot.Reply, error) {
	rows, err := search(ctx, c, a.Words, 10)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(rows) == 0 {
		return bot.Reply{}, recruiting.NoCandidate(a.Words)
	}
	if len(rows) == 1 {
		return show(ctx, c, Show{Candidate: rows[0].ID})
	}
	m := bot.Card("People that fit “"+bot.Clip(a.Words, 60)+"”", bot.Para{Text: "People that fit " + bot.Bold(bot.Clip(a.Words, 60)) + ":"})
	var row []bot.Button
	t := bot.Table{Head: []string{"Name", "Where"}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.Val.Name, standing(ctx, c, r.ID, r.Val.Mail())})
		row = append(row, bot.Button{Label: r.Val.Name, Do: Show{Candidate: r.ID}})
	}
	m.Blocks = append(m.Blocks, t, bot.Buttons{Buttons: row[:min(len(row), 5)]})
	return bot.Answer(m), nil
}

func show(ctx context.Context, c *bot.Call, a Show) (bot.Reply, error) {
	p, err := tables.Fresh(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	if !recruiting.MaySee(c.Person, &p.Situation.Process, p.Situation.Jobs) {
		return bot.Reply{}, recruiting.NoCandidate(a.Candidate)
	}
	c.Viewed("candidate:" + p.Candidate.ID)
	return bot.Answer(card(ctx, c, &p)), nil
}

// card is what a candidate looks like to this person.
func card(ctx context.Context, c *bot.Call, p *tables.Person) bot.Message {
	v := p.Candidate.Val
	facts := bot.Facts{}
	add := func(name, value string) {
		if value != "" {
			facts.Facts = append(facts.Facts, bot.Fact{Name: name, Value: value})
		}
	}
	for _, a := range p.Situation.Process.Active() {
		if j := p.Situation.Jobs.Get(a.Job); j != nil {
			add(j.Title, j.StageName(a.Stage)+" since "+bot.Moment(a.Since, "UTC", bot.DateOnly))
		}
	}
	add("Mail", v.Mail())
	add("Zone", v.Zone)
	add("Tags", strings.Join(v.Tags, ", "))
	acts := []bot.Button{{Label: "Move…", Style: bot.Primary, Do: Move{Candidate: p.Candidate.ID}}}
	acts = append(acts, c.Attached(ctx, "candidate", p.Candidate.ID)...)
	return bot.Card(v.Name, bot.Heading{Text: v.Name}, facts, bot.Buttons{Buttons: acts})
}
