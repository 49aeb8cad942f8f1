package scheduling

import (
	"cmp"
	"slices"
)

// union sorts and joins stretches that meet or overlap, in place. Stretches
// without length vanish.
func union(list []span) []span {
	slices.SortFunc(list, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := list[:0]
	for _, s := range list {
		switch n := len(out) - 1; {
		case s.to <= s.from:
		case n >= 0 && s.from <= out[n].to:
			out[n].to = max(out[n].to, s.to)
		default:
			out = append(out, s)
		}
	}
	return out
}

// intersect appends what two united lists share.
func intersect(dst, a, b []span) []span {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if s := (span{max(a[i].from, b[j].from), min(a[i].to, b[j].to)}); s.from < s.to {
			dst = append(dst, s)
		}
		if a[i].to < b[j].to {
			i++
		} else {
			j++
		}
	}
	return dst
}

// subtract appends what is in a and not in b, both united.
func subtract(dst, a, b []span) []span {
	j := 0
	for _, s := range a {
		for j < len(b) && b[j].to <= s.from {
			j++
		}
		from := s.from
		for i := j; i < len(b) && b[i].from < s.to; i++ {
			if b[i].from > from {
				dst = append(dst, span{from, b[i].from})
			}
			from = b[i].to
		}
		if from < s.to {
			dst = append(dst, span{from, s.to})
		}
	}
	return dst
}

// clipSpans keeps what lies in [from, to), in place.
func clipSpans(list []span, from, to int64) []span {
	out := list[:0]
	for _, s := range list {
		if s = (span{max(s.from, from), min(s.to, to)}); s.from < s.to {
			out = append(out, s)
		}
	}
	return out
}

// within says whether one stretch of a united list holds all of [from, to).
func within(list []span, from, to int64) bool {
	i, found := slices.BinarySearchFunc(list, from, func(s span, at int64) int { return cmp.Compare(s.from, at) })
	if !found {
		i--
	}
	return i >= 0 && list[i].to >= to && list[i].from <= from
}
