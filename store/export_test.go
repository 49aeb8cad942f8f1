package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/store/storetest"
)

// furnished fills a store with something of every kind.
func furnished(t *testing.T, db *store.DB) {
	t.Helper()
	for _, tenant := range []string{"", "acme", "b/eta: x"} {
		sc := db.In(tenant)
		for i := range 30 {
			b := sc.Batch("")
			id := fmt.Sprint("c", i)
			store.Put(b, storetest.People, store.Row[storetest.Person]{ID: id, Val: storetest.Person{Name: "Ada <&> Nr " + id, Mail: id + "@mail.example", Stage: "screen", At: int64(i), Remote: "r" + id, Friend: "c1"}})
			b.Audit(store.Audit{At: time.UnixMilli(int64(i)), Act: "add", Records: []string{id}})
			b.Out(store.Out{ID: id, Place: "p", Body: []byte{byte(i), 0xff}, NotBefore: time.Now().Add(time.Hour), Careful: true})
			b.Timer(id, time.UnixMilli(1790000000000+int64(i)), []byte(id))
			b.Counter("n", 2)
			if err := sc.Commit(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		if err := sc.PutSecret(t.Context(), "slack", []byte("xoxb")); err != nil {
			t.Fatal(err)
		}
		if err := db.DeadLetter(t.Context(), tenant, store.Dead{ID: "d", Kind: "news", Name: "x", At: time.UnixMilli(5)}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsExportedComesBackTheSame(t *testing.T) {
	t.Parallel()
	from := opened(t, store.Options{Memory: true})
	furnished(t, from)
	var file bytes.Buffer
	if _, err := from.Export(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(file.String()), "\n") {
		if !json.Valid([]byte(line)) {
			t.Fatalf("line %d is not JSON: %.100s", i+1, line)
		}
	}
	if n, err := from.Import(t.Context(), bytes.NewReader(file.Bytes())); !errors.Is(err, store.ErrNotEmpty) || n != 0 {
		t.Errorf("into a store that is not empty: %d, %v", n, err)
	}
	to := opened(t, store.Options{URL: storetest.Server(t).URL()})
	if n, err := to.Import(t.Context(), bytes.NewReader(file.Bytes())); err != nil || n != 90 {
		t.Fatalf("imported %d, %v", n, err)
	}
	for _, tenant := range []string{"", "acme", "b/eta: x"} {
		a, b := from.In(tenant), to.In(tenant)
		want := map[string]string{}
		if err := storetest.People.Each(t.Context(), a, func(r store.Row[storetest.Person]) error { want[r.ID] = fmt.Sprint(r.Val); return nil }); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		if err := storetest.People.Each(t.Context(), b, func(r store.Row[storetest.Person]) error { got[r.ID] = fmt.Sprint(r.Val); return nil }); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(got, want) || len(got) != 30 {
			t.Errorf("%q: rows differ", tenant)
		}
		if rows, err := storetest.People.Lookup(t.Context(), b, "C7@mail.example", 3); err != nil || len(rows) != 1 {
			t.Errorf("%q: index of an imported row: %v %v", tenant, rows, err)
		}
		if v, err := b.Secret(t.Context(), "slack"); err != nil || string(v) != "xoxb" {
			t.Errorf("%q: secret %q %v", tenant, v, err)
		}
		if h, err := b.History(t.Context(), "c7", 0); err != nil || len(h) != 1 || !h[0].At.Equal(time.UnixMilli(7)) {
			t.Errorf("%q: history %v %v", tenant, h, err)
		}
		if all, err := b.Timers(t.Context(), ""); err != nil || len(all) != 30 {
			t.Errorf("%q: %d timers, %v", tenant, len(all), err)
		}
		if n, err := b.Counters(t.Context()); err != nil || n["n"] != 60 {
			t.Errorf("%q: counters %v %v", tenant, n, err)
		}
		if d, err := to.DeadLetters(t.Context(), tenant); err != nil || len(d) != 1 {
			t.Errorf("%q: dead letters %v %v", tenant, d, err)
		}
		if s, _, err := to.OutState(t.Context(), tenant, "c7"); err != nil || s != "waiting" {
			t.Errorf("%q: message %q %v", tenant, s, err)
		}
	}
	for name, text := range map[string]string{"nothing": "", "another file": `{"name":"x"}`, "a torn line": file.String()[:file.Len()-30]} {
		db := opened(t, store.Options{Memory: true})
		if _, err := db.Import(t.Context(), strings.NewReader(text)); err == nil {
			t.Errorf("%s was imported", name)
		}
		if _, err := db.Import(t.Context(), bytes.NewReader(file.Bytes())); err != nil {
			t.Errorf("after %s, the whole file: %v", name, err)
		}
	}
}

func TestInProcessStoreSurvivesACleanRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func() *store.DB {
		db, err := store.Open(t.Context(), store.Options{Memory: true, Data: dir, Secret: testKey})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	db := open()
	furnished(t, db)
	b := db.In("acme").Batch("")
	b.News("moved", []byte("x"))
	b.Token("t", []byte("y"), time.Hour)
	b.Seen("e", []byte("z"))
	if err := db.In("acme").Commit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Options{Memory: true, Data: dir}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second process in one directory: %v", err)
	}
	before := storetest.Dump(t, db)
	if err := db.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	db = open()
	defer db.Close(context.Background())
	after := storetest.Dump(t, db)
	storetest.Same(t, before, after)
	if len(before) < 100 {
		t.Errorf("only %d keys", len(before))
	}
	if ttl := db.Client().TTL(t.Context(), keyOf(after, ":acme:token:t")).Val(); ttl <= 0 || ttl > time.Hour {
		t.Errorf("the token lives %v", ttl)
	}
	if n, err := storetest.People.Len(t.Context(), db.In("acme")); n != 30 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
}

func keyOf(all map[string]string, end string) string {
	for k := range all {
		if strings.HasSuffix(k, end) {
			return k
		}
	}
	return ""
}

func TestChildSurvivesARestartOfTheProcess(t *testing.T) {
	t.Parallel()
	storetest.Program(t)
	dir := t.TempDir()
	for run := range 3 {
		db, err := store.Open(t.Context(), store.Options{Data: dir, Secret: testKey})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := storetest.People.Len(t.Context(), db.In("acme")); n != run || err != nil {
			t.Errorf("run %d: %d rows, %v", run, n, err)
		}
		b := db.In("acme").Batch("")
		store.Put(b, storetest.People, store.Row[storetest.Person]{ID: fmt.Sprint(run)})
		if err := db.In("acme").Commit(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRebuildPutsIndexesRight(t *testing.T) {
	t.Parallel()
	db := opened(t, store.Options{Memory: true})
	furnished(t, db)
	sc := db.In("acme")
	for k := range storetest.Dump(t, db) {
		if strings.Contains(k, ":acme:word:") || strings.Contains(k, ":acme:ord:") || strings.Contains(k, ":acme:uniq:") || strings.Contains(k, ":acme:tok:") {
			db.Client().Del(t.Context(), k)
		}
	}
	if rows, _ := storetest.People.Search(t.Context(), sc, "ada c7", 5); len(rows) != 0 {
		t.Fatal("the indexes are still there")
	}
	if n, err := sc.Rebuild(t.Context()); n != 30 || err != nil {
		t.Fatalf("rebuilt %d, %v", n, err)
	}
	if rows, err := storetest.People.Search(t.Context(), sc, "ada c7", 5); len(rows) != 1 || err != nil {
		t.Errorf("found %v, %v", rows, err)
	}
	if id, err := storetest.People.Owner(t.Context(), sc, "ats", "rc7"); id != "c7" || err != nil {
		t.Errorf("owner %q, %v", id, err)
	}
	if ids, err := storetest.People.Range(t.Context(), sc, "stage", "screen", store.Span{}); len(ids) != 30 || err != nil {
		t.Errorf("stage list %v, %v", ids, err)
	}
}

// An import that is cut off anywhere goes on with the same file, and ends as one that
// was not; meanwhile the store is known to be half of one.
func TestAnImportThatIsCutOffGoesOn(t *testing.T) {
	t.Parallel()
	from := opened(t, store.Options{Memory: true})
	furnished(t, from)
	var file bytes.Buffer
	if _, err := from.Export(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	whole := opened(t, store.Options{Memory: true})
	if _, err := whole.Import(t.Context(), bytes.NewReader(file.Bytes())); err != nil {
		t.Fatal(err)
	}
	lines := func(db *store.DB) []string {
		var out bytes.Buffer
		if _, err := db.Export(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		for k := range storetest.Dump(t, db) {
			if strings.HasSuffix(k, ":import") && !strings.Contains(k, ":lease:") {
				t.Errorf("%s is left over", k)
			}
		}
		all := strings.Split(strings.TrimSpace(out.String()), "\n")
		slices.Sort(all)
		return all
	}
	want := lines(whole)
	cuts := 0
	for _, point := range []string{"commit.before", "commit.after"} {
		for nth := 1; ; nth++ {
			left := nth
			db := opened(t, store.Options{Memory: true, Crash: func(p string) {
				if p == point {
					if left--; left == 0 {
						panic("cut off")
					}
				}
			}})
			cut := func() (cut bool) {
				defer func() { cut = recover() != nil }()
				_, err := db.Import(t.Context(), bytes.NewReader(file.Bytes()))
				if err != nil {
					t.Fatal(err)
				}
				return false
			}()
			if !cut {
				break
			}
			cuts++
			if _, err := db.Export(t.Context(), &bytes.Buffer{}); !errors.Is(err, store.ErrHalfImported) {
				t.Errorf("%s:%d: half a store is exported: %v", point, nth, err)
			}
			if _, err := db.Import(t.Context(), strings.NewReader(file.String()+" ")); !errors.Is(err, store.ErrOtherImport) {
				t.Errorf("%s:%d: another file goes on: %v", point, nth, err)
			}
			if n, err := db.Import(t.Context(), bytes.NewReader(file.Bytes())); err != nil || n != 90 {
				t.Fatalf("%s:%d: %d, %v", point, nth, n, err)
			}
			if d := storetest.Diff(want, lines(db)); d != "" {
				t.Fatalf("%s:%d: differs:\n%s", point, nth, d)
			}
		}
	}
	if cuts < 10 {
		t.Errorf("it was cut off %d times", cuts)
	}
}

// midway calls f once, after so many bytes.
type midway struct {
	bytes.Buffer
	after int
	f     func()
}

func (m *midway) Write(p []byte) (int, error) {
	if m.f != nil && m.Len() >= m.after {
		f := m.f
		m.f = nil
		f()
	}
	return m.Buffer.Write(p)
}

// Whatever waits for its timer has it in an export, though others work meanwhile.
func TestAnExportWhileOthersWorkKeepsWhatWaits(t *testing.T) {
	t.Parallel()
	from := opened(t, store.Options{Memory: true})
	sc := from.In("acme")
	const people = 400
	set := func(i int, stage string) {
		id := fmt.Sprint("c", i)
		row, err := storetest.People.Get(t.Context(), sc, id)
		if err != nil && !errors.Is(err, store.ErrNone) {
			t.Fatal(err)
		}
		b := sc.Batch("")
		row.ID, row.Val = id, storetest.Person{Name: strings.Repeat("Ada ", 60), Stage: stage}
		store.Put(b, storetest.People, row)
		if stage == "waits" {
			b.Timer(id, time.Now().Add(time.Hour), nil)
		} else {
			b.NoTimer(id)
		}
		if err := sc.Commit(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	for i := range people {
		set(i, []string{"waits", "done"}[i%2])
	}
	changed := false
	out := &midway{after: 1 << 16, f: func() {
		changed = true
		for i := range people { // those who wait are done, the others wait
			set(i, []string{"done", "waits"}[i%2])
		}
	}}
	if _, err := from.Export(t.Context(), out); err != nil || !changed {
		t.Fatal(err, changed)
	}
	to := opened(t, store.Options{Memory: true})
	if n, err := to.Import(t.Context(), bytes.NewReader(out.Bytes())); err != nil || n != people {
		t.Fatal(n, err)
	}
	timers, err := to.In("acme").Timers(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, x := range timers {
		has[x.ID] = true
	}
	stages := map[string]int{}
	if err := storetest.People.Each(t.Context(), to.In("acme"), func(r store.Row[storetest.Person]) error {
		if stages[fmt.Sprint(r.Val.Stage, r.ID[1]%2)]++; r.Val.Stage == "waits" && !has[r.ID] {
			t.Errorf("%s waits for a timer that is not there", r.ID)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
