package bot

import (
	"strconv"
	"strings"
	"time"
)

// DefaultHours are the working hours of somebody who never said.
const DefaultHours = "09:00-17:30"

// Hours reads working hours "09:00-17:30" as minutes of the day; the end may be 24:00
// and must come after the start.
func Hours(text string) (from, till int, ok bool) {
	a, b, found := strings.Cut(strings.NewReplacer(" ", "", "–", "-").Replace(text), "-")
	from, ok1 := minutes(a)
	till, ok2 := minutes(b)
	return from, till, found && ok1 && ok2 && from < till
}

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

// Awake is when a card may reach somebody: now within their working hours, Monday
// to Friday, else when these begin next. Somebody whose zone is not known is
// reached at once.
func (b *Bot) Awake(p Person, now time.Time) time.Time {
	loc, err := b.zone(p.Zone)
	if p.Zone == "" || err != nil {
		return now
	}
	from, till, ok := Hours(p.Hours)
	if !ok {
		from, till, _ = Hours(DefaultHours)
	}
	local := now.In(loc)
	for day := range 8 {
		y, m, d := local.AddDate(0, 0, day).Date()
		start := time.Date(y, m, d, from/60, from%60, 0, 0, loc)
		end := time.Date(y, m, d, till/60, till%60, 0, 0, loc)
		if w := start.Weekday(); w == time.Saturday || w == time.Sunday || !now.Before(end) {
			continue
		}
		if now.After(start) {
			return now
		}
		return start
	}
	return now
}
