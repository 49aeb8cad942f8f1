package scheduling

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := Default().Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func shifts(t testing.TB, text string) []Shift {
	t.Helper()
	var out []Shift
	for word := range strings.FieldsSeq(text) {
		from, to, _ := strings.Cut(word, "-")
		s, err := ParseShift(from, to)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

var workweek = []time.Weekday{1, 2, 3, 4, 5}

func spell(list []Stretch, zone *time.Location) string {
	var out []string
	for _, s := range list {
		out = append(out, s.Start.In(zone).Format("02T15:04")+"/"+s.End.In(zone).Format("02T15:04"))
	}
	return strings.Join(out, " ")
}

func TestHours(t *testing.T) {
	berlin := mustZone(t, "Europe/Berlin")
	lawful, err := PublicHolidays("DE-BY")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		hours    *Hours
		from, to string
		want     string
	}{
		{"split shifts", EveryDay(berlin, shifts(t, "09:00-12:00 13:00-17:00"), 1), "2026-11-22", "2026-11-25", "23T09:00/23T12:00 23T13:00/23T17:00"},
		{"written in any order and overlapping", EveryDay(berlin, shifts(t, "13:00-17:00 09:00-13:30 16:00-16:30"), 1), "2026-11-22", "2026-11-25", "23T09:00/23T17:00"},
		{"overnight", EveryDay(berlin, shifts(t, "22:00-06:00"), 1), "2026-11-22", "2026-11-25", "23T22:00/24T06:00"},
		{"all day, every day, is one stretch", EveryDay(berlin, shifts(t, "00:00-24:00"), 0, 1, 2, 3, 4, 5, 6), "2026-10-24", "2026-10-27", "24T00:00/27T00:00"},
		{"clocks go back in the night shift", EveryDay(berlin, shifts(t, "22:00-06:00"), 6), "2026-10-24", "2026-10-27", "24T22:00/25T06:00"},
		{"a shift inside the gap lies after it", EveryDay(berlin, shifts(t, "02:15-02:45"), 0), "2026-03-29", "2026-03-30", "29T03:15/29T03:45"},
		{"an exception replaces the day", &Hours{Zone: berlin, Week: EveryDay(nil, shifts(t, "09:00-17:00"), workweek...).Week,
			Days: map[Day][]Shift{DayOf(2026, 11, 24): shifts(t, "10:00-11:00"), DayOf(2026, 11, 25): nil, DayOf(2026, 11, 28): shifts(t, "08:00-09:00")}},
			"2026-11-24", "2026-11-30", "24T10:00/24T11:00 26T09:00/26T17:00 27T09:00/27T17:00 28T08:00/28T09:00"},
		{"a day off ends the shift of the night before", &Hours{Zone: berlin, Week: EveryDay(nil, shifts(t, "22:00-06:00"), workweek...).Week,
			Days: map[Day][]Shift{DayOf(2026, 11, 25): nil}}, "2026-11-24", "2026-11-27", "24T00:00/24T06:00 24T22:00/25T00:00 26T22:00/27T00:00"},
		{"public holidays", &Hours{Zone: berlin, Week: EveryDay(nil, shifts(t, "09:00-17:00"), workweek...).Week, Holidays: lawful},
			"2027-01-04", "2027-01-09", "04T09:00/04T17:00 05T09:00/05T17:00 07T09:00/07T17:00 08T09:00/08T17:00"},
		{"away", &Hours{Zone: berlin, Week: EveryDay(nil, shifts(t, "09:00-17:00"), workweek...).Week,
			Away: []Stretch{{instant(t, "2026-11-24T11:00:00Z"), instant(t, "2026-11-25T11:00:00Z")}}}, "2026-11-24", "2026-11-26", "24T09:00/24T12:00 25T12:00/25T17:00"},
		{"nobody", &Hours{}, "2026-11-24", "2026-11-26", ""},
	} {
		from, _ := ParseDay(c.from)
		to, _ := ParseDay(c.to)
		if got := spell(c.hours.Between(from.At(0).In(berlin), to.At(0).In(berlin)), berlin); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestBusinessTime(t *testing.T) {
	berlin := mustZone(t, "Europe/Berlin")
	week := EveryDay(berlin, shifts(t, "09:00-17:00"), workweek...)
	always := EveryDay(berlin, shifts(t, "00:00-24:00"), 0, 1, 2, 3, 4, 5, 6)
	for _, c := range []struct {
		name  string
		hours *Hours
		at    string
		add   time.Duration
		want  string
	}{
		{"Friday 16:00 and eight hours", week, "2026-11-27T16:00:00+01:00", 8 * time.Hour, "2026-11-30T16:00:00+01:00"},
		{"it ends with the day, not on the next morning", week, "2026-11-27T16:00:00+01:00", time.Hour, "2026-11-27T17:00:00+01:00"},
		{"from the weekend", week, "2026-11-28T12:00:00+01:00", 30 * time.Minute, "2026-11-30T09:30:00+01:00"},
		{"nothing, in working time", week, "2026-11-27T16:00:00+01:00", 0, "2026-11-27T16:00:00+01:00"},
		{"nothing, after work", week, "2026-11-27T17:00:00+01:00", 0, "2026-11-30T09:00:00+01:00"},
		{"back over the weekend", week, "2026-11-30T16:00:00+01:00", -8 * time.Hour, "2026-11-27T16:00:00+01:00"},
		{"back to an opening", week, "2026-11-30T10:00:00+01:00", -time.Hour, "2026-11-30T09:00:00+01:00"},
		{"all day over the clock change", always, "2026-10-24T12:00:00+02:00", 24 * time.Hour, "2026-10-25T11:00:00+01:00"},
		{"a quarter of a year", week, "2026-11-27T16:00:00+01:00", 65 * 8 * time.Hour, "2027-02-26T16:00:00+01:00"},
	} {
		got, err := c.hours.Add(instant(t, c.at), c.add)
		if err != nil || !got.Equal(instant(t, c.want)) {
			t.Errorf("%s: %s, %v", c.name, got.In(berlin), err)
		}
	}
	if d := week.Elapsed(instant(t, "2026-11-27T16:00:00+01:00"), instant(t, "2026-11-30T16:00:00+01:00")); d != 8*time.Hour {
		t.Errorf("elapsed %s", d)
	}
	if d := week.Elapsed(instant(t, "2026-11-30T16:00:00+01:00"), instant(t, "2026-11-27T16:00:00+01:00")); d != -8*time.Hour {
		t.Errorf("elapsed backwards %s", d)
	}
	if _, err := (&Hours{}).Add(instant(t, "2026-11-27T16:00:00Z"), time.Hour); !errors.Is(err, ErrNoHours) {
		t.Errorf("hours without work: %v", err)
	}
	if _, err := (&Hours{}).Add(instant(t, "2026-11-27T16:00:00Z"), -time.Hour); !errors.Is(err, ErrNoHours) {
		t.Errorf("hours without work, back: %v", err)
	}
}

// Adding working time and asking how much elapsed are inverse.
func TestBusinessTimeBothWays(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu"}
	weeks := []string{"09:00-17:00", "08:00-12:00 13:00-18:00", "22:00-06:00", "00:00-24:00", "01:30-02:30"}
	rapid.Check(t, func(r *rapid.T) {
		zone, err := Default().Zone(rapid.SampledFrom(zones).Draw(r, "zone"))
		if err != nil {
			r.Fatal(err)
		}
		h := EveryDay(zone, shifts(t, rapid.SampledFrom(weeks).Draw(r, "hours")), workweek...)
		at := unix(int64(rapid.IntRange(1767225600, 1830297600).Draw(r, "at"))) // 2026 and 2027
		d := time.Duration(rapid.IntRange(1, 400_000).Draw(r, "seconds")) * time.Second
		end, err := h.Add(at, d)
		if err != nil {
			r.Fatal(err)
		}
		if got := h.Elapsed(at, end); got != d {
			r.Fatalf("%s and %s is %s, but %s lie between", at, d, end, got)
		}
		start, err := h.Add(end, -d)
		if err != nil {
			r.Fatal(err)
		}
		if got := h.Elapsed(start, end); got != d || start.Before(at) {
			r.Fatalf("%s less %s is %s, but %s lie between", end, d, start, got)
		}
	})
}

func TestPublicHolidays(t *testing.T) {
	for _, c := range []struct{ code, day, name string }{
		{"DE", "2026-12-25", "Weihnachtstag"},
		{"de-by", "2027-01-06", "Heilige Drei Könige"},
		{"DE", "2027-01-06", ""},
		{"US", "2026-11-26", "Thanksgiving Day"},
		{"US", "2027-12-31", "New Year's Day"}, // kept on Friday
		{"US", "2026-12-28", ""},
		{"GB", "2027-12-27", "Christmas Day"},
		{"FR", "2026-07-14", "Fête Nationale"},
		{"JP", "2026-11-23", "Labor Thanksgiving Day"},
	} {
		h, err := PublicHolidays(c.code)
		if err != nil {
			t.Fatal(err)
		}
		day, err := ParseDay(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := h.On(day); ok != (c.name != "") || !strings.EqualFold(name, c.name) {
			t.Errorf("%s on %s: %q", c.code, c.day, name)
		}
	}
	for _, code := range []string{"", "XX", "AU", "DE-XX"} {
		if _, err := PublicHolidays(code); err == nil {
			t.Errorf("%q is taken as a country", code)
		}
	}
	if n := len(HolidayCodes()); n < 50 {
		t.Errorf("%d codes", n)
	}
}

// The database's own bounds end before they begin on the last day of leap years
// after 2037; hours and rules of a window that starts there still change clocks.
func TestHoursFromTheLastDayOfALeapYear(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu"} {
		zone := mustZone(t, name)
		for _, year := range []int{2040, 2044, 2072, 2096} {
			start := time.Date(year, 12, 27, 0, 0, 0, 0, time.UTC)
			for d := range 6 {
				from := start.AddDate(0, 0, d).Unix()
				c := clockOf(zone, from, from+400*daySeconds)
				for at := from; at < from+400*daySeconds; at += daySeconds / 2 {
					if got, want := c.wall(at), wallIn(at, zone); got != want {
						t.Fatalf("%s from %s: %s shows %s, want %s", name, start.AddDate(0, 0, d), time.Unix(at, 0).UTC(), got, want)
					}
				}
			}
		}
	}
	shift := Shift{9 * time.Hour, 17 * time.Hour}
	h := EveryDay(mustZone(t, "Europe/Berlin"), []Shift{shift}, 1, 2, 3, 4, 5)
	from := time.Date(2040, 12, 31, 6, 0, 0, 0, time.UTC)
	list := h.Between(from, from.AddDate(0, 7, 0))
	if got := list[len(list)-1].Start.UTC().Hour(); got != 7 {
		t.Errorf("summer opens at %d:00 UTC, want 7:00", got)
	}
}
