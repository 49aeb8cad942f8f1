package slacktest

import (
	"fmt"
	"time"
)

// desk is what one person has open: a stack of modals and the app's Home.
type desk struct {
	team  *Workspace
	user  *User
	stack []*view
	home  *view
}

// view is a modal or a Home as it stands.
type view struct {
	id, kind, hash, externalID, callbackID, private string
	title, submit, close                            any
	blocks                                          []any
	notify, clear                                   bool
	root, previous                                  string
	state                                           values
	errors                                          map[string]string // below inputs, by block id
	desk                                            *desk
	in                                              *install
	seq                                             int64
	cause                                           *exchange
	gone                                            bool
	from                                            *Channel // where the modal was started
}

// trigger is a person's permission to open a modal: short-lived and used once.
type trigger struct {
	desk    *desk
	inside  *view // the modal it came from
	expires time.Time
	used    bool
	cause   *exchange
}

// exchange is one act of a person and what the app showed them because of it.
type exchange struct {
	desk     *desk
	place    *Channel
	start    int64
	messages []*message
	views    []*view
	removed  bool
}

func (w *Workspace) desk(u *User) *desk {
	d := w.desks[u.ID]
	if d == nil {
		d = &desk{team: w, user: u}
		w.desks[u.ID] = d
	}
	return d
}

func (d *desk) top() *view {
	if len(d.stack) == 0 {
		return nil
	}
	return d.stack[len(d.stack)-1]
}

// begin starts an exchange. The lock is held.
func (s *Server) begin(d *desk, place *Channel) *exchange {
	return &exchange{desk: d, place: place, start: s.seq}
}

func (s *Server) newTrigger(x *exchange, inside *view) string {
	s.ids++
	id := fmt.Sprintf("%d.%d.%s", time.Now().UnixMilli(), s.ids, base36(s.ids*104729+17))
	s.triggers[id] = &trigger{desk: x.desk, inside: inside, expires: s.Clock.Now().Add(s.opt.Patience), cause: x}
	return id
}

// spendTrigger uses a trigger up, or says why it cannot be used.
func (s *Server) spendTrigger(c *call) (*trigger, *trouble) {
	t := s.triggers[c.str("trigger_id")]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case s.Clock.Now().After(t.expires):
		return nil, refuse("expired_trigger_id")
	case s.installOf(t.desk.team) != c.in:
		return nil, refuse("invalid_trigger_id")
	}
	return t, nil
}

// fillView takes what an app sent into a view, keeping what the person typed.
func (s *Server) fillView(v *view, in obj) {
	v.kind, v.title, v.submit, v.close = str(in["type"]), in["title"], in["submit"], in["close"]
	v.blocks = named(clone(list(in["blocks"])))
	v.callbackID, v.externalID, v.private = str(in["callback_id"]), str(in["external_id"]), str(in["private_metadata"])
	v.notify, v.clear = truth(in["notify_on_close"]), truth(in["clear_on_close"])
	v.state = v.state.keep(v.blocks)
	v.errors = nil
	s.ids++
	v.hash = fmt.Sprintf("%d.%s", time.Now().Unix(), base36(s.ids*15485863))
	v.seq = s.stamp()
	if v.cause != nil {
		v.cause.views = append(v.cause.views, v)
	}
}

func (s *Server) newView(d *desk, in *install, cause *exchange) *view {
	v := &view{id: s.newID("V"), desk: d, in: in, cause: cause}
	v.root = v.id
	if cause != nil {
		v.from = cause.place
	}
	s.views[v.id] = v
	return v
}

func (v *view) json() obj {
	s := v.desk.team.s
	installed := v.desk.team.ID
	if v.in.org != nil {
		installed = v.in.org.ID
	}
	o := obj{"id": v.id, "team_id": v.desk.team.ID, "type": v.kind, "blocks": clone(v.blocks), "private_metadata": v.private,
		"callback_id": v.callbackID, "external_id": v.externalID, "hash": v.hash, "title": clone(v.title), "submit": clone(v.submit),
		"close": clone(v.close), "clear_on_close": v.clear, "notify_on_close": v.notify, "root_view_id": v.root,
		"previous_view_id": orNull(v.previous), "app_id": s.app.ID, "app_installed_team_id": installed, "bot_id": v.in.botID,
		"state": obj{"values": v.state.state(v.blocks)}}
	if v.kind == "home" {
		o["title"] = obj{"type": "plain_text", "text": "View Title", "emoji": true}
	}
	return o
}

// checkView refuses a view that Slack would refuse.
func (s *Server) checkView(raw any, kind string) (obj, *trouble) {
	in := object(raw)
	if in == nil {
		return nil, invalid("invalid_arguments", "missing required field: view")
	}
	if wrong := checkViewJSON(in, kind); len(wrong) > 0 {
		return nil, invalid("invalid_arguments", wrong...)
	}
	if len(marshal(in)) > maxView {
		return nil, refuse("view_too_large")
	}
	return in, nil
}

// taken tells whether another open view of the workspace has the external id.
func (s *Server) taken(w *Workspace, external string, but *view) bool {
	if external == "" {
		return false
	}
	for _, v := range s.views {
		if v != but && !v.gone && v.desk.team == w && v.externalID == external {
			return true
		}
	}
	return false
}

// drop closes modals from the top of the stack down to length n.
func (d *desk) drop(s *Server, n int) {
	for _, v := range d.stack[n:] {
		v.gone = true
		delete(s.views, v.id)
	}
	d.stack = d.stack[:n]
	s.stamp()
}
