package handlers_test

import (
	"path/filepath"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/admin"
)

func roles(words string) bot.Role {
	r, fault := recruiting.ParseRoles(strings.ReplaceAll(words, "+", ","))
	if fault != nil {
		panic(fault.Say)
	}
	return r
}

// links stand for a console that these worlds do not have.
var links = admin.Links{Install: func(invitation string) string { return "https://rapport.example/slack/install?invite=" + invitation }}

// TestScripts runs every feature's conversations.
func TestScripts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*/testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, p := range paths {
		t.Run(strings.TrimSuffix(strings.ReplaceAll(p, "/testdata/", "/"), ".txt"), func(t *testing.T) {
			t.Parallel()
			w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { handlers.Add(b, links) }, Roles: recruiting.Words()})
			bottest.Script(t, w, p, roles)
		})
	}
}
