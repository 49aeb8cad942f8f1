package main

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"rapport/adapters/web/webtest"
	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/admin"
)

// stage is one network over one transport, ready for one script.
type stage struct {
	name  string
	drive func(t *testing.T, w *bottest.World) (d bottest.Driver, ready, clean func(t *testing.T))
}

func slackStage(socket bool) func(*testing.T, *bottest.World) (bottest.Driver, func(*testing.T), func(*testing.T)) {
	return func(t *testing.T, w *bottest.World) (bottest.Driver, func(*testing.T), func(*testing.T)) {
		d := newSlackDriver(t, w, socket)
		return d, func(t *testing.T) { d.ready(t, socket) }, d.clean
	}
}

func discordStage(overHTTP bool) func(*testing.T, *bottest.World) (bottest.Driver, func(*testing.T), func(*testing.T)) {
	return func(t *testing.T, w *bottest.World) (bottest.Driver, func(*testing.T), func(*testing.T)) {
		d := newDiscordDriver(t, w, overHTTP)
		return d, func(t *testing.T) { d.ready(t, overHTTP) }, d.clean
	}
}

func consoleStage(t *testing.T, w *bottest.World) (bottest.Driver, func(*testing.T), func(*testing.T)) {
	return webtest.New(t, w), func(*testing.T) {}, func(*testing.T) {}
}

var stages = []stage{
	{"console", consoleStage},
	{"discord-gateway", discordStage(false)},
	{"discord-http", discordStage(true)},
	{"slack-socket", slackStage(true)},
	{"slack-http", slackStage(false)},
}

// TestScriptsRunUnchangedOnEveryNetwork takes the conversations of every feature
// through the real adapters, with strict networks behind them.
func TestScriptsRunUnchangedOnEveryNetwork(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../handlers/*/testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	slots := make(chan struct{}, runtime.GOMAXPROCS(0)) // they wait for little but the processor
	var wg sync.WaitGroup
	for _, s := range stages {
		for _, p := range paths {
			name := strings.TrimSuffix(strings.ReplaceAll(strings.TrimPrefix(p, "../../handlers/"), "/testdata/", "/"), ".txt")
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				t.Run(s.name+"/"+name, func(t *testing.T) { runScript(t, s, p) })
			})
		}
	}
	wg.Wait()
}

func runScript(t *testing.T, s stage, path string) {
	var log quietLog
	var ready, clean func(*testing.T)
	w := bottest.New(t, bottest.Options{Runs: true, Roles: recruiting.Words(), Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Add: func(b *bot.Bot) { handlers.Add(b, links) },
		Driver: func(w *bottest.World) bottest.Driver {
			var d bottest.Driver
			d, ready, clean = s.drive(t, w)
			return d
		}})
	ready(t)
	bottest.Script(t, w, path, func(words string) bot.Role {
		r, fault := recruiting.ParseRoles(strings.ReplaceAll(words, "+", ","))
		if fault != nil {
			t.Fatal(fault.Say)
		}
		return r
	})
	clean(t)
	if t.Failed() {
		t.Logf("the log:\n%s", log.String())
	}
}

// links stand for a console that these worlds do not have.
var links = admin.Links{Install: func(invitation string) string { return "https://rapport.example/slack/install?invite=" + invitation }}

// quietLog keeps a log until it is wanted.
type quietLog struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *quietLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *quietLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
