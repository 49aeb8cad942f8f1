package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

// A form that takes long to open does not hold the acknowledgement.
func TestSlowFormIsAcknowledgedInTime(t *testing.T) {
	t.Parallel()
	for _, socket := range []bool{false, true} {
		w := newWorld(t, socket, func(_ *Config, o *slacktest.Options) { o.Wait = 2 * time.Second })
		w.mu.Lock()
		w.kernel = func(ctx context.Context, ev bot.Event) error {
			if err := ev.Turn.Open(ctx, noteForm); err == nil {
				t.Error("the form opened")
			}
			return ev.Turn.Say(ctx, bot.Say("press this instead"))
		}
		w.mu.Unlock()
		w.slack.Inject(slacktest.Injection{Method: "views.open", Error: "expired_trigger_id", Delay: 4 * time.Second})
		if a := got(t)(w.sam.Slash("hiring", "/rapport", "form")); a.Problem != "" {
			t.Errorf("Slack says %s", a.Problem)
		}
		w.until(func() bool {
			s, err := w.sam.Visible("hiring")
			return err == nil && strings.Contains(s.Text, "press this instead")
		})
		w.slack.RequireClean(t)
	}
}

// Slack's trouble and its wish for a pause do not swallow answers.
func TestAnswersOutliveSlacksTrouble(t *testing.T) {
	bothDoors(t, func(w *world) {
		for _, i := range []slacktest.Injection{{Status: 429, RetryAfter: 1}, {Status: 503}, {Error: "internal_error"}} {
			for _, method := range []string{"response_url", "chat.postEphemeral", "views.publish"} {
				i.Method = method
				w.slack.Inject(i)
			}
			got(w.t)(w.sam.Slash("hiring", "/rapport", "many"))
			if _, err := w.sam.Mention("hiring", "private"); err != nil {
				w.t.Fatal(err)
			}
			got(w.t)(w.sam.OpenHome())
		}
		w.until(func() bool {
			s, err := w.sam.Visible("hiring")
			return err == nil && strings.Count(s.Text, "three") == 3 && strings.Count(s.Text, "between us") == 6 && s.Home != nil
		})
	})
}
