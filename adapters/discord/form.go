package discord

import (
	"strconv"
	"strings"

	"rapport/bot"
)

const (
	maxFormFields = 5
	maxFormTitle  = 45
	maxFormLabel  = 45
	maxFormHint   = 100
	maxFormText   = 4000
	maxPicks      = 25
)

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// modal is a form as Discord shows it: up to five labelled inputs.
type modal struct {
	Title      string `json:"title"`
	CustomID   string `json:"custom_id"`
	Components []any  `json:"components"`
}

type label struct {
	Kind        int    `json:"type"`
	Label       string `json:"label"`
	Description string `json:"description,omitempty"`
	Component   any    `json:"component"`
}

type paragraph struct {
	Kind    int    `json:"type"`
	Content string `json:"content"`
}

type textInput struct {
	Kind        int    `json:"type"`
	CustomID    string `json:"custom_id"`
	Style       int    `json:"style"` // 1 a line, 2 several
	MinLength   int    `json:"min_length,omitempty"`
	MaxLength   int    `json:"max_length,omitempty"`
	Required    bool   `json:"required"`
	Value       string `json:"value,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
}

type accountMenu struct {
	Kind     int              `json:"type"`
	CustomID string           `json:"custom_id"`
	Min      *int             `json:"min_values,omitempty"`
	Max      int              `json:"max_values,omitempty"`
	Required bool             `json:"required"`
	Default  []defaultAccount `json:"default_values,omitempty"`
}

type defaultAccount struct {
	ID   string `json:"id"`
	Kind string `json:"type"`
}

type uploadInput struct {
	Kind     int    `json:"type"`
	CustomID string `json:"custom_id"`
	Min      *int   `json:"min_values,omitempty"`
	Max      int    `json:"max_values,omitempty"`
	Required bool   `json:"required"`
}

// formOf draws f. Fields beyond the fifth are left out: the kernel asks for them
// in a further step. The intro takes a place of its own where one is free.
func formOf(f bot.Form, plain plainText) modal {
	m := modal{Title: clip(flat(f.Title, plain), maxFormTitle), CustomID: f.Token}
	if m.Title == "" {
		m.Title = "Please fill in"
	}
	fields := f.Fields
	if len(fields) > maxFormFields {
		fields = fields[:maxFormFields]
	}
	intro := draw(f.Intro, 1000)
	if intro != "" && (len(fields) < maxFormFields || len(fields) == 0) {
		m.Components = append(m.Components, paragraph{Kind: compParagraph, Content: intro})
		intro = ""
	}
	for i, x := range fields {
		l := label{Kind: compLabel, Label: clip(flat(x.Label, plain), maxFormLabel), Description: clip(flat(x.Hint, plain), maxFormHint)}
		if l.Label == "" {
			l.Label = clip(x.Name, maxFormLabel)
		}
		if i == 0 && intro != "" && l.Description == "" {
			l.Description = clip(flat(f.Intro, plain), maxFormHint)
		}
		l.Component = input(x, plain)
		m.Components = append(m.Components, l)
	}
	if len(m.Components) == 0 {
		m.Components = []any{paragraph{Kind: compParagraph, Content: "Nothing more is needed: send it."}}
	}
	return m
}

func input(f bot.Field, plain plainText) any {
	least := 0
	if f.Required {
		least = 1
	}
	most := 1
	switch f.Kind {
	case bot.Choice:
		opts := menuOptions(f.Options, f.Value, plain)
		if len(opts) == 0 || len(opts) < len(f.Options) {
			break // not all can be offered: let it be typed
		}
		if f.Many {
			most = len(opts)
			chosen := strings.Split(f.Value, "\n")
			for i := range opts {
				for _, c := range chosen {
					opts[i].Default = opts[i].Default || opts[i].Value == c
				}
			}
		}
		return menu{Kind: compSelect, CustomID: f.Name, Options: opts, Min: &least, Max: most, Required: &f.Required}
	case bot.Flag:
		yes := f.Value == "true"
		opts := []menuOption{{Label: "Yes", Value: "true", Default: yes}, {Label: "No", Value: "false", Default: f.Value != "" && !yes}}
		return menu{Kind: compSelect, CustomID: f.Name, Options: opts, Min: &least, Max: 1, Required: &f.Required}
	case bot.Member:
		if f.Many {
			most = maxPicks
		}
		m := accountMenu{Kind: compUser, CustomID: f.Name, Min: &least, Max: most, Required: f.Required}
		for _, v := range strings.Split(f.Value, "\n") {
			if id := accountID(v); id != "" && len(m.Default) < most {
				m.Default = append(m.Default, defaultAccount{ID: id, Kind: "user"})
			}
		}
		return m
	case bot.Upload:
		if f.Many {
			most = 10
		}
		return uploadInput{Kind: compUpload, CustomID: f.Name, Min: &least, Max: most, Required: f.Required}
	}
	t := textInput{Kind: compText, CustomID: f.Name, Style: 1, Required: f.Required, MaxLength: maxFormText}
	if f.Max > 0 && f.Max < maxFormText {
		t.MaxLength = f.Max
	}
	if f.Kind == bot.Long || f.Many {
		t.Style = 2
	} else if t.MaxLength > maxFormText/4 {
		t.MaxLength = maxFormText / 4
	}
	t.Value = f.Value
	if f.Shown != "" && f.Kind != bot.Long {
		t.Value = f.Shown
	}
	t.Value = clip(flat(t.Value, plain), t.MaxLength)
	switch f.Kind {
	case bot.Date:
		t.Placeholder = "YYYY-MM-DD"
	case bot.Email:
		t.Placeholder = "name@company.example"
	}
	return t
}

// accountID reads a member field's value: a mention mark or an id.
func accountID(v string) string {
	for _, sp := range bot.Spans(v) {
		if sp.Kind == bot.SpanMention && sp.Account.Network == Name {
			return sp.Account.ID
		}
	}
	if v = strings.TrimSpace(v); snowflake(v) {
		return v
	}
	return ""
}
