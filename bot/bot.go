// Package bot is the conversation kernel: events come in from any network, a
// person is recognised, a command is found and completed, a rule decides, one
// commit keeps it all, and an answer goes out. It knows no network by name and
// nothing of hiring.
//
// The path of an event:
//
//	adapter decodes      → Event
//	Receive              → seen before? who? which command? complete? may they?
//	Do                   → May, Confirm, Run (reads, pure rules, staging), one store commit
//	fit                  → the reply lowered to what the network can show
//	Turn.Say             → the adapter renders it
//	later                → news loop → On · due loop → Do · outbox → Network.Send
//
// Everything that acts is a command: a typed line, a button, a form, a timer.
// A handler reads, decides by pure rules, stages writes and returns a reply; it
// never sends. Features meet at five doors only (doors.go): ask (Do), learn
// (On), read (shared tables), hang acts on each other's cards (Attach), hear
// talk (Listen).
//
// The kernel must never name a network, import a feature, or acknowledge what
// is not yet safe.
package bot

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"log/slog"
	"reflect"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"rapport/store"
)

// Options make a Bot.
type Options struct {
	DB        *store.DB
	Log       *slog.Logger
	Now       func() time.Time
	PerMinute int    // most events of one account in a minute; 0 = no limit
	Process   string // name of this process among those that share the store
	// Zone says a moment in a zone for places that cannot show a reader's own time.
	Moment func(t time.Time, zone string, style MomentStyle) string
	// Zone finds a location by its IANA name.
	Zone  func(name string) (*time.Location, error)
	Roles RoleWords
}

// Bot is the kernel with everything wired to it.
type Bot struct {
	// Prefix is the word commands stand under: "/rapport candidate move".
	Prefix string
	// Fallback is the network on which every person can be reached.
	Fallback string
	// FirstAdmin makes the first Admin where no chat network is connected.
	FirstAdmin func(ctx context.Context, code, name string) (tenant, person string, err error)
	// AskToJoin is the act behind the greeting's button.
	AskToJoin any
	// DownloadAt is the page where a link to a download is used; nil when there is none.
	DownloadAt func(link string) string

	givers   map[string]func(context.Context, *Call, any) (Download, error) // by command
	db       *store.DB
	log      *slog.Logger
	now      func() time.Time
	moment   func(time.Time, string, MomentStyle) string
	zone     func(string) (*time.Location, error)
	roles    RoleWords
	sealer   sealer
	people   *directory
	limits   *limits
	metrics  *metrics
	lines    *lines
	vouched  *vouchers
	hearing  hearing
	networks map[string]Network
	order    []Network

	commands []*command
	byName   map[string]*command
	byType   map[reflect.Type]*command
	learners map[string][]listener
	attached map[string][]func(context.Context, *Call, string) []Button
	hearers  []func(context.Context, *Call, Said) (Reply, bool, error)
	watchers []func(context.Context, *Call, Event) error
	home     []homePart
	refs     map[string]Lookup

	process   string
	shards    atomic.Pointer[[]store.ShardLease]
	lastQuiet atomic.Int64
	wakers    struct {
		sync.Mutex
		list []chan struct{}
	}
}

// New makes a Bot on an open store. Add networks and features, then Run.
func New(ctx context.Context, o Options) (*Bot, error) {
	b := &Bot{Prefix: "rapport", db: o.DB, log: o.Log, now: o.Now, moment: o.Moment, zone: o.Zone, roles: o.Roles, process: o.Process,
		networks: map[string]Network{}, byName: map[string]*command{}, byType: map[reflect.Type]*command{},
		learners: map[string][]listener{}, attached: map[string][]func(context.Context, *Call, string) []Button{},
		givers: map[string]func(context.Context, *Call, any) (Download, error){},
		refs:   map[string]Lookup{}, metrics: newMetrics(), limits: newLimits(o.PerMinute)}
	if b.now == nil {
		b.now = time.Now
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	if b.zone == nil {
		b.zone = func(string) (*time.Location, error) { return time.UTC, nil }
	}
	if b.moment == nil {
		b.moment = func(t time.Time, _ string, _ MomentStyle) string { return t.UTC().Format("Mon 2 Jan 2006, 15:04 UTC") }
	}
	if b.roles.Has == nil {
		b.roles = RoleWords{func(Role) string { return "a member" }, func(Role) string { return "some members" }}
	}
	if b.process == "" {
		b.process = store.NewID("p", b.now())
	}
	b.vouched = &vouchers{bot: b, seen: map[string]time.Time{}}
	b.lines = &lines{bot: b, changed: make(chan struct{})}
	b.people = &directory{bot: b, known: map[string]sighting{}}
	if err := b.openSealer(ctx); err != nil {
		return nil, err
	}
	Handle(b, Command[Dismiss]{Name: "dismiss", Help: "Takes a card away.", Who: Anyone, On: Hidden, Reads: true,
		Run: func(context.Context, *Call, Dismiss) (Reply, error) { return Replyf("Nothing was done."), nil }})
	Handle(b, Command[OpenHome]{Name: "home", Help: "Shows your page: what waits for you and what you can do.", Who: Known, Reads: true, Title: "Home",
		Run: func(ctx context.Context, c *Call, _ OpenHome) (Reply, error) {
			m, err := b.homeFor(ctx, c)
			return Answer(m), err
		}})
	return b, nil
}

// OpenHome asks for the home page, where a network has no place of its own for it.
type OpenHome struct{}

// Dismiss is the act behind Cancel.
type Dismiss struct{}

var keys = store.NewTable("key", store.Def[[]byte]{Whose: store.Nobody[[]byte]})

// openSealer takes the key for buttons and forms from the store; the first process makes it.
func (b *Bot) openSealer(ctx context.Context) error {
	global := b.db.In("")
	for range 3 {
		row, err := keys.Get(ctx, global, "buttons")
		if isNone(err) {
			key := make([]byte, 32)
			rand.Read(key)
			batch := global.Batch("")
			store.Put(batch, keys, store.Row[[]byte]{ID: "buttons", Val: key})
			if err = global.Commit(ctx, batch); err != nil {
				continue // another process was first
			}
			row.Val = key
		} else if err != nil {
			return err
		}
		block, err := aes.NewCipher(row.Val)
		if err != nil {
			return err
		}
		b.sealer.aead, err = cipher.NewGCM(block)
		return err
	}
	return fmt.Errorf("the key for buttons could not be kept")
}

// Join adds a network.
func (b *Bot) Join(n Network) {
	if b.networks[n.Name()] != nil {
		panic("bot: two networks are called " + n.Name())
	}
	b.networks[n.Name()] = n
	b.order = append(b.order, n)
}

// Networks lists the networks by name.
func (b *Bot) Networks() []Network { return b.order }

// Network is the network of that name; nil when it is not connected here.
func (b *Bot) Network(name string) Network { return b.networks[name] }

// DB is the store, for what stands outside of any act: import, export, doctor.
func (b *Bot) DB() *store.DB { return b.db }

// Run listens on all networks and runs the loops until ctx ends. A network that
// gives up is logged; the others go on.
func (b *Bot) Run(ctx context.Context) error {
	b.check()
	if err := b.divide(ctx); err != nil {
		b.quiet(ctx, "divide", err)
	}
	var wg sync.WaitGroup
	run := func(f func(context.Context)) {
		wg.Add(1)
		go func() { defer wg.Done(); f(ctx) }()
	}
	run(b.divideLoop)
	run(b.wakeLoop)
	run(b.newsLoop)
	run(b.dueLoop)
	run(b.outboxLoop)
	run(b.inboxLoop)
	for _, n := range b.order {
		run(func(ctx context.Context) { b.listen(ctx, n) })
	}
	wg.Wait()
	return ctx.Err()
}

func (b *Bot) listen(ctx context.Context, n Network) {
	if err := n.Declare(ctx, b.Declared()); err != nil && ctx.Err() == nil {
		b.log.ErrorContext(ctx, "commands not declared", "network", n.Name(), "err", err)
	}
	if err := n.Listen(ctx, b.Receive); err != nil && ctx.Err() == nil {
		b.log.ErrorContext(ctx, "network stopped", "network", n.Name(), "err", err)
	}
}

// check panics where a declaration points at nothing.
func (b *Bot) check() {
	for _, c := range b.commands {
		for _, f := range c.fields {
			if f.ref != "" && b.refs[f.ref].Find == nil {
				panic("bot: " + c.Name + " refers to " + f.ref + ", which nobody looks up")
			}
		}
	}
}

func (b *Bot) divide(ctx context.Context) error {
	owned, err := b.db.Divide(ctx, b.process)
	if err != nil {
		none := []store.ShardLease(nil)
		b.shards.Store(&none)
		return err
	}
	b.shards.Store(&owned)
	return nil
}

func (b *Bot) divideLoop(ctx context.Context) {
	t := time.NewTicker(2 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := b.divide(ctx); err != nil {
				b.quiet(ctx, "divide", err)
			}
		}
	}
}

func (b *Bot) owned() []store.ShardLease {
	if p := b.shards.Load(); p != nil {
		return *p
	}
	return nil
}

// wakeLoop tells the loops that something was committed by this process.
func (b *Bot) wakeLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.db.Wake():
		}
		b.wakers.Lock()
		for _, w := range b.wakers.list {
			select {
			case w <- struct{}{}:
			default:
			}
		}
		b.wakers.Unlock()
	}
}

func (b *Bot) subscribe() <-chan struct{} {
	w := make(chan struct{}, 1)
	b.wakers.Lock()
	b.wakers.list = append(b.wakers.list, w)
	b.wakers.Unlock()
	return w
}

func (b *Bot) commandOf(act any) (*command, error) {
	c := b.byType[reflect.TypeOf(act)]
	if c == nil {
		return nil, fmt.Errorf("no command takes %T", act)
	}
	return c, nil
}

// RolesSaid names the roles somebody has.
func (b *Bot) RolesSaid(r Role) string { return b.roles.Has(r) }

// WhoSaid says which people a command is for.
func (b *Bot) WhoSaid(r Role) string { return b.roles.May(r) }

// RoleWords puts roles into words: Has "recruiter, manager", May "an Admin or a
// recruiter".
type RoleWords struct{ Has, May func(Role) string }

// Menu lists what a person may do, by group, for help and home.
func (b *Bot) Menu(p Person) []Declared {
	var out []Declared
	for _, c := range b.commands {
		if c.offered(p) {
			out = append(out, c.Declared)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// Start makes the act of a command with nothing filled in.
func (b *Bot) Start(name string) (any, bool) {
	c := b.byName[name]
	if c == nil {
		return nil, false
	}
	act, err := c.decode(nil)
	return act, err == nil
}
