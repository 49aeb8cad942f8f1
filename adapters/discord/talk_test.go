package discord

import (
	"context"
	"strings"
	"testing"

	"rapport/bot"
)

func TestTalk(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
		if s, ok := ev.Body.(bot.Said); ok {
			m := bot.Say("You said " + s.Text)
			m.Public = strings.Contains(s.Text, "public")
			return ev.Turn.Say(ctx, m)
		}
		return nil
	}})
	said := func(text string) bot.Event {
		return r.k.await(text, func(e bot.Event) bool { s, ok := e.Body.(bot.Said); return ok && s.Text == text })
	}
	r.ada.DM("hello *there*")
	if ev := said("hello *there*"); !ev.Place.Direct || ev.Place.Team != "" {
		t.Fatalf("%+v", ev)
	}
	r.ada.Sees(r.ada.DMs(), "You said hello *there*")

	r.ada.Mention(r.general, "public hi")
	if ev := said("public hi"); !ev.Body.(bot.Said).Mention || ev.Place.Team != r.guild.ID {
		t.Fatalf("%+v", ev)
	}
	answer := r.ada.Sees(r.general, "You said public hi")
	if answer.ReplyTo == "" {
		t.Fatal("an answer in a channel says what it answers")
	}
	// A private answer to a mention goes where nobody else reads it.
	r.ada.Mention(r.general, "hush")
	said("hush")
	r.ada.Sees(r.ada.DMs(), "You said hush")

	r.ada.Reply(answer, "public again")
	said("public again")

	thread := r.general.Thread("Question")
	r.ada.Mention(thread, "public in thread")
	ev := said("public in thread")
	if ev.Place.Channel != r.general.ID || ev.Place.Thread != thread.ID {
		t.Fatalf("%+v", ev.Place)
	}
	r.ada.Sees(thread, "You said public in thread")
	r.ada.Say(thread, "no mention, same thread: public")
	said("no mention, same thread: public")

	r.ada.Say(r.general, "not for the bot")
	r.guild.Member("Eve").Mention(r.general, "public last")
	said("public last")
	if r.k.seen(func(e bot.Event) bool {
		s, ok := e.Body.(bot.Said)
		return ok && strings.Contains(s.Text, "not for the bot")
	}) > 0 {
		t.Fatal("heard what was not said to it")
	}
}

func TestEditsDeletionsReactions(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline()})
	m := r.ada.DM("see https://a.example/x")
	r.d.Unfurl(m)
	r.ada.Edit(m, "see https://b.example/y")
	e := r.k.await("edit", func(e bot.Event) bool { x, ok := e.Body.(bot.Edited); return ok && x.Text == "see https://b.example/y" })
	r.d.Unfurl(m)
	r.ada.React(m, "👍")
	r.ada.Unreact(m, "👍")
	r.k.await("reaction", func(e bot.Event) bool {
		x, ok := e.Body.(bot.Reacted)
		return ok && x.Emoji == "👍" && !x.Off && x.Message == m.ID
	})
	r.k.await("reaction off", func(e bot.Event) bool { x, ok := e.Body.(bot.Reacted); return ok && x.Off })
	r.ada.Delete(m)
	r.k.await("deletion", func(e bot.Event) bool { x, ok := e.Body.(bot.Deleted); return ok && x.Message == m.ID })
	if n := r.k.seen(func(x bot.Event) bool { _, ok := x.Body.(bot.Edited); return ok && x.ID != e.ID }); n > 0 {
		t.Fatalf("%d previews passed for edits", n)
	}
}

func TestMembersAndServers(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline()})
	bob := r.d.Human("Bob")
	bob.Join(r.guild)
	in := func(e bot.Event) bool { return e.Place.Team == r.guild.ID && e.From.ID == bob.ID() }
	r.k.await("joined", func(e bot.Event) bool {
		x, ok := e.Body.(bot.Joined)
		return ok && in(e) && x.Account.ID == bob.ID() && !x.Self
	})
	bob.Roles(r.guild, r.guild.Role("Recruiter", 0))
	r.k.await("profiled", func(e bot.Event) bool { x, ok := e.Body.(bot.Profiled); return ok && in(e) && x.Profile.Name == "Bob" })
	bob.Leave(r.guild)
	r.k.await("left", func(e bot.Event) bool { x, ok := e.Body.(bot.Left); return ok && in(e) && x.Account.ID == bob.ID() })
	r.guild.RemoveApp()
	r.k.await("uninstalled", func(e bot.Event) bool { _, ok := e.Body.(bot.Uninstalled); return ok && e.Place.Team == r.guild.ID })
	other := r.d.Guild("Other")
	r.k.await("new server", func(e bot.Event) bool { x, ok := e.Body.(bot.Joined); return ok && x.Self && e.Place.Team == other.ID })
}
