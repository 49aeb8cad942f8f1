package discordtest

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Replay sends a recorded payload to the app: a gateway payload as it was, an
// interaction as it was but with an id and a token that can be answered. A
// part of an interaction is set into a whole one. The Exchange is nil unless
// the payload is an interaction. A recording of something that Discord never
// sends to an app by itself is an error.
//
// A recording is {"_kind", "payload"}; its kind begins with "gw-" or
// "interaction-".
func (s *Server) Replay(file string) (*Exchange, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var rec struct {
		Kind    string          `json:"_kind"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(raw, &rec); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r := &request{}
	if e := r.decodeJSON(rec.Payload); e != nil {
		return nil, fmt.Errorf("%s: the payload is not JSON", file)
	}
	switch {
	case strings.HasPrefix(rec.Kind, "gw-INTERACTION_CREATE"):
		return s.replayInteraction(sub(r.obj(), "d"))
	case strings.HasPrefix(rec.Kind, "interaction-"):
		return s.replayInteraction(r.obj())
	case strings.HasPrefix(rec.Kind, "gw-"):
		s.replayGateway(r.obj())
		return nil, nil
	}
	return nil, fmt.Errorf("%s: a %q is not sent to apps by itself", file, rec.Kind)
}

// replayGateway sends a gateway payload to every connected session. READY
// and RESUMED are ours alone to send: they are passed on without their op.
func (s *Server) replayGateway(p obj) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ss := range s.gate.order {
		if ss.conn == nil || ss.dead {
			continue
		}
		if name := str(p, "t"); name != "" {
			body, _ := p["d"].(obj)
			ss.push(name, body)
			continue
		}
		ss.conn.send(integer(p, "op", 0), p["d"])
	}
	s.signal()
}

func (s *Server) replayInteraction(o obj) (*Exchange, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := integer(o, "type", 0)
	if kind < interPing || kind > interModal {
		return nil, fmt.Errorf("interaction of unknown type %d", kind)
	}
	person := sub(o, "user")
	if m := sub(o, "member"); m != nil {
		person = sub(m, "user")
	}
	u := &User{ID: first(str(person, "id"), s.newID()), Name: first(str(person, "global_name"), str(person, "username"), "Somebody"),
		Locale: first(str(o, "locale"), "en-US")}
	if known := s.users[u.ID]; known != nil {
		u = known
	}
	s.users[u.ID] = u
	ch := s.channels[first(str(o, "channel_id"), str(sub(o, "channel"), "id"))]
	if ch == nil {
		ch = s.dm(u)
	}
	h := &Human{s: s, user: u, ch: ch}
	in := &interaction{kind: kind, user: h, ch: ch, name: "recorded interaction", data: sub(o, "data"),
		command: &command{kind: integer(sub(o, "data"), "type", cmdSlash), name: str(sub(o, "data"), "name"), body: obj{}},
		option:  obj{"type": optString}}
	if m := sub(o, "message"); m != nil || kind == interComponent {
		in.source = s.recordedMessage(ch, m)
	}
	whole := s.beginQuiet(in)
	for k, v := range o {
		if k != "id" && k != "token" && k != "application_id" {
			whole[k] = v
		}
	}
	if has(o, "member") {
		delete(whole, "user")
	}
	if s.app.url != "" {
		go s.deliver(in, whole)
	} else {
		s.publish(event{name: "INTERACTION_CREATE", body: whole})
	}
	return &Exchange{s: s, in: in, by: h}, nil
}

// recordedMessage stands for the message a recorded component was on.
func (s *Server) recordedMessage(c *Channel, o obj) *message {
	m := s.newMessage(c, s.app.user)
	m.content, m.components = str(o, "content"), clonedList(o, "components")
	if id := str(o, "id"); id != "" {
		m.id = id
	}
	c.messages = append(c.messages, m)
	return m
}
