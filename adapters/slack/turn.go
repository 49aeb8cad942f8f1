package slack

import (
	"context"
	"errors"
	"sync"
	"time"

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
//	held       what Open and Say bring takes the place of the loading modal (hold.go)
//	talk       Say: into the conversation; a private answer in a channel is ephemeral
type turn struct {
	s       *Slack
	mu      sync.Mutex // guards direct: Ack comes from another goroutine
	ex      exchange
	direct  answer      // nil once used, and in another process
	shown   bot.Message // what a Home or modal of this turn shows by now
	panelID string      // the modal it is shown in
}

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
	if err := a.body([]byte(words), early); !errors.Is(err, errTooLarge) {
		return err
	}
	return a.empty(early)
}

// Done ends the exchange; a form closes.
func (t *turn) Done(ctx context.Context) error {
	if t.ex.Held != "" {
		return t.inHeld(ctx, bot.Say("Nothing more is needed."))
	}
	return t.settle(t.take(), false)
}

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
	if t.ex.Held != "" {
		return t.inHeld(ctx, m)
	}
	if t.panelID != "" && !m.Public {
		return t.panel(ctx, m, false)
	}
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
	return a.body(r.encode(head, "", m), false)
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
	body := r.encode(head, thread, m)
	err = patient(ctx, func() error { return t.s.post(ctx, t.ex.URL, body) })
	if errors.Is(err, errGone) {
		t.mu.Lock()
		t.ex.Uses = urlUses
		t.mu.Unlock()
		return false, nil
	}
	return !troubled(err), err
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
	if t.ex.Held != "" {
		return t.inHeld(ctx, m)
	}
	if t.ex.Kind == byCommand || t.ex.Kind == byTalk {
		return t.say(ctx, m)
	}
	if err := t.settle(t.take(), true); err != nil { // before anything is asked of Slack
		return err
	}
	if t.ex.Kind == byView {
		return t.panel(ctx, m, true)
	}
	if t.ex.Message == "" || !t.mayReplace(ctx, m) {
		return t.say(ctx, m)
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

// finish is called when the kernel is through with the event.
func (t *turn) finish() { _ = t.settle(t.take(), false) }

// fail tells the person that nothing was done, where the kernel could neither do nor keep it.
func (t *turn) fail(ctx context.Context) {
	a := t.take()
	if a == nil {
		return
	}
	sorry := bot.Say("I cannot save anything right now, so nothing was done. Please try again in a minute.")
	if t.ex.Held != "" {
		_ = a.empty(true)
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		_ = t.inHeld(ctx, sorry)
		return
	}
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
