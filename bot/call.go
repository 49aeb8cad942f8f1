package bot

import (
	"context"
	"fmt"
	"time"

	json "github.com/go-json-experiment/json/v1"

	"rapport/store"
)

// Call is one attempt at an act: who asks, when and where, and what is staged so
// far. When the store says that something read has changed, the act runs again
// with a fresh Call.
type Call struct {
	Tenant  string
	Scope   store.Scope
	Person  Person // who acts; ID "" for a stranger or the bot itself
	From    Account
	Now     time.Time
	Event   string // id of the event, runs through logs and audit
	Door    string // the network's name, or "timer", "news", "import"
	Place   Place
	On      *Target // what a shortcut was used on
	Machine bool    // done by a timer or news, not by a person at a keyboard

	bot     *Bot
	op      string
	batch   *store.Batch
	records []string
	facts   map[string]string
	did     string
	dirty   bool // something but tokens is staged
	viewed  bool
	silent  bool
	after   []func()
	memo    map[string]any
}

// Remember keeps what was read for the rest of this attempt: looking up who is meant
// and acting on them need not read twice. It must not be changed afterwards. A
// second attempt begins with nothing remembered.
func (c *Call) Remember(key string, v any) {
	if c.memo != nil {
		c.memo[key] = v
	}
}

// Recall is what was remembered under key; nil when nothing was.
func (c *Call) Recall(key string) any { return c.memo[key] }

// Batch is what this act will change, all at once or not at all. Taking it says
// that the act changes something.
func (c *Call) Batch() *store.Batch {
	c.dirty = true
	return c.stage()
}

// stage is what is staged so far. Each attempt is an operation of its own: one that
// comes after another has done the same event finds its mark, with the answer it got.
func (c *Call) stage() *store.Batch {
	if c.batch == nil {
		c.batch = c.Scope.Batch("")
	}
	return c.batch
}

// Record says which records this act is about ("candidate:c_1"), for history.
func (c *Call) Record(names ...string) { c.records = append(c.records, names...) }

// Fact adds an id or a field name to the audit row; never free text.
func (c *Call) Fact(name, value string) {
	if c.facts == nil {
		c.facts = map[string]string{}
	}
	c.facts[name] = value
}

// Viewed puts on record that the person looked at these records.
func (c *Call) Viewed(names ...string) {
	c.Record(names...)
	c.viewed = true
}

// Tell publishes news: a struct of ids, once the act is committed.
func (c *Call) Tell(news any) {
	raw, err := json.Marshal(news)
	if err != nil {
		panic(fmt.Sprintf("bot: news %T: %v", news, err))
	}
	c.Batch().News(newsName(news), raw)
}

// At sets a timer: act is done at that time with this person's rights as they are
// then. Setting id again moves it.
func (c *Call) At(id string, at time.Time, act any) error {
	name, raw, err := c.bot.encode(act)
	if err != nil {
		return err
	}
	body, err := json.Marshal(timer{Act: name, Args: raw, Person: c.Person.ID})
	if err != nil {
		return err
	}
	c.Batch().Timer(id, at, body)
	return nil
}

// NotAt takes a timer away.
func (c *Call) NotAt(id string) { c.Batch().NoTimer(id) }

// After runs f once the act is committed; it must be quick and may be lost.
func (c *Call) After(f func()) { c.after = append(c.after, f) }

// Count adds one to a tenant's counter, such as contradictions prevented.
func (c *Call) Count(name string) { c.Batch().Counter(name, 1) }

// Silent keeps this act out of the audit trail: for things only the person sees,
// such as their own view settings.
func (c *Call) Silent() { c.silent = true }

// As names for history what was done where no command did it.
func (c *Call) As(act string) { c.did = act }

// Log is a logger that carries the event.
func (c *Call) Log(ctx context.Context, msg string, args ...any) {
	c.bot.log.InfoContext(ctx, msg, append(args, "event", c.Event, "tenant", c.Tenant)...)
}

// Bot is the kernel, for what is common to all calls.
func (c *Call) Bot() *Bot { return c.bot }

// Once is a fresh id that is the same when this act is tried again.
func (c *Call) Once() string { return c.op }

// audit is the row history shows.
func (c *Call) audit(act string) store.Audit {
	if c.did != "" {
		act = c.did
	}
	records := c.records
	if c.Person.ID != "" {
		records = append(records, "person:"+c.Person.ID)
	}
	return store.Audit{At: c.Now, By: c.Person.ID, Door: c.Door, Event: c.Event, Act: act, Records: records, Facts: c.facts}
}
