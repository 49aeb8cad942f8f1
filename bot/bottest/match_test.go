package bottest

import "testing"

func TestWordsStandInATextHoweverANetworkSetsThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, words string
		want        bool
	}{
		{"Moved  Ada\nto Onsite.", "Ada to Onsite", true},
		{"Moved Ada.", "Moved Bo", false},
		{"I asked @Ann to let you in", "asked Ann to", true},
		{"ada@mail.example", "adamail.example", false},
		{"Ada | Onsite | 3 days", "Ada | Onsite", true},
		{"Ada · Stage: Onsite · Days: 3 days", "Ada | Onsite | 3 days", true},
		{"Ada · Stage: Onsite · Days: 3 days", "Ada | 3 days", false},
		{"Ada · Stage: Onsite", "Ada | Onsite | 3 days", false},
		{"Ada · Stage: Screen\nBo · Stage: Onsite", "Ada | Onsite", false},
		{"Ada · Stage: Not Onsite", "Ada | Onsite", false},
		{"Ada · – · Days: 3", "Ada |  | 3", true},
		{"Ada B · Stage: Onsite", "Ada | Onsite", false},
		{"<Stage: a | b>", "<Stage: a | b>", true},
		{"Stage · a · b", "<Stage: a | b>", false},
		{"{Move: To (a | b)}", "{Move: To (a | b)}", true},
	} {
		if got := contains(c.text, c.words); got != c.want {
			t.Errorf("%q in %q: %v", c.words, c.text, got)
		}
	}
}
