package pipeline

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
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
