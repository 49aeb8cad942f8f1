package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport/store/storetest"
)

// A store moves house while it is served: the export is read into another Redis, is
// killed on the way, and read again. Nobody serves the half of it.
func TestStoryOfMovingHouse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	table, file := filepath.Join(dir, "people.csv"), filepath.Join(dir, "all.jsonl")
	var rows strings.Builder
	rows.WriteString("id,name,email,job\n")
	for i := range 300 {
		fmt.Fprintf(&rows, "r%d,Ada%d Okafor,ada%d@mail.example,Backend Engineer\n", i, i, i)
	}
	if err := os.WriteFile(table, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	does := func(env map[string]string, args ...string) string {
		t.Helper()
		out, said, code := prints(t, env, args...)
		if code != 0 {
			t.Fatalf("%v: exit %d: %s%s", args, code, out, said)
		}
		return out + said
	}
	here := map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL()}
	there := map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL()}
	does(here, "import", "--csv", "--create-jobs", table)
	r := serve(t, here)
	has(t, does(here, "export", file), "Rapport is running", "Wrote")
	r.stop()
	cut := program(t, with(there, crashAt, "commit.after:7"), "import", file)
	if err := cut.Run(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the import was not cut off: %v", err)
	}
	if _, said, code := prints(t, with(there, "RAPPORT_LISTEN", freeAddr(t)), "serve"); code != 1 || !strings.Contains(said, "import the same file again") {
		t.Fatalf("half a store is served: %d %s", code, said)
	}
	has(t, does(there, "import", file), "Read ")
	back := filepath.Join(dir, "back.jsonl")
	if out := does(there, "export", back); strings.Contains(out, "is running") {
		t.Error(out)
	}
	if d := storetest.Diff(linesOf(t, file), linesOf(t, back)); d != "" {
		t.Errorf("what came there differs:\n%.2000s", d)
	}
	if _, said, code := prints(t, there, "import", file); code != 1 || !strings.Contains(said, "empty") {
		t.Errorf("imported twice: %d %s", code, said)
	}
	has(t, serve(t, there).said.String(), "store: server")
}

func linesOf(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(strings.TrimSpace(string(raw)), "\n")
	slices.Sort(all)
	return all
}
