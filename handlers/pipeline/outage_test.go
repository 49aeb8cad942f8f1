package pipeline

import (
	"context"
	"errors"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/store"
)

// fewReads is a context in which the store answers so many times more.
type fewReads struct {
	context.Context
	left int
}

func (f *fewReads) Err() error {
	if f.left--; f.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func office(t *testing.T) (*bottest.World, *bottest.Room) {
	t.Helper()
	w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { Add(b, nil) }, Roles: recruiting.Words()})
	w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
	room := w.Driver.(*bottest.Room)
	room.Command(t, "Rita", `job open "Backend Engineer" stages:"Applied, Screen, Onsite"`)
	return w, room
}

var errEnough = errors.New("seen enough: nothing is to be kept")

// inCall runs something in a call of Rita's that keeps nothing.
func inCall(t *testing.T, w *bottest.World, run func(context.Context, *bot.Call)) {
	t.Helper()
	err := w.Bot.Act(t.Context(), w.Tenant, "test", store.NewID("op", w.Clock.Now()), "test", func(ctx context.Context, c *bot.Call) error {
		rita, err := c.PersonByID(ctx, w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin"))
		if err != nil {
			return err
		}
		c.Person = rita
		run(ctx, c)
		return errEnough
	})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
}

// A store that does not answer has not said that something is gone: what the machine
// does is tried again, not taken for done.
func TestAnOutageIsNotTakenForNothingToDo(t *testing.T) {
	t.Parallel()
	w, _ := office(t)
	for name, run := range map[string]func(context.Context, *bot.Call) error{
		"a job closed in the moment somebody came to it": func(ctx context.Context, c *bot.Call) error {
			return closeCheck(ctx, c, recruiting.JobClosed{Job: "j1", By: c.Person.ID})
		},
		"a draft nobody came back to": func(ctx context.Context, c *bot.Call) error {
			_, err := dropDraft(ctx, c, DropDraft{Draft: "c1"})
			return err
		},
		"a note whose message was deleted": func(ctx context.Context, c *bot.Call) error {
			return tellOrphaned(ctx, c, store.Row[recruiting.Note]{ID: "n1", Val: recruiting.Note{Author: c.Person.ID, Candidate: "c1"}})
		},
		"whom a candidate is looked after by": func(ctx context.Context, c *bot.Call) error {
			_, _, err := atlas{}.changedTo(ctx, c, recruiting.Candidate{}, edited{rest: rest{Owner: "m1"}})
			return err
		},
		"what a contradiction was about": func(ctx context.Context, c *bot.Call) error {
			_, err := explain(ctx, c, store.Audit{Records: []string{"candidate:c1"}})
			return err
		},
		"a draft taken up again": func(ctx context.Context, c *bot.Call) error {
			_, err := atlas{}.addAnyway(ctx, c, AddAnyway{Draft: "c1"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			inCall(t, w, func(ctx context.Context, c *bot.Call) {
				err := run(&fewReads{Context: ctx}, c)
				var f *bot.Fault
				if err == nil || errors.As(err, &f) {
					t.Errorf("the outage was taken for an answer: %v", err)
				}
			})
		})
	}
}

// Whichever read fails, undo takes back the latest act or none: not the one before.
func TestUndoReachesPastNoActItCouldNotRead(t *testing.T) {
	t.Parallel()
	w, room := office(t)
	for _, name := range []string{"Ada", "Bea"} {
		room.Command(t, "Rita", `candidate add `+name+` email:`+name+`@mail.example job:"Backend Engineer"`)
	}
	for _, name := range []string{"Ada", "Bea"} {
		room.Command(t, "Rita", `candidate move `+name+` to:Screen`)
		w.Settle(t)
	}
	done := false
	for reads := 0; reads < 50 && !done; reads++ {
		inCall(t, w, func(ctx context.Context, c *bot.Call) {
			r, err := undoLast(&fewReads{ctx, reads}, c, UndoLast{})
			var f *bot.Fault
			switch {
			case errors.As(err, &f):
				t.Errorf("after %d reads the outage was taken for an answer: %s", reads, f.Say)
			case err == nil && !strings.Contains(r.Message.Text, "Bea"):
				t.Errorf("after %d reads: %q", reads, r.Message.Text)
			}
			done = err == nil
		})
	}
	if !done {
		t.Error("the latest act was never taken back")
	}
}
