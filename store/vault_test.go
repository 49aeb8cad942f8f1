package store_test

import (
	"errors"
	"testing"

	"rapport/store"
	"rapport/store/storetest"
)

func TestSealedThingsOpenOnlyWhereTheyBelong(t *testing.T) {
	t.Parallel()
	db := opened(t, store.Options{Memory: true})
	sealed, err := db.Seal("token T1", []byte("xoxb"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := db.Unseal("token T1", sealed); err != nil || string(plain) != "xoxb" {
		t.Errorf("unsealed %q, %v", plain, err)
	}
	if _, err := db.Unseal("token T2", sealed); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("in another place: %v", err)
	}
	for i := range sealed {
		bad := append([]byte(nil), sealed...)
		bad[i] ^= 1
		if _, err := db.Unseal("token T1", bad); !errors.Is(err, store.ErrWrongKey) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	if _, err := db.Unseal("token T1", sealed[:4]); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("cut short: %v", err)
	}
	again, _ := db.Seal("token T1", []byte("xoxb"))
	if string(again) == string(sealed) {
		t.Error("sealing twice gives the same bytes")
	}
	other := opened(t, store.Options{Memory: true, Secret: store.NewKey()})
	if _, err := other.Unseal("token T1", sealed); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("with another key: %v", err)
	}
	former := opened(t, store.Options{Memory: true, Secret: store.NewKey(), Old: [][]byte{testKey}})
	if plain, err := former.Unseal("token T1", sealed); err != nil || string(plain) != "xoxb" {
		t.Errorf("with the former key: %q, %v", plain, err)
	}
}

func TestWithoutAKeyNothingIsSealed(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), store.Options{Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	if _, err := db.Seal("a", nil); !errors.Is(err, store.ErrNoKey) {
		t.Error(err)
	}
	if err := db.In("x").PutSecret(t.Context(), "s", nil); !errors.Is(err, store.ErrNoKey) {
		t.Error(err)
	}
	if _, err := store.Open(t.Context(), store.Options{Memory: true, Secret: []byte("short")}); err == nil {
		t.Error("a key of five bytes was taken")
	}
}

func TestRekeyTurnsEverySecret(t *testing.T) {
	t.Parallel()
	r := storetest.Server(t)
	db := opened(t, store.Options{URL: r.URL()})
	scopes := []store.Scope{db.In(""), db.In("acme"), db.In("beta")}
	for _, sc := range scopes {
		for _, name := range []string{"slack", "discord"} {
			if err := sc.PutSecret(t.Context(), name, []byte("secret of "+sc.Tenant())); err != nil {
				t.Fatal(err)
			}
		}
	}
	next := store.NewKey()
	if n, err := db.Rekey(t.Context(), store.NewKey(), next); !errors.Is(err, store.ErrWrongKey) || n != 0 {
		t.Errorf("with a wrong old key: %d, %v", n, err)
	}
	if n, err := db.Rekey(t.Context(), testKey, next); n != 6 || err != nil {
		t.Errorf("rekeyed %d, %v", n, err)
	}
	if n, err := db.Rekey(t.Context(), testKey, next); n != 0 || err != nil {
		t.Errorf("rekeyed again %d, %v", n, err)
	}
	if all, closed, err := opened(t, store.Options{URL: r.URL()}).Sealed(t.Context()); all != 6 || closed != 6 || err != nil {
		t.Errorf("the old key: %d of %d closed, %v", closed, all, err)
	}
	fresh := opened(t, store.Options{URL: r.URL(), Secret: next})
	for _, sc := range scopes {
		if v, err := fresh.In(sc.Tenant()).Secret(t.Context(), "slack"); err != nil || string(v) != "secret of "+sc.Tenant() {
			t.Errorf("%q: %q, %v", sc.Tenant(), v, err)
		}
	}
}
