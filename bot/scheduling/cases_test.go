package scheduling

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// The acceptance cases are copied from the shared data of the house.
func readCases(t testing.TB, file string) []json.RawMessage {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Cases []json.RawMessage `json:"cases"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all.Cases
}

func TestPhraseCases(t *testing.T) {
	for _, raw := range readCases(t, "testdata/tzcases.json") {
		var c struct {
			ID, Text string
			Expect   map[string]any
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.ID, func(t *testing.T) {
			answer, err := WhenCase(raw)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(answer)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatal(err)
			}
			delete(c.Expect, "also_ok")
			if !reflect.DeepEqual(got, c.Expect) {
				want, _ := json.Marshal(c.Expect)
				t.Errorf("%q:\n got %s\nwant %s", c.Text, text, want)
			}
		})
	}
}
