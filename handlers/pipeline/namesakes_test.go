package pipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// TestAmongManyNamesakes: who is most likely meant is offered, whatever the index
// finds first.
func TestAmongManyNamesakes(t *testing.T) {
	t.Parallel()
	r := house(t)
	sc := r.db.In("t1")
	private, err := tables.Jobs.Get(t.Context(), sc, "j_2")
	if err != nil {
		t.Fatal(err)
	}
	private.Val.Private, private.Val.Recruiters = true, nil
	b := sc.Batch("")
	store.Put(b, tables.Jobs, private)
	if err := sc.Commit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	const many = 24
	for i := range many {
		id := r.candidate(t, i, nil).Candidate.ID
		row, err := tables.Processes.Get(t.Context(), sc, id)
		if err != nil {
			t.Fatal(err)
		}
		switch i {
		case many - 1: // the latest of all, but on a job of others
			more := row.Val.Apps[0]
			more.ID, more.Job = "A-2", "j_2"
			row.Val.Apps[0].State = recruiting.Rejected
			row.Val.Apps = append(row.Val.Apps, more)
		case 15, 16, 17, 18, 19, 20, 21, 22:
			row.Val.Apps = nil
		case 3: // something happened with an early one just now
			row.Val.Deeds[0].At = r.clock.Now().Add(time.Hour)
		}
		b := sc.Batch("")
		store.Put(b, tables.Processes, row)
		if err := sc.Commit(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		r.clock.Add(time.Minute)
	}
	offers := func(want ...int) {
		t.Helper()
		names := make([]string, len(want))
		for i, n := range want {
			names[i] = fmt.Sprint("Ada Okafor ", n)
		}
		if got := string(r.type_(t, 0, "candidate move Ada")); !strings.Contains(got, ": "+strings.Join(names, " | ")+">") {
			t.Errorf("want %v:\n%s", want, got)
		}
	}
	offers(3, 14, 13, 12, 11, 10, 9, 8, 7, 6)
	for i := 4; i < 15; i++ {
		rows, err := tables.Candidates.Lookup(t.Context(), sc, fmt.Sprintf("ada%d@mail.example", i), 1)
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		b := sc.Batch("")
		store.Delete(b, tables.Candidates, rows[0])
		if err := sc.Commit(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	offers(3, 2, 1, 0, 23, 22, 21, 20, 19, 18)
}
