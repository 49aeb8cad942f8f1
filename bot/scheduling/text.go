package scheduling

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what is read as a phrase: more is a letter, not a time.
const (
	maxPhrase = 300 // bytes
	maxTokens = 64
)

type tokenKind uint8

const (
	word tokenKind = iota
	number
	mark // one character of punctuation
)

// token is a word, a number or a mark. Its text lies in the folded phrase.
type token struct {
	kind       tokenKind
	upper      bool // a word written in capitals only
	space      bool // there is a space before it
	start, end int
	value      int // of a number
}

// text is a phrase made even: lower case, no accents, one kind of space, dash
// and quote, cut into tokens.
type text struct {
	folded string
	tokens []token
}

// cutText makes a phrase even and cuts it. why says what makes it unreadable: too
// much, digits of another script, characters nobody sees.
func cutText(s string) (t text, why Why) {
	if len(s) > maxPhrase {
		return t, TooLong
	}
	var buf [maxPhrase + 60]byte
	folded := buf[:0]
	tokens := make([]token, 0, 24)
	space := false
	for _, r := range s {
		if why := unreadable(r); why != "" {
			return t, why
		}
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if r >= 0x300 && r <= 0x36f { // an accent written after its letter
			continue
		}
		upper := unicode.IsUpper(r)
		kind := kindOf(r)
		last := len(tokens) - 1
		joins := last >= 0 && !space && kind != mark && tokens[last].kind == kind
		if r == '’' || r == '\'' || r == 'ʼ' {
			r = '\''
			joins = last >= 0 && !space && tokens[last].kind == word
			if joins {
				kind = word
			}
		}
		if space && len(folded) > 0 {
			folded = append(folded, ' ')
		}
		start := len(folded)
		folded = appendFolded(folded, r)
		if joins {
			tokens[last].end = len(folded)
			tokens[last].upper = tokens[last].upper && (upper || r == '\'')
		} else {
			if len(tokens) == maxTokens {
				return t, TooLong
			}
			tokens = append(tokens, token{kind: kind, upper: upper, space: space && start > 0, start: start, end: len(folded)})
		}
		space = false
	}
	t = text{folded: string(folded), tokens: tokens}
	for i := range tokens {
		if tokens[i].kind == number {
			if tokens[i].end-tokens[i].start > 12 {
				return t, TooLong
			}
			for _, c := range t.folded[tokens[i].start:tokens[i].end] {
				tokens[i].value = tokens[i].value*10 + int(c-'0')
			}
		}
	}
	return t, ""
}

func kindOf(r rune) tokenKind {
	switch {
	case r >= '0' && r <= '9':
		return number
	case unicode.IsLetter(r):
		return word
	}
	return mark
}

// unreadable is why a character stops a phrase from being read: what one person
// sees in it need not be what another sees.
func unreadable(r rune) Why {
	switch {
	case r < 0x80:
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f {
			return Unreadable
		}
		return ""
	case r == utf8.RuneError, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cc, r), unicode.Is(unicode.Co, r):
		return Unreadable
	case unicode.IsDigit(r), unicode.IsNumber(r):
		return OtherDigits
	case r >= 0xff01 && r <= 0xff5e, unicode.Is(unicode.Me, r), unicode.Is(unicode.Mn, r) && (r < 0x300 || r > 0x36f):
		return Unreadable
	}
	return ""
}

// plainLetters are the letters of Latin-1 and their neighbours without accents.
var plainLetters = map[rune]string{
	'à': "a", 'á': "a", 'â': "a", 'ã': "a", 'ä': "a", 'å': "a", 'ā': "a", 'ă': "a", 'ą': "a", 'æ': "ae",
	'ç': "c", 'ć': "c", 'č': "c", 'ď': "d", 'đ': "d", 'è': "e", 'é': "e", 'ê': "e", 'ë': "e", 'ē': "e", 'ė': "e", 'ę': "e", 'ě': "e",
	'ğ': "g", 'ì': "i", 'í': "i", 'î': "i", 'ï': "i", 'ī': "i", 'ı': "i", 'ł': "l", 'ñ': "n", 'ń': "n", 'ň': "n",
	'ò': "o", 'ó': "o", 'ô': "o", 'õ': "o", 'ö': "o", 'ø': "o", 'ō': "o", 'ő': "o", 'œ': "oe", 'ř': "r", 'ś': "s", 'š': "s", 'ş': "s", 'ș': "s", 'ß': "ss",
	'ť': "t", 'ț': "t", 'ù': "u", 'ú': "u", 'û': "u", 'ü': "u", 'ū': "u", 'ů': "u", 'ű': "u", 'ý': "y", 'ÿ': "y", 'ź': "z", 'ż': "z", 'ž': "z",
}

func appendFolded(b []byte, r rune) []byte {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	switch r {
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return append(b, '-')
	case '“', '”', '„', '«', '»':
		return append(b, '"')
	case '‘':
		return append(b, '\'')
	}
	r = unicode.ToLower(r)
	if plain, ok := plainLetters[r]; ok {
		return append(b, plain...)
	}
	return utf8.AppendRune(b, r)
}

// fold writes a name the way phrases are compared: folded, words apart by one
// space, no marks but the slash.
func fold(s string) string {
	var b []byte
	for _, r := range s {
		switch {
		case r >= 0x300 && r <= 0x36f:
		case r == '\'' || r == '’' || r == '‘':
		case r == '/':
			b = append(b, '/')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b = appendFolded(b, r)
		case len(b) > 0 && b[len(b)-1] != ' ':
			b = append(b, ' ')
		}
	}
	return strings.TrimSpace(string(b))
}

// of is the folded text of a token.
func (t *text) of(i int) string { return t.folded[t.tokens[i].start:t.tokens[i].end] }

// is says that token i is this mark.
func (t *text) is(i int, c byte) bool {
	return i >= 0 && i < len(t.tokens) && t.tokens[i].kind == mark && t.folded[t.tokens[i].start] == c && t.tokens[i].end == t.tokens[i].start+1
}

// number says that token i is a number of min to max digits.
func (t *text) number(i, min, max int) (value int, ok bool) {
	if i < 0 || i >= len(t.tokens) || t.tokens[i].kind != number {
		return 0, false
	}
	digits := t.tokens[i].end - t.tokens[i].start
	return t.tokens[i].value, digits >= min && digits <= max
}

func (t *text) digits(i int) int { return t.tokens[i].end - t.tokens[i].start }

// glued says that token i stands directly after the one before it.
func (t *text) glued(i int) bool { return i < len(t.tokens) && !t.tokens[i].space }
