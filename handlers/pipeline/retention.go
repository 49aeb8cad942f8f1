package pipeline

import (
	"context"
	"fmt"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// SetRetention says for how long data is kept after the last outcome.
type SetRetention struct {
	Months int `arg:"months" label:"Months" hint:"After the last outcome; 6 unless you say otherwise"`
}

// DueList shows whose data should be erased by now.
type DueList struct{}

// Sweep asks an Admin, once a day at most, about those whose time is over.
type Sweep struct{}

// AskLater puts that question off for the whole tenant.
type AskLater struct{ Days int }

func addRetention(b *bot.Bot) {
	bot.Handle(b, bot.Command[SetRetention]{Name: "retention set", Title: "Set retention", Who: recruiting.Admin,
		Help: "Sets for how many months data is kept after a rejection.", Example: "retention set months:6", Run: setRetention})
	bot.Handle(b, bot.Command[DueList]{Name: "retention list", Title: "Whose data is due", Who: recruiting.Admin, On: bot.OnHome, Reads: true,
		Help: "Lists the people whose data should be erased by now.", Example: "retention list", Run: dueList})
	bot.Handle(b, bot.Command[Sweep]{Name: "retention sweep", Help: "Asks an Admin about data that is due.", Who: bot.Machine, On: bot.Hidden, Run: sweep})
	bot.Handle(b, bot.Command[AskLater]{Name: "retention later", Help: "Asks again later.", Who: recruiting.Admin, On: bot.Hidden, Run: askLater})
	bot.On(b, "retention", func(ctx context.Context, c *bot.Call, _ recruiting.Ended) error {
		if set, err := c.Scope.Timers(ctx, sweepTimer); err != nil || len(set) > 0 {
			return err // moving a timer that is just going off would lose it
		}
		c.Silent()
		return c.At(sweepTimer, nextSweep(c.Now), Sweep{})
	})
}

const (
	sweepTimer = "retention"
	sweepMost  = 10  // people named in one question
	sweepRows  = 500 // people looked at in one go
)

// nextSweep is the next 08:00 UTC after now.
func nextSweep(now time.Time) time.Time {
	at := time.Date(now.UTC().Year(), now.UTC().Month(), now.UTC().Day(), 8, 0, 0, 0, time.UTC)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

func setRetention(ctx context.Context, c *bot.Call, a SetRetention) (bot.Reply, error) {
	if a.Months < 1 || a.Months > 60 {
		return bot.Reply{}, bot.Faultf(bot.Invalid, "Say a number of months from 1 to 60.").In("months")
	}
	row, err := tables.ReadKeeping(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	row.Val.Months, row.Val.Later = a.Months, time.Time{}
	store.Put(c.Batch(), tables.Keepings, row)
	c.Record("retention")
	c.Fact("months", fmt.Sprint(a.Months))
	if err := c.At(sweepTimer, nextSweep(c.Now), Sweep{}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Replyf("Data is kept for %s after the last outcome. Then I ask an Admin whether to erase it; nothing is erased by itself.", bot.Bold(counted(a.Months, "month"))), nil
}

// due finds people whose data should be erased by now, those first who ended first.
func due(ctx context.Context, c *bot.Call, limit int) (out []match, more bool, err error) {
	keeping, err := tables.ReadKeeping(ctx, c)
	if err != nil {
		return nil, false, err
	}
	months := keeping.Val.Months
	if months == 0 {
		months = recruiting.RetentionMonths
	}
	newest := float64(c.Now.AddDate(0, -months, 1).Unix())
	for skip := 0; ; skip += sweepRows {
		ids, err := tables.Processes.Range(ctx, c.Scope, "over", "", store.Span{Min: 1, Max: newest, Offset: skip, Limit: sweepRows})
		if err != nil || len(ids) == 0 {
			return out, false, err
		}
		rows, err := tables.Candidates.Many(ctx, c.Scope, ids)
		if err != nil {
			return nil, false, err
		}
		ways, err := tables.Processes.Many(ctx, c.Scope, ids)
		if err != nil {
			return nil, false, err
		}
		for _, r := range rows {
			w := processOf(ways, r.ID)
			if w == nil {
				continue
			}
			if at, ok := recruiting.Retention(r.Val, w, months); !ok || at.After(c.Now) {
				continue
			}
			if len(out) == limit {
				return out, true, nil
			}
			out = append(out, match{Row: r, Process: *w})
		}
	}
}

// dueCard names the people and offers to erase each.
func dueCard(c *bot.Call, list []match, more bool) bot.Message {
	who := fmt.Sprint(len(list), " people")
	switch {
	case more:
		who = "more than " + who
	case len(list) == 1:
		who = "one person"
	}
	text := "The data of " + who + " is kept for longer than it should be. Nothing is erased until you say so:"
	m := bot.Card(text, bot.Para{Text: text})
	for _, p := range list {
		var last time.Time
		for _, a := range p.Process.Apps {
			if a.Since.After(last) {
				last = a.Since
			}
		}
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold(p.Val.Name) + ", last outcome " + bot.Moment(last, zone(c), bot.DateOnly)},
			bot.Buttons{Buttons: []bot.Button{{Label: "Erase…", Style: bot.Danger, Do: Erase{Candidate: p.ID}}, {Label: "Keep 6 months more", Do: KeepData{Candidate: p.ID, Months: 6}}, {Label: "Open card", Do: Show{Candidate: p.ID}}}})
	}
	m.Blocks = append(m.Blocks, bot.Buttons{Buttons: []bot.Button{{Label: "Ask me again in a month", Do: AskLater{Days: 30}}}})
	return m
}

func dueList(ctx context.Context, c *bot.Call, _ DueList) (bot.Reply, error) {
	list, more, err := due(ctx, c, sweepMost)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(list) == 0 {
		return bot.Replyf("Nobody's data is kept for longer than it should be."), nil
	}
	return bot.Answer(dueCard(c, list, more)), nil
}

// sweep asks the first Admin, in their working hours; who did nothing about it is
// asked again in a week.
func sweep(ctx context.Context, c *bot.Call, _ Sweep) (bot.Reply, error) {
	if err := c.At(sweepTimer, nextSweep(c.Now), Sweep{}); err != nil {
		return bot.Reply{}, err
	}
	c.Silent()
	row, err := tables.ReadKeeping(ctx, c)
	if err != nil || c.Now.Before(row.Val.Later) {
		return bot.Reply{}, err
	}
	list, more, err := due(ctx, c, sweepMost)
	if err != nil || len(list) == 0 {
		return bot.Reply{}, err
	}
	admins, err := admins(ctx, c)
	if err != nil || len(admins) == 0 {
		return bot.Reply{}, err
	}
	row.Val.Later = c.Now.AddDate(0, 0, 7)
	store.Put(c.Batch(), tables.Keepings, row)
	out := bot.Outgoing{To: admins[0].ID, Message: dueCard(c, list, more)}
	for _, m := range list {
		out.Whose = append(out.Whose, m.Row.ID)
	}
	if at := c.Bot().Awake(admins[0], c.Now); at.After(c.Now) {
		out.Hold = at
	}
	return bot.Reply{}, c.Send(ctx, out)
}

// admins are the tenant's Admins who are still there.
func admins(ctx context.Context, c *bot.Call) ([]bot.Person, error) {
	people, err := c.Bot().Host().Desk.People(ctx, c.Tenant)
	var out []bot.Person
	for _, p := range people {
		if p.Is(recruiting.Admin) {
			out = append(out, p)
		}
	}
	return out, err
}

func askLater(ctx context.Context, c *bot.Call, a AskLater) (bot.Reply, error) {
	row, err := tables.ReadKeeping(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	row.Val.Later = c.Now.AddDate(0, 0, min(max(a.Days, 1), 90))
	store.Put(c.Batch(), tables.Keepings, row)
	c.Record("retention")
	return bot.Replyf("I ask again on %s.", bot.Moment(row.Val.Later, zone(c), bot.DateOnly)), nil
}
