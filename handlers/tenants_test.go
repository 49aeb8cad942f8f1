package handlers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/admin"
	"rapport/handlers/tables"
	"rapport/store"
)

// employer is one tenant of two that share a process: who asks, and words that
// nobody else may ever read.
type employer struct {
	tenant, team, account, person string
	candidate, job                string // ids
	name, half                    string // of the candidate; half of it
	secret                        []string
	tokens                        []string
}

// seat is the asking side of one exchange: it keeps everything that is shown.
type seat struct {
	shown []bot.Message
	forms []bot.Form
	other []string
}

func (s *seat) Ack(context.Context, bot.Visibility) error      { return nil }
func (s *seat) Open(_ context.Context, f bot.Form) error       { s.forms = append(s.forms, f); return nil }
func (s *seat) Hold(context.Context, string) error             { return nil }
func (s *seat) Say(_ context.Context, m bot.Message) error     { s.shown = append(s.shown, m); return nil }
func (s *seat) Replace(_ context.Context, m bot.Message) error { return s.Say(context.Background(), m) }
func (s *seat) Done(context.Context) error                     { return nil }
func (s *seat) Handle() []byte                                 { return []byte("seat") }
func (s *seat) Refuse(_ context.Context, e bot.FieldErrors) error {
	s.other = append(s.other, fmt.Sprint(e))
	return nil
}
func (s *seat) Suggest(_ context.Context, o []bot.Option) error {
	s.other = append(s.other, fmt.Sprint(o))
	return nil
}

func (s *seat) text() string {
	out := append([]string(nil), s.other...)
	for _, m := range s.shown {
		out = append(out, m.Text, bottest.Show(m))
	}
	for _, f := range s.forms {
		out = append(out, bottest.ShowForm(f), fmt.Sprint(f.Fields))
	}
	return strings.Join(out, "\n")
}

func (s *seat) pressable() []string {
	var out []string
	for _, m := range s.shown {
		for _, b := range m.Blocks {
			switch b := b.(type) {
			case bot.Buttons:
				for _, x := range b.Buttons {
					if x.Token != "" {
						out = append(out, x.Token)
					}
				}
			case bot.Choices:
				out = append(out, b.Token)
			}
		}
	}
	for _, f := range s.forms {
		out = append(out, f.Token)
	}
	return out
}

type twoWorlds struct {
	t *testing.T
	w *bottest.World
	n int
}

func (x *twoWorlds) do(e *employer, body bot.Body) *seat {
	x.t.Helper()
	x.n++
	s := &seat{}
	x.w.Clock.Add(1e9) // more than a person can type is refused
	ev := bot.Event{ID: fmt.Sprint("two", x.n), From: bot.Account{Network: "room", Team: e.team, ID: e.account}, At: x.w.Clock.Now(), Body: body, Turn: s,
		Place: bot.Place{Network: "room", Team: e.team, Channel: "D" + e.account, Direct: true}}
	if err := x.w.Bot.Receive(context.Background(), ev); err != nil {
		x.t.Fatalf("%T: %v", body, err)
	}
	return s
}

func (x *twoWorlds) type_(e *employer, line string) *seat {
	x.t.Helper()
	s := x.do(e, bot.Asked{Text: line})
	e.tokens = append(e.tokens, s.pressable()...)
	return s
}

func (x *twoWorlds) found(e *employer, name, job string, secret ...string) {
	x.t.Helper()
	ctx := context.Background()
	global := x.w.DB.In("")
	if e.tenant != x.w.Tenant {
		b := global.Batch("")
		store.Put(b, bot.Tenants, store.Row[bot.Tenant]{ID: e.tenant, Val: bot.Tenant{Name: "Another employer", Created: x.w.Clock.Now()}})
		if err := global.Commit(ctx, b); err != nil {
			x.t.Fatal(err)
		}
	}
	if err := x.w.Bot.Claim(ctx, "room", e.team, e.tenant, "", x.w.Clock.Now()); err != nil {
		x.t.Fatal(err)
	}
	e.person = store.NewID("m", x.w.Clock.Now())
	p := bot.Person{Name: "Boss of " + e.team, Roles: recruiting.Team, Zone: "Europe/Berlin",
		Accounts: []bot.Account{{Network: "room", Team: e.team, ID: e.account}}}
	if err := x.w.Bot.SavePerson(ctx, e.tenant, store.Row[bot.Person]{ID: e.person, Val: p}, nil); err != nil {
		x.t.Fatal(err)
	}
	e.name = name
	e.half, _, _ = strings.Cut(name, " ")
	x.type_(e, `job open "`+job+`" stages:"Applied, Screen, Onsite"`)
	x.type_(e, `candidate add "`+name+`" email:`+secret[0]+` job:"`+job+`" tags:`+secret[1])
	x.type_(e, `candidate note `+secret[0]+` text:"`+secret[2]+`"`)
	e.secret = append([]string{name[len(e.half)+1:], job}, secret...)
	ids, err := tables.Candidates.Range(ctx, x.w.DB.In(e.tenant), "all", "", store.Span{})
	if err != nil || len(ids) != 1 {
		x.t.Fatal("one candidate expected", ids, err)
	}
	jobs, err := tables.Jobs.Range(ctx, x.w.DB.In(e.tenant), "all", "", store.Span{})
	if err != nil || len(jobs) != 1 {
		x.t.Fatal("one job expected", jobs, err)
	}
	e.candidate, e.job = ids[0], jobs[0]
	for _, line := range []string{"candidate show " + e.candidate, "job board " + e.job, "job show " + e.job, "candidate notes " + e.candidate, "candidate history " + e.candidate,
		"candidate erase " + e.candidate, "candidate move " + e.candidate} {
		if got := x.type_(e, line).text(); !strings.Contains(got, name) && !strings.Contains(got, job) {
			x.t.Fatalf("%s: its own employer sees nothing:\n%s", line, got)
		}
	}
}

// state is how an employer's records stand; whatever the other one does it stays.
func (x *twoWorlds) state(e *employer) string {
	ctx, sc := context.Background(), x.w.DB.In(e.tenant)
	c, _ := tables.Candidates.Get(ctx, sc, e.candidate)
	p, _ := tables.Processes.Get(ctx, sc, e.candidate)
	j, _ := tables.Jobs.Get(ctx, sc, e.job)
	h, _ := sc.History(ctx, "candidate:"+e.candidate, 0)
	return fmt.Sprint(c.Rev, p.Rev, j.Rev, len(h))
}

// args are what one would type into a command's fields about the other's records.
func args(d bot.Declared, candidate, job, words string) map[string]string {
	out := map[string]string{}
	for _, f := range d.Fields {
		switch f.Name {
		case "candidate", "with", "person":
			out[f.Name] = candidate
		case "job":
			out[f.Name] = job
		case "words", "text", "title", "people", "name":
			out[f.Name] = words
		case "to", "stage":
			out[f.Name] = "Screen"
		}
	}
	return out
}

// Two tenants on one process never see each other: every command, by id and by name,
// every suggestion, every button and form of the other, home and talk.
func TestTwoTenantsNeverMeet(t *testing.T) {
	t.Parallel()
	w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { handlers.Add(b, admin.Links{}) }, Roles: recruiting.Words()})
	x := &twoWorlds{t: t, w: w}
	a := &employer{tenant: w.Tenant, team: "TA", account: "UA"}
	b := &employer{tenant: "t2", team: "TB", account: "UB"}
	x.found(a, "Quillon Xavrath", "Glassblower Extraordinaire", "quillon@xav.example", "kilnwise", "Plays the theremin")
	x.found(b, "Zorblatt Wexham", "Lighthouse Warden", "zorblatt@wex.example", "fogproof", "Collects barometers")
	for _, pair := range [][2]*employer{{a, b}, {b, a}} {
		mine, other := pair[0], pair[1]
		before := x.state(other)
		clean := func(what string, s *seat) {
			t.Helper()
			got := s.text()
			for _, secret := range append(other.secret, other.name) {
				if strings.Contains(got, secret) {
					t.Errorf("%s shows %q of another employer:\n%s", what, secret, got)
				}
			}
		}
		commands := 0
		for _, d := range w.Bot.Declared() {
			if strings.HasPrefix(d.Name, "team ") || d.Name == "member remove" {
				continue // they would take the asker's own place away
			}
			commands++
			for _, in := range []map[string]string{args(d, other.candidate, other.job, other.candidate), args(d, other.half, other.half, other.half), args(d, mine.candidate, other.job, other.half),
				args(d, other.candidate, mine.job, other.half)} {
				s := x.do(mine, bot.Asked{Name: d.Name, Args: in})
				clean(d.Name, s)
				if in["candidate"] != mine.candidate { // what is asked of the asker's own person may be done
					for _, tok := range s.pressable() {
						clean(d.Name+", its buttons", x.do(mine, bot.Pressed{Token: tok, Values: []string{other.candidate}}))
					}
				}
			}
			for _, f := range d.Fields {
				for _, typed := range []string{other.half, other.half[:2], other.candidate} {
					clean("suggestions of "+d.Name, x.do(mine, bot.Suggest{Name: d.Name, Field: f.Name, Typed: typed, Args: map[string]string{"candidate": other.candidate, "job": other.job}}))
				}
			}
		}
		for _, tok := range other.tokens {
			clean("a button of the other", x.do(mine, bot.Pressed{Token: tok}))
			clean("a form of the other", x.do(mine, bot.Filled{Token: tok, Values: map[string]string{"to": "screen", "text": "mine now", "name": "Stolen"}}))
			clean("typing into a form of the other", x.do(mine, bot.Suggest{Token: tok, Field: "candidate", Typed: other.half}))
		}
		clean("home", x.do(mine, bot.Opened{}))
		clean("talk", x.do(mine, bot.Said{Text: "find " + other.half, Message: "m"}))
		if after := x.state(other); after != before {
			t.Errorf("%s changed records of %s: %s, now %s", mine.team, other.team, before, after)
		}
		if commands < 30 || len(other.tokens) < 20 {
			t.Errorf("only %d commands and %d buttons were tried", commands, len(other.tokens))
		}
		if got := x.do(mine, bot.Asked{Text: "candidate show " + mine.candidate}).text(); !strings.Contains(got, mine.secret[2]) {
			t.Errorf("after all this %s does not find its own:\n%s", mine.team, got)
		}
	}
}
