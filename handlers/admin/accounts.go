package admin

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/store"
)

// LinkCode gives a code that joins another account of the same person to them.
type LinkCode struct{}

// LinkHere joins the account that types it to the person who got the code.
type LinkHere struct {
	Code string `arg:"code" label:"Code"`
}

// Unlink takes an account of yours away again.
type Unlink struct {
	Network string `arg:"network" label:"Network" hint:"As listed by the command without it"`
}

// UseTenant says which employer is meant where a conversation belongs to none.
type UseTenant struct {
	Employer string `arg:"employer" label:"Employer"`
}

const linkLife = 15 * time.Minute

type linkToken struct{ Tenant, Person string }

func (a *desk) addAccounts() {
	bot.Handle(a.bot, bot.Command[LinkCode]{Name: "account code", Title: "Link another account", Who: bot.Known,
		Help: "Gives a code to type on your other network, so that both are you.", Run: a.linkCode})
	bot.Handle(a.bot, bot.Command[LinkHere]{Name: "account link", Title: "Link this account", Who: bot.Anyone,
		Help: "Links this account to yours with a code from your other network.", Example: "account link ABCD-EFGH", Run: a.linkHere})
	bot.Handle(a.bot, bot.Command[Unlink]{Name: "account unlink", Title: "Unlink an account", Who: bot.Known,
		Help: "Takes one of your accounts away again.", Run: a.unlink})
	bot.Handle(a.bot, bot.Command[UseTenant]{Name: "use", Title: "Choose the employer", Who: bot.Anyone,
		Help: "Says which employer you mean, when you work for several.", Run: a.useTenant})
}

func (a *desk) linkCode(ctx context.Context, c *bot.Call, _ LinkCode) (bot.Reply, error) {
	code := newCode(2)
	raw, err := json.Marshal(linkToken{c.Tenant, c.Person.ID})
	if err != nil {
		return bot.Reply{}, err
	}
	sc := a.bot.DB().In("")
	b := sc.Batch("")
	b.Token("link/"+code, raw, linkLife)
	if err := sc.Commit(ctx, b); err != nil {
		return bot.Reply{}, err
	}
	m := bot.Say("Type " + bot.Code("/"+a.bot.Prefix+" account link "+code) + " with your other account, within 15 minutes. Show the code to nobody: whoever types it becomes you.")
	m.Until = c.Now.Add(linkLife)
	return bot.Answer(m), nil
}

func (a *desk) linkHere(ctx context.Context, c *bot.Call, l LinkHere) (bot.Reply, error) {
	wrong := bot.Faultf(bot.Forbidden, "That code does not work. It may be used or older than 15 minutes; get a new one with %s.", bot.Code("/"+a.bot.Prefix+" account code"))
	sc := a.bot.DB().In("")
	name := "link/" + strings.ToUpper(strings.TrimSpace(bot.Flat(l.Code)))
	raw, err := sc.Token(ctx, name)
	if errors.Is(err, store.ErrNone) {
		return bot.Reply{}, wrong
	}
	if err != nil {
		return bot.Reply{}, err
	}
	var k linkToken
	if err := json.Unmarshal(raw, &k); err != nil {
		return bot.Reply{}, err
	}
	row, err := bot.People.Get(ctx, a.bot.DB().In(k.Tenant), k.Person)
	if errors.Is(err, store.ErrNone) || err == nil && row.Val.Gone {
		return bot.Reply{}, wrong
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if slices.Contains(row.Val.Accounts, c.From) {
		return bot.Replyf("This account is yours already, %s.", row.Val.Name), nil
	}
	if c.Person.ID != "" && c.Tenant == k.Tenant {
		return bot.Reply{}, bot.Faultf(bot.Refused, "This account belongs to %s already. Ask an Admin to remove that member first.", bot.Bold(c.Person.Name))
	}
	spend := sc.Batch("")
	spend.Spend(name)
	if err := sc.Commit(ctx, spend); errors.As(err, new(*store.Gone)) {
		return bot.Reply{}, wrong
	} else if err != nil {
		return bot.Reply{}, err
	}
	row.Val.Accounts = append(slices.Clone(row.Val.Accounts), c.From)
	if err := a.bot.SavePerson(ctx, k.Tenant, row, nil); err != nil {
		return bot.Reply{}, err
	}
	return bot.Replyf("Done: this account and %s are one person now.", bot.Bold(row.Val.Name)), nil
}

func (a *desk) unlink(ctx context.Context, c *bot.Call, u Unlink) (bot.Reply, error) {
	row, err := bot.People.Get(ctx, c.Scope, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var kept []bot.Account
	for _, x := range row.Val.Accounts {
		if !strings.EqualFold(x.Network, strings.TrimSpace(u.Network)) {
			kept = append(kept, x)
		}
	}
	switch {
	case len(kept) == len(row.Val.Accounts):
		var names []string
		for _, x := range row.Val.Accounts {
			names = append(names, x.Network)
		}
		if len(names) == 0 {
			return bot.Reply{}, bot.Faultf(bot.Invalid, "You have no account on another network yet. %s links one.", bot.Code("/"+a.bot.Prefix+" account code")).In("network")
		}
		return bot.Reply{}, bot.Faultf(bot.Invalid, "You have no account there. Yours are on: %s.", strings.Join(names, ", ")).In("network")
	case len(kept) == 0:
		return bot.Reply{}, bot.Faultf(bot.Refused, "That is your only account; without it I would not know you any more.")
	}
	row.Val.Accounts = kept
	store.Put(c.Batch(), bot.People, row)
	c.Record("person:" + row.ID)
	c.After(a.bot.Forget)
	return bot.Replyf("Your account there is no longer you."), nil
}

func (a *desk) useTenant(ctx context.Context, c *bot.Call, u UseTenant) (bot.Reply, error) {
	list, err := a.bot.TenantsOf(ctx, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	fault := &bot.Fault{Kind: bot.Ambiguous, Field: "employer", Say: "Which employer do you mean?"}
	for _, t := range list {
		if t.Value == u.Employer || strings.EqualFold(t.Label, strings.TrimSpace(u.Employer)) {
			if err := a.bot.Choose(ctx, c.From, t.Value); err != nil {
				return bot.Reply{}, err
			}
			return bot.Replyf("From now on I take it that you mean %s in this conversation.", bot.Bold(t.Label)), nil
		}
	}
	if len(list) == 0 {
		return bot.Reply{}, bot.Faultf(bot.Missing, "No employer here knows you.")
	}
	fault.Options = list
	return bot.Reply{}, fault
}
