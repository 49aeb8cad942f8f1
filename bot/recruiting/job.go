package recruiting

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// JobState says whether a job takes people on.
type JobState string

const (
	JobOpen   JobState = "open"
	JobOnHold JobState = "held"
	JobEnded  JobState = "closed"
)

// Said is the state in a person's words.
func (s JobState) Said() string {
	if s == JobOnHold {
		return "on hold"
	}
	return string(s)
}

// Job is one position somebody is looked for.
type Job struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Team       string     `json:"team,omitempty"`
	City       string     `json:"city,omitempty"`
	Stages     []Stage    `json:"stages"`
	State      JobState   `json:"state"`
	Managers   []string   `json:"managers,omitempty"`   // person ids
	Recruiters []string   `json:"recruiters,omitempty"` // person ids; the first owns it
	Follows    []string   `json:"follows,omitempty"`    // person ids who want to hear of changes
	OwnedBy    *Owner     `json:"owned,omitempty"`      // nil: its stages are kept here
	Holds      []Pause    `json:"holds,omitempty"`      // times its clocks stood still
	Cause      string     `json:"cause,omitempty"`      // why it is held or closed
	Since      time.Time  `json:"since"`                // in this state
	Made       time.Time  `json:"made"`
	MadeBy     string     `json:"by,omitempty"`
	External   []External `json:"ext,omitempty"`
	Private    bool       `json:"hidden,omitempty"` // confidential: only its people and Admins
	Demo       bool       `json:"demo,omitempty"`
}

// Owner is the system that keeps a job's stages. Link leads to the candidate
// there: {id} is the application's id in that system, {job} the job's.
type Owner struct {
	System string `json:"system"`
	Name   string `json:"name,omitempty"`
	Link   string `json:"link,omitempty"`
}

// Pause is a time in which a job was on hold; Till is zero while it lasts.
type Pause struct {
	From time.Time `json:"from"`
	Till time.Time `json:"till,omitzero"`
}

// Jobs are the jobs a decision touches.
type Jobs []Job

// Get is the job with this id; nil when it is not among them.
func (js Jobs) Get(id string) *Job {
	for i := range js {
		if js[i].ID == id {
			return &js[i]
		}
	}
	return nil
}

// Title is the title of a job; its id when it is not among them.
func (js Jobs) Title(id string) string {
	if j := js.Get(id); j != nil {
		return j.Title
	}
	return id
}

// NewJob opens a job. stages is read by ParseStages; "" gives Applied, Screen,
// Interview, Offer, Hired. The opener is its recruiter if they are one, its
// manager if they are only that.
func NewJob(id, title, stages string, who bot.Person, now time.Time) (Job, *bot.Fault) {
	title = oneLine(title)
	switch {
	case !who.Is(Admin | Recruiter | Manager):
		return Job{}, bot.Faultf(bot.Forbidden, "Opening a job is for %s.", Said(Admin|Recruiter|Manager))
	case strings.TrimSpace(title) == "":
		return Job{}, bot.Faultf(bot.Invalid, "Say the job's title, for example \"Backend Engineer\".").In("title")
	case runes(title) > 100:
		return Job{}, bot.Faultf(bot.Invalid, "The title has %d characters; 100 is the most.", runes(title)).In("title")
	}
	if strings.TrimSpace(stages) == "" {
		stages = "Applied, Screen, Interview, Offer, Hired"
	}
	s, f := ParseStages(stages)
	if f != nil {
		return Job{}, f
	}
	j := Job{ID: id, Title: title, Stages: s, State: JobOpen, Since: now, Made: now, MadeBy: who.ID}
	if who.Is(Admin | Recruiter) {
		j.Recruiters = []string{who.ID}
	} else {
		j.Managers = []string{who.ID}
	}
	return j, nil
}

// Has reports whether a person works on this job.
func (j *Job) Has(person string) bool {
	return person != "" && (slices.Contains(j.Managers, person) || slices.Contains(j.Recruiters, person))
}

// Lead is who answers for the job: its first recruiter, else its first manager.
func (j *Job) Lead() string {
	if len(j.Recruiters) > 0 {
		return j.Recruiters[0]
	}
	if len(j.Managers) > 0 {
		return j.Managers[0]
	}
	return j.MadeBy
}

// Link leads to an application in the system that owns the job's stages; "" when none does.
func (j *Job) Link(external []External) string {
	if j.OwnedBy == nil {
		return ""
	}
	id := func(list []External) string {
		for _, e := range list {
			if e.System == j.OwnedBy.System {
				return e.ID
			}
		}
		return ""
	}
	return strings.NewReplacer("{id}", id(external), "{job}", id(j.External)).Replace(j.OwnedBy.Link)
}

// Hold pauses a job: no invitations, no campaigns, its clocks stand still.
func (j Job) Hold(cause string, who bot.Person, now time.Time) (Job, JobHeld, *bot.Fault) {
	if f := j.Barred(who); f != nil {
		return j, JobHeld{}, f
	}
	switch j.State {
	case JobOnHold:
		return j, JobHeld{}, bot.Faultf(bot.Refused, "“%s” is on hold already, since %s.", j.Title, day(j.Since))
	case JobEnded:
		return j, JobHeld{}, bot.Faultf(bot.Refused, "“%s” is closed, so nothing runs that could be held. Reopen it first if it should go on later.", j.Title)
	}
	j.Holds = append(slices.Clone(j.Holds), Pause{From: now})
	j.State, j.Since, j.Cause = JobOnHold, now, oneLine(cause)
	return j, JobHeld{Job: j.ID, By: who.ID, At: now}, nil
}

// Reopen lets a held or closed job go on.
func (j Job) Reopen(who bot.Person, now time.Time) (Job, JobReopened, *bot.Fault) {
	if f := j.Barred(who); f != nil {
		return j, JobReopened{}, f
	}
	if j.State == JobOpen {
		return j, JobReopened{}, bot.Faultf(bot.Refused, "“%s” is open already.", j.Title)
	}
	n := JobReopened{Job: j.ID, By: who.ID, At: now, WasClosed: j.State == JobEnded}
	j.Holds = endPause(j.Holds, now)
	j.State, j.Since, j.Cause = JobOpen, now, ""
	return j, n, nil
}

// Close ends a job. It is refused while anyone on it has no outcome: waiting
// is what Unanswered counted over every process of the job (S1-07).
func (j Job) Close(waiting Unanswered, cause string, who bot.Person, now time.Time) (Job, JobClosed, *bot.Fault) {
	if f := j.Barred(who); f != nil {
		return j, JobClosed{}, f
	}
	if j.State == JobEnded {
		return j, JobClosed{}, bot.Faultf(bot.Refused, "“%s” is closed already, since %s.", j.Title, day(j.Since))
	}
	if waiting.Count > 0 {
		return j, JobClosed{}, waiting.fault(j.Title)
	}
	j.Holds = endPause(j.Holds, now)
	j.State, j.Since, j.Cause = JobEnded, now, oneLine(cause)
	return j, JobClosed{Job: j.ID, By: who.ID, At: now}, nil
}

// Barred is the refusal of a change to a job; nil for those who run it.
func (j *Job) Barred(who bot.Person) *bot.Fault {
	if MayRun(who, j) {
		return nil
	}
	return bot.Faultf(bot.Forbidden, "Changing “%s” is for its hiring managers, %s.", j.Title, Said(Admin|Recruiter))
}

func endPause(list []Pause, now time.Time) []Pause {
	if n := len(list); n > 0 && list[n-1].Till.IsZero() {
		list = slices.Clone(list)
		list[n-1].Till = now
	}
	return list
}

// Running is how long a clock of this job has run between two instants: time on
// hold does not count (S2-14).
func (j *Job) Running(from, till time.Time) time.Duration {
	d := till.Sub(from)
	for _, h := range j.Holds {
		end := h.Till
		if end.IsZero() || end.After(till) {
			end = till
		}
		start := h.From
		if start.Before(from) {
			start = from
		}
		if end.After(start) {
			d -= end.Sub(start)
		}
	}
	return max(0, d)
}

// Unanswered counts the people on a job who have no outcome; the zero value is ready.
type Unanswered struct {
	Count int
	First []Waiting // at most 5, those who wait longest
}

// Waiting is one person without an answer.
type Waiting struct {
	Candidate, Name, Stage string
	Since                  time.Time
}

// Add looks at one process of the job.
func (u *Unanswered) Add(p Process, j *Job, name string) {
	for i := range p.Apps {
		a := &p.Apps[i]
		if a.Job != j.ID || !p.Owed(a) {
			continue
		}
		u.Count++
		u.First = append(u.First, Waiting{Candidate: p.Candidate, Name: name, Stage: j.StageName(a.Stage), Since: a.Made})
		slices.SortStableFunc(u.First, func(a, b Waiting) int { return a.Since.Compare(b.Since) })
		u.First = u.First[:min(5, len(u.First))]
	}
}

func (u Unanswered) fault(title string) *bot.Fault {
	names := make([]string, len(u.First))
	for i, w := range u.First {
		names[i] = fmt.Sprintf("%s (%s)", w.Name, w.Stage)
	}
	if more := u.Count - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	people := "1 person on it has"
	if u.Count > 1 {
		people = fmt.Sprintf("%d people on it have", u.Count)
	}
	f := bot.Faultf(bot.Refused, "“%s” cannot be closed yet: %s no answer: %s. Reject, hire, move or withdraw each of them first.", title, people, list(names, "and"))
	f.Facts = map[string]string{"rule": "close_unanswered"}
	return f
}

// day is an instant as a date, shown to each reader in their own zone.
func day(t time.Time) string { return bot.Moment(t, "UTC", bot.DateOnly) }

// hint tells jobs of one title apart: the team, and how it stands.
func (j *Job) hint() string {
	if j.Team != "" {
		return j.Team + ", " + j.State.Said()
	}
	return j.State.Said()
}

// FindJob is the job a person means by a title or id, among those they may see. Several → Ambiguous, none → Missing, both in field "job".
func FindJob(jobs Jobs, text string) (*Job, *bot.Fault) {
	seen := make([]*Job, len(jobs))
	names := make([]string, len(jobs))
	for i := range jobs {
		seen[i], names[i] = &jobs[i], jobs[i].Title
	}
	for _, j := range seen {
		if j.ID == strings.TrimSpace(text) {
			return j, nil
		}
	}
	found := best(text, names)
	if live := slices.DeleteFunc(slices.Clone(found), func(i int) bool { return seen[i].State == JobEnded }); len(live) == 1 {
		found = live
	}
	switch len(found) {
	case 1:
		return seen[found[0]], nil
	case 0:
		f := noJob(text)
		if len(seen) == 0 {
			f.Say = fmt.Sprintf("There is no job “%s” that is yours to see. You see the jobs you run, and those you interview for.", bot.Clip(oneLine(text), 60))
		}
		for _, i := range nearest(text, names, 4) {
			f.Options = append(f.Options, bot.Option{Value: seen[i].ID, Label: seen[i].Title, Hint: seen[i].hint()})
		}
		if len(f.Options) > 0 {
			f.Say += " Did you mean " + optionWords(f.Options) + "?"
		} else if open := openTitles(seen); open != "" {
			f.Say += " Open ones: " + open + "."
		}
		return nil, f
	}
	f := bot.Faultf(bot.Ambiguous, "“%s” fits several jobs. Which one?", bot.Clip(oneLine(text), 60)).In("job")
	for _, i := range found[:min(10, len(found))] {
		f.Options = append(f.Options, bot.Option{Value: seen[i].ID, Label: seen[i].Title, Hint: seen[i].hint()})
	}
	return nil, f
}

// openTitles are the first few open jobs of those somebody may see.
func openTitles(seen []*Job) string {
	var titles []string
	for _, j := range seen {
		if j.State == JobOpen && len(titles) < 5 {
			titles = append(titles, bot.Clip(oneLine(j.Title), 60))
		}
	}
	return strings.Join(titles, ", ")
}

// noJob is the one answer to a job that is not there and to one that is not theirs to see.
func noJob(text string) *bot.Fault {
	return bot.Faultf(bot.Missing, "There is no job “%s”.", bot.Clip(oneLine(text), 60)).In("job")
}
