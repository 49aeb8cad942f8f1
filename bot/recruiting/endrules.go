package recruiting

import "fmt"

// endRules look at what is still open when somebody is hired or goes on with
// another job.
var endRules = []rule{
	{
		Name: "end_open_reference", Ids: "S1-18",
		On:   []Kind{DoHire, DoTransfer},
		When: func(v *view) ([]string, bool) { return some(v.p.openReferences(v.app.ID)) },
		Say: func(v *view, because []string) string {
			return fmt.Sprintf("Not yet: %s. Cancel %s first; the referee is told.", v.asked(because), it(because))
		},
		Ways: func(v *view, because []string) []Way {
			var acts []Act
			for _, id := range because {
				acts = append(acts, CancelReference{id})
			}
			return []Way{{"Cancel and go on", append(acts, v.act)}}
		},
	},
	{
		Name: "end_open_offer", Ids: "S1-21",
		On:   []Kind{DoTransfer},
		When: func(v *view) ([]string, bool) { return some(v.p.standing(v.app.ID)) },
		Say: func(v *view, because []string) string {
			o := v.p.Offer(because[0])
			return fmt.Sprintf("Not yet: offer %s for “%s” has been %s since %s. Withdraw it first.", o.ID, v.job.Title, o.State.Said(), day(o.Since))
		},
		Ways: func(v *view, because []string) []Way {
			var acts []Act
			for _, id := range because {
				acts = append(acts, WithdrawOffer{id})
			}
			return []Way{{"Withdraw the offer and go on", append(acts, v.act)}}
		},
	},
	{
		Name: "end_interview_ahead", Ids: "S1-21",
		On:   []Kind{DoHire, DoTransfer},
		When: func(v *view) ([]string, bool) { return some(v.p.Ahead(v.app.ID, v.now)) },
		Say: func(v *view, because []string) string {
			i := v.p.Interview(because[0])
			return fmt.Sprintf("Not yet: an interview with %s for “%s” is to come (%s, %s since %s). Cancel it first.", v.name(), v.job.Title, i.ID, i.State, day(i.Since))
		},
		Ways: func(v *view, because []string) []Way {
			return []Way{{"Cancel the interview and go on", append(cancelInterviews(because), v.act)}}
		},
	},
	{
		Name: "hire_rejection_pending", Ids: "S1-20 S1-21",
		On: []Kind{DoHire},
		When: func(v *view) (because []string, hit bool) {
			for i := range v.p.Rejections {
				if r := &v.p.Rejections[i]; r.Pending() {
					because, hit = append(because, r.ID), true
				}
			}
			return because, hit
		},
		Say: func(v *view, because []string) string {
			r := v.p.Rejection(because[0])
			return fmt.Sprintf("Not yet: a rejection of %s for “%s” is on its way (%s, %s since %s). Drop it first.", v.name(), v.title(r.App), r.ID, r.State, day(r.Since))
		},
		Ways: func(v *view, because []string) []Way {
			var acts []Act
			for _, id := range because {
				acts = append(acts, CancelRejection{id})
			}
			return []Way{{"Drop the rejection and hire", append(acts, v.act)}}
		},
	},
	{
		Name: "hire_offer_unanswered", Ids: "S1-21",
		On: []Kind{DoHire},
		When: func(v *view) (because []string, hit bool) {
			for _, id := range v.p.standing("") {
				if o := v.p.Offer(id); o.App != v.app.ID || o.State != OfferAccepted {
					because, hit = append(because, id), true
				}
			}
			return because, hit
		},
		Say: func(v *view, because []string) string {
			o := v.p.Offer(because[0])
			return fmt.Sprintf("Not yet: offer %s for “%s” has been %s since %s and has no answer. Note the answer or withdraw it first.", o.ID, v.title(o.App), o.State.Said(), day(o.Since))
		},
		Ways: func(v *view, because []string) []Way {
			if o := v.p.Offer(because[0]); len(because) == 1 && o.App == v.app.ID && o.State == OfferSent {
				return []Way{{"They accepted: hire", []Act{AcceptOffer{o.ID}, v.act}}, {"Withdraw the offer and hire", []Act{WithdrawOffer{o.ID}, v.act}}}
			}
			var acts []Act
			for _, id := range because {
				acts = append(acts, WithdrawOffer{id})
			}
			return []Way{{"Withdraw the offer and hire", append(acts, v.act)}}
		},
	},
	{
		Name: "jobs_contradict", Ids: "S1-21 S1-23",
		On: []Kind{DoHire},
		When: func(v *view) (because []string, hit bool) {
			for i := range v.p.Apps {
				if a := &v.p.Apps[i]; a.ID != v.app.ID && a.State == Active {
					because, hit = append(because, a.ID), true
				}
			}
			return because, hit
		},
		Say: func(v *view, because []string) string {
			var where []string
			for _, id := range because {
				where = append(where, "“"+v.title(id)+"”")
			}
			return fmt.Sprintf("%s is still in process for %s. End that first, so that nobody there goes on with somebody who is hired.", v.name(), list(where, "and"))
		},
		Ways: func(v *view, because []string) []Way {
			var acts []Act
			for _, id := range because {
				acts = append(acts, Transfer{App: id, Job: v.job.ID})
			}
			return []Way{{"Move them over and hire", append(acts, v.act)}}
		},
	},
}
