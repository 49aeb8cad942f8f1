package handlers_test

import (
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/handlers/admin"
	"rapport/handlers/tables"
	"rapport/store"
	"rapport/store/storetest"
)

// What another process has written a moment ago counts: no refusal rests on a row that
// this process remembers.
func TestNothingIsRefusedOnRememberedRows(t *testing.T) {
	t.Parallel()
	clock := bottest.NewClock()
	dbs := storetest.Two(t, clock.Now)
	w := bottest.New(t, bottest.Options{DB: dbs[0], Clock: clock, Roles: recruiting.Words(), Add: func(b *bot.Bot) { handlers.Add(b, admin.Links{}) }})
	there := dbs[1].In(w.Tenant)
	w.Person(t, "Anna", recruiting.Admin, "Europe/Berlin")
	w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
	room := w.Driver.(*bottest.Room)
	says := func(who, line, words string) {
		t.Helper()
		if got := string(room.Command(t, who, line)); !strings.Contains(got, words) {
			t.Errorf("%s: %q is not in:\n%s", line, words, got)
		}
	}
	says("Rita", `/rapport job open "Backend Engineer" stages:"Applied, Screen, Offer, Hired"`, "Backend Engineer")
	says("Rita", `/rapport candidate add "Ada Okafor" email:ada@mail.example job:"Backend Engineer"`, "Added")

	zone := func(name string) {
		t.Helper()
		for _, id := range all(t, tables.Candidates, there) {
			change(t, tables.Candidates, there, id, func(c *recruiting.Candidate) { c.Zone = name })
		}
	}
	zone("Africa/Lagos")
	says("Rita", "/when tomorrow 14:30 IST candidate:Ada", "several time zones")
	zone("")
	says("Anna", "/when tomorrow 15:00 candidate:Ada", "time zone yet") // remembered so
	zone("Africa/Lagos")
	if got := string(room.Press(t, "Rita", "Wed 25 Nov 2026, 14:30 Kolkata")); !strings.Contains(got, "Ada Okafor (candidate)") {
		t.Errorf("the candidate's clock is refused:\n%s", got)
	}

	says("Rita", `/rapport offer draft Ada terms:"60,000 a year"`, "has been drafted")
	bottest.Settle(t, dbs[0], w.Tenant)
	says("Rita", "/rapport letter list", "Copy")
	var keep recruiting.Job
	for _, id := range all(t, tables.Jobs, there) {
		change(t, tables.Jobs, there, id, func(j *recruiting.Job) { keep = *j; j.Private, j.Recruiters, j.Managers = true, nil, nil })
		says("Anna", `/rapport job show "Backend Engineer"`, "Backend Engineer") // remembered so
		change(t, tables.Jobs, there, id, func(j *recruiting.Job) { *j = keep })
	}
	if got := string(room.Press(t, "Rita", "Copy")); !strings.Contains(got, "We would be glad") {
		t.Errorf("the letter is refused:\n%s", got)
	}
}

func all[T any](t *testing.T, table *store.Table[T], sc store.Scope) (ids []string) {
	t.Helper()
	if err := table.Each(t.Context(), sc, func(r store.Row[T]) error { ids = append(ids, r.ID); return nil }); err != nil || len(ids) == 0 {
		t.Fatal(ids, err)
	}
	return ids
}

func change[T any](t *testing.T, table *store.Table[T], sc store.Scope, id string, f func(v *T)) {
	t.Helper()
	row, err := table.Get(t.Context(), sc, id)
	if err != nil {
		t.Fatal(err)
	}
	f(&row.Val)
	b := sc.Batch("")
	store.Put(b, table, row)
	if err := sc.Commit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}
