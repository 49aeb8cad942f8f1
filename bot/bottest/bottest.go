// Package bottest is for tests of whole conversations. A script (script.go) says
// who types what and what they then read; a Driver carries it out on a network:
// Room in memory here, the fakes of real networks beside their adapters. The same
// script runs unchanged on all of them.
//
// World is a kernel on a store of its own with a clock that stands until a script
// moves it. Nothing here is for production.
package bottest

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/store"
	"rapport/store/storetest"
)

// Driver carries out what a script's people do on one network, and shows what they
// then see. Every method that acts returns after the bot has answered.
type Driver interface {
	// Account makes the person known to the network and returns their account.
	Account(t *testing.T, name, zone string) bot.Account
	Network() bot.Network
	// Command types a line such as "/move Ada to:Onsite"; Say talks to the bot directly.
	Command(t *testing.T, who, line string) Screen
	Say(t *testing.T, who, text string) Screen
	Press(t *testing.T, who, label string) Screen
	Pick(t *testing.T, who, label, option string) Screen
	Fill(t *testing.T, who string, values map[string]string) Screen
	Suggest(t *testing.T, who, line, field, typed string) Screen
	Home(t *testing.T, who string) Screen
	// Inbox is what reached who without their asking since the last call, as lines. It
	// waits for nothing: World.Settle does.
	Inbox(t *testing.T, who string) string
}

// Talker is a Driver of a network where people also talk to each other. Messages are
// named by their words. Every method returns after the bot has heard of it.
type Talker interface {
	Post(t *testing.T, who, text string)
	Reword(t *testing.T, who, text, now string)
	Unsay(t *testing.T, who, text string)
	// On uses a command on what somebody said.
	On(t *testing.T, who, text string, cmd bot.Declared) Screen
}

// Screen is what somebody sees after acting, as plain lines: no markup, buttons as
// [Label], menus as <Label: one | two>, an open form as {Title: Field, Field}.
type Screen string

// World is everything one script runs in.
type World struct {
	Bot    *bot.Bot
	DB     *store.DB
	Clock  *Clock
	Tenant string
	Driver Driver
	people map[string]string
	Team   string // what {team} stands for: the workspace of the script's people
}

// Clock stands still until Add, or runs like any other.
type Clock struct {
	mu    sync.Mutex
	now   time.Time
	since time.Time // when it was set going; zero = it stands
}

// NewClock starts at a Tuesday noon without anything special about it.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)} }

// Now is the time the kernel under test believes in. It creeps by a microsecond a
// call, so that nothing happens twice in one instant.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond)
	if !c.since.IsZero() {
		return c.now.Add(time.Since(c.since))
	}
	return c.now
}

// Go sets the clock going, for networks where waiting is real.
func (c *Clock) Go() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = time.Now()
}

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Options make a World.
type Options struct {
	DB        *store.DB // nil: one of its own, of the kind that storetest.Kind says
	Clock     *Clock    // that of DB; nil: a new one
	Add       func(*bot.Bot)
	Roles     bot.RoleWords
	Parse     func(words string) bot.Role // roles of a script's people
	Driver    func(w *World) Driver       // nil: a Room
	Log       *slog.Logger
	PerMinute int  // as bot.Options
	Real      bool // the real clock, for what waits by it
	Runs      bool // the clock runs on from its Tuesday noon
}

// New makes a World that lives as long as the test.
func New(t *testing.T, o Options) *World {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := &World{Clock: o.Clock, Tenant: "t1", people: map[string]string{}}
	if w.Clock == nil {
		w.Clock = NewClock()
	}
	now := w.Clock.Now
	if o.Runs {
		w.Clock.Go()
	}
	if o.Real {
		now = time.Now
	}
	if w.DB = o.DB; w.DB == nil {
		w.DB = storetest.Fresh(t, storetest.Kind(t), now, false).DB
	}
	b, err := bot.New(ctx, bot.Options{DB: w.DB, Now: now, Log: o.Log, Roles: o.Roles, Moment: Said, PerMinute: o.PerMinute})
	if err != nil {
		t.Fatal(err)
	}
	w.Bot = b
	o.Add(b)
	if o.Driver == nil {
		o.Driver = func(w *World) Driver { return NewRoom("room", w.Clock.Now) }
	}
	w.Driver = o.Driver(w)
	b.Join(w.Driver.Network())
	global := w.DB.In("")
	batch := global.Batch("")
	store.Put(batch, bot.Tenants, store.Row[bot.Tenant]{ID: w.Tenant, Val: bot.Tenant{Name: "Lindqvist & Rowe", Created: now()}})
	if err := global.Commit(ctx, batch); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = b.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return w
}

// Later is a Driver whose network keeps time of its own.
type Later interface{ Advance(d time.Duration) }

// Advance moves the kernel's clock and the network's on together, once everything
// that is due before has happened.
func (w *World) Advance(t *testing.T, d time.Duration) {
	t.Helper()
	w.Settle(t)
	w.Clock.Add(d)
	if n, ok := w.Driver.(Later); ok {
		n.Advance(d)
	}
	sc := w.DB.In(w.Tenant)
	batch := sc.Batch("")
	batch.NoTimer("bottest/clock") // the loops look at the clock again
	if err := sc.Commit(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
}

// patience is how long anything may take that follows by itself. The slowest takes
// well under a second on an idle machine; it is here for one that is not, and ends a
// test that would wait for ever.
const patience = 30 * time.Second

// Settle waits until all has happened that follows by itself from what was done so
// far: news told, timers done, messages sent. What is held for later stays.
func (w *World) Settle(t *testing.T) {
	t.Helper()
	Settle(t, w.DB, w.Tenant)
}

// Settle is World.Settle for a tenant of any store whose loops run.
func Settle(t *testing.T, db *store.DB, tenant string) {
	t.Helper()
	ctx := context.Background()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		n := 0
		for _, sc := range []store.Scope{db.In(tenant), db.In("")} {
			left, err := sc.Backlog(ctx)
			if err != nil {
				t.Fatal(err)
			}
			n += left
		}
		if n == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d things are not done yet", n)
		}
	}
}

// Person makes somebody of the tenant, with an account on the driver's network.
func (w *World) Person(t *testing.T, name string, roles bot.Role, zone string) string {
	t.Helper()
	if id := w.people[name]; id != "" {
		return id
	}
	a := w.Driver.Account(t, name, zone)
	id := store.NewID("m", w.Clock.Now())
	ctx := context.Background()
	if a.Team != "" {
		w.Team = a.Team
		if err := w.Bot.Claim(ctx, a.Network, a.Team, w.Tenant, "", w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if a.Network == w.Bot.Fallback { // there, accounts are our own people
		a.ID = id
	}
	p := bot.Person{Name: name, Roles: roles, Zone: zone, Accounts: []bot.Account{a}}
	if err := w.Bot.SavePerson(ctx, w.Tenant, store.Row[bot.Person]{ID: id, Val: p}, nil); err != nil {
		t.Fatal(err)
	}
	w.people[name] = id
	return id
}
