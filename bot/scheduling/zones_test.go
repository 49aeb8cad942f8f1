package scheduling

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTheCarriedDatabaseIsNewEnough(t *testing.T) {
	db := Default()
	if db.Version() < "2026f" {
		t.Fatalf("version %s, want 2026f or newer", db.Version())
	}
	if got := db.Stale(db.Released().Add(179 * 24 * time.Hour)); got != "" {
		t.Errorf("after 179 days: %q, want nothing", got)
	}
	if got := db.Stale(db.Released().Add(181 * 24 * time.Hour)); !strings.Contains(got, "181 days") {
		t.Errorf("after 181 days: %q", got)
	}
}

func TestLawsOf2026(t *testing.T) {
	for zone, want := range map[string]int{
		"America/Vancouver": -7, "America/Edmonton": -6, "America/Yellowknife": -6,
		"America/Winnipeg": -5, "Africa/Casablanca": 0, "America/Havana": -4,
	} {
		loc, err := Default().Zone(zone)
		if err != nil {
			t.Fatal(err)
		}
		_, got := time.Date(2026, 12, 10, 12, 0, 0, 0, time.UTC).In(loc).Zone()
		if got != want*3600 {
			t.Errorf("%s in December 2026: %d s, want %d h", zone, got, want)
		}
	}
}

func TestZoneNames(t *testing.T) {
	for _, c := range []struct{ ask, want string }{
		{"Europe/Berlin", "Europe/Berlin"},
		{"europe/berlin", "Europe/Berlin"},
		{" \"Europe/Berlin\" ", "Europe/Berlin"},
		{"Asia/Calcutta", "Asia/Calcutta"},
		{"US/Pacific", "US/Pacific"},
		{"W. Europe Standard Time", "Europe/Berlin"},
		{"Pacific Daylight Time", "America/Los_Angeles"},
		{"/mozilla.org/20050126_1/America/Argentina/Salta", "America/Argentina/Salta"},
		{"UTC", "UTC"},
	} {
		loc, err := Default().Zone(c.ask)
		if err != nil {
			t.Errorf("%q: %v", c.ask, err)
		} else if loc.String() != c.want {
			t.Errorf("%q: %s, want %s", c.ask, loc, c.want)
		}
	}
	for ask, near := range map[string]string{
		"Europe/Berln": "Europe/Berlin", "Amercia/New_York": "America/New_York", "new yrok": "America/New_York",
		"Local": "", "": "", "posixrules": "", "localtime": "", "Xyzzy Standard Time": "", strings.Repeat("é", 5000): "",
	} {
		_, err := Default().Zone(ask)
		var unknown *UnknownZone
		if !errors.As(err, &unknown) {
			t.Errorf("%.20q: %v, want an unknown zone", ask, err)
		} else if near != "" && (len(unknown.Near) == 0 || unknown.Near[0] != near) {
			t.Errorf("%q: near %v, want %s first", ask, unknown.Near, near)
		}
	}
	if got := Default().Canonical("asia/calcutta"); got != "Asia/Kolkata" {
		t.Errorf("behind Asia/Calcutta: %s", got)
	}
}

func TestEveryNameLoads(t *testing.T) {
	db := Default()
	for _, name := range db.Names() {
		if _, err := db.Zone(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, w := range windowsTable() {
		if _, err := db.Zone(w.zone); err != nil {
			t.Errorf("%s: %v", w.name, err)
		}
		for territory, zone := range w.byTerritory {
			if _, err := db.Zone(zone); err != nil {
				t.Errorf("%s in %s: %v", w.name, territory, err)
			}
		}
	}
}

func TestWindowsTerritories(t *testing.T) {
	for _, c := range []struct{ name, territory, want string }{
		{"Pacific Standard Time", "", "America/Los_Angeles"},
		{"Pacific Standard Time", "001", "America/Los_Angeles"},
		{"Pacific Standard Time", "CA", "America/Vancouver"},
		{"pacific standard time", "ca", "America/Vancouver"},
		{"Greenwich Standard Time", "", "Atlantic/Reykjavik"},
	} {
		if got, _ := WindowsZone(c.name, c.territory); got != c.want {
			t.Errorf("%s in %q: %s, want %s", c.name, c.territory, got, c.want)
		}
	}
}

func TestADatabaseServesManyAtOnce(t *testing.T) {
	db, err := Load(carried)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for _, phrase := range []string{"tue 3pm US time", "tue 3pm Texas time", "tue 3pm Mubmai time", "tue 3pm IST", "Tue 24 Nov 2026, 15:00 New York time"} {
				r := Read(phrase, ReadContext{DB: db, Now: monday, Zone: db.Names()[100+i*40]})
				if r.Words == "" {
					t.Errorf("%q: %+v", phrase, r)
				}
			}
		})
	}
	wg.Wait()
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("PK"), carried[:len(carried)/2]} {
		if _, err := Open(b); !errors.Is(err, ErrNoDatabase) {
			t.Errorf("%d bytes: %v, want ErrNoDatabase", len(b), err)
		}
	}
}
