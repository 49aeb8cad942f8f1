package pipeline

import (
	"context"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// Follow and Unfollow say whether a person hears of changes to a candidate.
type (
	Follow struct {
		Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	}
	Unfollow struct {
		Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	}
	// FollowJob and UnfollowJob do so for everybody on a job.
	FollowJob struct {
		Job string `arg:"job" ref:"job" label:"Job"`
	}
	UnfollowJob struct {
		Job string `arg:"job" ref:"job" label:"Job"`
	}
)

func addFollows(b *bot.Bot) {
	bot.Handle(b, bot.Command[Follow]{Name: "candidate follow", Title: "Follow", Who: onJobs, Help: "Tells you whenever this candidate moves.", Example: "candidate follow Ada",
		Run: func(ctx context.Context, c *bot.Call, a Follow) (bot.Reply, error) {
			return follow(ctx, c, a.Candidate, true)
		}})
	bot.Handle(b, bot.Command[Unfollow]{Name: "candidate unfollow", Title: "Unfollow", Who: hiring, Help: "Stops telling you about this candidate.", Example: "candidate unfollow Ada",
		Run: func(ctx context.Context, c *bot.Call, a Unfollow) (bot.Reply, error) {
			return follow(ctx, c, a.Candidate, false)
		}})
	bot.Handle(b, bot.Command[FollowJob]{Name: "job follow", Title: "Follow a job", Who: onJobs, Help: "Tells you whenever somebody on this job moves.", Example: `job follow "Backend Engineer"`,
		Run: func(ctx context.Context, c *bot.Call, a FollowJob) (bot.Reply, error) {
			return followJob(ctx, c, a.Job, true)
		}})
	bot.Handle(b, bot.Command[UnfollowJob]{Name: "job unfollow", Title: "Unfollow a job", Who: onJobs, Help: "Stops telling you about this job.", Example: `job unfollow "Backend Engineer"`,
		Run: func(ctx context.Context, c *bot.Call, a UnfollowJob) (bot.Reply, error) {
			return followJob(ctx, c, a.Job, false)
		}})
}

func follow(ctx context.Context, c *bot.Call, id string, on bool) (bot.Reply, error) {
	p, err := seen(ctx, c, id)
	if err != nil {
		return bot.Reply{}, err
	}
	name := bot.Bold(p.Candidate.Val.Name)
	if on && !hears(c, &p) {
		return bot.Reply{}, bot.Faultf(bot.Forbidden, "I tell of what happens to %s only those who work on their jobs or interview them.", name)
	}
	next, changed := put(p.Candidate.Val.Follows, c.Person.ID, on)
	if changed {
		p.Candidate.Val.Follows = next
		store.Put(c.Batch(), tables.Candidates, p.Candidate)
		c.Record("candidate:" + p.Candidate.ID)
	}
	if !on {
		return bot.Answer(bot.Card("Unfollowed", bot.Para{Text: "You do not follow " + name + "."})), nil
	}
	text := "You follow " + name + ": I tell you when something changes, in your working hours."
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Unfollow", Do: Unfollow{Candidate: p.Candidate.ID}}}})), nil
}

// hears reports whether this person would be told of anything that happens to somebody.
func hears(c *bot.Call, p *tables.Person) bool {
	return recruiting.SeesAny(c.Person, recruiting.PartStage, &p.Situation.Process, p.Situation.Jobs)
}

func followJob(ctx context.Context, c *bot.Call, id string, on bool) (bot.Reply, error) {
	row, err := theJob(ctx, c, id)
	if err != nil {
		return bot.Reply{}, err
	}
	next, changed := put(row.Val.Follows, c.Person.ID, on)
	if changed {
		row.Val.Follows = next
		store.Put(c.Batch(), tables.Jobs, row)
		c.Record("job:" + row.ID)
	}
	title := bot.Bold(row.Val.Title)
	if !on {
		return bot.Answer(bot.Card("Unfollowed", bot.Para{Text: "You do not follow " + title + "."})), nil
	}
	text := "You follow " + title + ": I tell you when somebody on it moves, in your working hours."
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Unfollow", Do: UnfollowJob{Job: row.ID}}}})), nil
}

// put adds an id to a list of people, or takes it out.
func put(list []string, id string, on bool) ([]string, bool) {
	if slices.Contains(list, id) == on {
		return list, false
	}
	if on {
		return append(slices.Clone(list), id), true
	}
	return slices.DeleteFunc(slices.Clone(list), func(o string) bool { return o == id }), true
}
