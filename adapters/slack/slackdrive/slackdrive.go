// Package slackdrive carries conversation scripts out on Slack: the strict Slack of slacktest, the
// adapter before it, over signed HTTP or a socket. It is for tests only.
package slackdrive

import (
	"fmt"
	"net/http/httptest"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/adapters/slack"
	"rapport/adapters/slack/slacktest"
	"rapport/bot"
	"rapport/bot/bottest"
)

// Driver is one workspace whose people talk to the bot in their direct conversation with it.
// World must use the real clock: signatures and triggers run by it.
type Driver struct {
	Slack   *slacktest.Server
	Adapter *slack.Slack

	socket bool
	ready  sync.Once
	people map[string]*slacktest.Human
	read   map[string]map[string]bool // what each person has seen, by message
}

// New starts a Slack and an adapter to it. Commands lists the aliases besides /rapport.
func New(t *testing.T, host bot.Host, socket bool, aliases ...string) *Driver {
	t.Helper()
	fake := slacktest.New(t, slacktest.Options{Unlimited: true, Wait: 3 * time.Second})
	d := &Driver{Slack: fake, socket: socket, people: map[string]*slacktest.Human{}, read: map[string]map[string]bool{}}
	server := httptest.NewUnstartedServer(nil)
	root := "http://" + server.Listener.Addr().String()
	cfg := slack.Config{APIURL: fake.APIURL(), BotToken: fake.Workspace().Token(), PublicURL: root}
	page := slacktest.AppConfig{
		Socket: socket, CommandsURL: root + "/slack/commands", InteractivityURL: root + "/slack/interactivity", EventsURL: root + "/slack/events",
		Commands: map[string]slacktest.Command{"/rapport": {ShouldEscape: true}},
	}
	for _, e := range slack.Events() {
		if e != "team_join" { // a script's people are made members by hand, which nobody announces
			page.Events = append(page.Events, e)
		}
	}
	for _, a := range aliases {
		page.Commands["/"+strings.TrimPrefix(a, "/")] = slacktest.Command{ShouldEscape: true}
	}
	if socket {
		cfg.AppToken = fake.AppToken()
	} else {
		cfg.SigningSecret = fake.SigningSecret()
	}
	fake.App(page)
	d.Adapter = slack.New(cfg, host)
	server.Config.Handler = d.Adapter.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return d
}

// Network is the adapter.
func (d *Driver) Network() bot.Network { return d.Adapter }

// Account lets somebody join the workspace.
func (d *Driver) Account(t *testing.T, name, zone string) bot.Account {
	t.Helper()
	h := d.people[name]
	if h == nil {
		h = d.Slack.Workspace().AddUser(slacktest.User{Name: name, RealName: name, TZ: zone})
		d.people[name], d.read[name] = h, map[string]bool{}
	}
	return bot.Account{Network: slack.Network, Team: d.Slack.Workspace().ID, ID: h.ID()}
}

func (d *Driver) person(t *testing.T, name string) *slacktest.Human {
	t.Helper()
	h := d.people[name]
	if h == nil {
		t.Fatalf("nobody is called %s", name)
	}
	d.ready.Do(func() { d.wait(t) })
	return h
}

// wait until the adapter listens.
func (d *Driver) wait(t *testing.T) {
	t.Helper()
	if d.socket {
		if !d.Slack.WaitConnected(1, 5*time.Second) {
			t.Fatal("the adapter opens no socket")
		}
		return
	}
	var err error
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if err = d.Slack.VerifyURL(); err == nil {
			return
		}
	}
	t.Fatal(err)
}

// Command types a line: /rapport …, an alias, or words that stand behind /rapport.
func (d *Driver) Command(t *testing.T, who, line string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	_ = h.CloseAllModals()
	command, text, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(command, "/") {
		command, text = "/rapport", line
	}
	a, err := h.Slash("app", command, text)
	return d.screen(t, who, a, err)
}

// Say writes to the bot.
func (d *Driver) Say(t *testing.T, who, text string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	_ = h.CloseAllModals()
	a, err := h.Ask("app", text)
	return d.screen(t, who, a, err)
}

// Press presses the newest button whose label starts so: in the open modal, else in the
// conversation, else in the Home.
func (d *Driver) Press(t *testing.T, who, label string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	if m := h.Modal(); m != nil {
		if full := starting(m.Buttons, label); full != "" {
			a, err := h.Press(full)
			return d.screen(t, who, a, err)
		}
		_ = h.CloseAllModals()
	}
	sight, err := h.Visible("app")
	if err != nil {
		t.Fatal(err)
	}
	for i := len(sight.Messages) - 1; i >= 0; i-- {
		if full := starting(sight.Messages[i].Buttons, label); full != "" {
			a, err := h.PressOn(sight.Messages[i].TS, full)
			return d.screen(t, who, a, err)
		}
	}
	if sight.Home != nil {
		if full := starting(sight.Home.Buttons, label); full != "" {
			a, err := h.Press(full)
			return d.screen(t, who, a, err)
		}
	}
	t.Errorf("%s sees no button %q in:\n%s", who, label, sight.Text)
	return ""
}

func starting(labels []string, with string) string {
	for _, l := range labels {
		if strings.HasPrefix(l, with) {
			return l
		}
	}
	return ""
}

// Pick takes an option of a menu.
func (d *Driver) Pick(t *testing.T, who, label, option string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	sight, err := h.Visible("app")
	if err != nil {
		t.Fatal(err)
	}
	for i := len(sight.Messages) - 1; i >= 0; i-- {
		if full := starting(sight.Messages[i].Menus, label); full != "" {
			a, err := h.Pick(full, option)
			return d.screen(t, who, a, err)
		}
	}
	t.Errorf("%s sees no menu %q in:\n%s", who, label, sight.Text)
	return ""
}

// Fill fills the open form and sends it.
func (d *Driver) Fill(t *testing.T, who string, values map[string]string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	if h.Modal() == nil {
		t.Errorf("%s has no open form", who)
		return ""
	}
	for label, v := range values {
		if err := h.Fill(label, strings.TrimPrefix(v, "@")); err != nil {
			t.Error(err)
		}
	}
	a, err := h.SubmitModal()
	return d.screen(t, who, a, err)
}

// Suggest types into a search field of the form that the line opens.
func (d *Driver) Suggest(t *testing.T, who, line, field, typed string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	if h.Modal() == nil {
		d.Command(t, who, "/rapport "+line)
	}
	m := h.Modal()
	if m == nil {
		t.Errorf("%s: %s opens no form", who, line)
		return ""
	}
	for _, f := range m.Fields {
		if strings.EqualFold(f.Label, field) {
			field = f.Label
		}
	}
	offers, err := h.TypeIn(field, typed)
	if err != nil {
		t.Error(err)
	}
	return bottest.Screen(strings.Join(offers, "\n"))
}

// Home opens the app's Home.
func (d *Driver) Home(t *testing.T, who string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	_ = h.CloseAllModals()
	a, err := h.OpenHome()
	return d.screen(t, who, a, err)
}

// Inbox is what came into somebody's conversation with the bot since they last looked.
func (d *Driver) Inbox(t *testing.T, who string) string {
	t.Helper()
	h := d.person(t, who)
	var out []string
	d.Slack.WaitFor(1500*time.Millisecond, func() bool {
		sight, err := h.Visible("app")
		if err != nil {
			return true
		}
		for _, m := range sight.Messages {
			text := message(m)
			if key := m.TS + text; m.App && !m.Private && !d.read[who][key] {
				d.read[who][key] = true
				out = append(out, text)
			}
		}
		return len(out) > 0
	})
	return strings.Join(out, "\n--\n")
}

// screen is what somebody sees after an act.
func (d *Driver) screen(t *testing.T, who string, a slacktest.Answer, err error) bottest.Screen {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", who, err)
		return ""
	}
	var out []string
	if a.Problem != "" {
		out = append(out, "Slack says: "+a.Problem)
	}
	if len(a.Errors) > 0 {
		out = append(out, "refused")
		names := fieldNames(d.people[who].Modal())
		for _, label := range keys(a.Errors) {
			out = append(out, names[label]+": "+a.Errors[label])
		}
	}
	if a.View != nil {
		out = append(out, view(a.View))
	}
	if a.Message != nil {
		d.read[who][a.Message.TS+message(*a.Message)] = true
		out = append(out, message(*a.Message))
	}
	return bottest.Screen(strings.Join(out, "\n"))
}

// fieldNames are the names of a form's fields by what stands above them.
func fieldNames(v *slacktest.View) map[string]string {
	out := map[string]string{}
	if v == nil {
		return out
	}
	blocks, _ := v.Raw["blocks"].([]any)
	for _, b := range blocks {
		b := b.(object)
		if label, ok := b["label"].(object); ok {
			id, _ := b["block_id"].(string)
			out[text(label)] = strings.TrimPrefix(id, "f.")
		}
	}
	return out
}

func keys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// view writes a form as {Title: Field=value (options), …}, anything else as its lines.
func view(v *slacktest.View) string {
	if len(v.Fields) == 0 {
		return lines(v.Title, v.Raw["blocks"])
	}
	var parts []string
	for _, f := range v.Fields {
		s := f.Label
		if f.Value != "" {
			s += "=" + f.Value
		}
		if len(f.Options) > 0 {
			s += " (" + strings.Join(f.Options, " | ") + ")"
		}
		parts = append(parts, s)
	}
	return fmt.Sprintf("{%s: %s}", v.Title, strings.Join(parts, ", "))
}

func message(m slacktest.Message) string {
	if blocks, ok := m.Raw["blocks"].([]any); ok && len(blocks) > 0 {
		return lines("", blocks)
	}
	return m.Text
}
