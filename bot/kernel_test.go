package bot_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/store"
)

// thing is a toy record: a shelf that holds one word.
type thing struct{ Word string }

var things = store.NewTable("test_thing", store.Def[thing]{Whose: store.Nobody[thing],
	Index: func(v thing, x *store.Index) { x.Words(v.Word); x.Order("all", "", 0) }})

type put struct {
	Shelf string `arg:"shelf" ref:"shelf" label:"Shelf"`
	Word  string `arg:"word" word:"to" label:"Word"`
	Note  string `arg:"note,optional,long"`
}

type take struct{ Shelf, Word string }

type burn struct {
	Shelf string `arg:"shelf" ref:"shelf" label:"Shelf"`
}

type told struct{ Shelf string }

const clerk bot.Role = 1

func toy(b *bot.Bot) {
	get := func(ctx context.Context, c *bot.Call, id string) (store.Row[thing], error) {
		return things.Get(ctx, c.Scope, id)
	}
	b.Refs("shelf", bot.Lookup{Find: func(ctx context.Context, c *bot.Call, text string, _ map[string]string) ([]bot.Option, error) {
		var out []bot.Option
		for _, id := range []string{"north", "nook", "south"} {
			if id == text {
				return []bot.Option{{Value: id, Label: id}}, nil
			}
			if strings.HasPrefix(id, strings.ToLower(text)) {
				out = append(out, bot.Option{Value: id, Label: id})
			}
		}
		return out, nil
	}})
	bot.Handle(b, bot.Command[put]{Name: "shelf put", Short: "put", Help: "Puts a word on a shelf.", Who: clerk,
		Run: func(ctx context.Context, c *bot.Call, a put) (bot.Reply, error) {
			row, err := get(ctx, c, a.Shelf)
			if err != nil {
				row = store.Row[thing]{ID: a.Shelf}
			}
			if row.Val.Word == a.Word {
				return bot.Reply{}, bot.Faultf(bot.Refused, "It says %s already.", a.Word)
			}
			was := row.Val.Word
			row.Val.Word = a.Word
			store.Put(c.Batch(), things, row)
			c.Record("shelf:" + a.Shelf)
			c.Tell(told{a.Shelf})
			return bot.Reply{Message: bot.Say("Put " + bot.Bold(a.Word) + " on " + a.Shelf + "."), Undo: take{a.Shelf, was}}, nil
		}})
	bot.Handle(b, bot.Command[take]{Name: "shelf take", Help: "Takes back.", Who: clerk, On: bot.Hidden,
		Run: func(ctx context.Context, c *bot.Call, a take) (bot.Reply, error) {
			row, err := get(ctx, c, a.Shelf)
			if err != nil {
				return bot.Reply{}, err
			}
			row.Val.Word = a.Word
			store.Put(c.Batch(), things, row)
			return bot.Replyf("Taken back; %s says %q.", a.Shelf, a.Word), nil
		}})
	bot.Handle(b, bot.Command[burn]{Name: "shelf burn", Help: "Burns a shelf.", Who: clerk,
		Confirm: func(ctx context.Context, c *bot.Call, a burn) (*bot.Preview, error) {
			row, err := get(ctx, c, a.Shelf)
			if err != nil {
				return nil, err
			}
			return &bot.Preview{Message: bot.Say("Burn " + row.Val.Word + "?"), Do: "Burn it", Danger: true, Rev: row.Val.Word}, nil
		},
		Run: func(ctx context.Context, c *bot.Call, a burn) (bot.Reply, error) {
			row, err := get(ctx, c, a.Shelf)
			if err != nil {
				return bot.Reply{}, err
			}
			store.Delete(c.Batch(), things, row)
			return bot.Replyf("Burnt %s.", row.Val.Word), nil
		}})
	bot.On(b, "watch", func(ctx context.Context, c *bot.Call, n told) error {
		return c.Send(ctx, bot.Outgoing{Place: bot.Place{Network: "room", Team: "T1", To: "Max", Direct: true}, Message: bot.Say("Shelf " + n.Shelf + " changed.")})
	})
}

func world(t *testing.T) *bottest.World {
	w := bottest.New(t, bottest.Options{Add: toy})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	w.Person(t, "Max", clerk, "Asia/Tokyo")
	return w
}

func see(t *testing.T, got bottest.Screen, want string) {
	t.Helper()
	if !strings.Contains(string(got), want) {
		t.Fatalf("want %q in:\n%s", want, got)
	}
}

func TestATypedLineIsDoneAnsweredAndTakenBack(t *testing.T) {
	t.Parallel()
	w := world(t)
	see(t, w.Driver.Command(t, "Rita", "/put north to plum"), "Put plum on north.")
	w.Settle(t)
	if in := w.Driver.Inbox(t, "Max"); !strings.Contains(in, "Shelf north changed.") {
		t.Fatalf("Max got %q", in)
	}
	see(t, w.Driver.Press(t, "Rita", "Undo"), `Taken back; north says "".`)
	see(t, w.Driver.(*bottest.Room).Again(t, "Rita"), `Taken back; north says "".`) // pressed twice, answered alike
}

func TestTheSameEventIsDoneOnceAndAnsweredAlike(t *testing.T) {
	t.Parallel()
	w := world(t)
	room := w.Driver.(*bottest.Room)
	see(t, room.Event(t, "Rita", "ev1", bot.Asked{Text: `put "north" plum`}), "Put plum")
	see(t, room.Event(t, "Rita", "ev1", bot.Asked{Text: `put "north" plum`}), "Put plum")
	rows, err := w.DB.In("t1").History(context.Background(), "shelf:north", 10)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d audit rows, %v", len(rows), err)
	}
}

// A mention comes as two events about the same words, and either may come again.
func TestWhatIsSaidTwiceIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	w := world(t)
	room := w.Driver.(*bottest.Room)
	for line, want := range map[string]string{"put north to plum": "Put plum", "put nowhere to pear": "nowhere", "put no to apple": "north", "colour": "do not know"} {
		first := bot.Said{Text: line, Message: line, Mention: true}
		see(t, room.Heard(t, "Rita", "a/"+line, "m/"+line, first), want)
		for _, id := range []string{"a/" + line, "b/" + line} {
			if again := room.Heard(t, "Rita", id, "m/"+line, first); again != "" {
				t.Errorf("%s of %q is answered again: %s", id, line, again)
			}
		}
	}
}

func TestFourDeliveriesAtOnceAreAnsweredOnce(t *testing.T) {
	t.Parallel()
	w := world(t)
	room := w.Driver.(*bottest.Room)
	room.Heard(t, "Rita", "first", "", bot.Said{Text: "colour", Mention: true}) // the room is ready
	said := room.Count("Rita")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { room.Heard(t, "Rita", "same", "words", bot.Said{Text: "colour", Mention: true}) })
	}
	all.Wait()
	if n := room.Count("Rita") - said; n != 1 {
		t.Errorf("answered %d times", n)
	}
}

func TestSeveralFitsAreAskedAndTheAnswerGoesOn(t *testing.T) {
	t.Parallel()
	w := world(t)
	s := w.Driver.Command(t, "Rita", "/put no word:plum")
	see(t, s, "Which one do you mean?")
	see(t, w.Driver.Press(t, "Rita", "nook"), "Put plum on nook.")
}

func TestMissingWordsAreAskedInAForm(t *testing.T) {
	t.Parallel()
	w := world(t)
	see(t, w.Driver.Command(t, "Rita", "/put south"), "{Put shelf: Shelf=south, Word")
	see(t, w.Driver.Fill(t, "Rita", map[string]string{"Word": "fig"}), "Put fig on south.")
}

func TestAPreviewIsBoundToWhatItShowed(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Driver.Command(t, "Rita", "/put south word:fig")
	see(t, w.Driver.Command(t, "Rita", "/rapport shelf burn south"), "Burn fig?")
	w.Driver.Command(t, "Max", "/put south word:pear")
	see(t, w.Driver.Press(t, "Rita", "Burn it"), "Something changed in the meantime")
	see(t, w.Driver.Press(t, "Rita", "Burn it"), "Burnt pear.")
	see(t, w.Driver.(*bottest.Room).Again(t, "Rita"), "Burnt pear.")
}

func TestTheNearestCommandOfTheGroupComesFirst(t *testing.T) {
	t.Parallel()
	w := world(t)
	s := string(w.Driver.Command(t, "Rita", "/rapport shelf ptu north"))
	see(t, bottest.Screen(s), "I do not know the command “shelf ptu”.")
	if burn, put := strings.Index(s, "shelf burn"), strings.Index(s, "shelf put"); put < 0 || burn >= 0 && burn < put {
		t.Errorf("what was meant does not come first:\n%s", s)
	}
}

func TestStrangersAndWrongWords(t *testing.T) {
	t.Parallel()
	w := world(t)
	see(t, w.Driver.Command(t, "Zed", "/put north plum"), "I do not know you yet")
	see(t, w.Driver.Command(t, "Rita", "/rapport shelf putt north"), "/rapport shelf put")
	see(t, w.Driver.Command(t, "Rita", "/put west plum"), "I know no shelf called")
}
