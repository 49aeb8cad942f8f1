package main

import (
	"path/filepath"
	"testing"

	"rapport/store/storetest"
)

// While an import of everything is unfinished nothing else is written.
func TestAnImportIsKeptOutOfAHalfImportedStore(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	i.run(people, "--create-jobs")
	all, csv := filepath.Join(i.dir, "all.jsonl"), filepath.Join(i.dir, "people.csv")
	if _, said, code := prints(t, i.env, "export", all); code != 0 {
		t.Fatal(said)
	}
	half := map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL(), "RAPPORT_LOG": "error", "RAPPORT_SECRET_KEY": "a key of more than sixteen letters",
		"RAPPORT_NEW_SECRET_KEY": "another key of more than sixteen letters"}
	func() {
		defer func() {
			if recover() == nil {
				t.Fatal("the import was not cut off")
			}
		}()
		m := newMain(&heard{}, &heard{}, half, "import", all)
		m.Crash = func(point string) {
			if point == "commit.after" {
				panic("cut off")
			}
		}
		m.Run(t.Context())
	}()
	for _, args := range [][]string{{"import", "--csv", csv}, {"import", "--csv", "--create-jobs", csv}, {"setup-code"}, {"rekey"}, {"export", filepath.Join(i.dir, "half.jsonl")}} {
		out, said, code := prints(t, half, args...)
		if code != 1 || out != "" {
			t.Errorf("%v: exit %d: %s", args, code, out)
		}
		has(t, said, "an import was begun in this store and did not finish; import the same file again")
	}
	if _, said, code := prints(t, half, "import", all); code != 0 {
		t.Fatal(said)
	}
	other := &importing{t: t, env: half, dir: i.dir}
	if a, b := i.all(), other.all(); len(a) != len(b) {
		t.Errorf("%d people came over as %d", len(a), len(b))
	}
}
