package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"rapport/store"
)

// Download is a file for one person, made when it is fetched and kept nowhere.
type Download struct {
	Name string
	Type string
	Data []byte
}

// downloadLife is how long a link to a download can be used, once.
const downloadLife = 10 * time.Minute

// downloadMark sets the token of a link apart from a button's.
const downloadMark = "file:"

// Give declares what an act of type A gives as a file. It runs when the link is used,
// with the rights its reader has then, and says with Viewed whose data it shows.
func Give[A any](b *Bot, f func(ctx context.Context, c *Call, a A) (Download, error)) {
	cmd, err := b.commandOf(*new(A))
	if err != nil {
		panic("bot: " + err.Error())
	}
	b.givers[cmd.Name] = func(ctx context.Context, c *Call, act any) (Download, error) { return f(ctx, c, act.(A)) }
}

// Offer makes a link by which this person can fetch what an act gives: once, within
// ten minutes. It is "" where there is no page to fetch it from.
func (c *Call) Offer(act any) (string, error) {
	if c.bot.DownloadAt == nil || c.Person.ID == "" {
		return "", nil
	}
	name, raw, err := c.bot.encode(act)
	if err != nil {
		return "", err
	}
	t := token{Tenant: c.Tenant, Act: downloadMark + name, Args: raw, For: c.Person.ID, Once: secret(18), Until: c.Now.Add(downloadLife).Unix()}
	text, err := c.bot.sealer.seal(t)
	if err != nil {
		return "", err
	}
	c.stage().Token("file/"+t.Once, []byte("1"), downloadLife)
	return c.bot.DownloadAt(text), nil
}

// fetch is what a link gives; spend false only says whether it would. asks is who is
// known to use it, the zero Person when nobody is.
func (b *Bot) fetch(ctx context.Context, link string, asks Person, spend bool) (Download, error) {
	used := Faultf(Stale, "This link was used already or is older than ten minutes. Ask for a new one where you got it.")
	now := b.now()
	t, ok := b.sealer.open(link)
	name, isFile := strings.CutPrefix(t.Act, downloadMark)
	cmd, give := b.byName[name], b.givers[name]
	if !ok || !isFile || now.Unix() > t.Until || cmd == nil || give == nil {
		return Download{}, used
	}
	if asks.Tenant == t.Tenant && asks.ID != t.For {
		return Download{}, Faultf(Forbidden, "This file is for whoever asked for it, and you are signed in as %s. Ask for one of your own where you got the link.", Bold(asks.Name))
	}
	sc := b.db.In(t.Tenant)
	if _, err := sc.Token(ctx, "file/"+t.Once); isNone(err) {
		return Download{}, used
	} else if err != nil {
		return Download{}, err
	}
	who, err := desk{b}.PersonByID(ctx, t.Tenant, t.For)
	if err != nil {
		return Download{}, err
	}
	if !who.Is(cmd.Who) {
		return Download{}, Faultf(Forbidden, "This is for %s.", cmd.WhoSaid)
	}
	if !spend {
		return Download{Name: cmd.Title}, nil
	}
	act, err := cmd.decode(t.Args)
	if err != nil {
		return Download{}, err
	}
	op := "file/" + t.Once
	c := &Call{memo: map[string]any{}, Tenant: t.Tenant, Scope: sc, Person: who, Now: now, Event: op, Door: "download", bot: b, op: op}
	if cmd.may != nil {
		if err := cmd.may(ctx, c, act); err != nil {
			return Download{}, err
		}
	}
	out, err := give(ctx, c, act)
	if err != nil {
		return Download{}, err
	}
	batch := c.stage()
	batch.Spend("file/" + t.Once)
	batch.Audit(c.audit(cmd.Name))
	err = sc.Commit(ctx, batch)
	var gone *store.Gone
	if errors.As(err, &gone) {
		return Download{}, used
	}
	if err != nil {
		return Download{}, err
	}
	return out, nil
}
