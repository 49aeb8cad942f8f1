package discord

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/bot"
)

func TestSlashCommandAnswersAtOnce(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			a, ok := ev.Body.(bot.Asked)
			if !ok {
				return ev.Turn.Done(ctx)
			}
			m := bot.Card("Ada moved", bot.Heading{Text: "Ada Okafor"}, bot.Para{Text: "To " + bot.Bold(a.Args["to"])},
				bot.Facts{Facts: []bot.Fact{{Name: "Job", Value: "Backend Engineer"}}}, bot.Note{Text: "By Sam"},
				bot.Buttons{Buttons: []bot.Button{{Label: "Undo", Token: "undo"}, {Label: "Undo too", Token: "undo"}, {Label: "Docs", URL: "https://docs.example/x"}}})
			m.Public = a.Name == "candidate move"
			return ev.Turn.Say(ctx, m)
		}})
		x := r.ada.Slash(r.general, "candidate move", map[string]any{"candidate": "c7", "to": "Onsite"})
		got := x.Reply()
		contains(t, got.Text, "Ada moved", "Ada Okafor", "To **onsite**", "Backend Engineer", "By Sam")
		if got.Ephemeral || len(got.Buttons) != 3 || x.Deferred() {
			t.Fatalf("public, three buttons, at once: %+v", got)
		}
		ev := r.k.await("the command", func(e bot.Event) bool { _, ok := e.Body.(bot.Asked); return ok })
		a := ev.Body.(bot.Asked)
		if a.Name != "candidate move" || !maps.Equal(a.Args, map[string]string{"candidate": "c7", "to": "onsite"}) {
			t.Fatalf("asked %+v", a)
		}
		if ev.From != (bot.Account{Network: "discord", ID: r.ada.ID()}) || !ev.Guest || ev.Name != "Ada" ||
			ev.Place != (bot.Place{Network: "discord", Team: r.guild.ID, Channel: r.general.ID}) {
			t.Fatalf("event %+v", ev)
		}
		// The alias means the same command; a private answer is seen by the asker alone.
		if a := r.ada.Slash(r.general, "move", map[string]any{"candidate": "c7", "to": "Offer"}).Reply(); a.Ephemeral {
			t.Fatal("the alias is the same command")
		}
		if got := r.ada.Slash(r.general, "help", nil).Reply(); !got.Ephemeral {
			t.Fatal("the zero message is private")
		}
	})
}

func TestTypedOptionsAndPlainWords(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline()})
	bob := r.guild.Member("Bob")
	r.ada.Slash(r.general, "member add", map[string]any{"person": bob, "role": "manager", "age": 40, "admin": true})
	got := r.k.await("member add", func(e bot.Event) bool { a, ok := e.Body.(bot.Asked); return ok && a.Name == "member add" }).Body.(bot.Asked)
	want := map[string]string{"person": bot.Mention(bot.Account{Network: "discord", ID: bob.ID()}, "Bob"), "role": "manager", "age": "40", "admin": "true"}
	if !maps.Equal(got.Args, want) {
		t.Fatalf("args %q", got.Args)
	}
	r.ada.Slash(r.general, "rapport run", map[string]any{"words": "candidate move Ada to:Onsite " + bob.AtMention()})
	words := r.k.await("words", func(e bot.Event) bool { a, ok := e.Body.(bot.Asked); return ok && a.Text != "" }).Body.(bot.Asked)
	if words.Name != "" || !strings.HasPrefix(words.Text, "candidate move Ada to:Onsite ") || bot.Spans(words.Text)[1].Account.ID != bob.ID() {
		t.Fatalf("words %+v", words)
	}
	for _, way := range []string{"setup", "rapport setup"} {
		r.ada.Slash(r.ada.DMs(), way, map[string]any{"code": way})
		ev := r.k.await(way, func(e bot.Event) bool { a, ok := e.Body.(bot.Asked); return ok && a.Args["code"] == way })
		if ev.Body.(bot.Asked).Name != "setup" || !ev.Place.Direct || ev.Place.Team != "" {
			t.Fatalf("%s: %+v", way, ev)
		}
	}
}

func TestSuggestions(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			s := ev.Body.(bot.Suggest)
			var out []bot.Option
			for i := range 40 {
				out = append(out, bot.Option{Value: "c" + number(float64(i)), Label: s.Typed + "da " + number(float64(i)), Hint: "Backend Engineer"})
			}
			return ev.Turn.Suggest(ctx, out)
		}})
		got := r.ada.Autocomplete(r.general, "candidate move", "candidate", "a", map[string]any{"to": "onsite"})
		if len(got) != 25 || got[0].Name != "ada 0 · Backend Engineer" || got[0].Value != "c0" {
			t.Fatalf("%+v", got)
		}
		s := r.k.await("suggest", func(bot.Event) bool { return true }).Body.(bot.Suggest)
		if s.Name != "candidate move" || s.Field != "candidate" || s.Typed != "a" || s.Args["to"] != "onsite" || len(s.Args) != 1 {
			t.Fatalf("%+v", s)
		}
	})
}

func TestSlowWorkIsAcknowledged(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		for _, c := range []struct {
			name        string
			ack         bot.Visibility
			public      bool
			wantPrivate bool
		}{
			{"private all along", bot.Private, false, true},
			{"public all along", bot.Public, true, false},
			{"acknowledged in public, the answer is private", bot.Public, false, true},
			{"acknowledged in private, the answer is public", bot.Private, true, false},
		} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
					timer := time.AfterFunc(50*time.Millisecond, func() {
						if err := ev.Turn.Ack(ctx, c.ack); err != nil {
							t.Error(err)
						}
					})
					defer timer.Stop()
					time.Sleep(300 * time.Millisecond)
					m := bot.Say("Slowly done")
					m.Public = c.public
					if err := ev.Turn.Say(ctx, m); err != nil {
						return err
					}
					m.Text = "And more"
					return ev.Turn.Say(ctx, m)
				}})
				x := r.ada.Slash(r.general, "help", nil)
				if !x.Deferred() {
					t.Fatal("no sign of waiting")
				}
				first := r.ada.Await(r.general, "the answer", func(m discordtest.Message) bool { return m.Text == "Slowly done" })
				second := r.ada.Await(r.general, "more", func(m discordtest.Message) bool { return m.Text == "And more" })
				if first.Ephemeral != c.wantPrivate || second.Ephemeral != c.wantPrivate {
					t.Fatalf("private %v and %v, want %v", first.Ephemeral, second.Ephemeral, c.wantPrivate)
				}
				for _, m := range r.ada.Visible(r.general).Messages {
					if m.Thinking {
						t.Fatal("a placeholder is left")
					}
				}
				bob := r.guild.Member("Bob")
				if got := len(bob.Visible(r.general).Messages); (got > 0) == c.wantPrivate {
					t.Fatalf("others see %d messages", got)
				}
			})
		}
	})
}

func TestButtonsReplaceAndMenus(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			switch b := ev.Body.(type) {
			case bot.Asked:
				m := bot.Card("Moved", bot.Para{Text: "Ada is at Onsite"},
					bot.Buttons{Buttons: []bot.Button{{Label: "Undo", Token: "undo", Style: bot.Danger}, {Label: "Slow", Token: "slow"}, {Label: "Mine", Token: "mine"}, {Label: "Nothing", Token: "nothing"}}},
					bot.Choices{Label: "Move to", Token: "menu", Options: []bot.Option{{Value: "s1", Label: "Applied"}, {Value: "s2", Label: "Offer", Hint: "last"}}})
				m.Public = true
				return ev.Turn.Say(ctx, m)
			case bot.Pressed:
				switch b.Token {
				case "slow":
					if err := ev.Turn.Ack(ctx, bot.Private); err != nil {
						return err
					}
				case "mine":
					return ev.Turn.Replace(ctx, bot.Say("Only for you"))
				case "nothing":
					return ev.Turn.Done(ctx)
				}
				return ev.Turn.Replace(ctx, bot.Message{Text: strings.TrimSpace("Now: " + b.Token + " " + strings.Join(b.Values, ",")), Public: true})
			}
			return nil
		}})
		card := func() discordtest.Message {
			return r.ada.Slash(r.general, "help", nil).Reply()
		}
		m := card()
		if len(m.Selects) != 1 || m.Selects[0].Name != "Move to" || !slices.Equal(m.Selects[0].Options, []string{"Applied", "Offer"}) {
			t.Fatalf("menu %+v", m.Selects)
		}
		if got := r.ada.PressOn(m, "Undo").Reply(); got.ID != m.ID || got.Text != "Now: undo" || len(got.Buttons) != 0 {
			t.Fatalf("replaced in place, old parts gone: %+v", got)
		}
		m = card()
		r.ada.PressOn(m, "Nothing")
		if got := r.ada.PressOn(m, "Mine").Reply(); got.ID == m.ID || !got.Ephemeral || got.Text != "Only for you" {
			t.Fatalf("a private answer must not replace what others read: %+v", got)
		}
		r.ada.PressOn(m, "Slow")
		if got := r.ada.Await(r.general, "the changed card", func(m discordtest.Message) bool { return m.Text == "Now: slow" }); got.ID != m.ID {
			t.Fatalf("replaced after waiting: %+v", got)
		}
		m = card()
		if got := r.ada.Pick("Move to", "Offer").Reply(); got.ID != m.ID || got.Text != "Now: menu s2" {
			t.Fatalf("picked: %+v", got)
		}
	})
}

func TestForms(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		var bob *discordtest.Human
		form := func() bot.Form {
			return bot.Form{Title: "Move candidate", Token: strings.Repeat("T", 100), Intro: "One thing more", Fields: []bot.Field{
				{Name: "note", Label: "Note", Kind: bot.Long, Required: true, Hint: "What happened"},
				{Name: "to", Label: "Stage", Kind: bot.Choice, Value: "offer", Options: []bot.Option{{Value: "onsite", Label: "Onsite"}, {Value: "offer", Label: "Offer"}}},
				{Name: "who", Label: "Interviewer", Kind: bot.Member, Required: true},
				{Name: "day", Label: "Day", Kind: bot.Date, Value: "2026-11-03"},
			}}
		}
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			switch b := ev.Body.(type) {
			case bot.Asked:
				if err := ev.Turn.Open(ctx, form()); err != nil {
					return err
				}
				if err := ev.Turn.Open(ctx, form()); !bot.IsFault(err, bot.Unavailable) {
					t.Errorf("a second form: %v", err)
				}
				return nil
			case bot.Filled:
				if b.Values["note"] == "bad" {
					return ev.Turn.Refuse(ctx, bot.FieldErrors{"note": "Say more.", "day": "Not a day."})
				}
				if err := ev.Turn.Open(ctx, form()); !bot.IsFault(err, bot.Unavailable) {
					t.Errorf("a form from a form: %v", err)
				}
				return ev.Turn.Say(ctx, bot.Say("Noted: "+b.Values["note"]))
			}
			return nil
		}})
		bob = r.guild.Member("Bob")
		r.ada.Slash(r.general, "help", nil)
		m := r.ada.Modal()
		if m.Title != "Move candidate" || len(m.Fields) != 4 || len(m.Texts) != 1 {
			t.Fatalf("form: %s", m)
		}
		r.ada.Fill(map[string]any{"Note": "went **well**", "Interviewer": bob})
		if got := r.ada.SubmitModal().Reply(); got.Text != "Noted: went **well**" || !got.Ephemeral {
			t.Fatalf("%+v", got)
		}
		f := r.k.await("filled", func(e bot.Event) bool { _, ok := e.Body.(bot.Filled); return ok }).Body.(bot.Filled)
		want := map[string]string{"note": "went **well**", "to": "offer", "who": bot.Mention(bot.Account{Network: "discord", ID: bob.ID()}, "Bob"), "day": "2026-11-03"}
		if f.Token != strings.Repeat("T", 100) || !maps.Equal(f.Values, want) {
			t.Fatalf("filled %q", f.Values)
		}
		r.ada.Slash(r.general, "help", nil)
		r.ada.Fill(map[string]any{"Note": "bad", "Interviewer": bob})
		contains(t, r.ada.SubmitModal().Text(), "**Note**: Say more.", "**Day**: Not a day.")
	})
}

func TestFormAfterWaitingIsRefused(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			if err := ev.Turn.Ack(ctx, bot.Private); err != nil {
				return err
			}
			if err := ev.Turn.Open(ctx, bot.Form{Title: "x", Token: "t", Fields: []bot.Field{{Name: "a", Label: "A"}}}); !bot.IsFault(err, bot.Unavailable) {
				t.Errorf("Open after Ack: %v", err)
			}
			return ev.Turn.Say(ctx, bot.Say("Press to go on"))
		}})
		if got := r.ada.Slash(r.general, "help", nil).Text(); got != "Press to go on" {
			t.Fatal(got)
		}
	})
}

func TestFormFromAButtonReplacesItsCard(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			switch b := ev.Body.(type) {
			case bot.Asked:
				return ev.Turn.Say(ctx, bot.Card("Card", bot.Buttons{Buttons: []bot.Button{{Label: "Note", Token: "n"}}}))
			case bot.Pressed:
				return ev.Turn.Open(ctx, bot.Form{Title: "Note", Token: "f", Fields: []bot.Field{{Name: "note", Label: "Note", Required: true}}})
			case bot.Filled:
				if err := ev.Turn.Ack(ctx, bot.Private); err != nil {
					return err
				}
				return ev.Turn.Replace(ctx, bot.Say("Card with "+b.Values["note"]))
			}
			return nil
		}})
		m := r.ada.Slash(r.general, "help", nil).Reply()
		r.ada.Press("Note")
		r.ada.Fill(map[string]any{"Note": "words"})
		r.ada.SubmitModal()
		got := r.ada.Await(r.general, "the changed card", func(m discordtest.Message) bool { return m.Text == "Card with words" })
		if got.ID != m.ID || len(got.Buttons) > 0 {
			t.Fatalf("%+v", got)
		}
	})
}

func TestContextMenus(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		r := start(t, setup{http: http, declare: pipeline()})
		bob := r.guild.Member("Bob")
		said := bob.Say(r.general, "Ada did **well** "+r.ada.AtMention())
		r.ada.MessageCommand("Add note", said)
		on := r.k.await("message menu", func(e bot.Event) bool { a, ok := e.Body.(bot.Asked); return ok && a.Name == "candidate note" }).Body.(bot.Asked).On
		if on == nil || on.Message != said.ID || on.Author.ID != bob.ID() || bot.Flat(on.Text) != "Ada did **well** Ada" ||
			on.Link != "https://discord.com/channels/"+r.guild.ID+"/"+r.general.ID+"/"+said.ID {
			t.Fatalf("%+v", on)
		}
		r.ada.UserCommand(r.general, "Add member", bob)
		on = r.k.await("person menu", func(e bot.Event) bool { a, ok := e.Body.(bot.Asked); return ok && a.Name == "member add" }).Body.(bot.Asked).On
		if on == nil || on.Person != (bot.Account{Network: "discord", ID: bob.ID()}) {
			t.Fatalf("%+v", on)
		}
	})
}
