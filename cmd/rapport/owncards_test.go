package main

import (
	"strings"
	"testing"

	"rapport/adapters/discord/discordtest"
	"rapport/adapters/slack/slacktest"
	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
)

// TestACommandOnACardOfTheBotMeansItsRecord opens "Move…" on the card that told of a
// change: two have the name it says, but its buttons know who it is about.
func TestACommandOnACardOfTheBotMeansItsRecord(t *testing.T) {
	t.Parallel()
	for _, s := range stages {
		if s.name == "console" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var ready, clean func(*testing.T)
			w := bottest.New(t, bottest.Options{Runs: true, Roles: recruiting.Words(), Add: func(b *bot.Bot) { handlers.Add(b, links) },
				Driver: func(w *bottest.World) bottest.Driver {
					var d bottest.Driver
					d, ready, clean = s.drive(t, w)
					return d
				}})
			ready(t)
			w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
			w.Person(t, "Max", recruiting.Manager, "Europe/Berlin")
			d := w.Driver
			for _, line := range []string{`/rapport job open "Backend Engineer" stages:"Applied, Screen, Hired" manager:@Max`,
				`/rapport candidate add "Ada Okafor" email:ada@mail.example job:"Backend Engineer"`,
				`/rapport candidate add "Ada Okafor" email:other@mail.example job:"Backend Engineer"`} {
				d.Command(t, "Rita", line)
			}
			d.Command(t, "Rita", "/move ada@mail.example to:Screen")
			w.Settle(t)
			card := d.Inbox(t, "Max")
			var got bottest.Screen
			switch d := d.(type) {
			case *slackDriver:
				h := d.person(t, "Max")
				now := d.sight(t, h)
				ts := now.order[len(now.order)-1]
				got = d.do(t, "Max", func(h *slacktest.Human) (slacktest.Answer, error) {
					if _, err := h.Visible("app"); err != nil {
						return slacktest.Answer{}, err
					}
					return h.MessageShortcut("candidate attach", ts)
				})
			case *discordDriver:
				list := d.sight(d.person(t, "Max"))
				got = d.do(t, "Max", func(h *discordtest.Human) *discordtest.Exchange {
					return h.MessageCommand("Attach to a candidate", list[len(list)-1])
				})
			}
			if !strings.Contains(string(got), "Candidate=Ada Okafor") {
				t.Fatalf("on the card\n%s\nthe form is\n%s", card, got)
			}
			clean(t)
		})
	}
}
