package storetest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/store"
)

func tokens(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	commit(t, sc, func(b *store.Batch) {
		b.Token("t1", []byte("act"), time.Hour)
		b.Token("t2", []byte("short"), time.Second)
	})
	want(t, "body", string(must(sc.Token(ctx, "t1"))(t)), "act")
	commit(t, sc, func(b *store.Batch) { b.Spend("t1") })
	want(t, "spent twice", is[*store.Gone](t, "spent twice", try(t, sc, func(b *store.Batch) { b.Spend("t1") })).ID, "t1")
	Until(t, 4*time.Second, "t2 runs out", func(ctx context.Context) bool {
		_, err := sc.Token(ctx, "t2")
		return errors.Is(err, store.ErrNone)
	})
}

func history(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for i := range 5 {
		commit(t, sc, func(b *store.Batch) {
			b.Audit(store.Audit{At: at.Add(time.Duration(i) * time.Hour), By: "p1", Act: fmt.Sprint("act ", i), Records: []string{"candidate:c1", fmt.Sprint("job:", i%2)}, Facts: map[string]string{"field": "stage"}})
		})
	}
	acts := func(all []store.Audit) (out []string) {
		for _, a := range all {
			out = append(out, a.Act)
		}
		return out
	}
	want(t, "two", acts(must(sc.History(ctx, "candidate:c1", 2))(t)), []string{"act 4", "act 3"})
	all := must(sc.History(ctx, "job:1", 0))(t)
	want(t, "all", acts(all), []string{"act 3", "act 1"})
	want(t, "whole", say(all[0].At.Equal(at.Add(3*time.Hour)), all[0].By, all[0].Facts), "true p1 map[field:stage]")
	want(t, "nothing", len(must(sc.History(ctx, "job:9", 3))(t)), 0)
}

func tenants(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	for _, name := range []string{sc.Tenant() + "x", sc.Tenant() + ":row", sc.Tenant() + "*", "~", "ü {1}"} {
		other := db.In(name)
		if err := try(t, sc, func(b *store.Batch) {
			store.Put(b, Notes, store.Row[string]{ID: name, Val: "mine"})
			b.Seen(name, []byte("mine"))
			b.Token(name, nil, time.Minute)
			b.Audit(store.Audit{Act: "x", Records: []string{"r"}})
		}); err != nil {
			t.Fatal(err)
		}
		_, err := Notes.Get(ctx, other, name)
		want(t, "row", errors.Is(err, store.ErrNone), true)
		_, ok, _ := other.SeenReply(ctx, name)
		want(t, "seen", ok, false)
		_, err = other.Token(ctx, name)
		want(t, "token", errors.Is(err, store.ErrNone), true)
		want(t, "history", len(must(other.History(ctx, "r", 0))(t)), 0)
		commit(t, other, func(b *store.Batch) { b.Counter("n", 1) })
		if all := must(db.Tenants(ctx))(t); !slices.Contains(all, name) || slices.Contains(all, "") {
			t.Errorf("tenants %q lack %q", all, name)
		}
	}
	if err := sc.Commit(ctx, db.In("other").Batch("")); err == nil {
		t.Error("a batch was committed to another tenant")
	}
}

func forget(t *testing.T, db *store.DB, sc store.Scope) {
	const canary = "kanarienvogel"
	ctx := t.Context()
	put(t, sc, "c1", Person{Name: "Ada " + canary, Mail: canary + "@mail.example", Stage: canary, Tags: []string{canary}, Remote: canary})
	put(t, sc, "c2", Person{Name: "Bo", Friend: "c1", Stage: "screen"})
	put(t, sc, "c3", Person{Name: "Cy", Friend: "c2"})
	found := 0
	for _, v := range Dump(t, db) {
		if strings.Contains(v, canary) {
			found++
		}
	}
	if found < 3 {
		t.Fatalf("the canary sings in %d keys only", found)
	}
	commit(t, sc, func(b *store.Batch) {
		for _, id := range []string{"o1", "o2", "o3"} {
			b.Out(store.Out{ID: id, Place: id, Body: []byte(canary), Whose: []string{"c1"}, NotBefore: time.Now().Add(time.Hour)})
		}
		b.Out(store.Out{ID: "o4", Place: "o1", Body: []byte("stays")})
	})
	about := must(sc.About(ctx, "c1"))(t)
	want(t, "about", say(len(about), about[0].Table, about[0].ID, strings.Contains(string(about[0].Val), canary), about[1].ID), "2 storetest.people c1 true c2")
	want(t, "rows and messages changed", must(sc.Forget(ctx, "c1"))(t), 5)
	state, _, err := db.OutState(ctx, sc.Tenant(), "o4")
	want(t, "another's message", say(state, err), "waiting <nil>")
	for k, v := range Dump(t, db) {
		if strings.Contains(k+v, canary) || strings.Contains(v, base64.StdEncoding.EncodeToString([]byte(canary))) {
			t.Errorf("%s still holds the canary", k)
		}
	}
	want(t, "the friend's own row", get(t, sc, "c2").Val, Person{Name: "Bo", Stage: "screen"})
	want(t, "again", must(sc.Forget(ctx, "c1"))(t), 0)
	_, err = People.Cached(ctx, sc, "c1")
	want(t, "cached", errors.Is(err, store.ErrNone), true)
}
