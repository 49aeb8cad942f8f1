package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"rapport/store"
	"rapport/store/storetest"
)

// TestMain lets the test program play a process that is killed.
func TestMain(m *testing.M) {
	dir := os.Getenv("STORE_TEST_VICTIM")
	if dir == "" {
		os.Exit(m.Run())
	}
	db, err := store.Open(context.Background(), store.Options{Data: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	sc := db.In("acme")
	for i := 0; ; i++ {
		b := sc.Batch("")
		store.Put(b, storetest.People, store.Row[storetest.Person]{ID: fmt.Sprint("c", i)})
		if err := sc.Commit(context.Background(), b); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
}

func TestKilledProcessLeavesADirectoryTheNextOneOpens(t *testing.T) {
	t.Parallel()
	storetest.Program(t)
	dir := t.TempDir()
	rows := 0
	for range 3 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "STORE_TEST_VICTIM="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		acked := -1
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, err := fmt.Sscan(lines.Text(), &acked); err != nil {
				t.Fatal(lines.Text())
			}
			if acked == 100 {
				_ = cmd.Process.Kill()
			}
		}
		_ = cmd.Wait()
		begun := time.Now()
		db, err := store.Open(t.Context(), store.Options{Data: dir})
		if err != nil {
			t.Fatal(err)
		}
		if d := time.Since(begun); d > 5*time.Second {
			t.Errorf("opened after %v", d)
		}
		n, err := storetest.People.Len(t.Context(), db.In("acme"))
		if err != nil || n < rows+acked+1 || n > rows+acked+2 {
			t.Errorf("%d rows; %d were acknowledged, %v", n, rows+acked+1, err)
		}
		for id := range n { // the next victim begins anew
			b := db.In("acme").Batch("")
			if r, err := storetest.People.Get(t.Context(), db.In("acme"), fmt.Sprint("c", id)); err == nil {
				store.Delete(b, storetest.People, r)
				if err := db.In("acme").Commit(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := db.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}
