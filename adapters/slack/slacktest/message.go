package slacktest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// message is one line of a conversation. Deleted ones leave the list.
type message struct {
	ts, thread string // thread is the parent's ts, "" for a top-level message
	channel    *Channel
	team       *Workspace
	user       string
	botID      string
	username   string
	subtype    string
	clientID   string
	text       string
	blocks     []any
	attached   []any
	metadata   obj
	files      []any
	edited     string // ts of the edit
	onlyFor    string // user id of an ephemeral message's reader
	onTop      bool   // thread_broadcast
	reactions  []reaction
	state      values
	seq        int64 // last visible change
	cause      *exchange
}

type reaction struct {
	name  string
	users []string
}

// newTS gives each message its own stamp, in microseconds. The lock is held.
func (s *Server) newTS() string {
	now := time.Now().UnixMicro()
	if now <= s.lastTS {
		now = s.lastTS + 1
	}
	s.lastTS = now
	return fmt.Sprintf("%d.%06d", now/1e6, now%1e6)
}

func secondsOf(ts string) int64 {
	whole, _, _ := strings.Cut(ts, ".")
	n, _ := strconv.ParseInt(whole, 10, 64)
	return n
}

func (c *Channel) message(ts string) *message {
	for i := len(c.messages) - 1; i >= 0; i-- {
		if c.messages[i].ts == ts {
			return c.messages[i]
		}
	}
	return nil
}

func (c *Channel) remove(m *message) {
	for i, x := range c.messages {
		if x == m {
			c.messages = append(c.messages[:i:i], c.messages[i+1:]...)
			return
		}
	}
}

func (c *Channel) repliesTo(ts string) []*message {
	var out []*message
	for _, m := range c.messages {
		if m.thread == ts && m.onlyFor == "" {
			out = append(out, m)
		}
	}
	return out
}

// json is the message as history and payloads show it.
func (m *message) json() obj {
	o := obj{"type": "message", "ts": m.ts, "text": m.text, "team": m.team.ID}
	if m.user != "" {
		o["user"] = m.user
	}
	if m.subtype != "" {
		o["subtype"] = m.subtype
	}
	if m.clientID != "" {
		o["client_msg_id"] = m.clientID
	}
	if m.botID != "" {
		app := m.team.s.app
		o["bot_id"], o["app_id"] = m.botID, app.ID
		o["bot_profile"] = obj{"id": m.botID, "app_id": app.ID, "name": app.Name, "deleted": false, "team_id": m.team.ID, "updated": 1700000000}
		if m.username != "" {
			o["username"] = m.username
		}
	}
	for key, value := range map[string][]any{"blocks": m.blocks, "attachments": m.attached, "files": m.files} {
		if len(value) > 0 {
			o[key] = clone(value)
		}
	}
	if m.metadata != nil {
		o["metadata"] = clone(m.metadata)
	}
	if m.edited != "" {
		o["edited"] = obj{"user": m.user, "ts": m.edited}
	}
	m.addThread(o)
	var reactions []any
	for _, r := range m.reactions {
		reactions = append(reactions, obj{"name": r.name, "count": len(r.users), "users": anys(r.users)})
	}
	if reactions != nil {
		o["reactions"] = reactions
	}
	return o
}

// addThread says where the message stands in a thread: a parent with replies carries its own ts.
func (m *message) addThread(o obj) {
	if m.thread != "" {
		o["thread_ts"] = m.thread
		if root := m.channel.message(m.thread); root != nil {
			o["parent_user_id"] = root.user
		}
		return
	}
	replies := m.channel.repliesTo(m.ts)
	if len(replies) == 0 {
		return
	}
	var people []string
	for _, r := range replies {
		if !contains(people, r.user) {
			people = append(people, r.user)
		}
	}
	o["thread_ts"], o["reply_count"], o["reply_users_count"] = m.ts, len(replies), len(people)
	o["latest_reply"], o["reply_users"] = replies[len(replies)-1].ts, anys(people)
}

func anys(in []string) []any {
	out := make([]any, len(in))
	for i, s := range in {
		out[i] = s
	}
	return out
}

func contains(in []string, s string) bool {
	for _, x := range in {
		if x == s {
			return true
		}
	}
	return false
}

// visibleTo tells whether a person sees the message in its channel.
func (m *message) visibleTo(user string) bool {
	if m.onlyFor != "" {
		return m.onlyFor == user
	}
	return m.channel.has(user) || m.channel.kind() == "channel"
}
