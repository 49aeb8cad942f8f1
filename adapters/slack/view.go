package slack

import (
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	maxTitle = 24
	maxInput = 3000
	maxName  = 250
)

// rawBlock is a rendered block on its way through the library.
type rawBlock []byte

func (rawBlock) BlockType() slack.MessageBlockType { return "" }
func (rawBlock) ID() string                        { return "" }

// MarshalJSON is the block as it stands.
func (b rawBlock) MarshalJSON() ([]byte, error) { return b, nil }

func asBlocks(raw [][]byte) slack.Blocks {
	out := make([]slack.Block, len(raw))
	for i, b := range raw {
		out[i] = rawBlock(b)
	}
	return slack.Blocks{BlockSet: out}
}

// A field's block id is "f." and its name, so it is the same in every version of the form and
// what was typed survives an update.

func blockID(name string) string { return "f." + clip(name, maxName) }

func fieldName(block string) string { return strings.TrimPrefix(block, "f.") }

// form makes a modal of f; o travels in it.
func (s *Slack) form(team string, f bot.Form, o origin) (slack.ModalViewRequest, error) {
	o.Token = f.Token
	if len(f.Token) > maxFormToken {
		return slack.ModalViewRequest{}, errLongToken
	}
	r := s.renderer(team, inModal)
	defer r.free()
	if !unseen(f.Intro) {
		r.para(f.Intro)
	}
	for _, field := range f.Fields {
		if len(r.ends) < 100 {
			r.input(field)
		}
	}
	if len(r.ends) == 0 {
		r.para("Ready?")
	}
	title, submit := f.Title, f.Submit
	if blank(title) {
		title = "Form"
	}
	if blank(submit) {
		submit = "Send"
	}
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: label(r.flat(title)), Submit: label(r.flat(submit)), Close: label("Cancel"),
		Blocks: asBlocks(r.blocks()), PrivateMetadata: o.pack(), CallbackID: "form",
	}, nil
}

// panel makes a modal of a message.
func (s *Slack) panel(team string, m bot.Message, o origin) slack.ModalViewRequest {
	r := s.renderer(team, inModal)
	defer r.free()
	title := "Rapport"
	if len(m.Blocks) > 0 {
		if h, ok := m.Blocks[0].(bot.Heading); ok && units(h.Text) <= maxTitle && !blank(h.Text) {
			title, m.Blocks = bot.Flat(h.Text), m.Blocks[1:]
		}
	}
	r.message(m)
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: label(title), Close: label("Close"),
		Blocks: asBlocks(r.blocks()), PrivateMetadata: o.pack(), CallbackID: "panel",
	}
}

// label is a modal's title or button: at most 24 characters.
func label(s string) *slack.TextBlockObject {
	no := false
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: clip(oneLine(s), maxTitle), Emoji: &no}
}

// input writes one field.
func (r *renderer) input(f bot.Field) {
	name := r.flat(f.Label)
	if blank(name) {
		name = f.Name
	}
	if blank(name) {
		name = "–"
	}
	r.out = append(r.out, `{"type":"input","block_id":`...)
	r.out = appendString(r.out, blockID(f.Name))
	r.out = append(r.out, `,"label":`...)
	r.plainText(name, 2000)
	if hint := r.flat(f.Hint); !blank(hint) {
		r.out = append(r.out, `,"hint":`...)
		r.plainText(hint, 2000)
	}
	// An unticked box is an answer: a required flag is asked as two radio buttons.
	if !f.Required {
		r.out = append(r.out, `,"optional":true`...)
	}
	r.out = append(r.out, `,"element":{`...)
	r.element(f)
	r.out = append(r.out, `,"action_id":"v"}}`...)
	r.end()
}

func (r *renderer) element(f bot.Field) {
	switch f.Kind {
	case bot.Choice:
		if len(f.Options) == 0 {
			r.typed(`"type":"plain_text_input"`, f)
			return
		}
		r.pickFrom(f)
	case bot.Search:
		r.search(f)
	case bot.Member:
		r.person(f)
	case bot.Number:
		r.out = append(r.out, `"type":"number_input","is_decimal_allowed":false`...)
		r.initial(f, 0)
	case bot.Email:
		r.out = append(r.out, `"type":"email_text_input"`...)
		r.initial(f, 0)
	case bot.Flag:
		r.flag(f)
	case bot.Date:
		r.out = append(r.out, `"type":"datepicker"`...)
		if isDate(f.Value) {
			r.out = append(r.out, `,"initial_date":"`+f.Value+`"`...)
		}
	case bot.Upload:
		r.out = append(r.out, `"type":"file_input","max_files":`...)
		if f.Many {
			r.out = append(r.out, `10`...)
		} else {
			r.out = append(r.out, `1`...)
		}
	case bot.Long:
		r.typed(`"type":"plain_text_input","multiline":true`, f)
	default:
		if f.Many {
			r.typed(`"type":"plain_text_input","multiline":true`, f)
			return
		}
		r.typed(`"type":"plain_text_input"`, f)
	}
}

func (r *renderer) typed(head string, f bot.Field) {
	r.out = append(r.out, head...)
	limit := maxInput
	if f.Max > 0 && f.Max < maxInput {
		limit = f.Max
		r.out = append(r.out, `,"max_length":`...)
		r.out = appendInt(r.out, limit)
	}
	r.initial(f, limit)
}

func (r *renderer) initial(f bot.Field, limit int) {
	v := r.flat(f.Value)
	if blank(v) {
		return
	}
	if limit > 0 {
		v = clip(v, limit)
	}
	r.out = append(r.out, `,"initial_value":`...)
	r.out = appendString(r.out, v)
}

func (r *renderer) pickFrom(f bot.Field) {
	kind := `"type":"static_select"`
	if f.Many {
		kind = `"type":"multi_static_select"`
	}
	r.out = append(r.out, kind...)
	r.out = append(r.out, `,"options":[`...)
	options := f.Options[:min(len(f.Options), maxOptions)]
	for i, o := range options {
		r.out = comma(r.out, i)
		r.option(o)
	}
	r.out = append(r.out, ']')
	var picked []bot.Option
	if f.Value != "" {
		for _, v := range strings.Split(f.Value, "\n") {
			for _, o := range options {
				if o.Value == v {
					picked = append(picked, o)
					break
				}
			}
		}
	}
	r.picked(f.Many, picked)
}

// picked writes what is chosen already; it must equal options exactly.
func (r *renderer) picked(many bool, options []bot.Option) {
	switch {
	case len(options) == 0:
	case many:
		r.out = append(r.out, `,"initial_options":[`...)
		for i, o := range options {
			r.out = comma(r.out, i)
			r.option(o)
		}
		r.out = append(r.out, ']')
	default:
		r.out = append(r.out, `,"initial_option":`...)
		r.option(options[0])
	}
}

func (r *renderer) search(f bot.Field) {
	kind := `"type":"external_select","min_query_length":0`
	if f.Many {
		kind = `"type":"multi_external_select","min_query_length":0`
	}
	r.out = append(r.out, kind...)
	if f.Value == "" {
		return
	}
	var picked []bot.Option
	shown := strings.Split(f.Shown, "\n")
	for i, v := range strings.Split(f.Value, "\n") {
		o := bot.Option{Value: v, Label: v}
		if i < len(shown) && !blank(shown[i]) {
			o.Label = shown[i]
		}
		picked = append(picked, o)
	}
	r.picked(f.Many, picked)
}

func (r *renderer) person(f bot.Field) {
	var ids []string
	for _, v := range strings.Split(f.Value, "\n") {
		if id := r.memberID(v); id != "" {
			ids = append(ids, id)
		}
	}
	switch {
	case f.Many:
		r.out = append(r.out, `"type":"multi_users_select"`...)
		if len(ids) > 0 {
			r.out = append(r.out, `,"initial_users":["`+strings.Join(ids, `","`)+`"]`...)
		}
	default:
		r.out = append(r.out, `"type":"users_select"`...)
		if len(ids) > 0 {
			r.out = append(r.out, `,"initial_user":"`+ids[0]+`"`...)
		}
	}
}

// memberID reads a value of a member field: a mention, an account or a bare id.
func (r *renderer) memberID(v string) string {
	for _, sp := range bot.Spans(v) {
		if sp.Kind == bot.SpanMention {
			if id, group := r.known(sp); !group {
				return id
			}
			return ""
		}
	}
	if a, ok := bot.ParseAccount(v); ok {
		if a.Network == Network && r.here(a.Team) && isID(a.ID) {
			return a.ID
		}
		return ""
	}
	if isID(v) && len(v) > 2 && (v[0] == 'U' || v[0] == 'W') {
		return v
	}
	return ""
}

func (r *renderer) flag(f bot.Field) {
	yes, no := bot.Option{Value: "true", Label: "Yes"}, bot.Option{Value: "false", Label: "No"}
	if f.Required {
		r.out = append(r.out, `"type":"radio_buttons","options":[`...)
		r.option(yes)
		r.out = append(r.out, ',')
		r.option(no)
		r.out = append(r.out, ']')
		switch f.Value {
		case "true":
			r.picked(false, []bot.Option{yes})
		case "false":
			r.picked(false, []bot.Option{no})
		}
		return
	}
	r.out = append(r.out, `"type":"checkboxes","options":[`...)
	r.option(yes)
	r.out = append(r.out, ']')
	if f.Value == "true" {
		r.picked(true, []bot.Option{yes})
	}
}

func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	for i, c := range []byte(s) {
		if i != 4 && i != 7 && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
