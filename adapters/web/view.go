package web

import (
	"strconv"
	"strings"

	"rapport/bot"
)

// The view model: what the page draws. Text is cut into spans; the page sets each
// span's text and never parses any.
type (
	messageView struct {
		Text   []spanView  `json:"text,omitempty"`
		Blocks []blockView `json:"blocks,omitempty"`
	}
	spanView struct {
		K     string `json:"k"` // p plain, b bold, i italic, c code, l link, t moment, m mention, h channel
		T     string `json:"t,omitempty"`
		URL   string `json:"u,omitempty"`
		At    int64  `json:"at,omitempty"` // unix seconds
		Zone  string `json:"z,omitempty"`
		Style string `json:"s,omitempty"`
	}
	blockView struct {
		K       string         `json:"k"`
		Text    []spanView     `json:"text,omitempty"`
		Items   [][]spanView   `json:"items,omitempty"`
		Ordered bool           `json:"ordered,omitempty"`
		Facts   []factView     `json:"facts,omitempty"`
		Head    [][]spanView   `json:"head,omitempty"`
		Rows    [][][]spanView `json:"rows,omitempty"`
		Bars    []barView      `json:"bars,omitempty"`
		Unit    string         `json:"unit,omitempty"`
		Buttons []buttonView   `json:"buttons,omitempty"`
		Options []optionView   `json:"options,omitempty"`
		Token   string         `json:"token,omitempty"`
	}
	factView struct {
		Name  []spanView `json:"name"`
		Value []spanView `json:"value"`
	}
	barView struct {
		Label string  `json:"label"`
		Value float64 `json:"value"`
	}
	buttonView struct {
		Label string `json:"label"`
		Style string `json:"style,omitempty"` // primary, danger
		Token string `json:"token,omitempty"`
		URL   string `json:"url,omitempty"`
		Form  bool   `json:"form,omitempty"`
	}
	optionView struct {
		Value string `json:"value"`
		Label string `json:"label"`
		Hint  string `json:"hint,omitempty"`
	}
	formView struct {
		Title  string      `json:"title"`
		Intro  []spanView  `json:"intro,omitempty"`
		Submit string      `json:"submit"`
		Token  string      `json:"token"`
		Fields []fieldView `json:"fields"`
	}
	fieldView struct {
		Name     string       `json:"name"`
		Label    string       `json:"label"`
		Hint     string       `json:"hint,omitempty"`
		Kind     string       `json:"kind"`
		Required bool         `json:"required,omitempty"`
		Many     bool         `json:"many,omitempty"`
		Options  []optionView `json:"options,omitempty"`
		Value    string       `json:"value,omitempty"`
		Shown    string       `json:"shown,omitempty"`
		Max      int          `json:"max,omitempty"`
	}
)

func spansOf(s string) []spanView {
	var out []spanView
	for _, sp := range bot.Spans(s) {
		v := spanView{K: string(rune(sp.Kind)), T: sp.Text}
		switch sp.Kind {
		case bot.SpanLink:
			if v.URL = safeURL(sp.URL); v.URL == "" {
				v.K = "p"
			}
		case bot.SpanMoment:
			v.At, v.Zone, v.Style = sp.At.Unix(), sp.Zone, string(rune(sp.Style))
		case bot.SpanMention:
			v.T = "@" + sp.Text
		case bot.SpanChannel:
			v.T = "#" + sp.Text
		}
		out = append(out, v)
	}
	return out
}

func viewOf(m bot.Message) messageView {
	v := messageView{}
	if len(m.Blocks) == 0 {
		v.Text = spansOf(m.Text)
	}
	for _, b := range m.Blocks {
		v.Blocks = append(v.Blocks, blockOf(b))
	}
	return v
}

func blockOf(b bot.Block) blockView {
	switch b := b.(type) {
	case bot.Heading:
		return blockView{K: "heading", Text: spansOf(b.Text)}
	case bot.Para:
		if items, numbered := listed(b.Text); items != nil {
			return blockView{K: "list", Items: eachSpans(items), Ordered: numbered}
		}
		return blockView{K: "para", Text: spansOf(b.Text)}
	case bot.Note:
		return blockView{K: "note", Text: spansOf(b.Text)}
	case bot.List:
		return blockView{K: "list", Items: eachSpans(b.Items), Ordered: b.Numbered}
	case bot.Facts:
		v := blockView{K: "facts"}
		for _, f := range b.Facts {
			v.Facts = append(v.Facts, factView{spansOf(f.Name), spansOf(f.Value)})
		}
		return v
	case bot.Table:
		v := blockView{K: "table", Head: eachSpans(b.Head)}
		for _, r := range b.Rows {
			v.Rows = append(v.Rows, eachSpans(r))
		}
		return v
	case bot.Chart:
		v := blockView{K: "chart", Text: spansOf(b.Title), Unit: b.Unit}
		for _, x := range b.Bars {
			v.Bars = append(v.Bars, barView(x))
		}
		return v
	case bot.Image:
		return blockView{K: "para", Text: []spanView{{K: "l", T: b.Alt, URL: safeURL(b.URL)}}}
	case bot.Choices:
		return blockView{K: "choices", Text: spansOf(b.Label), Options: optionsOf(b.Options), Token: b.Token}
	case bot.Buttons:
		v := blockView{K: "buttons"}
		for _, x := range b.Buttons {
			v.Buttons = append(v.Buttons, buttonView{Label: x.Label, Style: [...]string{"", "primary", "danger"}[x.Style], Token: x.Token, URL: safeURL(x.URL), Form: x.Form})
		}
		return v
	}
	return blockView{K: "rule"}
}

// listed takes a list apart that was lowered to lines, each with its bullet or its
// number; nil when the text is anything else.
func listed(text string) (items []string, numbered bool) {
	lines := strings.Split(text, "\n")
	numbered = strings.HasPrefix(text, "1. ") && len(lines) > 1
	for i, l := range lines {
		sign := "• "
		if numbered {
			sign = strconv.Itoa(i+1) + ". "
		}
		item, ok := strings.CutPrefix(l, sign)
		if !ok {
			return nil, false
		}
		items = append(items, item)
	}
	return items, numbered
}

func eachSpans(list []string) [][]spanView {
	out := make([][]spanView, len(list))
	for i, s := range list {
		out[i] = spansOf(s)
	}
	return out
}

func optionsOf(list []bot.Option) []optionView {
	out := make([]optionView, len(list))
	for i, o := range list {
		out[i] = optionView(o)
	}
	return out
}

var kinds = map[bot.FieldKind]string{bot.Line: "line", bot.Long: "long", bot.Choice: "choice", bot.Search: "search", bot.Member: "search",
	bot.Number: "number", bot.Flag: "flag", bot.Email: "email", bot.Date: "date", bot.Upload: "line"}

func formOf(f bot.Form) formView {
	v := formView{Title: f.Title, Intro: spansOf(f.Intro), Submit: f.Submit, Token: f.Token}
	if v.Submit == "" {
		v.Submit = "Send"
	}
	for _, x := range f.Fields {
		v.Fields = append(v.Fields, fieldView{Name: x.Name, Label: x.Label, Hint: x.Hint, Kind: kinds[x.Kind], Required: x.Required, Many: x.Many,
			Options: optionsOf(x.Options), Value: x.Value, Shown: x.Shown, Max: x.Max})
	}
	return v
}
