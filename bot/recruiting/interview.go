package recruiting

import (
	"slices"
	"strconv"
	"time"

	"rapport/bot"
)

// States of an interview, as far as the guard must know them.
const (
	InterviewInvited   State = "invited" // the candidate was asked for times
	InterviewBooked    State = "booked"
	InterviewHeld      State = "held"
	InterviewMissed    State = "missed"
	InterviewCancelled State = "cancelled"
)

// Interview is the least a process knows of a meeting; the rest is scheduling's.
type Interview struct {
	ID    string    `json:"id"`
	App   string    `json:"app"`
	State State     `json:"is"`
	Since time.Time `json:"since"`
	At    time.Time `json:"at,omitzero"`    // when it begins
	End   time.Time `json:"end,omitzero"`   // when it ends
	With  []string  `json:"with,omitempty"` // person ids
	By    string    `json:"by"`
}

// Ahead reports whether the interview is still to come.
func (i Interview) Ahead(now time.Time) bool {
	return i.State == InterviewInvited || i.State == InterviewBooked && i.End.After(now)
}

// Interview is an interview by id; nil when there is none.
func (p *Process) Interview(id string) *Interview {
	for i := range p.Interviews {
		if p.Interviews[i].ID == id {
			return &p.Interviews[i]
		}
	}
	return nil
}

type (
	// Invite asks the candidate for times. ID is the meeting's, "" makes one.
	Invite struct {
		App, ID string
		With    []string
	}
	// Book puts an interview at a time: a new one, or one that was invited or booked before.
	Book struct {
		App, ID string
		At, End time.Time
		With    []string
	}
	// RemindInterview asks whether a reminder may go out.
	RemindInterview struct{ Interview string }
	// CancelInterview calls it off.
	CancelInterview struct{ Interview string }
	// EndInterview says how it went: held, or missed.
	EndInterview struct {
		Interview string
		Missed    bool
	}
)

func (a Invite) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoInvite, a.App, a.ID)
}

func (a Book) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoBook, a.App, a.ID)
}

func (a RemindInterview) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onInterview(p, DoRemindInterview, a.Interview)
}

func (a CancelInterview) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onInterview(p, DoCancelInterview, a.Interview)
}

func (a EndInterview) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onInterview(p, DoEndInterview, a.Interview)
}

func onInterview(p *Process, k Kind, id string) (target, *bot.Fault) {
	i := p.Interview(id)
	if i == nil {
		return target{}, missing(p, "interview", id)
	}
	return onApp(p, k, i.App, id)
}

func (a Invite) run(d *draft) *bot.Fault {
	if a.ID != "" && d.p.Interview(a.ID) != nil {
		return bot.Faultf(bot.Refused, "They have been invited to %s already.", a.ID)
	}
	d.addInterview(a.ID, a.App, Interview{State: InterviewInvited, With: a.With})
	return nil
}

func (a Book) run(d *draft) *bot.Fault {
	if a.At.IsZero() || !a.End.After(a.At) {
		return bot.Faultf(bot.Invalid, "Say when the interview begins and ends.").In("at")
	}
	v := d.p.Interview(a.ID)
	if v == nil {
		d.addInterview(a.ID, a.App, Interview{State: InterviewBooked, At: a.At, End: a.End, With: a.With})
		return nil
	}
	if v.App != a.App || v.State != InterviewInvited && v.State != InterviewBooked {
		return late("The interview "+v.ID, v.State, v.Since)
	}
	v = d.interview(a.ID)
	v.State, v.Since, v.At, v.End = InterviewBooked, d.now, a.At, a.End
	if a.With != nil {
		v.With = slices.Clone(a.With)
	}
	d.tell(InterviewChanged{d.record(v.ID, v.App, v.State)})
	return nil
}

func (d *draft) addInterview(id, app string, v Interview) {
	for given := id; given == "" && (id == "" || d.p.Interview(id) != nil); {
		id = d.p.nextID("I")
	}
	v.ID, v.App, v.Since, v.By, v.With = d.made(id), app, d.now, d.who.ID, slices.Clone(v.With)
	d.p.Interviews = append(d.p.Interviews, v)
	d.deed.Rec = id
	d.tell(InterviewChanged{d.record(id, app, v.State)})
}

func (a RemindInterview) run(d *draft) *bot.Fault {
	v := d.p.Interview(a.Interview)
	d.tell(InterviewChanged{d.record(v.ID, v.App, v.State)})
	return nil
}

func (a CancelInterview) run(d *draft) *bot.Fault {
	if v := d.p.Interview(a.Interview); v.State != InterviewInvited && v.State != InterviewBooked {
		return late("The interview "+v.ID, v.State, v.Since)
	}
	d.setInterview(a.Interview, InterviewCancelled)
	return nil
}

func (a EndInterview) run(d *draft) *bot.Fault {
	v := d.p.Interview(a.Interview)
	if v.State != InterviewBooked {
		return late("The interview "+v.ID, v.State, v.Since)
	}
	if v.At.After(d.now) {
		return bot.Faultf(bot.Refused, "The interview has not begun yet. Cancel it if it does not take place.")
	}
	if a.Missed {
		d.setInterview(a.Interview, InterviewMissed)
	} else {
		d.setInterview(a.Interview, InterviewHeld)
	}
	return nil
}

func (d *draft) setInterview(id string, to State) {
	v := d.interview(id)
	v.State, v.Since = to, d.now
	d.tell(InterviewChanged{d.record(v.ID, v.App, v.State)})
}

// NextInterview is an id that no interview of this process has yet.
func (p *Process) NextInterview() string {
	for n := p.Seq + 1; ; n++ {
		if id := "I-" + strconv.Itoa(n); p.Interview(id) == nil {
			return id
		}
	}
}
