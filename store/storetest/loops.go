package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"rapport/store"
)

func news(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned, end := process(t, db)
	tell := func(n int) {
		commit(t, sc, func(b *store.Batch) { b.News("moved", fmt.Appendf(nil, "n%d", n)) })
	}
	once := func(owned []store.ShardLease, block time.Duration) (out []store.NewsItem) {
		t.Helper()
		for _, it := range must(db.TakeNews(ctx, owned, 100, block))(t) {
			if it.Tenant != sc.Tenant() {
				_ = db.NewsDone(ctx, it) // left by another test on this store
			} else {
				out = append(out, it)
			}
		}
		return out
	}
	take := func(owned []store.ShardLease, want int, block time.Duration) (out []store.NewsItem) {
		t.Helper()
		for until := time.Now().Add(20 * time.Second); len(out) < want; {
			if out = append(out, once(owned, block)...); time.Now().After(until) {
				t.Fatalf("%d pieces of news, want %d", len(out), want)
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
	want(t, "not twice", len(once(owned, 0)), 0)
	if err := db.NewsDone(ctx, got[0]); err != nil {
		t.Fatal(err)
	}
	// A reader that waits is woken.
	go func() { time.Sleep(100 * time.Millisecond); tell(3) }()
	begun := time.Now()
	got3 := take(owned, 1, 10*time.Second)
	want(t, "while waiting", bodies(got3), []string{"n3"})
	if d := time.Since(begun); d > 9*time.Second {
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

// backlog counts down as the loops work, and leaves out what is for later.
func backlog(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	owned := owns(t, db)
	left := func() int { return must(sc.Backlog(ctx))(t) }
	before := left() // other tenants live in the shard
	commit(t, sc, func(b *store.Batch) {
		b.News("it", nil)
		b.Timer("now", time.Now(), nil)
		b.Timer("later", time.Now().Add(time.Hour), nil)
		b.Out(store.Out{ID: "now", Place: "a"})
		b.Out(store.Out{ID: "held", Place: "b", NotBefore: time.Now().Add(time.Hour)})
	})
	want(t, "committed", left()-before, 3)
	for _, it := range must(db.TakeNews(ctx, owned, 1000, 0))(t) {
		if it.Tenant == sc.Tenant() {
			if err := db.NewsDone(ctx, it); err != nil {
				t.Fatal(err)
			}
		}
	}
	want(t, "news done", left()-before, 2)
	timers, _, err := db.Due(ctx, owned, time.Now().Add(time.Second), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range timers {
		if d.Tenant == sc.Tenant() {
			if err := db.TimerDrop(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
	}
	want(t, "timer done", left()-before, 1)
	items, _, err := db.TakeOut(ctx, owned, time.Now().Add(time.Second), 1000)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "being sent", left()-before, 1)
	for _, it := range items {
		if it.Tenant == sc.Tenant() {
			if err := db.OutLater(ctx, it, time.Now().Add(time.Minute), "429"); err != nil {
				t.Fatal(err)
			}
		}
	}
	want(t, "to be sent another time", left()-before, 1)
	items, _, err = db.TakeOut(ctx, owned, time.Now().Add(2*time.Minute), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		if it.Tenant == sc.Tenant() {
			if err := db.OutSent(ctx, it, "m"); err != nil {
				t.Fatal(err)
			}
		}
	}
	want(t, "nothing follows", left()-before, 0)
}
