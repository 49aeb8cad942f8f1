package bot_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/store"
)

// arrange is an act whose form takes its time.
type arrange struct {
	Shelf string `arg:"shelf" ref:"slow" label:"Shelf"`
	Word  string `arg:"word" label:"Word"`
}

// holder is a room that can open the place of a form, and counts how often it did.
func holder(t *testing.T, lookup, shape time.Duration, patience time.Duration) (*bottest.World, *bottest.Room) {
	var room *bottest.Room
	w := bottest.New(t, bottest.Options{Real: true, Add: func(b *bot.Bot) {
		toy(b)
		b.Refs("slow", bot.Lookup{Find: func(_ context.Context, _ *bot.Call, text string, _ map[string]string) ([]bot.Option, error) {
			time.Sleep(lookup)
			if text == "nowhere" {
				return nil, nil
			}
			return []bot.Option{{Value: text, Label: text}}, nil
		}})
		bot.Handle(b, bot.Command[arrange]{Name: "arrange", Help: "Arranges.", Who: clerk,
			Shape: func(ctx context.Context, _ *bot.Call, _ arrange, f *bot.Form) {
				select {
				case <-time.After(shape):
					if shape > 0 {
						f.Fields[1].Label = "All is known"
					}
				case <-ctx.Done():
				}
			},
			Run: func(_ context.Context, _ *bot.Call, a arrange) (bot.Reply, error) {
				return bot.Replyf("Arranged %s.", a.Word), nil
			}})
	}, Driver: func(w *bottest.World) bottest.Driver {
		room = bottest.NewRoom("room", time.Now)
		wide := bottest.Wide
		wide.FormHold, wide.Patience = true, patience
		room.Narrow(wide)
		return room
	}})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	return w, room
}

func TestAQuickFormOpensWithoutALoadingOne(t *testing.T) {
	t.Parallel()
	w, room := holder(t, 0, 0, 3*time.Second)
	see(t, w.Driver.Command(t, "Rita", "/arrange north"), "{Arrange: Shelf=north, Word}")
	if n := room.Held(); n != 0 {
		t.Fatalf("%d places were held for a form that was there at once", n)
	}
}

func TestAFormThatTakesAMomentFillsThePlaceThatWasHeldForIt(t *testing.T) {
	t.Parallel()
	for name, lookup := range map[string]time.Duration{"before the network is told to wait": 600 * time.Millisecond, "after": 2500 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, room := holder(t, lookup, 0, 3*time.Second)
			see(t, w.Driver.Command(t, "Rita", "/arrange north"), "{Arrange: Shelf=north, Word}")
			if n := room.Held(); n != 1 {
				t.Fatalf("%d places were held", n)
			}
			see(t, w.Driver.Fill(t, "Rita", map[string]string{"Word": "fig"}), "Arranged fig.")
			left, err := w.DB.TakeInbox(context.Background(), nil, time.Now().Add(time.Hour), 10)
			if err != nil || len(left) != 0 {
				t.Fatalf("the inbox still holds %d items, %v", len(left), err)
			}
		})
	}
}

func TestASlowShapeIsWaitedForWhereAPlaceIsHeld(t *testing.T) {
	t.Parallel()
	w, room := holder(t, 0, time.Second, 3*time.Second)
	see(t, w.Driver.Command(t, "Rita", "/arrange north"), "All is known")
	if n := room.Held(); n != 1 {
		t.Fatalf("%d places were held", n)
	}
}

func TestASlowShapeIsLeftOutOfTheFormElsewhere(t *testing.T) {
	t.Parallel()
	w, room := holder(t, 0, 5*time.Second, 3*time.Second)
	room.Narrow(bottest.Wide)
	began := time.Now()
	s := w.Driver.Command(t, "Rita", "/arrange north")
	see(t, s, "{Arrange: Shelf=north, Word}")
	if took := time.Since(began); took > 4*time.Second || strings.Contains(string(s), "All is known") {
		t.Fatalf("waited %v for a shape, and sees:\n%s", took, s)
	}
}

func TestWhatIsNoFormAfterAllStandsInItsPlace(t *testing.T) {
	t.Parallel()
	w, room := holder(t, 600*time.Millisecond, 0, 3*time.Second)
	see(t, w.Driver.Command(t, "Rita", "/arrange nowhere"), "I know no shelf called nowhere.")
	if n := room.Held(); n != 1 {
		t.Fatalf("%d places were held", n)
	}
}

func TestAPlaceIsHeldOnlyForWhatWantsAForm(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	var room *bottest.Room
	w := bottest.New(t, bottest.Options{Add: slowly(700*time.Millisecond, &runs), Real: true, Driver: func(w *bottest.World) bottest.Driver {
		room = bottest.NewRoom("room", time.Now)
		wide := bottest.Wide
		wide.FormHold = true
		room.Narrow(wide)
		return room
	}})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	see(t, w.Driver.Command(t, "Rita", "/crawl plum"), "Crawled to plum.")
	if n := room.Held(); n != 0 {
		t.Fatalf("%d places were held for an act that asks nothing", n)
	}
}

// jot writes down a text; the store is away as long as away says so.
type jot struct {
	Text string `arg:"text,long"`
}

func jotting(t *testing.T, abil bot.Abilities, away *atomic.Bool, before time.Duration) *bottest.World {
	w := bottest.New(t, bottest.Options{Real: true, Add: func(b *bot.Bot) {
		bot.Handle(b, bot.Command[jot]{Name: "jot", Help: "Jots.", Who: clerk, Run: func(_ context.Context, c *bot.Call, a jot) (bot.Reply, error) {
			time.Sleep(before)
			if away.Load() {
				return bot.Reply{}, &store.Unavailable{Err: context.DeadlineExceeded}
			}
			store.Put(c.Batch(), things, store.Row[thing]{ID: "jot", Val: thing{a.Text}})
			return bot.Replyf("Jotted: %s", a.Text), nil
		}})
	}, Driver: func(w *bottest.World) bottest.Driver {
		room := bottest.NewRoom("room", time.Now)
		room.Narrow(abil)
		return room
	}})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	return w
}

func TestAFormStaysOpenWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	away.Store(true)
	w := jotting(t, bottest.Wide, &away, 0)
	w.Driver.Command(t, "Rita", "/jot")
	see(t, w.Driver.Fill(t, "Rita", map[string]string{"Text": "all I know"}), "refused")
	away.Store(false)
	see(t, w.Driver.Fill(t, "Rita", map[string]string{"Text": "all I know"}), "Jotted: all I know")
}

func TestAFormThatCannotStayHandsItsTextBackWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	away.Store(true)
	narrow := bottest.Wide
	narrow.FormFrom = false
	w := jotting(t, narrow, &away, 0)
	w.Driver.Command(t, "Rita", "/jot")
	const text = "a long story about somebody that nobody types twice"
	see(t, w.Driver.Fill(t, "Rita", map[string]string{"Text": text}), text)
}

func TestWhatIsWrittenDownWhenTheStoreGoesAwayIsDoneOnceItIsBack(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	away.Store(true)
	w := jotting(t, bottest.Wide, &away, 1500*time.Millisecond)
	w.Driver.Command(t, "Rita", "/jot")
	see(t, w.Driver.Fill(t, "Rita", map[string]string{"Text": "later"}), "is written down")
	away.Store(false)
	until(t, "the act is done", func() bool {
		row, err := things.Get(context.Background(), w.DB.In(w.Tenant), "jot")
		return err == nil && row.Val.Word == "later"
	})
}
