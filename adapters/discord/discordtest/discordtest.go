// Package discordtest is a Discord for tests: one process-local server that
// speaks Discord's REST API (v10, and v9 on request), its gateway and its CDN paths on a
// free loopback port, and people who use it as they would use the client.
//
// It is strict. Every payload the app sends is checked against Discord's own
// OpenAPI schema and against the limits that the schema leaves out; what the
// real Discord refuses is refused here with the same status, code and nested
// errors, and what a person would see as broken (no answer after three
// seconds, "&amp;" in a message, a private reply posted for all to read) is
// written down. Faults lists all of it.
//
// A conversation is written once and runs over the gateway or over signed
// HTTP interactions:
//
//	d := discordtest.New(t, discordtest.Options{})
//	guild := d.Guild("Acme")
//	general := guild.Text("general")
//	ada := guild.Member("Ada")
//	// point the bot at d.URL() with d.App().Token
//	ada.Slash(general, "candidate move", map[string]any{"candidate": "Ada", "to": "Onsite"})
//	ada.Press("Undo")
//
// The fake must never be reached from outside: it listens on loopback only.
// It knows nothing of any bot and imports no client library.
package discordtest

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// T is what the fake needs of a test; *testing.T is one.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
	Cleanup(func())
}

// Options say how the fake behaves. The zero value is Discord as documented.
type Options struct {
	App       AppConfig
	Listen    string        // loopback address; empty is a free port on 127.0.0.1
	Heartbeat time.Duration // the gateway's heartbeat_interval; 0 is 41.25 s
	Patience  time.Duration // how long a person waits for something to appear; 0 is 5 s
	Sessions  SessionStart  // session_start_limit
	Shards    int           // the recommended number of shards; 0 is 1
	// NeedsShards closes a connection that identifies with fewer shards (4011).
	NeedsShards int
	// NoLimits switches the per-route buckets off; the global limit stays.
	NoLimits bool
	// IdentifyEvery is the time between two identifies of one concurrency
	// slot; 0 is 5 s.
	IdentifyEvery time.Duration
	// BanAfter is the number of invalid requests in ten minutes after which
	// every call is answered by the edge; 0 is 10,000.
	BanAfter int
	// Nine also takes version 9 of the API and the gateway, which are deprecated.
	Nine bool
	// Strict makes the test fail at its end if Faults is not empty.
	Strict bool
}

// SessionStart is the session_start_limit of GET /gateway/bot. Zero fields
// become 1000 in all, 1000 left, one identify per five seconds.
type SessionStart struct{ Total, Remaining, MaxConcurrency int }

// Server is one Discord. All its methods may be called from any goroutine.
type Server struct {
	t   T
	opt Options

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change
	skipped time.Duration // how far Advance has moved the clock
	lastID  uint64
	closed  bool

	base, wsBase, resumeBase string
	servers                  []*http.Server

	app          *App
	users        map[string]*User
	guilds       []*Guild
	channels     map[string]*Channel
	dms          map[string]*Channel // by the person's id
	webhooks     map[string]*webhook
	files        map[string]*file // by CDN path
	interactions []*interaction
	pending      []*interaction // not answered, or still thinking
	nonces       map[string]nonce
	gate         gateway
	limits       limiter
	breakages    []*Breakage
	calls        []Call
	faults       []Fault
	lints        []Fault
}

// New starts a Discord with one app. A nil t is allowed: then a failed
// expectation panics with a Failure, and Close must be called.
func New(t T, opt Options) *Server {
	s := &Server{
		t: t, opt: opt, changed: make(chan struct{}),
		users: map[string]*User{}, channels: map[string]*Channel{}, dms: map[string]*Channel{},
		webhooks: map[string]*webhook{}, files: map[string]*file{}, nonces: map[string]nonce{},
	}
	s.opt.defaults()
	s.limits.buckets = map[string]*bucket{}
	s.app = s.newApp(s.opt.App)
	s.gate.init(s.opt.Sessions.Remaining)
	if err := s.listen(); err != nil {
		s.fail("fake Discord: %v", err)
	}
	if opt.App.InteractionsURL != "" {
		s.app.Configure(opt.App)
	}
	if t != nil {
		t.Cleanup(func() {
			s.Close()
			if opt.Strict {
				for _, f := range s.Faults() {
					t.Errorf("Discord would complain: %s", f)
				}
			}
		})
	}
	return s
}

func (o *Options) defaults() {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 41250 * time.Millisecond
	}
	if o.Patience == 0 {
		o.Patience = 5 * time.Second
	}
	if o.Shards == 0 {
		o.Shards = 1
	}
	if o.Sessions.Total == 0 {
		o.Sessions.Total = 1000
	}
	if o.Sessions.Remaining == 0 {
		o.Sessions.Remaining = o.Sessions.Total
	}
	if o.Sessions.MaxConcurrency == 0 {
		o.Sessions.MaxConcurrency = 1
	}
	if o.IdentifyEvery == 0 {
		o.IdentifyEvery = 5 * time.Second
	}
	if o.BanAfter == 0 {
		o.BanAfter = 10000
	}
}

// listen opens two loopback ports: the second is the host of
// resume_gateway_url, so that a client which resumes elsewhere is seen.
func (s *Server) listen() error {
	main, err := loopback(s.opt.Listen)
	if err != nil {
		return err
	}
	second, err := loopback("127.0.0.1:0")
	if err != nil {
		main.Close()
		return err
	}
	s.base = "http://" + main.Addr().String()
	s.wsBase = "ws://" + main.Addr().String()
	s.resumeBase = "ws://" + second.Addr().String()
	s.serve(main, http.HandlerFunc(s.front))
	s.serve(second, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serveGateway(w, r, true) }))
	return nil
}

func loopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s is not a loopback address", address)
	}
	return net.Listen("tcp", address)
}

func (s *Server) serve(l net.Listener, h http.Handler) {
	srv := &http.Server{Handler: h}
	s.servers = append(s.servers, srv)
	go srv.Serve(l)
}

// front tells the gateway, the API and the CDN apart.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		s.serveGateway(w, r, false)
	case strings.HasPrefix(r.URL.Path, "/api/"):
		s.serveAPI(w, r)
	default:
		s.serveCDN(w, r)
	}
}

// URL is the root below which REST, gateway discovery and the CDN hang,
// ending in "/".
func (s *Server) URL() string { return s.base + "/" }

// Close ends all connections. It may be called twice.
func (s *Server) Close() {
	s.mu.Lock()
	done := s.closed
	s.closed = true
	for c := range s.gate.conns {
		c.cut()
	}
	s.signal()
	s.mu.Unlock()
	if done {
		return
	}
	for _, srv := range s.servers {
		srv.Close()
	}
}

// Failure is what a failed expectation panics with when there is no test.
type Failure string

func (f Failure) Error() string { return string(f) }

// fail ends the test. It must be called without the lock.
func (s *Server) fail(format string, args ...any) {
	if s.t != nil {
		s.t.Helper()
		s.t.Fatalf(format, args...)
	}
	panic(Failure(fmt.Sprintf(format, args...)))
}
