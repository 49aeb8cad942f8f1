package slacktest

import "fmt"

// GlobalShortcut starts a shortcut that belongs to no channel: no response_url comes with it.
func (h *Human) GlobalShortcut(callback string) (Answer, error) {
	h.s.mu.Lock()
	x, err := h.start(nil)
	if err != nil {
		h.s.mu.Unlock()
		return Answer{}, err
	}
	o := h.base("shortcut")
	o["callback_id"], o["action_ts"], o["trigger_id"] = callback, h.s.newTS(), h.s.newTrigger(x, nil)
	h.s.mu.Unlock()
	return h.shortcut("shortcut", callback, o, x), nil
}

// MessageShortcut starts a shortcut on a message.
func (h *Human) MessageShortcut(callback, ts string) (Answer, error) {
	h.s.mu.Lock()
	m := h.anyMessage(ts)
	if m == nil || m.onlyFor != "" {
		h.s.mu.Unlock()
		return Answer{}, fmt.Errorf("%s sees no message %s that has a menu", h.u.Name, ts)
	}
	x, err := h.start(m.channel)
	if err != nil {
		h.s.mu.Unlock()
		return Answer{}, err
	}
	o := h.base("message_action")
	o["callback_id"], o["action_ts"], o["trigger_id"] = callback, h.s.newTS(), h.s.newTrigger(x, nil)
	o["message"], o["message_ts"], o["channel"] = m.json(), m.ts, obj{"id": m.channel.ID, "name": shownName(m.channel)}
	o["response_url"] = h.s.newReply("app", x, m.channel, nil)
	h.s.mu.Unlock()
	return h.shortcut("message_action", callback, o, x), nil
}

func (h *Human) shortcut(kind, callback string, o obj, x *exchange) Answer {
	out := h.s.interact(o, false)
	if out.problem != "" {
		return h.failed(kind+" "+callback, out)
	}
	h.bodyless(kind, out)
	return h.wait(x)
}

// OpenHome looks at the app's Home and waits until it shows something.
func (h *Human) OpenHome() (Answer, error) {
	h.s.mu.Lock()
	x, err := h.start(nil)
	if err != nil {
		h.s.mu.Unlock()
		return Answer{}, err
	}
	d := h.opened("home")
	h.at = nil
	home := x.desk.home
	h.s.mu.Unlock()
	h.heard(d)
	if home == nil {
		return h.wait(x), nil
	}
	h.s.await(settle, func() bool { return home.seq > x.start })
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	v := h.seeView(home)
	return Answer{View: &v, Text: v.Text}, nil
}

// OpenMessages looks at the app's messages tab: app_home_opened fires for it too.
func (h *Human) OpenMessages() error {
	h.s.mu.Lock()
	if _, err := h.place("app"); err != nil {
		h.s.mu.Unlock()
		return err
	}
	d := h.opened("messages")
	h.s.mu.Unlock()
	h.heard(d)
	return nil
}

func (h *Human) opened(tab string) *Delivery {
	o := obj{"type": "app_home_opened", "user": h.u.ID, "tab": tab, "event_ts": h.s.newTS()}
	if im := h.w.im(h.u.ID); im != nil {
		o["channel"] = im.ID
	}
	if home := h.w.desk(h.u).home; home != nil && tab == "home" { // only after a publish
		o["view"] = home.json()
	}
	return h.s.announce(h.w, "app_home_opened", "", o)
}
