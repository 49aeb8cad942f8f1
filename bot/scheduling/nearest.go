package scheduling

import (
	"math/bits"
	"slices"
	"strings"
)

// near finds up to three names of zones that a misspelt name may have meant.
func (db *DB) near(name string) []string {
	want := strings.ToLower(strings.ReplaceAll(name, " ", "_"))
	if want == "" || len(want) > 64 {
		return nil
	}
	type hit struct {
		name string
		far  int
	}
	var hits []hit
	limit := 1 + len(want)/4
	has := lettersOf(want)
	var row [3][66]int
	for n, full := range db.names {
		if bits.OnesCount64(has&^db.letters[n]) > limit { // letters the whole name lacks, its last part lacks too
			continue
		}
		lower := db.lower[n]
		far := distance(want, lower, limit, &row)
		if i := strings.LastIndexByte(lower, '/'); i >= 0 {
			far = min(far, distance(want, lower[i+1:], limit, &row))
		}
		if far <= limit {
			hits = append(hits, hit{full, far})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.far - b.far })
	var out []string
	for _, h := range hits {
		if len(out) < 3 && h.far <= hits[0].far+1 {
			out = append(out, h.name)
		}
	}
	return out
}

// nearPlaces is near for what a person wrote: cities and countries count too.
func (db *DB) nearPlaces(name string) []string {
	found := db.near(name)
	want := fold(name)
	if len(want) < 3 || len(want) > 64 {
		return found
	}
	limit := 1 + len(want)/6
	has := lettersOf(want)
	var row [3][66]int
	var places []string
	g := db.places()
	for n, known := range g.names {
		if bits.OnesCount64(has^g.letters[n]) <= 2*limit && distance(want, known, limit, &row) <= limit && len(places) < 2 {
			places = append(places, title(known))
		}
	}
	if len(found) > 3-len(places) {
		found = found[:3-len(places)]
	}
	for _, zone := range found {
		if !slices.Contains(places, cityOf(zone)) {
			places = append(places, zone)
		}
	}
	return places
}

// nearWords finds up to two days, months and units, in a language or in English, that
// a misspelt word may have meant: the nearest, none when too many are as near.
func nearWords(word string, lang int) []string {
	if len(word) < 5 || len(word) > 20 {
		return nil
	}
	for _, d := range dictionaries() {
		if d.senses[word] != nil { // spelt well, and not understood where it stands
			return nil
		}
	}
	limit := min(1+len(word)/6, 2)
	nearest := limit
	var row [3][66]int
	var out []string
	for _, e := range grammarTable {
		switch e.role {
		case aWeekday, aMonth, aDay, aUnit, noon, midnight:
		default:
			continue
		}
		for _, list := range [2]string{[languages]string{e.en, e.de, e.es}[lang], e.en} {
			known, _, _ := strings.Cut(list, "|")
			far := distance(word, known, nearest, &row)
			if known == "" || far > nearest || far == nearest && slices.Contains(out, known) {
				continue
			}
			if far < nearest {
				nearest, out = far, out[:0]
			}
			out = append(out, known)
		}
	}
	if len(out) > 2 || len(out) > 1 && nearest > 1 {
		return nil
	}
	return out
}

// respelled is the phrase with its misspelt days, months and units put right, and the
// first word that was wrong. It is "" when nothing was, or nobody can tell what was
// meant.
func (t *text) respelled(lang int) (phrase, wrong string) {
	var b strings.Builder
	done := 0
	for _, k := range t.tokens {
		if k.kind != word {
			continue
		}
		near := nearWords(t.folded[k.start:k.end], lang)
		if len(near) != 1 {
			continue
		}
		if wrong == "" {
			wrong = t.folded[k.start:k.end]
		}
		b.WriteString(t.folded[done:k.start])
		b.WriteString(near[0])
		done = k.end
	}
	if wrong == "" || len(t.folded) > longestGuess {
		return "", ""
	}
	return b.String() + t.folded[done:], wrong
}

const longestGuess = 60 // bytes of a phrase that is said back

// distance counts the letters to change, add, drop or swap between two words,
// and gives up above limit. Words longer than the rows are far from all.
func distance(a, b string, limit int, row *[3][66]int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(b) > 64 || len(a) > 64 || strange(a, b) > 2*limit {
		return limit + 1
	}
	before, last, this := &row[0], &row[1], &row[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		this[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, this[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			this[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
		before, last, this = last, this, before
	}
	return last[len(b)]
}

// strange counts letters that only one of two words has. A change, a drop or an added
// letter makes at most two of them, so that most words are told apart without counting.
func strange(a, b string) int { return bits.OnesCount64(lettersOf(a) ^ lettersOf(b)) }

// lettersOf is the set of letters in a word.
func lettersOf(s string) uint64 {
	var has uint64
	for j := range len(s) {
		has |= 1 << (s[j] & 63)
	}
	return has
}
