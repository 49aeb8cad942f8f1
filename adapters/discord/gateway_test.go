package discord

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/bot"
)

func saying(text string) func(bot.Event) bool {
	return func(e bot.Event) bool { s, ok := e.Body.(bot.Said); return ok && s.Text == text }
}

func TestGatewayLosesNothingWhenDisturbed(t *testing.T) {
	t.Parallel()
	for name, disturb := range map[string]func(*discordtest.Server){
		"connection cut":    func(d *discordtest.Server) { d.DropGateway() },
		"asked to go":       func(d *discordtest.Server) { d.Reconnect() },
		"closed for resume": func(d *discordtest.Server) { d.CloseGateway(4000) },
		"op 9, resumable":   func(d *discordtest.Server) { d.InvalidSession(true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, setup{declare: pipeline(), opt: discordtest.Options{Patience: 10 * time.Second}})
			r.ada.DM("before")
			r.k.await("before", saying("before"))
			disturb(r.d)
			r.ada.DM("meanwhile")
			r.k.await("meanwhile", saying("meanwhile"))
			if n := r.k.seen(saying("meanwhile")); n != 1 {
				t.Fatalf("heard %d times", n)
			}
			if o := r.d.Owners(); len(o) != 1 {
				t.Fatalf("%d sessions instead of one resumed", len(o))
			}
			noLints(t, r.d)
		})
	}
}

// noLints: lints that say something of the connection, not of timing.
func noLints(t *testing.T, d *discordtest.Server) {
	t.Helper()
	for _, l := range d.Lints() {
		t.Errorf("lint: %s", l)
	}
}

func TestSessionThatIsOverBeginsAnew(t *testing.T) {
	t.Parallel()
	for name, disturb := range map[string]func(*discordtest.Server){
		"op 9":            func(d *discordtest.Server) { d.InvalidSession(false) },
		"timed out":       func(d *discordtest.Server) { d.CloseGateway(4009) },
		"wrong sequence":  func(d *discordtest.Server) { d.CloseGateway(4007) },
		"op 9 to resumed": func(d *discordtest.Server) { d.DropGateway(); d.InvalidSession(false) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, setup{declare: pipeline(), opt: discordtest.Options{Patience: 15 * time.Second}})
			disturb(r.d)
			r.d.Await("a second session", func() bool { o := r.d.Owners(); return len(o) == 2 && o[1].Connected })
			r.ada.DM("after")
			r.k.await("after", saying("after"))
			noLints(t, r.d)
		})
	}
}

func TestFatalCloseCodesStopAndTell(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{4004: "RAPPORT_DISCORD_BOT_TOKEN", 4010: "shard", 4011: "shards", 4012: "newer Rapport", 4013: "intents", 4014: "Message Content"} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			r := start(t, setup{declare: pipeline()})
			r.ada.DM("warm")
			r.k.await("warm", saying("warm"))
			r.d.CloseGateway(code)
			select {
			case err := <-r.ended:
				if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
					t.Fatalf("%v", err)
				}
				r.ended <- err
			case <-time.After(5 * time.Second):
				t.Fatal("still trying")
			}
			calls := len(r.d.Calls())
			time.Sleep(300 * time.Millisecond)
			if len(r.d.Owners()) != 1 || len(r.d.Calls()) != calls {
				t.Fatal("connected again after a fatal code")
			}
		})
	}
}

func TestWrongTokenIsOneSentence(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{})
	n, err := New(Config{BotToken: "wrong", AppID: d.App().ID, APIURL: d.URL()}, newMemory().host())
	if err != nil {
		t.Fatal(err)
	}
	err = n.Listen(t.Context(), func(context.Context, bot.Event) error { return nil })
	if !errors.Is(err, errToken) {
		t.Fatal(err)
	}
	if f := n.Check(t.Context()); len(f) != 1 || f[0].OK || !strings.Contains(f[0].Say, "RAPPORT_DISCORD_BOT_TOKEN") {
		t.Fatalf("%+v", f)
	}
	before := d.InvalidRequests()
	if _, err := n.Send(t.Context(), bot.Place{Channel: "1"}, bot.Say("x"), "k"); !bot.IsFault(err, bot.Unavailable) {
		t.Fatal(err)
	}
	if d.InvalidRequests() != before || before != 1 {
		t.Fatalf("%d calls with a refused token", d.InvalidRequests())
	}
}

func TestUnansweredHeartbeatResumes(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline(), opt: discordtest.Options{Heartbeat: 150 * time.Millisecond, Patience: 10 * time.Second}})
	r.d.MuteHeartbeats(true)
	r.d.Await("the line to be given up", func() bool { return r.d.Connected() == 0 })
	r.d.MuteHeartbeats(false)
	r.ada.DM("still here?")
	r.k.await("after the resume", saying("still here?"))
	if len(r.d.Owners()) != 1 {
		t.Fatal("the session was lost")
	}
}

func TestNextProcessResumesTheSession(t *testing.T) {
	t.Parallel()
	s := setup{declare: pipeline(), opt: discordtest.Options{Patience: 10 * time.Second}}
	r := start(t, s)
	r.ada.DM("one")
	r.k.await("one", saying("one"))
	thread := r.general.Thread("Question")
	r.ada.Mention(thread, "first")
	r.k.await("first", saying("first"))

	second := r.network(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = second.Listen(ctx, r.k.receive) }()
	defer func() { cancel(); <-done }()
	time.Sleep(100 * time.Millisecond)
	if r.d.Connected() != 1 {
		t.Fatal("two processes on one shard")
	}
	r.stop()
	r.d.Await("the first to go", func() bool { return len(r.d.Owners()) == 1 })
	r.ada.DM("between")
	r.k.await("between", saying("between"))
	if o := r.d.Owners(); len(o) != 1 {
		t.Fatalf("%d sessions: what happened in between could be lost", len(o))
	}
}

func TestLostLeaseEndsTheConnection(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline(), opt: discordtest.Options{Patience: 10 * time.Second}})
	var most atomic.Int64
	r.ada.DM("warm")
	r.k.await("warm", saying("warm"))
	r.m.lose()
	r.d.Await("the shard to come back", func() bool {
		most.Store(max(most.Load(), int64(r.d.Connected())))
		return r.d.Connected() == 1
	})
	if most.Load() > 1 || len(r.d.Owners()) != 1 {
		t.Fatal("two owners")
	}
	r.ada.DM("hello")
	r.k.await("hello", saying("hello"))
}

func TestShards(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline(), opt: discordtest.Options{Shards: 3, NeedsShards: 3, Sessions: discordtest.SessionStart{MaxConcurrency: 3}, Patience: 10 * time.Second}})
	r.d.AwaitConnected(3)
	seen := map[int]bool{}
	for _, o := range r.d.Owners() {
		if o.Shards != 3 || seen[o.Shard] {
			t.Fatalf("%+v", o)
		}
		seen[o.Shard] = true
	}
	r.ada.Mention(r.general, "hi")
	r.k.await("hi", saying("hi"))
	r.ada.DM("direct")
	r.k.await("direct", saying("direct"))
}

func TestEventThatCannotBeKeptComesAgain(t *testing.T) {
	t.Parallel()
	var tries atomic.Int64
	r := start(t, setup{declare: pipeline(), answer: func(_ context.Context, ev bot.Event) error {
		if tries.Add(1) < 3 {
			return errTest
		}
		return nil
	}})
	r.ada.DM("keep me")
	for tries.Load() < 3 {
		time.Sleep(20 * time.Millisecond)
	}
}

func TestPanicInTheKernelIsSurvived(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		var calls atomic.Int64
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			if calls.Add(1) == 1 {
				panic("boom")
			}
			return ev.Turn.Say(ctx, bot.Say("alive"))
		}})
		if got := r.ada.Slash(r.general, "help", nil).Text(); !strings.HasPrefix(got, "Something went wrong on my side") {
			t.Fatal(got)
		}
		if got := r.ada.Slash(r.general, "help", nil).Text(); got != "alive" {
			t.Fatal(got)
		}
		if r.m.counted("discord.panic") != 1 {
			t.Fatal("a panic is counted")
		}
	})
}

func TestRepeatedEventsCarryTheSameIDs(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline()})
	m := r.ada.DM("once")
	r.ada.React(m, "👍")
	r.k.await("reaction", func(e bot.Event) bool { _, ok := e.Body.(bot.Reacted); return ok })
	r.d.RepeatEvents(2)
	for r.k.seen(isReaction) < 2 || r.k.seen(saying("once")) < 2 {
		time.Sleep(20 * time.Millisecond)
	}
	if len(ids(r, isReaction)) != 1 || len(ids(r, saying("once"))) != 1 {
		t.Fatal("a repetition must carry the id of the first")
	}
}

func isReaction(e bot.Event) bool { _, ok := e.Body.(bot.Reacted); return ok }

func ids(r *rig, fits func(bot.Event) bool) map[string]bool {
	r.k.mu.Lock()
	defer r.k.mu.Unlock()
	out := map[string]bool{}
	for _, e := range r.k.events {
		if fits(e) {
			out[e.ID] = true
		}
	}
	return out
}
