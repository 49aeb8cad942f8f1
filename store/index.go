package store

import (
	"slices"
	"strconv"
	"strings"
)

// Index collects what a row can be found by. A table's Index function must be
// pure: it is called for the old and the new value, and the commit writes the
// difference.
type Index struct {
	exact []mark
	order []mark
	words []string
	refs  []string
	uniq  []mark
	whose []string // the people whose data the row holds
}

// none is the index of a row that does not exist.
var none = &Index{}

// mark is an index, a value in it, and in an ordered index a score.
type mark struct {
	name, value string
	score       float64
}

// Exact puts the row into the set of all rows with this value.
func (x *Index) Exact(name, value string) { x.exact = append(x.exact, mark{name: name, value: value}) }

// Order puts the row into the value's list at score.
func (x *Index) Order(name, value string, score float64) {
	x.order = append(x.order, mark{name, value, score})
}

// Words lets Search find the row by a prefix of any word of text.
func (x *Index) Words(text ...string) {
	for _, t := range text {
		x.words = tokens(x.words, t)
	}
}

// Ref lets Lookup find the row by the whole of text, in any case and with or
// without marks.
func (x *Index) Ref(text string) {
	if f := fold(text); f != "" && len(f) <= 512 && !slices.Contains(x.refs, f) {
		x.refs = append(x.refs, f)
	}
}

// Unique gives the row an id in another system, which no other row of the
// table may have.
func (x *Index) Unique(system, id string) {
	if system != "" && id != "" {
		x.uniq = append(x.uniq, mark{name: system, value: id})
	}
}

func (m mark) field() string { return m.name + "\x00" + m.value }

// missing calls f for every element of a that b does not hold.
func missing[E comparable](a, b []E, f func(E)) {
	for _, e := range a {
		if !slices.Contains(b, e) {
			f(e)
		}
	}
}

// diff stages the change of a row's indexes from old to next. With all,
// entries that both hold are written again.
func (w *writer) diff(t *core, id string, old, next *Index, all bool) {
	have := old
	if all {
		have = none
	}
	missing(old.exact, next.exact, func(m mark) { w.do("SREM", w.exact(t.name, m.name, m.value), id) })
	missing(next.exact, have.exact, func(m mark) { w.do("SADD", w.exact(t.name, m.name, m.value), id) })
	for _, m := range old.order {
		if !slices.ContainsFunc(next.order, func(n mark) bool { return n.name == m.name && n.value == m.value }) {
			w.unrank(w.order(t.name, m.name, m.value), id)
		}
	}
	missing(next.order, have.order, func(m mark) {
		w.rank(w.order(t.name, m.name, m.value), strconv.FormatFloat(m.score, 'f', -1, 64), id)
	})
	missing(old.uniq, next.uniq, func(m mark) { w.frees = append(w.frees, take{w.uniq(t.name), m.field(), id}) })
	missing(next.uniq, have.uniq, func(m mark) { w.takes = append(w.takes, take{w.uniq(t.name), m.field(), id}) })
	words := w.words(t.name)
	missing(old.refs, next.refs, func(r string) { w.unrank(words, "="+r+"\x00"+id) })
	missing(next.refs, have.refs, func(r string) { w.rank(words, "0", "="+r+"\x00"+id) })
	missing(old.whose, next.whose, func(p string) { w.do("SREM", w.whose(p), t.name+"\x00"+id) })
	missing(next.whose, have.whose, func(p string) { w.do("SADD", w.whose(p), t.name+"\x00"+id) })
	changed := all
	missing(old.words, next.words, func(s string) { w.unrank(words, s+"\x00"+id); changed = true })
	missing(next.words, have.words, func(s string) { w.rank(words, "0", s+"\x00"+id); changed = true })
	if !changed {
		return
	}
	if len(next.words) == 0 {
		w.do("HDEL", w.tokens(t.name), id)
	} else {
		w.set(w.tokens(t.name), id, " "+strings.Join(next.words, " ")+" ")
	}
}
