package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"rapport/store"
)

// Talk is answered by a new message, so a repeat that were answered like the first would stand
// there twice. Networks repeat talk in two ways: the same event once more, and a second event
// about the same words (Event.Also). Whoever marks the words first answers them. A second event
// stays silent; the same event once more is answered only if the first answer never went out.

// heardFor is as long as seen marks live.
const heardFor = 25 * time.Hour

// claim reports whether it is this turn that answers what was said. When the store does not
// tell, it is: words twice are better than none.
func (t *turn) claim(ctx context.Context) bool {
	if t.marked { // in the commit of the effect, a moment ago
		return true
	}
	if t.markedBy == "" {
		by := kept{By: t.asker(), Of: t.op()}
		raw, err := by.encode()
		if err != nil {
			return true
		}
		b := t.scope.Batch("")
		t.mark(b, raw)
		err = t.scope.Commit(ctx, b)
		var seen *store.Seen
		if !errors.As(err, &seen) {
			return true
		}
		var k kept
		if k.decode(seen.Reply) != nil {
			return false
		}
		t.markedBy = k.Of
	}
	if t.markedBy != t.op() {
		return false
	}
	_, err := t.scope.Token(ctx, t.heard())
	return err != nil
}

// mark writes every name of the event into the commit.
func (t *turn) mark(b *store.Batch, reply []byte) {
	b.Seen(t.op(), reply)
	for _, also := range t.ev.Also {
		b.Seen(also, reply)
	}
}

func (t *turn) heard() string { return "heard/" + t.op() }

// wentOut notes that the answer went out.
func (t *turn) wentOut(ctx context.Context) {
	b := t.scope.Batch("")
	b.Token(t.heard(), nil, heardFor)
	if err := t.scope.Commit(ctx, b); err != nil {
		t.bot.log.WarnContext(ctx, "a repeat of this event may be answered again", "event", t.ev.ID, "err", err)
	}
}

// hearing keeps two deliveries of one event apart within a process: the second waits until
// the first is answered, and then finds its mark.
type hearing struct {
	mu   sync.Mutex
	busy map[string]chan struct{}
}

var errHeardNow = errors.New("another delivery of this event is being handled")

// alone waits, no longer than a network does for an acknowledgement, until no other delivery of
// the event is in the air. leave must be called.
func (h *hearing) alone(ctx context.Context, id string) (leave func(), err error) {
	end := time.NewTimer(slow)
	defer end.Stop()
	for {
		h.mu.Lock()
		before := h.busy[id]
		if before == nil {
			if h.busy == nil {
				h.busy = map[string]chan struct{}{}
			}
			mine := make(chan struct{})
			h.busy[id] = mine
			h.mu.Unlock()
			return func() {
				h.mu.Lock()
				defer h.mu.Unlock()
				delete(h.busy, id)
				close(mine)
			}, nil
		}
		h.mu.Unlock()
		select {
		case <-before:
		case <-end.C:
			return nil, errHeardNow
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
