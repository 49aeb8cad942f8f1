package recruiting

import (
	"slices"
	"time"

	"rapport/bot"
)

// UndoFor is how long an act can be taken back.
const UndoFor = 10 * time.Minute

// Deed is an act that was done, with what it takes to put things back.
type Deed struct {
	N    int       `json:"n"`
	Act  Kind      `json:"act"`
	App  string    `json:"app,omitempty"`
	Rec  string    `json:"rec,omitempty"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Back []Back    `json:"back,omitempty"`
}

// Back is how one record stood before an act.
type Back struct {
	ID    string    `json:"id"`
	New   bool      `json:"new,omitempty"` // it was not there
	State State     `json:"is,omitempty"`
	Stage string    `json:"st,omitempty"`
	At    time.Time `json:"at,omitzero"`
	Due   time.Time `json:"due,omitzero"`
	Cause string    `json:"cause,omitempty"`
}

// Undo takes back the act with this number of the process.
type Undo struct{ Deed int }

// instead says what to do about acts that have no inverse; every other act has one.
var instead = map[Kind]string{
	DoSendRejection:    "The letter has gone out. To go on with them, add them to the job again and tell them yourself.",
	DoSendOffer:        "The offer has gone out. Withdraw it instead.",
	DoWithdrawOffer:    "The candidate may have read it. Draft a new offer instead.",
	DoSendReference:    "The request has gone out. Cancel the reference instead.",
	DoReceiveReference: "What a referee said stays on record.",
	DoReleaseRejection: "Stop or cancel the rejection instead.",
	DoResumeRejection:  "Stop or cancel the rejection instead.",
	DoStopRejection:    "Answer the question about it instead.",
	DoRemindInterview:  "The reminder has gone out.",
	DoRemindSurvey:     "The reminder has gone out.",
	DoSurvey:           "The survey has gone out. Close it instead.",
	DoEndSurvey:        "A survey that is over stays so.",
	DoCampaign:         "The message has gone out.",
	DoFileScorecard:    "File it again with your new verdict; it takes the place of this one.",
	DoRecordYes:        "Note in words what the candidate says now.",
	DoUndo:             "Do the act once more instead.",
}

// CanUndo reports whether the last act of a change is of a kind that can be taken back.
func (ch Change) CanUndo() bool {
	n := len(ch.Process.Deeds)
	return n > 0 && ch.Process.Deeds[n-1].N == ch.Deed && instead[ch.Process.Deeds[n-1].Act] == ""
}

// Deed is one of the latest acts by its number; nil when it is too long ago or was
// taken back.
func (p *Process) Deed(n int) *Deed {
	for i := range p.Deeds {
		if p.Deeds[i].N == n {
			return &p.Deeds[i]
		}
	}
	return nil
}

func (u Undo) target(p *Process, _ Jobs) (target, *bot.Fault) {
	i := slices.IndexFunc(p.Deeds, func(d Deed) bool { return d.N == u.Deed })
	if i < 0 {
		return target{}, bot.Faultf(bot.Refused, "That can no longer be taken back: it is more than 10 minutes ago, or taken back already.")
	}
	return target{kind: DoUndo, app: p.Deeds[i].App, job: p.jobOf(p.Deeds[i].App), rec: p.Deeds[i].Rec}, nil
}

func (u Undo) run(d *draft) *bot.Fault {
	i := slices.IndexFunc(d.p.Deeds, func(o Deed) bool { return o.N == u.Deed })
	deed := d.p.Deeds[i]
	if f := d.mayUndo(deed, d.p.Deeds[i+1:]); f != nil {
		return f
	}
	for _, b := range slices.Backward(deed.Back) {
		if f := d.back(b); f != nil {
			return f
		}
	}
	after := *d.s
	after.Process = d.p
	if c := Contradictions(after, d.now); len(c) > 0 {
		return bot.Faultf(bot.Refused, "Taking this back would contradict something: %s", c[0].Say)
	}
	d.p.Deeds = slices.Delete(slices.Clone(d.p.Deeds), i, i+1)
	d.deed = Deed{}
	d.tell(Undone{Record: Record{Candidate: d.p.Candidate, App: deed.App, Job: d.p.jobOf(deed.App), ID: deed.Rec, By: d.who.ID, At: d.now, Deed: deed.N}, Act: deed.Act})
	return nil
}

// mayUndo checks the conditions: the same person (or an Admin), in time, with an
// inverse, and nothing later on the same candidate.
func (d *draft) mayUndo(deed Deed, later []Deed) *bot.Fault {
	switch words, none := instead[deed.Act]; {
	case deed.By != d.who.ID && !d.who.Is(Admin) && d.who.Roles&bot.Machine == 0:
		return bot.Faultf(bot.Forbidden, "Only the colleague who did this takes it back, or an Admin.")
	case d.now.Sub(deed.At) > UndoFor:
		return bot.Faultf(bot.Refused, "That is more than 10 minutes ago (%s), so it stays. Do the opposite as a new act instead.", bot.Moment(deed.At, "UTC", bot.TimeOnly))
	case none:
		return bot.Faultf(bot.Refused, "That cannot be taken back. %s", words)
	case len(later) > 0:
		var names, ids []string
		for _, l := range later {
			names = append(names, l.Act.Said()+" at "+bot.Moment(l.At, "UTC", bot.TimeOnly))
			if l.Rec != "" {
				ids = append(ids, l.Rec)
			}
		}
		f := bot.Faultf(bot.Refused, "Something came after it: %s. Take that back first.", list(names, "and"))
		f.Facts = map[string]string{"rule": "undo_later", "because": list(ids, "")}
		return f
	}
	return nil
}

// back puts one record back.
func (d *draft) back(b Back) *bot.Fault {
	p := &d.p
	if b.New {
		p.drop(b.ID)
		return nil
	}
	switch {
	case p.App(b.ID) != nil:
		return d.backApp(p.App(b.ID), b)
	case p.Reference(b.ID) != nil:
		r := p.Reference(b.ID)
		r.State, r.Since = b.State, b.At
		d.tell(ReferenceChanged{d.record(r.ID, r.App, r.State)})
		d.letter(referenceLetter(d, r, LetterReferenceOff, LetterDropped))
	case p.Offer(b.ID) != nil:
		o := p.Offer(b.ID)
		o.State, o.Since = b.State, b.At
		d.tell(OfferChanged{d.record(o.ID, o.App, o.State)})
	case p.Rejection(b.ID) != nil:
		r := p.Rejection(b.ID)
		r.State, r.Since, r.Due, r.Because, r.Asked, r.GoOn = b.State, b.At, b.Due, nil, nil, nil
		if r.State == RejectionStaged {
			r.Signed, r.Name = time.Time{}, ""
		}
		d.tellRejection(r)
		if r.State == RejectionReady {
			d.letter(rejectionLetter(d, r, LetterReady))
		}
	case p.Interview(b.ID) != nil:
		v := p.Interview(b.ID)
		if v.State == InterviewBooked && b.State == InterviewInvited {
			v.At, v.End = time.Time{}, time.Time{}
		}
		v.State, v.Since = b.State, b.At
		d.tell(InterviewChanged{d.record(v.ID, v.App, v.State)})
	}
	return nil
}

func (d *draft) backApp(a *Application, b Back) *bot.Fault {
	j := d.job(a.Job)
	if j == nil {
		return missing(&d.p, "job", a.Job)
	}
	if j.State == JobEnded {
		return bot.Faultf(bot.Refused, "“%s” was closed meanwhile. Reopen it first.", j.Title)
	}
	if i := j.order(b.Stage); i < 0 || j.Stages[i].Gone {
		return bot.Faultf(bot.Refused, "The stage “%s” is no longer there. Move them to another one instead.", j.StageName(b.Stage))
	}
	from := a.Stage
	if a.Stage != b.Stage || a.State != b.State {
		a.Was = a.Was[:max(0, len(a.Was)-1)]
	}
	a.State, a.Stage, a.Since, a.Cause, a.To = b.State, b.Stage, b.At, b.Cause, ""
	if a.State == Active {
		a.Told = time.Time{}
	}
	d.tell(Moved{Candidate: d.p.Candidate, App: a.ID, Job: a.Job, From: from, To: a.Stage, By: d.who.ID, At: d.now, Deed: d.deed.N})
	return nil
}

// drop takes a record away that an undone act had made.
func (p *Process) drop(id string) {
	p.Apps = slices.DeleteFunc(p.Apps, func(a Application) bool { return a.ID == id })
	p.Refs = slices.DeleteFunc(p.Refs, func(r Reference) bool { return r.ID == id })
	p.Offers = slices.DeleteFunc(p.Offers, func(o Offer) bool { return o.ID == id })
	p.Rejections = slices.DeleteFunc(p.Rejections, func(r Rejection) bool { return r.ID == id })
	p.Interviews = slices.DeleteFunc(p.Interviews, func(v Interview) bool { return v.ID == id })
	p.Decisions = slices.DeleteFunc(p.Decisions, func(c Decision) bool { return c.ID == id })
}
