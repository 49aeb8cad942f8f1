package slack

import (
	"context"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	// triggerLife is how long Slack lets a trigger open a form.
	triggerLife = 3 * time.Second
	// ackBy is when a delivery is acknowledged though the form it asked for has not opened yet.
	ackBy = 1200 * time.Millisecond
	// askFor is how long a question to Slack may be put off.
	askFor = 5 * time.Second
)

// ask asks Slack something that changes nothing, as the bot of a team.
func (s *Slack) ask(ctx context.Context, team string, f func(context.Context, *slack.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	err := patient(ctx, func() error {
		return s.as(ctx, team, func(c *slack.Client) error { return f(ctx, c) })
	})
	if troubled(err) {
		return &bot.Fault{Kind: bot.Unavailable, Say: "Slack has trouble of its own right now. Try again in a minute.", Err: err}
	}
	return err
}

// patient makes a call that a person waits for: it waits as long as Slack asks it to slow down, and
// tries again when Slack has trouble of its own. An answer twice is better than none. It gives up
// where ctx would end first.
func patient(ctx context.Context, call func() error) error {
	for troubles := 0; ; {
		err := call()
		var asked *bot.Wait
		var wait time.Duration
		switch {
		case err == nil:
			return nil
		case errors.As(err, &asked):
			wait = max(asked.For, 50*time.Millisecond)
		case troubled(err) && troubles < 3:
			troubles++
			wait = time.Duration(troubles) * 300 * time.Millisecond
		default:
			return err
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) < wait || !pause(ctx, wait) {
			return err
		}
	}
}

// troubled reports that Slack itself went wrong, in its status or in a word.
func troubled(err error) bool {
	var status slack.StatusCodeError
	if errors.As(err, &status) {
		return status.Code >= 500
	}
	switch code(err) {
	case "internal_error", "fatal_error", "service_unavailable":
		return true
	}
	return false
}
