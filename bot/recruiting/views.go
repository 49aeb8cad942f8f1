package recruiting

import (
	"cmp"
	"slices"
	"time"

	"rapport/bot"
)

// Seat is one application as lists show it: what an index can hold beside the record.
type Seat struct {
	Candidate string    `json:"c"`
	Name      string    `json:"name"`
	App       string    `json:"app"`
	Job       string    `json:"job"`
	Stage     string    `json:"st"`
	Since     time.Time `json:"since"`
	State     State     `json:"is"`
	No        State     `json:"no,omitempty"` // state of a rejection that is pending
}

// Seats are the applications of a process.
func Seats(p Process, name string) []Seat {
	out := make([]Seat, 0, len(p.Apps))
	for i := range p.Apps {
		a := &p.Apps[i]
		s := Seat{Candidate: p.Candidate, Name: name, App: a.ID, Job: a.Job, Stage: a.Stage, Since: a.Since, State: a.State}
		if r := p.pending(a.ID); r != nil {
			s.No = r.State
		}
		out = append(out, s)
	}
	return out
}

// Column is one stage of a board.
type Column struct {
	Stage  Stage
	Count  int
	Stuck  int
	People []Seat // longest there first, at most the limit asked for
}

// Board is a job's people by stage, in the job's order; stages that are no
// longer used come last and only while somebody stands there. limit bounds the
// people listed per stage (0 = none, only counts); counts are always whole.
func Board(j *Job, seats []Seat, limit int, now time.Time) []Column {
	cols := make([]Column, len(j.Stages))
	at := make(map[string]int, len(j.Stages))
	for i, s := range j.Stages {
		cols[i].Stage, at[s.ID] = s, i
	}
	for i := range seats {
		s := &seats[i]
		c, ok := at[s.Stage]
		if s.Job != j.ID || s.State == MovedOn || !ok {
			continue
		}
		cols[c].Count++
		if isStuck(j, s, now) {
			cols[c].Stuck++
		}
		if limit > 0 {
			cols[c].People = keepOldest(cols[c].People, s, limit)
		}
	}
	for i := range cols {
		slices.SortFunc(cols[i].People, bySince)
	}
	slices.SortStableFunc(cols, func(a, b Column) int { return cmp.Compare(gone(a.Stage), gone(b.Stage)) })
	return slices.DeleteFunc(cols, func(c Column) bool { return c.Stage.Gone && c.Count == 0 })
}

func gone(s Stage) int {
	if s.Gone {
		return 1
	}
	return 0
}

func bySince(a, b Seat) int {
	return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Name, b.Name), cmp.Compare(a.App, b.App))
}

// keepOldest keeps the limit longest-standing seats without sorting all of
// them: list is a heap whose first is the newest of those kept.
func keepOldest(list []Seat, s *Seat, limit int) []Seat {
	if len(list) < limit {
		list = append(list, *s)
		for i := len(list) - 1; i > 0; {
			up := (i - 1) / 2
			if bySince(list[up], list[i]) >= 0 {
				break
			}
			list[up], list[i] = list[i], list[up]
			i = up
		}
		return list
	}
	if bySince(*s, list[0]) >= 0 {
		return list
	}
	list[0] = *s
	for i := 0; ; {
		big := i
		for _, k := range [2]int{2*i + 1, 2*i + 2} {
			if k < len(list) && bySince(list[k], list[big]) > 0 {
				big = k
			}
		}
		if big == i {
			return list
		}
		list[i], list[big] = list[big], list[i]
		i = big
	}
}

// Standing is how long somebody has stood at their stage, time on hold left out.
func Standing(j *Job, s Seat, now time.Time) time.Duration { return j.Running(s.Since, now) }

func isStuck(j *Job, s *Seat, now time.Time) bool {
	i := j.order(s.Stage)
	if i < 0 || s.State != Active || j.State != JobOpen {
		return false
	}
	limit := j.Stages[i].limit()
	return limit > 0 && now.Sub(s.Since) > time.Duration(limit)*24*time.Hour && j.Running(s.Since, now) > time.Duration(limit)*24*time.Hour
}

// Stuck are the people who stand at a stage longer than its limit of days,
// longest over it first. On a job on hold nobody is stuck.
func Stuck(j *Job, seats []Seat, now time.Time) []Seat {
	var out []Seat
	for i := range seats {
		if s := &seats[i]; s.Job == j.ID && isStuck(j, s, now) {
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, bySince)
	return out
}

// TodoKind says what waits for somebody.
type TodoKind string

const (
	TodoSign      TodoKind = "sign a rejection"
	TodoAnswer    TodoKind = "answer: still reject?"
	TodoSendNo    TodoKind = "send a rejection"
	TodoSendAsk   TodoKind = "send a reference request"
	TodoSendOffer TodoKind = "send an offer"
	TodoOffer     TodoKind = "ask about an offer" // its time has run out
	TodoHire      TodoKind = "hire: offer accepted"
	TodoScore     TodoKind = "file a scorecard"
	TodoStuck     TodoKind = "stuck at a stage"
)

// Todo is one thing that waits for one person.
type Todo struct {
	Kind      TodoKind
	Candidate string
	App, Job  string
	Rec       string
	Since     time.Time
}

// Todos are what waits for a person in one process.
func Todos(p *Process, jobs Jobs, who bot.Person, now time.Time) []Todo {
	var out []Todo
	add := func(k TodoKind, app, rec string, since time.Time) {
		out = append(out, Todo{Kind: k, Candidate: p.Candidate, App: app, Job: p.jobOf(app), Rec: rec, Since: since})
	}
	for i := range p.Rejections {
		switch r := &p.Rejections[i]; {
		case r.State == RejectionStaged && r.Signer == who.ID:
			add(TodoSign, r.App, r.ID, r.Since)
		case r.State == RejectionStopped && slices.Contains(r.Asked, who.ID) && !slices.Contains(r.GoOn, who.ID):
			add(TodoAnswer, r.App, r.ID, r.Since)
		case r.State == RejectionReady && r.By == who.ID:
			add(TodoSendNo, r.App, r.ID, r.Since)
		}
	}
	for i := range p.Refs {
		if r := &p.Refs[i]; r.State == ReferenceAsked && r.By == who.ID {
			add(TodoSendAsk, r.App, r.ID, r.Since)
		}
	}
	for i := range p.Offers {
		o := &p.Offers[i]
		a := p.App(o.App)
		switch {
		case o.By != who.ID || a == nil || a.State != Active:
		case o.State == OfferDraft:
			add(TodoSendOffer, o.App, o.ID, o.Since)
		case o.State == OfferSent && !o.Until.IsZero() && !o.Until.After(now):
			add(TodoOffer, o.App, o.ID, o.Until)
		case o.State == OfferAccepted:
			add(TodoHire, o.App, o.ID, o.Since)
		}
	}
	for i := range p.Interviews {
		v := &p.Interviews[i]
		over := v.State == InterviewHeld || v.State == InterviewBooked && !v.End.After(now)
		if over && slices.Contains(v.With, who.ID) && !slices.ContainsFunc(p.Scorecards, func(s Scorecard) bool {
			return s.By == who.ID && (s.Interview == v.ID || s.Interview == "" && s.App == v.App)
		}) {
			add(TodoScore, v.App, v.ID, v.End)
		}
	}
	for _, s := range Seats(*p, "") {
		if j := jobs.Get(s.Job); j != nil && j.Has(who.ID) && isStuck(j, &s, now) {
			add(TodoStuck, s.App, "", s.Since)
		}
	}
	return out
}

// OldestFirst puts what waits longest at the top.
func OldestFirst(todos []Todo) {
	slices.SortStableFunc(todos, func(a, b Todo) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Candidate, b.Candidate), cmp.Compare(a.Rec, b.Rec))
	})
}

// RetentionMonths is how long the data of somebody who was not hired is kept
// after their last outcome, unless the tenant says otherwise.
const RetentionMonths = 6

// Retention says when the data of a candidate should be erased: so many months
// after the last outcome of somebody who is neither in process nor hired, or
// after they were added and nothing came of it. ok is false while it should not
// be. keep is in months; 0 = RetentionMonths.
func Retention(c Candidate, p *Process, keep int) (due time.Time, ok bool) {
	if keep <= 0 {
		keep = RetentionMonths
	}
	if c.Gone() || c.Demo {
		return time.Time{}, false
	}
	last := c.Made
	for i := range p.Apps {
		a := &p.Apps[i]
		if a.State == Active || a.State == Hired {
			return time.Time{}, false
		}
		if a.Since.After(last) {
			last = a.Since
		}
	}
	if yes, known := c.Says(ConsentPool); last.IsZero() || known && yes {
		return time.Time{}, false
	}
	due = months(last, keep)
	if c.Keep.After(due) {
		due = c.Keep
	}
	return due, true
}

// ConsentPool is the consent to be kept for later jobs: it stops Retention.
const ConsentPool = "talent pool"

// WaitsFor names the people for whom something in a process waits, each with the
// time since when: what Todos would list, stuck people aside.
func (p *Process) WaitsFor() map[string]time.Time {
	out := map[string]time.Time{}
	add := func(who string, since time.Time) {
		if old, ok := out[who]; who != "" && (!ok || since.Before(old)) {
			out[who] = since
		}
	}
	for i := range p.Rejections {
		switch r := &p.Rejections[i]; r.State {
		case RejectionStaged:
			add(r.Signer, r.Since)
		case RejectionStopped:
			for _, who := range r.Asked {
				if !slices.Contains(r.GoOn, who) {
					add(who, r.Since)
				}
			}
		case RejectionReady:
			add(r.By, r.Since)
		}
	}
	for i := range p.Refs {
		if p.Refs[i].State == ReferenceAsked {
			add(p.Refs[i].By, p.Refs[i].Since)
		}
	}
	for i := range p.Offers {
		if o := &p.Offers[i]; o.Stands() {
			add(o.By, o.Since)
		}
	}
	for i := range p.Interviews {
		if v := &p.Interviews[i]; v.State == InterviewHeld || v.State == InterviewBooked {
			for _, who := range v.With {
				add(who, v.End)
			}
		}
	}
	return out
}

// Overdue is the instant before which somebody who came to a stage is stuck there;
// zero where nobody can be.
func (j *Job) Overdue(s Stage, now time.Time) time.Time {
	if j.State != JobOpen || s.limit() == 0 {
		return time.Time{}
	}
	return now.Add(-time.Duration(s.limit()) * 24 * time.Hour)
}
