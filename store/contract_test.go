package store_test

import (
	"context"
	"testing"

	"rapport/store"
	"rapport/store/storetest"
)

var testKey = []byte("a key for tests, 32 bytes long..")

// opened opens a store that closes with the test.
func opened(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	if o.Secret == nil {
		o.Secret = testKey
	}
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestContractInProcess(t *testing.T) {
	t.Parallel()
	db := opened(t, store.Options{Memory: true, Data: t.TempDir()})
	storetest.Run(t, func(*testing.T) *store.DB { return db })
}

func TestContractChild(t *testing.T) {
	t.Parallel()
	storetest.Program(t)
	db := opened(t, store.Options{Data: t.TempDir()})
	storetest.Run(t, func(*testing.T) *store.DB { return db })
}

func TestContractServer(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"redis-server", "valkey-server"} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			db := opened(t, store.Options{URL: storetest.ServerOf(t, program).URL()})
			storetest.Run(t, func(*testing.T) *store.DB { return db })
		})
	}
}
