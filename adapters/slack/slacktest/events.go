package slacktest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Delivery is one payload on its way to the app.
type Delivery struct {
	Kind     string // "slash_commands", "interactive", "events_api" or "options"
	Payload  map[string]any
	Attempts []Attempt

	first chan struct{} // closed after the first attempt
	tried bool
}

// Attempt is how one try of a delivery went; Problem "" means it was acknowledged.
type Attempt struct {
	Problem string // Slack's retry reason, or what the person saw
	Status  int    // HTTP status, 0 over a socket
	Took    time.Duration
}

// Deliveries are the payloads sent so far, of one kind or, with "", of all.
func (s *Server) Deliveries(kind string) []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Delivery
	for _, d := range s.sent {
		if kind == "" || d.Kind == kind {
			out = append(out, Delivery{Kind: d.Kind, Payload: clone(d.Payload), Attempts: slices.Clone(d.Attempts)})
		}
	}
	return out
}

// Repeat lets Slack send the next n payloads twice, as it sometimes does.
func (s *Server) Repeat(n int) { s.mu.Lock(); defer s.mu.Unlock(); s.repeat = n }

// announce sends an event to the app if it is installed, subscribed and allowed. The lock is
// held; nil means the app does not hear of it.
func (s *Server) announce(w *Workspace, name, scope string, event obj) *Delivery {
	in := s.installOf(w)
	closed := !s.app.Socket && s.app.EventsURL == ""
	if in == nil || closed || !slices.Contains(s.app.Events, name) || scope != "" && !slices.Contains(in.scopes, scope) {
		return nil
	}
	d := &Delivery{Kind: "events_api", Payload: s.wrap(w, in, event), first: make(chan struct{})}
	s.keepSent(d)
	copies := 1
	if s.repeat > 0 {
		s.repeat--
		copies = 2
	}
	for range copies {
		s.spawn(func() { s.deliverEvent(d, 0, "") })
	}
	return d
}

func (s *Server) keepSent(d *Delivery) {
	if len(s.sent) >= 20_000 {
		s.sent = append(s.sent[:0], s.sent[10_000:]...)
	}
	s.sent = append(s.sent, d)
}

// wrap is the outer event: one authorization only, whoever else may see it.
func (s *Server) wrap(w *Workspace, in *install, event obj) obj {
	id := s.newID("Ev")
	o := obj{"token": s.app.VerificationToken, "team_id": w.ID, "api_app_id": s.app.ID, "event": event, "type": "event_callback",
		"event_id": id, "event_time": time.Now().Unix(), "context_team_id": w.ID, "context_enterprise_id": orNull(w.orgID()),
		"event_context": "4-" + strings.ToLower(id), "is_ext_shared_channel": false}
	if w.org != nil {
		o["enterprise_id"] = w.org.ID
	}
	if c := w.channels[str(event["channel"])]; c != nil {
		o["is_ext_shared_channel"] = c.Shared
	}
	auth := obj{"enterprise_id": orNull(w.orgID()), "team_id": w.ID, "user_id": in.botUser, "is_bot": true, "is_enterprise_install": false}
	if in.org != nil {
		auth["team_id"], auth["is_enterprise_install"] = nil, true
	}
	o["authorizations"] = []any{auth}
	return o
}

// deliverEvent tries once and plans the next try: at once, after a minute, after five.
func (s *Server) deliverEvent(d *Delivery, try int, reason string) {
	out := s.sendEvent(d, try, reason)
	s.mu.Lock()
	d.Attempts = append(d.Attempts, Attempt{Problem: out.problem, Status: out.status, Took: out.took})
	s.judgeEvent(d, out, try)
	if !d.tried {
		d.tried = true
		close(d.first)
	}
	s.wake()
	s.mu.Unlock()
	if out.problem == "" || out.problem == "no_request_url" || out.noRetry || try >= len(s.opt.Retries) || s.ctx.Err() != nil {
		return
	}
	again := func() { s.deliverEvent(d, try+1, out.problem) }
	if wait := s.opt.Retries[try]; wait > 0 {
		s.Clock.after(wait, func() { s.spawn(again) })
	} else {
		again()
	}
}

func (s *Server) judgeEvent(d *Delivery, out outcome, try int) {
	inner := object(d.Payload["event"])
	what := str(inner["type"]) + " " + str(d.Payload["event_id"])
	switch {
	case s.ctx.Err() != nil || out.problem == "no_request_url":
	case out.problem == "":
		if out.status != 0 && len(strings.TrimSpace(string(out.body))) > 0 && str(d.Payload["type"]) != "url_verification" {
			s.fault("unexpected_body", "events", "%s was answered with %q", what, short(out.body))
		}
	case try >= len(s.opt.Retries) || out.noRetry && out.status >= 300:
		s.fault("event_lost", "events", "%s: %s after %d tries", what, out.problem, try+1)
	case out.problem == "http_timeout" && !s.app.Socket:
		s.fault("event_timeout", "events", "%s was not acknowledged within %v", what, s.opt.Patience)
	}
}

func (s *Server) sendEvent(d *Delivery, try int, reason string) outcome {
	s.mu.Lock()
	socket, url := s.app.Socket, s.app.EventsURL
	s.mu.Unlock()
	if socket {
		return s.sockets.send("events_api", d.Payload, false, try, reason)
	}
	if url == "" {
		return outcome{problem: "no_request_url"}
	}
	head := http.Header{"Content-Type": {"application/json"}}
	if try > 0 {
		head.Set("X-Slack-Retry-Num", strconv.Itoa(try))
		head.Set("X-Slack-Retry-Reason", reason)
	}
	return s.post(url, head, marshal(d.Payload))
}

// event is the message as an event.
func (m *message) event() obj {
	o := m.json()
	o["channel"], o["event_ts"], o["channel_type"] = m.channel.ID, m.ts, m.channel.kind()
	return o
}

func (m *message) changedEvent(before obj, now string) obj {
	return obj{"type": "message", "subtype": "message_changed", "hidden": true, "channel": m.channel.ID, "ts": now, "event_ts": now,
		"channel_type": m.channel.kind(), "message": m.json(), "previous_message": before}
}

// announceMessage sends a message event, and an app_mention beside it where the app is named:
// same ts, another event_id.
func (s *Server) announceMessage(m *message, event obj) *Delivery {
	w := m.team
	if s.installOf(w) == nil || !w.botIn(m.channel) {
		w = nil
		for _, other := range s.order {
			if other.channels[m.channel.ID] == m.channel && other.botIn(m.channel) {
				w = other
				break
			}
		}
	}
	if w == nil {
		return nil
	}
	suffix := map[string]string{"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}[m.channel.kind()]
	in := s.installOf(w)
	var mention *Delivery
	plain := event["subtype"] == nil || event["subtype"] == "file_share"
	if plain && m.user != in.botUser && !m.channel.im && strings.Contains(m.text, "<@"+in.botUser+">") {
		o := clone(event)
		o["type"] = "app_mention"
		delete(o, "channel_type")
		delete(o, "subtype")
		mention = s.announce(w, "app_mention", "app_mentions:read", o)
	}
	d := s.announce(w, "message."+suffix, suffix+":history", event)
	if d == nil {
		return mention
	}
	return d
}

func short(b []byte) string {
	if len(b) > 80 {
		b = b[:80]
	}
	return string(b)
}
