package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport/store"
)

func rows(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	ada := Person{Name: "Ada <Okafor> & \"co\"", Mail: "Ada@mail.example", Stage: "screen", Tags: []string{"go"}, At: 5}
	put(t, sc, "c1", ada)
	put(t, sc, "c2", Person{Name: "Bo Berg", Stage: "screen", At: 3})
	r := get(t, sc, "c1")
	want(t, "value", r.Val, ada)
	want(t, "revision", r.Rev, int64(1))
	_, err := People.Get(ctx, sc, "c9")
	want(t, "nobody", errors.Is(err, store.ErrNone), true)
	_, err = People.Get(ctx, sc, "")
	want(t, "no id", errors.Is(err, store.ErrNone), true)
	many := must(People.Many(ctx, sc, []string{"c2", "", "c9", "c1"}))(t)
	want(t, "many", []string{many[0].ID, many[1].ID}, []string{"c2", "c1"})
	want(t, "how many", len(many), 2)
	for _, q := range []string{"c1", "ADA@MAIL.example", "oka", "ada oka", "mail.ex"} {
		want(t, "lookup "+q, ids(must(People.Lookup(ctx, sc, q, 5))(t)), []string{"c1"})
	}
	want(t, "lookup nothing", len(must(People.Lookup(ctx, sc, " \t", 5))(t)), 0)
	want(t, "len", must(People.Len(ctx, sc))(t), 2)
	want(t, "range", must(People.Range(ctx, sc, "stage", "screen", store.Span{}))(t), []string{"c2", "c1"})
	want(t, "range from the end", must(People.Range(ctx, sc, "stage", "screen", store.Span{Rev: true, Limit: 1}))(t), []string{"c1"})
	want(t, "range by score", must(People.Range(ctx, sc, "stage", "screen", store.Span{Min: 4, Max: 9}))(t), []string{"c1"})
	want(t, "count", must(People.Count(ctx, sc, "stage", "screen", "onsite"))(t), []int{2, 0})
	all := 0
	if err := People.Each(ctx, sc, func(store.Row[Person]) error { all++; return nil }); err != nil {
		t.Fatal(err)
	}
	want(t, "each", all, 2)
	// A reader may do with its copy what it likes.
	r = get(t, sc, "c1")
	r.Val.Tags[0] = "changed"
	want(t, "the next reader's copy", must(People.Cached(ctx, sc, "c1"))(t).Val.Tags, []string{"go"})
}

func indexes(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	put(t, sc, "c1", Person{Name: "Ada Okafor", Mail: "ada@mail.example", Stage: "screen", At: 1, Remote: "r1"})
	r := get(t, sc, "c1")
	r.Val = Person{Name: "Ada Berg", Mail: "berg@mail.example", Stage: "onsite", At: 2, Remote: "r2"}
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, r) })
	for _, q := range []string{"okafor", "ada@mail.example"} {
		want(t, q, len(must(People.Lookup(ctx, sc, q, 5))(t)), 0)
	}
	for _, q := range []string{"berg", "berg@mail.example", "ada"} {
		want(t, q, ids(must(People.Lookup(ctx, sc, q, 5))(t)), []string{"c1"})
	}
	want(t, "old set", len(must(People.Exact(ctx, sc, "stage", "screen"))(t)), 0)
	want(t, "new set", must(People.Exact(ctx, sc, "stage", "onsite"))(t), []string{"c1"})
	_, err := People.Owner(ctx, sc, "ats", "r1")
	want(t, "old external id", errors.Is(err, store.ErrNone), true)
	want(t, "new external id", must(People.Owner(ctx, sc, "ats", "r2"))(t), "c1")
	// A row built by hand, with no old value to compare with.
	commit(t, sc, func(b *store.Batch) {
		store.Put(b, People, store.Row[Person]{ID: "c1", Rev: 2, Val: Person{Name: "Cy", Stage: "offer"}})
	})
	want(t, "words of before", len(must(People.Search(ctx, sc, "berg", 5))(t)), 0)
	commit(t, sc, func(b *store.Batch) { store.Delete(b, People, get(t, sc, "c1")) })
	want(t, "keys left", leftovers(t, db, sc, "row:", "set:", "ord:", "word:", "tok:", "uniq:", "whose:"), []string{"row:storetest.people"})
	want(t, "rows left", must(People.Len(ctx, sc))(t), 0)
}

// leftovers lists the tenant's keys of some kinds.
func leftovers(t *testing.T, db *store.DB, sc store.Scope, kinds ...string) []string {
	out := []string{}
	for key := range Dump(t, db) {
		_, kind, ok := strings.Cut(key, ":"+sc.Tenant()+":")
		if ok && slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(kind, k) }) {
			out = append(out, kind)
		}
	}
	slices.Sort(out)
	return out
}

func search(t *testing.T, db *store.DB, sc store.Scope) {
	for id, name := range map[string]string{"c1": "Zoë Müller-O'Brien", "c2": "Łukasz  Żółć", "c3": "ZOE\u200b Miller", "c4": "张伟 Zhang Wei", "c5": "Straße Ünal"} {
		put(t, sc, id, Person{Name: name})
	}
	for q, found := range map[string][]string{
		"zoe": {"c1", "c3"}, "ZOË m": {"c1", "c3"}, "obri": {"c1"}, "o'br": {"c1"}, "o’brien": {"c1"}, "mullerob": {"c1"}, "lukasz zolc": {"c2"}, "Żółć": {"c2"},
		"wei zh": {"c4"}, "张": {"c4"}, "strasse u": {"c5"}, "zo zo": {"c1", "c2", "c3"}, "=zoe": {"c1", "c3"}, "zoex": {}, "zoe\x00c1": {}, "[": {}, "*": {},
	} {
		want(t, q, ids(must(People.Search(t.Context(), sc, q, 9))(t)), found)
	}
	for from := 0; from < 1500; from += 100 {
		commit(t, sc, func(b *store.Batch) {
			for i := range 100 {
				name := fmt.Sprintf("Kim Park%d", i)
				if from == 1400 && i == 99 {
					name = "Kim Rarely"
				}
				store.Put(b, Notes, store.Row[string]{ID: fmt.Sprint(from + i)})
				store.Put(b, People, store.Row[Person]{ID: fmt.Sprintf("k%04d", from+i), Val: Person{Name: name}})
			}
		})
	}
	want(t, "behind many pages", ids(must(People.Search(t.Context(), sc, "kim rar", 9))(t)), []string{"k1499"})
	want(t, "no more than asked for", len(must(People.Search(t.Context(), sc, "ki", 7))(t)), 7)
	want(t, "many of many", len(must(People.Search(t.Context(), sc, "kim par", 1400))(t)), 1400)
}
