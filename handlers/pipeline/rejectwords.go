package pipeline

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// meantFor refuses words that were written for somebody else: they name another
// candidate, or another of our jobs. Whom the writer may not see is not looked for.
func meantFor(ctx context.Context, c *bot.Call, p *tables.Person, job, words string) error {
	all, err := seenJobs(ctx, c)
	if err != nil {
		return err
	}
	if f := recruiting.OfAnotherJob(words, job, all); f != nil {
		return f
	}
	for _, name := range recruiting.Namelike(words, p.Situation.Candidate) {
		found, err := search(ctx, c, name, 5)
		if err != nil {
			return err
		}
		for _, m := range found {
			if m.ID != p.Candidate.ID && recruiting.Fold(m.Val.Name) == recruiting.Fold(name) {
				return recruiting.OfAnother(m.Val.Name, p.Situation.Candidate)
			}
		}
	}
	return nil
}
