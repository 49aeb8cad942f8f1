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

// A workspace that threw Rapport out stays its employer's: they install again, and
// others can claim it only once an Admin has released it from elsewhere.
func TestAWorkspaceThatIsGoneIsReleasedFromElsewhere(t *testing.T) {
	t.Parallel()
	w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { handlers.Add(b, admin.Links{}) }, Roles: recruiting.Words()})
	w.Person(t, "Anna", recruiting.Admin, "Europe/Berlin")
	w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
	claim := func(tenant, team string) error {
		return w.Bot.Claim(t.Context(), "room", team, tenant, "", w.Clock.Now())
	}
	for tenant, team := range map[string]string{w.Tenant: "T0GONE", "others": "T0OTHERS"} {
		if err := claim(tenant, team); err != nil {
			t.Fatal(err)
		}
	}
	room := w.Driver.(*bottest.Room)
	n := 0
	says := func(who, line string, words ...string) {
		t.Helper()
		n++
		got := string(room.Event(t, who, "e"+string(rune('a'+n)), bot.Asked{Text: line}))
		for _, x := range words {
			if !strings.Contains(got, x) {
				t.Errorf("%s: %q is not in:\n%s", line, x, got)
			}
		}
	}
	gone := bot.Event{ID: "gone", Guest: true, Place: bot.Place{Network: "room", Team: "T0GONE"}, At: w.Clock.Now(), Body: bot.Uninstalled{}}
	if err := w.Bot.Receive(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	if err := claim(w.Tenant, "T0GONE"); err != nil {
		t.Error("installed again by the same employer:", err)
	}
	if err := claim("others", "T0GONE"); !bot.IsFault(err, bot.Refused) {
		t.Error("claimed by others:", err)
	}
	says("Rita", "team release T0GONE", "is for an Admin")
	says("Anna", "team release T0OTHERS", "Say which workspace should go")
	says("Anna", "team list", "T0GONE")
	says("Anna", "team release t0gone", "T0GONE on room will belong to nobody: everybody there is a stranger")
	if got := room.Press(t, "Anna", "Release"); !strings.Contains(string(got), "Released.") {
		t.Error(got)
	}
	if err := claim("others", "T0GONE"); err != nil {
		t.Error("claimed by others after the release:", err)
	}
	says("Anna", "team release T0GONE", "Say which workspace should go")
	if err := claim(w.Tenant, "T0OTHERS"); !bot.IsFault(err, bot.Refused) {
		t.Error("what is others' was let go:", err)
	}
}
