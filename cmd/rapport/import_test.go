package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
	"rapport/store/storetest"
)

// importing is a store and a folder to import from.
type importing struct {
	t   *testing.T
	env map[string]string
	dir string
}

func newImporting(t *testing.T) *importing {
	return &importing{t: t, env: map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL(), "RAPPORT_LOG": "error"}, dir: t.TempDir()}
}

// run imports a file and returns what was printed.
func (i *importing) run(csv string, flags ...string) (out, said string) {
	i.t.Helper()
	file := filepath.Join(i.dir, "people.csv")
	if err := os.WriteFile(file, []byte(csv), 0o600); err != nil {
		i.t.Fatal(err)
	}
	out, said, code := prints(i.t, i.env, append([]string{"import", "--csv", file}, flags...)...)
	want := 0
	if strings.Contains(out, "rows kept aside are in") {
		want = 3
	}
	if code != want {
		i.t.Fatalf("exit %d: %s", code, said)
	}
	return out, said
}

func (i *importing) store(f func(sc store.Scope)) {
	i.t.Helper()
	db, err := store.Open(context.Background(), store.Options{URL: i.env["RAPPORT_REDIS_URL"]})
	if err != nil {
		i.t.Fatal(err)
	}
	defer db.Close(context.Background())
	f(db.In("main"))
}

// all is every candidate by name, with what goes on with them.
func (i *importing) all() map[string]person {
	i.t.Helper()
	out := map[string]person{}
	i.store(func(sc store.Scope) {
		err := tables.Candidates.Each(context.Background(), sc, func(r store.Row[recruiting.Candidate]) error {
			p, err := tables.Processes.Get(context.Background(), sc, r.ID)
			out[r.Val.Name] = person{r.Val, p.Val, r.Rev, p.Rev}
			return err
		})
		if err != nil {
			i.t.Fatal(err)
		}
	})
	return out
}

type person struct {
	candidate     recruiting.Candidate
	process       recruiting.Process
	rev, progress int64
}

func has(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in:\n%s", w, text)
		}
	}
}

const people = `ID;Vorname;Nachname;E-Mail;Stelle;Status;Zeitzone;Notiz
7;Ada;Okafor;ada@mail.example;Backend Engineer;Onsite;Africa/Lagos;met in May
8;Bo;Chen;bo@mail.example;Backend Engineer;Take-home;Asia/Tokyo;
9;Cy;Diaz;cy@mail.example;Backend Engineer;Rejected;;
10;Di;Eze;not an address;Backend Engineer;Applied;;
11;Ed;Fry;ed@mail.example;Backend Engineer;Applied;Mars/Base;
12;Flo;Gil;flo@mail.example;Designer;Hired;;
`

func TestAnImportBringsPeopleInOnce(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	out, said := i.run(people)
	has(t, said, "“Backend Engineer”", "“Designer”", "--create-jobs", "line 5, column “E-Mail”", "line 6, column “Zeitzone”")
	has(t, out, "0 added", "6 kept aside")

	out, _ = i.run(people, "--create-jobs")
	has(t, out, "Opened the job “Backend Engineer”", "4 added", "2 kept aside", "1 were rejected before the import")
	aside, err := os.ReadFile(filepath.Join(i.dir, "people.rejected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "ID;Vorname;Nachname;E-Mail;Stelle;Status;Zeitzone;Notiz\n10;Di;Eze;not an address;Backend Engineer;Applied;;\n11;Ed;Fry;ed@mail.example;Backend Engineer;Applied;Mars/Base;\n"; string(aside) != want {
		t.Errorf("kept aside:\n%s", aside)
	}
	why, err := os.ReadFile(filepath.Join(i.dir, "people.rejected.txt"))
	if err != nil || strings.Count(string(why), "\n") != 2 {
		t.Errorf("%v: %s", err, why)
	}
	before := i.all()
	ada := before["Ada Okafor"]
	if a := ada.process.Apps; len(a) != 1 || a[0].Stage != "onsite" && a[0].Stage != "interview" || ada.candidate.Zone != "Africa/Lagos" {
		t.Errorf("%+v", ada)
	}
	if p := before["Cy Diaz"]; len(p.process.Apps) != 0 || len(p.candidate.Tags) != 1 {
		t.Errorf("a rejection from before makes no application: %+v", p)
	}
	if p := before["Flo Gil"]; len(p.process.Apps) != 1 || p.process.Apps[0].State != recruiting.Hired {
		t.Errorf("%+v", p)
	}

	out, _ = i.run(people, "--create-jobs")
	has(t, out, "0 added, 4 already here and unchanged, 0 already here and put on a job")
	after := i.all()
	for name, b := range before {
		if a := after[name]; len(after) != len(before) || a.rev != b.rev || a.progress != b.progress {
			t.Errorf("%s changed by the second import", name)
		}
	}
}

// A person named on several lines is one person; known people go on the new job.
func TestAnImportKnowsPeopleAgain(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	out, _ := i.run("name,email,job\nAda Okafor,ada@mail.example,Backend\nAda Okafor,ADA@mail.example,Design\nBo Chen,,\nBo Chen,,\n", "--create-jobs")
	has(t, out, "3 added, 1 already here and unchanged")
	got := i.all()
	if len(got["Ada Okafor"].process.Apps) != 2 {
		t.Errorf("%+v", got["Ada Okafor"].process.Apps)
	}
	out, _ = i.run("name,email,job\nAda Okafor,ada@mail.example,Support\n", "--create-jobs")
	has(t, out, "0 added, 0 already here and unchanged, 1 already here and put on a job")
	out, _ = i.run("name,email,job\nBo Chen,,\nBo Chen,,\n")
	has(t, out, "0 added, 2 already here and unchanged")
}

// The guard speaks in an import as at every other door.
func TestAnImportReadsZonesAsChatDoes(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	_, said := i.run("name;email;zone\nAda Okafor;ada@mail.example;Helsinki\nBo Chen;bo@mail.example;Portland\nCy Diaz;cy@mail.example;Europe/Berlin\n")
	has(t, said, `"Portland" stands for more than one place`, "America/Los_Angeles")
	all := i.all()
	if len(all) != 2 || all["Ada Okafor"].candidate.Zone != "Europe/Helsinki" || all["Cy Diaz"].candidate.Zone != "Europe/Berlin" {
		t.Error(all)
	}
}

func TestAnImportIsGuarded(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	i.run("name,email,job\nAda Okafor,ada@mail.example,Backend\n", "--create-jobs")
	i.store(func(sc store.Scope) {
		var job store.Row[recruiting.Job]
		if err := tables.Jobs.Each(context.Background(), sc, func(r store.Row[recruiting.Job]) error { job = r; return nil }); err != nil {
			t.Fatal(err)
		}
		job.Val.State, job.Val.Since = recruiting.JobEnded, time.Now()
		b := sc.Batch("")
		store.Put(b, tables.Jobs, job)
		if err := sc.Commit(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	})
	out, said := i.run("name,email,job\nBo Chen,bo@mail.example,Backend\n")
	has(t, out, "0 added", "1 kept aside")
	has(t, said, "line 2:", "closed")
}

// Thousands of rows, several commits in flight: everybody once, all found.
func TestAnImportOfMany(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	var b strings.Builder
	b.WriteString("id,name,email,job,stage\n")
	const n = 3000
	for k := range n {
		fmt.Fprintf(&b, "x%d,Person %d,p%d@mail.example,Backend,%s\n", k, k, k, []string{"Applied", "Screen", "Offer"}[k%3])
	}
	began := time.Now()
	out, _ := i.run(b.String(), "--create-jobs")
	has(t, out, fmt.Sprintf("%d added", n))
	t.Logf("%d rows in %v", n, time.Since(began))
	i.store(func(sc store.Scope) {
		if got, err := tables.Candidates.Len(context.Background(), sc); err != nil || got != n {
			t.Error(got, err)
		}
		rows, err := tables.Candidates.Lookup(context.Background(), sc, "p77@mail.example", 5)
		if err != nil || len(rows) != 1 || rows[0].Val.Name != "Person 77" {
			t.Error(rows, err)
		}
	})
	out, _ = i.run(b.String())
	has(t, out, fmt.Sprintf("0 added, %d already here and unchanged", n))
}

func TestExportAndImportKeepEverything(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	i.run(people, "--create-jobs")
	file := filepath.Join(i.dir, "all.jsonl")
	if _, said, code := prints(t, i.env, "export", file); code != 0 {
		t.Fatal(said)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	if _, said, code := prints(t, i.env, "export", file); code == 0 || !strings.Contains(said, "--force") {
		t.Error("an export wrote over a file unasked", code, said)
	}
	if _, said, code := prints(t, i.env, "export", "--force", file); code != 0 {
		t.Error(said)
	}
	other := newImporting(t)
	nothing := filepath.Join(i.dir, "nothing.jsonl")
	if _, said, code := prints(t, other.env, "export", nothing); code != 1 || !strings.Contains(said, "nothing to export: the Redis at RAPPORT_REDIS_URL") {
		t.Error(code, said)
	}
	bare := filepath.Join(i.dir, "bare")
	if _, said, code := prints(t, map[string]string{"RAPPORT_DATA": bare}, "export", nothing); code != 1 || !strings.Contains(said, "nothing to export: no data is in the folder "+bare) {
		t.Error(code, said)
	}
	for _, left := range []string{nothing, bare} {
		if _, err := os.Stat(left); !os.IsNotExist(err) {
			t.Errorf("%s is there: %v", left, err)
		}
	}
	if _, said, code := prints(t, other.env, "import", file); code != 0 {
		t.Fatal(said)
	}
	a, b := i.all(), other.all()
	if len(a) != 4 || len(b) != 4 || a["Ada Okafor"].candidate.ID != b["Ada Okafor"].candidate.ID || len(b["Ada Okafor"].process.Apps) != 1 {
		t.Errorf("%v\n%v", a, b)
	}
}

func TestAnImportSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	out, _ := i.run("Name,Email,Job,Stage,Phone\nAda Okafor,ada@mail.example,Baker,Tasting,\n", "--create-jobs")
	has(t, out, "1 added", "Opened the job “Baker” with the stages Applied, Screen, Interview, Tasting, Offer, Hired", "From the file: “Tasting”.", `/rapport job stages "Baker"`)
	if strings.Index(out, "Opened") < strings.Index(out, "1 added") {
		t.Error("what was made is not said at the end:", out)
	}
	_, said := i.run("Name,Email,Phone\nAda Okafor,ada@mail.example,+4930901820\n")
	has(t, said, "line 2: Ada Okafor is here already; the phone number +4930901820")
	file := filepath.Join(i.dir, "people.csv")
	if _, said, code := prints(t, i.env, "import", file); code != 1 || !strings.Contains(said, "add --csv") {
		t.Error(code, said)
	}
	if _, said, code := prints(t, i.env, "import", "--csv", filepath.Join(i.dir, "none.csv")); code != 1 || !strings.Contains(said, "none.csv: no such file") || strings.Contains(said, "<file>") {
		t.Error(code, said)
	}
}

// What was kept aside and corrected comes in by its own file, round after round.
func TestWhatWasKeptAsideIsImportedAgain(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	i.run("name,email\nAda Okafor,ada at mail\nBo Chen,bo at mail\n")
	file := func(name string) string { return filepath.Join(i.dir, name) }
	const half = "name,email\nAda Okafor,ada@mail.example\nBo Chen,bo at mail\n"
	for _, x := range []struct{ read, kept string }{{"people.rejected.csv", "people.rejected-2"}, {"people.rejected-2.csv", "people.rejected-3"}} {
		if err := os.WriteFile(file(x.read), []byte(half), 0o600); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(time.Second) // nobody corrects a file within a tick of its clock
		if err := os.Chtimes(file(x.read), later, later); err != nil {
			t.Fatal(err)
		}
		out, said, code := prints(t, i.env, "import", "--csv", file(x.read))
		if code != 3 {
			t.Fatal(code, said)
		}
		has(t, out, file(x.kept)+".csv", file(x.kept)+".txt")
		if now, err := os.ReadFile(file(x.read)); err != nil || string(now) != half {
			t.Errorf("the file that was read is now: %s %v", now, err)
		}
		if now, err := os.ReadFile(file(x.kept + ".csv")); err != nil || string(now) != "name,email\nBo Chen,bo at mail\n" {
			t.Errorf("kept aside: %s %v", now, err)
		}
	}

	// the first file once more: what was corrected since stays
	out, _ := i.run("name,email\nAda Okafor,ada at mail\nBo Chen,bo at mail\n")
	has(t, out, file("people.rejected-3")+".csv")
	if now, err := os.ReadFile(file("people.rejected.csv")); err != nil || string(now) != half {
		t.Errorf("the corrected file is now: %s %v", now, err)
	}
	out, _ = i.run("name,email\nAda Okafor,ada at mail\nBo Chen,bo at mail\n")
	has(t, out, file("people.rejected-3")+".csv")
}

// A slip in a stage's name is no new stage of a job that is there, by whatever name
// the file calls the job.
func TestAnImportMakesNoStagesOfAJobThatIsThere(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	i.run("name,email,job,stage\nAda Okafor,ada@mail.example,Baker,Tasting\n", "--create-jobs")
	var id string
	i.store(func(sc store.Scope) {
		err := tables.Jobs.Each(t.Context(), sc, func(r store.Row[recruiting.Job]) error {
			id, r.Val.External = r.ID, []recruiting.External{{System: "csv", ID: "REQ-7"}}
			b := sc.Batch("")
			store.Put(b, tables.Jobs, r)
			return sc.Commit(t.Context(), b)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	out, said := i.run("name,email,job,stage\nBo Chen,bo@mail.example,Baker,Tatsing\nCy Diaz,cy@mail.example,REQ-7,Tsating\nDi Eze,di@mail.example,"+id+",Tastnig\n", "--create-jobs")
	has(t, out, "0 added", "3 kept aside")
	has(t, said, "line 2: “Baker” has no stage “Tatsing”. Did you mean “Tasting”?", "line 3: “Baker” has no", "line 4: “Baker” has no")
	if strings.Contains(out, "Opened") {
		t.Error(out)
	}
}

// Whose data was erased does not come back by a file.
func TestAnImportLeavesTheErasedOut(t *testing.T) {
	t.Parallel()
	w := newSlackWorld(t, true)
	r := serve(t, w.env)
	w.ready(true)
	w.begin(r.code(t))
	w.types("ann", "/rapport", "candidate erase Ada", "Ada Okafor")
	w.presses("ann", "Erase for good", "Erased.")
	i := &importing{t: t, env: map[string]string{"RAPPORT_REDIS_URL": w.redis.URL(), "RAPPORT_LOG": "error"}, dir: t.TempDir()}
	out, said := i.run("name,email\nAda Okafor,ada@mail.example\nBo Chen,bo@mail.example\n")
	has(t, out, "1 added", "1 kept aside")
	has(t, said, "line 2: The data of this person was erased on")
}
