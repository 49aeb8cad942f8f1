package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// prints runs the program and returns what it prints.
func prints(t *testing.T, env map[string]string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, err bytes.Buffer
	m := newMain(&out, &err, env, args...)
	code = m.Run(t.Context())
	return out.String(), err.String(), code
}

func TestHelpIsACommandToo(t *testing.T) {
	t.Parallel()
	for _, x := range [][2][]string{{{"help"}, {"--help"}}, {{"help", "import"}, {"import", "--help"}}} {
		asked, said, code := prints(t, nil, x[0]...)
		flag, _, _ := prints(t, nil, x[1]...)
		if code != 0 || asked == "" || asked != flag {
			t.Errorf("%v: %d %s\n%s", x[0], code, said, asked)
		}
	}
	if _, said, code := prints(t, nil, "help", "nonsense"); code != 2 || !strings.Contains(said, "nonsense") {
		t.Error(code, said)
	}
	out, _, _ := prints(t, nil, "demo", "--help")
	has(t, out, "RAPPORT_LISTEN", "RAPPORT_DATA")
}

func TestManifestIsKept(t *testing.T) {
	t.Parallel()
	out, said, code := prints(t, nil, "manifest", "--aliases", "move,find")
	if code != 0 {
		t.Fatal(said)
	}
	kept, err := os.ReadFile("../../manifest.yaml")
	if err != nil || string(kept) != out {
		t.Errorf("manifest.yaml is not what is declared (%v). Run: go run ./cmd/rapport manifest --aliases move,find > manifest.yaml", err)
	}
}

func TestManifestSaysWhatItCannotDo(t *testing.T) {
	t.Parallel()
	if _, said, code := prints(t, nil, "manifest", "--http"); code == 0 || !strings.Contains(said, "RAPPORT_PUBLIC_URL") {
		t.Error(code, said)
	}
	if _, said, code := prints(t, nil, "manifest", "--aliases", "fly"); code == 0 || !strings.Contains(said, "fly") {
		t.Error(code, said)
	}
	out, said, code := prints(t, map[string]string{"RAPPORT_PUBLIC_URL": "https://rapport.example"}, "manifest", "--http", "--aliases", "*")
	if code != 0 || !strings.Contains(out, "https://rapport.example/slack/events") || !strings.Contains(out, "command: /move") || strings.Contains(out, "socket_mode_enabled: true") {
		t.Error(code, said, out)
	}
}

func TestGeneratedPagesAreKept(t *testing.T) {
	t.Parallel()
	all, err := pages(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range all {
		kept, err := os.ReadFile(filepath.Join("../../docs", name))
		if err != nil || !bytes.Equal(kept, want) {
			t.Errorf("docs/%s is not what is declared (%v). Run: go run ./cmd/rapport docs", name, err)
		}
	}
	if !bytes.Contains(all["metrics.md"], []byte("rapport_events_total")) || !bytes.Contains(all["commands.md"], []byte("/rapport candidate move")) {
		t.Error("the pages are empty")
	}
}

// What the pages link to and what their commands read is there.
func TestFilesThatPagesNameAreThere(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	link, command := regexp.MustCompile(`\]\(([^):#]+)[)#]`), regexp.MustCompile(`(?m)^rapport .*?(\S+\.json)`)
	for _, page := range append(pages, "../../README.md", "../../CHANGELOG.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		for _, m := range link.FindAllSubmatch(text, -1) {
			files = append(files, filepath.Join(filepath.Dir(page), string(m[1])))
		}
		for _, m := range command.FindAllSubmatch(text, -1) {
			files = append(files, filepath.Join("../..", string(m[1])))
		}
		for _, f := range files {
			if _, err := os.Stat(f); err != nil {
				t.Errorf("%s names %s: %v", page, f, err)
			}
		}
	}
}
