package storetest

import (
	"context"
	"errors"
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
