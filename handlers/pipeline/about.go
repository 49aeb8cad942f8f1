package pipeline

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

const (
	aboutWords = 80 // words of a message that are looked at
	aboutLooks = 40 // most searches for one message
	aboutMost  = 10 // more people than that and nobody is meant
)

var mailShape = regexp.MustCompile(`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}`)

// guess fills in the candidate of a form that was opened on a message: the only one
// the message is about, or a choice between those it names. It shows what it took, and
// takes nothing where nobody is named.
func guess(ctx context.Context, c *bot.Call, f *bot.Form) {
	i := slices.IndexFunc(f.Fields, func(x bot.Field) bool { return x.Name == "candidate" })
	if c.On == nil || i < 0 || f.Fields[i].Value != "" {
		return
	}
	found, err := about(ctx, c)
	x := &f.Fields[i]
	switch {
	case err != nil || len(found) == 0:
	case len(found) == 1:
		x.Value, x.Shown = found[0].ID, found[0].Val.Name
		x.Hint = "Named in the message; change it if somebody else is meant"
	default:
		x.Kind, x.Options = bot.Choice, apart(c.Person, found)
		x.Hint = "Named in the message. For anybody else, close this and type the command"
	}
}

// about is who a message is about: the records of the card it is, else the people whose
// mail address or whole name stands in it. Only those this person may see.
func about(ctx context.Context, c *bot.Call) ([]match, error) {
	var out []match
	add := func(list ...match) {
		for _, m := range list {
			if !slices.ContainsFunc(out, func(o match) bool { return o.ID == m.ID }) {
				out = append(out, m)
			}
		}
	}
	if ids := c.Meant(ctx, "candidate"); len(ids) > 0 {
		rows, err := tables.Candidates.Many(ctx, c.Scope, ids[:min(len(ids), aboutMost)])
		if err != nil {
			return nil, err
		}
		for _, r := range rows { // one by one: what follows must not take one for the only one meant
			mine, err := theirs(ctx, c, []store.Row[recruiting.Candidate]{r})
			if err != nil {
				return nil, err
			}
			add(mine...)
		}
		return out, nil
	}
	text := bot.Clip(bot.Flat(c.On.Text), 4000)
	for _, mail := range mailShape.FindAllString(text, 5) {
		found, err := search(ctx, c, mail, 3)
		if err != nil {
			return nil, err
		}
		for _, m := range found {
			if slices.Contains(m.Val.Emails, strings.ToLower(mail)) {
				add(m)
			}
		}
	}
	words := recruiting.Tokens(text)
	words = words[:min(len(words), aboutWords)]
	said := " " + strings.Join(words, " ") + " "
	looks := 0
	for i := 0; i+1 < len(words) && looks < aboutLooks; i++ {
		if !nameable(words[i]) || !nameable(words[i+1]) {
			continue
		}
		looks++
		found, err := search(ctx, c, words[i]+" "+words[i+1], aboutMost)
		if err != nil {
			return nil, err
		}
		for _, m := range found {
			if strings.Contains(said, " "+strings.Join(recruiting.Tokens(m.Val.Name), " ")+" ") {
				add(m)
			}
		}
	}
	if len(out) > aboutMost {
		return nil, nil
	}
	return out, nil
}

// common are words that are part of no name, so that they need not be looked up.
var common = strings.Fields("the and for was with has are not but you she him her his they them this that from have will can our who what when very please asks about would could should ist und der die das les des pour")

// nameable reports whether a folded word may be part of a name.
func nameable(w string) bool { return len([]rune(w)) > 1 && !slices.Contains(common, w) }
