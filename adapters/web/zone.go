package web

import (
	"net/http"
	"time"

	"rapport/bot/scheduling"
)

// A page shows moments of these years by how clocks run then; outside of them, by how
// they run at the nearest end.
const (
	yearsBack  = 5
	yearsAhead = 15
)

// zone tells a page how the clocks of a zone run, so that no browser's own database
// is asked: from which second on, how many seconds east of UTC.
func (c *Console) zone(w http.ResponseWriter, r *http.Request) {
	if _, _, ok := c.signedIn(w, r); !ok {
		return
	}
	var loc *time.Location
	if c.cfg.Zone != nil {
		loc, _ = c.cfg.Zone(r.URL.Query().Get("name"))
	}
	if loc == nil {
		c.refuse(w, http.StatusNotFound, "no_zone", "There is no such time zone.")
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Clocks [][2]int64 `json:"clocks"`
	}{clocksOf(loc, c.host.Now())})
}

// clocksOf is every change of the clocks from some years before now to some after.
func clocksOf(loc *time.Location, now time.Time) [][2]int64 {
	at, end := now.AddDate(-yearsBack, 0, 0).In(loc), now.AddDate(yearsAhead, 0, 0)
	out := make([][2]int64, 0, 2*(yearsBack+yearsAhead)+2)
	for {
		_, east := at.Zone()
		if n := len(out); n == 0 || out[n-1][1] != int64(east) {
			out = append(out, [2]int64{at.Unix(), int64(east)})
		}
		_, next := scheduling.PeriodOf(at)
		if next.IsZero() || next.After(end) {
			return out
		}
		at = next
	}
}
