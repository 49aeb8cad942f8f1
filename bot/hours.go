package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DefaultHours are the working hours of somebody who never said.
const DefaultHours = "09:00-17:30"

// Hours reads working hours "09:00-17:30" as minutes of the day. Hours over midnight,
// "22:00-06:00", end on the next day: till is then beyond 24:00.
func Hours(text string) (from, till int, ok bool) {
	a, b, found := strings.Cut(strings.NewReplacer(" ", "", "–", "-").Replace(text), "-")
	from, ok1 := minutes(a)
	till, ok2 := minutes(b)
	if till < from {
		till += 24 * 60
	}
	return from, till, found && ok1 && ok2 && from < till && from < 24*60
}

// ReadHours reads working hours as somebody types them, also as "10pm-6am", and gives
// them as they are kept. other is what they may mean just as well: "9-5" is over night
// only for who says so, by the whole form "09:00-05:00" or by am and pm.
func ReadHours(text string) (kept, other string, ok bool) {
	plain := strings.NewReplacer(" ", "", "–", "-", "a.m.", "am", "p.m.", "pm").Replace(strings.ToLower(text))
	a, b, found := strings.Cut(plain, "-")
	from, halved, ok1 := halfDay(a)
	end, halved2, ok2 := halfDay(b)
	if !found || !ok1 || !ok2 || halved != halved2 {
		return "", "", false
	}
	kept = clockFace(from) + "-" + clockFace(end)
	if _, _, ok := Hours(kept); !ok {
		return "", "", false
	}
	const noon = 12 * 60
	if !halved && plain != kept && end < from && from < noon+60 && end >= 60 {
		other = clockFace(from) + "-" + clockFace(end+noon)
	}
	return kept, other, true
}

// halfDay reads a time of day and whether am or pm stands behind it.
func halfDay(text string) (n int, halved, ok bool) {
	am, isAM := strings.CutSuffix(text, "am")
	pm, isPM := strings.CutSuffix(text, "pm")
	if !isAM && !isPM {
		n, ok = minutes(text)
		return n, false, ok
	}
	if isPM {
		am = pm
	}
	n, ok = minutes(am)
	ok = ok && n >= 60 && n < 13*60
	n %= 12 * 60
	if isPM {
		n += 12 * 60
	}
	return n, true, ok
}

func clockFace(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func minutes(text string) (int, bool) {
	h, m, ok := strings.Cut(text, ":")
	if !ok {
		m = "00"
	}
	hour, err1 := strconv.Atoi(h)
	min, err2 := strconv.Atoi(m)
	n := hour*60 + min
	return n, err1 == nil && err2 == nil && hour >= 0 && min >= 0 && min < 60 && n <= 24*60
}

// Awake is when a card may reach somebody: now within their working hours, which
// begin on Monday to Friday, else when these begin next. Somebody whose zone is not
// known is reached at once.
func (b *Bot) Awake(p Person, now time.Time) time.Time {
	loc, err := b.zone(p.Zone)
	if p.Zone == "" || err != nil {
		return now
	}
	from, till, ok := Hours(p.Hours)
	if !ok {
		from, till, _ = Hours(DefaultHours)
	}
	today := now.In(loc)
	for ahead := -1; ahead < 8; ahead++ { // last night's hours may go on
		day := time.Date(today.Year(), today.Month(), today.Day()+ahead, 0, 0, 0, 0, time.UTC)
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday || !now.Before(clockAt(day, till, loc)) {
			continue
		}
		if start := clockAt(day, from, loc); now.Before(start) {
			return start
		}
		return now
	}
	return now
}

// clockAt is when clocks in loc show so many minutes after midnight of a date. A time
// that the clocks skip is the moment at which they skip it.
func clockAt(day time.Time, minutes int, loc *time.Location) time.Time {
	want := day.Add(time.Duration(minutes) * time.Minute)
	y, m, d := want.Date()
	t := time.Date(y, m, d, want.Hour(), want.Minute(), 0, 0, loc)
	_, offset := t.Zone()
	switch shown := t.Add(time.Duration(offset) * time.Second); {
	case shown.After(want):
		t, _ = t.ZoneBounds()
	case shown.Before(want):
		_, t = t.ZoneBounds()
	}
	return t.In(loc)
}
