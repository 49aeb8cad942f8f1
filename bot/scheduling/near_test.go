package scheduling

import (
	"testing"
	"time"
)

func TestNear(t *testing.T) {
	for _, c := range []struct{ locale, now, at, want string }{
		{"en-GB", "2026-11-23 16:00", "2026-11-23 16:25", "in 25 minutes"},
		{"en-GB", "2026-11-23 16:00", "2026-11-23 16:01", "in 1 minute"},
		{"en-GB", "2026-11-23 16:00", "2026-11-23 17:00", "in 1 hour"},
		{"en-GB", "2026-11-23 16:00", "2026-11-23 18:00", "today at 18:00"},
		{"en-US", "2026-11-23 16:00", "2026-11-24 15:00", "tomorrow at 3:00 PM"},
		{"de", "2026-11-23 16:00", "2026-11-24 15:00", "morgen um 15:00 Uhr"},
		{"es", "2026-11-23 16:00", "2026-11-24 15:00", "mañana a las 15:00"},
		{"en-GB", "2026-11-23 16:00", "2026-11-25 15:00", ""},
		{"en-GB", "2026-11-23 16:00", "2026-11-23 15:00", ""},
		// after midnight "tomorrow" has two meanings
		{"en-GB", "2026-11-23 01:00", "2026-11-24 15:00", ""},
		{"en-GB", "2026-11-23 01:00", "2026-11-23 15:00", ""},
		{"en-GB", "2026-11-23 23:45", "2026-11-24 15:00", ""},
		// "tomorrow at 1" is tonight to many
		{"en-GB", "2026-11-23 20:00", "2026-11-24 01:00", ""},
		// near is near, also at night
		{"en-GB", "2026-11-23 23:45", "2026-11-24 00:15", "in 30 minutes"},
		// over the change of clocks the distance is what passes
		{"en-GB", "2026-03-29 01:30", "2026-03-29 03:10", "in 40 minutes"},
	} {
		loc := zone(t, "Europe/Berlin")
		now, _ := time.ParseInLocation("2006-01-02 15:04", c.now, loc)
		at, _ := time.ParseInLocation("2006-01-02 15:04", c.at, loc)
		v := NewVoice(nil, c.locale, "Europe/Berlin", 0, 0)
		if got := v.Near(at, now.UTC()); got != c.want {
			t.Errorf("%s at %s: %q, want %q", c.at, c.now, got, c.want)
		}
	}
}
