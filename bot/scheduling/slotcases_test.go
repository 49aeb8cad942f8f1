package scheduling

import (
	"encoding/json"
	"strings"
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

// What a file can ask beyond one meeting in office hours.
func TestSlotCasesOfWholePlans(t *testing.T) {
	const people = `"people":[
		{"name":"ada","tz":"Africa/Lagos","available":[["2026-12-01T08:00:00Z","2026-12-01T12:00:00Z"]]},
		{"name":"kim","tz":"Europe/London","working_hours":{"tue":[["09:00","12:00"]]}},
		{"name":"lee","tz":"Europe/London","working_hours":{"tue":[["09:00","12:00"]]},"training":"shadow"},
		{"name":"max","tz":"Europe/London","working_hours":{"tue":[["09:00","12:00"]]},"per_day":1,"interviews":["2026-12-01T15:00:00Z"]}]`
	const window = `"window":["2026-12-01T00:00:00Z","2026-12-02T00:00:00Z"],"grid_minutes":60,`
	for name, c := range map[string]struct{ text, want string }{
		"the candidate's offer": {window + `"duration_minutes":60,"required":["ada"],` + people,
			`{"common_free":[["2026-12-01T08:00:00Z","2026-12-01T12:00:00Z"]],"slots":[{"start":"2026-12-01T08:00:00Z","end":"2026-12-01T09:00:00Z"},{"start":"2026-12-01T09:00:00Z","end":"2026-12-01T10:00:00Z"},{"start":"2026-12-01T10:00:00Z","end":"2026-12-01T11:00:00Z"},{"start":"2026-12-01T11:00:00Z","end":"2026-12-01T12:00:00Z"}]}`},
		"a trainee and a full day fill no seat": {window + `"duration_minutes":180,"required":["kim"],"pools":[{"name":"q","need":1,"people":["lee","max"]}],` + people,
			`{"common_free":null,"slots":[]}`},
		"a pool in a chain, by its name, after a break": {window + `"max_gap_minutes":0,"chain":[{"minutes":60,"people":["ada"]},{"minutes":60,"people":["ada","q"],"break_minutes":60}],"pools":[{"name":"q","need":1,"people":["kim","lee"]}],` + people,
			`{"common_free":null,"slots":[{"start":"2026-12-01T08:00:00Z","segments":["2026-12-01T08:00:00Z","2026-12-01T10:00:00Z"],"available":{"q":["kim"]}},{"start":"2026-12-01T09:00:00Z","segments":["2026-12-01T09:00:00Z","2026-12-01T11:00:00Z"],"available":{"q":["kim"]}}]}`},
	} {
		got, err := SlotsCase(json.RawMessage("{" + c.text + "}"))
		if err != nil || !sameJSON(t, got, json.RawMessage(c.want)) {
			text, _ := json.Marshal(got)
			t.Errorf("%s: %s %v\nwant %s", name, text, err, c.want)
		}
	}
	for text, want := range map[string]string{
		window + `"chain":[{"minutes":60,"people":["ada"]}],"pools":[{"name":"q","need":1,"people":["kim"]}],` + people: `in which meeting of the chain does the pool "q" sit?`,
		window + `"days":"weekly","required":["ada"],"duration_minutes":30,` + people:                                   `"weekly" is none of`,
		`"window":7`: "this slot case cannot be read: window cannot be a number",
	} {
		if _, err := SlotsCase(json.RawMessage("{" + text + "}")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
