package storetest

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What must differ between two runs of one story, and why:
//
//   - Times, and what is sorted by them: no two runs happen at the same time.
//   - Ids made of time and chance (rows, streams, messages of a network): they
//     become their rank among those of their kind, so that what belongs together
//     still shows, and how many there are. Messages of the outbox have none: which of
//     two for different places is staged first is chance.
//   - Sealed buttons, stored ones' names, the key they are sealed with, and the names of
//     operations in marks: chance.
var (
	wordy  = regexp.MustCompile(`\b([a-z]{1,5})_([0-9a-hjkmnp-tv-z]{26})\b`)
	told   = regexp.MustCompile(`\b(news)/\d{13}-\d+\b`)
	stream = regexp.MustCompile(`\b\d{13}-\d+\b`)
	sealed = []swap{
		{regexp.MustCompile(`"x":"[^"]+"`), `"x":"<sealed>"`},
		{regexp.MustCompile(`\b[A-Z2-7]{26} `), `<op> `},
		{regexp.MustCompile(`\b(act|once)/[A-Za-z0-9_-]{8,}`), `$1/<chance>`},
		{regexp.MustCompile(`buttons:1 1 "[^"]+"`), `buttons:1 1 "<key>"`},
	}
	times = []swap{
		{regexp.MustCompile(`\b\d{13}\.\d+\.[0-9a-z]+\b`), `<trigger>`},
		{regexp.MustCompile(`\b\d{4}-\d\d-\d\dT[\d:.]+Z`), `<time>`},
		{regexp.MustCompile(`\b\d(\.\d+)?e\+(09|12|15)\b`), `<time>`},
		{regexp.MustCompile(`\b\d{10}\.\d{6}\b`), `<time>`},
		{regexp.MustCompile(`\bt?\d{10}\b|\b\d{13}\b|\b\d{16}\b`), `<time>`},
	}
)

type swap struct {
	what *regexp.Regexp
	as   string
}

// flat is a JSON object of texts alone, whose order is chance.
var flat = regexp.MustCompile(`\{("[a-z_]+":"[^"\\{}]*",?)+\}`)

// living is what tells of processes rather than of what was done: who is alive,
// leases and how often they changed hands, rates, marks of nameless operations.
var living = regexp.MustCompile(`^\{g\}::procs?\b|:~:(lease|pace):|:~:fence$|:op:[A-Z2-7]{26}$`)

// Normal is a dump as sorted lines "key = value" without what must differ
// between two runs of one story; more are further names that do, each kind of
// which is ranked by itself (such as a network's account ids).
func Normal(dump map[string]string, more ...*regexp.Regexp) []string {
	var lines []string
	for k, v := range dump {
		if !living.MatchString(k) {
			lines = append(lines, k+" = "+v)
		}
	}
	all := strings.Join(lines, "\n")
	for _, s := range sealed {
		all = s.what.ReplaceAllString(all, s.as)
	}
	all = flat.ReplaceAllStringFunc(all, func(o string) string {
		pairs := strings.Split(strings.Trim(o, "{}"), `,"`)
		for i := range pairs {
			pairs[i] = strings.TrimPrefix(pairs[i], `"`)
		}
		slices.Sort(pairs)
		return `{"` + strings.Join(pairs, `,"`) + "}"
	})
	for _, kind := range append([]*regexp.Regexp{wordy, told, stream}, more...) {
		found := kind.FindAllString(all, -1)
		slices.SortFunc(found, func(a, b string) int { // the tenth in a millisecond comes after the ninth
			return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		})
		rank := map[string]string{}
		count := map[string]int{}
		for _, id := range slices.Compact(found) {
			name := "<id" + fmt.Sprint(count[""]) + ">"
			if m := kind.FindStringSubmatch(id); len(m) > 1 && m[1] == "out" {
				name = "<out>"
			} else if len(m) > 1 {
				name = fmt.Sprint("<", m[1], count[m[1]], ">")
				count[m[1]]++
			} else {
				count[""]++
			}
			rank[id] = name
		}
		all = kind.ReplaceAllStringFunc(all, func(id string) string { return rank[id] })
	}
	for _, s := range times {
		all = s.what.ReplaceAllString(all, s.as)
	}
	lines = strings.Split(all, "\n")
	slices.Sort(lines)
	return lines
}

// Diff is what stands in one of two normal dumps and not in the other.
func Diff(want, got []string) string {
	var out []string
	left := slices.Clone(got)
	for _, l := range want {
		if i := slices.Index(left, l); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			out = append(out, "- "+l)
		}
	}
	for _, l := range left {
		out = append(out, "+ "+l)
	}
	return strings.Join(out, "\n")
}
