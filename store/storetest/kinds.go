package storetest

import (
	"context"
	"os"
	"testing"
	"time"

	"rapport/store"
)

// Kinds are the stores on which the whole suite passes.
var Kinds = []string{"memory", "child", "server", "sentinel", "cluster"}

// Store is an open store of some kind, and what a test may do to it.
type Store struct {
	*store.DB
	URL string // for a second process; "" where there can be none
	// Failover ends the master (of a cluster: one of them) and waits until
	// another has its place; nil where there is none to take over.
	Failover func()
}

// Kind is the store that tests run on which do not ask for one: RAPPORT_TEST_STORE,
// else the in-process one.
func Kind(t testing.TB) string {
	t.Helper()
	if k := os.Getenv("RAPPORT_TEST_STORE"); k != "" {
		return k
	}
	return "memory"
}

// Fresh opens an empty store of a kind that lives as long as the test. spare
// says whether there are replicas to fail over to, where the kind allows it.
func Fresh(t testing.TB, kind string, now func() time.Time, spare bool) *Store {
	t.Helper()
	o := store.Options{Now: now, Secret: []byte("a key for tests, 32 bytes long..")}
	s := &Store{}
	switch kind {
	case "memory":
		o.Memory, o.Data = true, t.TempDir()
	case "child":
		Program(t)
		o.Data = t.TempDir()
	case "server":
		o.URL = Server(t).URL()
	case "sentinel":
		x := Sentinel(t)
		o.URL, s.Failover = x.URL(), x.Failover
	case "cluster":
		if !spare {
			o.URL = Cluster(t, 0).URL()
			break
		}
		x := Cluster(t, 1)
		o.URL, s.Failover = x.URL(), x.Failover
	default:
		t.Fatalf("RAPPORT_TEST_STORE is %q, but must be one of %v", kind, Kinds)
	}
	var err error
	s.URL = o.URL
	if s.DB, err = store.Open(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if s.Kind() != kind {
		t.Fatalf("asked for a store of kind %s, got %s", kind, s.Kind())
	}
	return s
}

// Two are two processes' views of one fresh store, of the kind under test; where that
// kind has one process, of a server.
func Two(t testing.TB, now func() time.Time) [2]*store.DB {
	t.Helper()
	kind := Kind(t)
	if kind == "memory" || kind == "child" {
		kind = "server"
	}
	first := Fresh(t, kind, now, false)
	second, err := store.Open(context.Background(), store.Options{URL: first.URL, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = second.Close(context.Background()) })
	return [2]*store.DB{first.DB, second}
}
