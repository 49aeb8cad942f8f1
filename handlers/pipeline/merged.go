package pipeline

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// addRehanging keeps clocks with their records when two people become one or part:
// a rejection that cools on a record that is gone would never be released.
func addRehanging(b *bot.Bot) {
	bot.On(b, "pipeline.merged", func(ctx context.Context, c *bot.Call, n recruiting.Merged) error {
		return rehang(ctx, c, n.Keep)
	})
	bot.On(b, "pipeline.parted", func(ctx context.Context, c *bot.Call, n recruiting.Unmerged) error {
		return rehang(ctx, c, n.Keep, n.Back)
	})
}

// mergedLately says with whom this record was made one last; "" when it was not, or was
// parted again.
func mergedLately(ctx context.Context, c *bot.Call, id string) (string, error) {
	ids, err := tables.Merges.Range(ctx, c.Scope, "keep", id, store.Span{Rev: true, Limit: 1})
	if err != nil || len(ids) == 0 {
		return "", err
	}
	rows, err := tables.Merges.Many(ctx, c.Scope, ids)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	m := rows[0].Val
	return "Merged with “" + m.Was[1].Name + "” on " + bot.Moment(m.At, zone(c), bot.DateOnly) + " by " + c.NameOf(ctx, m.By) + ".", nil
}

// rehang sets the clock of every rejection that cools on these records.
func rehang(ctx context.Context, c *bot.Call, ids ...string) error {
	for _, id := range ids {
		p, err := tables.Fresh(ctx, c, id)
		if bot.IsFault(err, bot.Missing) {
			continue // merged on, or erased
		}
		if err != nil {
			return err
		}
		for _, r := range p.Situation.Process.Rejections {
			if r.State != recruiting.RejectionCooling {
				continue
			}
			if err := setRelease(ctx, c, recruiting.RejectionChanged{Record: recruiting.Record{Candidate: id, ID: r.ID}}); err != nil {
				return err
			}
		}
	}
	return nil
}
