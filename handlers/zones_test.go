package handlers_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
	"rapport/handlers"
	"rapport/handlers/admin"
)

// anotherWorld is a database in which Berlin keeps Tokyo's time and a zone stands
// that no other database has.
func anotherWorld(t *testing.T) *scheduling.DB {
	t.Helper()
	raw, err := os.ReadFile("../bot/scheduling/tzdata.zip")
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	tokyo, err := r.Open("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	law, err := io.ReadAll(tokyo)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	add := func(name string, body []byte) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range r.File {
		if f.Name == "Europe/Berlin" || !f.Mode().IsRegular() {
			continue
		}
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	add("Europe/Berlin", law)
	add("Europe/Atlantis", law)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := scheduling.Open(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// Every time that is read or said goes by the one database that was chosen.
func TestOneDatabaseForEverything(t *testing.T) {
	t.Parallel()
	zones := anotherWorld(t)
	w := bottest.New(t, bottest.Options{Roles: recruiting.Words(),
		Add: func(b *bot.Bot) { handlers.Add(b, admin.Links{Zones: zones}) }})
	w.Person(t, "Rita", recruiting.Recruiter|recruiting.Admin, "Europe/Berlin")
	room := w.Driver.(*bottest.Room)
	expect := func(line, want string) {
		t.Helper()
		if got := string(room.Command(t, "Rita", line)); !strings.Contains(got, want) {
			t.Errorf("%s: %q is not in\n%s", line, want, got)
		}
	}
	room.Command(t, "Rita", `job open "Backend Engineer" stages:"Applied, Screen"`)
	expect(`candidate add "Ada Okafor" job:"Backend Engineer" zone:Europe/Atlantis`, "Added")
	expect(`candidate show "Ada Okafor"`, "Europe/Atlantis")
	expect(`candidate add "Bea Blum" job:"Backend Engineer"`, "Added")
	expect(`candidate edit "Bea Blum" zone:Europe/Atlantis`, "Europe/Atlantis")
	expect(`interview note "Ada Okafor" what:booked when:"25 November 14:00"`, "is booked")
	expect(`candidate show "Ada Okafor"`, "booked, 25 Nov 2026 05:00 UTC")
	expect(`candidate reject "Bea Blum" reason:"Too junior." words:"We decided for somebody else."`, "UTC+9), where Bea is")
	expect(`when "wed 14:00" "Ada Okafor"`, "UTC+9")
	expect(`me zone:Europe/Atlantis`, "Europe/Atlantis")
	expect(`when "wed 14:00"`, "UTC+9")
}
