package discord

import (
	"context"
	"net/http"

	"rapport/bot"
)

// Permissions that decide who reads a channel.
const (
	mayAdmin = 1 << 3
	mayView  = 1 << 10
)

// maxReaders is how many are listed; a channel for more is open to everybody, in effect.
const maxReaders = 2000

// Readers lists who may read a place. More is true where there are too many to
// list, or Discord does not let the bot list members.
func (n *Network) Readers(ctx context.Context, p bot.Place) ([]bot.Account, bool, error) {
	if p.Direct && p.To != "" {
		return []bot.Account{account(p.To)}, false, nil
	}
	id := p.Channel
	if id == "" {
		return nil, true, nil
	}
	c, err := n.channel(ctx, id)
	if err != nil {
		return nil, false, err
	}
	if c.thread() && c.ParentID != "" { // threads are read by whoever reads their channel
		if c, err = n.channel(ctx, c.ParentID); err != nil {
			return nil, false, err
		}
	}
	if c.GuildID == "" {
		var out []bot.Account
		for _, u := range c.Recipients {
			if !u.Bot {
				out = append(out, account(u.ID))
			}
		}
		return out, false, nil
	}
	roles, err := n.roles(ctx, c.GuildID)
	if err != nil {
		return nil, false, err
	}
	var g struct {
		OwnerID string `json:"owner_id"`
	}
	if err := n.rest.call(ctx, http.MethodGet, "guilds/"+c.GuildID, "guilds/"+c.GuildID, nil, &g); err != nil {
		return nil, false, n.refusedAsk(err)
	}
	rights := newRights(c, roles)
	var out []bot.Account
	more := false
	err = n.members(ctx, c.GuildID, func(m member) {
		switch {
		case m.User == nil || m.User.Bot || m.User.ID != g.OwnerID && !rights.views(m):
		case len(out) == maxReaders:
			more = true
		default:
			out = append(out, account(m.User.ID))
		}
	})
	if bot.IsFault(err, bot.Forbidden) {
		return nil, true, nil // without the members intent nobody can be named
	}
	return out, more, err
}

func (n *Network) channel(ctx context.Context, id string) (channel, error) {
	var c channel
	if err := n.rest.call(ctx, http.MethodGet, "channels/"+id, "channels/"+id, nil, &c); err != nil {
		return c, n.refusedAsk(err)
	}
	return c, nil
}

// rights computes who views a channel, in the order of Discord's documentation:
// @everyone, roles, then the channel's overwrites of @everyone, of roles, of the member.
type rights struct {
	guild     string
	roles     map[string]digits
	overwrite map[string]overwrite
}

func newRights(c channel, roles []role) rights {
	r := rights{guild: c.GuildID, roles: map[string]digits{}, overwrite: map[string]overwrite{}}
	for _, x := range roles {
		r.roles[x.ID] = x.Permissions
	}
	for _, o := range c.Overwrites {
		r.overwrite[o.ID] = o
	}
	return r
}

func (r rights) views(m member) bool {
	have := r.roles[r.guild]
	for _, id := range m.Roles {
		have |= r.roles[id]
	}
	if have&mayAdmin != 0 {
		return true
	}
	have = over(have, r.overwrite[r.guild])
	var allow, deny digits
	for _, id := range m.Roles {
		allow |= r.overwrite[id].Allow
		deny |= r.overwrite[id].Deny
	}
	have = have&^deny | allow
	return over(have, r.overwrite[m.User.ID])&mayView != 0
}

func over(have digits, o overwrite) digits { return have&^o.Deny | o.Allow }

// keep the compiler's eye on what the kernel may ask of this network.
var (
	_ bot.Network  = (*Network)(nil)
	_ bot.Editor   = (*Network)(nil)
	_ bot.Profiler = (*Network)(nil)
	_ bot.Grouper  = (*Network)(nil)
	_ bot.Audience = (*Network)(nil)
	_ bot.Checker  = (*Network)(nil)
)
