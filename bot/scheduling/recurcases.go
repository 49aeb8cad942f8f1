package scheduling

import (
	"context"
	"encoding/json"
	"time"
)

// expandCase is one recurrence case: a calendar and a window.
type expandCase struct {
	ICS        string      `json:"ics"`
	CalendarTZ string      `json:"calendar_tz"`
	Window     []time.Time `json:"window"`
}

// ExpandCase answers one recurrence case of the acceptance files: the blocking
// instances that touch the window, whole, as pairs of UTC times in order.
// Tentative instances block, free and cancelled ones do not.
func ExpandCase(raw json.RawMessage) (got any, err error) { return ExpandCaseWith(Default(), raw) }

// ExpandCaseWith is ExpandCase with another database.
func ExpandCaseWith(db *DB, raw json.RawMessage) (got any, err error) {
	find := db.Zone
	var q expandCase
	if err := json.Unmarshal(raw, &q); err != nil {
		return nil, unreadableCase("recurrence", err)
	}
	if len(q.Window) != 2 || q.Window[1].Before(q.Window[0]) {
		return nil, faultf("the window is a start and an end")
	}
	o := ICSOptions{Zone: find}
	if q.CalendarTZ != "" {
		home, err := find(q.CalendarTZ)
		if err != nil {
			return nil, err
		}
		o.Home = home
	}
	ctx := context.Background()
	cal, err := ReadICS(ctx, q.ICS, o)
	if err != nil {
		return nil, err
	}
	if len(cal.Unread) > 0 {
		u := cal.Unread[0]
		return nil, faultf("the event %q cannot be read: %s", clip(u.UID), u.Reason)
	}
	list, err := cal.Expand(ctx, q.Window[0], q.Window[1])
	if err != nil {
		return nil, err
	}
	pairs := [][2]string{}
	for _, i := range list {
		if !i.Free && i.Start.Before(i.End) {
			pairs = append(pairs, [2]string{stamp(i.Start), stamp(i.End)})
		}
	}
	return pairs, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
