package slackdrive

import (
	"context"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/store"
)

type thing struct{ Word string }

var things = store.NewTable("test_shelf", store.Def[thing]{Whose: store.Nobody[thing]})

type put struct {
	Shelf string `arg:"shelf" ref:"shelf" label:"Shelf"`
	Word  string `arg:"word" word:"to" label:"Word"`
	Note  string `arg:"note,optional,long" label:"Note"`
}

type call struct {
	Who string `arg:"who,member" label:"Who"`
}

const clerk bot.Role = 1

// shelves is a small vocabulary: words are put on shelves.
func shelves(b *bot.Bot) {
	names := []string{"north", "nook", "south"}
	find := func(_ context.Context, _ *bot.Call, typed string, _ map[string]string) (out []bot.Option, err error) {
		for _, n := range names {
			if n == typed {
				return []bot.Option{{Value: n, Label: n}}, nil
			}
			if strings.HasPrefix(n, typed) {
				out = append(out, bot.Option{Value: n, Label: n})
			}
		}
		return out, nil
	}
	b.Refs("shelf", bot.Lookup{Find: find, Suggest: find})
	bot.Handle(b, bot.Command[put]{
		Name: "shelf put", Short: "put", Title: "Put a word", Help: "Puts a word on a shelf.", Who: clerk,
		Run: func(ctx context.Context, c *bot.Call, a put) (bot.Reply, error) {
			row, err := things.Get(ctx, c.Scope, a.Shelf)
			if err != nil {
				row = store.Row[thing]{ID: a.Shelf}
			}
			switch was := row.Val.Word; {
			case a.Word == "no":
				return bot.Reply{Refuse: bot.FieldErrors{"word": "Not that word."}}, nil
			case was == a.Word:
				return bot.Reply{}, bot.Faultf(bot.Refused, "It says %s already.", a.Word)
			}
			was := row.Val.Word
			if was == "" {
				was = "nothing"
			}
			row.Val.Word = a.Word
			store.Put(c.Batch(), things, row)
			text := a.Shelf + " says " + bot.Bold(a.Word) + "."
			return bot.Reply{
				Message: bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Say more", Do: put{Shelf: a.Shelf}}}}),
				Undo:    put{Shelf: a.Shelf, Word: was},
			}, nil
		}})
	bot.Handle(b, bot.Command[call]{
		Name: "shelf call", Title: "Call somebody", Help: "Calls a member.", Who: clerk, Reads: true,
		Run: func(_ context.Context, _ *bot.Call, a call) (bot.Reply, error) { return bot.Replyf("called"), nil },
	})
	b.Homepage(1, func(context.Context, *bot.Call) ([]bot.Block, error) {
		return []bot.Block{bot.Heading{Text: "Your shelves"}, bot.Buttons{Buttons: []bot.Button{{Label: "Say more", Do: put{Shelf: "north"}}}}}, nil
	})
}

func TestScriptOverBothDoors(t *testing.T) {
	for _, door := range []string{"http", "socket"} {
		t.Run(door, func(t *testing.T) {
			t.Parallel()
			var d *Driver
			w := bottest.New(t, bottest.Options{Real: true, Add: shelves, Driver: func(w *bottest.World) bottest.Driver {
				d = New(t, w.Bot.Host(), door == "socket", "put")
				return d
			}})
			bottest.Script(t, w, "testdata/shelf.txt", func(string) bot.Role { return clerk })
			d.Slack.RequireClean(t)
		})
	}
}
