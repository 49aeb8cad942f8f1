package slacktest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// errorOf is the error code of an API answer.
func errorOf(o obj) string { return str(o["error"]) }

func TestAPIRefusals(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Unlimited: true})
	app := httpApp(t, s, quiet)
	w := s.Workspace()
	hiring := w.ChannelID("hiring")
	secret := w.AddChannel(Channel{Name: "board", Private: true, Members: []string{"sam"}})
	closed := w.AddChannel(Channel{Name: "old", Archived: true, Members: []string{"app"}})
	locked := w.AddChannel(Channel{Name: "news", Locked: true, Members: []string{"app"}})
	theirs := must[Message](t)(sam.Say("hiring", "hello"))
	own := app.call("chat.postMessage", obj{"channel": hiring, "text": "mine"})
	whisper := app.call("chat.postEphemeral", obj{"channel": hiring, "user": sam.ID(), "text": "psst"})
	reply := app.call("chat.postMessage", obj{"channel": hiring, "text": "re", "thread_ts": own["ts"]})
	s.RequireClean(t)
	for _, c := range []struct {
		method string
		args   obj
		want   string
		soft   bool // answered, but no fault: the app could not know
	}{
		{"chat.postMessag", nil, "unknown_method", false},
		{"chat.postMessage", obj{"channel": hiring}, "no_text", false},
		{"chat.postMessage", obj{"text": "x"}, "invalid_arguments", false},
		{"chat.postMessage", obj{"channel": "C404", "text": "x"}, "channel_not_found", true},
		{"chat.postMessage", obj{"channel": secret, "text": "x"}, "channel_not_found", true},
		{"chat.postMessage", obj{"channel": closed, "text": "x"}, "is_archived", true},
		{"chat.postMessage", obj{"channel": locked, "text": "x"}, "restricted_action", true},
		{"chat.postMessage", obj{"channel": "USLACKBOT", "text": "x"}, "cannot_dm_bot", false},
		{"chat.postMessage", obj{"channel": hiring, "text": "x", "blocks": []any{section("")}}, "invalid_blocks", false},
		{"chat.postMessage", obj{"channel": hiring, "text": "x", "blocks": obj{}}, "invalid_blocks_format", false},
		{"chat.postMessage", obj{"channel": hiring, "text": "x", "thread_ts": "1.2"}, "thread_not_found", true},
		{"chat.postMessage", obj{"channel": hiring, "text": "x", "markdown_text": "y"}, "markdown_text_conflict", false},
		{"chat.postMessage", obj{"channel": hiring, "text": "x", "attachments": obj{}}, "invalid_attachments", false},
		{"chat.postMessage", obj{"channel": hiring, "text": "x", "metadata": obj{"event_type": "a"}}, "invalid_metadata_format", false},
		{"chat.postMessage", obj{"channel": hiring, "text": "x", "metadata": obj{"event_type": "a", "event_payload": obj{"a": long(17000)}}}, "metadata_too_large", false},
		{"chat.postEphemeral", obj{"channel": hiring, "user": "U404", "text": "x"}, "user_not_in_channel", true},
		{"chat.update", obj{"channel": sam.ID(), "ts": own["ts"], "text": "x"}, "channel_not_found", true},
		{"chat.update", obj{"channel": hiring, "ts": theirs.TS, "text": "x"}, "cant_update_message", false},
		{"chat.update", obj{"channel": hiring, "ts": "1.2", "text": "x"}, "message_not_found", true},
		{"chat.delete", obj{"channel": hiring, "ts": theirs.TS}, "cant_delete_message", false},
		{"chat.scheduleMessage", obj{"channel": hiring, "text": "x", "post_at": "1000"}, "time_in_past", false},
		{"chat.scheduleMessage", obj{"channel": hiring, "text": "x", "post_at": float64(time.Now().Unix() + 121*86400)}, "time_too_far", false},
		{"conversations.open", obj{"users": "U1,U2,U3,U4,U5,U6,U7,U8,U9"}, "too_many_users", false},
		{"users.info", obj{"user": "U404"}, "user_not_found", false},
		{"users.lookupByEmail", obj{"email": "nobody@acme.example"}, "users_not_found", true},
		{"users.list", obj{"limit": "2000"}, "invalid_limit", false},
		{"views.open", obj{"trigger_id": "1.2.3", "view": modal("x", section("x"))}, "invalid_trigger_id", false},
		{"views.open", obj{"trigger_id": "1.2.3"}, "invalid_arguments", false},
		{"views.open", obj{"trigger_id": "1.2.3", "view": modal("x", append(repeat(99, func(int) any { return section(long(2700)) }), any(section("x")))...)}, "view_too_large", false},
		{"views.update", obj{"view_id": "V404", "view": modal("x", section("x"))}, "not_found", true},
		{"views.publish", obj{"user_id": sam.ID(), "view": modal("x", section("x"))}, "invalid_arguments", false},
		{"reactions.add", obj{"channel": hiring, "timestamp": own["ts"], "name": ":eyes:"}, "invalid_name", false},
		{"files.completeUploadExternal", obj{"files": []any{obj{"id": "F404"}}}, "file_not_found", false},
	} {
		got := app.call(c.method, c.args)
		if errorOf(got) != c.want || got["ok"] != false {
			t.Errorf("%s %v: %v, want %s", c.method, c.args, got, c.want)
		}
		if strings.HasPrefix(c.want, "invalid_blocks") && c.args["blocks"] != nil && list(c.args["blocks"]) != nil {
			if meta := stringsOf(object(got["response_metadata"])["messages"]); len(meta) == 0 || !strings.HasPrefix(meta[0], "[ERROR] must be more than 0 characters") {
				t.Errorf("messages %v", meta)
			}
		}
		if c.soft {
			s.RequireClean(t)
		} else {
			need(t, s, c.want)
		}
	}
	app.call("chat.update", obj{"channel": hiring, "ts": whisper["message_ts"], "text": "x"})
	need(t, s, "ephemeral_by_ts")
	app.call("chat.postMessage", obj{"channel": hiring, "text": "re", "thread_ts": reply["ts"]})
	need(t, s, "thread_ts_of_a_reply")
	app.call("chat.postMessage", obj{"channel": hiring, "blocks": []any{section("x")}})
	need(t, s, "missing_text_in_message")
	app.call("chat.postMessage", obj{"channel": hiring, "text": long(40001)})
	need(t, s, "text_truncated")
	app.call("chat.postMessage", obj{"channel": hiring, "text": long(4001)})
	need(t, s, "long_text")
	for range stubborn {
		app.call("chat.postMessage", obj{"channel": "C405", "text": "x"})
	}
	need(t, s, "hammering")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{})
	app := httpApp(t, s, quiet)
	for token, want := range map[string]string{"": "not_authed", "xoxb-wrong": "invalid_auth", s.AppToken(): "not_allowed_token_type"} {
		if got := app.callAs(token, "auth.test", nil); errorOf(got) != want {
			t.Errorf("token %q: %v, want %s", token, got, want)
		}
		need(t, s, want)
	}
	if got := app.callAs(app.token, "apps.connections.open", nil); errorOf(got) != "not_allowed_token_type" {
		t.Errorf("%v", got)
	}
	need(t, s, "not_allowed_token_type")
	if got := app.form("apps.connections.open", url.Values{"token": {s.AppToken()}}); errorOf(got) != "not_authed" {
		t.Errorf("an app token in the body was taken: %v", got)
	}
	need(t, s, "not_authed")
	if got := app.form("auth.test", url.Values{"token": {app.token}}); errorOf(got) != "not_authed" {
		t.Errorf("a bot token in the body was taken: %v", got)
	}
	need(t, s, "not_authed")
	res, err := http.Get(s.APIURL() + "auth.test?token=" + app.token)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	need(t, s, "not_authed")
	s.App(AppConfig{Scopes: []string{"chat:write"}})
	if got := app.call("users.info", obj{"user": "U1"}); errorOf(got) != "missing_scope" || got["needed"] != "users:read" {
		t.Errorf("%v", got)
	}
	need(t, s, "missing_scope")
	s.Workspace().RevokeTokens()
	if got := app.call("auth.test", nil); errorOf(got) != "token_revoked" {
		t.Errorf("%v", got)
	}
	s.Workspace().Uninstall(true)
	if got := app.call("auth.test", nil); errorOf(got) != "account_inactive" {
		t.Errorf("%v", got)
	}
	s.RequireClean(t)
}

func TestTriggersLiveShortAndOnce(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Wait: 300 * time.Millisecond})
	triggers := make(chan string, 9)
	app := httpApp(t, s, func(kind string, p obj) any {
		if p["trigger_id"] != nil {
			triggers <- str(p["trigger_id"])
		}
		return nil
	})
	open := func(trigger string) string {
		return errorOf(app.call("views.open", obj{"trigger_id": trigger, "view": modal("x", section("x"))}))
	}
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	first := <-triggers
	if got := open(first); got != "" {
		t.Errorf("a fresh trigger: %s", got)
	}
	if got := open(first); got != "exchanged_trigger_id" {
		t.Errorf("a used trigger: %s", got)
	}
	need(t, s, "exchanged_trigger_id")
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	s.Advance(3100 * time.Millisecond)
	if got := open(<-triggers); got != "expired_trigger_id" {
		t.Errorf("a late trigger: %s", got)
	}
	need(t, s, "expired_trigger_id")
}

func TestModalStack(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Wait: 150 * time.Millisecond})
	triggers := make(chan string, 9)
	closed := make(chan obj, 9)
	app := httpApp(t, s, func(kind string, p obj) any {
		if p["type"] == "view_closed" {
			closed <- p
		} else if p["trigger_id"] != nil {
			triggers <- str(p["trigger_id"])
		}
		return nil
	})
	view := func(title, external string) obj {
		v := modal(title, actions(button("More", "more")), input("a", "Name", plainInput(nil)))
		v["external_id"], v["notify_on_close"] = external, true
		return v
	}
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	slash := <-triggers
	if got := errorOf(app.call("views.push", obj{"trigger_id": slash, "view": view("x", "")})); got != "invalid_trigger_id" {
		t.Errorf("push without a modal: %s", got)
	}
	need(t, s, "invalid_trigger_id")
	opened := object(app.call("views.open", obj{"trigger_id": slash, "view": view("one", "e1")})["view"])
	_ = sam.Fill("Name", "Ada")
	for i, want := range []string{"", "", "push_limit_reached"} {
		must[Answer](t)(sam.Press("More"))
		got := app.call("views.push", obj{"trigger_id": <-triggers, "view": view("two", "p"+base36(int64(i+1)))})
		if errorOf(got) != want {
			t.Errorf("push %d: %v", i, got)
		}
		if v := object(got["view"]); v != nil && v["root_view_id"] != opened["id"] {
			t.Errorf("root %v, want %v", v["root_view_id"], opened["id"])
		}
	}
	need(t, s, "push_limit_reached")
	must[Answer](t)(sam.Press("More"))
	if got := errorOf(app.call("views.open", obj{"trigger_id": <-triggers, "view": view("x", "e1")})); got != "duplicate_external_id" {
		t.Errorf("%s", got)
	}
	need(t, s, "duplicate_external_id")
	if err := sam.CloseModal(); err != nil || sam.Modal().Depth != 2 || (<-closed)["is_cleared"] != false {
		t.Errorf("after closing one: %v %+v", err, sam.Modal())
	}
	// What was typed stays where both ids stay; a stale hash is refused.
	if got := errorOf(app.call("views.update", obj{"external_id": "e1", "hash": "1.old", "view": view("one", "e1")})); got != "hash_conflict" {
		t.Errorf("%s", got)
	}
	got := object(app.call("views.update", obj{"view_id": opened["id"], "hash": opened["hash"], "view": view("one!", "e1")})["view"])
	if name := object(object(object(object(got["state"])["values"])["a"])["t"])["value"]; name != "Ada" {
		t.Errorf("the typed value is %v", name)
	}
	if err := sam.CloseAllModals(); err != nil || sam.Modal() != nil || (<-closed)["is_cleared"] != true {
		t.Errorf("after closing all: %v", err)
	}
	s.RequireClean(t)
}

func TestResponseURLWearsOut(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	urls := make(chan any, 9)
	app := httpApp(t, s, func(kind string, p obj) any { urls <- p["response_url"]; return obj{"text": "ok"} })
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	to := <-urls
	for i := range 6 {
		got := app.reply(to, obj{"text": "again"})
		if i < 5 && got["text"] != "ok" || i == 5 && errorOf(got) != "used_url" {
			t.Errorf("use %d: %v", i+1, got)
		}
	}
	need(t, s, "used_url")
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	to = <-urls
	if got := app.reply(to, obj{"text": "x", "blocks": []any{section("")}}); errorOf(got) != "invalid_blocks" || got["status"] != 400 {
		t.Errorf("%v", got)
	}
	need(t, s, "invalid_blocks")
	app.reply(to, obj{"replace_original": true, "text": "x"})
	need(t, s, "nothing_to_replace")
	s.Advance(31 * time.Minute)
	if got := app.reply(to, obj{"text": "late"}); errorOf(got) != "expired_url" {
		t.Errorf("%v", got)
	}
	need(t, s, "expired_url")
	if got := app.reply(strings.Replace(str(to), "/commands/", "/commands/x", 1), obj{"text": "x"}); got["status"] != 404 {
		t.Errorf("%v", got)
	}
	need(t, s, "invalid_url")
}

func TestPrivateStaysPrivate(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	kim := s.Workspace().AddUser(User{Name: "kim", RealName: "Kim Osei"})
	s.Workspace().Invite("hiring", "kim")
	var app *testApp
	app = httpApp(t, s, func(kind string, p obj) any {
		if kind == "commands" {
			return obj{"text": "only you", "blocks": []any{section("only you"), actions(button("Share", "share"))}}
		}
		if p["type"] == "block_actions" {
			if p["message"] != nil || object(p["container"])["is_ephemeral"] != true {
				t.Errorf("payload of a private message: %v", p)
			}
			app.reply(p["response_url"], obj{"replace_original": true, "response_type": "in_channel", "text": "for all"})
		}
		return nil
	})
	must[Answer](t)(sam.Slash("hiring", "/x", ""))
	if seen, _ := kim.Visible("hiring"); strings.Contains(seen.Text, "only you") {
		t.Errorf("kim sees %s", seen.Text)
	}
	must[Answer](t)(sam.Press("Share"))
	need(t, s, "ephemeral_to_public")
	if seen, _ := kim.Visible("hiring"); strings.Contains(seen.Text, "for all") {
		t.Errorf("kim sees %s", seen.Text)
	}
}
