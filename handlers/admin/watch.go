package admin

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"rapport/bot"
	"rapport/store"
)

// watch hears what happens to accounts and workspaces: who left loses every right
// at once, what a network knows better is taken over, a workspace that threw
// Rapport out stays its employer's until an Admin releases it.
func (a *desk) watch(ctx context.Context, c *bot.Call, e bot.Event) error {
	switch body := e.Body.(type) {
	case bot.Left:
		return a.left(ctx, body.Account)
	case bot.Profiled:
		if !body.Profile.Member {
			return a.left(ctx, body.Profile.Account)
		}
		return a.profiled(ctx, c, body.Profile)
	case bot.Uninstalled:
		a.bot.Forget()
		return nil // whoever installs again is still the same employer; team release lets it go
	}
	return nil
}

// left takes an account from its person in every tenant. An account of the
// employer's own workspace vouched for the person: without it they are gone, with
// every other account of theirs; the Admins are asked who takes over.
func (a *desk) left(ctx context.Context, account bot.Account) error {
	tenants, err := a.bot.TenantsOf(ctx, account)
	if err != nil {
		return err
	}
	defer a.bot.Forget()
	for _, t := range tenants {
		op := "left/" + account.String() + "/" + strconv.FormatInt(a.bot.Host().Now().UnixMilli(), 36)
		if err := a.bot.Act(ctx, t.Value, account.Network, op, "member left", func(ctx context.Context, c *bot.Call) error {
			return a.takeAccount(ctx, c, account)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (a *desk) takeAccount(ctx context.Context, c *bot.Call, account bot.Account) error {
	id, err := bot.People.Owner(ctx, c.Scope, "account", account.String())
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	row, err := bot.People.Get(ctx, c.Scope, id)
	if err != nil {
		return err
	}
	row.Val.Accounts = slices.DeleteFunc(slices.Clone(row.Val.Accounts), func(x bot.Account) bool { return x == account })
	if row.Val.Prefer.Network == account.Network {
		row.Val.Prefer = bot.Place{}
	}
	if gone := account.Team != "" || len(row.Val.Accounts) == 0; gone {
		row.Val.Gone, row.Val.Roles, row.Val.Accounts = true, 0, nil
		if err := a.revoke(ctx, c.Tenant, id); err != nil {
			return err
		}
		if err := a.askHeir(ctx, c, id, row.Val.Name); err != nil {
			return err
		}
	}
	store.Put(c.Batch(), bot.People, row)
	c.Record("person:" + id)
	c.Tell(MemberLeft{Person: id})
	return nil
}

// askHeir asks the Admins who takes over from somebody who left by themselves.
func (a *desk) askHeir(ctx context.Context, c *bot.Call, id, name string) error {
	jobs, err := jobsOf(ctx, c, id)
	if err != nil {
		return err
	}
	admins, err := a.admins(ctx, c)
	if bot.IsFault(err, bot.Refused) {
		return nil
	}
	if err != nil {
		return err
	}
	text := bot.Bold(name) + " has left, and has no rights here any more."
	m := bot.Card(name+" has left", bot.Para{Text: text})
	if len(jobs) > 0 {
		m.Blocks = append(m.Blocks, bot.Para{Text: "They looked after " + counted(len(jobs), "job") + "."},
			bot.Buttons{Buttons: []bot.Button{{Label: "Who takes over…", Style: bot.Primary, Do: RemoveMember{Who: id}}}})
	}
	for _, p := range admins {
		if p.ID == id {
			continue
		}
		if err := c.Send(ctx, bot.Outgoing{To: p.ID, Message: m}); err != nil {
			return err
		}
	}
	return nil
}

// profiled takes over zone and locale when the network's changed; names people set
// themselves stay.
func (a *desk) profiled(ctx context.Context, c *bot.Call, pr bot.Profile) error {
	p, err := c.PersonOf(ctx, pr.Account)
	if err != nil || p.ID == "" || p.Gone {
		return err
	}
	row, err := bot.People.Get(ctx, c.Scope, p.ID)
	if err != nil {
		return err
	}
	before := row.Val
	learn(&row.Val, pr)
	if pr.Zone != "" {
		row.Val.Zone = pr.Zone
	}
	if before.Zone == row.Val.Zone && before.Name == row.Val.Name && before.Email == row.Val.Email && before.Locale == row.Val.Locale {
		return nil
	}
	store.Put(c.Batch(), bot.People, row)
	c.Record("person:" + row.ID)
	c.After(a.bot.Forget)
	return nil
}
