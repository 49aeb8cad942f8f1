package handlers_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/tables"
	"rapport/store/storetest"
)

// on is a world with every feature on a store of some kind.
func on(t *testing.T, kind string, spare bool) (*bottest.World, *storetest.Store) {
	t.Helper()
	clock := bottest.NewClock()
	s := storetest.Fresh(t, kind, clock.Now, spare)
	return bottest.New(t, bottest.Options{DB: s.DB, Clock: clock, Add: func(b *bot.Bot) { handlers.Add(b, links) }, Roles: recruiting.Words()}), s
}

// One conversation on every store. All of them, and the kernel's own tests, run on
// each store in `make soak`, which sets RAPPORT_TEST_STORE.
func TestAScriptOnEveryStore(t *testing.T) {
	t.Parallel()
	for _, kind := range storetest.Kinds {
		if kind == storetest.Kind(t) {
			continue // TestScripts has it
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w, _ := on(t, kind, false)
			bottest.Script(t, w, "pipeline/testdata/move.txt", roles)
		})
	}
}

// The master dies in the middle of a conversation: people read one sentence for some
// seconds, nothing that they were told is done is lost, and they go on.
func TestAConversationGoesOnAfterAFailOver(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"sentinel", "cluster"} {
		if kind == "cluster" && os.Getenv("RAPPORT_SOAK") == "" {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w, s := on(t, kind, true)
			w.Person(t, "Rita", roles("recruiter"), "Europe/Berlin")
			w.Person(t, "Max", roles("manager"), "Europe/Berlin")
			says := func(line, want string) {
				t.Helper()
				var got string
				for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
					began := time.Now()
					got = string(w.Driver.Command(t, "Rita", line))
					if took := time.Since(began); took > 3*time.Second {
						t.Errorf("%s: answered after %v", line, took)
					}
					if strings.Contains(got, want) {
						return
					}
					if !strings.Contains(got, "I cannot reach my memory") {
						break
					}
				}
				t.Fatalf("%s: want %q in:\n%s", line, want, got)
			}
			hears := func(words string) {
				t.Helper()
				got := ""
				for end := time.Now().Add(30 * time.Second); !strings.Contains(got, words); {
					if got += w.Driver.Inbox(t, "Max"); time.Now().After(end) {
						t.Fatalf("Max does not hear %q:\n%s", words, got)
					}
				}
				if n := strings.Count(got, words); n != 1 {
					t.Errorf("Max hears %q %d times", words, n)
				}
			}
			says(`/rapport job open "Backend Engineer" stages:"Applied, Screen, Onsite, Offer, Hired" manager:@Max`, "Opened Backend Engineer")
			const people = 8
			for i := range people {
				says(fmt.Sprintf(`/rapport candidate add "Ada%d Okafor" email:ada%d@mail.example job:"Backend Engineer"`, i, i), "Added Ada")
				says(fmt.Sprintf("/move ada%d to:Screen", i), "Moved Ada")
			}
			hears("Ada7 Okafor moved from Applied to Screen")
			s.Failover()
			for i := range people {
				says(fmt.Sprintf("/move ada%d to:Onsite", i), "Moved Ada"+fmt.Sprint(i)+" Okafor from Screen to Onsite")
			}
			hears("Ada7 Okafor moved from Screen to Onsite")
			at, err := tables.Processes.Count(t.Context(), s.In(w.Tenant), "open", jobOf(t, w, s))
			if err != nil || at[0] != people {
				t.Errorf("%v people on the job, %v", at, err)
			}
		})
	}
}

func jobOf(t *testing.T, w *bottest.World, s *storetest.Store) string {
	t.Helper()
	rows, err := tables.Jobs.Search(t.Context(), s.In(w.Tenant), "backend", 1)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	return rows[0].ID
}
