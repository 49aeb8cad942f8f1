package recruiting

import "time"

// News is something that happened. It carries ids and states only, never a
// name or a word somebody typed: what it means is read from the records.
type News interface{ news() }

type (
	// Moved is an application at another stage, or its first.
	Moved struct {
		Candidate string    `json:"c"`
		App       string    `json:"app"`
		Job       string    `json:"job"`
		From      string    `json:"from,omitempty"` // stage id; "" = new on this job
		To        string    `json:"to"`
		By        string    `json:"by"`
		At        time.Time `json:"at"`
		Deed      int       `json:"deed"`
		Bulk      string    `json:"bulk,omitempty"` // the bulk act it was part of
	}
	// Ended is an application with an outcome: hired, rejected, withdrawn, moved.
	Ended struct {
		Candidate string    `json:"c"`
		App       string    `json:"app"`
		Job       string    `json:"job"`
		Outcome   State     `json:"is"`
		From      string    `json:"from"` // last stage
		By        string    `json:"by"`
		At        time.Time `json:"at"`
		Deed      int       `json:"deed"`
		Bulk      string    `json:"bulk,omitempty"`
	}
	// ReferenceChanged is a reference asked, sent, received, cancelled.
	ReferenceChanged struct {
		Record
	}
	// OfferChanged is an offer drafted, sent, accepted, declined, withdrawn.
	OfferChanged struct {
		Record
	}
	// RejectionChanged is a rejection staged, cooling, stopped, ready, sent, cancelled.
	RejectionChanged struct {
		Record
		Due     time.Time `json:"due,omitzero"`      // while cooling: when to release it
		Because []string  `json:"because,omitempty"` // when stopped: the records that stopped it
		Ask     []string  `json:"ask,omitempty"`     // person ids
	}
	// InterviewChanged is an interview invited, booked, held, missed, cancelled.
	InterviewChanged struct {
		Record
	}
	// ScorecardFiled is a new or changed scorecard.
	ScorecardFiled struct {
		Record
	}
	// DecisionFiled is a hiring manager's decision.
	DecisionFiled struct {
		Record
	}
	// Surveyed is a survey sent, reminded of, answered or closed.
	Surveyed struct {
		Record
	}
	// Campaigned is a campaign's message let through to a person.
	Campaigned struct {
		Record
	}
	// Agreed is a candidate's yes, recorded.
	Agreed struct {
		Record
	}
	// LetterChanged is a letter ready to send, sent, or dropped; ID is the letter's.
	LetterChanged struct {
		Record
	}
	// Undone is an act taken back; Deed is its number.
	Undone struct {
		Record
		Act  Kind   `json:"act"`
		Bulk string `json:"bulk,omitempty"`
	}
	// JobHeld, JobReopened and JobClosed are a job whose state changed.
	JobHeld struct {
		Job string    `json:"job"`
		By  string    `json:"by"`
		At  time.Time `json:"at"`
	}
	JobReopened struct {
		Job       string    `json:"job"`
		By        string    `json:"by"`
		At        time.Time `json:"at"`
		WasClosed bool      `json:"closed,omitempty"`
	}
	JobClosed struct {
		Job string    `json:"job"`
		By  string    `json:"by"`
		At  time.Time `json:"at"`
	}
	// StagesChanged is a job whose stages were changed by a plan.
	StagesChanged struct {
		Job   string    `json:"job"`
		By    string    `json:"by"`
		At    time.Time `json:"at"`
		Moved int       `json:"moved,omitempty"`
	}
	// Merged is two candidates that became one; Unmerged takes it back.
	Merged struct {
		Keep string    `json:"keep"`
		Gone string    `json:"gone"`
		By   string    `json:"by"`
		At   time.Time `json:"at"`
	}
	Unmerged struct {
		Keep string    `json:"keep"`
		Back string    `json:"back"`
		By   string    `json:"by"`
		At   time.Time `json:"at"`
	}
	// Forgotten is a person whose data is erased; whoever keeps anything of theirs
	// elsewhere lets go of it. Ids are the person's and those of records merged into it.
	Forgotten struct {
		Candidate string    `json:"c"`
		Ids       []string  `json:"ids"`
		By        string    `json:"by"`
		At        time.Time `json:"at"`
	}
)

// Record is what all news about one record of a process say.
type Record struct {
	Candidate string    `json:"c"`
	App       string    `json:"app,omitempty"`
	Job       string    `json:"job,omitempty"`
	ID        string    `json:"id"`
	State     State     `json:"is,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Deed      int       `json:"deed,omitempty"`
}

func (Moved) news()            {}
func (Ended) news()            {}
func (ReferenceChanged) news() {}
func (OfferChanged) news()     {}
func (RejectionChanged) news() {}
func (InterviewChanged) news() {}
func (ScorecardFiled) news()   {}
func (DecisionFiled) news()    {}
func (Surveyed) news()         {}
func (Campaigned) news()       {}
func (Agreed) news()           {}
func (LetterChanged) news()    {}
func (Undone) news()           {}
func (JobHeld) news()          {}
func (JobReopened) news()      {}
func (JobClosed) news()        {}
func (StagesChanged) news()    {}
func (Merged) news()           {}
func (Unmerged) news()         {}
func (Forgotten) news()        {}

// record fills what news about a record say.
func (d *draft) record(id, app string, state State) Record {
	return Record{Candidate: d.p.Candidate, App: app, Job: d.p.jobOf(app), ID: id, State: state, By: d.who.ID, At: d.now, Deed: d.deed.N}
}
