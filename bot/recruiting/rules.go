package recruiting

import (
	"fmt"
	"slices"
	"strings"
)

// rules is everything the guard refuses, in the order it looks: the first rule
// that hits speaks. What only stops a rejection on its way is in view.stops.
var rules = slices.Concat(generalRules, rejectRules, endRules, []rule{
	surveyBefore, surveyRejection, surveyOpen, surveyAgain, surveyBarred, surveyReminder,
	campaignBarred, campaignProcess, campaignRejected, campaignHired,
})

// generalRules are about records that are over, jobs that do not run, references,
// offers and interviews.
var generalRules = []rule{
	{
		Name: "record_gone", Ids: "S3-06 S3-14",
		On: allKinds,
		When: func(v *view) ([]string, bool) {
			return []string{v.p.Candidate}, v.p.Into != "" || v.p.Erased || v.s.Candidate.Gone()
		},
		Say: func(v *view, _ []string) string {
			if v.p.Into != "" || v.s.Candidate.Into != "" {
				return "This record was merged into another one. Open that one and go on there."
			}
			return "This person's data was erased; nothing more can be done with it."
		},
	},
	{
		Name: "owned_elsewhere", Ids: "S2-09 S2-12",
		On: []Kind{DoMove, DoHire, DoTransfer, DoWithdraw, DoReject},
		When: func(v *view) ([]string, bool) {
			if v.job.OwnedBy == nil {
				return nil, false
			}
			from, _ := v.act.(interface{ system() string })
			return []string{v.app.ID}, from == nil || from.system() != v.job.OwnedBy.System
		},
		Say: func(v *view, _ []string) string {
			name := v.job.OwnedBy.Name
			if name == "" {
				name = v.job.OwnedBy.System
			}
			s := fmt.Sprintf("The stages of “%s” are kept in %s. Make this change there; it shows here by itself.", v.job.Title, name)
			if l := v.job.Link(v.app.External); l != "" {
				s += " " + l
			}
			return s
		},
	},
	{
		Name: "reference_after_outcome", Ids: "S1-18",
		On:   []Kind{DoAskReference, DoSendReference},
		When: ended,
		Say: func(v *view, _ []string) string {
			return fmt.Sprintf("%s is %s for “%s” since %s, so no reference is asked for that job any more.", v.name(), v.app.State, v.job.Title, day(v.app.Since))
		},
	},
	{
		Name: "offer_after_outcome", Ids: "S1-21",
		On:   []Kind{DoDraftOffer, DoSendOffer, DoAcceptOffer},
		When: ended,
		Say: func(v *view, _ []string) string {
			return fmt.Sprintf("%s is %s for “%s” since %s. An offer now would contradict that; add them to the job again first if you mean it.", v.name(), v.app.State, v.job.Title, day(v.app.Since))
		},
		Ways: again,
	},
	{
		Name: "interview_after_outcome", Ids: "S1-21",
		On:   []Kind{DoInvite, DoBook, DoRemindInterview},
		When: ended,
		Say: func(v *view, _ []string) string {
			return fmt.Sprintf("%s is %s for “%s” since %s. No interview for that application any more; add them to the job again first if you mean it.", v.name(), v.app.State, v.job.Title, day(v.app.Since))
		},
		Ways: again,
	},
	{
		Name: "ended", Ids: "S1-19 S1-37",
		On:   []Kind{DoMove, DoHire, DoTransfer, DoWithdraw, DoReject, DoSignRejection, DoReleaseRejection, DoResumeRejection, DoSendRejection, DoFileDecision},
		When: ended,
		Say: func(v *view, _ []string) string {
			return fmt.Sprintf("%s is %s for “%s” since %s. To go on, add them to the job again.", v.name(), v.app.State, v.job.Title, day(v.app.Since))
		},
		Ways: again,
	},
	{
		Name: "job_closed", Ids: "S1-07 S2-14",
		On:   []Kind{DoMove, DoHire, DoApply, DoAskReference, DoSendReference, DoDraftOffer, DoSendOffer, DoInvite, DoBook},
		When: func(v *view) ([]string, bool) { return []string{v.job.ID}, v.job.State == JobEnded },
		Say: func(v *view, _ []string) string {
			return fmt.Sprintf("“%s” is closed since %s. Reopen it first, or choose another job.", v.job.Title, day(v.job.Since))
		},
	},
	{
		Name: "job_closed", Ids: "S1-07 S2-14",
		On: []Kind{DoTransfer},
		When: func(v *view) ([]string, bool) {
			to := v.s.Jobs.Get(v.act.(Transfer).Job)
			return []string{to.ID}, to.State == JobEnded
		},
		Say: func(v *view, because []string) string {
			return fmt.Sprintf("“%s” is closed. Reopen it first, or choose another job.", v.s.Jobs.Title(because[0]))
		},
	},
	{
		Name: "job_closed", Ids: "S1-07",
		On: []Kind{DoCancelRejection},
		When: func(v *view) ([]string, bool) {
			return []string{v.job.ID}, v.job.State == JobEnded && v.app.State == Active
		},
		Say: func(v *view, _ []string) string {
			return fmt.Sprintf("“%s” is closed, so without this letter %s would have no answer. Move them to another job, or reopen this one first.", v.job.Title, v.name())
		},
	},
	{
		Name: "job_held", Ids: "S2-14",
		On:   []Kind{DoInvite, DoBook, DoSendOffer},
		When: func(v *view) ([]string, bool) { return []string{v.job.ID}, v.job.State == JobOnHold },
		Say: func(v *view, _ []string) string {
			return fmt.Sprintf("“%s” is on hold since %s; invitations and offers wait. Reopen it first.", v.job.Title, day(v.job.Since))
		},
	},
	{
		Name: "apply_twice", Ids: "S1-21",
		On: []Kind{DoApply},
		When: func(v *view) ([]string, bool) {
			a := v.p.On(v.job.ID)
			if a == nil || a.State != Active {
				return nil, false
			}
			return []string{a.ID}, true
		},
		Say: func(v *view, because []string) string {
			a := v.p.App(because[0])
			return fmt.Sprintf("%s is on “%s” already, at “%s” since %s.", v.name(), v.job.Title, v.job.StageName(a.Stage), day(a.Since))
		},
	},
	{
		Name: "reference_needs_yes", Ids: "S1-18",
		On: []Kind{DoAskReference, DoSendReference},
		When: func(v *view) ([]string, bool) {
			if v.p.agreed(v.job.ID) {
				return nil, false
			}
			return v.p.endedElsewhere(v.app.ID)
		},
		Say: func(v *view, because []string) string {
			a := v.p.App(because[0])
			return fmt.Sprintf("%s is %s for “%s” since %s. Ask them first whether you may get a reference for “%s”, and note their yes.", v.name(), a.State, v.title(a.ID), day(a.Since), v.job.Title)
		},
		Ways: func(v *view, _ []string) []Way {
			return []Way{{"They said yes", []Act{RecordYes{v.job.ID}, v.act}}}
		},
	},
	{
		Name: "offer_twice", Ids: "S1-21",
		On:   []Kind{DoDraftOffer},
		When: func(v *view) ([]string, bool) { return some(v.p.standing(v.app.ID)) },
		Say: func(v *view, because []string) string {
			o := v.p.Offer(because[0])
			return fmt.Sprintf("There is an offer for “%s” already (%s, %s since %s). Withdraw it before you draft another.", v.job.Title, o.ID, o.State, day(o.Since))
		},
		Ways: func(v *view, because []string) []Way {
			return []Way{{"Withdraw it and draft a new one", []Act{WithdrawOffer{because[0]}, v.act}}}
		},
	},
	{
		Name: "jobs_contradict", Ids: "S1-21 S1-23",
		On: []Kind{DoSendOffer, DoAcceptOffer},
		When: func(v *view) (because []string, hit bool) {
			for _, id := range v.p.standing("") {
				if o := v.p.Offer(id); id != v.t.rec && o.State != OfferDraft {
					because, hit = append(because, id), true
				}
			}
			return because, hit
		},
		Say: func(v *view, because []string) string {
			o := v.p.Offer(because[0])
			return fmt.Sprintf("%s has another offer (%s for “%s”, %s since %s). Two at once would contradict each other: withdraw one first.", v.name(), o.ID, v.title(o.App), o.State, day(o.Since))
		},
		Ways: func(v *view, because []string) []Way {
			return []Way{{"Withdraw " + because[0] + " and send this", []Act{WithdrawOffer{because[0]}, v.act}}}
		},
	},
	{
		Name: "offer_rejection_stopped", Ids: "S1-20 S1-21",
		On: []Kind{DoSendOffer, DoAcceptOffer},
		When: func(v *view) ([]string, bool) {
			r := v.p.pending(v.app.ID)
			if r == nil || r.State != RejectionStopped {
				return nil, false
			}
			return []string{r.ID}, true
		},
		Say: func(v *view, because []string) string {
			return fmt.Sprintf("The rejection %s of %s for this very job has only stopped; it is not dropped. Drop it first, then the offer may go.", because[0], v.name())
		},
		Ways: func(v *view, because []string) []Way {
			return []Way{{"Drop the rejection and go on", []Act{CancelRejection{because[0]}, v.act}}}
		},
	},
	{
		Name: "move_back_from_offer", Ids: "S1-21",
		On: []Kind{DoMove},
		When: func(v *view) (because []string, hit bool) {
			m := v.act.(Move)
			for i := range v.p.Offers {
				if o := &v.p.Offers[i]; o.App == v.app.ID && (o.State == OfferSent || o.State == OfferAccepted) && v.job.order(m.To) < v.job.order(v.app.Stage) {
					because, hit = append(because, o.ID), true
				}
			}
			return because, hit
		},
		Say: func(v *view, because []string) string {
			o := v.p.Offer(because[0])
			return fmt.Sprintf("%s has our offer %s (%s since %s). Withdraw it before you move them back.", v.name(), o.ID, o.State, day(o.Since))
		},
		Ways: func(v *view, because []string) []Way {
			return []Way{{"Withdraw the offer and move", []Act{WithdrawOffer{because[0]}, v.act}}}
		},
	},
	{
		Name: "reminder_cancelled", Ids: "S1-21 S1-32",
		On: []Kind{DoRemindInterview},
		When: func(v *view) ([]string, bool) {
			i := v.p.Interview(v.t.rec)
			return []string{i.ID}, i.State != InterviewBooked || !i.At.After(v.now)
		},
		Say: func(v *view, because []string) string {
			i := v.p.Interview(because[0])
			if i.State == InterviewBooked {
				return fmt.Sprintf("The interview %s has begun already; a reminder would only confuse.", i.ID)
			}
			return fmt.Sprintf("The interview %s is %s since %s; nobody is reminded of it.", i.ID, i.State, day(i.Since))
		},
	},
}

var allKinds = []Kind{
	DoMove, DoHire, DoApply, DoTransfer, DoWithdraw, DoAskReference, DoSendReference, DoReceiveReference, DoCancelReference, DoRecordYes,
	DoDraftOffer, DoSendOffer, DoAcceptOffer, DoDeclineOffer, DoWithdrawOffer,
	DoReject, DoSignRejection, DoReleaseRejection, DoStopRejection, DoResumeRejection, DoCancelRejection, DoSendRejection,
	DoInvite, DoBook, DoRemindInterview, DoCancelInterview, DoEndInterview, DoFileScorecard, DoFileDecision,
	DoSurvey, DoRemindSurvey, DoEndSurvey, DoCampaign, DoUndo,
}

func ended(v *view) ([]string, bool) { return []string{v.app.ID}, v.app.State != Active }

func again(v *view, _ []string) []Way {
	return []Way{{"Add to “" + v.job.Title + "” again", []Act{Apply{Job: v.job.ID}}}}
}

func some(ids []string) ([]string, bool) { return ids, len(ids) > 0 }

// endedElsewhere are the applications of the person that were rejected,
// withdrawn or ended by being hired, other than one.
func (p *Process) endedElsewhere(but string) (ids []string, hit bool) {
	for i := range p.Apps {
		if a := &p.Apps[i]; a.ID != but && (a.State == Rejected || a.State == Withdrawn || a.State == Hired) {
			ids, hit = append(ids, a.ID), true
		}
	}
	return ids, hit
}

// asked explains open references: "reference R-12 was asked on 3 November".
func (v *view) asked(ids []string) string {
	var parts []string
	for _, id := range ids {
		r := v.p.Reference(id)
		s := fmt.Sprintf("reference %s (%s) was asked on %s", r.ID, r.Referee, day(r.Asked))
		if r.App != v.app.ID {
			s += " for “" + v.title(r.App) + "”"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

func it(ids []string) string {
	if len(ids) > 1 {
		return "them"
	}
	return "it"
}
