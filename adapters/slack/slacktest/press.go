package slacktest

import (
	"fmt"
	"strings"
)

// spot is a control together with the surface it is on.
type spot struct {
	control
	message *message
	view    *view
}

// Press clicks a button by its label or action id: in the open modal if there is one, else on the
// newest message where the person looks, else in the Home. A confirm dialog is confirmed.
func (h *Human) Press(label string) (Answer, error) {
	return h.press(label, func(c control) bool {
		return c.kind() == "button" || c.kind() == "workflow_button" || c.kind() == "icon_button"
	}, "")
}

// PressOn clicks a button of one message.
func (h *Human) PressOn(ts, label string) (Answer, error) {
	return h.press(label, func(c control) bool { return c.kind() == "button" }, ts)
}

// PressTwice clicks a button twice in the same instant; both answers come back.
func (h *Human) PressTwice(label string) ([2]Answer, error) {
	h.s.mu.Lock()
	sp, err := h.find(label, isButton, "")
	if err != nil {
		h.s.mu.Unlock()
		return [2]Answer{}, err
	}
	first, x1, err1 := h.actionPayload(sp, obj{"value": sp.element["value"]})
	second, x2, err2 := h.actionPayload(sp, obj{"value": sp.element["value"]})
	h.s.mu.Unlock()
	if err1 != nil || err2 != nil {
		return [2]Answer{}, err1
	}
	var out [2]Answer
	done := make(chan struct{})
	go func() {
		defer close(done)
		out[1] = h.act(sp, second, x2)
	}()
	out[0] = h.act(sp, first, x1)
	<-done
	return out, nil
}

func isButton(c control) bool { return c.kind() == "button" }

func (h *Human) press(label string, want func(control) bool, ts string) (Answer, error) {
	h.s.mu.Lock()
	sp, err := h.find(label, want, ts)
	if err != nil {
		h.s.mu.Unlock()
		return Answer{}, err
	}
	extra := obj{}
	for _, k := range []string{"value", "text", "style", "url"} {
		if v := sp.element[k]; v != nil {
			extra[k] = v
		}
	}
	payload, x, err := h.actionPayload(sp, extra)
	h.s.mu.Unlock()
	if err != nil {
		return Answer{}, err
	}
	return h.act(sp, payload, x), nil
}

// act sends a block_actions payload and waits for what comes of it. A URL button opens its page;
// nothing need follow.
func (h *Human) act(sp spot, payload obj, x *exchange) Answer {
	out := h.s.interact(payload, false)
	if out.problem != "" {
		return h.failed("block_actions "+sp.action, out)
	}
	h.bodyless("block_actions", out)
	if str(sp.element["url"]) != "" {
		return Answer{}
	}
	return h.wait(x)
}

// bodyless records an HTTP body where Slack allows none.
func (h *Human) bodyless(what string, out outcome) {
	if out.status == 0 || len(strings.TrimSpace(string(out.body))) == 0 {
		return
	}
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	h.s.fault("unexpected_body", what, "answered with %q; only commands, suggestions and submissions may", short(out.body))
}

// find looks for a control: exact label or action id first, then a label that contains the words.
func (h *Human) find(label string, want func(control) bool, ts string) (spot, error) {
	if h.u.Deleted {
		return spot{}, errLeft
	}
	all := h.within(ts)
	for _, loose := range []bool{false, true} {
		for _, sp := range all {
			if !want(sp.control) {
				continue
			}
			name := controlLabel(sp.control)
			if strings.EqualFold(name, label) || sp.action == label || sp.block == label ||
				loose && label != "" && strings.Contains(strings.ToLower(name), strings.ToLower(label)) {
				return sp, nil
			}
		}
	}
	var have []string
	for _, sp := range all {
		have = append(have, controlLabel(sp.control))
	}
	return spot{}, fmt.Errorf("%s sees no %q; there are: %s", h.u.Name, label, strings.Join(have, ", "))
}

// within lists the controls in reach, nearest first.
func (h *Human) within(ts string) []spot {
	var out []spot
	d := h.w.desk(h.u)
	onView := func(v *view) {
		for _, c := range controlsOf(v.blocks) {
			out = append(out, spot{control: c, view: v})
		}
	}
	onMessage := func(m *message) {
		for _, c := range controlsOf(m.blocks) {
			out = append(out, spot{control: c, message: m})
		}
		for _, a := range m.attached {
			for _, c := range controlsOf(list(object(a)["blocks"])) {
				out = append(out, spot{control: c, message: m})
			}
		}
	}
	if ts != "" {
		if m := h.anyMessage(ts); m != nil {
			onMessage(m)
		}
		return out
	}
	if v := d.top(); v != nil {
		onView(v) // a modal covers everything else
		return out
	}
	if h.at != nil {
		for i := len(h.at.messages) - 1; i >= 0; i-- {
			if m := h.at.messages[i]; m.visibleTo(h.u.ID) {
				onMessage(m)
			}
		}
	}
	if d.home != nil {
		onView(d.home)
	}
	return out
}

// controlLabel is what a person would call a control.
func controlLabel(c control) string {
	if c.input() {
		return str(object(c.in["label"])["text"])
	}
	for _, k := range []string{"text", "placeholder"} {
		if s := str(object(c.element[k])["text"]); s != "" {
			return s
		}
	}
	return c.action
}

// actionPayload builds block_actions for one use of a control.
func (h *Human) actionPayload(sp spot, extra obj) (obj, *exchange, error) {
	ch := h.at
	if sp.message != nil {
		ch = sp.message.channel
	} else if sp.view.from != nil {
		ch = sp.view.from
	}
	x, err := h.start(ch)
	if err != nil {
		return nil, nil, err
	}
	action := obj{"action_id": sp.action, "block_id": sp.block, "type": sp.kind(), "action_ts": h.s.newTS()}
	for k, v := range extra {
		action[k] = clone(v)
	}
	o := h.base("block_actions")
	o["actions"] = []any{action}
	if sp.view != nil {
		inside := sp.view
		if sp.view.kind == "home" {
			inside = nil
		}
		o["container"], o["view"] = obj{"type": "view", "view_id": sp.view.id}, sp.view.json()
		o["trigger_id"] = h.s.newTrigger(x, inside)
		return o, x, nil
	}
	m := sp.message
	container := obj{"type": "message", "message_ts": m.ts, "channel_id": ch.ID, "is_ephemeral": m.onlyFor != ""}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	}
	o["container"], o["channel"] = container, obj{"id": ch.ID, "name": shownName(ch)}
	if m.onlyFor == "" { // ephemeral messages are not repeated
		o["message"] = m.json()
	}
	o["state"] = obj{"values": m.state.state(m.blocks)}
	o["response_url"], o["trigger_id"] = h.s.newReply("actions", x, ch, m), h.s.newTrigger(x, nil)
	return o, x, nil
}
