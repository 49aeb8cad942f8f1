package recruiting

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// Plan is a change of a job's stages with what it does to the people on it: a
// dry run until somebody keeps Job and plays Moves (S0-15).
type Plan struct {
	Job     Job               // the job as it will be; stages that go stay in it, marked Gone
	Added   []Stage           //
	Removed []Stage           // as they were
	Where   map[string]string // removed stage id → where its people go
	Counts  map[string]int    // removed stage id → people who move; filled by Count
}

// PlanStages plans new stages for a job. A stage that keeps its name (folded), or is the
// same ending, keeps its id; RenameStage gives one another name.
// where says for each removed stage (by name or id) the stage its people go to;
// people is how many stand at each (stage id → active people). People without a
// target give an Invalid fault in field "where" that names their stages.
func PlanStages(j Job, stages []Stage, where map[string]string, people map[string]int) (Plan, *bot.Fault) {
	p := Plan{Job: j, Where: map[string]string{}, Counts: map[string]int{}}
	next, taken := make([]Stage, 0, len(stages)+2), map[string]bool{}
	for _, s := range stages {
		old, ok := j.match(s)
		if ok && !taken[old.ID] {
			if s.Says == "" || s.Says == defaultSays(Stage{Name: s.Name, Kind: s.Kind}) {
				s.Says = old.Says
			}
			s.ID, s.Limit, s.Next, s.Cause, s.Who = old.ID, or(s.Limit, old.Limit), either(s.Next, old.Next), s.Cause || old.Cause, s.Who|old.Who
			if old.Gone {
				p.Added = append(p.Added, s)
			}
		} else {
			s.ID = freshID(s.Name, j.Stages, next)
			p.Added = append(p.Added, s)
		}
		s.Gone = false
		taken[s.ID] = true
		next = append(next, s)
	}
	for _, s := range j.Stages {
		if taken[s.ID] {
			continue
		}
		if !s.Gone {
			p.Removed = append(p.Removed, s)
		}
		s.Gone, s.Next = true, nil
		next = append(next, s)
	}
	for i := range next {
		next[i].Next = slices.DeleteFunc(slices.Clone(next[i].Next), func(id string) bool { return !taken[id] })
	}
	p.Job.Stages = next
	return p, p.aim(where, people)
}

// aim finds the target of each removed stage that people stand at.
func (p *Plan) aim(where map[string]string, people map[string]int) *bot.Fault {
	var lost []string
	for _, s := range p.Removed {
		p.Counts[s.ID] = people[s.ID]
		to := ""
		for from, t := range where {
			if from == s.ID || Fold(from) == Fold(s.Name) {
				to = t
			}
		}
		if strings.TrimSpace(to) == "" {
			if people[s.ID] > 0 {
				lost = append(lost, fmt.Sprintf("“%s” (%d)", s.Name, people[s.ID]))
			}
			continue
		}
		target, f := p.Job.FindStage(to, "")
		if f != nil {
			return f.In("where")
		}
		if target.Kind.Ends() {
			return bot.Faultf(bot.Invalid, "Nobody is hired, rejected or withdrawn by a change of stages. Choose an open stage for the people at “%s”.", s.Name).In("where")
		}
		p.Where[s.ID] = target.ID
	}
	if len(lost) > 0 {
		return bot.Faultf(bot.Invalid, "People stand at stages that would go: %s. Say where they go, for example where:\"%s=%s\".", list(lost, "and"), p.Removed[0].Name, p.Job.Stages[0].Name).In("where")
	}
	return nil
}

// ParseWhere reads "Phone=Screen, Lunch=Onsite" (also with →).
func ParseWhere(text string) (map[string]string, *bot.Fault) {
	out := map[string]string{}
	for _, part := range splitList(strings.NewReplacer("→", "=", "->", "=").Replace(bot.Clean(text))) {
		from, to, ok := strings.Cut(part, "=")
		if !ok || strings.TrimSpace(from) == "" || strings.TrimSpace(to) == "" {
			return nil, bot.Faultf(bot.Invalid, "“%s” does not say where to. Write old=new, for example Phone=Screen.", bot.Clip(part, 40)).In("where")
		}
		out[oneLine(from)] = oneLine(to)
	}
	return out, nil
}

// Lines says what the plan does, for its preview.
func (p Plan) Lines() []string {
	var out []string
	for _, s := range p.Added {
		out = append(out, fmt.Sprintf("New stage “%s”.", s.Name))
	}
	for _, s := range p.Removed {
		to, n := p.Where[s.ID], p.Counts[s.ID]
		switch n {
		case 0:
			out = append(out, fmt.Sprintf("“%s” goes; nobody stands there.", s.Name))
		case 1:
			out = append(out, fmt.Sprintf("“%s” goes; 1 person moves to “%s”.", s.Name, p.Job.StageName(to)))
		default:
			out = append(out, fmt.Sprintf("“%s” goes; %d people move to “%s”.", s.Name, n, p.Job.StageName(to)))
		}
	}
	if out == nil {
		out = append(out, "The order changes, or nothing; nobody moves.")
	}
	return out
}

// Replace puts one person where the plan says; ok is false when they stay. It
// is no move by a person: no rule of the status map asks.
func (p Plan) Replace(pr Process, who bot.Person, now time.Time) (c Change, ok bool) {
	d := &draft{s: &Situation{Jobs: Jobs{p.Job}}, p: pr.clone(), who: who, now: now}
	d.p.Acts++
	d.deed = Deed{N: d.p.Acts, Act: DoMove, By: who.ID, At: now}
	for i := range d.p.Apps {
		a := &d.p.Apps[i]
		to, hit := p.Where[a.Stage]
		if a.Job != p.Job.ID || a.State != Active || !hit {
			continue
		}
		from := a.Stage
		d.deed.App = a.ID
		d.step(d.app(a.ID), to, "stages changed")
		d.tell(Moved{Candidate: d.p.Candidate, App: a.ID, Job: a.Job, From: from, To: to, By: who.ID, At: now, Deed: d.deed.N})
		ok = true
	}
	if !ok {
		return Change{Process: pr}, false
	}
	d.log()
	return Change{Process: d.p, News: d.news, Deed: d.deed.N}, true
}

// RenameStage gives a stage another name; nobody moves, its id stays.
func RenameStage(j Job, stage, name string) (Job, *bot.Fault) {
	old, f := j.FindStage(stage, "")
	if f != nil {
		return j, f.In("stage")
	}
	name = oneLine(name)
	if Fold(name) == "" || runes(name) > maxStageName {
		return j, bot.Faultf(bot.Invalid, "Give the stage a name of at most %d characters.", maxStageName).In("name")
	}
	for _, o := range j.Open() {
		if o.ID != old.ID && Fold(o.Name) == Fold(name) {
			return j, bot.Faultf(bot.Invalid, "“%s” has a stage “%s” already.", j.Title, o.Name).In("name")
		}
	}
	j.Stages = slices.Clone(j.Stages)
	i := j.order(old.ID)
	if j.Stages[i].Says == defaultSays(old) {
		j.Stages[i].Says = defaultSays(Stage{Name: name, Kind: old.Kind})
	}
	j.Stages[i].Name = name
	return j, nil
}

// match finds the present stage that a planned one goes on as: the same name, or
// the same ending.
func (j *Job) match(s Stage) (Stage, bool) {
	for _, o := range j.Stages {
		if Fold(o.Name) == Fold(s.Name) || s.Kind.Ends() && o.Kind == s.Kind {
			return o, true
		}
	}
	return Stage{}, false
}

func freshID(name string, sets ...[]Stage) string { return stageID(name, slices.Concat(sets...)) }

func or(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

func either(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}

// StageSetting changes one stage; empty values leave it as it is.
type StageSetting struct {
	Says  string // what the candidate reads
	Limit int    // days
	Cause bool   // moving here needs a cause
	Next  string // stages one may go to from here, with commas; "any" lifts the limit
}

// SetStage changes what a stage says and allows; nobody moves.
func SetStage(j Job, stage string, set StageSetting) (Job, *bot.Fault) {
	old, f := j.FindStage(stage, "")
	if f != nil {
		return j, f.In("stage")
	}
	if set.Limit < 0 || set.Limit > 365 {
		return j, bot.Faultf(bot.Invalid, "A limit is between 1 and 365 days.").In("days")
	}
	if runes(set.Says) > 500 {
		return j, bot.Faultf(bot.Invalid, "What the candidate reads has at most 500 characters.").In("says")
	}
	var next []string
	for _, part := range splitList(set.Next) {
		if Fold(part) == "any" {
			next = []string{}
			break
		}
		s, f := j.FindStage(part, "")
		if f != nil {
			return j, f.In("next")
		}
		next = append(next, s.ID)
	}
	j.Stages = slices.Clone(j.Stages)
	s := &j.Stages[j.order(old.ID)]
	if set.Says != "" {
		s.Says = oneLine(set.Says)
	}
	s.Limit, s.Cause = or(set.Limit, s.Limit), s.Cause || set.Cause
	if next != nil {
		s.Next = next
	}
	return j, nil
}
