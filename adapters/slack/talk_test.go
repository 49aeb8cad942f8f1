package slack

import (
	"strings"
	"testing"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

func TestTalk(t *testing.T) {
	bothDoors(t, func(w *world) {
		must := func(m slacktest.Message, err error) slacktest.Message {
			w.t.Helper()
			if err != nil {
				w.t.Fatal(err)
			}
			return m
		}
		must(w.sam.DM("hello <there> & you"))
		if _, err := w.sam.Await("app", "you said hello <there> & you"); err != nil {
			w.t.Fatal(err)
		}
		ev, said := one[bot.Said](w)
		if !ev.Place.Direct || !said.Mention || ev.Guest || len(ev.Also) != 1 || !strings.HasSuffix(ev.Also[0], said.Message) {
			w.t.Errorf("event %+v %+v", ev, said)
		}
		m := must(w.sam.Mention("hiring", "what now?"))
		if _, err := w.sam.Await("hiring", "you said what now?"); err != nil {
			w.t.Fatal(err)
		}
		must(w.sam.Reply(m.TS, "and in the thread"))
		in, err := w.sam.Await("hiring", "you said and in the thread")
		if err != nil || in.Thread != m.TS {
			w.t.Errorf("thread %q, want %q (%v)", in.Thread, m.TS, err)
		}
		must(w.sam.Mention("hiring", "private"))
		if p, err := w.sam.Await("hiring", "between us"); err != nil || !p.Private {
			w.t.Errorf("saw %+v %v", p, err)
		}
		before := len(heard[bot.Said](w))
		must(w.sam.Say("hiring", "just between people"))
		if n := len(heard[bot.Said](w)); n != before {
			w.t.Errorf("talk of others was heard")
		}
	})
}

// A message that mentions the bot comes twice; both carry the same second key.
func TestMentionComesTwiceWithOneKey(t *testing.T) {
	bothDoors(t, func(w *world) {
		if _, err := w.sam.Mention("hiring", "hi"); err != nil {
			w.t.Fatal(err)
		}
		w.until(func() bool { return len(heard[bot.Said](w)) == 2 })
		all := heard[bot.Said](w)
		a, b := all[0].Body.(bot.Said), all[1].Body.(bot.Said)
		if all[0].ID == all[1].ID || all[0].Also[0] != all[1].Also[0] || !a.Mention || !b.Mention || a.Text != "hi" || b.Text != "hi" {
			w.t.Errorf("%+v\n%+v", all[0], all[1])
		}
	})
}

func TestTalkThatTakesLong(t *testing.T) {
	bothDoors(t, func(w *world) {
		if _, err := w.sam.DM("slow"); err != nil {
			w.t.Fatal(err)
		}
		if m, err := w.sam.Await("app", "between us"); err != nil || m.Private {
			w.t.Errorf("saw %+v %v", m, err)
		}
	})
}

func TestWhatWasNotKeptComesAgain(t *testing.T) {
	bothDoors(t, func(w *world) {
		if _, err := w.sam.DM("lost"); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.sam.Await("app", "you said lost"); err != nil {
			w.t.Fatal(err)
		}
		if all := heard[bot.Said](w); len(all) != 2 || all[0].ID != all[1].ID {
			w.t.Errorf("heard %d times", len(all))
		}
	})
}

func TestEditsDeletionsAndPreviews(t *testing.T) {
	bothDoors(t, func(w *world) {
		m, err := w.sam.DM("first")
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.sam.Edit(m.TS, "second"); err != nil {
			w.t.Fatal(err)
		}
		if _, e := one[bot.Edited](w); e.Text != "second" || e.Message != m.TS {
			w.t.Errorf("%+v", e)
		}
		if err := w.sam.Unfurl(m.TS); err != nil {
			w.t.Fatal(err)
		}
		if err := w.sam.Delete(m.TS); err != nil {
			w.t.Fatal(err)
		}
		if _, d := one[bot.Deleted](w); d.Message != m.TS {
			w.t.Errorf("%+v", d)
		}
		if n := len(heard[bot.Edited](w)); n != 1 {
			w.t.Errorf("%d edits: a preview is none", n)
		}
	})
}

func TestReactionsArrivalsAndDepartures(t *testing.T) {
	bothDoors(t, func(w *world) {
		m, err := w.sam.Say("hiring", "news")
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.sam.React(m.TS, "eyes"); err != nil {
			w.t.Fatal(err)
		}
		if ev, r := one[bot.Reacted](w); r.Emoji != "eyes" || r.Message != m.TS || ev.Place.Channel != w.slack.Workspace().ChannelID("hiring") {
			w.t.Errorf("%+v", r)
		}
		w.sam.SetZone("Africa/Lagos")
		if _, p := one[bot.Profiled](w); p.Profile.Zone != "Africa/Lagos" || p.Profile.Email != "sam@acme.example" || !p.Profile.Member || p.Profile.Name != "Sam Lee" {
			w.t.Errorf("%+v", p)
		}
		ada := w.slack.Workspace().Human("ada")
		ada.Leave()
		if ev, l := one[bot.Left](w); l.Account.ID != ada.ID() || ev.From != l.Account {
			w.t.Errorf("%+v", l)
		}
		if err := w.sam.LeaveChannel("hiring"); err != nil {
			w.t.Fatal(err)
		}
		if err := w.sam.Join("hiring"); err == nil {
			if _, j := one[bot.Joined](w); j.Account.ID != w.sam.ID() || j.Self {
				w.t.Errorf("%+v", j)
			}
		}
		if n := len(heard[bot.Left](w)); n != 1 {
			w.t.Errorf("%d left: going from a channel is not leaving the team", n)
		}
	})
}

func TestGuestsAreMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, func(c *Config, _ *slacktest.Options) { c.AllTalk = true })
	team, other := w.slack.Workspace(), w.slack.AddWorkspace("globex")
	other.Install()
	eve := other.AddUser(slacktest.User{Name: "eve"})
	team.AddChannel(slacktest.Channel{Name: "shared", Members: []string{"sam", "app", eve.ID()}})
	team.Share("shared", other)
	for _, h := range []*slacktest.Human{eve, w.sam} {
		if _, err := h.Say("shared", "hello from "+h.Name()); err != nil {
			t.Fatal(err)
		}
	}
	w.until(func() bool { return len(heard[bot.Said](w)) >= 2 })
	seen := map[string]bool{}
	for _, ev := range heard[bot.Said](w) {
		if ev.From.Team != team.ID {
			continue
		}
		seen[ev.From.ID] = true
		if stranger := ev.From.ID == eve.ID(); ev.Guest != stranger {
			t.Errorf("guest %v: %+v", ev.Guest, ev)
		}
	}
	if !seen[eve.ID()] || !seen[w.sam.ID()] {
		t.Errorf("heard %v", seen)
	}
	w.slack.RequireClean(t)
}
