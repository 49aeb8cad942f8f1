package slackdrive

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

type object = map[string]any

// lines writes blocks as scripts read them: no markup, buttons as [Label], menus as
// <Label: one | two>, rows with bars.
func lines(title string, blocks any) string {
	var out []string
	if title != "" {
		out = append(out, title)
	}
	list, _ := blocks.([]any)
	for _, b := range list {
		if s := block(b.(object)); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}

func block(b object) string {
	switch b["type"] {
	case "header", "section":
		var out []string
		if t, ok := b["text"].(object); ok {
			out = append(out, text(t))
		}
		fields, _ := b["fields"].([]any)
		for _, f := range fields {
			out = append(out, strings.Replace(text(f.(object)), "\n", ": ", 1))
		}
		return strings.Join(out, "\n")
	case "context":
		return join(b["elements"], " ", text)
	case "actions":
		return join(b["elements"], " ", control)
	case "image":
		return fmt.Sprint(b["alt_text"])
	case "rich_text":
		return join(b["elements"], "\n", rich)
	case "table":
		return join(b["rows"], "\n", nil)
	}
	return ""
}

func join(list any, by string, f func(object) string) string {
	items, _ := list.([]any)
	var out []string
	for _, x := range items {
		switch x := x.(type) {
		case []any: // a table's row
			out = append(out, join(x, " | ", cell))
		case object:
			out = append(out, f(x))
		}
	}
	return strings.Join(out, by)
}

func cell(c object) string {
	if c["type"] == "rich_text" {
		return block(c)
	}
	s := fmt.Sprint(c["text"])
	if s == "–" {
		return ""
	}
	return s
}

func control(c object) string {
	switch c["type"] {
	case "button":
		return "[" + text(c["text"].(object)) + "]"
	case "static_select":
		return "<" + text(c["placeholder"].(object)) + ": " + join(c["options"], " | ", func(o object) string { return text(o["text"].(object)) }) + ">"
	}
	return ""
}

func rich(e object) string {
	switch e["type"] {
	case "rich_text_list":
		return join(e["elements"], "\n", func(i object) string { return "• " + join(i["elements"], "", rich) })
	case "rich_text_section":
		return join(e["elements"], "", rich)
	case "date":
		stamp, _ := e["timestamp"].(float64)
		return moment(int64(stamp), fmt.Sprint(e["format"]))
	case "link":
		if t, ok := e["text"].(string); ok {
			return t
		}
		return fmt.Sprint(e["url"])
	case "user":
		return "@" + fmt.Sprint(e["user_id"])
	case "channel":
		return "#" + fmt.Sprint(e["channel_id"])
	}
	return fmt.Sprint(e["text"])
}

var (
	dates = regexp.MustCompile(`<!date\^(\d+)\^([^|]*)\|[^>]*>`)
	links = regexp.MustCompile(`<([^|>]+)\|([^>]*)>`)
	signs = regexp.MustCompile("(^|[^\\w])[*_`]([^*_`\n]+)[*_`]")
)

// text is a text object without its markup.
func text(t object) string {
	s := fmt.Sprint(t["text"])
	if t["type"] != "mrkdwn" {
		return s
	}
	s = dates.ReplaceAllStringFunc(s, func(m string) string {
		f := dates.FindStringSubmatch(m)
		n, _ := strconv.ParseInt(f[1], 10, 64)
		return moment(n, f[2])
	})
	s = links.ReplaceAllString(s, "$2")
	s = signs.ReplaceAllString(s, "$1$2")
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// moment is an instant in UTC, as scripts write it.
func moment(unix int64, format string) string {
	at := time.Unix(unix, 0).UTC()
	if !strings.Contains(format, "time") && !strings.Contains(format, "ago") {
		return at.Format("2 Jan 2006")
	}
	return at.Format("2 Jan 2006 15:04 UTC")
}
