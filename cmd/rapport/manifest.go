package main

import (
	"context"
	"errors"
	"log/slog"

	"rapport/adapters/slack"
	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/admin"
	"rapport/store"
)

type manifestCmd struct {
	Aliases []string `help:"Short commands to take besides /rapport, such as move,find; * takes all. Slack reserves no names: of two apps with the same name the later one wins."`
	HTTP    bool     `name:"http" help:"For requests over HTTP to RAPPORT_PUBLIC_URL instead of Socket Mode."`
}

// Run prints what is to be pasted at api.slack.com/apps.
func (a manifestCmd) Run(ctx context.Context, m *Main, c *commands) error {
	cfg, _ := ReadConfig(m.Env, c.Config)
	if a.HTTP && cfg.PublicURL == "" {
		return errors.New("--http needs RAPPORT_PUBLIC_URL: the https address under which Slack reaches this server")
	}
	d, err := declarations(ctx)
	if err != nil {
		return err
	}
	text, err := slack.Manifest(d.Declared(), slack.ManifestOptions{PublicURL: cfg.PublicURL, Socket: !a.HTTP, Aliases: a.Aliases})
	if err != nil {
		return err
	}
	_, err = m.Stdout.Write(text)
	return err
}

// declarations is a kernel with all features and no network, on a store that is
// gone with it: what can be asked about the program itself.
func declarations(ctx context.Context) (*bot.Bot, error) {
	db, err := store.Open(ctx, store.Options{Memory: true})
	if err != nil {
		return nil, err
	}
	defer db.Close(ctx)
	b, err := bot.New(ctx, bot.Options{DB: db, Log: slog.New(slog.DiscardHandler), Roles: recruiting.Words()})
	if err != nil {
		return nil, err
	}
	handlers.Add(b, admin.Links{})
	return b, nil
}
