package recruiting

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// UnmergeFor is how long a merge can be taken apart again.
const UnmergeFor = 30 * 24 * time.Hour

// Merge is two candidates who turned out to be one person: the preview before,
// and afterwards what it takes to part them again. Keep it for UnmergeFor.
type Merge struct {
	Keep Candidate         `json:"keep"` // as it will be
	Gone Candidate         `json:"gone"` // as it will be: it only points to Keep
	Was  [2]Candidate      `json:"was"`  // keep and gone as they were
	Ids  map[string]string `json:"ids"`  // records of gone: old id → id in the joined process
	Own  []string          `json:"own"`  // records that were keep's own
	Seq  int               `json:"seq"`  // last number of gone's process
	At   time.Time         `json:"at"`
	By   string            `json:"by"`
	Back time.Time         `json:"back,omitzero"` // when it was taken apart

	Process     Process      `json:"-"` // of Keep, joined
	GoneProcess Process      `json:"-"` // of Gone: empty, pointing to Keep
	Differ      []Difference `json:"-"` // fields where the two disagree
	Joined      []string     `json:"-"` // jobs both were active on: one application goes on
}

// Difference is a field on which two records disagree: what stays, what is only
// kept in the merge.
type Difference struct{ Field, Stays, Goes string }

// PlanMerge plans to merge gone into keep: keep's fields win, lists are joined.
// Nothing is lost: Unmerge parts them within 30 days. It is refused while the two
// together would contradict themselves.
func PlanMerge(keep, gone Situation, who bot.Person, now time.Time) (Merge, *bot.Fault) {
	k, g := keep.Candidate, gone.Candidate
	switch {
	case !who.Is(Admin | Recruiter):
		return Merge{}, bot.Faultf(bot.Forbidden, "Merging people is for %s.", Said(Admin|Recruiter))
	case k.ID == g.ID:
		return Merge{}, bot.Faultf(bot.Invalid, "That is the same record twice. Choose the other one.").In("with")
	case k.Gone() || g.Gone() || keep.Process.Into != "" || gone.Process.Into != "":
		return Merge{}, bot.Faultf(bot.Stale, "One of the two was merged or erased meanwhile. Look for them again.")
	case k.Demo != g.Demo:
		return Merge{}, bot.Faultf(bot.Refused, "One of the two is invented for the demo; it is never merged with a real person.")
	}
	m := Merge{Was: [2]Candidate{k, g}, At: now, By: who.ID, Seq: gone.Process.Seq, Own: keep.Process.ids()}
	m.Keep, m.Differ = join(k, g)
	m.Gone = Candidate{ID: g.ID, Name: g.Name, Into: k.ID, Made: g.Made, MadeBy: g.MadeBy, Demo: g.Demo}
	m.Process, m.Ids = joinProcesses(keep.Process, gone.Process)
	jobs := slices.Clone(keep.Jobs)
	for _, j := range gone.Jobs {
		if jobs.Get(j.ID) == nil {
			jobs = append(jobs, j)
		}
	}
	m.Joined = oneAppPerJob(&m.Process, jobs, now)
	m.GoneProcess = Process{Candidate: g.ID, Seq: gone.Process.Seq, Acts: gone.Process.Acts + 1, Into: k.ID}
	after := Situation{Candidate: m.Keep, Process: m.Process, Jobs: jobs}
	if c := Contradictions(after, now); len(c) > 0 {
		f := bot.Faultf(bot.Refused, "Together these two would contradict themselves. %s Settle this on one of them first, then merge.", c[0].Say)
		f.Facts = map[string]string{"rule": "merge_" + c[0].Rule, "because": strings.Join(c[0].Because, " ")}
		return Merge{}, f
	}
	return m, nil
}

// Lines is the preview in words.
func (m Merge) Lines() []string {
	out := []string{fmt.Sprintf("“%s” is kept; “%s” is merged into it and can be parted again for 30 days.", m.Was[0].called(), m.Was[1].called())}
	for _, d := range m.Differ {
		out = append(out, fmt.Sprintf("%s: “%s” stays, “%s” is set aside.", d.Field, d.Stays, d.Goes))
	}
	for _, t := range m.Joined {
		out = append(out, fmt.Sprintf("Both are on “%s”: the application that is further goes on, the other is closed as moved.", t))
	}
	return out
}

// join puts two candidates into one.
func join(k, g Candidate) (Candidate, []Difference) {
	var differ []Difference
	pick := func(field string, a *string, b string) {
		switch {
		case *a == "":
			*a = b
		case b != "" && *a != b:
			differ = append(differ, Difference{field, *a, b})
		}
	}
	pick("Name", &k.Name, g.Name)
	pick("Zone", &k.Zone, g.Zone)
	pick("City", &k.City, g.City)
	pick("Language", &k.Locale, g.Locale)
	pick("Source", &k.Source, g.Source)
	if k.Owner == "" {
		k.Owner = g.Owner
	}
	k.Emails = union(k.Emails, g.Emails, func(a, b string) bool { return a == b })
	k.Phones = union(k.Phones, g.Phones, Phone.same)
	k.Tags = union(k.Tags, g.Tags, func(a, b string) bool { return Fold(a) == Fold(b) })
	k.External = union(k.External, g.External, func(a, b External) bool { return a == b })
	k.Links = union(k.Links, g.Links, func(a, b Link) bool { return a.URL == b.URL && a.ID == b.ID && a.Name == b.Name })
	k.Follows = union(k.Follows, g.Follows, func(a, b string) bool { return a == b })
	k.Consents = joinConsents(k.Consents, g.Consents)
	k.Private = k.Private || g.Private
	if g.Keep.After(k.Keep) {
		k.Keep = g.Keep
	}
	return k, differ
}

// joinConsents orders both lists by time, so that the latest word stands.
func joinConsents(a, b []Consent) []Consent {
	out := slices.Concat(a, b)
	slices.SortStableFunc(out, func(x, y Consent) int { return x.At.Compare(y.At) })
	return out
}

func union[T any](a, b []T, same func(T, T) bool) []T {
	out := slices.Clone(a)
	for _, y := range b {
		if !slices.ContainsFunc(a, func(x T) bool { return same(x, y) }) {
			out = append(out, y)
		}
	}
	return out
}

// joinProcesses puts the records of g into k. Records keep their ids unless one
// is taken; ids maps each of g's.
func joinProcesses(k, g Process) (Process, map[string]string) {
	p, ids := k.clone(), map[string]string{}
	p.Seq = max(k.Seq, 0)
	taken := map[string]bool{}
	for _, id := range k.ids() {
		taken[id] = true
	}
	for _, id := range g.ids() {
		to := id
		if taken[id] {
			prefix, _, _ := strings.Cut(id, "-")
			to = p.nextID(prefix)
			for taken[to] {
				to = p.nextID(prefix)
			}
		}
		taken[to], ids[id] = true, to
	}
	p.Seq = max(p.Seq, g.Seq)
	other := g.renamed(ids)
	p.Apps = append(p.Apps, other.Apps...)
	p.Refs = append(p.Refs, other.Refs...)
	p.Offers = append(p.Offers, other.Offers...)
	p.Rejections = append(p.Rejections, other.Rejections...)
	p.Interviews = append(p.Interviews, other.Interviews...)
	p.Scorecards = append(p.Scorecards, other.Scorecards...)
	p.Decisions = append(p.Decisions, other.Decisions...)
	p.Surveys = append(p.Surveys, other.Surveys...)
	p.Campaigns = append(p.Campaigns, other.Campaigns...)
	p.Yeses = append(p.Yeses, other.Yeses...)
	slices.SortStableFunc(p.Apps, func(a, b Application) int { return a.Made.Compare(b.Made) })
	p.Acts, p.Deeds = max(k.Acts, g.Acts)+1, nil
	return p, ids
}

// ids are the ids of all records that have one.
func (p *Process) ids() []string {
	var out []string
	for i := range p.Apps {
		out = append(out, p.Apps[i].ID)
	}
	for i := range p.Refs {
		out = append(out, p.Refs[i].ID)
	}
	for i := range p.Offers {
		out = append(out, p.Offers[i].ID)
	}
	for i := range p.Rejections {
		out = append(out, p.Rejections[i].ID)
	}
	for i := range p.Interviews {
		out = append(out, p.Interviews[i].ID)
	}
	for i := range p.Scorecards {
		out = append(out, p.Scorecards[i].ID)
	}
	for i := range p.Decisions {
		out = append(out, p.Decisions[i].ID)
	}
	for i := range p.Surveys {
		out = append(out, p.Surveys[i].ID)
	}
	return out
}

// renamed is a copy in which every id is replaced as ids says.
func (p Process) renamed(ids map[string]string) Process {
	to := func(id string) string {
		if n, ok := ids[id]; ok {
			return n
		}
		return id
	}
	all := func(list []string) []string {
		list = slices.Clone(list)
		for i := range list {
			list[i] = to(list[i])
		}
		return list
	}
	p = p.clone()
	for i := range p.Apps {
		p.Apps[i].ID, p.Apps[i].To = to(p.Apps[i].ID), to(p.Apps[i].To)
	}
	for i := range p.Refs {
		p.Refs[i].ID, p.Refs[i].App = to(p.Refs[i].ID), to(p.Refs[i].App)
	}
	for i := range p.Offers {
		p.Offers[i].ID, p.Offers[i].App = to(p.Offers[i].ID), to(p.Offers[i].App)
	}
	for i := range p.Rejections {
		r := &p.Rejections[i]
		r.ID, r.App, r.Because = to(r.ID), to(r.App), all(r.Because)
	}
	for i := range p.Interviews {
		p.Interviews[i].ID, p.Interviews[i].App = to(p.Interviews[i].ID), to(p.Interviews[i].App)
	}
	for i := range p.Scorecards {
		s := &p.Scorecards[i]
		s.ID, s.App, s.Interview = to(s.ID), to(s.App), to(s.Interview)
	}
	for i := range p.Decisions {
		p.Decisions[i].ID, p.Decisions[i].App = to(p.Decisions[i].ID), to(p.Decisions[i].App)
	}
	for i := range p.Surveys {
		p.Surveys[i].ID, p.Surveys[i].App = to(p.Surveys[i].ID), to(p.Surveys[i].App)
	}
	return p
}

// oneAppPerJob lets the furthest of several active applications on a job go on
// and closes the others as moved into it, with everything that hangs on them.
func oneAppPerJob(p *Process, jobs Jobs, now time.Time) (titles []string) {
	best := map[string]int{}
	for i := range p.Apps {
		a := &p.Apps[i]
		if a.State != Active {
			continue
		}
		o, seen := best[a.Job]
		if !seen {
			best[a.Job] = i
			continue
		}
		titles = append(titles, jobs.Title(a.Job))
		win, lose := o, i
		if j := jobs.Get(a.Job); j != nil && j.order(a.Stage) > j.order(p.Apps[o].Stage) {
			win, lose = i, o
		}
		best[a.Job] = win
		l := &p.Apps[lose]
		l.Was = append(slices.Clone(l.Was), Step{Stage: l.Stage, Since: l.Since})
		l.State, l.Since, l.To, l.Cause = MovedOn, now, p.Apps[win].ID, causeMerged
		p.rehang(l.ID, p.Apps[win].ID)
	}
	return titles
}

// causeMerged marks an application that a merge closed into another one.
const causeMerged = "merged"

// rehang gives the records of one application to another.
func (p *Process) rehang(from, to string) {
	for i := range p.Refs {
		if p.Refs[i].App == from {
			p.Refs[i].App = to
		}
	}
	for i := range p.Offers {
		if p.Offers[i].App == from {
			p.Offers[i].App = to
		}
	}
	for i := range p.Rejections {
		if p.Rejections[i].App == from {
			p.Rejections[i].App = to
		}
	}
	for i := range p.Interviews {
		if p.Interviews[i].App == from {
			p.Interviews[i].App = to
		}
	}
	for i := range p.Scorecards {
		if p.Scorecards[i].App == from {
			p.Scorecards[i].App = to
		}
	}
}
