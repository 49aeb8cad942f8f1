package recruiting

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"rapport/bot"
)

// Phone is a number: E164 when it is surely one, and always as it was typed.
type Phone struct {
	E164 string `json:"e,omitempty"`
	As   string `json:"as"`
}

// String is the number as shown.
func (p Phone) String() string {
	if p.E164 != "" {
		return p.E164
	}
	return p.As
}

func (p Phone) same(o Phone) bool {
	if p.E164 != "" || o.E164 != "" {
		return p.E164 == o.E164
	}
	return digits(p.As) == digits(o.As)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// ParsePhone reads a phone number as typed. region is the ISO country meant when
// no country code is typed; "" when unknown. A number that cannot be made sure
// keeps E164 empty; text that is no number at all is an Invalid fault.
func ParsePhone(text, region string) (Phone, *bot.Fault) {
	text = strings.TrimPrefix(oneLine(text), "tel:")
	d := digits(text)
	if len(d) < 4 || len(d) > 20 || runes(text) > 40 {
		return Phone{}, bot.Faultf(bot.Invalid, "“%s” is not a phone number. Write it with the country code, like +44 20 7946 0958.", bot.Clip(text, 40)).In("phone")
	}
	for _, r := range text {
		if unicode.IsLetter(r) && !strings.ContainsRune("extEXT", r) {
			return Phone{}, bot.Faultf(bot.Invalid, "“%s” is not a phone number. Write it with the country code, like +44 20 7946 0958.", bot.Clip(text, 40)).In("phone")
		}
	}
	p := Phone{As: text}
	if strings.HasPrefix(d, "00") && !strings.HasPrefix(text, "+") {
		text = "+" + d[2:]
	}
	if strings.HasPrefix(text, "+") && !strings.ContainsAny(text, "(xX") {
		text = "+" + digits(text) // the same number, read ten times as fast
	}
	n, err := phonenumbers.Parse(text, strings.ToUpper(region))
	if err == nil && phonenumbers.IsValidNumber(n) {
		p.E164 = phonenumbers.Format(n, phonenumbers.E164)
	}
	return p, nil
}

// Region is the country of a BCP 47 locale ("en-NG" → "NG"), "" when it names none.
func Region(locale string) string {
	for i, part := range strings.FieldsFunc(locale, func(r rune) bool { return r == '-' || r == '_' }) {
		if i > 0 && len(part) == 2 {
			return strings.ToUpper(part)
		}
	}
	return ""
}

// ParseEmail reads an address as typed, also "Ada <ada@mail.example>" and
// "mailto:…", and gives it in lower case. Limits: RFC 5321 4.5.3.1 (64 before
// the @, 254 in all).
func ParseEmail(text string) (string, *bot.Fault) {
	s := oneLine(text)
	if i, j := strings.LastIndexByte(s, '<'), strings.LastIndexByte(s, '>'); i >= 0 && j > i {
		s = s[i+1 : j]
	}
	s = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "mailto:"))
	local, domain, ok := cutLast(s, '@')
	if !ok || !localOK(local) || !domainOK(domain) || len(s) > 254 {
		return "", bot.Faultf(bot.Invalid, "“%s” is not a mail address. It looks like name@company.example.", bot.Clip(oneLine(text), 60)).In("email")
	}
	return s, nil
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

func localOK(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(`"(),:;<>@[\]`, r) || unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

func domainOK(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, r := range l {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return utf8.RuneCountInString(last) >= 2 && strings.Trim(last, "0123456789") != ""
}

// ParseName reads a person's name: shown as typed, on one line, without
// invisible characters. Every script is a name, and so is one word.
func ParseName(text string) (string, *bot.Fault) {
	s := oneLine(text)
	switch {
	case strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) == "":
		return "", bot.Faultf(bot.Invalid, "Say the person's name.").In("name")
	case runes(s) > maxName:
		return "", bot.Faultf(bot.Invalid, "That name has %d characters; %d is the most.", runes(s), maxName).In("name")
	case strings.Contains(s, "@") && !strings.Contains(s, " "):
		return "", bot.Faultf(bot.Invalid, "“%s” looks like an address. Say the name first, then email:%s", bot.Clip(s, 60), bot.Clip(s, 60)).In("name")
	}
	return s, nil
}

// ParseExternal reads "system:id", such as greenhouse:123.
func ParseExternal(text string) (External, *bot.Fault) {
	system, id, ok := strings.Cut(oneLine(text), ":")
	e := External{System: strings.ReplaceAll(Fold(system), " ", "-"), ID: strings.TrimSpace(id)}
	if !ok || e.System == "" || e.ID == "" || len(e.System) > 40 || len(e.ID) > 120 {
		return External{}, bot.Faultf(bot.Invalid, "“%s” is not an external id. It looks like greenhouse:123.", bot.Clip(oneLine(text), 60)).In("external")
	}
	return e, nil
}

// NewCandidate makes a candidate from what was typed. Empty fields are left out.
func NewCandidate(name, email, phone string) (Candidate, *bot.Fault) {
	var c Candidate
	var f *bot.Fault
	if c.Name, f = ParseName(name); f != nil {
		return c, f
	}
	for _, m := range splitList(email) {
		a, f := ParseEmail(m)
		if f != nil {
			return c, f
		}
		if c, f = c.AddEmail(a); f != nil {
			return c, f
		}
	}
	for _, t := range splitList(phone) {
		p, f := ParsePhone(t, "")
		if f != nil {
			return c, f
		}
		if c, f = c.AddPhone(p); f != nil {
			return c, f
		}
	}
	return c, nil
}

// splitList cuts "a, b; c" and lines into its parts, without empty ones.
func splitList(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// oneLine is outside text cleaned and put on one line, runs of space as one.
func oneLine(s string) string {
	s = bot.Clean(s)
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' && (c != ' ' || i == 0 || i == len(s)-1 || s[i-1] == ' ') || c >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

func runes(s string) int { return utf8.RuneCountInString(s) }
