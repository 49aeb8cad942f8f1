package slacktest

import (
	"strconv"
	"strings"
	"time"
)

// place finds the channel an app names and whether it may write there. Users' ids open the DM
// where direct is set.
func (s *Server) place(c *call, direct bool) (*Channel, *trouble) {
	id := c.str("channel")
	if id == "" {
		return nil, invalid("invalid_arguments", "missing required field: channel")
	}
	w := c.team
	if u := w.users[id]; u != nil && direct {
		switch {
		case u.Bot || u.ID == "USLACKBOT":
			return nil, refuse("cannot_dm_bot")
		case u.Deleted:
			return nil, refuse("channel_not_found")
		}
		return w.im(id), nil
	}
	ch := w.channels[id]
	if ch == nil && direct && strings.HasPrefix(id, "#") {
		ch = w.find(id)
	}
	if ch == nil || ch.kind() != "channel" && !ch.has(c.in.botUser) {
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

func (s *Server) writable(c *call, ch *Channel) *trouble {
	switch {
	case ch.Archived:
		return refuse("is_archived")
	case ch.Locked:
		return refuse("restricted_action")
	case !ch.has(c.in.botUser) && !c.may("chat:write.public"):
		return refuse("not_in_channel")
	}
	return nil
}

func (s *Server) postMessage(c *call) (obj, *trouble) {
	ch, t := s.place(c, true)
	if t == nil {
		t = s.writable(c, ch)
	}
	if t != nil {
		return nil, t
	}
	m, t := s.newPost(c, ch)
	if t != nil {
		return nil, t
	}
	s.publish(m)
	return obj{"channel": ch.ID, "ts": m.ts, "message": m.json()}, nil
}

// newPost builds a message of the app without showing it.
func (s *Server) newPost(c *call, ch *Channel) (*message, *trouble) {
	said, t := s.readContent(c.args, c.method)
	if t != nil {
		return nil, t
	}
	if said.empty() {
		return nil, refuse("no_text")
	}
	m := &message{channel: ch, team: c.team, user: c.in.botUser, botID: c.in.botID, onTop: c.flag("reply_broadcast")}
	said.into(m)
	if name := c.str("username"); name != "" {
		if !c.may("chat:write.customize") {
			return nil, &trouble{code: "missing_scope", extra: obj{"needed": "chat:write.customize"}}
		}
		if runes(name) > 80 {
			return nil, invalid("invalid_arguments", "must be less than 81 characters [json-pointer:/username]")
		}
		m.username = name
	}
	m.thread, t = s.threadOf(ch, c.str("thread_ts"), c.method)
	return m, t
}

// threadOf checks a thread_ts: it must be a message of the channel, and its parent.
func (s *Server) threadOf(ch *Channel, ts, where string) (string, *trouble) {
	if ts == "" {
		return "", nil
	}
	parent := ch.message(ts)
	if parent == nil || parent.onlyFor != "" {
		return "", refuse("thread_not_found")
	}
	if parent.thread != "" {
		s.fault("thread_ts_of_a_reply", where, "thread_ts %s is a reply, its parent is %s: Slack misfiles the message", ts, parent.thread)
		return parent.thread, nil
	}
	return ts, nil
}

// publish shows a new message and tells the app, which hears its own words too.
func (s *Server) publish(m *message) *Delivery {
	m.ts = s.newTS()
	if m.thread != "" && m.onTop {
		m.subtype = "thread_broadcast"
	}
	m.channel.messages = append(m.channel.messages, m)
	m.seq = s.stamp()
	return s.announceMessage(m, m.event())
}

func (s *Server) postEphemeral(c *call) (obj, *trouble) {
	ch, t := s.place(c, false)
	if t == nil {
		t = s.writable(c, ch)
	}
	if t != nil {
		return nil, t
	}
	if c.has("unfurl_links") || c.has("unfurl_media") || c.has("mrkdwn") {
		return nil, refuse("invalid_arguments")
	}
	user := c.str("user")
	if !ch.has(user) {
		return nil, refuse("user_not_in_channel")
	}
	m, t := s.newPost(c, ch)
	if t != nil {
		return nil, t
	}
	m.onlyFor, m.ts = user, s.newTS()
	ch.messages = append(ch.messages, m)
	m.seq = s.stamp()
	return obj{"message_ts": m.ts}, nil
}

// own finds a message the app may change.
func (s *Server) own(c *call, denied string) (*message, *trouble) {
	ch, t := s.place(c, false)
	if t != nil {
		return nil, t
	}
	m := ch.message(c.str("ts"))
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.onlyFor != "":
		s.fault("ephemeral_by_ts", c.method, "ephemeral messages change only through their response_url")
		return nil, refuse("message_not_found")
	case m.user != c.in.botUser:
		return nil, refuse(denied)
	}
	return m, nil
}

func (s *Server) updateMessage(c *call) (obj, *trouble) {
	m, t := s.own(c, "cant_update_message")
	if t != nil {
		return nil, t
	}
	if m.channel.Archived {
		return nil, refuse("is_archived")
	}
	said, t := s.readContent(c.args, c.method)
	if t != nil {
		return nil, t
	}
	if !said.given.text && !said.given.blocks && !said.given.attached && said.metadata == nil {
		return nil, refuse("no_text")
	}
	before := m.json()
	s.change(m, said)
	s.announceMessage(m, m.changedEvent(before, s.newTS()))
	return obj{"channel": m.channel.ID, "ts": m.ts, "text": m.text, "message": m.json()}, nil
}

// change applies chat.update's rules: a text without blocks removes the blocks, attachments stay
// unless they are given, and only an edit of text alone is marked as edited.
func (s *Server) change(m *message, said content) {
	if said.given.text {
		m.text = said.text
		if !said.given.blocks {
			m.blocks = nil
			m.edited = s.newTS()
		}
	}
	if said.given.blocks {
		m.blocks = named(said.blocks)
	}
	if said.given.attached {
		m.attached = said.attached
	}
	if said.metadata != nil {
		m.metadata = said.metadata
	}
	m.state = m.state.keep(m.blocks)
	m.seq = s.stamp()
}

func (s *Server) deleteMessage(c *call) (obj, *trouble) {
	m, t := s.own(c, "cant_delete_message")
	if t != nil {
		return nil, t
	}
	s.erase(m)
	return obj{"channel": m.channel.ID, "ts": m.ts}, nil
}

// erase removes a message and tells the app.
func (s *Server) erase(m *message) *Delivery {
	before := m.json()
	m.channel.remove(m)
	s.stamp()
	now := s.newTS()
	return s.announceMessage(m, obj{"type": "message", "subtype": "message_deleted", "hidden": true, "channel": m.channel.ID,
		"ts": now, "event_ts": now, "deleted_ts": m.ts, "channel_type": m.channel.kind(), "previous_message": before})
}

func (s *Server) scheduleMessage(c *call) (obj, *trouble) {
	ch, t := s.place(c, true)
	if t == nil {
		t = s.writable(c, ch)
	}
	if t != nil {
		return nil, t
	}
	at, err := strconv.ParseInt(c.str("post_at"), 10, 64)
	now := s.Clock.Now()
	switch wait := time.Unix(at, 0).Sub(now); {
	case err != nil:
		return nil, refuse("invalid_time")
	case wait <= 0:
		return nil, refuse("time_in_past")
	case wait > 120*24*time.Hour:
		return nil, refuse("time_too_far")
	}
	window := "schedule " + ch.ID + " " + strconv.FormatInt(at/300, 10)
	if s.refusals[window]++; s.refusals[window] > 30 {
		return nil, refuse("restricted_too_many")
	}
	m, t := s.newPost(c, ch)
	if t != nil {
		return nil, t
	}
	s.Clock.after(time.Unix(at, 0).Sub(now), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.publish(m)
	})
	return obj{"channel": ch.ID, "scheduled_message_id": s.newID("Q"), "post_at": at,
		"message": obj{"text": m.text, "type": "delayed_message", "bot_id": m.botID}}, nil
}

func (s *Server) permalink(c *call) (obj, *trouble) {
	ch, t := s.place(c, false)
	if t != nil {
		return nil, t
	}
	ts := c.str("message_ts")
	if ch.message(ts) == nil {
		return nil, refuse("message_not_found")
	}
	return obj{"channel": ch.ID, "permalink": s.base + "/archives/" + ch.ID + "/p" + strings.Replace(ts, ".", "", 1)}, nil
}
