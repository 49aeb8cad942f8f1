package scheduling

import (
	"slices"
	"time"

	"github.com/teambition/rrule-go"
)

// lone is an interval so long that the library looks at one period and stops.
const lone = 10_000 * 12

// library asks rrule-go for the days and times of one month or year. It is
// given wall clocks as if they were UTC, so it never meets a clock change. The
// rule returned serves the next period.
func (w *walker) library(dst []Wall, n int64, lib *rrule.RRule) ([]Wall, *rrule.RRule) {
	first := w.begins(n).time()
	if lib == nil {
		option, ever := w.option()
		if !ever {
			return dst, nil
		}
		option.Dtstart = first
		made, err := rrule.NewRRule(option)
		if err != nil {
			return dst, nil // ParseRule checks every range: this cannot happen
		}
		lib = made
	} else {
		lib.DTStart(first)
	}
	next := lib.Iterator()
	for at, ok := next(); ok; at, ok = next() {
		dst = append(dst, Wall(at.Unix()))
	}
	return dst, lib
}

// option is the rule in rrule-go's words. It is false when no month can have
// the weekdays asked for, such as the sixth Monday, on which the library
// would run out of its tables.
func (w *walker) option() (rrule.ROption, bool) {
	r := &w.rule
	o := rrule.ROption{
		Freq: r.freq, Interval: lone, Wkst: weekdayValues[r.wkst], Bysetpos: r.setPos,
		Bymonth: r.months, Bymonthday: r.monthDays, Byyearday: r.yearDays,
		Byweekday: r.weekdays, Byhour: r.hours, Byminute: r.minutes, Bysecond: r.seconds,
	}
	if r.freq == rrule.MONTHLY || len(r.months) > 0 {
		o.Byweekday = slices.DeleteFunc(slices.Clone(r.weekdays), func(d rrule.Weekday) bool {
			return d.N() > 5 || d.N() < -5
		})
	}
	return o, len(o.Byweekday) > 0 || len(r.weekdays) == 0
}

// yearOfWeeks is the first day of week 1: the first week, from WKST on, with
// at least four days in the year (RFC 5545 3.3.10, BYWEEKNO).
func (w *walker) yearOfWeeks(year int) Day {
	return w.weekStart(w.week(DayOf(year, time.January, 4)))
}

// weekYear is the year to whose weeks a day belongs.
func (w *walker) weekYear(d Day) int {
	year := d.time().Year()
	if d < w.yearOfWeeks(year) {
		return year - 1
	}
	if d >= w.yearOfWeeks(year+1) {
		return year + 1
	}
	return year
}

// weeks gives a year of numbered weeks. rrule-go counts them by the calendar
// year and takes the number of weeks of the wrong year near New Year.
func (w *walker) weeks(dst []Wall, n int64) []Wall {
	year := w.weekYear(w.startDay) + int(n)
	first, end := w.yearOfWeeks(year), w.yearOfWeeks(year+1)
	count := int(end-first) / 7
	k := len(dst)
	for week := 1; week <= count; week++ {
		if !slices.Contains(w.rule.weekNos, week) && !slices.Contains(w.rule.weekNos, week-count-1) {
			continue
		}
		for d := range Day(7) {
			dst = w.day(dst, first+Day(week-1)*7+d)
		}
	}
	return w.choose(dst, k)
}
