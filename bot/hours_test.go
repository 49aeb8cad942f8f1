package bot

import (
	"testing"
	"time"
)

func TestHoursAsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]int{
		"09:00-17:30": {540, 1050}, "9 – 17": {540, 1020}, "00:00-24:00": {0, 1440}, "22:00-06:00": {1320, 1800}, "18-00:30": {1080, 1470},
	} {
		if from, till, ok := Hours(text); !ok || from != want[0] || till != want[1] {
			t.Errorf("%q: %d %d %v", text, from, till, ok)
		}
	}
	for _, text := range []string{"", "9", "09:00-09:00", "24:00-06:00", "9-25", "9:60-17", "-3-9", "nine-five", "09:00–17:00–18:00"} {
		if from, till, ok := Hours(text); ok {
			t.Errorf("%q is taken as %d to %d", text, from, till)
		}
	}
}

func TestAwakeOverNightsAndClockChanges(t *testing.T) {
	t.Parallel()
	b := &Bot{zone: time.LoadLocation}
	for _, c := range []struct{ name, zone, hours, now, want string }{
		{"within", "Europe/Berlin", "09:00-17:00", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z"},
		{"the opening itself", "Europe/Berlin", "09:00-17:00", "2026-11-24T08:00:00Z", "2026-11-24T08:00:00Z"},
		{"the end is not within", "Europe/Berlin", "09:00-17:00", "2026-11-24T16:00:00Z", "2026-11-25T08:00:00Z"},
		{"Friday evening", "Europe/Berlin", "", "2026-11-27T20:00:00Z", "2026-11-30T08:00:00Z"},
		{"the weekend the clocks go back", "Europe/Berlin", "09:00-17:00", "2026-10-23T16:00:00Z", "2026-10-26T08:00:00Z"},
		{"the weekend the clocks go forward", "Europe/Berlin", "09:00-17:00", "2026-03-27T20:00:00Z", "2026-03-30T07:00:00Z"},
		{"over night, before midnight", "Europe/Berlin", "22:00-06:00", "2026-11-24T22:30:00Z", "2026-11-24T22:30:00Z"},
		{"over night, after midnight", "Europe/Berlin", "22:00-06:00", "2026-11-25T03:00:00Z", "2026-11-25T03:00:00Z"},
		{"over night, by day", "Europe/Berlin", "22:00-06:00", "2026-11-25T12:00:00Z", "2026-11-25T21:00:00Z"},
		{"Friday's night ends on Saturday", "Europe/Berlin", "22:00-06:00", "2026-11-28T04:00:00Z", "2026-11-28T04:00:00Z"},
		{"Saturday has none of its own", "Europe/Berlin", "22:00-06:00", "2026-11-28T23:00:00Z", "2026-11-30T21:00:00Z"},
		{"the night the clocks go back is an hour longer", "Africa/Cairo", "22:00-06:00", "2026-10-30T03:30:00Z", "2026-10-30T03:30:00Z"},
		{"an opening the clocks skip", "Africa/Cairo", "00:00-08:00", "2026-04-23T20:00:00Z", "2026-04-23T22:00:00Z"},
		{"all day", "Asia/Kathmandu", "00:00-24:00", "2026-11-24T18:14:00Z", "2026-11-24T18:14:00Z"},
		{"an unknown zone waits for nothing", "Europe/Atlantis", "09:00-17:00", "2026-11-24T02:00:00Z", "2026-11-24T02:00:00Z"},
	} {
		now, _ := time.Parse(time.RFC3339, c.now)
		if got := b.Awake(Person{Zone: c.zone, Hours: c.hours}, now).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
