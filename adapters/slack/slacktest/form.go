package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
)

var errNoModal = errors.New("no modal is open")

// trouble connecting is what a modal says when the app's answer is of no use.
const modalTrouble = "We had some trouble connecting. Try again?"

// Fill puts values into a field of the open modal, found by its label, block id or action id.
// Selects take labels or values, several where several are allowed; dates are 2006-01-02, times
// 15:04, moments RFC 3339. A field that dispatches tells the app at once.
func (h *Human) Fill(label string, values ...string) error {
	h.s.mu.Lock()
	if h.w.desk(h.u).top() == nil {
		h.s.mu.Unlock()
		return errNoModal
	}
	sp, err := h.find(label, func(c control) bool { return valueKey(c.kind()) != "" }, "")
	h.s.mu.Unlock()
	if err != nil {
		return err
	}
	value, err := h.value(sp, values)
	if err != nil {
		return err
	}
	h.s.mu.Lock()
	h.keep(sp, value)
	if !sp.dispatches() {
		h.s.stamp()
		h.s.mu.Unlock()
		return nil
	}
	payload, _, err := h.actionPayload(sp, value)
	h.s.mu.Unlock()
	if err != nil {
		return err
	}
	if out := h.s.interact(payload, false); out.problem != "" {
		h.failed("block_actions "+sp.action, out)
	} else {
		h.bodyless("block_actions", out)
	}
	return nil
}

// SubmitModal presses the modal's submit button and waits for the outcome: errors under fields,
// another view, or a closed modal and what the app shows next.
func (h *Human) SubmitModal() (Answer, error) {
	h.s.mu.Lock()
	d := h.w.desk(h.u)
	v := d.top()
	if v == nil || v.submit == nil {
		h.s.mu.Unlock()
		return Answer{}, errNoModal
	}
	if errs := h.incomplete(v); len(errs) > 0 {
		h.s.mu.Unlock()
		return Answer{Errors: errs}, nil
	}
	x, err := h.start(v.from)
	if err != nil {
		h.s.mu.Unlock()
		return Answer{}, err
	}
	o := h.base("view_submission")
	o["view"], o["trigger_id"] = v.json(), h.s.newTrigger(x, v)
	o["response_urls"] = h.modalReplies(x, v)
	h.s.mu.Unlock()
	out := h.s.interact(o, true)
	if out.problem != "" {
		a := h.failed("view_submission "+v.callbackID, out)
		a.Text = modalTrouble
		return a, nil
	}
	return h.submitted(x, v, out), nil
}

// modalReplies are response_urls, one for each select that asks for it.
func (h *Human) modalReplies(x *exchange, v *view) []any {
	out := []any{}
	for _, c := range controlsOf(v.blocks) {
		if !truth(c.element["response_url_enabled"]) {
			continue
		}
		value := v.state.get(c.block, c.action)
		if value == nil {
			value = initialValue(c.element)
		}
		if ch := h.w.channels[str(value[valueKey(c.kind())])]; ch != nil {
			out = append(out, obj{"block_id": c.block, "action_id": c.action, "channel_id": ch.ID,
				"response_url": h.s.newReply("app", x, ch, nil)})
		}
	}
	return out
}

// incomplete is the check Slack's own client makes before it sends a form.
func (h *Human) incomplete(v *view) map[string]string {
	errs := map[string]string{}
	for _, c := range controlsOf(v.blocks) {
		if !c.input() {
			continue
		}
		value := v.state.get(c.block, c.action)
		if value == nil {
			value = initialValue(c.element)
		}
		got := value[valueKey(c.kind())]
		empty := got == nil || got == "" || many(valueKey(c.kind())) && len(list(got)) == 0
		switch text := str(got); {
		case empty && !truth(c.in["optional"]):
			errs[controlLabel(c)] = "Please complete this required field."
		case empty:
		default:
			if wrong := malformed(c, text); wrong != "" {
				errs[controlLabel(c)] = wrong
			}
		}
	}
	return errs
}

func malformed(c control, text string) string {
	switch c.kind() {
	case "plain_text_input":
		if least, given := number(c.element["min_length"]); given && float64(runes(text)) < least {
			return fmt.Sprintf("Please use at least %v characters.", least)
		}
		most, given := number(c.element["max_length"])
		if !given {
			most = 3000
		}
		if float64(runes(text)) > most {
			return fmt.Sprintf("Please use at most %v characters.", most)
		}
	case "number_input":
		n, err := strconv.ParseFloat(text, 64)
		least, low := number(c.element["min_value"])
		most, high := number(c.element["max_value"])
		if err != nil || !truth(c.element["is_decimal_allowed"]) && n != float64(int64(n)) || low && n < least || high && n > most {
			return "Please enter a valid number."
		}
	case "email_text_input":
		if _, err := mail.ParseAddress(text); err != nil {
			return "Please enter a valid email address."
		}
	case "url_text_input":
		if u, err := url.Parse(text); err != nil || u.Scheme == "" || u.Host == "" {
			return "Please enter a valid URL."
		}
	}
	return ""
}

// submitted acts on the app's answer to view_submission.
func (h *Human) submitted(x *exchange, v *view, out outcome) Answer {
	answer, problem := h.submissionAnswer(v, out)
	if problem != "" {
		h.s.mu.Lock()
		defer h.s.mu.Unlock()
		h.s.fault("invalid_view_answer", "view_submission "+v.callbackID, "%s", problem)
		return Answer{Problem: "view_submission_failed", Text: modalTrouble}
	}
	h.s.mu.Lock()
	d := x.desk
	switch str(answer["response_action"]) {
	case "errors":
		defer h.s.mu.Unlock()
		v.errors = map[string]string{}
		a := Answer{Errors: map[string]string{}}
		for block, text := range object(answer["errors"]) {
			v.errors[block] = str(text)
			a.Errors[labelOf(v, block)] = str(text)
		}
		v.seq = h.s.stamp()
		seen := h.seeView(v)
		a.View = &seen
		return a
	case "update":
		v.cause = x
		h.s.fillView(v, object(answer["view"]))
	case "push":
		h.s.push(d, v.in, x, object(answer["view"]))
	case "clear":
		d.drop(h.s, 0)
	default:
		if n := len(d.stack); n > 0 && d.top() == v {
			d.drop(h.s, n-1)
		}
	}
	closed := v.gone
	h.s.mu.Unlock()
	a := h.wait(x)
	a.Closed = closed
	return a
}

func labelOf(v *view, block string) string {
	for _, c := range controlsOf(v.blocks) {
		if c.block == block {
			return controlLabel(c)
		}
	}
	return block
}

// submissionAnswer reads and judges the body; an unusable one makes the whole submission fail.
func (h *Human) submissionAnswer(v *view, out outcome) (answer obj, problem string) {
	body := strings.TrimSpace(string(out.body))
	if body == "" {
		return nil, ""
	}
	if kind, _, _ := mime.ParseMediaType(out.kind); out.status != 0 && kind != "application/json" {
		return nil, fmt.Sprintf("content type %q, application/json is needed", out.kind)
	}
	if json.Unmarshal([]byte(body), &answer) != nil {
		return nil, "not a JSON object: " + short(out.body)
	}
	if len(answer) == 0 {
		return nil, ""
	}
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	switch action := str(answer["response_action"]); action {
	case "clear":
	case "errors":
		return answer, errorsProblem(v, object(answer["errors"]))
	case "update", "push":
		if action == "push" && len(v.desk.stack) >= maxStack {
			return nil, "push_limit_reached"
		}
		if _, t := h.s.checkView(answer["view"], "modal"); t != nil {
			return nil, t.code + ": " + strings.Join(t.messages, "; ")
		}
		but := v
		if action == "push" {
			but = nil
		}
		if h.s.taken(h.w, str(object(answer["view"])["external_id"]), but) {
			return nil, "duplicate_external_id"
		}
	default:
		return nil, fmt.Sprintf("unknown response_action %q", action)
	}
	return answer, ""
}

func errorsProblem(v *view, errs obj) string {
	if len(errs) == 0 {
		return "response_action errors without errors"
	}
	inputs := map[string]bool{}
	for _, b := range v.blocks {
		if o := object(b); str(o["type"]) == "input" {
			inputs[str(o["block_id"])] = true
		}
	}
	for block, text := range errs {
		if !inputs[block] {
			return fmt.Sprintf("errors key %q is no input block of this view", block)
		}
		if str(text) == "" {
			return fmt.Sprintf("the error of %q is no text", block)
		}
	}
	return ""
}

// CloseModal closes the topmost modal with its cancel button.
func (h *Human) CloseModal() error { return h.closeModal(false) }

// CloseAllModals closes the whole stack with the x of its root.
func (h *Human) CloseAllModals() error { return h.closeModal(true) }

func (h *Human) closeModal(whole bool) error {
	h.s.mu.Lock()
	d := h.w.desk(h.u)
	v := d.top()
	if v == nil {
		h.s.mu.Unlock()
		return errNoModal
	}
	var payloads []obj
	whole = whole || v.clear || len(d.stack) == 1
	for _, one := range d.stack {
		if one.notify && (whole || one == v) {
			o := h.base("view_closed")
			o["view"], o["is_cleared"] = one.json(), whole
			payloads = append(payloads, o)
		}
	}
	if whole {
		d.drop(h.s, 0)
	} else {
		d.drop(h.s, len(d.stack)-1)
	}
	h.s.mu.Unlock()
	for _, o := range payloads {
		if out := h.s.interact(o, false); out.problem != "" {
			h.failed("view_closed", out)
		} else {
			h.bodyless("view_closed", out)
		}
	}
	return nil
}
