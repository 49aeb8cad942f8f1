package admin

import (
	"context"
	"fmt"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// RemoveMember ends somebody's rights at once; their open work goes to a named
// person (S0-02).
type RemoveMember struct {
	Who string `arg:"who,member" label:"Who leaves"`
	To  string `arg:"to,member" word:"to" label:"Who takes over" hint:"Jobs, candidates and follows go to them"`
}

func (a *desk) addRemoval() {
	bot.Handle(a.bot, bot.Command[RemoveMember]{Name: "member remove", Title: "Remove a member", Who: recruiting.Admin,
		Help: "Removes a member and hands their work to somebody.", Example: "member remove @bob to:@alice", Confirm: a.confirmRemoval, Run: a.removeMember})
}

// estate is what a leaving person is named in.
type estate struct {
	row  store.Row[bot.Person]
	heir bot.Person
	jobs []store.Row[recruiting.Job]
}

func (a *desk) estate(ctx context.Context, c *bot.Call, r RemoveMember) (estate, error) {
	var e estate
	p, _, err := c.MemberOf(ctx, r.Who)
	if err != nil {
		return e, err
	}
	if e.jobs, err = jobsOf(ctx, c, p.ID); err != nil {
		return e, err
	}
	if p.ID == "" || p.Gone && len(e.jobs) == 0 {
		return e, bot.Faultf(bot.Missing, "That is no member here.").In("who")
	}
	if e.heir, _, err = c.MemberOf(ctx, r.To); err != nil {
		return e, err
	}
	if e.heir.ID == "" || e.heir.Gone {
		return e, bot.Faultf(bot.Invalid, "Who takes over must be a member already.").In("to")
	}
	if e.heir.ID == p.ID {
		return e, bot.Faultf(bot.Invalid, "Somebody else must take over.").In("to")
	}
	if e.row, err = bot.People.Get(ctx, c.Scope, p.ID); err != nil {
		return e, err
	}
	if err := a.keepsAdmin(ctx, c, e.row, 0); err != nil {
		return e, err
	}
	return e, nil
}

// jobsOf are the jobs somebody works on or follows.
func jobsOf(ctx context.Context, c *bot.Call, person string) ([]store.Row[recruiting.Job], error) {
	ids, err := tables.Jobs.Range(ctx, c.Scope, "all", "", store.Span{Limit: 2000})
	if err != nil {
		return nil, err
	}
	rows, err := tables.Jobs.Many(ctx, c.Scope, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(j store.Row[recruiting.Job]) bool {
		return !j.Val.Has(person) && !slices.Contains(j.Val.Follows, person)
	}), nil
}

func (a *desk) confirmRemoval(ctx context.Context, c *bot.Call, r RemoveMember) (*bot.Preview, error) {
	e, err := a.estate(ctx, c, r)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s loses every right here at once. %s takes over %s.", bot.Bold(e.row.Val.Name), bot.Bold(e.heir.Name), counted(len(e.jobs), "job"))
	return &bot.Preview{Message: bot.Say(text), Do: "Remove", Danger: true, Rev: fmt.Sprint(e.row.Rev, len(e.jobs))}, nil
}

func (a *desk) removeMember(ctx context.Context, c *bot.Call, r RemoveMember) (bot.Reply, error) {
	e, err := a.estate(ctx, c, r)
	if err != nil {
		return bot.Reply{}, err
	}
	b := c.Batch()
	e.row.Val.Gone, e.row.Val.Roles, e.row.Val.Accounts = true, 0, nil
	store.Put(b, bot.People, e.row)
	for _, j := range e.jobs {
		j.Val.Managers = handOn(j.Val.Managers, e.row.ID, e.heir.ID)
		j.Val.Recruiters = handOn(j.Val.Recruiters, e.row.ID, e.heir.ID)
		j.Val.Follows = handOn(j.Val.Follows, e.row.ID, e.heir.ID)
		store.Put(b, tables.Jobs, j)
		c.Record("job:" + j.ID)
	}
	c.Record("person:" + e.row.ID)
	c.Tell(MemberLeft{Person: e.row.ID, Heir: e.heir.ID})
	c.After(a.bot.Forget)
	if err := a.revoke(ctx, c.Tenant, e.row.ID); err != nil {
		return bot.Reply{}, err
	}
	if err := c.Send(ctx, bot.Outgoing{To: e.heir.ID, Message: bot.Say(fmt.Sprintf("%s has left the team. You look after %s of theirs now.",
		bot.Bold(e.row.Val.Name), counted(len(e.jobs), "job")))}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Replyf("%s is no member any more. %s looks after their work.", bot.Bold(e.row.Val.Name), bot.Bold(e.heir.Name)), nil
}

// MemberLeft is news: features hand on what only they know of.
type MemberLeft struct {
	Person string `json:"p"`
	Heir   string `json:"h,omitempty"` // "" when they left by themselves
}

func handOn(list []string, from, to string) []string {
	if !slices.Contains(list, from) {
		return list
	}
	out := slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == from || id == to })
	return append(out, to)
}

func (a *desk) revoke(ctx context.Context, tenant, person string) error {
	if a.links.Revoke == nil {
		return nil
	}
	return a.links.Revoke(ctx, tenant, person)
}

func counted(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
