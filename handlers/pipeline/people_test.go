package pipeline_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers/pipeline"
	"rapport/handlers/tables"
	"rapport/store"
)

// employ makes an employer with one recruiter, one Admin and a job.
func employ(t *testing.T) (*bottest.World, *bottest.Room) {
	t.Helper()
	w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { pipeline.Add(b, nil) }, Roles: recruiting.Words()})
	w.Person(t, "Anna", recruiting.Admin, "Europe/Berlin")
	w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
	room := w.Driver.(*bottest.Room)
	room.Command(t, "Rita", `job open "Backend Engineer" stages:"Applied, Screen, Onsite"`)
	return w, room
}

// only reports what somebody saw: text with its marks, to look for those that a
// typed word must never become.
type only struct {
	bot.Turn
	shown []bot.Message
	forms []bot.Form
}

func (o *only) Ack(context.Context, bot.Visibility) error        { return nil }
func (o *only) Open(_ context.Context, f bot.Form) error         { o.forms = append(o.forms, f); return nil }
func (o *only) Say(_ context.Context, m bot.Message) error       { o.shown = append(o.shown, m); return nil }
func (o *only) Replace(ctx context.Context, m bot.Message) error { return o.Say(ctx, m) }
func (o *only) Done(context.Context) error                       { return nil }
func (o *only) Handle() []byte                                   { return nil }
func (o *only) Refuse(_ context.Context, e bot.FieldErrors) error {
	return o.Say(context.Background(), bot.Say(fmt.Sprint(e)))
}

func ask(t *testing.T, w *bottest.World, who string, n *int, body bot.Body) *only {
	t.Helper()
	*n++
	o := &only{}
	ev := bot.Event{ID: fmt.Sprint("only", *n), From: bot.Account{Network: "room", Team: "T1", ID: who}, At: w.Clock.Now(), Body: body, Turn: o,
		Place: bot.Place{Network: "room", Team: "T1", Channel: "D" + who, Direct: true}}
	if err := w.Bot.Receive(t.Context(), ev); err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(time.Second)
	return o
}

func texts(m bot.Message) []string {
	out := []string{m.Text}
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case bot.Heading:
			out = append(out, b.Text)
		case bot.Para:
			out = append(out, b.Text)
		case bot.Note:
			out = append(out, b.Text)
		case bot.List:
			out = append(out, b.Items...)
		case bot.Facts:
			for _, f := range b.Facts {
				out = append(out, f.Name, f.Value)
			}
		case bot.Table:
			for _, r := range b.Rows {
				out = append(out, r...)
			}
		case bot.Buttons:
			for _, x := range b.Buttons {
				out = append(out, x.Label)
			}
		}
	}
	return out
}

// What people type is shown as typed, never as markup, a ping or a trick of direction,
// wherever a card shows it; invisible characters are gone.
func TestHostileWordsStayWords(t *testing.T) {
	t.Parallel()
	for name, evil := range map[string]string{
		"mrkdwn":        "*bold* _it_ `code` <!channel> <@U123> <https://evil.example|safe>",
		"html":          `<script>alert("x")</script><img src=x onerror=alert(1)>`,
		"mentions":      "@everyone @here <@&99> <@!42> <#7>",
		"markdown":      "**b** [click](https://evil.example) ||spoiler|| # head",
		"right to left": "Ada \u202e\u2066gnp.exe\u2069 Okafor",
		"zero width":    "A\u200bd\u2060a\ufeff Oka\u00adfor",
		"emoji":         "🦄 Ada 👩‍👩‍👧 Okafor",
		"kernel marks":  "\x01b\x02Ada\x03 \x01m\x02room\x02T1\x02Anna\x02Anna\x03",
		"rtl script":    "עדה אוקפור",
		"combining":     "A" + strings.Repeat("\u0301", 20) + "da",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := employ(t)
			n := 0
			clean := bot.Clean(evil)
			add := ask(t, w, "Rita", &n, bot.Asked{Name: "candidate add", Args: map[string]string{"name": clean, "job": "Backend", "email": "evil@mail.example", "tags": "x" + bot.Clip(clean, 30), "city": clean}})
			seen := []*only{add,
				ask(t, w, "Rita", &n, bot.Asked{Name: "candidate note", Args: map[string]string{"candidate": "evil@mail.example", "text": clean}}),
				ask(t, w, "Rita", &n, bot.Asked{Name: "candidate attach", Args: map[string]string{"candidate": "evil@mail.example", "name": clean, "link": "https://files.example/x"}}),
				ask(t, w, "Rita", &n, bot.Asked{Name: "candidate show", Args: map[string]string{"candidate": "evil@mail.example"}}),
				ask(t, w, "Rita", &n, bot.Asked{Name: "candidate edit", Args: map[string]string{"candidate": "evil@mail.example", "source": clean}}),
				ask(t, w, "Rita", &n, bot.Asked{Name: "candidate history", Args: map[string]string{"candidate": "evil@mail.example"}}),
				ask(t, w, "Rita", &n, bot.Asked{Name: "candidate add", Args: map[string]string{"name": clean, "email": "evil@mail.example"}}),
				ask(t, w, "Rita", &n, bot.Asked{Name: "job board", Args: map[string]string{"job": "Backend"}}),
				ask(t, w, "Rita", &n, bot.Asked{Name: "candidate find", Args: map[string]string{"words": clean}}),
				ask(t, w, "Anna", &n, bot.Asked{Name: "candidate erase", Args: map[string]string{"candidate": "evil@mail.example"}})}
			all := ""
			for i, o := range seen {
				for _, m := range o.shown {
					for _, text := range texts(m) {
						all += text + "\n"
						if text != bot.Clean(text) && !strings.ContainsAny(text, "\x01\x02\x03") {
							t.Errorf("answer %d shows what is invisible: %q", i, text)
						}
						for _, sp := range bot.Spans(text) {
							if sp.Kind == bot.SpanMention || sp.Kind == bot.SpanChannel || sp.Kind == bot.SpanLink && sp.URL != "https://files.example/x" {
								t.Errorf("answer %d turns words into %c: %q", i, sp.Kind, text)
							}
							if strings.ContainsAny(sp.Text, "\u202e\u2066\u2069\u200b\u2060\ufeff\u00ad") {
								t.Errorf("answer %d keeps invisible characters: %q", i, sp.Text)
							}
						}
					}
				}
			}
			if want := strings.Join(strings.Fields(bot.Flat(clean)), " "); !strings.Contains(bot.Flat(all), want) {
				t.Errorf("%q is shown nowhere as typed:\n%s", want, bot.Flat(all))
			}
		})
	}
}

// Forty thousand characters are refused in a sentence by every field, and nothing is kept.
func TestOversizedWordsAreRefused(t *testing.T) {
	t.Parallel()
	w, room := employ(t)
	room.Command(t, "Rita", `candidate add "Ada Okafor" email:ada@mail.example job:Backend`)
	before := rows(t, w)
	n := 0
	long := strings.Repeat("ha ", 13334)
	for _, c := range []struct{ name, field string }{{"candidate add", "name"}, {"candidate add", "email"}, {"candidate add", "phone"}, {"candidate add", "city"}, {"candidate add", "tags"},
		{"candidate add", "zone"}, {"candidate add", "id"}, {"candidate add", "source"}, {"candidate add", "job"}, {"candidate note", "text"}, {"candidate note", "said"}, {"candidate note", "link"},
		{"candidate tag", "tags"}, {"candidate attach", "name"}, {"candidate attach", "link"}, {"candidate edit", "name"}, {"candidate edit", "email"}, {"candidate edit", "city"}, {"candidate edit", "owner"},
		{"candidate apply", "job"}, {"candidate apply", "stage"}, {"candidate show", "candidate"}, {"candidate merge", "with"}, {"candidate find", "words"}} {
		in := map[string]string{"candidate": "ada@mail.example", "name": "Bo Li", "text": "x", "job": "Backend", "tags": "x", "with": "ada@mail.example", "link": "https://files.example/x", "words": "x"}
		if c.name == "candidate edit" {
			in = map[string]string{"candidate": "ada@mail.example"}
		}
		in[c.field] = long
		o := ask(t, w, "Rita", &n, bot.Asked{Name: c.name, Args: in})
		if len(o.shown) != 1 {
			t.Errorf("%s %s: %d answers, %d forms", c.name, c.field, len(o.shown), len(o.forms))
			continue
		}
		if len(o.shown[0].Text) > 600 || strings.Contains(o.shown[0].Text, "went wrong") {
			t.Errorf("%s %s: answered %q", c.name, c.field, bot.Clip(o.shown[0].Text, 300))
		}
	}
	if after := rows(t, w); after != before {
		t.Errorf("oversized words were kept: %d rows, now %d", before, after)
	}
}

func rows(t *testing.T, w *bottest.World) int {
	t.Helper()
	sc := w.DB.In(w.Tenant)
	c, err1 := tables.Candidates.Len(t.Context(), sc)
	n, err2 := tables.Notes.Len(t.Context(), sc)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return c + n
}

// The shortcut on a message makes a note of it: its words, who said them, and where.
func TestNoteFromAMessage(t *testing.T) {
	t.Parallel()
	w, room := employ(t)
	room.Command(t, "Rita", `candidate add "Ada Okafor" email:ada@mail.example job:Backend`)
	n := 0
	on := &bot.Target{Message: "m1", Text: "Ada was brilliant in the pairing session", Link: "https://chat.example/m1", Author: bot.Account{Network: "room", Team: "T1", ID: "Anna"}}
	o := ask(t, w, "Rita", &n, bot.Asked{Name: "candidate note", On: on})
	if len(o.forms) != 1 {
		t.Fatal("no form", o.shown)
	}
	values := map[string]string{}
	for _, f := range o.forms[0].Fields {
		values[f.Name] = f.Value
	}
	if values["text"] != on.Text || values["link"] != on.Link || values["said"] != "Anna" {
		t.Fatalf("the form takes over %v", values)
	}
	values["candidate"] = "Ada"
	o = ask(t, w, "Rita", &n, bot.Filled{Token: o.forms[0].Token, Values: values})
	if len(o.shown) != 1 || !strings.Contains(bot.Flat(o.shown[0].Text), "Noted about Ada Okafor") {
		t.Fatal(o.shown)
	}
	got := string(room.Command(t, "Anna", "candidate notes Ada"))
	for _, want := range []string{on.Text, "Rita, ", "said by Anna", "the message"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

// After erasing, no table, index, audit line, message or kept conversation holds a word
// of the person; records that were merged into theirs neither.
func TestErasingLeavesNothing(t *testing.T) {
	t.Parallel()
	w, room := employ(t)
	ctx := t.Context()
	room.Command(t, "Rita", `candidate add "Quillon Xavrath" email:quillon@xav.example phone:"+234 803 555 0100" job:Backend tags:kilnwise city:Xavcity id:greenhouse:xav77`)
	room.Command(t, "Rita", `candidate add "Quill Xavrath" email:quill@xav.example`)
	room.Command(t, "Rita", `candidate note quillon@xav.example text:"Plays the xavtheremin"`)
	room.Command(t, "Rita", `candidate note quill@xav.example text:"Xavnote of the other" level:private`)
	room.Command(t, "Rita", `candidate attach quillon@xav.example name:"Xav CV" link:https://xav.example/cv`)
	room.Command(t, "Rita", `candidate merge quillon@xav.example with:quill@xav.example`)
	room.Press(t, "Rita", "Merge")
	room.Command(t, "Rita", `candidate add "Q Xavrath" email:quill@xav.example`) // leaves a draft that names the same person
	desk := w.Bot.Host().Lines
	if _, err := desk.Add(ctx, w.Tenant, "person/x", "", []byte(`{"text":"Moved Quillon Xavrath"}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Add(ctx, w.Tenant, "person/x", "", []byte(`{"text":"Moved somebody else"}`)); err != nil {
		t.Fatal(err)
	}
	room.Command(t, "Anna", "candidate erase quillon@xav.example")
	if got := string(room.Press(t, "Anna", "Erase for good")); !strings.Contains(got, "Erased.") {
		t.Fatal(got)
	}
	w.Settle(t)
	var out bytes.Buffer
	if _, err := w.DB.Export(ctx, &out); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(out.String(), "\n") {
		if strings.Contains(strings.ToLower(line), "xav") {
			t.Errorf("still there: %s", bot.Clip(line, 300))
		}
	}
	if left, err := desk.After(ctx, w.Tenant, "person/x", "", 10); err != nil || len(left) != 1 {
		t.Errorf("%d lines left, %v; only the other one's should be", len(left), err)
	}
	if got := string(room.Command(t, "Rita", "find xavrath")); strings.Contains(got, "Quill") {
		t.Error(got)
	}
}

// Two recruiters merge the same two records in the same instant, each their own way
// round: one direction wins, and nobody points to nobody.
func TestMergesBothWaysAtOnce(t *testing.T) {
	t.Parallel()
	w, room := employ(t)
	w.Person(t, "Rob", recruiting.Recruiter, "Europe/Berlin")
	ctx, sc := t.Context(), w.DB.In(w.Tenant)
	n := 0
	for i := range 20 {
		room.Command(t, "Rita", fmt.Sprintf(`candidate add "Ada Okafor%d" email:ada%d@mail.example`, i, i))
		room.Command(t, "Rita", fmt.Sprintf(`candidate add "Bo Li%d" email:bo%d@mail.example`, i, i))
		one, two := fmt.Sprintf("ada%d@mail.example", i), fmt.Sprintf("bo%d@mail.example", i)
		press := func(o *only) string {
			for _, b := range o.shown[0].Blocks {
				if bs, ok := b.(bot.Buttons); ok {
					return bs.Buttons[0].Token
				}
			}
			t.Fatal("no preview", o.shown)
			return ""
		}
		a := press(ask(t, w, "Rita", &n, bot.Asked{Name: "candidate merge", Args: map[string]string{"candidate": one, "with": two}}))
		b := press(ask(t, w, "Rob", &n, bot.Asked{Name: "candidate merge", Args: map[string]string{"candidate": two, "with": one}}))
		done := make(chan struct{}, 2)
		for k, p := range []struct{ who, token string }{{"Rita", a}, {"Rob", b}} {
			go func() {
				ev := bot.Event{ID: fmt.Sprint("race", i, k), From: bot.Account{Network: "room", Team: "T1", ID: p.who}, At: time.Now(), Body: bot.Pressed{Token: p.token}, Turn: &only{},
					Place: bot.Place{Network: "room", Team: "T1", Channel: "D" + p.who, Direct: true}}
				_ = w.Bot.Receive(ctx, ev)
				done <- struct{}{}
			}()
		}
		<-done
		<-done
		gone := 0
		for _, mail := range []string{"ada", "bo"} {
			ids, err := tables.Candidates.Exact(ctx, sc, "key", fmt.Sprintf("mail:%s%d@mail.example", mail, i))
			if err != nil || len(ids) != 1 {
				t.Fatal(ids, err)
			}
			row, err := tables.Candidates.Get(ctx, sc, ids[0])
			if err != nil || row.Val.Gone() || len(row.Val.Emails) != 2 {
				t.Fatalf("%+v %v", row.Val, err)
			}
			merges, err := tables.Merges.Range(ctx, sc, "keep", ids[0], store.Span{})
			if err != nil {
				t.Fatal(err)
			}
			gone += len(merges)
		}
		if gone != 2 { // the same one merge, found by both addresses
			t.Fatalf("%d merges", gone)
		}
	}
}

// A repeat of an event is answered like the first, whatever has happened since.
func TestARepeatIsAnsweredLikeTheFirst(t *testing.T) {
	t.Parallel()
	_, room := employ(t)
	say := func(who, id, line string) string { return string(room.Event(t, who, id, bot.Asked{Text: line})) }
	add := `candidate add "Lena Falk" email:lena@mail.example job:"Backend Engineer"`
	for range 2 {
		if got := say("Rita", "r1", add); !strings.Contains(got, "Added") {
			t.Fatal(got)
		}
	}
	first := say("Rita", "r2", "candidate move Lena to:Screen")
	say("Anna", "r3", "candidate move Lena to:Onsite")
	if again := say("Rita", "r2", "candidate move Lena to:Screen"); again != first || !strings.Contains(first, "from Applied to Screen") {
		t.Fatalf("%s\nand then\n%s", first, again)
	}
	if got := say("Rita", "r4", "candidate show Lena"); !strings.Contains(got, "Onsite") {
		t.Fatal(got)
	}
}
