package scheduling

import (
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// Rule is one RRULE or EXRULE as written (RFC 5545 3.3.10), checked but not
// yet tied to a start. The zero value repeats nothing.
type Rule struct {
	text     string
	freq     rrule.Frequency
	interval int
	count    int // 0: no COUNT
	until    until
	wkst     int // 0 is Monday
	weekdays []rrule.Weekday

	months, monthDays, yearDays, weekNos, hours, minutes, seconds, setPos []int
}

// until is the end of a rule. RFC 5545 wants UTC for starts with a zone, but
// dates and floating times are written as well.
type until struct {
	kind untilKind
	wall Wall // of UTC when the kind is untilUTC
}

type untilKind byte

const (
	untilNever untilKind = iota
	untilDate            // the whole day, on the clock of the start
	untilLocal
	untilUTC
)

// String is the rule as it was written, without a leading "RRULE:".
func (r Rule) String() string { return r.text }

// ParseRule reads "FREQ=WEEKLY;BYDAY=MO,WE". Parts may come in any order and
// case. It refuses, with a Fault, what is no rule, parts it does not know
// (other than X- parts, which mean nothing to others), numbers out of range,
// and FREQ=SECONDLY.
func ParseRule(text string) (Rule, error) {
	r := Rule{interval: 1, freq: -1}
	text = strings.TrimSpace(text)
	if len(text) > 2000 {
		return Rule{}, faultf("a rule of %d characters is too long", len(text))
	}
	if i := strings.IndexByte(text, ':'); i >= 0 && i < strings.IndexByte(text+"=", '=') {
		text = text[i+1:]
	}
	r.text = text
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		key, value = strings.ToUpper(strings.TrimSpace(key)), strings.ToUpper(strings.TrimSpace(value))
		if seen[key] {
			return Rule{}, faultf("the rule %q says %s twice", clip(text), clip(key))
		}
		seen[key] = true
		if err := r.part(key, value); err != nil {
			return Rule{}, faultf("the rule %q: %s", clip(text), err)
		}
	}
	if r.freq < 0 {
		return Rule{}, faultf("the rule %q does not say how often (FREQ)", clip(text))
	}
	if len(r.weekNos) > 0 && r.freq != rrule.YEARLY {
		return Rule{}, faultf("the rule %q: BYWEEKNO goes with FREQ=YEARLY only", clip(text))
	}
	return r, nil
}

func (r *Rule) part(key, value string) (err error) {
	switch key {
	case "FREQ":
		r.freq, err = parseFreq(value)
	case "INTERVAL":
		r.interval, err = parseNumber(key, value, 1, 100_000)
	case "COUNT":
		r.count, err = parseNumber(key, value, 1, 10_000_000)
	case "UNTIL":
		r.until, err = parseUntil(value)
	case "WKST":
		var day rrule.Weekday
		if day, err = parseWeekday(value); err == nil && day.N() != 0 {
			err = faultf("WKST is a plain weekday")
		}
		r.wkst = day.Day()
	case "BYDAY":
		for word := range strings.SplitSeq(value, ",") {
			day, err := parseWeekday(strings.TrimSpace(word))
			if err != nil {
				return err
			}
			r.weekdays = append(r.weekdays, day)
		}
	case "BYMONTH":
		r.months, err = parseList(key, value, 1, 12, false)
	case "BYMONTHDAY":
		r.monthDays, err = parseList(key, value, 1, 31, true)
	case "BYYEARDAY":
		r.yearDays, err = parseList(key, value, 1, 366, true)
	case "BYWEEKNO":
		r.weekNos, err = parseList(key, value, 1, 53, true)
	case "BYHOUR":
		r.hours, err = parseList(key, value, 0, 23, false)
	case "BYMINUTE":
		r.minutes, err = parseList(key, value, 0, 59, false)
	case "BYSECOND":
		r.seconds, err = parseList(key, value, 0, 60, false)
		for i, s := range r.seconds {
			r.seconds[i] = min(s, 59) // our clocks have no leap seconds
		}
	case "BYSETPOS":
		r.setPos, err = parseList(key, value, 1, 366, true)
	case "RSCALE":
		if value != "GREGORIAN" {
			err = faultf("only the Gregorian calendar is understood, not %q", clip(value))
		}
	case "SKIP":
		if value != "OMIT" {
			err = faultf("SKIP=%s is not understood", clip(value))
		}
	default:
		if !strings.HasPrefix(key, "X-") {
			err = faultf("%q is no part of a rule", clip(key))
		}
	}
	return err
}

func parseFreq(value string) (rrule.Frequency, error) {
	switch value {
	case "YEARLY":
		return rrule.YEARLY, nil
	case "MONTHLY":
		return rrule.MONTHLY, nil
	case "WEEKLY":
		return rrule.WEEKLY, nil
	case "DAILY":
		return rrule.DAILY, nil
	case "HOURLY":
		return rrule.HOURLY, nil
	case "MINUTELY":
		return rrule.MINUTELY, nil
	case "SECONDLY":
		return 0, faultf("nothing that people meet for happens every second")
	}
	return 0, faultf("%q is no frequency", clip(value))
}

func parseNumber(key, value string, least, most int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return 0, faultf("%s=%s is not a number from %d to %d", key, clip(value), least, most)
	}
	return n, nil
}

func parseList(key, value string, least, most int, fromEnd bool) ([]int, error) {
	var list []int
	for word := range strings.SplitSeq(value, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		size := n
		if fromEnd && n < 0 {
			size = -n
		}
		if err != nil || size < least || size > most {
			return nil, faultf("%s=%s is out of range", key, clip(word))
		}
		list = append(list, n)
	}
	return list, nil
}

// weekdayNames are in the order of rrule-go, Monday first.
var weekdayNames = [7]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

var weekdayValues = [7]rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}

func parseWeekday(word string) (rrule.Weekday, error) {
	if len(word) >= 2 {
		for i, name := range weekdayNames {
			number, ok := strings.CutSuffix(word, name)
			if !ok {
				continue
			}
			if number == "" {
				return weekdayValues[i], nil
			}
			if n, err := strconv.Atoi(number); err == nil && n != 0 && n >= -53 && n <= 53 {
				return weekdayValues[i].Nth(n), nil
			}
		}
	}
	return rrule.Weekday{}, faultf("%q is no weekday", clip(word))
}

func parseUntil(value string) (until, error) {
	v, err := parseMoment(value)
	switch {
	case err != nil:
		return until{}, faultf("UNTIL=%s is no date or time", clip(value))
	case v.date:
		return until{untilDate, v.wall}, nil
	case v.utc:
		return until{untilUTC, v.wall}, nil
	}
	return until{untilLocal, v.wall}, nil
}

// moment is a DATE or DATE-TIME of RFC 5545 (3.3.4, 3.3.5) without its zone.
type moment struct {
	wall Wall
	date bool // a date only
	utc  bool // written with Z
}

func parseMoment(text string) (moment, error) {
	text = strings.TrimSpace(text)
	var m moment
	body, utc := strings.CutSuffix(strings.ToUpper(text), "Z")
	m.utc = utc
	layout := "20060102T150405"
	switch len(body) {
	case 8:
		layout, m.date, m.utc = "20060102", true, false
	case 13:
		layout = "20060102T1504" // without seconds: not allowed, but written
	}
	if strings.HasSuffix(body, "60") && len(body) == 15 {
		body = body[:13] + "59" // a leap second
	}
	t, err := time.Parse(layout, body)
	if err != nil || t.Year() < 1 {
		return moment{}, faultf("%q is no date or time", clip(text))
	}
	m.wall = Wall(t.Unix())
	return m, nil
}
