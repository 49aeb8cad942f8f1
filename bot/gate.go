package bot

import (
	"context"
	"reflect"
	"strings"
)

// gate is the one place that says whether this kind of person may. A refusal is never
// given on what is remembered of them.
func (t *turn) gate(ctx context.Context, cmd *command) *Fault {
	f := t.barred(cmd)
	if f == nil {
		return nil
	}
	w, err := t.bot.people.anew(ctx, t.ev.sender(), t.ev.Place.Team, t.now)
	if err != nil || t.who.tenant != "" && t.who.tenant != w.tenant { // what was asked for is that tenant's
		return f
	}
	t.is(w)
	return t.barred(cmd)
}

func (t *turn) barred(cmd *command) *Fault {
	if cmd.Who&Anyone != 0 || t.who.person.Is(cmd.Who) {
		return nil
	}
	if t.who.person.ID == "" {
		return Faultf(Forbidden, "%s", t.stranger())
	}
	are := "You have no role here"
	if roles := t.who.person.Roles; roles != 0 {
		are = "You are " + strings.ReplaceAll(t.bot.WhoSaid(roles), " or ", " and ") + " here"
	}
	return Faultf(Forbidden, "%s is for %s. %s; an Admin can change that with %s.",
		Code("/"+t.bot.Prefix+" "+cmd.Name), cmd.WhoSaid, are, Code("/"+t.bot.Prefix+" member add"))
}

// stranger is what somebody reads whom nobody invited; it holds no data.
func (t *turn) stranger() string {
	switch {
	case len(t.who.choice) > 0:
		return "You belong to several employers here. Say which one you mean with " + Code("/"+t.bot.Prefix+" use") + "."
	case t.who.team || t.who.tenant != "":
		return "Hello! I am Rapport, the recruiting assistant here. I do not know you yet: ask an Admin of Rapport to add you with " +
			Code("/"+t.bot.Prefix+" member add @you role:manager") + ", or ask to join with " + Code("/"+t.bot.Prefix+" join") + "."
	}
	return "Hello! I am Rapport. This workspace is not set up yet. Whoever runs me can type " + Code("/"+t.bot.Prefix+" setup CODE") + " with the code printed at start."
}

// gone says that what a button is about is not there any more, so that nobody fills in
// a form for nothing.
func (t *turn) gone(ctx context.Context, cmd *command, act any) *Fault {
	ctx, cancel := context.WithTimeout(ctx, brisk)
	defer cancel()
	v := reflect.New(cmd.typ).Elem()
	v.Set(reflect.ValueOf(act))
	gone := func(kind, id string) *Fault {
		if l := t.bot.refs[kind]; l.Gone != nil && id != "" {
			return l.Gone(ctx, t.call(""), id)
		}
		return nil
	}
	for i := range cmd.typ.NumField() { // what the button is bound to and no form asks for
		if kind := cmd.typ.Field(i).Tag.Get("about"); kind != "" {
			if fault := gone(kind, v.Field(i).String()); fault != nil {
				return fault
			}
		}
	}
	for _, f := range cmd.fields {
		if !f.Many {
			if fault := gone(f.ref, f.get(v)); fault != nil {
				return fault
			}
		}
	}
	return nil
}
