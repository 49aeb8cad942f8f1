package discordtest

import (
	"encoding/base64"
	"time"
)

// Interaction types.
const (
	interPing         = 1
	interCommand      = 2
	interComponent    = 3
	interAutocomplete = 4
	interModal        = 5
)

// How long an app may take: for the first answer, and for all that follows.
const (
	answerWithin = 3 * time.Second
	tokenLife    = 15 * time.Minute
)

// interaction is one thing a person did with the app.
type interaction struct {
	id, token string
	kind      int
	created   time.Time
	user      *Human
	ch        *Channel
	name      string // in words: "/candidate move", "button Undo"
	data      obj
	command   *command
	option    obj      // what is being autocompleted
	source    *message // whose component was used, or from which the modal came
	trigger   *interaction

	acked     bool
	ackKind   int
	original  *message
	followUps []*message
	choices   []Choice
	opened    *modal
	failed    string // what the client shows instead of an answer
	overdue   bool   // still thinking when the token ended
}

// begin registers an interaction and sends it to the app. The lock is held.
func (s *Server) begin(in *interaction) {
	body := s.beginQuiet(in)
	if s.app.url != "" {
		go s.deliver(in, body)
	} else {
		s.publish(event{name: "INTERACTION_CREATE", guild: in.ch.guild, body: body})
	}
	s.signal()
}

// beginQuiet registers an interaction and makes its payload.
func (s *Server) beginQuiet(in *interaction) obj {
	in.id = s.newID()
	in.created = s.now()
	in.token = base64.RawURLEncoding.EncodeToString([]byte("interaction:" + in.id + ":" + random(80)))
	s.interactions = append(s.interactions, in)
	s.pending = append(s.pending, in)
	time.AfterFunc(answerWithin+time.Millisecond, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			s.expire()
		}
	})
	return s.interactionJSON(in)
}

// expire lets everything run out that has waited too long. The lock is held.
func (s *Server) expire() {
	now := s.now()
	keep := s.pending[:0]
	for _, in := range s.pending {
		switch {
		case !in.acked && in.failed == "" && now.Sub(in.created) > answerWithin:
			in.failed = "The application did not respond"
			switch in.kind {
			case interAutocomplete:
				in.failed = "Loading options failed"
			case interModal:
				in.failed = "Something went wrong. Try again."
			}
			s.broken(in.name, "%s: no valid answer within 3 s, %s sees %q", in.where(), in.user.user.Name, in.failed)
		case in.acked && in.thinking() && !in.overdue && now.Sub(in.created) > tokenLife:
			in.overdue = true
			s.broken(in.name, "%s: still thinking after 15 minutes", in.where())
		}
		if !in.acked && in.failed == "" || in.thinking() && !in.overdue {
			keep = append(keep, in)
		}
	}
	clear(s.pending[len(keep):])
	s.pending = keep
}

func (in *interaction) where() string { return in.ch.String() }

func (in *interaction) thinking() bool {
	return in.original != nil && !in.original.deleted && in.original.flags&flagLoading != 0
}

// interactionJSON is the payload as the app gets it.
func (s *Server) interactionJSON(in *interaction) obj {
	o := obj{
		"id": in.id, "application_id": s.app.ID, "type": in.kind, "token": in.token, "version": 1, "data": in.data,
		"channel_id": in.ch.ID, "channel": s.partialChannel(in.ch, in.user.user), "locale": in.user.user.Locale,
		"app_permissions": bits(s.permissions(s.app.user, in.ch)), "entitlements": []any{}, "entitlement_sku_ids": []any{},
		"attachment_size_limit": uploadLimit, "authorizing_integration_owners": in.owners(), "context": 1,
	}
	if g := in.ch.guild; g != nil {
		m := g.members[in.user.user.ID]
		member := s.memberWithUser(m)
		member["permissions"] = bits(s.permissions(m.user, in.ch))
		o["context"], o["guild_id"], o["guild_locale"], o["member"] = 0, g.ID, "en-US", member
		o["guild"] = obj{"id": g.ID, "locale": "en-US", "features": []any{}}
	} else {
		o["user"] = s.userJSON(in.user.user)
	}
	if in.source != nil {
		o["message"] = s.messageJSON(in.source)
	}
	return o
}

func (in *interaction) owners() obj {
	if in.ch.guild == nil {
		return obj{"0": "0"}
	}
	return obj{"0": in.ch.guild.ID}
}

// partialChannel is a channel inside an interaction: with the person's
// permissions, without the overwrites.
func (s *Server) partialChannel(c *Channel, u *User) obj {
	o := s.channelJSON(c)
	delete(o, "permission_overwrites")
	if !c.IsDM() {
		o["permissions"] = bits(s.permissions(u, c))
	}
	return o
}

// metadata is the interaction_metadata of a message.
func (s *Server) metadata(in *interaction) obj {
	o := obj{"id": in.id, "type": in.kind, "user": s.userJSON(in.user.user), "authorizing_integration_owners": in.owners()}
	switch in.kind {
	case interCommand:
		o["name"] = in.data["name"]
		o["command_type"] = in.data["type"]
	case interComponent:
		o["interacted_message_id"] = in.source.id
	case interModal:
		if in.trigger != nil {
			o["triggering_interaction_metadata"] = s.metadata(in.trigger)
		}
	}
	return o
}

func (s *Server) interaction(id string) *interaction {
	for i := len(s.interactions) - 1; i >= 0; i-- {
		if s.interactions[i].id == id {
			return s.interactions[i]
		}
	}
	return nil
}

func (s *Server) interactionByToken(token string) *interaction {
	for i := len(s.interactions) - 1; i >= 0; i-- {
		if s.interactions[i].token == token {
			return s.interactions[i]
		}
	}
	return nil
}
