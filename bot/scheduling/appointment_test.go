package scheduling

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"time"
)

// swapped is the carried database with one zone's law in the place of another's,
// as if a law had changed.
func swapped(t *testing.T, version string, laws map[string]string) *DB {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(carried), int64(len(carried)))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		f, err := r.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		if f.Mode().IsRegular() {
			body := read(f.Name)
			if from := laws[f.Name]; from != "" {
				body = read(from)
			}
			if f.Name == "VERSION" {
				body = []byte(version + "\n2026-12-01\n")
			}
			e, err := w.Create("zoneinfo/" + f.Name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Write(body); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := Open(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestRecheckListsWhatALawMoved(t *testing.T) {
	old := Default()
	// Berlin keeps London's time: an hour later on every day.
	changed := swapped(t, "2026z", map[string]string{"Europe/Berlin": "Europe/London", "Europe/Paris": "Africa/Lagos"})
	if changed.Version() != "2026z" {
		t.Fatalf("version %s", changed.Version())
	}
	make := func(id, zoneName, local string) Appointment {
		at, err := time.ParseInLocation(localLayout, local, zone(t, zoneName))
		if err != nil {
			t.Fatal(err)
		}
		a, err := NewAppointment(old, at)
		if err != nil {
			t.Fatal(err)
		}
		a.ID = id
		return a
	}
	all := []Appointment{
		make("berlin", "Europe/Berlin", "2027-01-12T15:00:00"),
		make("new york", "America/New_York", "2027-01-12T15:00:00"),
		make("paris winter", "Europe/Paris", "2027-01-12T15:00:00"),
		make("paris summer", "Europe/Paris", "2027-07-12T15:00:00"),
	}
	moved := Recheck(all, old, changed)
	if len(moved) != 2 || moved[0].ID != "berlin" || moved[0].By != time.Hour || moved[1].ID != "paris summer" || moved[1].By != time.Hour {
		t.Fatalf("moved: %+v", moved)
	}
	if got := moved[0].To.Format(time.RFC3339); got != "2027-01-12T15:00:00Z" {
		t.Errorf("to %s", got)
	}
	renewed, err := all[0].Renewed(changed)
	if err != nil || renewed.Version != "2026z" || !renewed.At.Equal(moved[0].To) {
		t.Errorf("renewed: %+v %v", renewed, err)
	}
	if again := Recheck([]Appointment{renewed}, changed, changed); len(again) != 0 {
		t.Errorf("moved again: %+v", again)
	}
}

func TestAppointmentKeepsTheChosenFold(t *testing.T) {
	db := Default()
	loc := zone(t, "Europe/Berlin")
	for i, utc := range []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"} {
		at, _ := time.Parse(time.RFC3339, utc)
		a, err := NewAppointment(db, at.In(loc))
		if err != nil {
			t.Fatal(err)
		}
		if a.Local != "2026-10-25T02:30:00" || a.Second != (i == 1) {
			t.Errorf("%+v", a)
		}
		text, _ := json.Marshal(a)
		var back Appointment
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if got, err := back.Instant(db); err != nil || !got.Equal(at) {
			t.Errorf("%s: %s %v", text, got, err)
		}
	}
	for _, name := range []string{"+05:30", "UTC"} {
		at := time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
		if name != "UTC" {
			at = at.In(time.FixedZone(name, 19800))
		}
		a, err := NewAppointment(db, at)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := a.Instant(db); err != nil || !got.Equal(at) {
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
}

func TestRecheckNamesZonesThatAreGone(t *testing.T) {
	a := Appointment{ID: "lost", Local: "2027-01-12T15:00:00", Zone: "Atlantis/Capital"}
	moved := Recheck([]Appointment{a}, Default(), Default())
	if len(moved) != 1 || moved[0].Err == nil {
		t.Fatalf("%+v", moved)
	}
}
