package recruiting

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is text as compared and searched: lower case, without accents, with
// letters that have no accent to lose spelt out (ø o, ß ss, æ ae), every run of
// other characters one space. Scripts without case stay as they are.
func Fold(s string) string {
	if f, ok := foldASCII(s); ok {
		return f
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFKD.String(s) {
		if accent(r) || r == '\'' || r == '’' || r == 'ʼ' {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.Is(unicode.So, r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		r = unicode.ToLower(r)
		if spelt, ok := spellings[r]; ok {
			b.WriteString(spelt)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// accent reports marks that people leave out when they type: Latin, Greek and
// Cyrillic accents, Hebrew and Arabic points. Indic and Thai vowels stay.
func accent(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x483 && r <= 0x487 || r >= 0x591 && r <= 0x5c7 ||
		r >= 0x64b && r <= 0x65f || r == 0x670 || r == 0xfe0f || r == 0x200d || r == 0x200c
}

var spellings = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ħ': "h",
}

func foldASCII(s string) (string, bool) {
	same := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 {
			return "", false
		}
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
			same = false
		}
	}
	if same {
		return s, true
	}
	b := make([]byte, 0, len(s))
	gap := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\'':
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9'):
			gap = len(b) > 0
			continue
		}
		if gap {
			b = append(b, ' ')
			gap = false
		}
		b = append(b, c)
	}
	return string(b), true
}

// Tokens are the folded words of a text, in their order.
func Tokens(s string) []string { return strings.Fields(Fold(s)) }

// distance is how many letters two folded words differ by (insert, drop,
// change, swap of neighbours), at most limit+1.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > limit || -d > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit+1)
}

// nearest orders the indexes of names by how close they are to text, leaving
// out those that share nothing with it. At most n.
func nearest(text string, names []string, n int) []int {
	type near struct{ i, d int }
	var found []near
	want := Fold(text)
	limit := max(2, len([]rune(want))/3)
	for i, name := range names {
		have := Fold(name)
		d := distance(want, have, limit)
		for _, t := range strings.Fields(have) {
			d = min(d, distance(want, t, limit))
		}
		if d <= limit {
			found = append(found, near{i, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.d - b.d })
	var out []int
	for _, f := range found[:min(n, len(found))] {
		out = append(out, f.i)
	}
	return out
}

// fit says how well a folded name answers to a folded text: 4 equal, 3 begins
// with it, 2 one of its words (or several in order) begins with it, 1 contains
// it, 0 not at all.
func fit(text, name string) int {
	switch {
	case text == "":
		return 0
	case name == text:
		return 4
	case strings.HasPrefix(name, text):
		return 3
	case inside(text, name) || strings.Contains(text, " ") && wordsBegin(text, name):
		return 2
	case len(text) >= 3 && strings.Contains(name, text):
		return 1
	}
	return 0
}

// inside reports whether text begins at a word of name that is not the first.
func inside(text, name string) bool {
	for i := strings.Index(name, text); i > 0; {
		if name[i-1] == ' ' {
			return true
		}
		next := strings.Index(name[i+1:], text)
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return false
}

// wordsBegin reports whether each word of text begins a word of name, in order.
func wordsBegin(text, name string) bool {
	names := strings.Fields(name)
	for _, w := range strings.Fields(text) {
		i := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, w) })
		if i < 0 {
			return false
		}
		names = names[i+1:]
	}
	return true
}

// best returns the indexes of names that answer best to text.
func best(text string, names []string) []int {
	want, top := Fold(text), 1
	var out []int
	for i, n := range names {
		switch f := fit(want, Fold(n)); {
		case f > top:
			top, out = f, []int{i}
		case f == top:
			out = append(out, i)
		}
	}
	return out
}

// Near orders the indexes of names by how close they are to a text that was
// probably mistyped, at most n; names that share nothing with it are left out.
func Near(text string, names []string, n int) []int { return nearest(text, names, n) }
