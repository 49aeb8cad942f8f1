package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/adapters/discord/discordtest"
	"rapport/adapters/slack/slacktest"
	"rapport/store/storetest"
)

func TestDoctor(t *testing.T) {
	t.Parallel()
	fake := slacktest.New(t, slacktest.Options{})
	fake.App(slacktest.AppConfig{Socket: true})
	d := discordtest.New(t, discordtest.Options{App: discordtest.AppConfig{Privileged: discordtest.IntentGuildMembers | discordtest.IntentMessageContent}})
	empty := t.TempDir()
	well := map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL(), "RAPPORT_SLACK_BOT_TOKEN": fake.Workspace().Token(),
		"RAPPORT_SLACK_APP_TOKEN": fake.AppToken(), "RAPPORT_SLACK_API_URL": fake.APIURL(), "RAPPORT_SECRET_KEY": "a key of more than sixteen letters",
		"RAPPORT_DISCORD_BOT_TOKEN": d.App().Token, "RAPPORT_DISCORD_APP_ID": d.App().ID, "RAPPORT_DISCORD_API_URL": d.URL()}
	for _, x := range []struct {
		name string
		env  map[string]string
		code int
		says []string
	}{
		{"all well", nil, 0, []string{"ok   Store: Redis", "Nothing that was acknowledged can be lost", "ok   Time zones", "ok   Slack token", "ok   Slack Socket Mode", "ok   Discord token", "ok   Clock"}},
		{"a refused token", map[string]string{"RAPPORT_SLACK_BOT_TOKEN": "xoxb-wrong"}, 1, []string{"BAD  Slack token: Slack refuses RAPPORT_SLACK_BOT_TOKEN"}},
		{"no Discord", map[string]string{"RAPPORT_DISCORD_API_URL": "http://" + freeAddr(t) + "/"}, 1, []string{"BAD  Discord: Discord cannot be reached at http://127.0.0.1:", "Check the network, or RAPPORT_DISCORD_API_URL."}},
		{"no application", map[string]string{"RAPPORT_DISCORD_APP_ID": ""}, 0, []string{"note Discord: RAPPORT_DISCORD_BOT_TOKEN is set without RAPPORT_DISCORD_APP_ID"}},
		{"no store", map[string]string{"RAPPORT_REDIS_URL": "redis://" + freeAddr(t)}, 1, []string{"BAD  Store: Redis at RAPPORT_REDIS_URL could not be opened"}},
		{"a store that forgets", map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t, "--appendonly", "no").URL()}, 0, []string{"note Store: Redis writes no append-only file"}},
		{"a wrong setting", map[string]string{"RAPPORT_PER_MINUTE": "many"}, 1, []string{"BAD  Setting: RAPPORT_PER_MINUTE is \"many\""}},
		{"an address that is none", map[string]string{"RAPPORT_LISTEN": "foo"}, 1, []string{"BAD  Setting: RAPPORT_LISTEN is \"foo\""}},
		{"a loud log", map[string]string{"RAPPORT_LOG": "loud"}, 1, []string{"BAD  Setting: RAPPORT_LOG is \"loud\""}},
		{"a key that is none", map[string]string{"RAPPORT_DISCORD_PUBLIC_KEY": "zz", "RAPPORT_DISCORD_BOT_TOKEN": ""}, 1, []string{"BAD  Setting: RAPPORT_DISCORD_PUBLIC_KEY"}},
		{"two faults", map[string]string{"RAPPORT_SECRET_KEY": "short", "RAPPORT_REDIS_URL": "http://localhost"}, 1, []string{"RAPPORT_SECRET_KEY is too short", "unknown scheme \"http\""}},
		{"plain http", map[string]string{"RAPPORT_PUBLIC_URL": "http://rapport.example"}, 1, []string{"BAD  Public address"}},
		{"a bad time zone archive", map[string]string{"RAPPORT_TZDATA": "doctor_test.go"}, 1, []string{"BAD  Time zones: RAPPORT_TZDATA"}},
		{"nothing yet", map[string]string{"RAPPORT_REDIS_URL": "", "RAPPORT_DATA": filepath.Join(empty, "data")}, 0, []string{"There is no store in"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{}
			for k, v := range well {
				env[k] = v
			}
			for k, v := range x.env {
				env[k] = v
			}
			out, said, code := prints(t, env, "doctor")
			if code != x.code {
				t.Errorf("exit %d:\n%s%s", code, out, said)
			}
			has(t, out, x.says...)
		})
	}
	t.Run("no network", func(t *testing.T) {
		t.Parallel()
		env := map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL(), "RAPPORT_LISTEN": "127.0.0.1:9"}
		made, said, code := prints(t, env, "setup-code")
		if code != 0 {
			t.Fatal(said)
		}
		out, _, _ := prints(t, env, "doctor")
		for _, text := range []string{made, out} {
			has(t, text, "open http://127.0.0.1:9/console/ in a browser")
			if strings.Contains(text, "/rapport setup") {
				t.Error("nobody can type it:", text)
			}
		}
	})
	t.Cleanup(func() {
		if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
			t.Error("the doctor left something behind", left, err)
		}
	})
}

func TestDoctorNamesSettingsThatDoNotExist(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	m := newMain(&out, &out, map[string]string{"RAPPORT_DATA": filepath.Join(t.TempDir(), "data"), "RAPPORT_ALLOW_VOLATILE": "1"}, "doctor")
	m.Names = []string{"PATH", "RAPPORT_DATA", "RAPPORT_SLAK_BOT_TOKEN"}
	m.Run(t.Context())
	has(t, out.String(), "note Setting: RAPPORT_SLAK_BOT_TOKEN is set")
	if strings.Contains(out.String(), "RAPPORT_DATA is set") {
		t.Error(out.String())
	}
}

// The lock of a store that is served is no fault.
func TestDoctorBesideARunningStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, stop := demo(t, dir)
	out, said, code := prints(t, map[string]string{"RAPPORT_DATA": filepath.Join(dir, "demo"), "RAPPORT_ALLOW_VOLATILE": "1"}, "doctor")
	_, refused, _ := prints(t, map[string]string{"RAPPORT_DATA": filepath.Join(dir, "demo"), "RAPPORT_ALLOW_VOLATILE": "1"}, "setup-code")
	_, twice, _ := prints(t, map[string]string{"RAPPORT_DATA": dir}, "demo")
	stop()
	if code != 0 {
		t.Error(code, said)
	}
	has(t, out, "Rapport is running on")
	has(t, refused, "Stop that one first", "Beside a running serve")
	has(t, twice, "another demo runs in", "RAPPORT_DATA")
	if strings.Contains(twice, "RAPPORT_REDIS_URL") {
		t.Error("the demo goes by no Redis:", twice)
	}
}
