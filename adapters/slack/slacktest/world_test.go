package slacktest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestInstallThroughOAuth(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{Unlimited: true})
	other := s.AddWorkspace("beta")
	kim := other.AddUser(User{Name: "kim"})
	app := httpApp(t, s, quiet)
	got := make(chan url.Values, 9)
	back := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got <- r.URL.Query() }))
	t.Cleanup(back.Close)
	s.App(AppConfig{RedirectURLs: []string{back.URL + "/oauth"}, Rotation: true, EventsURL: app.srv.URL + "/events"})
	page := func(extra url.Values) url.Values {
		t.Helper()
		q := url.Values{"client_id": {"1000.2000"}, "scope": {"chat:write,commands"}, "state": {"st"}, "redirect_uri": {back.URL + "/oauth"}}
		for k, v := range extra {
			q[k] = v
		}
		if _, _, err := kim.Authorize(context.Background(), s.URL()+"/oauth/v2/authorize?"+q.Encode(), extra.Has("deny")); err != nil {
			t.Fatal(err)
		}
		select {
		case v := <-got:
			return v
		default:
			return nil
		}
	}
	exchange := func(v url.Values) obj {
		v.Set("client_id", "1000.2000")
		v.Set("client_secret", "client-secret-for-tests")
		v.Set("token", "")
		return app.form("oauth.v2.access", v)
	}
	if v := page(url.Values{"deny": {"1"}}); v.Get("error") != "access_denied" || v.Get("state") != "st" {
		t.Errorf("denied: %v", v)
	}
	v := page(nil)
	first := exchange(url.Values{"code": {v.Get("code")}, "redirect_uri": {back.URL + "/other"}})
	if errorOf(first) != "bad_redirect_uri" {
		t.Errorf("another redirect_uri: %v", first)
	}
	need(t, s, "bad_redirect_uri")
	grant := exchange(url.Values{"code": {v.Get("code")}, "redirect_uri": {back.URL + "/oauth"}})
	if grant["ok"] != true || object(grant["team"])["id"] != other.ID || object(grant["authed_user"])["id"] != kim.ID() ||
		!strings.HasPrefix(str(grant["access_token"]), "xoxe.xoxb-") || grant["expires_in"] != 43200.0 {
		t.Fatalf("grant %v", grant)
	}
	if again := exchange(url.Values{"code": {v.Get("code")}, "redirect_uri": {back.URL + "/oauth"}}); errorOf(again) != "code_already_used" {
		t.Errorf("the code again: %v", again)
	}
	need(t, s, "code_already_used")
	v = page(nil)
	s.Advance(11 * time.Minute)
	if late := exchange(url.Values{"code": {v.Get("code")}, "redirect_uri": {back.URL + "/oauth"}}); errorOf(late) != "invalid_code" {
		t.Errorf("a late code: %v", late)
	}
	need(t, s, "invalid_code")
	for want, extra := range map[string]url.Values{"invalid_client_id": {"client_id": {"x"}}, "bad_redirect_uri": {"redirect_uri": {"http://evil.example"}}, "missing_state": {"state": {""}}} {
		if v := page(extra); v != nil {
			t.Errorf("%s: %v", want, v)
		}
		need(t, s, want)
	}
	if bad := app.form("oauth.v2.access", url.Values{"client_id": {"1000.2000"}, "client_secret": {"x"}}); errorOf(bad) != "bad_client_secret" {
		t.Errorf("%v", bad)
	}
	need(t, s, "bad_client_secret")

	// Rotation: a refresh token works once, two access tokens live, each for twelve hours.
	refresh := func(token any) obj {
		return exchange(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {str(token)}})
	}
	second := refresh(grant["refresh_token"])
	if second["ok"] != true || second["refresh_token"] == grant["refresh_token"] {
		t.Fatalf("second %v", second)
	}
	if again := refresh(grant["refresh_token"]); errorOf(again) != "invalid_refresh_token" {
		t.Errorf("%v", again)
	}
	need(t, s, "invalid_refresh_token")
	valid := func(token any) string { return errorOf(app.callAs(str(token), "auth.test", nil)) }
	if valid(grant["access_token"]) != "" || valid(second["access_token"]) != "" {
		t.Error("two tokens should live")
	}
	third := refresh(second["refresh_token"])
	if valid(grant["access_token"]) != "token_expired" || valid(third["access_token"]) != "" {
		t.Error("the third token should end the first")
	}
	s.Advance(12*time.Hour + time.Second)
	if valid(third["access_token"]) != "token_expired" {
		t.Error("a token lives twelve hours")
	}
	s.RequireClean(t)
}

func TestFilesTravelInThreeSteps(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	app := httpApp(t, s, quiet)
	step := app.call("files.getUploadURLExternal", obj{"filename": "ada.ics", "length": 5})
	send := func(body string) int {
		res, err := http.Post(str(step["upload_url"]), "application/octet-stream", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if got := send("too long"); got != 400 {
		t.Errorf("a wrong length: %d", got)
	}
	need(t, s, "upload_length")
	send("12345")
	done := app.call("files.completeUploadExternal", obj{"files": []any{obj{"id": step["file_id"], "title": "Invitation"}},
		"channel_id": s.Workspace().ChannelID("hiring"), "initial_comment": "here"})
	if done["ok"] != true {
		t.Fatalf("%v", done)
	}
	if seen := sam.sight(t); !strings.Contains(seen.Text, "rapport: here\n(file ada.ics)") {
		t.Errorf("sam sees %s", seen.Text)
	}
	if _, content, ok := s.File(str(step["file_id"])); !ok || string(content) != "12345" {
		t.Errorf("content %q", content)
	}
	s.RequireClean(t)
}

func TestEnterpriseGrid(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{})
	org, teams := s.AddEnterprise("Okafor Group", "north", "south")
	token := s.InstallOrg(org)
	ada := teams[1].AddUser(User{Name: "ada"})
	var got obj
	app := httpApp(t, s, func(kind string, p obj) any { got = p; return obj{"text": "ok"} })
	app.token = token
	if got := app.call("users.list", nil); errorOf(got) != "missing_argument" {
		t.Errorf("%v", got)
	}
	need(t, s, "missing_argument")
	if got := app.call("users.list", obj{"team_id": s.Workspace().ID}); errorOf(got) != "team_access_not_granted" {
		t.Errorf("%v", got)
	}
	need(t, s, "team_access_not_granted")
	if got := app.call("users.list", obj{"team_id": teams[1].ID}); len(list(got["members"])) != 3 {
		t.Errorf("%v", got)
	}
	if got := app.call("auth.test", nil); got["enterprise_id"] != org.ID || got["is_enterprise_install"] != true {
		t.Errorf("%v", got)
	}
	if must[Answer](t)(ada.Slash("general", "/x", "")); got["is_enterprise_install"] != "true" || got["enterprise_id"] != org.ID || got["team_id"] != teams[1].ID || ada.ID()[0] != 'W' {
		t.Errorf("%v", got)
	}
	app.set(func(kind string, p obj) any {
		got = p
		go app.call("views.open", obj{"trigger_id": p["trigger_id"], "view": modal("x", section("x"))})
		return nil
	})
	if a := must[Answer](t)(ada.GlobalShortcut("x")); a.View == nil || got["team"] != nil || object(got["enterprise"])["id"] != org.ID {
		t.Errorf("%v %+v", got, a)
	}
	s.RequireClean(t)
}

func TestSharedChannelShowsStrangers(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	beta := s.AddWorkspace("beta")
	kim := beta.AddUser(User{Name: "kim", RealName: "Kim Osei", Stranger: true})
	s.Workspace().Share("hiring", beta)
	beta.Invite("hiring", "kim")
	app := httpApp(t, s, quiet)
	must[Message](t)(kim.Say("hiring", "hello from outside"))
	d := s.Deliveries("events_api")
	last := d[len(d)-1].Payload
	if last["is_ext_shared_channel"] != true || object(list(last["authorizations"])[0])["team_id"] != s.Workspace().ID {
		t.Errorf("%v", last)
	}
	u := object(app.call("users.info", obj{"user": kim.ID()})["user"])
	if u["is_stranger"] != true || u["team_id"] != beta.ID || !strings.Contains(sam.sight(t).Text, "Kim Osei: hello") {
		t.Errorf("%v", u)
	}
	for _, m := range list(app.call("users.list", nil)["members"]) {
		if object(m)["id"] == kim.ID() {
			t.Error("users.list names a stranger")
		}
	}
}

func TestRecordedPayloadsAreReplayed(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/recorded/*.json")
	if len(files) < 10 {
		t.Fatalf("%d recordings", len(files))
	}
	for name, open := range map[string]func(*testing.T, *Server, func(string, obj) any) *testApp{"http": httpApp, "socket": socketApp} {
		t.Run(name, func(t *testing.T) {
			s, sam := world(t, Options{})
			var all []string
			open(t, s, func(kind string, p obj) any { all = append(all, string(marshal(p))); return nil })
			for _, f := range files {
				if _, err := os.Stat(f); err != nil {
					t.Fatal(err)
				}
				r, err := sam.Replay(f, "hiring")
				if err != nil || r.Problem != "" {
					t.Errorf("%s: %+v %v", f, r, err)
				}
			}
			joined := strings.Join(all, "\n")
			for _, old := range []string{`"T111"`, `"U111"`, `"A111"`, `"111.222.valid"`, "hooks.slack.com"} {
				if strings.Contains(joined, old) {
					t.Errorf("%s is still there", old)
				}
			}
			if !strings.Contains(joined, sam.ID()) || len(all) != len(files)-1 {
				t.Errorf("%d payloads of %d", len(all), len(files))
			}
			s.RequireClean(t)
		})
	}
}

func TestReadingAndPinging(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	app := httpApp(t, s, quiet)
	app.call("chat.postMessage", obj{"channel": s.Workspace().ChannelID("hiring"), "text": "x", "blocks": []any{
		obj{"type": "header", "text": text("Board & more <@U1>")},
		section("*Ada &lt;3* _likes_ <https://acme.example|us>, says <@" + sam.ID() + "> in <#" + s.Workspace().ChannelID("hiring") + ">"),
		obj{"type": "rich_text", "elements": []any{obj{"type": "rich_text_section", "elements": []any{obj{"type": "text", "text": "literal <@U2> &amp;"}}}}},
		actions(button("Go", "go"), sel(obj{"placeholder": text("Stage"), "initial_option": option(1)})),
	}})
	m := sam.sight(t).Messages[0]
	want := "Board & more <@U1>\nAda <3 likes us, says @Sam Rivera in #hiring\nliteral <@U2> &amp;\n[Go] (Stage ▾ o)"
	if m.Text != want || len(m.Pings) != 1 || m.Pings[0] != sam.ID() || m.Buttons[0] != "Go" {
		t.Errorf("reads %q, pings %v", m.Text, m.Pings)
	}
}

func TestUpdateKeepsAndDrops(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	app := httpApp(t, s, quiet)
	hiring := s.Workspace().ChannelID("hiring")
	post := app.call("chat.postMessage", obj{"channel": hiring, "text": "card", "blocks": []any{section("card")}})
	app.call("chat.update", obj{"channel": hiring, "ts": post["ts"], "text": "card", "blocks": []any{section("card 2")}})
	if m := sam.sight(t).Messages[0]; m.Text != "card 2" || m.Edited {
		t.Errorf("%+v", m)
	}
	app.call("chat.update", obj{"channel": hiring, "ts": post["ts"], "text": "plain now"})
	if m := sam.sight(t).Messages[0]; m.Text != "plain now" || !m.Edited || m.Raw["blocks"] != nil {
		t.Errorf("%+v", m)
	}
	direct := app.call("chat.postMessage", obj{"channel": sam.ID(), "text": "hi"})
	if !strings.HasPrefix(str(direct["channel"]), "D") {
		t.Errorf("a DM went to %v", direct["channel"])
	}
	later := app.call("chat.scheduleMessage", obj{"channel": hiring, "text": "later", "post_at": time.Now().Unix() + 3600})
	if later["ok"] != true || strings.Contains(sam.sight(t).Text, "later") {
		t.Errorf("%v", later)
	}
	s.Advance(time.Hour + time.Second)
	if _, err := sam.Await("hiring", "later"); err != nil {
		t.Error(err)
	}
	s.RequireClean(t)
}

func TestRunsOnItsOwn(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	url := make(chan string, 1)
	go func() { ended <- ListenAndServe(ctx, "127.0.0.1:0", Options{}, func(s *Server) { url <- s.APIURL() }) }()
	res, err := http.Get(<-url + "api.test")
	if err != nil || res.StatusCode != 200 {
		t.Fatal(err)
	}
	res.Body.Close()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
