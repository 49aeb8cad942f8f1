package admin

import (
	"context"
	"errors"
	"slices"

	"rapport/bot"
	"rapport/store"
)

// watch hears what happens to accounts and workspaces: who left loses every right
// at once, what a network knows better is taken over, a workspace that threw
// Rapport out belongs to nobody.
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
		return nil // the workspace stays claimed: whoever installs again is still the same employer
	}
	return nil
}

// left takes an account from its person in every tenant; without any account a
// person is gone.
func (a *desk) left(ctx context.Context, account bot.Account) error {
	tenants, err := a.bot.TenantsOf(ctx, account)
	if err != nil {
		return err
	}
	for _, t := range tenants {
		for try := 0; ; try++ {
			err := a.takeAccount(ctx, t.Value, account)
			if err == nil {
				break
			}
			if !errors.As(err, new(*store.Stale)) || try > 5 {
				return err
			}
		}
	}
	a.bot.Forget()
	return nil
}

func (a *desk) takeAccount(ctx context.Context, tenant string, account bot.Account) error {
	sc := a.bot.DB().In(tenant)
	id, err := bot.People.Owner(ctx, sc, "account", account.String())
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	row, err := bot.People.Get(ctx, sc, id)
	if err != nil {
		return err
	}
	row.Val.Accounts = slices.DeleteFunc(slices.Clone(row.Val.Accounts), func(x bot.Account) bool { return x == account })
	if row.Val.Prefer.Network == account.Network {
		row.Val.Prefer = bot.Place{}
	}
	if len(row.Val.Accounts) == 0 {
		row.Val.Gone, row.Val.Roles = true, 0
		if err := a.revoke(ctx, tenant, id); err != nil {
			return err
		}
	}
	return a.bot.SavePerson(ctx, tenant, row, nil)
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
