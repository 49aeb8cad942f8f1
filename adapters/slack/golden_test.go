package slack

import (
	"bytes"
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

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the difference\n%s", path, got)
	}
}

// shown is a decoded delivery in a form that reads well. Marks show their frame.
type shown struct {
	Kind     string
	Event    *bot.Event `json:",omitempty"`
	Body     string     `json:",omitempty"`
	Exchange *exchange  `json:",omitempty"`
	Trigger  string     `json:",omitempty"`
	Inputs   []string   `json:",omitempty"`
	Error    string     `json:",omitempty"`
}

// Recorded payloads of several SDKs, one golden event each. Those without a body are acknowledged
// and forgotten.
func TestRecordedPayloads(t *testing.T) {
	files, err := filepath.Glob("testdata/in/*.json")
	if err != nil || len(files) < 100 {
		t.Fatal(len(files), err)
	}
	bodies := map[string]int{}
	for _, path := range files {
		name := filepath.Base(path)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var rec struct {
			Kind    string          `json:"_kind"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(raw, &rec); err != nil {
			t.Fatal(err)
		}
		out, err := decodeRecorded(rec.Kind, rec.Payload)
		s := shown{Kind: rec.Kind}
		switch {
		case err != nil:
			s.Error = err.Error()
		case out.event.Body != nil:
			ev := out.event
			s.Body = fmt.Sprintf("%T", ev.Body)
			bodies[s.Body]++
			ev.At = ev.At.UTC()
			s.Event = &ev
			if out.ex.Kind != "" {
				s.Exchange, s.Trigger, s.Inputs = &out.ex, out.ex.trigger, out.ex.inputs
			}
		}
		b, err := json.MarshalIndent(s, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("events", name), append(b, '\n'))
	}
	for _, want := range []string{"bot.Said", "bot.Asked", "bot.Pressed", "bot.Filled", "bot.Suggest", "bot.Opened", "bot.Reacted", "bot.Edited", "bot.Deleted", "bot.Joined", "bot.Uninstalled", "bot.Profiled"} {
		if bodies[want] == 0 {
			t.Errorf("no recording became a %s", want)
		}
	}
}

func decodeRecorded(kind string, payload json.RawMessage) (decoded, error) {
	at := time.Unix(1700000000, 0).UTC()
	switch {
	case kind == "socket-hello" || strings.HasPrefix(kind, "socket-disconnect"):
		return decoded{}, nil
	case strings.HasPrefix(kind, "socket-"):
		var frame struct {
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(payload, &frame); err != nil {
			return decoded{}, err
		}
		if strings.HasSuffix(kind, "slash_commands") {
			return decodeRecorded("slash_command", frame.Payload)
		}
		return decodeInteraction(frame.Payload, at)
	case kind == "slash_command":
		c, ok := parseSlashJSON(payload)
		if !ok {
			return decoded{}, errShape
		}
		ev, ex := c.event("/rapport", at, payload)
		return decoded{event: ev, ex: ex}, nil
	case strings.HasPrefix(kind, "inner-"):
		wrapped := []byte(`{"type":"event_callback","team_id":"T0OUTER","api_app_id":"A111","event_id":"Ev0","event":` + string(payload) +
			`,"authorizations":[{"team_id":"T0OUTER","user_id":"U0BOT","is_bot":true}]}`)
		return decodeRecorded("event-", wrapped)
	case strings.HasPrefix(kind, "event-") || kind == "app_rate_limited":
		var e envelope
		if err := json.Unmarshal(payload, &e); err != nil {
			return decoded{}, err
		}
		if e.Type != "event_callback" {
			return decoded{}, nil
		}
		return decodeEvent(&e, payload, identity{}, true)
	}
	return decodeInteraction(payload, at)
}
