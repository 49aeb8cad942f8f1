package main

import (
	"context"
	"errors"
	"fmt"
	"os"
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

// whole is bare for a store in which no import is unfinished: what is written beside
// the rest of one would be there twice.
func (m *Main) whole(ctx context.Context, c *commands) (Config, *store.DB, error) {
	cfg, db, err := m.bare(ctx, c)
	if err != nil {
		return cfg, nil, err
	}
	if err := db.Whole(ctx); err != nil {
		shut(ctx, db, &err)
		return cfg, nil, err
	}
	return cfg, db, nil
}

// shut closes the store and keeps the first error.
func shut(ctx context.Context, db *store.DB, err *error) {
	end, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer stop()
	*err = errors.Join(*err, db.Close(end))
}

type setupCodeCmd struct {
	Employer string `help:"Make a new employer of this name, with records of its own, and a code for it." placeholder:"NAME"`
}

// Help says what a code joins.
func (setupCodeCmd) Help() string {
	return "Without --employer the code is for the first employer: whoever types it is Admin there, and the workspace they type it in is that employer's. docs/operations.md says more under “Several employers”."
}

func (s setupCodeCmd) Run(ctx context.Context, m *Main, c *commands) (err error) {
	cfg, db, err := m.whole(ctx, c)
	if err != nil {
		return err
	}
	defer shut(ctx, db, &err)
	var code string
	tenant, door := tenantOf(false), "/console/"
	if s.Employer != "" {
		door = "/console/?setup" // others may be there already
		tenant, code, err = admin.NewEmployer(ctx, db, s.Employer, m.Now())
	} else {
		code, err = admin.NewSetupCode(ctx, db, tenant, m.Now())
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "setup code: %s\nNext: %s\nAn older code of the same employer stops working.\n", code, cfg.nextStep(code, door, cfg.slack(), cfg.discord()))
	if s.Employer != "" {
		fmt.Fprintf(m.Stdout, "It is for %s (tenant %s) alone: the workspace it is typed in becomes theirs.\n", s.Employer, tenant)
	}
	return nil
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
	cfg, db, err := m.whole(ctx, c)
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
