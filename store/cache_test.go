package store

import (
	"testing"
	"time"
)

func TestALateReadDoesNotReplaceALaterCommit(t *testing.T) {
	t.Parallel()
	at, now := place{"t1", "candidates", "c1"}, time.Unix(0, 0)
	for _, x := range []struct{ name, first, then, want string }{
		{"read of the row before", "10 1 {}", "9 1 {}", "10 1 {}"},
		{"the next revision", "9 1 {}", "10 1 {}", "10 1 {}"},
		{"the same again", "9 1 {}", "9 2 {}", "9 2 {}"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := newCache()
			c.put(at, x.first, known{}, now)
			c.put(at, x.then, known{}, now)
			if got, _, _ := c.get(at, now); got != x.want {
				t.Errorf("kept %q, want %q", got, x.want)
			}
			c.drop(at)
			c.put(at, x.first, known{}, now)
			if got, _, _ := c.get(at, now); got != x.first {
				t.Errorf("after a drop: kept %q, want %q", got, x.first)
			}
		})
	}
}
