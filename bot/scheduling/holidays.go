package scheduling

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rickar/cal/v2"
)

// Holidays are the public holidays of a country or of a part of it. It may be
// used by many goroutines.
type Holidays struct {
	Code string
	list []*cal.Holiday
	mu   sync.Mutex
	year map[int]map[Day]string
}

// PublicHolidays finds the holidays by ISO 3166 code: "DE", or "DE-BY" for a
// part that has its own. Where a country is not known, or parts differ and
// there is no list for all, a Fault names what is known.
func PublicHolidays(code string) (*Holidays, error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if list, ok := holidayLists()[code]; ok {
		return &Holidays{Code: code, list: list, year: map[int]map[Day]string{}}, nil
	}
	country, _, _ := strings.Cut(code, "-")
	var near []string
	for known := range holidayLists() {
		if known == country || strings.HasPrefix(known, country+"-") {
			near = append(near, known)
		}
	}
	if len(near) > 0 {
		slices.Sort(near)
		return nil, faultf("the holidays of %q are not known; known are %s", clip(code), strings.Join(near, ", "))
	}
	return nil, faultf("the public holidays of %q are not known; list the days off instead", clip(code))
}

// HolidayCodes lists what PublicHolidays knows, sorted.
func HolidayCodes() []string {
	var codes []string
	for code := range holidayLists() {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// On is the name of the holiday on a date. Where a holiday is kept on another
// day because it falls on a weekend, both days are off.
func (h *Holidays) On(d Day) (name string, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	year := d.time().Year()
	days := h.year[year]
	if days == nil {
		days = h.reckon(year)
		if len(h.year) > 400 {
			clear(h.year) // somebody asks about all of history
		}
		h.year[year] = days
	}
	name, ok = days[d]
	return name, ok
}

// reckon collects a year's holidays. The neighbours are asked too: New Year
// may be kept on 31 December.
func (h *Holidays) reckon(year int) map[Day]string {
	days := map[Day]string{}
	for y := year - 1; y <= year+1; y++ {
		for _, holiday := range h.list {
			if holiday.Type == cal.ObservanceOther {
				continue // kept by custom, not by law
			}
			actual, kept := holiday.Calc(y)
			for _, t := range []time.Time{kept, actual} {
				if t.IsZero() {
					continue
				}
				// The library gives midnight of the machine's zone, which may be
				// skipped there; noon is on the right date everywhere.
				t = t.Add(12 * time.Hour)
				if d := DayOf(t.Year(), t.Month(), t.Day()); d.time().Year() == year && days[d] == "" {
					days[d] = holiday.Name
				}
			}
		}
	}
	return days
}
