package pipeline

import (
	"cmp"
	"context"
	"slices"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

const namesakes = 300 // most people of one name are looked at for a choice

// answering is everybody who may be meant, likeliest first and no more than can be
// offered. Whose name is exactly that comes alone.
func answering(ctx context.Context, c *bot.Call, text string) ([]match, error) {
	found, err := search(ctx, c, text, offered)
	if err == nil && len(found) == offered { // maybe not all, and not the ones that matter
		found, err = search(ctx, c, text, namesakes)
	}
	if err == nil && len(found) == 0 {
		found, err = searchAfresh(ctx, c, text)
	}
	if err != nil {
		return nil, err
	}
	if exact := named(found, text); len(exact) > 0 {
		found = exact
	}
	likeliest(c.Person, found)
	return found[:min(len(found), offered)], nil
}

// likeliest puts those first who are in process on jobs this person runs, then others
// in process, then the rest; each group by what happened last.
func likeliest(who bot.Person, found []match) {
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(a.distance(who)-b.distance(who), b.last().Compare(a.last()))
	})
}

func (m *match) distance(who bot.Person) int {
	far := 2
	for _, a := range m.Process.Active() {
		if j := m.Jobs.Get(a.Job); j != nil && recruiting.MayMove(who, j) {
			return 0
		}
		far = 1
	}
	return far
}

// last is when something was done about somebody, as far as it is remembered.
func (m *match) last() time.Time {
	var at time.Time
	if n := len(m.Process.Deeds); n > 0 {
		at = m.Process.Deeds[n-1].At
	}
	for i := range m.Process.Apps {
		if s := m.Process.Apps[i].Since; s.After(at) {
			at = s
		}
	}
	return at
}

// searchAfresh finds those who became this person's to see while another process wrote
// it: that nobody answers is never said on remembered rows.
func searchAfresh(ctx context.Context, c *bot.Call, text string) ([]match, error) {
	rows, err := tables.Candidates.Lookup(ctx, c.Scope, text, namesakes)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	people, err := tables.ReadMany(ctx, c, ids)
	if err != nil {
		return nil, err
	}
	var out []match
	for _, p := range people {
		if recruiting.MaySee(c.Person, &p.Situation.Process, p.Situation.Jobs) {
			out = append(out, match{p.Candidate, p.Situation.Process, p.Situation.Jobs})
		}
	}
	return out, nil
}
