package bottest

import (
	"fmt"
	"strings"
	"time"

	"rapport/bot"
)

// Show writes a message as plain lines, the way every Driver must.
func Show(m bot.Message) string {
	var b strings.Builder
	line := func(s string) {
		if s != "" {
			b.WriteString(s)
			b.WriteByte('\n')
		}
	}
	if len(m.Blocks) == 0 {
		line(Plain(m.Text))
	}
	for _, blk := range m.Blocks {
		switch blk := blk.(type) {
		case bot.Heading:
			line(Plain(blk.Text))
		case bot.Para:
			line(Plain(blk.Text))
		case bot.Note:
			line(Plain(blk.Text))
		case bot.Facts:
			for _, f := range blk.Facts {
				line(Plain(f.Name) + ": " + Plain(f.Value))
			}
		case bot.List:
			for _, it := range blk.Items {
				line("• " + Plain(it))
			}
		case bot.Table:
			line(Plain(strings.Join(blk.Head, " | ")))
			for _, r := range blk.Rows {
				line(Plain(strings.Join(r, " | ")))
			}
		case bot.Chart:
			line(Plain(blk.Title))
			for _, x := range blk.Bars {
				line(fmt.Sprintf("%s: %g", x.Label, x.Value))
			}
		case bot.Image:
			line(blk.Alt)
		case bot.Buttons:
			var row []string
			for _, x := range blk.Buttons {
				row = append(row, "["+Plain(x.Label)+"]")
			}
			line(strings.Join(row, " "))
		case bot.Choices:
			var opts []string
			for _, o := range blk.Options {
				opts = append(opts, o.Label)
			}
			line("<" + Plain(blk.Label) + ": " + strings.Join(opts, " | ") + ">")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// ShowForm writes an open form as one line and its given values.
func ShowForm(f bot.Form) string {
	var parts []string
	for _, x := range f.Fields {
		s := Plain(x.Label)
		if x.Value != "" {
			s += "=" + Plain(x.Shown)
		}
		if x.Kind == bot.Choice {
			var opts []string
			for _, o := range x.Options {
				opts = append(opts, o.Label)
			}
			s += " (" + strings.Join(opts, " | ") + ")"
		}
		parts = append(parts, s)
	}
	return "{" + Plain(f.Title) + ": " + strings.Join(parts, ", ") + "}"
}

// Plain is text without marks; moments are written in UTC.
func Plain(s string) string {
	var b strings.Builder
	for _, sp := range bot.Spans(s) {
		switch sp.Kind {
		case bot.SpanMoment:
			b.WriteString(Said(sp.At, "", sp.Style))
		default:
			b.WriteString(sp.Text)
		}
	}
	return b.String()
}

// Said is a moment as scripts write it on every network: in UTC, and only the day
// where only the day is meant.
func Said(at time.Time, _ string, style bot.MomentStyle) string {
	if style == bot.DateOnly {
		return at.In(time.UTC).Format("2 Jan 2006")
	}
	return at.In(time.UTC).Format("2 Jan 2006 15:04 UTC")
}
