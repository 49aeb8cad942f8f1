package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"rapport/adapters/slack"
	"rapport/adapters/slack/slacktest"
	"rapport/bot"
	"rapport/bot/bottest"
)

// slackDriver is one strict workspace. Over a socket its people type into their
// conversation with the bot, over HTTP into a channel which a bystander joins at the end,
// to read what is left lying about.
type slackDriver struct {
	*witness
	fake      *slacktest.Server
	net       slackNet
	place     string // where commands are typed
	people    map[string]*slacktest.Human
	bystander *slacktest.Human
	read      map[string]int // how far each person's inbox is read
	latest    recency
	commands  []bot.Declared
}

// slackNet is the adapter with the witness before it.
type slackNet struct {
	*slack.Slack
	w *witness
}

func (n slackNet) Listen(ctx context.Context, f func(context.Context, bot.Event) error) error {
	return n.Slack.Listen(ctx, n.w.receive(f))
}

func (n slackNet) Send(ctx context.Context, p bot.Place, m bot.Message, key string) (string, error) {
	return n.w.send(p, func() (string, error) { return n.Slack.Send(ctx, p, m, key) })
}

func (n slackNet) Edit(ctx context.Context, p bot.Place, id string, m bot.Message) error {
	_, err := n.w.send(p, func() (string, error) { return id, n.Slack.Edit(ctx, p, id, m) })
	return err
}

func newSlackDriver(t *testing.T, w *bottest.World, socket bool, change ...func(*slacktest.Options)) *slackDriver {
	t.Helper()
	o := slacktest.Options{Unlimited: true, Wait: 3 * time.Second, Patience: 20 * time.Second}
	for _, f := range change {
		f(&o)
	}
	fake := slacktest.New(t, o)
	d := &slackDriver{witness: newWitness(), fake: fake, place: "app", people: map[string]*slacktest.Human{}, read: map[string]int{}, latest: recency{}, commands: w.Bot.Declared()}
	team := fake.Workspace()
	w.Team = team.ID
	server := httptest.NewUnstartedServer(nil)
	root := "http://" + server.Listener.Addr().String()
	page := slacktest.AppConfig{Socket: socket, CommandsURL: root + "/slack/commands", InteractivityURL: root + "/slack/interactivity",
		EventsURL: root + "/slack/events", Commands: map[string]slacktest.Command{"/rapport": {ShouldEscape: true}}}
	for _, c := range d.commands { // the app takes every alias that the manifest can give it
		for _, word := range []string{c.Short, c.Name} {
			if word != "" && !strings.Contains(word, " ") {
				page.Commands["/"+word] = slacktest.Command{ShouldEscape: true}
			}
		}
	}
	fake.App(page)
	cfg := slack.Config{APIURL: fake.APIURL(), BotToken: team.Token(), PublicURL: root}
	if socket {
		cfg.AppToken, cfg.SocketConnections = fake.AppToken(), 1
	} else {
		cfg.SigningSecret = fake.SigningSecret()
		d.place = "hiring"
		d.bystander = team.AddUser(slacktest.User{Name: "bystander", RealName: "Uma Bystander"})
		team.AddChannel(slacktest.Channel{Name: "hiring", Members: []string{"app"}, Private: true})
	}
	team.AddChannel(slacktest.Channel{Name: talkPlace, Members: []string{"app"}})
	host := w.Bot.Host()
	host.Now = time.Now // stamps and signatures stay real when the fake's clock is moved
	host.Pace = nil     // and so would the pauses between messages
	d.net = slackNet{slack.New(cfg, host), d.witness}
	server.Config.Handler = d.net.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return d
}

// ready waits until the bot hears.
func (d *slackDriver) ready(t *testing.T, socket bool) {
	t.Helper()
	if socket && !d.fake.WaitConnected(1, 10*time.Second) {
		t.Fatal("no socket was opened")
	}
	door := d.net.Handler()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/slack/commands", nil))
		if w.Code != http.StatusServiceUnavailable {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the bot does not listen")
		}
	}
}

// clean ends a script: nothing that Slack would refuse, and nothing private before the bystander.
func (d *slackDriver) clean(t *testing.T) {
	t.Helper()
	d.fake.RequireClean(t)
	if d.bystander == nil || d.public > 0 {
		return
	}
	d.team().Invite(d.place, d.bystander.ID())
	sight, err := d.bystander.Visible(d.place)
	if err != nil {
		t.Fatal(err)
	}
	posted := map[string]bool{}
	for _, s := range d.since(0) {
		posted[stampOf(s.id)] = true
	}
	for _, m := range sight.Messages {
		if m.App && !posted[m.TS] {
			t.Errorf("a bystander reads a private answer: %s", m.Text)
		}
	}
}

func (d *slackDriver) Network() bot.Network { return d.net }

// Advance moves Slack's clock on, once nothing waits for an acknowledgement any more.
func (d *slackDriver) Advance(by time.Duration) {
	d.fake.WaitFor(3*time.Second, func() bool {
		return !slices.ContainsFunc(d.fake.Deliveries(""), func(x slacktest.Delivery) bool { return len(x.Attempts) == 0 })
	})
	d.fake.Advance(by)
}

func (d *slackDriver) team() *slacktest.Workspace { return d.fake.Workspace() }

func (d *slackDriver) Account(t *testing.T, name, zone string) bot.Account {
	t.Helper()
	h := d.people[name]
	if h == nil {
		if zone == "" {
			zone = "nowhere" // Slack then says none
		}
		h = d.team().AddUser(slacktest.User{Name: strings.ToLower(name), RealName: name, TZ: zone})
		d.people[name] = h
		d.team().Invite(talkPlace, h.ID())
		if d.place != "app" {
			d.team().Invite(d.place, h.ID())
		}
	}
	return bot.Account{Network: slack.Network, Team: d.team().ID, ID: h.ID()}
}

func (d *slackDriver) person(t *testing.T, name string) *slacktest.Human {
	t.Helper()
	h := d.people[name]
	if h == nil {
		t.Fatalf("nobody is called %s", name)
	}
	return h
}

// do does one thing and shows everything of the answer: what appeared or changed
// where the person looks.
func (d *slackDriver) do(t *testing.T, who string, what func(h *slacktest.Human) (slacktest.Answer, error)) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	defer d.begin()()
	before, form, count := d.sight(t, h), h.Modal(), d.count(h.ID(), act)
	a, err := what(h)
	if err != nil {
		t.Errorf("%s: %v", who, err)
		return ""
	}
	if len(a.Errors) > 0 {
		return d.refused(h, a)
	}
	if !d.settle(h.ID(), act, count) {
		t.Errorf("%s: the kernel heard nothing, or is not done", who)
	}
	var out []string
	if a.Problem != "" {
		out = append(out, "Slack says: "+a.Problem)
	}
	if v := h.Modal(); v != nil && (form == nil || v.ID != form.ID || d.view(v) != d.view(form)) {
		out = append(out, d.view(v))
	}
	after := d.sight(t, h)
	for _, ts := range after.order {
		if text := after.text[ts]; text != before.text[ts] || a.Message != nil && a.Message.TS == ts {
			out = append(out, text)
		}
	}
	return bottest.Screen(strings.Join(out, "\n"))
}

// sight is what a person sees of the app, by message.
type sight struct {
	order  []string // as posted
	recent []string // as they last changed
	text   map[string]string
	all    map[string]slacktest.Message
}

func (d *slackDriver) sight(t *testing.T, h *slacktest.Human) sight {
	t.Helper()
	s := sight{text: map[string]string{}, all: map[string]slacktest.Message{}}
	for _, place := range slices.Compact([]string{"app", d.place, talkPlace}) {
		v, err := h.Visible(place)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range v.Messages {
			if m.App {
				s.order = append(s.order, m.TS)
				s.text[m.TS], s.all[m.TS] = d.message(m), m
			}
		}
	}
	sort.Strings(s.order)
	for _, ts := range s.order {
		d.latest.see(h.ID(), ts, s.text[ts])
	}
	s.recent = d.latest.order(h.ID(), s.order)
	return s
}

func stampOf(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

func (d *slackDriver) Command(t *testing.T, who, line string) bottest.Screen {
	t.Helper()
	command, text, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(command, "/") {
		command, text = "/rapport", line
	}
	return d.do(t, who, func(h *slacktest.Human) (slacktest.Answer, error) {
		_ = h.CloseAllModals()
		return h.Slash(d.place, command, text)
	})
}

func (d *slackDriver) Say(t *testing.T, who, text string) bottest.Screen {
	t.Helper()
	return d.do(t, who, func(h *slacktest.Human) (slacktest.Answer, error) {
		_ = h.CloseAllModals()
		return h.Ask("app", text)
	})
}

func (d *slackDriver) Press(t *testing.T, who, label string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	if v := h.Modal(); v != nil {
		if i := starting(v.Buttons, label); i >= 0 {
			return d.do(t, who, func(h *slacktest.Human) (slacktest.Answer, error) { return h.Press(v.Buttons[i]) })
		}
		_ = h.CloseAllModals()
	}
	now := d.sight(t, h)
	for _, ts := range slices.Backward(now.recent) {
		if i := starting(now.all[ts].Buttons, label); i >= 0 {
			return d.do(t, who, func(h *slacktest.Human) (slacktest.Answer, error) { return h.PressOn(ts, now.all[ts].Buttons[i]) })
		}
	}
	if v := h.Home(); v != nil {
		if i := starting(v.Buttons, label); i >= 0 {
			return d.do(t, who, func(h *slacktest.Human) (slacktest.Answer, error) { return h.Press(v.Buttons[i]) })
		}
	}
	t.Errorf("%s sees no button %q in:\n%s", who, label, now)
	return ""
}

func starting(labels []string, with string) int {
	return slices.IndexFunc(labels, func(l string) bool { return strings.HasPrefix(l, with) })
}

func (s sight) String() string {
	var out []string
	for _, ts := range s.order {
		out = append(out, s.text[ts])
	}
	return strings.Join(out, "\n--\n")
}

func (d *slackDriver) Pick(t *testing.T, who, label, option string) bottest.Screen {
	t.Helper()
	now := d.sight(t, d.person(t, who))
	for _, ts := range slices.Backward(now.recent) {
		if m := now.all[ts]; starting(m.Menus, label) >= 0 {
			return d.do(t, who, func(h *slacktest.Human) (slacktest.Answer, error) {
				if _, err := h.Visible(m.Channel); err != nil {
					return slacktest.Answer{}, err
				}
				return h.Pick(m.Menus[starting(m.Menus, label)], option)
			})
		}
	}
	t.Errorf("%s sees no menu %q in:\n%s", who, label, now)
	return ""
}

func (d *slackDriver) Fill(t *testing.T, who string, values map[string]string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	v := h.Modal()
	if v == nil {
		t.Errorf("%s has no open form", who)
		return ""
	}
	for label := range values {
		if !slices.ContainsFunc(v.Fields, func(f slacktest.Field) bool { return f.Label == label }) {
			t.Errorf("the form %s has no field %q", d.view(v), label)
		}
	}
	for _, f := range v.Fields { // from above: what is offered below may hang on it
		if value, ok := values[f.Label]; ok {
			if err := h.Fill(f.Label, slackValues(f.Kind, value)...); err != nil {
				t.Errorf("%s: %v", f.Label, err)
			}
		}
	}
	return d.do(t, who, func(h *slacktest.Human) (slacktest.Answer, error) { return h.SubmitModal() })
}

// slackValues is what somebody does with a field to give it a value.
func slackValues(kind, value string) []string {
	switch {
	case kind == "checkboxes" && (value == "yes" || value == "true"):
		return []string{"Yes"}
	case kind == "checkboxes", value == "":
		return nil
	case kind == "radio_buttons" && value == "true":
		return []string{"Yes"}
	case strings.HasPrefix(kind, "multi_"):
		var out []string
		for _, one := range strings.Split(value, ",") {
			out = append(out, strings.TrimPrefix(strings.TrimSpace(one), "@"))
		}
		return out
	case kind == "users_select":
		value = strings.TrimPrefix(value, "@")
	}
	return []string{value}
}

// refused shows a form's errors as scripts write them: by the fields' names.
func (d *slackDriver) refused(h *slacktest.Human, a slacktest.Answer) bottest.Screen {
	names := map[string]string{}
	if v := h.Modal(); v != nil {
		for _, b := range nodes(v.Raw["blocks"]) {
			names[str(sub(b, "label")["text"])] = strings.TrimPrefix(str(b["block_id"]), "f.")
		}
	}
	lines := []string{"refused"}
	for label, say := range a.Errors {
		if say == "Please complete this required field." { // Slack's own client says it before the bot can
			say = label + " is needed."
		}
		lines = append(lines, names[label]+": "+say)
	}
	sort.Strings(lines[1:])
	return bottest.Screen(strings.Join(lines, "\n"))
}

// Suggest types into the field of the command's form: Slack completes no typed lines.
func (d *slackDriver) Suggest(t *testing.T, who, line, field, typed string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	d.Command(t, who, "/rapport "+line)
	v := h.Modal()
	if v == nil {
		t.Errorf("%s: %s opens no form", who, line)
		return ""
	}
	for _, b := range nodes(v.Raw["blocks"]) {
		if b["block_id"] != "f."+field {
			continue
		}
		offers, err := h.TypeIn(str(sub(b, "label")["text"]), typed)
		if err != nil {
			t.Errorf("%s: %v", who, err)
		}
		_ = h.CloseAllModals()
		return bottest.Screen(strings.Join(offers, "\n"))
	}
	t.Errorf("the form %s has no field %q", d.view(v), field)
	return ""
}

func (d *slackDriver) Home(t *testing.T, who string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	_ = h.CloseAllModals()
	count := d.count(h.ID(), look)
	if _, err := h.OpenHome(); err != nil {
		t.Errorf("%s: %v", who, err)
		return ""
	}
	if !d.settle(h.ID(), look, count) {
		t.Errorf("%s: the kernel did not hear that the home page was opened, or is not done", who)
	}
	if v := h.Home(); v != nil {
		return bottest.Screen(slackLines(d.team(), v.Raw["blocks"]))
	}
	return ""
}

func (d *slackDriver) Inbox(t *testing.T, who string) string {
	t.Helper()
	h := d.person(t, who)
	list := d.since(d.read[who])
	if len(list) == 0 {
		return ""
	}
	d.read[who] += len(list)
	now := d.sight(t, h) // after the list: what went out in between is for the next time
	var out []string
	for _, s := range list {
		if text, ok := now.text[stampOf(s.id)]; ok {
			out = append(out, text)
		}
	}
	return strings.Join(out, "\n--\n")
}

// view writes a form as {Title: Field=value (options), …}, anything else as its lines.
func (d *slackDriver) view(v *slacktest.View) string {
	if len(v.Fields) == 0 {
		return strings.TrimSpace(v.Title + "\n" + slackLines(d.team(), v.Raw["blocks"]))
	}
	var parts []string
	for _, f := range v.Fields {
		s := f.Label
		if f.Value != "" {
			s += "=" + f.Value
		}
		if len(f.Options) > 0 && f.Kind != "checkboxes" && f.Kind != "radio_buttons" {
			s += " (" + strings.Join(f.Options, " | ") + ")"
		}
		parts = append(parts, s)
	}
	return "{" + v.Title + ": " + strings.Join(parts, ", ") + "}"
}

func (d *slackDriver) message(m slacktest.Message) string {
	if blocks := nodes(m.Raw["blocks"]); len(blocks) > 0 {
		return slackLines(d.team(), m.Raw["blocks"])
	}
	return slackText(d.team(), node{"type": "mrkdwn", "text": m.Raw["text"]})
}
