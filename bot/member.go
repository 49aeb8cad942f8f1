package bot

import (
	"context"
	"strings"
)

// A Member field holds a person's id, or, for somebody who is no person yet, an
// account as text. memberValue makes it of a mention, a menu's pick or a name.
func (c *Call) memberValue(ctx context.Context, f *field, text string) (string, error) {
	for _, s := range Spans(text) {
		if s.Kind == SpanMention {
			return c.accountValue(ctx, s.Account)
		}
	}
	text = strings.TrimSpace(Flat(text))
	if a, ok := ParseAccount(text); ok && c.bot.networks[a.Network] != nil {
		return c.accountValue(ctx, a)
	}
	if strings.EqualFold(text, "me") && c.Person.ID != "" {
		return c.Person.ID, nil
	}
	name := strings.TrimPrefix(text, "@")
	rows, err := People.Lookup(ctx, c.Scope, name, 7)
	if spaced := strings.ReplaceAll(name, ".", " "); err == nil && len(rows) == 0 && spaced != name { // @Ines.Carrasco, as far as she writes herself Inés
		rows, err = People.Lookup(ctx, c.Scope, spaced, 7)
	}
	if err != nil {
		return "", err
	}
	var opts []Option
	for _, r := range rows {
		if r.Val.Gone {
			continue
		}
		if r.ID == name {
			return r.ID, nil
		}
		opts = append(opts, Option{Value: r.ID, Label: r.Val.Name, Hint: r.Val.Email})
	}
	switch len(opts) {
	case 0:
		return "", Faultf(Missing, "I know nobody called %s here. Mention them with @, so that I know exactly who you mean.", Bold(Clip(name, 60))).In(f.Name)
	case 1:
		return opts[0].Value, nil
	}
	return "", &Fault{Kind: Ambiguous, Field: f.Name, Options: opts, Say: "Several people fit " + Bold(Clip(name, 60)) + ". Who is meant?"}
}

func (c *Call) accountValue(ctx context.Context, a Account) (string, error) {
	p, err := c.PersonOf(ctx, a)
	if err != nil {
		return "", err
	}
	if p.ID != "" && !p.Gone {
		return p.ID, nil
	}
	return a.String(), nil
}

// MemberOf reads a Member field: the person, or only the account when that is
// nobody yet.
func (c *Call) MemberOf(ctx context.Context, value string) (Person, Account, error) {
	if a, ok := ParseAccount(value); ok {
		p, err := c.PersonOf(ctx, a)
		return p, a, err
	}
	p, err := c.PersonByID(ctx, value)
	if isNone(err) {
		return p, Account{}, Faultf(Missing, "I cannot find that person any more.")
	}
	return p, Account{}, err
}
