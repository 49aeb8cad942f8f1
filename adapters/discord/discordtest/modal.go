package discordtest

import (
	"fmt"
	"strings"
)

// modal is a form that is open in front of a person.
type modal struct {
	id, title  string
	components []any
	from       *interaction
	values     map[string]any // by custom_id
}

// Modal is an open form as the person sees it.
type Modal struct {
	Title  string
	Texts  []string
	Fields []Field
}

// Field is one thing to fill in.
type Field struct {
	Label, Description, Placeholder string
	CustomID                        string
	Required                        bool
	Value                           any      // what stands there now
	Options                         []string // labels, where there are some
}

// String is the form as plain text.
func (m Modal) String() string {
	var b strings.Builder
	b.WriteString("form: " + m.Title)
	for _, t := range m.Texts {
		b.WriteString("\n  " + t)
	}
	for _, f := range m.Fields {
		b.WriteString("\n  " + f.Label)
		if f.Required {
			b.WriteString("*")
		}
		b.WriteString(":")
		if f.Value != nil && f.Value != "" {
			fmt.Fprintf(&b, " %v", f.Value)
		}
		if f.Description != "" {
			b.WriteString(" (" + f.Description + ")")
		}
		if len(f.Options) > 0 {
			b.WriteString(" <" + strings.Join(f.Options, " | ") + ">")
		}
	}
	return b.String()
}

// Field is the field with that label; ok is false if there is none.
func (m Modal) Field(label string) (f Field, ok bool) {
	for _, f := range m.Fields {
		if folded(f.Label, label) {
			return f, true
		}
	}
	return Field{}, false
}

// input is a field with its place in the form.
type input struct {
	label, description string
	o                  obj
}

func (m *modal) inputs() []input {
	var all []input
	for _, top := range objects(m.components) {
		switch integer(top, "type", 0) {
		case compLabel:
			all = append(all, input{str(top, "label"), str(top, "description"), sub(top, "component")})
		case compRow:
			for _, in := range objects(list(top, "components")) {
				all = append(all, input{str(in, "label"), "", in})
			}
		}
	}
	return all
}

func (in input) required() bool {
	if v, ok := in.o["required"].(bool); ok {
		return v
	}
	return integer(in.o, "type", 0) != compCheck
}

func (m *modal) view() Modal {
	v := Modal{Title: m.title}
	for _, o := range objects(m.components) {
		if integer(o, "type", 0) == compText {
			v.Texts = append(v.Texts, str(o, "content"))
		}
	}
	for _, in := range m.inputs() {
		f := Field{Label: in.label, Description: in.description, Placeholder: str(in.o, "placeholder"), CustomID: str(in.o, "custom_id"),
			Required: in.required(), Value: m.standing(in)}
		for _, op := range objects(list(in.o, "options")) {
			f.Options = append(f.Options, str(op, "label"))
		}
		v.Fields = append(v.Fields, f)
	}
	return v
}

// standing is what a field holds: what was filled in, else the preset.
func (m *modal) standing(in input) any {
	if v, ok := m.values[str(in.o, "custom_id")]; ok {
		return v
	}
	switch kind := integer(in.o, "type", 0); kind {
	case compInput:
		return str(in.o, "value")
	case compCheck:
		return truth(in.o, "default")
	default:
		var preset []string
		for _, op := range objects(list(in.o, "options")) {
			if truth(op, "default") {
				preset = append(preset, str(op, "label"))
			}
		}
		if preset == nil {
			return nil
		}
		return preset
	}
}

// Modal waits for a form to be open and returns it.
func (h *Human) Modal() Modal {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	var v Modal
	if !h.s.await(h.s.opt.Patience, func() bool {
		if h.modal != nil {
			v = h.modal.view()
		}
		return h.modal != nil
	}) {
		h.fail("no form is open for %s; %s", h.user.Name, h.overview())
	}
	return v
}

// Fill fills fields of the open form, by label: text for a text field, an
// option's label (or []string) for menus and groups, a bool for a checkbox,
// *Human, *Role, *Channel or File (or []any) where those are taken.
func (h *Human) Fill(values map[string]any) {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	open := h.Modal()
	h.s.mu.Lock()
	md := h.modal
	for label, v := range values {
		f, ok := open.Field(label)
		if !ok || md == nil {
			h.s.mu.Unlock()
			h.fail("the form has no field %q:\n%s", label, open)
			return
		}
		md.values[f.CustomID] = v
	}
	h.s.mu.Unlock()
}

// CloseModal dismisses the open form; the app hears nothing of it.
func (h *Human) CloseModal() {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	h.modal = nil
}

// SubmitModal sends the open form. What the client would not let through (a
// required field empty, a text too long) fails the test.
func (h *Human) SubmitModal() *Exchange {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	h.Modal()
	h.s.mu.Lock()
	md := h.modal
	resolved := obj{}
	parts := []any{}
	for _, top := range objects(md.components) {
		part, problem := h.submitPart(md, top, resolved)
		if problem != "" {
			h.s.mu.Unlock()
			h.fail("form %q: %s", md.title, problem)
			return nil
		}
		parts = append(parts, part)
	}
	data := obj{"custom_id": md.id, "components": parts}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return h.start(&interaction{kind: interModal, user: h, ch: md.from.ch, name: "form " + md.title, data: data, source: md.from.source, trigger: md.from})
}

func (h *Human) submitPart(md *modal, top obj, resolved obj) (obj, string) {
	part := obj{"type": top["type"], "id": top["id"]}
	switch integer(top, "type", 0) {
	case compLabel:
		in, problem := h.submitInput(md, input{str(top, "label"), "", sub(top, "component")}, resolved)
		part["component"] = in
		return part, problem
	case compRow:
		inner := []any{}
		for _, o := range objects(list(top, "components")) {
			in, problem := h.submitInput(md, input{str(o, "label"), "", o}, resolved)
			if problem != "" {
				return nil, problem
			}
			inner = append(inner, in)
		}
		part["components"] = inner
	}
	return part, ""
}

func (h *Human) submitInput(md *modal, in input, resolved obj) (obj, string) {
	out := obj{"type": in.o["type"], "id": in.o["id"], "custom_id": in.o["custom_id"]}
	v := md.standing(in)
	complain := func(format string, args ...any) (obj, string) {
		return nil, fmt.Sprintf("field %q ", in.label) + fmt.Sprintf(format, args...)
	}
	switch kind := integer(in.o, "type", 0); kind {
	case compInput:
		t, ok := v.(string)
		least, most := integer(in.o, "min_length", 0), integer(in.o, "max_length", 4000)
		switch n := size(t); {
		case !ok:
			return complain("takes text, not a %T", v)
		case t == "" && in.required():
			return complain("is required")
		case t != "" && (n < least || n > most):
			return complain("takes %d to %d characters, not %d", least, most, n)
		}
		out["value"] = t
	case compCheck:
		b, ok := v.(bool)
		if !ok || in.required() && !b {
			return complain("has to be ticked or not, not %v", v)
		}
		out["value"] = b
	case compRadio:
		picked := several(v)
		if len(picked) == 0 {
			if in.required() {
				return complain("is required")
			}
			out["value"] = nil
			break
		}
		one, problem := h.pickOne(in.o, picked[0], md.from.ch, resolved)
		if problem != "" {
			return complain("%s", problem)
		}
		out["value"] = one
	default:
		picked := several(v)
		if len(picked) == 0 && !in.required() {
			out["values"] = []any{}
			break
		}
		values, problem := h.choose(in.o, picked, md.from.ch, resolved)
		if problem != "" {
			return complain("%s", problem)
		}
		out["values"] = values
	}
	return out, ""
}

// several takes one value or a list of them.
func several(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case []string:
		return anys(v)
	}
	return []any{v}
}
