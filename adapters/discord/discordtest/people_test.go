package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
)

// refusedByClient runs what a person does against a server without a test
// and gives the client's complaint.
func refusedByClient(do func()) (complaint string) {
	defer func() {
		if f, ok := recover().(discordtest.Failure); ok {
			complaint = string(f)
		}
	}()
	do()
	return ""
}

func TestTheClientStopsWhatCannotBeTyped(t *testing.T) {
	t.Parallel()
	d := discordtest.New(nil, discordtest.Options{Patience: 20 * time.Millisecond})
	defer d.Close()
	guild := d.Guild("Acme")
	general, ada, bob := guild.Text("general"), guild.Member("Ada"), d.Human("Bob")
	w := newWire(t, d)
	w.call("PUT", "/applications/"+d.App().ID+"/commands", []any{
		slash("move", option(3, "candidate", "required", true), option(3, "to", "choices", []any{object{"name": "Onsite", "value": "onsite"}}),
			option(4, "days", "min_value", 1, "max_value", 30), option(6, "who"), option(3, "why", "max_length", 5)),
		object{"name": "admin", "description": "d", "default_member_permissions": "0"},
		object{"name": "here", "description": "d", "contexts": []any{0}},
	}).must(t)
	run := func(name string, options map[string]any) func() {
		return func() { ada.Slash(general, name, options) }
	}
	with := func(k string, v any) map[string]any { return map[string]any{"candidate": "c", k: v} }
	for name, c := range map[string]struct {
		do   func()
		want string
	}{
		"unknown command":        {run("mvoe", nil), "knows no /mvoe"},
		"unknown option":         {run("move", with("stage", "x")), "no option stage"},
		"missing option":         {run("move", nil), "required option candidate"},
		"not a choice":           {run("move", with("to", "Moon")), "no choice Moon"},
		"number out of range":    {run("move", with("days", 31)), "takes 1 to 30"},
		"text for a number":      {run("move", with("days", "many")), "takes a number"},
		"text for a person":      {run("move", with("who", "Ada")), "does not take a string"},
		"text too long":          {run("move", with("why", "because")), "characters"},
		"not allowed":            {run("admin", nil), "may not use"},
		"guild command in a DM":  {func() { ada.Slash(ada.DMs(), "here", nil) }, "knows no /here"},
		"not in the guild":       {func() { bob.Say(general, "hi") }, "may not write"},
		"command from outside":   {func() { bob.Slash(general, "move", nil) }, "Bob"},
		"no such button":         {func() { ada.Press("Undo") }, `no a button "Undo"`},
		"no form":                {func() { ada.SubmitModal() }, "no form is open"},
		"no such menu command":   {func() { ada.UserCommand(general, "Invite", ada) }, "no context command"},
		"nothing to suggest":     {func() { ada.Autocomplete(general, "move", "to", "o") }, "suggests nothing"},
		"nothing to say":         {func() { ada.Say(general, "") }, "1 to 4000"},
		"far too much to say":    {func() { ada.Say(general, text(4001)) }, "1 to 4000"},
		"edit of another's text": {func() { m := ada.Say(general, "x"); guild.Member("Cy").Edit(m, "y") }, "somebody else's"},
	} {
		if got := refusedByClient(c.do); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestWhatAPersonWouldSeeAsBroken: Discord takes these, people see rubbish.
func TestWhatAPersonWouldSeeAsBroken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body object
		part string
	}{
		"HTML entity":              {content("Fish &amp; Chips"), "&amp; is shown literally"},
		"milliseconds":             {content("<t:1798106400000:F>"), "milliseconds"},
		"unknown time style":       {content("<t:1798106400:x>"), "no known style"},
		"Slack mention":            {content("<@U0123ABCD>"), "another network"},
		"Slack link":               {content("<https://a.example|here>"), "another network"},
		"Slack date":               {content("<!date^1798106400^{date}|then>"), "another network"},
		"mention of nobody":        {content("<@123456789>"), "whom nobody knows"},
		"time in a button":         {object{"components": []any{row(button("at <t:1798106400:t>", "a"))}}, "shown literally in a label"},
		"time in an option":        {object{"components": []any{row(object{"type": 3, "custom_id": "m", "options": []any{object{"label": "<t:1798106400:t>", "value": "v"}}})}}, "shown literally"},
		"time in a footer":         {embeds(object{"title": "t", "footer": object{"text": "<t:1798106400:t>"}}), "shown literally"},
		"entity in a V2 text":      {v2(words("a &lt; b")), "&lt; is shown literally"},
		"ephemeral flag in public": {object{"content": "psst", "flags": 64}, "everybody"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t, discordtest.Options{})
			general := d.Guild("Acme").Text("general")
			newWire(t, d).call("POST", "/channels/"+general.ID+"/messages", c.body).must(t)
			if !find(d.Faults(), discordtest.Broken, 0, c.part) {
				t.Fatalf("faults: %v", d.Faults())
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	_, done := st.help()
	st.d.Advance(4 * time.Second)
	if f := (<-done).Failed(); f != "The application did not respond" {
		t.Fatalf("the client shows %q", f)
	}
	in, done := st.help()
	st.w.answer(in, object{"type": 5}).must(t)
	<-done
	st.d.Advance(16 * time.Minute)
	f := st.d.Faults()
	if !find(f, discordtest.Broken, 0, "within 3 s") || !find(f, discordtest.Broken, 0, "still thinking") {
		t.Fatalf("faults: %v", f)
	}
}

func TestVisibilityIsFixedByTheDefer(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	bob := st.guild.Member("Bob")
	in, done := st.help()
	st.w.answer(in, object{"type": 5, "data": object{"flags": 64}}).must(t)
	x := <-done
	if v := st.ada.Visible(st.general).Last(); !v.Thinking || !v.Ephemeral || !strings.Contains(v.JSON, `"flags":192`) {
		t.Fatalf("Ada sees %s", v)
	}
	st.w.call("PATCH", st.hook(in)+"/messages/@original", object{"content": "for you", "flags": 0}).must(t)
	if m := x.Reply(); m.Text != "for you" || !m.Ephemeral {
		t.Fatalf("the reply: %s", m)
	}
	st.w.call("POST", st.hook(in), content("for all")).must(t)
	if got := bob.Visible(st.general).String(); strings.Contains(got, "for you") || !strings.Contains(got, "for all") {
		t.Fatalf("Bob sees\n%s", got)
	}
	if f := st.d.Faults(); len(f) != 0 {
		t.Fatalf("faults: %v", f)
	}
}

func TestComponentsModalsAndMenus(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	in, done := st.press(t)
	if in["message"].(object)["content"] != "card" || in["data"].(object)["custom_id"] != "go" {
		t.Fatalf("the press: %v", in)
	}
	st.w.answer(in, modalOf(
		label("Name", input("name")),
		label("Stage", object{"type": 3, "custom_id": "stage", "options": []any{object{"label": "Onsite", "value": "onsite"}, object{"label": "Offer", "value": "offer"}}}),
		label("Who", object{"type": 5, "custom_id": "who"}),
		label("Kind", object{"type": 21, "custom_id": "kind", "options": []any{object{"label": "Hard", "value": "h"}, object{"label": "Soft", "value": "s"}}}),
		label("Sure", object{"type": 23, "custom_id": "sure"}),
	)).must(t)
	if m := (<-done).Modal(); m.Title != "Form" || len(m.Fields) != 5 {
		t.Fatalf("the form: %s", m)
	}
	st.ada.Fill(map[string]any{"name": "Ada Okafor", "Stage": "Offer", "Who": st.ada, "Kind": "Soft", "Sure": true})
	in, done = st.ask(st.ada.SubmitModal)
	parts := in["data"].(object)["components"].([]any)
	get := func(i int) object { return parts[i].(object)["component"].(object) }
	if get(0)["value"] != "Ada Okafor" || get(1)["values"].([]any)[0] != "offer" || get(2)["values"].([]any)[0] != st.ada.ID() || get(3)["value"] != "s" || get(4)["value"] != true {
		t.Fatalf("submitted: %v", parts)
	}
	st.w.answer(in, object{"type": 7, "data": object{"content": "filled", "components": []any{}}}).must(t)
	if m := (<-done).Reply(); m.Text != "filled" || !m.FromApp {
		t.Fatalf("after the form: %s", m)
	}
	if st.ada.Visible(st.general).Modal != nil {
		t.Fatal("the form is still open")
	}

	said := st.ada.Say(st.general, "note this")
	in, done = st.ask(func() *discordtest.Exchange { return st.ada.MessageCommand("Add note", said) })
	if in["data"].(object)["target_id"] != said.ID {
		t.Fatalf("menu: %v", in["data"])
	}
	resolved := in["data"].(object)["resolved"].(object)["messages"].(object)[said.ID].(object)
	if resolved["content"] != "note this" {
		t.Fatalf("the content of a menu's target is given without the intent: %v", resolved)
	}
	st.w.answer(in, object{"type": 4, "data": content("noted")}).must(t)
	<-done
	in, done = st.ask(func() *discordtest.Exchange { return st.ada.UserCommand(st.general, "Invite", st.ada) })
	st.w.answer(in, object{"type": 4, "data": content("invited")}).must(t)
	<-done
	if f := st.d.Faults(); len(f) != 0 {
		t.Fatalf("faults: %v", f)
	}
}

func TestPingsAndTextAsRead(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	guild := d.Guild("Acme")
	general := guild.Text("general")
	team := guild.Role("Team", 0)
	ada := guild.Member("Ada", team).InZone(time.FixedZone("IST", 5*3600+1800))
	w := newWire(t, d)
	body := `\*bold\* ` + ada.AtMention() + " <@&" + team.ID + "> <#" + general.ID + "> <t:1798106400:t>"
	w.call("POST", "/channels/"+general.ID+"/messages", content(body)).must(t)
	m := ada.Visible(general).Last()
	if want := "*bold* @Ada @Team #general 15:30"; m.Text != want || len(m.Pings) != 0 {
		t.Fatalf("%q pings %v, want %q pinging nobody", m.Text, m.Pings, want)
	}
	w.call("POST", "/channels/"+general.ID+"/messages", object{"content": body, "allowed_mentions": object{"roles": []any{team.ID}}}).must(t)
	if m := ada.Visible(general).Last(); len(m.Pings) != 1 || m.Pings[0] != "Ada" {
		t.Fatalf("pings %v", m.Pings)
	}
	if len(d.Lints()) != 0 {
		t.Fatalf("lints: %v", d.Lints())
	}
	w.call("POST", "/channels/"+general.ID+"/messages", object{"content": body}).must(t)
	if !find(d.Lints(), discordtest.Lint, 0, "no allowed_mentions") {
		t.Fatalf("lints: %v", d.Lints())
	}
	w.call("POST", "/channels/"+general.ID+"/messages", object{"content": "hi " + ada.AtMention()}).must(t)
	if m := ada.Visible(general).Last(); len(m.Pings) != 1 {
		t.Fatalf("without allowed_mentions everything is parsed, yet pings %v", m.Pings)
	}
}
