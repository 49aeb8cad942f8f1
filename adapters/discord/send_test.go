package discord

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/bot"
)

func (r *rig) place(c *discordtest.Channel) bot.Place {
	return bot.Place{Network: Name, Team: r.guild.ID, Channel: c.ID}
}

func (r *rig) direct(h *discordtest.Human) bot.Place {
	return bot.Place{Network: Name, To: h.ID(), Direct: true}
}

func TestSendAndEdit(t *testing.T) {
	t.Parallel()
	r := start(t, setup{})
	id, err := r.n.Send(t.Context(), r.place(r.general), bot.Card("Ada moved", bot.Para{Text: "to Onsite"}, bot.Buttons{Buttons: []bot.Button{{Label: "Undo", Token: "u"}}}), "k1")
	if err != nil {
		t.Fatal(err)
	}
	m := r.ada.Sees(r.general, "Ada moved", "to Onsite")
	if m.ID != id || len(m.Buttons) != 1 || len(m.Pings) > 0 {
		t.Fatalf("%+v", m)
	}
	if err := r.n.Edit(t.Context(), r.place(r.general), id, bot.Say("Taken back by Sam")); err != nil {
		t.Fatal(err)
	}
	if m = r.ada.Sees(r.general, "Taken back"); m.ID != id || len(m.Buttons) != 0 || strings.Contains(m.Text, "Onsite") {
		t.Fatalf("an edit leaves nothing of before: %+v", m)
	}
	if _, err := r.n.Send(t.Context(), r.direct(r.ada), bot.Say("hello "+bot.Mention(account(r.ada.ID()), "Ada")), "k2"); err != nil {
		t.Fatal(err)
	}
	if m := r.ada.Sees(r.ada.DMs(), "hello @Ada"); len(m.Pings) != 1 {
		t.Fatalf("a mention on purpose tells its person: %+v", m)
	}
}

func TestSameKeyIsPostedOnce(t *testing.T) {
	t.Parallel()
	r := start(t, setup{})
	first, err := r.n.Send(t.Context(), r.place(r.general), bot.Say("once"), "key")
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.n.Send(t.Context(), r.place(r.general), bot.Say("once"), "key")
	if err != nil || again != first {
		t.Fatalf("%s, %s, %v", first, again, err)
	}
	// The answer to the post is lost: trying again is safe.
	r.d.Break(discordtest.Breakage{Method: "POST", Path: "/channels/", LoseReply: true})
	_, err = r.n.Send(t.Context(), r.place(r.general), bot.Say("twice"), "key2")
	if err != nil && !bot.IsFault(err, bot.Unavailable) {
		t.Fatal(err)
	}
	if _, err = r.n.Send(t.Context(), r.place(r.general), bot.Say("twice"), "key2"); err != nil {
		t.Fatal(err)
	}
	if n := len(r.ada.Visible(r.general).Messages); n != 2 {
		t.Fatalf("%d messages", n)
	}
}

func TestRefusalsSayWhoseMoveIsNext(t *testing.T) {
	t.Parallel()
	r := start(t, setup{})
	bob := r.guild.Member("Bob")
	bob.CloseDMs()
	if _, err := r.n.Send(t.Context(), r.direct(bob), bot.Say("x"), "1"); !bot.IsFault(err, bot.Forbidden) {
		t.Fatalf("closed direct messages: %v", err)
	}
	quiet := r.guild.Text("quiet")
	quiet.DenyApp(discordtest.SendMessages)
	if _, err := r.n.Send(t.Context(), r.place(quiet), bot.Say("x"), "2"); !bot.IsFault(err, bot.Forbidden) {
		t.Fatalf("no right to write: %v", err)
	}
	quiet.Remove()
	if _, err := r.n.Send(t.Context(), r.place(quiet), bot.Say("x"), "3"); !bot.IsFault(err, bot.Missing) {
		t.Fatalf("channel gone: %v", err)
	}
	if _, err := r.n.Send(t.Context(), bot.Place{Network: Name}, bot.Say("x"), "4"); !bot.IsFault(err, bot.Missing) {
		t.Fatalf("no place: %v", err)
	}
	if f := r.d.TakeFaults(); len(f) != 2 { // closed messages cannot be foreseen
		t.Fatalf("each was asked once: %v", f)
	}
}

func TestLimitsBecomeWait(t *testing.T) {
	t.Parallel()
	r := start(t, setup{})
	r.d.Break(discordtest.Breakage{Method: "POST", Path: "/channels/", Status: 429, RetryAfter: 7 * time.Second})
	_, err := r.n.Send(t.Context(), r.place(r.general), bot.Say("x"), "1")
	var wait *bot.Wait
	if !errors.As(err, &wait) || !bot.IsFault(err, bot.Unavailable) || wait.For < 6*time.Second || wait.For > 8*time.Second {
		t.Fatalf("%v", err)
	}
}

func TestOutagesAreTriedAgainLater(t *testing.T) {
	t.Parallel()
	r := start(t, setup{})
	r.d.Break(discordtest.Breakage{Method: "POST", Path: "/channels/", Status: 503, Times: 2})
	if _, err := r.n.Send(t.Context(), r.place(r.general), bot.Say("x"), "1"); !bot.IsFault(err, bot.Unavailable) {
		t.Fatal(err)
	}
	r.d.Break(discordtest.Breakage{Method: "POST", Path: "/channels/", Delay: 10 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if _, err := r.n.Send(ctx, r.place(r.general), bot.Say("x"), "2"); err == nil || time.Since(begun) > 5*time.Second {
		t.Fatalf("%v after %v: the caller's deadline counts", err, time.Since(begun))
	}
}

func TestManyPostsStayWithinLimits(t *testing.T) {
	t.Parallel()
	r := start(t, setup{opt: discordtest.Options{Patience: 20 * time.Second}})
	for i := range 12 {
		for {
			_, err := r.n.Send(t.Context(), r.place(r.general), bot.Say("post "+number(float64(i))), number(float64(i)))
			var wait *bot.Wait
			if errors.As(err, &wait) {
				time.Sleep(wait.For)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	r.ada.Sees(r.general, "post 11") // and no 429: Faults stays empty
}

func TestClosedDirectMessagesAreToldInTheChannel(t *testing.T) {
	t.Parallel()
	r := start(t, setup{answer: func(ctx context.Context, ev bot.Event) error {
		return ev.Turn.Say(ctx, bot.Say("the secret answer"))
	}})
	r.ada.CloseDMs()
	r.ada.Mention(r.general, "what about Ada?")
	m := r.ada.Sees(r.general, "does not let me write to you")
	if strings.Contains(m.Text, "secret") {
		t.Fatal("a private answer in public")
	}
	r.d.TakeFaults() // the refused direct message
}

func TestProfilesGroupsReaders(t *testing.T) {
	t.Parallel()
	r := start(t, setup{})
	recruiters := r.guild.Role("Recruiters", 0)
	bob := r.guild.Member("Bob", recruiters)
	p, err := r.n.Profile(t.Context(), bot.Account{Network: Name, Team: r.guild.ID, ID: bob.ID()})
	if err != nil || p.Name != "Bob" || !p.Member || p.Zone != "" || p.Email != "" || p.Account != account(bob.ID()) {
		t.Fatalf("%+v, %v", p, err)
	}
	if p, err = r.n.Profile(t.Context(), account(bob.ID())); err != nil || p.Name != "Bob" {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, way := range []string{recruiters.ID, "<@&" + recruiters.ID + ">", "recruiters", "@Recruiters"} {
		name, list, err := r.n.Group(t.Context(), r.guild.ID, way)
		if err != nil || name != "Recruiters" || len(list) != 1 || list[0] != account(bob.ID()) {
			t.Fatalf("%s: %s %v %v", way, name, list, err)
		}
	}
	if _, _, err := r.n.Group(t.Context(), r.guild.ID, "nobody"); !bot.IsFault(err, bot.Missing) {
		t.Fatal(err)
	}
	has := func(list []bot.Account, h *discordtest.Human) bool {
		for _, a := range list {
			if a.ID == h.ID() {
				return true
			}
		}
		return false
	}
	list, more, err := r.n.Readers(t.Context(), r.place(r.general))
	if err != nil || more || !has(list, r.ada) || !has(list, bob) {
		t.Fatalf("%v %v %v", list, more, err)
	}
	hidden := r.guild.Text("hidden")
	hidden.Overwrite(discordtest.Overwrite{ID: r.guild.ID, Deny: discordtest.ViewChannel})
	hidden.Overwrite(discordtest.Overwrite{ID: recruiters.ID, Allow: discordtest.ViewChannel})
	hidden.Overwrite(discordtest.Overwrite{ID: r.d.App().BotID(), Person: true, Allow: discordtest.ViewChannel})
	if list, _, err = r.n.Readers(t.Context(), r.place(hidden)); err != nil || has(list, r.ada) || !has(list, bob) {
		t.Fatalf("%v %v", list, err)
	}
	if list, more, err = r.n.Readers(t.Context(), r.direct(bob)); err != nil || more || len(list) != 1 || !has(list, bob) {
		t.Fatalf("%v %v %v", list, more, err)
	}
	bob.Leave(r.guild)
	if _, err := r.n.Profile(t.Context(), bot.Account{Network: Name, Team: r.guild.ID, ID: bob.ID()}); !bot.IsFault(err, bot.Missing) {
		t.Fatal(err)
	}
	r.d.TakeFaults() // asking for somebody who left is refused, as it must be
}
