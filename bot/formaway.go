package bot

import (
	"context"
	"strings"
)

const (
	notReached  = "I cannot reach my memory right now, so I could not finish this."
	writtenDown = "My memory does not answer right now. What you asked for is written down and will be done as soon as it does: there is no need to send it again."
)

// notDone answers somebody whose act was neither done nor kept, because the store
// cannot be reached. What was typed into a form is not lost: it stays open where it
// can, else its longer texts are handed back.
func (t *turn) notDone() func(context.Context, Turn) error {
	return func(ctx context.Context, turn Turn) error {
		text := notReached + " Please try again in a minute; nothing will be done twice."
		if f, ok := t.ev.Body.(Filled); ok {
			again := FieldErrors{"": notReached + " Please send it again in a minute; nothing will be done twice."}
			if t.abil.FormFrom && turn.Refuse(ctx, again) == nil {
				return nil
			}
			text += f.handedBack()
		}
		for _, m := range Fit(Say(text), t.abil) {
			if err := turn.Say(ctx, m); err != nil {
				return err
			}
		}
		return nil
	}
}

// handedBack are the longer texts of a form; which fields these are stands in the store.
func (f Filled) handedBack() string {
	var long []string
	for _, v := range f.Values {
		if v = strings.TrimSpace(Clean(v)); len(v) > 40 {
			long = append(long, Flat(v))
		}
	}
	if len(long) == 0 {
		return ""
	}
	return " This is what you typed, so that you can copy it:\n" + strings.Join(long, "\n")
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
