package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

var (
	colleague = bot.Account{Network: "slack", Team: "T1", ID: "U0ADA"}
	elsewhere = bot.Account{Network: "discord", Team: "", ID: "123"}
	hiring    = bot.Place{Network: "slack", Team: "T1", Channel: "C0HIRING"}
	atThree   = time.Date(2026, 11, 3, 15, 0, 0, 0, time.UTC)
)

// samples are messages of every kind; each has a golden payload, and Slack takes each.
func samples() map[string]bot.Message {
	moment := bot.Moment(atThree, "Europe/Berlin", bot.DateTime)
	big := bot.Table{Head: []string{"Name", "Stage", "Since"}}
	for i := range 99 {
		big.Rows = append(big.Rows, []string{fmt.Sprintf("Person %d", i), "Onsite", ""})
	}
	var options []bot.Option
	for i := range 100 {
		options = append(options, bot.Option{Value: fmt.Sprintf("c%d", i), Label: fmt.Sprintf("Candidate %d", i), Hint: "Onsite"})
	}
	return map[string]bot.Message{
		"text":         bot.Say("Ada is now in " + bot.Bold("Onsite") + "."),
		"empty":        {},
		"text-literal": bot.Say("The branch is feature_x_y, * not * this, see " + bot.Code("a`b")),
		"marks": bot.Card("Marks", bot.Para{Text: "Bold " + bot.Bold("b") + ", aside " + bot.Italic("i") + ", " + bot.Code("typed") + ", " +
			bot.Link("a page", "https://page.example/?a=1&b=2") + ", " + bot.Mention(colleague, "Ada") + ", " + bot.Mention(elsewhere, "Bo") + ", " +
			bot.ChannelMark(hiring, "hiring") + " at " + moment + "."}),
		"marks-literal": bot.Card("Marks", bot.Para{Text: "Two * stars * and " + bot.Bold("b*b") + ", " + bot.Link("a|b", "https://page.example/") + ", " +
			bot.Mention(colleague, "Ada") + ", " + bot.Mention(elsewhere, "Bo") + ", " + bot.ChannelMark(hiring, "hiring") + " at " + moment}),
		"moments": bot.Card("Moments", bot.Para{Text: moment + " · " + bot.Moment(atThree, "Europe/Berlin", bot.DateOnly) + " · " +
			bot.Moment(atThree, "Europe/Berlin", bot.TimeOnly) + " · " + bot.Moment(atThree, "Europe/Berlin", bot.Relative)}),
		"card": adaCard,
		"facts": bot.Card("Facts", bot.Facts{Facts: []bot.Fact{{Name: "Stage", Value: bot.Bold("Onsite")},
			{Name: "E-mail", Value: "ada_o@mail_box.example"}, {Name: "Empty"}, {Name: "When", Value: moment}}}),
		"list":         bot.Card("List", bot.List{Items: []string{"one & two", "", bot.Bold("three")}}, bot.List{Numbered: true, Items: []string{"first", "second"}}),
		"table":        bot.Card("Table", bot.Table{Head: []string{"Name", "Stage"}, Rows: [][]string{{"Ada <b>", bot.Bold("Onsite")}, {"Bo", ""}, {"Cy"}}}),
		"tables-two":   bot.Card("Tables", bot.Table{Head: []string{"A"}, Rows: [][]string{{"1"}}}, bot.Table{Head: []string{"B", "C"}, Rows: [][]string{{"2", ""}}}),
		"table-big":    bot.Card("Board", big),
		"chart":        bot.Card("Chart", bot.Chart{Title: "Per stage", Unit: "people", Bars: []bot.Bar{{Label: "Applied", Value: 12}, {Label: "Onsite", Value: 2.5}}}),
		"image":        bot.Card("Image", bot.Image{URL: "https://img.example/a b.png", Alt: ""}, bot.Image{URL: "javascript:alert(1)", Alt: "no picture"}),
		"rule":         bot.Card("Rule", bot.Heading{Text: "One\ntwo"}, bot.Rule{}, bot.Note{Text: "small " + bot.Bold("print")}, bot.Note{Text: "small_print_with *signs*"}),
		"menu-full":    bot.Card("Menu", bot.Choices{Token: strings.Repeat("t", maxToken), Options: options}, bot.Choices{Label: "Again", Token: strings.Repeat("t", maxToken), Options: options[:1]}),
		"buttons-many": bot.Card("Buttons", bot.Buttons{Buttons: manyButtons(30)}),
		"blank":        bot.Card("", bot.Para{Text: "\u200b"}, bot.Heading{}, bot.Note{Text: " "}, bot.Facts{}, bot.List{}, bot.Table{}, bot.Buttons{}, bot.Choices{}),
		"public":       {Text: "for all", Public: true},
	}
}

func manyButtons(n int) (out []bot.Button) {
	for i := range n {
		out = append(out, bot.Button{Label: fmt.Sprintf("Button %d with a label that is longer than anyone would want to read on a button", i), Token: strings.Repeat("x", maxToken)})
	}
	return out
}

// payload is a rendered message as a response carries it.
func (s *Slack) payload(team string, m bot.Message, where surface) []byte {
	r := s.renderer(team, where)
	defer r.free()
	return append([]byte(nil), r.encode(headDirect, "", m)...)
}

func TestRenderedMessages(t *testing.T) {
	s := New(Config{}, bot.Host{})
	for name, m := range samples() {
		for where, dir := range map[surface]string{inMessage: "message", inHome: "home"} {
			raw := s.payload("T1", m, where)
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, raw, "", " "); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, raw)
			}
			pretty.WriteByte('\n')
			golden(t, filepath.Join("out", dir, name+".json"), pretty.Bytes())
		}
	}
}

// Slack takes every sample, as message, edit, Home and modal.
func TestSlackTakesEverySample(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, func(_ *Config, o *slacktest.Options) { o.Unlimited = true })
	place := w.hiring()
	id, err := w.s.Send(t.Context(), place, bot.Say("to be edited"), "k")
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range samples() {
		if _, err := w.s.Send(t.Context(), place, m, name); err != nil {
			t.Errorf("%s: send: %v", name, err)
		}
		if err := w.s.Edit(t.Context(), place, id, m); err != nil {
			t.Errorf("%s: edit: %v", name, err)
		}
		if err := w.s.home(t.Context(), place.Team, w.sam.ID(), "", m); err != nil {
			t.Errorf("%s: home: %v", name, err)
		}
	}
	w.slack.RequireClean(t)
}

// hostile is what somebody might type to be read as something else.
var hostile = map[string]string{
	"mrkdwn":        "*bold* _aside_ ~gone~ `code` ```block```",
	"quote":         "> quoted\n>>> more",
	"broadcast":     "<!channel> <!here> <!everyone> <!subteam^S0ABC>",
	"mention":       "<@U0ADA> <@U0ADA|ada> <#C0HIRING|hiring> @ada @channel #hiring",
	"link":          "<https://evil.example|your bank> [x](https://evil.example)",
	"date":          "<!date^1^{date}|soon>",
	"entities":      "&lt;b&gt; &amp;amp; & < >",
	"emoji":         ":smile: :+1: :skull_and_crossbones: 10:30:00",
	"markdown":      "# Title\n- [ ] item\n| a | b |",
	"html":          "<script>alert('x')</script>",
	"quotes":        `"}],"text":"x \ \n`,
	"right to left": "abc \u05d0\u05d1\u05d2 def",
	"single signs":  "5 * 3 and a_b and 1~2",
	"unicode":       "Zoë Ångström 李小龍 👩‍💻 🇩🇪",
}

// What a person typed is shown as typed, in every part of a message, and calls nobody.
func TestHostileTextIsShownAsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, func(_ *Config, o *slacktest.Options) { o.Unlimited = true })
	for name, words := range hostile {
		for part, m := range map[string]bot.Message{
			"text":   bot.Say(words),
			"para":   bot.Card("x", bot.Para{Text: "Note: " + words}),
			"bold":   bot.Card("x", bot.Para{Text: "Note: " + bot.Bold(words) + " end"}),
			"note":   bot.Card("x", bot.Note{Text: words}),
			"fact":   bot.Card("x", bot.Facts{Facts: []bot.Fact{{Name: words, Value: words}}}),
			"list":   bot.Card("x", bot.List{Items: []string{words}}),
			"cell":   bot.Card("x", bot.Table{Head: []string{words}, Rows: [][]string{{words}, {bot.Bold("x") + words}}}),
			"link":   bot.Card("x", bot.Para{Text: "See " + bot.Link(words, "https://page.example/")}),
			"short":  bot.Card(words, bot.Para{Text: "x"}),
			"button": bot.Card("x", bot.Para{Text: "x"}, bot.Buttons{Buttons: []bot.Button{{Label: words, Token: "t"}}}),
			"head":   bot.Card("x", bot.Heading{Text: words}),
			"menu":   bot.Card("x", bot.Choices{Label: words, Token: "t", Options: []bot.Option{{Value: "v", Label: words, Hint: words}}}),
		} {
			id, err := w.s.Send(t.Context(), w.hiring(), m, "k")
			if err != nil {
				t.Errorf("%s, %s: %v", name, part, err)
				continue
			}
			seen, err := w.sam.Visible("hiring")
			if err != nil {
				t.Fatal(err)
			}
			last := seen.Messages[len(seen.Messages)-1]
			if last.TS != id || len(last.Pings) != 0 {
				t.Errorf("%s, %s: pings %v", name, part, last.Pings)
			}
			flat := strings.Join(strings.Fields(words), " ")
			switch part {
			case "short", "menu":
			case "button":
				if len(last.Buttons) != 1 || last.Buttons[0] != clip(flat, 75) {
					t.Errorf("%s, %s: %q", name, part, last.Buttons)
				}
			case "head":
				if !strings.Contains(last.Text, flat) {
					t.Errorf("%s, %s: %q", name, part, last.Text)
				}
			default:
				if !strings.Contains(last.Text, words) {
					t.Errorf("%s, %s: shows\n%q, want\n%q\n%s", name, part, last.Text, words, raw(last.Raw))
				}
			}
			checkMrkdwn(t, name+", "+part, last.Raw["blocks"])
		}
	}
	w.slack.RequireClean(t)
}

func raw(v any) []byte { b, _ := json.Marshal(v); return b }

// checkMrkdwn walks over every mrkdwn object: no sign in it may pair up.
func checkMrkdwn(t *testing.T, name string, v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			checkMrkdwn(t, name, x)
		}
	case map[string]any:
		if v["type"] == "mrkdwn" {
			text := v["text"].(string)
			if v["verbatim"] != true {
				t.Errorf("%s: not verbatim: %s", name, text)
			}
			if hasEmojiName(text) {
				t.Errorf("%s: an emoji would be drawn: %s", name, text)
			}
			for _, sign := range "_~`" {
				if strings.Count(text, string(sign)) > 1 {
					t.Errorf("%s: %c pairs up: %s", name, sign, text)
				}
			}
		}
		for _, x := range v {
			checkMrkdwn(t, name, x)
		}
	}
}

func TestFortyThousandCharacters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, func(_ *Config, o *slacktest.Options) { o.Unlimited = true })
	for name, unit := range map[string]string{"words": "words and ", "no spaces": "x", "ampersands": "&", "emoji": "👩", "stars": "*a* ", "lines": "a line\n"} {
		long := strings.Repeat(unit, 40_000/len([]rune(unit)))
		for part, m := range map[string]bot.Message{
			"text": bot.Say(long), "para": bot.Card("x", bot.Para{Text: long}), "note": bot.Card("x", bot.Note{Text: long}),
			"bold": bot.Card("x", bot.Para{Text: bot.Bold(long)}), "list": bot.Card("x", bot.List{Items: []string{long, long}}),
			"fact": bot.Card("x", bot.Facts{Facts: []bot.Fact{{Name: long, Value: long}}}), "head": bot.Card("x", bot.Heading{Text: long}),
			"cell": bot.Card("x", bot.Table{Head: []string{"a"}, Rows: [][]string{{long}}}), "link": bot.Card("x", bot.Para{Text: bot.Link(long, "https://a.example/"+long)}),
			"button": bot.Card("x", bot.Buttons{Buttons: []bot.Button{{Label: long, Token: "t"}}}), "short": bot.Card(long, bot.Para{Text: "x"}),
			"image": bot.Card("x", bot.Image{URL: "https://img.example/", Alt: long}), "mention": bot.Card("x", bot.Para{Text: bot.Mention(elsewhere, long)}),
		} {
			if _, err := w.s.Send(t.Context(), w.hiring(), m, "k"); err != nil {
				t.Errorf("%s, %s: %v", name, part, err)
			}
		}
		f := bot.Form{Title: long, Intro: long, Submit: long, Token: "t", Fields: []bot.Field{{Name: "x", Label: long, Hint: long, Value: long}}}
		if _, err := w.s.form("T1", f, origin{}); err != nil {
			t.Error(err)
		}
	}
	w.slack.RequireClean(t)
}

// A long text is cut between words, whole, and in order.
func TestLongTextIsSplitNotLost(t *testing.T) {
	s := New(Config{}, bot.Host{})
	var words []string
	for i := range 1200 {
		words = append(words, fmt.Sprintf("w%d", i))
	}
	for name, text := range map[string]string{
		"plain":     strings.Join(words, " "),
		"escaped":   strings.Join(words, " & "),
		"marked":    strings.Join(words[:600], " ") + " " + bot.Bold("middle") + " " + strings.Join(words[600:], " "),
		"literal":   strings.Join(words, " * "),
		"very long": strings.Join(words, strings.Repeat("x", 20)+" "),
	} {
		m := bot.Card("x")
		for cut := len(text) / 3; len(text) > 0; cut = min(cut, len(text)) { // as the kernel hands it on
			for cut < len(text) && text[cut] != ' ' {
				cut++
			}
			m.Blocks, text = append(m.Blocks, bot.Para{Text: text[:cut]}), text[cut:]
		}
		all, count := "", 0
		for _, part := range parts(m) {
			c := s.render("T1", part, inMessage)
			count += len(c.blocks)
			all += string(bytes.Join(c.blocks, nil))
		}
		if count < 3 || strings.Contains(all, "There is more") {
			t.Errorf("%s: %d blocks", name, count)
		}
		at := 0
		for _, w := range words {
			i := strings.Index(all[at:], w)
			if i < 0 {
				t.Fatalf("%s: %s is lost", name, w)
			}
			at += i + len(w)
		}
	}
}

// The limits in Abilities are true: a message at all of them at once goes through whole.
func TestMessageAtItsLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, func(_ *Config, o *slacktest.Options) { o.Unlimited = true })
	a := w.s.Abilities()
	m := bot.Message{Text: strings.Repeat("t", a.Text)}
	for range a.Blocks - 4 {
		m.Blocks = append(m.Blocks, bot.Para{Text: "p"})
	}
	var facts []bot.Fact
	for range a.Facts {
		facts = append(facts, bot.Fact{Name: strings.Repeat("n", a.FactName), Value: strings.Repeat("v", 300)})
	}
	m.Blocks = append(m.Blocks, bot.Heading{Text: strings.Repeat("h", a.Heading)}, bot.Para{Text: strings.Repeat("p", a.Para)},
		bot.Facts{Facts: facts}, bot.Buttons{Buttons: manyButtons(a.ButtonRow)})
	c := w.s.render("T1", m, inMessage)
	if len(c.blocks) != a.Blocks || bytes.Contains(bytes.Join(c.blocks, nil), []byte("There is more")) {
		t.Errorf("%d blocks of %d", len(c.blocks), a.Blocks)
	}
	if _, err := w.s.Send(t.Context(), w.hiring(), m, "k"); err != nil {
		t.Error(err)
	}
	w.slack.RequireClean(t)
}
