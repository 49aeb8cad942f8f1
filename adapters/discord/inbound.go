package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rapport/bot"
)

// decode turns a raw interaction into an event. It does no I/O; the event has no
// Turn yet. A ping gives an event without a body.
func decode(raw []byte, names *catalog, self string, now time.Time) (interaction, bot.Event, error) {
	var in interaction
	if err := json.Unmarshal(raw, &in); err != nil {
		return in, bot.Event{}, fmt.Errorf("interaction: %w", err)
	}
	if in.Kind == kindPing {
		return in, bot.Event{}, nil
	}
	who, name := in.who()
	if in.ID == "" || in.Token == "" || in.Data == nil || who.ID == "" {
		return in, bot.Event{}, fmt.Errorf("interaction of type %d lacks its id, token, data or user", in.Kind)
	}
	ev := bot.Event{ID: in.ID, From: account(who.ID), Name: bot.Clean(name), Guest: true, Place: in.place(), At: now}
	switch in.Kind {
	case kindCommand:
		ev.Body = asked(in, names, self)
	case kindComponent:
		ev.Body = pressed(in)
	case kindSuggest:
		ev.Body = suggest(in, names)
	case kindModal:
		ev.Body = filled(in)
	default:
		return in, bot.Event{}, fmt.Errorf("interaction of unknown type %d", in.Kind)
	}
	return in, ev, nil
}

func (i interaction) place() bot.Place {
	p := bot.Place{Network: Name, Team: i.GuildID, Channel: i.ChannelID, Direct: i.direct()}
	if p.Channel == "" && i.Channel != nil {
		p.Channel = i.Channel.ID
	}
	if i.Channel != nil && i.Channel.thread() && i.Channel.ParentID != "" {
		p.Channel, p.Thread = i.Channel.ParentID, p.Channel
	}
	return p
}

func asked(in interaction, names *catalog, self string) bot.Body {
	d := in.Data
	switch d.Kind {
	case 2:
		t := bot.Target{Person: account(d.TargetID)}
		return bot.Asked{Name: names.menu(2, d.Name), On: &t}
	case 3:
		t := target(in, d.Resolved.Messages[d.TargetID], self)
		return bot.Asked{Name: names.menu(3, d.Name), On: &t}
	}
	path, options := walk(d.Name, d.Options)
	args := in.args(options)
	if words, ok := names.free(path); ok {
		return bot.Asked{Text: args[words]}
	}
	name, args := names.command(path, args)
	out := bot.Asked{Name: name, Args: args}
	for _, o := range options {
		var id string
		if o.Kind != optAttachment || json.Unmarshal(o.Value, &id) != nil {
			continue
		}
		field := names.field(path, o.Name)
		delete(args, field)
		if a, ok := d.Resolved.Attachments[id]; ok {
			if out.Files == nil {
				out.Files = map[string][]bot.File{}
			}
			out.Files[field] = files([]attachment{a})
		}
	}
	return out
}

// walk follows subcommands down to the options that carry values.
func walk(name string, options []option) ([]string, []option) {
	path := []string{name}
	for len(options) == 1 && (options[0].Kind == optSub || options[0].Kind == optGroup) {
		path = append(path, options[0].Name)
		options = options[0].Options
	}
	return path, options
}

func (i interaction) args(options []option) map[string]string {
	args := make(map[string]string, len(options))
	for _, o := range options {
		if !o.Focused {
			args[o.Name] = i.value(o)
		}
	}
	return args
}

// value is an option's value as text: accounts and channels as marks.
func (i interaction) value(o option) string {
	var s string
	if json.Unmarshal(o.Value, &s) != nil {
		return strings.TrimSpace(string(o.Value)) // numbers, true, false
	}
	res := i.Data.Resolved
	switch o.Kind {
	case optUser:
		return bot.Mention(account(s), bot.Clean(res.name(s)))
	case optMention:
		if _, ok := res.Roles[s]; ok {
			return "<@&" + s + ">"
		}
		return bot.Mention(account(s), bot.Clean(res.name(s)))
	case optRole:
		return "<@&" + s + ">"
	case optChannel:
		return bot.ChannelMark(bot.Place{Network: Name, Team: i.GuildID, Channel: s}, bot.Clean(res.Channels[s].Name))
	case optAttachment:
		return res.Attachments[s].URL
	}
	text, _ := marked(s, i.GuildID, "", res.name)
	return text
}

func target(in interaction, m message, self string) bot.Target {
	text, _ := marked(m.text(), in.GuildID, self, func(id string) string { return nameIn(m.Mentions, id) })
	t := bot.Target{Message: in.Data.TargetID, Text: text, Files: files(m.Attachments), Tokens: m.Components.tokens()}
	if m.Author != nil {
		t.Author = account(m.Author.ID)
	}
	guild := in.GuildID
	if guild == "" {
		guild = "@me"
	}
	t.Link = "https://discord.com/channels/" + guild + "/" + in.ChannelID + "/" + in.Data.TargetID
	return t
}

func nameIn(list []user, id string) string {
	for _, u := range list {
		if u.ID == id {
			return bot.Clean(u.name())
		}
	}
	return ""
}

func files(list []attachment) []bot.File {
	var out []bot.File
	for _, a := range list {
		out = append(out, bot.File{Name: bot.Clean(a.Filename), Type: a.ContentType, Size: a.Size, URL: a.URL, ID: a.ID})
	}
	return out
}

func pressed(in interaction) bot.Body {
	p := bot.Pressed{Token: tokenOf(in.Data.CustomID), Values: in.picks(in.Data.Component, in.Data.Values)}
	if in.Message != nil {
		p.Message = in.Message.ID
	}
	return p
}

// picks are a menu's values, with accounts and channels as marks.
func (i interaction) picks(kind int, values []string) []string {
	res := i.Data.Resolved
	var out []string
	for _, v := range values {
		_, isRole := res.Roles[v]
		switch {
		case kind == compRole || kind == compMentioned && isRole:
			v = "<@&" + v + ">"
		case kind == compUser, kind == compMentioned:
			v = bot.Mention(account(v), bot.Clean(res.name(v)))
		case kind == compChannel:
			v = bot.ChannelMark(bot.Place{Network: Name, Team: i.GuildID, Channel: v}, bot.Clean(res.Channels[v].Name))
		default:
			v = bot.Clean(v)
		}
		out = append(out, v)
	}
	return out
}

func suggest(in interaction, names *catalog) bot.Body {
	path, options := walk(in.Data.Name, in.Data.Options)
	s := bot.Suggest{Args: in.args(options)}
	for _, o := range options {
		if o.Focused {
			s.Field, s.Typed = o.Name, in.value(o)
		}
	}
	if _, ok := names.free(path); ok {
		return s
	}
	s.Field = names.field(path, s.Field)
	s.Name, s.Args = names.command(path, s.Args)
	return s
}

func filled(in interaction) bot.Body {
	f := bot.Filled{Token: in.Data.CustomID, Values: map[string]string{}}
	var read func(list []component)
	read = func(list []component) {
		for _, c := range list {
			read(c.Components)
			if c.Component != nil {
				read([]component{*c.Component})
			}
			if c.CustomID == "" {
				continue
			}
			switch c.Kind {
			case compUpload:
				var got []attachment
				for _, id := range c.Values {
					if a, ok := in.Data.Resolved.Attachments[id]; ok {
						got = append(got, a)
					}
				}
				if f.Files == nil {
					f.Files = map[string][]bot.File{}
				}
				f.Files[c.CustomID] = files(got)
			case compText:
				var s string
				_ = json.Unmarshal(c.Value, &s)
				f.Values[c.CustomID], _ = marked(s, in.GuildID, "", in.Data.Resolved.name)
			case compRadio, compCheck:
				f.Values[c.CustomID] = plainValue(c.Value)
			default:
				f.Values[c.CustomID] = strings.Join(in.picks(c.Kind, c.Values), "\n")
			}
		}
	}
	read(in.Data.Components)
	return f
}

// plainValue is a string, or true or false, as text; null is nothing.
func plainValue(raw json.RawMessage) string {
	var v any
	_ = json.Unmarshal(raw, &v)
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return bot.Clean(v)
	}
	return strings.TrimSpace(string(raw))
}
