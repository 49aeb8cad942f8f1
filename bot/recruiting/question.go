package recruiting

import (
	"slices"
	"strings"
)

// AskAbout is what a rejection's people must be asked as things stand: the signer
// of a staged one for their name, and of a stopped one everybody who has not yet
// said whether it goes on. name puts a person's id into words. ok is false when nobody
// is asked anything.
func AskAbout(s *Situation, id string, name func(person string) string) (q Question, ok bool) {
	r := s.Process.Rejection(id)
	if r == nil {
		return q, false
	}
	title := s.Jobs.Title(s.Process.jobOf(r.App))
	switch r.State {
	case RejectionStaged:
		return Question{
			Who: []string{r.Signer}, Because: []string{r.ID},
			Say:  "A rejection of " + s.Candidate.called() + " for “" + title + "” waits for your name below it.",
			Ways: []Way{{"Sign", []Act{SignRejection{r.ID}}}, {"Do not reject", []Act{CancelRejection{r.ID}}}},
		}, r.Signer != ""
	case RejectionStopped:
		who := slices.DeleteFunc(slices.Clone(r.Asked), func(p string) bool { return slices.Contains(r.GoOn, p) })
		say := "Nothing goes out until you say so."
		if len(r.Asked) > 1 {
			say = "Nothing goes out until you both say so."
		}
		return Question{
			Who: who, Because: append([]string{r.ID}, r.Because...),
			Say:  "The rejection of " + s.Candidate.called() + " for “" + title + "” " + s.Process.whyStopped(r, name) + ". " + say,
			Ways: []Way{{"Still reject", []Act{ResumeRejection{r.ID}}}, {"Do not reject", []Act{CancelRejection{r.ID}}}},
		}, len(who) > 0
	}
	return q, false
}

// describe explains records by their ids as they stand now; "" when none of them is
// there any more.
func (p *Process) describe(ids []string) string {
	var parts []string
	for _, id := range ids {
		switch {
		case p.Reference(id) != nil:
			parts = append(parts, "reference "+id+" was asked on "+day(p.Reference(id).Asked))
		case p.Offer(id) != nil:
			parts = append(parts, "offer "+id+" is "+p.Offer(id).State.Said()+" since "+day(p.Offer(id).Since))
		case p.Interview(id) != nil:
			parts = append(parts, "interview "+id+" is "+string(p.Interview(id).State)+" since "+day(p.Interview(id).Since))
		case strings.HasPrefix(id, "S-"):
			parts = append(parts, "a positive scorecard ("+id+") was filed")
		case strings.HasPrefix(id, "D-"):
			parts = append(parts, "a positive decision ("+id+") was filed")
		}
	}
	return strings.Join(parts, "; ")
}

// whyStopped names what came between: by the records, else by the act, else who held it.
func (p *Process) whyStopped(r *Rejection, name func(person string) string) string {
	if why := p.describe(r.Because); why != "" {
		return "has stopped: " + why
	}
	for _, o := range slices.Backward(p.Deeds) {
		if o.At.Equal(r.Since) && o.Act != DoStopRejection {
			return "has stopped: " + o.Act.Said() + " meanwhile"
		}
	}
	if len(r.Asked) == 0 {
		return "is on hold"
	}
	return "is on hold: " + name(r.Asked[len(r.Asked)-1]) + " stopped it" // asked are who rejects, then who stopped it
}

func (d *draft) ask(r *Rejection) {
	s := *d.s
	s.Process = d.p
	if s.Process.Rejection(r.ID) == nil {
		s.Process.Rejections = append(slices.Clone(d.p.Rejections), *r)
	}
	s.Process.Deeds = append(slices.Clone(d.p.Deeds), d.deed)
	name := func(id string) string {
		if id == d.who.ID {
			return d.who.Name
		}
		return "a colleague"
	}
	if q, ok := AskAbout(&s, r.ID, name); ok {
		d.questions = append(d.questions, q)
	}
}
