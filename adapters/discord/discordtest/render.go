package discordtest

import "strings"

// userJSON is a user object.
func (s *Server) userJSON(u *User) obj {
	o := obj{
		"id": u.ID, "username": u.handle(), "global_name": u.Name, "discriminator": "0", "avatar": nil,
		"public_flags": 0, "flags": 0, "banner": nil, "accent_color": nil, "avatar_decoration_data": nil,
		"collectibles": nil, "primary_guild": nil,
	}
	if u.bot {
		o["bot"] = true
		o["global_name"] = nil
		o["username"] = u.Name
	}
	return o
}

// memberJSON is a member object without its user.
func (s *Server) memberJSON(m *member) obj {
	roles := []any{}
	for _, r := range m.roles {
		roles = append(roles, r.ID)
	}
	o := obj{
		"roles": roles, "nick": orNull(m.nick), "avatar": nil, "banner": nil, "joined_at": stamp(m.joined),
		"premium_since": nil, "deaf": false, "mute": false, "flags": 0, "pending": false,
		"communication_disabled_until": nil,
	}
	if !m.mutedUntil.IsZero() {
		o["communication_disabled_until"] = stamp(m.mutedUntil)
	}
	return o
}

func (s *Server) memberWithUser(m *member) obj {
	o := s.memberJSON(m)
	o["user"] = s.userJSON(m.user)
	return o
}

func (g *Guild) roleJSON(r *Role) obj {
	return obj{
		"id": r.ID, "name": r.Name, "description": nil, "permissions": bits(r.Permissions), "position": r.position,
		"color": 0, "colors": obj{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist": false, "managed": r.managed, "mentionable": false, "icon": nil, "unicode_emoji": nil, "flags": 0,
	}
}

// channelJSON is a channel or thread object.
func (s *Server) channelJSON(c *Channel) obj {
	last := any(nil)
	if n := len(c.messages); n > 0 {
		last = c.messages[n-1].id
	}
	if c.IsDM() {
		return obj{"id": c.ID, "type": typeDM, "last_message_id": last, "flags": 0, "recipients": []any{s.userJSON(c.person)}}
	}
	o := obj{
		"id": c.ID, "type": c.kind, "guild_id": c.guild.ID, "name": c.Name, "last_message_id": last,
		"rate_limit_per_user": c.slow, "flags": 0,
	}
	if c.parent != nil {
		o["parent_id"] = c.parent.ID
	}
	if c.IsThread() {
		o["owner_id"] = c.owner.ID
		o["message_count"] = len(c.messages)
		o["total_message_sent"] = len(c.messages)
		o["member_count"] = len(c.thread)
		o["thread_metadata"] = obj{
			"archived": c.archived, "locked": c.locked, "auto_archive_duration": c.archive,
			"archive_timestamp": stamp(idTime(c.ID)), "create_timestamp": stamp(idTime(c.ID)),
		}
		if c.applied != nil {
			o["applied_tags"] = anys(c.applied)
		}
		return o
	}
	rules := []any{}
	for _, r := range c.overwrites {
		kind := 0
		if r.Person {
			kind = 1
		}
		rules = append(rules, obj{"id": r.ID, "type": kind, "allow": bits(r.Allow), "deny": bits(r.Deny)})
	}
	o["position"], o["permission_overwrites"], o["nsfw"] = 0, rules, false
	o["topic"] = orNull(c.topic)
	if c.isForum() {
		tags := []any{}
		for _, t := range c.tags {
			tags = append(tags, obj{"id": t.id, "name": t.name, "moderated": false, "emoji_id": nil, "emoji_name": nil})
		}
		o["available_tags"] = tags
		if c.needsTag {
			o["flags"] = 1 << 4
		}
	}
	return o
}

// guildJSON is a guild object without members and channels.
func (s *Server) guildJSON(g *Guild) obj {
	roles := []any{}
	for _, r := range g.roles {
		roles = append(roles, g.roleJSON(r))
	}
	return obj{
		"id": g.ID, "name": g.Name, "icon": nil, "description": nil, "home_header": nil, "splash": nil,
		"discovery_splash": nil, "features": []any{}, "banner": nil, "owner_id": g.owner.ID,
		"application_id": nil, "region": "us-east", "afk_channel_id": nil, "afk_timeout": 300,
		"system_channel_id": nil, "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": nil,
		"verification_level": 1, "roles": roles, "default_message_notifications": 1, "mfa_level": 0,
		"explicit_content_filter": 0, "max_presences": nil, "max_members": 500000,
		"max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": nil,
		"premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US",
		"rules_channel_id": nil, "safety_alerts_channel_id": nil, "public_updates_channel_id": nil,
		"premium_progress_bar_enabled": false, "incidents_data": nil, "nsfw": false, "nsfw_level": 0, "emojis": []any{}, "stickers": []any{},
	}
}

// guildCreate is the body of GUILD_CREATE: the guild with what is in it.
func (s *Server) guildCreate(g *Guild) obj {
	o := s.guildJSON(g)
	channels, threads, members := []any{}, []any{}, []any{}
	for _, c := range g.channels {
		if c.IsThread() {
			if !c.archived {
				threads = append(threads, s.channelJSON(c))
			}
			continue
		}
		channels = append(channels, s.channelJSON(c))
	}
	for _, m := range g.order {
		members = append(members, s.memberWithUser(m))
	}
	o["joined_at"], o["large"], o["unavailable"] = stamp(g.joined), false, false
	o["member_count"], o["members"], o["channels"], o["threads"] = len(g.order), members, channels, threads
	o["voice_states"], o["presences"], o["stage_instances"] = []any{}, []any{}, []any{}
	o["guild_scheduled_events"], o["soundboard_sounds"] = []any{}, []any{}
	return o
}

func anys(texts []string) []any {
	all := make([]any, len(texts))
	for i, t := range texts {
		all[i] = t
	}
	return all
}

func texts(items []any) []string {
	var all []string
	for _, it := range items {
		if t, ok := it.(string); ok {
			all = append(all, t)
		}
	}
	return all
}

func contains(all []string, one string) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}

// folded compares what a person types with what is shown.
func folded(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
