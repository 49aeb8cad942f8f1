package scheduling

import (
	"errors"
	"fmt"
	"strings"
)

// Limits that keep hostile or broken calendars from costing more than they
// are worth. What lies beyond is refused in words, never cut off in silence.
const (
	MaxInstances = 100_000 // instances of one expansion
	MaxEvents    = 20_000  // events of one calendar
	MaxBytes     = 32 << 20
	maxSteps     = 2_000_000 // periods looked at by one rule
)

// ErrTooMany is wrapped by refusals of work beyond the limits.
var ErrTooMany = errors.New("more than we work through")

// Fault says in a sentence what is wrong with something somebody wrote: a
// rule, an event, a problem.
type Fault string

func (f Fault) Error() string { return string(f) }

func faultf(format string, args ...any) error { return Fault(fmt.Sprintf(format, args...)) }

// clip keeps foreign words short and on one line.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s), "?")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func tooManyf(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), ErrTooMany)
}
