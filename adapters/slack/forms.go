package slack

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

var errLongToken = errors.New("slack: the form's token is longer than Abilities allow")

// Suggest answers a question for options.
func (t *turn) Suggest(_ context.Context, options []bot.Option) error {
	a := t.take()
	if a == nil || t.ex.Kind != bySuggest {
		return late()
	}
	r := t.s.renderer(t.ex.Team, inModal)
	defer r.free()
	r.out = append(r.out, `{"options":[`...)
	for i, o := range options[:min(len(options), maxOptions)] {
		r.out = comma(r.out, i)
		r.option(o)
	}
	r.out = append(r.out, `]}`...)
	return a.body(r.out, false)
}

// Refuse shows errors at the fields of the form that was sent in. An error of a field the form
// does not have stands at its first one: Slack drops the whole answer for an unknown key.
func (t *turn) Refuse(_ context.Context, e bot.FieldErrors) error {
	if t.ex.Kind != byForm || len(t.ex.inputs) == 0 {
		return late()
	}
	a := t.take()
	if a == nil {
		return late()
	}
	known := map[string]string{}
	for _, name := range sortedKeys(e) {
		id := blockID(name)
		if !contains(t.ex.inputs, id) {
			if id = name; !contains(t.ex.inputs, id) {
				id = t.ex.inputs[0]
			}
		}
		words := bot.Flat(e[name])
		if blank(words) {
			words = "Please look at this again."
		}
		if known[id] != "" {
			words = known[id] + " " + words
		}
		known[id] = clip(words, 2000)
	}
	b, err := json.Marshal(map[string]any{"response_action": "errors", "errors": known})
	if err != nil {
		return err
	}
	return a.body(b, false)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Open shows a form: in place of the form that was sent in, on top of the one whose button was
// pressed, else as a new one.
func (t *turn) Open(ctx context.Context, f bot.Form) error {
	view, err := t.s.form(t.ex.Team, f, t.origin())
	if err != nil {
		return err
	}
	if t.ex.Held != "" {
		return t.fill(ctx, view)
	}
	t.mu.Lock()
	unanswered := t.direct != nil
	t.mu.Unlock()
	if !unanswered {
		return late()
	}
	if t.ex.Kind == byForm {
		return t.swap(ctx, view)
	}
	if t.ex.trigger == "" {
		return late()
	}
	ctx, cancel := context.WithTimeout(ctx, triggerLife)
	defer cancel()
	early := time.AfterFunc(ackBy, func() { _ = t.Ack(ctx, bot.Private) })
	defer early.Stop()
	err = t.s.as(ctx, t.ex.Team, func(c *slack.Client) error {
		if t.ex.Kind == byView {
			_, err := c.PushViewContext(ctx, t.ex.trigger, view)
			return err
		}
		_, err := c.OpenViewContext(ctx, t.ex.trigger, view)
		return err
	})
	if err != nil {
		return err
	}
	return t.settle(t.take(), false)
}

// origin is what a form opened now has to remember.
func (t *turn) origin() origin {
	e := &t.ex
	o := origin{Channel: e.Channel, Thread: e.Thread, Message: e.Message, Hidden: e.Hidden, Direct: e.Direct}
	if e.URL != "" {
		o.URL, o.Uses, o.Born = e.URL, e.Uses, e.Born
	}
	return o
}

// swap puts the next form in the place of the one sent in. One too large for an acknowledgement
// is announced by a small one and then updated.
func (t *turn) swap(ctx context.Context, view slack.ModalViewRequest) error {
	whole, err := updateTo(view)
	if err != nil {
		return err
	}
	a := t.take()
	if a == nil {
		return late()
	}
	if err = a.body(whole, false); !errors.Is(err, errTooLarge) {
		return err
	}
	small := view
	small.Submit, small.PrivateMetadata, small.ExternalID = nil, "", secret()
	small.Blocks = asBlocks([][]byte{[]byte(`{"type":"section","text":{"type":"plain_text","text":"One moment …","emoji":false}}`)})
	if whole, err = updateTo(small); err != nil {
		return err
	}
	if err = a.body(whole, true); err != nil {
		return err
	}
	// The acknowledgement and the call travel apart. The external id exists only once Slack has taken
	// the small form in, so the large one cannot be overtaken by it.
	for try := 1; ; try++ {
		err = t.s.as(ctx, t.ex.Team, func(c *slack.Client) error {
			_, err := c.UpdateViewContext(ctx, view, small.ExternalID, "", "")
			return err
		})
		if try == 8 || !bot.IsFault(err, bot.Missing) {
			return err
		}
		if !pause(ctx, time.Duration(try)*50*time.Millisecond) {
			return ctx.Err()
		}
	}
}

func updateTo(view slack.ModalViewRequest) ([]byte, error) {
	return json.Marshal(slack.NewUpdateViewSubmissionResponse(&view))
}
