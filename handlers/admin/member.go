package admin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// AddMember gives somebody roles; from then on they are usable everywhere (S0-02).
// A whole user group or role of a network comes in by naming it.
type AddMember struct {
	Who  string `arg:"who,member" label:"Who"`
	Role string `arg:"role" word:"as" label:"Role" hint:"admin, recruiter, manager, interviewer or support; several with commas"`
}

// AddGroup takes in everybody of a network's group.
type AddGroup struct {
	Group string `arg:"group" label:"Group" hint:"The group's mention or id"`
	Role  string `arg:"role" word:"as" label:"Role" hint:"admin, recruiter, manager, interviewer or support; several with commas"`
}

// ListMembers shows who is in the team.
type ListMembers struct {
	Role string `arg:"role,optional" label:"Role"`
	Page int
}

func (a *desk) addMembers() {
	bot.Handle(a.bot, bot.Command[AddMember]{Name: "member add", Title: "Add a member", Who: recruiting.Admin, On: bot.OnHome | bot.OnPerson,
		Help: "Adds a member with a role, or changes their roles.", Example: "member add @bob role:manager", Run: a.addMember})
	bot.Handle(a.bot, bot.Command[AddGroup]{Name: "member group", Title: "Add a whole group", Who: recruiting.Admin,
		Help: "Adds everybody of a user group or server role.", Example: "member group @design role:interviewer", Run: a.addGroup})
	bot.Handle(a.bot, bot.Command[ListMembers]{Name: "member list", Title: "Members", Who: bot.Known, Reads: true,
		Help: "Lists the team with roles and time zones.", Example: "member list role:interviewer", Run: a.listMembers})
}

func (a *desk) addMember(ctx context.Context, c *bot.Call, m AddMember) (bot.Reply, error) {
	roles, fault := recruiting.ParseRoles(m.Role)
	if fault != nil {
		return bot.Reply{}, fault
	}
	p, account, err := c.MemberOf(ctx, m.Who)
	if err != nil {
		return bot.Reply{}, err
	}
	if p.ID == "" {
		if p, err = a.takeIn(ctx, c.Tenant, account, roles, c.Now); err != nil {
			return bot.Reply{}, err
		}
		c.Batch()
	} else {
		row, err := bot.People.Get(ctx, c.Scope, p.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		if err := a.keepsAdmin(ctx, c, row, roles); err != nil {
			return bot.Reply{}, err
		}
		row.Val.Roles = roles
		store.Put(c.Batch(), bot.People, row)
		c.After(a.bot.Forget)
	}
	c.Record("person:" + p.ID)
	c.Fact("roles", recruiting.RoleWords(roles))
	return bot.Replyf("%s is %s now, and can start right away.", bot.Bold(p.Name), recruiting.Are(roles)), nil
}

// keepsAdmin refuses to leave a tenant without an Admin.
func (a *desk) keepsAdmin(ctx context.Context, c *bot.Call, row store.Row[bot.Person], roles bot.Role) error {
	if row.Val.Roles&recruiting.Admin == 0 || roles&recruiting.Admin != 0 {
		return nil
	}
	people, err := a.bot.Host().Desk.People(ctx, c.Tenant)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.ID != row.ID && p.Roles&recruiting.Admin != 0 {
			return nil
		}
	}
	return bot.Faultf(bot.Refused, "%s is the only Admin. Make somebody else Admin first.", bot.Bold(row.Val.Name))
}

// addGroup takes in a group's people; the second time nothing changes but who is new.
func (a *desk) addGroup(ctx context.Context, c *bot.Call, g AddGroup) (bot.Reply, error) {
	roles, fault := recruiting.ParseRoles(g.Role)
	if fault != nil {
		return bot.Reply{}, fault
	}
	net, ok := a.bot.Network(c.From.Network).(bot.Grouper)
	if !ok {
		return bot.Reply{}, bot.Faultf(bot.Refused, "Groups are known to chat networks only. Type this there, or add people one by one.")
	}
	team := c.From.Team
	if team == "" {
		team = c.Place.Team
	}
	name, accounts, err := net.Group(ctx, team, g.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	var added, known int
	for _, acc := range accounts {
		p, err := c.PersonOf(ctx, acc)
		if err != nil {
			return bot.Reply{}, err
		}
		if p.ID != "" && !p.Gone && p.Roles&roles == roles {
			known++
			continue
		}
		if _, err := a.takeIn(ctx, c.Tenant, acc, roles, c.Now); err != nil {
			return bot.Reply{}, err
		}
		added++
	}
	c.Batch()
	c.Fact("added", fmt.Sprint(added))
	return bot.Replyf("%s: %d added as %s, %d had that role already.", bot.Bold(name), added, recruiting.RoleWords(roles), known), nil
}

const membersPage = 25

func (a *desk) listMembers(ctx context.Context, c *bot.Call, l ListMembers) (bot.Reply, error) {
	people, err := a.bot.Host().Desk.People(ctx, c.Tenant)
	if err != nil {
		return bot.Reply{}, err
	}
	var want bot.Role
	if l.Role != "" {
		r, fault := recruiting.ParseRoles(l.Role)
		if fault != nil {
			return bot.Reply{}, fault
		}
		want = r
	}
	t := bot.Table{Head: []string{"Name", "Roles", "Time zone"}}
	for _, p := range people {
		if want == 0 || p.Roles&want != 0 {
			zone := p.Zone
			if zone == "" {
				zone = "not known yet"
			}
			t.Rows = append(t.Rows, []string{p.Name, recruiting.RoleWords(p.Roles), zone})
		}
	}
	total := len(t.Rows)
	from := min(l.Page*membersPage, total)
	t.Rows = t.Rows[from:min(from+membersPage, total)]
	m := bot.Card("Members", bot.Heading{Text: fmt.Sprintf("Members (%d)", total)}, t)
	if from+membersPage < total {
		m.Blocks = append(m.Blocks, bot.Buttons{Buttons: []bot.Button{{Label: "More", Do: ListMembers{Role: l.Role, Page: l.Page + 1}}}})
	}
	return bot.Answer(m), nil
}

// takeIn makes a person of an account, with what its network tells of it, or gives
// a known one further roles.
func (a *desk) takeIn(ctx context.Context, tenant string, account bot.Account, roles bot.Role, now time.Time) (bot.Person, error) {
	sc := a.bot.DB().In(tenant)
	var row store.Row[bot.Person]
	id, err := bot.People.Owner(ctx, sc, "account", account.String())
	switch {
	case errors.Is(err, store.ErrNone):
		row = store.Row[bot.Person]{ID: store.NewID("m", now), Val: bot.Person{Accounts: []bot.Account{account}}}
	case err != nil:
		return bot.Person{}, err
	default:
		if row, err = bot.People.Get(ctx, sc, id); err != nil {
			return bot.Person{}, err
		}
	}
	row.Val.Roles |= roles
	row.Val.Gone = false
	if n, ok := a.bot.Network(account.Network).(bot.Profiler); ok {
		if pr, err := n.Profile(ctx, account); err == nil {
			learn(&row.Val, pr)
		}
	}
	row.Val.Name = first(row.Val.Name, account.ID)
	if err := a.bot.SavePerson(ctx, tenant, row, nil); err != nil {
		return bot.Person{}, err
	}
	row.Val.ID, row.Val.Tenant = row.ID, tenant
	return row.Val, nil
}

// learn takes over what a network tells, without overwriting what people set.
func learn(p *bot.Person, pr bot.Profile) {
	p.Name, p.Email, p.Locale = first(p.Name, pr.Name), first(p.Email, pr.Email), first(p.Locale, pr.Locale)
	p.Zone = first(p.Zone, pr.Zone)
}

func first(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(bot.Clean(s)); s != "" {
			return s
		}
	}
	return ""
}
