package scheduling

import (
	"strings"
	"testing"
	"time"
)

// reading writes a reading in one line: instants in UTC, or why and the options.
func reading(r Reading) string {
	list := func(spans []Span) string {
		var out []string
		for _, s := range spans {
			text := s.Start.UTC().Format("0102T15:04")
			if !s.End.IsZero() {
				text += "/" + s.End.UTC().Format("0102T15:04")
			}
			out = append(out, text)
		}
		return strings.Join(out, " ")
	}
	if r.Resolved() {
		return list(r.Spans)
	}
	return strings.TrimSpace(string(r.Why) + "? " + list(r.Options))
}

// Monday 23 November 2026, 16:00 in Berlin, 10:00 in New York.
var monday = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

func TestPhrases(t *testing.T) {
	for _, c := range []struct{ zone, locale, text, want string }{
		{"Europe/Berlin", "en", "tue 3pm", "1124T14:00"},
		{"Europe/Berlin", "en", "Tuesday at 3 p.m.", "1124T14:00"},
		{"Europe/Berlin", "en", "in 2 hours", "1123T17:00"},
		{"Europe/Berlin", "en", "in an hour and a half", "1123T16:30"},
		{"Europe/Berlin", "en", "in half an hour", "1123T15:30"},
		{"Europe/Berlin", "en", "in 1.5 hours", "1123T16:30"},
		{"Europe/Berlin", "en", "2h 15m from now", "1123T17:15"},
		{"Europe/Berlin", "en", "in 2 days at 3pm", "1125T14:00"},
		{"Europe/Berlin", "en", "in 3 days", "1126T15:00"},
		{"Europe/Berlin", "en", "2 hours ago", "in_the_past? 1123T13:00"},
		{"Europe/Berlin", "en", "same time tomorrow", "1124T15:00"},
		{"Europe/Berlin", "en", "tomorrow at the same time", "1124T15:00"},
		{"", "en", "in 90 minutes", "1123T16:30"},
		{"Europe/Berlin", "en", "14:30 IST", "ambiguous_zone_abbreviation? 1124T09:00 1124T12:30"},
		{"Asia/Kolkata", "en", "14:30 IST", "1124T09:00"},
		{"Europe/Berlin", "en", "next week thursday morning", "1203T05:00/1203T11:00"},
		{"Europe/Berlin", "en", "thursday next week at 10", "1203T09:00"},
		{"Europe/Berlin", "en", "next thursday 10am", "which_week? 1126T09:00 1203T09:00"},
		{"Europe/Berlin", "en", "this thursday 10am", "1126T09:00"},
		{"Europe/Berlin", "en", "sunday next week 10am", "which_week? 1206T09:00 1129T09:00"},
		{"Europe/Berlin", "en", "the 3rd at 5", "am_pm_missing? 1203T16:00 1203T04:00"},
		{"Europe/Berlin", "en", "the 3rd at 5pm", "1203T16:00"},
		{"Europe/Berlin", "en", "3/4 at 5", "day_month_order? 0403T15:00 0403T03:00 0304T16:00 0304T04:00"},
		{"Europe/Berlin", "en", "noon", "1124T11:00"},
		{"Europe/Berlin", "en", "tomorrow noon", "1124T11:00"},
		{"Europe/Berlin", "en", "half past four", "am_pm_missing? 1123T15:30 1124T03:30"},
		{"Europe/Berlin", "en", "half past four in the afternoon", "1123T15:30"},
		{"Europe/Berlin", "en", "quarter to 5pm", "1123T15:45"},
		{"Europe/Berlin", "en", "tue quarter past 9", "1124T08:15"},
		{"Europe/Berlin", "en", "tomorrow ten past twelve", "1124T11:10"},
		{"Europe/Berlin", "en", "tomorrow 17h30", "1124T16:30"},
		{"Europe/Berlin", "en", "tomorrow at 1730", "1124T16:30"},
		{"Europe/Berlin", "en", "tomorrow 10 o'clock", "1124T09:00"},
		{"Europe/Berlin", "en", "tomorrow at ten thirty", "1124T09:30"},
		{"Europe/Berlin", "en", "2026-12-10T15:00:00Z", "1210T15:00"},
		{"Europe/Berlin", "en", "2026-12-10T15:00", "1210T14:00"},
		{"Europe/Berlin", "en", "2026-12-10 15:00", "1210T14:00"},
		{"Europe/Berlin", "en", "20261210T150000Z", "1210T15:00"},
		{"Europe/Berlin", "en", "2026-12-10T15:00:00.123-03:30", "1210T18:30"},
		{"Europe/Berlin", "en", "2026-12-10T15:00+01:00[Europe/Berlin]", "1210T14:00"},
		{"Europe/Berlin", "en", "2026-11-20 15:00", "in_the_past? 1120T14:00"},
		{"Europe/Berlin", "en", "yesterday 3pm", "in_the_past? 1122T14:00"},
		{"Europe/Berlin", "en", "today 9am", "in_the_past? 1123T08:00 1124T08:00"},
		{"Europe/Berlin", "en", "<!date^1796911200^{date} {time}|10 Dec>", "1210T14:00"},
		{"", "en", "<t:1796911200:F>", "1210T14:00"},
		{"Europe/Berlin", "en", "<t:1796911200>", "1210T14:00"},
		{"Europe/Berlin", "en", "mon or wed after 14:00", "1130T13:00/1130T23:00 1125T13:00/1125T23:00"},
		{"Europe/Berlin", "en", "tue 3pm or thu 4pm", "1124T14:00 1126T15:00"},
		{"Europe/Berlin", "en", "tomorrow 3pm or 5pm", "1124T14:00 1124T16:00"},
		{"Europe/Berlin", "en", "tue, wed or thu 10-12", "1124T09:00/1124T11:00 1125T09:00/1125T11:00 1126T09:00/1126T11:00"},
		{"Europe/Berlin", "en", "tue between 2 and 4pm", "1124T13:00/1124T15:00"},
		{"Europe/Berlin", "en", "tue from 9 to 5", "1124T08:00/1124T16:00"},
		{"Europe/Berlin", "en", "tue 2-4", "am_pm_missing? 1124T13:00/1124T15:00 1124T01:00/1124T03:00"},
		{"Europe/Berlin", "en", "tue 10pm-2am", "1124T21:00/1125T01:00"},
		{"Europe/Berlin", "en", "tue 11-1pm", "1124T10:00/1124T12:00"},
		{"Europe/Berlin", "en", "tue 9pm to midnight", "1124T20:00/1124T23:00"},
		{"Europe/Berlin", "en", "tue 3pm for 45 minutes", "1124T14:00/1124T14:45"},
		{"Europe/Berlin", "en", "tue before 11", "1123T23:00/1124T10:00"},
		{"Europe/Berlin", "en", "tonight at 8", "1123T19:00"},
		{"Europe/Berlin", "en", "this evening", "1123T17:00/1123T20:00"},
		{"Europe/Berlin", "en", "this afternoon", "1123T15:00/1123T17:00"},
		{"Europe/Berlin", "en", "tue midnight", "midnight_ambiguous? 1123T23:00 1124T23:00"},
		{"Europe/Berlin", "en", "midnight", "1123T23:00"},
		{"Europe/Berlin", "en", "tue 00:00", "1123T23:00"},
		{"Europe/Berlin", "en", "tuesday", "no_time?"},
		{"Europe/Berlin", "en", "next week", "no_time?"},
		{"Europe/Berlin", "en", "every tuesday at 3pm", "repeating?"},
		{"Europe/Berlin", "en", "about 3pm tomorrow", "approximate? 1124T14:00"},
		{"Europe/Berlin", "en", "Tuesday 24 November 2026, 3:00 PM", "1124T14:00"},
		{"Europe/Berlin", "en", "Monday 24 November 2026 3pm", "weekday_mismatch? 1124T14:00 1123T14:00"},
		{"Europe/Berlin", "en", "9th of December at 15:00", "1209T14:00"},
		{"Europe/Berlin", "en", "10-Dec-2026 15:00", "1210T14:00"},
		{"Europe/Berlin", "en", "Dec 10, 2026 3pm", "1210T14:00"},
		{"Europe/Berlin", "en", "31 April 10am", "no_such_date?"},
		{"Europe/Berlin", "en", "13/12 at 10am", "1213T09:00"},
		{"Europe/Berlin", "en", "12/13 at 10am", "1213T09:00"},
		{"Europe/Berlin", "en", "12/12 at 10am", "1212T09:00"},
		{"America/New_York", "en", "3/12 at 10am", "day_month_order? 0312T15:00 1203T15:00"},
		{"Europe/Berlin", "en", "10.12.2026 10am", "1210T09:00"},
		{"Europe/Berlin", "en", "10.12 10am", "several_readings?"},
		{"Europe/Berlin", "en", "tue 3pm New York time", "1124T20:00"},
		{"Europe/Berlin", "en", "tue 3pm in New York", "1124T20:00"},
		{"Europe/Berlin", "en", "tue 3pm America/New_York", "1124T20:00"},
		{"Europe/Berlin", "en", "tue 3pm Portland, Oregon", "1124T23:00"},
		{"Europe/Berlin", "en", "tue 3pm Portland ME", "1124T20:00"},
		{"Europe/Berlin", "en", "tue 3pm Birmingham time", "zone_not_unique? 1124T15:00 1124T21:00"},
		{"Europe/Berlin", "en", "tue 3pm London, Ontario", "1124T20:00"},
		{"Europe/Berlin", "en", "tue 3pm Georgia time", "zone_not_unique? 1124T11:00 1124T20:00"},
		{"Europe/Berlin", "en", "tue 3pm Germany", "1124T14:00"},
		{"Europe/Berlin", "en", "tue 3pm Australia time", "zone_not_unique?"},
		{"Europe/Berlin", "en", "tue 3pm California time", "1124T23:00"},
		{"Europe/Berlin", "en", "tue 3pm my time", "1124T14:00"},
		{"Europe/Berlin", "en", "tue 3pm your time", "no_zone?"},
		{"Europe/Berlin", "en", "tue 3pm Foobar time", "unknown_zone?"},
		{"Europe/Berlin", "en", "tue 3pm Europe/Berln", "unknown_zone?"},
		{"Europe/Berlin", "en", "tue 3pm UTC-3", "1124T18:00"},
		{"Europe/Berlin", "en", "tue 3pm GMT+5:30", "1124T09:30"},
		{"Europe/Berlin", "en", "tue 15:00 +0530", "1124T09:30"},
		{"Europe/Berlin", "en", "tue 15:00 UTC", "1124T15:00"},
		{"Europe/Berlin", "en", "tue 3pm CET", "1124T14:00"},
		{"America/New_York", "en", "tue 3pm CET", "1124T14:00"},
		{"America/New_York", "en", "tue 3pm CEST", "season_mismatch? 1124T14:00 1124T13:00"},
		{"Europe/Berlin", "en", "tue 3pm CET / 9am ET", "1124T14:00"},
		{"Europe/Berlin", "en", "tue 3pm CET / 10am ET", "several_readings? 1124T14:00 1124T15:00"},
		{"America/New_York", "en", "tue 9am CST", "ambiguous_zone_abbreviation? 1124T15:00 1124T01:00"},
		{"America/Chicago", "en", "tue 9am CST", "1124T15:00"},
		{"America/Los_Angeles", "en", "tue 10am PT", "1124T18:00"},
		{"America/Vancouver", "en", "tue 10am PST", "ambiguous_zone_abbreviation? 1124T17:00 1124T18:00"},
		{"America/Vancouver", "en", "tue 10am MST", "1124T17:00"},
		{"America/Edmonton", "en", "tue 10am MT", "ambiguous_zone_abbreviation? 1124T16:00 1124T17:00"},
		{"Europe/London", "en", "tue 10am GMT", "1124T10:00"},
		{"Europe/London", "en", "tue 10am BST", "season_mismatch? 1124T10:00 1124T09:00"},
		{"America/New_York", "en", "tue 10am AST", "ambiguous_zone_abbreviation? 1124T14:00 1124T07:00"},
		{"Australia/Sydney", "en", "tue 10am EST", "ambiguous_zone_abbreviation? 1123T23:00 1124T00:00 1124T15:00"},
		{"Europe/Berlin", "de", "morgen um 15 Uhr", "1124T14:00"},
		{"Europe/Berlin", "en", "morgen um 15 Uhr", "1124T14:00"},
		{"Europe/Berlin", "de", "morgen um 15:30 Uhr", "1124T14:30"},
		{"Europe/Berlin", "de", "Dienstag 15.30 Uhr", "1124T14:30"},
		{"Europe/Berlin", "de", "Dienstag, 15 Uhr 30", "1124T14:30"},
		{"Europe/Berlin", "de", "übermorgen vormittag", "1125T09:00/1125T11:00"},
		{"Europe/Berlin", "de", "Dienstag morgen um 9", "1124T08:00"},
		{"Europe/Berlin", "de", "halb vier", "am_pm_missing? 1124T14:30 1124T02:30"},
		{"Europe/Berlin", "de", "morgen halb vier nachmittags", "1124T14:30"},
		{"Europe/Berlin", "de", "morgen Viertel nach drei nachmittags", "1124T14:15"},
		{"Europe/Berlin", "de", "in 2 Stunden", "1123T17:00"},
		{"Europe/Berlin", "de", "heute Abend um 8", "1123T19:00"},
		{"Europe/Berlin", "de", "am 3. Dezember um 17 Uhr", "1203T16:00"},
		{"Europe/Berlin", "de", "am 3.12. um 17 Uhr", "1203T16:00"},
		{"Europe/Berlin", "de", "3.12.2026, 17 Uhr", "1203T16:00"},
		{"Europe/Berlin", "de", "morgen von 14 bis 16 Uhr", "1124T13:00/1124T15:00"},
		{"Europe/Berlin", "de", "Mo oder Mi nach 14 Uhr", "1130T13:00/1130T23:00 1125T13:00/1125T23:00"},
		{"Europe/Berlin", "de", "nächsten Donnerstag 10 Uhr", "which_week? 1126T09:00 1203T09:00"},
		{"Europe/Berlin", "de", "nächste Woche Donnerstag 10 Uhr", "1203T09:00"},
		{"America/New_York", "de", "morgen 15 Uhr Berliner Zeit", "1124T14:00"},
		{"Europe/Berlin", "de", "morgen 15 Uhr MEZ", "1124T14:00"},
		{"Europe/Berlin", "de", "gleiche Zeit morgen", "1124T15:00"},
		{"Europe/Madrid", "es", "mañana a las 3", "am_pm_missing? 1124T14:00 1124T02:00"},
		{"Europe/Madrid", "es", "mañana a las 3 de la tarde", "1124T14:00"},
		{"Europe/Madrid", "es", "man\u0303ana a las 15:30", "1124T14:30"},
		{"Europe/Madrid", "es", "el martes a las cuatro y media de la tarde", "1124T15:30"},
		{"Europe/Madrid", "es", "martes a las 5 menos cuarto de la tarde", "1124T15:45"},
		{"Europe/Madrid", "es", "mañana por la mañana", "1124T05:00/1124T11:00"},
		{"Europe/Madrid", "es", "pasado mañana a las 10", "1125T09:00"},
		{"Europe/Madrid", "es", "dentro de 2 horas", "1123T17:00"},
		{"Europe/Madrid", "es", "el 10 de diciembre a las 15 h", "1210T14:00"},
		{"Europe/Madrid", "es", "el próximo jueves a las 10", "1126T09:00"},
		{"Europe/Madrid", "es", "jueves de 10 a 12", "1126T09:00/1126T11:00"},
		{"Europe/Madrid", "es", "lunes o miércoles después de las 14", "1130T13:00/1130T23:00 1125T13:00/1125T23:00"},
		{"Europe/Madrid", "es", "martes a las 15:00 hora de Nueva York", "1124T20:00"},
		{"Europe/Berlin", "en", "", "not_understood?"},
		{"Europe/Berlin", "en", "banana", "not_understood?"},
		{"Europe/Berlin", "en", "not tue 3pm", "not_understood?"},
		{"Europe/Berlin", "en", "tue 25:00", "not_understood?"},
		{"Europe/Berlin", "en", "tue 3:75", "not_understood?"},
		{"Europe/Berlin", "en", "tue 3pm 4pm", "not_understood?"},
		{"Europe/Berlin", "en", "tue ٣pm", "other_digits?"},
		{"Europe/Berlin", "en", "tue 3\u200bpm", "unreadable_characters?"},
		{"Europe/Berlin", "en", "tue 3\u202fpm", "1124T14:00"},
		{"Europe/Berlin", "en", "tue 9–11", "1124T08:00/1124T10:00"},
		{"Europe/Berlin", "en", strings.Repeat("tue 3pm ", 2000), "too_long?"},
	} {
		got := reading(Read(c.text, ReadContext{Now: monday, Zone: c.zone, Locale: c.locale}))
		if got != c.want {
			t.Errorf("%.60q in %s: %s\n want %s", c.text, c.zone, got, c.want)
		}
	}
}
