package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord"
	"rapport/adapters/discord/discordtest"
	"rapport/bot"
	"rapport/bot/bottest"
)

// discordDriver is one strict server. Its people type into a channel and talk to
// the bot in their direct messages; a bystander joins at the end and reads what is
// left lying about.
type discordDriver struct {
	*witness
	world    *bottest.World
	fake     *discordtest.Server
	guild    *discordtest.Guild
	channel  *discordtest.Channel
	net      discordNet
	people   map[string]*discordtest.Human
	read     map[string]int
	latest   recency
	labels   map[string]string // label → name of the fields of the form last filled in
	commands []bot.Declared
}

// discordNet is the adapter with the witness before it.
type discordNet struct {
	*discord.Network
	w *witness
}

func (n discordNet) Listen(ctx context.Context, f func(context.Context, bot.Event) error) error {
	return n.Network.Listen(ctx, n.w.receive(f))
}

func (n discordNet) Declare(ctx context.Context, d []bot.Declared) error {
	err := n.Network.Declare(ctx, d)
	n.w.note(func() { n.w.declared = true })
	return err
}

func (n discordNet) Send(ctx context.Context, p bot.Place, m bot.Message, key string) (string, error) {
	return n.w.send(p, func() (string, error) { return n.Network.Send(ctx, p, m, key) })
}

func (n discordNet) Edit(ctx context.Context, p bot.Place, id string, m bot.Message) error {
	_, err := n.w.send(p, func() (string, error) { return id, n.Network.Edit(ctx, p, id, m) })
	return err
}

func newDiscordDriver(t *testing.T, w *bottest.World, overHTTP bool) *discordDriver {
	t.Helper()
	fake := discordtest.New(nil, discordtest.Options{NoLimits: true, IdentifyEvery: time.Millisecond, Patience: 30 * time.Second,
		App: discordtest.AppConfig{Privileged: discordtest.IntentGuildMembers | discordtest.IntentMessageContent}})
	t.Cleanup(fake.Close)
	d := &discordDriver{witness: newWitness(), world: w, fake: fake, people: map[string]*discordtest.Human{}, read: map[string]int{}, latest: recency{},
		labels: map[string]string{}, commands: w.Bot.Declared()}
	d.guild = fake.Guild("Acme")
	d.channel = d.guild.Text("hiring")
	w.Team = d.guild.ID
	host := w.Bot.Host()
	host.Now = fake.Now
	host.Pace = nil
	app := fake.App()
	n, err := discord.New(discord.Config{BotToken: app.Token, AppID: app.ID, PublicKey: app.PublicKey, APIURL: fake.URL(), HTTP: overHTTP}, host)
	if err != nil {
		t.Fatal(err)
	}
	d.net = discordNet{n, d.witness}
	return d
}

// Worded is what a script says of commands, as it reads on Discord.
func (d *discordDriver) Worded(words string) string {
	return strings.ReplaceAll(words, "/rapport ", "/")
}

// ready waits until the bot hears, with its commands registered.
func (d *discordDriver) ready(t *testing.T, overHTTP bool) {
	t.Helper()
	ctx := context.Background()
	if err := d.world.Bot.Claim(ctx, discord.Name, d.guild.ID, d.world.Tenant, "", d.world.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	if p := try(func() { d.fake.AwaitConnected(1) }); p != "" {
		t.Fatal(p)
	}
	if !d.until(30*time.Second, func() bool { return d.declared }) {
		t.Fatal("no commands were registered")
	}
	if overHTTP {
		server := httptest.NewServer(d.net.Handler())
		t.Cleanup(server.Close)
		if err := d.fake.App().SetInteractionsURL(server.URL + "/discord/interactions"); err != nil {
			t.Fatal(err)
		}
	}
}

// clean ends a script: nothing that Discord would refuse, and nothing private before a bystander.
func (d *discordDriver) clean(t *testing.T) {
	t.Helper()
	for _, f := range d.fake.Faults() {
		t.Errorf("Discord would complain: %s", f)
	}
	if d.public > 0 {
		return
	}
	posted := map[string]bool{}
	for _, s := range d.since(0) {
		posted[s.id] = true
	}
	for _, m := range d.guild.Member("Uma Bystander").Visible(d.channel).Messages {
		if m.FromApp && !posted[m.ID] {
			t.Errorf("a bystander reads a private answer: %s", m.Text)
		}
	}
}

func (d *discordDriver) Network() bot.Network     { return d.net }
func (d *discordDriver) Advance(by time.Duration) { d.fake.Advance(by) }

func (d *discordDriver) Account(_ *testing.T, name, _ string) bot.Account {
	h := d.people[name]
	if h == nil {
		h = d.guild.Member(name)
		d.people[name] = h
	}
	return bot.Account{Network: discord.Name, ID: h.ID()}
}

func (d *discordDriver) person(t *testing.T, name string) *discordtest.Human {
	t.Helper()
	h := d.people[name]
	if h == nil {
		t.Fatalf("nobody is called %s", name)
	}
	return h
}

// try does what a person would and says what their client does not let them do.
func try(f func()) (problem string) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case discordtest.Failure:
			problem = string(p)
		default:
			panic(p)
		}
	}()
	f()
	return ""
}

// do does one thing and shows everything of the answer: what appeared or changed
// where the person looks.
func (d *discordDriver) do(t *testing.T, who string, what func(h *discordtest.Human) *discordtest.Exchange) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	defer d.begin()()
	before, count := d.sight(h), d.count(h.ID(), act)
	var x *discordtest.Exchange
	var failed string
	if p := try(func() {
		if x = what(h); x != nil {
			failed = x.Failed()
		}
	}); p != "" {
		t.Errorf("%s: %s", who, p)
		return ""
	}
	if !d.settle(h.ID(), act, count) {
		t.Errorf("%s: the kernel heard nothing, or is not done", who)
	}
	var out []string
	if failed != "" {
		out = append(out, "Discord says: "+failed)
	}
	if m := h.Visible(d.channel).Modal; m != nil {
		out = append(out, d.form(*m))
	}
	for _, m := range d.sight(h) {
		if !slices.ContainsFunc(before, func(old discordtest.Message) bool { return old.ID == m.ID && old.JSON == m.JSON }) {
			out = append(out, d.message(m))
		}
	}
	return bottest.Screen(strings.Join(out, "\n"))
}

// sight is what a person sees of the app, oldest first.
func (d *discordDriver) sight(h *discordtest.Human) []discordtest.Message {
	var out []discordtest.Message
	for _, c := range []*discordtest.Channel{d.channel, h.DMs()} {
		for _, m := range h.Visible(c).Messages {
			if m.FromApp && !m.Thinking {
				out = append(out, m)
			}
		}
	}
	slices.SortFunc(out, func(a, b discordtest.Message) int {
		return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	for _, m := range out {
		d.latest.see(h.ID(), m.ID, m.JSON)
	}
	return out
}

// recent is the same as it last changed, newest last.
func (d *discordDriver) recent(h *discordtest.Human) []discordtest.Message {
	out := d.sight(h)
	rank := d.latest[h.ID()]
	slices.SortStableFunc(out, func(a, b discordtest.Message) int { return cmp.Compare(rank[a.ID].n, rank[b.ID].n) })
	return out
}

func (d *discordDriver) show(h *discordtest.Human) string {
	var out []string
	for _, m := range d.sight(h) {
		out = append(out, d.message(m))
	}
	return strings.Join(out, "\n--\n")
}

// Command types a line with its options; where Discord's client would not send it
// so (an option is missing, a choice unknown), it is sent in plain words.
func (d *discordDriver) Command(t *testing.T, who, line string) bottest.Screen {
	t.Helper()
	d.person(t, who).CloseModal()
	name, options, ok := d.typed(line)
	return d.do(t, who, func(h *discordtest.Human) (x *discordtest.Exchange) {
		if ok && try(func() { x = h.Slash(d.channel, name, options) }) == "" {
			return x
		}
		words := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(line, "/"), "rapport "))
		if words == "rapport" || words == "" {
			words = "help"
		}
		return h.Slash(d.channel, "rapport run", map[string]any{"words": d.mentions(words)})
	})
}

func (d *discordDriver) Say(t *testing.T, who, text string) bottest.Screen {
	t.Helper()
	d.person(t, who).CloseModal()
	return d.do(t, who, func(h *discordtest.Human) *discordtest.Exchange {
		h.DM(d.mentions(text))
		return nil
	})
}

func (d *discordDriver) Press(t *testing.T, who, label string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	h.CloseModal()
	for _, m := range slices.Backward(d.recent(h)) {
		for _, b := range m.Buttons {
			if strings.HasPrefix(b.Label, label) && b.URL == "" {
				return d.do(t, who, func(h *discordtest.Human) *discordtest.Exchange { return h.PressOn(m, b.Label) })
			}
		}
	}
	t.Errorf("%s sees no button %q in:\n%s", who, label, d.show(h))
	return ""
}

func (d *discordDriver) Pick(t *testing.T, who, label, option string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	for _, m := range slices.Backward(d.recent(h)) {
		for _, s := range m.Selects {
			i := slices.IndexFunc(s.Options, func(o string) bool { return strings.HasPrefix(o, option) })
			if strings.HasPrefix(s.Name, label) && i >= 0 {
				return d.do(t, who, func(h *discordtest.Human) *discordtest.Exchange { return h.Pick(s.CustomID, s.Options[i]) })
			}
		}
	}
	t.Errorf("%s sees no menu %q with %q in:\n%s", who, label, option, d.show(h))
	return ""
}

// Fill fills the open form in and sends it. A form that was refused is opened again
// with the button below its errors; one of several steps goes on with Continue.
func (d *discordDriver) Fill(t *testing.T, who string, values map[string]string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	if h.Visible(d.channel).Modal == nil {
		if s := d.Press(t, who, "Correct it"); s == "" {
			return ""
		}
	}
	left := map[string]string{}
	for k, v := range values {
		left[k] = v
	}
	for {
		m := h.Visible(d.channel).Modal
		if m == nil {
			t.Errorf("%s has no open form", who)
			return ""
		}
		fill := map[string]any{}
		d.labels = map[string]string{}
		for _, f := range m.Fields {
			d.labels[f.Label] = f.CustomID
			if v, ok := left[f.Label]; ok {
				fill[f.Label] = d.value(f, v)
				delete(left, f.Label)
			}
		}
		if _, more := d.labels["More details"]; more && len(left) > 0 {
			fill["More details"] = "Yes"
		}
		var needed string
		if p := try(func() {
			h.Fill(fill)
			for _, f := range h.Modal().Fields {
				if f.Required && (f.Value == nil || f.Value == "") {
					needed = "refused\n" + f.CustomID + ": " + f.Label + " is needed."
				}
			}
		}); p != "" {
			t.Errorf("%s: %s", who, p)
			return ""
		}
		if needed != "" {
			return bottest.Screen(needed)
		}
		s := d.do(t, who, func(h *discordtest.Human) *discordtest.Exchange { return h.SubmitModal() })
		if strings.Contains(string(s), "[Correct it]") {
			return d.refused(s)
		}
		if !strings.Contains(string(s), "[Continue]") || len(left) == 0 {
			for label := range left {
				t.Errorf("the form %s has no field %q", d.form(*m), label)
			}
			return s
		}
		d.Press(t, who, "Continue")
	}
}

// value is what a person does with a field to give it a value.
func (d *discordDriver) value(f discordtest.Field, v string) any {
	if h := d.people[strings.TrimPrefix(v, "@")]; h != nil && strings.HasPrefix(v, "@") {
		return h
	}
	switch {
	case len(f.Options) == 0:
		return v
	case v == "":
		return []string{}
	case slices.Equal(f.Options, []string{"Yes", "No"}):
		if v == "yes" || v == "true" {
			return "Yes"
		}
		return "No"
	case slices.Contains(f.Options, v):
		return v
	}
	var many []string
	for _, one := range strings.Split(v, ",") {
		many = append(many, strings.TrimSpace(one))
	}
	return many
}

// refused shows a form's errors as scripts write them: by the fields' names.
func (d *discordDriver) refused(s bottest.Screen) bottest.Screen {
	lines := []string{"refused"}
	words := strings.TrimSpace(strings.ReplaceAll(string(s), "[Correct it]", ""))
	for _, l := range strings.Split(words, "\n") {
		if label, say, ok := strings.Cut(l, ": "); ok && d.labels[label] != "" {
			l = d.labels[label] + ": " + say
		}
		lines = append(lines, l)
	}
	sort.Strings(lines[1:])
	return bottest.Screen(strings.Join(lines, "\n"))
}

func (d *discordDriver) Suggest(t *testing.T, who, line, field, typed string) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	count := d.count(h.ID(), suggest)
	var out []string
	if p := try(func() {
		for _, c := range h.Autocomplete(d.channel, line, field, typed) {
			out = append(out, c.Name)
		}
	}); p != "" {
		t.Errorf("%s: %s", who, p)
	}
	if !d.settle(h.ID(), suggest, count) {
		t.Errorf("%s: the kernel did not hear what was typed, or is not done", who)
	}
	return bottest.Screen(strings.Join(out, "\n"))
}

// Home is asked for: Discord has no page of its own for it.
func (d *discordDriver) Home(t *testing.T, who string) bottest.Screen {
	t.Helper()
	return d.Command(t, who, "/rapport home")
}

func (d *discordDriver) Inbox(t *testing.T, who string) string {
	t.Helper()
	h := d.person(t, who)
	list := d.since(d.read[who])
	if len(list) == 0 {
		return ""
	}
	d.read[who] += len(list)
	now := d.sight(h) // after the list: what went out in between is for the next time
	var out []string
	for _, s := range list {
		for _, m := range now {
			if m.ID == s.id {
				out = append(out, d.message(m))
			}
		}
	}
	return strings.Join(out, "\n--\n")
}

// form writes an open form as scripts read it.
func (d *discordDriver) form(m discordtest.Modal) string {
	var parts []string
	for _, f := range m.Fields {
		s := f.Label
		switch v := f.Value.(type) {
		case string:
			if v != "" {
				s += "=" + v
			}
		case []string:
			s += "=" + strings.Join(v, ", ")
		}
		if len(f.Options) > 0 && !slices.Equal(f.Options, []string{"Yes", "No"}) {
			s += " (" + strings.Join(f.Options, " | ") + ")"
		}
		parts = append(parts, s)
	}
	return fmt.Sprintf("{%s: %s}", m.Title, strings.Join(parts, ", "))
}

func (d *discordDriver) name(id string) string {
	for name, h := range d.people {
		if h.ID() == id {
			return name
		}
	}
	return id
}
