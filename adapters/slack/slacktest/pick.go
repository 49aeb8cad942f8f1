package slacktest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Pick chooses in a select, overflow, radio, checkbox or date control outside forms (or in a
// dispatching input) and waits for what the app does. Options are named by label or value,
// people and channels by name. No value takes the choice back.
func (h *Human) Pick(label string, values ...string) (Answer, error) {
	h.s.mu.Lock()
	sp, err := h.find(label, func(c control) bool { return c.kind() != "button" && c.dispatches() }, "")
	h.s.mu.Unlock()
	if err != nil {
		return Answer{}, err
	}
	value, err := h.value(sp, values)
	if err != nil {
		return Answer{}, err
	}
	h.s.mu.Lock()
	h.keep(sp, value)
	payload, x, err := h.actionPayload(sp, value)
	h.s.mu.Unlock()
	if err != nil {
		return Answer{}, err
	}
	return h.act(sp, payload, x), nil
}

// keep stores a value on its surface.
func (h *Human) keep(sp spot, value obj) {
	if sp.kind() == "overflow" {
		return // an overflow menu has no state
	}
	if sp.view != nil {
		sp.view.state.set(sp.block, sp.action, value)
	} else {
		sp.message.state.set(sp.block, sp.action, value)
	}
}

// TypeIn types into a select that fetches its options and returns the labels offered.
func (h *Human) TypeIn(label, query string) ([]string, error) {
	h.s.mu.Lock()
	sp, err := h.find(label, func(c control) bool { return strings.HasSuffix(c.kind(), "external_select") }, "")
	h.s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	options, err := h.suggest(sp, query)
	var labels []string
	for _, o := range options {
		labels = append(labels, plain.Replace(optionLabel(o)))
	}
	return labels, err
}

// suggest sends block_suggestion and checks the answer.
func (h *Human) suggest(sp spot, query string) ([]any, error) {
	if least, given := number(sp.element["min_query_length"]); given && float64(runes(query)) < least || !given && query == "" {
		return nil, nil // Slack does not ask yet; without min_query_length it asks from 3 on, here from 1
	}
	h.s.mu.Lock()
	o := h.base("block_suggestion")
	o["action_id"], o["block_id"], o["value"] = sp.action, sp.block, query
	if sp.view != nil {
		o["container"], o["view"] = obj{"type": "view", "view_id": sp.view.id}, sp.view.json()
	} else {
		m := sp.message
		o["container"] = obj{"type": "message", "message_ts": m.ts, "channel_id": m.channel.ID, "is_ephemeral": m.onlyFor != ""}
		o["channel"] = obj{"id": m.channel.ID, "name": shownName(m.channel)}
		if m.onlyFor == "" {
			o["message"] = m.json()
		}
	}
	h.s.mu.Unlock()
	out := h.s.interact(o, true)
	if out.problem != "" {
		h.failed("block_suggestion "+sp.action, out)
		return nil, nil
	}
	var answer obj
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if json.Unmarshal(out.body, &answer) != nil {
		h.s.fault("invalid_options", "block_suggestion "+sp.action, "not a JSON object: %q", short(out.body))
		return nil, nil
	}
	if wrong := checkMenu(answer); len(wrong) > 0 {
		h.s.fault("invalid_options", "block_suggestion "+sp.action, "%s", strings.Join(wrong, "; "))
		return nil, nil
	}
	return optionsOf(answer), nil
}

// value turns what a person chose into Slack's state value for the element.
func (h *Human) value(sp spot, given []string) (obj, error) {
	kind := sp.kind()
	key := valueKey(kind)
	if kind == "overflow" {
		key = "selected_option"
	}
	if key == "" {
		return nil, fmt.Errorf("%q is a %s and takes no value", controlLabel(sp.control), kind)
	}
	out := obj{"type": kind}
	if zone := str(sp.element["timezone"]); kind == "timepicker" && zone != "" {
		out["timezone"] = zone
	}
	if !many(key) && len(given) > 1 {
		return nil, fmt.Errorf("%q takes one value", controlLabel(sp.control))
	}
	all := []any{}
	for _, g := range given {
		one, err := h.single(sp, key, g)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	switch {
	case many(key):
		if most, bounded := number(sp.element["max_selected_items"]); bounded && float64(len(all)) > most {
			return nil, fmt.Errorf("%q takes at most %v", controlLabel(sp.control), most)
		}
		out[key] = all
	case len(all) == 0:
		out[key] = nil
	default:
		out[key] = all[0]
	}
	return out, nil
}

func (h *Human) single(sp spot, key, given string) (any, error) {
	switch key {
	case "selected_option", "selected_options":
		return h.choose(sp, given)
	case "selected_user", "selected_users":
		h.s.mu.Lock()
		defer h.s.mu.Unlock()
		if u := h.w.userFor(h.w.userID(given)); u != nil {
			return u.ID, nil
		}
		return nil, fmt.Errorf("there is no person %q", given)
	case "selected_channel", "selected_channels", "selected_conversation", "selected_conversations":
		h.s.mu.Lock()
		defer h.s.mu.Unlock()
		ch, err := h.place(given)
		if err != nil {
			return nil, err
		}
		return ch.ID, nil
	case "selected_date":
		if !dateForm.MatchString(given) {
			return nil, fmt.Errorf("a date is YYYY-MM-DD, not %q", given)
		}
	case "selected_time":
		if !timeForm.MatchString(given) {
			return nil, fmt.Errorf("a time is HH:MM, not %q", given)
		}
	case "selected_date_time":
		if at, err := time.Parse(time.RFC3339, given); err == nil {
			return at.Unix(), nil
		}
		n, err := strconv.ParseInt(given, 10, 64)
		return n, err
	case "rich_text_value":
		return obj{"type": "rich_text", "elements": []any{obj{"type": "rich_text_section",
			"elements": []any{obj{"type": "text", "text": given}}}}}, nil
	case "files":
		h.s.mu.Lock()
		defer h.s.mu.Unlock()
		return h.attach(given), nil
	case "value":
		if given == "" {
			return nil, nil // an emptied input sends null
		}
	}
	return given, nil
}

// attach uploads a small file of the person's own; the argument is its name.
func (h *Human) attach(name string) obj {
	u := &upload{id: h.s.newID("F"), name: name, bytes: []byte("content of " + name), done: true, by: h.u.ID, at: time.Now()}
	h.s.uploads[u.id] = u
	return h.s.fileJSON(u)
}

func (h *Human) choose(sp spot, given string) (any, error) {
	options := optionsOf(sp.element)
	if strings.HasSuffix(sp.kind(), "external_select") {
		found, err := h.suggest(sp, given)
		if err != nil {
			return nil, err
		}
		options = found
	}
	var labels []string
	for _, loose := range []bool{false, true} {
		for _, o := range options {
			label := plain.Replace(optionLabel(o))
			labels = append(labels, label)
			if strings.EqualFold(label, given) || str(object(o)["value"]) == given ||
				loose && strings.Contains(strings.ToLower(label), strings.ToLower(given)) {
				return clone(o), nil
			}
		}
	}
	return nil, fmt.Errorf("%q offers no %q; there are: %s", controlLabel(sp.control), given, strings.Join(labels[:len(labels)/2], ", "))
}
