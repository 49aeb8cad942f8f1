package scheduling

import (
	"testing"
	"time"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := Default().Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		zone, wall    string
		times         Times
		first, second string
	}{
		{"Europe/Berlin", "2026-07-09 15:00", Once, "2026-07-09T13:00", "2026-07-09T13:00"},
		{"Europe/Berlin", "2026-03-29 02:30", Never, "2026-03-29T01:30", "2026-03-29T00:30"},
		{"Europe/Berlin", "2026-03-29 03:00", Once, "2026-03-29T01:00", "2026-03-29T01:00"},
		{"Europe/Berlin", "2026-10-25 02:30", Twice, "2026-10-25T00:30", "2026-10-25T01:30"},
		{"America/New_York", "2026-03-08 02:30", Never, "2026-03-08T07:30", "2026-03-08T06:30"},
		{"America/New_York", "2026-11-01 01:30", Twice, "2026-11-01T05:30", "2026-11-01T06:30"},
		{"America/Santiago", "2026-09-06 00:30", Never, "2026-09-06T04:30", "2026-09-06T03:30"},
		{"Australia/Lord_Howe", "2026-10-04 02:15", Never, "2026-10-03T15:45", "2026-10-03T15:15"},
		{"Australia/Lord_Howe", "2026-10-04 02:45", Once, "2026-10-03T15:45", "2026-10-03T15:45"},
		{"Australia/Lord_Howe", "2026-04-05 01:45", Twice, "2026-04-04T14:45", "2026-04-04T15:15"},
		{"Africa/Casablanca", "2026-09-20 01:30", Twice, "2026-09-20T00:30", "2026-09-20T01:30"},
		{"Pacific/Apia", "2011-12-30 12:00", Never, "2011-12-30T22:00", "2011-12-29T22:00"},
		{"Europe/Dublin", "2027-10-31 01:30", Twice, "2027-10-31T00:30", "2027-10-31T01:30"},
		{"America/New_York", "2044-11-06 01:30", Twice, "2044-11-06T05:30", "2044-11-06T06:30"},
	} {
		wall, err := time.Parse("2006-01-02 15:04", c.wall)
		if err != nil {
			t.Fatal(err)
		}
		got := Resolve(wall, zone(t, c.zone))
		first, second := got.First.UTC().Format("2006-01-02T15:04"), got.Second.UTC().Format("2006-01-02T15:04")
		if got.Times != c.times || first != c.first || second != c.second {
			t.Errorf("%s %s: %d %s %s, want %d %s %s", c.zone, c.wall, got.Times, first, second, c.times, c.first, c.second)
		}
	}
}

// Every instant is found again from what its clock shows.
func TestResolveFindsEveryInstantAgain(t *testing.T) {
	for _, name := range Default().Names() {
		loc := zone(t, name)
		for at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2033; at = at.Add(37*time.Hour + 15*time.Minute) {
			for _, in := range []time.Time{at, changeAfter(at, loc).Add(-20 * time.Minute), changeAfter(at, loc).Add(20 * time.Minute)} {
				got := Resolve(in.In(loc), loc)
				if got.Times == Never || !got.First.Equal(in) && !got.Second.Equal(in) {
					t.Fatalf("%s %s: %+v", name, in.In(loc), got)
				}
			}
		}
	}
}

// The years after the last one that the database lists follow a rule.
func TestResolveInYearsByRule(t *testing.T) {
	for _, name := range []string{"America/New_York", "Europe/Berlin", "Australia/Sydney", "Europe/Dublin", "Asia/Tokyo"} {
		loc := zone(t, name)
		for year := 2036; year < 2110; year++ {
			for h := -72; h <= 72; h++ {
				in := time.Date(year, 1, 1, h, 30, 0, 0, time.UTC).In(loc)
				if got := Resolve(in, loc); got.Times != Once || !got.First.Equal(in) {
					t.Fatalf("%s %s: %+v", name, in, got)
				}
			}
		}
	}
	ny := zone(t, "America/New_York")
	if got := Resolve(time.Date(2080, 11, 3, 1, 30, 0, 0, time.UTC), ny); got.Times != Twice {
		t.Errorf("the end of summer time 2080: %+v", got)
	}
	if got := Resolve(time.Date(2080, 3, 10, 2, 30, 0, 0, time.UTC), ny); got.Times != Never {
		t.Errorf("the start of summer time 2080: %+v", got)
	}
	for _, phrase := range []string{"1.1.2081 10:00", "Jan 1 2041 10am IST", "31 Dec 2080 15:00 EST"} {
		if r := Read(phrase, ReadContext{Now: monday, Zone: "America/New_York"}); len(r.Spans)+len(r.Options) == 0 {
			t.Errorf("%q: %s", phrase, reading(r))
		}
	}
}

func changeAfter(at time.Time, loc *time.Location) time.Time {
	if _, end := at.In(loc).ZoneBounds(); !end.IsZero() {
		return end
	}
	return at
}

func BenchmarkResolve(b *testing.B) {
	loc := zone(b, "Europe/Berlin")
	wall := time.Date(2026, 7, 9, 15, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		Resolve(wall, loc)
	}
}
