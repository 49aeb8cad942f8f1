package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
)

type doctorCmd struct{}

// errUnwell ends the doctor with exit code 1; all has been said by then.
var errUnwell = errors.New("something above needs fixing")

// Run looks at everything a running Rapport depends on and says what it found, a
// line each. It changes nothing. The exit code is 1 when something is broken.
func (doctorCmd) Run(ctx context.Context, m *Main, c *commands) error {
	d := &doctor{m: m}
	cfg, wrong := ReadConfig(m.Env, c.Config)
	for _, w := range wrong {
		d.bad("Setting", "%s.", strings.TrimSuffix(w.Error(), "."))
	}
	for _, name := range unknown(m.Names) {
		d.note("Setting", "%s is set, but no setting has this name; docs/configuration.md lists all.", name)
	}
	if len(wrong) == 0 {
		d.good("Settings", "All settings can be read.")
	}
	d.zones(cfg)
	d.reach(cfg)
	if d.storeIsThere(cfg) {
		d.system(ctx, cfg)
	}
	if d.broken {
		return errUnwell
	}
	return nil
}

// unknown is every variable that looks like a setting and is none.
func unknown(names []string) []string {
	known := map[string]bool{"RAPPORT_NEW_SECRET_KEY": true} // rekey's
	for f := range reflect.TypeFor[Config]().Fields() {
		known[f.Tag.Get("env")] = true
	}
	var out []string
	for _, name := range names {
		if strings.HasPrefix(name, "RAPPORT_") && !strings.HasPrefix(name, "RAPPORT_TEST_") && !known[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

type doctor struct {
	m      *Main
	broken bool
}

func (d *doctor) good(what, format string, args ...any) { d.line("ok  ", what, format, args...) }
func (d *doctor) note(what, format string, args ...any) { d.line("note", what, format, args...) }
func (d *doctor) bad(what, format string, args ...any) {
	d.broken = true
	d.line("BAD ", what, format, args...)
}

func (d *doctor) line(mark, what, format string, args ...any) {
	fmt.Fprintf(d.m.Stdout, "%s %s: %s\n", mark, what, fmt.Sprintf(format, args...))
}

func (d *doctor) zones(cfg Config) {
	zones, err := loadZones(cfg.TZData)
	switch {
	case err != nil:
		d.bad("Time zones", "%s.", err)
	case zones.Stale(d.m.Now()) != "":
		d.bad("Time zones", "%s", zones.Stale(d.m.Now()))
	default:
		d.good("Time zones", "Edition %s of %s.", zones.Version(), zones.Released().Format("2 January 2006"))
	}
}

// reach looks at how people and networks get here.
func (d *doctor) reach(cfg Config) {
	if cfg.PublicURL == "" && !loopback(cfg.Listen) {
		d.note("Public address", "RAPPORT_PUBLIC_URL is not set, so links in messages lead to http://%s. Set it to the https address people use.", cfg.Listen)
	}
	if cfg.PublicURL != "" && !strings.HasPrefix(cfg.PublicURL, "https://") && !strings.HasPrefix(cfg.PublicURL, "http://127.0.0.1") && !strings.HasPrefix(cfg.PublicURL, "http://localhost") {
		d.bad("Public address", "RAPPORT_PUBLIC_URL is %s. Signing in to the console and Slack's requests need https; put a reverse proxy in front.", cfg.PublicURL)
	}
	if !cfg.slack() && !cfg.discord() {
		d.note("Networks", "Neither Slack nor Discord is set up: the console is the only way in. docs/configuration.md names the settings.")
	}
	if cfg.discord() && cfg.DiscordAppID == "" {
		d.note("Discord", "RAPPORT_DISCORD_BOT_TOKEN is set without RAPPORT_DISCORD_APP_ID, so Discord is asked for it at each start. Copy the Application ID from “General Information” of the application.")
	}
	if cfg.SecretKey == "" {
		d.note("Secret key", "RAPPORT_SECRET_KEY is not set: fine with tokens in the environment, but installs by OAuth are refused. Make one with: openssl rand -base64 32")
	}
}

// storeIsThere reports whether there is a store to look into; opening would make
// one, and a doctor leaves nothing behind.
func (d *doctor) storeIsThere(cfg Config) bool {
	if cfg.RedisURL != "" {
		return true
	}
	program := ""
	for _, name := range []string{"valkey-server", "redis-server"} {
		if p, err := exec.LookPath(name); err == nil {
			program = p
			break
		}
	}
	switch {
	case program == "" && !cfg.AllowVolatile:
		d.bad("Store", "No redis-server or valkey-server is on this machine and RAPPORT_REDIS_URL is not set. Install one of them, or point RAPPORT_REDIS_URL at a Redis 7 or newer.")
		return false
	case program == "":
		d.note("Store", "No redis-server is on this machine: the in-process store is used, which can lose the last seconds in a crash.")
	}
	if !kept(cfg) {
		d.note("Store", "There is no store in %s yet; serve makes one.", cfg.Data)
		return false
	}
	if taken(filepath.Join(cfg.Data, "lock")) {
		d.good("Store", "Rapport is running on %s, and while it does nobody else looks into that store. Its address answers /readyz; stop it for a closer look.", cfg.Data)
		return false
	}
	return true
}

// kept reports whether a store was ever made where the settings point; a server is
// asked when it is opened.
func kept(cfg Config) bool {
	if cfg.RedisURL != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(cfg.Data, "lock"))
	return err == nil
}

// taken reports whether a process holds the lock of a store.
func taken(lock string) bool {
	f, err := os.Open(lock)
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}

// system opens what serve would open, and asks each part.
func (d *doctor) system(ctx context.Context, cfg Config) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cfg.Log = "error"
	if len(cfg.SecretKey) < shortestKey {
		cfg.SecretKey = "" // said above; what else is wrong with the store shows all the same
	}
	s, err := d.m.open(ctx, cfg, false, false)
	if err != nil {
		d.bad("Store", "%s", ended(err.Error()))
		return
	}
	defer func() {
		end, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer stop()
		_ = s.db.Close(end)
	}()
	for _, n := range s.notes {
		d.bad("Setting", "%s", n)
	}
	d.store(ctx, s)
	d.people(ctx, s)
	for _, n := range s.bot.Networks() {
		c, ok := n.(bot.Checker)
		if !ok {
			continue
		}
		for _, f := range c.Check(ctx) {
			if f.OK {
				d.good(f.What, "%s", f.Say)
			} else {
				d.bad(f.What, "%s", f.Say)
			}
		}
	}
}

func (d *doctor) store(ctx context.Context, s *system) {
	h := s.db.Health(ctx)
	if !h.OK {
		d.bad("Store", "%s", strings.Join(h.Loses, " "))
		return
	}
	d.good("Store", "Redis %s, as %s.", h.Version, storeKinds[h.Kind])
	for _, l := range h.Loses {
		d.note("Store", "%s", l)
	}
	if len(h.Loses) == 0 {
		d.good("Store", "Nothing that was acknowledged can be lost by a crash.")
	}
	switch all, closed, err := s.db.Sealed(ctx); {
	case err != nil:
		d.bad("Sealed secrets", "They cannot be read: %s.", err)
	case closed > 0:
		d.bad("Sealed secrets", "%d of %d cannot be opened with RAPPORT_SECRET_KEY. Set the key they were sealed with.", closed, all)
	case all > 0:
		d.good("Sealed secrets", "All %d can be opened.", all)
	}
	if s.db.Kind() != "server" && s.db.Kind() != "sentinel" {
		return // the same machine, or too many to say
	}
	theirs, err := s.db.Client().Time(ctx).Result()
	if err != nil {
		return
	}
	if off := d.m.Now().Sub(theirs).Abs(); off > 5*time.Second {
		d.bad("Clock", "This machine and Redis are %s apart. Processes that share a Redis need the same time: set both clocks by NTP.", off.Round(time.Second))
	} else {
		d.good("Clock", "This machine and Redis agree.")
	}
}

var storeKinds = map[string]string{"server": "a server", "sentinel": "a server behind Sentinel", "cluster": "a cluster",
	"child": "a child of this process", "memory": "the in-process store"}

func (d *doctor) people(ctx context.Context, s *system) {
	people, err := s.bot.Host().Desk.People(ctx, tenantOf(false))
	if err != nil {
		return // there is no tenant before the first start
	}
	for _, p := range people {
		if p.Roles&recruiting.Admin != 0 {
			d.good("Admin", "There is an Admin; %d people are members.", len(people))
			return
		}
	}
	d.note("Admin", "Nobody is Admin yet. rapport serve prints a setup code; then %s", s.cfg.nextStep("CODE", "/console/", s.slack != nil, s.discord != nil))
}

// ended is a sentence with its full stop, unless it asks.
func ended(s string) string {
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
