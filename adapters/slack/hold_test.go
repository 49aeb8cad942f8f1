package slack

import (
	"context"
	"strings"
	"testing"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

// holding runs a story whose kernel first holds the place of a form, lets sam act, and goes on.
func holding(t *testing.T, meanwhile func(w *world), then func(ctx context.Context, w *world, ev bot.Event) error) (run func(w *world) slacktest.Answer) {
	t.Helper()
	return func(w *world) slacktest.Answer {
		w.mu.Lock()
		w.kernel = func(ctx context.Context, ev bot.Event) error {
			if _, ok := ev.Body.(bot.Asked); !ok {
				return w.standard(ctx, ev)
			}
			if err := ev.Turn.Hold(ctx, "Add a note"); err != nil {
				return err
			}
			if v := w.sam.Modal(); v == nil || v.Title != "Add a note" || !strings.Contains(v.Text, "One moment") || !strings.HasPrefix(v.ExternalID, "hold.") {
				w.t.Errorf("held is %+v", v)
			}
			if meanwhile != nil {
				meanwhile(w)
			}
			return then(ctx, w, ev)
		}
		w.mu.Unlock()
		return got(w.t)(w.sam.Slash("hiring", "/rapport", "note"))
	}
}

func TestAHeldPlaceTakesTheFormAfterTheAcknowledgement(t *testing.T) {
	bothDoors(t, func(w *world) {
		holding(w.t, nil, func(ctx context.Context, _ *world, ev bot.Event) error {
			if err := ev.Turn.Ack(ctx, bot.Private); err != nil {
				return err
			}
			return ev.Turn.Open(ctx, noteForm)
		})(w)
		if _, err := w.sam.AwaitModal("About"); err != nil {
			w.t.Fatal(err)
		}
		_ = w.sam.Fill("Text", "good")
		if a := got(w.t)(w.sam.SubmitModal()); !strings.Contains(a.Text, "noted: good") {
			w.t.Errorf("%+v", a)
		}
	})
}

func TestAnotherProcessFillsTheHeldPlaceAndIsNotOverwritten(t *testing.T) {
	bothDoors(t, func(w *world) {
		second := noteForm
		second.Title, second.Token = "The other", "other"
		holding(w.t, nil, func(ctx context.Context, w *world, ev bot.Event) error {
			other, err := w.s.Resume(ev.Turn.Handle())
			if err != nil {
				return err
			}
			if err := other.Open(ctx, second); err != nil {
				return err
			}
			return ev.Turn.Open(ctx, noteForm) // too late: sam may have typed into it
		})(w)
		if v, err := w.sam.AwaitModal("About"); err != nil || v.Title != "The other" {
			w.t.Fatalf("%+v %v", v, err)
		}
		calls := w.slack.Calls("views.update")
		if len(calls) != 2 || calls[1].Answer["error"] != "hash_conflict" {
			w.t.Errorf("nothing kept the second form out of %d", len(calls))
		}
	})
}

func TestWordsStandInAHeldPlaceOrWhereItWasClosedInTheConversation(t *testing.T) {
	say := func(ctx context.Context, _ *world, ev bot.Event) error {
		return ev.Turn.Say(ctx, bot.Say("There is nobody called so."))
	}
	bothDoors(t, func(w *world) {
		holding(w.t, nil, say)(w)
		if _, err := w.sam.AwaitModal("There is nobody"); err != nil {
			w.t.Fatal(err)
		}
		_ = w.sam.CloseModal()
		a := holding(w.t, func(w *world) { _ = w.sam.CloseModal() }, say)(w)
		if w.sam.Modal() != nil {
			w.t.Error("the modal is back")
		}
		if _, err := w.sam.Await("hiring", "There is nobody"); err != nil {
			w.t.Errorf("%+v %v", a, err)
		}
		w.slack.TakeFaults("not_found")
	})
}
