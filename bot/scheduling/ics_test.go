package scheduling

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

const twoEvents = "BEGIN:VCALENDAR\nX-WR-TIMEZONE:Asia/Tokyo\nBEGIN:VEVENT\nUID:a@rapport.example\nDTSTART:20261123T090000\nDTEND:20261123T100000\n" +
	"SUMMARY:Gespräch mit \n  Ada\\, zu zweit\nEND:VEVENT\nBEGIN:VEVENT\nUID:b@rapport.example\nDTSTART;TZID=Nowhere/Town:20261123T090000\nSUMMARY:lost\nEND:VEVENT\nEND:VCALENDAR\n"

func TestCalendarsAsOthersWriteThem(t *testing.T) {
	for name, text := range map[string]string{
		"line feeds":             twoEvents,
		"CRLF":                   strings.ReplaceAll(twoEvents, "\n", "\r\n"),
		"returns":                strings.ReplaceAll(twoEvents, "\n", "\r"),
		"a mark":                 "\ufeff" + twoEvents,
		"cut":                    strings.TrimSuffix(twoEvents, "END:VCALENDAR\n"),
		"folded inside a letter": strings.ReplaceAll(strings.ReplaceAll(twoEvents, "\n", "\r\n"), "ä", "\xc3\r\n \xa4"),
	} {
		cal, err := ReadICS(t.Context(), text, ICSOptions{})
		if err != nil {
			t.Fatalf("%s: %s", name, err)
		}
		list, err := cal.Expand(t.Context(), instant(t, "2026-11-01T00:00:00Z"), instant(t, "2026-12-01T00:00:00Z"))
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %v, %v", name, list, err)
		}
		if i := list[0]; i.Title != "Gespräch mit  Ada, zu zweit" || stamp(i.Start) != "2026-11-23T00:00:00Z" || stamp(i.End) != "2026-11-23T01:00:00Z" {
			t.Errorf("%s: %+v", name, i)
		}
		if len(cal.Unread) != 1 || cal.Unread[0].UID != "b@rapport.example" || !strings.Contains(cal.Unread[0].Reason, "Nowhere/Town") {
			t.Errorf("%s: unread %+v", name, cal.Unread)
		}
	}
	if _, err := ReadICS(t.Context(), "Dear all,\n", ICSOptions{}); err == nil {
		t.Error("a letter is taken as a calendar")
	}
}

func TestWhatBlocks(t *testing.T) {
	event := func(lines string) string {
		return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261123T090000Z\nDTEND:20261123T100000Z\n" + lines + "\nEND:VEVENT\nEND:VCALENDAR\n"
	}
	for _, c := range []struct {
		name, text       string
		firm, tentatives int
	}{
		{"confirmed", event("STATUS:CONFIRMED"), 1, 1},
		{"tentative", event("STATUS:TENTATIVE"), 0, 1},
		{"free", event("TRANSP:TRANSPARENT"), 0, 0},
		{"Exchange's tentative", event("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"), 0, 1},
		{"Exchange's away", event("X-MICROSOFT-CDO-BUSYSTATUS:OOF"), 1, 1},
		{"declined by the owner", event("ATTENDEE;PARTSTAT=DECLINED;CN=\"Kim: me\":MAILTO:Kim@rapport.example"), 0, 0},
		{"unanswered by the owner", event("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:kim@rapport.example"), 0, 1},
		{"declined by somebody else", event("ATTENDEE;PARTSTAT=DECLINED:mailto:lou@rapport.example"), 1, 1},
		{"called off", strings.Replace(event(""), "BEGIN:VEVENT", "METHOD:CANCEL\nBEGIN:VEVENT", 1), 0, 0},
		{"published", "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20261123T090000Z/PT1H,20261124T090000Z/20261124T100000Z\n" +
			"FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261125T090000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20261126T090000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n", 2, 3},
	} {
		cal, err := ReadICS(t.Context(), c.text, ICSOptions{Owner: "kim@rapport.example"})
		if err != nil {
			t.Fatal(err)
		}
		from, to := instant(t, "2026-11-01T00:00:00Z"), instant(t, "2026-12-01T00:00:00Z")
		for i, want := range []int{c.firm, c.tentatives} {
			list, err := cal.Busy(t.Context(), from, to, i == 1)
			if err != nil || len(list) != want {
				t.Errorf("%s: %v, want %d, %v", c.name, list, want, err)
			}
		}
	}
}

func TestCalendarLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\n")
	for i := range MaxEvents + 2 {
		fmt.Fprintf(&b, "BEGIN:VEVENT\nUID:%d\nDTSTART:20261123T090000Z\nEND:VEVENT\n", i)
	}
	if _, err := ReadICS(t.Context(), b.String(), ICSOptions{}); !errors.Is(err, ErrTooMany) {
		t.Errorf("events without end: %v", err)
	}
	dense := "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:19900101T090000Z\nDURATION:PT1M\nRRULE:FREQ=MINUTELY\nEND:VEVENT\nEND:VCALENDAR\n"
	cal, err := ReadICS(t.Context(), dense, ICSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := cal.Expand(t.Context(), instant(t, "2026-11-23T00:00:00Z"), instant(t, "2026-11-24T00:00:00Z")); err != nil || len(list) != 1440 {
		t.Errorf("a day of minutes: %d, %v", len(list), err)
	}
	if _, err := cal.Expand(t.Context(), instant(t, "2026-01-01T00:00:00Z"), instant(t, "2027-01-01T00:00:00Z")); !errors.Is(err, ErrTooMany) {
		t.Errorf("a year of minutes: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := cal.Expand(ctx, instant(t, "2026-11-23T00:00:00Z"), instant(t, "2026-11-24T00:00:00Z")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]Length{
		"P1W": {7, 0}, "P1DT2H": {1, 2 * time.Hour}, "PT24H": {0, 24 * time.Hour}, "+PT15M": {0, 15 * time.Minute}, "pt1h30m5s": {0, time.Hour + 30*time.Minute + 5*time.Second}, "P0D": {},
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "P", "PT", "1H", "P1H", "PT1D", "-PT15M", "P1", "PT5", "P99999999999999999999D", "PTT1H", "P9999D"} {
		if got, err := parseDuration(text); err == nil {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
}

// soon fails what takes too long; the time is measured, not used as a moment.
func soon(t *testing.T, text string) func() {
	begin := time.Now()
	return func() {
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("%q took %s", text, took)
		}
	}
}

func FuzzReadICS(f *testing.F) {
	f.Add(twoEvents)
	f.Add(calendarText(custom + "DTSTART;TZID=Head office:20261023T090000\nDURATION:P1DT1H\nRRULE:FREQ=WEEKLY;COUNT=2\nRDATE;VALUE=PERIOD:20261101T000000Z/PT1H\n--\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261030T080000Z\nDTSTART:20261030T090000Z"))
	f.Add("BEGIN:VEVENT\nDTSTART :00000101\nRRULE:FREQ=MONTHLY;BYDAY=01SA") // rrule-go runs out of its tables in the year 0
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261123\nRRULE:FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20300101\nEXDATE;VALUE=DATE:20261129,20261227\nEND:VEVENT")
	f.Fuzz(func(t *testing.T, text string) {
		defer soon(t, text)()
		cal, err := ReadICS(t.Context(), text, ICSOptions{Zone: Default().Zone})
		if err != nil {
			return
		}
		from, to := instant(t, "2026-11-01T00:00:00Z"), instant(t, "2026-12-01T00:00:00Z")
		list, err := cal.Expand(t.Context(), from, to)
		if err != nil {
			return
		}
		for _, i := range list {
			if i.End.Before(i.Start) || i.End.Before(from) || !i.Start.Before(to) {
				t.Fatalf("%+v is not in the window", i)
			}
		}
	})
}
