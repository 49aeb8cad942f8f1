package scheduling

import "time"

// dayReadings are the days that were meant, one unless the order of numbers or
// the week leaves two.
func (r *reader) dayReadings(a *alt) ([]dayRef, Why) {
	d := a.day
	if a.span { // "in 2 days at 3pm"
		return []dayRef{{set: true, relative: true, days: a.days + 7*a.weeks, m: a.months, weekday: a.day.weekday}}, ""
	}
	if d.isoWeek != 0 {
		if d = r.inWeek(d); d.d == 0 {
			return nil, NoSuchDate
		}
		return []dayRef{d}, ""
	}
	if d.numeric {
		return r.numberReadings(d)
	}
	if d.weekday != 0 && d.d == 0 && (d.which == next || d.weeks != 0) {
		return r.weekReadings(d)
	}
	return []dayRef{d}, ""
}

// inWeek is a weekday of a numbered week, of this year or the next.
func (r *reader) inWeek(d dayRef) dayRef {
	loc := r.speaker
	if loc == nil {
		loc = time.UTC
	}
	today := wallOf(r.now.In(loc))
	y, now := today.ISOWeek()
	if d.isoWeek < now {
		y++
	}
	return weekDate(y, d.isoWeek, (d.weekday+5)%7+1)
}

// numberReadings are the dates that 3/12 can be, the likelier first.
func (r *reader) numberReadings(d dayRef) ([]dayRef, Why) {
	dm, md := d, d
	dm.numeric, md.numeric = false, false
	dm.d, dm.m = d.a, d.b
	md.m, md.d = d.a, d.b
	switch {
	case d.a == d.b:
		return []dayRef{dm}, ""
	case d.a > 12 && d.b > 12:
		return []dayRef{dm}, ""
	case d.a > 12:
		return []dayRef{dm}, ""
	case d.b > 12:
		return []dayRef{md}, ""
	case r.ctx.DateOrder == DayFirst:
		return []dayRef{dm}, ""
	case r.ctx.DateOrder == MonthFirst:
		return []dayRef{md}, ""
	case r.voice.order == MonthFirst:
		return []dayRef{md, dm}, DayMonthOrder
	}
	return []dayRef{dm, md}, DayMonthOrder
}

// weekReadings are the days that "next thursday" or "sunday next week" can be.
// The first is the coming one, the second that of the week after this one. Weeks
// that start on Sunday or on Monday disagree about Sundays.
func (r *reader) weekReadings(d dayRef) ([]dayRef, Why) {
	loc := r.speaker
	if loc == nil {
		loc = time.UTC
	}
	today := wallOf(r.now.In(loc))
	of := func(weekStart, weeks int) dayRef {
		first := -((int(today.Weekday()) - weekStart + 7) % 7)
		return dayRef{set: true, relative: true, which: next, weekday: 0,
			days: first + 7*weeks + (d.weekday-1-weekStart+7)%7}
	}
	if d.weeks != 0 {
		usual, sunday, monday := of(r.voice.weekStart, d.weeks-1), of(0, d.weeks-1), of(1, d.weeks-1)
		switch {
		case sunday.days == monday.days && usual.days == monday.days:
			return []dayRef{usual}, ""
		case usual.days == monday.days:
			return []dayRef{usual, sunday}, WhichWeek
		}
		return []dayRef{usual, monday}, WhichWeek
	}
	soon := dayRef{set: true, relative: true, which: next, days: (d.weekday - 1 - int(today.Weekday()) + 7) % 7}
	if soon.days == 0 {
		soon.days = 7
	}
	week := of(1, 1)
	if week.days == soon.days {
		return []dayRef{soon}, ""
	}
	return []dayRef{soon, week}, WhichWeek
}

// date finds the day in a zone's calendar. at gives the instant of the clock on
// a day, for days that are the first after now.
func (r *reader) date(d dayRef, loc *time.Location, at func(day time.Time) time.Time) (time.Time, Why) {
	speaker := r.speaker
	if speaker == nil {
		speaker = loc
	}
	spoken := wallOf(r.now.In(speaker))
	today := time.Date(spoken.Year(), spoken.Month(), spoken.Day(), 0, 0, 0, 0, time.UTC)
	local := wallOf(r.now.In(loc))
	here := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	future := func(day time.Time) bool { return at(day).After(r.now) }
	switch {
	case d.relative:
		day := today
		if d.m != 0 {
			day = day.AddDate(0, d.m, 0)
			if day.Day() != today.Day() {
				return day, NoSuchDate
			}
		}
		day = day.AddDate(0, 0, d.days)
		if d.weekday != 0 && int(day.Weekday()) != d.weekday-1 {
			return day, WeekdayMismatch
		}
		return day, ""
	case d.d != 0:
		return r.calendarDate(d, here, future)
	case d.weekday != 0:
		day := here.AddDate(0, 0, (d.weekday-1-int(here.Weekday())+7)%7)
		switch d.which {
		case last:
			if day = day.AddDate(0, 0, -7); !day.Before(here) {
				day = day.AddDate(0, 0, -7)
			}
			return day, ""
		case this: // of this week, also when it is over
			monday := here.AddDate(0, 0, -(int(here.Weekday())+6)%7)
			return monday.AddDate(0, 0, (d.weekday+5)%7), ""
		}
		if !future(day) {
			day = day.AddDate(0, 0, 7)
		}
		return day, ""
	}
	if !future(here) {
		here = here.AddDate(0, 0, 1)
	}
	return here, ""
}

// calendarDate is a day of the month, with month and year as far as said: else
// the next that comes.
func (r *reader) calendarDate(d dayRef, today time.Time, future func(time.Time) bool) (time.Time, Why) {
	exists := func(y, m, day int) (time.Time, bool) {
		t := time.Date(y, time.Month(m), day, 0, 0, 0, 0, time.UTC)
		return t, int(t.Month()) == m && t.Day() == day
	}
	check := func(day time.Time) (time.Time, Why) {
		if d.weekday != 0 && int(day.Weekday()) != d.weekday-1 {
			return day, WeekdayMismatch
		}
		return day, ""
	}
	if d.m > 12 || d.d > 31 {
		return today, NoSuchDate
	}
	if d.m == 0 { // the 3rd
		for i := range 13 {
			month := time.Date(today.Year(), today.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
			if day, ok := exists(month.Year(), int(month.Month()), d.d); ok && future(day) {
				return check(day)
			}
		}
		return today, NoSuchDate
	}
	if d.y != 0 {
		day, ok := exists(d.y, d.m, d.d)
		if !ok {
			return day, NoSuchDate
		}
		return check(day)
	}
	y := today.Year()
	if d.m < int(today.Month()) || d.m == int(today.Month()) && d.d < today.Day() {
		y++
	}
	day, ok := exists(y, d.m, d.d)
	if ok && !future(day) && !day.Equal(today) { // today is asked about, not moved by a year
		day, ok = exists(y+1, d.m, d.d)
	}
	if !ok {
		return day, NoSuchDate
	}
	return check(day)
}
