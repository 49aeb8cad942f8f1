package scheduling

import "time"

// maxBusinessYears bounds the search for working time: beyond it somebody does
// not work at all.
const maxBusinessYears = 10

// ErrNoHours is returned where working time is asked of hours that have none.
const ErrNoHours = Fault("there is no working time in these hours within ten years")

// Open says whether t is working time.
func (h *Hours) Open(t time.Time) bool { return len(h.Between(t, t.Add(time.Second))) > 0 }

// Next is t when it is working time, else the next moment that is.
func (h *Hours) Next(t time.Time) (time.Time, error) { return h.Add(t, 0) }

// Add goes forward from t by d of working time: eight hours from Friday 16:00
// with 9 to 17 is Monday 16:00. Time that ends with the day ends there, not on
// the next morning; no time at all gives t, or the next opening. A negative d
// goes back. It counts whole seconds, as clocks run: an hour repeated in
// autumn counts twice.
func (h *Hours) Add(t time.Time, d time.Duration) (time.Time, error) {
	left, at := int64(d/time.Second), t.Unix()
	if left < 0 {
		return h.back(at, -left)
	}
	limit := at + maxBusinessYears*366*daySeconds
	for length := int64(14 * daySeconds); at < limit; {
		end := at + length
		for _, s := range h.stretch(at, end) {
			if had := s.to - s.from; left > had {
				left -= had
				continue
			}
			return time.Unix(s.from+left, 0).UTC(), nil
		}
		at, length = end, min(2*length, 400*daySeconds)
	}
	return time.Time{}, ErrNoHours
}

func (h *Hours) back(at, left int64) (time.Time, error) {
	limit := at - maxBusinessYears*366*daySeconds
	for length := int64(14 * daySeconds); at > limit; {
		start := at - length
		list := h.stretch(start, at)
		for i := len(list) - 1; i >= 0; i-- {
			had := list[i].to - list[i].from
			if left <= had {
				return time.Unix(list[i].to-left, 0).UTC(), nil
			}
			left -= had
		}
		at, length = start, min(2*length, 400*daySeconds)
	}
	return time.Time{}, ErrNoHours
}

func (h *Hours) stretch(from, to int64) []span {
	return h.open(nil, from, to, clockOf(h.zone(), from-3*daySeconds, to+3*daySeconds))
}

// Elapsed is the working time between two instants; negative when b is before
// a.
func (h *Hours) Elapsed(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -h.Elapsed(b, a)
	}
	var sum int64
	const step = 400 * daySeconds
	for from, to := a.Unix(), b.Unix(); from < to; from += step {
		for _, s := range h.stretch(from, min(from+step, to)) {
			sum += s.to - s.from
		}
	}
	return time.Duration(sum) * time.Second
}
