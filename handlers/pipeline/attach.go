package pipeline

import (
	"context"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// addAttached hangs the acts of a process on a candidate's card: what waits for
// this person first, then what can be begun.
func addAttached(b *bot.Bot) {
	b.Attach("candidate", func(ctx context.Context, c *bot.Call, id string) []bot.Button {
		p, err := tables.Read(ctx, c, id)
		if err != nil {
			return nil
		}
		s := &p.Situation
		out := waiting(c, s)
		var job *recruiting.Job
		for _, a := range s.Process.Active() {
			if j := s.Jobs.Get(a.Job); j != nil && recruiting.MayMove(c.Person, j) {
				job = j
			}
		}
		switch {
		case job != nil:
			return append(out, bot.Button{Label: "Reference…", Do: AskReference{Candidate: id}}, bot.Button{Label: "Offer…", Do: DraftOffer{Candidate: id}},
				bot.Button{Label: "Verdict…", Do: FileScorecard{Candidate: id}}, bot.Button{Label: "Reject…", Style: bot.Danger, Do: Reject{Candidate: id}})
		case slices.ContainsFunc(s.Process.Active(), func(a *recruiting.Application) bool {
			return recruiting.May(s, recruiting.FileScorecard{App: a.ID}, c.Person)
		}):
			return append(out, bot.Button{Label: "Verdict…", Do: FileScorecard{Candidate: id}})
		}
		return out
	})
}

// waiting are the acts that this person is waited for.
func waiting(c *bot.Call, s *recruiting.Situation) []bot.Button {
	id := s.Process.Candidate
	var out []bot.Button
	for _, t := range recruiting.Todos(&s.Process, s.Jobs, c.Person, c.Now) {
		switch t.Kind {
		case recruiting.TodoSign:
			out = append(out, bot.Button{Label: "Sign " + t.Rec, Style: bot.Primary, Do: SignRejection{Candidate: id, Rejection: t.Rec}})
		case recruiting.TodoAnswer:
			out = append(out, bot.Button{Label: "Still reject", Do: ResumeRejection{Candidate: id, Rejection: t.Rec}}, bot.Button{Label: "Do not reject", Do: CancelRejection{Candidate: id, Rejection: t.Rec}})
		case recruiting.TodoSendNo:
			out = append(out, bot.Button{Label: "Mark " + t.Rec + " sent", Do: SentRejection{Candidate: id, Rejection: t.Rec}})
		case recruiting.TodoSendAsk:
			out = append(out, bot.Button{Label: "Mark " + t.Rec + " sent", Do: SendReference{Candidate: id, Reference: t.Rec}})
		case recruiting.TodoSendOffer:
			out = append(out, bot.Button{Label: "Mark " + t.Rec + " sent", Do: SendOffer{Candidate: id, Offer: t.Rec}})
		case recruiting.TodoOffer:
			out = append(out, bot.Button{Label: t.Rec + " accepted", Do: AcceptOffer{Candidate: id, Offer: t.Rec}}, bot.Button{Label: t.Rec + " declined", Do: DeclineOffer{Candidate: id, Offer: t.Rec}})
		}
	}
	return out
}
