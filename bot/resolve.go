package bot

import (
	"context"
	"errors"
	"reflect"
	"strings"
)

// resolve turns what was typed into ids, field by field.
func (t *turn) resolve(ctx context.Context, call *Call, cmd *command, act any) (any, error) {
	v := reflect.New(cmd.typ).Elem()
	v.Set(reflect.ValueOf(act))
	var args map[string]string
	for _, f := range cmd.fields {
		text := f.get(v)
		if text == "" || f.ref == "" && f.Kind != Member && f.Kind != Choice {
			continue
		}
		if args == nil {
			args = cmd.args(v)
		}
		if f.Many && f.Kind != Choice {
			var ids []string
			for _, one := range strings.Split(text, "\n") {
				id, err := t.resolveOne(ctx, call, f, one, args)
				if err != nil {
					return v.Interface(), err
				}
				ids = append(ids, id)
			}
			text = strings.Join(ids, "\n")
		} else {
			id, err := t.resolveOne(ctx, call, f, text, args)
			if err != nil {
				return v.Interface(), err
			}
			text = id
		}
		args[f.Name] = text
		if fault := f.set(v, text); fault != nil {
			return v.Interface(), fault
		}
	}
	return v.Interface(), nil
}

func (c *command) args(v reflect.Value) map[string]string {
	out := map[string]string{}
	for _, f := range c.fields {
		if s := f.get(v); s != "" {
			out[f.Name] = s
		}
	}
	return out
}

func (t *turn) resolveOne(ctx context.Context, call *Call, f *field, text string, args map[string]string) (string, error) {
	if f.ref == "" {
		if f.Kind == Member {
			return call.memberValue(ctx, f, text)
		}
		return f.choose(text)
	}
	l := t.bot.refs[f.ref]
	if l.Find == nil {
		return text, nil
	}
	if len(text) > 500 {
		return "", Faultf(Invalid, "%s is too long to look up. A name or an address is enough.", Bold(f.Label)).In(f.Name)
	}
	opts, err := l.Find(ctx, call, Flat(text), args)
	if err != nil {
		var fault *Fault
		if errors.As(err, &fault) && fault.Field == "" {
			fault.Field = f.Name
		}
		return "", err
	}
	switch len(opts) {
	case 0:
		return "", Faultf(Missing, "I know no %s called %s. Check the spelling, or type fewer letters.", strings.ToLower(f.Label), Bold(Clip(Flat(text), 80))).In(f.Name)
	case 1:
		if t.shown == nil {
			t.shown = map[string]string{}
		}
		t.shown[opts[0].Value] = opts[0].Label
		return opts[0].Value, nil
	}
	return "", &Fault{Kind: Ambiguous, Field: f.Name, Options: opts,
		Say: "There are several that fit " + Bold(Clip(Flat(text), 80)) + ". Which one do you mean?"}
}

// choose reads a word as one of a field's options.
func (f *field) choose(text string) (string, error) {
	if len(f.Options) == 0 {
		return text, nil
	}
	var names []string
	for _, o := range f.Options {
		if strings.EqualFold(o.Value, text) || strings.EqualFold(o.Label, text) {
			return o.Value, nil
		}
		names = append(names, o.Value)
	}
	return "", Faultf(Invalid, "%s takes one of: %s.", Bold(f.Label), strings.Join(names, ", ")).In(f.Name)
}
