package discordtest

import "fmt"

// Press presses the newest button with that label that the person can see:
// where they last were, then anywhere else. It waits for one to appear.
func (h *Human) Press(label string) *Exchange {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	m, o := h.control(fmt.Sprintf("a button %q", label), func(o obj) bool {
		return integer(o, "type", 0) == compButton && folded(first(str(o, "label"), str(sub(o, "emoji"), "name")), label)
	})
	return h.use(m, o, nil, nil)
}

// PressOn presses a button on the message as the person saw it then, even if
// it has changed since: two people press at once, or the client is behind.
func (h *Human) PressOn(seen Message, label string) *Exchange {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	for _, b := range seen.Buttons {
		if !folded(b.Label, label) || b.URL != "" {
			continue
		}
		h.s.mu.Lock()
		for _, m := range seen.Channel.messages {
			if m.id == seen.ID {
				h.s.mu.Unlock()
				return h.use(m, obj{"type": compButton, "custom_id": b.CustomID, "id": 0}, nil, nil)
			}
		}
		h.s.mu.Unlock()
	}
	h.fail("the message has no button %q:\n%s", label, seen)
	return nil
}

// Pick chooses in the newest menu with that placeholder: labels of options,
// or *Human, *Role and *Channel where the menu takes them.
func (h *Human) Pick(menu string, options ...any) *Exchange {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	m, o := h.control(fmt.Sprintf("a menu %q", menu), func(o obj) bool {
		return isSelect(integer(o, "type", 0)) && (folded(str(o, "placeholder"), menu) || str(o, "custom_id") == menu)
	})
	h.s.mu.Lock()
	resolved := obj{}
	values, problem := h.choose(o, options, m.ch, resolved)
	h.s.mu.Unlock()
	if problem != "" {
		h.fail("menu %q: %s", menu, problem)
	}
	return h.use(m, o, values, resolved)
}

// control waits for a component the person can see and use.
func (h *Human) control(what string, fits func(obj) bool) (*message, obj) {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	var at *message
	var found obj
	ok := h.s.await(h.s.opt.Patience, func() bool {
		for _, c := range h.places() {
			all := h.messages(c)
			for i := len(all) - 1; i >= 0; i-- {
				walk(all[i].components, func(o obj) {
					if found == nil && fits(o) {
						at, found = all[i], o
					}
				})
				if found != nil {
					return true
				}
			}
		}
		return false
	})
	switch {
	case !ok:
		h.fail("%s waited %v and sees no %s; %s", h.user.Name, h.s.opt.Patience, what, h.overview())
	case truth(found, "disabled"):
		h.fail("%s is disabled", what)
	case str(found, "url") != "":
		h.fail("%s is a link to %s", what, str(found, "url"))
	}
	return at, found
}

// places are the channels the person can look at, the present one first.
func (h *Human) places() []*Channel {
	var all []*Channel
	if h.ch != nil {
		all = append(all, h.ch)
	}
	for _, g := range h.s.guilds {
		if g.members[h.user.ID] == nil {
			continue
		}
		for i := len(g.channels) - 1; i >= 0; i-- {
			if g.channels[i] != h.ch {
				all = append(all, g.channels[i])
			}
		}
	}
	if d := h.s.dms[h.user.ID]; d != nil && d != h.ch {
		all = append(all, d)
	}
	return all
}

func (h *Human) overview() string {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.ch == nil {
		return "has been nowhere"
	}
	return "in " + h.ch.String() + ":\n" + h.visible(h.ch).String()
}

// use sends the interaction of a component.
func (h *Human) use(m *message, o obj, values []any, resolved obj) *Exchange {
	h.s.mu.Lock()
	kind := integer(o, "type", 0)
	data := obj{"custom_id": str(o, "custom_id"), "component_type": kind, "id": integer(o, "id", 0)}
	name := "button " + first(str(o, "label"), str(o, "custom_id"))
	if kind != compButton {
		name = "menu " + first(str(o, "placeholder"), str(o, "custom_id"))
		data["values"] = values
	}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return h.start(&interaction{kind: interComponent, user: h, ch: m.ch, name: name, data: data, source: m})
}

// choose turns what a person picks in a menu, group or modal into values.
// The lock is held.
func (h *Human) choose(o obj, picked []any, c *Channel, resolved obj) ([]any, string) {
	least, most := integer(o, "min_values", 1), integer(o, "max_values", 1)
	if kind := integer(o, "type", 0); kind == compChecks {
		most = integer(o, "max_values", len(list(o, "options")))
	}
	if len(picked) < least || len(picked) > most {
		return nil, fmt.Sprintf("takes %d to %d choices, not %d", least, most, len(picked))
	}
	values := []any{}
	for _, p := range picked {
		v, problem := h.pickOne(o, p, c, resolved)
		if problem != "" {
			return nil, problem
		}
		values = append(values, v)
	}
	return values, ""
}

func (h *Human) pickOne(o obj, p any, c *Channel, resolved obj) (any, string) {
	kind := integer(o, "type", 0)
	switch p := p.(type) {
	case string:
		for _, op := range objects(list(o, "options")) {
			if folded(str(op, "label"), p) || str(op, "value") == p {
				return str(op, "value"), ""
			}
		}
		return nil, fmt.Sprintf("there is no option %q", p)
	case *Human:
		if kind == compUsers || kind == compMentionables {
			h.resolveUser(p.user, c, resolved)
			return p.user.ID, ""
		}
	case *Role:
		if kind == compRoles || kind == compMentionables {
			h.resolveRole(p, c, resolved)
			return p.ID, ""
		}
	case *Channel:
		if kind == compChannels {
			h.resolveChannel(p, resolved)
			return p.ID, ""
		}
	case File:
		if kind == compUpload {
			one := &file{id: h.s.newID(), name: p.Name, kind: p.Type, data: p.Data, ephemeral: true}
			h.s.keep(c, one)
			put(resolved, "attachments", one.id, h.s.attachmentJSON(one))
			return one.id, ""
		}
	}
	return nil, fmt.Sprintf("does not take a %T", p)
}
