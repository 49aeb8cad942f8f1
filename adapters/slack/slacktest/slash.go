package slacktest

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"strconv"
	"strings"
)

// Slash types a slash command and waits for what the app shows. The text is as typed: & < > are
// sent as entities, and names stay as they are unless the command has should_escape.
func (h *Human) Slash(channel, command, text string) (Answer, error) {
	h.s.mu.Lock()
	ch, err := h.place(channel)
	if err != nil {
		h.s.mu.Unlock()
		return Answer{}, err
	}
	known, declared := h.s.app.Commands[command]
	if h.s.app.Commands != nil && !declared {
		h.s.mu.Unlock()
		return Answer{Problem: "invalid_command", Text: command + " is not a valid command."}, nil
	}
	x, err := h.start(ch)
	if err != nil {
		h.s.mu.Unlock()
		return Answer{}, err
	}
	sent := escape(text)
	if known.ShouldEscape {
		sent = h.w.named(sent, true)
	}
	fields := h.slashFields(x, ch, command, sent)
	socket, to := h.s.app.Socket, h.s.app.CommandsURL
	d := &Delivery{Kind: "slash_commands", Payload: fields, first: make(chan struct{})}
	h.s.keepSent(d)
	twice := h.s.repeat > 0
	if twice {
		h.s.repeat--
	}
	h.s.mu.Unlock()
	once := func() outcome {
		if socket {
			return h.s.sockets.send("slash_commands", fields, true, 0, "")
		}
		form := url.Values{}
		for k, v := range fields {
			form.Set(k, str(v))
		}
		return h.s.post(to, formHeader(), []byte(form.Encode()))
	}
	if twice {
		h.s.spawn(func() { once() })
	}
	out := once()
	h.s.mu.Lock()
	d.Attempts = append(d.Attempts, Attempt{Problem: out.problem, Status: out.status, Took: out.took})
	h.s.mu.Unlock()
	if out.problem == "" && out.status > 200 {
		out.problem = "http_error" // only 200 will do for a command
	}
	if out.problem != "" {
		a := h.failed(command, out)
		a.Text = fmt.Sprintf("%s failed with the error %q", command, a.Problem)
		return a, nil
	}
	if problem := h.shown(x, ch, command, out); problem != "" {
		return Answer{Problem: problem}, nil
	}
	return h.wait(x), nil
}

// slashFields are the exact form fields; is_enterprise_install is a string.
func (h *Human) slashFields(x *exchange, ch *Channel, command, text string) obj {
	in := h.s.installOf(h.w)
	o := obj{"token": h.s.app.VerificationToken, "team_id": h.w.ID, "team_domain": h.w.Domain, "channel_id": ch.ID,
		"channel_name": shownName(ch), "user_id": h.u.ID, "user_name": h.u.Name, "command": command, "text": text,
		"api_app_id": h.s.app.ID, "is_enterprise_install": strconv.FormatBool(in.org != nil),
		"response_url": h.s.newReply("commands", x, ch, nil), "trigger_id": h.s.newTrigger(x, nil)}
	if h.w.org != nil {
		o["enterprise_id"], o["enterprise_name"] = h.w.org.ID, h.w.org.Name
	}
	return o
}

// shown puts up the answer that came with the acknowledgement of a command.
func (h *Human) shown(x *exchange, ch *Channel, command string, out outcome) (problem string) {
	body := strings.TrimSpace(string(out.body))
	if body == "" {
		return ""
	}
	kind, _, _ := mime.ParseMediaType(out.kind)
	var args obj
	isJSON := json.Unmarshal([]byte(body), &args) == nil
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	switch {
	case out.status == 0 && !isJSON:
		h.s.fault("invalid_answer", command, "the payload of an acknowledgement is an object: %s", short(out.body))
		return "dispatch_failed"
	case out.status != 0 && kind != "application/json":
		if isJSON {
			h.s.fault("json_as_text", command, "JSON sent as %q is shown to the person as it is", out.kind)
		}
		args = obj{"text": body}
	case out.status != 0 && !isJSON:
		h.s.fault("invalid_answer", command, "not JSON: %s", short(out.body))
		return "dispatch_failed"
	}
	said, t := h.s.readContent(args, command)
	if t != nil {
		h.s.refusal(t.code, command, "", strings.Join(t.messages, "; "))
		return t.code
	}
	if said.empty() {
		return ""
	}
	m := h.s.appMessage(h.w, ch, said)
	m.cause = x
	h.s.answerWith(m, x.desk, str(args["response_type"]) == "in_channel")
	return ""
}
