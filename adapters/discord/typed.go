package discord

import (
	"regexp"
	"slices"
	"strings"

	"rapport/bot"
)

// typed is a command in the kernel's words as it is typed here. The kernel puts the
// product's own word in front, “/rapport member add @bob”; Discord knows groups and
// verbs, and options by name: “/member add member:@bob”. Short names that were not
// free are the command they stand for. Anything else stays as it is.
func (c *catalog) typed(line string) string {
	rest, ok := strings.CutPrefix(line, "/"+c.words+" ")
	if !ok {
		if rest, ok = strings.CutPrefix(line, "/"); !ok {
			return line
		}
	}
	words := strings.Fields(rest)
	for n := min(2, len(words)); n > 0; n-- {
		path := strings.Join(words[:n], " ")
		args, here := strings.CutPrefix(rest, path)
		if long := c.short[path]; long != "" {
			path = long
		}
		if e, known := c.slash[path]; known && here {
			return "/" + path + e.named(args)
		}
	}
	return line
}

var optionAt = regexp.MustCompile(`(^|\s)\pL[\pL\d_-]*:([^/]|$)`)

// named gives what stands before the first named option its own name, and takes off
// the quotes, which options do without. What stands for several options stays.
func (e entry) named(args string) string {
	args = strings.TrimSpace(args)
	head, rest := args, ""
	if at := optionAt.FindStringIndex(args); at != nil {
		head, rest = strings.TrimSpace(args[:at[0]]), strings.TrimSpace(args[at[0]:])
	}
	if inner := strings.TrimSuffix(strings.TrimPrefix(head, `"`), `"`); !strings.Contains(inner, `"`) {
		if head = inner; head != "" && e.first != "" {
			head = e.first + ":" + head
		}
		rest = strings.ReplaceAll(rest, `"`, "")
	}
	if out := strings.TrimSpace(head + " " + rest); out != "" {
		return " " + out
	}
	return ""
}

// reword writes the commands in a text as they are typed here.
func (c *catalog) reword(s string) string {
	if !strings.Contains(s, "/") {
		return s
	}
	for _, sp := range bot.Spans(s) {
		if sp.Kind == bot.SpanCode {
			s = strings.ReplaceAll(s, bot.Code(sp.Text), bot.Code(c.typed(sp.Text)))
		}
	}
	return s
}

func (c *catalog) rewordAll(list []string) []string {
	list = slices.Clone(list)
	for i := range list {
		list[i] = c.reword(list[i])
	}
	return list
}

// message is m with its commands as they are typed here.
func (c *catalog) message(m bot.Message) bot.Message {
	m.Text, m.Blocks = c.reword(m.Text), slices.Clone(m.Blocks)
	for i, b := range m.Blocks {
		switch b := b.(type) {
		case bot.Para:
			b.Text = c.reword(b.Text)
			m.Blocks[i] = b
		case bot.Note:
			b.Text = c.reword(b.Text)
			m.Blocks[i] = b
		case bot.List:
			b.Items = c.rewordAll(b.Items)
			m.Blocks[i] = b
		case bot.Facts:
			b.Facts = slices.Clone(b.Facts)
			for j := range b.Facts {
				b.Facts[j].Value = c.reword(b.Facts[j].Value)
			}
			m.Blocks[i] = b
		case bot.Table:
			b.Rows = slices.Clone(b.Rows)
			for j := range b.Rows {
				b.Rows[j] = c.rewordAll(b.Rows[j])
			}
			m.Blocks[i] = b
		}
	}
	return m
}

func (n *Network) render(m bot.Message) []payload { return render(n.names.Load().message(m), n.plain) }

func (n *Network) form(f bot.Form) modal {
	f.Intro = n.names.Load().reword(f.Intro)
	return formOf(f, n.plain)
}
