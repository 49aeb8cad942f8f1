package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"rapport/adapters/discord"
	"rapport/adapters/slack"
	"rapport/adapters/web"
	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
	"rapport/handlers"
	"rapport/handlers/admin"
	"rapport/store"
)

// system is everything a running Rapport consists of.
type system struct {
	cfg     Config
	log     *slog.Logger
	db      *store.DB
	bot     *bot.Bot
	slack   *slack.Slack
	discord *discord.Network
	console *web.Console
	notes   []string // what is wrong with the settings, a sentence each
}

// open makes a system: the store, the kernel, the features, the networks, in this
// order. Nothing listens yet and nothing is asked of the outside.
func (m *Main) open(ctx context.Context, cfg Config, demo bool, memory bool) (*system, error) {
	s := &system{cfg: cfg}
	var err error
	if s.log, err = logger(cfg.Log, m.Stderr); err != nil {
		return nil, err
	}
	if s.db, err = m.openStore(ctx, cfg, s.log, memory); err != nil {
		return nil, err
	}
	if err := s.db.Whole(ctx); err != nil { // nothing is to be written beside the rest of an import
		return nil, errors.Join(err, s.db.Close(ctx))
	}
	zones, err := loadZones(cfg.TZData)
	if err != nil {
		return nil, errors.Join(err, s.db.Close(ctx))
	}
	o := bot.Options{DB: s.db, Log: s.log, Now: m.Now, PerMinute: cfg.PerMinute, Roles: recruiting.Words(), Moment: moments(zones), Zone: zones.Zone}
	if demo { // a visitor sees at once what reaches a colleague, whatever hour it is there
		o.Zone = func(string) (*time.Location, error) { return nil, errors.New("nobody sleeps in the demo") }
	}
	s.bot, err = bot.New(ctx, o)
	if err != nil {
		return nil, errors.Join(err, s.db.Close(ctx))
	}
	host := s.bot.Host()
	s.console = web.New(web.Config{PublicURL: cfg.publicURL(), Demo: demo, Tenant: tenantOf(demo), First: demoTeam[0].id, Zone: zones.Zone, Log: s.log}, host)
	s.bot.Join(s.console)
	s.bot.Fallback, s.bot.DownloadAt = s.console.Name(), s.console.DownloadAt
	handlers.Add(s.bot, admin.Links{SignIn: s.console.SignInLink, Revoke: s.console.Revoke, Zones: zones,
		Install: func(invitation string) string {
			return cfg.publicURL() + "/slack/install?invitation=" + url.QueryEscape(invitation)
		}})
	if demo {
		return s, nil // no way to the outside
	}
	if cfg.slack() {
		s.slack = slack.New(slack.Config{BotToken: cfg.SlackBotToken, AppToken: cfg.SlackAppToken, SigningSecret: cfg.SlackSigningSecret,
			ClientID: cfg.SlackClientID, ClientSecret: cfg.SlackClientSecret, APIURL: cfg.SlackAPIURL, PublicURL: cfg.publicURL(), Log: s.log}, host)
		s.bot.Join(s.slack)
	}
	if cfg.discord() {
		s.discord, err = discord.New(discord.Config{BotToken: cfg.DiscordBotToken, AppID: cfg.DiscordAppID, PublicKey: cfg.DiscordPublicKey,
			APIURL: cfg.DiscordAPIURL, HTTP: cfg.DiscordPublicKey != "" && cfg.PublicURL != "", Log: s.log}, host)
		if err != nil {
			s.notes = append(s.notes, err.Error()+". Discord stays off; the rest runs.")
		} else {
			s.bot.Join(s.discord)
		}
	}
	return s, nil
}

// tenantOf is the tenant a fresh installation begins with.
func tenantOf(demo bool) string {
	if demo {
		return "demo"
	}
	return "main"
}

func (m *Main) openStore(ctx context.Context, cfg Config, log *slog.Logger, memory bool) (*store.DB, error) {
	o := store.Options{URL: cfg.RedisURL, Data: cfg.Data, Memory: memory, Log: log, Now: m.Now, Crash: m.Crash}
	if cfg.SecretKey != "" {
		o.Secret = []byte(cfg.SecretKey)
	}
	if cfg.RedisURL == "" {
		if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
			return nil, fmt.Errorf("RAPPORT_DATA: the directory %s cannot be made: %w", cfg.Data, err)
		}
	}
	db, err := store.Open(ctx, o)
	if err != nil {
		if errors.Is(err, store.ErrTaken) {
			return nil, fmt.Errorf("the store in %s: %w. Stop that one first, or share a Redis by RAPPORT_REDIS_URL, beside which everything runs; docs/operations.md says more under “Beside a running serve”", cfg.Data, err)
		}
		if cfg.RedisURL == "" {
			return nil, fmt.Errorf("the embedded store in %s could not be opened: %w", cfg.Data, err)
		}
		log.Debug("store not opened", "err", err)
		return nil, fmt.Errorf("Redis at RAPPORT_REDIS_URL could not be opened: %s", store.Why(err))
	}
	return db, nil
}

func loadZones(path string) (*scheduling.DB, error) {
	if path == "" {
		return scheduling.Default(), nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("RAPPORT_TZDATA: %w", err)
	}
	db, err := scheduling.Open(raw)
	if err != nil {
		return nil, fmt.Errorf("RAPPORT_TZDATA: %s is not a time zone archive: %w", path, err)
	}
	return db, nil
}

// moments is the one formatter, for places that cannot show a reader's own time: the
// date, the local time, the zone as people call it and its offset.
func moments(zones *scheduling.DB) func(time.Time, string, bot.MomentStyle) string {
	var voices sync.Map // by zone; no more than the database has
	return func(t time.Time, zone string, style bot.MomentStyle) string {
		loc, err := zones.Zone(zone)
		if err != nil {
			loc = time.UTC
		}
		known, ok := voices.Load(loc.String())
		if !ok {
			known, _ = voices.LoadOrStore(loc.String(), scheduling.NewVoice(zones, "", loc.String(), scheduling.ClockUnknown, scheduling.OrderUnknown))
		}
		voice := known.(scheduling.Voice)
		switch t = t.In(loc); style {
		case bot.DateOnly:
			return voice.SayDay(t)
		case bot.TimeOnly:
			return voice.SayTime(t, loc)
		}
		return voice.Say(t)
	}
}

func logger(setting string, w io.Writer) (*slog.Logger, error) {
	level, form, _ := strings.Cut(setting, ",")
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil || form != "" && form != "json" {
		return nil, fmt.Errorf("RAPPORT_LOG is %q, but must be debug, info, warn or error; with ,json for JSON lines", setting)
	}
	o := &slog.HandlerOptions{Level: l}
	if form == "json" {
		return slog.New(slog.NewJSONHandler(w, o)), nil
	}
	return slog.New(slog.NewTextHandler(w, o)), nil
}

// routes puts every door of the HTTP server in one place.
func (s *system) routes() http.Handler {
	mux := http.NewServeMux()
	if s.slack != nil {
		mux.Handle("/slack/", s.slack.Handler())
	}
	if s.discord != nil {
		mux.Handle("/discord/", s.discord.Handler())
	}
	mux.Handle("/console/", s.console.Handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/console/", http.StatusSeeOther) })
	return mux
}

// ready says whether work can be done, and what the present store may lose.
func (s *system) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	h := s.db.Health(ctx)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if !h.OK {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "not ready:", strings.Join(h.Loses, " "))
		return
	}
	fmt.Fprintf(w, "ready: store %s %s\n", h.Kind, h.Version)
	for _, l := range h.Loses {
		fmt.Fprintln(w, "note:", l)
	}
}

// serve answers HTTP on listen and runs the bot until ctx ends.
func (s *system) serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	srv := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
	failed := make(chan error, 1)
	go func() {
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
			cancel()
		}
	}()
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = s.bot.Run(ctx) }()
	<-ctx.Done()
	end, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer stop()
	_ = srv.Shutdown(end)
	select {
	case <-stopped:
	case <-end.Done():
	}
	err := s.db.Close(end)
	select {
	case e := <-failed:
		return e
	default:
		return err
	}
}
