package handlers_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/admin"
	"rapport/store"
)

// A setup code lets one person in, however many try it at once, and takes ten tries
// in all.
func TestASetupCodeIsUsedOnce(t *testing.T) {
	t.Parallel()
	for range 25 {
		w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { handlers.Add(b, admin.Links{}) }, Roles: recruiting.Words()})
		room := w.Driver.(*bottest.Room)
		code, err := admin.NewSetupCode(context.Background(), w.DB, w.Tenant, w.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		in := 0
		var said []string
		var wg sync.WaitGroup
		for i := range 9 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				typed, who := "WRNG-WRNG-WRNG", "Wrong"
				if i%3 == 0 {
					typed, who = code, "Right"
				}
				who += string(rune('a' + i))
				got := string(room.Event(t, who, "", bot.Asked{Text: "setup " + typed}))
				mu.Lock()
				defer mu.Unlock()
				said = append(said, who+": "+got)
				if strings.Contains(got, "You are Admin now") {
					in++
				}
			}()
		}
		wg.Wait()
		if s := room.Event(t, "Later", "", bot.Asked{Text: "setup " + code}); strings.Contains(string(s), "You are Admin now") {
			in++
		}
		tired := strings.Contains(strings.Join(said, ""), "Please try again") // a busy machine: whoever was told so has not had their turn
		if in > 1 || in == 0 && !tired {
			t.Fatalf("%d people became Admin by one code:\n%s", in, strings.Join(said, "\n"))
		}
	}
}

func TestASetupCodeTakesTenTries(t *testing.T) {
	t.Parallel()
	w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { handlers.Add(b, admin.Links{}) }, Roles: recruiting.Words()})
	room := w.Driver.(*bottest.Room)
	code, err := admin.NewSetupCode(context.Background(), w.DB, w.Tenant, w.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		room.Event(t, "Zed", "", bot.Asked{Text: "setup WRNG-WRNG-WRNG"})
	}
	if s := room.Event(t, "Zed", "", bot.Asked{Text: "setup " + code}); strings.Contains(string(s), "You are Admin now") {
		t.Fatal("the eleventh try was let in")
	}
}

// Whoever is cut off while the code makes them Admin types it again; it is theirs alone.
func TestASetupCodeThatWasCutOffGoesOn(t *testing.T) {
	t.Parallel()
	cuts := 0
	for nth := int32(1); nth < 5; nth++ {
		var left atomic.Int32 // commits until one fails
		clock := bottest.NewClock()
		db, err := store.Open(t.Context(), store.Options{Memory: true, Now: clock.Now, Crash: func(point string) {
			if point == "commit.before" && left.Add(-1) == 0 {
				panic("cut off")
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close(context.Background()) })
		w := bottest.New(t, bottest.Options{DB: db, Clock: clock, Add: func(b *bot.Bot) { handlers.Add(b, admin.Links{}) }, Roles: recruiting.Words()})
		room := w.Driver.(*bottest.Room)
		code, err := admin.NewSetupCode(context.Background(), db, w.Tenant, clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		types := func(who string) bool {
			return strings.Contains(string(room.Event(t, who, "", bot.Asked{Text: "setup " + code})), "You are Admin now")
		}
		left.Store(nth)
		in := types("Zed")
		left.Store(0)
		if in {
			continue // it takes fewer commits
		}
		cuts++
		if nth > 1 && types("Mallory") { // before the first, nobody had taken it
			t.Fatalf("cut off at commit %d, another takes the code", nth)
		}
		if !types("Zed") {
			t.Fatalf("cut off at commit %d, the code is lost", nth)
		}
	}
	if cuts < 2 {
		t.Fatalf("it was cut off %d times", cuts)
	}
}
