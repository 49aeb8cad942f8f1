package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// The acceptance files pass through the program; a single case and a bare list do too.
func TestCaseFilesThroughTheProgram(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ command, file, list string }{
		{"when", "tzcases.json", "cases"}, {"expand", "rrulecases.json", "cases"}, {"slots", "slotproblems.json", "problems"},
	} {
		t.Run(x.command, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("../../bot/scheduling/testdata", x.file)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var all map[string]json.RawMessage
			var cases []map[string]json.RawMessage
			if err := json.Unmarshal(raw, &all); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(all[x.list], &cases); err != nil || len(cases) == 0 {
				t.Fatal(err)
			}
			got := answers(t, x.command, path)
			if len(got) != len(cases) {
				t.Fatalf("%d answers to %d cases", len(got), len(cases))
			}
			for i, c := range cases {
				var id string
				_ = json.Unmarshal(c["id"], &id)
				if got[i].ID != id || !reflect.DeepEqual(plain(t, got[i].Got), expected(t, c)) {
					t.Errorf("%s: %v", id, got[i].Got)
				}
			}
			one, err := json.Marshal(cases[0])
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{string(one), "[" + string(one) + "]"} {
				file := filepath.Join(t.TempDir(), "one.json")
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				if a := answers(t, x.command, file); len(a) != 1 || !reflect.DeepEqual(a[0], got[0]) {
					t.Errorf("one case: %v", a)
				}
			}
		})
	}
}

func answers(t *testing.T, command, file string) (out []answered) {
	t.Helper()
	text, said, code := prints(t, nil, command, file, "--json")
	if code != 0 {
		t.Fatal(said)
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func plain(t *testing.T, v any) any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func expected(t *testing.T, c map[string]json.RawMessage) any {
	t.Helper()
	if c["expect"] == nil {
		return plain(t, map[string]json.RawMessage{"common_free": c["expected_common_free"], "slots": c["expected_slots"]})
	}
	out := plain(t, c["expect"])
	if m, ok := out.(map[string]any); ok {
		delete(m, "also_ok")
	}
	return out
}

func TestTimesForPeople(t *testing.T) {
	t.Parallel()
	now := []string{"--now", "2026-11-24T12:00:00Z", "--zone", "Europe/Berlin"}
	for _, x := range []struct{ text, want string }{
		{"tue 3pm", "Tue 24 Nov 2026, 15:00 Berlin time (UTC+1)"},
		{"tomorrow 9-11", "Wed 25 Nov 2026"},
		{"3/4 at 5", "Which is the day and which is the month?"},
		{"gibberish", "I did not understand"},
	} {
		out, said, code := prints(t, nil, append([]string{"when", x.text}, now...)...)
		if code != 0 || !strings.Contains(out, x.want) {
			t.Errorf("%s: %d %s%s", x.text, code, out, said)
		}
	}
	if out, said, code := prints(t, nil, "when", "tue 3pm", "--zone", "Helsinki"); code != 0 || !strings.Contains(out, "15:00") && !strings.Contains(out, "3:00") {
		t.Error(code, out, said)
	}
	if _, said, code := prints(t, nil, "when", "tue 3pm", "--zone", "Portland"); code != 1 || !strings.Contains(said, "more than one place") || !strings.Contains(said, "America/New_York") {
		t.Error(code, said)
	}
	if _, said, code := prints(t, nil, "when", "tue 3pm", "--zone", "Europe/Berlim"); code != 1 || !strings.Contains(said, "Berlin") {
		t.Error(code, said)
	}
	out, said, code := prints(t, nil, "slots", "../../bot/scheduling/testdata/slotproblems.json")
	if code != 0 || !strings.Contains(out, "alice 09:00") || !strings.Contains(out, "Most would help: without bob") {
		t.Error(code, out, said)
	}
	out, said, code = prints(t, nil, "expand", "../../bot/scheduling/testdata/rrulecases.json")
	if code != 0 || !strings.Contains(out, "Mon 26 Oct 2026, 08:30–09:30 UTC") {
		t.Error(code, said)
	}
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"window": ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"], "ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nEND:VEVENT\nEND:VCALENDAR"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, said, code := prints(t, nil, "expand", broken); code != 1 || !strings.Contains(out, "it has no DTSTART") || !strings.Contains(said, "1 of 1 cases") {
		t.Error(code, out, said)
	}
	if _, said, code := prints(t, nil, "when", "/nowhere.json", "--json"); code != 1 || !strings.Contains(said, "/nowhere.json") {
		t.Error(code, said)
	}
}
