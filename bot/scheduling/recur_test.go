package scheduling

import (
	"strings"
	"testing"
	"time"
)

// calendarText wraps lines of events as a calendar; "--" parts two events.
func calendarText(lines string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for i, event := range strings.Split(strings.TrimSpace(lines), "--") {
		event = strings.TrimSpace(event)
		if i == 0 && strings.HasPrefix(event, "BEGIN:VTIMEZONE") {
			zone, rest, _ := strings.Cut(event, "END:VTIMEZONE")
			b.WriteString(crlf(zone) + "\r\nEND:VTIMEZONE\r\n")
			event = strings.TrimSpace(rest)
		}
		b.WriteString("BEGIN:VEVENT\r\nUID:one@rapport.example\r\n" + crlf(event) + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

func crlf(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\r\n")
}

// busyIn expands as the acceptance cases do and writes "03-29T01:30/02:00", in
// UTC.
func busyIn(t testing.TB, home, from, to, ics string) string {
	t.Helper()
	o := ICSOptions{Zone: Default().Zone}
	if home != "" {
		zone, err := Default().Zone(home)
		if err != nil {
			t.Fatal(err)
		}
		o.Home = zone
	}
	cal, err := ReadICS(t.Context(), ics, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(cal.Unread) > 0 {
		t.Fatal(cal.Unread)
	}
	day := func(text string) time.Time {
		d, err := ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d.time()
	}
	list, err := cal.Expand(t.Context(), day(from), day(to))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range list {
		if i.Free || !i.Start.Before(i.End) {
			continue
		}
		end := i.End.Format("15:04")
		if d := i.End.Format(time.DateOnly); d != i.Start.Format(time.DateOnly) {
			end = i.End.Format("01-02T15:04")
		}
		out = append(out, i.Start.Format("01-02T15:04")+"/"+end)
	}
	return strings.Join(out, " ")
}

const custom = `BEGIN:VTIMEZONE
TZID:Head office
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
`

func TestEventsOfManyKinds(t *testing.T) {
	for _, c := range []struct{ name, home, from, to, ics, want string }{
		{"in a gap, by RFC 5545 3.3.5", "", "2026-03-27", "2026-04-01", `
			DTSTART;TZID=Europe/Berlin:20260328T023000
			DTEND;TZID=Europe/Berlin:20260328T030000
			RRULE:FREQ=DAILY;COUNT=3`, "03-28T01:30/02:00 03-29T01:30/02:00 03-30T00:30/01:00"},
		{"in a fold the first", "", "2026-10-31", "2026-11-04", `
			DTSTART;TZID=America/New_York:20261031T013000
			DURATION:PT30M
			RRULE:FREQ=DAILY;COUNT=3`, "10-31T05:30/06:00 11-01T05:30/06:00 11-02T06:30/07:00"},
		{"midnight skipped in Cairo", "", "2026-04-22", "2026-04-27", `
			DTSTART;TZID=Africa/Cairo:20260423T001500
			DURATION:PT1H
			RRULE:FREQ=DAILY;COUNT=3`, "04-22T22:15/23:15 04-23T22:15/23:15 04-24T21:15/22:15"},
		{"a whole day without midnight", "Africa/Cairo", "2026-04-22", "2026-04-27", `
			DTSTART;VALUE=DATE:20260424`, "04-23T22:00/04-24T21:00"},
		{"whole days over a clock change", "Europe/Berlin", "2026-10-20", "2026-11-20", `
			DTSTART;VALUE=DATE:20261024
			RRULE:FREQ=DAILY;COUNT=3`, "10-23T22:00/10-24T22:00 10-24T22:00/10-25T23:00 10-25T23:00/10-26T23:00"},
		{"floating is at home", "Asia/Kolkata", "2026-11-01", "2026-11-10", `
			DTSTART:20261103T090000
			DTEND:20261103T100000
			RRULE:FREQ=DAILY;COUNT=2`, "11-03T03:30/04:30 11-04T03:30/04:30"},
		{"a day of duration is nominal", "", "2026-10-20", "2026-11-01", `
			DTSTART;TZID=Europe/Berlin:20261024T120000
			DURATION:P1D
			RRULE:FREQ=DAILY;COUNT=2`, "10-24T10:00/10-25T11:00 10-25T11:00/10-26T11:00"},
		{"an end is exact", "", "2026-10-20", "2026-11-01", `
			DTSTART;TZID=Europe/Berlin:20261023T220000
			DTEND;TZID=Europe/Berlin:20261024T060000
			RRULE:FREQ=DAILY;COUNT=2`, "10-23T20:00/10-24T04:00 10-24T20:00/10-25T04:00"},
		{"UNTIL as a date includes the day", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=America/New_York:20261102T200000
			DURATION:PT1H
			RRULE:FREQ=DAILY;UNTIL=20261104`, "11-03T01:00/02:00 11-04T01:00/02:00 11-05T01:00/02:00"},
		{"UNTIL floating is on the clock of the start", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Asia/Tokyo:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=DAILY;UNTIL=20261103T090000`, "11-02T00:00/01:00 11-03T00:00/01:00"},
		{"UNTIL before the start", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Asia/Tokyo:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=DAILY;UNTIL=20261101T235959Z`, ""},
		{"UNTIL in UTC of whole days, west", "America/New_York", "2026-11-01", "2026-12-01", `
			DTSTART;VALUE=DATE:20261110
			RRULE:FREQ=DAILY;UNTIL=20261111T000000Z`, "11-10T05:00/11-11T05:00 11-11T05:00/11-12T05:00"},
		{"UNTIL at the last second of a day in UTC, east", "Europe/Berlin", "2026-11-01", "2026-12-01", `
			DTSTART;VALUE=DATE:20261110
			RRULE:FREQ=DAILY;UNTIL=20261111T235959Z`, "11-09T23:00/11-10T23:00 11-10T23:00/11-11T23:00"},
		{"UNTIL at local midnight of whole days, east", "Europe/Berlin", "2026-11-01", "2026-12-01", `
			DTSTART;VALUE=DATE:20261110
			RRULE:FREQ=DAILY;UNTIL=20261110T230000Z`, "11-09T23:00/11-10T23:00 11-10T23:00/11-11T23:00"},
		{"EXDATE as a date", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=DAILY;COUNT=3
			EXDATE;VALUE=DATE:20261103`, "11-02T08:00/09:00 11-04T08:00/09:00"},
		{"EXDATE in UTC, floating, and in a list", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=DAILY;COUNT=6
			EXDATE:20261103T080000Z
			EXDATE:20261104T090000
			EXDATE;TZID=America/New_York:20261105T030000,20261106T030000`, "11-02T08:00/09:00 11-07T08:00/09:00"},
		{"EXDATE with a time for whole days", "Europe/Berlin", "2026-11-01", "2026-12-01", `
			DTSTART;VALUE=DATE:20261102
			RRULE:FREQ=DAILY;COUNT=3
			EXDATE;TZID=Europe/Berlin:20261103T000000`, "11-01T23:00/11-02T23:00 11-03T23:00/11-04T23:00"},
		{"two rules", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=WEEKLY;COUNT=2
			RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2`, "11-02T08:00/09:00 11-04T08:00/09:00 11-09T08:00/09:00 11-11T08:00/09:00"},
		{"EXRULE", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=DAILY;COUNT=5
			EXRULE:FREQ=DAILY;INTERVAL=2`, "11-03T08:00/09:00 11-05T08:00/09:00"},
		{"RDATE and a period", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261102T090000
			DURATION:PT1H
			RDATE;TZID=Europe/Berlin:20261105T110000,20261102T090000
			RDATE;VALUE=PERIOD:20261106T120000Z/20261106T123000Z,20261107T120000Z/PT2H`,
			"11-02T08:00/09:00 11-05T10:00/11:00 11-06T12:00/12:30 11-07T12:00/14:00"},
		{"a start beside the rule is the first", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261103T090000
			DURATION:PT1H
			RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3`, "11-03T08:00/09:00 11-04T08:00/09:00 11-11T08:00/09:00"},
		{"Friday the 13th, without its start (RFC 5545)", "", "2026-01-01", "2026-12-31", `
			DTSTART;TZID=America/New_York:20260105T090000
			DURATION:PT1H
			EXDATE;TZID=America/New_York:20260105T090000
			RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13`, "02-13T14:00/15:00 03-13T13:00/14:00 11-13T14:00/15:00"},
		{"29 February", "", "2026-01-01", "2037-01-01", `
			DTSTART;TZID=Europe/Berlin:20240229T090000
			DURATION:PT1H
			RRULE:FREQ=YEARLY`, "02-29T08:00/09:00 02-29T08:00/09:00 02-29T08:00/09:00"},
		{"the 31st", "", "2026-01-01", "2026-08-01", `
			DTSTART;TZID=UTC:20260131T090000
			DURATION:PT1H
			RRULE:FREQ=MONTHLY`, "01-31T09:00/10:00 03-31T09:00/10:00 05-31T09:00/10:00 07-31T09:00/10:00"},
		{"week starts on Sunday (RFC 5545)", "", "2026-08-01", "2026-10-01", `
			DTSTART;TZID=America/New_York:20260804T090000
			DURATION:PT1H
			RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU`, "08-04T13:00/14:00 08-16T13:00/14:00 08-18T13:00/14:00 08-30T13:00/14:00"},
		{"Monday of week 20 (RFC 5545)", "", "1997-01-01", "2000-01-01", `
			DTSTART;TZID=America/New_York:19970512T090000
			DURATION:PT1H
			RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO`, "05-12T13:00/14:00 05-11T13:00/14:00 05-17T13:00/14:00"},
		{"week 53 falls on the weekday of the start", "", "2026-01-01", "2033-06-01", `
			DTSTART;TZID=UTC:20201230T090000
			DURATION:PT1H
			RRULE:FREQ=YEARLY;BYWEEKNO=53`, "12-30T09:00/10:00 12-29T09:00/10:00"},
		{"last instance in a month of several", "", "2026-09-01", "2026-12-01", `
			DTSTART;TZID=America/New_York:20260929T090000
			DURATION:PT1H
			RRULE:FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=-1,1`, "09-29T13:00/14:00 09-30T13:00/14:00 10-01T13:00/14:00 10-29T13:00/14:00 11-03T14:00/15:00 11-26T14:00/15:00"},
		{"every hour, the repeated one too", "", "2026-10-24", "2026-10-26", `
			DTSTART;TZID=Europe/Berlin:20261025T010000
			DURATION:PT10M
			RRULE:FREQ=HOURLY;COUNT=4`, "10-24T23:00/23:10 10-25T00:00/00:10 10-25T01:00/01:10 10-25T02:00/02:10"},
		{"an instance cancelled", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=DAILY;COUNT=3
			--
			RECURRENCE-ID:20261103T080000Z
			DTSTART;TZID=Europe/Berlin:20261103T090000
			STATUS:CANCELLED`, "11-02T08:00/09:00 11-04T08:00/09:00"},
		{"an instance moved out of the window", "", "2026-11-01", "2026-11-04", `
			DTSTART;TZID=Europe/Berlin:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=DAILY;COUNT=3
			--
			RECURRENCE-ID;TZID=Europe/Berlin:20261103T090000
			DTSTART;TZID=Europe/Berlin:20261203T090000
			DURATION:PT1H`, "11-02T08:00/09:00"},
		{"an instance named by its day, made free", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261102T090000
			DURATION:PT1H
			RRULE:FREQ=DAILY;COUNT=3
			--
			RECURRENCE-ID;VALUE=DATE:20261103
			DTSTART;TZID=Europe/Berlin:20261103T090000
			DURATION:PT1H
			TRANSP:TRANSPARENT`, "11-02T08:00/09:00 11-04T08:00/09:00"},
		{"an instance without its series", "", "2026-11-01", "2026-12-01", `
			RECURRENCE-ID;TZID=Europe/Berlin:20261103T090000
			DTSTART;TZID=Europe/Berlin:20261103T100000
			DURATION:PT1H`, "11-03T09:00/10:00"},
		{"this and future keep their new hour over a clock change", "", "2026-10-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261012T090000
			DURATION:PT1H
			RRULE:FREQ=WEEKLY;COUNT=5
			--
			RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261019T090000
			DTSTART;TZID=Europe/Berlin:20261020T140000
			DURATION:PT30M
			--
			RECURRENCE-ID;TZID=Europe/Berlin:20261102T090000
			DTSTART;TZID=Europe/Berlin:20261102T080000
			DURATION:PT15M`, "10-12T07:00/08:00 10-20T12:00/12:30 10-27T13:00/13:30 11-02T07:00/07:15 11-10T13:00/13:30"},
		{"this and future cancelled", "", "2026-10-01", "2026-12-01", `
			DTSTART;TZID=Europe/Berlin:20261012T090000
			DURATION:PT1H
			RRULE:FREQ=WEEKLY
			--
			RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261026T090000
			DTSTART;TZID=Europe/Berlin:20261026T090000
			STATUS:CANCELLED`, "10-12T07:00/08:00 10-19T07:00/08:00"},
		{"this and future moved to another zone", "", "2026-10-01", "2026-11-15", `
			DTSTART;TZID=Europe/Berlin:20261012T150000
			DURATION:PT1H
			RRULE:FREQ=WEEKLY;COUNT=4
			--
			RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261019T150000
			DTSTART;TZID=America/New_York:20261019T100000
			DURATION:PT1H`, "10-12T13:00/14:00 10-19T14:00/15:00 10-26T14:00/15:00 11-02T15:00/16:00"},
		{"the newer version holds", "", "2026-11-01", "2026-12-01", `
			SEQUENCE:2
			DTSTART:20261103T100000Z
			DURATION:PT1H
			--
			SEQUENCE:1
			DTSTART:20261102T100000Z
			DURATION:PT1H`, "11-03T10:00/11:00"},
		{"a zone that only its table knows", "", "2026-10-20", "2026-11-01", custom + `
			DTSTART;TZID=Head office:20261023T090000
			DTEND;TZID=Head office:20261023T100000
			RRULE:FREQ=WEEKLY;COUNT=2`, "10-23T07:00/08:00 10-30T08:00/09:00"},
		{"a known name beats its table", "", "2026-11-01", "2026-12-01",
			strings.ReplaceAll(strings.ReplaceAll(custom, "Head office", "Asia/Tokyo"), "+0100", "+0300") + `
			DTSTART;TZID=Asia/Tokyo:20261102T090000
			DURATION:PT1H`, "11-02T00:00/01:00"},
		{"names with a path, in quotes", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID="/mozilla.org/20050126_1/Europe/Berlin":20261102T090000
			DTEND;VALUE=DATE-TIME;TZID=/freeassociation.sourceforge.net/America/New_York:20261102T040000`, "11-02T08:00/09:00"},
		{"an offset for a name", "", "2026-11-01", "2026-12-01", `
			DTSTART;TZID=GMT-0530:20261102T090000
			DURATION:PT1H`, "11-02T14:30/15:30"},
		{"an alarm is not the event", "", "2026-11-01", "2026-12-01", `
			BEGIN:VALARM
			TRIGGER:-PT15M
			DURATION:PT3H
			END:VALARM
			DTSTART:20261102T090000Z
			DTEND:20261102T093000Z`, "11-02T09:00/09:30"},
		{"Exchange's free, where the standard word is missing", "", "2026-11-01", "2026-12-01", `
			DTSTART:20261102T090000Z
			DTEND:20261102T093000Z
			X-MICROSOFT-CDO-BUSYSTATUS:FREE`, ""},
		{"a time without an end blocks nothing", "", "2026-11-01", "2026-12-01", `
			DTSTART:20261102T090000Z`, ""},
		{"touching the window is not being in it", "", "2026-11-02", "2026-11-03", `
			DTSTART:20261101T230000Z
			DURATION:PT1H
			RRULE:FREQ=DAILY;COUNT=3
			EXDATE:20261102T230000Z`, ""},
		{"the day of a whole day written twice", "Europe/Berlin", "2026-11-01", "2026-12-01", `
			DTSTART;VALUE=DATE:20261102
			DTEND;VALUE=DATE:20261102`, "11-01T23:00/11-02T23:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := strings.Fields(c.want)
			got := strings.Fields(busyIn(t, c.home, c.from, c.to, calendarText(c.ics)))
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("\n got %s\nwant %s", strings.Join(got, " "), strings.Join(want, " "))
			}
		})
	}
}
