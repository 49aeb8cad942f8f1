package discord

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares v, as JSON, with a file in testdata/out.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var buf strings.Builder
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "out", name+".json")
	if *update {
		if err := os.WriteFile(path, []byte(buf.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != buf.String() {
		t.Errorf("%s:\n%s\nwant\n%s", name, buf.String(), want)
	}
}

// stillWorld is a world in which the bot is Reacton, and part of every thread.
type stillWorld struct{}

func (stillWorld) self() string { return "344487830824943618" }
func (stillWorld) thread(context.Context, string, string) (string, bool) {
	return "", true
}
func (stillWorld) ownRole(string, string) bool { return false }

// Recorded payloads of Discord's documentation and of other libraries' tests.
func TestRecordedPayloads(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/in/*.json")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var rec struct {
				Payload json.RawMessage `json:"payload"`
			}
			if err := json.Unmarshal(raw, &rec); err != nil {
				t.Fatal(err)
			}
			var e struct {
				Type string          `json:"t"`
				Data json.RawMessage `json:"d"`
			}
			if strings.Contains(name, "-gw-") && json.Unmarshal(rec.Payload, &e) != nil {
				t.Fatal("no gateway payload")
			}
			var out []any
			switch {
			case e.Type == "INTERACTION_CREATE":
				out = readInteraction(e.Data, now)
			case strings.Contains(name, "-gw-"):
				var w servers
				w.init()
				w.see(e.Type, e.Data, now) // nothing recorded may upset it
				list, err := heard(t.Context(), e.Type, e.Data, "session/1", stillWorld{}, now)
				if err != nil {
					out = append(out, "error: "+err.Error())
				}
				for _, ev := range list {
					out = append(out, shown(ev))
				}
			default:
				out = readInteraction(rec.Payload, now)
			}
			golden(t, name, out)
		})
	}
}

func readInteraction(raw []byte, now time.Time) []any {
	in, ev, err := decode(raw, newCatalog("rapport"), "344487830824943618", now)
	if err == nil {
		return []any{shown(ev)}
	}
	// The documentation shows some interactions without their envelope.
	if in.Data != nil && in.ID == "" {
		in.ID, in.Token, in.User = "1", "t", &user{ID: "2", Username: "ada"}
		whole, _ := json.Marshal(map[string]any{"id": "1", "token": "t", "type": in.Kind, "user": map[string]string{"id": "2", "username": "ada"}, "data": dataOf(raw)})
		if _, ev, err = decode(whole, newCatalog("rapport"), "344487830824943618", now); err == nil {
			return []any{shown(ev)}
		}
	}
	return []any{"error: " + err.Error()}
}

func dataOf(raw []byte) json.RawMessage {
	var d struct {
		Data json.RawMessage `json:"data"`
	}
	_ = json.Unmarshal(raw, &d)
	return d.Data
}

// shown is an event as a golden file holds it: marks made visible.
func shown(ev bot.Event) any {
	return map[string]any{"id": ev.ID, "from": ev.From.String(), "name": ev.Name, "place": ev.Place, "at": ev.At, "guest": ev.Guest,
		"kind": fmt.Sprintf("%T", ev.Body), "body": ev.Body}
}

var sampleTime = time.Date(2026, 11, 3, 15, 0, 0, 0, time.UTC)

func sampleMessages(bob string) map[string]bot.Message {
	at := sampleTime
	return map[string]bot.Message{
		"text": bot.Say("Ada moved to " + bot.Bold("Onsite") + "."),
		"card": bot.Card("Ada Okafor", bot.Heading{Text: "Ada Okafor"},
			bot.Para{Text: "Interview " + bot.Moment(at, "Europe/Berlin", bot.DateTime) + " with " + bot.Mention(account(bob), "Bob")},
			bot.Facts{Facts: []bot.Fact{{Name: "Job", Value: "Backend Engineer"}, {Name: "When", Value: bot.Moment(at, "UTC", bot.Relative)}}},
			bot.Note{Text: "Moved by Sam"}, bot.Note{Text: "Asked " + bot.Moment(at, "UTC", bot.DateOnly)},
			bot.Image{URL: "https://charts.example/1.png", Alt: "Chart"}, bot.Rule{}, bot.List{Items: []string{"one", "# two"}, Numbered: true},
			bot.Table{Head: []string{"Stage", "People"}, Rows: [][]string{{"Applied", "3"}}}, bot.Chart{Title: "People", Unit: "p", Bars: []bot.Bar{{Label: "Applied", Value: 3}}},
			bot.Buttons{Buttons: []bot.Button{{Label: "Move", Style: bot.Primary, Token: "a"}, {Label: "Reject", Style: bot.Danger, Token: "b"}, {Label: "Open", URL: "https://rapport.example/x"}}},
			bot.Choices{Label: "Stage", Token: "c", Options: []bot.Option{{Value: "1", Label: "Applied", Hint: "first"}, {Value: "2", Label: bot.Moment(at, "Asia/Tokyo", bot.DateTime)}}}),
	}
}

func sampleForms() map[string]bot.Form {
	return map[string]bot.Form{
		"form": {Title: "Add candidate", Intro: "All about " + bot.Bold("Ada"), Token: "tok", Fields: []bot.Field{
			{Name: "name", Label: "Name", Required: true, Value: "Ada", Max: 80}, {Name: "email", Label: "Email", Kind: bot.Email},
			{Name: "stage", Label: "Stage", Kind: bot.Choice, Required: true, Options: []bot.Option{{Value: "a", Label: "Applied"}}, Value: "a"},
			{Name: "cv", Label: "CV", Kind: bot.Upload}}},
		"form-full": {Title: "Everything else there is to say", Intro: "Five already", Token: "tok", Fields: []bot.Field{
			{Name: "ok", Label: "Agreed", Kind: bot.Flag, Required: true, Value: "true"}, {Name: "who", Label: "Panel", Kind: bot.Member, Many: true, Value: bot.Mention(account("222222222222222222"), "Bob") + "\n333333333333333333"},
			{Name: "n", Label: "Number", Kind: bot.Number}, {Name: "c", Label: "Candidate", Kind: bot.Search, Value: "c7", Shown: "Ada Okafor"},
			{Name: "t", Label: "Tags", Kind: bot.Choice, Many: true, Value: "x\ny", Options: []bot.Option{{Value: "x", Label: "X"}, {Value: "y", Label: "Y"}, {Value: "z", Label: "Z"}}},
			{Name: "sixth", Label: "Left for the next step"}}},
	}
}

// Sample messages and forms as Discord gets them.
func TestSamples(t *testing.T) {
	t.Parallel()
	plain := func(t time.Time, zone string, _ bot.MomentStyle) string {
		return t.Format("Mon 2 Jan 15:04") + " " + zone
	}
	for name, m := range sampleMessages("222222222222222222") {
		golden(t, "message-"+name, render(m, plain))
	}
	for name, f := range sampleForms() {
		golden(t, name, formOf(f, plain))
	}
}

// The strict Discord checks them against Discord's own schema.
func TestSamplesAreTaken(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		var form bot.Form
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error { return ev.Turn.Open(ctx, form) }})
		for name, m := range sampleMessages(r.ada.ID()) {
			if _, err := r.n.Send(t.Context(), r.place(r.general), m, name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, f := range sampleForms() {
			form = f
			if x := r.ada.Slash(r.general, "help", nil); x.Failed() != "" || r.ada.Modal().Title != f.Title {
				t.Errorf("%s: %s", name, x.Failed())
			}
			r.ada.CloseModal()
		}
	})
}

func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/in/*.json")
	for _, path := range files {
		raw, _ := os.ReadFile(path)
		var rec struct {
			Payload json.RawMessage `json:"payload"`
		}
		_ = json.Unmarshal(raw, &rec)
		f.Add([]byte(rec.Payload))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, _, _ = decode(raw, newCatalog("rapport"), "1", time.Time{})
		var w servers
		w.init()
		for _, kind := range []string{"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_REACTION_ADD", "GUILD_MEMBER_UPDATE", "GUILD_DELETE", "GUILD_CREATE", "THREAD_LIST_SYNC", "THREAD_MEMBERS_UPDATE"} {
			w.see(kind, raw, time.Time{})
			_, _ = heard(context.Background(), kind, raw, "1", &w, time.Time{})
		}
	})
}
