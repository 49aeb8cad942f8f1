package slack

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// A trigger lives for three seconds, a modal as long as its reader looks at it. So a form that takes
// a moment to make gets a small modal at once, under an external id made of the trigger: the same
// wherever the work goes on, also in another process.

// Hold opens that modal.
func (t *turn) Hold(ctx context.Context, title string) error {
	if t.ex.trigger == "" || t.ex.Kind == byForm || t.ex.Kind == bySuggest {
		return late()
	}
	if blank(title) {
		title = "One moment"
	}
	id := "hold." + digest([]byte(t.ex.Team+"/"+t.ex.trigger))
	t.hold(id, "")
	var hash string
	err := t.s.as(ctx, t.ex.Team, func(c *slack.Client) error {
		view := t.s.loading(title, t.origin(), id)
		var made *slack.ViewResponse
		var err error
		if t.ex.Kind == byView {
			made, err = c.PushViewContext(ctx, t.ex.trigger, view)
		} else {
			made, err = c.OpenViewContext(ctx, t.ex.trigger, view)
		}
		if err == nil {
			hash = made.Hash
		}
		return err
	})
	if err != nil && !bot.IsFault(err, bot.Forbidden) && !bot.IsFault(err, bot.Unavailable) {
		return err // nobody knows whether it is open: the next step finds out
	}
	if err != nil {
		t.hold("", "")
		return err
	}
	t.hold(id, hash)
	return nil
}

// hold notes what is held; Handle may be called meanwhile.
func (t *turn) hold(id, hash string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ex.Held, t.ex.HeldHash = id, hash
}

// loading is a modal that waits for what it will show.
func (s *Slack) loading(title string, o origin, externalID string) slack.ModalViewRequest {
	view := s.panel("", bot.Say("One moment …"), o)
	view.Title, view.ExternalID = label(bot.Flat(title)), externalID
	return view
}

// fill puts a form into the modal held for it. Whoever closed that modal wants no form any more; who
// has a form there already, through another process, must not lose what they typed into it.
func (t *turn) fill(ctx context.Context, view slack.ModalViewRequest) error {
	err := t.intoHeld(ctx, view)
	known := t.ex.HeldHash != ""
	if known && bot.IsFault(err, bot.Missing) || bot.IsFault(err, bot.Stale) {
		err = nil
	}
	if err != nil {
		t.hold("", "")
		return err
	}
	return t.settle(t.take(), false)
}

// inHeld puts words where a form was to stand. Where its reader has closed it, they go where an
// answer without a modal would.
func (t *turn) inHeld(ctx context.Context, m bot.Message) error {
	if err := t.settle(t.take(), true); err != nil && !bot.IsFault(err, bot.Unavailable) {
		return err
	}
	err := t.intoHeld(ctx, t.s.panel(t.ex.Team, m, t.origin()))
	t.hold("", "")
	if err == nil {
		t.shown = m
		if !m.Public {
			return nil
		}
		return t.follow(ctx, m) // others are to read it too
	}
	var f *bot.Fault
	if !errors.As(err, &f) {
		return err
	}
	if f.Kind == bot.Stale {
		return nil // another process has answered
	}
	if t.ex.Kind == byHome || t.ex.Kind == byView {
		return t.panel(ctx, m, false)
	}
	return t.follow(ctx, m)
}

// intoHeld changes the held modal, if it still stands as it was opened.
func (t *turn) intoHeld(ctx context.Context, view slack.ModalViewRequest) error {
	view.ExternalID = t.ex.Held // it keeps its name, so that a second writer finds it changed
	return t.s.as(ctx, t.ex.Team, func(c *slack.Client) error {
		made, err := c.UpdateViewContext(ctx, view, t.ex.Held, t.ex.HeldHash, "")
		if err == nil {
			t.panelID = made.ID
		}
		return err
	})
}
