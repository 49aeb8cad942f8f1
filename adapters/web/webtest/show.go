package webtest

import (
	"fmt"
	"strings"
	"time"

	"rapport/bot"
)

// What the server sends of a message, as far as it is shown as words.
type (
	view struct {
		Text   []span  `json:"text"`
		Blocks []block `json:"blocks"`
	}
	span struct {
		K, T string
		At   int64
		S    string
	}
	block struct {
		K       string
		Text    []span
		Items   [][]span
		Ordered bool
		Facts   []struct{ Name, Value []span }
		Head    [][]span
		Rows    [][][]span
		Bars    []bot.Bar
		Buttons []struct{ Label, Token, URL string }
		Options []bot.Option
		Token   string
	}
	form struct {
		Title, Token string
		Fields       []struct {
			Name, Label, Kind, Value, Shown string
			Options                         []bot.Option
		}
	}
)

func plain(list []span) string {
	var b strings.Builder
	for _, s := range list {
		switch s.K {
		case "t":
			layout := "2 Jan 2006 15:04 UTC"
			if s.S == "d" {
				layout = "2 Jan 2006"
			}
			b.WriteString(time.Unix(s.At, 0).UTC().Format(layout))
		case "m":
			b.WriteString(strings.TrimPrefix(s.T, "@"))
		case "h":
			b.WriteString(strings.TrimPrefix(s.T, "#"))
		default:
			b.WriteString(s.T)
		}
	}
	return b.String()
}

func row(cells [][]span) string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = plain(c)
	}
	return strings.Join(out, " | ")
}

// show writes a message as bottest.Show does.
func (v *view) show() string {
	var out []string
	line := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	line(plain(v.Text))
	for _, b := range v.Blocks {
		line(b.head())
		for i, item := range b.Items {
			if b.Ordered {
				line(fmt.Sprintf("%d. %s", i+1, plain(item)))
			} else {
				line("• " + plain(item))
			}
		}
		for _, f := range b.Facts {
			line(plain(f.Name) + ": " + plain(f.Value))
		}
		line(row(b.Head))
		for _, r := range b.Rows {
			line(row(r))
		}
		for _, x := range b.Bars {
			line(fmt.Sprintf("%s: %g", x.Label, x.Value))
		}
		line(b.acts())
	}
	return strings.Join(out, "\n")
}

func (b block) head() string {
	if b.K == "choices" {
		return ""
	}
	return plain(b.Text)
}

func (b block) acts() string {
	var out []string
	if b.K == "choices" {
		for _, o := range b.Options {
			out = append(out, o.Label)
		}
		return "<" + plain(b.Text) + ": " + strings.Join(out, " | ") + ">"
	}
	for _, x := range b.Buttons {
		out = append(out, "["+x.Label+"]")
	}
	return strings.Join(out, " ")
}

// show writes a form as bottest.ShowForm does.
func (f *form) show() string {
	var out []string
	for _, x := range f.Fields {
		s := x.Label
		if x.Value != "" {
			s += "=" + x.Shown
		}
		if x.Kind == "choice" {
			var opts []string
			for _, o := range x.Options {
				opts = append(opts, o.Label)
			}
			s += " (" + strings.Join(opts, " | ") + ")"
		}
		out = append(out, s)
	}
	return "{" + f.Title + ": " + strings.Join(out, ", ") + "}"
}
