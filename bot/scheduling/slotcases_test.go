package scheduling

import (
	"encoding/json"
	"testing"
)

func TestSlotCases(t *testing.T) {
	for _, raw := range caseFile(t, "slotproblems.json", "problems") {
		var c struct {
			ID, Name, Reason string
			Common           json.RawMessage `json:"expected_common_free"`
			Slots            json.RawMessage `json:"expected_slots"`
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.ID+" "+c.Name, func(t *testing.T) {
			got, err := SlotsCase(raw)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]json.RawMessage{"common_free": c.Common, "slots": c.Slots}
			if !sameJSON(t, got, want) {
				text, _ := json.Marshal(got)
				t.Errorf("%s\n got %s\nwant %s\n %s", c.Reason, text, c.Common, c.Slots)
			}
		})
	}
}
