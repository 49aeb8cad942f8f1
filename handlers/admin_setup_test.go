package handlers_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/admin"
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
				if strings.Contains(string(room.Event(t, who, "", bot.Asked{Text: "setup " + typed})), "You are Admin now") {
					mu.Lock()
					in++
					mu.Unlock()
				}
			}()
		}
		wg.Wait()
		if s := room.Event(t, "Later", "", bot.Asked{Text: "setup " + code}); strings.Contains(string(s), "You are Admin now") {
			in++
		}
		if in != 1 {
			t.Fatalf("%d people became Admin by one code", in)
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
