package admin

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// InviteTeam makes a link that installs Rapport into another workspace of this employer.
type InviteTeam struct{}

// ListTeams shows the workspaces and servers of this employer.
type ListTeams struct{}

// ReleaseTeam lets a workspace go: the one it is typed in, or one that is named, for
// where Rapport was thrown out nobody can type anything.
type ReleaseTeam struct {
	Team string `arg:"workspace,optional" label:"Workspace" hint:"As team list shows it; left out, this one"`
}

func (a *desk) addTeams() {
	bot.Handle(a.bot, bot.Command[InviteTeam]{Name: "team invite", Title: "Add a workspace", Who: recruiting.Admin, Reads: true,
		Help: "Makes a link that adds another workspace, good for a day.", Run: a.inviteTeam})
	bot.Handle(a.bot, bot.Command[ListTeams]{Name: "team list", Title: "Workspaces", Who: recruiting.Admin, Reads: true,
		Help: "Lists the workspaces and servers that belong to you.", Run: a.listTeams})
	bot.Handle(a.bot, bot.Command[ReleaseTeam]{Name: "team release", Title: "Release a workspace", Who: recruiting.Admin,
		Help: "Lets a workspace go; its people lose their way in.", Example: "team release T0123ABCD", Confirm: a.confirmRelease, Run: a.releaseTeam})
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
	rows, err := a.teams(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	t := bot.Table{Head: []string{"Network", "Workspace", "Since"}}
	for _, r := range rows {
		network, team, _ := strings.Cut(r.ID, "/")
		t.Rows = append(t.Rows, []string{network, team, bot.Moment(r.Val.At, "UTC", bot.DateOnly)})
	}
	if len(t.Rows) == 0 {
		return bot.Replyf("No workspace belongs to you yet."), nil
	}
	return bot.Answer(bot.Card("Workspaces", bot.Heading{Text: "Workspaces"}, t)), nil
}

// teams are the workspaces and servers of this employer.
func (a *desk) teams(ctx context.Context, c *bot.Call) ([]store.Row[bot.Team], error) {
	ids, err := bot.Teams.Exact(ctx, a.bot.DB().In(""), "tenant", c.Tenant)
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	return bot.Teams.Many(ctx, a.bot.DB().In(""), ids)
}

// meant is the workspace to let go, by network and id. Others' are not there.
func (a *desk) meant(ctx context.Context, c *bot.Call, r ReleaseTeam) (network, team string, err error) {
	rows, err := a.teams(ctx, c)
	if err != nil {
		return "", "", err
	}
	for _, row := range rows {
		network, team, _ := strings.Cut(row.ID, "/")
		if r.Team == "" && network == c.Place.Network && team == c.Place.Team || r.Team != "" && strings.EqualFold(team, strings.TrimSpace(r.Team)) {
			return network, team, nil
		}
	}
	return "", "", bot.Faultf(bot.Missing, "Say which workspace should go, as %s shows it.", bot.Code("/"+a.bot.Prefix+" team list")).In("workspace")
}

func (a *desk) confirmRelease(ctx context.Context, c *bot.Call, r ReleaseTeam) (*bot.Preview, error) {
	network, team, err := a.meant(ctx, c, r)
	if err != nil {
		return nil, err
	}
	what, there := "This workspace", "here"
	if network != c.Place.Network || team != c.Place.Team {
		what, there = bot.Bold(team)+" on "+network, "there"
	}
	return &bot.Preview{Message: bot.Say(what + " will belong to nobody: everybody " + there + " is a stranger to me from then on, and another employer can claim it. Records stay."),
		Do: "Release", Danger: true, Rev: network + "/" + team}, nil
}

func (a *desk) releaseTeam(ctx context.Context, c *bot.Call, r ReleaseTeam) (bot.Reply, error) {
	network, team, err := a.meant(ctx, c, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.bot.Release(ctx, network, team); err != nil {
		return bot.Reply{}, err
	}
	c.Batch()
	c.Record("team:" + network + "/" + team)
	return bot.Replyf("Released. With a setup code or an invitation it can be claimed again."), nil
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
