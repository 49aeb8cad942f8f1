package store_test

import (
	"strings"
	"testing"

	"rapport/store"
	"rapport/store/storetest"
)

// Whether Redis takes writes is asked each time, how it is kept only now and then.
func TestHealthIsCheap(t *testing.T) {
	t.Parallel()
	db := opened(t, store.Options{URL: storetest.Server(t).URL()})
	if err := db.Client().ConfigResetStat(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if h := db.Health(t.Context()); !h.OK || h.Version == "" {
			t.Fatalf("%+v", h)
		}
	}
	stats, err := db.Client().Info(t.Context(), "commandstats").Result()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(stats, "cmdstat_config|get:calls=1,") != 1 {
		t.Error("how it is kept was asked more than once:", stats)
	}
	if err := db.Client().ConfigSet(t.Context(), "maxmemory", "1mb").Err(); err != nil {
		t.Fatal(err)
	}
	if h := db.Health(t.Context()); h.OK || strings.Join(h.Loses, "") != "Redis: it is full. Raise its maxmemory." {
		t.Errorf("%+v", h)
	}
}
