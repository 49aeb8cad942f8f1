package main

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"rapport/bot"
)

// witness stands between a network and the kernel while a script runs: it knows
// when an event is done with, which messages went out unasked, and whether anything
// was ever meant for all to read.
type witness struct {
	mu       sync.Mutex
	changed  chan struct{}
	busy     map[string]int // what an account does and did, by whose and kindOf
	done     map[string]int
	sent     []sent
	sending  int
	acting   int // people in the middle of an act: what is unasked waits until they have read their answer
	public   int
	declared bool // the network knows the commands
}

// sent is one message that went out, or was changed, without being an answer.
type sent struct {
	place bot.Place
	id    string
}

func newWitness() *witness {
	return &witness{changed: make(chan struct{}), busy: map[string]int{}, done: map[string]int{}}
}

func (w *witness) note(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
	close(w.changed)
	w.changed = make(chan struct{})
}

// receive wraps the kernel's.
func (w *witness) receive(f func(context.Context, bot.Event) error) func(context.Context, bot.Event) error {
	return func(ctx context.Context, ev bot.Event) error {
		key := whose(ev.From.ID, kindOf(ev.Body))
		w.note(func() { w.busy[key]++ })
		if ev.Turn != nil {
			ev.Turn = heardTurn{ev.Turn, w}
		}
		err := f(ctx, ev)
		w.note(func() { w.busy[key]--; w.done[key]++ })
		return err
	}
}

// kind tells what somebody does from what happens to them: that they joined is heard
// at a time of its own, and no answer to it is waited for.
type kind string

const (
	act     kind = "act"
	look    kind = "look"
	suggest kind = "suggest"
	reword  kind = "reword"
	other   kind = "other"
)

func kindOf(b bot.Body) kind {
	switch b.(type) {
	case bot.Said, bot.Asked, bot.Pressed, bot.Filled:
		return act
	case bot.Opened:
		return look
	case bot.Suggest:
		return suggest
	case bot.Edited, bot.Deleted:
		return reword
	}
	return other
}

func whose(account string, k kind) string { return account + " " + string(k) }

// send wraps a network's Send and Edit.
func (w *witness) send(p bot.Place, f func() (string, error)) (string, error) {
	w.until(patience, func() bool { return w.acting == 0 })
	w.note(func() { w.sending++ })
	id, err := f()
	w.note(func() {
		w.sending--
		if err == nil {
			w.sent = append(w.sent, sent{p, id})
		}
	})
	return id, err
}

func (w *witness) count(account string, k kind) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.done[whose(account, k)]
}

// begin begins an act: what is on its way out arrives first, and nothing more until
// end is called.
func (w *witness) begin() (end func()) {
	w.until(patience, func() bool { return w.sending == 0 })
	w.note(func() { w.acting++ })
	return func() { w.note(func() { w.acting-- }) }
}

// since lists what went out after a mark. All of it is there to be seen.
func (w *witness) since(mark int) []sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent[mark:])
}

// patience is how long anything may take here before it counts as lost. The slowest
// takes well under a second on an idle machine.
const patience = 30 * time.Second

// settle waits until an event of the account beyond the count is done with.
func (w *witness) settle(account string, k kind, count int) bool {
	key := whose(account, k)
	return w.until(patience, func() bool { return w.done[key] > count && w.busy[key] == 0 })
}

func (w *witness) until(limit time.Duration, ok func() bool) bool {
	end := time.NewTimer(limit)
	defer end.Stop()
	for {
		w.mu.Lock()
		yes, changed := ok(), w.changed
		w.mu.Unlock()
		if yes {
			return true
		}
		select {
		case <-changed:
		case <-end.C:
			return false
		}
	}
}

// recency knows when each message a person sees last changed.
type recency map[string]map[string]change

type change struct {
	text string
	n    int
}

func (r recency) see(who, id, text string) {
	if r[who] == nil {
		r[who] = map[string]change{}
	}
	if old, ok := r[who][id]; !ok || old.text != text {
		r[who][id] = change{text, r.newest(who) + 1}
	}
}

func (r recency) newest(who string) (n int) {
	for _, c := range r[who] {
		n = max(n, c.n)
	}
	return n
}

// order sorts ids by when they last changed.
func (r recency) order(who string, ids []string) []string {
	out := slices.Clone(ids)
	slices.SortStableFunc(out, func(a, b string) int { return r[who][a].n - r[who][b].n })
	return out
}

// heardTurn notes answers that all may read.
type heardTurn struct {
	bot.Turn
	w *witness
}

func (t heardTurn) Say(ctx context.Context, m bot.Message) error {
	t.hear(m)
	return t.Turn.Say(ctx, m)
}

func (t heardTurn) Replace(ctx context.Context, m bot.Message) error {
	t.hear(m)
	return t.Turn.Replace(ctx, m)
}

func (t heardTurn) hear(m bot.Message) {
	if m.Public {
		t.w.note(func() { t.w.public++ })
	}
}

// node is a part of a network's message as it went over the wire.
type node = map[string]any

func nodeOf(raw string) node {
	var n node
	_ = json.Unmarshal([]byte(raw), &n)
	return n
}

func nodes(v any) []node {
	list, _ := v.([]any)
	var out []node
	for _, x := range list {
		if n, ok := x.(node); ok {
			out = append(out, n)
		}
	}
	return out
}

func str(v any) string { s, _ := v.(string); return s }

func sub(n node, key string) node { x, _ := n[key].(node); return x }
