package scheduling

import (
	"strings"
)

// property is one content line of RFC 5545 3.1, unfolded.
type property struct {
	name   string // upper case
	params map[string]string
	value  string // as written, escapes and all
}

func (p property) param(name string) string { return p.params[name] }

// component is BEGIN … END with what lies in it.
type component struct {
	name  string
	props []property
	parts []*component
}

func (c *component) get(name string) (property, bool) {
	for _, p := range c.props {
		if p.name == name {
			return p, true
		}
	}
	return property{}, false
}

func (c *component) text(name string) string {
	p, _ := c.get(name)
	return unescape(p.value)
}

// parseICS reads components. It takes what calendars write in spite of RFC
// 5545: bare line feeds or returns, lines folded inside a character, a byte
// order mark, empty lines, a missing END. Lines that are no property are left
// out, as most readers do.
func parseICS(text string) (*component, error) {
	if len(text) > MaxBytes {
		return nil, tooManyf("a calendar of %d bytes", len(text))
	}
	root := &component{}
	stack := []*component{root}
	lines := unfold(text)
	for line, ok := lines(); ok; line, ok = lines() {
		p, good := parseLine(line)
		if !good {
			continue
		}
		top := stack[len(stack)-1]
		switch p.name {
		case "BEGIN":
			c := &component{name: strings.ToUpper(strings.TrimSpace(p.value))}
			top.parts = append(top.parts, c)
			if len(stack) > 20 {
				return nil, faultf("the calendar nests too deep")
			}
			stack = append(stack, c)
		case "END":
			name := strings.ToUpper(strings.TrimSpace(p.value))
			for n := len(stack) - 1; n > 0; n-- {
				if stack[n].name == name {
					stack = stack[:n]
					break
				}
			}
		default:
			top.props = append(top.props, p)
		}
	}
	if len(root.parts) == 0 {
		return nil, faultf("this is no iCalendar data: there is no BEGIN:VCALENDAR")
	}
	return root, nil
}

// unfold gives the content lines one by one.
func unfold(text string) func() (string, bool) {
	text = strings.TrimPrefix(text, "\ufeff")
	raw := func() (string, bool) {
		if text == "" {
			return "", false
		}
		i := strings.IndexAny(text, "\r\n")
		if i < 0 {
			line := text
			text = ""
			return line, true
		}
		line := text[:i]
		if strings.HasPrefix(text[i:], "\r\n") {
			i++
		}
		text = text[i+1:]
		return line, true
	}
	return func() (string, bool) {
		line, ok := raw()
		for ok && line == "" {
			line, ok = raw()
		}
		if !ok {
			return "", false
		}
		if text == "" || text[0] != ' ' && text[0] != '\t' {
			return line, true
		}
		var b strings.Builder
		b.WriteString(line)
		for text != "" && (text[0] == ' ' || text[0] == '\t') {
			text = text[1:]
			if more, ok := raw(); ok {
				b.WriteString(more)
			}
		}
		return b.String(), true
	}
}

// parseLine splits NAME;PARAM=value:value. Parameter values may be quoted and
// may use the carets of RFC 6868.
func parseLine(line string) (property, bool) {
	i := strings.IndexAny(line, ";:")
	if i <= 0 {
		return property{}, false
	}
	p := property{name: strings.ToUpper(strings.TrimSpace(line[:i]))}
	if dot := strings.LastIndexByte(p.name, '.'); dot >= 0 {
		p.name = p.name[dot+1:] // a group, as vCard has it
	}
	rest := line[i:]
	for strings.HasPrefix(rest, ";") {
		rest = rest[1:]
		end := strings.IndexAny(rest, "=;:")
		if end < 0 {
			return property{}, false
		}
		key, value := strings.ToUpper(strings.TrimSpace(rest[:end])), ""
		rest = rest[end:]
		if strings.HasPrefix(rest, "=") {
			value, rest = paramValue(rest[1:])
		}
		if p.params == nil {
			p.params = map[string]string{}
		}
		p.params[key] = value
	}
	if !strings.HasPrefix(rest, ":") {
		return property{}, false
	}
	p.value = rest[1:]
	return p, true
}

// paramValue reads up to the next ; or : outside quotes.
func paramValue(s string) (value, rest string) {
	quoted := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ';' || c == ':'):
			return plain(s[:i]), s[i:]
		}
	}
	return plain(s), ""
}

func plain(s string) string {
	s = strings.ReplaceAll(s, `"`, "")
	if strings.Contains(s, "^") {
		s = strings.NewReplacer("^n", "\n", "^'", `"`, "^^", "^").Replace(s)
	}
	return strings.TrimSpace(s)
}

// unescape reads TEXT (RFC 5545 3.3.11).
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n", `\N`, "\n").Replace(s)
}
