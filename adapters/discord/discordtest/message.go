package discordtest

import (
	"regexp"
	"time"
)

// message is one message, public or ephemeral.
type message struct {
	id          string
	ch          *Channel
	author      *User
	hook        *webhook // sent by a webhook, which is then its face
	face        *User
	kind        int
	content     string
	embeds      []any
	components  []any
	attachments []*file
	flags       int
	tts         bool
	nonce       any
	created     time.Time
	edited      time.Time
	deleted     bool
	only        *User // an ephemeral message's reader
	origin      *interaction
	reference   *message
	refID       string
	reactions   []reaction
	thread      *Channel

	// who is mentioned in the text, and who is pinged
	mentioned []*User
	roles     []string
	everyone  bool
	pinged    []*User
}

type reaction struct {
	emoji string
	users []*User
}

// Message types.
const (
	kindDefault  = 0
	kindReply    = 19
	kindCommand  = 20
	kindMenu     = 23
	kindThreaded = 18
)

var (
	userMention = regexp.MustCompile(`<@!?(\d+)>`)
	roleMention = regexp.MustCompile(`<@&(\d+)>`)
	everyoneRe  = regexp.MustCompile(`@(everyone|here)\b`)
)

// mention works out who a message mentions and pings. allowed is the body's
// allowed_mentions; nil parses everything, as Discord does.
func (s *Server) mention(m *message, allowed obj) {
	parse := func(kind string) bool {
		return allowed == nil || contains(texts(list(allowed, "parse")), kind)
	}
	m.mentioned, m.roles, m.everyone, m.pinged = nil, nil, false, nil
	seen := map[string]bool{}
	text := m.content
	walk(m.components, func(o obj) {
		if integer(o, "type", 0) == compText {
			text += "\n" + str(o, "content")
		}
	})
	ping := func(u *User) {
		for _, p := range m.pinged {
			if p == u {
				return
			}
		}
		m.pinged = append(m.pinged, u)
	}
	for _, f := range userMention.FindAllStringSubmatch(text, -1) {
		u := s.users[f[1]]
		if u == nil || seen[u.ID] {
			continue
		}
		seen[u.ID] = true
		m.mentioned = append(m.mentioned, u)
		if parse("users") || contains(texts(list(allowed, "users")), u.ID) {
			ping(u)
		}
	}
	s.mentionGroups(m, text, parse, allowed, ping)
	if m.reference != nil && (allowed == nil || truth(allowed, "replied_user")) {
		ping(m.reference.author)
	}
	if m.reference != nil && !seen[m.reference.author.ID] {
		m.mentioned = append(m.mentioned, m.reference.author)
	}
}

func (s *Server) mentionGroups(m *message, text string, parse func(string) bool, allowed obj, ping func(*User)) {
	g := m.ch.guild
	if g == nil {
		return
	}
	for _, f := range roleMention.FindAllStringSubmatch(text, -1) {
		r := g.role(f[1])
		if r == nil || contains(m.roles, r.ID) {
			continue
		}
		m.roles = append(m.roles, r.ID)
		if !parse("roles") && !contains(texts(list(allowed, "roles")), r.ID) {
			continue
		}
		for _, x := range g.order {
			for _, have := range x.roles {
				if have == r {
					ping(x.user)
				}
			}
		}
	}
	if everyoneRe.MatchString(text) && parse("everyone") && s.permissions(m.author, m.ch)&MentionEveryone != 0 {
		m.everyone = true
		for _, x := range g.order {
			ping(x.user)
		}
	}
}

// messageJSON is a message object. me is whose reactions count as "me".
func (s *Server) messageJSON(m *message) obj {
	author := m.author
	if m.face != nil {
		author = m.face
	}
	mentions, files := []any{}, []any{}
	for _, u := range m.mentioned {
		mentions = append(mentions, s.userJSON(u))
	}
	for _, f := range m.attachments {
		files = append(files, s.attachmentJSON(f))
	}
	o := obj{
		"id": m.id, "channel_id": m.ch.ID, "type": m.kind, "content": m.content, "author": s.userJSON(author),
		"timestamp": stamp(m.created), "edited_timestamp": nil, "tts": m.tts, "mention_everyone": m.everyone,
		"mentions": mentions, "mention_roles": anys(m.roles), "attachments": files, "embeds": embedsOut(m.embeds),
		"components": listOr(clone(m.components)), "pinned": false, "flags": m.flags,
	}
	if !m.edited.IsZero() {
		o["edited_timestamp"] = stamp(m.edited)
	}
	if m.nonce != nil {
		o["nonce"] = m.nonce
	}
	if m.hook != nil {
		o["webhook_id"] = m.hook.id
		o["author"].(obj)["bot"] = true
		if m.hook.app {
			o["application_id"] = s.app.ID
		}
	}
	if m.origin != nil {
		o["application_id"], o["webhook_id"] = s.app.ID, s.app.ID
		o["interaction_metadata"] = s.metadata(m.origin)
		if m.origin.kind == interCommand {
			o["interaction"] = obj{"id": m.origin.id, "type": 2, "name": m.origin.name, "user": s.userJSON(m.origin.user.user)}
		}
	}
	if m.refID != "" {
		ref := obj{"type": 0, "channel_id": m.ch.ID, "message_id": m.refID}
		if m.ch.guild != nil {
			ref["guild_id"] = m.ch.guild.ID
		}
		o["message_reference"], o["referenced_message"] = ref, nil
		if m.reference != nil && !m.reference.deleted {
			inner := s.messageJSON(m.reference)
			delete(inner, "referenced_message")
			o["referenced_message"] = inner
		}
	}
	if m.thread != nil {
		o["thread"] = s.channelJSON(m.thread)
	}
	if len(m.reactions) > 0 {
		o["reactions"] = s.reactionsJSON(m)
	}
	return o
}

func listOr(v any) any {
	if l, ok := v.([]any); ok && l != nil {
		return l
	}
	return []any{}
}

// embedsOut is embeds as they come back: with a type.
func embedsOut(all []any) []any {
	out := []any{}
	for _, e := range objects(all) {
		c := withoutNulls(clone(e)).(obj)
		if str(c, "type") == "" {
			c["type"] = "rich"
		}
		out = append(out, c)
	}
	return out
}

func (s *Server) reactionsJSON(m *message) []any {
	all := []any{}
	for _, r := range m.reactions {
		me := false
		for _, u := range r.users {
			me = me || u == s.app.user
		}
		all = append(all, obj{"emoji": emojiJSON(r.emoji), "count": len(r.users), "count_details": obj{"burst": 0, "normal": len(r.users)},
			"me": me, "me_burst": false, "burst_colors": []any{}})
	}
	return all
}

// messageEvent is a message as the gateway sends it.
func (s *Server) messageEvent(name string, m *message) event {
	o := s.messageJSON(m)
	if g := m.ch.guild; g != nil {
		o["guild_id"] = g.ID
		if x := g.members[m.author.ID]; x != nil && m.hook == nil {
			o["member"] = s.memberJSON(x)
		}
	}
	e := placeEvent(m.ch, name, intentGuildMessages, intentDirectMessages, o)
	e.message = m
	return e
}

// post puts a message into its channel and tells everybody who may hear.
func (s *Server) post(m *message) {
	m.ch.messages = append(m.ch.messages, m)
	if m.only == nil {
		if m.ch.archived && !m.ch.locked {
			m.ch.archived = false
			s.publish(guildEvent(m.ch.guild, "THREAD_UPDATE", intentGuilds, s.channelJSON(m.ch)))
		}
		s.publish(s.messageEvent("MESSAGE_CREATE", m))
	}
	s.signal()
}

func (s *Server) newMessage(c *Channel, author *User) *message {
	return &message{id: s.newID(), ch: c, author: author, created: s.now()}
}

func (s *Server) remove(m *message) {
	m.deleted = true
	if m.only == nil {
		o := obj{"id": m.id, "channel_id": m.ch.ID}
		if m.ch.guild != nil {
			o["guild_id"] = m.ch.guild.ID
		}
		s.publish(placeEvent(m.ch, "MESSAGE_DELETE", intentGuildMessages, intentDirectMessages, o))
	}
	s.signal()
}
