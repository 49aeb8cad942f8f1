package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/admin"
	"rapport/store"
)

type serveCmd struct{}

func (serveCmd) Run(ctx context.Context, m *Main, c *commands) error {
	cfg, wrong := ReadConfig(m.Env, c.Config)
	for _, w := range wrong {
		fmt.Fprintln(m.Stderr, "setting:", w)
	}
	s, err := m.open(ctx, cfg, false, false)
	if err != nil {
		return err
	}
	for _, n := range s.notes {
		fmt.Fprintln(m.Stderr, "setting:", n)
	}
	if err := s.may(ctx); err != nil {
		return errors.Join(err, s.db.Close(ctx))
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("RAPPORT_LISTEN: %s is taken or not an address of this machine: %w", cfg.Listen, err), s.db.Close(ctx))
	}
	if err := s.ensureTenant(ctx, m, tenantOf(false), "Rapport", false); err != nil {
		return errors.Join(err, s.db.Close(ctx))
	}
	if cfg.MetricsListen != "" {
		stop, err := s.metrics(ctx, cfg.MetricsListen)
		if err != nil {
			return errors.Join(err, s.db.Close(ctx))
		}
		defer stop()
	}
	fmt.Fprintf(m.Stdout, "rapport %s on http://%s (store: %s)\n", version, ln.Addr(), s.db.Kind())
	if err := s.offerSetup(ctx, m); err != nil {
		fmt.Fprintln(m.Stderr, "setup code:", err)
	}
	return s.serve(ctx, ln)
}

// may refuses what would surprise later: a store that loses data unasked, and
// sealed secrets without their key.
func (s *system) may(ctx context.Context) error {
	if s.db.Kind() == "memory" && !s.cfg.AllowVolatile {
		return errors.New("no redis-server or valkey-server was found on this machine, and the in-process store can lose the last seconds in a crash. Install redis-server, or set RAPPORT_REDIS_URL, or RAPPORT_ALLOW_VOLATILE=1 to accept that")
	}
	all, closed, err := s.db.Sealed(ctx)
	if err != nil {
		return err
	}
	if closed > 0 {
		return fmt.Errorf("%d of %d sealed secrets cannot be opened with RAPPORT_SECRET_KEY. Set the key they were sealed with, or run rapport rekey", closed, all)
	}
	return nil
}

// ensureTenant makes the first tenant of an installation.
func (s *system) ensureTenant(ctx context.Context, m *Main, id, name string, demo bool) error {
	global := s.db.In("")
	_, err := bot.Tenants.Get(ctx, global, id)
	if !errors.Is(err, store.ErrNone) {
		return err
	}
	b := global.Batch("")
	store.Put(b, bot.Tenants, store.Row[bot.Tenant]{ID: id, Val: bot.Tenant{Name: name, Created: m.Now(), Demo: demo}})
	err = global.Commit(ctx, b)
	var stale *store.Stale
	if errors.As(err, &stale) {
		return nil // another process was first
	}
	return err
}

// offerSetup prints a setup code while nobody is Admin.
func (s *system) offerSetup(ctx context.Context, m *Main) error {
	people, err := s.bot.Host().Desk.People(ctx, tenantOf(false))
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Roles&recruiting.Admin != 0 {
			return nil
		}
	}
	older, err := admin.SetupCodeWaits(ctx, s.db, tenantOf(false))
	if err != nil {
		return err
	}
	code, err := admin.NewSetupCode(ctx, s.db, tenantOf(false), m.Now())
	if err != nil {
		return err
	}
	instead := ""
	if older {
		instead = " (it replaces the one printed before)"
	}
	fmt.Fprintf(m.Stdout, "setup code: %s%s\nNext: %s\n", code, instead, s.cfg.nextStep(code, "/console/", s.slack != nil, s.discord != nil))
	return nil
}

// nextStep is what to do with a setup code, as far as what is connected goes;
// door is where the console takes one.
func (c Config) nextStep(code, door string, slack, discord bool) string {
	var on []string
	if slack {
		on = append(on, "Slack")
	}
	if discord {
		on = append(on, "Discord")
	}
	if len(on) == 0 {
		return "open " + c.publicURL() + door + " in a browser and enter the code there. It works once and for an hour."
	}
	return fmt.Sprintf("type /rapport setup %s on %s. It works once and for an hour.", code, strings.Join(on, " or "))
}

func (s *system) metrics(ctx context.Context, listen string) (stop func(), err error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("RAPPORT_METRICS_LISTEN: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.bot.Metrics(), promhttp.HandlerOpts{}))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = srv.Serve(ln) }()
	return func() { _ = srv.Close() }, nil
}
