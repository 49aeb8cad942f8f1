package discordtest

import (
	"regexp"
	"strings"
)

// Option types (docs.discord.com/developers/interactions/application-commands).
const (
	optSub         = 1
	optGroup       = 2
	optString      = 3
	optInteger     = 4
	optBoolean     = 5
	optUser        = 6
	optChannel     = 7
	optRole        = 8
	optMentionable = 9
	optNumber      = 10
	optAttachment  = 11
)

// Command types.
const (
	cmdSlash   = 1
	cmdUser    = 2
	cmdMessage = 3
)

// Limits of one scope: so many commands of each type, so many new ones a day.
var commandLimits = map[int]int{cmdSlash: 100, cmdUser: 15, cmdMessage: 15}

const createsPerDay = 200

var (
	slashName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)
)

const localeList = "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko ar he"

// knownLocale says whether Discord has the locale.
func knownLocale(l string) bool {
	for _, k := range strings.Fields(localeList) {
		if k == l {
			return true
		}
	}
	return false
}

// checkCommand adds what the schema does not say about one command.
func checkCommand(o obj, at string, f *form) {
	kind := integer(o, "type", cmdSlash)
	name, description := str(o, "name"), str(o, "description")
	if kind == cmdSlash {
		checkName(name, at+"name", f)
		switch {
		case !has(o, "description"):
			f.required(at + "description")
		case description == "":
			f.length(at+"description", 1, 100)
		}
	} else {
		if description != "" {
			f.add(at+"description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID", "Context menu commands cannot have description")
		}
		if len(list(o, "options")) > 0 {
			f.add(at+"options", "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID", "Context menu commands cannot have options")
		}
		if n := size(name); n < 1 || n > 32 || strings.TrimSpace(name) != name {
			f.length(at+"name", 1, 32)
		}
	}
	checkLocalized(o, at, kind == cmdSlash, f)
	checkOptionList(list(o, "options"), at+"options", 0, f)
	if commandSize(o) > 8000 {
		f.add(at+"options", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
	}
}

func checkName(name, at string, f *form) {
	if name == "" {
		f.required(at)
		return
	}
	if !slashName.MatchString(name) || strings.ToLower(name) != name {
		f.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

func checkLocalized(o obj, at string, slash bool, f *form) {
	for _, field := range []string{"name_localizations", "description_localizations"} {
		for l, v := range sub(o, field) {
			text, _ := v.(string)
			if !knownLocale(l) {
				f.add(at+field+"."+l, "ENUM_TYPE_COERCE", "Value \""+l+"\" is not a valid enum value.")
			}
			if field == "name_localizations" && slash {
				checkName(text, at+field+"."+l, f)
			}
		}
	}
}

// checkOptionList checks options at a depth: 0 in a command, 1 in a group or
// a subcommand of it, 2 below.
func checkOptionList(all []any, at string, depth int, f *form) {
	names, optional, branches := map[string]bool{}, false, 0
	options := objects(all)
	for i, o := range options {
		here := at + "." + itoa(i)
		kind, name := integer(o, "type", 0), str(o, "name")
		checkName(name, here+".name", f)
		if names[name] {
			f.add(at, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option names must be unique: "+name)
		}
		names[name] = true
		checkLocalized(o, here+".", true, f)
		if kind == optSub || kind == optGroup {
			branches++
			checkBranch(o, kind, here, depth, f)
			continue
		}
		if truth(o, "required") && optional {
			f.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !truth(o, "required")
		checkLeaf(o, kind, here, f)
	}
	if branches > 0 && branches < len(options) {
		f.add(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func checkBranch(o obj, kind int, at string, depth int, f *form) {
	inner := list(o, "options")
	if depth > 0 && kind == optGroup || depth > 1 {
		f.add(at+".type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command groups go one level deep")
		return
	}
	if kind == optSub {
		for j, in := range objects(inner) {
			if t := integer(in, "type", 0); t == optSub || t == optGroup {
				f.add(at+".options."+itoa(j)+".type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A sub-command cannot hold a sub-command")
			}
		}
		checkOptionList(inner, at+".options", 2, f)
		return
	}
	checkOptionList(inner, at+".options", 1, f)
}

func checkLeaf(o obj, kind int, at string, f *form) {
	choices := objects(list(o, "choices"))
	if truth(o, "autocomplete") && len(choices) > 0 {
		f.add(at+".autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", "Autocomplete and choices are mutually exclusive")
	}
	typed := kind == optString || kind == optInteger || kind == optNumber
	if truth(o, "autocomplete") && !typed {
		f.add(at+".autocomplete", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "This option type cannot be autocompleted")
	}
	if len(choices) > 0 && !typed {
		f.add(at+".choices", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "This option type cannot have choices")
	}
	names := map[string]bool{}
	for i, c := range choices {
		if names[str(c, "name")] {
			f.add(at+".choices", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE", "The specified choice name is already used: "+str(c, "name"))
		}
		names[str(c, "name")] = true
		if v, ok := c["value"].(string); ok {
			switch {
			case kind != optString:
				f.add(at+".choices."+itoa(i)+".value", "NUMBER_TYPE_COERCE", "Value \""+v+"\" is not a number.")
			case size(v) > 100 || v == "":
				f.length(at+".choices."+itoa(i)+".value", 1, 100)
			}
		}
	}
	if kind == optString && has(o, "max_length") && integer(o, "min_length", 0) > integer(o, "max_length", 0) {
		f.add(at+".min_length", "APPLICATION_COMMAND_OPTIONS_LENGTH_INVALID", "min_length cannot be larger than max_length")
	}
}

// commandSize is the number of characters that count towards 8000: names,
// descriptions and values, of each text the longest localization.
func commandSize(o obj) int {
	n := longest(o, "name") + longest(o, "description")
	for _, c := range objects(list(o, "choices")) {
		n += longest(c, "name") + size(str(c, "value"))
	}
	for _, in := range objects(list(o, "options")) {
		n += commandSize(in)
	}
	return n
}

func longest(o obj, field string) int {
	n := size(str(o, field))
	for _, v := range sub(o, field+"_localizations") {
		if t, ok := v.(string); ok {
			n = max(n, size(t))
		}
	}
	return n
}
