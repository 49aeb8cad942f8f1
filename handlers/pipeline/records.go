package pipeline

import (
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// ask is a question that people have cards about, so that the cards can say how it ended.
type ask struct {
	Candidate string   `json:"c"`
	Key       string   `json:"key"`
	Who       []string `json:"who"`
}

// asks by candidate and rejection.
var asks = store.NewTable("ask", store.Def[ask]{
	Whose: func(_ string, a ask) []string { return []string{a.Candidate} },
})

// rec is a record of a process as a person may mean it.
type rec struct {
	id, app string
	fits    bool // the act can be done to it as it stands
	open    bool
}

// choose is the record somebody means: by its id, else the only one that fits.
// Several are asked about in field; one that only nearly fits is returned, so that
// the rules can say what is the matter with it.
func choose(p *tables.Person, field, typed string, part recruiting.Part, who bot.Person, all []rec) (string, *bot.Fault) {
	s := &p.Situation
	var fit, open []rec
	for _, r := range all {
		a := s.Process.App(r.app)
		if a == nil || !recruiting.Sees(who, part, &s.Process, s.Jobs.Get(a.Job)) && who.Roles&bot.Machine == 0 && !isAsked(s, r.id, who) {
			continue
		}
		if strings.EqualFold(strings.TrimSpace(typed), r.id) {
			return r.id, nil
		}
		if r.fits {
			fit = append(fit, r)
		}
		if r.open {
			open = append(open, r)
		}
	}
	name := p.Candidate.Val.Name
	switch {
	case typed != "":
		return "", bot.Faultf(bot.Missing, "%s has no %s “%s”. Open the card to see what there is.", name, field, bot.Clip(bot.Flat(typed), 20)).In(field)
	case len(fit) == 1:
		return fit[0].id, nil
	case len(fit) == 0 && len(open) == 1:
		return open[0].id, nil
	case len(fit) == 0 && len(open) == 0:
		return "", bot.Faultf(bot.Missing, "%s has no %s under way.", name, field)
	case len(fit) == 0:
		fit = open
	}
	f := bot.Faultf(bot.Ambiguous, "%s has several. Which %s do you mean?", name, field).In(field)
	for _, r := range fit {
		f.Options = append(f.Options, bot.Option{Value: r.id, Label: r.id, Hint: s.Jobs.Title(s.Process.App(r.app).Job)})
	}
	return "", f
}

// isAsked lets somebody who is asked about a rejection mean it, whatever else they see.
func isAsked(s *recruiting.Situation, id string, who bot.Person) bool {
	r := s.Process.Rejection(id)
	if r == nil || who.ID == "" {
		return false
	}
	for _, a := range append([]string{r.Signer}, r.Asked...) {
		if a == who.ID {
			return true
		}
	}
	return false
}
