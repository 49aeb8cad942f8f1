package bot

import (
	"context"
	"errors"
	"reflect"
	"strings"
)

// suggest completes a field while somebody types.
func (t *turn) suggest(ctx context.Context, s Suggest) error {
	name := s.Name
	args := s.Args
	if s.Token != "" {
		tok, err := t.bot.openToken(ctx, s.Token, t.now)
		if err != nil || t.bind(tok) != nil {
			return t.options(ctx, nil)
		}
		name = tok.Act
		if cmd := t.bot.byName[name]; cmd != nil {
			if act, err := cmd.decode(tok.Args); err == nil {
				v := reflect.New(cmd.typ).Elem()
				v.Set(reflect.ValueOf(act))
				all := cmd.args(v)
				for k, x := range args {
					all[k] = x
				}
				args = all
			}
		}
	}
	cmd := t.bot.byName[name]
	if cmd == nil || t.gate(ctx, cmd) != nil {
		return t.options(ctx, nil)
	}
	f, ok := cmd.field(s.Field)
	if !ok {
		return t.options(ctx, nil)
	}
	if args == nil {
		args = map[string]string{}
	}
	list, err := t.offer(ctx, f, Flat(Clean(s.Typed)), args)
	if err != nil {
		t.bot.log.WarnContext(ctx, "no suggestions", "event", t.ev.ID, "err", err)
	}
	return t.options(ctx, list)
}

func (t *turn) offer(ctx context.Context, f *field, typed string, args map[string]string) ([]Option, error) {
	if len(f.Options) > 0 {
		var out []Option
		for _, o := range f.Options {
			if strings.HasPrefix(strings.ToLower(o.Label), strings.ToLower(typed)) || strings.HasPrefix(o.Value, strings.ToLower(typed)) {
				out = append(out, o)
			}
		}
		return out, nil
	}
	ref := f.ref
	if ref == "" && f.Kind == Member {
		ref = "member"
	}
	l := t.bot.refs[ref]
	find := l.Suggest
	if find == nil {
		find = l.Find
	}
	if find == nil {
		return nil, nil
	}
	list, err := find(ctx, t.call(""), typed, args)
	var fault *Fault
	if errors.As(err, &fault) {
		return fault.Options, nil
	}
	return list, err
}

func (t *turn) options(ctx context.Context, list []Option) error {
	list = FitOptions(list, t.abil, t.abil.Suggest)
	return t.speak(ctx, func(ctx context.Context, turn Turn) error { return turn.Suggest(ctx, list) })
}
