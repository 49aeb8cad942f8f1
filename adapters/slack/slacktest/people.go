package slacktest

import (
	"strconv"
	"strings"
	"time"

	"rapport/bot/scheduling"
)

func (s *Server) apiTest(*call) (obj, *trouble) { return obj{}, nil }

func (s *Server) authTest(c *call) (obj, *trouble) {
	out := obj{"url": s.base + "/", "user": s.app.Name, "user_id": c.in.botUser, "bot_id": c.in.botID, "is_enterprise_install": c.in.org != nil}
	if c.in.org != nil {
		out["team"], out["team_id"], out["enterprise_id"] = c.in.org.Name, c.in.org.ID, c.in.org.ID
		return out, nil
	}
	out["team"], out["team_id"] = c.team.Name, c.team.ID
	if c.team.org != nil {
		out["enterprise_id"] = c.team.org.ID
	}
	return out, nil
}

func (s *Server) teamInfo(c *call) (obj, *trouble) {
	w := c.team
	if id := c.str("team"); id != "" {
		if w = s.teams[id]; w == nil {
			return nil, refuse("team_not_found")
		}
	}
	return obj{"team": w.json()}, nil
}

func (w *Workspace) json() obj {
	o := obj{"id": w.ID, "name": w.Name, "domain": w.Domain, "email_domain": w.Domain + ".example", "icon": obj{}}
	if w.org != nil {
		o["enterprise_id"], o["enterprise_name"] = w.org.ID, w.org.Name
	}
	return o
}

func (s *Server) botsInfo(c *call) (obj, *trouble) {
	if c.str("bot") != c.in.botID {
		return nil, refuse("bot_not_found")
	}
	return obj{"bot": obj{"id": c.in.botID, "deleted": false, "name": s.app.Name, "app_id": s.app.ID,
		"user_id": c.in.botUser, "updated": 1700000000}}, nil
}

// userJSON is the user object; tz fields are missing for bots, as they may be at Slack.
func (w *Workspace) userJSON(u *User) obj {
	profile := obj{"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.DisplayName,
		"display_name_normalized": u.DisplayName, "title": u.Title, "team": u.team.ID, "status_text": "", "status_emoji": ""}
	in := w.s.installOf(w)
	if u.Email != "" && in != nil && contains(in.scopes, "users:read.email") {
		profile["email"] = u.Email
	}
	o := obj{"id": u.ID, "team_id": u.team.ID, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted,
		"is_admin": u.Admin || u.Owner, "is_owner": u.Owner, "is_primary_owner": u.Owner, "is_restricted": u.Restricted,
		"is_ultra_restricted": u.UltraRestricted, "is_bot": u.Bot, "is_app_user": false, "updated": 1700000000, "profile": profile}
	if u.Bot {
		profile["bot_id"], profile["api_app_id"] = u.botID, w.s.app.ID
	}
	if u.Stranger || u.team != w {
		o["is_stranger"] = u.Stranger
	}
	if zone, err := scheduling.Default().Zone(u.TZ); err == nil && u.TZ != "" {
		name, offset := time.Now().In(zone).Zone()
		o["tz"], o["tz_label"], o["tz_offset"] = u.TZ, name, offset
	}
	if w.org != nil {
		o["enterprise_user"] = obj{"id": u.ID, "enterprise_id": w.org.ID, "enterprise_name": w.org.Name, "teams": []any{w.ID}}
	}
	return o
}

// userFor finds a person the workspace can see: its own, or one met in a shared channel.
func (w *Workspace) userFor(id string) *User {
	if u := w.users[id]; u != nil {
		return u
	}
	for _, c := range w.places {
		if c.Shared && c.has(id) {
			for _, other := range w.s.order {
				if u := other.users[id]; u != nil {
					return u
				}
			}
		}
	}
	return nil
}

func (s *Server) usersInfo(c *call) (obj, *trouble) {
	u := c.team.userFor(c.str("user"))
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return obj{"user": c.team.userJSON(u)}, nil
}

func (s *Server) usersList(c *call) (obj, *trouble) {
	var all []any
	for _, u := range c.team.people {
		if u.team == c.team && !u.Stranger { // people met through Slack Connect are left out
			all = append(all, c.team.userJSON(u))
		}
	}
	return page(c, "members", all)
}

func (s *Server) usersByEmail(c *call) (obj, *trouble) {
	for _, u := range c.team.people {
		if u.Email != "" && strings.EqualFold(u.Email, c.str("email")) && !u.Deleted {
			return obj{"user": c.team.userJSON(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

func (s *Server) groupsList(c *call) (obj, *trouble) {
	var all []any
	for _, g := range c.team.groups {
		if g.Disabled && !c.flag("include_disabled") {
			continue
		}
		o := obj{"id": g.ID, "team_id": c.team.ID, "is_usergroup": true, "name": g.Name, "handle": g.Handle,
			"date_delete": 0, "user_count": len(g.Members)}
		if c.flag("include_users") {
			o["users"] = anys(g.Members)
		}
		all = append(all, o)
	}
	return obj{"usergroups": orEmpty(all)}, nil
}

func (s *Server) groupMembers(c *call) (obj, *trouble) {
	for _, g := range c.team.groups {
		if g.ID == c.str("usergroup") {
			return obj{"users": anys(g.Members)}, nil
		}
	}
	return nil, refuse("no_such_subteam")
}

// SetGroup changes who is in a user group; the app hears subteam_members_changed.
func (w *Workspace) SetGroup(id string, members ...string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	for _, g := range w.groups {
		if g.ID != id && g.Handle != id {
			continue
		}
		before := g.Members
		g.Members = nil
		for _, m := range members {
			g.Members = append(g.Members, w.userID(m))
		}
		w.s.announce(w, "subteam_members_changed", "usergroups:read", obj{"type": "subteam_members_changed", "subteam_id": g.ID,
			"team_id": w.ID, "added_users": without(g.Members, before), "removed_users": without(before, g.Members), "event_ts": w.s.newTS()})
	}
}

func without(all, some []string) []any {
	out := []any{}
	for _, x := range all {
		if !contains(some, x) {
			out = append(out, x)
		}
	}
	return out
}

func orEmpty(l []any) []any {
	if l == nil {
		return []any{}
	}
	return l
}

// page cuts a list by limit and cursor; next_cursor "" ends it.
func page(c *call, key string, all []any) (obj, *trouble) {
	limit, from := 100, 0
	if text := c.str("limit"); text != "" && text != "0" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 {
			return nil, refuse("invalid_limit")
		}
		limit = n
	}
	if cursor := c.str("cursor"); cursor != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(cursor, "at"), "="))
		if err != nil || n > len(all) {
			return nil, refuse("invalid_cursor")
		}
		from = n
	}
	to, next := min(len(all), from+limit), ""
	if to < len(all) {
		next = "at" + strconv.Itoa(to) + "="
	}
	return obj{key: orEmpty(all[from:to]), "has_more": next != "", "response_metadata": obj{"next_cursor": next}}, nil
}
