package store_test

import (
	"context"
	"testing"
	"time"

	"rapport/store"
	"rapport/store/storetest"
)

func BenchmarkOpen(b *testing.B) {
	r := storetest.Server(b)
	b.ResetTimer()
	for b.Loop() {
		db, err := store.Open(b.Context(), store.Options{URL: r.URL()})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		_ = db.Close(ctx)
		cancel()
		b.StartTimer()
	}
}
