package recruiting

import (
	"time"

	"rapport/bot"
)

// States of a survey.
const (
	SurveyOpen     State = "open"
	SurveyAnswered State = "answered"
	SurveyClosed   State = "closed"
)

// Survey is the least a process knows of a survey, so that nobody gets two.
type Survey struct {
	ID        string    `json:"id"`
	App       string    `json:"app"`
	State     State     `json:"is"`
	Sent      time.Time `json:"sent"`
	Since     time.Time `json:"since"`
	Reminders int       `json:"rem,omitempty"`
}

// Sent is one campaign message let through to this person.
type Sent struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
}

// Survey is a survey by id; nil when there is none.
func (p *Process) Survey(id string) *Survey {
	for i := range p.Surveys {
		if p.Surveys[i].ID == id {
			return &p.Surveys[i]
		}
	}
	return nil
}

type (
	// SendSurvey asks the candidate how an application went for them.
	SendSurvey struct{ App, ID string }
	// RemindSurvey reminds them, once at most.
	RemindSurvey struct{ Survey string }
	// EndSurvey says that it was answered, or is over.
	EndSurvey struct {
		Survey   string
		Answered bool
	}
	// SendCampaign lets one campaign message through; Campaign is its id.
	SendCampaign struct{ Campaign string }
)

func (a SendSurvey) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoSurvey, a.App, "")
}

func (a RemindSurvey) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onSurvey(p, DoRemindSurvey, a.Survey)
}

func (a EndSurvey) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onSurvey(p, DoEndSurvey, a.Survey)
}

func (a SendCampaign) target(_ *Process, _ Jobs) (target, *bot.Fault) {
	return target{kind: DoCampaign, rec: a.Campaign}, nil
}

func onSurvey(p *Process, k Kind, id string) (target, *bot.Fault) {
	s := p.Survey(id)
	if s == nil {
		return target{}, missing(p, "survey", id)
	}
	return onApp(p, k, s.App, id)
}

func (a SendSurvey) run(d *draft) *bot.Fault {
	id := a.ID
	if id == "" {
		id = d.p.nextID("V")
	} else if d.p.Survey(id) != nil {
		return bot.Faultf(bot.Refused, "The survey %s went out already.", id)
	}
	d.p.Surveys = append(d.p.Surveys, Survey{ID: d.made(id), App: a.App, State: SurveyOpen, Sent: d.now, Since: d.now})
	d.deed.Rec = id
	d.tell(Surveyed{d.record(id, a.App, SurveyOpen)})
	return nil
}

func (a RemindSurvey) run(d *draft) *bot.Fault {
	s := d.p.Survey(a.Survey)
	s.Reminders++
	d.tell(Surveyed{d.record(s.ID, s.App, s.State)})
	return nil
}

func (a EndSurvey) run(d *draft) *bot.Fault {
	s := d.p.Survey(a.Survey)
	if s.State != SurveyOpen {
		return late("The survey "+s.ID, s.State, s.Since)
	}
	s.State, s.Since = SurveyClosed, d.now
	if a.Answered {
		s.State = SurveyAnswered
	}
	d.tell(Surveyed{d.record(s.ID, s.App, s.State)})
	return nil
}

func (a SendCampaign) run(d *draft) *bot.Fault {
	if n := len(d.p.Campaigns); n >= maxCampaigns {
		d.p.Campaigns = d.p.Campaigns[n-maxCampaigns+1:]
	}
	d.p.Campaigns = append(d.p.Campaigns, Sent{ID: a.Campaign, At: d.now})
	d.tell(Campaigned{d.record(a.Campaign, "", "")})
	return nil
}
