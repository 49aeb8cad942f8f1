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
		{"Europe/Berlin", "en", "*tue 3pm*?", "1124T14:00"},
		{"Europe/Berlin", "en", "do 10:00", "several_readings? 1126T09:00 1129T09:00"},
		{"Europe/Berlin", "de", "Do 10:00", "1126T09:00"},
		{"Europe/Berlin", "es", "do 10:00", "1129T09:00"},
		{"Europe/Berlin", "en", "mi 10:00", "1125T09:00"},
		{"Europe/Berlin", "de", "so um 15 Uhr", "several_readings?"},
		{"Europe/Berlin", "de", "so 15 Uhr", "1129T14:00"},
		{"Europe/Berlin", "en", "thu 15", "approximate? 1126T14:00"},
		{"Europe/Berlin", "en", "in two weeks on thursday at 3pm", "1210T14:00"},
		{"Europe/Berlin", "en", "in 3 days on friday 3pm", "weekday_mismatch? 1126T14:00 1127T14:00"},
		{"Europe/Berlin", "en", "in 2 hours at 3pm", "several_readings?"},
		{"Europe/Berlin", "en", "tomorrow in 2 hours", "several_readings?"},
		{"Europe/Berlin", "en", "today in 2 hours", "1123T17:00"},
		{"Europe/Berlin", "en", "from tue 3pm to 5pm", "1124T14:00/1124T16:00"},
		{"Europe/Berlin", "en", "by friday 5pm", "not_understood?"},
		{"Europe/Berlin", "en", "mon-wed 9-5", "1130T08:00/1130T16:00 1124T08:00/1124T16:00 1125T08:00/1125T16:00"},
		{"Europe/Berlin", "en", "9-11 fri to sun", "1127T08:00/1127T10:00 1128T08:00/1128T10:00 1129T08:00/1129T10:00"},
		{"Europe/Berlin", "de", "Di bis Do ab 14 Uhr", "1124T13:00/1124T23:00 1125T13:00/1125T23:00 1126T13:00/1126T23:00"},
		{"Europe/Berlin", "en", "mon-mon 9-5", "not_understood?"},
		{"Europe/Berlin", "en", "thu any time", "1125T23:00/1126T23:00"},
		{"Europe/Berlin", "en", "all day thursday", "1125T23:00/1126T23:00"},
		{"Europe/Berlin", "de", "Donnerstag ganztägig", "1125T23:00/1126T23:00"},
		{"Europe/Madrid", "es", "el jueves todo el día", "1125T23:00/1126T23:00"},
		{"Europe/Berlin", "en", "today any time", "1123T15:00/1123T23:00"},
		{"Europe/Berlin", "en", "now", "1123T15:00"},
		{"Europe/Berlin", "de", "jetzt", "1123T15:00"},
		{"Europe/Berlin", "en", "in 1h30", "1123T16:30"},
		{"Europe/Berlin", "en", "thu 0930", "1126T08:30"},
		{"Europe/Berlin", "en", "thu 1730", "1126T16:30"},
		{"Europe/Berlin", "en", "10 dec 1730", "1210T16:30"},
		{"Europe/Berlin", "en", "thu 1765", "not_understood?"},
		{"Europe/Berlin", "en", "a week from friday 10am", "1204T09:00"},
		{"Europe/Berlin", "en", "2 weeks from monday at noon", "1214T11:00"},
		{"Europe/Berlin", "en", "3 days after tomorrow 9am", "1127T08:00"},
		{"Europe/Berlin", "en", "thu 3pm 30 min", "1126T14:00/1126T14:30"},
		{"Europe/Berlin", "en", "30 min thu 3pm", "1126T14:00/1126T14:30"},
		{"Europe/Berlin", "en", "thu 3pm (1 hour)", "1126T14:00/1126T15:00"},
		{"Europe/Berlin", "en", "30 minutes after 3pm thu", "1126T14:30"},
		{"Europe/Berlin", "de", "KW 50 Donnerstag 10 Uhr", "1210T09:00"},
		{"Europe/Berlin", "en", "thursday in week 2 at 10am", "0114T09:00"},
		{"Europe/Berlin", "en", "week 53 sunday 10am", "0103T09:00"},
		{"Europe/Berlin", "en", "week 50", "no_time?"},
		{"Europe/Berlin", "en", "week 50 at 3pm", "no_time?"},
		{"Europe/Berlin", "de", "KW 54 Montag 10 Uhr", "not_understood?"},
		{"Europe/Berlin", "de", "heute in einer Woche um 10", "1130T09:00"},
		{"Europe/Berlin", "en", "tomorrow in 2 weeks at noon", "1208T11:00"},
		{"Europe/Berlin", "en", "today in a week", "no_time?"},
		{"Europe/Madrid", "es", "viernes a mediodía", "1127T11:00"},
		{"Europe/Madrid", "es", "a las 3 menos cuarto de la tarde del jueves", "1126T13:45"},
		{"Europe/Berlin", "en", "all day", "no_time?"},
		{"Europe/Berlin", "en", "any time", "no_time?"},
		{"Europe/Berlin", "en", "in the week", "not_understood?"},
		{"Europe/Berlin", "en", "30 min", "no_time?"},
		{"Europe/Berlin", "en", "tomorrow 3pm Berlin, 10am New York", "several_readings? 1124T14:00 1124T15:00"},
		{"Europe/Berlin", "en", "tomorrow 3pm Berlin or 10am New York", "1124T14:00 1124T15:00"},
		{"Europe/Berlin", "en", "Dec 10 2026 3pm Eastern Time (US & Canada)", "1210T20:00"},
		{"Europe/Berlin", "en", "Thu Dec 10 15:00:00 2026", "1210T14:00"},
		{"Europe/Berlin", "en", "Thu Dec 10 15:00:00 UTC 2026", "1210T15:00"},
		{"Europe/Berlin", "en", "2026-W50-4T15:00", "1210T14:00"},
		{"Europe/Berlin", "en", "2026W504 3pm", "1210T14:00"},
		{"Europe/Berlin", "en", "2026-W53-7T10:00Z", "0103T10:00"},
		{"Europe/Berlin", "en", "2027-W53-1T10:00", "no_such_date?"},
		{"Europe/Berlin", "en", "2026-344 15:00", "1210T14:00"},
		{"Europe/Berlin", "en", "2026344T150000Z", "1210T15:00"},
		{"Europe/Berlin", "en", "2026-366T10:00", "no_such_date?"},
		{"Europe/Berlin", "en", "2026-12-10T15:00Z/PT90M", "1210T15:00/1210T16:30"},
		{"Europe/Berlin", "en", "2026-12-10T15:00Z/P1D", "not_understood?"},
		{"Europe/Berlin", "en", "ten to four", "several_readings?"},
		{"Europe/Berlin", "en", "from ten to four tomorrow", "1124T09:00/1124T15:00"},
		{"Europe/Berlin", "en", "tuesday at 2 at night", "midnight_ambiguous? 1124T01:00 1125T01:00"},
		{"Europe/Berlin", "en", "2026-12-10 15:00:00-05:00", "1210T20:00"},
		{"Europe/Berlin", "en", "2026-12-10 15:00-05:00", "several_readings?"},
		{"Europe/Berlin", "en", "Thu, 10 Dec 2026 15:00:00 -0800", "1210T23:00"},
		{"Europe/Berlin", "en", "2026-12-10T15:00Z/2026-12-10T16:00Z", "1210T15:00/1210T16:00"},
		{"Europe/Berlin", "en", "1500Z tomorrow", "1124T15:00"},
		{"Europe/Berlin", "en", "tomorrow 3pm Berlin, 9am New York", "1124T14:00"},
		{"Europe/Berlin", "en", "tomorrow 3pm Vancouver, WA", "1124T23:00"},
		{"Europe/Berlin", "en", "tomorrow 3pm Washington time", "zone_not_unique? 1124T20:00 1124T23:00"},
		{"Europe/Berlin", "en", "tomorrow at 5 Germany time", "am_pm_missing? 1124T16:00 1124T04:00"},
		{"Europe/Berlin", "en", "tomorrow 3pm Chile time", "zone_not_unique? 1124T18:00 1124T20:00"},
		{"Europe/Berlin", "en", "tomorrow 3pm EST5EDT", "1124T20:00"},
		{"Europe/Dublin", "en", "tomorrow 3pm IST", "season_mismatch? 1124T15:00 1124T14:00"},
		{"Europe/Berlin", "en", "nov 23 10am", "in_the_past? 1123T09:00 1123T09:00"},
		{"Europe/Berlin", "en", "nov 1 10am", "1101T09:00"},
		{"America/Los_Angeles", "en", "tomorrow 1am Kiritimati time", "in_the_past? 1123T11:00 1124T11:00"},
		{"Europe/Berlin", "en", strings.Repeat("tue 3pm ", 2000), "too_long?"},
	} {
		got := reading(Read(c.text, ReadContext{Now: monday, Zone: c.zone, Locale: c.locale}))
		if got != c.want {
			t.Errorf("%.60q in %s: %s\n want %s", c.text, c.zone, got, c.want)
		}
	}
}

// Not every year has 53 weeks.
func TestWeekThatIsNotThere(t *testing.T) {
	t.Parallel()
	r := Read("week 53 monday 10am", ReadContext{Now: time.Date(2027, 6, 1, 9, 0, 0, 0, time.UTC), Zone: "Europe/Berlin", Locale: "en"})
	if got := reading(r); got != "no_such_date?" {
		t.Error(got)
	}
}

// A question says what is missing, and what a slip of the keys may have meant.
func TestQuestions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ locale, text, want string }{
		{"en", "dec 10", "At what time?"},
		{"en", "next week at 3pm", "On which day?"},
		{"en", "next week", "On which day and at what time?"},
		{"de", "Dienstag", "Um wie viel Uhr?"},
		{"es", "el martes", "¿A qué hora?"},
		{"en", "wendesday 3pm", `I did not understand "wendesday". Write a day and a time, for example "tue 3pm" or "24 November 15:30 Berlin time". Did you mean wednesday 3pm?`},
		{"en", "nxt wensday", `I did not understand "wensday". Write a day and a time, for example "tue 3pm" or "24 November 15:30 Berlin time". Did you mean nxt wednesday?`},
		{"en", "next wensday 3pm", "Did you mean next wednesday 3pm?"},
		{"en", "3 januray at 10:00", "Did you mean 3 january at 10:00?"},
		{"de", "nachsten mitwohc 15 Uhr", "Meintest du nachsten mittwoch 15 uhr?"},
		{"en", "sonday 3pm", "Did you mean monday or sunday?"},
		{"en", "wensday 3pm, banana", `I did not understand`},
		{"en", "tue 3pm Berlni time", "Did you mean Berlin or Bern?"},
		{"de", "Donerstag 15 Uhr", "Meintest du donnerstag 15 uhr?"},
		{"en", "all day", "On which day?"},
		{"en", "3pm, weeks", `for example "tue 3pm" or "24 November 15:30 Berlin time".`},
		{"en", "banana", `I did not understand "banana". Write a day`},
	} {
		got := Read(c.text, ReadContext{Now: monday, Zone: "Europe/Berlin", Locale: c.locale})
		if got.Resolved() || !strings.Contains(got.Words, c.want) || strings.Contains(got.Words, "Did you mean weeks") {
			t.Errorf("%s: %q, want %q", c.text, got.Words, c.want)
		}
	}
}

// The words of a reading mean that reading and nothing else: a form can be filled with
// them.
func TestWordsOfReadingsAreRead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 20, 10, 0, 0, 0, time.UTC)
	for _, locale := range []string{"en-GB", "en-US", "de", "es", "es-MX"} {
		for _, phrase := range []string{"the 3rd at 5", "3/12 at 10am", "3/12 at 5", "Fri 5pm IST", "thu 9am CST", "25 October 2026 02:30 Berlin time", "2026-11-01 01:30 America/New_York",
			"14 March 2027 02:30 New York time", "thu midnight", "14:00 CEST on 9 December", "2026-12-09T15:00+02:00 Europe/Berlin", "next thursday 10am", "thu 3pm Portland time",
			"sun 2-4", "4 April 2027 01:45 Australia/Lord_Howe", "thu 2:30-3:30", "tue 3pm CET / 10am ET", "about 3pm", "31 October 2027 02:30-03:30 Berlin time"} {
			ctx := ReadContext{Now: now, Zone: "Europe/Berlin", Locale: locale}
			r := Read(phrase, ctx)
			if r.Resolved() || len(r.Options) == 0 {
				t.Errorf("%s in %s: no question with readings: %s", phrase, locale, reading(r))
			}
			for _, o := range r.Options {
				back := Read(o.Words, ctx)
				if !back.Resolved() || len(back.Spans) != 1 || !sameSpan(back.Spans[0], o) {
					t.Errorf("%s in %s: %q is read as %s", phrase, locale, o.Words, reading(back))
				}
			}
		}
	}
}

// Nothing is guessed where two days are as near, or where nothing is: such a phrase is
// only asked about.
func TestNoGuessAmongEquals(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"xxnday 3pm", "lunch 3pm", "sunset 3pm", "munther 3pm", "party 3pm", "banana 3pm"} {
		if got := Read(text, ReadContext{Now: monday, Zone: "Europe/Berlin", Locale: "en"}); got.Resolved() || strings.Contains(got.Words, "Did you mean") {
			t.Errorf("%s: %q", text, got.Words)
		}
	}
}
