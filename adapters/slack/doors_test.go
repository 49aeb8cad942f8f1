package slack

import (
	"strings"
	"testing"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

func got(t *testing.T) func(slacktest.Answer, error) slacktest.Answer {
	return func(a slacktest.Answer, err error) slacktest.Answer {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

func TestCommandIsAnsweredInTheAcknowledgement(t *testing.T) {
	bothDoors(t, func(w *world) {
		a := got(w.t)(w.sam.Slash("hiring", "/rapport", "hello Ada & <Bo> @ada #hiring"))
		if !a.Message.Private || !strings.HasPrefix(a.Text, "heard hello Ada & <Bo> ") {
			w.t.Errorf("saw %+v", a)
		}
		ev, asked := one[bot.Asked](w)
		ada := bot.Account{Network: "slack", Team: w.slack.Workspace().ID, ID: w.slack.Workspace().UserID("ada")}
		if !strings.Contains(asked.Text, bot.Mention(ada, "ada")) || !strings.Contains(asked.Text, "Ada & <Bo> ") {
			w.t.Errorf("text %q", asked.Text)
		}
		if ev.From.ID != w.sam.ID() || ev.Name != "sam" || ev.Place.Channel != w.slack.Workspace().ChannelID("hiring") || ev.Place.Direct {
			w.t.Errorf("event %+v", ev)
		}
		if n := len(w.slack.Calls("chat.postMessage")) + len(w.slack.Calls("chat.postEphemeral")); n != 0 {
			w.t.Errorf("%d calls beside the answer", n)
		}
	})
}

func TestAliasIsTheFirstWord(t *testing.T) {
	bothDoors(t, func(w *world) {
		if a := got(w.t)(w.sam.Slash("hiring", "/move", "Ada to:Onsite")); a.Text != "heard move Ada to:Onsite" {
			w.t.Errorf("saw %+v", a)
		}
	})
}

func TestCommandAnsweredForAllAndLate(t *testing.T) {
	bothDoors(t, func(w *world) {
		if a := got(w.t)(w.sam.Slash("hiring", "/rapport", "public")); a.Text != "for all" || a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
		if a := got(w.t)(w.sam.Slash("hiring", "/rapport", "slow thing")); a.Text != "at last thing" || !a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
		if a := got(w.t)(w.sam.Slash("hiring", "/rapport", "nothing")); !a.Nothing() {
			w.t.Errorf("saw %+v", a)
		}
	})
}

func TestCommandWhereTheBotIsNotIn(t *testing.T) {
	bothDoors(t, func(w *world) {
		if a := got(w.t)(w.sam.Slash("elsewhere", "/rapport", "slow there")); a.Text != "at last there" {
			w.t.Errorf("saw %+v", a)
		}
	})
}

func TestSayingAgainAdds(t *testing.T) {
	bothDoors(t, func(w *world) {
		got(w.t)(w.sam.Slash("hiring", "/rapport", "many"))
		if _, err := w.sam.Await("hiring", "three"); err != nil {
			w.t.Fatal(err)
		}
		seen, _ := w.sam.Visible("hiring")
		if len(seen.Messages) != 3 {
			w.t.Errorf("saw\n%s", seen.Text)
		}
	})
}

func TestButtonsOfAPrivateCard(t *testing.T) {
	bothDoors(t, func(w *world) {
		a := got(w.t)(w.sam.Slash("hiring", "/rapport", "card"))
		if !strings.Contains(a.Text, "Stage Onsite") || len(a.Message.Buttons) != 4 || len(a.Message.Menus) != 1 {
			w.t.Fatalf("saw %+v", a)
		}
		if a = got(w.t)(w.sam.Press("More")); a.Text != "beside: beside" || !a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
		got(w.t)(w.sam.Press("Docs"))
		if a = got(w.t)(w.sam.Pick("Move to", "Onsite")); a.Text != "Moved to onsite" || !a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
		if n := len(heard[bot.Pressed](w)); n != 2 {
			w.t.Errorf("%d presses: opening an address is none", n)
		}
	})
}

func TestPublicCardIsNotReplacedByPrivateWords(t *testing.T) {
	bothDoors(t, func(w *world) {
		got(w.t)(w.sam.Slash("hiring", "/rapport", "publiccard"))
		a := got(w.t)(w.sam.Press("Undo"))
		if a.Text != "Taken back" || !a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
		ada := w.slack.Workspace().Human("ada")
		seen, _ := ada.Visible("hiring")
		if strings.Contains(seen.Text, "Taken back") || !strings.Contains(seen.Text, "Stage Onsite") {
			w.t.Errorf("ada sees\n%s", seen.Text)
		}
	})
}

func TestCardInTheDirectConversationIsReplaced(t *testing.T) {
	bothDoors(t, func(w *world) {
		place := bot.Place{Network: "slack", Team: w.slack.Workspace().ID, To: w.sam.ID()}
		id, err := w.s.Send(w.t.Context(), place, adaCard, "k1")
		if err != nil || !strings.HasPrefix(id, "D") {
			w.t.Fatal(id, err)
		}
		w.s.directs.Clear() // as in another process
		if _, err := w.sam.Visible("app"); err != nil {
			w.t.Fatal(err)
		}
		if a := got(w.t)(w.sam.Press("Undo")); a.Text != "Taken back" || a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
		if seen, _ := w.sam.Visible("app"); len(seen.Messages) != 1 {
			w.t.Errorf("saw\n%s", seen.Text)
		}
		if err := w.s.Edit(w.t.Context(), place, id, bot.Say("and changed")); err != nil {
			w.t.Fatal(err)
		}
		if seen, _ := w.sam.Visible("app"); len(seen.Messages) != 1 || !strings.Contains(seen.Text, "and changed") {
			w.t.Errorf("saw\n%s", seen.Text)
		}
	})
}

func TestFormFromACommand(t *testing.T) {
	bothDoors(t, func(w *world) {
		a := got(w.t)(w.sam.Slash("hiring", "/rapport", "form"))
		if a.View == nil || a.View.Title != "Add a note" || len(a.View.Fields) != 8 || !strings.Contains(a.View.Text, "About Ada") {
			w.t.Fatalf("saw %+v", a)
		}
		fill := func(label, value string) {
			w.t.Helper()
			if err := w.sam.Fill(label, value); err != nil {
				w.t.Fatal(err)
			}
		}
		if offers, err := w.sam.TypeIn("Candidate", "ad"); err != nil || len(offers) != 2 {
			w.t.Fatal(offers, err)
		}
		if _, s := one[bot.Suggest](w); s.Token != "note-token" || s.Field != "who" || s.Typed != "ad" {
			w.t.Errorf("asked for %+v", s)
		}
		fill("Candidate", "Ada Okafor")
		fill("Stage", "Onsite")
		fill("Colleague", "ada")
		fill("Team only", "Yes")
		fill("Stars", "4")
		fill("E-mail", "ada@mail.example")
		fill("Text", "bad")
		if a = got(w.t)(w.sam.SubmitModal()); a.Errors["Text"] != "And this. Say more." && a.Errors["Text"] != "Say more. And this." {
			w.t.Errorf("saw %+v", a)
		}
		fill("Text", "fine *by* me & <you>")
		if a = got(w.t)(w.sam.SubmitModal()); a.Text != "noted: fine *by* me & <you>" || !a.Closed || !a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
		_, f := one[bot.Filled](w)
		ada := bot.Account{Network: "slack", Team: w.slack.Workspace().ID, ID: w.slack.Workspace().UserID("ada")}
		want := map[string]string{
			"text": "fine *by* me & <you>", "to": "s2", "who": "c1", "by": bot.Mention(ada, ada.ID), "team": "true",
			"day": "2026-12-01", "n": "4", "mail": "ada@mail.example",
		}
		for k, v := range want {
			if f.Values[k] != v {
				w.t.Errorf("%s = %q, want %q", k, f.Values[k], v)
			}
		}
		if f.Token != "note-token" {
			w.t.Errorf("token %q", f.Token)
		}
	})
}

func TestFormFollowsForm(t *testing.T) {
	bothDoors(t, func(w *world) {
		got(w.t)(w.sam.Slash("hiring", "/rapport", "form"))
		_ = w.sam.Fill("Text", "next")
		a := got(w.t)(w.sam.SubmitModal())
		if a.View == nil || a.View.Title != "One more" || a.View.Depth != 1 {
			w.t.Fatalf("saw %+v", a)
		}
		_ = w.sam.Fill("Text", "done")
		if a = got(w.t)(w.sam.SubmitModal()); a.Text != "noted: done" || !a.Message.Private || a.Message.Channel != w.slack.Workspace().ChannelID("hiring") {
			w.t.Errorf("saw %+v", a)
		}
		if _, f := one[bot.Filled](w); f.Token != "second" {
			w.t.Errorf("token %q", f.Token)
		}
	})
}

func TestFormFromAButton(t *testing.T) {
	bothDoors(t, func(w *world) {
		got(w.t)(w.sam.Slash("hiring", "/rapport", "card"))
		if a := got(w.t)(w.sam.Press("Note")); a.View == nil {
			w.t.Fatalf("saw %+v", a)
		}
		_ = w.sam.Fill("Text", "good")
		if a := got(w.t)(w.sam.SubmitModal()); a.Text != "noted: good" || !a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
	})
}

func TestShortcuts(t *testing.T) {
	bothDoors(t, func(w *world) {
		if a := got(w.t)(w.sam.GlobalShortcut("form")); a.View == nil {
			w.t.Fatalf("saw %+v", a)
		}
		_ = w.sam.Fill("Text", "from afar")
		got(w.t)(w.sam.SubmitModal())
		if _, err := w.sam.Await("app", "noted: from afar"); err != nil {
			w.t.Error(err)
		}
		m, err := w.sam.Say("hiring", "Ada was great @ada")
		if err != nil {
			w.t.Fatal(err)
		}
		if a := got(w.t)(w.sam.MessageShortcut("card", m.TS)); !strings.Contains(a.Text, "Stage Onsite") || !a.Message.Private {
			w.t.Errorf("saw %+v", a)
		}
		_, asked := one[bot.Asked](w)
		if on := asked.On; on == nil || on.Message != m.TS || on.Author.ID != w.sam.ID() || !strings.HasPrefix(on.Text, "Ada was great ") || on.Link == "" {
			w.t.Errorf("asked %+v", asked.On)
		}
	})
}

func TestHome(t *testing.T) {
	bothDoors(t, func(w *world) {
		if _, err := w.sam.OpenHome(); err != nil {
			w.t.Fatal(err)
		}
		home, err := w.sam.AwaitHome("and the rest")
		if err != nil || !strings.Contains(home.Text, "My work") {
			w.t.Fatal(home.Text, err)
		}
		a := got(w.t)(w.sam.Press("Undo"))
		if a.View == nil || !strings.Contains(a.View.Text, "Taken back") {
			w.t.Errorf("saw %+v", a)
		}
		if home := w.sam.Home(); !strings.Contains(home.Text, "My work") {
			w.t.Errorf("the Home is gone:\n%s", home.Text)
		}
		if err := w.sam.OpenMessages(); err != nil {
			w.t.Fatal(err)
		}
		if n := len(heard[bot.Opened](w)); n != 1 {
			w.t.Errorf("%d times at home", n)
		}
	})
}

func TestFormFromTheHome(t *testing.T) {
	bothDoors(t, func(w *world) {
		if _, err := w.sam.OpenHome(); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.sam.AwaitHome("and the rest"); err != nil {
			w.t.Fatal(err)
		}
		if a := got(w.t)(w.sam.Press("Note")); a.View == nil {
			w.t.Fatalf("saw %+v", a)
		}
		_ = w.sam.Fill("Text", "at home")
		got(w.t)(w.sam.SubmitModal())
		if _, err := w.sam.Await("app", "noted: at home"); err != nil {
			w.t.Error(err)
		}
	})
}
