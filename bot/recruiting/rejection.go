package recruiting

import (
	"slices"
	"time"

	"rapport/bot"
)

// States of a rejection. The application stays active until the letter is sent.
const (
	RejectionStaged    State = "staged"  // waits for its signature
	RejectionCooling   State = "cooling" // waits until Due
	RejectionStopped   State = "stopped" // something contradicts it; people were asked
	RejectionReady     State = "ready"   // its letter waits for a person to send it
	RejectionSent      State = "sent"
	RejectionCancelled State = "cancelled"
)

// Rejection is an application's "no" on its way to the candidate.
type Rejection struct {
	ID      string    `json:"id"`
	App     string    `json:"app"`
	State   State     `json:"is"`
	Since   time.Time `json:"since"`
	By      string    `json:"by"`
	Reason  string    `json:"why"`   // for us
	Words   string    `json:"words"` // for the candidate
	Due     time.Time `json:"due,omitzero"`
	Signer  string    `json:"signer,omitempty"` // person id of who signs
	Signed  time.Time `json:"signed,omitzero"`
	Name    string    `json:"name,omitempty"`    // of the signer, as it stands below the letter
	Because []string  `json:"because,omitempty"` // records that stopped it
	Asked   []string  `json:"asked,omitempty"`   // person ids who must say go on
	GoOn    []string  `json:"goon,omitempty"`    // those who did
}

// Pending reports whether the rejection is neither sent nor cancelled.
func (r Rejection) Pending() bool {
	return r.State != RejectionSent && r.State != RejectionCancelled
}

// moving reports whether it goes on by itself: not stopped, not over.
func (r Rejection) moving() bool { return r.Pending() && r.State != RejectionStopped }

// Rejection is a rejection by id; nil when there is none.
func (p *Process) Rejection(id string) *Rejection {
	for i := range p.Rejections {
		if p.Rejections[i].ID == id {
			return &p.Rejections[i]
		}
	}
	return nil
}

type (
	// Reject stages a rejection. After an interview a named person signs it: Signer,
	// who is asked to sign unless they are the one who rejects.
	Reject struct {
		App    string
		Reason string // internal
		Words  string // the sentence for the candidate
		Signer string // person id; "" = nobody was met yet, the rejecter's name stands below
		System string
	}
	// SignRejection is the signer's yes; the cooling time begins.
	SignRejection struct{ Rejection string }
	// ReleaseRejection ends the cooling time: the letter is ready. A timer does it at Due.
	ReleaseRejection struct{ Rejection string }
	// StopRejection holds it by hand.
	StopRejection struct{ Rejection string }
	// ResumeRejection is one asked person's "still reject"; with the last of them
	// the cooling time begins again.
	ResumeRejection struct{ Rejection string }
	// CancelRejection drops it; the application goes on.
	CancelRejection struct{ Rejection string }
	// SendRejection marks the letter as sent: the application is rejected.
	SendRejection struct{ Rejection string }
)

func (a Reject) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoReject, a.App, "")
}

func (a Reject) system() string { return a.System }

func (a SignRejection) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onRejection(p, DoSignRejection, a.Rejection)
}

func (a ReleaseRejection) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onRejection(p, DoReleaseRejection, a.Rejection)
}

func (a StopRejection) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onRejection(p, DoStopRejection, a.Rejection)
}

func (a ResumeRejection) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onRejection(p, DoResumeRejection, a.Rejection)
}

func (a CancelRejection) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onRejection(p, DoCancelRejection, a.Rejection)
}

func (a SendRejection) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onRejection(p, DoSendRejection, a.Rejection)
}

func onRejection(p *Process, k Kind, id string) (target, *bot.Fault) {
	r := p.Rejection(id)
	if r == nil {
		return target{}, missing(p, "rejection", id)
	}
	return onApp(p, k, r.App, id)
}

func (a Reject) run(d *draft) *bot.Fault {
	ap := d.p.App(a.App)
	if f := CheckWords(d.s, ap.Job, a.Reason, a.Words); f != nil {
		return f
	}
	met := d.p.Met(a.App, d.now)
	if met && a.Signer == "" {
		return bot.Faultf(bot.Invalid, "%s has had an interview, so a named person signs this letter. Say who.", d.name()).In("signer")
	}
	r := Rejection{ID: d.made(d.p.nextID("X")), App: a.App, State: RejectionStaged, Since: d.now, By: d.who.ID, Reason: bot.Clean(a.Reason), Words: bot.Clean(a.Words), Signer: a.Signer}
	if a.Signer == "" || a.Signer == d.who.ID {
		r.Signer = d.who.ID
		d.sign(&r)
	}
	d.p.Rejections = append(d.p.Rejections, r)
	d.deed.Rec = r.ID
	d.tellRejection(&r)
	if r.State == RejectionStaged {
		d.ask(&r)
	}
	return nil
}

func (d *draft) sign(r *Rejection) {
	r.State, r.Since, r.Signed, r.Name = RejectionCooling, d.now, d.now, d.who.Name
	r.Due = d.now.Add(d.s.Settings.cooling())
}

func (a SignRejection) run(d *draft) *bot.Fault {
	r := d.p.Rejection(a.Rejection)
	switch {
	case r.State != RejectionStaged:
		return late("The rejection "+r.ID, r.State, r.Since)
	case r.Signer != d.who.ID:
		return bot.Faultf(bot.Forbidden, "This letter waits for another colleague's name. They sign it, or you stage a new one in your name.")
	}
	r = d.rejection(a.Rejection)
	d.sign(r)
	d.tellRejection(r)
	return nil
}

func (a ReleaseRejection) run(d *draft) *bot.Fault {
	r := d.p.Rejection(a.Rejection)
	switch {
	case r.State != RejectionCooling:
		return late("The rejection "+r.ID, r.State, r.Since)
	case d.now.Before(r.Due):
		return bot.Faultf(bot.Refused, "This rejection waits until %s, so that there is time to think again.", bot.Moment(r.Due, "UTC", bot.DateTime))
	}
	r = d.rejection(a.Rejection)
	r.State, r.Since = RejectionReady, d.now
	d.tellRejection(r)
	d.letter(rejectionLetter(d, r, LetterReady))
	return nil
}

func (a StopRejection) run(d *draft) *bot.Fault {
	if r := d.p.Rejection(a.Rejection); !r.moving() {
		return late("The rejection "+r.ID, r.State, r.Since)
	}
	d.stop(a.Rejection, nil)
	return nil
}

// stop holds a rejection and asks both: who rejects, and who did what contradicts it (S1-20).
func (d *draft) stop(id string, because []string) {
	if r := d.p.Rejection(id); r == nil || !r.moving() {
		return
	}
	r := d.rejection(id)
	ready := r.State == RejectionReady
	if because = slices.DeleteFunc(slices.Clone(because), func(s string) bool { return s == id }); d.deed.Rec != "" && d.deed.Rec != id {
		because = append(because, d.deed.Rec)
	}
	r.State, r.Since, r.Because, r.GoOn = RejectionStopped, d.now, because, nil
	r.Asked = []string{r.By}
	if d.who.ID != "" && d.who.ID != r.By {
		r.Asked = append(r.Asked, d.who.ID)
	}
	d.tellRejection(r)
	if ready {
		d.letter(rejectionLetter(d, r, LetterDropped))
	}
	d.ask(r)
}

func (a ResumeRejection) run(d *draft) *bot.Fault {
	r := d.p.Rejection(a.Rejection)
	asked := slices.Contains(r.Asked, d.who.ID)
	switch {
	case r.State != RejectionStopped:
		return late("The rejection "+r.ID, r.State, r.Since)
	case !asked && !d.who.Is(Admin):
		return bot.Faultf(bot.Forbidden, "The people who were asked answer this, or an Admin.")
	case slices.Contains(r.GoOn, d.who.ID):
		return bot.Faultf(bot.Refused, "You have said so already; the other person's answer is still to come.")
	}
	r = d.rejection(a.Rejection)
	if asked {
		r.GoOn = append(slices.Clone(r.GoOn), d.who.ID)
	} else {
		r.GoOn = slices.Clone(r.Asked)
	}
	if len(r.GoOn) < len(r.Asked) {
		d.tellRejection(r)
		return nil
	}
	r.Since, r.Because, r.Asked, r.GoOn = d.now, nil, nil, nil
	if r.Signed.IsZero() {
		r.State = RejectionStaged
	} else {
		r.State, r.Due = RejectionCooling, d.now.Add(d.s.Settings.cooling())
	}
	d.tellRejection(r)
	return nil
}

func (a CancelRejection) run(d *draft) *bot.Fault {
	r := d.p.Rejection(a.Rejection)
	if !r.Pending() {
		return late("The rejection "+r.ID, r.State, r.Since)
	}
	if !d.who.Is(Admin|Recruiter|Manager) && d.who.Roles&bot.Machine == 0 && r.Signer != d.who.ID && !slices.Contains(r.Asked, d.who.ID) {
		return bot.Faultf(bot.Forbidden, "The people who were asked drop this, or its hiring managers, %s.", Said(Admin|Recruiter))
	}
	d.cancelRejection(a.Rejection)
	return nil
}

// dropRejection cancels what is on its way for an application that ends otherwise.
func (d *draft) dropRejection(app string) {
	if r := d.p.pending(app); r != nil {
		d.cancelRejection(r.ID)
	}
}

func (d *draft) cancelRejection(id string) {
	r := d.rejection(id)
	ready := r.State == RejectionReady
	r.State, r.Since, r.Asked, r.GoOn = RejectionCancelled, d.now, nil, nil
	d.tellRejection(r)
	if ready {
		d.letter(rejectionLetter(d, r, LetterDropped))
	}
}

func (a SendRejection) run(d *draft) *bot.Fault {
	if r := d.p.Rejection(a.Rejection); r.State != RejectionReady {
		if r.State == RejectionCooling {
			return bot.Faultf(bot.Refused, "This rejection waits until %s; only then its letter may go.", bot.Moment(r.Due, "UTC", bot.DateTime))
		}
		return late("The rejection "+r.ID, r.State, r.Since)
	}
	r := d.rejection(a.Rejection)
	ap := d.p.App(r.App)
	stage, reason := string(AtRejected), r.Reason
	if j := d.job(ap.Job); j != nil {
		stage = j.ending(AtRejected)
	}
	r.State, r.Since = RejectionSent, d.now
	d.end(r.App, Rejected, stage, bot.Clip(oneLine(reason), maxCause))
	d.app(r.App).Told = d.now
	d.tellRejection(r)
	d.letter(rejectionLetter(d, r, LetterSent))
	return nil
}

func (d *draft) tellRejection(r *Rejection) {
	n := RejectionChanged{Record: d.record(r.ID, r.App, r.State), Because: r.Because, Ask: r.Asked}
	switch r.State {
	case RejectionCooling:
		n.Due = r.Due
	case RejectionStaged:
		n.Ask = []string{r.Signer}
	}
	d.tell(n)
}
