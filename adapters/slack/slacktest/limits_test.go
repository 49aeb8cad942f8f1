package slacktest

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func long(n int) string { return strings.Repeat("é", n) }

func repeat(n int, f func(i int) any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

func option(i int) any {
	return obj{"text": text("o"), "value": "v" + base36(int64(i+1))}
}

func sel(extra obj) obj {
	e := obj{"type": "static_select", "action_id": "a", "options": []any{option(1)}}
	for k, v := range extra {
		e[k] = v
	}
	return e
}

// at returns the first block list that breaks a limit and the one just inside it.
var limitCases = []struct {
	name      string
	on        surface
	good, bad []any
	want      string
}{
	{"blocks per message", onMessage, repeat(50, func(int) any { return section("x") }), repeat(51, func(int) any { return section("x") }), "no more than 50 items allowed [json-pointer:/blocks]"},
	{"blocks per modal", onModal, repeat(100, func(int) any { return section("x") }), repeat(101, func(int) any { return section("x") }), "no more than 100 items"},
	{"no block at all", onHome, []any{section("x")}, []any{}, "no less than 1"},
	{"section text", onMessage, []any{section(long(3000))}, []any{section(long(3001))}, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
	{"empty text", onMessage, []any{section("x")}, []any{section("")}, "must be more than 0 characters"},
	{"section without anything", onMessage, []any{section("x")}, []any{obj{"type": "section"}}, "must define either `text` or `fields`"},
	{"field text", onMessage, []any{obj{"type": "section", "fields": []any{mrkdwn(long(2000))}}}, []any{obj{"type": "section", "fields": []any{mrkdwn(long(2001))}}}, "2001 characters [json-pointer:/blocks/0/fields/0/text]"},
	{"fields", onMessage, []any{obj{"type": "section", "fields": repeat(10, func(int) any { return mrkdwn("x") })}}, []any{obj{"type": "section", "fields": repeat(11, func(int) any { return mrkdwn("x") })}}, "no more than 10"},
	{"header", onMessage, []any{obj{"type": "header", "text": text(long(150))}}, []any{obj{"type": "header", "text": text(long(151))}}, "must be less than 151"},
	{"header is plain", onMessage, []any{obj{"type": "header", "text": text("x")}}, []any{obj{"type": "header", "text": mrkdwn("x")}}, "enum value"},
	{"context elements", onMessage, []any{obj{"type": "context", "elements": repeat(10, func(int) any { return mrkdwn("x") })}}, []any{obj{"type": "context", "elements": repeat(11, func(int) any { return mrkdwn("x") })}}, "no more than 10"},
	{"empty context", onMessage, []any{section("x")}, []any{obj{"type": "context", "elements": []any{}}}, "no less than 1"},
	{"actions elements", onMessage, []any{actions(repeat(25, func(i int) any { return button("x", "a"+base36(int64(i+1))) })...)}, []any{actions(repeat(26, func(i int) any { return button("x", "a"+base36(int64(i+1))) })...)}, "no more than 25 items"},
	{"button text", onMessage, []any{actions(button(long(75), "a"))}, []any{actions(button(long(76), "a"))}, "must be less than 76"},
	{"button value", onMessage, []any{actions(button("x", "a"))}, []any{actions(obj{"type": "button", "text": text("x"), "value": long(2001)})}, "must be less than 2001"},
	{"button url", onMessage, []any{actions(obj{"type": "button", "text": text("x"), "url": "https://acme.example/"})}, []any{actions(obj{"type": "button", "text": text("x"), "url": "acme"})}, "invalid url"},
	{"button style", onMessage, []any{actions(obj{"type": "button", "text": text("x"), "style": "danger"})}, []any{actions(obj{"type": "button", "text": text("x"), "style": "blue"})}, "enum value"},
	{"action_id length", onMessage, []any{actions(button("x", long(255)))}, []any{actions(button("x", long(256)))}, "must be less than 256"},
	{"action_id twice in a block", onMessage, []any{actions(button("x", "a"), button("y", "b"))}, []any{actions(button("x", "a"), button("y", "a"))}, "already exists"},
	{"block_id twice", onMessage, []any{obj{"type": "divider", "block_id": "a"}, obj{"type": "divider", "block_id": "b"}}, []any{obj{"type": "divider", "block_id": "a"}, obj{"type": "divider", "block_id": "a"}}, "already exists"},
	{"block_id length", onMessage, []any{obj{"type": "divider", "block_id": long(255)}}, []any{obj{"type": "divider", "block_id": long(256)}}, "must be less than 256"},
	{"option count", onMessage, []any{actions(sel(obj{"options": repeat(100, option)}))}, []any{actions(sel(obj{"options": repeat(101, option)}))}, "no more than 100"},
	{"no options", onMessage, []any{actions(sel(nil))}, []any{actions(sel(obj{"options": []any{}}))}, "no less than 1"},
	{"option text", onMessage, []any{actions(sel(nil))}, []any{actions(sel(obj{"options": []any{obj{"text": text(long(76)), "value": "v"}}}))}, "must be less than 76"},
	{"option value", onMessage, []any{actions(sel(nil))}, []any{actions(sel(obj{"options": []any{obj{"text": text("x"), "value": long(151)}}}))}, "must be less than 151"},
	{"empty option value", onMessage, []any{actions(sel(nil))}, []any{actions(sel(obj{"options": []any{obj{"text": text("x"), "value": ""}}}))}, "must be more than 0"},
	{"option description", onMessage, []any{actions(sel(nil))}, []any{actions(sel(obj{"options": []any{obj{"text": text("x"), "value": "v", "description": text(long(76))}}}))}, "must be less than 76"},
	{"placeholder", onMessage, []any{actions(sel(obj{"placeholder": text(long(150))}))}, []any{actions(sel(obj{"placeholder": text(long(151))}))}, "must be less than 151"},
	{"initial option", onMessage, []any{actions(sel(obj{"initial_option": option(1)}))}, []any{actions(sel(obj{"initial_option": option(2)}))}, "not among the options"},
	{"group label", onMessage, []any{actions(sel(nil))}, []any{actions(obj{"type": "static_select", "option_groups": []any{obj{"label": text(long(76)), "options": []any{option(1)}}}})}, "must be less than 76"},
	{"options and groups", onMessage, []any{actions(sel(nil))}, []any{actions(sel(obj{"option_groups": []any{obj{"label": text("g"), "options": []any{option(1)}}}}))}, "only one of"},
	{"overflow", onMessage, []any{actions(obj{"type": "overflow", "options": repeat(5, option)})}, []any{actions(obj{"type": "overflow", "options": repeat(6, option)})}, "no more than 5"},
	{"checkboxes", onMessage, []any{actions(obj{"type": "checkboxes", "options": repeat(10, option)})}, []any{actions(obj{"type": "checkboxes", "options": repeat(11, option)})}, "no more than 10"},
	{"radio buttons", onMessage, []any{actions(obj{"type": "radio_buttons", "options": repeat(10, option)})}, []any{actions(obj{"type": "radio_buttons", "options": repeat(11, option)})}, "no more than 10"},
	{"confirm title", onMessage, []any{actions(confirmed(100, 300, 30))}, []any{actions(confirmed(101, 300, 30))}, "must be less than 101"},
	{"confirm text", onMessage, []any{actions(confirmed(100, 300, 30))}, []any{actions(confirmed(100, 301, 30))}, "must be less than 301"},
	{"confirm buttons", onMessage, []any{actions(confirmed(100, 300, 30))}, []any{actions(confirmed(100, 300, 31))}, "must be less than 31"},
	{"confirm without deny", onMessage, []any{actions(confirmed(1, 1, 1))}, []any{actions(obj{"type": "button", "text": text("x"), "confirm": obj{"title": text("x"), "text": text("x"), "confirm": text("x")}})}, "missing required field: deny"},
	{"input label", onModal, []any{input("a", long(2000), plainInput(nil))}, []any{input("a", long(2001), plainInput(nil))}, "must be less than 2001"},
	{"plain text initial", onModal, []any{input("a", "x", plainInput(obj{"initial_value": long(3000)}))}, []any{input("a", "x", plainInput(obj{"initial_value": long(3001)}))}, "must be less than 3001"},
	{"plain text max_length", onModal, []any{input("a", "x", plainInput(obj{"max_length": 3000}))}, []any{input("a", "x", plainInput(obj{"max_length": 3001}))}, "between 1 and 3000"},
	{"text input outside an input block", onModal, []any{input("a", "x", plainInput(nil))}, []any{actions(plainInput(nil))}, "unsupported type"},
	{"button in an input block", onModal, []any{input("a", "x", plainInput(nil))}, []any{input("a", "x", button("x", "b"))}, "unsupported type"},
	{"number input", onModal, []any{input("a", "x", obj{"type": "number_input", "is_decimal_allowed": false})}, []any{input("a", "x", obj{"type": "number_input"})}, "missing required field: is_decimal_allowed"},
	{"file input files", onModal, []any{input("a", "x", obj{"type": "file_input", "max_files": 10})}, []any{input("a", "x", obj{"type": "file_input", "max_files": 11})}, "between 1 and 10"},
	{"date", onModal, []any{input("a", "x", obj{"type": "datepicker", "initial_date": "2026-02-28"})}, []any{input("a", "x", obj{"type": "datepicker", "initial_date": "28.2.2026"})}, "must match"},
	{"time", onModal, []any{input("a", "x", obj{"type": "timepicker", "initial_time": "23:59"})}, []any{input("a", "x", obj{"type": "timepicker", "initial_time": "24:00"})}, "must match"},
	{"moment in milliseconds", onModal, []any{input("a", "x", obj{"type": "datetimepicker", "initial_date_time": 1700000000})}, []any{input("a", "x", obj{"type": "datetimepicker", "initial_date_time": 1700000000000})}, "10 digits"},
	{"two fields in focus", onModal, []any{input("a", "x", plainInput(obj{"focus_on_load": true}))}, []any{input("a", "x", plainInput(obj{"focus_on_load": true})), input("b", "x", plainInput(obj{"focus_on_load": true}))}, "only one element"},
	{"image without alt text", onMessage, []any{obj{"type": "image", "image_url": "https://acme.example/a.png", "alt_text": "a"}}, []any{obj{"type": "image", "image_url": "https://acme.example/a.png"}}, "alt_text"},
	{"image url", onMessage, []any{obj{"type": "image", "image_url": "https://acme.example/" + strings.Repeat("a", 2979), "alt_text": "a"}}, []any{obj{"type": "image", "image_url": "https://acme.example/" + strings.Repeat("a", 2980), "alt_text": "a"}}, "must be less than 3001"},
	{"markdown sum", onMessage, []any{obj{"type": "markdown", "text": long(12000)}}, []any{obj{"type": "markdown", "text": long(7000)}, obj{"type": "markdown", "text": long(7000)}}, "12001 characters in all"},
	{"markdown in a modal", onModal, []any{section("x")}, []any{obj{"type": "markdown", "text": "x"}}, "unsupported type: markdown"},
	{"table rows", onMessage, []any{table(100, 20)}, []any{table(101, 1)}, "no more than 100"},
	{"table columns", onMessage, []any{table(1, 20)}, []any{table(1, 21)}, "no more than 20"},
	{"empty table cell", onMessage, []any{table(1, 1)}, []any{obj{"type": "table", "rows": []any{[]any{obj{"type": "raw_text", "text": ""}}}}}, "must be more than 0"},
	{"empty rich text", onMessage, []any{rich("x")}, []any{rich("")}, "must be more than 0"},
	{"unknown block", onMessage, []any{section("x")}, []any{obj{"type": "sectoin"}}, "unsupported type: sectoin"},
	{"unknown field", onMessage, []any{section("x")}, []any{obj{"type": "section", "text": text("x"), "colour": "red"}}, "invalid additional property: colour"},
	{"missing field", onMessage, []any{section("x")}, []any{obj{"type": "header"}}, "missing required field: text [json-pointer:/blocks/0]"},
	{"emoji in mrkdwn", onMessage, []any{section("x")}, []any{obj{"type": "section", "text": obj{"type": "mrkdwn", "text": "x", "emoji": true}}}, "emoji"},
	{"string for a text object", onMessage, []any{section("x")}, []any{obj{"type": "section", "text": "x"}}, "/blocks/0/text]"},
	{"alert outside a modal", onModal, []any{obj{"type": "alert", "text": text("x")}}, nil, ""},
}

func confirmed(title, body, label int) obj {
	return obj{"type": "button", "text": text("x"), "confirm": obj{"title": text(long(title)), "text": text(long(body)), "confirm": text(long(label)), "deny": text(long(label))}}
}

func plainInput(extra obj) obj {
	e := obj{"type": "plain_text_input", "action_id": "t"}
	for k, v := range extra {
		e[k] = v
	}
	return e
}

func table(rows, columns int) obj {
	return obj{"type": "table", "rows": repeat(rows, func(int) any {
		return repeat(columns, func(int) any { return obj{"type": "raw_text", "text": "x"} })
	})}
}

func rich(s string) obj {
	return obj{"type": "rich_text", "elements": []any{obj{"type": "rich_text_section", "elements": []any{obj{"type": "text", "text": s}}}}}
}

func TestEveryLimitHasTwoSides(t *testing.T) {
	t.Parallel()
	for _, c := range limitCases {
		if wrong := checkBlocks(clone(c.good), c.on, "/blocks"); len(wrong) > 0 {
			t.Errorf("%s: refused what Slack takes: %v", c.name, wrong)
		}
		if c.bad == nil {
			continue
		}
		if wrong := strings.Join(checkBlocks(clone(c.bad), c.on, "/blocks"), "; "); !strings.Contains(wrong, c.want) {
			t.Errorf("%s: %q, want %q", c.name, wrong, c.want)
		}
	}
}

func TestViewLimits(t *testing.T) {
	t.Parallel()
	change := func(f func(v obj)) obj {
		v := modal("x", input("a", "x", plainInput(nil)))
		f(v)
		return clone(v)
	}
	for want, v := range map[string]obj{
		"": change(func(v obj) { v["title"] = text(long(24)); v["private_metadata"] = long(3000) }),
		"25 characters [json-pointer:/view/title/text]": change(func(v obj) { v["title"] = text(long(25)) }),
		"json-pointer:/view/submit/text":                change(func(v obj) { v["submit"] = text(long(25)) }),
		"json-pointer:/view/close/text":                 change(func(v obj) { v["close"] = text("") }),
		"must be less than 3001":                        change(func(v obj) { v["private_metadata"] = long(3001) }),
		"json-pointer:/view/callback_id":                change(func(v obj) { v["callback_id"] = long(256) }),
		"json-pointer:/view/external_id":                change(func(v obj) { v["external_id"] = long(256) }),
		"must define `submit`":                          change(func(v obj) { delete(v, "submit") }),
		"missing required field: title":                 change(func(v obj) { delete(v, "title") }),
		"must be modal":                                 change(func(v obj) { v["type"] = "home" }),
		"additional property: colour":                   change(func(v obj) { v["colour"] = "red" }),
		"configuration modals":                          change(func(v obj) { v["submit_disabled"] = true }),
	} {
		got := strings.Join(checkViewJSON(v, "modal"), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestPublishedExamples takes what Slack's documentation and SDKs publish as good payloads.
func TestPublishedExamples(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/published.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		var one struct {
			Method, Source string
			Payload        obj
		}
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		var wrong []string
		switch one.Method {
		case "views.open", "views.update", "views.push":
			wrong = checkViewJSON(object(one.Payload["view"]), "modal")
		case "views.publish":
			wrong = checkViewJSON(object(one.Payload["view"]), "home")
		default:
			wrong = checkBlocks(list(one.Payload["blocks"]), onMessage, "/blocks")
		}
		if len(wrong) > 0 {
			t.Errorf("%s: %v", one.Source, wrong)
		}
	}
	if n < 40 {
		t.Errorf("only %d examples", n)
	}
}

func BenchmarkCheckMessage(b *testing.B) {
	blocks := clone([]any{section("x"), actions(button("a", "x"), button("b", "y"), sel(nil)), obj{"type": "context", "elements": []any{mrkdwn("x")}}})
	for b.Loop() {
		if len(checkBlocks(blocks, onMessage, "/blocks")) > 0 {
			b.Fatal("refused")
		}
	}
}
