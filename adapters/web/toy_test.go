package web_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/adapters/web/webtest"
	"rapport/bot"
	"rapport/bot/bottest"
)

const (
	recruiter bot.Role = 1
	manager   bot.Role = 2
)

// office is a small pipeline, enough to talk about: people at stages, in memory.
type office struct {
	mu    sync.Mutex
	at    map[string]string
	names []string
	moves int
}

type move struct {
	Who  string `arg:"candidate" ref:"candidate" label:"Candidate"`
	To   string `arg:"to" ref:"stage" word:"to" label:"Stage"`
	Note string `arg:"note,optional,long" label:"Note" hint:"Only the team reads it"`
}

type back struct{ Who, To string }

type add struct {
	Name string `arg:"name" label:"Name"`
	Mail string `arg:"email,email" label:"Email"`
	From string `arg:"source,choice" choices:"referral=Referral|website=Website|event=Event" label:"Heard of us by"`
	Day  string `arg:"start,date,optional" label:"Can start on"`
	Long string `arg:"about,long,optional" label:"About" hint:"What the team should know"`
	Flag bool   `arg:"remote,optional" label:"Works remotely"`
	Asks string `arg:"owner,member,optional" label:"Owner"`
}

type show struct {
	Who string `arg:"candidate" ref:"candidate" label:"Candidate"`
}

type board struct{}

type shout struct {
	Words string `arg:"words" label:"Words"`
}

type claim struct{ Words string }

type tell struct {
	Person string `arg:"person,member" label:"Person"`
	Words  string `arg:"words" label:"Words"`
}

type told struct{ Place, Words string }

var stages = []string{"Applied", "Phone screen", "Onsite", "Offer", "Hired"}

func pick(list []string, typed string) []bot.Option {
	var out []bot.Option
	for _, s := range list {
		if strings.EqualFold(s, typed) {
			return []bot.Option{{Value: s, Label: s}}
		}
		if strings.HasPrefix(strings.ToLower(s), strings.ToLower(typed)) {
			out = append(out, bot.Option{Value: s, Label: s})
		}
	}
	return out
}

func (o *office) wire(b *bot.Bot) {
	find := func(list func() []string) bot.Lookup {
		return bot.Lookup{Find: func(_ context.Context, _ *bot.Call, text string, _ map[string]string) ([]bot.Option, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			return pick(list(), text), nil
		}}
	}
	b.Refs("candidate", find(func() []string { return o.names }))
	b.Refs("stage", find(func() []string { return stages }))
	bot.Handle(b, bot.Command[move]{Name: "candidate move", Short: "move", Title: "Move a candidate", Help: "Moves somebody to another stage.", Who: recruiter, On: bot.OnHome, Example: "move Ada to:Onsite",
		Run: func(_ context.Context, c *bot.Call, a move) (bot.Reply, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			was := o.at[a.Who]
			o.at[a.Who] = a.To
			o.moves++
			c.Record("candidate:" + a.Who)
			text := "Moved " + bot.Bold(a.Who) + " from " + was + " to " + bot.Bold(a.To) + "."
			return bot.Reply{Message: bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: show{a.Who}}}}), Undo: back{a.Who, was}}, nil
		}})
	bot.Handle(b, bot.Command[back]{Name: "move back", Help: "Takes a move back.", Who: recruiter, On: bot.Hidden,
		Run: func(_ context.Context, c *bot.Call, a back) (bot.Reply, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.at[a.Who] = a.To
			c.Record("candidate:" + a.Who)
			return bot.Replyf("Taken back. %s is at %s.", bot.Bold(a.Who), bot.Bold(a.To)), nil
		}})
	bot.Handle(b, bot.Command[add]{Name: "candidate add", Title: "Add a candidate", Help: "Adds somebody by hand.", Who: recruiter, On: bot.OnHome,
		Run: func(_ context.Context, c *bot.Call, a add) (bot.Reply, error) {
			if a.Mail == "taken@mail.example" {
				return bot.Reply{}, bot.Faultf(bot.Refused, "Somebody has this address already.").In("email")
			}
			o.mu.Lock()
			defer o.mu.Unlock()
			o.names, o.at[a.Name] = append(o.names, a.Name), "Applied"
			c.Record("candidate:" + a.Name)
			return bot.Replyf("Added %s, who heard of us by %s.", bot.Bold(a.Name), a.From), nil
		}})
	bot.Handle(b, bot.Command[show]{Name: "candidate show", Short: "show", Title: "Open a card", Help: "Shows what is known of somebody.", Who: recruiter | manager, Reads: true,
		Run: func(_ context.Context, _ *bot.Call, a show) (bot.Reply, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			at := time.Date(2026, 12, 3, 14, 0, 0, 0, time.UTC)
			return bot.Answer(bot.Card(a.Who, bot.Heading{Text: a.Who}, bot.Facts{Facts: []bot.Fact{{Name: "Stage", Value: o.at[a.Who]}, {Name: "Job", Value: "Backend Engineer"}, {Name: "Email", Value: "ada@mail.example"},
				{Name: "Next", Value: "Interview " + bot.Moment(at, "Asia/Kolkata", bot.DateTime)}, {Name: "Owner", Value: bot.Mention(bot.Account{Network: "console", Team: "t1", ID: "m"}, "Rita Holm")}, {Name: "Added", Value: bot.Moment(at.AddDate(0, -1, 0), "UTC", bot.DateOnly)}}},
				bot.Choices{Label: "Move to", Options: []bot.Option{{Value: "Onsite", Label: "Onsite"}, {Value: "Offer", Label: "Offer"}}, Field: "to", Do: move{Who: a.Who}},
				bot.Buttons{Buttons: []bot.Button{{Label: "Move…", Style: bot.Primary, Do: move{Who: a.Who}}, {Label: "Profile", URL: "https://people.example/ada"}, {Label: "Bad link", URL: "javascript:alert(1)"}}},
				bot.Note{Text: "Everything on this card is invented."})), nil
		}})
	bot.Handle(b, bot.Command[board]{Name: "job board", Short: "board", Title: "Board", Help: "Shows where everybody stands.", Who: recruiter | manager, On: bot.OnHome, Reads: true,
		Run: func(context.Context, *bot.Call, board) (bot.Reply, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			chart, rows := bot.Chart{Title: "Backend Engineer", Unit: "people"}, bot.Table{Head: []string{"Name", "Stage", "Days"}}
			for i, s := range stages {
				chart.Bars = append(chart.Bars, bot.Bar{Label: s, Value: float64(23 / (i + 1))})
			}
			for i, n := range o.names {
				rows.Rows = append(rows.Rows, []string{n, o.at[n], string(rune('1' + i%9))})
			}
			return bot.Answer(bot.Card("Board", chart, rows, bot.List{Items: []string{"Two people wait for an answer", "One offer runs out on " + bot.Moment(time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), "Asia/Kathmandu", bot.DateTime)}})), nil
		}})
	bot.Handle(b, bot.Command[shout]{Name: "say aloud", Short: "aloud", Help: "Says something to everybody here.", Who: recruiter, Reads: true,
		Run: func(_ context.Context, _ *bot.Call, a shout) (bot.Reply, error) {
			m := bot.Card(a.Words, bot.Para{Text: a.Words}, bot.Buttons{Buttons: []bot.Button{{Label: "Claim", Do: claim(a)}}})
			m.Public = true
			return bot.Answer(m), nil
		}})
	bot.Handle(b, bot.Command[claim]{Name: "say claim", Help: "Takes it.", Who: recruiter | manager, On: bot.Hidden,
		Run: func(_ context.Context, c *bot.Call, a claim) (bot.Reply, error) {
			c.Record("claim:x")
			m := bot.Say(a.Words + ": " + c.Person.Name + " has it.")
			m.Public = true
			return bot.Answer(m), nil
		}})
	bot.Handle(b, bot.Command[tell]{Name: "tell", Help: "Tells somebody something.", Who: recruiter,
		Run: func(_ context.Context, c *bot.Call, a tell) (bot.Reply, error) {
			c.Record("told:x")
			c.Tell(told{a.Person, a.Words})
			return bot.Replyf("Told."), nil
		}})
	bot.On(b, "post", func(ctx context.Context, c *bot.Call, n told) error {
		return c.Send(ctx, bot.Outgoing{Place: bot.Place{Network: "console", Team: c.Tenant, To: n.Place, Direct: true}, Message: bot.Say(n.Words)})
	})
	b.Listen(func(_ context.Context, _ *bot.Call, s bot.Said) (bot.Reply, bool, error) {
		return bot.Replyf("You said: %s", s.Text), strings.Contains(s.Text, "hello"), nil
	})
	b.Homepage(1, func(context.Context, *bot.Call) ([]bot.Block, error) {
		return []bot.Block{bot.Heading{Text: "Waiting for you"}, bot.Facts{Facts: []bot.Fact{{Name: "Oldest", Value: bot.Moment(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), "UTC", bot.Relative)}, {Name: "People", Value: "3"}}},
			bot.List{Items: []string{"Ada Okafor: decide on the offer", "Mateo Herrera: write the scorecard", "Ines Duarte: confirm Thursday"}},
			bot.Buttons{Buttons: []bot.Button{{Label: "Board", Style: bot.Primary, Do: board{}}, {Label: "Add a candidate", Do: add{}}}}}, nil
	})
}

func newOffice() *office {
	return &office{at: map[string]string{"Ada Okafor": "Phone screen", "Adam Lindqvist": "Applied", "Mateo Herrera": "Onsite", "Inês Duarte": "Offer"},
		names: []string{"Ada Okafor", "Adam Lindqvist", "Mateo Herrera", "Inês Duarte"}}
}

// world is a console over HTTP with a recruiter and a manager.
func world(t *testing.T) (*bottest.World, *webtest.Driver, *office) {
	t.Helper()
	o := newOffice()
	w := bottest.New(t, bottest.Options{Add: o.wire, Driver: func(w *bottest.World) bottest.Driver { return webtest.New(t, w) },
		Roles: bot.RoleWords{Has: func(r bot.Role) string {
			return map[bot.Role]string{recruiter: "recruiter", manager: "hiring manager", recruiter | manager: "recruiter, hiring manager"}[r]
		}, May: func(bot.Role) string { return "recruiters" }}})
	w.Person(t, "Rita", recruiter, "Europe/Berlin")
	w.Person(t, "Max", manager, "America/New_York")
	return w, w.Driver.(*webtest.Driver), o
}

func see(t *testing.T, got bottest.Screen, want string) {
	t.Helper()
	if !strings.Contains(string(got), want) {
		t.Fatalf("want %q in:\n%s", want, got)
	}
}
