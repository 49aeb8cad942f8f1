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

func (w *world) hiring() bot.Place {
	team := w.slack.Workspace()
	return bot.Place{Network: "slack", Team: team.ID, Channel: team.ChannelID("hiring")}
}

func TestSendEditAndLookup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	ctx := t.Context()
	id, err := w.s.Send(ctx, w.hiring(), adaCard, "key-1")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := w.sam.Await("hiring", "Stage Onsite"); err != nil || m.TS != id || m.Private {
		t.Fatal(m, err)
	}
	if found, ok, err := w.s.Lookup(ctx, w.hiring(), "key-1"); err != nil || !ok || found != id {
		t.Errorf("lookup: %q %v %v", found, ok, err)
	}
	if _, ok, err := w.s.Lookup(ctx, w.hiring(), "key-2"); err != nil || ok {
		t.Errorf("lookup of what was never sent: %v %v", ok, err)
	}
	thread := w.hiring()
	thread.Thread = id
	reply, err := w.s.Send(ctx, thread, bot.Say("in the thread"), "key-3")
	if err != nil {
		t.Fatal(err)
	}
	if found, ok, err := w.s.Lookup(ctx, thread, "key-3"); err != nil || !ok || found != reply {
		t.Errorf("lookup in a thread: %q %v %v", found, ok, err)
	}
	if err := w.s.Edit(ctx, w.hiring(), id, bot.Say("only words now")); err != nil {
		t.Fatal(err)
	}
	m, err := w.sam.Await("hiring", "only words now")
	if err != nil || len(m.Buttons) != 0 {
		t.Errorf("the buttons stay: %+v %v", m, err)
	}
	direct := bot.Place{Network: "slack", Team: w.hiring().Team, To: w.sam.ID()}
	id, err = w.s.Send(ctx, direct, bot.Say("for you"), "key-4")
	if err != nil {
		t.Fatal(err)
	}
	if found, ok, err := w.s.Lookup(ctx, direct, "key-4"); err != nil || !ok || found != id {
		t.Errorf("lookup in a direct conversation: %q %v %v", found, ok, err)
	}
	if err := w.s.Edit(ctx, direct, id, bot.Say("for you, again")); err != nil {
		t.Error(err)
	}
	w.slack.RequireClean(t)
}

func TestSendFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	ctx, place := t.Context(), w.hiring()
	send := func(p bot.Place) error { _, err := w.s.Send(ctx, p, bot.Say("x"), "k"); return err }
	unknown := place
	unknown.Channel = "C0NOWHERE"
	if err := send(unknown); !bot.IsFault(err, bot.Missing) {
		t.Errorf("unknown channel: %v", err)
	}
	if err := send(bot.Place{Network: "slack", Team: place.Team}); !bot.IsFault(err, bot.Missing) {
		t.Errorf("no channel: %v", err)
	}
	w.slack.Inject(slacktest.Injection{Method: "chat.postMessage", Status: 429, RetryAfter: 7})
	var wait *bot.Wait
	if err := send(place); !errors.As(err, &wait) || wait.For != 7*time.Second || !bot.IsFault(err, bot.Unavailable) {
		t.Errorf("slow down: %v", err)
	}
	w.slack.Inject(slacktest.Injection{Method: "chat.postMessage", Drop: true, After: true})
	if err := send(place); err == nil || bot.IsFault(err, bot.Unavailable) || bot.IsFault(err, bot.Missing) || bot.IsFault(err, bot.Forbidden) {
		t.Errorf("a lost answer must be in doubt: %v", err)
	}
	w.slack.Inject(slacktest.Injection{Method: "chat.postMessage", Status: 503})
	if err := send(place); err == nil || bot.IsFault(err, bot.Missing) || bot.IsFault(err, bot.Forbidden) {
		t.Errorf("503: %v", err)
	}
	for word, kind := range map[string]bot.FaultKind{"is_archived": bot.Forbidden, "msg_too_long": bot.Forbidden, "token_revoked": bot.Forbidden, "user_not_found": bot.Missing} {
		w.slack.Inject(slacktest.Injection{Method: "chat.postMessage", Error: word, Times: 1})
		if err := send(place); !bot.IsFault(err, kind) {
			t.Errorf("%s: %v", word, err)
		}
	}
	if err := send(place); err != nil {
		t.Errorf("and then: %v", err)
	}
}

func TestPaceIsAskedPerChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	var keys []string
	answers := []time.Duration{20 * time.Millisecond, 10 * time.Millisecond, 0, time.Minute}
	w.s.host.Pace = func(_ context.Context, key string, rate float64, _ int) (time.Duration, error) {
		keys = append(keys, key)
		if rate != 1 {
			t.Errorf("%v a second", rate)
		}
		return answers[len(keys)-1], nil
	}
	began := time.Now()
	if _, err := w.s.Send(t.Context(), w.hiring(), bot.Say("x"), "k"); err != nil || time.Since(began) < 30*time.Millisecond {
		t.Error(err, time.Since(began))
	}
	if len(keys) != 3 {
		t.Fatalf("asked %d times: who has waited may be overtaken, and asks again", len(keys))
	}
	var wait *bot.Wait
	if _, err := w.s.Send(t.Context(), w.hiring(), bot.Say("x"), "k"); !errors.As(err, &wait) || wait.For != time.Minute {
		t.Errorf("%v", err)
	}
	if p := w.hiring(); len(keys) != 4 || keys[0] != "slack/"+p.Team+"/"+p.Channel {
		t.Errorf("keys %q", keys)
	}
}

// A used-up response URL leaves the Web API.
func TestSixthAnswerStillArrives(t *testing.T) {
	bothDoors(t, func(w *world) {
		w.mu.Lock()
		w.kernel = func(ctx context.Context, ev bot.Event) error {
			for _, n := range []string{"1", "2", "3", "4", "5", "6", "7"} {
				if err := ev.Turn.Say(ctx, bot.Say("part "+n)); err != nil {
					return err
				}
			}
			return nil
		}
		w.mu.Unlock()
		got(w.t)(w.sam.Slash("hiring", "/rapport", "many"))
		if m, err := w.sam.Await("hiring", "part 7"); err != nil || !m.Private {
			w.t.Errorf("%+v %v", m, err)
		}
	})
}

func TestAnswerInAnotherProcess(t *testing.T) {
	bothDoors(t, func(w *world) {
		handles := make(chan []byte, 1)
		w.mu.Lock()
		w.kernel = func(ctx context.Context, ev bot.Event) error {
			if err := ev.Turn.Ack(ctx, bot.Private); err != nil {
				return err
			}
			handles <- ev.Turn.Handle()
			return nil
		}
		w.mu.Unlock()
		go func() {
			other := New(w.s.cfg, w.host.host())
			turn, err := other.Resume(<-handles)
			if err == nil {
				err = turn.Say(context.Background(), bot.Say("from elsewhere"))
			}
			if err != nil {
				w.t.Error(err)
			}
		}()
		got(w.t)(w.sam.Slash("hiring", "/rapport", "x"))
		if m, err := w.sam.Await("hiring", "from elsewhere"); err != nil || !m.Private {
			w.t.Errorf("%+v %v", m, err)
		}
		if _, err := w.s.Resume([]byte("{}")); err == nil {
			w.t.Error("an empty handle is resumed")
		}
	})
}

func TestFormComesTooLate(t *testing.T) {
	bothDoors(t, func(w *world) {
		errs := make(chan error, 2)
		w.mu.Lock()
		w.kernel = func(ctx context.Context, ev bot.Event) error {
			if _, ok := ev.Body.(bot.Asked); !ok {
				return nil
			}
			errs <- ev.Turn.Open(ctx, noteForm)
			return ev.Turn.Say(ctx, bot.Say("press this instead"))
		}
		w.mu.Unlock()
		w.slack.Inject(slacktest.Injection{Method: "views.open", Error: "expired_trigger_id"})
		a := got(w.t)(w.sam.Slash("hiring", "/rapport", "form"))
		if err := <-errs; !bot.IsFault(err, bot.Unavailable) {
			w.t.Errorf("opened late: %v", err)
		}
		if a.Text != "press this instead" {
			w.t.Errorf("saw %+v", a)
		}
	})
}

func TestProfilesGroupsAndReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	team := w.slack.Workspace()
	team.AddUser(slacktest.User{ID: "U0GUEST", Name: "gus", Restricted: true})
	gid := team.AddGroup(slacktest.UserGroup{Handle: "recruiters", Name: "Recruiters", Members: []string{"sam", "ada"}})
	account := func(id string) bot.Account { return bot.Account{Network: "slack", Team: team.ID, ID: id} }
	p, err := w.s.Profile(t.Context(), account(w.sam.ID()))
	if err != nil || p.Name != "Sam Lee" || p.Zone != "Europe/Berlin" || p.Email != "sam@acme.example" || !p.Member {
		t.Errorf("%+v %v", p, err)
	}
	for _, id := range []string{"U0GUEST", team.BotUser()} {
		if p, err := w.s.Profile(t.Context(), account(id)); err != nil || p.Member {
			t.Errorf("%s: %+v %v", id, p, err)
		}
	}
	if _, err := w.s.Profile(t.Context(), account("U0NOBODY")); !bot.IsFault(err, bot.Missing) {
		t.Errorf("%v", err)
	}
	for _, id := range []string{gid, "<!subteam^" + gid + "|@recruiters>", "@recruiters", bot.Mention(account(gid), "recruiters")} {
		name, members, err := w.s.Group(t.Context(), team.ID, id)
		if err != nil || name != "Recruiters" || len(members) != 2 || members[0] != account(w.sam.ID()) {
			t.Errorf("%q: %q %v %v", id, name, members, err)
		}
	}
	if _, _, err := w.s.Group(t.Context(), team.ID, "nobody"); !bot.IsFault(err, bot.Missing) {
		t.Errorf("%v", err)
	}
	w.slack.TakeFaults("user_not_found") // asked for on purpose
	readers, more, err := w.s.Readers(t.Context(), w.hiring())
	if err != nil || more || len(readers) != 2 {
		t.Errorf("%v %v %v", readers, more, err)
	}
	w.slack.RequireClean(t)
}

func TestAddressOfTheAPI(t *testing.T) {
	t.Parallel()
	fake := slacktest.New(t, slacktest.Options{})
	for _, root := range []string{fake.APIURL(), strings.TrimSuffix(fake.APIURL(), "/"), fake.URL(), fake.URL() + "/"} {
		s := New(Config{APIURL: root, BotToken: fake.Workspace().Token()}, bot.Host{})
		for range 2 {
			if _, err := s.tokens.ask(t.Context()); err != nil {
				t.Errorf("%s: %v", root, err)
			}
		}
		if got := s.pageURL("oauth/v2/authorize"); got != fake.URL()+"/oauth/v2/authorize" {
			t.Errorf("%s: authorize at %s", root, got)
		}
	}
	if got := New(Config{}, bot.Host{}).pageURL("oauth/v2/authorize"); got != "https://slack.com/oauth/v2/authorize" {
		t.Error(got)
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	bad := func(s *Slack) (out []string) {
		for _, f := range s.Check(t.Context()) {
			if f.Say == "" || f.What == "" {
				t.Errorf("%+v", f)
			}
			if !f.OK {
				out = append(out, f.What)
			}
		}
		return out
	}
	if b := bad(w.s); len(b) != 0 {
		t.Errorf("complains of %v", b)
	}
	wrong := New(Config{APIURL: w.slack.APIURL(), BotToken: "xoxb-no", AppToken: "xapp-no", ClientID: "x"}, bot.Host{})
	if b := bad(wrong); strings.Join(b, ",") != "Slack token,Slack Socket Mode,Slack installs" {
		t.Errorf("complains of %v", b)
	}
	if f := checkClock(time.Now(), time.Now().Add(3*time.Minute)); f.OK {
		t.Error("three minutes off is fine?")
	}
	if f := checkScopes([]string{"commands"}); f.OK || !strings.Contains(f.Say, "chat:write") {
		t.Error(f)
	}
}
