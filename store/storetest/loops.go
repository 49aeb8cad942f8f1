package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rapport/store"
)

// owns makes one process own all shards.
func owns(t *testing.T, db *store.DB) []store.ShardLease {
	t.Helper()
	owned, _ := process(t, db)
	return owned
}

// process is owns with a way to end that process; who slept through its end
// still has the leases.
func process(t *testing.T, db *store.DB) (_ []store.ShardLease, end func()) {
	t.Helper()
	name := store.NewID("proc", time.Now())
	var owned []store.ShardLease
	for until := time.Now().Add(12 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		owned = must(db.Divide(t.Context(), name))(t)
		if len(owned) == db.Shards()+1 {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("one process owns %d of %d shards", len(owned), db.Shards()+1)
		}
	}
	end = func() { _ = db.Leave(context.Background(), name) }
	t.Cleanup(end)
	return owned, end
}

// ours keeps the items of this test's tenant and ends the others.
func ours[T any](all []T, tenant string, of func(T) string) (out []T) {
	for _, it := range all {
		if of(it) == tenant {
			out = append(out, it)
		}
	}
	return out
}

func leases(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	name := "discord " + sc.Tenant()
	first, ok, err := db.Lease(ctx, name, time.Second)
	want(t, "taken", say(ok, err), "true <nil>")
	_, ok, err = db.Lease(ctx, name, time.Second)
	want(t, "taken twice", say(ok, err), "false <nil>")
	ok, err = first.Renew(ctx, time.Second)
	want(t, "renewed", say(ok, err), "true <nil>")
	commit(t, sc, func(b *store.Batch) { b.Fence(first); b.Counter("n", 1) })
	// The owner sleeps through its lease, and somebody takes over.
	var second store.Lease
	for !ok || second.Token == 0 {
		second, ok, err = db.Lease(ctx, name, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if second.Token <= first.Token {
		t.Errorf("token %d after %d", second.Token, first.Token)
	}
	ok, err = first.Renew(ctx, time.Second)
	want(t, "renewed by the former", say(ok, err), "false <nil>")
	err = try(t, sc, func(b *store.Batch) { b.Fence(first); b.Counter("n", 1) })
	want(t, "written by the former", errors.Is(err, store.ErrFenced), true)
	commit(t, sc, func(b *store.Batch) { b.Fence(second); b.Counter("n", 1) })
	want(t, "written", must(sc.Counters(ctx))(t)["n"], int64(2))
	if err := first.Release(ctx); err != nil {
		t.Fatal(err)
	}
	_, ok, _ = db.Lease(ctx, name, time.Minute)
	want(t, "released by the former", ok, false)
	if err := second.Release(ctx); err != nil {
		t.Fatal(err)
	}
	third, ok, err := db.Lease(ctx, name, time.Minute)
	want(t, "released", say(ok, err, third.Token > second.Token), "true <nil> true")
}

func divide(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	a, b := store.NewID("a", time.Now()), store.NewID("b", time.Now())
	defer db.Leave(ctx, a)
	defer db.Leave(ctx, b)
	var one, two []store.ShardLease
	for until := time.Now().Add(12 * time.Second); len(one)+len(two) != db.Shards()+1 || len(one) == 0 || len(two) == 0; {
		one, two = must(db.Divide(ctx, a))(t), must(db.Divide(ctx, b))(t)
		if time.Now().After(until) {
			t.Fatalf("shards divided %d and %d", len(one), len(two))
		}
		time.Sleep(10 * time.Millisecond)
	}
	if d := len(one) - len(two); d < -1 || d > 1 {
		t.Errorf("shards divided %d and %d", len(one), len(two))
	}
	// a falls silent; b has all within 10 s, and what a still does is refused.
	begun := time.Now()
	for len(two) != db.Shards()+1 {
		time.Sleep(200 * time.Millisecond)
		two = must(db.Divide(ctx, b))(t)
		if time.Since(begun) > 10*time.Second {
			t.Fatalf("b owns %d shards after %v", len(two), time.Since(begun))
		}
	}
	err := try(t, db.In(""), func(b *store.Batch) { b.Counter("global", 1) })
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range one {
		due, _, err := db.Due(ctx, []store.ShardLease{o}, time.Now().Add(time.Hour), 10)
		want(t, "due of the former owner", say(len(due), err), "0 <nil>")
		outs, _, err := db.TakeOut(ctx, []store.ShardLease{o}, time.Now().Add(time.Hour), 10)
		want(t, "out of the former owner", say(len(outs), err), "0 <nil>")
	}
}

func news(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned, end := process(t, db)
	tell := func(n int) {
		commit(t, sc, func(b *store.Batch) { b.News("moved", fmt.Appendf(nil, "n%d", n)) })
	}
	take := func(owned []store.ShardLease, want int, block time.Duration) (out []store.NewsItem) {
		t.Helper()
		for until := time.Now().Add(block + 2*time.Second); len(out) < want && time.Now().Before(until); {
			for _, it := range must(db.TakeNews(ctx, owned, 10, block))(t) {
				if it.Tenant != sc.Tenant() {
					_ = db.NewsDone(ctx, it)
				} else {
					out = append(out, it)
				}
			}
		}
		return out
	}
	bodies := func(all []store.NewsItem) (out []string) {
		for _, it := range all {
			out = append(out, string(it.Body))
		}
		return out
	}
	tell(1)
	tell(2)
	got := take(owned, 2, 0)
	want(t, "in order", bodies(got), []string{"n1", "n2"})
	want(t, "kind", got[0].Kind, "moved")
	want(t, "not twice", len(take(owned, 1, 0)), 0)
	if err := db.NewsDone(ctx, got[0]); err != nil {
		t.Fatal(err)
	}
	// A reader that waits is woken.
	go func() { time.Sleep(100 * time.Millisecond); tell(3) }()
	begun := time.Now()
	got3 := take(owned, 1, 1500*time.Millisecond)
	want(t, "while waiting", bodies(got3), []string{"n3"})
	if d := time.Since(begun); d > time.Second {
		t.Errorf("news took %v", d)
	}
	db.NewsLater(got3[0], 0)
	later := take(owned, 1, 0)
	want(t, "later", bodies(later), []string{"n3"})
	// The owner dies; the next one finds what was not done, counted.
	end()
	next := owns(t, db)
	left := take(next, 2, 0)
	want(t, "left", bodies(left), []string{"n2", "n3"})
	if left[0].Attempts < 1 {
		t.Errorf("attempts %d", left[0].Attempts)
	}
	want(t, "done by the former owner", errors.Is(db.NewsDone(ctx, got[1]), store.ErrFenced), true)
	if err := db.NewsDone(ctx, left...); err != nil {
		t.Fatal(err)
	}
	want(t, "all done", len(leftovers(t, db, sc, "news")), 0)
}

func timers(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned := owns(t, db)
	now := time.Now().Truncate(time.Millisecond)
	due := func(at time.Time) []store.Timer {
		t.Helper()
		all, _, err := db.Due(ctx, owned, at, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return ours(all, sc.Tenant(), func(x store.Timer) string { return x.Tenant })
	}
	commit(t, sc, func(b *store.Batch) {
		b.Timer("soon", now.Add(-time.Second), []byte("body"))
		b.Timer("later", now.Add(time.Hour), nil)
		b.Timer("never", now.Add(time.Minute), nil)
		b.NoTimer("never")
	})
	got := due(now)
	want(t, "due", len(got), 1)
	want(t, "whole", say(got[0].ID, string(got[0].Body), got[0].At.Equal(now.Add(-time.Second)), got[0].Attempts), "soon body true 1")
	want(t, "while being worked on", len(due(now)), 0)
	want(t, "forgotten for a minute", len(due(now.Add(2*time.Minute))), 1)
	_, next, err := db.Due(ctx, owned, now, 1000)
	if err != nil || next.IsZero() || next.After(now.Add(time.Hour)) {
		t.Errorf("next %v, %v", next, err)
	}
	commit(t, sc, func(b *store.Batch) {
		b.TimerDone("soon", got[0].Lease)
		b.Timer("soon", now.Add(-time.Millisecond), []byte("again"))
	})
	got = due(now)
	want(t, "set again by its own act", say(len(got), string(got[0].Body)), "1 again")
	commit(t, sc, func(b *store.Batch) { b.Timer("soon", now.Add(time.Hour), nil) })
	err = try(t, sc, func(b *store.Batch) { b.TimerDone("soon", got[0].Lease); b.Counter("n", 1) })
	is[*store.Gone](t, "moved meanwhile", err)
	commit(t, sc, func(b *store.Batch) { b.Timer("soon", now, nil) })
	if err := db.TimerDrop(ctx, due(now)[0]); err != nil {
		t.Fatal(err)
	}
	left := must(sc.Timers(ctx, ""))(t)
	want(t, "left", say(len(left), left[0].ID, left[0].At.Equal(now.Add(time.Hour))), "1 later true")
	want(t, "by prefix", len(must(sc.Timers(ctx, "la*"))(t)), 0)
}

func inbox(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned := owns(t, db)
	begun := time.Now()
	for range 2 {
		if err := db.Inbox(ctx, sc.Tenant(), "e1", []byte("event")); err != nil {
			t.Fatal(err)
		}
	}
	take := func(olderThan time.Time) []store.InboxItem {
		t.Helper()
		return ours(must(db.TakeInbox(ctx, owned, olderThan, 1000))(t), sc.Tenant(), func(x store.InboxItem) string { return x.Tenant })
	}
	want(t, "still being worked on", len(take(begun.Add(-time.Second))), 0)
	got := take(time.Now().Add(time.Millisecond))
	want(t, "found", len(got), 1)
	want(t, "whole", say(got[0].ID, string(got[0].Body), got[0].Attempts), "e1 event 1")
	got = take(time.Now().Add(time.Second))
	want(t, "counted", got[0].Attempts, 2)
	commit(t, sc, func(b *store.Batch) { b.InboxDone("e1"); b.Counter("n", 1) })
	want(t, "done", len(take(time.Now().Add(time.Second))), 0)
}

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
	if err := sc.PutSecret(ctx, "slack", []byte("xoxb-canary")); errors.Is(err, store.ErrNoKey) {
		return // this store was opened without a key
	} else if err != nil {
		t.Fatal(err)
	}
	want(t, "read", string(must(sc.Secret(ctx, "slack"))(t)), "xoxb-canary")
	for k, v := range Dump(t, db) {
		if bytes.Contains([]byte(v), []byte("xoxb-canary")) {
			t.Errorf("%s holds a secret in clear", k)
		}
	}
	if err := sc.DropSecret(ctx, "slack"); err != nil {
		t.Fatal(err)
	}
	_, err = sc.Secret(ctx, "slack")
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
