package tables

import (
	"context"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// Merges by id "g_…": what it takes to part two merged candidates again.
var Merges = store.NewTable("merge", store.Def[recruiting.Merge]{
	Whose: func(_ string, m recruiting.Merge) []string { return []string{m.Keep.ID, m.Gone.ID} },
	Index: func(m recruiting.Merge, x *store.Index) {
		if m.Back.IsZero() {
			x.Order("keep", m.Keep.ID, float64(m.At.Unix()))
		}
	},
})

// Family is a candidate's id followed by the ids of all records that were merged
// into it, also through others. Notes, letters and history written under any of
// them belong to this one person.
func Family(ctx context.Context, c *bot.Call, candidate string) ([]string, error) {
	ids := []string{candidate}
	for i := 0; i < len(ids) && len(ids) < 50; i++ {
		merges, err := Merges.Range(ctx, c.Scope, "keep", ids[i], store.Span{})
		if err != nil || len(merges) == 0 {
			if err != nil {
				return nil, err
			}
			continue
		}
		rows, err := Merges.Many(ctx, c.Scope, merges)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !slices.Contains(ids, r.Val.Gone.ID) {
				ids = append(ids, r.Val.Gone.ID)
			}
		}
	}
	return ids, nil
}
