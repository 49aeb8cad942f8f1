package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// seeding fills an empty demo store through the same rules as everything else.
type seeding struct {
	sc     store.Scope
	now    time.Time
	people map[string]bot.Person
	jobs   recruiting.Jobs
}

// seed makes the demo's employer, once.
func (s *system) seed(ctx context.Context, now time.Time) error {
	d := &seeding{sc: s.db.In(tenantOf(true)), now: now, people: map[string]bot.Person{}}
	_, err := tables.Jobs.Get(ctx, d.sc, demoJobs[len(demoJobs)-1].id)
	if !errors.Is(err, store.ErrNone) {
		return err
	}
	for _, t := range demoTeam {
		roles, fault := recruiting.ParseRoles(t.roles)
		if fault != nil {
			return fault
		}
		p := bot.Person{Name: t.name, Roles: roles, Zone: t.zone, Hours: t.hours, Email: strings.ToLower(strings.Fields(t.name)[0]) + "@lindqvist-rowe.example"}
		b := d.sc.Batch("demo/" + t.id)
		store.Put(b, bot.People, store.Row[bot.Person]{ID: t.id, Val: p})
		if err := fresh(d.sc.Commit(ctx, b)); err != nil {
			return err
		}
		p.ID = t.id
		d.people[t.id] = p
	}
	for _, j := range demoJobs {
		if err := d.job(j.id, j.title, j.team, j.city, j.stages, j.manager); err != nil {
			return err
		}
	}
	for i := range demoCount {
		if err := d.candidate(ctx, i); err != nil {
			return fmt.Errorf("candidate %d: %w", i, err)
		}
	}
	if err := s.tour(ctx); err != nil {
		return err
	}
	for i := range d.jobs { // last: the closed one tells a later start that all is there
		b := d.sc.Batch("demo/" + d.jobs[i].ID)
		if j := &d.jobs[i]; demoJobs[i].closed {
			closed, _, fault := j.Close(recruiting.Unanswered{}, "Filled", d.people["m_rita"], now.AddDate(0, 0, -6))
			if fault != nil {
				return fault
			}
			*j = closed
		}
		store.Put(b, tables.Jobs, store.Row[recruiting.Job]{ID: d.jobs[i].ID, Val: d.jobs[i]})
		if err := fresh(d.sc.Commit(ctx, b)); err != nil {
			return err
		}
	}
	return nil
}

// fresh lets a seed go on that was cut off before: what stands already stays.
func fresh(err error) error {
	if errors.As(err, new(*store.Stale)) {
		return nil
	}
	return err
}

func (d *seeding) job(id, title, team, city, stages, manager string) error {
	j, fault := recruiting.NewJob(id, title, stages, d.people["m_rita"], d.now.AddDate(0, -2, 0))
	if fault != nil {
		return fault
	}
	j.Team, j.City, j.Demo = team, city, true
	j.Managers = []string{manager}
	d.jobs = append(d.jobs, j)
	return nil
}

// candidate makes the i-th person: on a job, moved along over the last weeks, some
// with a reference, an offer or a rejection under way.
func (d *seeding) candidate(ctx context.Context, i int) error {
	first, last := demoFirst[i%len(demoFirst)], demoLast[(i*7+i/len(demoFirst))%len(demoLast)]
	zone := demoZones[i%len(demoZones)]
	mail := fmt.Sprintf("%s.%s%d@mail.example", recruiting.Fold(first), strings.ReplaceAll(recruiting.Fold(last), " ", ""), i)
	c, fault := recruiting.NewCandidate(first+" "+last, mail, "")
	if fault != nil {
		return fault
	}
	c.ID = fmt.Sprintf("c_demo%02d", i)
	c.Zone, c.City, c.Demo, c.Owner, c.Source = zone.zone, zone.city, true, "m_rita", "demo"
	depth, closed, still := (i/3)%4, i >= demoCount-6, i%15 == 0 && i > 0
	c.Made = d.now.Add(-demoAge(i, depth, closed || still))
	if c, fault = c.AddTags(demoTags[i%len(demoTags)]); fault != nil {
		return fault
	}
	job := &d.jobs[i%3]
	outcome := ""
	if closed { // the closed job: everybody has an answer
		job, outcome = &d.jobs[3], []string{"hired", "withdrawn"}[min(i-(demoCount-6), 1)]
	}
	p := recruiting.Process{Candidate: c.ID}
	var log []store.Audit
	act := func(who string, at time.Time, name string, a recruiting.Act) error {
		ch, err := recruiting.Decide(recruiting.Situation{Candidate: c, Process: p, Jobs: recruiting.Jobs{*job}}, a, d.people[who], at)
		if err != nil {
			return err
		}
		p = ch.Process
		log = append(log, store.Audit{At: at, By: who, Door: "demo", Event: "demo", Act: name, Records: []string{"candidate:" + c.ID, "job:" + job.ID}, Facts: facts(ch)})
		return nil
	}
	if err := act("m_rita", c.Made, "candidate add", recruiting.Apply{Job: job.ID, Source: "demo"}); err != nil {
		return err
	}
	stages := job.Open()
	for k := 1; k <= depth; k++ {
		at := c.Made.Add(time.Duration(k*(7+i%3)) * 24 * time.Hour)
		if !still { // the rest moved lately
			at = d.now.Add(-time.Duration((depth-k)*5*24+i%72+2) * time.Hour)
		}
		if closed { // before the outcome
			at = at.AddDate(0, 0, -10)
		}
		if err := act("m_rita", at, "candidate move", recruiting.Move{App: p.Apps[0].ID, To: stages[k].ID}); err != nil {
			return err
		}
	}
	if err := d.interviews(i, depth, &p, act); err != nil {
		return err
	}
	if err := d.extras(i, depth, &p, job, act); err != nil {
		return err
	}
	switch outcome {
	case "hired":
		if err := act("m_rita", d.now.AddDate(0, 0, -8), "candidate move", recruiting.Move{App: p.Apps[0].ID, To: string(recruiting.AtHired)}); err != nil {
			return err
		}
	case "withdrawn":
		if err := act("m_rita", d.now.AddDate(0, 0, -9), "candidate withdraw", recruiting.Withdraw{App: p.Apps[0].ID, Cause: "Took another job"}); err != nil {
			return err
		}
	}
	b := d.sc.Batch("demo/" + c.ID)
	store.Put(b, tables.Candidates, store.Row[recruiting.Candidate]{ID: c.ID, Val: c})
	store.Put(b, tables.Processes, store.Row[recruiting.Process]{ID: c.ID, Val: p})
	for _, l := range log {
		b.Audit(l)
	}
	if err := d.notes(b, i, depth, c); err != nil {
		return err
	}
	return fresh(d.sc.Commit(ctx, b))
}

// demoAge is how long ago somebody came: lately who has just applied, longer ago who
// has moved, and longest who stands still or has an answer.
func demoAge(i, depth int, long bool) time.Duration {
	days := 16 + i*7%20
	switch {
	case long:
		days = 36 + i%12
	case depth == 0:
		days = i * 5 % 12
	}
	return time.Duration(days*24+i%20+2) * time.Hour
}

// interviews are held by the interviewers who wrote about somebody: whom they meet is
// whom they see.
func (d *seeding) interviews(i, depth int, p *recruiting.Process, act func(string, time.Time, string, recruiting.Act) error) error {
	for k := range min(2, depth) {
		by := demoNotes[(i+3*k)%len(demoNotes)].by
		if (i+k)%3 == 0 || !d.people[by].Is(recruiting.Interviewer) {
			continue
		}
		id, app, end := p.NextInterview(), p.Apps[0].ID, d.wrote(i, k).Add(-time.Hour)
		if err := act("m_rita", end.AddDate(0, 0, -3), "interview note", recruiting.Book{App: app, ID: id, At: end.Add(-time.Hour), End: end, With: []string{by}}); err != nil {
			return err
		}
		if err := act("m_rita", end, "interview note", recruiting.EndInterview{Interview: id}); err != nil {
			return err
		}
	}
	return nil
}

// wrote is when somebody wrote the k-th note about the i-th person.
func (d *seeding) wrote(i, k int) time.Time {
	return d.now.Add(-time.Duration((2-k)*40+i%30) * time.Hour)
}

// notes puts down what colleagues wrote: one at most stages, two for those who came far.
func (d *seeding) notes(b *store.Batch, i, depth int, c recruiting.Candidate) error {
	for k := range min(2, depth) {
		if (i+k)%3 == 0 {
			continue
		}
		words := demoNotes[(i+3*k)%len(demoNotes)]
		at := d.wrote(i, k)
		n, fault := recruiting.NewNote(c.ID, strings.ReplaceAll(words.text, "{name}", c.First()), recruiting.TeamOnly, d.people[words.by], at)
		if fault != nil {
			return fault
		}
		n.ID = fmt.Sprintf("n_demo%02d%d", i, k)
		store.Put(b, tables.Notes, store.Row[recruiting.Note]{ID: n.ID, Val: n})
		b.Audit(store.Audit{At: at, By: words.by, Door: "demo", Event: "demo", Act: "candidate note", Records: []string{"candidate:" + c.ID}})
	}
	return nil
}

func facts(ch recruiting.Change) map[string]string {
	f := map[string]string{}
	if m, ok := recruiting.Told[recruiting.Moved](ch); ok {
		f["from"], f["to"] = m.From, m.To
	}
	return f
}

// extras puts something under way for some of those who are far enough.
func (d *seeding) extras(i, depth int, p *recruiting.Process, job *recruiting.Job, act func(string, time.Time, string, recruiting.Act) error) error {
	app := p.Apps[0].ID
	if job.ID == "j_data" {
		return nil
	}
	switch {
	case depth == 3 && i%2 == 1:
		return act("m_rita", d.now.Add(-30*time.Hour), "offer draft", recruiting.DraftOffer{App: app})
	case depth == 2 && i%4 == 0:
		return act("m_rita", d.now.Add(-50*time.Hour), "reference ask", recruiting.AskReference{App: app, Referee: "Dr. Imani Vogt", Mail: "imani.vogt@former.example"})
	case depth == 1 && i%7 == 3:
		return act("m_rita", d.now.Add(-3*time.Hour), "candidate reject", recruiting.Reject{App: app, Signer: "m_rita", Reason: "Less experience with distributed systems than the others",
			Words: "Thank you for the time you took. For this role we go on with people who have run larger systems; we would be glad to hear from you again in a year."})
	}
	return nil
}

// tour is the first thing a visitor reads.
func (s *system) tour(ctx context.Context) error {
	m := bot.Card("Welcome to the Rapport demo", bot.Heading{Text: "Welcome to Lindqvist & Rowe"},
		bot.Para{Text: "This is a demo: everybody here is invented, and nothing you do leaves this machine. You begin as " + bot.Bold("Rita") + ", a recruiter; under “See it as” in the list of places you become somebody else by one click."},
		bot.List{Numbered: true, Items: []string{
			"Move somebody: type " + bot.Code("/move Ada Okafor to:Onsite"),
			"Change your mind: press " + bot.Bold("Undo") + ", or type " + bot.Code("/rapport undo"),
			"Leave something out: " + bot.Code("/move Mateo Weiss") + " opens a form with the stages there are, " + bot.Code("/move Mateo") + " asks which one you mean",
			"See where everybody stands: " + bot.Code("/board Backend"),
			"Find anybody by a few letters: " + bot.Code("/find oka"),
			"Become Max, the hiring manager, and see under “Direct messages” what reached him",
		}},
		bot.Note{Text: "Start over at any time with: rapport demo --reset"})
	_, err := s.console.Send(ctx, bot.Place{Network: s.console.Name(), Team: tenantOf(true), Channel: "#recruiting"}, m, "tour")
	return err
}
