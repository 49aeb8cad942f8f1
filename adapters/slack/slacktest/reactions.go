package slacktest

import "slices"

func (s *Server) addReaction(c *call) (obj, *trouble)    { return s.react(c, true) }
func (s *Server) removeReaction(c *call) (obj, *trouble) { return s.react(c, false) }

func (s *Server) react(c *call, add bool) (obj, *trouble) {
	ch, t := s.place(c, false)
	if t != nil {
		return nil, t
	}
	m := ch.message(c.str("timestamp"))
	name := c.str("name")
	switch {
	case name == "" || name[0] == ':':
		return nil, refuse("invalid_name")
	case m == nil || m.onlyFor != "":
		return nil, refuse("message_not_found")
	case !s.reactAs(m, c.in.botUser, name, add) && add:
		return nil, refuse("already_reacted")
	}
	return obj{}, nil
}

// reactAs adds or removes one reaction; false when that changes nothing.
func (s *Server) reactAs(m *message, user, name string, add bool) bool {
	i := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.name == name })
	if i < 0 {
		if !add {
			return false
		}
		m.reactions = append(m.reactions, reaction{name: name})
		i = len(m.reactions) - 1
	}
	r := &m.reactions[i]
	at := slices.Index(r.users, user)
	switch {
	case add == (at >= 0):
		return false
	case add:
		r.users = append(r.users, user)
	default:
		r.users = slices.Delete(r.users, at, at+1)
		if len(r.users) == 0 {
			m.reactions = slices.Delete(m.reactions, i, i+1)
		}
	}
	m.seq = s.stamp()
	kind := map[bool]string{true: "reaction_added", false: "reaction_removed"}[add]
	if m.team.botIn(m.channel) {
		s.announce(m.team, kind, "reactions:read", obj{"type": kind, "user": user, "reaction": name, "item_user": m.user,
			"item": obj{"type": "message", "channel": m.channel.ID, "ts": m.ts}, "event_ts": s.newTS()})
	}
	return true
}
