package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/bot"
)

// hostile are texts that must show as typed, everywhere.
var hostile = []string{
	"**bold** *it* __under__ _it_ ~~gone~~ ||spoiler|| `code` ```block```",
	"# Heading\n## Two\n-# small\n- list\n* list\n+ list\n1. one\n  2. two\n> quote\n>>> all",
	"@everyone @here <@123456789012345678> <@!123456789012345678> <@&123456789012345678> <#123456789012345678>",
	"<t:1700000000:R> </move:123456789012345678> <:smile:123456789012345678> <a:wave:123456789012345678> <id:customize>",
	"[click](https://evil.example) https://evil.example/a_b_c <https://evil.example> ](https://evil.example)",
	"&amp; &lt;b&gt; <b>html</b> \\*not escaped\\* \\\\",
	"trailing backslash \\",
	":skull: C# a-b 3.14 2) a+b it's 50% (fine)",
	"日本語 **太字** 👩‍👩‍👧‍👦 مرحبا",
}

var escapes = regexp.MustCompile(`\\([^0-9A-Za-z\s])`)

func TestHostileTextIsShownAsTyped(t *testing.T) {
	t.Parallel()
	for _, s := range hostile {
		for _, cut := range []int{4000, 60, 20} {
			got := strings.Join(pieces(s, cut), "")
			shown := escapes.ReplaceAllString(got, "$1")
			if squash(shown) != squash(s) {
				t.Errorf("shown as\n%q, typed\n%q (pieces of %d)", shown, s, cut)
			}
			if i := loose1(got); i != "" {
				t.Errorf("%q is left alive in %q", i, got)
			}
		}
	}
}

func squash(s string) string { return strings.Join(strings.Fields(s), "") }

// alive finds what Discord would still take as markup once escaped pairs are out.
var alive = regexp.MustCompile("[*_~`|<>\\[\\]]|@(everyone|here)|(?m:^\\s*(#|-|\\+|\\d+\\.)\\s?)|://")

func loose1(s string) string {
	s = regexp.MustCompile(`\\[^0-9A-Za-z\s]`).ReplaceAllString(s, "x")
	return alive.FindString(s)
}

func TestHostileTextEverywhereInAMessage(t *testing.T) {
	all := strings.Join(hostile, "\n")
	all = strings.ReplaceAll(all, "&", "+")       // what is shown as typed, and the fake takes for an entity
	label := "**x** ||y|| @everyone `z` # [a](b)" // nothing is drawn here, and nothing needs an escape
	both(t, func(t *testing.T, http bool) {
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			m := bot.Card(bot.Clip(all, 600), bot.Heading{Text: bot.Clip(all, 100)}, bot.Para{Text: all}, bot.Facts{Facts: []bot.Fact{{Name: bot.Clip(all, 80), Value: all}, {Name: "", Value: ""}}},
				bot.Note{Text: label}, bot.List{Items: strings.Split(all, "\n")}, bot.Para{Text: bot.Bold(hostile[0]) + bot.Italic(hostile[1]) + bot.Code(hostile[0]) + bot.Link(hostile[4], "https://ok.example/a)b(c_d*")},
				bot.Buttons{Buttons: []bot.Button{{Label: label, Token: "t"}, {Label: "", Token: "u"}}},
				bot.Choices{Label: label, Token: "m", Options: []bot.Option{{Value: "a", Label: label, Hint: label}, {Value: "a", Label: "twice"}, {Value: "b"}}})
			m.Public = true
			return ev.Turn.Say(ctx, m)
		}})
		r.ada.Slash(r.general, "help", nil)
		m := r.ada.Sees(r.general, "@everyone")
		for _, x := range r.ada.Visible(r.general).Messages {
			if len(x.Pings) > 0 {
				t.Fatalf("it pings %v", x.Pings)
			}
		}
		_ = m
	})
}

func TestFortyThousandCharactersLoseNoWord(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "w%d*_ ", i)
	}
	long := b.String()
	r := start(t, setup{opt: discordtest.Options{Patience: 60 * time.Second, NoLimits: true}})
	for _, m := range []bot.Message{{Text: long}, bot.Card("short", bot.Para{Text: long})} {
		var all strings.Builder
		for _, p := range render(m, r.n.plain) {
			if n := size(p.Content); n > maxContent {
				t.Fatalf("content of %d", n)
			}
			all.WriteString(p.Content + " ")
			sum := 0
			for _, e := range p.Embeds {
				sum += size(e.Title) + size(e.Description)
				all.WriteString(e.Description + " ")
			}
			if sum > 6000 || len(p.Embeds) > 10 {
				t.Fatalf("%d in %d embeds", sum, len(p.Embeds))
			}
		}
		shown := escapes.ReplaceAllString(all.String(), "$1")
		for i := range 5000 {
			if !strings.Contains(shown, fmt.Sprintf("w%d*_", i)) {
				t.Fatalf("word %d is lost", i)
			}
		}
	}
	if _, err := r.n.Send(t.Context(), r.place(r.general), bot.Card("short", bot.Para{Text: long[:12000]}), "k"); err != nil {
		t.Fatal(err)
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 3, 15, 0, 0, 0, time.UTC)
	plain := func(t time.Time, zone string, _ bot.MomentStyle) string { return t.Format("15:04") + " " + zone }
	here, there := account("123456789012345678"), bot.Account{Network: "slack", ID: "U1"}
	for in, want := range map[string]string{
		bot.Bold("a*b"):       `**a\*b**`,
		bot.Bold(" spaced "):  ` **spaced** `,
		bot.Italic("x"):       `*x*`,
		bot.Code("/move `x`"): "`/move ˋxˋ`",
		bot.Link("Ada [1]", "https://a.example/(x)"):                                  `[Ada \[1\]](<https://a.example/%28x%29>)`,
		bot.Link("bad", "javascript:alert(1)"):                                        `bad`,
		bot.Link("https://b.example", "https://a.example"):                            `<https://a.example>`,
		bot.Moment(at, "Europe/Berlin", bot.DateTime):                                 `<t:1793718000:F>`,
		bot.Moment(at, "Europe/Berlin", bot.Relative):                                 `<t:1793718000:R>`,
		bot.Moment(at, "", bot.TimeOnly):                                              `<t:1793718000:t>`,
		bot.Moment(at, "", bot.DateOnly):                                              `<t:1793718000:D>`,
		bot.Mention(here, "Ada"):                                                      `<@123456789012345678>`,
		bot.Mention(there, "every_one"):                                               `@every\_one`,
		bot.ChannelMark(bot.Place{Network: Name, Channel: "123456789012345678"}, "x"): `<#123456789012345678>`,
		bot.ChannelMark(bot.Place{Network: "slack", Channel: "C1"}, "talk"):           `\#talk`,
	} {
		if got := draw(in, 1000); got != strings.TrimSpace(want) && got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := flat("at "+bot.Moment(at, "Europe/Berlin", bot.DateTime)+" "+bot.Mention(here, "Ada"), plain); got != "at 15:00 Europe/Berlin @Ada" {
		t.Errorf("labels say a moment in words: %q", got)
	}
}

func TestOnlyMentionsOnPurposePing(t *testing.T) {
	t.Parallel()
	p := render(bot.Card("hi <@111111111111111111>", bot.Para{Text: "to " + bot.Mention(account("222222222222222222"), "Bob")}), nil)
	raw, _ := json.Marshal(p[0].Mentions)
	if string(raw) != `{"parse":[],"users":["222222222222222222"]}` {
		t.Fatalf("%s", raw)
	}
	raw, _ = json.Marshal(render(bot.Say("@everyone"), nil)[0].Mentions)
	if string(raw) != `{"parse":[]}` {
		t.Fatalf("%s", raw)
	}
}

func FuzzPieces(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, 50)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 4 || n > 5000 {
			return
		}
		s = bot.Clean(s)
		list := pieces(s, n)
		for _, p := range list {
			if size(p) > n {
				t.Fatalf("%d of %d: %q", size(p), n, p)
			}
		}
		if got := escapes.ReplaceAllString(strings.Join(list, ""), "$1"); squash(got) != squash(s) {
			t.Fatalf("%q shown as %q", s, got)
		}
	})
}
