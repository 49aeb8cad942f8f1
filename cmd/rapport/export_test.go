package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// An export is written where a link leads, and over plain files only.
func TestAnExportIsWrittenOverPlainFilesOnly(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	i.run("name,email\nAda Okafor,ada@mail.example\n")
	at := func(name string) string { return filepath.Join(i.dir, name) }
	for _, dir := range []string{"far", "folder"} {
		if err := os.Mkdir(at(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link": "far/all.jsonl", "to-pipe": "pipe", "dangling": "far/new.jsonl", "circle": "circle"} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("far/all.jsonl"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ name, target, refused string }{
		{"link", "far/all.jsonl", ""},
		{"dangling", "far/new.jsonl", ""},
		{"pipe", "", "is no plain file"},
		{"to-pipe", "", "is no plain file"},
		{"folder", "", "is no plain file"},
		{"circle", "", "leads in a circle"},
		{"nowhere/all.jsonl", "", "cannot be written: no such file or directory"},
	} {
		before, _ := os.Lstat(at(x.name))
		out, said, code := prints(t, i.env, "export", at(x.name), "--force")
		if before != nil {
			if after, err := os.Lstat(at(x.name)); err != nil || after.Mode() != before.Mode() {
				t.Errorf("%s was %v and is %v", x.name, before.Mode(), after)
			}
		}
		if x.refused == "" {
			has(t, out, "Wrote "+at(x.name))
			if text, err := os.ReadFile(at(x.target)); code != 0 || err != nil || !strings.HasPrefix(string(text), `{"kind":"store"`) {
				t.Errorf("%s: exit %d, %v: %.30s", x.name, code, err, text)
			}
			continue
		}
		if code != 1 {
			t.Errorf("%s: exit %d: %s", x.name, code, out)
		}
		has(t, said, at(x.name)+" ", x.refused)
		if strings.Contains(said, ".rapport-export-") {
			t.Error(said)
		}
	}
	for _, dir := range []string{"", "far"} {
		if left, err := filepath.Glob(at(filepath.Join(dir, ".rapport-export-*"))); err != nil || len(left) > 0 {
			t.Error(left, err)
		}
	}
}
