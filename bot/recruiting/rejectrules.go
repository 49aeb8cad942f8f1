package recruiting

import "fmt"

// onReject are the acts that bring a rejection nearer to the candidate.
var onReject = []Kind{DoReject, DoSignRejection, DoReleaseRejection, DoResumeRejection, DoSendRejection}

// rejectRules keep a "no" from meeting a "yes" (S1-17, S1-21).
var rejectRules = []rule{
	{
		Name: "reject_open_reference", Ids: "S1-17 S1-23",
		On: onReject,
		When: func(v *view) (because []string, hit bool) {
			for i := range v.p.Refs {
				if r := &v.p.Refs[i]; r.Open() && (r.App == v.app.ID || !v.p.agreed(v.p.jobOf(r.App))) {
					because, hit = append(because, r.ID), true
				}
			}
			return because, hit
		},
		Say: func(v *view, because []string) string {
			return fmt.Sprintf("Not yet: %s. Cancel %s first, then %s can be rejected; the referee is told.", v.asked(because), it(because), v.name())
		},
		Ways: func(v *view, because []string) []Way {
			label := "Cancel the reference and reject"
			if len(because) > 1 {
				label = "Cancel the references and reject"
			}
			ways := []Way{{label, each(because, func(id string) Act { return CancelReference{id} }, v.act)}}
			for _, id := range because {
				if r := v.p.Reference(id); r.App != v.app.ID {
					ways = append(ways, Way{"They said yes to the reference for “" + v.title(r.App) + "”", []Act{RecordYes{v.p.jobOf(r.App)}, v.act}})
				}
			}
			return ways
		},
	},
	offerStands("reject_open_offer", "S1-21 S1-23", onReject, "Withdraw the offer and reject"),
	{
		Name: "jobs_contradict", Ids: "S1-21 S1-23",
		On:   onReject,
		When: func(v *view) ([]string, bool) { return some(v.p.standing("")) },
		Say: func(v *view, because []string) string {
			o := v.p.Offer(because[0])
			return fmt.Sprintf("Not now: there is an offer for %s (%s for “%s”, %s since %s). A “no” for “%s” beside it would contradict us. Wait for the answer, or end this application as moved to that job.", v.name(), o.ID, v.title(o.App), o.State, day(o.Since), v.job.Title)
		},
		Ways: func(v *view, because []string) []Way {
			job := v.p.jobOf(v.p.Offer(because[0]).App)
			return []Way{{"Move to “" + v.s.Jobs.Title(job) + "”", []Act{Transfer{App: v.app.ID, Job: job}}}}
		},
	},
	interviewAhead("reject_interview_ahead", "S1-21 S1-23", onReject, "Cancel the interview and reject"),
	{
		Name: "reject_twice", Ids: "S1-19",
		On: []Kind{DoReject},
		When: func(v *view) ([]string, bool) {
			r := v.p.pending(v.app.ID)
			if r == nil {
				return nil, false
			}
			return []string{r.ID}, true
		},
		Say: func(v *view, because []string) string {
			r := v.p.Rejection(because[0])
			return fmt.Sprintf("A rejection of %s for “%s” is on its way already (%s, %s since %s).", v.name(), v.job.Title, r.ID, r.State, day(r.Since))
		},
		Ways: func(v *view, because []string) []Way {
			return []Way{{"Drop that one and stage this", []Act{CancelRejection{because[0]}, v.act}}}
		},
	},
}
