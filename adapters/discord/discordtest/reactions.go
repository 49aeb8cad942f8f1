package discordtest

import (
	"strconv"
	"strings"
)

func (m *message) reaction(emoji string) *reaction {
	for i := range m.reactions {
		if m.reactions[i].emoji == emoji {
			return &m.reactions[i]
		}
	}
	return nil
}

func emojiJSON(e string) obj {
	if name, id, ok := strings.Cut(e, ":"); ok {
		return obj{"id": id, "name": name}
	}
	return obj{"id": nil, "name": e}
}

func (s *Server) addReaction(m *message, emoji string, u *User) {
	x := m.reaction(emoji)
	if x == nil {
		m.reactions = append(m.reactions, reaction{emoji: emoji})
		x = &m.reactions[len(m.reactions)-1]
	}
	for _, have := range x.users {
		if have == u {
			return
		}
	}
	x.users = append(x.users, u)
	o := s.reactionEvent(m, emoji, u)
	o["burst"], o["type"], o["message_author_id"] = false, 0, m.author.ID
	if g := m.ch.guild; g != nil && g.members[u.ID] != nil {
		o["member"] = s.memberWithUser(g.members[u.ID])
	}
	s.publish(placeEvent(m.ch, "MESSAGE_REACTION_ADD", intentGuildReactions, intentDirectReactions, o))
}

func (s *Server) dropReaction(m *message, emoji string, u *User) {
	x := m.reaction(emoji)
	if x == nil {
		return
	}
	for i, have := range x.users {
		if have == u {
			x.users = append(x.users[:i:i], x.users[i+1:]...)
			o := s.reactionEvent(m, emoji, u)
			o["burst"], o["type"] = false, 0
			s.publish(placeEvent(m.ch, "MESSAGE_REACTION_REMOVE", intentGuildReactions, intentDirectReactions, o))
			break
		}
	}
	if len(x.users) == 0 {
		for i := range m.reactions {
			if m.reactions[i].emoji == emoji {
				m.reactions = append(m.reactions[:i:i], m.reactions[i+1:]...)
				return
			}
		}
	}
}

func (s *Server) reactionEvent(m *message, emoji string, u *User) obj {
	o := obj{"user_id": u.ID, "channel_id": m.ch.ID, "message_id": m.id, "emoji": emojiJSON(emoji)}
	if m.ch.guild != nil {
		o["guild_id"] = m.ch.guild.ID
	}
	return o
}

// atoi reads a number out of a query, def when it is not one.
func atoi(text string, def int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return def
}
