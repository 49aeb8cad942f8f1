package scheduling

import (
	"strconv"
	"strings"
	"time"
)

// tongue is what saying a time needs of a language.
type tongue struct {
	weekdays [7]string
	months   [12]string
	am, pm   string
	oclock   string // after a 24-hour clock
	units    [3][2]string
}

var tongues = [languages]tongue{
	english: {
		weekdays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		am:       " AM", pm: " PM",
		units: [3][2]string{{"minute", "minutes"}, {"hour", "hours"}, {"day", "days"}},
	},
	german: {
		weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		months:   [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		am:       " a.m.", pm: " p.m.", oclock: " Uhr",
		units: [3][2]string{{"Minute", "Minuten"}, {"Stunde", "Stunden"}, {"Tag", "Tage"}},
	},
	spanish: {
		weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		months:   [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		am:       " a. m.", pm: " p. m.",
		units: [3][2]string{{"minuto", "minutos"}, {"hora", "horas"}, {"día", "días"}},
	},
}

// Say says an instant whole: weekday, date, time, the zone of t's location as
// people call it, and its offset, as in "Tue 24 Nov 2026, 15:00 New York time
// (UTC-5)". Read finds the same instant in it. Parts of a second are left out.
func (v Voice) Say(t time.Time) string {
	var buf [128]byte
	return string(v.AppendSay(buf[:0], t))
}

// AppendSay is Say into a buffer.
func (v Voice) AppendSay(b []byte, t time.Time) []byte {
	b = v.appendDate(b, t)
	b = append(b, ", "...)
	b = v.appendTime(b, t)
	return v.appendZone(b, t)
}

// SayRange says a stretch of time in the location of start. On one day the date is
// said once; across midnight twice; across a change of clocks both offsets and the
// true length are said.
func (v Voice) SayRange(start, end time.Time) string {
	var buf [256]byte
	end = end.In(start.Location())
	b := v.appendDate(buf[:0], start)
	b = append(b, ", "...)
	b = v.appendTime(b, start)
	_, offStart := start.Zone()
	_, offEnd := end.Zone()
	sameDay := start.YearDay() == end.YearDay() && start.Year() == end.Year()
	if offStart != offEnd {
		b = append(b, tongues[v.lang].oclock...)
		b = append(b, " UTC"...)
		b = appendOffset(b, offStart, false)
	}
	if sameDay && offStart == offEnd {
		b = append(b, "–"...)
	} else {
		b = append(b, " – "...)
	}
	if !sameDay {
		b = v.appendDate(b, end)
		b = append(b, ", "...)
	}
	b = v.appendTime(b, end)
	if offStart == offEnd {
		return string(v.appendZone(b, end))
	}
	b = append(b, tongues[v.lang].oclock...)
	b = append(b, " UTC"...)
	b = appendOffset(b, offEnd, false)
	if place := v.db.label(end.Location()); place != "" && v.lang == english {
		b = append(append(append(b, ' '), place...), timeAfter(place)...)
	} else if place != "" {
		b = append(append(append(b, " ("...), place...), ')')
	}
	b = append(b, " ("...)
	b = v.appendLength(b, end.Sub(start))
	return string(append(b, ')'))
}

// SayBoth says an instant for two people: in full for the first, then the time of
// the second where the clock differs, with "+1 day" when it is another day there.
func (v Voice) SayBoth(t time.Time, mine, theirs *time.Location) string {
	var buf [256]byte
	a, o := t.In(mine), t.In(theirs)
	b := v.AppendSay(buf[:0], a)
	_, offA := a.Zone()
	_, offO := o.Zone()
	if offA == offO {
		return string(b)
	}
	b = append(b, " = "...)
	b = v.appendTime(b, o)
	b = v.appendZone(b, o)
	return string(v.appendDays(b, a, o))
}

// SayDay says only the weekday and the date of t in its location.
func (v Voice) SayDay(t time.Time) string {
	var buf [64]byte
	return string(v.appendDate(buf[:0], t))
}

// SayTime says only the clock and the zone of t, for lists under one date. day is
// where that date is meant: "+1 day" is added when it is another day there.
func (v Voice) SayTime(t time.Time, day *time.Location) string {
	var buf [128]byte
	b := v.appendTime(buf[:0], t)
	b = v.appendZone(b, t)
	return string(v.appendDays(b, t.In(day), t))
}

// appendDays says by how many days b's date is ahead of a's.
func (v Voice) appendDays(out []byte, a, b time.Time) []byte {
	y, m, d := a.Date()
	y2, m2, d2 := b.Date()
	days := int(time.Date(y2, m2, d2, 0, 0, 0, 0, time.UTC).Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	if days == 0 {
		return out
	}
	out = append(out, ", "...)
	if days > 0 {
		out = append(out, '+')
	}
	out = strconv.AppendInt(out, int64(days), 10)
	return append(append(out, ' '), v.unit(2, days)...)
}

func (v Voice) unit(u, n int) string {
	if n == 1 || n == -1 {
		return tongues[v.lang].units[u][0]
	}
	return tongues[v.lang].units[u][1]
}

func (v Voice) appendLength(b []byte, d time.Duration) []byte {
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	if hours > 0 {
		b = append(append(strconv.AppendInt(b, int64(hours), 10), ' '), v.unit(1, hours)...)
		if minutes > 0 {
			b = append(b, ' ')
		}
	}
	if minutes > 0 || hours == 0 {
		b = append(append(strconv.AppendInt(b, int64(minutes), 10), ' '), v.unit(0, minutes)...)
	}
	return b
}

func (v Voice) appendDate(b []byte, t time.Time) []byte {
	y, m, d := t.Date()
	w := &tongues[v.lang]
	weekday, month := w.weekdays[t.Weekday()], w.months[m-1]
	switch {
	case v.order == YearFirst:
		b = append(append(b, weekday...), ' ')
		b = append(appendPadded(b, y, 4), '-')
		b = append(appendPadded(b, int(m), 2), '-')
		return appendPadded(b, d, 2)
	case v.lang == german:
		b = append(append(b, weekday...), ", "...)
		b = append(strconv.AppendInt(b, int64(d), 10), ". "...)
		b = append(append(b, month...), ' ')
	case v.lang == spanish:
		b = append(append(b, weekday...), ' ')
		b = append(strconv.AppendInt(b, int64(d), 10), " de "...)
		b = append(append(b, month...), " de "...)
	case v.order == MonthFirst:
		b = append(append(b, weekday...), ", "...)
		b = append(append(b, month...), ' ')
		b = append(strconv.AppendInt(b, int64(d), 10), ", "...)
	default:
		b = append(append(b, weekday...), ' ')
		b = append(strconv.AppendInt(b, int64(d), 10), ' ')
		b = append(append(b, month...), ' ')
	}
	return appendPadded(b, y, 4)
}

// appendTime writes the clock. Midnight is 00:00 on every clock: half the world
// reads 12 AM as noon.
func (v Voice) appendTime(b []byte, t time.Time) []byte {
	h, m, s := t.Clock()
	if v.hours12 && h+m+s > 0 {
		shown := (h+11)%12 + 1
		b = append(strconv.AppendInt(b, int64(shown), 10), ':')
	} else {
		b = append(appendPadded(b, h, 2), ':')
	}
	b = appendPadded(b, m, 2)
	if s > 0 {
		b = appendPadded(append(b, ':'), s, 2)
	}
	switch {
	case !v.hours12 || h+m+s == 0:
		return b
	case h == 12 && m+s == 0 && v.lang == english:
		return append(b, " noon"...)
	case h < 12:
		return append(b, tongues[v.lang].am...)
	}
	return append(b, tongues[v.lang].pm...)
}

// appendZone writes the zone and its offset.
func (v Voice) appendZone(b []byte, t time.Time) []byte {
	_, off := t.Zone()
	if v.lang == german && !v.hours12 {
		b = append(b, tongues[v.lang].oclock...)
	}
	place := v.db.label(t.Location())
	switch {
	case place == "":
		b = append(b, " UTC"...)
		return appendOffset(b, off, false)
	case v.lang == english:
		b = append(append(append(b, ' '), place...), timeAfter(place)...)
		b = append(b, " (UTC"...)
	default:
		b = append(append(append(b, " ("...), place...), ", UTC"...)
	}
	return append(appendOffset(b, off, false), ')')
}

// timeAfter makes "Berlin" into "Berlin time"; a zone's full name stays as it is.
func timeAfter(place string) string {
	if strings.Contains(place, "/") {
		return ""
	}
	return " time"
}

// appendOffset writes seconds east of Greenwich, "+5:30" or in full "+05:30";
// nothing for none.
func appendOffset(b []byte, off int, full bool) []byte {
	if off == 0 && !full {
		return b
	}
	sign := byte('+')
	if off < 0 {
		sign, off = '-', -off
	}
	b = append(b, sign)
	h, m, s := off/3600, off/60%60, off%60
	if full {
		b = appendPadded(b, h, 2)
	} else {
		b = strconv.AppendInt(b, int64(h), 10)
	}
	if m > 0 || s > 0 || full {
		b = appendPadded(append(b, ':'), m, 2)
	}
	if s > 0 {
		b = appendPadded(append(b, ':'), s, 2)
	}
	return b
}

// appendPadded writes a number of one to four digits with zeros before it.
func appendPadded(b []byte, n, width int) []byte {
	for least := [...]int{0, 0, 10, 100, 1000}; width > 1; width-- {
		if n < least[width] {
			b = append(b, '0')
		}
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// label is what people call a zone: its city when that names no other zone, else
// its full name; "" when only the offset says something.
func (db *DB) label(loc *time.Location) string {
	db.mu.RLock()
	name, ok := db.labels[loc]
	db.mu.RUnlock()
	if ok {
		return name
	}
	name = db.makeLabel(loc.String())
	db.mu.Lock()
	if len(db.labels) < 4*len(db.entries) {
		db.labels[loc] = name
	}
	db.mu.Unlock()
	return name
}

func (db *DB) makeLabel(zone string) string {
	if !strings.Contains(zone, "/") || strings.HasPrefix(zone, "Etc/") || db.Canonical(zone) == "" {
		return ""
	}
	city := cityOf(zone)
	folded := fold(city)
	found := db.places().find(folded, "")
	if len(found) == 0 || lettersByName()[folded] != nil || isGrammar(folded) {
		return zone
	}
	for _, p := range found {
		if len(p.zones) != 1 || db.Canonical(p.zones[0]) != db.Canonical(zone) {
			return zone
		}
	}
	return city
}

// isGrammar says that a name is a word about time in a language that is read.
func isGrammar(folded string) bool {
	for _, d := range dictionaries() {
		if d.senses[folded] != nil {
			return true
		}
	}
	return false
}
