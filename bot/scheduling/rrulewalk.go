package scheduling

import (
	"slices"
	"time"

	"github.com/teambition/rrule-go"
)

// walker is a rule tied to its start. It works on the wall clock, period by
// period (day, week, month or year), and can begin at any period: a week out of
// a rule of 30 years looks at that week only. Days of months and years come
// from rrule-go, one period at a time, because its iterator would begin at the
// start, look for a 30 February until the year 9999, and lose or shift hours
// where clocks change.
//
// What is corrected: UNTIL and COUNT are ours (UNTIL as a date includes that
// day); week numbers are counted in the year of the week; BYWEEKNO without
// BYDAY falls on the weekday of the start; a start that the rule itself does
// not hit is the first instance, as RFC 5545 3.8.5.3 has it.
type walker struct {
	rule  Rule
	start Wall
	last  Wall // by COUNT or a local UNTIL; inclusive

	weekdays  uint8  // bit 0 is Monday; 0: all
	months    uint16 // bit 1 is January; 0: all
	daily     bool   // days need a look at their date
	inWeek    []Day  // days from the start of a week
	times     []int32
	dense     int  // what a period costs beside one step
	astray    bool // the start is an instance though the rule does not hit it
	startDay  Day
	startWeek int64
}

const endOfWalls = Wall(forever)

// walk ties a rule of a day or longer to a start.
func (r Rule) walk(start Wall) *walker {
	w := &walker{rule: r, start: start, last: endOfWalls, startDay: start.Day()}
	w.startWeek = w.week(w.startDay)
	w.fill()
	switch r.until.kind {
	case untilDate:
		w.last = r.until.wall.Day().At(0) + daySeconds - 1
	case untilLocal:
		w.last = r.until.wall
	}
	return w
}

// hits says whether the rule gives its own start.
func (w *walker) hits() bool { return slices.Contains(w.period(0, nil), w.start) }

// settle ends a rule by its COUNT. A start that no rule of the event hits
// counts as the first instance.
func (w *walker) settle(astray bool) error {
	w.astray = astray
	if w.rule.count == 0 {
		return nil
	}
	end, err := w.countDown(w.rule.count)
	w.last = min(w.last, end)
	return err
}

// fill takes from the start what the rule leaves open (RFC 5545 3.3.10).
func (w *walker) fill() {
	r, at := &w.rule, w.startDay.time()
	weekday := (int(at.Weekday()) + 6) % 7
	open := len(r.weekNos)+len(r.yearDays)+len(r.monthDays)+len(r.weekdays) == 0
	switch {
	case r.freq == rrule.YEARLY && len(r.weekNos) > 0 && len(r.weekdays)+len(r.monthDays)+len(r.yearDays) == 0:
		r.weekdays = []rrule.Weekday{weekdayValues[weekday]}
	case r.freq == rrule.YEARLY && open:
		if len(r.months) == 0 {
			r.months = []int{int(at.Month())}
		}
		r.monthDays = []int{at.Day()}
	case r.freq == rrule.MONTHLY && open:
		r.monthDays = []int{at.Day()}
	case r.freq == rrule.WEEKLY && open:
		r.weekdays = []rrule.Weekday{weekdayValues[weekday]}
	}
	for _, m := range r.months {
		w.months |= 1 << m
	}
	for _, d := range r.weekdays {
		w.weekdays |= 1 << d.Day()
	}
	w.daily = w.months != 0 || len(r.monthDays)+len(r.yearDays) > 0
	for d := range Day(7) {
		if day := w.weekStart(w.startWeek) + d; w.weekdays == 0 || w.weekdays>>((uint32(day.Weekday())+6)%7)&1 != 0 {
			w.inWeek = append(w.inWeek, d)
		}
	}
	w.times = timesOf(r, int(w.start.clock()))
	w.dense = len(w.times) / 8 // a period of one time is the common one
	if r.freq <= rrule.WEEKLY {
		w.dense *= 7
	}
}

// timesOf are the seconds of the day at which a rule happens.
func timesOf(r *Rule, clock int) []int32 {
	or := func(list []int, one int) []int {
		if len(list) == 0 {
			return []int{one}
		}
		return list
	}
	r.hours, r.minutes, r.seconds = or(r.hours, clock/3600), or(r.minutes, clock/60%60), or(r.seconds, clock%60)
	var times []int32
	for _, h := range r.hours {
		for _, m := range r.minutes {
			for _, s := range r.seconds {
				times = append(times, int32(h*3600+m*60+s))
			}
		}
	}
	slices.Sort(times)
	return slices.Compact(times)
}

// week numbers the weeks, from WKST to WKST.
func (w *walker) week(d Day) int64 { return floorDiv(int64(d)+3-int64(w.rule.wkst), 7) }

func (w *walker) weekStart(week int64) Day { return Day(week*7 - 3 + int64(w.rule.wkst)) }

// number is the period, counted from that of the start, in which a day lies.
func (w *walker) number(d Day) int64 {
	switch w.rule.freq {
	case rrule.DAILY:
		return int64(d) - int64(w.startDay)
	case rrule.WEEKLY:
		return w.week(d) - w.startWeek
	}
	a, b := w.startDay.time(), d.time()
	years := int64(b.Year() - a.Year())
	if w.rule.freq == rrule.MONTHLY {
		return years*12 + int64(b.Month()-a.Month())
	}
	if len(w.rule.weekNos) > 0 {
		years = int64(w.weekYear(d) - w.weekYear(w.startDay))
	}
	return years
}

// begins is the first day of a period.
func (w *walker) begins(n int64) Day {
	switch w.rule.freq {
	case rrule.DAILY:
		return w.startDay + Day(n)
	case rrule.WEEKLY:
		return w.weekStart(w.startWeek + n)
	}
	at := w.startDay.time()
	if w.rule.freq == rrule.MONTHLY {
		return DayOf(at.Year(), at.Month()+time.Month(n), 1)
	}
	if len(w.rule.weekNos) > 0 {
		return w.yearOfWeeks(w.weekYear(w.startDay) + int(n))
	}
	return DayOf(at.Year()+int(n), 1, 1)
}

// walls appends, in order, what lies in [from, to) on the wall clock.
func (w *walker) walls(dst []Wall, from, to Wall) ([]Wall, error) {
	from, to = max(from, w.start), min(to, w.last+1)
	if from >= to {
		return dst, nil
	}
	if w.astray && from == w.start {
		dst = append(dst, w.start)
	}
	every := int64(w.rule.interval)
	n := w.number(from.Day())
	n -= n % every
	var lib *rrule.RRule
	for steps := 0; ; n += every {
		if w.begins(n).At(0) >= to {
			return dst, nil
		}
		if steps += 1 + w.dense; steps > maxSteps || len(dst) > MaxInstances {
			return dst, w.tooMany()
		}
		k := len(dst)
		dst, lib = w.append(dst, n, lib)
		kept := dst[:k]
		for _, x := range dst[k:] {
			if x >= from && x < to {
				kept = append(kept, x)
			}
		}
		dst = kept
	}
}

func (w *walker) tooMany() error {
	return tooManyf("the rule %q has too many instances", clip(w.rule.text))
}

func (w *walker) period(n int64, dst []Wall) []Wall {
	dst, _ = w.append(dst, n, nil)
	return dst
}

// append adds the walls of one period in order, also those before the start.
func (w *walker) append(dst []Wall, n int64, lib *rrule.RRule) ([]Wall, *rrule.RRule) {
	switch {
	case w.rule.freq == rrule.DAILY:
		k := len(dst)
		dst = w.day(dst, w.startDay+Day(n))
		return w.choose(dst, k), lib
	case w.rule.freq == rrule.WEEKLY:
		k, first := len(dst), w.weekStart(w.startWeek+n)
		for _, d := range w.inWeek {
			dst = w.day(dst, first+d)
		}
		return w.choose(dst, k), lib
	case len(w.rule.weekNos) > 0:
		return w.weeks(dst, n), lib
	}
	return w.library(dst, n, lib)
}

// day adds the times of a day that passes the rule's filters.
func (w *walker) day(dst []Wall, d Day) []Wall {
	if w.weekdays != 0 && w.weekdays>>((uint32(d.Weekday())+6)%7)&1 == 0 {
		return dst
	}
	if w.daily && !w.dated(d) {
		return dst
	}
	base := Wall(d) * daySeconds
	for _, t := range w.times {
		dst = append(dst, base+Wall(t))
	}
	return dst
}

// dated asks the filters that need to know month and day.
func (w *walker) dated(d Day) bool {
	at := d.time()
	year, month, mday := at.Date()
	if w.months != 0 && w.months>>month&1 == 0 {
		return false
	}
	if list := w.rule.monthDays; len(list) > 0 {
		end := DayOf(year, month+1, 1).time().AddDate(0, 0, -1).Day()
		if !slices.Contains(list, mday) && !slices.Contains(list, mday-end-1) {
			return false
		}
	}
	if list := w.rule.yearDays; len(list) > 0 {
		yday, days := at.YearDay(), int(DayOf(year+1, 1, 1)-DayOf(year, 1, 1))
		if !slices.Contains(list, yday) && !slices.Contains(list, yday-days-1) {
			return false
		}
	}
	return true
}

// choose applies BYSETPOS to what was added from k on.
func (w *walker) choose(dst []Wall, k int) []Wall {
	if len(w.rule.setPos) == 0 {
		return dst
	}
	return append(dst[:k], pick(slices.Clone(dst[k:]), w.rule.setPos)...)
}

// countDown finds the last instance of a rule with COUNT. A rule that hits
// nothing for 48 years (longer than any leap day waits for its weekday), or
// that runs for 200, has no end that matters.
func (w *walker) countDown(count int) (Wall, error) {
	seen, misses, hit := 0, 0, w.startDay
	if w.astray {
		if seen++; seen == count {
			return w.start, nil
		}
	}
	var lib *rrule.RRule
	var set []Wall
	for n, steps := int64(0), 0; ; n += int64(w.rule.interval) {
		day := w.begins(n)
		if day > w.startDay+200*366 || misses > 600 && day > hit+48*366 {
			return endOfWalls, nil
		}
		if steps += 1 + w.dense; steps > maxSteps {
			return 0, w.tooMany()
		}
		misses++
		set, lib = w.append(set[:0], n, lib)
		for _, x := range set {
			if x < w.start {
				continue
			}
			if seen++; seen == count {
				return x, nil
			}
			misses, hit = 0, day
		}
	}
}
