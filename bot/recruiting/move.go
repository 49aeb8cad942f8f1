package recruiting

import (
	"fmt"
	"strings"
	"time"

	"rapport/bot"
)

// Move puts an application at another stage of its job. To the hired stage it
// hires; to the withdrawn stage it withdraws; a rejection has its own act.
type Move struct {
	App    string
	To     string // stage id, as FindStage gives it
	Cause  string // needed where the stage asks for one
	System string // the outside system that says so; "" = a person here
}

func (m Move) target(p *Process, jobs Jobs) (target, *bot.Fault) {
	t, f := onApp(p, DoMove, m.App, "")
	if f == nil {
		if j := jobs.Get(t.job); j != nil {
			if i := j.order(m.To); i >= 0 {
				switch j.Stages[i].Kind {
				case AtHired:
					t.kind = DoHire
				case AtWithdrawn:
					t.kind = DoWithdraw
				}
			}
		}
	}
	return t, f
}

func (m Move) system() string { return m.System }

func (m Move) run(d *draft) *bot.Fault {
	a := d.p.App(m.App)
	j := d.job(a.Job)
	if j == nil {
		return missing(&d.p, "job", a.Job)
	}
	to, f := j.reach(a, m, d)
	if f != nil {
		return f
	}
	switch to.Kind {
	case AtWithdrawn:
		return Withdraw{App: m.App, Cause: m.Cause, System: m.System}.run(d)
	case AtHired:
		d.end(a.ID, Hired, to.ID, m.Cause)
		return nil
	}
	from := a.Stage
	d.step(d.app(a.ID), to.ID, m.Cause)
	d.tell(Moved{Candidate: d.p.Candidate, App: a.ID, Job: a.Job, From: from, To: to.ID, By: d.who.ID, At: d.now, Deed: d.deed.N})
	return nil
}

// reach checks a move against the job's status map (S2-12).
func (j *Job) reach(a *Application, m Move, d *draft) (*Stage, *bot.Fault) {
	i := j.order(m.To)
	if i < 0 || j.Stages[i].Gone {
		_, f := j.FindStage(m.To, a.Stage)
		if f == nil {
			f = bot.Faultf(bot.Invalid, "“%s” has no stage “%s” any more. Choose one of its stages.", j.Title, m.To).In("to")
		}
		return nil, f
	}
	to := &j.Stages[i]
	switch {
	case to.Kind == AtRejected:
		return nil, bot.Faultf(bot.Invalid, "A rejection needs an internal reason and a sentence for %s. Use /candidate reject, it asks for both.", d.name()).In("to")
	case to.ID == a.Stage:
		return nil, bot.Faultf(bot.Refused, "%s is at “%s” already, since %s.", d.name(), to.Name, day(a.Since)).In("to")
	case !to.Kind.Ends() && !j.allows(a.Stage, to.ID):
		var next []string
		for _, s := range j.StagesFrom(a.Stage) {
			next = append(next, "“"+s.Name+"”")
		}
		return nil, bot.Faultf(bot.Refused, "From “%s” one can go to %s, not to “%s”.", j.StageName(a.Stage), list(next, "or"), to.Name).In("to")
	case to.Who != 0 && d.who.Roles&to.Who == 0 && d.who.Roles&bot.Machine == 0:
		return nil, bot.Faultf(bot.Forbidden, "Moving somebody to “%s” is for %s.", to.Name, Said(to.Who))
	case to.Cause && strings.TrimSpace(m.Cause) == "":
		return nil, bot.Faultf(bot.Invalid, "Say why: “%s” needs a cause.", to.Name).In("cause")
	}
	if f := causeFits(m.Cause); f != nil {
		return nil, f
	}
	return to, nil
}

const maxCause = 500

func causeFits(cause string) *bot.Fault {
	if runes(cause) > maxCause {
		return bot.Faultf(bot.Invalid, "The cause has %d characters; %d is the most. Put the rest in a note.", runes(cause), maxCause).In("cause")
	}
	return nil
}

// step puts an application at a stage and remembers the one before.
func (d *draft) step(a *Application, stage, cause string) {
	old := a.Was[max(0, len(a.Was)-maxWas+1):]
	was := make([]Step, len(old), len(old)+1)
	copy(was, old)
	a.Was = append(was, Step{Stage: a.Stage, Since: a.Since})
	a.Stage, a.Since, a.Cause = stage, d.now, oneLine(cause)
}

// end gives an application its outcome.
func (d *draft) end(id string, is State, stage, cause string) {
	a := d.app(id)
	from := a.Stage
	d.step(a, stage, cause)
	a.State = is
	d.tell(Ended{Candidate: d.p.Candidate, App: id, Job: a.Job, Outcome: is, From: from, By: d.who.ID, At: d.now, Deed: d.deed.N})
}

// Apply puts a candidate on a job: for the first time, or again after an outcome.
type Apply struct {
	Job      string
	Stage    string // "" = the job's first
	Source   string
	System   string
	External External  // the application's id there, when an outside system has it
	Made     time.Time // when they applied, for imports; zero = now
}

func (a Apply) target(p *Process, jobs Jobs) (target, *bot.Fault) {
	if jobs.Get(a.Job) == nil {
		return target{}, noJob(a.Job)
	}
	return target{kind: DoApply, job: a.Job}, nil
}

func (a Apply) run(d *draft) *bot.Fault {
	j := d.job(a.Job)
	stage := j.Open()[0]
	if a.Stage != "" {
		i := j.order(a.Stage)
		switch {
		case i < 0 || j.Stages[i].Gone:
			_, f := j.FindStage(a.Stage, "")
			if f == nil {
				f = bot.Faultf(bot.Invalid, "“%s” has no stage “%s” any more. Choose one of its stages.", j.Title, a.Stage).In("stage")
			}
			return f
		case j.Stages[i].Kind.Ends():
			return bot.Faultf(bot.Invalid, "Nobody starts at “%s”. Add them at an open stage first, then give the outcome.", j.Stages[i].Name).In("stage")
		}
		stage = j.Stages[i]
	}
	made := d.now
	if !a.Made.IsZero() && a.Made.Before(d.now) {
		made = a.Made
	}
	n := Application{ID: d.made(d.p.nextID("A")), Job: a.Job, Stage: stage.ID, Since: d.now, Made: made, State: Active, Source: oneLine(a.Source)}
	if a.External.ID != "" {
		n.External = []External{a.External}
	}
	d.p.Apps = append(d.p.Apps, n)
	d.deed.App = n.ID
	d.tell(Moved{Candidate: d.p.Candidate, App: n.ID, Job: a.Job, To: stage.ID, By: d.who.ID, At: d.now, Deed: d.deed.N})
	return nil
}

// Transfer ends one application as moved and goes on with another job: a new
// application, or the one that is active there already.
type Transfer struct {
	App    string
	Job    string // the job to go on with
	Stage  string // "" = its first
	Cause  string
	System string
}

func (t Transfer) target(p *Process, jobs Jobs) (target, *bot.Fault) {
	if jobs.Get(t.Job) == nil {
		return target{}, noJob(t.Job)
	}
	return onApp(p, DoTransfer, t.App, "")
}

func (t Transfer) system() string { return t.System }

func (t Transfer) run(d *draft) *bot.Fault {
	a := d.p.App(t.App)
	if a.Job == t.Job {
		return bot.Faultf(bot.Refused, "%s is on “%s” already. Choose another job, or a stage of this one.", d.name(), d.s.Jobs.Title(t.Job)).In("job")
	}
	switch to := d.job(t.Job); {
	case !MaySeeJob(d.who, to, false):
		return noJob(to.Title)
	case !MayMove(d.who, to):
		return bot.Faultf(bot.Forbidden, "Moving people to “%s” is for its hiring managers, %s.", to.Title, Said(Admin|Recruiter))
	}
	if f := causeFits(t.Cause); f != nil {
		return f
	}
	d.dropRejection(t.App)
	stage := a.Stage
	d.end(t.App, MovedOn, stage, t.Cause)
	to := d.p.On(t.Job)
	if to == nil || to.State != Active {
		source := a.Source
		if f := (Apply{Job: t.Job, Stage: t.Stage, Source: source}).run(d); f != nil {
			return f
		}
		to = d.p.On(t.Job)
	}
	d.app(t.App).To = to.ID
	d.deed.App = t.App
	return nil
}

// Withdraw ends an application because the candidate asked to. It is never
// refused for what is still open: references and offers of this application
// lapse, interviews are cancelled, a rejection on its way is dropped.
type Withdraw struct {
	App    string
	Cause  string
	System string
}

func (w Withdraw) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoWithdraw, w.App, "")
}

func (w Withdraw) system() string { return w.System }

func (w Withdraw) run(d *draft) *bot.Fault {
	if f := causeFits(w.Cause); f != nil {
		return f
	}
	a := d.p.App(w.App)
	stage := string(AtWithdrawn)
	if j := d.job(a.Job); j != nil {
		stage = j.ending(AtWithdrawn)
	}
	d.end(w.App, Withdrawn, stage, w.Cause)
	d.app(w.App).Told = d.now // they told us
	for i := range d.p.Refs {
		if r := &d.p.Refs[i]; r.App == w.App && r.Open() {
			d.cancelReference(r.ID)
		}
	}
	for i := range d.p.Offers {
		if o := &d.p.Offers[i]; o.App == w.App && o.Stands() {
			d.endOffer(o.ID, OfferDeclined)
		}
	}
	for i := range d.p.Interviews {
		if v := &d.p.Interviews[i]; v.App == w.App && v.Ahead(d.now) {
			d.setInterview(v.ID, InterviewCancelled)
		}
	}
	d.dropRejection(w.App)
	return nil
}

// FindApplication is the application somebody means: by a job's title, else the
// only active one this viewer may see. Several → Ambiguous in field "job".
func FindApplication(s *Situation, job string, who bot.Person) (*Application, *bot.Fault) {
	p := &s.Process
	if strings.TrimSpace(job) != "" {
		if a := p.App(strings.TrimSpace(job)); a != nil && Sees(who, PartStage, p, s.Jobs.Get(a.Job)) {
			return a, nil
		}
		var theirs Jobs
		for i := range p.Apps {
			if j := s.Jobs.Get(p.Apps[i].Job); j != nil && theirs.Get(j.ID) == nil && Sees(who, PartStage, p, j) {
				theirs = append(theirs, *j)
			}
		}
		j, f := FindJob(theirs, job)
		if f != nil {
			if f.Kind == bot.Missing {
				f.Say = fmt.Sprintf("%s is not on a job “%s”.", s.Candidate.called(), bot.Clip(oneLine(job), 60))
			}
			return nil, f
		}
		return p.On(j.ID), nil
	}
	var active, ended []*Application
	for i := range p.Apps {
		a := &p.Apps[i]
		switch j := s.Jobs.Get(a.Job); {
		case j == nil || !Sees(who, PartStage, p, j):
		case a.State == Active:
			active = append(active, a)
		default:
			ended = append(ended, a)
		}
	}
	switch {
	case len(active) == 1:
		return active[0], nil
	case len(active) == 0 && len(ended) > 0:
		last := ended[len(ended)-1]
		return nil, bot.Faultf(bot.Refused, "%s is not in process now: %s for “%s” on %s. Add them to a job to go on.", s.Candidate.called(), last.State, s.Jobs.Title(last.Job), day(last.Since)).In("job")
	case len(active) == 0 && len(p.Apps) > 0:
		return nil, bot.Faultf(bot.Forbidden, "What goes on with %s at a job is for the people of that job.", s.Candidate.called()).In("job")
	case len(active) == 0:
		return nil, bot.Faultf(bot.Missing, "%s is not on any job yet. Say which one to add them to.", s.Candidate.called()).In("job")
	}
	f := bot.Faultf(bot.Ambiguous, "%s is on several jobs. Which one do you mean?", s.Candidate.called()).In("job")
	for _, a := range active {
		j := s.Jobs.Get(a.Job)
		f.Options = append(f.Options, bot.Option{Value: a.Job, Label: j.Title, Hint: j.StageName(a.Stage)})
	}
	return nil, f
}
