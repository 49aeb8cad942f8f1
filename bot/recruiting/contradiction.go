package recruiting

import (
	"fmt"
	"time"
)

// Contradiction is two facts about one person that must not stand together.
type Contradiction struct {
	Rule    string
	Because []string
	Say     string
}

// Contradictions lists what contradicts in a situation, however it came about:
// a merge, an import, an undo. After acts that Decide let pass the list is empty.
func Contradictions(s Situation, now time.Time) []Contradiction {
	p := &s.Process
	var out []Contradiction
	add := func(rule, say string, because ...string) {
		out = append(out, Contradiction{Rule: rule, Because: because, Say: say})
	}
	name := s.Candidate.called()
	active := map[string]string{}
	for i := range p.Apps {
		a := &p.Apps[i]
		if a.State == Active {
			if other := active[a.Job]; other != "" {
				add("twice_on_job", fmt.Sprintf("%s is on “%s” twice (%s and %s).", name, s.Jobs.Title(a.Job), other, a.ID), other, a.ID)
			}
			active[a.Job] = a.ID
			continue
		}
		for _, r := range p.openReferences(a.ID) {
			add("reference_after_outcome", fmt.Sprintf("Reference %s is open, but %s is %s for “%s”.", r, name, a.State, s.Jobs.Title(a.Job)), r, a.ID)
		}
		for _, v := range p.Ahead(a.ID, now) {
			add("interview_after_outcome", fmt.Sprintf("Interview %s is to come, but %s is %s for “%s”.", v, name, a.State, s.Jobs.Title(a.Job)), v, a.ID)
		}
		for i := range p.Offers {
			if o := &p.Offers[i]; o.App == a.ID && (o.Open() || o.State == OfferAccepted && a.State != Hired) {
				add("offer_after_outcome", fmt.Sprintf("Offer %s is %s, but %s is %s for “%s”.", o.ID, o.State, name, a.State, s.Jobs.Title(a.Job)), o.ID, a.ID)
			}
		}
		if r := p.pending(a.ID); r != nil {
			add("rejection_after_outcome", fmt.Sprintf("Rejection %s is on its way, but %s is %s for “%s” already.", r.ID, name, a.State, s.Jobs.Title(a.Job)), r.ID, a.ID)
		}
		if a.State == Hired {
			for i := range p.Apps {
				if b := &p.Apps[i]; b.State == Active && b.Made.Before(a.Since) {
					add("jobs_contradict", fmt.Sprintf("%s is hired for “%s” and still in process for “%s”.", name, s.Jobs.Title(a.Job), s.Jobs.Title(b.Job)), a.ID, b.ID)
				}
			}
		}
	}
	return append(out, contradictoryLetters(&s, now)...)
}

// contradictoryLetters looks at what is on its way to the candidate.
func contradictoryLetters(s *Situation, now time.Time) []Contradiction {
	p := &s.Process
	var out []Contradiction
	name := s.Candidate.called()
	sent := ""
	for _, id := range p.standing("") {
		if o := p.Offer(id); o.State != OfferDraft {
			if sent != "" {
				out = append(out, Contradiction{"jobs_contradict", []string{sent, id}, fmt.Sprintf("%s has two offers (%s and %s).", name, sent, id)})
			}
			sent = id
		}
	}
	for i := range p.Rejections {
		r := &p.Rejections[i]
		if !r.moving() {
			continue
		}
		say := func(what, id string) Contradiction {
			return Contradiction{"rejection_contradicted", []string{r.ID, id}, fmt.Sprintf("Rejection %s of %s for “%s” is on its way, but %s %s is open.", r.ID, name, s.Jobs.Title(p.jobOf(r.App)), what, id)}
		}
		for k := range p.Refs {
			if f := &p.Refs[k]; f.Open() && (f.App == r.App || !p.agreed(p.jobOf(f.App))) {
				out = append(out, say("reference", f.ID))
			}
		}
		for _, id := range p.standing("") {
			out = append(out, say("offer", id))
		}
		for _, id := range p.Ahead(r.App, now) {
			out = append(out, say("interview", id))
		}
	}
	return out
}
