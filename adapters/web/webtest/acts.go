package webtest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"rapport/bot/bottest"
)

// Press presses the newest button whose label begins so.
func (p *Person) Press(t *testing.T, label string) bottest.Screen {
	t.Helper()
	p.Sync(t)
	for i := len(p.order) - 1; i >= 0; i-- {
		c := p.cards[p.order[i]]
		if c.Msg == nil {
			continue
		}
		for _, b := range c.Msg.Blocks {
			for _, x := range b.Buttons {
				if strings.HasPrefix(x.Label, label) && x.Token != "" {
					p.form = nil
					return p.Do(t, on(c, Post{Kind: "press", Token: x.Token}))
				}
			}
		}
	}
	t.Errorf("nobody shows a button %q in:\n%s", label, p.Seen())
	return ""
}

// Pick picks from the newest menu whose label begins so and that has the option.
func (p *Person) Pick(t *testing.T, label, option string) bottest.Screen {
	t.Helper()
	p.Sync(t)
	for i := len(p.order) - 1; i >= 0; i-- {
		c := p.cards[p.order[i]]
		if c.Msg == nil {
			continue
		}
		for _, b := range c.Msg.Blocks {
			if b.K != "choices" || !strings.HasPrefix(plain(b.Text), label) {
				continue
			}
			for _, o := range b.Options {
				if strings.HasPrefix(o.Label, option) {
					return p.Do(t, on(c, Post{Kind: "pick", Token: b.Token, Picks: []string{o.Value}}))
				}
			}
		}
	}
	t.Errorf("there is no menu %q with %q in:\n%s", label, option, p.Seen())
	return ""
}

func on(c *card, in Post) Post {
	in.Conv = c.Conv
	if c.Line != "home" {
		in.Line, in.Shared = c.Line, c.Shared
	}
	return in
}

// Fill sends the open form in; values are by label, options by what they show.
func (p *Person) Fill(t *testing.T, values map[string]string) bottest.Screen {
	t.Helper()
	f := p.form
	if f == nil {
		t.Error("there is no open form")
		return ""
	}
	left := map[string]string{}
	for k, v := range values {
		left[k] = v
	}
	out := map[string]string{}
	for _, x := range f.Fields {
		out[x.Name] = x.Value
		v, ok := left[x.Label]
		if !ok {
			continue
		}
		delete(left, x.Label)
		out[x.Name] = v
		for _, o := range x.Options {
			if o.Label == v {
				out[x.Name] = o.Value
			}
		}
	}
	for label := range left {
		t.Errorf("the form %s has no field %q", f.show(), label)
	}
	p.form = nil
	s := p.Do(t, Post{Kind: "fill", Token: f.Token, Values: out})
	if strings.HasPrefix(string(s), "refused") { // it stays open as it was filled in
		for i := range f.Fields {
			f.Fields[i].Value = out[f.Fields[i].Name]
		}
		p.form = f
	}
	return s
}

// Seen is everything before the person, oldest first, a line each or more.
func (p *Person) Seen() string {
	var out []string
	for _, k := range p.order {
		switch c := p.cards[k]; {
		case c.Msg != nil:
			out = append(out, c.Msg.show())
		default:
			out = append(out, "> "+c.Text)
		}
	}
	return strings.Join(out, "\n")
}

// Landed counts the lines that came over the stream, each change anew.
func (p *Person) Landed() int { return p.landed }

// Shown is where a card stands, and what its first button carries.
type Shown struct {
	Line, Token string
	Shared      bool
}

// Card finds the newest card whose words begin so; the zero Shown when there is none.
func (p *Person) Card(words string) Shown {
	for i := len(p.order) - 1; i >= 0; i-- {
		c := p.cards[p.order[i]]
		if c.Msg == nil || !strings.HasPrefix(c.Msg.show(), words) {
			continue
		}
		for _, b := range c.Msg.Blocks {
			for _, x := range b.Buttons {
				return Shown{Line: c.Line, Token: x.Token, Shared: c.Shared}
			}
		}
	}
	return Shown{}
}

// InOrder is the conversation as a page shows it: every line in its place.
func (p *Person) InOrder() string {
	var out []string
	for _, k := range slices.SortedFunc(maps.Keys(p.cards), func(a, b string) int { return strings.Compare(p.cards[a].Line, p.cards[b].Line) }) {
		if c := p.cards[k]; c.Msg != nil {
			out = append(out, c.Msg.show())
		} else {
			out = append(out, "> "+c.Text)
		}
	}
	return strings.Join(out, "\n")
}
