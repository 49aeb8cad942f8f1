package discord

import (
	"slices"
	"strings"
	"unicode"

	"rapport/bot"
)

// catalog leads from what Discord calls a command, a menu entry or an option back
// to the kernel's names.
type catalog struct {
	words string           // the command that takes any other in plain words
	slash map[string]entry // by path: "candidate move"
	menus map[int]map[string]string
	short map[string]string // path of what a short name stands for that was not free
}

type entry struct {
	name   string
	fields map[string]string // option → field, where they differ
	first  string            // the option that a word without a name is for
}

const (
	wordsSub    = "run"
	wordsOption = "words"
)

func newCatalog(words string) *catalog {
	return &catalog{words: words, slash: map[string]entry{}, short: map[string]string{}, menus: map[int]map[string]string{2: {}, 3: {}}}
}

// command is the kernel's name for a path of slash command words, and its arguments
// by field name.
func (c *catalog) command(path []string, args map[string]string) (string, map[string]string) {
	e, ok := c.slash[strings.Join(path, " ")]
	if !ok {
		if len(path) > 1 && path[0] == c.words {
			path = path[1:]
		}
		return strings.Join(path, " "), args
	}
	for option, field := range e.fields {
		if v, ok := args[option]; ok {
			delete(args, option)
			args[field] = v
		}
	}
	return e.name, args
}

func (c *catalog) field(path []string, option string) string {
	if f, ok := c.slash[strings.Join(path, " ")].fields[option]; ok {
		return f
	}
	return option
}

// free reports whether a path is the command in plain words, and which option holds them.
func (c *catalog) free(path []string) (string, bool) {
	return wordsOption, len(path) == 2 && path[0] == c.words && path[1] == wordsSub
}

// menu is the kernel's name for an entry of the menu of persons (2) or messages (3).
func (c *catalog) menu(kind int, name string) string {
	if n, ok := c.menus[kind][name]; ok {
		return n
	}
	return strings.ToLower(name)
}

// tag makes a word fit for the name of a command or option: lower case, letters,
// digits, "-" and "_", at most 32 characters.
func tag(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return '-'
	}, strings.TrimSpace(s))
	if r := []rune(s); len(r) > 32 {
		s = string(r[:32])
	}
	return strings.Trim(s, "-")
}

// optionsOf turns fields into options, required ones first, and says which option
// stands for a field of another name.
func optionsOf(fields []bot.Field, describe int) ([]option1, map[string]string) {
	var out []option1
	var names map[string]string
	for _, f := range fields {
		if len(out) == maxOptions {
			continue // asked for in the form
		}
		o := option1{Kind: optString, Name: tag(f.Name), Description: about(f, describe)}
		if o.Name == "" || slices.ContainsFunc(out, func(x option1) bool { return x.Name == o.Name }) {
			continue
		}
		if o.Name != f.Name {
			if names == nil {
				names = map[string]string{}
			}
			names[o.Name] = f.Name
		}
		// What takes several lines is better asked for in a form, so it may be left out here.
		o.Required = f.Required && f.Kind != bot.Long && !f.Many
		switch {
		case f.Kind == bot.Upload:
			o.Kind, o.Required = optAttachment, false
		case f.Kind == bot.Number:
			o.Kind = optInteger
		case f.Kind == bot.Flag:
			o.Kind = optBoolean
		case f.Kind == bot.Member && !f.Many:
			o.Kind = optUser
		case f.Kind == bot.Choice && !f.Many && len(f.Options) > 0 && len(f.Options) <= maxOptions:
			for _, m := range menuOptions(f.Options, "", nil) {
				o.Choices = append(o.Choices, suggestion{Name: m.Label, Value: m.Value})
			}
		case f.Kind == bot.Search || f.Kind == bot.Choice:
			o.Autocomplete = true
		}
		if o.Kind == optString && len(o.Choices) == 0 {
			o.MaxLength = maxFormText
			if f.Max > 0 && f.Max < o.MaxLength {
				o.MaxLength = f.Max
			}
		}
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b option1) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return out, names
}

// about is an option's line of help, in at most n characters.
func about(f bot.Field, n int) string {
	s := bot.Flat(f.Hint)
	if s == "" || n < 40 {
		s = bot.Flat(f.Label)
	}
	if s = clip(strings.TrimSpace(s), n); s == "" {
		return f.Name
	}
	return s
}
