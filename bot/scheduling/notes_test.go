package scheduling

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestZoneWordsInNotes(t *testing.T) {
	for _, c := range []struct{ zone, note, want string }{
		{"Europe/Berlin", "Evenings only, CET please. No Fridays!", "cet [Europe/Berlin] true"},
		{"Europe/Berlin", "I am on Toronto time this week", "toronto [America/Toronto] false"},
		{"Europe/Berlin", "best 9-11 IST", "ist [Asia/Kolkata Asia/Jerusalem] false"},
		{"Asia/Kolkata", "best 9-11 IST", "ist [Asia/Kolkata] true"},
		{"Europe/Berlin", "I live in Toronto and like art", ""},
		{"Europe/Berlin", "It is nice here. I can eat at noon. Das ist gut.", ""},
		{"Europe/Berlin", "my zone is America/New_York", "america/new_york [America/New_York] false"},
		{"Europe/Berlin", "gerne nach Wiener Zeit", "wiener [Europe/Vienna] true"},
		{"Europe/Berlin", "anything in UTC+1 works", "utc+1 [+01:00] true"},
		{"Europe/Berlin", strings.Repeat("bla ", 5000), ""},
	} {
		var got []string
		for _, w := range ZoneWords(c.note, ReadContext{Now: monday, Zone: c.zone}) {
			got = append(got, fmt.Sprint(w.Text, " ", w.Zones, " ", w.Agrees))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%q: %s\nwant %s", c.note, s, c.want)
		}
	}
}

func TestFindPlaces(t *testing.T) {
	db := Default()
	for typed, want := range map[string]string{
		"portland": "Portland (Oregon, US) America/Los_Angeles; Portland (Maine, US) America/New_York; Portland (AU) Australia/Melbourne",
		"zür":      "Zurich (CH) Europe/Zurich",
		"kathm":    "Kathmandu (NP) Asia/Kathmandu",
		"german":   "Germany (DE) Europe/Berlin",
		"":         "",
		"xyzzy":    "",
	} {
		var got []string
		for _, p := range db.FindPlaces(typed, 3) {
			got = append(got, fmt.Sprintf("%s (%s) %s", p.Name, p.Where, p.Zone))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%q: %s\nwant %s", typed, s, want)
		}
	}
}

func FuzzZoneWords(f *testing.F) {
	f.Add("Evenings only, CET please. No Fridays!")
	f.Add("UTC+1 or Toronto time (Portland, Oregon time)")
	f.Fuzz(func(t *testing.T, note string) {
		for _, w := range ZoneWords(note, ReadContext{Now: monday, Zone: "Europe/Berlin"}) {
			if w.Text == "" || len(w.Zones) == 0 {
				t.Fatalf("%q: %+v", note, w)
			}
		}
	})
}

func TestLocate(t *testing.T) {
	t.Parallel()
	db := Default()
	for typed, want := range map[string]string{
		"Europe/Berlin":              "Europe/Berlin",
		"europe/berlin":              "Europe/Berlin",
		"US/Eastern":                 "America/New_York",
		"W. Europe Standard Time":    "Europe/Berlin",
		"berlin":                     "Europe/Berlin",
		"München":                    "Europe/Berlin",
		"  São Paulo ":               "America/Sao_Paulo",
		"Portland, Oregon":           "America/Los_Angeles",
		"Portland OR":                "America/Los_Angeles",
		"Portland, Maine":            "America/New_York",
		"Portland":                   "America/Los_Angeles America/New_York",
		"India":                      "Asia/Kolkata",
		"Singapore":                  "Asia/Singapore",
		"UTC":                        "Etc/UTC",
		"Berlni":                     "?",
		"Berlin, Mars":               "?",
		"":                           "?",
		strings.Repeat("Berlin", 99): "?",
	} {
		places, err := db.Locate(typed)
		var zones []string
		for _, p := range places {
			zones = append(zones, p.Zone)
		}
		slices.Sort(zones)
		got := strings.Join(zones, " ")
		if err != nil {
			got = "?"
		}
		if got != want {
			t.Errorf("%q: %s, want %s (%v)", typed, got, want, err)
		}
	}
	if places, err := db.Locate("Australia"); err != nil || len(places) < 4 {
		t.Errorf("Australia: %v, %v", places, err)
	}
	if _, err := db.Locate("Berlni"); err == nil || !strings.Contains(err.Error(), "Berlin") {
		t.Errorf("Berlni: %v", err)
	}
}
