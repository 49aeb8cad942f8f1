package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Config is every setting there is. It is read here and nowhere else: from the
// environment, then from rapport.yaml, where the same names stand in lower case
// without RAPPORT_. docs/configuration.md is made from these tags.
type Config struct {
	Listen        string `env:"RAPPORT_LISTEN" default:"127.0.0.1:8080" help:"Address of the HTTP server: Slack and Discord requests, the console, health."`
	MetricsListen string `env:"RAPPORT_METRICS_LISTEN" help:"Address for Prometheus metrics at /metrics. Empty: none are served."`
	PublicURL     string `env:"RAPPORT_PUBLIC_URL" help:"The https root under which people and networks reach the server. Empty: http:// and RAPPORT_LISTEN."`
	Data          string `env:"RAPPORT_DATA" default:"./data" help:"Directory for the embedded store."`
	RedisURL      string `env:"RAPPORT_REDIS_URL" secret:"true" help:"redis://, rediss://, redis+sentinel://host:port,host:port/master, redis+cluster://host:port,host:port. Empty: a redis-server found on this machine is started as a child with its files in RAPPORT_DATA."`
	SecretKey     string `env:"RAPPORT_SECRET_KEY" secret:"true" help:"Seals tokens at rest: 32 random bytes as base64, or any text of 16 characters or more. Needed for installs by OAuth."`
	AllowVolatile bool   `env:"RAPPORT_ALLOW_VOLATILE" help:"1 lets serve run on the in-process store, which can lose the last seconds in a crash."`
	PerMinute     int    `env:"RAPPORT_PER_MINUTE" default:"240" help:"Most commands, buttons and messages taken from one account in a minute. 0: no limit, for load tests."`
	TZData        string `env:"RAPPORT_TZDATA" help:"A time zone archive to use in place of the built-in one."`
	Log           string `env:"RAPPORT_LOG" default:"info" help:"debug, info, warn or error; with ,json for JSON lines."`

	SlackBotToken      string `env:"RAPPORT_SLACK_BOT_TOKEN" secret:"true" help:"xoxb-…: one workspace without OAuth."`
	SlackAppToken      string `env:"RAPPORT_SLACK_APP_TOKEN" secret:"true" help:"xapp-…: Socket Mode, no public address needed."`
	SlackSigningSecret string `env:"RAPPORT_SLACK_SIGNING_SECRET" secret:"true" help:"Checks requests of Slack over HTTP."`
	SlackClientID      string `env:"RAPPORT_SLACK_CLIENT_ID" help:"With the client secret: installs into many workspaces."`
	SlackClientSecret  string `env:"RAPPORT_SLACK_CLIENT_SECRET" secret:"true" help:"See RAPPORT_SLACK_CLIENT_ID."`
	SlackAPIURL        string `env:"RAPPORT_SLACK_API_URL" default:"https://slack.com/api/" help:"Root of Slack's Web API."`

	DiscordBotToken  string `env:"RAPPORT_DISCORD_BOT_TOKEN" secret:"true" help:"Token of the bot."`
	DiscordAppID     string `env:"RAPPORT_DISCORD_APP_ID" help:"Application ID, under “General Information”. Empty: asked of Discord at each start."`
	DiscordPublicKey string `env:"RAPPORT_DISCORD_PUBLIC_KEY" help:"64 hexadecimal digits; set it when interactions come over HTTP."`
	DiscordAPIURL    string `env:"RAPPORT_DISCORD_API_URL" default:"https://discord.com/" help:"Root of Discord; REST, gateway discovery and CDN hang below it."`
}

// ReadConfig takes the environment first, then the file; empty values count as not
// given. It returns one error for each setting that is wrong, saying what to do;
// such a setting stays at its default, and the rest works.
func ReadConfig(env func(string) string, file string) (Config, []error) {
	var c Config
	var wrong []error
	given := map[string]any{}
	raw, err := os.ReadFile(file)
	switch {
	case err == nil:
		if err := yaml.Unmarshal(raw, &given); err != nil {
			wrong = append(wrong, fmt.Errorf("%s is not valid YAML: %w", file, err))
		}
	case !errors.Is(err, os.ErrNotExist):
		wrong = append(wrong, fmt.Errorf("%s cannot be read: %w", file, err))
	}
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := f.Tag.Get("env")
		key := strings.ToLower(strings.TrimPrefix(name, "RAPPORT_"))
		text := f.Tag.Get("default")
		if x, ok := given[key]; ok && x != nil {
			text = fmt.Sprint(x)
		}
		delete(given, key)
		if e := strings.TrimSpace(env(name)); e != "" {
			text = e
		}
		if err := set(v.Field(i), text); err != nil {
			wrong = append(wrong, fmt.Errorf("%s is %q, but %w", name, text, err))
			_ = set(v.Field(i), f.Tag.Get("default"))
		}
	}
	for key := range given {
		wrong = append(wrong, fmt.Errorf("%s has the setting %q, which does not exist; docs/configuration.md lists all", file, key))
	}
	return c, append(wrong, c.check()...)
}

func set(v reflect.Value, text string) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		if text == "" {
			return nil
		}
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("must be 1 or 0")
		}
		v.SetBool(b)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return errors.New("must be a whole number, 0 or more")
		}
		v.SetInt(int64(n))
	}
	return nil
}

// shortestKey is how many characters a sealing key has at least.
const shortestKey = 16

// check finds what contradicts itself, each in one sentence.
func (c Config) check() []error {
	var wrong []error
	say := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	_, port, err := net.SplitHostPort(c.Listen)
	say(err != nil || port == "", "RAPPORT_LISTEN is %q, but must be an address with a port, such as 127.0.0.1:8080 or :8080", c.Listen)
	_, err = logger(c.Log, io.Discard)
	if err != nil {
		wrong = append(wrong, err)
	}
	key, err := hex.DecodeString(c.DiscordPublicKey)
	say(c.DiscordPublicKey != "" && (err != nil || len(key) != ed25519.PublicKeySize), "RAPPORT_DISCORD_PUBLIC_KEY must be the 64 hexadecimal digits under “General Information” of the application")
	say(c.SlackBotToken != "" && !strings.HasPrefix(c.SlackBotToken, "xox"), "RAPPORT_SLACK_BOT_TOKEN does not look like a bot token; copy the one that starts with xoxb- from “OAuth & Permissions”")
	say(c.SlackAppToken != "" && !strings.HasPrefix(c.SlackAppToken, "xapp-"), "RAPPORT_SLACK_APP_TOKEN does not look like an app token; make one with the scope connections:write under “Basic Information”, it starts with xapp-")
	say((c.SlackClientID == "") != (c.SlackClientSecret == ""), "RAPPORT_SLACK_CLIENT_ID and RAPPORT_SLACK_CLIENT_SECRET go together; set both or none")
	say(c.SlackBotToken != "" && c.SlackAppToken == "" && c.SlackSigningSecret == "", "RAPPORT_SLACK_BOT_TOKEN is set, but neither RAPPORT_SLACK_APP_TOKEN (Socket Mode) nor RAPPORT_SLACK_SIGNING_SECRET (HTTP); set one of them, or Slack cannot reach Rapport")
	say(c.SlackClientID != "" && c.SecretKey == "", "RAPPORT_SECRET_KEY is needed with RAPPORT_SLACK_CLIENT_ID: tokens of installs are kept sealed; make one with: openssl rand -base64 32")
	say(c.SecretKey != "" && len(c.SecretKey) < shortestKey, "RAPPORT_SECRET_KEY is too short; make one with: openssl rand -base64 32")
	return wrong
}

// slack and discord report whether a network is configured at all.
func (c Config) slack() bool {
	return c.SlackBotToken != "" || c.SlackClientID != "" || c.SlackSigningSecret != "" || c.SlackAppToken != ""
}
func (c Config) discord() bool { return c.DiscordBotToken != "" }

func (c Config) publicURL() string {
	if c.PublicURL != "" {
		return strings.TrimRight(c.PublicURL, "/")
	}
	return "http://" + c.Listen
}
