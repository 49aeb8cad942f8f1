package main

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
	"rapport/bot/bottest"
)

// slackLines writes blocks as scripts read them: no markup, names as Name: value,
// rows with bars, buttons as [Label], menus as <Label: one | two>.
func slackLines(w *slacktest.Workspace, blocks any) string {
	var out []string
	for _, b := range nodes(blocks) {
		if s := slackBlock(w, b); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}

func slackBlock(w *slacktest.Workspace, b node) string {
	text := func(n node) string { return slackText(w, n) }
	switch b["type"] {
	case "header", "section":
		var out []string
		if t := sub(b, "text"); t != nil {
			out = append(out, text(t))
		}
		for _, f := range nodes(b["fields"]) {
			out = append(out, strings.Replace(text(f), "\n", ": ", 1))
		}
		return strings.Join(out, "\n")
	case "context":
		return each(b["elements"], " ", text)
	case "actions":
		return each(b["elements"], " ", slackControl)
	case "image":
		return str(b["alt_text"])
	case "rich_text":
		return each(b["elements"], "\n", func(e node) string { return slackRich(w, e) })
	case "table":
		rows, _ := b["rows"].([]any)
		var out []string
		for _, r := range rows {
			out = append(out, each(r, " | ", func(c node) string {
				if c["type"] == "rich_text" {
					return slackBlock(w, c)
				}
				return str(c["text"])
			}))
		}
		return strings.Join(out, "\n")
	}
	return ""
}

func each(list any, by string, f func(node) string) string {
	var out []string
	for _, n := range nodes(list) {
		out = append(out, f(n))
	}
	return strings.Join(out, by)
}

func slackControl(c node) string {
	switch c["type"] {
	case "button":
		return "[" + str(sub(c, "text")["text"]) + "]"
	case "static_select":
		return "<" + str(sub(c, "placeholder")["text"]) + ": " + each(c["options"], " | ", func(o node) string { return str(sub(o, "text")["text"]) }) + ">"
	}
	return ""
}

func slackRich(w *slacktest.Workspace, e node) string {
	inner := func(by string) string { return each(e["elements"], by, func(n node) string { return slackRich(w, n) }) }
	switch e["type"] {
	case "rich_text_list":
		return each(e["elements"], "\n", func(n node) string { return "• " + slackRich(w, n) })
	case "rich_text_section", "rich_text_preformatted", "rich_text_quote":
		return inner("")
	case "date":
		stamp, _ := e["timestamp"].(float64)
		return slackMoment(int64(stamp), str(e["format"]))
	case "link":
		if t := str(e["text"]); t != "" {
			return t
		}
		return str(e["url"])
	case "user":
		return "@" + slackName(w, str(e["user_id"]))
	case "channel":
		return "#" + str(e["channel_id"])
	}
	return str(e["text"])
}

func slackName(w *slacktest.Workspace, id string) string {
	if h := w.Human(id); h != nil {
		return strings.ToUpper(h.Name()[:1]) + h.Name()[1:]
	}
	return id
}

var (
	slackAngle = regexp.MustCompile(`<([^<>\n]+)>`)
	slackSigns = regexp.MustCompile("(^|[^\\w*_`])([*_`])([^*_`\n]+)([*_`])")
)

// slackText is a text object without its markup.
func slackText(w *slacktest.Workspace, t node) string {
	s := str(t["text"])
	if t["type"] != "mrkdwn" {
		return s
	}
	s = slackSigns.ReplaceAllString(s, "$1$3")
	s = slackAngle.ReplaceAllStringFunc(s, func(m string) string {
		target, label, labelled := strings.Cut(m[1:len(m)-1], "|")
		switch {
		case strings.HasPrefix(target, "!date^"):
			f := strings.Split(target, "^")
			n, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil || len(f) < 3 {
				return label
			}
			return slackMoment(n, f[2])
		case strings.HasPrefix(target, "@"):
			return "@" + slackName(w, target[1:])
		case labelled:
			return label
		}
		return target
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

func slackMoment(unix int64, format string) string {
	style := bot.DateTime
	if !strings.Contains(format, "time") && !strings.Contains(format, "ago") {
		style = bot.DateOnly
	}
	return bottest.Said(time.Unix(unix, 0), "", style)
}
