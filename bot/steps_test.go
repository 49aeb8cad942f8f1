package bot_test

import (
	"context"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
)

// pack has more fields than a narrow network shows.
type pack struct {
	Who   string `arg:"who" label:"Who"`
	Where string `arg:"where" label:"Where"`
	Socks string `arg:"socks,optional" label:"Socks"`
	Shoes string `arg:"shoes,optional" label:"Shoes"`
	Hat   string `arg:"hat,optional" label:"Hat"`
	Coat  string `arg:"coat,optional" label:"Coat"`
	Book  string `arg:"book,optional" label:"Book"`
}

// packing is a network whose forms show three fields and cannot follow each other.
func packing(t *testing.T) *bottest.World {
	w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) {
		bot.Handle(b, bot.Command[pack]{Name: "pack", Help: "Packs.", Who: clerk, Run: func(_ context.Context, _ *bot.Call, a pack) (bot.Reply, error) {
			if a.Hat == "none" {
				return bot.Reply{}, bot.Faultf(bot.Invalid, "It rains.").In("hat")
			}
			return bot.Replyf("Packed for %s: %s.", a.Who, strings.Join([]string{a.Where, a.Socks, a.Shoes, a.Hat, a.Coat, a.Book}, "/")), nil
		}})
	}, Driver: func(w *bottest.World) bottest.Driver {
		room := bottest.NewRoom("room", w.Clock.Now)
		narrow := bottest.Wide
		narrow.FormFields, narrow.FormFrom = 3, false
		room.Narrow(narrow)
		return room
	}})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	return w
}

func TestFieldsThatDoNotFitAreATickAway(t *testing.T) {
	t.Parallel()
	w := packing(t)
	d := w.Driver
	see(t, d.Command(t, "Rita", "/pack"), "{Pack: Who, Where, More details}")
	see(t, d.Fill(t, "Rita", map[string]string{"Who": "Ada", "Where": "Lagos", "More details": "true"}), "nothing is done yet.\n[Continue] [Leave them out]")
	see(t, d.Press(t, "Rita", "Continue"), "{Pack: Socks, Shoes, More details}")
	see(t, d.Fill(t, "Rita", map[string]string{"Shoes": "blue", "More details": "true"}), "[Continue]")
	see(t, d.Press(t, "Rita", "Continue"), "{Pack: Hat, Coat, Book}")
	see(t, d.Fill(t, "Rita", map[string]string{"Book": "short"}), "Packed for Ada: Lagos//blue///short.")
}

func TestNobodyInAHurrySeesASecondForm(t *testing.T) {
	t.Parallel()
	w := packing(t)
	d := w.Driver
	d.Command(t, "Rita", "/pack")
	see(t, d.Fill(t, "Rita", map[string]string{"Who": "Ada", "Where": "Lagos"}), "Packed for Ada: Lagos/////.")
	d.Command(t, "Rita", "/pack")
	d.Fill(t, "Rita", map[string]string{"Who": "Ben", "Where": "Rome", "More details": "true"})
	see(t, d.Press(t, "Rita", "Leave them out"), "Packed for Ben: Rome/////.")
}

func TestALaterStepThatIsWrongComesBackWhole(t *testing.T) {
	t.Parallel()
	w := packing(t)
	d := w.Driver
	see(t, d.Command(t, "Rita", "/pack who:Ada where:Lagos hat:none"), "It rains.")
	d.Command(t, "Rita", "/pack")
	d.Fill(t, "Rita", map[string]string{"Who": "Ada", "Where": "Lagos", "More details": "true"})
	d.Press(t, "Rita", "Continue")
	d.Fill(t, "Rita", map[string]string{"Shoes": "blue", "More details": "true"})
	d.Press(t, "Rita", "Continue")
	see(t, d.Fill(t, "Rita", map[string]string{"Hat": "none"}), "[Correct it]")
	see(t, d.Press(t, "Rita", "Correct it"), "{Pack: Hat=none, Who=Ada, More details}")
	see(t, d.Fill(t, "Rita", map[string]string{"Hat": "red"}), "Packed for Ada: Lagos//blue/red//.")
}
