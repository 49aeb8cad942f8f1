package store

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxWord  = 64 // bytes of one token
	maxWords = 64 // tokens of one row
)

// letters that no decomposition turns into plain ones.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŋ': "n", 'ĸ': "k", 'ŧ': "t",
	'’': "'", '‘': "'", '‐': "-", '‑': "-", '–': "-",
}

// fold makes lower case of s, without marks, controls or invisible
// characters, with single spaces.
func fold(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		c := s[i]
		plain = c < utf8.RuneSelf && c >= ' ' && c != 0x7f && (c < 'A' || c > 'Z')
	}
	if !plain {
		s = foldRunes(s)
	}
	if strings.Contains(s, "  ") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		s = strings.Join(strings.Fields(s), " ")
	}
	return s
}

func foldRunes(s string) string {
	ascii := true
	for i := 0; i < len(s) && ascii; i++ {
		ascii = s[i] < utf8.RuneSelf
	}
	if !ascii {
		s = norm.NFKD.String(strings.ToValidUTF8(s, ""))
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf && ('a' <= r && r <= 'z' || '0' <= r && r <= '9'):
			b.WriteByte(byte(r))
		case unicode.IsSpace(r) || r == 0:
			b.WriteByte(' ')
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cc, unicode.Cf):
		default:
			r = unicode.ToLower(r)
			if plain, ok := letters[r]; ok {
				b.WriteString(plain)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// tokens are the words of s as they are looked for: each piece between
// spaces; of a mail address also its domain and the parts of its name; of
// another piece with marks in it, such as O'Brien, also its parts and its
// letters together.
func tokens(into []string, s string) []string {
	for piece := range strings.FieldsSeq(fold(s)) {
		piece = trimWord(piece)
		into = addWord(into, piece)
		if !strings.ContainsFunc(piece, notWord) {
			continue
		}
		if name, domain, ok := strings.Cut(piece, "@"); ok {
			into = addWord(into, domain)
			piece = name
		} else {
			into = addWord(into, joined(piece))
		}
		for part := range strings.FieldsFuncSeq(piece, func(r rune) bool { return r != '\'' && notWord(r) }) {
			into = addWord(addWord(into, trimWord(part)), joined(part))
			for part := range strings.SplitSeq(part, "'") {
				into = addWord(into, part)
			}
		}
	}
	return into
}

// joined is s without what is not part of a word.
func joined(s string) string {
	return strings.Map(func(r rune) rune {
		if notWord(r) {
			return -1
		}
		return r
	}, s)
}

// typed are the tokens of what somebody typed to find something.
func typed(s string) []string {
	var out []string
	for piece := range strings.FieldsSeq(fold(s)) {
		if piece = trimWord(piece); piece != "" && len(out) < 8 {
			out = addWord(out, piece)
		}
	}
	return out
}

func trimWord(s string) string { return strings.TrimFunc(s, notWord) }

// notWord: words are made of letters, digits and emoji; "C++" and "C#" too.
func notWord(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.N, unicode.So) && r != '+' && r != '#'
}

func addWord(into []string, w string) []string {
	if len(w) > maxWord {
		w = strings.ToValidUTF8(w[:maxWord], "")
	}
	if w == "" || len(into) >= maxWords || slices.Contains(into, w) {
		return into
	}
	return append(into, w)
}
