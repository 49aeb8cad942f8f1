package recruiting

import (
	"fmt"
	"time"
)

// What the guard says of messages that are no part of a process: surveys and
// campaigns. Consent, caps and quiet hours are outreach's; these rules only look
// at where the person stands.

var surveyBefore = rule{
	Name: "survey_before_outcome", Ids: "S1-05 S1-21",
	On: []Kind{DoSurvey, DoRemindSurvey},
	When: func(v *view) (because []string, hit bool) {
		for i := range v.p.Apps {
			if a := &v.p.Apps[i]; a.State == Active || a.State != MovedOn && a.Told.IsZero() {
				because, hit = append(because, a.ID), true
			}
		}
		return because, hit
	},
	Say: func(v *view, because []string) string {
		return fmt.Sprintf("%s has not been told an outcome for “%s” yet. Answer this person first, then ask them how it was.", v.name(), v.title(because[0]))
	},
}

var surveyRejection = rule{
	Name: "survey_before_outcome", Ids: "S1-05",
	On:   []Kind{DoSurvey},
	When: func(v *view) ([]string, bool) { return []string{v.app.ID}, v.app.State == MovedOn },
	Say: func(v *view, _ []string) string {
		return fmt.Sprintf("That application went on as another one, so it has no outcome to ask %s about.", v.name())
	},
}

var surveyOpen = rule{
	Name: "survey_open", Ids: "S1-03",
	On: []Kind{DoSurvey},
	When: func(v *view) ([]string, bool) {
		for i := range v.p.Surveys {
			if s := &v.p.Surveys[i]; s.State == SurveyOpen {
				return []string{s.ID}, true
			}
		}
		return nil, false
	},
	Say: func(v *view, because []string) string {
		return fmt.Sprintf("%s has a survey open already (%s, sent on %s).", v.name(), because[0], day(v.p.Survey(because[0]).Sent))
	},
}

var surveyAgain = rule{
	Name: "survey_too_soon", Ids: "S1-03",
	On: []Kind{DoSurvey},
	When: func(v *view) ([]string, bool) {
		for i := range v.p.Surveys {
			if s := &v.p.Surveys[i]; v.now.Before(months(s.Sent, v.s.Settings.surveyGap())) {
				return []string{s.ID}, true
			}
		}
		return nil, false
	},
	Say: func(v *view, because []string) string {
		s := v.p.Survey(because[0])
		return fmt.Sprintf("%s was asked on %s; the next survey may go on %s.", v.name(), day(s.Sent), day(months(s.Sent, v.s.Settings.surveyGap())))
	},
}

var surveyBarred = rule{
	Name: "contact_barred", Ids: "S1-04 S3-14",
	On: []Kind{DoSurvey, DoRemindSurvey},
	When: func(v *view) ([]string, bool) {
		return v.s.barred(OptedOut, Bounced, Complained, DoNotContact)
	},
	Say: sayBarred,
}

var surveyReminder = rule{
	Name: "survey_reminder", Ids: "S1-04 S1-36",
	On: []Kind{DoRemindSurvey},
	When: func(v *view) ([]string, bool) {
		s := v.p.Survey(v.t.rec)
		return []string{s.ID}, s.State != SurveyOpen || s.Reminders > 0
	},
	Say: func(v *view, because []string) string {
		if s := v.p.Survey(because[0]); s.State != SurveyOpen {
			return fmt.Sprintf("The survey %s is %s since %s; nobody is reminded of it.", s.ID, s.State, day(s.Since))
		}
		return fmt.Sprintf("%s was reminded of this survey once; one reminder is all there is.", v.name())
	},
}

var campaignBarred = rule{
	Name: "contact_barred", Ids: "S3-14 S3-24 S3-27",
	On: []Kind{DoCampaign},
	When: func(v *view) ([]string, bool) {
		return v.s.barred(OptedOut, Bounced, Complained, DoNotContact, Employee, Stale)
	},
	Say: sayBarred,
}

var campaignProcess = rule{
	Name: "campaign_in_process", Ids: "S1-21 S3-24",
	On: []Kind{DoCampaign},
	When: func(v *view) (because []string, hit bool) {
		for i := range v.p.Apps {
			if a := &v.p.Apps[i]; a.State == Active || a.State == Rejected && a.Told.IsZero() {
				because, hit = append(because, a.ID), true
			}
		}
		return because, hit
	},
	Say: func(v *view, because []string) string {
		a := v.p.App(because[0])
		if a.State == Rejected {
			return fmt.Sprintf("%s waits for our answer about “%s”. Give it first; no campaign before.", v.name(), v.title(a.ID))
		}
		return fmt.Sprintf("%s is in process for “%s”. Whoever leads that job writes to them; no campaign meanwhile.", v.name(), v.title(a.ID))
	},
}

var campaignRejected = rule{
	Name: "campaign_after_rejection", Ids: "S3-24",
	On: []Kind{DoCampaign},
	When: func(v *view) (because []string, hit bool) {
		for i := range v.p.Apps {
			a := &v.p.Apps[i]
			if a.State == Rejected && v.now.Before(a.Since.AddDate(0, 0, v.s.Settings.campaignQuiet())) {
				because, hit = append(because, a.ID), true
			}
		}
		return because, hit
	},
	Say: func(v *view, because []string) string {
		a := v.p.App(because[0])
		return fmt.Sprintf("%s was rejected for “%s” on %s; no campaign within %d days of that.", v.name(), v.title(a.ID), day(a.Since), v.s.Settings.campaignQuiet())
	},
}

var campaignHired = rule{
	Name: "campaign_hired", Ids: "S3-24",
	On: []Kind{DoCampaign},
	When: func(v *view) (because []string, hit bool) {
		for i := range v.p.Apps {
			if a := &v.p.Apps[i]; a.State == Hired {
				because, hit = append(because, a.ID), true
			}
		}
		return because, hit
	},
	Say: func(v *view, because []string) string {
		return fmt.Sprintf("%s was hired for “%s”; campaigns are for people outside.", v.name(), v.title(because[0]))
	},
}

func sayBarred(v *view, because []string) string {
	for _, b := range v.s.Bars {
		switch {
		case b.Rec != because[0]:
		case b.At.IsZero():
			return fmt.Sprintf("No message of this kind goes to %s: %s.", v.name(), b.Kind)
		default:
			return fmt.Sprintf("No message of this kind goes to %s: %s, since %s.", v.name(), b.Kind, day(b.At))
		}
	}
	return fmt.Sprintf("No message of this kind goes to %s.", v.name())
}

// months is the same day n months on, the month's last day where there is none
// (31 August and six months: 28 or 29 February).
func months(t time.Time, n int) time.Time {
	m := t.AddDate(0, n, 0)
	if m.Day() != t.Day() {
		m = m.AddDate(0, 0, -m.Day())
	}
	return m
}
