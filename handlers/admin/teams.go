package admin

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
)

// InviteTeam makes a link that installs Rapport into another workspace of this employer.
type InviteTeam struct{}

// ListTeams shows the workspaces and servers of this employer.
type ListTeams struct{}

// ReleaseTeam lets the workspace it is typed in go.
type ReleaseTeam struct{}

func (a *desk) addTeams() {
	bot.Handle(a.bot, bot.Command[InviteTeam]{Name: "team invite", Title: "Add a workspace", Who: recruiting.Admin, Reads: true,
		Help: "Makes a link that adds another workspace, good for a day.", Run: a.inviteTeam})
	bot.Handle(a.bot, bot.Command[ListTeams]{Name: "team list", Title: "Workspaces", Who: recruiting.Admin, Reads: true,
		Help: "Lists the workspaces and servers that belong to you.", Run: a.listTeams})
	bot.Handle(a.bot, bot.Command[ReleaseTeam]{Name: "team release", Title: "Release this workspace", Who: recruiting.Admin,
		Help: "Lets this workspace go; its people lose their way in.", Confirm: a.confirmRelease, Run: a.releaseTeam})
}

func (a *desk) inviteTeam(ctx context.Context, c *bot.Call, _ InviteTeam) (bot.Reply, error) {
	token, err := a.bot.Invite(c.Tenant, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	link := a.links.Install(token)
	code, err := NewSetupCode(ctx, a.bot.DB(), c.Tenant, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	text := bot.Link("Install Rapport into another workspace", link) + ". The link is for one day and for you alone. " +
		"On a server where I am a guest already, type " + bot.Code("/"+a.bot.Prefix+" setup "+code) + " within an hour."
	m := bot.Say(text)
	m.Until = c.Now.Add(24 * time.Hour)
	return bot.Answer(m), nil
}

func (a *desk) listTeams(ctx context.Context, c *bot.Call, _ ListTeams) (bot.Reply, error) {
	ids, err := bot.Teams.Exact(ctx, a.bot.DB().In(""), "tenant", c.Tenant)
	if err != nil {
		return bot.Reply{}, err
	}
	rows, err := bot.Teams.Many(ctx, a.bot.DB().In(""), ids)
	if err != nil {
		return bot.Reply{}, err
	}
	t := bot.Table{Head: []string{"Network", "Workspace", "Since"}}
	for _, r := range rows {
		network, team, _ := strings.Cut(r.ID, "/")
		t.Rows = append(t.Rows, []string{network, first(r.Val.Name, team), bot.Moment(r.Val.At, "UTC", bot.DateOnly)})
	}
	if len(t.Rows) == 0 {
		return bot.Replyf("No workspace belongs to you yet."), nil
	}
	return bot.Answer(bot.Card("Workspaces", bot.Heading{Text: "Workspaces"}, t)), nil
}

func (a *desk) confirmRelease(_ context.Context, c *bot.Call, _ ReleaseTeam) (*bot.Preview, error) {
	if c.Place.Team == "" {
		return nil, bot.Faultf(bot.Refused, "Type this in the workspace that should go.")
	}
	return &bot.Preview{Message: bot.Say("This workspace will belong to nobody: everybody here is a stranger to me from then on. Records stay."), Do: "Release", Danger: true, Rev: c.Place.Team}, nil
}

func (a *desk) releaseTeam(ctx context.Context, c *bot.Call, _ ReleaseTeam) (bot.Reply, error) {
	if err := a.bot.Release(ctx, c.Place.Network, c.Place.Team); err != nil {
		return bot.Reply{}, err
	}
	c.Batch()
	c.Record("team:" + c.Place.Network + "/" + c.Place.Team)
	return bot.Replyf("Released. With a setup code this workspace can be claimed again."), nil
}

// newCode is groups of four letters and digits that are hard to mistake.
func newCode(groups int) string {
	raw := make([]byte, groups*4)
	rand.Read(raw)
	var b strings.Builder
	for i, x := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeLetters[x%32])
	}
	return b.String()
}
