package bot

import (
	"context"
	"reflect"
	"slices"
	"sort"
	"strings"
)

// moreField stands in a form that has more fields than its network shows: ticking it
// opens the others. No command may have a field of that name.
const moreField = "more_details"

// goOn leads to a form that cannot be opened right away. Where nothing more is
// needed and only the rest was asked for, the act can as well be done as it is.
func (t *turn) goOn(cmd *command, act any) Message {
	text := "One more thing is needed for “" + cmd.Title + "”."
	tok := t.token
	next := Button{Label: "Continue", Style: Primary, Do: pressed{act: act, life: buttonLife,
		tok: token{More: tok.More, Asked: tok.Asked, Again: tok.Again, For: tok.For}}}
	buttons := []Button{next}
	if tok.More && len(cmd.missing(act)) == 0 {
		text = "The other details of “" + cmd.Title + "” are next; nothing is done yet."
		buttons = append(buttons, Button{Label: "Leave them out", Do: act})
	}
	return Message{Text: text, Blocks: []Block{Para{text}, Buttons{buttons}}}
}

// known is the act with what its form would have shown filled in, for when that form
// comes later and what it was made from is gone.
func (t *turn) known(cmd *command, form Form) any {
	v := reflect.New(cmd.typ).Elem()
	v.Set(reflect.ValueOf(form.Act))
	for _, x := range form.Fields {
		if f, ok := cmd.field(x.Name); ok && x.Value != "" && f.get(v) == "" {
			_ = f.set(v, x.Value)
		}
	}
	return v.Interface()
}

// binds is the act with the records its form shows by name: a network may send the
// name back, which others have too.
func (t *turn) binds(cmd *command, form Form) any {
	v := reflect.New(cmd.typ).Elem()
	v.Set(reflect.ValueOf(form.Act))
	for _, x := range form.Fields {
		if f, ok := cmd.field(x.Name); ok && f.ref != "" && x.Kind == Search && x.Value != "" && f.get(v) == "" {
			_ = f.set(v, x.Value)
		}
	}
	return v.Interface()
}

// unchanged reports whether what stands in a field is the name of the record that the
// form was opened with.
func (t *turn) unchanged(ctx context.Context, f *field, was, text string) bool {
	if f.ref == "" || f.Many || was == "" || text == "" || text == was {
		return false
	}
	said := t.reads(ctx, f, was)
	return text == Clip(said, t.abil.FormLine) || text == Flat(said)
}

// form builds the form for what an act still lacks: after a typed line all fields
// with what was understood, after a button only the open ones.
func (t *turn) form(ctx context.Context, cmd *command, act any) Form {
	v := reflect.New(cmd.typ).Elem()
	v.Set(reflect.ValueOf(act))
	f := Form{Title: cmd.Title, Act: act}
	if cmd.confirm != nil { // a preview comes first
		f.Submit = "Continue"
	}
	for _, fld := range cmd.fields {
		val := fld.get(v)
		if val != "" && t.viaTok && !t.token.Again && fld.Kind != Long || slices.Contains(t.token.Asked, fld.Name) && (val != "" || !fld.Required) {
			continue
		}
		x := fld.Field
		x.Value, x.Shown = val, t.reads(ctx, fld, val)
		f.Fields = append(f.Fields, x)
	}
	if cmd.shape != nil {
		sctx, cancel := context.WithTimeout(ctx, t.shaping())
		cmd.shape(sctx, t.call(""), act, &f)
		cancel()
	}
	if limit := t.abil.FormFields; limit > 0 && len(f.Fields) > limit {
		f.Fields = foremost(f.Fields, limit, t.token.First)
	}
	for i := range f.Fields {
		x := &f.Fields[i]
		x.Label, x.Hint = Clip(x.Label, t.abil.FormLabel), Clip(x.Hint, t.abil.FormHint)
		x.Options = FitOptions(x.Options, t.abil, t.abil.Options)
	}
	f.Title = Clip(f.Title, t.abil.FormTitle)
	return f
}

// reads is how a value stands in a form: an id by its name.
func (t *turn) reads(ctx context.Context, f *field, val string) string {
	if said := t.shown[val]; said != "" {
		return said
	}
	if l := t.bot.refs[f.ref]; t.viaTok && val != "" && !f.Many && l.Find != nil {
		if found, err := l.Find(ctx, t.call(""), val, map[string]string{}); err == nil && len(found) == 1 && found[0].Value == val {
			return found[0].Label
		}
	}
	return Flat(val)
}

// foremost keeps as many fields as fit, the required first. Further required ones
// come in the next step; for optional ones a box is kept that asks for them, so that
// nobody has to go through a second form who has nothing to say in it.
func foremost(list []Field, n int, first []string) []Field {
	rank := func(f Field) int {
		switch {
		case slices.Contains(first, f.Name):
			return 0
		case f.Required:
			return 1
		}
		return 2
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Field) int { return rank(a) - rank(b) })
	needed := len(slices.DeleteFunc(slices.Clone(list), func(f Field) bool { return rank(f) == 2 }))
	if needed > n || needed == len(list) {
		return list[:n] // another step follows anyway
	}
	var rest []string
	for _, f := range list[n-1:] {
		rest = append(rest, f.Label)
	}
	return append(list[:n-1], Field{Name: moreField, Label: "More details", Kind: Flag, Hint: "Opens another form: " + strings.Join(rest, ", ")})
}

func sortedNames(values map[string]string) []string {
	var out []string
	for k := range values {
		if k != moreField {
			out = append(out, k)
		}
	}
	sort.Strings(out)
	return out
}
