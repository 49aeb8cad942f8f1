package slack

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rapport/bot"
)

// Whatever a text holds, what goes out is JSON within Slack's limits.
func FuzzRender(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Add("\x01b\x03 \x01l\x02\x03 \x01 torn \x03 \x02")
	f.Add(bot.Bold("x") + bot.Moment(atThree, "Europe/Berlin", bot.DateTime) + bot.Mention(colleague, "Ada"))
	f.Add(strings.Repeat("&*", 4000))
	f.Add("\xff\xfe")
	s := New(Config{}, bot.Host{})
	f.Fuzz(func(t *testing.T, text string) {
		m := bot.Card(text, bot.Heading{Text: text}, bot.Para{Text: text}, bot.Note{Text: text}, bot.Facts{Facts: []bot.Fact{{Name: text, Value: text}}},
			bot.List{Items: []string{text}}, bot.Table{Head: []string{text}, Rows: [][]string{{text}}}, bot.Image{URL: text, Alt: text},
			bot.Buttons{Buttons: []bot.Button{{Label: text, Token: "t"}, {Label: text, URL: text}}},
			bot.Choices{Label: text, Token: "t", Options: []bot.Option{{Value: "v", Label: text, Hint: text}}})
		for _, m := range []bot.Message{m, bot.Say(text)} {
			for _, where := range []surface{inMessage, inHome, inModal} {
				var v map[string]any
				raw := s.payload("T1", m, where)
				if err := json.Unmarshal(raw, &v); err != nil || !utf8.Valid(raw) {
					t.Fatalf("%v: %q", err, raw)
				}
				bound(t, v)
			}
		}
		view, err := s.form("T1", bot.Form{Title: text, Intro: text, Submit: text, Token: "t", Fields: []bot.Field{{Name: "a", Label: text, Value: text, Hint: text}}}, origin{Channel: text})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(view); err != nil || len(view.PrivateMetadata) > maxMetadata && len(text) < 400 {
			t.Fatal(err, len(view.PrivateMetadata))
		}
	})
}

// bound checks every text object: something to see, and not too much of it.
func bound(t *testing.T, v any) {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			t.Fatal("an empty list")
		}
		for _, x := range v {
			bound(t, x)
		}
	case map[string]any:
		limit := map[any]int{"mrkdwn": 3000, "plain_text": 3000}[v["type"]]
		if text, ok := v["text"].(string); ok && (text == "" || limit > 0 && units(text) > limit) {
			t.Fatalf("%v of %d: %.100q", v["type"], units(text), text)
		}
		for _, x := range v {
			bound(t, x)
		}
	}
}

// No body makes the decoders fall over, and what they make can be kept.
func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/in/*.json")
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var rec struct {
			Payload json.RawMessage `json:"payload"`
		}
		_ = json.Unmarshal(raw, &rec)
		f.Add([]byte(rec.Payload))
	}
	f.Add(benchBody())
	f.Fuzz(func(t *testing.T, raw []byte) {
		var all []decoded
		var e envelope
		if json.Unmarshal(raw, &e) == nil {
			if out, err := decodeEvent(&e, raw, identity{}, true); err == nil {
				all = append(all, out)
			}
		}
		if out, err := decodeInteraction(raw, time.Unix(1700000000, 0)); err == nil {
			all = append(all, out)
		}
		for _, parse := range []func() (slash, bool){func() (slash, bool) { return parseSlash(string(raw)) }, func() (slash, bool) { return parseSlashJSON(raw) }} {
			if c, ok := parse(); ok {
				ev, ex := c.event("/rapport", time.Unix(1700000000, 0), raw)
				all = append(all, decoded{ev, ex})
			}
		}
		for _, out := range all {
			if out.event.Body == nil {
				continue
			}
			if out.event.ID == "" || out.event.Place.Network != Network {
				t.Fatalf("%+v", out.event)
			}
			if _, err := json.Marshal(out.event); err != nil {
				t.Fatal(err)
			}
			if out.ex.Kind != "" {
				if _, err := parseHandle(out.ex.handle()); err != nil {
					t.Fatalf("%v: %+v", err, out.ex)
				}
			}
		}
	})
}
