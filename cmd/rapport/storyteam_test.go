package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/adapters/slack/slacktest"
)

var shownCode = regexp.MustCompile(`account link ([A-Z0-9]{4}-[A-Z0-9]{4})`)

// One employer on two networks: whole groups come in, two accounts become one
// person, strangers ask, the console opens by a link, a workspace is let go.
func TestStoryOfATeamOnTwoNetworks(t *testing.T) {
	t.Parallel()
	w := newSlackWorld(t, false)
	d := discordtest.New(t, discordtest.Options{Strict: true, NoLimits: true, IdentifyEvery: time.Millisecond, Patience: 8 * time.Second,
		App: discordtest.AppConfig{Privileged: discordtest.IntentGuildMembers | discordtest.IntentMessageContent}})
	guild := d.Guild("Acme")
	general := guild.Text("general")
	w.env["RAPPORT_DISCORD_BOT_TOKEN"], w.env["RAPPORT_DISCORD_APP_ID"], w.env["RAPPORT_DISCORD_API_URL"] = d.App().Token, d.App().ID, d.URL()
	team := w.slack.Workspace()
	for _, name := range []string{"Dee", "Eli", "Zed"} {
		team.AddUser(slacktest.User{Name: strings.ToLower(name), RealName: name, Email: strings.ToLower(name) + "@acme.example", TZ: "Asia/Kolkata"})
	}
	team.AddGroup(slacktest.UserGroup{Handle: "design", Name: "Design", Members: []string{"dee", "eli"}})
	r := serve(t, w.env)
	w.ready(false)
	d.AwaitConnected(1)
	w.begin(r.code(t))

	w.types("ann", "/rapport", "member group @design role:interviewer", "Design")
	w.types("dee", "/rapport", "me", "interviewer", "Asia/Kolkata") // the zone is read from Slack
	w.types("zed", "/rapport", "join", "I asked Ann")
	w.types("rita", "/rapport", "home", "")
	w.types("rita", "/rapport", "use Nobody", "")

	// two accounts, one person
	code := shownCode.FindStringSubmatch(w.types("rita", "/rapport", "account code", "account link").Text)
	if code == nil {
		t.Fatal("no code is shown")
	}
	annThere, ritaThere := guild.Member("Ann"), guild.Member("Rita")
	setup := regexp.MustCompile(`setup ([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})`).FindStringSubmatch(w.types("ann", "/rapport", "team invite", "setup").Text)
	if setup == nil {
		t.Fatal("no code for a further server is shown")
	}
	has(t, annThere.Slash(general, "setup", map[string]any{"code": setup[1]}).Reply().String(), "Admin")
	has(t, ritaThere.Slash(general, "account link", map[string]any{"code": code[1]}).Reply().String(), "one person")
	has(t, ritaThere.Slash(general, "candidate find", map[string]any{"words": "ada"}).Reply().String(), "Ada Okafor")
	if text := guild.Member("Eve").Slash(general, "account link", map[string]any{"code": code[1]}).Reply().String(); !strings.Contains(text, "does not work") {
		t.Error("a code is spent twice:", text)
	}

	// the console: a link shows a button, the button signs in, once
	a := w.types("rita", "/rapport", "console link", "Open the console")
	link := regexp.MustCompile(`http://[^\s|>")]+/console/[^\s|>")]+`).FindString(rawOf(a))
	if link == "" {
		t.Fatalf("no link in %s", rawOf(a))
	}
	if got := signIn(t, link); got != http.StatusOK {
		t.Errorf("signing in: %d", got)
	}
	if got := signIn(t, link); got == http.StatusOK {
		t.Error("a link signs in twice")
	}

	// a workspace is let go: its people are strangers at once
	w.types("ann", "/rapport", "team release", "belong to nobody")
	w.presses("ann", "Release", "Released")
	w.types("rita", "/rapport", "candidate find ada", "not set up")
	has(t, ritaThere.Slash(general, "candidate find", map[string]any{"words": "ada"}).Reply().String(), "Ada Okafor")
	w.slack.RequireClean(t)
}

func rawOf(a slacktest.Answer) string {
	if a.Message == nil {
		return a.Text
	}
	var b strings.Builder
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			b.WriteString(v + "\n")
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(a.Message.Raw)
	return b.String()
}

// signIn opens a link, presses its button and asks for the console; the status of that.
func signIn(t *testing.T, link string) int {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	page, err := browser.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(page.Body)
	page.Body.Close()
	form := url.Values{}
	for _, f := range regexp.MustCompile(`name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(string(text), -1) {
		form.Set(f[1], f[2])
	}
	action := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(string(text))
	if action == nil {
		return page.StatusCode // no button
	}
	to, err := page.Request.URL.Parse(action[1])
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, to.String(), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", page.Request.URL.Scheme+"://"+page.Request.URL.Host)
	spent, err := browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	spent.Body.Close()
	inside, err := browser.Get(page.Request.URL.Scheme + "://" + page.Request.URL.Host + "/console/")
	if err != nil {
		t.Fatal(err)
	}
	inside.Body.Close()
	return inside.StatusCode
}
