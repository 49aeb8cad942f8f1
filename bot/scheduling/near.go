package scheduling

import (
	"strconv"
	"time"
)

// Near says an instant by its distance, "in 25 minutes", or by its day, "tomorrow
// at 15:00", but only where that cannot mislead a reader whose clock shows t's
// location, and who reads it now; else it is "". It goes beside what Say says,
// never in its place where words are kept.
//
// Distances are said up to an hour. Days are not named at night: after midnight,
// "tomorrow" is to many what comes after their sleep. Nor are hours of the night.
func (v Voice) Near(t, now time.Time) string {
	away := t.Sub(now)
	var buf [64]byte
	switch {
	case away < 0:
		return ""
	case away < time.Minute:
		return [languages]string{"now", "jetzt", "ahora"}[v.lang]
	case away <= time.Hour:
		b := append(buf[:0], [languages]string{"in ", "in ", "en "}[v.lang]...)
		n := int(away.Round(time.Minute).Minutes())
		unit := 0
		if n == 60 {
			n, unit = 1, 1
		}
		b = append(strconv.AppendInt(b, int64(n), 10), ' ')
		return string(append(b, v.unit(unit, n)...))
	}
	now = now.In(t.Location())
	if now.Hour() < 5 || t.Hour() < 6 || now.Hour() == 23 && now.Minute() > 30 {
		return ""
	}
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	y, m, d = t.Date()
	days := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(today).Hours() / 24)
	if days > 1 {
		return ""
	}
	name := [2][languages]string{{"today", "heute", "hoy"}, {"tomorrow", "morgen", "mañana"}}[days][v.lang]
	b := append(append(buf[:0], name...), [languages]string{" at ", " um ", " a las "}[v.lang]...)
	b = v.appendTime(b, t)
	if !v.hours12 {
		b = append(b, tongues[v.lang].oclock...)
	}
	return string(b)
}
