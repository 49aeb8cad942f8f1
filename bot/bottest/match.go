package bottest

import (
	"regexp"
	"strings"
)

// contains reports whether words stand in a text, as a person would say: white
// space is folded, the sign before a person's name is the network's taste, and the
// cells of a table's row count, in their order and whole, however the network sets
// them apart: "Ada | Onsite" is also "Ada · Stage: Onsite".
func contains(text, words string) bool {
	if strings.Contains(fold(text), fold(words)) {
		return true
	}
	row := rowOf(words)
	if row == nil {
		return false
	}
	for _, line := range strings.Split(text, "\n") {
		if row.MatchString(fold(line)) {
			return true
		}
	}
	return false
}

var at = regexp.MustCompile(`(^|[\s(“"‘\[])@(\pL)`)

func fold(s string) string {
	return at.ReplaceAllString(strings.Join(strings.Fields(s), " "), "$1$2")
}

// rowOf is what a row of cells looks like on any network; nil for other words,
// for menus, and for forms.
// Empty cells may be left out or dashed, and a cell may carry its column's name.
func rowOf(words string) *regexp.Regexp {
	if words == "" || strings.ContainsAny(words[:1], "<[{") || !strings.Contains(words, " | ") {
		return nil
	}
	var cells []string
	for _, c := range strings.Split(words, "|") {
		if c = fold(c); c != "" && c != "–" {
			cells = append(cells, regexp.QuoteMeta(c))
		}
	}
	if len(cells) < 2 {
		return nil
	}
	return regexp.MustCompile(strings.Join(cells, ` ?[|·] ?(?:[–-]? ?[|·] ?)*(?:[^|·:]+: )?`))
}
