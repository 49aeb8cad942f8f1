// Package slack is the Slack half of a conversation: it turns what Slack delivers, by signed HTTP
// or over Socket Mode, into events of the kernel, and the kernel's answers into what Slack shows.
//
// The path of one delivery:
//
//	door (http.go, socket.go)  → signature or envelope, size, time
//	decode (inbound.go, command.go, interact.go) → bot.Event; pure, no input or output
//	receive                    → the kernel; it answers through a turn
//	turn (turn.go, reply.go)   → the direct reply, a response URL, or the Web API
//	render.go, view.go         → Block Kit
//
// Nothing is acknowledged before the kernel has it: a delivery is answered when receive returns
// or when the kernel uses the turn. Text a person typed is always shown as typed: it is escaped,
// and where mrkdwn would still read a meaning into it, it goes out as rich text or plain text.
//
// The package keeps no data of its own. Tokens of installs are sealed by the Host; a process
// holds copies for a minute at most.
package slack

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rapport/bot"
)

// Network is the name under which accounts and places of Slack are known.
const Network = "slack"

// Config is what one Slack app needs. Every field may be empty; what is missing is said in a
// sentence when it is needed.
type Config struct {
	BotToken      string // xoxb-…: one workspace without OAuth
	AppToken      string // xapp-…: Socket Mode
	SigningSecret string // HTTP
	ClientID      string // with ClientSecret: installs of many workspaces by OAuth
	ClientSecret  string
	// APIURL is where the Web API lives, https://slack.com/api/ when empty. The last slash may be
	// missing. A root without a path (http://127.0.0.1:9000) is used as it stands, and with
	// /api/ when it does not know the first method asked for.
	APIURL string
	// PublicURL is the root under which Handler is reachable from outside.
	PublicURL string
	// SocketConnections is how many sockets are held open at once; 2 when zero, 10 at most.
	SocketConnections int
	// Command is the slash command whose words are a whole command line; "/rapport" when empty.
	// Any other command is an alias: its name is the first word.
	Command string
	// AllTalk hands over every message of the channels the bot is in. Otherwise it hears what is
	// said to it directly, what mentions it, and replies in threads.
	AllTalk bool
	// HTTPClient calls Slack; a client with a timeout of 10 s when nil.
	HTTPClient *http.Client
	Log        *slog.Logger // slog.Default when nil
}

// Slack is one Slack app. It implements bot.Network, Editor, Finder, Profiler, Grouper, Audience
// and Checker.
type Slack struct {
	cfg     Config
	host    bot.Host
	api     *api
	log     *slog.Logger
	verify  *verifier
	tokens  *tokens
	life    atomic.Pointer[life]
	flights atomic.Int64 // deliveries being worked on
	paths   map[string]http.HandlerFunc

	directs      sync.Map // team/user → the bot's conversation with that person
	knownDirects atomic.Int64
}

// life is what exists while Listen runs.
type life struct {
	receive func(context.Context, bot.Event) error
	ctx     context.Context // outlives the listener by the grace of its last exchanges
	closing atomic.Bool
}

// New makes the adapter; it reaches for no network.
func New(cfg Config, host bot.Host) *Slack {
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = &http.Client{Timeout: 10 * time.Second}
	}
	if cfg.Command == "" {
		cfg.Command = "/rapport"
	}
	switch n := cfg.SocketConnections; {
	case n <= 0:
		cfg.SocketConnections = 2
	case n > 10:
		cfg.SocketConnections = 10
	}
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	if host.Now == nil {
		host.Now = time.Now
	}
	if host.Count == nil {
		host.Count = func(string) {}
	}
	if host.Say == nil {
		host.Say = sayPlainly
	}
	s := &Slack{cfg: cfg, host: host, log: cfg.Log, api: newAPI(cfg.APIURL, cfg.HTTPClient)}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.verify = newVerifier(cfg.SigningSecret)
	s.tokens = newTokens(s)
	s.paths = s.routes()
	return s
}

// sayPlainly stands in for the one formatter where a host brings none: it knows no
// zones, so it says UTC.
func sayPlainly(t time.Time, _ string, style bot.MomentStyle) string {
	layout := "Mon 2 Jan 2006, 15:04 UTC"
	switch style {
	case bot.DateOnly:
		layout = "Mon 2 Jan 2006"
	case bot.TimeOnly:
		layout = "15:04 UTC"
	}
	return t.UTC().Format(layout)
}

// Name is "slack".
func (s *Slack) Name() string { return Network }

// Declare does nothing: Slack learns of commands from the manifest (Manifest).
func (s *Slack) Declare(context.Context, []bot.Declared) error { return nil }

// Listen hands events to receive until ctx ends; exchanges in the air get 5 s to finish. It comes
// back early, with a sentence for the operator, when nothing is configured or Slack refuses the
// tokens and there is no other door to listen at.
func (s *Slack) Listen(ctx context.Context, receive func(context.Context, bot.Event) error) error {
	if s.cfg.AppToken == "" && s.cfg.SigningSecret == "" {
		return errNothingToListen
	}
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l := &life{receive: receive, ctx: base}
	s.life.Store(l)
	refused := make(chan error, 2)
	watch, stop := context.WithCancel(base)
	var running sync.WaitGroup
	defer func() {
		l.closing.Store(true) // sockets stay open, so that what is in the air can still be acknowledged
		s.land(5 * time.Second)
		stop()
		running.Wait()
		s.life.CompareAndSwap(l, nil)
		cancel()
	}()
	if s.cfg.AppToken != "" {
		running.Go(func() { refused <- s.listenSockets(watch, l) })
	}
	if s.cfg.BotToken != "" {
		running.Go(func() {
			if err := s.tokens.greet(watch); err != nil {
				refused <- err
			}
		})
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-refused:
			if err == nil || ctx.Err() != nil {
				continue
			}
			s.log.Error(err.Error(), "network", Network)
			if s.cfg.SigningSecret == "" || s.cfg.AppToken == "" && s.cfg.ClientID == "" {
				return err
			}
		}
	}
}

// land waits for the deliveries in the air.
func (s *Slack) land(patience time.Duration) {
	for end := time.Now().Add(patience); s.flights.Load() > 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
}

// Abilities are Slack's limits (docs.slack.dev/reference/block-kit, reference/views). A token
// travels in a button's value (2000) or, for a menu, in the two ids of its block (255 each), so
// 480 bytes fit everywhere; a form's token shares private_metadata (3000) with where its answer
// goes.
func (s *Slack) Abilities() bot.Abilities {
	return bot.Abilities{
		Text: 4000, Blocks: 50, Para: 3000, Note: 3000, Heading: 150,
		Facts: 10, FactName: 150, FactValue: 1800,
		Tables: 1, TableRows: 99, TableCols: 20, TableChars: 10000,
		Images: true, ButtonRow: 25, Label: 75, TokenSize: maxToken,
		Options: 100, OptionText: 75, OptionHint: 75,
		FormFields: 99, FormTitle: 24, FormLabel: 2000, FormHint: 2000, FormLine: 3000, FormLong: 3000,
		FormToken: maxFormToken,
		FormKinds: []bot.FieldKind{bot.Line, bot.Long, bot.Choice, bot.Search, bot.Member, bot.Number, bot.Flag, bot.Email, bot.Date, bot.Upload},
		Suggest:   100, Moments: true, Private: true, Home: true, Edit: true, Lookup: true, FormFrom: true, FormHold: true,
		Patience: 3 * time.Second, Window: 30 * time.Minute,
	}
}

const (
	maxToken     = 480
	maxFormToken = 2000
)

// pageURL is an address of Slack's pages beside the API: the OAuth page of the same host.
func (s *Slack) pageURL(path string) string {
	root := s.api.base()
	root = strings.TrimSuffix(root, "api/")
	if u, err := url.Parse(root); err == nil {
		return u.JoinPath(path).String()
	}
	return root + path
}
