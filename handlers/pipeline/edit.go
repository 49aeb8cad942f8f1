package pipeline

import (
	"context"
	"reflect"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// EditCandidate changes what is known of somebody. What is left out stays; a dash
// takes a field away.
type EditCandidate struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	edited
}

// EditForm is EditCandidate as a form, bound to the record as it was shown.
type EditForm struct {
	Candidate string `about:"candidate"`
	Rev       int64
	Name      string `arg:"name" label:"Name"`
	rest
}

type edited struct {
	Name string `arg:"name,optional" label:"Name"`
	rest
}

// rest are the fields both ways have; lists take the place of the whole list.
type rest struct {
	Email  string `arg:"email,optional" label:"Mail addresses" hint:"The first is written to; a dash takes them away"`
	Phone  string `arg:"phone,optional" label:"Phones" hint:"With country code and commas between"`
	Zone   string `arg:"zone,optional" label:"Time zone" hint:"A city or a zone such as Africa/Lagos"`
	City   string `arg:"city,optional" label:"City"`
	Locale string `arg:"language,optional" label:"Language" hint:"Such as en-GB"`
	Source string `arg:"source,optional" label:"Source"`
	Owner  string `arg:"owner,optional,member" label:"Looked after by"`
}

func (w atlas) addEdits(b *bot.Bot) {
	bot.Handle(b, bot.Command[EditCandidate]{Name: "candidate edit", Title: "Edit a candidate", Who: moving,
		Help: "Changes a candidate's name, addresses, zone and the like.", Example: `candidate edit Ada zone:Africa/Lagos phone:"+234 803 555 0100"`, Run: w.editCandidate})
	bot.Handle(b, bot.Command[EditForm]{Name: "candidate form", Title: "Edit", Help: "Changes a candidate in a form.", Who: moving, On: bot.Hidden, Shape: shapeEdit, Run: w.editForm})
}

func (w atlas) editCandidate(ctx context.Context, c *bot.Call, a EditCandidate) (bot.Reply, error) {
	if a.edited == (edited{}) {
		p, err := seen(ctx, c, a.Candidate)
		return bot.Reply{Next: EditForm{Candidate: p.Candidate.ID, Rev: p.Candidate.Rev}}, err
	}
	return w.edit(ctx, c, a.Candidate, 0, a.edited)
}

func (w atlas) editForm(ctx context.Context, c *bot.Call, a EditForm) (bot.Reply, error) {
	return w.edit(ctx, c, a.Candidate, a.Rev, edited{Name: a.Name, rest: a.rest})
}

// shapeEdit fills in what is known, and nothing that this person may not see.
func shapeEdit(ctx context.Context, c *bot.Call, a EditForm, f *bot.Form) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil || !mayEdit(c, &p) {
		return
	}
	v := p.Candidate.Val
	var phones []string
	for _, x := range v.Phones {
		phones = append(phones, x.String())
	}
	known := map[string]string{"name": v.Name, "email": strings.Join(v.Emails, ", "), "phone": strings.Join(phones, ", "), "zone": v.Zone,
		"city": v.City, "language": v.Locale, "source": v.Source, "owner": v.Owner}
	for i := range f.Fields {
		x := &f.Fields[i]
		if x.Value != "" {
			continue // typed already
		}
		x.Value = known[x.Name]
		if x.Shown = x.Value; x.Name == "owner" && x.Value != "" {
			x.Shown = c.NameOf(ctx, x.Value)
		}
	}
}

func (w atlas) edit(ctx context.Context, c *bot.Call, id string, rev int64, e edited) (bot.Reply, error) {
	p, err := seen(ctx, c, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if !mayEdit(c, &p) {
		return bot.Reply{}, notYours(&p)
	}
	if rev != 0 && rev != p.Candidate.Rev {
		return bot.Reply{}, bot.Faultf(bot.Stale, "Somebody changed the record of %s while you were writing. This is how it is now; press Edit once more.",
			bot.Bold(p.Candidate.Val.Name)).With(bot.Button{Label: "Edit…", Do: EditForm{Candidate: p.Candidate.ID, Rev: p.Candidate.Rev}}, bot.Button{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}})
	}
	was := p.Candidate.Val
	next, fields, err := w.changedTo(ctx, c, was, e)
	if err != nil {
		return bot.Reply{}, err
	}
	name := bot.Bold(next.Name)
	open := bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}}}
	if reflect.DeepEqual(was, next) {
		return bot.Answer(bot.Card("Nothing to change", bot.Para{Text: "Nothing to change: " + name + " is on record just so."}, open)), nil
	}
	p.Candidate.Val = next
	store.Put(c.Batch(), tables.Candidates, p.Candidate)
	c.Record("candidate:" + p.Candidate.ID)
	var said []string
	for _, f := range fields {
		c.Fact("field "+f.name, "changed")
		said = append(said, f.label+": "+orNothing(f.was)+" → "+bot.Bold(orNothing(f.now)))
	}
	text := "Changed " + name + "."
	m := bot.Card(text, bot.Para{Text: text}, bot.List{Items: said})
	if found, likes, err := alike(ctx, c, next); err == nil && len(found) > 0 {
		if mine, err := theirs(ctx, c, found); err == nil && len(mine) > 0 && likes[mine[0].ID].Like == recruiting.Certain {
			m.Blocks = append(m.Blocks, bot.Note{Text: mine[0].Val.Name + " has " + strings.Join(likes[mine[0].ID].Why, " and ") + "."})
			open.Buttons = append(open.Buttons, bot.Button{Label: "Compare and merge", Do: Merge{Candidate: p.Candidate.ID, With: mine[0].ID}})
		}
	}
	m.Blocks = append(m.Blocks, open)
	return bot.Answer(m), nil
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return bot.Clip(s, 200)
}

// turned is one field that changed, in words.
type turned struct{ name, label, was, now string }

// changedTo is a candidate with the fields that were given.
func (w atlas) changedTo(ctx context.Context, c *bot.Call, v recruiting.Candidate, e edited) (recruiting.Candidate, []turned, error) {
	was := v
	var fault *bot.Fault
	var away error // what was to be looked up could not be
	given := func(text string) (string, bool) {
		text = strings.TrimSpace(bot.Flat(text))
		if text == "-" || text == "–" {
			return "", true
		}
		return text, text != ""
	}
	set := func(dst *string, text string, read func(string) (string, *bot.Fault)) {
		if t, ok := given(text); ok && fault == nil {
			if t == "" {
				*dst = ""
				return
			}
			var v string
			if v, fault = read(t); fault == nil {
				*dst = v
			}
		}
	}
	if t, ok := given(e.Name); ok {
		if v.Name, fault = recruiting.ParseName(t); fault != nil {
			return v, nil, fault
		}
	}
	if t, ok := given(e.Email); ok {
		if v.Emails, fault = mails(v, t); fault != nil {
			return v, nil, fault
		}
	}
	set(&v.Locale, e.Locale, func(s string) (string, *bot.Fault) { return short("language", "language", s) })
	if t, ok := given(e.Phone); ok && fault == nil {
		if v.Phones, fault = phones(v, t); fault != nil {
			return v, nil, fault
		}
	}
	set(&v.Zone, e.Zone, w.zoneOf)
	set(&v.City, e.City, func(s string) (string, *bot.Fault) { return short("city", "city", s) })
	set(&v.Source, e.Source, func(s string) (string, *bot.Fault) { return short("source", "source", s) })
	set(&v.Owner, e.Owner, func(s string) (string, *bot.Fault) {
		who, _, err := c.MemberOf(ctx, s)
		if err != nil && !bot.IsFault(err, bot.Missing) {
			away = err
		}
		if err != nil || who.ID == "" || who.Gone || !who.Is(moving) {
			return "", bot.Faultf(bot.Invalid, "Somebody is looked after by a recruiter, a hiring manager or an Admin of the team.").In("owner")
		}
		return who.ID, nil
	})
	switch {
	case away != nil:
		return v, nil, away
	case fault != nil:
		return v, nil, fault
	}
	var out []turned
	tell := func(name, label, a, b string) {
		if a != b {
			out = append(out, turned{name, label, a, b})
		}
	}
	tell("name", "Name", was.Name, v.Name)
	tell("email", "Mail", strings.Join(was.Emails, ", "), strings.Join(v.Emails, ", "))
	tell("phone", "Phone", numbers(was.Phones), numbers(v.Phones))
	tell("zone", "Zone", was.Zone, v.Zone)
	tell("city", "City", was.City, v.City)
	tell("language", "Language", was.Locale, v.Locale)
	tell("source", "Source", was.Source, v.Source)
	if was.Owner != v.Owner {
		tell("owner", "Looked after by", named1(ctx, c, was.Owner), named1(ctx, c, v.Owner))
	}
	return v, out, nil
}

func named1(ctx context.Context, c *bot.Call, id string) string {
	if id == "" {
		return ""
	}
	return c.NameOf(ctx, id)
}

func numbers(list []recruiting.Phone) string {
	var out []string
	for _, p := range list {
		out = append(out, p.String())
	}
	return strings.Join(out, ", ")
}

// mails reads a whole list of addresses; "" is none.
func mails(v recruiting.Candidate, text string) ([]string, *bot.Fault) {
	v.Emails = nil
	for _, part := range pieces(text) {
		m, fault := recruiting.ParseEmail(part)
		if fault != nil {
			return nil, fault.In("email")
		}
		if v, fault = v.AddEmail(m); fault != nil {
			return nil, fault
		}
	}
	return v.Emails, nil
}

func phones(v recruiting.Candidate, text string) ([]recruiting.Phone, *bot.Fault) {
	v.Phones = nil
	for _, part := range pieces(text) {
		n, fault := recruiting.ParsePhone(part, recruiting.Region(v.Locale))
		if fault != nil {
			return nil, fault.In("phone")
		}
		if v, fault = v.AddPhone(n); fault != nil {
			return nil, fault
		}
	}
	return v.Phones, nil
}

func pieces(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' })
}
