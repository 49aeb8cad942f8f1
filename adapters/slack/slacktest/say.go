package slacktest

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Say writes into a channel and returns when the app has acknowledged hearing it (or Slack has
// given up for now). "@name" and "#channel" are completed as the composer does.
func (h *Human) Say(channel, text string) (Message, error) {
	return h.say(channel, text, "", false)
}

// Share writes with small files of the person's own, which are named.
func (h *Human) Share(channel, text string, files ...string) (Message, error) {
	return h.say(channel, text, "", false, files...)
}

// DM writes to the app.
func (h *Human) DM(text string) (Message, error) { return h.say("app", text, "", false) }

// Mention writes into a channel with the app's name in front.
func (h *Human) Mention(channel, text string) (Message, error) {
	return h.say(channel, "@app "+text, "", false)
}

// Reply writes into the thread of a message of the channel last looked at.
func (h *Human) Reply(ts, text string) (Message, error) { return h.say("", text, ts, false) }

// ReplyToAll replies in a thread and shows it in the channel too.
func (h *Human) ReplyToAll(ts, text string) (Message, error) { return h.say("", text, ts, true) }

// Ask says something and waits for what the app does next there.
func (h *Human) Ask(channel, text string) (Answer, error) {
	h.s.mu.Lock()
	ch, err := h.place(channel)
	if err != nil {
		h.s.mu.Unlock()
		return Answer{}, err
	}
	x, err := h.start(ch)
	h.s.mu.Unlock()
	if err != nil {
		return Answer{}, err
	}
	if _, err := h.say(channel, text, "", false); err != nil {
		return Answer{}, err
	}
	return h.wait(x), nil
}

func (h *Human) say(channel, text, thread string, onTop bool, files ...string) (Message, error) {
	h.s.mu.Lock()
	ch, err := h.place(channel)
	if err == nil {
		err = h.maySay(ch)
	}
	if err != nil {
		h.s.mu.Unlock()
		return Message{}, err
	}
	if root := ch.message(thread); thread != "" && root == nil {
		h.s.mu.Unlock()
		return Message{}, fmt.Errorf("there is no message %s to reply to", thread)
	} else if root != nil && root.thread != "" {
		thread = root.thread
	}
	sent := h.w.named(escape(text), false)
	h.s.ids++
	m := &message{channel: ch, team: h.w, user: h.u.ID, text: sent, thread: thread, onTop: onTop,
		clientID: fmt.Sprintf("%08x-test-%04x", time.Now().UnixNano()&0xffffffff, h.s.ids)}
	m.blocks = h.w.composed(base36(h.s.ids+46655), sent)
	for _, name := range files {
		m.subtype, m.files = "file_share", append(m.files, h.attach(name))
	}
	heard := h.s.publish(m)
	seen := h.see(m)
	h.s.mu.Unlock()
	h.heard(heard)
	return seen, nil
}

func (h *Human) maySay(ch *Channel) error {
	switch {
	case ch.Archived:
		return errors.New("this channel is archived")
	case ch.Locked && !h.u.Admin:
		return errors.New("only admins may post here")
	case ch.im && h.s.app.MessagesOff && h.w.botIn(ch):
		return errors.New("sending messages to this app has been turned off")
	case !ch.has(h.u.ID):
		return fmt.Errorf("%s is not in #%s", h.u.Name, ch.Name)
	}
	return nil
}

// heard waits for the first try of a delivery.
func (h *Human) heard(d *Delivery) {
	if d == nil {
		return
	}
	select {
	case <-d.first:
	case <-h.s.ctx.Done():
	}
}

// mine finds one of the person's own messages; "" is the newest.
func (h *Human) mine(ts string) (*message, error) {
	if h.u.Deleted {
		return nil, errLeft
	}
	for _, c := range h.w.places {
		for i := len(c.messages) - 1; i >= 0; i-- {
			if m := c.messages[i]; m.user == h.u.ID && (m.ts == ts || ts == "" && c == h.at) {
				return m, nil
			}
		}
	}
	return nil, fmt.Errorf("%s has written no message %s", h.u.Name, ts)
}

// Edit changes one of the person's messages; ts "" is the newest where they look.
func (h *Human) Edit(ts, text string) error {
	h.s.mu.Lock()
	m, err := h.mine(ts)
	if err != nil {
		h.s.mu.Unlock()
		return err
	}
	before := m.json()
	m.text = h.w.named(escape(text), false)
	m.blocks = h.w.composed(base36(h.s.seq+46655), m.text)
	m.edited = h.s.newTS()
	m.seq = h.s.stamp()
	heard := h.s.announceMessage(m, m.changedEvent(before, h.s.newTS()))
	h.s.mu.Unlock()
	h.heard(heard)
	return nil
}

// Unfurl lets Slack attach a link preview to a message: message_changed with the text unchanged.
func (h *Human) Unfurl(ts string) error {
	h.s.mu.Lock()
	m, err := h.mine(ts)
	if err != nil {
		h.s.mu.Unlock()
		return err
	}
	before := m.json()
	m.attached = []any{obj{"from_url": "https://news.example/", "title": "News", "id": 1, "fallback": "News"}}
	m.seq = h.s.stamp()
	heard := h.s.announceMessage(m, m.changedEvent(before, h.s.newTS()))
	h.s.mu.Unlock()
	h.heard(heard)
	return nil
}

// Delete removes one of the person's messages; ts "" is the newest where they look.
func (h *Human) Delete(ts string) error {
	h.s.mu.Lock()
	m, err := h.mine(ts)
	if err != nil {
		h.s.mu.Unlock()
		return err
	}
	heard := h.s.erase(m)
	h.s.mu.Unlock()
	h.heard(heard)
	return nil
}

// React adds a reaction to a message anyone wrote.
func (h *Human) React(ts, name string) error { return h.reaction(ts, name, true) }

// Unreact takes it back.
func (h *Human) Unreact(ts, name string) error { return h.reaction(ts, name, false) }

func (h *Human) reaction(ts, name string, add bool) error {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	m := h.anyMessage(ts)
	if m == nil {
		return fmt.Errorf("%s sees no message %s", h.u.Name, ts)
	}
	if !h.s.reactAs(m, h.u.ID, strings.Trim(name, ":"), add) {
		return fmt.Errorf("nothing to change about %s", name)
	}
	return nil
}

func (h *Human) anyMessage(ts string) *message {
	for _, c := range h.w.places {
		if m := c.message(ts); m != nil && m.visibleTo(h.u.ID) {
			return m
		}
	}
	return nil
}

// Join enters a public channel.
func (h *Human) Join(channel string) error { return h.move(channel, true) }

// LeaveChannel leaves a channel.
func (h *Human) LeaveChannel(channel string) error { return h.move(channel, false) }

func (h *Human) move(channel string, in bool) error {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	ch, err := h.place(channel)
	if err != nil {
		return err
	}
	if in {
		h.w.join(ch, h.u.ID)
	} else {
		h.w.leave(ch, h.u.ID)
	}
	return nil
}

// Leave takes the person out of the workspace: the account is deactivated.
func (h *Human) Leave() { h.change(func(u *User) { u.Deleted = true }) }

// Return activates the account again.
func (h *Human) Return() { h.change(func(u *User) { u.Deleted = false }) }

// SetZone changes the person's time zone (IANA).
func (h *Human) SetZone(tz string) { h.change(func(u *User) { u.TZ = tz }) }

// Rename changes the person's display name.
func (h *Human) Rename(name string) { h.change(func(u *User) { u.DisplayName = name }) }

func (h *Human) change(f func(*User)) {
	h.s.mu.Lock()
	f(h.u)
	d := h.s.announce(h.w, "user_change", "users:read", obj{"type": "user_change", "user": h.w.userJSON(h.u),
		"cache_ts": time.Now().Unix(), "event_ts": h.s.newTS()})
	h.s.stamp()
	h.s.mu.Unlock()
	h.heard(d)
}
