package discordtest

// inGuild finds the guild of a call that the app is in.
func (r *request) inGuild() (*Guild, *apiError) {
	g := r.s.guild(r.vars["guild_id"])
	if g == nil {
		return nil, errUnknown("Guild")
	}
	if g.gone {
		return nil, errAccess()
	}
	return g, nil
}

func (r *request) me() (int, any, *apiError) { return 200, r.s.userMe(), nil }

func (s *Server) userMe() obj {
	o := s.userJSON(s.app.user)
	o["mfa_enabled"], o["locale"], o["verified"], o["email"], o["premium_type"] = false, "en-US", true, nil, 0
	return o
}

func (r *request) user() (int, any, *apiError) {
	u := r.s.users[r.vars["user_id"]]
	if u == nil {
		return 0, nil, errUnknown("User")
	}
	return 200, r.s.userJSON(u), nil
}

func (r *request) myGuilds() (int, any, *apiError) {
	all := []any{}
	for _, g := range r.s.guilds {
		if g.gone {
			continue
		}
		have := g.permissions(g.members[r.s.app.user.ID], nil, false)
		all = append(all, obj{"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": false, "permissions": bits(have), "features": []any{}})
	}
	return 200, all, nil
}

// openDM gives the DM channel with a person, the same one every time. It
// succeeds even when the person takes no DMs: posting is what fails.
func (r *request) openDM() (int, any, *apiError) {
	id := idOf(r.obj()["recipient_id"])
	if id == "" {
		var f form
		f.required("recipient_id")
		return 0, nil, f.err()
	}
	u := r.s.users[id]
	switch {
	case u == nil:
		return 0, nil, refusal(400, 50033, "Invalid Recipient(s)")
	case u == r.s.app.user || u.bot:
		return 0, nil, errClosedDMs()
	case !r.s.sharesGuild(u) && r.s.dms[u.ID] == nil:
		return 0, nil, r.s.closedDM(u, "")
	}
	return 200, r.s.channelJSON(r.s.dm(u)), nil
}

func (r *request) application() (int, any, *apiError) { return 200, r.s.applicationJSON(), nil }

// editApplication can set the interactions URL, which Discord checks first.
func (r *request) editApplication() (int, any, *apiError) {
	if v, ok := r.obj()["interactions_endpoint_url"]; ok {
		url, _ := v.(string)
		r.s.mu.Unlock() // the endpoint may call the API before it answers
		err := r.s.app.SetInteractionsURL(url)
		r.s.mu.Lock()
		if err != nil {
			var f form
			f.add("interactions_endpoint_url", "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID", "The specified interactions endpoint url could not be verified.")
			return 0, nil, f.err()
		}
	}
	return 200, r.s.applicationJSON(), nil
}

func (r *request) guild() (int, any, *apiError) {
	g, e := r.inGuild()
	if e != nil {
		return 0, nil, e
	}
	return 200, r.s.guildJSON(g), nil
}

func (r *request) guildChannels() (int, any, *apiError) {
	g, e := r.inGuild()
	if e != nil {
		return 0, nil, e
	}
	all := []any{}
	for _, c := range g.channels {
		if !c.IsThread() {
			all = append(all, r.s.channelJSON(c))
		}
	}
	return 200, all, nil
}

func (r *request) activeThreads() (int, any, *apiError) {
	g, e := r.inGuild()
	if e != nil {
		return 0, nil, e
	}
	all := []any{}
	for _, c := range g.channels {
		if c.IsThread() && !c.archived && r.s.permissions(r.s.app.user, c)&ViewChannel != 0 {
			all = append(all, r.s.channelJSON(c))
		}
	}
	return 200, obj{"threads": all, "members": []any{}, "has_more": false}, nil
}

func (r *request) guildRoles() (int, any, *apiError) {
	g, e := r.inGuild()
	if e != nil {
		return 0, nil, e
	}
	all := []any{}
	for _, x := range g.roles {
		all = append(all, g.roleJSON(x))
	}
	return 200, all, nil
}

// guildMembers lists members, which needs the privileged intent.
func (r *request) guildMembers() (int, any, *apiError) {
	g, e := r.inGuild()
	if e != nil {
		return 0, nil, e
	}
	if r.s.app.privileged&IntentGuildMembers == 0 {
		return 0, nil, errAccess()
	}
	limit, after := atoi(r.query("limit"), 1), r.query("after")
	if limit < 1 || limit > 1000 {
		var f form
		f.add("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 1000.")
		return 0, nil, f.err()
	}
	all := []any{}
	for _, m := range g.order {
		if len(all) < limit && (after == "" || older(after, m.user.ID)) {
			all = append(all, r.s.memberWithUser(m))
		}
	}
	return 200, all, nil
}

func (r *request) searchMembers() (int, any, *apiError) {
	g, e := r.inGuild()
	if e != nil {
		return 0, nil, e
	}
	query, limit := r.query("query"), atoi(r.query("limit"), 1)
	if query == "" {
		var f form
		f.required("query")
		return 0, nil, f.err()
	}
	all := []any{}
	for _, m := range g.order {
		if len(all) < limit && (hasPrefixFold(m.user.Name, query) || hasPrefixFold(m.user.handle(), query) || hasPrefixFold(m.nick, query)) {
			all = append(all, r.s.memberWithUser(m))
		}
	}
	return 200, all, nil
}

func (r *request) guildMember() (int, any, *apiError) {
	g, e := r.inGuild()
	if e != nil {
		return 0, nil, e
	}
	m := g.members[r.vars["user_id"]]
	if m == nil {
		if r.s.users[r.vars["user_id"]] == nil {
			return 0, nil, errUnknown("User")
		}
		return 0, nil, errUnknown("Member").unforeseen()
	}
	return 200, r.s.memberWithUser(m), nil
}
