package slacktest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// TB is the part of testing.TB that is used here.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Options change how patient and how quick this Slack is; the zero value is Slack's own way.
type Options struct {
	Addr      string                           // where to listen; default a free loopback port
	Patience  time.Duration                    // how long an acknowledgement may take and a trigger lives; default 3 s
	Wait      time.Duration                    // how long a human waits for an answer; default 5 s
	Retries   []time.Duration                  // waits before the retries of an event; default 0, 1 min, 5 min
	PingEvery time.Duration                    // socket pings; default 5 s
	Burst     int                              // messages a channel takes at once before one a second holds; default 4
	Unlimited bool                             // no rate limits at all, for measuring
	Log       func(format string, args ...any) // where faults and deliveries are told; default nowhere
}

// Server is one Slack with one app. All methods may be called from any goroutine.
type Server struct {
	Clock *Clock

	opt    Options
	base   string
	http   *http.Server
	client *http.Client
	ctx    context.Context
	stop   context.CancelFunc
	work   sync.WaitGroup

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	seq      int64         // stamps every change a person can see
	ids      int64
	lastTS   int64
	app      AppConfig
	teams    map[string]*Workspace
	order    []*Workspace
	orgs     map[string]*Enterprise
	installs []*install
	tokens   map[string]*token
	codes    map[string]*code
	triggers map[string]*trigger
	replies  map[string]*replyURL
	views    map[string]*view
	uploads  map[string]*upload
	sockets  *sockets
	limiter  map[string]*bucket
	inject   []*Injection
	refusals map[string]int
	faults   []Fault
	calls    []Call
	sent     []*Delivery
	repeat   int
}

// New starts a Slack with one workspace ("acme") in which the app is installed. With a test it
// is closed at the test's end; t may be nil, then the caller closes it.
func New(t TB, o Options) *Server {
	s, err := start(o)
	if err != nil {
		if t == nil {
			panic(err)
		}
		t.Helper()
		t.Fatalf("slacktest: %v", err)
	}
	if t != nil {
		t.Cleanup(s.Close)
	}
	return s
}

// ListenAndServe runs a Slack at addr until the context ends, for a program of its own or for
// trying things by hand; set prepares it before the first request.
func ListenAndServe(ctx context.Context, addr string, o Options, set func(*Server)) error {
	o.Addr = addr
	s, err := start(o)
	if err != nil {
		return err
	}
	defer s.Close()
	if set != nil {
		set(s)
	}
	<-ctx.Done()
	return nil
}

func start(o Options) (*Server, error) {
	fill(&o)
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", o.Addr, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{
		Clock: newClock(), opt: o, ctx: ctx, stop: stop,
		base:    "http://" + strings.Replace(listener.Addr().String(), "[::]", "127.0.0.1", 1),
		client:  newClient(),
		changed: make(chan struct{}),
		teams:   map[string]*Workspace{}, orgs: map[string]*Enterprise{}, tokens: map[string]*token{},
		codes: map[string]*code{}, triggers: map[string]*trigger{}, replies: map[string]*replyURL{},
		views: map[string]*view{}, uploads: map[string]*upload{}, limiter: map[string]*bucket{},
		refusals: map[string]int{},
	}
	s.sockets = newSockets(s)
	s.app = defaultApp()
	s.AddWorkspace("acme").Install()
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	s.spawn(func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.logf("slacktest: %v", err)
		}
	})
	return s, nil
}

func fill(o *Options) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Patience == 0 {
		o.Patience = 3 * time.Second
	}
	if o.Wait == 0 {
		o.Wait = 5 * time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if o.PingEvery == 0 {
		o.PingEvery = 5 * time.Second
	}
	if o.Burst == 0 {
		o.Burst = 4
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("/socket", s.sockets.serve)
	mux.HandleFunc("/commands/{team}/{id}/{secret}", s.serveReply)
	mux.HandleFunc("/actions/{team}/{id}/{secret}", s.serveReply)
	mux.HandleFunc("/app/{team}/{id}/{secret}", s.serveReply)
	mux.HandleFunc("/upload/v1/{id}", s.serveUpload)
	mux.HandleFunc("/files-pri/{id}/{name}", s.serveFile)
	mux.HandleFunc("GET /oauth/v2/authorize", s.serveAuthorize)
	return mux
}

// URL is the root, such as http://127.0.0.1:34567.
func (s *Server) URL() string { return s.base }

// APIURL is what the bot is pointed at, with its trailing slash.
func (s *Server) APIURL() string { return s.base + "/api/" }

// Close ends every connection and delivery and waits for them.
func (s *Server) Close() {
	s.stop()
	s.Clock.close()
	s.sockets.closeAll()
	_ = s.http.Close()
	s.client.CloseIdleConnections()
	s.work.Wait()
}

// Advance moves the clock forward; see Clock.
func (s *Server) Advance(d time.Duration) { s.Clock.Advance(d) }

// spawn runs f in the background of the server; Close waits for it.
func (s *Server) spawn(f func()) {
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		f()
	}()
}

func (s *Server) logf(format string, args ...any) { s.opt.Log(format, args...) }

// wake tells everyone who waits that something changed. The lock is held.
func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// stamp numbers a change that people can see. The lock is held.
func (s *Server) stamp() int64 {
	s.seq++
	s.wake()
	return s.seq
}

// await calls ready, under the lock, at every change until it is true or d has passed.
func (s *Server) await(d time.Duration, ready func() bool) bool {
	deadline := time.NewTimer(d)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		done, changed := ready(), s.changed
		s.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-changed:
		case <-deadline.C:
			s.mu.Lock()
			defer s.mu.Unlock()
			return ready()
		case <-s.ctx.Done():
			return false
		}
	}
}

// WaitFor waits until check is true; check may use any method of the server or its people.
func (s *Server) WaitFor(d time.Duration, check func() bool) bool {
	deadline := time.NewTimer(d)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if check() {
			return true
		}
		select {
		case <-changed:
		case <-deadline.C:
			return check()
		case <-s.ctx.Done():
			return false
		}
	}
}
