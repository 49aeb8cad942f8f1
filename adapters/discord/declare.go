package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/bot"
)

const (
	maxCommands = 100
	maxMenus    = 15
	maxSubs     = 25
	maxHelp     = 100
	// maxCommand is the most characters of one command: half of what Discord takes,
	// so that a group can grow.
	maxCommand = 4000
)

// command is what is registered, and what GET tells of it.
type command struct {
	Kind         int       `json:"type"`
	Name         string    `json:"name"`
	Description  string    `json:"description"`
	Options      []option1 `json:"options,omitempty"`
	Contexts     []int     `json:"contexts,omitempty"`
	Integrations []int     `json:"integration_types,omitempty"`
}

type option1 struct {
	Kind         int          `json:"type"`
	Name         string       `json:"name"`
	Description  string       `json:"description"`
	Required     bool         `json:"required,omitempty"`
	Choices      []suggestion `json:"choices,omitempty"`
	Options      []option1    `json:"options,omitempty"`
	Autocomplete bool         `json:"autocomplete,omitempty"`
	MaxLength    int          `json:"max_length,omitempty"`
}

// weight is how many characters Discord counts: names, descriptions and values.
func (c command) weight() int {
	n := size(c.Name) + size(c.Description)
	for _, o := range c.Options {
		n += o.weight()
	}
	return n
}

func (o option1) weight() int {
	n := size(o.Name) + size(o.Description)
	for _, x := range o.Choices {
		n += size(x.Name) + utf8.RuneCountInString(x.Value)
	}
	for _, x := range o.Options {
		n += x.weight()
	}
	return n
}

// Declare registers the commands with Discord, once: nothing is written when what
// Discord has is what is declared.
func (n *Network) Declare(ctx context.Context, list []bot.Declared) error {
	commands, names := registry(list, n.cfg.Words)
	n.names.Store(names)
	app, err := n.knowApp(ctx)
	if err != nil {
		return err
	}
	path := "applications/" + app + "/commands"
	var there []command
	err = n.patiently(ctx, http.MethodGet, path, nil, &there)
	if errors.Is(err, errToken) || ctx.Err() != nil {
		return err
	}
	if err == nil && same(there, commands) {
		return nil
	}
	return n.patiently(ctx, http.MethodPut, path, commands, nil)
}

// patiently makes a call that waits for as long as Discord asks, up to a minute.
func (n *Network) patiently(ctx context.Context, method, path string, in, out any) error {
	for {
		err := n.rest.call(ctx, method, path, path, in, out)
		var wait *bot.Wait
		if !errors.As(err, &wait) || wait.For > time.Minute {
			return err
		}
		if err := sleep(ctx, wait.For); err != nil {
			return err
		}
	}
}

// same compares two sets of commands, whatever their order.
func same(a, b []command) bool {
	return slices.Equal(canonical(a), canonical(b))
}

func canonical(list []command) []string {
	var out []string
	for _, c := range list {
		slices.Sort(c.Contexts)
		slices.Sort(c.Integrations)
		raw, err := json.Marshal(c)
		if err != nil {
			continue
		}
		out = append(out, string(raw))
	}
	slices.Sort(out)
	return out
}

// registry makes Discord's commands of what is declared: one for each group with a
// subcommand per verb, one for each single word and alias, the product's own with
// the single words and any words at all, and the menus of messages and persons.
func registry(list []bot.Declared, words string) ([]command, *catalog) {
	r := &registration{names: newCatalog(words), at: map[string]int{}}
	r.group(words, "Everything in plain words, and what needs no group")
	r.sub(words, option1{Kind: optSub, Name: wordsSub, Description: "Any command as you would type it",
		Options: []option1{{Kind: optString, Name: wordsOption, Description: "Such as: candidate find Ada", Required: true, MaxLength: 3000}}})
	groups := map[string]bool{words: true}
	for _, d := range list {
		if g, _, ok := strings.Cut(d.Name, " "); ok {
			groups[tag(g)] = true
		}
	}
	for _, d := range list {
		if d.On&bot.Hidden == 0 {
			r.slash(d, groups)
			r.menus(d)
		}
	}
	for i := range r.out {
		lighten(&r.out[i])
	}
	return r.out, r.names
}

type registration struct {
	out   []command
	at    map[string]int // slash command by name
	names *catalog
	menu  [4]int
}

func (r *registration) add(c command) bool {
	if _, taken := r.at[c.Name]; taken || len(r.at) == maxCommands {
		return false
	}
	c.Kind, c.Contexts, c.Integrations = 1, []int{0, 1}, []int{0}
	r.at[c.Name] = len(r.out)
	r.out = append(r.out, c)
	return true
}

func (r *registration) group(name, help string) { r.add(command{Name: name, Description: help}) }

// sub adds a subcommand to a group; false when there is no more room.
func (r *registration) sub(group string, o option1) bool {
	i, ok := r.at[group]
	if !ok || len(r.out[i].Options) == maxSubs || slices.ContainsFunc(r.out[i].Options, func(x option1) bool { return x.Name == o.Name }) {
		return false
	}
	r.out[i].Options = append(r.out[i].Options, o)
	return true
}

func (r *registration) slash(d bot.Declared, groups map[string]bool) {
	options, fields := optionsOf(d.Fields, maxHelp)
	help := clip(bot.Flat(d.Help), maxHelp)
	if help == "" {
		help = clip(bot.Flat(d.Title), maxHelp)
	}
	if help == "" {
		help = clip(d.Name, maxHelp)
	}
	e := entry{name: d.Name, fields: fields}
	if len(d.Fields) > 0 && len(options) > 0 {
		e.first = tag(d.Fields[0].Name)
	}
	g, verb, grouped := strings.Cut(d.Name, " ")
	g, verb = tag(g), tag(verb)
	if !grouped {
		verb = g
		if !groups[g] && r.add(command{Name: g, Description: help, Options: options}) {
			r.names.slash[g] = e
		}
		g = r.names.words // single words stand below the product's own command too
	} else if _, ok := r.at[g]; !ok {
		r.group(g, clip("Commands about "+g, maxHelp))
	}
	if r.sub(g, option1{Kind: optSub, Name: verb, Description: help, Options: options}) {
		r.names.slash[g+" "+verb] = e
	}
	short := tag(d.Short)
	switch {
	case short == "":
	case !groups[short] && r.add(command{Name: short, Description: help, Options: options}):
		r.names.slash[short] = e
	default:
		r.names.short[short] = strings.TrimSpace(g + " " + verb)
	}
}

func (r *registration) menus(d bot.Declared) {
	title := clip(bot.Flat(d.Title), 32)
	if title == "" {
		title = clip(d.Name, 32)
	}
	for kind, on := range map[int]bot.Surface{2: bot.OnPerson, 3: bot.OnMessage} {
		if d.On&on == 0 || r.menu[kind] == maxMenus {
			continue
		}
		name := title
		if _, taken := r.names.menus[kind][name]; taken {
			name = clip(d.Name, 32)
		}
		if _, taken := r.names.menus[kind][name]; taken {
			continue
		}
		r.menu[kind]++
		r.names.menus[kind][name] = d.Name
		r.out = append(r.out, command{Kind: kind, Name: name, Contexts: []int{0, 1}, Integrations: []int{0}})
	}
}

// lighten shortens a command that is too heavy: first its options' help, then the
// help of its verbs, then menus of choices become typed with suggestions.
func lighten(c *command) {
	for _, n := range []int{60, 30, 12} {
		if c.weight() <= maxCommand {
			return
		}
		each(c.Options, func(o *option1) {
			if o.Kind != optSub {
				o.Description = clip(o.Description, n)
			}
		})
	}
	for _, n := range []int{50, 25} {
		if c.weight() <= maxCommand {
			return
		}
		for i := range c.Options {
			c.Options[i].Description = clip(c.Options[i].Description, n)
		}
	}
	if c.weight() > maxCommand {
		each(c.Options, func(o *option1) {
			if len(o.Choices) > 0 {
				o.Choices, o.Autocomplete = nil, true
			}
		})
	}
	for c.weight() > maxCommand && len(c.Options) > 1 { // the rest is reached in plain words
		c.Options = c.Options[:len(c.Options)-1]
	}
}

func each(list []option1, f func(*option1)) {
	for i := range list {
		f(&list[i])
		each(list[i].Options, f)
	}
}
