package slacktest

import (
	"strings"
	"testing"
	"time"
)

// bothWays runs one conversation over HTTP and over a socket.
func bothWays(t *testing.T, run func(t *testing.T, s *Server, sam *Human, start func(func(string, obj) any) *testApp)) {
	for name, open := range map[string]func(*testing.T, *Server, func(string, obj) any) *testApp{"http": httpApp, "socket": socketApp} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, sam := world(t, Options{})
			run(t, s, sam, func(f func(string, obj) any) *testApp { return open(t, s, f) })
			s.RequireClean(t)
		})
	}
}

func TestCommandAnsweredInTheAcknowledgement(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Server, sam *Human, start func(func(string, obj) any) *testApp) {
		var got obj
		start(func(kind string, p obj) any {
			if kind == "commands" {
				got = p
				return obj{"text": "Ada is now in *Onsite* since <!date^1700000000^{date_num} {time}|then>"}
			}
			return nil
		})
		a := must[Answer](t)(sam.Slash("hiring", "/move", "Ada & Bo to:Onsite @sam"))
		if a.Text != "Ada is now in Onsite since 2023-11-14 11:13 PM" || !a.Message.Private {
			t.Errorf("saw %+v", a)
		}
		want := map[string]string{"command": "/move", "text": "Ada &amp; Bo to:Onsite @sam", "channel_name": "hiring",
			"is_enterprise_install": "false", "user_name": "sam", "team_domain": "acme"}
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%s = %v, want %q", k, got[k], v)
			}
		}
	})
}

func TestButtonReplacesThroughResponseURL(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Server, sam *Human, start func(func(string, obj) any) *testApp) {
		var app *testApp
		app = start(func(kind string, p obj) any {
			switch {
			case kind == "commands":
				return obj{"text": "moved", "response_type": "in_channel", "blocks": []any{section("moved"), actions(button("Undo", "undo"))}}
			case p["type"] == "block_actions":
				if object(p["message"])["text"] != "moved" || str(object(p["container"])["channel_id"]) == "" {
					t.Errorf("payload %v", p)
				}
				go app.reply(p["response_url"], obj{"replace_original": true, "text": "taken back"})
			}
			return nil
		})
		must[Answer](t)(sam.Slash("hiring", "/move", "Ada"))
		a := must[Answer](t)(sam.Press("Undo"))
		if a.Text != "taken back" || a.Message.Private {
			t.Errorf("saw %+v", a)
		}
		if seen, _ := sam.Visible("hiring"); len(seen.Messages) != 1 {
			t.Errorf("the channel shows\n%s", seen.Text)
		}
	})
}

func TestModalFromOpeningToClosing(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Server, sam *Human, start func(func(string, obj) any) *testApp) {
		var app *testApp
		app = start(func(kind string, p obj) any {
			switch str(p["type"]) {
			case "shortcut":
				view := modal("Move", input("who", "Candidate", obj{"type": "external_select", "action_id": "pick", "min_query_length": 1}),
					input("to", "Stage", obj{"type": "static_select", "action_id": "stage", "options": []any{
						obj{"text": text("Screen"), "value": "s1"}, obj{"text": text("Onsite"), "value": "s2"}}}),
					input("why", "Reason", obj{"type": "plain_text_input", "action_id": "text", "max_length": 20}))
				if got := app.call("views.open", obj{"trigger_id": p["trigger_id"], "view": view}); got["ok"] != true {
					t.Errorf("views.open: %v", got)
				}
			case "block_suggestion":
				return obj{"options": []any{obj{"text": text("Ada Okafor"), "value": "c1"}}}
			case "view_submission":
				v := object(object(object(p["view"])["state"])["values"])
				if str(object(object(v["why"])["text"])["value"]) == "no" {
					return obj{"response_action": "errors", "errors": obj{"why": "say more"}}
				}
				chosen := object(object(object(v["who"])["pick"])["selected_option"])
				go app.call("chat.postMessage", obj{"channel": object(p["user"])["id"], "text": "moved " + str(chosen["value"])})
			}
			return nil
		})
		a := must[Answer](t)(sam.GlobalShortcut("move"))
		if a.View == nil || a.View.Title != "Move" || len(a.View.Fields) != 3 {
			t.Fatalf("saw %+v", a)
		}
		if a := must[Answer](t)(sam.SubmitModal()); a.Errors["Reason"] == "" {
			t.Errorf("an empty form was sent: %+v", a)
		}
		if got := must[[]string](t)(sam.TypeIn("Candidate", "ad")); len(got) != 1 || got[0] != "Ada Okafor" {
			t.Errorf("offered %v", got)
		}
		for field, value := range map[string]string{"Candidate": "Ada", "Stage": "Onsite", "Reason": "no"} {
			if err := sam.Fill(field, value); err != nil {
				t.Fatal(err)
			}
		}
		if a := must[Answer](t)(sam.SubmitModal()); a.Errors["Reason"] != "say more" || !strings.Contains(sam.Modal().Text, "! say more") {
			t.Errorf("saw %+v", a)
		}
		_ = sam.Fill("Reason", "because")
		if a := must[Answer](t)(sam.SubmitModal()); a.Text != "moved c1" || !a.Closed || sam.Modal() != nil {
			t.Errorf("saw %+v", a)
		}
	})
}

func TestTalkReachesTheApp(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Server, sam *Human, start func(func(string, obj) any) *testApp) {
		heard := make(chan string, 50)
		var app *testApp
		app = start(func(kind string, p obj) any {
			e := object(p["event"])
			heard <- strings.TrimSuffix(str(e["type"])+" "+str(e["subtype"]), " ") + " " + str(e["text"])
			if e["bot_id"] == nil && e["type"] == "message" && e["channel_type"] == "im" && e["subtype"] == nil {
				go app.form("chat.postMessage", map[string][]string{"channel": {str(e["channel"])}, "text": {"hello"}, "thread_ts": {str(e["ts"])}})
			}
			return nil
		})
		bot := s.Workspace().BotUser()
		next := func(want ...string) {
			t.Helper()
			left := map[string]bool{}
			for _, w := range want {
				left[w] = true
			}
			for len(left) > 0 {
				select {
				case got := <-heard:
					if !left[got] {
						t.Errorf("heard %q, want %q", got, want)
					}
					delete(left, got)
				case <-time.After(2 * time.Second):
					t.Fatalf("not heard: %v", left)
				}
			}
		}
		m := must[Message](t)(sam.Mention("hiring", "any <news>?"))
		next("message <@"+bot+"> any &lt;news&gt;?", "app_mention <@"+bot+"> any &lt;news&gt;?")
		must[Message](t)(sam.Reply(m.TS, "still here"))
		next("message still here")
		_ = sam.Edit(m.TS, "never mind")
		next("message message_changed ")
		_ = sam.React(m.TS, "eyes")
		next("reaction_added ")
		_ = sam.Delete(m.TS)
		next("message message_deleted ")
		if a := must[Answer](t)(sam.Ask("app", "hi")); a.Text != "hello" || a.Message.Thread == "" {
			t.Errorf("saw %+v", a)
		}
		next("message hi", "message hello") // the app hears its own words
		sam.Leave()
		next("user_change ")
		if _, err := sam.DM("x"); err == nil {
			t.Error("someone who left could write")
		}
	})
}

func TestHomeAppearsWhenOpened(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Server, sam *Human, start func(func(string, obj) any) *testApp) {
		var app *testApp
		n := 0
		app = start(func(kind string, p obj) any {
			if e := object(p["event"]); e["type"] == "app_home_opened" {
				if n++; (e["view"] != nil) != (n > 1) {
					t.Errorf("view in app_home_opened number %d: %v", n, e["view"])
				}
				go app.call("views.publish", obj{"user_id": e["user"], "view": obj{"type": "home", "blocks": []any{
					section("Waiting on you"), actions(button("Refresh", "again"))}}})
			}
			if p["type"] == "block_actions" {
				go app.call("views.publish", obj{"user_id": object(p["user"])["id"], "hash": object(p["view"])["hash"],
					"view": obj{"type": "home", "blocks": []any{section("Nothing waits")}}})
			}
			return nil
		})
		if a := must[Answer](t)(sam.OpenHome()); !strings.Contains(a.Text, "Waiting on you\n[Refresh]") {
			t.Errorf("saw %+v", a)
		}
		must[Answer](t)(sam.OpenHome())
		if a := must[Answer](t)(sam.Press("Refresh")); a.Text != "Nothing waits" {
			t.Errorf("saw %+v", a)
		}
	})
}
