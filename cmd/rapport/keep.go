package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"rapport/handlers/admin"
	"rapport/store"
)

// bare opens the settings and the store alone, for commands that serve nobody.
func (m *Main) bare(ctx context.Context, c *commands) (Config, *store.DB, error) {
	cfg, wrong := ReadConfig(m.Env, c.Config)
	for _, w := range wrong {
		fmt.Fprintln(m.Stderr, "setting:", w)
	}
	log, err := logger(cfg.Log, m.Stderr)
	if err != nil {
		return cfg, nil, err
	}
	db, err := m.openStore(ctx, cfg, log, false)
	return cfg, db, err
}

// shut closes the store and keeps the first error.
func shut(ctx context.Context, db *store.DB, err *error) {
	end, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer stop()
	*err = errors.Join(*err, db.Close(end))
}

type setupCodeCmd struct{}

func (setupCodeCmd) Run(ctx context.Context, m *Main, c *commands) (err error) {
	cfg, db, err := m.bare(ctx, c)
	if err != nil {
		return err
	}
	defer shut(ctx, db, &err)
	code, err := admin.NewSetupCode(ctx, db, tenantOf(false), m.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "setup code: %s\nNext: %s\nAn older code stops working.\n", code, cfg.nextStep(code, cfg.slack(), cfg.discord()))
	return nil
}

type exportCmd struct {
	File  string `arg:"" help:"File to write; it holds personal data and is readable by you alone." type:"path"`
	Force bool   `help:"Write over a file that is there."`
}

func (e exportCmd) Run(ctx context.Context, m *Main, c *commands) (err error) {
	if _, err := os.Lstat(e.File); err == nil && !e.Force {
		return fmt.Errorf("%s is there already. Choose another name, or write over it with --force", e.File)
	}
	if cfg, _ := ReadConfig(m.Env, c.Config); !kept(cfg) { // opening would make one
		return nothingIn(cfg)
	}
	cfg, db, err := m.bare(ctx, c)
	if err != nil {
		return err
	}
	defer shut(ctx, db, &err)
	tmp, err := os.CreateTemp(filepath.Dir(e.File), ".rapport-export-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	w := bufio.NewWriter(tmp)
	n, err := db.Export(ctx, w)
	if err == nil && n == 0 {
		err = nothingIn(cfg)
	}
	if err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := errors.Join(w.Flush(), tmp.Chmod(0o600), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), e.File); err != nil {
		return err
	}
	if others, err := db.Serving(ctx); err == nil && others {
		fmt.Fprintln(m.Stdout, "Rapport is running: what changed while this was written may be in it or not. For an exact copy stop it first.")
	}
	fmt.Fprintf(m.Stdout, "Wrote %s. It holds personal data: keep it as safe as the store.\n", e.File)
	return nil
}

// nothingIn says that a store is empty, and which one was read.
func nothingIn(cfg Config) error {
	if cfg.RedisURL != "" {
		return errors.New("there is nothing to export: the Redis at RAPPORT_REDIS_URL keeps nothing of Rapport. Set it to the one serve uses")
	}
	dir, err := filepath.Abs(cfg.Data)
	if err != nil {
		dir = cfg.Data
	}
	return fmt.Errorf("there is nothing to export: no data is in the folder %s. Set RAPPORT_DATA to the one serve uses, or RAPPORT_REDIS_URL", dir)
}

func (i importCmd) Run(ctx context.Context, m *Main, c *commands) (err error) {
	if err := i.readable(); err != nil {
		return err
	}
	if i.CSV {
		return i.candidates(ctx, m, c)
	}
	_, db, err := m.bare(ctx, c)
	if err != nil {
		return err
	}
	defer shut(ctx, db, &err)
	f, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := db.Import(ctx, f)
	if err != nil {
		return fmt.Errorf("%s: after %d records: %w", i.File, n, err)
	}
	fmt.Fprintf(m.Stdout, "Read %d records from %s.\n", n, i.File)
	return nil
}

type rekeyCmd struct{}

func (rekeyCmd) Run(ctx context.Context, m *Main, c *commands) (err error) {
	cfg, db, err := m.bare(ctx, c)
	if err != nil {
		return err
	}
	defer shut(ctx, db, &err)
	next := m.Env("RAPPORT_NEW_SECRET_KEY")
	if cfg.SecretKey == "" || len(next) < 16 {
		return errors.New("set RAPPORT_SECRET_KEY to the present key and RAPPORT_NEW_SECRET_KEY to the new one (openssl rand -base64 32), then run this again")
	}
	n, err := db.Rekey(ctx, []byte(cfg.SecretKey), []byte(next))
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "%d secrets are sealed with the new key. Start Rapport with RAPPORT_SECRET_KEY set to it.\n", n)
	return nil
}

type versionCmd struct{}

func (versionCmd) Run(m *Main, c *commands) error {
	cfg, _ := ReadConfig(m.Env, c.Config)
	zones, err := loadZones(cfg.TZData)
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "rapport %s\ntime zones %s\n", version, zones.Version())
	return nil
}
