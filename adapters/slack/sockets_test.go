package slack

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

func TestSocketsComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, func(c *Config, _ *slacktest.Options) { c.SocketConnections = 2 })
	if !w.slack.WaitConnected(2, 5*time.Second) {
		t.Fatal("two sockets are not open")
	}
	works := func(when string) {
		t.Helper()
		if a := got(t)(w.sam.Slash("hiring", "/rapport", "hello")); a.Text != "heard hello" {
			t.Fatalf("%s: %+v", when, a)
		}
	}
	works("at first")
	w.slack.DropOneSocket()
	works("with one left")
	if !w.slack.WaitConnected(2, 5*time.Second) {
		t.Fatal("the lost socket does not come back")
	}
	opened := w.slack.Opened()
	w.slack.Disconnect("refresh_requested")
	w.until(func() bool { return w.slack.Opened() >= opened+2 })
	works("after a refresh")
	w.slack.RequireClean(t)
}

// When Slack warns of the end the next connection is open before the old one is gone.
func TestWarnedSocketIsReplacedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, nil)
	w.slack.Disconnect("warning")
	if !w.slack.WaitConnected(2, 5*time.Second) {
		t.Fatal("no second connection beside the one that ends")
	}
	w.slack.Advance(15 * time.Second)
	w.until(func() bool { return w.slack.Connections() == 1 })
	if a := got(t)(w.sam.Slash("hiring", "/rapport", "hello")); a.Text != "heard hello" {
		t.Errorf("%+v", a)
	}
	w.slack.RequireClean(t)
}

func TestSocketModeSwitchedOffEndsListening(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, nil)
	before := len(w.slack.Calls("apps.connections.open"))
	w.slack.Disconnect("link_disabled")
	select {
	case err := <-w.ended:
		if err == nil || !strings.Contains(err.Error(), "Socket Mode") {
			t.Errorf("Listen ended with %v", err)
		}
		w.ended <- nil
	case <-time.After(5 * time.Second):
		t.Fatal("Listen goes on")
	}
	if n := len(w.slack.Calls("apps.connections.open")) - before; n > 1 {
		t.Errorf("%d more calls", n)
	}
}

func TestRepeatedEnvelopeIsHandedOnWithTheSameName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, nil)
	w.slack.Repeat(1)
	got(t)(w.sam.Slash("hiring", "/rapport", "hello"))
	w.until(func() bool { return len(heard[bot.Asked](w)) == 2 })
	if all := heard[bot.Asked](w); all[0].ID != all[1].ID {
		t.Errorf("%q and %q", all[0].ID, all[1].ID)
	}
}

// A handler that hangs does not keep the next event from being heard and answered.
func TestReadingNeverWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, nil)
	hold := make(chan struct{})
	w.mu.Lock()
	w.kernel = func(ctx context.Context, ev bot.Event) error {
		if _, talk := ev.Body.(bot.Said); talk {
			<-hold
			return nil
		}
		return w.standard(ctx, ev)
	}
	w.mu.Unlock()
	go w.sam.DM("hang") //nolint:errcheck // it ends with the test
	w.until(func() bool { return len(heard[bot.Said](w)) == 1 })
	ada := w.slack.Workspace().Human("ada")
	if a := got(t)(ada.Slash("hiring", "/rapport", "hello")); a.Text != "heard hello" {
		t.Errorf("%+v", a)
	}
	close(hold)
}

func TestPanicInOneEventLeavesTheRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, func(_ *Config, o *slacktest.Options) { o.Patience, o.Wait = 300*time.Millisecond, time.Second })
	w.mu.Lock()
	w.kernel = func(ctx context.Context, ev bot.Event) error {
		if a, ok := ev.Body.(bot.Asked); ok && a.Text == "panic" {
			panic("boom")
		}
		return w.standard(ctx, ev)
	}
	w.mu.Unlock()
	got(t)(w.sam.Slash("hiring", "/rapport", "panic"))
	if a := got(t)(w.sam.Slash("hiring", "/rapport", "hello")); a.Text != "heard hello" {
		t.Errorf("%+v", a)
	}
	if w.host.count("slack.panic") == 0 {
		t.Error("not counted")
	}
}

func TestWrongTokensAreOneSentence(t *testing.T) {
	t.Parallel()
	fake := slacktest.New(t, slacktest.Options{})
	for name, c := range map[string]struct {
		cfg  Config
		want string
	}{
		"nothing set":     {Config{}, "RAPPORT_SLACK_APP_TOKEN"},
		"wrong app token": {Config{AppToken: "xapp-wrong"}, "RAPPORT_SLACK_APP_TOKEN"},
		"wrong bot token": {Config{SigningSecret: "s", BotToken: "xoxb-wrong"}, "RAPPORT_SLACK_BOT_TOKEN"},
	} {
		c.cfg.APIURL = fake.APIURL()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		err := New(c.cfg, bot.Host{}).Listen(ctx, func(context.Context, bot.Event) error { return nil })
		cancel()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "wrong") || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// With no network Listen goes on and tries again.
func TestSlackOutOfReachIsNotTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	cfg := Config{AppToken: "xapp-1", BotToken: "xoxb-1", APIURL: "http://127.0.0.1:1/api"}
	if err := New(cfg, bot.Host{}).Listen(ctx, func(context.Context, bot.Event) error { return errors.New("never") }); err != nil {
		t.Error(err)
	}
	if ctx.Err() == nil {
		t.Error("ended before its time")
	}
}

// An acknowledgement of a socket holds less than 20 kB: the rest goes another way.
func TestLargeAnswersOverASocket(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, nil)
	long := bot.Message{Text: "long"}
	for range 4 {
		long.Blocks = append(long.Blocks, bot.Para{Text: strings.Repeat("\"words\" ", 350)})
	}
	wide := bot.Form{Title: "Wide", Token: "wide"}
	for i := range 60 {
		f := bot.Field{Name: "f" + string(rune('a'+i%26)) + string(rune('a'+i/26)), Label: "Field", Hint: strings.Repeat("hint ", 60)}
		wide.Fields = append(wide.Fields, f)
	}
	w.mu.Lock()
	w.kernel = func(ctx context.Context, ev bot.Event) error {
		switch b := ev.Body.(type) {
		case bot.Asked:
			if b.Text == "long" {
				return ev.Turn.Say(ctx, long)
			}
			return ev.Turn.Open(ctx, noteForm)
		case bot.Filled:
			return ev.Turn.Open(ctx, wide)
		}
		return nil
	}
	w.mu.Unlock()
	if a := got(t)(w.sam.Slash("hiring", "/rapport", "long")); !strings.Contains(a.Text, "words") {
		t.Errorf("%+v", a.Text)
	}
	got(t)(w.sam.Slash("hiring", "/rapport", "form"))
	_ = w.sam.Fill("Text", "x")
	got(t)(w.sam.SubmitModal())
	w.until(func() bool { m := w.sam.Modal(); return m != nil && len(m.Fields) == 60 })
	w.slack.RequireClean(t)
}
