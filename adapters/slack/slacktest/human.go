package slacktest

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Human is one person at a keyboard. A method returns an error when the person could not do the
// thing (no such button, no such field); what the app or Slack made of it is in the Answer.
// "" as a channel means the place the person last looked at, "app" the direct conversation with
// the app.
type Human struct {
	s  *Server
	w  *Workspace
	u  *User
	at *Channel
}

// Answer is what a person saw happen after an act.
type Answer struct {
	Text    string            // readable text of what appeared, "" when nothing did
	Message *Message          // the message that appeared or changed
	View    *View             // the modal or Home that appeared or changed
	Errors  map[string]string // under the fields of a modal, by label
	Problem string            // Slack's own error, such as "operation_timeout"
	Removed bool              // the message acted on went away
	Closed  bool              // the modal closed
}

// Nothing tells whether the person saw no reaction at all.
func (a Answer) Nothing() bool {
	return a.Text == "" && a.Message == nil && a.View == nil && len(a.Errors) == 0 && a.Problem == "" && !a.Removed
}

// settle is how long an answer tied to the act is preferred over any other change.
const settle = 120 * time.Millisecond

func (w *Workspace) human(u *User) *Human { return &Human{s: w.s, w: w, u: u} }

// Human returns a person of the workspace by name or id, nil when there is none.
func (w *Workspace) Human(name string) *Human {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if u := w.users[w.userID(name)]; u != nil {
		return w.human(u)
	}
	return nil
}

// ID is the person's user id.
func (h *Human) ID() string { return h.u.ID }

// Name is the person's account name.
func (h *Human) Name() string { return h.u.Name }

// Workspace is where the person sits.
func (h *Human) Workspace() *Workspace { return h.w }

var (
	errLeft  = errors.New("this person has left the workspace")
	errNoApp = errors.New("the app is not installed in this workspace")
)

// place finds a conversation the person can see and looks at it. The lock is held.
func (h *Human) place(name string) (*Channel, error) {
	if h.u.Deleted {
		return nil, errLeft
	}
	switch name {
	case "":
		if h.at != nil {
			return h.at, nil
		}
		fallthrough
	case "app":
		ch := h.w.im(h.u.ID)
		if ch == nil {
			return nil, errNoApp
		}
		h.at = ch
		return ch, nil
	}
	ch := h.w.find(name)
	if ch == nil {
		if id := h.w.userID(name); h.w.users[id] != nil {
			ch = h.w.direct(h.u.ID, id)
		}
	}
	if ch == nil || ch.kind() != "channel" && !ch.has(h.u.ID) {
		return nil, fmt.Errorf("%s sees no channel %q", h.u.Name, name)
	}
	h.at = ch
	return ch, nil
}

// direct is the conversation of two people, where the app is not.
func (w *Workspace) direct(a, b string) *Channel {
	for _, c := range w.places {
		if c.im && c.has(a) && c.has(b) && len(c.members) == 2 {
			return c
		}
	}
	c := w.addChannel(Channel{ID: w.s.newID("D"), Private: true})
	c.im, c.with, c.members = true, b, []string{a, b}
	return c
}

// fromApp lists what the app showed this person since the exchange began, newest last.
func (x *exchange) fromApp() (messages []*message, views []*view) {
	in := x.desk.team.s.installOf(x.desk.team)
	if in == nil {
		return nil, nil
	}
	look := []*Channel{x.place}
	for _, c := range x.desk.team.places {
		if c.im && c.with == x.desk.user.ID && c != x.place {
			look = append(look, c)
		}
	}
	for _, c := range look {
		if c == nil {
			continue
		}
		for _, m := range c.messages {
			if m.seq > x.start && m.user == in.botUser && m.visibleTo(x.desk.user.ID) {
				messages = append(messages, m)
			}
		}
	}
	if v := x.desk.top(); v != nil && v.seq > x.start {
		views = append(views, v)
	} else if v := x.desk.home; v != nil && v.seq > x.start {
		views = append(views, v)
	}
	return messages, views
}

func (x *exchange) tied() bool { return len(x.messages)+len(x.views) > 0 || x.removed }

// wait collects the answer of an exchange: what is tied to it, else whatever the app did next
// where the person looks.
func (h *Human) wait(x *exchange) Answer {
	any := func() bool {
		if x.tied() {
			return true
		}
		m, v := x.fromApp()
		return len(m)+len(v) > 0
	}
	if h.s.await(h.s.opt.Wait, any) {
		h.s.await(settle, x.tied)
	}
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	messages, views := x.messages, x.views
	if !x.tied() {
		messages, views = x.fromApp()
	}
	a := Answer{Removed: x.removed}
	if n := len(messages); n > 0 {
		m := h.see(messages[n-1])
		a.Message, a.Text = &m, m.Text
	}
	if n := len(views); n > 0 {
		v := h.seeView(views[n-1])
		a.View = &v
		if a.Text == "" {
			a.Text = v.Text
		}
	}
	return a
}

// failed turns an unacknowledged payload into what the person sees, and into a fault.
func (h *Human) failed(what string, out outcome) Answer {
	problem := "dispatch_failed"
	if out.problem == "http_timeout" {
		problem = "operation_timeout"
	}
	if out.problem == "no_connection" {
		problem = "dispatch_unknown_error"
	}
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.s.ctx.Err() == nil {
		h.s.fault(problem, what, "%s (status %d) after %v", out.problem, out.status, out.took.Round(time.Millisecond))
	}
	return Answer{Problem: problem}
}

// base is what every interactive payload begins with. The lock is held.
func (h *Human) base(kind string) obj {
	team := obj{"id": h.w.ID, "domain": h.w.Domain}
	o := obj{"type": kind, "token": h.s.app.VerificationToken, "api_app_id": h.s.app.ID, "enterprise": nil, "is_enterprise_install": false,
		"team": team, "user": obj{"id": h.u.ID, "username": h.u.Name, "name": h.u.Name, "team_id": h.u.team.ID}}
	if h.w.org != nil {
		team["enterprise_id"], team["enterprise_name"] = h.w.org.ID, h.w.org.Name
		o["enterprise"] = obj{"id": h.w.org.ID, "name": h.w.org.Name}
	}
	if in := h.s.installOf(h.w); in != nil && in.org != nil {
		o["is_enterprise_install"] = true
		if kind == "shortcut" || strings.HasPrefix(kind, "view_") {
			o["team"] = nil // as recorded from organisation installs
		}
	}
	return o
}

// start checks that the person and the app are there and begins an exchange. The lock is held.
func (h *Human) start(ch *Channel) (*exchange, error) {
	if h.u.Deleted {
		return nil, errLeft
	}
	if h.s.installOf(h.w) == nil {
		return nil, errNoApp
	}
	return h.s.begin(h.w.desk(h.u), ch), nil
}

func shownName(c *Channel) string {
	switch {
	case c.im:
		return "directmessage"
	case c.mpim:
		return c.Name
	case c.Private:
		return "privategroup"
	}
	return c.Name
}
