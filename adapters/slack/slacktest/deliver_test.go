package slacktest

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestTheFourthSecond(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T, *Server, func(string, obj) any) *testApp{"http": httpApp, "socket": socketApp} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, sam := world(t, Options{Patience: 150 * time.Millisecond})
			open(t, s, func(kind string, p obj) any {
				if kind != "events" {
					time.Sleep(250 * time.Millisecond)
				}
				return nil
			})
			a := must[Answer](t)(sam.Slash("hiring", "/move", "Ada"))
			if a.Problem != "operation_timeout" || a.Text != `/move failed with the error "operation_timeout"` {
				t.Errorf("saw %+v", a)
			}
			if name == "socket" { // the acknowledgement comes all the same, too late
				s.WaitFor(time.Second, func() bool { return len(s.Faults()) == 2 })
				if got := s.TakeFaults("late_ack"); len(got) != 1 {
					t.Errorf("late_ack: %v", got)
				}
			}
			need(t, s, "operation_timeout")
			if a := must[Answer](t)(sam.GlobalShortcut("x")); a.Problem != "operation_timeout" {
				t.Errorf("saw %+v", a)
			}
		})
	}
}

func TestBadAnswersAreFaults(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Wait: 200 * time.Millisecond})
	var answer any
	app := httpApp(t, s, func(string, obj) any { return answer })
	slash := func(with any, want string) Answer {
		t.Helper()
		answer = with
		a := must[Answer](t)(sam.Slash("hiring", "/x", ""))
		need(t, s, want)
		return a
	}
	if a := slash(raw{500, "text/plain", "oops"}, "dispatch_failed"); a.Problem != "dispatch_failed" {
		t.Errorf("saw %+v", a)
	}
	slash(raw{201, "text/plain", ""}, "dispatch_failed")
	if a := slash(raw{200, "text/plain", `{"text":"hi"}`}, "json_as_text"); a.Text != `{"text":"hi"}` {
		t.Errorf("saw %+v", a)
	}
	slash(raw{200, "application/json", `{"text"`}, "invalid_answer")
	slash(obj{"text": "x", "blocks": []any{obj{"type": "header", "text": text(long(151))}}}, "invalid_blocks")
	answer = obj{"text": "fine", "blocks": []any{section("fine"), actions(button("Go", "go"))}}
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	answer = obj{"text": "not here"}
	must[Answer](t)(sam.Press("Go"))
	need(t, s, "unexpected_body")
	answer = raw{200, "text/plain", "ok"}
	s.App(AppConfig{Events: []string{"message.channels"}})
	must[Message](t)(sam.Say("hiring", "hi"))
	need(t, s, "unexpected_body")
	answer = nil

	submit := func(with any) string {
		t.Helper()
		app.set(func(kind string, p obj) any {
			if kind == "commands" {
				go app.call("views.open", obj{"trigger_id": p["trigger_id"], "view": modal("x", section("s"), input("why", "Why", plainInput(obj{"initial_value": "x"})))})
				return nil
			}
			return with
		})
		must[Answer](t)(sam.Slash("hiring", "/x", ""))
		a := must[Answer](t)(sam.SubmitModal())
		faults := s.TakeFaults("invalid_view_answer")
		if len(faults) != 1 || a.Text != modalTrouble {
			t.Errorf("%v: faults %v, saw %+v", with, faults, a)
			return ""
		}
		return faults[0].Detail
	}
	for want, with := range map[string]any{
		"no input block":          obj{"response_action": "errors", "errors": obj{"Why": "x"}},
		"without errors":          obj{"response_action": "errors", "errors": obj{}},
		"unknown response_action": obj{"response_action": "close"},
		"25 characters":           obj{"response_action": "update", "view": modal(long(25), section("x"))},
		"application/json":        raw{200, "text/plain", `{"response_action":"clear"}`},
		"not a JSON object":       raw{200, "application/json", `nonsense`},
	} {
		if got := submit(with); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	s.RequireClean(t)
}

func TestSuggestionsAreChecked(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	var answer any
	app := httpApp(t, s, func(kind string, p obj) any {
		if kind == "events" {
			return nil
		}
		return answer
	})
	app.call("chat.postMessage", obj{"channel": s.Workspace().ChannelID("hiring"), "text": "pick", "blocks": []any{
		actions(obj{"type": "external_select", "action_id": "p", "placeholder": text("Who"), "min_query_length": 2})}})
	_, _ = sam.Visible("hiring")
	answer = obj{"options": repeat(101, option)}
	if got, err := sam.TypeIn("Who", "ad"); err != nil || got != nil {
		t.Errorf("%v %v", got, err)
	}
	need(t, s, "invalid_options")
	answer = obj{"options": repeat(100, option)}
	if got, _ := sam.TypeIn("Who", "ad"); len(got) != 100 {
		t.Errorf("%d options", len(got))
	}
	before := len(s.Deliveries("interactive"))
	if got, _ := sam.TypeIn("Who", "a"); got != nil || len(s.Deliveries("interactive")) != before {
		t.Error("one letter was asked about, two are the least")
	}
	s.RequireClean(t)
}

func TestEventsAreTriedAgain(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	seen := make(chan string, 20)
	ids := map[any]bool{}
	app := httpApp(t, s, func(kind string, p obj) any {
		ids[p["event_id"]] = true
		seen <- str(p["retry_num"]) + str(p["retry_reason"])
		return raw{503, "text/plain", ""}
	})
	s.App(AppConfig{Events: []string{"message.channels"}})
	next := func(want string) {
		t.Helper()
		select {
		case got := <-seen:
			if got != want {
				t.Errorf("try %q, want %q", got, want)
			}
		case <-time.After(2 * time.Second):
			t.Fatalf("no try %q", want)
		}
	}
	planned := func() { // the retry is planned once the attempt is on record
		t.Helper()
		n := len(s.Deliveries("events_api")[0].Attempts)
		_ = n
		s.WaitFor(time.Second, func() bool { s.Clock.mu.Lock(); defer s.Clock.mu.Unlock(); return len(s.Clock.alarms) > 0 })
	}
	must[Message](t)(sam.Say("hiring", "hi"))
	next("")
	next("1http_error")
	planned()
	s.Advance(time.Minute)
	next("2http_error")
	planned()
	s.Advance(5 * time.Minute)
	next("3http_error")
	need(t, s, "event_lost")
	if len(ids) != 1 {
		t.Errorf("event ids %v", ids)
	}
	app.set(quiet)
	s.Repeat(1)
	must[Message](t)(sam.Say("hiring", "twice"))
	if !s.WaitFor(time.Second, func() bool { d := s.Deliveries("events_api"); return len(d[len(d)-1].Attempts) == 2 }) {
		t.Error("the event was not repeated")
	}
	s.RequireClean(t)
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{})
	app := httpApp(t, s, quiet)
	post := func() obj {
		return app.call("chat.postMessage", obj{"channel": s.Workspace().ChannelID("hiring"), "text": "x"})
	}
	for range 4 {
		if got := post(); got["ok"] != true {
			t.Fatalf("%v", got)
		}
	}
	got := post()
	if got["status"] != 429 || got["retry_after"] != "1" || errorOf(got) != "ratelimited" {
		t.Errorf("the fifth in one second: %v", got)
	}
	if got := app.call("chat.postMessage", obj{"channel": s.Workspace().ChannelID("general"), "text": "x"}); got["ok"] != true {
		t.Errorf("another channel: %v", got)
	}
	s.RequireClean(t) // being told to wait is no fault
	for range stubborn {
		post()
	}
	need(t, s, "retry_too_soon")
	s.Advance(2 * time.Second)
	if got := post(); got["ok"] != true {
		t.Errorf("after waiting: %v", got)
	}
	for range 20 {
		app.call("users.list", nil)
	}
	if got := app.call("users.list", nil); got["status"] != 429 {
		t.Errorf("call 21 of a tier 2 method: %v", got)
	}
}

func TestInjections(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{})
	app := httpApp(t, s, quiet)
	hiring := s.Workspace().ChannelID("hiring")
	post := func() obj { return app.call("chat.postMessage", obj{"channel": hiring, "text": "x"}) }
	s.Inject(Injection{Method: "chat.postMessage", Status: 503})
	if got := post(); got["status"] != 503 {
		t.Errorf("%v", got)
	}
	s.Inject(Injection{Method: "chat.postMessage", Status: 429, RetryAfter: 7})
	if got := post(); got["status"] != 429 || got["retry_after"] != "7" {
		t.Errorf("%v", got)
	}
	s.Inject(Injection{Error: "fatal_error"})
	if got := post(); errorOf(got) != "fatal_error" {
		t.Errorf("%v", got)
	}
	if n := len(s.Workspace().Human("sam").sight(t).Messages); n != 0 {
		t.Errorf("%d messages after three failures", n)
	}
	s.Inject(Injection{Drop: true, After: true})
	if got := post(); !strings.Contains(errorOf(got), "EOF") {
		t.Errorf("%v", got)
	}
	if n := len(s.Workspace().Human("sam").sight(t).Messages); n != 1 {
		t.Errorf("%d messages, want the one whose answer was lost", n)
	}
	if got := post(); got["ok"] != true {
		t.Errorf("%v", got)
	}
	s.RequireClean(t)
}

func (h *Human) sight(t *testing.T) Sight {
	t.Helper()
	return must[Sight](t)(h.Visible("hiring"))
}

func TestForgeriesAndChallenge(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{})
	var reached atomic.Int32
	httpApp(t, s, func(kind string, p obj) any {
		reached.Add(1)
		if p["type"] == "url_verification" {
			return obj{"challenge": p["challenge"]}
		}
		return nil
	})
	for _, door := range []string{"commands", "interactivity", "events"} {
		for _, f := range Forgeries {
			if status, err := s.Forge(door, f); err != nil || status != 401 {
				t.Errorf("%s, %v: %d %v", door, f, status, err)
			}
		}
	}
	if reached.Load() != 0 {
		t.Errorf("%d forgeries reached the app", reached.Load())
	}
	if err := s.VerifyURL(); err != nil {
		t.Error(err)
	}
	s.RequireClean(t)
	open := httptestServer(t)
	s.App(AppConfig{CommandsURL: open})
	if _, err := s.Forge("commands", Unsigned); err != nil {
		t.Fatal(err)
	}
	need(t, s, "forgery_accepted")
}

// TestSignatureVector is the example of Slack's documentation.
func TestSignatureVector(t *testing.T) {
	t.Parallel()
	body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
		"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands" +
		"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	got := Sign("8f742231b10e8888abcd99yyyzzz85a5", time.Unix(1531420618, 0), []byte(body))
	if got != "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503" {
		t.Error(got)
	}
}
