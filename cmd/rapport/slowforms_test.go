package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/store"
)

// pebble is a toy record, so that the time everything takes is the test's to choose.
type pebble struct{ Text string }

var pebbles = store.NewTable("test_pebble", store.Def[pebble]{Whose: store.Nobody[pebble]})

const anybody bot.Role = 1

// lay wants to know a beach, which takes a while to find, and a text.
type lay struct {
	Beach string `arg:"beach" ref:"beach" label:"Beach"`
	Text  string `arg:"text,long" label:"Text"`
}

// slowForms is a strict Slack with its own patience before a kernel whose lookups and
// commits take their time.
func slowForms(t *testing.T, socket bool, lookup, work time.Duration) (*bottest.World, *slackDriver) {
	t.Helper()
	var d *slackDriver
	w := bottest.New(t, bottest.Options{Real: true, Add: laying(lookup, work), Driver: func(w *bottest.World) bottest.Driver {
		d = newSlackDriver(t, w, socket, func(o *slacktest.Options) { o.Patience = 3 * time.Second })
		return d
	}})
	d.ready(t, socket)
	w.Person(t, "Rita", anybody, "Europe/Berlin")
	return w, d
}

// laying is a kernel whose lookups and commits take their time.
func laying(lookup, work time.Duration) func(*bot.Bot) {
	return func(b *bot.Bot) {
		b.Refs("beach", bot.Lookup{Find: func(_ context.Context, _ *bot.Call, text string, _ map[string]string) ([]bot.Option, error) {
			if text != "b1" {
				time.Sleep(lookup)
			}
			return []bot.Option{{Value: "b1", Label: "North beach"}}, nil
		}, Suggest: func(context.Context, *bot.Call, string, map[string]string) ([]bot.Option, error) {
			return []bot.Option{{Value: "b1", Label: "North beach"}}, nil
		}})
		bot.Handle(b, bot.Command[lay]{Name: "pebble lay", Short: "lay", Help: "Lays a pebble.", Who: anybody, On: bot.OnHome,
			Run: func(_ context.Context, c *bot.Call, a lay) (bot.Reply, error) {
				time.Sleep(work)
				switch {
				case strings.HasPrefix(a.Text, "short"):
					return bot.Reply{}, bot.Faultf(bot.Invalid, "Say more than that.").In("text")
				case strings.HasPrefix(a.Text, "never"):
					return bot.Reply{}, bot.Faultf(bot.Refused, "The beach is closed.")
				}
				store.Put(c.Batch(), pebbles, store.Row[pebble]{ID: store.NewID("p", c.Now), Val: pebble{a.Text}})
				return bot.Replyf("Laid: %s", a.Text), nil
			}})
		b.Homepage(1, func(context.Context, *bot.Call) ([]bot.Block, error) {
			return []bot.Block{bot.Buttons{Buttons: []bot.Button{{Label: "Lay one", Do: lay{}}}}}, nil
		})
	}
}

// bothSlackDoors runs a story over a socket and over HTTP, and ends clean.
func bothSlackDoors(t *testing.T, lookup, work time.Duration, story func(t *testing.T, w *bottest.World, d *slackDriver)) {
	t.Parallel()
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := slowForms(t, socket, lookup, work)
			story(t, w, d)
			d.fake.RequireClean(t)
		})
	}
}

func sees(t *testing.T, s bottest.Screen, want ...string) {
	t.Helper()
	for _, x := range want {
		if !strings.Contains(string(s), x) {
			t.Fatalf("want %q in:\n%s", x, s)
		}
	}
}

func TestAFormThatTakesLongerThanSlackWaitsFillsALoadingOne(t *testing.T) {
	bothSlackDoors(t, 4*time.Second, 0, func(t *testing.T, w *bottest.World, d *slackDriver) {
		h := d.person(t, "Rita")
		done := make(chan bottest.Screen, 1)
		go func() { done <- w.Driver.Command(t, "Rita", "/lay north") }()
		if v, err := h.AwaitModal("One moment"); err != nil || v.Title != "Lay pebble" {
			t.Fatalf("no loading form: %+v, %v", v, err)
		}
		sees(t, <-done, "{Lay pebble: Beach=North beach, Text}")
		sees(t, w.Driver.Fill(t, "Rita", map[string]string{"Text": "grey"}), "Laid: grey")
	})
}

func TestALoadingFormThatWasClosedDisturbsNobody(t *testing.T) {
	bothSlackDoors(t, 1500*time.Millisecond, 0, func(t *testing.T, w *bottest.World, d *slackDriver) {
		h := d.person(t, "Rita")
		done := make(chan bottest.Screen, 1)
		go func() { done <- w.Driver.Command(t, "Rita", "/lay north") }()
		if _, err := h.AwaitModal("One moment"); err != nil {
			t.Fatal(err)
		}
		if err := h.CloseModal(); err != nil {
			t.Fatal(err)
		}
		if s := <-done; s != "" {
			t.Fatalf("whoever closed the form sees:\n%s", s)
		}
		if h.Modal() != nil {
			t.Fatal("the form opened again")
		}
	})
}

func TestWhereNoLoadingFormOpensAButtonLeadsOn(t *testing.T) {
	bothSlackDoors(t, 1500*time.Millisecond, 0, func(t *testing.T, w *bottest.World, d *slackDriver) {
		d.fake.Inject(slacktest.Injection{Method: "views.open", Error: "expired_trigger_id"})
		sees(t, w.Driver.Command(t, "Rita", "/lay north"), "[Continue]")
		sees(t, w.Driver.Press(t, "Rita", "Continue"), "{Lay pebble: Text}")
		sees(t, w.Driver.Fill(t, "Rita", map[string]string{"Text": "grey"}), "Laid: grey")
	})
}

func TestAFormWhoseWorkTakesLongClosesAndIsAnswered(t *testing.T) {
	bothSlackDoors(t, 0, 3500*time.Millisecond, func(t *testing.T, w *bottest.World, d *slackDriver) {
		w.Driver.Command(t, "Rita", "/lay north")
		s := w.Driver.Fill(t, "Rita", map[string]string{"Text": "grey"})
		sees(t, s, "Laid: grey")
		if strings.Contains(string(s), "Slack says") {
			t.Fatalf("Slack complains:\n%s", s)
		}
	})
}

func TestWhatWasTypedComesBackWhenALateAnswerRefusesIt(t *testing.T) {
	bothSlackDoors(t, 0, 1700*time.Millisecond, func(t *testing.T, w *bottest.World, d *slackDriver) {
		for typed, answer := range map[string]string{"short and sweet": "Say more than that.", "never mind me": "The beach is closed."} {
			w.Driver.Command(t, "Rita", "/lay north")
			sees(t, w.Driver.Fill(t, "Rita", map[string]string{"Text": typed}), answer)
			sees(t, w.Driver.Press(t, "Rita", "Correct it"), "Text="+typed)
		}
	})
}

func TestOnDiscordAFormThatTakesTooLongIsAButtonAway(t *testing.T) {
	t.Parallel()
	for name, overHTTP := range map[string]bool{"gateway": false, "http": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d *discordDriver
			w := bottest.New(t, bottest.Options{Real: true, Add: laying(2500*time.Millisecond, 0), Driver: func(w *bottest.World) bottest.Driver {
				d = newDiscordDriver(t, w, overHTTP)
				return d
			}})
			d.ready(t, overHTTP)
			w.Person(t, "Rita", anybody, "Europe/Berlin")
			sees(t, d.Command(t, "Rita", "/lay north"), "[Continue]")
			sees(t, d.Press(t, "Rita", "Continue"), "{Lay pebble: Text}")
			sees(t, d.Fill(t, "Rita", map[string]string{"Text": "grey"}), "Laid: grey")
			d.clean(t)
		})
	}
}
