package web

import (
	"testing"
	"time"

	"rapport/bot"
)

// ReadTwice reads a place with one cursor, before and after something happens.
func ReadTwice(t *testing.T, lines bot.Lines, tenant, place string, now time.Time, between func()) [2][]bot.Stored {
	t.Helper()
	c := &cursor{place: place}
	var out [2][]bot.Stored
	for i := range out {
		rows, more, err := c.next(t.Context(), lines, tenant, now)
		if err != nil || more {
			t.Fatal(err, more)
		}
		out[i] = rows
		between()
	}
	return out
}

func TestOnlyHarmlessAddressesAreLinks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"https://a.example/x": "https://a.example/x", "mailto:a@b.example": "mailto:a@b.example",
		"javascript:alert(1)": "", " javascript:alert(1)": "", "data:text/html,x": "", "//a.example": "", "vbscript:x": "", "": ""} {
		if got := safeURL(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestListsComeBackFromTheirLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"• a\n• b": 2, "1. a\n2. b": 2, "1. a": 0, "• a\nb": 0, "1. a\n3. b": 0, "plain": 0, "": 0} {
		if items, _ := listed(text); len(items) != want {
			t.Errorf("%q: %q", text, items)
		}
	}
}

func TestNamesOfLoopbackAreOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{{"localhost:8080", "127.0.0.1:8080", true}, {"[::1]:8080", "localhost:8080", true}, {"127.0.0.1:8081", "127.0.0.1:8080", false},
		{"localhost.evil.example:8080", "127.0.0.1:8080", false}, {"RAPPORT.example", "rapport.example", true}, {"evil.example", "rapport.example", false}} {
		if got := sameHost(c.a, c.b); got != c.want {
			t.Errorf("%s, %s: %v", c.a, c.b, got)
		}
	}
}
