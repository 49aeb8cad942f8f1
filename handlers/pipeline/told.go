package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// sentence says one piece of news in words, as it stands now.
func sentence(s *recruiting.Situation, n recruiting.News) string {
	name := bot.Bold(s.Candidate.Name)
	at := func(job, stage string) string {
		if j := s.Jobs.Get(job); j != nil {
			return bot.Bold(j.StageName(stage))
		}
		return stage
	}
	rec := func(what string, r recruiting.Record) string {
		return fmt.Sprintf("%s %s of %s for %s is %s.", what, r.ID, name, s.Jobs.Title(r.Job), r.State.Said())
	}
	switch n := n.(type) {
	case recruiting.Moved:
		if n.From == "" {
			return name + " is now on " + s.Jobs.Title(n.Job) + ", at " + at(n.Job, n.To) + "."
		}
		return name + " moved from " + at(n.Job, n.From) + " to " + at(n.Job, n.To) + " for " + s.Jobs.Title(n.Job) + "."
	case recruiting.Ended:
		if n.Outcome == recruiting.MovedOn {
			return name + " goes on with another job; " + s.Jobs.Title(n.Job) + " has ended for them."
		}
		return name + " is " + string(n.Outcome) + " for " + s.Jobs.Title(n.Job) + "."
	case recruiting.ReferenceChanged:
		return rec("Reference", n.Record)
	case recruiting.OfferChanged:
		if n.State == recruiting.OfferDraft || n.State == recruiting.OfferSent {
			return fmt.Sprintf("Offer %s to %s for %s has been %s.", n.ID, name, s.Jobs.Title(n.Job), map[bool]string{true: "drafted", false: "sent"}[n.State == recruiting.OfferDraft])
		}
		return rec("Offer", n.Record)
	case recruiting.RejectionChanged:
		return rec("Rejection", n.Record)
	case recruiting.InterviewChanged:
		return rec("Interview", n.Record)
	case recruiting.ScorecardFiled:
		return "Scorecard " + n.ID + " of " + name + " for " + s.Jobs.Title(n.Job) + " was filed."
	case recruiting.DecisionFiled:
		return "Decision " + n.ID + " about " + name + " for " + s.Jobs.Title(n.Job) + " was filed."
	case recruiting.Agreed:
		return name + " agreed to references for " + s.Jobs.Title(n.Job) + "."
	}
	return "Something changed for " + name + "."
}

// reply answers an act: what it did, who hears of it, what can be done next.
func reply(ctx context.Context, c *bot.Call, p *tables.Person, ch recruiting.Change) bot.Reply {
	s := p.Situation
	s.Process = ch.Process
	waits := waitsFor(ctx, c, &s, ch)
	var lines []string
	for _, n := range ch.News {
		l := sentence(&s, n)
		if x, ok := n.(recruiting.RejectionChanged); ok && waits != "" && x.State == recruiting.RejectionStopped {
			l = waits
		}
		if x, ok := n.(recruiting.OfferChanged); ok && x.State == recruiting.OfferSent {
			l = "Noted: " + strings.Replace(l, "Offer", "offer", 1) + " Rapport sent nothing itself."
		}
		if !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	text := strings.Join(lines, "\n")
	m := bot.Card(text, bot.Para{Text: text})
	for _, l := range afterwards(ctx, c, &s, ch) {
		m.Blocks = append(m.Blocks, bot.Note{Text: l})
	}
	m.Blocks = append(m.Blocks, bot.Buttons{Buttons: append(nextActs(c, &s, ch), bot.Button{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}})})
	r := bot.Answer(m)
	if ch.CanUndo() {
		r.Undo = Undo{Candidate: p.Candidate.ID, Deed: ch.Deed}
	}
	return r
}

// waitsFor is the answer to one of several who were asked about a stopped rejection.
func waitsFor(ctx context.Context, c *bot.Call, s *recruiting.Situation, ch recruiting.Change) string {
	d := ch.Process.Deed(ch.Deed)
	if d == nil || d.Act != recruiting.DoResumeRejection {
		return ""
	}
	r := s.Process.Rejection(d.Rec)
	if r == nil || r.State != recruiting.RejectionStopped {
		return ""
	}
	q, _ := recruiting.AskAbout(s, r.ID, names(ctx, c))
	var names []string
	for _, id := range q.Who {
		names = append(names, c.NameOf(ctx, id))
	}
	return "Noted. The rejection " + r.ID + " of " + bot.Bold(s.Candidate.Name) + " goes on once " + strings.Join(names, " and ") + " says so too."
}

// afterwards says what follows from an act by itself.
func afterwards(ctx context.Context, c *bot.Call, s *recruiting.Situation, ch recruiting.Change) []string {
	var out []string
	for _, l := range ch.Letters {
		if l.State != recruiting.LetterReady {
			continue
		}
		who := c.NameOf(ctx, l.By) + " gets"
		if l.By == c.Person.ID {
			who = "You get"
		}
		out = append(out, who+" the text for "+l.To+" as a card, to send and mark as sent.")
	}
	for _, n := range ch.News {
		if r, ok := n.(recruiting.RejectionChanged); ok && r.State == recruiting.RejectionCooling {
			out = append(out, "It waits until "+bot.Moment(r.Due, s.Candidate.Zone, bot.DateTime)+". Until then anything that speaks for "+s.Candidate.First()+" stops it, and you can too.")
		}
	}
	for _, q := range ch.Questions {
		var names []string
		for _, id := range q.Who {
			if id == c.Person.ID {
				names = append(names, "you")
			} else {
				names = append(names, c.NameOf(ctx, id))
			}
		}
		out = append(out, q.Say+" Asked: "+strings.Join(names, " and ")+".")
	}
	return out
}

// nextActs are the buttons that usually come next.
func nextActs(c *bot.Call, s *recruiting.Situation, ch recruiting.Change) []bot.Button {
	id := s.Process.Candidate
	var out []bot.Button
	for _, n := range ch.News {
		switch n := n.(type) {
		case recruiting.OfferChanged:
			switch n.State {
			case recruiting.OfferDraft:
				out = append(out, bot.Button{Label: "Mark sent", Do: SendOffer{Candidate: id, Offer: n.ID}}, bot.Button{Label: "Withdraw", Do: WithdrawOffer{Candidate: id, Offer: n.ID}})
			case recruiting.OfferSent:
				out = append(out, bot.Button{Label: "Accepted", Do: AcceptOffer{Candidate: id, Offer: n.ID}}, bot.Button{Label: "Declined", Do: DeclineOffer{Candidate: id, Offer: n.ID}})
			}
		case recruiting.ReferenceChanged:
			switch n.State {
			case recruiting.ReferenceAsked:
				out = append(out, bot.Button{Label: "Mark sent", Do: SendReference{Candidate: id, Reference: n.ID}}, bot.Button{Label: "Cancel it", Do: CancelReference{Candidate: id, Reference: n.ID}})
			case recruiting.ReferenceSent:
				out = append(out, bot.Button{Label: "Received…", Do: ReceiveReference{Candidate: id, Reference: n.ID}}, bot.Button{Label: "Cancel it", Do: CancelReference{Candidate: id, Reference: n.ID}})
			}
		case recruiting.RejectionChanged:
			if n.State == recruiting.RejectionCooling {
				out = append(out, bot.Button{Label: "Hold it", Do: StopRejection{Candidate: id, Rejection: n.ID}}, bot.Button{Label: "Drop it", Do: CancelRejection{Candidate: id, Rejection: n.ID}})
			}
		}
	}
	return slices.DeleteFunc(out, func(b bot.Button) bool { return !c.Allowed(b.Do) })
}
