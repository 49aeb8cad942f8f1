package discordtest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/adapters/discord/discordtest"
)

func TestRecordedPayloadsArrive(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/recorded/*.json")
	if len(files) < 10 {
		t.Fatalf("only %d recordings", len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t, discordtest.Options{})
			w := newWire(t, d)
			g, _ := w.connect(plainIntents)
			x, err := d.Replay(file)
			if err != nil {
				t.Fatal(err)
			}
			var rec struct {
				Payload struct {
					Op   *int
					T    string
					Type float64
					Data json.RawMessage
					D    struct{ Data json.RawMessage }
				}
			}
			raw, _ := os.ReadFile(file)
			json.Unmarshal(raw, &rec)
			p, _ := g.next()
			switch {
			case x == nil && p.T != rec.Payload.T || rec.Payload.Op != nil && p.Op != *rec.Payload.Op:
				t.Fatalf("op %d %s", p.Op, p.T)
			case x == nil:
				return
			}
			var in object
			json.Unmarshal(p.D, &in)
			want := rec.Payload.Data
			if len(want) == 0 {
				want = rec.Payload.D.Data
			}
			var data object
			json.Unmarshal(want, &data)
			if a, b := asJSON(in["data"]), asJSON(data); a != b {
				t.Fatalf("data %s\nrecorded %s", a, b)
			}
			body := object{"type": 4, "data": content("done")}
			if in["type"] == float64(4) {
				body = object{"type": 8, "data": object{"choices": []any{}}}
			}
			w.answer(in, body).must(t)
		})
	}
	d := discordtest.New(t, discordtest.Options{})
	if _, err := d.Replay("testdata/examples.json"); err == nil {
		t.Error("something that is no recording was replayed")
	}
}

func asJSON(v any) string { b, _ := json.Marshal(v); return string(b) }

func TestConsoleDrivesPeople(t *testing.T) {
	t.Parallel()
	d := discordtest.New(nil, discordtest.Options{})
	defer d.Close()
	w := newWire(t, d)
	gate, _ := w.connect(plainIntents)
	w.serve(gate, func(in object) { w.answer(in, reactTo(in)) })
	w.call("PUT", "/applications/"+d.App().ID+"/commands", []any{slash("move", option(3, "candidate", "required", true))}).must(t)
	var out strings.Builder
	err := discordtest.NewConsole(d, "Acme").Run(strings.NewReader(`
# a script
commands
Ada slash general move
Ada slash general move candidate:"Grace H"
Ada fill Stage = Onsite
Ada submit
Ada press Undo
Ada see general
Bob see general
faults
quit
Ada say general never
`), &out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"move\n", "cannot: /move: the required option candidate is missing", "form: Form\n  Stage*:", "Stage*: Onsite", "Rapport (only you can see this): Moved\n  [Undo]", "Taken back (edited)", "none\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "never") {
		t.Error("went on after quit")
	}
}
