package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"rapport/store"
)

type demoCmd struct {
	Reset bool `help:"Forget what happened and start over."`
}

// Help names the settings a demo goes by; it leaves all others alone.
func (demoCmd) Help() string {
	return "It goes by RAPPORT_LISTEN (where it listens, on this machine only; 127.0.0.1:8080 when not set, or a free port when that is taken), RAPPORT_DATA (the folder it keeps its own folder demo in), RAPPORT_PER_MINUTE and RAPPORT_TZDATA."
}

// Run shows the product with an invented employer. Nothing leads outside: no adapter
// but the console is made, whatever the settings say.
func (d demoCmd) Run(ctx context.Context, m *Main, c *commands) error {
	cfg, _ := ReadConfig(m.Env, c.Config)
	listen := cfg.Listen
	if !loopback(listen) {
		return fmt.Errorf("RAPPORT_LISTEN is %s, but the demo lets anybody be anybody, so it listens on this machine only. Set RAPPORT_LISTEN to 127.0.0.1:8080", listen)
	}
	dir, err := d.place(m, cfg)
	if err != nil {
		return err
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil && m.Env("RAPPORT_LISTEN") == "" {
		ln, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return fmt.Errorf("RAPPORT_LISTEN: %s is taken or not an address of this machine: %w", listen, err)
	}
	demo := Config{Listen: ln.Addr().String(), Data: dir, Log: "warn", PerMinute: cfg.PerMinute, TZData: cfg.TZData}
	s, err := m.open(ctx, demo, true, false)
	if errors.Is(err, store.ErrTaken) {
		err = fmt.Errorf("another demo runs in %s. Stop it, or set RAPPORT_DATA to another folder", dir)
	}
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	if err := s.ensureTenant(ctx, m, tenantOf(true), "Lindqvist & Rowe (demo)", true); err != nil {
		return errors.Join(err, s.db.Close(ctx))
	}
	if err := s.seed(ctx, m.Now()); err != nil {
		return errors.Join(fmt.Errorf("demo: %w", err), s.db.Close(ctx))
	}
	fmt.Fprintf(m.Stdout, "Open http://%s/console/ in a browser. Ctrl-C stops the demo; --reset starts it over.\n", ln.Addr())
	return s.serve(ctx, ln)
}

// place is the demo's own directory; --reset empties it.
func (d demoCmd) place(m *Main, cfg Config) (string, error) {
	base := cfg.Data
	if m.Env("RAPPORT_DATA") == "" {
		if home, err := os.UserCacheDir(); err == nil {
			base = filepath.Join(home, "rapport")
		}
	}
	dir := filepath.Join(base, "demo")
	if d.Reset {
		if err := os.RemoveAll(dir); err != nil {
			return "", fmt.Errorf("the demo's directory %s cannot be emptied: %w", dir, err)
		}
	}
	return dir, os.MkdirAll(dir, 0o700)
}

// loopback reports whether an address is reachable from this machine alone.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
