package slack

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// turn answers one delivery. While its direct answer is unused it is the quickest way; after that
// the response URL carries five answers within half an hour, and then the Web API.
//
//	command    Say: the response itself, then the response URL
//	button     Say and Replace: the response URL; in the Home and in a modal: a modal
//	Home       Say: the Home
//	form       Refuse, Open: the response; Say closes the form and answers where it was opened
//	shortcut   Open; Say: the response URL, or to the person
//	talk       Say: into the conversation; a private answer in a channel is ephemeral
type turn struct {
	s       *Slack
	mu      sync.Mutex // guards direct: Ack comes from another goroutine
	ex      exchange
	direct  answer      // nil once used, and in another process
	shown   bot.Message // what a Home or modal of this turn shows by now
	panelID string      // the modal it is shown in
}

var errLongToken = errors.New("slack: the form's token is longer than Abilities allow")

func late() *bot.Fault { return &bot.Fault{Kind: bot.Unavailable, Say: tooLate} }

// take hands out the direct answer, once.
func (t *turn) take() answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.direct
	t.direct = nil
	return a
}

// Ack acknowledges; Slack shows nothing of it. A form closes.
func (t *turn) Ack(context.Context, bot.Visibility) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.direct
	t.direct = nil
	return t.settle(a, true)
}

// settle uses up a direct answer without words.
func (t *turn) settle(a answer, early bool) error {
	var words string
	switch {
	case a == nil:
		return nil
	case t.ex.Kind == byForm:
		words = `{"response_action":"clear"}`
	case t.ex.Kind == bySuggest:
		words = `{"options":[]}`
	default:
		return a.empty(early)
	}
	if err := a.body([]byte(words)); !errors.Is(err, errTooLarge) {
		return err
	}
	return a.empty(early)
}

// Done ends the exchange; a form closes.
func (t *turn) Done(context.Context) error { return t.settle(t.take(), false) }

// Handle is the exchange without its direct answer. A question for options cannot wait.
func (t *turn) Handle() []byte {
	if t.ex.Kind == bySuggest {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ex.handle()
}

// Resume makes a turn from what Handle gave, also in another process.
func (s *Slack) Resume(handle []byte) (bot.Turn, error) {
	ex, err := parseHandle(handle)
	if err != nil {
		return nil, err
	}
	return &turn{s: s, ex: ex}, nil
}

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
	return a.body(r.out)
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
	return a.body(b)
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
	t.mu.Lock()
	unanswered := t.direct != nil
	t.mu.Unlock()
	if !unanswered {
		return late()
	}
	view, err := t.s.form(t.ex.Team, f, t.origin())
	if err != nil {
		return err
	}
	if t.ex.Kind == byForm {
		return t.swap(ctx, view)
	}
	if t.ex.trigger == "" {
		return late()
	}
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
	if err = a.body(whole); !errors.Is(err, errTooLarge) {
		return err
	}
	small := view
	small.Submit, small.PrivateMetadata, small.ExternalID = nil, "", secret()
	small.Blocks = asBlocks([][]byte{[]byte(`{"type":"section","text":{"type":"plain_text","text":"One moment …","emoji":false}}`)})
	if whole, err = updateTo(small); err != nil {
		return err
	}
	if err = a.body(whole); err != nil {
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

// Say answers; saying again adds.
func (t *turn) Say(ctx context.Context, m bot.Message) error {
	for _, part := range parts(m) {
		if err := t.say(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) say(ctx context.Context, m bot.Message) error {
	a := t.take()
	if t.ex.Kind == byCommand && a != nil {
		err := t.sayDirectly(a, m)
		if err == nil {
			return nil
		}
		if errors.Is(err, errTooLarge) {
			err = a.empty(true)
		}
		// a lost connection leaves the response URL
		if err != nil && !bot.IsFault(err, bot.Unavailable) {
			return err
		}
		return t.follow(ctx, m)
	}
	if err := t.settle(a, true); err != nil {
		return err
	}
	switch t.ex.Kind {
	case byOpening:
		return t.publish(ctx, m)
	case byHome, byView:
		return t.panel(ctx, m, false)
	}
	return t.follow(ctx, m)
}

func (t *turn) sayDirectly(a answer, m bot.Message) error {
	head := headDirect
	if m.Public {
		head = headDirectPublic
	}
	r := t.s.renderer(t.ex.Team, inMessage)
	defer r.free()
	return a.body(r.encode(head, "", m))
}

// follow answers by the response URL, and where there is none any more by the Web API.
func (t *turn) follow(ctx context.Context, m bot.Message) error {
	if t.ex.Kind == byTalk {
		return t.s.speak(ctx, &t.ex, m)
	}
	head := headPrivate
	if m.Public || t.ex.Direct {
		head = headPublic
	}
	done, err := t.byURL(ctx, head, t.ex.Thread, m)
	if done {
		return err
	}
	return t.s.speak(ctx, &t.ex, m)
}

// byURL posts to the response URL; done is false when there is none left to post to.
func (t *turn) byURL(ctx context.Context, head, thread string, m bot.Message) (done bool, err error) {
	if !t.ex.reachable(t.s.host.Now()) {
		return false, nil
	}
	r := t.s.renderer(t.ex.Team, inMessage)
	defer r.free()
	t.mu.Lock()
	t.ex.Uses++
	t.mu.Unlock()
	err = t.s.post(ctx, t.ex.URL, r.encode(head, thread, m))
	if errors.Is(err, errGone) {
		t.mu.Lock()
		t.ex.Uses = urlUses
		t.mu.Unlock()
		return false, nil
	}
	return true, err
}

// Replace puts m in the place of the message whose button was pressed. In a modal it takes the
// modal's place; in the Home, which is no message, and where others read the message and m is
// private, it says it.
func (t *turn) Replace(ctx context.Context, m bot.Message) error {
	all := parts(m)
	if err := t.replace(ctx, all[0]); err != nil {
		return err
	}
	for _, part := range all[1:] {
		if err := t.say(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) replace(ctx context.Context, m bot.Message) error {
	if t.ex.Kind == byView {
		if err := t.settle(t.take(), true); err != nil {
			return err
		}
		return t.panel(ctx, m, true)
	}
	if t.ex.Message == "" || t.ex.Kind == byTalk || t.ex.Kind == byCommand || !t.mayReplace(ctx, m) {
		return t.say(ctx, m)
	}
	if err := t.settle(t.take(), true); err != nil {
		return err
	}
	if done, err := t.byURL(ctx, headReplace, "", m); done {
		return err
	}
	if !t.ex.Hidden && t.ex.Channel != "" {
		p := bot.Place{Network: Network, Team: t.ex.Team, Channel: t.ex.Channel}
		err := t.s.Edit(ctx, p, t.ex.Message, m)
		if err == nil || !bot.IsFault(err, bot.Missing) && !bot.IsFault(err, bot.Forbidden) {
			return err
		}
	}
	return t.s.speak(ctx, &t.ex, m)
}

// mayReplace reports whether nobody reads m in the message's place who should not: m is for
// everybody, or the message is only this person's.
func (t *turn) mayReplace(ctx context.Context, m bot.Message) bool {
	return m.Public || t.ex.Hidden || t.ex.Direct || t.s.isDirect(ctx, t.ex.Team, t.ex.User, t.ex.Channel)
}

// publish shows what was said so far as the person's Home.
func (t *turn) publish(ctx context.Context, m bot.Message) error {
	t.shown = add(t.shown, m)
	hash := t.ex.Hash
	if len(t.shown.Blocks) != len(m.Blocks) {
		hash = "" // our own first part changed it
	}
	return t.s.home(ctx, t.ex.Team, t.ex.User, hash, t.shown)
}

// add hangs a further message below what is shown.
func add(shown, m bot.Message) bot.Message {
	if shown.Text == "" && len(shown.Blocks) == 0 {
		return m
	}
	for _, x := range []*bot.Message{&shown, &m} {
		if len(x.Blocks) == 0 {
			x.Blocks = []bot.Block{bot.Para{Text: x.Text}}
		}
	}
	shown.Blocks = append(append(append([]bot.Block(nil), shown.Blocks...), bot.Rule{}), m.Blocks...)
	return shown
}

// panel shows m in a modal, which is what somebody sees who pressed a button in the Home or in
// another modal. Once Slack's patience for a modal is over it goes to the person's conversation.
func (t *turn) panel(ctx context.Context, m bot.Message, here bool) error {
	shown := add(t.shown, m)
	view := t.s.panel(t.ex.Team, shown, t.origin())
	at := t.panelID
	if here {
		at = t.ex.View
	}
	err := t.s.as(ctx, t.ex.Team, func(c *slack.Client) error {
		var made *slack.ViewResponse
		var err error
		switch {
		case at != "":
			made, err = c.UpdateViewContext(ctx, view, "", "", at)
		case t.ex.trigger == "":
			return slack.SlackErrorResponse{Err: "expired_trigger_id"}
		case t.ex.Kind == byView:
			made, err = c.PushViewContext(ctx, t.ex.trigger, view)
		default:
			made, err = c.OpenViewContext(ctx, t.ex.trigger, view)
		}
		if err == nil {
			at = made.ID
		}
		return err
	})
	if err == nil {
		t.panelID, t.shown, t.ex.trigger = at, shown, ""
		return nil
	}
	var f *bot.Fault
	if !errors.As(err, &f) {
		return err
	}
	return t.follow(ctx, m)
}

// finish is called when the kernel is through with the event.
func (t *turn) finish() { _ = t.settle(t.take(), false) }

// fail tells the person that nothing was done, where the kernel could neither do nor keep it.
func (t *turn) fail(ctx context.Context) {
	a := t.take()
	if a == nil {
		return
	}
	sorry := bot.Say("I cannot save anything right now, so nothing was done. Please try again in a minute.")
	switch t.ex.Kind {
	case byCommand:
		_ = t.sayDirectly(a, sorry)
	case byForm:
		if len(t.ex.inputs) > 0 {
			t.mu.Lock()
			t.direct = a
			t.mu.Unlock()
			_ = t.Refuse(ctx, bot.FieldErrors{"": sorry.Text})
			return
		}
		_ = t.settle(a, false)
	case bySuggest:
		_ = t.settle(a, false)
	default:
		_ = a.empty(true)
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		_ = t.follow(ctx, sorry)
	}
}
