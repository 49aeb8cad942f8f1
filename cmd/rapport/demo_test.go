package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
	"rapport/handlers/tables"
	"rapport/store"
)

// demo runs `rapport demo` in a folder and returns its address.
func demo(t *testing.T, dir string, args ...string) (url string, stop func()) {
	t.Helper()
	said := &heard{}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		newMain(said, said, map[string]string{"RAPPORT_DATA": dir, "RAPPORT_LISTEN": "127.0.0.1:0"}, append([]string{"demo"}, args...)...).Run(ctx)
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return said.find(t, `(http://127\.0\.0\.1:\d+/console/)`, 10*time.Second), stop
}

// inDemo looks into a demo's store that nobody runs.
func inDemo(t *testing.T, dir string, f func(ctx context.Context, sc store.Scope)) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Data: dir + "/demo"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(ctx)
	f(ctx, db.In("demo"))
}

func TestTheDemoHasAnEmployer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	began := time.Now()
	_, stop := demo(t, dir)
	t.Logf("ready after %v", time.Since(began))
	stop()
	inDemo(t, dir, func(ctx context.Context, sc store.Scope) {
		jobs := map[recruiting.JobState]int{}
		stages := map[string]bool{}
		if err := tables.Jobs.Each(ctx, sc, func(r store.Row[recruiting.Job]) error { jobs[r.Val.State]++; return nil }); err != nil {
			t.Fatal(err)
		}
		if jobs[recruiting.JobOpen] != 3 || jobs[recruiting.JobEnded] != 1 {
			t.Errorf("jobs: %v", jobs)
		}
		zones, half, n, refs, offers, rejections, notes := map[string]bool{}, 0, 0, 0, 0, 0, 0
		err := tables.Candidates.Each(ctx, sc, func(r store.Row[recruiting.Candidate]) error {
			n++
			zones[r.Val.Zone] = true
			loc, err := scheduling.Default().Zone(r.Val.Zone)
			if err != nil {
				return err
			}
			if _, off := time.Now().In(loc).Zone(); off%3600 != 0 {
				half++
			}
			if !r.Val.Demo || !strings.HasSuffix(r.Val.Mail(), ".example") {
				t.Errorf("%s is not marked as invented", r.Val.Name)
			}
			p, err := tables.Processes.Get(ctx, sc, r.ID)
			if err != nil {
				return err
			}
			for _, a := range p.Val.Apps {
				stages[a.Job+"/"+a.Stage] = true
				if a.Job == "j_data" && a.State == recruiting.Active {
					t.Errorf("%s has no outcome on a closed job", r.Val.Name)
				}
			}
			refs, offers, rejections = refs+len(p.Val.Refs), offers+len(p.Val.Offers), rejections+len(p.Val.Rejections)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := tables.Notes.Each(ctx, sc, func(store.Row[recruiting.Note]) error { notes++; return nil }); err != nil {
			t.Fatal(err)
		}
		if n != 60 || len(zones) < 8 || half == 0 || refs == 0 || offers == 0 || rejections == 0 || notes < 10 {
			t.Errorf("%d people, %d zones, %d of them at half hours, %d references, %d offers, %d rejections, %d notes", n, len(zones), half, refs, offers, rejections, notes)
		}
		for _, want := range []string{"j_backend/applied", "j_backend/screen", "j_backend/onsite", "j_backend/offer", "j_data/hired", "j_data/withdrawn"} {
			if !stages[want] {
				t.Errorf("nobody stands at %s", want)
			}
		}
		team := 0
		if err := bot.People.Each(ctx, sc, func(r store.Row[bot.Person]) error {
			team++
			if !strings.HasSuffix(r.Val.Email, ".example") {
				t.Errorf("%s has a real address", r.Val.Name)
			}
			return nil
		}); err != nil || team != 8 {
			t.Errorf("a team of %d (%v)", team, err)
		}
	})
}

// What a visitor does survives a restart, until they start over.
func TestTheDemoKeepsItsState(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, stop := demo(t, dir)
	stop()
	name := func() (out string) {
		inDemo(t, dir, func(ctx context.Context, sc store.Scope) {
			row, err := tables.Candidates.Get(ctx, sc, "c_demo00")
			if err != nil {
				t.Fatal(err)
			}
			out = row.Val.Name
		})
		return out
	}
	was := name()
	inDemo(t, dir, func(ctx context.Context, sc store.Scope) {
		row, err := tables.Candidates.Get(ctx, sc, "c_demo00")
		if err != nil {
			t.Fatal(err)
		}
		row.Val.Name = "Somebody Else"
		b := sc.Batch("")
		store.Put(b, tables.Candidates, row)
		if err := sc.Commit(ctx, b); err != nil {
			t.Fatal(err)
		}
	})
	_, stop = demo(t, dir)
	stop()
	if got := name(); got != "Somebody Else" {
		t.Errorf("after a restart she is called %s", got)
	}
	_, stop = demo(t, dir, "--reset")
	stop()
	if got := name(); got != was {
		t.Errorf("after a reset she is called %s, not %s", got, was)
	}
}

func TestTheDemoStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:0", ":8080", "192.0.2.1:80", "[::]:0"} {
		_, said, code := prints(t, map[string]string{"RAPPORT_DATA": t.TempDir(), "RAPPORT_LISTEN": listen}, "demo")
		if code == 0 || !strings.Contains(said, "this machine only") {
			t.Errorf("%s: %d %s", listen, code, said)
		}
	}
}
