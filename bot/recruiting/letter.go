package recruiting

import (
	"fmt"
	"strings"
	"time"

	"rapport/bot"
)

// LetterKind says what a letter is.
type LetterKind string

const (
	LetterRejection    LetterKind = "rejection"
	LetterOffer        LetterKind = "offer"
	LetterOfferOff     LetterKind = "offer withdrawn"
	LetterReference    LetterKind = "reference request"
	LetterReferenceOff LetterKind = "reference cancelled"
	LetterHold         LetterKind = "job on hold"
	LetterReopened     LetterKind = "job goes on"
)

// States of a letter.
const (
	LetterReady   State = "ready"   // a person sends it and marks it sent
	LetterSent    State = "sent"    //
	LetterDropped State = "dropped" // must not go out any more
)

// Letter is a text for somebody outside. Until there is a channel, By gets the
// text to send and marks it sent. A letter with the same ID takes the place of
// an earlier one.
type Letter struct {
	ID        string     `json:"id"` // record id and what it says: "X-4/rejection"
	Kind      LetterKind `json:"kind"`
	Candidate string     `json:"c"`
	App       string     `json:"app,omitempty"`
	Job       string     `json:"job,omitempty"`
	To        string     `json:"to"` // name
	Mail      string     `json:"mail,omitempty"`
	Subject   string     `json:"subject"`
	Text      string     `json:"text"`
	By        string     `json:"by"` // person id of who sends it
	At        time.Time  `json:"at"`
	State     State      `json:"is"`
	Personal  bool       `json:"personal,omitempty"` // only from an address that a person reads
}

func (d *draft) letter(l Letter) { d.letters = append(d.letters, l) }

// sheet is a letter to the candidate about an application, text still to come.
func (d *draft) sheet(kind LetterKind, rec, app string, state State) Letter {
	c := d.s.Candidate
	return Letter{ID: rec + "/" + strings.ReplaceAll(string(kind), " ", "-"), Kind: kind, Candidate: d.p.Candidate, App: app, Job: d.p.jobOf(app),
		To: c.Name, Mail: c.Mail(), By: d.who.ID, At: d.now, State: state, Personal: d.p.Met(app, d.now)}
}

func rejectionLetter(d *draft, r *Rejection, state State) Letter {
	l := d.sheet(LetterRejection, r.ID, r.App, state)
	l.By = r.By
	title := d.s.Jobs.Title(l.Job)
	l.Subject = "Your application: " + title
	text := r.Words
	if greeting.FindString(text+"\n") == "" {
		thanks := "Thank you for your interest in the " + title + " position.\n\n"
		if strings.Contains(Fold(text), "thank") { // once is enough
			thanks = ""
		}
		text = "Dear " + d.s.Candidate.called() + ",\n\n" + thanks + text
	}
	if r.Name != "" && !strings.Contains(Fold(tail(text)), Fold(r.Name)) {
		text += "\n\nKind regards,\n" + r.Name
	}
	l.Text = text
	return l
}

// tail is the end of a text, where a signature would stand.
func tail(s string) string {
	if len(s) > 160 {
		return s[len(s)-160:]
	}
	return s
}

func offerLetter(d *draft, o *Offer, kind LetterKind, state State) Letter {
	l := d.sheet(kind, o.ID, o.App, state)
	title := d.s.Jobs.Title(l.Job)
	l.Subject = "Your offer: " + title
	l.Text = fmt.Sprintf("Dear %s,\n\nWe would be glad to have you with us as %s. You will find our offer with this letter; please ask us anything about it.", l.To, title)
	if kind == LetterOfferOff {
		l.Subject = "About our offer: " + title
		l.Text = fmt.Sprintf("Dear %s,\n\nWe have to take back our offer for the %s position. We are sorry, and we will call you to explain.", l.To, title)
	}
	l.Text += "\n\nKind regards,\n" + d.who.Name
	return l
}

func referenceLetter(d *draft, r *Reference, kind LetterKind, state State) Letter {
	l := d.sheet(kind, r.ID, r.App, state)
	l.To, l.Mail, l.Personal = r.Referee, r.Mail, false
	name, title := d.s.Candidate.called(), d.s.Jobs.Title(l.Job)
	l.Subject = "A reference for " + name
	l.Text = fmt.Sprintf("Dear %s,\n\n%s has named you as somebody who knows their work, and we would like to hear from you about it for the %s position. A few lines or a short call are enough.", r.Referee, name, title)
	if kind == LetterReferenceOff {
		l.Text = fmt.Sprintf("Dear %s,\n\nWe asked you for a reference for %s. It is no longer needed, so please do not spend any more time on it. Thank you for your help.", r.Referee, name)
	}
	l.Text += "\n\nKind regards,\n" + d.who.Name
	return l
}

// JobLetter tells a candidate in process that the job is on hold, or goes on (S2-14).
func JobLetter(kind LetterKind, c Candidate, a *Application, j *Job, by bot.Person, now time.Time) Letter {
	l := Letter{ID: a.ID + "/" + strings.ReplaceAll(string(kind), " ", "-"), Kind: kind, Candidate: c.ID, App: a.ID, Job: j.ID,
		To: c.Name, Mail: c.Mail(), By: by.ID, At: now, State: LetterReady, Subject: "Your application: " + j.Title}
	l.Text = fmt.Sprintf("Dear %s,\n\nThe search for the %s position goes on, and so does your application. You will hear from us about the next step.", c.called(), j.Title)
	if kind == LetterHold {
		l.Text = fmt.Sprintf("Dear %s,\n\nWe have put the %s position on hold for now. Your application stays with us as it is; we will write to you as soon as it goes on, or if it does not.", c.called(), j.Title)
	}
	l.Text += "\n\nKind regards,\n" + by.Name
	return l
}
