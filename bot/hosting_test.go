package bot_test

import (
	"context"
	"testing"
	"time"
)

// fewReads is a context in which the store answers so many times more.
type fewReads struct {
	context.Context
	left int
}

func (f *fewReads) Err() error {
	if f.left--; f.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// A link that could not be taken because the store was away is good for another try:
// it is not said to be used up.
func TestWhatIsTakenOnceIsNotCalledGoneInAnOutage(t *testing.T) {
	t.Parallel()
	w := world(t)
	once := w.Bot.Host().Once
	if err := once.Put(t.Context(), "link", []byte("Rita"), time.Hour); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for reads := 0; ; reads++ {
		v, err := once.Take(&fewReads{t.Context(), reads}, "link")
		if err != nil && reads < 50 {
			failed++
			continue
		}
		if string(v) != "Rita" || failed == 0 {
			t.Fatalf("after %d reads, %d failed: %q %v", reads, failed, v, err)
		}
		break
	}
	if v, err := once.Take(t.Context(), "link"); v != nil || err != nil {
		t.Errorf("taken twice: %q %v", v, err)
	}
}
