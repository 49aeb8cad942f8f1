package recruiting

import (
	"slices"
	"time"

	"rapport/bot"
)

// Parted is a merge taken apart: both candidates and both processes as they are now.
type Parted struct {
	Merge         Merge
	Keep, Gone    Candidate
	Process, Back Process // of Keep and of Gone
}

// Unmerge parts two merged candidates within 30 days. What came with Gone goes
// back with whatever happened to it since; what was added to Keep since stays
// there. now and goneNow are both records as they stand.
func Unmerge(m Merge, now Situation, goneNow Process, who bot.Person, at time.Time) (Parted, *bot.Fault) {
	switch {
	case !who.Is(Admin | Recruiter):
		return Parted{}, bot.Faultf(bot.Forbidden, "Parting merged people is for %s.", Said(Admin|Recruiter))
	case !m.Back.IsZero():
		return Parted{}, bot.Faultf(bot.Stale, "These two were parted already, on %s.", day(m.Back))
	case at.Sub(m.At) > UnmergeFor:
		return Parted{}, bot.Faultf(bot.Refused, "This merge is more than 30 days old (%s), so it stays. Add the other person anew if you must.", day(m.At))
	case now.Candidate.ID != m.Keep.ID || now.Candidate.Gone() || goneNow.Into != m.Keep.ID:
		return Parted{}, bot.Faultf(bot.Stale, "One of the two was merged again or erased since. Part the later merge first.")
	}
	out := Parted{Merge: m, Gone: m.Was[1]}
	out.Merge.Back = at
	out.Keep = part(now.Candidate, m)
	out.Process, out.Back = partProcesses(now.Process, goneNow, m)
	out.Process.Acts, out.Process.Deeds = now.Process.Acts+1, nil
	out.Back.Acts = goneNow.Acts + 1
	return out, nil
}

// part takes from a candidate what only the other one had brought.
func part(c Candidate, m Merge) Candidate {
	k, g := m.Was[0], m.Was[1]
	less := func(now, own, other []string) []string {
		return slices.DeleteFunc(slices.Clone(now), func(v string) bool { return slices.Contains(other, v) && !slices.Contains(own, v) })
	}
	back := func(now *string, own, other string) {
		if own == "" && *now == other {
			*now = ""
		}
	}
	c.Emails = less(c.Emails, k.Emails, g.Emails)
	c.Tags = less(c.Tags, k.Tags, g.Tags)
	c.Follows = less(c.Follows, k.Follows, g.Follows)
	c.Phones = slices.DeleteFunc(slices.Clone(c.Phones), func(p Phone) bool {
		return slices.ContainsFunc(g.Phones, p.same) && !slices.ContainsFunc(k.Phones, p.same)
	})
	c.External = slices.DeleteFunc(slices.Clone(c.External), func(e External) bool {
		return slices.Contains(g.External, e) && !slices.Contains(k.External, e)
	})
	c.Links = slices.DeleteFunc(slices.Clone(c.Links), func(l Link) bool { return slices.Contains(g.Links, l) && !slices.Contains(k.Links, l) })
	c.Consents = slices.DeleteFunc(slices.Clone(c.Consents), func(s Consent) bool {
		return slices.Contains(g.Consents, s) && !slices.Contains(k.Consents, s)
	})
	back(&c.Zone, k.Zone, g.Zone)
	back(&c.City, k.City, g.City)
	back(&c.Locale, k.Locale, g.Locale)
	back(&c.Source, k.Source, g.Source)
	back(&c.Owner, k.Owner, g.Owner)
	if !k.Private {
		c.Private = false
	}
	return c
}

// partProcesses gives each candidate their own applications again and whatever
// hangs on them. Records that were rehung by the merge follow their own id.
func partProcesses(p, gone Process, m Merge) (keep, back Process) {
	old := map[string]string{}
	for from, to := range m.Ids {
		old[to] = from
	}
	theirs := func(id, app string) bool {
		if _, ok := old[id]; ok {
			return true
		}
		_, ok := old[app]
		return ok && !m.had(id)
	}
	keep, back = p.clone(), p.clone()
	split(&keep.Apps, &back.Apps, func(a Application) bool { return theirs(a.ID, "") })
	split(&keep.Refs, &back.Refs, func(r Reference) bool { return theirs(r.ID, r.App) })
	split(&keep.Offers, &back.Offers, func(o Offer) bool { return theirs(o.ID, o.App) })
	split(&keep.Rejections, &back.Rejections, func(r Rejection) bool { return theirs(r.ID, r.App) })
	split(&keep.Interviews, &back.Interviews, func(v Interview) bool { return theirs(v.ID, v.App) })
	split(&keep.Scorecards, &back.Scorecards, func(s Scorecard) bool { return theirs(s.ID, s.App) })
	split(&keep.Decisions, &back.Decisions, func(d Decision) bool { return theirs(d.ID, d.App) })
	split(&keep.Surveys, &back.Surveys, func(s Survey) bool { return theirs(s.ID, s.App) })
	back.Campaigns, back.Yeses, back.Deeds = nil, nil, nil
	keep.settle()
	back.settle()
	back = back.renamed(old)
	back.Candidate, back.Into, back.Seq = gone.Candidate, "", max(m.Seq, p.Seq)
	return keep, back
}

// had reports whether a record was Keep's own before the merge; records made
// since are told by their application.
func (m *Merge) had(id string) bool {
	return slices.Contains(m.Own, id)
}

// settle takes care of what pointed across: an application closed into one that
// is gone now goes on again, and records hang on an application that is there.
func (p *Process) settle() {
	again := map[string]string{} // application that is gone → the one that goes on again
	for i := range p.Apps {
		a := &p.Apps[i]
		if n := len(a.Was); a.State == MovedOn && a.Cause == causeMerged && p.App(a.To) == nil && n > 0 {
			again[a.To] = a.ID
			a.State, a.To, a.Cause = Active, "", ""
			a.Since, a.Was = a.Was[n-1].Since, a.Was[:n-1]
		}
	}
	home := func(app string) string {
		if to, ok := again[app]; ok {
			return to
		}
		if p.App(app) != nil || len(p.Apps) == 0 {
			return app
		}
		return p.Apps[len(p.Apps)-1].ID
	}
	for i := range p.Refs {
		p.Refs[i].App = home(p.Refs[i].App)
	}
	for i := range p.Offers {
		p.Offers[i].App = home(p.Offers[i].App)
	}
	for i := range p.Rejections {
		p.Rejections[i].App = home(p.Rejections[i].App)
	}
	for i := range p.Interviews {
		p.Interviews[i].App = home(p.Interviews[i].App)
	}
	for i := range p.Scorecards {
		p.Scorecards[i].App = home(p.Scorecards[i].App)
	}
	for i := range p.Decisions {
		p.Decisions[i].App = home(p.Decisions[i].App)
	}
}

// split moves what is theirs out of keep into back.
func split[T any](keep, back *[]T, theirs func(T) bool) {
	*back = slices.DeleteFunc(slices.Clone(*keep), func(v T) bool { return !theirs(v) })
	*keep = slices.DeleteFunc(slices.Clone(*keep), theirs)
}
