package slack

import (
	"context"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// publish shows what was said so far as the person's Home. A Stale fault says that the Home was
// changed meanwhile: what is said next replaces it.
func (t *turn) publish(ctx context.Context, m bot.Message) error {
	shown, hash := add(t.shown, m), t.ex.Hash
	err := patient(ctx, func() error { return t.s.home(ctx, t.ex.Team, t.ex.User, hash, shown) })
	t.ex.Hash = "" // our own first part changed it, or somebody did
	if err == nil {
		t.shown = shown
	}
	return err
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
	return t.follow(ctx, m)
}
