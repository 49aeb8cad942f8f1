package handlers_test

import (
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/admin"
)

// Two employers of one installation are set up by a code each, whichever is typed
// first, and see nothing of each other. A workspace stays with its own.
func TestTwoEmployersAreSetUpSideBySide(t *testing.T) {
	t.Parallel()
	w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { handlers.Add(b, admin.Links{}) }, Roles: recruiting.Words()})
	room := w.Driver.(*bottest.Room)
	ctx, now := t.Context(), w.Clock.Now()
	plain, err := admin.NewSetupCode(ctx, w.DB, w.Tenant, now)
	if err != nil {
		t.Fatal(err)
	}
	tenant, globex, err := admin.NewEmployer(ctx, w.DB, "  Globex & Söhne, Inc. ", now)
	if err != nil || tenant != "globex-s-hne-inc" {
		t.Fatal(tenant, err)
	}
	says := func(team, who, words string, want ...string) {
		t.Helper()
		got := string(room.In(t, team, who, bot.Asked{Text: words}))
		for _, x := range want {
			if no, not := strings.CutPrefix(x, "!"); not && strings.Contains(got, no) || !not && !strings.Contains(got, x) {
				t.Errorf("%s in %s types %q: %q of\n%s", who, team, words, x, got)
			}
		}
	}
	says("T1", "Ann", "setup "+plain, "You are Admin now for ", "!Globex", "!same employer")
	says("T1", "Gus", "setup "+globex, "belongs to another employer", "!You are Admin now")
	says("T2", "Gus", "setup "+globex, "You are Admin now for Globex & Söhne, Inc.", "!same employer") // it was not used up by the wrong workspace
	says("T1", "Ann", "job open \"Lighthouse Keeper\"", "Lighthouse Keeper")
	says("T1", "Ann", "job list", "Lighthouse Keeper")
	says("T2", "Gus", "job list", "!Lighthouse Keeper")
	says("T2", "Gus", "member list", "Gus", "!Ann")
	says("T2", "Ann", "job list", "!Lighthouse Keeper") // hers is another account there

	if _, _, err := admin.NewEmployer(ctx, w.DB, "globex s hne inc", now); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Error(err)
	}
	if _, _, err := admin.NewEmployer(ctx, w.DB, "北", now); err == nil {
		t.Error("a name without an id was taken")
	}
	if _, _, err := admin.NewEmployer(ctx, w.DB, "Initech", now); err != nil {
		t.Fatal(err)
	}
	if _, again, err := admin.NewEmployer(ctx, w.DB, "Initech", now); err != nil || again == "" {
		t.Error("an employer without an Admin gets another code:", err)
	}
	if plain, err = admin.NewSetupCode(ctx, w.DB, w.Tenant, now); err != nil {
		t.Fatal(err)
	}
	says("T3", "Cy", "setup "+plain, "You are Admin now", "belongs to the same employer", "rapport setup-code --employer NAME")
}
