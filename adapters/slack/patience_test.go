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

// Questions wait as long as Slack asks for, and its outages have words.
func TestQuestionsOutliveLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	team := w.slack.Workspace()
	gid := team.AddGroup(slacktest.UserGroup{Handle: "recruiters", Name: "Recruiters", Members: []string{"sam", "ada"}})
	for _, method := range []string{"users.info", "usergroups.list", "conversations.members"} {
		w.slack.Inject(slacktest.Injection{Method: method, Status: 429, RetryAfter: 1})
		w.slack.Inject(slacktest.Injection{Method: method, Status: 502})
	}
	sam := bot.Account{Network: "slack", Team: team.ID, ID: w.sam.ID()}
	if p, err := w.s.Profile(t.Context(), sam); err != nil || p.Name != "Sam Lee" {
		t.Errorf("%+v %v", p, err)
	}
	if _, members, err := w.s.Group(t.Context(), team.ID, gid); err != nil || len(members) != 2 {
		t.Errorf("%v %v", members, err)
	}
	if readers, _, err := w.s.Readers(t.Context(), w.hiring()); err != nil || len(readers) != 2 {
		t.Errorf("%v %v", readers, err)
	}
	w.slack.Inject(slacktest.Injection{Method: "users.info", Status: 503, Times: -1})
	if _, err := w.s.Profile(t.Context(), sam); !bot.IsFault(err, bot.Unavailable) {
		t.Errorf("an outage: %v", err)
	}
}
