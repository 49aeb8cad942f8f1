package bot

import (
	"context"
	"strings"
)

const (
	notReached  = "I cannot reach my memory right now, so I could not finish this."
	writtenDown = "My memory does not answer right now. What you asked for is written down and will be done as soon as it does: there is no need to send it again."
)

// keepForm answers a form that was sent in while the store cannot be reached, so that
// what was typed is not lost: the form stays open where it can, else its longer texts
// are handed back.
func (t *turn) keepForm(ctx context.Context, f Filled) error {
	if t.abil.FormFrom {
		refused := false
		_ = t.speak(ctx, func(ctx context.Context, turn Turn) error {
			refused = turn.Refuse(ctx, FieldErrors{"": notReached + " Please send it again in a minute; nothing will be done twice."}) == nil
			return nil
		})
		if refused {
			return nil
		}
	}
	text := notReached + " Please try again in a minute; nothing will be done twice."
	var long []string
	for _, v := range f.Values { // which fields these are stands in the store
		if v = strings.TrimSpace(Clean(v)); len(v) > 40 {
			long = append(long, Flat(v))
		}
	}
	if len(long) > 0 {
		text += " This is what you typed, so that you can copy it:\n" + strings.Join(long, "\n")
	}
	return t.say(ctx, Say(text))
}

// leave lets an event stay in the inbox, if it lies there, though its sender gets an
// answer now: it is done later.
func (t *turn) leave() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.inbox != ""
	t.inbox = ""
	return kept
}
