package pipeline

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// jobs are all jobs of the tenant; there are few compared to people.
func jobs(ctx context.Context, c *bot.Call) (recruiting.Jobs, error) {
	ids, err := tables.Jobs.Range(ctx, c.Scope, "all", "", store.Span{Rev: true, Limit: 2000})
	if err != nil {
		return nil, err
	}
	rows, err := tables.Jobs.Many(ctx, c.Scope, ids)
	if err != nil {
		return nil, err
	}
	out := make(recruiting.Jobs, len(rows))
	for i, r := range rows {
		out[i] = r.Val
		out[i].ID = r.ID
	}
	return out, nil
}

// seenJobs are those of the tenant's jobs that are there for the one who asks.
func seenJobs(ctx context.Context, c *bot.Call) (recruiting.Jobs, error) {
	all, err := jobs(ctx, c)
	if err != nil {
		return nil, err
	}
	return visible(ctx, c, c.Person, all)
}

// theJob reads a job freshly, for somebody who may see it.
func theJob(ctx context.Context, c *bot.Call, id string) (store.Row[recruiting.Job], error) {
	row, err := tables.Jobs.Get(ctx, c.Scope, id)
	if err != nil {
		return row, err
	}
	row.Val.ID = row.ID
	ok, err := seesJob(ctx, c, c.Person, row.Val)
	if err == nil && !ok {
		err = bot.Faultf(bot.Missing, "There is no such job here.").In("job")
	}
	return row, err
}

// seesJob reports whether a job is there for a person.
func seesJob(ctx context.Context, c *bot.Call, who bot.Person, j recruiting.Job) (bool, error) {
	seen, err := visible(ctx, c, who, recruiting.Jobs{j})
	return len(seen) > 0, err
}

// visible are the jobs among these that a person may see. Whether they interview
// somebody on one is looked up only where their role does not show it.
func visible(ctx context.Context, c *bot.Call, who bot.Person, all recruiting.Jobs) (recruiting.Jobs, error) {
	var ask []string
	for i := range all {
		if !recruiting.MaySeeJob(who, &all[i], false) {
			ask = append(ask, who.ID+"/"+all[i].ID)
		}
	}
	var met []int
	if len(ask) > 0 {
		var err error
		if met, err = tables.Processes.Count(ctx, c.Scope, "meets", ask...); err != nil {
			return nil, err
		}
	}
	var out recruiting.Jobs
	for i := range all {
		meets := false
		if len(ask) > 0 && ask[0] == who.ID+"/"+all[i].ID {
			meets = met[0] > 0
			ask, met = ask[1:], met[1:]
		}
		if recruiting.MaySeeJob(who, &all[i], meets) {
			out = append(out, all[i])
		}
	}
	return out, nil
}
