package scheduling

import (
	"strconv"
	"strings"
	"time"
)

// Marks are what some networks show in each reader's own zone. Both kinds carry
// whole seconds since 1970 and nothing else of the time.

// DateMark writes <!date^seconds^format|fallback>. The fallback is what readers
// without the ability see; characters that would end the mark are taken out.
func DateMark(t time.Time, format, fallback string) string {
	clean := strings.NewReplacer("<", "", ">", "", "|", "", "^", "")
	return "<!date^" + strconv.FormatInt(t.Unix(), 10) + "^" + clean.Replace(format) + "|" + clean.Replace(fallback) + ">"
}

// StampMark writes <t:seconds:style>; style is one letter, or "" for the usual.
func StampMark(t time.Time, style string) string {
	mark := "<t:" + strconv.FormatInt(t.Unix(), 10)
	if len(style) == 1 {
		mark += ":" + style
	}
	return mark + ">"
}

// FindMark reads a phrase that is one mark of either kind, with nothing but spaces
// around it. Years outside 1970–9999 are none.
func FindMark(phrase string) (time.Time, bool) {
	if len(phrase) > maxPhrase {
		return time.Time{}, false
	}
	body, ok := strings.CutPrefix(strings.TrimSpace(phrase), "<")
	if !ok || len(body) < 4 {
		return time.Time{}, false
	}
	body, ok = strings.CutSuffix(body, ">")
	if !ok || strings.ContainsAny(body, "<>") {
		return time.Time{}, false
	}
	var digits string
	if rest, ok := strings.CutPrefix(body, "!date^"); ok {
		digits, rest, ok = strings.Cut(rest, "^")
		if !ok || rest == "" {
			return time.Time{}, false
		}
	} else if rest, ok := strings.CutPrefix(body, "t:"); ok {
		var style string
		digits, style, ok = strings.Cut(rest, ":")
		if ok && (len(style) != 1 || !strings.Contains("tTdDfFRsS", style)) { //nolint:gocritic // the letter is looked for among all
			return time.Time{}, false
		}
	} else {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || n > 253402300799 || digits[0] == '+' {
		return time.Time{}, false
	}
	return time.Unix(n, 0).UTC(), true
}
