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

// TestFilesFromDiscordAreAttached takes a file through every way Discord has: an option
// of the command, the message it hangs on, the form.
func TestFilesFromDiscordAreAttached(t *testing.T) {
	t.Parallel()
	for name, overHTTP := range map[string]bool{"gateway": false, "http": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d *discordDriver
			w := bottest.New(t, bottest.Options{Runs: true, Roles: recruiting.Words(), Add: func(b *bot.Bot) { handlers.Add(b, links) },
				Driver: func(w *bottest.World) bottest.Driver { d = newDiscordDriver(t, w, overHTTP); return d }})
			d.ready(t, overHTTP)
			w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
			d.Command(t, "Rita", `/rapport candidate add "Ada Okafor" email:ada@mail.example`)
			file := func(name string) discordtest.File {
				return discordtest.File{Name: name, Type: "application/pdf", Data: []byte("%PDF")}
			}
			sees(t, d.do(t, "Rita", func(h *discordtest.Human) *discordtest.Exchange {
				return h.Slash(d.channel, "candidate attach", map[string]any{"candidate": "Ada Okafor", "name": "CV", "file": file("cv.pdf")})
			}), "Attached CV to Ada Okafor.")

			h := d.person(t, "Rita")
			m := h.Say(d.channel, "from Ada Okafor", file("letter.pdf"), file("work.pdf"))
			sees(t, d.do(t, "Rita", func(h *discordtest.Human) *discordtest.Exchange {
				return h.MessageCommand("Attach to a candidate", m)
			}), "Candidate=Ada Okafor", "What is it=2 files")
			sees(t, d.Fill(t, "Rita", nil), "Attached letter.pdf, work.pdf to Ada Okafor.")
			sees(t, d.Press(t, "Rita", "Undo"), "Taken off")

			d.Command(t, "Rita", "/rapport candidate attach Ada")
			h.Fill(map[string]any{"What is it": "Portfolio", "File": file("portfolio.pdf")})
			sees(t, d.do(t, "Rita", func(h *discordtest.Human) *discordtest.Exchange { return h.SubmitModal() }), "Attached Portfolio to Ada Okafor.")

			card := d.Command(t, "Rita", "/rapport candidate show Ada")
			sees(t, card, "CV", "Portfolio")
			if strings.Contains(string(card), "letter.pdf") {
				t.Errorf("what was taken back is still there:\n%s", card)
			}
			d.clean(t)
		})
	}
}

// TestFilesFromSlackAreAttached takes files from a message and from the form.
func TestFilesFromSlackAreAttached(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d *slackDriver
			w := bottest.New(t, bottest.Options{Runs: true, Roles: recruiting.Words(), Add: func(b *bot.Bot) { handlers.Add(b, links) },
				Driver: func(w *bottest.World) bottest.Driver { d = newSlackDriver(t, w, socket); return d }})
			d.ready(t, socket)
			w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
			d.Command(t, "Rita", `/rapport candidate add "Ada Okafor" email:ada@mail.example`)
			m, err := d.person(t, "Rita").Share(talkPlace, "from Ada Okafor", "letter.pdf", "work.pdf")
			if err != nil {
				t.Fatal(err)
			}
			sees(t, d.do(t, "Rita", func(h *slacktest.Human) (slacktest.Answer, error) {
				if _, err := h.Visible(talkPlace); err != nil {
					return slacktest.Answer{}, err
				}
				return h.MessageShortcut("candidate attach", m.TS)
			}), "Candidate=Ada Okafor", "What is it=2 files")
			sees(t, d.Fill(t, "Rita", nil), "Attached letter.pdf, work.pdf to Ada Okafor.")
			sees(t, d.Press(t, "Rita", "Undo"), "Taken off")

			d.Command(t, "Rita", "/rapport candidate attach Ada")
			sees(t, d.Fill(t, "Rita", map[string]string{"What is it": "CV"}), "Give a link or a file")
			sees(t, d.Fill(t, "Rita", map[string]string{"File": "cv.pdf"}), "Attached CV to Ada Okafor.")
			card := d.Command(t, "Rita", "/rapport candidate show Ada")
			sees(t, card, "CV")
			if strings.Contains(string(card), "letter.pdf") {
				t.Errorf("what was taken back is still there:\n%s", card)
			}
			d.clean(t)
		})
	}
}
