package recruiting

import (
	"slices"
	"strconv"
	"time"
)

// State says how an application, or a record that belongs to it, stands.
type State string

// Said is the state in a sentence: "has been waiting since Monday".
func (s State) Said() string {
	switch s {
	case RejectionCooling:
		return "waiting"
	case OfferDraft:
		return "a draft"
	}
	return string(s)
}

// States of an application.
const (
	Active    State = "active"
	Hired     State = "hired"
	Rejected  State = "rejected"
	Withdrawn State = "withdrawn"
	MovedOn   State = "moved" // to another job, or joined with another application by a merge
)

// Process is everything that goes on with one candidate: one record, whose
// revision is compared and bumped by every act on anything in it. It holds what
// the guard must know; long texts lie in notes, the whole past in the audit.
type Process struct {
	Candidate  string        `json:"c"`
	Seq        int           `json:"seq,omitempty"`  // last number given to a record
	Acts       int           `json:"acts,omitempty"` // how many acts so far
	Apps       []Application `json:"apps,omitempty"`
	Refs       []Reference   `json:"refs,omitempty"`
	Offers     []Offer       `json:"offers,omitempty"`
	Rejections []Rejection   `json:"rej,omitempty"`
	Interviews []Interview   `json:"iv,omitempty"`
	Scorecards []Scorecard   `json:"cards,omitempty"`
	Decisions  []Decision    `json:"dec,omitempty"`
	Surveys    []Survey      `json:"surveys,omitempty"`
	Campaigns  []Sent        `json:"camps,omitempty"`
	Yeses      []Yes         `json:"yes,omitempty"`
	Deeds      []Deed        `json:"deeds,omitempty"` // latest acts, for undo
	Into       string        `json:"into,omitempty"`  // merged into this candidate
	Erased     bool          `json:"erased,omitempty"`
}

// Application is one candidate on one job.
type Application struct {
	ID       string     `json:"id"`
	Job      string     `json:"job"`
	Stage    string     `json:"st"`
	Since    time.Time  `json:"since"` // at this stage
	Made     time.Time  `json:"made"`
	State    State      `json:"is"`
	Cause    string     `json:"cause,omitempty"` // of the last move or the end
	Told     time.Time  `json:"told,omitzero"`   // when the candidate was told the outcome
	To       string     `json:"to,omitempty"`    // application it became, when moved
	Source   string     `json:"src,omitempty"`
	External []External `json:"ext,omitempty"`
	Was      []Step     `json:"was,omitempty"` // latest stages before this one, oldest first
}

// Step is a stage somebody stood at.
type Step struct {
	Stage string    `json:"st"`
	Since time.Time `json:"since"`
}

// Yes is the candidate's agreement to something about one job, recorded by a colleague.
type Yes struct {
	To  string    `json:"to"` // "reference"
	Job string    `json:"job"`
	By  string    `json:"by"`
	At  time.Time `json:"at"`
}

const (
	maxWas       = 6
	maxDeeds     = 8
	maxCampaigns = 12
)

// App is an application by id; nil when there is none.
func (p *Process) App(id string) *Application {
	for i := range p.Apps {
		if p.Apps[i].ID == id {
			return &p.Apps[i]
		}
	}
	return nil
}

// On is the latest application on a job; nil when there is none.
func (p *Process) On(job string) *Application {
	for i := len(p.Apps) - 1; i >= 0; i-- {
		if p.Apps[i].Job == job {
			return &p.Apps[i]
		}
	}
	return nil
}

// Active are the applications without an outcome.
func (p *Process) Active() []*Application {
	var out []*Application
	for i := range p.Apps {
		if p.Apps[i].State == Active {
			out = append(out, &p.Apps[i])
		}
	}
	return out
}

// Owed reports whether an application still waits for an outcome: it is active
// and no rejection is on its way.
func (p *Process) Owed(a *Application) bool {
	if a.State != Active {
		return false
	}
	r := p.pending(a.ID)
	return r == nil || r.State == RejectionStopped || r.State == RejectionStaged
}

// pending is the rejection of an application that is neither sent nor cancelled.
func (p *Process) pending(app string) *Rejection {
	for i := range p.Rejections {
		if r := &p.Rejections[i]; r.App == app && r.Pending() {
			return r
		}
	}
	return nil
}

// jobOf is the job of an application.
func (p *Process) jobOf(app string) string {
	if a := p.App(app); a != nil {
		return a.Job
	}
	return ""
}

// Met reports whether the candidate has had an interview for an application.
func (p *Process) Met(app string, now time.Time) bool {
	return slices.ContainsFunc(p.Interviews, func(i Interview) bool {
		return i.App == app && (i.State == InterviewHeld || i.State == InterviewBooked && !i.End.After(now))
	})
}

func (p *Process) nextID(prefix string) string {
	p.Seq++
	return prefix + "-" + strconv.Itoa(p.Seq)
}

// clone is a copy whose lists may be changed. Lists inside an application stay
// shared and are replaced, never written.
func (p Process) clone() Process {
	p.Apps = slices.Clone(p.Apps)
	p.Refs = slices.Clone(p.Refs)
	p.Offers = slices.Clone(p.Offers)
	p.Rejections = slices.Clone(p.Rejections)
	p.Interviews = slices.Clone(p.Interviews)
	p.Scorecards = slices.Clone(p.Scorecards)
	p.Decisions = slices.Clone(p.Decisions)
	p.Surveys = slices.Clone(p.Surveys)
	p.Campaigns = slices.Clone(p.Campaigns)
	p.Yeses = slices.Clone(p.Yeses)
	return p
}
