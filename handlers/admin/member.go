package admin

import (
	"context"
	"errors"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// AddMember gives somebody roles; from then on they are usable everywhere.
type AddMember struct {
	Who  string `arg:"who,member" label:"Who"`
	Role string `arg:"role" label:"Role" hint:"admin, recruiter, manager, interviewer, support; several with commas"`
}

func addMembers(b *bot.Bot) {
	bot.Handle(b, bot.Command[AddMember]{Name: "member add", Title: "Add a member", Who: recruiting.Admin, On: bot.OnHome | bot.OnPerson,
		Help: "Adds a member with a role, or changes their roles.", Example: "member add @bob role:manager",
		Run: func(ctx context.Context, c *bot.Call, a AddMember) (bot.Reply, error) { return addMember(ctx, b, c, a) }})
}

func addMember(ctx context.Context, b *bot.Bot, c *bot.Call, a AddMember) (bot.Reply, error) {
	roles, fault := recruiting.ParseRoles(a.Role)
	if fault != nil {
		return bot.Reply{}, fault
	}
	p, account, err := c.MemberOf(ctx, a.Who)
	if err != nil {
		return bot.Reply{}, err
	}
	if p.ID != "" {
		row, err := bot.People.Get(ctx, c.Scope, p.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		row.Val.Roles = roles
		store.Put(c.Batch(), bot.People, row)
		c.After(b.Forget)
	} else if p, err = takeIn(ctx, b, c.Tenant, account, roles, c.Now); err != nil {
		return bot.Reply{}, err
	}
	c.Record("person:" + p.ID)
	return bot.Replyf("%s is %s now.", bot.Bold(p.Name), recruiting.RoleWords(roles)), nil
}

// takeIn makes a person of an account, with what its network tells of it.
func takeIn(ctx context.Context, b *bot.Bot, tenant string, a bot.Account, roles bot.Role, now time.Time) (bot.Person, error) {
	sc := b.DB().In(tenant)
	var row store.Row[bot.Person]
	id, err := bot.People.Owner(ctx, sc, "account", a.String())
	switch {
	case errors.Is(err, store.ErrNone):
		row = store.Row[bot.Person]{ID: store.NewID("m", now), Val: bot.Person{Accounts: []bot.Account{a}}}
	case err != nil:
		return bot.Person{}, err
	default:
		if row, err = bot.People.Get(ctx, sc, id); err != nil {
			return bot.Person{}, err
		}
	}
	row.Val.Roles |= roles
	row.Val.Gone = false
	if n, ok := b.Network(a.Network).(bot.Profiler); ok {
		if pr, err := n.Profile(ctx, a); err == nil {
			row.Val.Name, row.Val.Email, row.Val.Locale = first(row.Val.Name, pr.Name), first(row.Val.Email, pr.Email), first(row.Val.Locale, pr.Locale)
			row.Val.Zone = first(row.Val.Zone, pr.Zone)
		}
	}
	row.Val.Name = first(row.Val.Name, a.ID)
	if err := b.SavePerson(ctx, tenant, row, nil); err != nil {
		return bot.Person{}, err
	}
	row.Val.ID, row.Val.Tenant = row.ID, tenant
	return row.Val, nil
}

func first(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(bot.Clean(s)); s != "" {
			return s
		}
	}
	return ""
}
