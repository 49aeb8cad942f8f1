package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// addWatch lets hiring managers and followers hear of changes: one card per act,
// in the place they chose, within their hours; never of what they did themselves.
func addWatch(b *bot.Bot) {
	bot.On(b, "pipeline.watch", func(ctx context.Context, c *bot.Call, n recruiting.Moved) error {
		return watched(ctx, c, n, recruiting.Record{Candidate: n.Candidate, App: n.App, Job: single(n.Job, n.Bulk), By: n.By, At: n.At, Deed: n.Deed}, recruiting.PartStage,
			recruiting.DoMove, recruiting.DoApply, recruiting.DoTransfer)
	})
	bot.On(b, "pipeline.watch", func(ctx context.Context, c *bot.Call, n recruiting.Ended) error {
		return watched(ctx, c, n, recruiting.Record{Candidate: n.Candidate, App: n.App, Job: single(n.Job, n.Bulk), By: n.By, At: n.At, Deed: n.Deed}, recruiting.PartStage,
			recruiting.DoHire, recruiting.DoWithdraw, recruiting.DoTransfer, recruiting.DoSendRejection)
	})
	bot.On(b, "pipeline.watch", func(ctx context.Context, c *bot.Call, n recruiting.ReferenceChanged) error {
		return watched(ctx, c, n, n.Record, recruiting.PartReferences, recruiting.DoAskReference, recruiting.DoSendReference, recruiting.DoReceiveReference, recruiting.DoCancelReference)
	})
	bot.On(b, "pipeline.watch", func(ctx context.Context, c *bot.Call, n recruiting.OfferChanged) error {
		return watched(ctx, c, n, n.Record, recruiting.PartOffers, recruiting.DoDraftOffer, recruiting.DoSendOffer, recruiting.DoAcceptOffer, recruiting.DoDeclineOffer, recruiting.DoWithdrawOffer)
	})
	bot.On(b, "pipeline.watch", func(ctx context.Context, c *bot.Call, n recruiting.RejectionChanged) error {
		return watched(ctx, c, n, n.Record, recruiting.PartReasons, recruiting.DoReject, recruiting.DoSignRejection, recruiting.DoReleaseRejection,
			recruiting.DoStopRejection, recruiting.DoResumeRejection, recruiting.DoCancelRejection)
	})
	bot.On(b, "pipeline.watch", func(ctx context.Context, c *bot.Call, n recruiting.InterviewChanged) error {
		return watched(ctx, c, n, n.Record, recruiting.PartStage, recruiting.DoInvite, recruiting.DoBook, recruiting.DoCancelInterview, recruiting.DoEndInterview)
	})
	bot.On(b, "pipeline.watch", func(ctx context.Context, c *bot.Call, n recruiting.ScorecardFiled) error {
		return watched(ctx, c, n, n.Record, recruiting.PartScorecards, recruiting.DoFileScorecard)
	})
	bot.On(b, "pipeline.watch", func(ctx context.Context, c *bot.Call, n recruiting.DecisionFiled) error {
		return watched(ctx, c, n, n.Record, recruiting.PartReasons, recruiting.DoFileDecision)
	})
	bot.On(b, "pipeline.watch", unwatched)
}

// single leaves the job out of what was part of a bulk act: its followers hear of
// that once, only who follows this very person hears of it here.
func single(job, bulk string) string {
	if bulk != "" {
		return ""
	}
	return job
}

func watchKey(candidate string, deed int, person string) string {
	return fmt.Sprintf("watch/%s/%d/%s", candidate, deed, person)
}

// watched tells of an act by its own news; kinds are the acts whose own it is, so
// that an act with several news makes one card.
func watched(ctx context.Context, c *bot.Call, news recruiting.News, r recruiting.Record, part recruiting.Part, kinds ...recruiting.Kind) error {
	if r.By == "" || r.Deed == 0 {
		return nil
	}
	if quiet, err := nobodyFollows(ctx, c, r); err != nil || quiet {
		return err
	}
	p, err := tables.Fresh(ctx, c, r.Candidate)
	if bot.IsFault(err, bot.Missing) {
		return nil
	}
	if err != nil {
		return err
	}
	d := p.Situation.Process.Deed(r.Deed)
	if d == nil || !slices.Contains(kinds, d.Act) {
		return nil // taken back already, or told by another piece of news
	}
	if d.Act == recruiting.DoResumeRejection && r.State == recruiting.RejectionStopped {
		return nil // one of those asked has answered; it stands as before
	}
	text := sentence(&p.Situation, news)
	m := bot.Card(text, bot.Para{Text: text}, bot.Note{Text: c.NameOf(ctx, r.By) + " · " + bot.Moment(r.At, "UTC", bot.DateTime)},
		bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: r.Candidate}}}})
	return tellWatchers(ctx, c, &p, r, part, m, false, toldBefore(&p, d, r)...)
}

// unwatched edits the cards of an act that was taken back.
func unwatched(ctx context.Context, c *bot.Call, n recruiting.Undone) error {
	p, err := tables.Fresh(ctx, c, n.Candidate)
	if bot.IsFault(err, bot.Missing) {
		return nil
	}
	if err != nil {
		return err
	}
	text := bot.Bold(p.Candidate.Val.Name) + ": " + n.Act.Said() + " — taken back by " + c.NameOf(ctx, n.By) + "."
	m := bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: n.Candidate}}}})
	r := n.Record
	r.Job = single(r.Job, n.Bulk)
	return tellWatchers(ctx, c, &p, r, recruiting.PartStage, m, true)
}

// toldBefore are those who hear of a move to another job from the end of the first
// application already.
func toldBefore(p *tables.Person, d *recruiting.Deed, r recruiting.Record) []string {
	a := p.Situation.Process.App(d.App)
	if d.Act != recruiting.DoTransfer || a == nil || r.App == d.App {
		return nil
	}
	return followers(p, a.Job, r.By)
}

func tellWatchers(ctx context.Context, c *bot.Call, p *tables.Person, r recruiting.Record, part recruiting.Part, m bot.Message, amends bool, but ...string) error {
	for _, id := range followers(p, r.Job, r.By) {
		if slices.Contains(but, id) {
			continue
		}
		who, err := c.PersonByID(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return err // told again later, instead of never
		}
		if err != nil || who.Gone || !sees(who, part, p, r) {
			continue
		}
		c.Silent()
		err = c.Send(ctx, bot.Outgoing{To: id, Key: watchKey(r.Candidate, r.Deed, id), Message: m, Hold: c.Bot().Awake(who, c.Now), Amends: amends, Whose: []string{r.Candidate}})
		if err != nil {
			return err
		}
		store.Check(c.Batch(), tables.Candidates, p.Candidate) // no card about somebody who is erased in the same moment
	}
	return nil
}

// sees reports whether a watcher may know of this part of the person.
func sees(who bot.Person, part recruiting.Part, p *tables.Person, r recruiting.Record) bool {
	if a := p.Situation.Process.App(r.App); a != nil {
		return recruiting.Sees(who, part, &p.Situation.Process, p.Situation.Jobs.Get(a.Job))
	}
	return recruiting.SeesAny(who, part, &p.Situation.Process, p.Situation.Jobs)
}

// followers are the job's managers and whoever follows the job or the candidate,
// without the one who acted.
func followers(p *tables.Person, job, by string) []string {
	var out []string
	add := func(ids []string) {
		for _, id := range ids {
			if id != by && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	for i := range p.Jobs {
		if p.Jobs[i].ID == job {
			add(p.Jobs[i].Val.Managers)
			add(p.Jobs[i].Val.Follows)
		}
	}
	add(p.Candidate.Val.Follows)
	return out
}

// nobodyFollows is the quick look that spares most news the full read. That somebody
// does is believed of rows remembered here, that nobody does only of rows read now:
// who follows may have said so to another process.
func nobodyFollows(ctx context.Context, c *bot.Call, r recruiting.Record) (bool, error) {
	followed := false
	other := func(id string) bool { return id != r.By }
	onJob := func(j *recruiting.Job) {
		followed = slices.ContainsFunc(j.Managers, other) || slices.ContainsFunc(j.Follows, other)
	}
	person := func(p *recruiting.Candidate) { followed = slices.ContainsFunc(p.Follows, other) }
	if r.Job != "" {
		if err := tables.Jobs.Look(ctx, c.Scope, r.Job, onJob); err != nil && !errors.Is(err, store.ErrNone) || followed {
			return false, err
		}
	}
	err := tables.Candidates.Look(ctx, c.Scope, r.Candidate, person)
	if err == nil && !followed && r.Job != "" {
		var j store.Row[recruiting.Job]
		if j, err = tables.Jobs.Get(ctx, c.Scope, r.Job); err == nil {
			onJob(&j.Val)
		} else if errors.Is(err, store.ErrNone) {
			err = nil
		}
	}
	if err == nil && !followed {
		var p store.Row[recruiting.Candidate]
		if p, err = tables.Candidates.Get(ctx, c.Scope, r.Candidate); err == nil {
			person(&p.Val)
		}
	}
	if errors.Is(err, store.ErrNone) {
		return true, nil
	}
	return err == nil && !followed, err
}
