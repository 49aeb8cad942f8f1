package scheduling

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// caseFile reads an acceptance file that lies beside the module in the shared
// folder, or the copy in testdata.
func caseFile(t testing.TB, name, list string) []json.RawMessage {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var cases []json.RawMessage
	if err := json.Unmarshal(file[list], &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func sameJSON(t testing.TB, a, b any) bool {
	t.Helper()
	norm := func(v any) any {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var out any
		if err := json.Unmarshal(text, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	return reflect.DeepEqual(norm(a), norm(b))
}

func TestRecurrenceCases(t *testing.T) {
	for _, raw := range caseFile(t, "rrulecases.json", "cases") {
		var c struct {
			ID, Name, Reason string
			Expect           json.RawMessage
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.ID+" "+c.Name, func(t *testing.T) {
			got, err := ExpandCase(raw)
			if err != nil {
				t.Fatal(err)
			}
			if !sameJSON(t, got, c.Expect) {
				text, _ := json.Marshal(got)
				t.Errorf("%s\n got %s\nwant %s", c.Reason, text, c.Expect)
			}
		})
	}
}
