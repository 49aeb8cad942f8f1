package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/adapters/slack/slacktest"
	"rapport/store/storetest"
)

// The whole program against fakes that refuse what the real networks refuse. The
// words are those of the README: whoever wrote a script with them may rely on it.

// slackWorld is a workspace with a real Rapport in it.
type slackWorld struct {
	t     *testing.T
	slack *slacktest.Server
	redis *storetest.Redis
	env   map[string]string
}

func newSlackWorld(t *testing.T, socket bool) *slackWorld {
	t.Helper()
	w := &slackWorld{t: t, redis: storetest.Server(t), slack: slacktest.New(t, slacktest.Options{Wait: 8 * time.Second, Unlimited: true})}
	team := w.slack.Workspace()
	for _, name := range []string{"Ann", "Bob", "Rita"} {
		team.AddUser(slacktest.User{Name: strings.ToLower(name), RealName: name, Email: strings.ToLower(name) + "@acme.example", TZ: "Etc/UTC"})
	}
	addr := freeAddr(t)
	root := "http://" + addr
	w.env = map[string]string{"RAPPORT_REDIS_URL": w.redis.URL(), "RAPPORT_LISTEN": addr, "RAPPORT_SLACK_BOT_TOKEN": team.Token(), "RAPPORT_SLACK_API_URL": w.slack.APIURL()}
	page := slacktest.AppConfig{Socket: socket, CommandsURL: root + "/slack/commands", InteractivityURL: root + "/slack/interactivity", EventsURL: root + "/slack/events",
		Commands: map[string]slacktest.Command{"/rapport": {ShouldEscape: true}, "/move": {ShouldEscape: true}, "/find": {ShouldEscape: true}}}
	if socket {
		w.env["RAPPORT_SLACK_APP_TOKEN"] = w.slack.AppToken()
	} else {
		w.env["RAPPORT_SLACK_SIGNING_SECRET"] = w.slack.SigningSecret()
	}
	w.slack.App(page)
	return w
}

// ready waits until Slack reaches the program.
func (w *slackWorld) ready(socket bool) {
	w.t.Helper()
	if socket {
		if !w.slack.WaitConnected(1, 15*time.Second) {
			w.t.Fatal("no socket was opened")
		}
		return
	}
	if !w.slack.WaitFor(15*time.Second, func() bool { return w.slack.VerifyURL() == nil }) {
		w.t.Fatal("the request URL does not answer")
	}
}

// types lets somebody type a command and wants to see words in the answer.
func (w *slackWorld) types(who, command, text string, want ...string) slacktest.Answer {
	w.t.Helper()
	a, err := w.slack.Workspace().Human(who).Slash("app", command, text)
	if err != nil {
		w.t.Fatalf("%s types %s %s: %v", who, command, text, err)
	}
	w.sees(who, command+" "+text, a, want...)
	return a
}

func (w *slackWorld) presses(who, label string, want ...string) {
	w.t.Helper()
	h := w.slack.Workspace().Human(who)
	sight, err := h.Visible("app")
	if err != nil {
		w.t.Fatal(err)
	}
	for i := len(sight.Messages) - 1; i >= 0; i-- {
		if m := sight.Messages[i]; slices.Contains(m.Buttons, label) {
			a, err := h.PressOn(m.TS, label)
			if err != nil {
				w.t.Fatalf("%s presses %s: %v", who, label, err)
			}
			w.sees(who, "["+label+"]", a, want...)
			return
		}
	}
	w.t.Fatalf("%s sees no [%s] in:\n%s", who, label, sight.Text)
}

func (w *slackWorld) sees(who, did string, a slacktest.Answer, want ...string) {
	w.t.Helper()
	text := a.Text + " " + a.Problem
	if a.View != nil {
		text += " " + a.View.Title + " " + a.View.Text
	}
	plain := strings.NewReplacer("*", "", "_", "").Replace(text)
	for _, x := range want {
		if !strings.Contains(plain, x) && !strings.Contains(text, x) {
			w.t.Fatalf("%s: %s: does not see %q in:\n%s", who, did, x, text)
		}
	}
}

// begin brings the workspace to where Ada stands at Applied.
func (w *slackWorld) begin(code string) {
	w.t.Helper()
	w.types("ann", "/rapport", "setup "+code, "You are Admin now")
	w.types("ann", "/rapport", "member add @bob role:manager", "Bob is a hiring manager now")
	w.types("ann", "/rapport", "member add @rita role:recruiter", "Rita is a recruiter now")
	w.types("ann", "/rapport", `job open "Backend Engineer" stages:"Applied, Screen, Onsite, Offer, Hired" manager:@bob`, "Opened Backend Engineer")
	w.types("rita", "/rapport", `candidate add "Ada Okafor" email:ada@mail.example job:"Backend Engineer" zone:Africa/Lagos`, "Added Ada Okafor")
}

func TestStoryOnSlack(t *testing.T) {
	t.Parallel()
	for _, door := range []string{"socket", "http"} {
		t.Run(door, func(t *testing.T) {
			t.Parallel()
			w := newSlackWorld(t, door == "socket")
			r := serve(t, w.env)
			w.ready(door == "socket")
			w.types("rita", "/rapport", "job open Anything", "This workspace is not set up yet")
			w.types("rita", "/rapport", "setup AAAA-BBBB-CCCC", "does not work")
			w.begin(r.code(t))
			w.types("ann", "/rapport", "setup "+r.code(t), "does not work") // once is once
			w.types("rita", "/rapport", `candidate move "Ada Okafor" to:Onsite`, "Moved Ada Okafor", "Onsite")
			w.presses("rita", "Undo", "Taken back")
			w.types("rita", "/move", "Ada to:Onsite", "Moved Ada Okafor", "Onsite")
			w.types("rita", "/rapport", "undo", "Taken back")
			w.types("rita", "/find", "ada", "Ada Okafor")
			w.types("rita", "/rapport", "candidate find ada", "Ada Okafor")
			w.types("rita", "/rapport", `job board "Backend Engineer"`, "Applied")
			if _, err := w.slack.Workspace().Human("rita").Await("app", "less than a day"); err != nil { // the second table: one fits a message
				t.Fatal(err)
			}
			w.types("rita", "/rapport", "help move", "candidate move") // all of it takes several messages
			if a := w.types("rita", "/move", "Ada"); a.View == nil {
				t.Fatalf("a missing stage opens no form: %s", a.Text)
			}
			rita := w.slack.Workspace().Human("rita")
			if err := rita.Fill("Stage", "Screen"); err != nil {
				t.Fatal(err)
			}
			a, err := rita.SubmitModal()
			if err != nil {
				t.Fatal(err)
			}
			w.sees("rita", "the form", a, "Moved Ada Okafor", "Screen")
			w.types("rita", "/rapport", "mvoe Ada", "move") // unknown: the nearest
			if door == "http" {
				w.forgeries()
			}
			w.slack.RequireClean(t)
		})
	}
}

func (w *slackWorld) forgeries() {
	w.t.Helper()
	for _, f := range slacktest.Forgeries {
		for _, where := range []string{"commands", "interactivity", "events"} {
			status, err := w.slack.Forge(where, f)
			if err != nil || status < 400 || status > 499 {
				w.t.Errorf("%s at %s: %d %v", f, where, status, err)
			}
		}
	}
}

func TestStoryOnDiscord(t *testing.T) {
	t.Parallel()
	for _, door := range []string{"gateway", "http"} {
		t.Run(door, func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t, discordtest.Options{Strict: true, NoLimits: true, IdentifyEvery: time.Millisecond, Patience: 8 * time.Second,
				App: discordtest.AppConfig{Privileged: discordtest.IntentGuildMembers | discordtest.IntentMessageContent}})
			guild := d.Guild("Acme")
			general := guild.Text("general")
			ann, bob, rita := guild.Member("Ann"), guild.Member("Bob"), guild.Member("Rita")
			addr := freeAddr(t)
			env := map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL(), "RAPPORT_LISTEN": addr,
				"RAPPORT_DISCORD_BOT_TOKEN": d.App().Token, "RAPPORT_DISCORD_APP_ID": d.App().ID, "RAPPORT_DISCORD_API_URL": d.URL()}
			if door == "http" {
				env["RAPPORT_DISCORD_PUBLIC_KEY"] = d.App().PublicKey
			}
			r := serve(t, env)
			d.AwaitConnected(1)
			d.Await("the commands are registered", func() bool { return d.App().CommandWrites() > 0 })
			if door == "http" {
				if err := d.App().SetInteractionsURL("http://" + addr + "/discord/interactions"); err != nil {
					t.Fatal(err)
				}
			}
			slash := func(who *discordtest.Human, name string, options map[string]any, want ...string) {
				t.Helper()
				text := strings.NewReplacer("*", "", "\\", "").Replace(who.Slash(general, name, options).Reply().String())
				for _, x := range want {
					if !strings.Contains(text, x) {
						t.Fatalf("%s: /%s: does not see %q in:\n%s", who.Name(), name, x, text)
					}
				}
			}
			slash(rita, "candidate find", map[string]any{"words": "ada"}, "This workspace is not set up yet")
			slash(ann, "setup", map[string]any{"code": r.code(t)}, "You are Admin now")
			slash(ann, "member add", map[string]any{"who": bob, "role": "manager"}, "Bob is a hiring manager now")
			slash(ann, "member add", map[string]any{"who": rita, "role": "recruiter"}, "Rita is a recruiter now")
			slash(ann, "job open", map[string]any{"title": "Backend Engineer", "stages": "Applied, Screen, Onsite, Offer, Hired", "manager": bob}, "Opened Backend Engineer")
			slash(rita, "candidate add", map[string]any{"name": "Ada Okafor", "email": "ada@mail.example", "job": "Backend Engineer", "zone": "Africa/Lagos"}, "Added Ada Okafor")
			slash(rita, "candidate move", map[string]any{"candidate": "Ada Okafor", "to": "Onsite"}, "Moved Ada Okafor", "Onsite")
			if text := rita.Press("Undo").Text(); !strings.Contains(text, "Taken back") {
				t.Fatal(text)
			}
			if offered := fmt.Sprint(rita.Autocomplete(general, "candidate move", "candidate", "oka")); !strings.Contains(offered, "Ada Okafor") {
				t.Fatal(offered)
			}
			slash(rita, "candidate find", map[string]any{"words": "ada"}, "Ada Okafor")
			slash(rita, "job board", map[string]any{"job": "Backend Engineer"}, "Applied", "Ada Okafor")
			slash(rita, "candidate move", map[string]any{"candidate": "Ada", "to": "Screen"}, "Screen")
			slash(rita, "undo", nil, "Taken back")
			bob.Sees(bob.DMs(), "Ada Okafor") // the manager hears of it unasked
			if door == "http" {
				if err := d.App().ProbeSignatures(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// The HTTP doors answer health, and refuse what is too large or not theirs.
func TestDoorsOfTheServer(t *testing.T) {
	t.Parallel()
	w := newSlackWorld(t, false)
	r := serve(t, w.env)
	w.ready(false)
	get := func(path string) (int, string) {
		resp, err := http.Get(r.url + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	if code, text := get("/healthz"); code != 200 || text != "ok\n" {
		t.Error(code, text)
	}
	if code, text := get("/readyz"); code != 200 || !strings.Contains(text, "ready: store server") {
		t.Error(code, text)
	}
	if code, text := get("/console/"); code != 401 || !strings.Contains(text, "<html") { // nobody is signed in
		t.Error("console", code)
	}
	if code, _ := get("/nothing"); code != 404 {
		t.Error("nothing", code)
	}
	big := strings.NewReader("text=" + strings.Repeat("x", 70<<10))
	resp, err := http.Post(r.url+"/slack/commands", "application/x-www-form-urlencoded", big)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode < 400 || resp.StatusCode > 499 {
		t.Error("too large", resp.StatusCode)
	}
	w.redis.Kill()
	if code, text := get("/readyz"); code != 503 || !strings.Contains(text, "not ready") {
		t.Error("without a store", code, text)
	}
	if code, _ := get("/healthz"); code != 200 {
		t.Error("the process lives on", code)
	}
}
