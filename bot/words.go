package bot

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one token of a typed line.
type word struct {
	text   string
	quoted bool
	key    string // "to" of to:Onsite, when a key is known
}

// dashes and spaces that keyboards put in for plain ones.
var plainer = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2007", " ", "\u2011", "-", "\u2010", "-", "\u2012", "-", "\uff1a", ":")

var quotes = map[rune]rune{'"': '"', '“': '”', '”': '”', '„': '“', '«': '»', '‘': '’'}

// split cuts a line into words. Quotes, curly ones too, hold words together; a
// mark (mention, link) is one word; known(key) says which keys a command has.
func split(line string, known func(string) bool) []word {
	line = plainer.Replace(line)
	var out []word
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		w := word{}
		if key, rest, ok := strings.Cut(line[i:], ":"); ok && isKey(key) {
			if k := strings.ToLower(strings.TrimLeft(key, "-")); known(k) {
				w.key = k
				i += len(line[i:]) - len(rest)
				for i < len(line) && line[i] == ' ' {
					i++
				}
				if i >= len(line) {
					return append(out, w)
				}
				if next, _, ok := strings.Cut(line[i:], ":"); ok && isKey(next) && known(strings.ToLower(next)) {
					out = append(out, w)
					continue
				}
			}
		}
		w.text, w.quoted, n = one(line[i:])
		i += n
		out = append(out, w)
	}
	return out
}

func isKey(s string) bool {
	if s == "" || len(s) > 32 {
		return false
	}
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '-') {
			return false
		}
	}
	return true
}

// one takes the first word of s: quoted, a mark, or up to white space.
func one(s string) (text string, quoted bool, n int) {
	r, size := utf8.DecodeRuneInString(s)
	if end, ok := quotes[r]; ok {
		if j := closing(s[size:], end); j >= 0 {
			_, e := utf8.DecodeRuneInString(s[size+j:])
			return strings.ReplaceAll(s[size:size+j], `\"`, `"`), true, size + j + e
		}
	}
	if r == markOpen {
		if j := strings.IndexByte(s, markClose); j > 0 {
			return s[:j+1], false, j + 1
		}
	}
	j := strings.IndexFunc(s, unicode.IsSpace)
	if j < 0 {
		j = len(s)
	}
	return s[:j], false, j
}

func closing(s string, end rune) int {
	for i, r := range s {
		if (r == end || end == '”' && r == '"' || end == '"' && r == '”' || end == '“' && r == '”') && (i == 0 || s[i-1] != '\\') {
			return i
		}
	}
	return -1
}

// fill reads typed words into a fresh act of the command: key:value pairs, and
// leading free text for the first field, then the next ones.
func (c *command) fill(line string) (any, *Fault) {
	p := reflect.New(c.typ).Elem()
	words := split(line, func(k string) bool { _, ok := c.field(k); return ok })
	var free []word
	given := map[string][]string{}
	key := ""
	var order []string
	for _, w := range words {
		switch {
		case w.key != "":
			key = w.key
			if _, twice := given[key]; !twice {
				order = append(order, key)
			}
			if w.text != "" {
				given[key] = append(given[key], w.text)
			} else if given[key] == nil {
				given[key] = []string{}
			}
			if w.quoted {
				key = ""
			}
		case key != "":
			given[key] = append(given[key], w.text)
		default:
			if meant := c.nearField(w); meant != "" {
				typed, _, _ := strings.Cut(w.text, ":")
				return nil, Faultf(Invalid, "I do not know %s here. Did you mean %s?", Code(Clip(typed, 20)+":"), Code(meant+":"))
			}
			free = append(free, w)
		}
	}
	for _, k := range order {
		f, _ := c.field(k)
		sep := " "
		if f.Many {
			sep = "\n"
		}
		if fault := f.set(p, strings.Join(given[k], sep)); fault != nil {
			return nil, fault
		}
	}
	if fault := c.lead(p, free, given); fault != nil {
		return nil, fault
	}
	return p.Interface(), nil
}

// nearField is the field whose name a word such as "too:Onsite" nearly begins with.
func (c *command) nearField(w word) string {
	key, value, ok := strings.Cut(strings.ToLower(w.text), ":")
	if !ok || w.quoted || len(key) < 2 || value == "" || strings.HasPrefix(value, "/") {
		return ""
	}
	for _, f := range c.fields {
		if d := distance(key, f.Name); d == 1 || d == 2 && len(f.Name) > 5 {
			return f.Name
		}
	}
	return ""
}

// lead spreads free text over the fields not named by a key.
func (c *command) lead(p reflect.Value, free []word, given map[string][]string) *Fault {
	var open []*field
	for _, f := range c.fields {
		if _, ok := given[f.Name]; !ok {
			open = append(open, f)
		}
	}
	for len(free) > 0 {
		if len(open) == 0 {
			return Faultf(Invalid, "I did not expect %s here. It takes %s.", Bold(Clip(free[0].text, 40)), c.takes())
		}
		f := open[0]
		open = open[1:]
		n := len(free)
		if len(open) > 0 {
			n = share(free, open)
		}
		var parts []string
		for _, w := range free[:n] {
			parts = append(parts, w.text)
		}
		free = free[n:]
		if fault := f.set(p, strings.Join(parts, " ")); fault != nil {
			return fault
		}
		if len(free) > 0 && len(open) > 0 {
			for i, o := range open { // "move Ada to Onsite": the word names its field
				if o.word != "" && !free[0].quoted && strings.EqualFold(free[0].text, o.word) {
					open[0], open[i] = open[i], open[0]
					free = free[1:]
					break
				}
			}
		}
	}
	return nil
}

// share says how many of the free words belong to the first open field: one that
// is quoted or a mention stands alone, a natural word ends it, else it takes all.
func share(free []word, rest []*field) int {
	if free[0].quoted || strings.HasPrefix(free[0].text, string(markOpen)) {
		return 1
	}
	for i, w := range free {
		if i == 0 || w.quoted {
			continue
		}
		for _, f := range rest {
			if f.word != "" && strings.EqualFold(w.text, f.word) && i < len(free)-1 {
				return i
			}
		}
	}
	return len(free)
}

// takes lists the arguments as they are typed.
func (c *command) takes() string {
	var out []string
	for _, f := range c.fields {
		out = append(out, Code(f.Name+":"))
	}
	if len(out) == 0 {
		return "nothing more"
	}
	return strings.Join(out, " ")
}
