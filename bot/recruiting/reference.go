package recruiting

import (
	"time"

	"rapport/bot"
)

// States of a reference.
const (
	ReferenceAsked     State = "asked" // the request is written, not yet with the referee
	ReferenceSent      State = "sent"
	ReferenceReceived  State = "received"
	ReferenceCancelled State = "cancelled"
)

// Reference is what somebody outside was asked to say about a candidate for one
// job. What they said lies in a note.
type Reference struct {
	ID      string    `json:"id"`
	App     string    `json:"app"`
	Referee string    `json:"name"`
	Mail    string    `json:"mail,omitempty"`
	State   State     `json:"is"`
	Since   time.Time `json:"since"`
	Asked   time.Time `json:"asked"`
	By      string    `json:"by"`
	Note    string    `json:"note,omitempty"` // id of the note with the answer
}

// Open reports whether the referee is still being asked.
func (r Reference) Open() bool { return r.State == ReferenceAsked || r.State == ReferenceSent }

// Reference is a reference by id; nil when there is none.
func (p *Process) Reference(id string) *Reference {
	for i := range p.Refs {
		if p.Refs[i].ID == id {
			return &p.Refs[i]
		}
	}
	return nil
}

type (
	// AskReference writes a request to a referee.
	AskReference struct{ App, Referee, Mail string }
	// SendReference marks the request as sent.
	SendReference struct{ Reference string }
	// ReceiveReference files the answer; Note is the note that holds it.
	ReceiveReference struct{ Reference, Note string }
	// CancelReference takes the request back; the referee is told.
	CancelReference struct{ Reference string }
	// RecordYes keeps the candidate's yes to references for a job, as S1-18 asks
	// when another job has come to an end for them.
	RecordYes struct{ Job string }
)

// YesReference is what RecordYes keeps.
const YesReference = "reference"

func (a AskReference) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoAskReference, a.App, "")
}

func (a SendReference) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onReference(p, DoSendReference, a.Reference)
}

func (a ReceiveReference) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onReference(p, DoReceiveReference, a.Reference)
}

func (a CancelReference) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onReference(p, DoCancelReference, a.Reference)
}

func (a RecordYes) target(p *Process, jobs Jobs) (target, *bot.Fault) {
	ap := p.On(a.Job)
	if ap == nil {
		return target{}, bot.Faultf(bot.Missing, "They are not on the job “%s”.", bot.Clip(jobs.Title(a.Job), 60)).In("job")
	}
	return target{kind: DoRecordYes, app: ap.ID, job: a.Job}, nil
}

func onReference(p *Process, k Kind, id string) (target, *bot.Fault) {
	r := p.Reference(id)
	if r == nil {
		return target{}, missing(p, "reference", id)
	}
	return onApp(p, k, r.App, id)
}

func (a AskReference) run(d *draft) *bot.Fault {
	name, f := ParseName(a.Referee)
	if f != nil {
		f.Say = "Say who is asked for the reference."
		return f.In("referee")
	}
	mail := ""
	if a.Mail != "" {
		if mail, f = ParseEmail(a.Mail); f != nil {
			return f
		}
	}
	for _, r := range d.p.Refs {
		if r.App == a.App && r.Open() && Fold(r.Referee) == Fold(name) {
			return bot.Faultf(bot.Refused, "%s is being asked already (%s, since %s).", r.Referee, r.ID, day(r.Asked))
		}
	}
	r := Reference{ID: d.made(d.p.nextID("R")), App: a.App, Referee: name, Mail: mail, State: ReferenceAsked, Since: d.now, Asked: d.now, By: d.who.ID}
	d.p.Refs = append(d.p.Refs, r)
	d.deed.Rec = r.ID
	d.tell(ReferenceChanged{d.record(r.ID, r.App, r.State)})
	d.letter(referenceLetter(d, &r, LetterReference, LetterReady))
	return nil
}

func (a SendReference) run(d *draft) *bot.Fault {
	if r := d.p.Reference(a.Reference); r.State != ReferenceAsked {
		return late("The reference "+r.ID, r.State, r.Since)
	}
	r := d.reference(a.Reference)
	r.State, r.Since = ReferenceSent, d.now
	d.tell(ReferenceChanged{d.record(r.ID, r.App, r.State)})
	d.letter(referenceLetter(d, r, LetterReference, LetterSent))
	return nil
}

func (a ReceiveReference) run(d *draft) *bot.Fault {
	if r := d.p.Reference(a.Reference); !r.Open() {
		return late("The reference "+r.ID, r.State, r.Since)
	}
	r := d.reference(a.Reference)
	r.State, r.Since, r.Note = ReferenceReceived, d.now, a.Note
	d.tell(ReferenceChanged{d.record(r.ID, r.App, r.State)})
	return nil
}

func (a CancelReference) run(d *draft) *bot.Fault {
	if r := d.p.Reference(a.Reference); !r.Open() {
		return late("The reference "+r.ID, r.State, r.Since)
	}
	d.cancelReference(a.Reference)
	return nil
}

// cancelReference takes a request back. A referee who has it is told; a request
// that never left is dropped.
func (d *draft) cancelReference(id string) {
	r := d.reference(id)
	sent := r.State == ReferenceSent
	r.State, r.Since = ReferenceCancelled, d.now
	d.tell(ReferenceChanged{d.record(r.ID, r.App, r.State)})
	if sent {
		d.letter(referenceLetter(d, r, LetterReferenceOff, LetterReady))
	} else {
		d.letter(referenceLetter(d, r, LetterReference, LetterDropped))
	}
}

func (a RecordYes) run(d *draft) *bot.Fault {
	d.p.Yeses = append(d.p.Yeses, Yes{To: YesReference, Job: a.Job, By: d.who.ID, At: d.now})
	d.tell(Agreed{d.record(YesReference, d.deed.App, "")})
	return nil
}

// agreed reports whether the candidate said yes to references for a job.
func (p *Process) agreed(job string) bool {
	for _, y := range p.Yeses {
		if y.To == YesReference && y.Job == job {
			return true
		}
	}
	return false
}
