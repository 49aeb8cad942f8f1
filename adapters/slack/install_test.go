package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

// installing world: a second workspace comes in by OAuth.
func installWorld(t *testing.T, rotation bool) (*world, *slacktest.Workspace, *slacktest.Human) {
	w := newWorld(t, false, func(c *Config, _ *slacktest.Options) {
		c.ClientID, c.ClientSecret = "1000.2000", "client-secret-for-tests"
	})
	page := slacktest.AppConfig{Rotation: rotation}
	w.slack.App(page)
	other := w.slack.AddWorkspace("globex")
	boss := other.AddUser(slacktest.User{Name: "boss"})
	return w, other, boss
}

func (w *world) authorize(h *slacktest.Human, deny bool) (int, string) {
	w.t.Helper()
	status, page, err := h.Authorize(w.t.Context(), w.url+"/slack/install?invitation=invite-globex", deny)
	if err != nil {
		w.t.Fatal(err)
	}
	return status, page
}

func (w *world) kept(team string) (r record) {
	raw, _ := w.host.host().Secrets.Get(context.Background(), secretName(team))
	if raw != nil {
		if err := json.Unmarshal(raw, &r); err != nil {
			w.t.Fatal(err)
		}
	}
	return r
}

func TestInstallByInvitation(t *testing.T) {
	t.Parallel()
	w, other, boss := installWorld(t, false)
	if status, page := w.authorize(boss, true); status != 200 || !strings.Contains(page, "Nothing was installed") {
		t.Errorf("denied: %d %s", status, page)
	}
	w.host.set(true)
	if status, page := w.authorize(boss, false); status != http.StatusServiceUnavailable || strings.Contains(page, "start again") {
		t.Errorf("while the store is away: %d %s", status, page)
	}
	w.host.set(false)
	if status, page := w.authorize(boss, false); status != 200 || !strings.Contains(page, "Installed") {
		t.Fatalf("%d %s", status, page)
	}
	r := w.kept(other.ID)
	if r.Token == "" || r.Team != other.ID || r.User != other.BotUser() || w.host.claims[other.ID] != "globex" {
		t.Errorf("kept %+v, claims %v", r, w.host.claims)
	}
	place := bot.Place{Network: "slack", Team: other.ID, To: boss.ID()}
	if _, err := w.s.Send(t.Context(), place, bot.Say("welcome"), "k"); err != nil {
		t.Fatal(err)
	}
	if _, err := boss.Await("app", "welcome"); err != nil {
		t.Error(err)
	}
	if _, err := w.s.Send(t.Context(), w.hiring(), bot.Say("the first one works too"), "k"); err != nil {
		t.Error(err)
	}
	stranger := place
	stranger.Team = "T0STRANGE"
	if _, err := w.s.Send(t.Context(), stranger, bot.Say("x"), "k"); !bot.IsFault(err, bot.Forbidden) {
		t.Errorf("a team without the app: %v", err)
	}
	w.slack.RequireClean(t)
}

func TestInstallThatIsNotInvited(t *testing.T) {
	t.Parallel()
	w, other, boss := installWorld(t, false)
	get := func(path string, cookies ...*http.Cookie) *http.Response {
		t.Helper()
		r, _ := http.NewRequest("GET", w.url+path, nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp
	}
	if resp := get("/slack/install?invitation=forged"); resp.StatusCode != 403 {
		t.Errorf("forged invitation: %d", resp.StatusCode)
	}
	begun := get("/slack/install?invitation=invite-globex")
	to, _ := url.Parse(begun.Header.Get("Location"))
	state := to.Query().Get("state")
	if begun.StatusCode != 302 || len(state) != 43 || len(begun.Cookies()) != 1 || !begun.Cookies()[0].HttpOnly || begun.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s %v", begun.StatusCode, to, begun.Cookies())
	}
	back := "/slack/oauth?code=x&state=" + state
	if resp := get(back); resp.StatusCode != 403 {
		t.Errorf("another browser: %d", resp.StatusCode)
	}
	wrong := *begun.Cookies()[0]
	wrong.Value = strings.Repeat("A", 43)
	if resp := get(back, &wrong); resp.StatusCode != 403 {
		t.Errorf("another browser's cookie: %d", resp.StatusCode)
	}
	if resp := get(back, begun.Cookies()[0]); resp.StatusCode != 403 {
		t.Errorf("a state that was used: %d", resp.StatusCode)
	}
	w.host.claims[other.ID] = "somebody"
	if status, page := w.authorize(boss, false); status != 409 || !strings.Contains(page, "belongs to somebody else") {
		t.Errorf("claimed by others: %d %s", status, page)
	}
	if r := w.kept(other.ID); r.Token != "" {
		t.Error("tokens of a workspace that is not ours are kept")
	}
}

func TestTokensAreRenewedOnce(t *testing.T) {
	t.Parallel()
	w, other, boss := installWorld(t, true)
	w.authorize(boss, false)
	first := w.kept(other.ID)
	if first.Refresh == "" || first.Expires == 0 {
		t.Fatalf("%+v", first)
	}
	ahead := 13 * time.Hour
	w.host.now = func() time.Time { return time.Now().Add(ahead) }
	w.slack.Advance(ahead)
	second := New(w.s.cfg, w.host.host()) // another process
	place := bot.Place{Network: "slack", Team: other.ID, To: boss.ID()}
	var wg sync.WaitGroup
	for _, s := range []*Slack{w.s, second, w.s, second} {
		wg.Go(func() {
			if _, err := s.Send(t.Context(), place, bot.Say("after the night"), "k"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if r := w.kept(other.ID); r.Token == first.Token || r.Refresh == first.Refresh {
		t.Error("the tokens are the old ones")
	}
	n := 0
	for _, c := range w.slack.Calls("oauth.v2.access") {
		if c.Args["grant_type"] == "refresh_token" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("renewed %d times", n)
	}
	w.slack.RequireClean(t)
}

func TestUninstallInAnyOrder(t *testing.T) {
	for _, tokensFirst := range []bool{true, false} {
		t.Run(map[bool]string{true: "tokens first", false: "app first"}[tokensFirst], func(t *testing.T) {
			t.Parallel()
			w, other, boss := installWorld(t, false)
			w.authorize(boss, false)
			if w.kept(other.ID).Token == "" {
				t.Fatal("not installed")
			}
			r := w.kept(other.ID)
			r.Installed -= 60
			if err := w.s.tokens.write(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			other.Uninstall(tokensFirst)
			w.until(func() bool { return len(heard[bot.Uninstalled](w)) == 2 })
			if w.kept(other.ID).Token != "" {
				t.Error("the tokens are still kept")
			}
			if _, err := w.s.Send(t.Context(), bot.Place{Team: other.ID, To: boss.ID()}, bot.Say("x"), ""); !bot.IsFault(err, bot.Forbidden) {
				t.Errorf("%v", err)
			}
			for _, ev := range heard[bot.Uninstalled](w) {
				if ev.Place.Team != other.ID {
					t.Errorf("%+v", ev)
				}
			}
			if status, page := w.authorize(boss, false); status != 200 || w.kept(other.ID).Token == "" {
				t.Errorf("installed again: %d %s", status, page)
			}
			if _, err := w.s.Send(t.Context(), bot.Place{Network: "slack", Team: other.ID, To: boss.ID()}, bot.Say("back again"), "again"); err != nil {
				t.Error(err)
			}
		})
	}
}

// The news of an earlier uninstall may come after the app was installed again.
func TestOldUninstallLeavesTheNewInstall(t *testing.T) {
	t.Parallel()
	w, other, boss := installWorld(t, false)
	w.authorize(boss, false)
	if err := w.s.tokens.remove(t.Context(), other.ID, time.Now().Add(-time.Minute)); !errors.Is(err, errOlder) {
		t.Errorf("%v", err)
	}
	if w.kept(other.ID).Token == "" {
		t.Error("the new install is gone")
	}
}

// An organisation's install serves all of its workspaces under one key.
func TestOrganisationInstall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, func(c *Config, _ *slacktest.Options) {
		c.ClientID, c.ClientSecret = "1000.2000", "client-secret-for-tests"
	})
	org, teams := w.slack.AddEnterprise("initech", "north", "south")
	token := w.slack.InstallOrg(org)
	if err := w.s.tokens.write(t.Context(), record{Team: org.ID, Org: true, Token: token, User: teams[0].BotUser()}); err != nil {
		t.Fatal(err)
	}
	for _, team := range teams {
		peter := team.AddUser(slacktest.User{Name: "peter-" + team.ID})
		team.AddChannel(slacktest.Channel{Name: "reports-" + team.ID, Members: []string{peter.ID(), "app"}})
		if a := got(t)(peter.Slash("reports-"+team.ID, "/rapport", "card")); !strings.Contains(a.Text, "Stage Onsite") {
			t.Fatalf("%+v", a)
		}
		if a := got(t)(peter.Press("More")); a.Text != "beside: beside" {
			t.Errorf("%+v", a)
		}
		if a := got(t)(peter.Press("Note")); a.View == nil {
			t.Errorf("%+v", a)
		}
		_ = peter.Fill("Text", "tps")
		if a := got(t)(peter.SubmitModal()); a.Text != "noted: tps" {
			t.Errorf("%+v", a)
		}
		w.mu.Lock()
		for _, ev := range w.events {
			if strings.HasPrefix(ev.From.ID, peter.ID()) && (ev.From.Team != org.ID || ev.Guest) {
				t.Errorf("%T of team %s, guest %v", ev.Body, ev.From.Team, ev.Guest)
			}
		}
		w.mu.Unlock()
	}
	w.slack.RequireClean(t)
}

// A user group of an organisation belongs to one of its workspaces, which has to be named.
func TestGroupOfAnOrganisation(t *testing.T) {
	t.Parallel()
	api := http.NewServeMux()
	reply := func(method, body string) {
		api.HandleFunc("/api/"+method, func(w http.ResponseWriter, r *http.Request) {
			switch r.FormValue("team_id") {
			case "", "TSOUTH":
				_, _ = w.Write([]byte(body))
			default:
				_, _ = w.Write([]byte(`{"ok":true,"usergroups":[],"users":[]}`))
			}
		})
	}
	reply("auth.teams.list", `{"ok":true,"teams":[{"id":"TNORTH"},{"id":"TSOUTH"}]}`)
	reply("usergroups.list", `{"ok":true,"usergroups":[{"id":"S1","handle":"south","name":"South"}]}`)
	reply("usergroups.users.list", `{"ok":true,"users":["W1","W2"]}`)
	server := httptest.NewServer(api)
	defer server.Close()
	s := New(Config{APIURL: server.URL + "/api", BotToken: "xoxb-1"}, bot.Host{})
	name, members, err := s.Group(t.Context(), "E1", "@south")
	if err != nil || name != "South" || len(members) != 2 || members[1] != (bot.Account{Network: "slack", Team: "E1", ID: "W2"}) {
		t.Errorf("%q %v %v", name, members, err)
	}
}
