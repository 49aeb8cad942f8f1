package slacktest

// values is what a person has put into a surface: block id → action id → Slack's state value.
type values map[string]map[string]obj

func (v values) get(block, action string) obj { return v[block][action] }

func (v *values) set(block, action string, value obj) {
	if *v == nil {
		*v = values{}
	}
	if (*v)[block] == nil {
		(*v)[block] = map[string]obj{}
	}
	(*v)[block][action] = value
}

// keep carries values over an update: they survive only where block id and action id stay.
func (v values) keep(blocks []any) values {
	out := values{}
	for _, c := range controlsOf(blocks) {
		if kept := v.get(c.block, c.action); kept != nil {
			out.set(c.block, c.action, kept)
		}
	}
	return out
}

// state is state.values as payloads carry it: every stateful element, filled in or not.
func (v values) state(blocks []any) obj {
	out := obj{}
	for _, c := range controlsOf(blocks) {
		value := v.get(c.block, c.action)
		if value == nil {
			value = initialValue(c.element)
		}
		if value == nil {
			continue
		}
		inner := object(out[c.block])
		if inner == nil {
			inner = obj{}
			out[c.block] = inner
		}
		inner[c.action] = clone(value)
	}
	return out
}

// valueKey names the field that carries an element's value; "" for elements without state.
func valueKey(kind string) string {
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value"
	case "rich_text_input":
		return "rich_text_value"
	case "static_select", "external_select", "radio_buttons":
		return "selected_option"
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options"
	case "users_select":
		return "selected_user"
	case "multi_users_select":
		return "selected_users"
	case "conversations_select":
		return "selected_conversation"
	case "multi_conversations_select":
		return "selected_conversations"
	case "channels_select":
		return "selected_channel"
	case "multi_channels_select":
		return "selected_channels"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	case "file_input":
		return "files"
	}
	return ""
}

// initialKeys are the fields an element's first value comes from.
var initialKeys = map[string]string{
	"value": "initial_value", "rich_text_value": "initial_value", "selected_option": "initial_option",
	"selected_options": "initial_options", "selected_user": "initial_user", "selected_users": "initial_users",
	"selected_conversation": "initial_conversation", "selected_conversations": "initial_conversations",
	"selected_channel": "initial_channel", "selected_channels": "initial_channels", "selected_date": "initial_date",
	"selected_time": "initial_time", "selected_date_time": "initial_date_time",
}

func many(key string) bool {
	switch key {
	case "selected_options", "selected_users", "selected_conversations", "selected_channels", "files":
		return true
	}
	return false
}

// initialValue is the state of an element nobody has touched; empty is null, or [] for lists.
func initialValue(element obj) obj {
	kind := str(element["type"])
	key := valueKey(kind)
	if key == "" {
		return nil
	}
	out := obj{"type": kind, key: element[initialKeys[key]]}
	if out[key] == nil && many(key) {
		out[key] = []any{}
	}
	if zone := str(element["timezone"]); kind == "timepicker" && zone != "" {
		out["timezone"] = zone
	}
	return out
}

// control is one interactive element and where it sits.
type control struct {
	block, action string
	element       obj
	in            obj // the block
}

func (c control) kind() string { return str(c.element["type"]) }
func (c control) input() bool  { return str(c.in["type"]) == "input" }

// dispatches tells whether using the control sends block_actions at once.
func (c control) dispatches() bool { return !c.input() || truth(c.in["dispatch_action"]) }

// controlsOf lists the interactive elements of a surface, top to bottom.
func controlsOf(blocks []any) []control {
	var out []control
	for _, b := range blocks {
		block := object(b)
		for _, e := range elementsOf(block) {
			if _, interactive := e["action_id"]; interactive {
				out = append(out, control{block: str(block["block_id"]), action: str(e["action_id"]), element: e, in: block})
			}
		}
		for _, key := range []string{"child_blocks", "elements"} {
			if kind := str(block["type"]); kind == "container" || kind == "carousel" {
				out = append(out, controlsOf(list(block[key]))...)
			}
		}
	}
	return out
}

func elementsOf(block obj) []obj {
	var out []obj
	for _, key := range []string{"accessory", "element"} {
		if e := object(block[key]); e != nil {
			out = append(out, e)
		}
	}
	var more []any
	switch str(block["type"]) {
	case "actions", "context_actions":
		more = list(block["elements"])
	case "card":
		more = list(block["actions"])
	}
	for _, e := range more {
		if e := object(e); e != nil {
			out = append(out, e)
		}
	}
	return out
}

// named gives blocks and elements the ids Slack makes up where the app gave none.
func named(blocks []any) []any {
	taken := map[string]bool{}
	for _, b := range blocks {
		taken[str(object(b)["block_id"])] = true
	}
	next := 0
	fresh := func() string {
		for {
			next++
			if id := "b" + base36(int64(next)+1295); !taken[id] {
				return id
			}
		}
	}
	var name func(blocks []any)
	name = func(blocks []any) {
		for _, b := range blocks {
			block := object(b)
			if block == nil {
				continue
			}
			if str(block["block_id"]) == "" {
				block["block_id"] = fresh()
			}
			for _, e := range elementsOf(block) {
				if kind := str(e["type"]); kind != "image" && kind != "workflow_button" && str(e["action_id"]) == "" {
					e["action_id"] = fresh()
				}
			}
			if kind := str(block["type"]); kind == "container" || kind == "carousel" {
				name(list(block["child_blocks"]))
				name(list(block["elements"]))
			}
		}
	}
	name(blocks)
	return blocks
}
