package slacktest

import (
	"strings"
	"time"
)

// blocks reads blocks line by line: [Button], (Menu ▾ chosen), Label: value, and ! error below.
func (r reader) blocks(blocks []any, state values, errs map[string]string) string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	for _, b := range blocks {
		o := object(b)
		switch str(o["type"]) {
		case "section":
			add(r.text(o["text"]))
			for _, f := range list(o["fields"]) {
				add(r.text(f))
			}
		case "header", "alert":
			add(r.text(o["text"]))
		case "markdown":
			add(r.mrkdwn(str(o["text"])))
		case "context":
			var parts []string
			for _, e := range list(o["elements"]) {
				if s := r.text(e); s != "" {
					parts = append(parts, s)
				} else if alt := str(object(e)["alt_text"]); alt != "" {
					parts = append(parts, "("+alt+")")
				}
			}
			add(strings.Join(parts, " · "))
		case "divider":
			add("---")
		case "image":
			add(strings.TrimSpace(r.plainText(o["title"]) + " (image: " + str(o["alt_text"]) + ")"))
		case "rich_text":
			add(strings.TrimSpace(r.rich(list(o["elements"]))))
		case "table", "data_table":
			add(str(o["caption"]))
			for _, row := range list(o["rows"]) {
				add(r.row(list(row)))
			}
		case "data_visualization":
			add("(chart: " + str(o["title"]) + ")")
		case "container":
			add(r.plainText(o["title"]))
			add(r.blocks(list(o["child_blocks"]), state, errs))
		case "carousel":
			add(r.blocks(list(o["elements"]), state, errs))
		case "card":
			for _, k := range []string{"title", "subtitle", "body", "subtext"} {
				add(r.text(o[k]))
			}
		}
		add(r.controls(o, state))
		if e := errs[str(o["block_id"])]; e != "" {
			add("! " + e)
		}
	}
	return strings.Join(out, "\n")
}

func (r reader) row(cells []any) string {
	var out []string
	for _, c := range cells {
		o := object(c)
		if s := str(o["text"]); s != "" {
			out = append(out, s)
		} else {
			out = append(out, strings.TrimSpace(r.rich(list(o["elements"]))))
		}
	}
	return strings.Join(out, " | ")
}

// controls reads the interactive elements of one block.
func (r reader) controls(block obj, state values) string {
	var out []string
	for _, e := range elementsOf(block) {
		c := control{block: str(block["block_id"]), action: str(e["action_id"]), element: e, in: block}
		switch kind := c.kind(); {
		case kind == "image":
			out = append(out, "(image: "+str(e["alt_text"])+")")
		case kind == "button" || kind == "workflow_button":
			out = append(out, "["+controlLabel(c)+"]")
		case c.input():
			line := controlLabel(c) + ": " + r.value(c, state)
			if hint := r.plainText(block["hint"]); hint != "" {
				line += " (" + hint + ")"
			}
			out = append(out, line)
		case kind == "overflow":
			out = append(out, "[⋯ "+strings.Join(labels(e), " / ")+"]")
		default:
			text := controlLabel(c) + " ▾ " + r.value(c, state)
			out = append(out, "("+strings.TrimSpace(text)+")")
		}
	}
	return strings.Join(out, " ")
}

func labels(e obj) []string {
	var out []string
	for _, o := range optionsOf(e) {
		out = append(out, optionLabel(o))
	}
	return out
}

// value reads what stands in a control.
func (r reader) value(c control, state values) string {
	v := state.get(c.block, c.action)
	if v == nil {
		v = initialValue(c.element)
	}
	return r.readValue(v[valueKey(c.kind())])
}

func (r reader) readValue(v any) string {
	switch v := v.(type) {
	case string:
		if u := r.w.userFor(v); u != nil {
			return "@" + r.person(v)
		}
		if c := r.w.channels[v]; c != nil {
			return "#" + c.Name
		}
		return v
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, r.readValue(x))
		}
		return strings.Join(out, ", ")
	case obj:
		if v["text"] != nil {
			return optionLabel(v)
		}
		if name := str(v["name"]); name != "" {
			return name
		}
		return strings.TrimSpace(r.rich(list(v["elements"])))
	}
	if n, ok := number(v); ok {
		return time.Unix(int64(n), 0).In(r.zone).Format("2006-01-02 15:04")
	}
	return ""
}

// rich reads rich text elements; text in them is literal.
func (r reader) rich(elements []any) string {
	out := ""
	for i, e := range elements {
		o := object(e)
		switch str(o["type"]) {
		case "text":
			out += str(o["text"])
		case "user":
			out += "@" + r.person(str(o["user_id"]))
		case "channel":
			out += r.resolve("#" + str(o["channel_id"]))
		case "usergroup":
			out += r.resolve("!subteam^" + str(o["usergroup_id"]))
		case "broadcast":
			out += "@" + str(o["range"])
		case "emoji":
			out += ":" + str(o["name"]) + ":"
		case "link":
			if s := str(o["text"]); s != "" {
				out += s
			} else {
				out += str(o["url"])
			}
		case "date":
			n, _ := number(o["timestamp"])
			out += r.moment(time.Unix(int64(n), 0).In(r.zone), str(o["format"]))
		case "rich_text_list":
			for _, item := range list(o["elements"]) {
				out += "• " + r.rich(list(object(item)["elements"])) + "\n"
			}
		default:
			out += r.rich(list(o["elements"]))
			if i < len(elements)-1 {
				out += "\n"
			}
		}
	}
	return out
}
