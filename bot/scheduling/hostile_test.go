package scheduling

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// check says what holds of every reading, whatever was typed.
func check(t *testing.T, phrase string, ctx ReadContext) {
	t.Helper()
	r := Read(phrase, ctx)
	if r.Resolved() {
		if len(r.Spans) == 0 || len(r.Options) != 0 {
			t.Fatalf("%q: resolved to %+v", phrase, r)
		}
		for _, s := range r.Spans {
			if s.Start.Before(ctx.Now.Truncate(time.Minute)) {
				t.Fatalf("%q: %s lies in the past", phrase, s.Start)
			}
		}
	} else if len(r.Spans) != 0 || len(r.Options) > maxOptions {
		t.Fatalf("%q: asked with %+v", phrase, r)
	}
	if r.Words == "" || !utf8.ValidString(r.Words) || strings.Contains(r.Words, "%!") {
		t.Fatalf("%q: words %q", phrase, r.Words)
	}
	for _, s := range append(r.Spans, r.Options...) {
		if s.Start.IsZero() || s.Zone == "" || s.Words == "" || !s.End.IsZero() && !s.End.After(s.Start) {
			t.Fatalf("%q: span %+v", phrase, s)
		}
		if _, err := Default().location(s.Zone); err != nil {
			t.Fatalf("%q: zone %q: %v", phrase, s.Zone, err)
		}
	}
}

func TestHostileInputIsAQuestionAtOnce(t *testing.T) {
	ctx := ReadContext{Now: monday, Zone: "Europe/Berlin", Locale: "en"}
	Read("tue 3pm Berlni time", ctx) // the tables are made when first asked for
	for name, phrase := range map[string]string{
		"10,000 letters":      strings.Repeat("a", 10000),
		"10,000 digits":       strings.Repeat("1", 10000),
		"10,000 dashes":       strings.Repeat("-", 10000),
		"10,000 words":        strings.Repeat("tue or ", 1500),
		"300 slashes":         strings.Repeat("/", 300),
		"300 of next":         strings.Repeat("next ", 60),
		"digits of Bengal":    "tue ৩pm",
		"digits full width":   "tue ３pm",
		"digit superscript":   "tue 3²pm",
		"zero width space":    "t\u200bue 3pm",
		"zero width joiner":   "tue 3\u200dpm",
		"right to left":       "tue \u202e3pm",
		"byte order mark":     "\ufefftue 3pm",
		"soft hyphen":         "tues\u00adday 3pm",
		"null":                "tue\x003pm",
		"no UTF-8":            "tue \xff3pm",
		"huge number":         "in 99999999999 hours",
		"huger number":        "in 99999999999999999999999999 hours",
		"minus":               "in -5 hours",
		"a mark's number":     "<t:99999999999999999999>",
		"a mark in a mark":    "<t:<t:1>>",
		"year zero":           "0000-00-00 00:00",
		"year 9999":           "9999-99-99T99:99:99Z",
		"a thousand accents":  "t" + strings.Repeat("\u0301", 140) + "ue",
		"unfinished offset":   "tue 3pm UTC+",
		"offset too large":    "tue 3pm UTC+99",
		"unfinished range":    "tue 3pm -",
		"unfinished list":     "tue 3pm or",
		"an empty list":       "or or or",
		"only marks":          "?!?",
		"only a zone":         "Berlin",
		"only a part":         "at in the",
		"half a thing":        "half past",
		"eleven alternatives": "mon or tue or wed or thu or fri or sat or sun or mon or tue or wed or thu 3pm",
	} {
		var r Reading
		took := time.Hour
		for range 5 { // the best of five: the machine may have had something else to do
			start := time.Now()
			r = Read(phrase, ctx)
			took = min(took, time.Since(start))
		}
		if r.Resolved() {
			t.Errorf("%s: resolved to %s", name, reading(r))
		}
		if took > 20*time.Millisecond { // under the race detector; the benchmark has the true figure
			t.Errorf("%s took %s", name, took)
		}
		check(t, phrase, ctx)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"tue 3pm", "tomorrow 9-11 Berlin time", "in 2 hours", "14:30 IST", "3/4 at 5", "next week thursday morning",
		"2026-12-10T15:00:00+01:00", "morgen um halb vier", "mañana a las 3 y media", "mon or wed after 14:00",
		"2026-03-29 02:30 Europe/Berlin", "thu 12am", "<t:1796911200:F>", "Tue 24 Nov 2026, 15:00 New York time (UTC-5) = 01:30 Kolkata time (UTC+5:30), +1 day",
		"fri 23:00 - sat 02:00 Portland, Oregon", "same time tomorrow", "the 31st at noon", "10.12.2026 17h30 UTC-3",
	} {
		f.Add(seed, uint8(0), int64(1795446000))
		f.Add(seed, uint8(7), int64(1774746000))
	}
	zones := []string{"Europe/Berlin", "America/New_York", "", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/Vancouver", "Africa/Casablanca"}
	locales := []string{"en-GB", "de", "es-MX", "en-US", "", "xx", "de-CH", "fr"}
	f.Fuzz(func(t *testing.T, phrase string, who uint8, now int64) {
		if now < 0 || now > 4e9 {
			now = 1795446000
		}
		check(t, phrase, ReadContext{Now: time.Unix(now, 0), Zone: zones[who&7], Locale: locales[who>>3&7]})
	})
}

func FuzzZoneName(f *testing.F) {
	for _, seed := range []string{"Europe/Berlin", "W. Europe Standard Time", "/a/b/c", "\"x\"", "Europe/Berln"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		loc, err := Default().Zone(name)
		if (loc == nil) == (err == nil) || err != nil && err.Error() == "" {
			t.Fatalf("%q: %v %v", name, loc, err)
		}
		if loc != nil && loc == time.Local {
			t.Fatalf("%q is the machine's zone", name)
		}
	})
}

func FuzzMark(f *testing.F) {
	for _, seed := range []string{"<t:1796911200:F>", "<!date^1796911200^{date}|x>", "<t:>", "<!date^^>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, mark string) {
		at, ok := FindMark(mark)
		if !ok {
			return
		}
		for _, again := range []string{DateMark(at, "{date}", "x"), StampMark(at, "F"), StampMark(at, "")} {
			if back, ok := FindMark(again); !ok || !back.Equal(at) {
				t.Fatalf("%q became %q", mark, again)
			}
		}
	})
}

func BenchmarkHostile(b *testing.B) {
	ctx := ReadContext{Now: monday, Zone: "Europe/Berlin"}
	for name, phrase := range map[string]string{"10000": strings.Repeat("tue 3pm ", 1250), "300 words": strings.Repeat("next ", 60), "300 names": strings.Repeat("st. ", 60), "unknown": "tue 3pm Fooobarville time"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Read(phrase, ctx)
			}
		})
	}
}
