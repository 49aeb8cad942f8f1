package web

import (
	"testing"
	"time"

	"rapport/bot/scheduling"
)

// Every zone's clocks are told, to the end, and as the database has them: far years
// are where Go's own stretches stand still.
func TestThePageKnowsTheClocksOfEveryZone(t *testing.T) {
	t.Parallel()
	db := scheduling.Default()
	for _, name := range db.Names() {
		loc, err := db.Zone(name)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, now := range []time.Time{time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), time.Date(2031, 3, 1, 0, 0, 0, 0, time.UTC)} {
			clocks := clocksOf(loc, now)
			for at := now.AddDate(-yearsBack, 0, 1); at.Before(now.AddDate(yearsAhead, 0, -1)); at = at.Add(61 * time.Hour) {
				_, want := at.In(loc).Zone()
				got := int64(0)
				for _, c := range clocks {
					if c[0] <= at.Unix() {
						got = c[1]
					}
				}
				if got != int64(want) {
					t.Fatalf("%s at %s: %d, not %d", name, at, got, want)
				}
			}
		}
	}
}
