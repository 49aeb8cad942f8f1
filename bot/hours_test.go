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

func TestHoursAsTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"9-17": {"09:00-17:00", ""}, "9am - 5pm": {"09:00-17:00", ""}, "10pm-6am": {"22:00-06:00", ""}, "22:00-06:00": {"22:00-06:00", ""}, "12 a.m.–12 p.m.": {"00:00-12:00", ""},
		"9-5": {"09:00-05:00", "09:00-17:00"}, "9:30-5:30": {"09:30-05:30", "09:30-17:30"}, "12-11": {"12:00-11:00", "12:00-23:00"}, "09:00-05:00": {"09:00-05:00", ""},
		"13-5": {"13:00-05:00", ""}, "11-0:30": {"11:00-00:30", ""}, "00:00-24:00": {"00:00-24:00", ""}, "8PM-2AM": {"20:00-02:00", ""},
	} {
		if kept, other, ok := ReadHours(text); !ok || kept != want[0] || other != want[1] {
			t.Errorf("%q: %q %q %v, want %q", text, kept, other, ok, want)
		}
	}
	for _, text := range []string{"", "9", "9-9", "9am-9am", "13pm-2am", "0am-5am", "9am-5", "9-5pm", "soon"} {
		if kept, _, ok := ReadHours(text); ok {
			t.Errorf("%q is taken as %s", text, kept)
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
