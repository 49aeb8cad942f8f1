package tables

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// Person is all that is read of one candidate before a decision, with the
// revisions it was read at.
type Person struct {
	Candidate store.Row[recruiting.Candidate]
	Process   store.Row[recruiting.Process]
	Jobs      []store.Row[recruiting.Job]
	recruiting.Situation
}

// Read is the one reader of a Situation: the candidate, the process, every job it
// names and the further ones asked for. Rows may be a little old, which is harmless
// where Stage makes the commit check them; for what is only shown use Fresh.
func Read(ctx context.Context, c *bot.Call, candidate string, jobs ...string) (Person, error) {
	if p, ok := c.Recall(recalled + candidate).(*Person); ok && p.names(jobs) {
		return *p, nil
	}
	p, err := read(ctx, c, candidate, jobs, Candidates.Cached, Processes.Cached, Jobs.Cached)
	if err == nil {
		kept := p
		c.Remember(recalled+candidate, &kept)
	}
	return p, err
}

const recalled = "tables.Person/"

// Found lets Read find what a search has read already.
func Found(c *bot.Call, candidate store.Row[recruiting.Candidate], process store.Row[recruiting.Process], jobs []store.Row[recruiting.Job]) {
	p := &Person{Candidate: candidate, Process: process, Jobs: jobs}
	p.fill()
	c.Remember(recalled+candidate.ID, p)
}

// names reports whether these jobs were read.
func (p *Person) names(jobs []string) bool {
	for _, id := range jobs {
		if !slices.ContainsFunc(p.Jobs, func(j store.Row[recruiting.Job]) bool { return j.ID == id }) {
			return false
		}
	}
	return true
}

// Fresh is Read from the store itself.
func Fresh(ctx context.Context, c *bot.Call, candidate string, jobs ...string) (Person, error) {
	return read(ctx, c, candidate, jobs, Candidates.Get, Processes.Get, Jobs.Get)
}

type get[T any] func(context.Context, store.Scope, string) (store.Row[T], error)

func read(ctx context.Context, c *bot.Call, candidate string, jobs []string, getCandidate get[recruiting.Candidate],
	getProcess get[recruiting.Process], getJob get[recruiting.Job]) (Person, error) {
	var p Person
	var err error
	p.Candidate, err = getCandidate(ctx, c.Scope, candidate)
	if errors.Is(err, store.ErrNone) || err == nil && p.Candidate.Val.Gone() {
		return p, recruiting.NoCandidate(candidate)
	}
	if err != nil {
		return p, err
	}
	if p.Process, err = getProcess(ctx, c.Scope, candidate); errors.Is(err, store.ErrNone) {
		p.Process = store.Row[recruiting.Process]{ID: candidate, Val: recruiting.Process{Candidate: candidate}}
	} else if err != nil {
		return p, err
	}
	for i := range p.Process.Val.Apps {
		if id := p.Process.Val.Apps[i].Job; !slices.Contains(jobs, id) {
			jobs = append(jobs, id)
		}
	}
	for _, id := range jobs {
		j, err := getJob(ctx, c.Scope, id)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return p, err
		}
		p.Jobs = append(p.Jobs, j)
	}
	p.fill()
	return p, nil
}

func (p *Person) fill() {
	p.Situation = recruiting.Situation{Candidate: p.Candidate.Val, Process: p.Process.Val}
	p.Situation.Candidate.ID = p.Candidate.ID
	p.Situation.Jobs = make(recruiting.Jobs, len(p.Jobs))
	for i := range p.Jobs {
		p.Situation.Jobs[i] = p.Jobs[i].Val
		p.Situation.Jobs[i].ID = p.Jobs[i].ID
	}
}

// StageNew writes what was decided about a candidate who is written in the same
// commit.
func (p *Person) StageNew(c *bot.Call, ch recruiting.Change) { p.stage(c, ch, false) }

// Stage writes what was decided: the process in place of the one read, news, and
// the checks that make stale reads harmless.
func (p *Person) Stage(c *bot.Call, ch recruiting.Change) { p.stage(c, ch, true) }

func (p *Person) stage(c *bot.Call, ch recruiting.Change, known bool) {
	b := c.Batch()
	store.Replace(b, Processes, p.Process, ch.Process)
	if known {
		store.Check(b, Candidates, p.Candidate)
	}
	c.Fact("deed", strconv.Itoa(ch.Deed))
	for i := range p.Jobs {
		if j := &p.Jobs[i]; ch.Process.On(j.ID) != nil {
			store.Check(b, Jobs, *j)
			c.Record("job:" + j.ID)
		}
	}
	for _, n := range ch.News {
		c.Tell(n)
	}
	c.Record("candidate:" + p.Candidate.ID)
}

// Act reads, decides and stages one act on a candidate. make names the act from
// what was read. A refusal is never given on old rows: they are read again first.
func Act(ctx context.Context, c *bot.Call, candidate string, make func(p *Person) (recruiting.Act, error), jobs ...string) (*Person, recruiting.Change, error) {
	return Acts(ctx, c, candidate, func(p *Person) ([]recruiting.Act, error) {
		a, err := make(p)
		if err != nil {
			return nil, err
		}
		return []recruiting.Act{a}, nil
	}, jobs...)
}

// Acts is Act for several acts in order, of which all happen or none. The person is
// never nil.
func Acts(ctx context.Context, c *bot.Call, candidate string, make func(p *Person) ([]recruiting.Act, error), jobs ...string) (*Person, recruiting.Change, error) {
	p, err := Read(ctx, c, candidate, jobs...)
	if err == nil {
		var ch recruiting.Change
		if ch, err = p.Decide(c, make); err == nil {
			return &p, ch, p.Keep(ctx, c, ch)
		}
	}
	var fault *bot.Fault
	if !errors.As(err, &fault) {
		return &p, recruiting.Change{}, err
	}
	if p, err = Fresh(ctx, c, candidate, jobs...); err != nil {
		return &p, recruiting.Change{}, err
	}
	ch, err := p.Decide(c, make)
	if err != nil {
		return &p, ch, err
	}
	return &p, ch, p.Keep(ctx, c, ch)
}

// Keep stages a decision with its letters.
func (p *Person) Keep(ctx context.Context, c *bot.Call, ch recruiting.Change) error {
	p.Stage(c, ch)
	return p.stageLetters(ctx, c, ch)
}

// Decide does acts one after the other to what was read and returns what they
// come to together. It stages nothing.
func (p *Person) Decide(c *bot.Call, make func(p *Person) ([]recruiting.Act, error)) (recruiting.Change, error) {
	acts, err := make(p)
	if err != nil {
		return recruiting.Change{}, err
	}
	var all recruiting.Change
	s := p.Situation
	for _, a := range acts {
		ch, err := recruiting.Decide(s, a, c.Person, c.Now)
		if err != nil {
			return ch, err
		}
		if len(acts) == 1 {
			return ch, nil
		}
		s.Process = ch.Process
		all.Process, all.Deed = ch.Process, ch.Deed
		all.News = append(all.News, ch.News...)
		all.Letters = append(all.Letters, ch.Letters...)
		all.Questions = append(all.Questions, ch.Questions...)
	}
	return all, nil
}

// ReadMany is Fresh for many people in a few round trips, in the order of ids;
// those who are gone are left out. Each commits and decides on their own.
func ReadMany(ctx context.Context, c *bot.Call, ids []string, jobs ...string) ([]Person, error) {
	people, err := Candidates.Many(ctx, c.Scope, ids)
	if err != nil {
		return nil, err
	}
	ways, err := Processes.Many(ctx, c.Scope, ids)
	if err != nil {
		return nil, err
	}
	way := map[string]store.Row[recruiting.Process]{}
	for _, w := range ways {
		way[w.ID] = w
		for i := range w.Val.Apps {
			if id := w.Val.Apps[i].Job; !slices.Contains(jobs, id) {
				jobs = append(jobs, id)
			}
		}
	}
	rows, err := Jobs.Many(ctx, c.Scope, jobs)
	if err != nil {
		return nil, err
	}
	out := make([]Person, 0, len(people))
	for _, row := range people {
		if row.Val.Gone() {
			continue
		}
		p := Person{Candidate: row, Process: store.Row[recruiting.Process]{ID: row.ID, Val: recruiting.Process{Candidate: row.ID}}}
		if w, ok := way[row.ID]; ok {
			p.Process = w
		}
		for _, j := range rows {
			if p.Process.Val.On(j.ID) != nil || len(jobs) > 0 && j.ID == jobs[0] {
				p.Jobs = append(p.Jobs, j)
			}
		}
		p.fill()
		out = append(out, p)
	}
	return out, nil
}
