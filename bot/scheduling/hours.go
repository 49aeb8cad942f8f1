package scheduling

import (
	"strconv"
	"strings"
	"time"
)

// Shift is a stretch of a working day on the wall clock. A To that is not
// after From lies on the next day, so 22:00–06:00 works and 00:00–24:00 (or
// 00:00–00:00) is all day. It belongs to the day on which it begins.
type Shift struct{ From, To time.Duration }

// Hours are when somebody works, on the wall clock of their zone. The zero
// value never works.
type Hours struct {
	Zone     *time.Location  // nil: UTC
	Week     [7][]Shift      // by time.Weekday
	Days     map[Day][]Shift // instead of the week's shifts on that date; empty: a day off
	Holidays *Holidays       // days off by law; nil: none
	Away     []Stretch       // out of office
}

// EveryDay has the same shifts on the days given.
func EveryDay(zone *time.Location, shifts []Shift, days ...time.Weekday) *Hours {
	h := &Hours{Zone: zone}
	for _, d := range days {
		h.Week[d] = shifts
	}
	return h
}

// ParseShift reads "09:00" and "17:00"; "24:00" is the end of the day.
func ParseShift(from, to string) (Shift, error) {
	a, err := parseClock(from)
	if err != nil {
		return Shift{}, err
	}
	b, err := parseClock(to)
	return Shift{a, b}, err
}

func parseClock(text string) (time.Duration, error) {
	h, m, ok := strings.Cut(strings.TrimSpace(text), ":")
	m, s, _ := strings.Cut(m, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	second := 0
	var err3 error
	if s != "" {
		second, err3 = strconv.Atoi(s)
	}
	at := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	if !ok || err1 != nil || err2 != nil || err3 != nil || hour < 0 || minute < 0 || minute > 59 || second < 0 || second > 59 || at > 24*time.Hour {
		return 0, faultf("%q is not a time of day like 09:30", clip(text))
	}
	return at, nil
}

func (h *Hours) zone() *time.Location {
	if h.Zone == nil {
		return time.UTC
	}
	return h.Zone
}

// off says whether nobody works on that date at all, whatever began the night
// before.
func (h *Hours) off(d Day) bool {
	if shifts, ok := h.Days[d]; ok {
		return len(shifts) == 0
	}
	if h.Holidays != nil {
		_, ok := h.Holidays.On(d)
		return ok
	}
	return false
}

func (h *Hours) shifts(d Day) []Shift {
	if shifts, ok := h.Days[d]; ok {
		return shifts
	}
	return h.Week[d.Weekday()]
}

// Between lists the working time in [from, to), joined and in order.
func (h *Hours) Between(from, to time.Time) []Stretch {
	a, b := from.Unix(), to.Unix()
	var out []Stretch
	for _, s := range h.open(nil, a, b, clockOf(h.zone(), a-3*daySeconds, b+3*daySeconds)) {
		out = append(out, s.span())
	}
	return out
}

// open appends the working time in [from, to), united.
func (h *Hours) open(dst []span, from, to int64, c *dial) []span {
	k := len(dst)
	sorted, special := true, len(h.Days) > 0 || h.Holidays != nil
	for d := c.wall(from).Day() - 1; ; d++ {
		midnight := c.at(d.At(0))
		if midnight >= to {
			break
		}
		if special && h.off(d) {
			continue
		}
		for _, s := range h.shifts(d) {
			end := s.To
			if end <= s.From {
				end += 24 * time.Hour
			}
			p := span{max(from, c.at(d.At(s.From))), min(to, c.at(d.At(end)))}
			if p.from >= p.to {
				continue
			}
			if n := len(dst); n > k && p.from <= dst[n-1].to {
				if p.from < dst[n-1].from {
					sorted = false
				} else {
					dst[n-1].to = max(dst[n-1].to, p.to)
					continue
				}
			}
			dst = append(dst, p)
		}
	}
	if !sorted {
		dst = append(dst[:k], union(dst[k:])...)
	}
	if not := h.closed(from, to, c); len(not) > 0 {
		open := append([]span(nil), dst[k:]...)
		dst = subtract(dst[:k], open, not)
	}
	return dst
}

// closed is what is taken from the shifts: days off, from midnight to
// midnight, and time away.
func (h *Hours) closed(from, to int64, c *dial) []span {
	var not []span
	if len(h.Days) > 0 || h.Holidays != nil {
		for d := c.wall(from).Day(); ; d++ {
			midnight := c.at(d.At(0))
			if midnight >= to {
				break
			}
			if h.off(d) {
				not = append(not, span{midnight, c.at(d.At(24 * time.Hour))})
			}
		}
	}
	for _, s := range h.Away {
		not = append(not, s.span())
	}
	return union(not)
}
