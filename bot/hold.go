package bot

import (
	"context"
	"strings"
	"sync"
	"time"
)

// brisk is how long a form may be in the making before its place is opened without it.
const brisk = 300 * time.Millisecond

// holding opens the place of a form that takes a moment to make, where a network can
// (Abilities.FormHold). Networks let a form be opened only for seconds after a press,
// but fill an open one in at any time.
type holding struct {
	mu    sync.Mutex // while the place is being opened nothing else is said
	timer *time.Timer
	over  bool // the answer has begun
	held  bool // the place is open
}

// expect arms the holding. Whether the event will want a form, as far as that can be
// told without reading anything, is looked at only when the moment has passed.
func (t *turn) expect(ctx context.Context) {
	if !t.abil.FormHold || t.ev.Turn == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	left := t.abil.Patience - brisk - 500*time.Millisecond
	t.hold.timer = time.AfterFunc(brisk, func() {
		title, ok := t.bot.opens(t.ev.Body)
		if !ok {
			return
		}
		t.hold.mu.Lock()
		defer t.hold.mu.Unlock()
		if t.hold.over {
			return
		}
		ctx, cancel := context.WithTimeout(ctx, left)
		defer cancel()
		if err := t.ev.Turn.Hold(ctx, Clip(title, t.abil.FormTitle)); err != nil {
			t.bot.log.InfoContext(ctx, "no place for a form", "event", t.ev.ID, "err", err)
			return
		}
		t.hold.held = true
	})
}

// shaping is how long a form may be made to fit what is known.
func (t *turn) shaping() time.Duration {
	if t.hold.timer != nil {
		if _, ok := t.bot.opens(t.ev.Body); ok {
			return 5 * time.Second // its place is held meanwhile
		}
	}
	return brisk
}

// settled ends the waiting for a form; a place being opened is open afterwards. It
// says whether there is one.
func (t *turn) settled() bool {
	if t.hold.timer != nil {
		t.hold.timer.Stop()
	}
	t.hold.mu.Lock()
	defer t.hold.mu.Unlock()
	t.hold.over = true
	return t.hold.held
}

// opens reports whether what somebody did will be answered by a form, and its title.
// It reads nothing: a button whose token lies in the store says so in its name.
func (b *Bot) opens(body Body) (title string, ok bool) {
	switch body := body.(type) {
	case Asked:
		name, rest := body.Name, ""
		if name == "" {
			name, rest = b.named(body.Text)
		}
		cmd := b.byName[name]
		if cmd == nil {
			return "", false
		}
		act, fault := cmd.from(body.Args)
		if body.Name == "" {
			act, fault = cmd.fill(rest)
		}
		return cmd.Title, fault == nil && len(cmd.missing(act)) > 0
	case Pressed:
		if strings.HasPrefix(body.Token, short) {
			return "One moment", strings.HasSuffix(body.Token, formMark)
		}
		tok, _ := b.sealer.open(body.Token)
		cmd := b.byName[tok.Act]
		if cmd == nil {
			return "", false
		}
		act, err := cmd.decode(tok.Args)
		return cmd.Title, err == nil && cmd.wants(act, tok)
	}
	return "", false
}

// wants reports whether pressing a button with this token opens a form.
func (c *command) wants(act any, tok token) bool {
	if tok.Again || tok.More {
		return true
	}
	if tok.Field != "" { // the pick fills it
		for _, f := range c.missing(act) {
			if f.Name != tok.Field {
				return true
			}
		}
		return false
	}
	return len(c.missing(act)) > 0
}
