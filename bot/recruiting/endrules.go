package recruiting

import "fmt"

// offerStands stops what must not happen beside an offer for the same job.
func offerStands(name, ids string, on []Kind, way string) rule {
	return rule{Name: name, Ids: ids, On: on,
		When: func(v *view) ([]string, bool) { return some(v.p.standing(v.app.ID)) },
		Say: func(v *view, because []string) string {
			o := v.p.Offer(because[0])
			return fmt.Sprintf("Not yet: offer %s for “%s” has been %s since %s. Withdraw it first.", o.ID, v.job.Title, o.State.Said(), day(o.Since))
		},
		Ways: func(v *view, because []string) []Way {
			return []Way{{way, each(because, func(id string) Act { return WithdrawOffer{id} }, v.act)}}
		},
	}
}

// interviewAhead stops what must not happen while an interview is to come.
func interviewAhead(name, ids string, on []Kind, way string) rule {
	return rule{Name: name, Ids: ids, On: on,
		When: func(v *view) ([]string, bool) { return some(v.p.Ahead(v.app.ID, v.now)) },
		Say: func(v *view, because []string) string {
			i := v.p.Interview(because[0])
			return fmt.Sprintf("Not yet: an interview with %s for “%s” is to come (%s, %s since %s). Cancel it first.", v.name(), v.job.Title, i.ID, i.State, day(i.Since))
		},
		Ways: func(v *view, because []string) []Way {
			return []Way{{way, each(because, func(id string) Act { return CancelInterview{id} }, v.act)}}
		},
	}
}

// each is one act for every record in the way, and what was meant after them.
func each(because []string, act func(id string) Act, then Act) []Act {
	var acts []Act
	for _, id := range because {
		acts = append(acts, act(id))
	}
	return append(acts, then)
}

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
			return []Way{{"Cancel and go on", each(because, func(id string) Act { return CancelReference{id} }, v.act)}}
		},
	},
	offerStands("end_open_offer", "S1-21", []Kind{DoTransfer}, "Withdraw the offer and go on"),
	interviewAhead("end_interview_ahead", "S1-21", []Kind{DoHire, DoTransfer}, "Cancel the interview and go on"),
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
			return []Way{{"Drop the rejection and hire", each(because, func(id string) Act { return CancelRejection{id} }, v.act)}}
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
			return []Way{{"Withdraw the offer and hire", each(because, func(id string) Act { return WithdrawOffer{id} }, v.act)}}
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
			return []Way{{"Move them over and hire", each(because, func(id string) Act { return Transfer{App: id, Job: v.job.ID} }, v.act)}}
		},
	},
}
