package storetest

import (
	"context"
	"testing"
	"time"

	"rapport/store"
)

func deadline(t *testing.T, db *store.DB, sc store.Scope) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	b := sc.Batch("op")
	b.Counter("n", 1)
	is[*store.Unavailable](t, "commit", sc.Commit(ctx, b))
	_, err := People.Get(ctx, sc, "c1")
	is[*store.Unavailable](t, "get", err)
	if err := sc.Commit(t.Context(), b); err != nil { // the same batch again
		t.Fatal(err)
	}
	want(t, "done", must(sc.Counters(t.Context()))(t)["n"], int64(1))
}
