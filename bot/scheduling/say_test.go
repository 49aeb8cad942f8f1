package scheduling

import (
	goflag "flag"
	"os"
	"testing"
	"time"
)

var full = goflag.Bool("scheduling.full", os.Getenv("RAPPORT_SOAK") == "1", "say and read every hour of 2024–2032 in every zone (minutes)")

func TestSay(t *testing.T) {
	at := time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		zone, locale string
		clock        Clock
		order        DateOrder
		want         string
	}{
		{"America/New_York", "en-GB", 0, 0, "Tue 24 Nov 2026, 15:00 New York time (UTC-5)"},
		{"America/New_York", "en-US", 0, 0, "Tue, Nov 24, 2026, 3:00 PM New York time (UTC-5)"},
		{"America/New_York", "en", 0, 0, "Tue, Nov 24, 2026, 3:00 PM New York time (UTC-5)"},
		{"America/New_York", "en-US", Hours24, DayFirst, "Tue 24 Nov 2026, 15:00 New York time (UTC-5)"},
		{"Europe/Berlin", "de", 0, 0, "Dienstag, 24. November 2026, 21:00 Uhr (Berlin, UTC+1)"},
		{"Europe/Madrid", "es", 0, 0, "martes 24 de noviembre de 2026, 21:00 (Madrid, UTC+1)"},
		{"America/Mexico_City", "es-MX", 0, 0, "martes 24 de noviembre de 2026, 2:00 p. m. (Mexico City, UTC-6)"},
		{"Asia/Kolkata", "en-IN", 0, 0, "Wed 25 Nov 2026, 1:30 AM Kolkata time (UTC+5:30)"},
		{"Europe/London", "en-GB", 0, 0, "Tue 24 Nov 2026, 20:00 London time (UTC)"},
		{"Etc/GMT+3", "en-GB", 0, 0, "Tue 24 Nov 2026, 17:00 UTC-3"},
		{"UTC", "en-GB", 0, 0, "Tue 24 Nov 2026, 20:00 UTC"},
		{"Asia/Shanghai", "en", 0, 0, "Wed 25 Nov 2026, 04:00 Shanghai time (UTC+8)"},
		{"America/Toronto", "en-CA", 0, 0, "Tue, Nov 24, 2026, 3:00 PM Toronto time (UTC-5)"},
		{"America/Toronto", "en-CA", Hours24, YearFirst, "Tue 2026-11-24, 15:00 Toronto time (UTC-5)"},
		{"America/Argentina/San_Juan", "en-GB", 0, 0, "Tue 24 Nov 2026, 17:00 America/Argentina/San_Juan (UTC-3)"},
	} {
		v := NewVoice(nil, c.locale, c.zone, c.clock, c.order)
		if got := v.Say(at.In(zone(t, c.zone))); got != c.want {
			t.Errorf("%s in %s:\n got %s\nwant %s", c.locale, c.zone, got, c.want)
		}
	}
}

func TestSayMidnightAndNoon(t *testing.T) {
	v := NewVoice(nil, "en-US", "", 0, 0)
	loc := zone(t, "America/Chicago")
	for h, want := range map[int]string{0: "Tue, Nov 24, 2026, 00:00 Chicago time (UTC-6)", 12: "Tue, Nov 24, 2026, 12:00 noon Chicago time (UTC-6)"} {
		if got := v.Say(time.Date(2026, 11, 24, h, 0, 0, 0, loc)); got != want {
			t.Errorf("%d h: %s, want %s", h, got, want)
		}
	}
}

func TestSayRange(t *testing.T) {
	for _, c := range []struct{ zone, locale, start, end, want string }{
		{"Europe/Berlin", "en-GB", "2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z", "Tue 24 Nov 2026, 15:00–16:00 Berlin time (UTC+1)"},
		{"Europe/Berlin", "de", "2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z", "Dienstag, 24. November 2026, 15:00–16:00 Uhr (Berlin, UTC+1)"},
		{"Europe/Berlin", "en-GB", "2026-11-24T22:00:00Z", "2026-11-25T00:00:00Z", "Tue 24 Nov 2026, 23:00 – Wed 25 Nov 2026, 01:00 Berlin time (UTC+1)"},
		{"Europe/Berlin", "en-GB", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z", "Sun 29 Mar 2026, 01:00 UTC+1 – 04:00 UTC+2 Berlin time (2 hours)"},
		{"Europe/Berlin", "de", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "Sonntag, 25. Oktober 2026, 02:30 Uhr UTC+2 – 02:30 Uhr UTC+1 (Berlin) (1 Stunde)"},
		{"Europe/Madrid", "es", "2026-10-24T22:00:00Z", "2026-10-25T05:00:00Z", "domingo 25 de octubre de 2026, 00:00 UTC+2 – 06:00 UTC+1 (Madrid) (7 horas)"},
	} {
		start, _ := time.Parse(time.RFC3339, c.start)
		end, _ := time.Parse(time.RFC3339, c.end)
		v := NewVoice(nil, c.locale, c.zone, 0, 0)
		got := v.SayRange(start.In(zone(t, c.zone)), end)
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.locale, got, c.want)
		}
		r := Read(got, ReadContext{Now: start.Add(-time.Hour), Locale: c.locale})
		if !r.Resolved() || !r.Spans[0].Start.Equal(start) || !r.Spans[0].End.Equal(end) {
			t.Errorf("%q read back: %s", got, reading(r))
		}
	}
}

func TestSayBoth(t *testing.T) {
	at := time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)
	for _, c := range []struct{ locale, mine, theirs, want string }{
		{"en-GB", "America/New_York", "Europe/Berlin", "Tue 24 Nov 2026, 15:00 New York time (UTC-5) = 21:00 Berlin time (UTC+1)"},
		{"en-GB", "America/New_York", "Asia/Kolkata", "Tue 24 Nov 2026, 15:00 New York time (UTC-5) = 01:30 Kolkata time (UTC+5:30), +1 day"},
		{"en-GB", "Asia/Kolkata", "America/New_York", "Wed 25 Nov 2026, 01:30 Kolkata time (UTC+5:30) = 15:00 New York time (UTC-5), -1 day"},
		{"de", "Europe/Berlin", "Asia/Kolkata", "Dienstag, 24. November 2026, 21:00 Uhr (Berlin, UTC+1) = 01:30 Uhr (Kolkata, UTC+5:30), +1 Tag"},
		{"en-GB", "Europe/Berlin", "Europe/Paris", "Tue 24 Nov 2026, 21:00 Berlin time (UTC+1)"},
	} {
		v := NewVoice(nil, c.locale, c.mine, 0, 0)
		got := v.SayBoth(at, zone(t, c.mine), zone(t, c.theirs))
		if got != c.want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.mine, c.theirs, got, c.want)
		}
		if r := Read(got, ReadContext{Now: at.Add(-time.Hour), Locale: c.locale}); !r.Resolved() || len(r.Spans) != 1 || !r.Spans[0].Start.Equal(at) {
			t.Errorf("%q read back: %s %s", got, reading(r), r.Words)
		}
	}
}

// Reading what was said gives the instant that was said: in every zone, at every
// clock change of the years, hour by hour around it, and on hours spread between.
func TestReadingWhatWasSaid(t *testing.T) {
	begin, end := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2033, 1, 1, 0, 0, 0, 0, time.UTC)
	voices := []struct {
		locale string
		clock  Clock
		order  DateOrder
	}{{"en-GB", 0, 0}, {"en-US", 0, 0}, {"de-DE", 0, 0}, {"es-ES", 0, 0}, {"es-MX", 0, 0}, {"en-CA", Hours24, YearFirst}}
	check := func(t *testing.T, at time.Time, locale string, v Voice) {
		said := v.Say(at)
		r := Read(said, ReadContext{Now: at.Add(-24 * time.Hour), Locale: locale})
		if !r.Resolved() || !r.Spans[0].Start.Equal(at) || !r.Spans[0].End.IsZero() {
			t.Fatalf("%s said %q, read %s (%s)", at.UTC().Format(time.RFC3339), said, reading(r), r.Words)
		}
	}
	step := 1999 * time.Hour
	if *full {
		step = time.Hour
	}
	for i, name := range Default().Names() {
		if *full && Default().Canonical(name) != name {
			continue // a link shows what its zone shows
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loc := zone(t, name)
			for j, s := range voices {
				if *full && j != i%len(voices) {
					continue
				}
				v := NewVoice(nil, s.locale, name, s.clock, s.order)
				for at := begin.Add(time.Duration(i%23) * time.Hour); at.Before(end); at = at.Add(step) {
					check(t, at.In(loc), s.locale, v)
				}
				if j != i%len(voices) {
					continue
				}
				for change := changeAfter(begin, loc); change.After(begin) && change.Before(end); {
					for h := -3; h <= 3; h++ {
						check(t, change.Add(time.Duration(h)*time.Hour).In(loc), s.locale, v)
						check(t, change.Add(time.Duration(h)*time.Hour+15*time.Minute).In(loc), s.locale, v)
					}
					next := changeAfter(change, loc)
					if !next.After(change) {
						break
					}
					change = next
				}
			}
		})
	}
}

func BenchmarkSay(b *testing.B) {
	v := NewVoice(nil, "en-US", "America/New_York", 0, 0)
	at := time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC).In(zone(b, "America/New_York"))
	b.ReportAllocs()
	for b.Loop() {
		v.Say(at)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, phrase := range []string{"tue 3pm", "tomorrow 9-11 Berlin time", "Fri 5pm IST", "mon or wed after 14:00", "2026-12-10 15:00 Pacific Standard Time", "mañana a las 3 de la tarde", "Tue 24 Nov 2026, 15:00 New York time (UTC-5)", "thu 3pm US time", "thu 3pm Berlni time", "thursady 3pm", "2026-W50-4T15:00"} {
		b.Run(phrase, func(b *testing.B) {
			ctx := ReadContext{Now: monday, Zone: "Europe/Berlin", Locale: "en-GB"}
			b.ReportAllocs()
			for b.Loop() {
				Read(phrase, ctx)
			}
		})
	}
}

func TestSayDay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)
	for _, c := range []struct{ zone, locale, want string }{
		{"Europe/Berlin", "en-GB", "Tue 24 Nov 2026"},
		{"Asia/Kolkata", "en-US", "Wed, Nov 25, 2026"},
		{"Pacific/Auckland", "de", "Mittwoch, 25. November 2026"},
	} {
		if got := NewVoice(nil, c.locale, c.zone, 0, 0).SayDay(at.In(zone(t, c.zone))); got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.locale, c.zone, got, c.want)
		}
	}
}
