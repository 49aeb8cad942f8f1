package slacktest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"time"
)

// replyURL is a response_url: five uses within thirty minutes.
type replyURL struct {
	url      string
	secret   string
	desk     *desk
	channel  *Channel
	original *message // the message whose control was used; nil for commands
	uses     int
	expires  time.Time
	cause    *exchange
}

const (
	replyUses = 5
	replyLife = 30 * time.Minute
)

// newReply makes a response_url; kind is "commands", "actions" or "app". The lock is held.
func (s *Server) newReply(kind string, x *exchange, ch *Channel, original *message) string {
	id := s.newID("R")
	r := &replyURL{desk: x.desk, channel: ch, original: original, cause: x,
		secret: base36(s.ids * 982451653), expires: s.Clock.Now().Add(replyLife)}
	r.url = s.base + "/" + kind + "/" + x.desk.team.ID + "/" + id + "/" + r.secret
	s.replies[id] = r
	return r.url
}

func (s *Server) serveReply(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
	if err != nil {
		return
	}
	var args obj
	valid := json.Unmarshal(body, &args) == nil
	hit := s.injected("response_url", args)
	if hit != nil && !hit.After && s.playInjection(w, hit) {
		return
	}
	s.mu.Lock()
	var t *trouble
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	r := s.replies[req.PathValue("id")]
	switch {
	case r == nil || r.secret != req.PathValue("secret") || r.desk.team.ID != req.PathValue("team"):
		t = &trouble{code: "invalid_url", status: http.StatusNotFound}
	case req.Method != http.MethodPost || kind != "application/json" || !valid:
		t = &trouble{code: "invalid_payload", status: http.StatusBadRequest}
	case s.Clock.Now().After(r.expires):
		t = &trouble{code: "expired_url", status: http.StatusNotFound}
	case r.uses >= replyUses:
		t = &trouble{code: "used_url", status: http.StatusNotFound}
	default:
		r.uses++
		t = s.useReply(r, args)
	}
	var answer obj
	if t != nil {
		answer = s.refuseCall(&call{method: "response_url", args: args}, t)
	}
	if len(s.calls) < 20_000 {
		s.calls = append(s.calls, Call{Method: "response_url", Args: args, Answer: answer, At: time.Now()})
	}
	s.wake()
	s.mu.Unlock()
	if hit != nil && s.playInjection(w, hit) {
		return
	}
	if t == nil {
		_, _ = io.WriteString(w, "ok")
		return
	}
	if t.status == 0 {
		t.status = http.StatusBadRequest
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(t.status)
	_, _ = w.Write(marshal(answer))
}

// useReply does what a post to a response_url asks for. The lock is held.
func (s *Server) useReply(r *replyURL, args obj) *trouble {
	if truth(args["delete_original"]) {
		if str(args["text"]) != "" || args["blocks"] != nil {
			s.fault("delete_original_not_alone", "response_url", "delete_original goes with nothing else")
		}
		return s.deleteOriginal(r)
	}
	said, t := s.readContent(args, "response_url")
	if t != nil {
		return t
	}
	if said.empty() {
		return refuse("no_text")
	}
	public := str(args["response_type"]) == "in_channel"
	if truth(args["replace_original"]) {
		if r.original == nil {
			s.fault("nothing_to_replace", "response_url", "replace_original after a command: there is no message to replace")
		} else {
			return s.replaceOriginal(r, said, public)
		}
	}
	m := s.appMessage(r.desk.team, r.channel, said)
	m.cause = r.cause
	if thread := str(args["thread_ts"]); thread != "" {
		if m.thread, t = s.threadOf(r.channel, thread, "response_url"); t != nil {
			return t
		}
	} else if r.original != nil && !public {
		m.thread = r.original.thread
	}
	s.answerWith(m, r.desk, public)
	return nil
}

func (s *Server) appMessage(w *Workspace, ch *Channel, said content) *message {
	m := &message{channel: ch, team: w}
	if in := s.installOf(w); in != nil {
		m.user, m.botID = in.botUser, in.botID
	}
	said.into(m)
	return m
}

// answerWith shows a message as the answer of an exchange: to everyone, or to one person.
func (s *Server) answerWith(m *message, d *desk, public bool) {
	if public {
		s.publish(m)
	} else {
		m.onlyFor, m.ts = d.user.ID, s.newTS()
		m.channel.messages = append(m.channel.messages, m)
		m.seq = s.stamp()
	}
	if m.cause != nil {
		m.cause.messages = append(m.cause.messages, m)
	}
}

func (s *Server) deleteOriginal(r *replyURL) *trouble {
	if r.original == nil || r.channel.message(r.original.ts) != r.original {
		return refuse("message_not_found")
	}
	if r.original.onlyFor != "" {
		r.channel.remove(r.original)
		s.stamp()
	} else {
		s.erase(r.original)
	}
	r.cause.removed = true
	return nil
}

func (s *Server) replaceOriginal(r *replyURL, said content, public bool) *trouble {
	m := r.original
	if m.onlyFor != "" && public {
		s.fault("ephemeral_to_public", "response_url", "a private message cannot be replaced by a public one")
	}
	if r.channel.message(m.ts) != m {
		return refuse("message_not_found")
	}
	before := m.json()
	said.into(m)
	m.seq = s.stamp()
	if m.onlyFor == "" {
		s.announceMessage(m, m.changedEvent(before, s.newTS()))
	}
	r.cause.messages = append(r.cause.messages, m)
	s.wake()
	return nil
}
