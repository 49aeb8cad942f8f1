package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/store"
)

func stale(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada", Stage: "screen"})
	old := get(t, sc, "c1")
	now := get(t, sc, "c1")
	now.Val.Stage = "onsite"
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, now) })
	before := Dump(t, db)
	for name, stage := range map[string]func(*store.Batch){
		"put":    func(b *store.Batch) { store.Put(b, People, old) },
		"check":  func(b *store.Batch) { store.Check(b, People, old) },
		"delete": func(b *store.Batch) { store.Delete(b, People, old) },
		"make":   func(b *store.Batch) { store.Put(b, People, store.Row[Person]{ID: "c1"}) },
		"absent": func(b *store.Batch) { store.Check(b, People, store.Row[Person]{ID: "c1"}) },
		"gone":   func(b *store.Batch) { store.Put(b, People, store.Row[Person]{ID: "c8", Rev: 4}) },
	} {
		err := try(t, sc, func(b *store.Batch) {
			b.Seen("event-"+name, []byte("x"))
			store.Put(b, Notes, store.Row[string]{ID: "n-" + name, Val: "must not be"})
			b.Audit(store.Audit{Act: name, Records: []string{"r"}})
			b.News("n", nil)
			stage(b)
		})
		e := is[*store.Stale](t, name, err)
		if e != nil && e.Table != "storetest.people" {
			t.Errorf("%s: %v", name, e)
		}
	}
	Same(t, before, Dump(t, db))
	want(t, "cached after a stale commit", must(People.Cached(t.Context(), sc, "c1"))(t).Val.Stage, "onsite")
}

func again(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada"})
	first := get(t, sc, "c1")
	commit(t, sc, func(b *store.Batch) { store.Delete(b, People, first) })
	put(t, sc, "c1", Person{Name: "Bea"})
	cached := must(People.Cached(t.Context(), sc, "c1"))(t)
	want(t, "cached is as it stands", cached.Rev, get(t, sc, "c1").Rev)
	is[*store.Stale](t, "the first Ada", try(t, sc, func(b *store.Batch) { store.Check(b, People, first) }))
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, cached) })
}

func whole(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada", Remote: "r1"})
	before := Dump(t, db)
	err := try(t, sc, func(b *store.Batch) {
		store.Put(b, People, store.Row[Person]{ID: "c2", Val: Person{Name: "Bo"}})
		store.Put(b, People, store.Row[Person]{ID: "c3", Val: Person{Name: "Cy", Remote: "r1"}})
		b.Out(store.Out{Place: "p", ID: "o1"})
		b.Timer("t1", time.Now(), nil)
		b.Token("tok", nil, time.Hour)
		b.Counter("n", 1)
		b.Seen("e", nil)
	})
	want(t, "taken", *is[*store.Taken](t, "taken", err), store.Taken{System: "ats", ID: "r1", Row: "c1"})
	is[*store.Gone](t, "spent", try(t, sc, func(b *store.Batch) {
		b.Spend("never")
		store.Put(b, People, store.Row[Person]{ID: "c2"})
	}))
	is[*store.TooLate](t, "late", try(t, sc, func(b *store.Batch) {
		b.NoOut("never")
		store.Put(b, People, store.Row[Person]{ID: "c2"})
	}))
	Same(t, before, Dump(t, db))
}

func unique(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada", Remote: "r1"})
	put(t, sc, "c2", Person{Name: "Ada again"})
	one, two := get(t, sc, "c1"), get(t, sc, "c2")
	two.Val.Remote = "r1"
	is[*store.Taken](t, "taken", try(t, sc, func(b *store.Batch) { store.Put(b, People, two) }))
	one.Val.Remote = ""
	commit(t, sc, func(b *store.Batch) { // a merge, in the harder order
		store.Put(b, People, two)
		store.Put(b, People, one)
	})
	want(t, "owner", must(People.Owner(t.Context(), sc, "ats", "r1"))(t), "c2")
	commit(t, sc, func(b *store.Batch) {
		store.Delete(b, People, get(t, sc, "c2"))
		store.Put(b, People, store.Row[Person]{ID: "c3", Val: Person{Remote: "r1"}})
	})
	want(t, "owner after a delete", must(People.Owner(t.Context(), sc, "ats", "r1"))(t), "c3")
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, get(t, sc, "c3")) })
}

func seen(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	batch := func(op string) *store.Batch {
		b := sc.Batch(op)
		b.Counter("n", 1)
		b.Out(store.Out{Place: "p"})
		b.News("x", nil)
		b.Seen("event 1", []byte("moved Ada"))
		b.Seen("message 1", []byte("moved Ada"))
		return b
	}
	for range 3 {
		if err := sc.Commit(ctx, batch("op 1")); err != nil {
			t.Fatal(err)
		}
	}
	e := is[*store.Seen](t, "another attempt", sc.Commit(ctx, batch("op 2")))
	want(t, "its answer", string(e.Reply), "moved Ada")
	b := sc.Batch("op 3")
	b.Counter("n", 1)
	b.Seen("fresh", nil)
	b.Seen("message 1", nil)
	is[*store.Seen](t, "by its second name", sc.Commit(ctx, b))
	_, ok, err := sc.SeenReply(ctx, "fresh")
	want(t, "a refused mark", say(ok, err), "false <nil>")
	for range 2 {
		b := sc.Batch("op 4")
		b.Counter("n", 10)
		if err := sc.Commit(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "done", must(sc.Counters(ctx))(t), map[string]int64{"n": 11})
	reply, ok, err := sc.SeenReply(ctx, "event 1")
	want(t, "reply", say(string(reply), ok, err), "moved Ada true <nil>")
}

func race(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada"})
	for i := range 100 {
		r := get(t, sc, "c1")
		var wins, lost int
		var mu sync.Mutex
		var wg sync.WaitGroup
		for _, act := range []string{"reject", "offer"} {
			wg.Go(func() {
				mine := r
				mine.Val.Stage = act
				err := try(t, sc, func(b *store.Batch) {
					store.Put(b, People, mine)
					b.Counter(act, 1)
				})
				mu.Lock()
				defer mu.Unlock()
				var s *store.Stale
				switch {
				case err == nil:
					wins++
				case errors.As(err, &s):
					lost++
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wins != 1 || lost != 1 {
			t.Fatalf("run %d: %d won, %d lost", i, wins, lost)
		}
	}
	n := must(sc.Counters(t.Context()))(t)
	want(t, "acts", n["reject"]+n["offer"], int64(100))
	want(t, "revision", get(t, sc, "c1").Rev, int64(101))
}

func limits(t *testing.T, db *store.DB, sc store.Scope) {
	err := try(t, sc, func(b *store.Batch) {
		for i := range 201 {
			store.Put(b, Notes, store.Row[string]{ID: fmt.Sprint(i)})
		}
	})
	want(t, "201 writes", errors.Is(err, store.ErrTooBig), true)
	commit(t, sc, func(b *store.Batch) {
		for i := range 200 {
			store.Put(b, Notes, store.Row[string]{ID: fmt.Sprint(i), Val: strings.Repeat("x", 1000)})
		}
	})
	err = try(t, sc, func(b *store.Batch) {
		store.Put(b, Notes, store.Row[string]{ID: "big", Val: strings.Repeat("x", 5<<20)})
	})
	want(t, "5 MB", errors.Is(err, store.ErrTooBig), true)
	if err := try(t, sc, func(b *store.Batch) { store.Put(b, Notes, store.Row[string]{}) }); err == nil {
		t.Error("a row without an id was written")
	}
	if err := try(t, sc, func(b *store.Batch) {
		store.Put(b, Notes, store.Row[string]{ID: "twice"})
		store.Put(b, Notes, store.Row[string]{ID: "twice"})
	}); err == nil {
		t.Error("a row was written twice by one batch")
	}
}
