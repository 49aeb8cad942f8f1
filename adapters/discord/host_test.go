package discord

import (
	"context"
	"errors"
	"maps"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/bot"
)

// memory is a host's secrets and leases, shared by the networks of one test as
// processes share a store.
type memory struct {
	mu      sync.Mutex
	secrets map[string][]byte
	held    map[string]context.CancelFunc
	counts  map[string]int
	freed   chan struct{}
}

func newMemory() *memory {
	return &memory{secrets: map[string][]byte{}, held: map[string]context.CancelFunc{}, counts: map[string]int{}, freed: make(chan struct{})}
}

func (m *memory) host() bot.Host {
	return bot.Host{Secrets: m, Lease: m, Now: time.Now, Count: m.count,
		Say: func(t time.Time, zone string, _ bot.MomentStyle) string {
			return t.UTC().Format("Mon 2 Jan 15:04") + " UTC"
		}}
}

func (m *memory) count(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[name]++
}

func (m *memory) counted(name string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[name]
}

func (m *memory) Put(_ context.Context, name string, v []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.secrets[name] = v
	return nil
}

func (m *memory) Get(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.secrets[name], nil
}

func (m *memory) Drop(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.secrets, name)
	return nil
}

func (m *memory) List(context.Context, string) ([]string, error) { return nil, nil }

func (m *memory) Hold(ctx context.Context, name string, _ time.Duration) (context.Context, func(), error) {
	for {
		m.mu.Lock()
		if m.held[name] == nil {
			held, cancel := context.WithCancel(ctx)
			m.held[name] = cancel
			m.mu.Unlock()
			return held, func() { cancel(); m.release(name) }, nil
		}
		freed := m.freed
		m.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-freed:
		}
	}
}

func (m *memory) release(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.held, name)
	close(m.freed)
	m.freed = make(chan struct{})
}

// lose takes every lease away, as when a process was paused for too long.
func (m *memory) lose() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, cancel := range maps.Clone(m.held) {
		cancel()
	}
}

// kernel is the other side of the table: it records events and answers as told.
type kernel struct {
	t      *testing.T
	mu     sync.Mutex
	events []bot.Event
	more   chan struct{}
	answer func(ctx context.Context, ev bot.Event) error
}

func (k *kernel) receive(ctx context.Context, ev bot.Event) error {
	k.mu.Lock()
	k.events = append(k.events, ev)
	close(k.more)
	k.more = make(chan struct{})
	answer := k.answer
	k.mu.Unlock()
	if ev.Turn == nil {
		return nil
	}
	if answer == nil {
		return ev.Turn.Done(ctx)
	}
	return answer(ctx, ev)
}

// await waits for an event that fits.
func (k *kernel) await(what string, fits func(bot.Event) bool) bot.Event {
	k.t.Helper()
	end := time.After(8 * time.Second)
	for {
		k.mu.Lock()
		for _, ev := range k.events {
			if fits(ev) {
				k.mu.Unlock()
				return ev
			}
		}
		more := k.more
		k.mu.Unlock()
		select {
		case <-more:
		case <-end:
			k.t.Fatalf("no event: %s; have %d", what, len(k.events))
		}
	}
}

func (k *kernel) seen(fits func(bot.Event) bool) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for _, ev := range k.events {
		if fits(ev) {
			n++
		}
	}
	return n
}

// rig is a strict Discord, the network under test and a kernel.
type rig struct {
	d       *discordtest.Server
	n       *Network
	k       *kernel
	m       *memory
	guild   *discordtest.Guild
	general *discordtest.Channel
	ada     *discordtest.Human
	ended   chan error
	stop    context.CancelFunc
}

type setup struct {
	http    bool
	opt     discordtest.Options
	config  func(*Config)
	declare []bot.Declared
	answer  func(ctx context.Context, ev bot.Event) error
	clock   bool // Discord's, which can be moved on
}

func start(t *testing.T, s setup) *rig {
	t.Helper()
	s.opt.Strict = true
	if s.opt.IdentifyEvery == 0 {
		s.opt.IdentifyEvery = time.Millisecond
	}
	if s.opt.App.Privileged == 0 {
		s.opt.App.Privileged = discordtest.IntentGuildMembers | discordtest.IntentMessageContent
	}
	r := &rig{d: discordtest.New(t, s.opt), m: newMemory(), k: &kernel{t: t, more: make(chan struct{}), answer: s.answer}}
	r.guild = r.d.Guild("Acme")
	r.general = r.guild.Text("general")
	r.ada = r.guild.Member("Ada")
	r.n = r.network(t, s)
	r.run(t, s)
	return r
}

func (r *rig) network(t *testing.T, s setup) *Network {
	t.Helper()
	c := Config{BotToken: r.d.App().Token, AppID: r.d.App().ID, PublicKey: r.d.App().PublicKey, APIURL: r.d.URL(), HTTP: s.http}
	if s.config != nil {
		s.config(&c)
	}
	h := r.m.host()
	if s.clock {
		h.Now = r.d.Now
	}
	n, err := New(c, h)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (r *rig) run(t *testing.T, s setup) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r.stop, r.ended = cancel, make(chan error, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.ended <- r.n.Listen(ctx, r.k.receive)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		for _, l := range r.d.Lints() {
			t.Logf("lint: %s", l)
		}
	})
	if err := r.n.Declare(ctx, s.declare); err != nil {
		t.Fatal(err)
	}
	r.d.AwaitConnected(1)
	if s.http {
		web := httptest.NewServer(r.n.Handler())
		t.Cleanup(web.Close)
		if err := r.d.App().SetInteractionsURL(web.URL + "/discord/interactions"); err != nil {
			t.Fatal(err)
		}
	}
}

// both runs a test over either transport.
func both(t *testing.T, f func(t *testing.T, http bool)) {
	t.Parallel()
	for name, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(name, func(t *testing.T) { t.Parallel(); f(t, http) })
	}
}

// pipeline is a few declared commands with every kind of field.
func pipeline() []bot.Declared {
	stages := []bot.Option{{Value: "applied", Label: "Applied"}, {Value: "onsite", Label: "Onsite"}, {Value: "offer", Label: "Offer"}}
	move := []bot.Field{{Name: "candidate", Label: "Candidate", Kind: bot.Search, Required: true}, {Name: "to", Label: "Stage", Kind: bot.Choice, Options: stages, Required: true},
		{Name: "reason", Label: "Reason", Kind: bot.Long}}
	return []bot.Declared{
		{Name: "candidate move", Short: "move", Title: "Move candidate", Help: "Move a candidate to a stage", Fields: move},
		{Name: "candidate note", Title: "Add note", Help: "Write a note", On: bot.OnMessage, Fields: []bot.Field{
			{Name: "note", Label: "Note", Kind: bot.Long, Required: true}, {Name: "candidate", Label: "Candidate", Kind: bot.Search, Required: true}}},
		{Name: "member add", Title: "Add member", Help: "Add somebody", On: bot.OnPerson, Fields: []bot.Field{
			{Name: "person", Label: "Person", Kind: bot.Member, Required: true}, {Name: "role", Label: "Role", Kind: bot.Line},
			{Name: "age", Label: "Age", Kind: bot.Number}, {Name: "admin", Label: "Admin", Kind: bot.Flag}}},
		{Name: "setup", Title: "Set up", Help: "Spend the setup code", Fields: []bot.Field{{Name: "code", Label: "Code", Required: true}}},
		{Name: "help", Title: "Help", Help: "List everything"},
		{Name: "secret", On: bot.Hidden},
	}
}

var errTest = errors.New("kernel says no")

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Fatalf("%q is not in:\n%s", p, text)
		}
	}
}
