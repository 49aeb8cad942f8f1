package slacktest

import (
	"slices"
	"strings"
)

func (s *Server) conversationsOpen(c *call) (obj, *trouble) {
	if id := c.str("channel"); id != "" {
		ch, t := s.place(c, false)
		if t != nil {
			return nil, t
		}
		return obj{"channel": obj{"id": ch.ID}}, nil
	}
	users := c.ids("users")
	switch {
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 8:
		return nil, refuse("too_many_users")
	}
	for _, id := range users {
		u := c.team.userFor(id)
		switch {
		case u == nil:
			return nil, refuse("user_not_found")
		case u.Deleted:
			return nil, refuse("user_disabled")
		case u.Bot && id != c.in.botUser || id == "USLACKBOT":
			return nil, refuse("cannot_dm_bot")
		}
	}
	ch := c.team.im(users[0])
	if len(users) > 1 {
		ch = c.team.groupDM(append([]string{c.in.botUser}, users...))
	}
	out := obj{"id": ch.ID}
	if c.flag("return_im") {
		out = c.team.channelJSON(ch)
	}
	return obj{"channel": out}, nil
}

func (w *Workspace) groupDM(members []string) *Channel {
	slices.Sort(members)
	for _, c := range w.places {
		if c.mpim && slices.Equal(c.members, members) {
			return c
		}
	}
	c := w.addChannel(Channel{Private: true, Name: "mpdm-" + strings.ToLower(strings.Join(members, "-"))})
	c.mpim, c.members = true, members
	return c
}

func (w *Workspace) channelJSON(c *Channel) obj {
	o := obj{"id": c.ID, "created": 1700000000, "is_archived": c.Archived, "is_im": c.im, "is_mpim": c.mpim,
		"is_org_shared": false, "is_ext_shared": c.Shared, "is_shared": c.Shared, "context_team_id": w.ID, "updated": 1700000000}
	if c.im {
		o["user"] = c.with
		return o
	}
	for k, v := range (obj{"name": c.Name, "name_normalized": c.Name, "is_channel": !c.Private && !c.mpim, "is_group": c.Private && !c.mpim,
		"is_private": c.Private, "is_general": c.General, "is_member": w.botIn(c), "num_members": len(c.members),
		"topic": obj{"value": c.Topic, "creator": "", "last_set": 0}, "purpose": obj{"value": "", "creator": "", "last_set": 0}}) {
		o[k] = v
	}
	return o
}

// scopeFor is the scope that reading about a conversation needs.
func (c *call) scopeFor(ch *Channel, what string) *trouble {
	prefix := map[string]string{"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}[ch.kind()]
	if need := prefix + ":" + what; !c.may(need) {
		return &trouble{code: "missing_scope", extra: obj{"needed": need, "provided": strings.Join(c.in.scopes, ",")}}
	}
	return nil
}

func (s *Server) conversationsInfo(c *call) (obj, *trouble) {
	ch, t := s.place(c, false)
	if t == nil {
		t = c.scopeFor(ch, "read")
	}
	if t != nil {
		return nil, t
	}
	return obj{"channel": c.team.channelJSON(ch)}, nil
}

func (s *Server) conversationsList(c *call) (obj, *trouble) { return s.listChannels(c, false) }

func (s *Server) usersConversations(c *call) (obj, *trouble) { return s.listChannels(c, true) }

func (s *Server) listChannels(c *call, mine bool) (obj, *trouble) {
	types := c.ids("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	word := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}
	who := c.in.botUser
	if id := c.str("user"); id != "" && mine {
		who = id
	}
	var all []any
	for _, ch := range c.team.places {
		switch {
		case !contains(types, word[ch.kind()]), ch.Archived && c.flag("exclude_archived"):
		case mine && !ch.has(who), ch.kind() != "channel" && !ch.has(c.in.botUser):
		default:
			all = append(all, c.team.channelJSON(ch))
		}
	}
	return page(c, "channels", all)
}

func (s *Server) conversationsMembers(c *call) (obj, *trouble) {
	ch, t := s.place(c, false)
	if t != nil {
		return nil, t
	}
	return page(c, "members", anys(ch.members))
}

func (s *Server) conversationsJoin(c *call) (obj, *trouble) {
	ch, t := s.place(c, false)
	switch {
	case t != nil:
		return nil, t
	case ch.kind() != "channel":
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refuse("is_archived")
	}
	c.team.join(ch, c.in.botUser)
	return obj{"channel": c.team.channelJSON(ch)}, nil
}

func (s *Server) conversationsHistory(c *call) (obj, *trouble) {
	ch, t := s.readable(c)
	if t != nil {
		return nil, t
	}
	oldest, latest := c.str("oldest"), c.str("latest")
	var all []any
	for i := len(ch.messages) - 1; i >= 0; i-- { // newest first
		m := ch.messages[i]
		if m.onlyFor != "" || m.thread != "" && !m.onTop || !between(m.ts, oldest, latest, c.flag("inclusive")) {
			continue
		}
		all = append(all, s.shown(c, m))
	}
	return page(c, "messages", all)
}

func (s *Server) conversationsReplies(c *call) (obj, *trouble) {
	ch, t := s.readable(c)
	if t != nil {
		return nil, t
	}
	root := ch.message(c.str("ts"))
	if root == nil || root.onlyFor != "" {
		return nil, refuse("thread_not_found")
	}
	if root.thread != "" {
		root = ch.message(root.thread)
	}
	all := []any{s.shown(c, root)}
	for _, m := range ch.repliesTo(root.ts) {
		all = append(all, s.shown(c, m))
	}
	return page(c, "messages", all)
}

func (s *Server) readable(c *call) (*Channel, *trouble) {
	ch, t := s.place(c, false)
	if t == nil {
		t = c.scopeFor(ch, "history")
	}
	if t == nil && !ch.has(c.in.botUser) {
		t = refuse("not_in_channel")
	}
	return ch, t
}

// shown is a message in history: its metadata only where asked for.
func (s *Server) shown(c *call, m *message) obj {
	o := m.json()
	if !c.flag("include_all_metadata") {
		delete(o, "metadata")
	}
	return o
}

func between(ts, oldest, latest string, inclusive bool) bool {
	if oldest != "" && (less(ts, oldest) || ts == oldest && !inclusive) {
		return false
	}
	return latest == "" || less(ts, latest) || ts == latest && inclusive
}

// less compares stamps as text, never as floats, which would lose digits.
func less(a, b string) bool {
	if x, y := secondsOf(a), secondsOf(b); x != y {
		return x < y
	}
	_, x, _ := strings.Cut(a, ".")
	_, y, _ := strings.Cut(b, ".")
	return x < y
}

// join and leave change who is in a channel and tell the app where it is in it.
func (w *Workspace) join(c *Channel, user string) {
	if user == "" || c.has(user) {
		return
	}
	c.members = append(c.members, user)
	w.s.stamp()
	if w.botIn(c) {
		w.membership("member_joined_channel", c, user)
	}
}

func (w *Workspace) leave(c *Channel, user string) {
	if !c.has(user) {
		return
	}
	told := w.botIn(c)
	c.members = slices.DeleteFunc(c.members, func(m string) bool { return m == user })
	w.s.stamp()
	if told {
		w.membership("member_left_channel", c, user)
	}
}

func (w *Workspace) membership(kind string, c *Channel, user string) {
	letter := map[bool]string{true: "G", false: "C"}[c.Private]
	w.s.announce(w, kind, "channels:read", obj{"type": kind, "user": user, "channel": c.ID, "channel_type": letter,
		"team": w.ID, "event_ts": w.s.newTS()})
}
