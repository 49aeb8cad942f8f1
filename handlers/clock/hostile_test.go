package clock_test

import (
	"context"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers/clock"
)

// Whatever is typed, the answer is a time said back whole or a question; never an
// error and never a part of what was hidden.
func TestHostilePhrasesEndInAQuestion(t *testing.T) {
	t.Parallel()
	w := bottest.New(t, bottest.Options{Roles: recruiting.Words(), Add: func(b *bot.Bot) {
		b.Refs("candidate", bot.Lookup{Find: func(context.Context, *bot.Call, string, map[string]string) ([]bot.Option, error) { return nil, nil }})
		clock.Add(b, nil)
	}})
	w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
	for name, phrase := range map[string]string{
		"long":            strings.Repeat("9", 10000),
		"long words":      strings.Repeat("tue or ", 1500),
		"other digits":    "tomorrow ١٥:٠٠",
		"bidirectional":   "tomorrow \u202e3pm",
		"zero width":      "tom\u200corrow 3\u200dpm",
		"control":         "tomorrow\x01t1\x02UTC\x03",
		"huge numbers":    "in 99999999999999999999 hours",
		"huge year":       "1 January 99999999 15:00",
		"marks within":    "<!date^1^x|y> <t:1:F> tue",
		"negative offset": "15:00 UTC-99999",
		"only signs":      "//::--..,,",
		"markup":          "*3pm* <script>alert(1)</script>",
	} {
		got := string(w.Driver.Command(t, "Rita", "/when "+phrase))
		if name == "bidirectional" || name == "control" {
			if strings.ContainsAny(got, "\u202e\x01\x02\x03") {
				t.Errorf("%s: hidden signs come back in %q", name, got)
			}
			continue
		}
		if strings.Contains(got, "I read") || !strings.ContainsAny(got, "?.") || strings.Contains(got, "reference") {
			t.Errorf("%s: %s", name, bot.Clip(got, 300))
		}
	}
}
