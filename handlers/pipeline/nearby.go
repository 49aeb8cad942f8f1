package pipeline

import (
	"context"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

const (
	nearLooks = 12  // most searches for one mistyped name
	nearRows  = 120 // most people looked at
	nearShown = 4
)

// nearby is who may be meant by a name nobody has. The index finds words by their
// beginning, so each word is shortened from its end until somebody answers to it,
// the other words helping; then the names found are compared whole.
func nearby(ctx context.Context, c *bot.Call, text string) ([]match, error) {
	words := recruiting.Tokens(text)
	if len(words) == 0 || len(words) > 6 || len(text) > 120 {
		return nil, nil
	}
	byID := map[string]match{}
	looks := 0
	look := func(words string) (found bool, err error) {
		if looks++; looks > nearLooks {
			return true, nil
		}
		rows, err := tables.Candidates.Search(ctx, c.Scope, words, nearRows)
		if err != nil || len(rows) == 0 {
			return false, err
		}
		mine, err := theirs(ctx, c, rows)
		for _, m := range mine {
			byID[m.ID] = m
		}
		return len(mine) > 0, err
	}
	for i, w := range words {
		others := strings.Join(append(append([]string(nil), words[:i]...), words[i+1:]...), " ")
		letters := []rune(w)
		for n := len(letters) - 1; n >= 1; n-- {
			found, err := look(strings.TrimSpace(others + " " + string(letters[:n])))
			if err != nil {
				return nil, err
			}
			if found {
				break
			}
		}
	}
	if len(byID) == 0 && len(words) > 1 { // more than one word is wrong
		for _, w := range words {
			letters := []rune(w)
			if _, err := look(string(letters[:min(2, len(letters))])); err != nil {
				return nil, err
			}
		}
	}
	return closest(byID, text), nil
}

// closest orders people by how near their names are to what was typed.
func closest(byID map[string]match, text string) []match {
	var all []match
	var names []string
	for _, m := range byID {
		all = append(all, m)
		names = append(names, m.Val.Name)
	}
	var out []match
	for _, i := range recruiting.Near(text, names, nearShown) {
		out = append(out, all[i])
	}
	return out
}
