package main

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/bot"
	"rapport/bot/bottest"
)

// message writes one message as scripts read it: no markup, names as Name: value,
// buttons as [Label], menus as <Label: one | two>.
func (d *discordDriver) message(m discordtest.Message) string {
	n := nodeOf(m.JSON)
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	add(d.markdown(str(n["content"])))
	for _, e := range nodes(n["embeds"]) {
		add(d.markdown(str(e["title"])))
		add(d.markdown(str(e["description"])))
		for _, f := range nodes(e["fields"]) {
			add(d.markdown(str(f["name"])) + ": " + d.markdown(str(f["value"])))
		}
		add(str(sub(e, "footer")["text"]))
	}
	for _, row := range nodes(n["components"]) {
		add(each(row["components"], " ", func(c node) string {
			if c["options"] != nil {
				return "<" + str(c["placeholder"]) + ": " + each(c["options"], " | ", func(o node) string { return str(o["label"]) }) + ">"
			}
			return "[" + str(c["label"]) + "]"
		}))
	}
	return strings.Join(out, "\n")
}

var (
	discordLink = regexp.MustCompile(`^\[((?:\\.|[^\]\\])*)\]\(<[^>]*>\)`)
	discordMark = regexp.MustCompile(`^<(t:(-?\d+)(?::(\w))?|@!?(\d+)|#(\d+)|https?://[^>]+)>`)
	lineSigns   = regexp.MustCompile(`(?m)^(-# |#{1,3} |> )`)
	bullets     = regexp.MustCompile(`(?m)^- `)
)

// markdown is what a reader sees of Discord's markup, moments in UTC.
func (d *discordDriver) markdown(s string) string {
	s = bullets.ReplaceAllString(lineSigns.ReplaceAllString(s, ""), "• ")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		rest := s[i:]
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]()#+-.!|>~:@<", s[i+1]) >= 0:
			i++
			b.WriteByte(s[i])
		case c == '`' && strings.IndexByte(rest[1:], '`') > 0:
			end := strings.IndexByte(rest[1:], '`') + 1
			b.WriteString(rest[1:end])
			i += end
		case c == '*':
		case c == '[' && discordLink.MatchString(rest):
			m := discordLink.FindStringSubmatch(rest)
			b.WriteString(d.markdown(m[1]))
			i += len(m[0]) - 1
		case c == '<' && discordMark.MatchString(rest):
			m := discordMark.FindStringSubmatch(rest)
			switch {
			case m[2] != "":
				n, _ := strconv.ParseInt(m[2], 10, 64)
				style := bot.DateTime
				if m[3] == "D" || m[3] == "d" {
					style = bot.DateOnly
				}
				b.WriteString(bottest.Said(time.Unix(n, 0), "", style))
			case m[4] != "":
				b.WriteString("@" + d.name(m[4]))
			case m[5] != "":
				b.WriteString("#" + m[5])
			default:
				b.WriteString(m[1])
			}
			i += len(m[0]) - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

var typedName = regexp.MustCompile(`(^|[\s(:,])@(\pL+)`)

// mentions turns @Name into the mark that the client writes for a person it completes.
func (d *discordDriver) mentions(line string) string {
	return typedName.ReplaceAllStringFunc(line, func(m string) string {
		lead, name, _ := strings.Cut(m, "@")
		if h := d.people[name]; h != nil {
			return lead + h.AtMention()
		}
		return m
	})
}

// typed reads a line as a command with options, as a person fills them in on
// Discord; ok is false when the line leaves something to be understood.
func (d *discordDriver) typed(line string) (name string, options map[string]any, ok bool) {
	words := strings.TrimPrefix(strings.TrimPrefix(line, "/"), "rapport ")
	var c *bot.Declared
	rest := ""
	for i := range d.commands {
		for _, n := range []string{d.commands[i].Name, d.commands[i].Short} {
			if after, has := strings.CutPrefix(words+" ", n+" "); has && n != "" && len(n) > len(name) {
				c, name, rest = &d.commands[i], n, strings.TrimSpace(after)
			}
		}
	}
	if c == nil {
		return "", nil, false
	}
	options = map[string]any{}
	var open []bot.Field
	open = append(open, c.Fields...)
	take := func(f bot.Field, v string) bool {
		for i := range open {
			if open[i].Name == f.Name {
				open = append(open[:i:i], open[i+1:]...)
				break
			}
		}
		x, fits := d.option(f, v)
		options[f.Name] = x
		return fits && v != ""
	}
	for rest != "" {
		var f *bot.Field
		if key, after, has := strings.Cut(rest, ":"); has && !strings.ContainsAny(key, " \"") {
			for i := range c.Fields {
				if c.Fields[i].Name == key {
					f, rest = &c.Fields[i], after
				}
			}
		}
		keyed := f != nil
		if !keyed {
			if len(open) == 0 {
				return "", nil, false
			}
			f = &open[0]
		}
		v, after, quoted := firstWord(rest)
		if !quoted && (keyed || !strings.HasPrefix(v, "@")) {
			for after != "" && !nextKey(after, c.Fields) { // a value without quotes goes on to the next key
				w, more, q := firstWord(after)
				if q || w == "to" {
					return "", nil, false
				}
				v, after = v+" "+w, more
			}
		}
		rest = after
		if !take(*f, v) {
			return "", nil, false
		}
	}
	return name, options, true
}

func nextKey(s string, fields []bot.Field) bool {
	for _, f := range fields {
		if strings.HasPrefix(s, f.Name+":") {
			return true
		}
	}
	return false
}

func firstWord(s string) (word, rest string, quoted bool) {
	if strings.HasPrefix(s, `"`) {
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			return s[1 : end+1], strings.TrimSpace(s[end+2:]), true
		}
	}
	word, rest, _ = strings.Cut(s, " ")
	return word, strings.TrimSpace(rest), false
}

// option is a value as a person gives it to an option of that kind.
func (d *discordDriver) option(f bot.Field, v string) (any, bool) {
	switch {
	case f.Kind == bot.Member && !f.Many:
		h := d.people[strings.TrimPrefix(v, "@")]
		return h, h != nil && strings.HasPrefix(v, "@")
	case f.Kind == bot.Flag:
		return v == "true" || v == "yes", v == "true" || v == "yes" || v == "no" || v == "false"
	}
	return d.mentions(v), true
}
