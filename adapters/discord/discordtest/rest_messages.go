package discordtest

import (
	"strings"
	"time"
)

// place finds the channel of a call that the app can see.
func (r *request) place() (*Channel, *apiError) {
	c := r.s.channels[r.vars["channel_id"]]
	if c == nil {
		return nil, errUnknown("Channel")
	}
	if c.guild != nil && (c.guild.gone || r.s.permissions(r.s.app.user, c)&ViewChannel == 0) {
		return nil, errAccess()
	}
	return c, nil
}

// placed finds the channel and the message of a call. An ephemeral message
// cannot be had this way.
func (r *request) placed() (*Channel, *message, *apiError) {
	c, e := r.place()
	if e != nil {
		return nil, nil, e
	}
	m := c.find(r.vars["message_id"])
	if m == nil || m.only != nil {
		e := errUnknown("Message")
		if c.existed(r.vars["message_id"]) {
			e.unforeseen()
		}
		return nil, nil, e
	}
	return c, m, nil
}

func (r *request) createMessage() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	s, body := r.s, r.obj()
	if e := s.mayPost(c, body, len(r.files)); e != nil {
		return 0, nil, e
	}
	key := c.ID + " " + idOf(body["nonce"])
	if old, ok := s.nonces[key]; ok && truth(body, "enforce_nonce") && s.now().Sub(old.at) < nonceLife {
		return 200, s.messageJSON(old.message), nil
	}
	ref, e := r.reference(c, body)
	if e != nil {
		return 0, nil, e
	}
	m, e := r.compose(c, s.app.user, body, "")
	if e != nil {
		return 0, nil, e
	}
	if m.flags&flagEphemeral != 0 {
		m.flags &^= flagEphemeral
		s.broken(r.where(), "the ephemeral flag counts only in interaction replies: everybody in %s can read this", c)
	}
	if id := idOf(sub(body, "message_reference")["message_id"]); id != "" && (ref != nil || c.existed(id)) {
		m.kind, m.reference, m.refID = kindReply, ref, id
		s.mention(m, sub(body, "allowed_mentions"))
	}
	if truth(body, "enforce_nonce") && idOf(body["nonce"]) != "" {
		s.nonces[key] = nonce{m, s.now()}
	}
	s.post(m)
	return 200, s.messageJSON(m), nil
}

// reference finds the message a new one answers.
func (r *request) reference(c *Channel, body obj) (*message, *apiError) {
	o := sub(body, "message_reference")
	if o == nil {
		return nil, nil
	}
	if c.guild != nil && r.s.permissions(r.s.app.user, c)&ReadHistory == 0 {
		return nil, errNoHistory()
	}
	m := c.find(idOf(o["message_id"]))
	if m != nil && m.only == nil {
		return m, nil
	}
	if fail, ok := o["fail_if_not_exists"].(bool); ok && !fail {
		return nil, nil
	}
	var f form
	f.add("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
	return nil, f.err()
}

func (r *request) messages() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	if c.guild != nil && r.s.permissions(r.s.app.user, c)&ReadHistory == 0 {
		return 200, []any{}, nil
	}
	limit := atoi(r.query("limit"), 50)
	if limit < 1 || limit > 100 {
		var f form
		f.add("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.")
		return 0, nil, f.err()
	}
	found := []any{}
	before, after := r.query("before"), r.query("after")
	for i := len(c.messages) - 1; i >= 0 && (len(found) < limit || after != ""); i-- {
		m := c.messages[i]
		if m.deleted || m.only != nil || before != "" && !older(m.id, before) || after != "" && !older(after, m.id) {
			continue
		}
		found = append(found, r.s.readable(m))
	}
	if len(found) > limit { // after: the oldest of them
		found = found[len(found)-limit:]
	}
	return 200, found, nil
}

// readable is a message as the app may read it back: without the intent,
// content is hidden over REST too.
func (s *Server) readable(m *message) obj {
	o := s.messageJSON(m)
	if s.app.privileged&IntentMessageContent == 0 && !s.contentAllowed(m) {
		return withoutContent(o)
	}
	return o
}

func older(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }

func (r *request) message() (int, any, *apiError) {
	c, m, e := r.placed()
	if e != nil {
		return 0, nil, e
	}
	if c.guild != nil && r.s.permissions(r.s.app.user, c)&ReadHistory == 0 {
		return 0, nil, errPermissions()
	}
	return 200, r.s.readable(m), nil
}

func (r *request) editMessage() (int, any, *apiError) {
	c, m, e := r.placed()
	if e != nil {
		return 0, nil, e
	}
	if m.author != r.s.app.user || m.hook != nil {
		return 0, nil, errNotAuthor()
	}
	if c.archived && c.locked {
		return 0, nil, errThreadLocked()
	}
	if e := r.amend(m, r.obj(), ""); e != nil {
		return 0, nil, e
	}
	return 200, r.s.messageJSON(m), nil
}

func (r *request) deleteMessage() (int, any, *apiError) {
	c, m, e := r.placed()
	if e != nil {
		return 0, nil, e
	}
	if m.author != r.s.app.user && (c.guild == nil || r.s.permissions(r.s.app.user, c)&ManageMessages == 0) {
		return 0, nil, errPermissions()
	}
	r.s.remove(m)
	return 204, nil, nil
}

func (r *request) deleteMessages() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	if c.guild == nil {
		return 0, nil, errNotInDM()
	}
	if r.s.permissions(r.s.app.user, c)&ManageMessages == 0 {
		return 0, nil, errPermissions()
	}
	ids := texts(list(r.obj(), "messages"))
	if len(ids) < 2 || len(ids) > 100 {
		return 0, nil, refusal(400, 50016, "Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages to delete.")
	}
	for _, id := range ids {
		if m := c.find(id); m != nil && r.s.now().Sub(m.created) > 14*24*time.Hour {
			return 0, nil, refusal(400, 50034, "You can only bulk delete messages that are under 14 days old.")
		}
	}
	for _, id := range ids {
		if m := c.find(id); m != nil {
			r.s.remove(m)
		}
	}
	return 204, nil, nil
}

func (r *request) react() (int, any, *apiError) {
	c, m, e := r.placed()
	if e != nil {
		return 0, nil, e
	}
	have := r.s.permissions(r.s.app.user, c)
	if c.guild != nil && have&ReadHistory == 0 || c.guild != nil && have&AddReactions == 0 && m.reaction(r.vars["emoji"]) == nil {
		return 0, nil, errPermissions()
	}
	if !isEmoji(r.vars["emoji"]) {
		return 0, nil, errUnknown("Emoji")
	}
	r.s.addReaction(m, r.vars["emoji"], r.s.app.user)
	return 204, nil, nil
}

func (r *request) unreact() (int, any, *apiError) {
	_, m, e := r.placed()
	if e != nil {
		return 0, nil, e
	}
	r.s.dropReaction(m, r.vars["emoji"], r.s.app.user)
	return 204, nil, nil
}

func (r *request) reactions() (int, any, *apiError) {
	_, m, e := r.placed()
	if e != nil {
		return 0, nil, e
	}
	all := []any{}
	if x := m.reaction(r.vars["emoji"]); x != nil {
		for _, u := range x.users {
			all = append(all, r.s.userJSON(u))
		}
	}
	return 200, all, nil
}

// isEmoji: a Unicode emoji, or name:id of a custom one; never a word.
func isEmoji(e string) bool {
	if name, id, ok := strings.Cut(e, ":"); ok {
		return name != "" && len(id) > 15
	}
	for _, r := range e {
		if r < 0x80 && !(r >= '0' && r <= '9' || r == '#' || r == '*') {
			return false
		}
	}
	return e != "" && size(e) <= 12 && len(e) > 1
}

func (r *request) typing() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	if c.guild != nil && r.s.permissions(r.s.app.user, c)&sending(c) == 0 {
		return 0, nil, errPermissions()
	}
	return 204, nil, nil
}
