package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"rapport/store"
	"rapport/store/storetest"
)

// /readyz and the doctor tell the same of a Redis that takes no writes.
func TestReadyIsNoStoreWithoutWrites(t *testing.T) {
	t.Parallel()
	redis := storetest.Server(t)
	env := map[string]string{"RAPPORT_REDIS_URL": redis.URL(), "RAPPORT_LOG": "error"}
	r := serve(t, env)
	db, err := store.Open(t.Context(), store.Options{URL: redis.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	ready := func() (int, string) {
		resp, err := http.Get(r.url + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	for _, x := range []struct{ setting, sick, well, says string }{
		{"maxmemory", "1mb", "0", "it is full. Raise its maxmemory."},
		{"min-replicas-to-write", "1", "0", "it takes no writes while too few replicas follow it. Look at its replicas, or lower its min-replicas-to-write."},
	} {
		if code, text := ready(); code != 200 {
			t.Error(x.setting, "before", code, text)
		}
		if err := db.Client().ConfigSet(t.Context(), x.setting, x.sick).Err(); err != nil {
			t.Fatal(err)
		}
		code, text := ready()
		if code != 503 || !strings.HasPrefix(text, "not ready: Redis: "+x.says) {
			t.Error(x.setting, code, text)
		}
		out, _, code := prints(t, env, "doctor")
		if code != 1 {
			t.Error(x.setting, "doctor", code)
		}
		has(t, out, "BAD  Store: ", x.says)
		if err := db.Client().ConfigSet(t.Context(), x.setting, x.well).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if code, text := ready(); code != 200 {
		t.Error("after", code, text)
	}
}

// Who starts a second process sees that the code of the first is dead.
func TestSetupCodeThatIsReplacedIsSaid(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL()}
	const words = "it replaces the one printed before"
	first := serve(t, env)
	first.said.find(t, `setup code: (\w{4}-\w{4}-\w{4})\n`, 5e9)
	second := serve(t, env)
	second.said.find(t, `setup code: (\w{4}-\w{4}-\w{4}) \(`+words+`\)\n`, 5e9)
}
