package slack

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"rapport/bot"
)

// ManifestOptions say how the app will be reached and which short names it takes.
type ManifestOptions struct {
	// PublicURL is the root of Handler; a placeholder to replace when empty. Socket Mode needs none.
	PublicURL string
	Socket    bool
	// Aliases are the short commands to take besides /rapport ("move", "find"); "*" takes all that
	// are declared. Slack reserves no names: the app installed last wins.
	Aliases []string
	Command string // "/rapport" when empty
}

const (
	maxCommands  = 50
	maxShortcuts = 10
)

// Events are the bot events that the adapter understands and the manifest subscribes to.
func Events() []string {
	return []string{
		"app_home_opened", "app_mention", "app_uninstalled", "member_joined_channel", "message.channels", "message.groups",
		"message.im", "message.mpim", "reaction_added", "reaction_removed", "team_join", "tokens_revoked", "user_change",
	}
}

type (
	manifest struct {
		Metadata struct {
			Major int `yaml:"major_version"`
		} `yaml:"_metadata"`
		Display struct {
			Name        string `yaml:"name"`
			Description string `yaml:"description"`
			Color       string `yaml:"background_color"`
		} `yaml:"display_information"`
		Features struct {
			Home struct {
				Tab      bool `yaml:"home_tab_enabled"`
				Messages bool `yaml:"messages_tab_enabled"`
				ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
			} `yaml:"app_home"`
			Bot struct {
				Name   string `yaml:"display_name"`
				Online bool   `yaml:"always_online"`
			} `yaml:"bot_user"`
			Shortcuts []shortcutEntry `yaml:"shortcuts,omitempty"`
			Commands  []commandEntry  `yaml:"slash_commands"`
		} `yaml:"features"`
		OAuth struct {
			Redirects []string `yaml:"redirect_urls,omitempty"`
			Scopes    struct {
				Bot []string `yaml:"bot"`
			} `yaml:"scopes"`
		} `yaml:"oauth_config"`
		Settings struct {
			Events struct {
				URL string   `yaml:"request_url,omitempty"`
				Bot []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
			Interactivity struct {
				On      bool   `yaml:"is_enabled"`
				URL     string `yaml:"request_url,omitempty"`
				Options string `yaml:"message_menu_options_url,omitempty"`
			} `yaml:"interactivity"`
			Org      bool `yaml:"org_deploy_enabled"`
			Socket   bool `yaml:"socket_mode_enabled"`
			Rotation bool `yaml:"token_rotation_enabled"`
		} `yaml:"settings"`
	}
	shortcutEntry struct {
		Name        string `yaml:"name"`
		Type        string `yaml:"type"`
		Callback    string `yaml:"callback_id"`
		Description string `yaml:"description"`
	}
	commandEntry struct {
		Command     string `yaml:"command"`
		URL         string `yaml:"url,omitempty"`
		Description string `yaml:"description"`
		Hint        string `yaml:"usage_hint,omitempty"`
		Escape      bool   `yaml:"should_escape"`
	}
)

// Manifest writes the app's manifest from the declared commands, ready to paste into Slack. It
// fails when there are more shortcuts or aliases than an app may have, or an alias nobody declared.
func Manifest(declared []bot.Declared, o ManifestOptions) ([]byte, error) {
	declared = slices.Clone(declared)
	sort.SliceStable(declared, func(i, j int) bool { return declared[i].Name < declared[j].Name })
	if o.Command == "" {
		o.Command = "/rapport"
	}
	root := strings.TrimRight(o.PublicURL, "/")
	if root == "" {
		root = "https://rapport.example"
	}
	var m manifest
	m.Metadata.Major = 1
	m.Display.Name, m.Display.Description, m.Display.Color = "Rapport", "Recruiting where your team talks: candidates, interviews and answers.", "#2b5d8a"
	m.Features.Home.Tab, m.Features.Home.Messages = true, true
	m.Features.Bot.Name, m.Features.Bot.Online = "Rapport", true
	m.OAuth.Scopes.Bot = Scopes()
	m.Settings.Events.Bot = Events()
	m.Settings.Interactivity.On, m.Settings.Org, m.Settings.Socket = true, true, o.Socket
	var commands string
	if !o.Socket {
		commands = root + "/slack/commands"
		m.Settings.Events.URL = root + "/slack/events"
		m.Settings.Interactivity.URL, m.Settings.Interactivity.Options = root+"/slack/interactivity", root+"/slack/interactivity"
	}
	if !o.Socket || o.PublicURL != "" {
		m.OAuth.Redirects = []string{root + "/slack/oauth"}
	}
	var err error
	if m.Features.Commands, err = manifestCommands(declared, o, commands); err != nil {
		return nil, err
	}
	if m.Features.Shortcuts, err = manifestShortcuts(declared); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("# Slack's app manifest, written by `rapport manifest`. Paste it at api.slack.com/apps.\n")
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(m); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

func manifestCommands(declared []bot.Declared, o ManifestOptions, url string) ([]commandEntry, error) {
	out := []commandEntry{{Command: o.Command, URL: url, Description: "Everything Rapport can do", Hint: "help", Escape: true}}
	all := slices.Contains(o.Aliases, "*")
	wanted := map[string]bool{}
	for _, a := range o.Aliases {
		if a = strings.TrimPrefix(strings.TrimSpace(a), "/"); a != "*" && a != "" {
			wanted[a] = true
		}
	}
	for _, d := range declared {
		word := d.Short
		if word == "" && wanted[d.Name] { // a single word can stand alone when it is asked for
			word = d.Name
		}
		if word == "" || !all && !wanted[word] || d.On&bot.Hidden != 0 {
			continue
		}
		delete(wanted, word)
		out = append(out, commandEntry{
			Command: clip("/"+word, 32), URL: url, Description: clip(orElse(d.Help, d.Title, d.Name), 2000), Hint: clip(hint(d), 1000), Escape: true,
		})
	}
	if len(wanted) > 0 {
		return nil, fmt.Errorf("no command has the short name %s", strings.Join(sortedKeys(wanted), ", "))
	}
	if len(out) > maxCommands {
		return nil, fmt.Errorf("%d slash commands, and Slack takes %d: name the aliases to take", len(out), maxCommands)
	}
	return out, nil
}

// hint is what may be typed behind the alias.
func hint(d bot.Declared) string {
	words := strings.TrimPrefix(d.Example, "/")
	for _, name := range []string{"rapport " + d.Name, d.Name, d.Short} {
		if rest, ok := strings.CutPrefix(words, name+" "); ok {
			return rest
		}
	}
	return words
}

func manifestShortcuts(declared []bot.Declared) ([]shortcutEntry, error) {
	var out []shortcutEntry
	for _, d := range declared {
		for _, x := range []struct {
			on   bot.Surface
			kind string
		}{{bot.OnShortcut, "global"}, {bot.OnMessage, "message"}} {
			if d.On&x.on != 0 {
				out = append(out, shortcutEntry{
					Name: clip(orElse(d.Title, d.Name), 24), Type: x.kind, Callback: d.Name, Description: clip(orElse(d.Help, d.Title, d.Name), 150),
				})
			}
		}
	}
	if len(out) > maxShortcuts {
		return nil, fmt.Errorf("%d shortcuts, and Slack takes %d", len(out), maxShortcuts)
	}
	return out, nil
}

func orElse(words ...string) string {
	for _, w := range words {
		if !blank(w) {
			return w
		}
	}
	return "–"
}
