package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rapport/store"
)

func outbox(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned := owns(t, db)
	now := time.Now()
	take := func(at time.Time) []store.OutItem {
		t.Helper()
		all, _, err := db.TakeOut(ctx, owned, at, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return ours(all, sc.Tenant(), func(x store.OutItem) string { return x.Tenant })
	}
	names := func(all []store.OutItem) []string {
		out := []string{}
		for _, it := range all {
			out = append(out, it.ID)
		}
		slices.Sort(out)
		return out
	}
	out := func(o ...store.Out) {
		t.Helper()
		commit(t, sc, func(b *store.Batch) {
			for _, o := range o {
				b.Out(o)
			}
		})
	}
	state := func(id string) string {
		s, m, err := db.OutState(ctx, sc.Tenant(), id)
		if err != nil {
			t.Fatal(err)
		}
		return s + m
	}
	out(store.Out{ID: "a1", Place: "a", Kind: "card", Body: []byte{0, '\t', 0xff}, Careful: true}, store.Out{ID: "a2", Place: "a"}, store.Out{ID: "b1", Place: "b"})
	out(store.Out{ID: "a3", Place: "a"}, store.Out{ID: "a1", Place: "elsewhere"}, store.Out{ID: "held", Place: "a", NotBefore: now.Add(time.Hour)})
	soon := time.Now().Add(time.Second)
	first := take(soon)
	want(t, "first of each place", names(first), []string{"a1", "b1"})
	i := slices.IndexFunc(first, func(it store.OutItem) bool { return it.ID == "a1" })
	a1 := first[i]
	want(t, "whole", say(a1.Place, a1.Kind, bytes.Equal(a1.Body, []byte{0, '\t', 0xff}), a1.Careful, a1.Attempts, a1.Doubt), "a card true true 1 false")
	want(t, "one at a time", names(take(soon)), []string{})
	want(t, "states", state("a1")+" "+state("a2")+" "+state("nobody"), "sending waiting ")
	is[*store.TooLate](t, "taken back too late", try(t, sc, func(b *store.Batch) { b.NoOut("a1") }))
	commit(t, sc, func(b *store.Batch) { b.NoOut("a2") })
	if err := db.OutSent(ctx, first[1-i], "m"); err != nil {
		t.Fatal(err)
	}
	later := now.Add(10 * time.Second)
	for range 2 { // a lost reply lets it be said twice
		if err := db.OutLater(ctx, a1, later, "429"); err != nil {
			t.Fatal(err)
		}
	}
	out(store.Out{ID: "a4", Place: "a"})
	want(t, "the place waits", names(take(soon)), []string{})
	a1 = take(later.Add(time.Second))[0]
	want(t, "again", say(a1.ID, a1.Attempts), "a1 2")
	for range 2 {
		if err := db.OutSent(ctx, a1, "m1"); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "sent", state("a1"), "sentm1")
	for _, id := range []string{"a3", "a4"} {
		it := take(later.Add(time.Second))
		want(t, "next", names(it), []string{id})
		if err := db.OutSent(ctx, it[0], "m"); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "held", names(take(later.Add(time.Second))), []string{})
	out(store.Out{ID: "a5", Place: "a"})
	it := take(later)
	want(t, "does not wait for what is held", names(it), []string{"a5"})
	if err := db.OutDoubt(ctx, it[0], "no answer"); err != nil {
		t.Fatal(err)
	}
	it = take(now.Add(2 * time.Hour))
	want(t, "held, at its time", names(it), []string{"held"})
	doubts := must(db.OutDoubts(ctx, sc.Tenant()))(t)
	want(t, "in doubt", say(len(doubts), doubts[0].ID, doubts[0].Why, state("a5")), "1 a5 no answer doubt")
	_ = db.OutSent(ctx, it[0], "m")
	if err := db.OutRetry(ctx, sc.Tenant(), "a5"); err != nil {
		t.Fatal(err)
	}
	is[*store.Gone](t, "retried twice", db.OutRetry(ctx, sc.Tenant(), "a5"))
	it = take(now.Add(2 * time.Hour))
	want(t, "retried", names(it), []string{"a5"})
	_ = db.OutDoubt(ctx, it[0], "still")
	if err := db.OutDrop(ctx, sc.Tenant(), "a5"); err != nil {
		t.Fatal(err)
	}
	want(t, "dropped", state("a5"), "")
}

func doubt(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned, end := process(t, db)
	commit(t, sc, func(b *store.Batch) {
		b.Out(store.Out{ID: "o1", Place: "p"})
		b.Out(store.Out{ID: "o2", Place: "p"})
	})
	take := func(owned []store.ShardLease) []store.OutItem {
		t.Helper()
		all, _, err := db.TakeOut(ctx, owned, time.Now().Add(time.Second), 1000)
		if err != nil {
			t.Fatal(err)
		}
		return ours(all, sc.Tenant(), func(x store.OutItem) string { return x.Tenant })
	}
	mine := take(owned)[0]
	end() // the sender dies
	next := owns(t, db)
	it := take(next)
	want(t, "found", say(len(it), it[0].ID, it[0].Doubt, it[0].Attempts), "1 o1 true 2")
	want(t, "said by the dead", errors.Is(db.OutSent(ctx, mine, "m"), store.ErrFenced), true)
	want(t, "once", len(take(next)), 0)
	if err := db.OutSent(ctx, it[0], "m2"); err != nil {
		t.Fatal(err)
	}
	it = take(next)
	want(t, "the next", say(len(it), it[0].ID, it[0].Doubt), "1 o2 false")
}

func dead(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned := owns(t, db)
	for _, d := range []store.Dead{{ID: "d1", Kind: "news", Name: "moved", Body: []byte("n")}, {ID: "d2", Kind: "timer", Name: "t", Body: []byte("b")}, {ID: "d3", Kind: "inbox", Name: "e"}, {ID: "d4", Kind: "news", Name: "x"}} {
		d.Why = "panic"
		if err := db.DeadLetter(ctx, sc.Tenant(), d); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "letters", len(must(db.DeadLetters(ctx, sc.Tenant()))(t)), 4)
	for _, id := range []string{"d1", "d2", "d3"} {
		if err := db.DeadRetry(ctx, sc.Tenant(), id); err != nil {
			t.Fatal(err)
		}
		is[*store.Gone](t, "twice", db.DeadRetry(ctx, sc.Tenant(), id))
	}
	if err := db.DeadDrop(ctx, sc.Tenant(), "d4"); err != nil {
		t.Fatal(err)
	}
	want(t, "left", len(must(db.DeadLetters(ctx, sc.Tenant()))(t)), 0)
	n := ours(must(db.TakeNews(ctx, owned, 1000, 0))(t), sc.Tenant(), func(x store.NewsItem) string { return x.Tenant })
	want(t, "news", say(len(n), n[0].Kind, string(n[0].Body)), "1 moved n")
	all, _, err := db.Due(ctx, owned, time.Now().Add(time.Second), 1000)
	due := ours(all, sc.Tenant(), func(x store.Timer) string { return x.Tenant })
	want(t, "timer", say(len(due), due[0].ID, err), "1 t <nil>")
	in := ours(must(db.TakeInbox(ctx, owned, time.Now(), 1000))(t), sc.Tenant(), func(x store.InboxItem) string { return x.Tenant })
	want(t, "event", say(len(in), in[0].ID), "1 e")
}

func secrets(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	_, err := sc.Secret(ctx, "none")
	want(t, "none", errors.Is(err, store.ErrNone), true)
	if err := sc.PutSecret(ctx, "token", []byte("xoxb-canary")); errors.Is(err, store.ErrNoKey) {
		return // this store was opened without a key
	} else if err != nil {
		t.Fatal(err)
	}
	want(t, "read", string(must(sc.Secret(ctx, "token"))(t)), "xoxb-canary")
	for k, v := range Dump(t, db) {
		if bytes.Contains([]byte(v), []byte("xoxb-canary")) {
			t.Errorf("%s holds a secret in clear", k)
		}
	}
	if err := sc.DropSecret(ctx, "token"); err != nil {
		t.Fatal(err)
	}
	_, err = sc.Secret(ctx, "token")
	want(t, "dropped", errors.Is(err, store.ErrNone), true)
}

func pace(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	now := time.Now()
	try := func(at time.Time) time.Duration {
		t.Helper()
		return must(db.Pace(ctx, "channel "+sc.Tenant(), 2, 3, at))(t)
	}
	for i := range 3 {
		want(t, fmt.Sprint("burst ", i), try(now), 0)
	}
	want(t, "then the rate", try(now), 500*time.Millisecond)
	want(t, "a wait is not counted", try(now.Add(500*time.Millisecond)), 0)
	want(t, "again", try(now.Add(600*time.Millisecond)), 400*time.Millisecond)
	want(t, "after a rest", try(now.Add(time.Minute)), 0)
}

// outForgotten: once a person is forgotten no message about them waits, comes into
// being, is sent another time or is kept as in doubt.
func outForgotten(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned := owns(t, db)
	about := func(id, who string) store.Out { return store.Out{ID: id, Place: id, Whose: []string{who}} }
	take := func(after time.Duration) map[string]store.OutItem {
		t.Helper()
		all, _, err := db.TakeOut(ctx, owned, time.Now().Add(after), 1000)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]store.OutItem{}
		for _, it := range ours(all, sc.Tenant(), func(x store.OutItem) string { return x.Tenant }) {
			out[it.ID] = it
		}
		return out
	}
	put(t, sc, "p1", Person{Name: "Ada"})
	put(t, sc, "p2", Person{Name: "Bo"})
	commit(t, sc, func(b *store.Batch) {
		for _, id := range []string{"later", "doubt", "sent"} {
			b.Out(about(id, "p1"))
		}
		b.Out(about("other", "p2"))
	})
	sending := take(time.Hour)
	want(t, "being sent", len(sending), 4)
	commit(t, sc, func(b *store.Batch) { b.Out(about("waits", "p1")) })
	staged := sc.Batch("") // decided while she was there, and not yet committed
	staged.Out(about("staged", "p1"))
	want(t, "rows and messages changed", must(sc.Forget(ctx, "p1"))(t), 2)
	is[*store.Stale](t, "committed after Forget", sc.Commit(ctx, staged))
	both := sc.Batch("")
	both.Out(store.Out{ID: "both", Place: "both", Whose: []string{"p2", "p1"}})
	is[*store.Stale](t, "about two, one forgotten", sc.Commit(ctx, both))
	for _, id := range []string{"later", "other"} {
		if err := db.OutLater(ctx, sending[id], time.Now(), "429"); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.OutDoubt(ctx, sending["doubt"], "who knows"); err != nil {
		t.Fatal(err)
	}
	if err := db.OutSent(ctx, sending["sent"], "m1"); err != nil {
		t.Fatal(err)
	}
	for id, wanted := range map[string]string{"later": "", "doubt": "", "waits": "", "staged": "", "sent": "sent", "other": "waiting"} {
		state, _, err := db.OutState(ctx, sc.Tenant(), id)
		want(t, id, say(state, err), say(wanted, nil))
	}
	want(t, "in doubt", len(must(db.OutDoubts(ctx, sc.Tenant()))(t)), 0)
	again := take(time.Hour)
	want(t, "sent another time", len(again), 1)
	if err := db.OutSent(ctx, again["other"], "m2"); err != nil {
		t.Fatal(err)
	}

	fresh := store.Row[Person]{ID: "p3", Val: Person{Name: "Cy"}}
	commit(t, sc, func(b *store.Batch) { // the first thing that is kept about him comes with the message
		b.Out(about("first", "p3"))
		store.Put(b, People, fresh)
	})
	commit(t, sc, func(b *store.Batch) { b.Out(about("crashed", "p3")) })
	if got := take(time.Hour); len(got) != 2 {
		t.Fatal("handed out:", got)
	}
	want(t, "rows and messages changed", must(sc.Forget(ctx, "p3"))(t), 1)
	want(t, "left by a dead sender", len(take(2*time.Hour)), 0)
	for _, id := range []string{"first", "crashed"} {
		state, _, err := db.OutState(ctx, sc.Tenant(), id)
		want(t, id, say(state, err), say("", nil))
	}
}
