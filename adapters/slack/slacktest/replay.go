package slacktest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Replayed is how the app took a recorded payload.
type Replayed struct {
	Kind    string // such as "event-app_mention" or "block_actions-message"
	Door    string // "slash_commands", "interactive", "events_api"; "" where nothing was sent
	Problem string // "" when it was acknowledged
	Status  int    // HTTP status, 0 over a socket
	Body    []byte
}

// Replay sends a recorded payload ({"_kind", "payload"}) as if this person had caused it in the
// channel: ids of team, people, channel and app become those of this world, trigger and
// response_url become real; all else stays as recorded. Answers are judged only for being there.
func (h *Human) Replay(file, channel string) (Replayed, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Replayed{}, err
	}
	var record struct {
		Kind    string `json:"_kind"`
		Payload obj    `json:"payload"`
	}
	if err := json.Unmarshal(raw, &record); err != nil {
		return Replayed{}, fmt.Errorf("%s: %w", file, err)
	}
	kind, p := record.Kind, record.Payload
	if strings.HasPrefix(kind, "socket-") {
		inner := object(p["payload"])
		if inner == nil {
			return Replayed{Kind: kind}, nil // hello and disconnect are the connection's own
		}
		p = inner
		if strings.HasSuffix(kind, "slash_commands") {
			kind = "slash_command"
		} else {
			kind = str(p["type"])
		}
	}
	h.s.mu.Lock()
	ch, err := h.place(channel)
	if err != nil {
		h.s.mu.Unlock()
		return Replayed{}, err
	}
	x, err := h.start(ch)
	if err != nil {
		h.s.mu.Unlock()
		return Replayed{}, err
	}
	p = object(h.rewritten(x, p, ""))
	h.standIn(x, ch, p)
	if strings.HasPrefix(kind, "inner-") || kind == "function_executed" {
		p = h.s.wrap(h.w, h.s.installOf(h.w), p)
	}
	socket, commands := h.s.app.Socket, h.s.app.CommandsURL
	h.s.mu.Unlock()
	out, door := h.resend(kind, p, socket, commands)
	return Replayed{Kind: record.Kind, Door: door, Problem: out.problem, Status: out.status, Body: out.body}, nil
}

// standIn puts the message a recorded press belongs to into the channel, so that the app can
// replace it.
func (h *Human) standIn(x *exchange, ch *Channel, p obj) {
	container := object(p["container"])
	if str(container["message_ts"]) == "" || p["response_url"] == nil {
		return
	}
	recorded := object(p["message"])
	m := h.s.appMessage(h.w, ch, content{text: str(recorded["text"]), blocks: clone(list(recorded["blocks"]))})
	m.ts = h.s.newTS()
	if truth(container["is_ephemeral"]) {
		m.onlyFor = h.u.ID
	}
	ch.messages = append(ch.messages, m)
	m.seq = h.s.stamp()
	container["message_ts"] = m.ts
	if recorded != nil {
		recorded["ts"] = m.ts
	}
	p["response_url"] = h.s.newReply("actions", x, ch, m)
}

func (h *Human) resend(kind string, p obj, socket bool, commands string) (outcome, string) {
	isEvent := strings.HasPrefix(kind, "event-") || strings.HasPrefix(kind, "inner-") || kind == "function_executed" || kind == "app_rate_limited"
	switch {
	case isEvent:
		return h.s.sendEvent(&Delivery{Kind: "events_api", Payload: p}, 0, ""), "events_api"
	case strings.HasPrefix(kind, "slash_command"):
		if socket {
			return h.s.sockets.send("slash_commands", p, true, 0, ""), "slash_commands"
		}
		form := url.Values{}
		for k, v := range p {
			form.Set(k, str(v))
		}
		return h.s.post(commands, formHeader(), []byte(form.Encode())), "slash_commands"
	}
	accepts := p["type"] == "view_submission" || p["type"] == "block_suggestion" || p["type"] == "dialog_suggestion"
	return h.s.interact(p, accepts), "interactive"
}

// rewritten walks a payload and puts this world's ids in place of the recorded ones.
func (h *Human) rewritten(x *exchange, v any, key string) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			out[i] = h.rewritten(x, one, key)
		}
		return out
	case obj:
		out := obj{}
		for k, one := range v {
			name := k
			if k == "id" { // {"user":{"id":…}} is a user id
				name = key
			}
			out[k] = h.rewritten(x, one, name)
		}
		return out
	case string:
		if v == "" {
			return v // an empty template field
		}
		return h.newValue(x, v, key)
	}
	return v
}

func (h *Human) newValue(x *exchange, v, key string) any {
	app, in := h.s.app, h.s.installOf(h.w)
	switch key {
	case "team_id", "team", "context_team_id", "user_team", "source_team", "app_installed_team_id":
		return h.w.ID
	case "enterprise_id", "context_enterprise_id", "enterprise":
		if h.w.org == nil {
			return nil
		}
		return h.w.org.ID
	case "user", "user_id", "parent_user_id", "item_user", "users", "authed_users":
		return h.u.ID
	case "channel", "channel_id", "channels":
		if x.place != nil {
			return x.place.ID
		}
	case "api_app_id", "app_id":
		return app.ID
	case "bot_id":
		return in.botID
	case "token":
		return app.VerificationToken
	case "event_id":
		return h.s.newID("Ev")
	case "trigger_id":
		return h.s.newTrigger(x, nil)
	case "response_url":
		return h.s.newReply("actions", x, x.place, nil)
	}
	return v
}
