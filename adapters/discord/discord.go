// Package discord is the network Discord: it turns interactions and messages into
// events, and shows messages, forms and suggestions with what Discord has.
//
// The path of an interaction:
//
//	gateway.go or http.go   raw JSON, signature or session checked
//	inbound.go              decode → bot.Event, with structs of our own
//	receive                 the kernel; it answers through the event's Turn
//	turn.go                 the first answer (REST callback, or the HTTP response), then edits and follow-ups
//	render.go, form.go      message → content, embeds, buttons; form → modal of Labels
//
// Talk (direct messages, mentions, threads) comes over the gateway only, also
// where interactions come over HTTP; said.go answers it with ordinary messages.
// declare.go registers the commands, send.go posts, profile.go and audience.go
// answer questions about people, check.go speaks to the doctor.
//
// discordgo makes the REST calls and gives the gateway its types. The connection
// itself is gateway.go's: the library waits for its own lock for ever when a
// resumed session is refused (op 9 inside Open), keeps reconnecting after fatal
// close codes, and cannot hand a session on to another process.
//
// The package must never show user text as Markdown, let a message ping anybody
// it does not name on purpose, or put a private answer where others read it.
package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rapport/bot"
)

// Name is what events and accounts of this network carry.
const Name = "discord"

// Config says which application this is. BotToken is needed; PublicKey when HTTP is set.
type Config struct {
	BotToken  string
	AppID     string // empty: asked of Discord
	PublicKey string // hex, for interactions over HTTP
	APIURL    string // root such as https://discord.com/; REST, gateway discovery and CDN hang below it
	HTTP      bool   // interactions come to Handler instead of over the gateway
	Shards    int    // 0 = as many as Discord advises
	// HTTPClient makes the REST calls; nil = one with a timeout of 20 s.
	HTTPClient *http.Client
	// Log hears what goes wrong beside Listen's own error; nil = nobody.
	Log *slog.Logger
	// Words is the name of the command that takes any other in plain words; "" = "rapport".
	Words string

	root *url.URL
}

// Network is Discord as the kernel sees it.
type Network struct {
	cfg   Config
	key   ed25519.PublicKey
	host  bot.Host
	rest  *rest
	log   *slog.Logger
	names atomic.Pointer[catalog]
	dms   small
	world servers
	gate  gate

	listen atomic.Pointer[listening]
	app    atomic.Pointer[string]
}

// listening is what exists while Listen runs. Work that has begun may go on for a
// little after Listen was told to end.
type listening struct {
	ctx     context.Context // of the work
	end     context.Context // of Listen
	receive func(context.Context, bot.Event) error
	work    atomic.Int64 // events being handled
}

// grace is how long work goes on after Listen was told to end.
const grace = 3 * time.Second

// drain waits for the work, but not for ever.
func (l *listening) drain() {
	for end := time.Now().Add(grace); l.work.Load() > 0 && time.Now().Before(end); {
		time.Sleep(2 * time.Millisecond)
	}
}

// New makes the network without calling anybody. Its error is one sentence naming
// the setting that is wrong.
func New(c Config, h bot.Host) (*Network, error) {
	if strings.TrimSpace(c.BotToken) == "" {
		return nil, errors.New("RAPPORT_DISCORD_BOT_TOKEN is missing: copy it from the Bot page of the Discord developer portal")
	}
	n := &Network{host: h, log: c.Log}
	if c.HTTP || c.PublicKey != "" {
		key, err := hex.DecodeString(strings.TrimSpace(c.PublicKey))
		if err != nil || len(key) != ed25519.PublicKeySize {
			return nil, errors.New("RAPPORT_DISCORD_PUBLIC_KEY must be the 64 hexadecimal digits on the General Information page of the Discord developer portal")
		}
		n.key = key
	}
	if c.AppID != "" && !snowflake(c.AppID) {
		return nil, errors.New("RAPPORT_DISCORD_APP_ID must be the number on the General Information page of the Discord developer portal")
	}
	if c.APIURL != "" {
		u, err := url.Parse(c.APIURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("RAPPORT_DISCORD_API_URL must be an address such as https://discord.com/, not %q", c.APIURL)
		}
		if u.Host != "discord.com" || u.Scheme != "https" {
			c.root = u
		}
	}
	if c.Words == "" {
		c.Words = "rapport"
	}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	n.cfg = c
	n.names.Store(newCatalog(c.Words))
	n.world.init()
	if c.AppID != "" {
		n.app.Store(&c.AppID)
	}
	var err error
	n.rest, err = newRest(c, h)
	return n, err
}

// Name is "discord".
func (n *Network) Name() string { return Name }

// Abilities are Discord's limits, from its documentation. Texts are counted before
// escaping: render goes on in a further message where escapes make one too long.
func (n *Network) Abilities() bot.Abilities {
	return bot.Abilities{
		Text: maxContent, Blocks: 20, Para: 3500, Note: 1900, Heading: 200,
		Facts: maxFields, FactName: 200, FactValue: 900, Images: true,
		ButtonRow: maxInRow, ButtonsAll: maxRows * maxInRow, Label: maxLabel, TokenSize: maxCustomID - tokenPrefix,
		Options: maxOptions, OptionText: maxOption, OptionHint: maxOption,
		FormFields: maxFormFields, FormTitle: maxFormTitle, FormLabel: maxFormLabel, FormHint: maxFormHint,
		FormLine: maxFormText / 4, FormLong: maxFormText, FormToken: maxCustomID,
		FormKinds: []bot.FieldKind{bot.Line, bot.Long, bot.Choice, bot.Member, bot.Flag, bot.Upload},
		Suggest:   maxOptions, Moments: true, Private: true, Edit: true,
		Patience: firstWait, Window: tokenLife,
	}
}

// Listen hands on every event until ctx ends, or Discord refuses the token or the
// session for good; then its error says what to do. Where interactions come over
// HTTP, they are served even while the gateway is away.
func (n *Network) Listen(ctx context.Context, receive func(context.Context, bot.Event) error) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	l := &listening{ctx: work, end: ctx, receive: receive}
	n.listen.Store(l)
	defer l.drain()
	defer n.listen.Store(nil)
	err := n.shards(ctx)
	if err != nil && n.cfg.HTTP && !errors.Is(err, errToken) && ctx.Err() == nil {
		n.log.ErrorContext(ctx, "Discord gateway stopped; interactions go on", "err", err)
		<-ctx.Done()
	}
	if ctx.Err() != nil && !errors.Is(err, errToken) {
		return ctx.Err()
	}
	return err
}

func (n *Network) drain() {
	if l := n.listen.Load(); l != nil {
		l.drain()
	}
}

func (n *Network) now() time.Time {
	if n.host.Now != nil {
		return n.host.Now()
	}
	return time.Now()
}

// plain is the host's words for a moment.
func (n *Network) plain(t time.Time, zone string, style bot.MomentStyle) string {
	if n.host.Say != nil {
		return n.host.Say(t, zone, style)
	}
	return utc(t, zone, style)
}

func (n *Network) count(name string) {
	if n.host.Count != nil {
		n.host.Count(name)
	}
}

func (n *Network) appID() string {
	if p := n.app.Load(); p != nil {
		return *p
	}
	return ""
}

// application asks Discord for the application, once its id is not set.
func (n *Network) knowApp(ctx context.Context) (string, error) {
	if id := n.appID(); id != "" {
		return id, nil
	}
	a, err := n.application(ctx)
	if err != nil {
		return "", err
	}
	n.app.Store(&a.ID)
	return a.ID, nil
}

// small is a bounded memory of a few ids; when it is full it starts anew.
type small struct {
	mu sync.Mutex
	m  map[string]string
}

func (s *small) get(k string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.m[k]
	return v, ok
}

func (s *small) put(k, v string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil || len(s.m) > 10000 {
		s.m = map[string]string{}
	}
	s.m[k] = v
}

func (s *small) drop(k string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, k)
}
