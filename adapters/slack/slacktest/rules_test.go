package slacktest

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestScopesThatGuardSingleRules(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Unlimited: true})
	app := httpApp(t, s, quiet)
	general, hiring := s.Workspace().ChannelID("general"), s.Workspace().ChannelID("hiring")
	s.Workspace().Remove("general", "app")
	post := func(args obj) string {
		args["text"] = "x"
		return errorOf(app.call("chat.postMessage", args))
	}
	if got := post(obj{"channel": general}); got != "" {
		t.Errorf("with chat:write.public: %s", got)
	}
	if got := post(obj{"channel": hiring, "username": "Ada"}); got != "" {
		t.Errorf("with chat:write.customize: %s", got)
	}
	if got := errorOf(app.call("conversations.history", obj{"channel": general})); got != "not_in_channel" {
		t.Errorf("history of a channel it is not in: %s", got)
	}
	email := func() any {
		return object(object(app.call("users.info", obj{"user": sam.ID()})["user"])["profile"])["email"]
	}
	if email() != "sam@acme.example" {
		t.Error("no e-mail with users:read.email")
	}
	s.App(AppConfig{Scopes: []string{"chat:write", "users:read", "channels:read"}, EventsURL: app.srv.URL + "/events"})
	if got := post(obj{"channel": general}); got != "not_in_channel" {
		t.Errorf("without chat:write.public: %s", got)
	}
	if email() != nil {
		t.Error("an e-mail without users:read.email")
	}
	s.RequireClean(t)
	post(obj{"channel": hiring, "username": "Ada"})
	need(t, s, "missing_scope")
	before := len(s.Deliveries(""))
	must[Message](t)(sam.Say("hiring", "hello")) // no channels:history: the app does not hear it
	if len(s.Deliveries("")) != before {
		t.Error("an event came without its scope")
	}
}

func TestDeactivatedAndForeignPeople(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	s.Workspace().AddUser(User{ID: "U0OUT", Name: "out", Stranger: true})
	app := httpApp(t, s, quiet)
	for _, m := range list(app.call("users.list", nil)["members"]) {
		if object(m)["id"] == "U0OUT" {
			t.Error("users.list names a stranger")
		}
	}
	sam.Leave()
	if got := errorOf(app.call("conversations.open", obj{"users": sam.ID()})); got != "user_disabled" {
		t.Errorf("conversations.open: %s", got)
	}
	if got := errorOf(app.call("chat.postMessage", obj{"channel": sam.ID(), "text": "x"})); got != "channel_not_found" {
		t.Errorf("chat.postMessage: %s", got)
	}
	if got := errorOf(app.call("users.lookupByEmail", obj{"email": "sam@acme.example"})); got != "users_not_found" {
		t.Errorf("users.lookupByEmail: %s", got)
	}
	if u := object(app.call("users.info", obj{"user": sam.ID()})["user"]); u["deleted"] != true {
		t.Errorf("%v", u)
	}
	s.RequireClean(t)
}

func TestScheduledMessagesPerWindow(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{Unlimited: true})
	app := httpApp(t, s, quiet)
	at := (time.Now().Unix()/300 + 10) * 300
	for i := range 31 {
		got := errorOf(app.call("chat.scheduleMessage", obj{"channel": s.Workspace().ChannelID("hiring"), "text": "x", "post_at": at}))
		if (got == "restricted_too_many") != (i == 30) {
			t.Errorf("message %d: %q", i+1, got)
		}
	}
	need(t, s, "restricted_too_many")
}

func TestTriggerBelongsToItsInstall(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Wait: 100 * time.Millisecond})
	beta := s.AddWorkspace("beta")
	var trigger atomic.Value
	app := httpApp(t, s, func(kind string, p obj) any {
		if kind == "commands" {
			trigger.Store(p["trigger_id"])
		}
		return nil
	})
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	app.token = beta.Install()
	if got := errorOf(app.call("views.open", obj{"trigger_id": trigger.Load(), "view": modal("x", section("x"))})); got != "invalid_trigger_id" {
		t.Errorf("%s", got)
	}
	need(t, s, "invalid_trigger_id")
}

func TestExternalIDIsFreeAgainAfterClosing(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	var app *testApp
	v := modal("x", section("x"))
	v["external_id"] = "one"
	app = httpApp(t, s, func(kind string, p obj) any {
		if p["trigger_id"] != nil {
			if got := app.call("views.open", obj{"trigger_id": p["trigger_id"], "view": v}); got["ok"] != true {
				t.Errorf("%v", got)
			}
		}
		return nil
	})
	for range 2 {
		must[Answer](t)(sam.GlobalShortcut("x"))
		if err := sam.CloseModal(); err != nil {
			t.Error(err)
		}
	}
	if got := errorOf(app.call("views.update", obj{"external_id": "one", "view": v})); got != "not_found" {
		t.Errorf("updating a closed modal: %s", got)
	}
	s.RequireClean(t)
}

func TestSubmissionCannotPushAFourth(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	var app *testApp
	form := modal("x", input("a", "Name", plainInput(obj{"initial_value": "x"})))
	app = httpApp(t, s, func(kind string, p obj) any {
		if p["type"] == "view_submission" {
			return obj{"response_action": "push", "view": form}
		}
		app.call("views.open", obj{"trigger_id": p["trigger_id"], "view": form})
		return nil
	})
	must[Answer](t)(sam.GlobalShortcut("x"))
	for depth := 2; depth <= 3; depth++ {
		if a := must[Answer](t)(sam.SubmitModal()); a.View == nil || a.View.Depth != depth {
			t.Errorf("depth %d: %+v", depth, a)
		}
	}
	if a := must[Answer](t)(sam.SubmitModal()); a.Problem == "" {
		t.Errorf("a fourth: %+v", a)
	}
	need(t, s, "invalid_view_answer")
}

func TestResponseURLInThreadsAndDeleting(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	var app *testApp
	var with atomic.Value
	app = httpApp(t, s, func(kind string, p obj) any {
		if p["type"] == "block_actions" {
			got := app.reply(p["response_url"], with.Load().(obj))
			if got["text"] != "ok" {
				t.Errorf("%v", got)
			}
		}
		return nil
	})
	hiring := s.Workspace().ChannelID("hiring")
	root := app.call("chat.postMessage", obj{"channel": hiring, "text": "root"})
	app.call("chat.postMessage", obj{"channel": hiring, "text": "card", "thread_ts": root["ts"], "blocks": []any{section("card"), actions(button("Go", "go"))}})
	_ = sam.sight(t)
	with.Store(obj{"text": "only you"})
	if a := must[Answer](t)(sam.Press("Go")); a.Message.Thread != root["ts"] || !a.Message.Private {
		t.Errorf("an answer in a thread: %+v", a)
	}
	with.Store(obj{"text": "for all", "response_type": "in_channel", "replace_original": false, "thread_ts": root["ts"]})
	if a := must[Answer](t)(sam.Press("Go")); a.Message.Thread != root["ts"] || a.Message.Private {
		t.Errorf("a public answer in a thread: %+v", a)
	}
	s.RequireClean(t)
	with.Store(obj{"delete_original": true, "text": "x"})
	if a := must[Answer](t)(sam.Press("Go")); !a.Removed || strings.Contains(sam.sight(t).Text, "card") {
		t.Errorf("after deleting: %+v", a)
	}
	need(t, s, "delete_original_not_alone")
}

func TestResponseURLTakesJSONByPOST(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	urls := make(chan string, 1)
	httpApp(t, s, func(kind string, p obj) any { urls <- str(p["response_url"]); return obj{"text": "ok"} })
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	to := <-urls
	for _, send := range []func() (*http.Response, error){
		func() (*http.Response, error) { return http.Get(to) },
		func() (*http.Response, error) { return http.PostForm(to, url.Values{"text": {"x"}}) },
		func() (*http.Response, error) { return http.Post(to, "application/json", strings.NewReader("{")) },
	} {
		res, err := send()
		if err != nil || res.StatusCode != 400 {
			t.Errorf("%v %v", res, err)
		}
		res.Body.Close()
		need(t, s, "invalid_payload")
	}
}

func TestExchangeOfOldTokens(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{})
	app := httpApp(t, s, quiet)
	exchange := func(token any) obj {
		return app.form("oauth.v2.exchange", url.Values{"client_id": {"1000.2000"}, "client_secret": {"client-secret-for-tests"}, "token": {str(token)}})
	}
	if got := exchange(app.token); errorOf(got) != "token_rotation_not_enabled" {
		t.Errorf("%v", got)
	}
	need(t, s, "token_rotation_not_enabled")
	s.App(AppConfig{Rotation: true})
	got := exchange(app.token)
	if got["refresh_token"] == nil || errorOf(app.call("auth.test", nil)) != "token_revoked" {
		t.Errorf("the old token lives on: %v", got)
	}
	s.RequireClean(t)
	if again := exchange(got["access_token"]); errorOf(again) != "token_already_exchanged" {
		t.Errorf("%v", again)
	}
	need(t, s, "token_already_exchanged")
}

func TestTheAppIsNotMentionedByItself(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{})
	app := httpApp(t, s, quiet)
	app.call("chat.postMessage", obj{"channel": s.Workspace().ChannelID("hiring"), "text": "I am <@" + s.Workspace().BotUser() + ">"})
	for _, d := range s.Deliveries("events_api") {
		e := object(d.Payload["event"])
		if e["type"] == "app_mention" {
			t.Error("the app was told of its own mention")
		}
		if e["type"] == "message" && (e["bot_id"] == nil || e["app_id"] == nil) {
			t.Errorf("its own words without bot_id: %v", e)
		}
	}
}

func TestNoRetryHeaderStopsRetries(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	var n atomic.Int32
	srv := httptestHandler(t, func(w http.ResponseWriter, _ *http.Request) {
		n.Add(1)
		w.Header().Set("X-Slack-No-Retry", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	s.App(AppConfig{EventsURL: srv, Events: []string{"message.channels"}})
	must[Message](t)(sam.Say("hiring", "hi"))
	time.Sleep(50 * time.Millisecond)
	if n.Load() != 1 {
		t.Errorf("%d tries", n.Load())
	}
	need(t, s, "event_lost")
}

func TestFileRefusals(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	app := httpApp(t, s, quiet)
	step := app.call("files.getUploadURLExternal", obj{"filename": "a.txt", "length": 1})
	files := obj{"files": []any{obj{"id": step["file_id"]}}}
	for _, want := range []string{"file_not_found", "", "file_not_found"} {
		if got := errorOf(app.call("files.completeUploadExternal", files)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if want != "" {
			need(t, s, want)
		}
		res, err := http.Post(str(step["upload_url"]), "", strings.NewReader("1"))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		s.TakeFaults("invalid_upload_url")
	}
	link := object(app.call("files.info", obj{"file": step["file_id"]})["file"])["url_private"]
	res, err := http.Get(str(link))
	if err != nil || res.StatusCode != 404 {
		t.Errorf("a private file without a token: %v %v", res, err)
	}
	res.Body.Close()
	need(t, s, "not_authed")
	_ = sam
}

func TestCommandsAsDeclared(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	var got atomic.Value
	app := httpApp(t, s, func(kind string, p obj) any { got.Store(p["text"]); return obj{"text": "ok"} })
	s.App(AppConfig{Commands: map[string]Command{"/move": {ShouldEscape: true}}, MessagesOff: true, EventsURL: app.srv.URL + "/events"})
	must[Answer](t)(sam.Slash("hiring", "/move", "@sam to #hiring"))
	if want := "<@" + sam.ID() + "|sam> to <#" + s.Workspace().ChannelID("hiring") + "|hiring>"; got.Load() != want {
		t.Errorf("text %q, want %q", got.Load(), want)
	}
	if a := must[Answer](t)(sam.Slash("hiring", "/mvoe", "")); a.Problem != "invalid_command" {
		t.Errorf("%+v", a)
	}
	if _, err := sam.DM("hello"); err == nil {
		t.Error("a DM went through with the messages tab off")
	}
	before := len(s.Deliveries("events_api"))
	if err := sam.OpenMessages(); err != nil {
		t.Error(err)
	}
	if d := s.Deliveries("events_api"); len(d) != before+1 || object(d[before].Payload["event"])["tab"] != "messages" {
		t.Errorf("%d deliveries", len(d)-before)
	}
	s.RequireClean(t)
}

func TestHistoryShowsMetadataOnRequest(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{})
	app := httpApp(t, s, quiet)
	hiring := s.Workspace().ChannelID("hiring")
	app.call("chat.postMessage", obj{"channel": hiring, "text": "x", "metadata": obj{"event_type": "moved", "event_payload": obj{"id": "a1"}}})
	read := func(all bool) any {
		got := app.call("conversations.history", obj{"channel": hiring, "include_all_metadata": all})
		return object(list(got["messages"])[0])["metadata"]
	}
	if read(false) != nil || object(read(true))["event_type"] != "moved" {
		t.Errorf("%v %v", read(false), read(true))
	}
	app.call("chat.postMessage", obj{"channel": hiring, "text": "x", "blocks": []any{table(1, 1), table(1, 1)}})
	need(t, s, "only_one_table_allowed")
}

func TestSlowEventIsAFault(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Patience: 100 * time.Millisecond})
	var n atomic.Int32
	httpApp(t, s, func(kind string, p obj) any {
		if n.Add(1) == 1 {
			time.Sleep(200 * time.Millisecond)
		}
		return nil
	})
	s.mu.Lock()
	s.app.Events = []string{"message.channels"}
	s.mu.Unlock()
	must[Message](t)(sam.Say("hiring", "hi"))
	need(t, s, "event_timeout")
	if !s.WaitFor(time.Second, func() bool { return n.Load() == 2 }) {
		t.Error("a timed-out event was not sent again")
	}
}

func TestHomeWithAStaleHash(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	app := httpApp(t, s, quiet)
	publish := func(hash any) obj {
		args := obj{"user_id": sam.ID(), "view": obj{"type": "home", "blocks": []any{section("x")}}}
		if hash != nil {
			args["hash"] = hash
		}
		return app.call("views.publish", args)
	}
	first := object(publish(nil)["view"])["hash"]
	if got := publish(first); got["ok"] != true {
		t.Errorf("the present hash: %v", got)
	}
	if got := publish(first); errorOf(got) != "hash_conflict" {
		t.Errorf("a stale hash: %v", got)
	}
	s.RequireClean(t)
	if err := sam.OpenMessages(); err != nil {
		t.Error(err)
	}
	d := s.Deliveries("events_api")
	if e := object(d[len(d)-1].Payload["event"]); e["tab"] != "messages" || e["view"] != nil {
		t.Errorf("%v", e)
	}
}
