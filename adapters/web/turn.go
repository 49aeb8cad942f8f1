package web

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"

	"rapport/bot"
)

// turn answers one posted event. Words go to the lines; forms, options and errors
// go back to the tab that asked.
type turn struct {
	c      *Console
	Tenant string `json:"t"`
	Person string `json:"p"`
	Conv   string `json:"c"`
	Line   string `json:"l,omitempty"` // the line whose button was pressed
	Shared bool   `json:"o,omitempty"` // that line is read by others too
	Post   string `json:"i,omitempty"` // id of the post it answers

	mu      sync.Mutex
	reply   answer
	handed  bool          // the tab has its answer
	spoken  int           // messages said so far
	release chan struct{} // closed when the tab need not wait any longer
}

// answer is what the tab that posted gets.
type answer struct {
	OK      bool              `json:"ok"`
	Pending bool              `json:"pending,omitempty"`
	Form    *formView         `json:"form,omitempty"`
	Errors  map[string]string `json:"errors,omitempty"`
	Options []optionView      `json:"options,omitempty"`
	Home    *messageView      `json:"home,omitempty"`
	Error   string            `json:"error,omitempty"`
}

// Ack lets the tab go; what is said later comes over its stream.
func (t *turn) Ack(context.Context, bot.Visibility) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reply.Pending = true
	t.let()
	return nil
}

func (t *turn) let() {
	if !t.handed {
		t.handed = true
		close(t.release)
	}
}

func (t *turn) hand(f func(*answer)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.handed {
		return bot.Faultf(bot.Unavailable, "the page no longer waits")
	}
	f(&t.reply)
	t.let()
	return nil
}

func (t *turn) Open(_ context.Context, f bot.Form) error {
	return t.hand(func(a *answer) { v := formOf(f); a.Form = &v })
}

// Hold is for networks that wait less long than a page does.
func (t *turn) Hold(context.Context, string) error {
	return bot.Faultf(bot.Unavailable, "a page opens no empty forms")
}

func (t *turn) Refuse(_ context.Context, e bot.FieldErrors) error {
	return t.hand(func(a *answer) { a.Errors = e })
}

func (t *turn) Suggest(_ context.Context, o []bot.Option) error {
	return t.hand(func(a *answer) { a.Options = optionsOf(o) })
}

// Done lets nothing be shown; the tab goes when the kernel is through.
func (t *turn) Done(context.Context) error { return nil }

// sayFor is how long a line may take to be kept before it is told to this tab alone.
const sayFor = 700 * time.Millisecond

// Say keeps the message where its readers are. A home page goes straight back.
func (t *turn) Say(ctx context.Context, m bot.Message) error {
	if t.Conv == "home" {
		return t.hand(func(a *answer) { v := viewOf(m); a.Home = &v })
	}
	place := mine(t.Person)
	only := strings.HasPrefix(t.Conv, "#")
	if m.Public && only {
		place, only = shared, false
	}
	body, err := t.c.body(t.Conv, m, "", only)
	if err != nil {
		return err
	}
	kept, cancel := context.WithTimeout(ctx, sayFor)
	defer cancel()
	if _, err := t.c.keep.add(kept, t.Tenant, place, t.key(m), body); err != nil {
		return t.hand(func(a *answer) { a.Error = bot.Flat(m.Text) }) // at least this tab reads it
	}
	return nil
}

// key names an answer: a post that reached two processes is answered by both in the
// same words, and shown one of them.
func (t *turn) key(m bot.Message) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.spoken++
	return "answer/" + t.Person + "/" + t.Post + "/" + strconv.Itoa(t.spoken) + "/" + hashed(m.Text)[:16]
}

// Replace changes the pressed card, unless others read it too.
func (t *turn) Replace(ctx context.Context, m bot.Message) error {
	if t.Line == "" || t.Shared && !m.Public {
		return t.Say(ctx, m)
	}
	place := mine(t.Person)
	if t.Shared {
		place = shared
	}
	body, err := t.c.body(t.Conv, m, "", !t.Shared && strings.HasPrefix(t.Conv, "#"))
	if err != nil {
		return err
	}
	if t.c.keep.set(ctx, t.Tenant, place, t.Line, body) != nil {
		return t.Say(ctx, m)
	}
	return nil
}

// Handle lets another process finish the exchange: all it needs is where to say it.
func (t *turn) Handle() []byte {
	raw, err := json.Marshal(t)
	if err != nil {
		return nil
	}
	return raw
}

// Resume makes a turn nobody waits for; its words reach the tabs over the stream.
func (c *Console) Resume(handle []byte) (bot.Turn, error) {
	t := &turn{c: c, release: make(chan struct{})}
	if err := json.Unmarshal(handle, t); err != nil {
		return nil, err
	}
	t.let()
	return t, nil
}
