package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// rejectionMeant is one rejection of a candidate; which act it is, the type says.
type rejectionMeant struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Rejection string `arg:"rejection,optional" label:"Rejection" hint:"Only when there are several, such as X-4"`
}

type (
	// SignRejection puts this person's name below the letter.
	SignRejection rejectionMeant
	// StopRejection holds a rejection by hand.
	StopRejection rejectionMeant
	// ResumeRejection is "still reject" of somebody who was asked.
	ResumeRejection rejectionMeant
	// CancelRejection drops a rejection.
	CancelRejection rejectionMeant
	// SentRejection says that the letter has gone out: the candidate is rejected.
	SentRejection rejectionMeant
)

func addRejections(b *bot.Bot) {
	handle := func(name, title, help string) (string, string, string, string) {
		return name, title, help, name + " Ada"
	}
	n, t, h, e := handle("rejection sign", "Sign a rejection", "Puts your name below a rejection; the waiting time then starts.")
	bot.Handle(b, bot.Command[SignRejection]{Name: n, Title: t, Help: h, Example: e, Who: bot.Known, For: moving | recruiting.Interviewer, // whoever else is asked gets buttons
		Run: func(ctx context.Context, c *bot.Call, a SignRejection) (bot.Reply, error) {
			return onRejection(ctx, c, rejectionMeant(a), func(id string) recruiting.Act { return recruiting.SignRejection{Rejection: id} }, recruiting.RejectionStaged)
		}})
	n, t, h, e = handle("rejection stop", "Hold a rejection", "Holds a rejection on its way and asks who staged it.")
	bot.Handle(b, bot.Command[StopRejection]{Name: n, Title: t, Help: h, Example: e, Who: moving,
		Run: func(ctx context.Context, c *bot.Call, a StopRejection) (bot.Reply, error) {
			return onRejection(ctx, c, rejectionMeant(a), func(id string) recruiting.Act { return recruiting.StopRejection{Rejection: id} },
				recruiting.RejectionStaged, recruiting.RejectionCooling, recruiting.RejectionReady)
		}})
	n, t, h, e = handle("rejection resume", "Still reject", "Lets a stopped rejection go on, once everybody asked says so.")
	bot.Handle(b, bot.Command[ResumeRejection]{Name: n, Title: t, Help: h, Example: e, Who: bot.Known, For: moving | recruiting.Interviewer, // whoever else is asked gets buttons
		Run: func(ctx context.Context, c *bot.Call, a ResumeRejection) (bot.Reply, error) {
			return onRejection(ctx, c, rejectionMeant(a), func(id string) recruiting.Act { return recruiting.ResumeRejection{Rejection: id} }, recruiting.RejectionStopped)
		}})
	n, t, h, e = handle("rejection cancel", "Drop a rejection", "Drops a rejection; the application goes on.")
	bot.Handle(b, bot.Command[CancelRejection]{Name: n, Title: t, Help: h, Example: e, Who: bot.Known, For: moving | recruiting.Interviewer, // whoever else is asked gets buttons
		Run: func(ctx context.Context, c *bot.Call, a CancelRejection) (bot.Reply, error) {
			return onRejection(ctx, c, rejectionMeant(a), func(id string) recruiting.Act { return recruiting.CancelRejection{Rejection: id} },
				recruiting.RejectionStaged, recruiting.RejectionCooling, recruiting.RejectionReady, recruiting.RejectionStopped)
		}})
	n, t, h, e = handle("rejection sent", "Rejection was sent", "Marks a rejection as sent to the candidate.")
	bot.Handle(b, bot.Command[SentRejection]{Name: n, Title: t, Help: h, Example: e, Who: moving,
		Run: func(ctx context.Context, c *bot.Call, a SentRejection) (bot.Reply, error) {
			return onRejection(ctx, c, rejectionMeant(a), func(id string) recruiting.Act { return recruiting.SendRejection{Rejection: id} }, recruiting.RejectionReady)
		}})
	addRelease(b)
}

func onRejection(ctx context.Context, c *bot.Call, a rejectionMeant, act func(id string) recruiting.Act, want ...recruiting.State) (bot.Reply, error) {
	p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) {
		if !recruiting.MaySee(c.Person, &p.Situation.Process, p.Situation.Jobs) {
			return nil, recruiting.NoCandidate(a.Candidate)
		}
		var all []rec
		for _, r := range p.Situation.Process.Rejections {
			all = append(all, rec{r.ID, r.App, slices.Contains(want, r.State), r.Pending()})
		}
		found, fault := choose(p, "rejection", a.Rejection, recruiting.PartReasons, c.Person, all)
		if fault != nil {
			return nil, fault
		}
		return []recruiting.Act{act(found)}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return reply(ctx, c, &p, ch), nil
}

// Release ends the cooling time of a rejection. A timer does it.
type Release struct{ Candidate, Rejection string }

func addRelease(b *bot.Bot) {
	bot.Handle(b, bot.Command[Release]{Name: "rejection release", Help: "Lets a rejection go on after its cooling time.", Who: moving | bot.Machine, On: bot.Hidden, Run: release})
	bot.On(b, "pipeline.cooling", setRelease)
}

func releaseTimer(candidate, rejection string) string {
	return "release/" + candidate + "/" + rejection
}

// setRelease keeps the timer equal to the rejection as it stands, whichever news
// comes first or twice.
func setRelease(ctx context.Context, c *bot.Call, n recruiting.RejectionChanged) error {
	p, err := tables.Fresh(ctx, c, n.Candidate)
	if bot.IsFault(err, bot.Missing) {
		return nil
	}
	if err != nil {
		return err
	}
	c.Silent()
	r := p.Situation.Process.Rejection(n.ID)
	if r == nil || r.State != recruiting.RejectionCooling {
		c.NotAt(releaseTimer(n.Candidate, n.ID))
		return nil
	}
	who, err := c.PersonByID(ctx, r.By) // the timer acts for who rejects, with their rights of then
	if err == nil {
		c.Person = who
	}
	return c.At(releaseTimer(n.Candidate, n.ID), r.Due, Release{n.Candidate, n.ID})
}

func release(ctx context.Context, c *bot.Call, a Release) (bot.Reply, error) {
	act := func(p *tables.Person) ([]recruiting.Act, error) {
		return []recruiting.Act{recruiting.ReleaseRejection{Rejection: a.Rejection}}, nil
	}
	p, err := tables.Fresh(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	r := p.Situation.Process.Rejection(a.Rejection)
	if c.Machine && (r == nil || r.State != recruiting.RejectionCooling || c.Now.Before(r.Due)) {
		return bot.Reply{}, nil // it was stopped, or its time was set anew
	}
	ch, err := p.Decide(c, act)
	if err == nil {
		return reply(ctx, c, &p, ch), p.Keep(ctx, c, ch)
	}
	if err = guarded(ctx, c, &p, a.Candidate, err); !c.Machine {
		return bot.Reply{}, err
	}
	return bot.Reply{}, releaseFailed(ctx, c, &p, r, err)
}

// releaseFailed asks a person: who rejects while they may still act here, else who
// leads the job.
func releaseFailed(ctx context.Context, c *bot.Call, p *tables.Person, r *recruiting.Rejection, err error) error {
	f, ok := errors.AsType[*bot.Fault](err)
	if !ok {
		return err
	}
	to, job := c.Person, p.Situation.Jobs.Get(p.Situation.Process.App(r.App).Job)
	say := f.Say
	if job != nil && (to.ID == "" || to.Gone || !recruiting.MayMove(to, job)) {
		say = fmt.Sprintf("The rejection %s of %s for %s has waited its time, and %s may no longer send it.", r.ID, bot.Bold(p.Candidate.Val.Name), job.Title, c.NameOf(ctx, r.By))
		lead, lerr := c.PersonByID(ctx, job.Lead())
		if lerr != nil {
			return lerr
		}
		to = lead
	}
	buttons := append(slices.Clone(f.Buttons), bot.Button{Label: "Let it go on", Do: Release{p.Candidate.ID, r.ID}}, bot.Button{Label: "Do not reject", Do: CancelRejection{Candidate: p.Candidate.ID, Rejection: r.ID}})
	c.Record("candidate:" + p.Candidate.ID)
	return c.Send(ctx, bot.Outgoing{To: to.ID, Whose: []string{p.Candidate.ID}, Message: bot.Card(say, bot.Para{Text: say}, bot.Buttons{Buttons: buttons})})
}
