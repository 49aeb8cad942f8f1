package discord

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"rapport/bot"
)

// Profile asks for an account; its server is named by a.Team, or by none. Discord
// tells neither address nor zone, and its servers vouch for nobody, so Member says
// only that the account is a living human there.
func (n *Network) Profile(ctx context.Context, a bot.Account) (bot.Profile, error) {
	if !snowflake(a.ID) {
		return bot.Profile{}, bot.Faultf(bot.Missing, "There is no such account on Discord.")
	}
	if a.Team == "" {
		var u user
		if err := n.rest.call(ctx, http.MethodGet, "users/"+a.ID, "users/id", nil, &u); err != nil {
			return bot.Profile{}, n.refusedAsk(err)
		}
		return profileOf(member{User: &u}), nil
	}
	var m member
	if err := n.rest.call(ctx, http.MethodGet, "guilds/"+a.Team+"/members/"+a.ID, "guilds/"+a.Team+"/members/id", nil, &m); err != nil {
		return bot.Profile{}, n.refusedAsk(err)
	}
	return profileOf(m), nil
}

func profileOf(m member) bot.Profile {
	if m.User == nil {
		return bot.Profile{}
	}
	p := bot.Profile{Account: account(m.User.ID), Name: bot.Clean(m.User.name()), Member: !m.User.Bot && !m.Pending}
	if m.Nick != "" {
		p.Name = bot.Clean(m.Nick)
	}
	return p
}

func (n *Network) refusedAsk(err error) error {
	var no *refusal
	var f *bot.Fault
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &no) && no.Status == http.StatusNotFound:
		return &bot.Fault{Kind: bot.Missing, Say: "Discord knows no such account, role or channel here.", Err: err}
	case errors.As(err, &no) && no.Status == http.StatusForbidden:
		return &bot.Fault{Kind: bot.Forbidden, Say: "Discord does not let me see that. Switch on the Server Members intent on the Bot page of the developer portal, and let me view the channel.", Err: err}
	case errors.As(err, &no):
		return err
	}
	return &bot.Fault{Kind: bot.Unavailable, Say: "Discord cannot be reached.", Err: err}
}

// Group lists the people with a role, named by its id, its mark <@&id> or its name.
// Listing takes the Server Members intent.
func (n *Network) Group(ctx context.Context, team, id string) (string, []bot.Account, error) {
	roles, err := n.roles(ctx, team)
	if err != nil {
		return "", nil, err
	}
	want := strings.TrimSpace(id)
	if strings.HasPrefix(want, "<@&") && strings.HasSuffix(want, ">") {
		want = want[3 : len(want)-1]
	}
	i := slices.IndexFunc(roles, func(r role) bool { return r.ID == want })
	if i < 0 {
		name := strings.TrimPrefix(want, "@")
		i = slices.IndexFunc(roles, func(r role) bool { return strings.EqualFold(strings.TrimPrefix(r.Name, "@"), name) })
	}
	if i < 0 {
		return "", nil, bot.Faultf(bot.Missing, "This server has no role called %s.", bot.Bold(bot.Clip(bot.Flat(id), 80)))
	}
	everybody := roles[i].ID == team // @everyone
	var out []bot.Account
	err = n.members(ctx, team, func(m member) {
		if m.User != nil && !m.User.Bot && (everybody || slices.Contains(m.Roles, roles[i].ID)) {
			out = append(out, account(m.User.ID))
		}
	})
	return bot.Clean(roles[i].Name), out, err
}

func (n *Network) roles(ctx context.Context, team string) ([]role, error) {
	var roles []role
	if !snowflake(team) {
		return nil, bot.Faultf(bot.Missing, "Roles exist only in a server.")
	}
	if err := n.rest.call(ctx, http.MethodGet, "guilds/"+team+"/roles", "guilds/"+team+"/roles", nil, &roles); err != nil {
		return nil, n.refusedAsk(err)
	}
	return roles, nil
}

// members walks the people of a server, a thousand at a time.
func (n *Network) members(ctx context.Context, team string, each func(member)) error {
	after := "0"
	for {
		var page []member
		path := "guilds/" + team + "/members"
		if err := n.rest.call(ctx, http.MethodGet, path+"?limit=1000&after="+after, path, nil, &page); err != nil {
			return n.refusedAsk(err)
		}
		for _, m := range page {
			each(m)
			if m.User != nil {
				after = m.User.ID
			}
		}
		if len(page) < 1000 {
			return nil
		}
	}
}
