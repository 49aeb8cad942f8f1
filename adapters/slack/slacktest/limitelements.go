package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

var (
	dateForm = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	timeForm = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
)

// inputOnly are elements that live in input blocks alone.
var inputOnly = []string{"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input", "rich_text_input"}

// notInput are elements an input block cannot hold.
var notInput = []string{"button", "overflow", "image", "workflow_button", "feedback_buttons", "icon_button"}

// element checks one interactive element.
func (k *checker) element(e obj, at string, input bool) {
	kind := str(e["type"])
	if e == nil || input && slices.Contains(notInput, kind) || !input && slices.Contains(inputOnly, kind) {
		k.say(at+"/type", "unsupported type: %s", kind)
		return
	}
	k.length(e["action_id"], at+"/action_id", 1, 255)
	k.optional(e["placeholder"], at+"/placeholder", 150, plainOnly)
	if e["confirm"] != nil {
		k.confirm(object(e["confirm"]), at+"/confirm")
	}
	if truth(e["focus_on_load"]) {
		k.focus++
	}
	if n, given := number(e["max_selected_items"]); given && n < 1 {
		k.say(at+"/max_selected_items", "must be greater than 0")
	}
	switch kind {
	case "button":
		k.text(e["text"], at+"/text", 75, plainOnly)
		k.length(e["value"], at+"/value", 1, 2000)
		k.length(e["accessibility_label"], at+"/accessibility_label", 1, 75)
		k.link(e["url"], at+"/url")
	case "static_select", "multi_static_select":
		k.menu(e, at, 1, 100)
		k.initial(e, at)
	case "external_select", "multi_external_select":
		if n, given := number(e["min_query_length"]); given && n < 0 {
			k.say(at+"/min_query_length", "must be 0 or more")
		}
		for i, o := range initials(e) {
			k.option(o, pointer(at+"/initial_options", i), 75, true)
		}
	case "overflow":
		k.options(list(e["options"]), at+"/options", 1, 5)
	case "checkboxes", "radio_buttons":
		k.options(list(e["options"]), at+"/options", 1, 10)
		k.initial(e, at)
	case "datepicker":
		k.form(e["initial_date"], at+"/initial_date", dateForm)
	case "timepicker":
		k.form(e["initial_time"], at+"/initial_time", timeForm)
	case "datetimepicker":
		if n, given := number(e["initial_date_time"]); given && (n < 1e9 || n >= 1e10) {
			k.say(at+"/initial_date_time", "must be a timestamp of 10 digits")
		}
	case "plain_text_input":
		k.plainInput(e, at)
	case "number_input":
		if e["is_decimal_allowed"] == nil {
			k.say(at, "missing required field: is_decimal_allowed")
		}
	case "file_input":
		if k.on != onModal {
			k.say(at+"/type", "unsupported type: file_input")
		}
		if n, given := number(e["max_files"]); given && (n < 1 || n > 10) {
			k.say(at+"/max_files", "must be between 1 and 10")
		}
	}
}

func (k *checker) plainInput(e obj, at string) {
	k.length(e["initial_value"], at+"/initial_value", 0, 3000)
	least, _ := number(e["min_length"])
	most, bounded := number(e["max_length"])
	if least < 0 || least > 3000 {
		k.say(at+"/min_length", "must be between 0 and 3000")
	}
	if bounded && (most < 1 || most > 3000 || most < least) {
		k.say(at+"/max_length", "must be between 1 and 3000 and not below min_length")
	}
	if bounded && float64(runes(str(e["initial_value"]))) > most {
		k.say(at+"/initial_value", "must be less than %d characters", int(most)+1)
	}
}

func (k *checker) form(v any, at string, want *regexp.Regexp) {
	if s, given := v.(string); given && !want.MatchString(s) {
		k.say(at, "must match %s", want)
	}
}

func (k *checker) confirm(c obj, at string) {
	for _, field := range []string{"title", "text", "confirm", "deny"} {
		if c[field] == nil {
			k.say(at, "missing required field: %s", field)
		}
	}
	k.optional(c["title"], at+"/title", 100, plainOnly)
	k.optional(c["text"], at+"/text", 300, anyText)
	k.optional(c["confirm"], at+"/confirm", 30, plainOnly)
	k.optional(c["deny"], at+"/deny", 30, plainOnly)
}

// menu checks options or option_groups: one of the two.
func (k *checker) menu(e obj, at string, least, most int) {
	groups := list(e["option_groups"])
	switch {
	case e["options"] != nil && e["option_groups"] != nil:
		k.say(at, "must define only one of `options` and `option_groups`")
	case e["option_groups"] != nil:
		k.count(len(groups), at+"/option_groups", least, most)
		for i, g := range groups {
			here := pointer(at+"/option_groups", i)
			k.text(object(g)["label"], here+"/label", 75, plainOnly)
			k.options(list(object(g)["options"]), here+"/options", 1, 100)
		}
	case e["options"] != nil:
		k.options(list(e["options"]), at+"/options", least, most)
	default:
		k.say(at, "must define either `options` or `option_groups`")
	}
}

func (k *checker) options(all []any, at string, least, most int) {
	k.count(len(all), at, least, most)
	seen := map[string]bool{}
	for i, o := range all {
		k.option(o, pointer(at, i), 75, true)
		if v := str(object(o)["value"]); v != "" && seen[v] {
			k.say(pointer(at, i)+"/value", "value %q already exists", v)
		} else {
			seen[v] = true
		}
	}
}

func (k *checker) option(v any, at string, long int, needsValue bool) {
	o := object(v)
	if o == nil {
		k.say(at, "must be a valid object")
		return
	}
	k.text(o["text"], at+"/text", long, anyText)
	if o["value"] == nil && needsValue {
		k.say(at, "missing required field: value")
	}
	k.length(o["value"], at+"/value", 1, 150)
	k.optional(o["description"], at+"/description", 75, anyText)
	k.link(o["url"], at+"/url")
}

// initial checks that a preselected option equals an option exactly.
func (k *checker) initial(e obj, at string) {
	have := optionsOf(e)
	for _, one := range initials(e) {
		if !slices.ContainsFunc(have, func(o any) bool { return equalJSON(o, one) }) {
			k.say(at, "initial option %q is not among the options", str(object(one)["value"]))
		}
	}
	if e["initial_options"] != nil && len(list(e["initial_options"])) == 0 {
		k.say(at+"/initial_options", "no less than 1 items allowed")
	}
}

func initials(e obj) []any {
	if one := e["initial_option"]; one != nil {
		return []any{one}
	}
	return list(e["initial_options"])
}

func optionsOf(e obj) []any {
	out := slices.Clone(list(e["options"]))
	for _, g := range list(e["option_groups"]) {
		out = append(out, list(object(g)["options"])...)
	}
	return out
}

func optionLabel(o any) string { return strings.TrimSpace(str(object(object(o)["text"])["text"])) }
