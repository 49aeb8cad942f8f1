package recruiting

import (
	"fmt"
	"slices"

	"rapport/bot"
)

// Part is a piece of what is known about a candidate.
type Part int

const (
	PartName       Part = iota // that the person is there, and their name
	PartContact                // addresses, phones, zone, city
	PartProfile                // tags, source, links, owner
	PartStage                  // job, stage, history
	PartNotes                  // team notes; private ones are their author's
	PartScorecards             // verdicts of others
	PartReferences             //
	PartReasons                // why somebody was rejected, decisions
	PartOffers                 //
	PartLetters                // texts to the candidate
	parts
)

// reach says on which candidates a role sees a part.
type reach int

const (
	nobody reach = iota
	met          // those they interview
	own          // those on their own jobs
	all
)

// sight is who sees what. A person with several roles sees what any of them
// sees. The last column is anybody who interviews somebody, role or not.
var sight = [parts]struct{ admin, recruiter, manager, interviewer, support reach }{
	PartName:       {all, all, own, met, all},
	PartContact:    {all, all, own, nobody, all},
	PartProfile:    {all, all, own, met, nobody},
	PartStage:      {all, all, own, met, nobody},
	PartNotes:      {all, all, own, met, nobody},
	PartScorecards: {all, all, own, nobody, nobody},
	PartReferences: {all, all, own, nobody, nobody},
	PartReasons:    {all, all, own, nobody, nobody},
	PartOffers:     {all, all, own, nobody, nobody},
	PartLetters:    {all, all, own, nobody, nobody},
}

// Sees reports whether a person may see a part of a candidate as far as one job
// goes; j is nil for what belongs to no job.
func Sees(who bot.Person, part Part, p *Process, j *Job) bool {
	if who.Roles&bot.Machine != 0 {
		return true
	}
	if who.ID == "" || who.Gone {
		return false
	}
	s := &sight[part]
	hidden := j != nil && j.Private && !j.Has(who.ID)
	if who.Roles&Admin != 0 && s.admin == all {
		return true
	}
	if !hidden && (who.Roles&Recruiter != 0 && s.recruiter == all || who.Roles&Support != 0 && s.support == all) {
		return true
	}
	if j == nil {
		return false
	}
	if (s.manager == own || s.manager == all) && who.Roles&Manager != 0 && slices.Contains(j.Managers, who.ID) {
		return true
	}
	return s.interviewer == met && p.meets(who.ID, j.ID)
}

// SeesAny reports whether a person may see a part through any job of the candidate.
func SeesAny(who bot.Person, part Part, p *Process, jobs Jobs) bool {
	if len(p.Apps) == 0 {
		return Sees(who, part, p, nil)
	}
	for i := range p.Apps {
		if j := jobs.Get(p.Apps[i].Job); Sees(who, part, p, j) {
			return true
		}
	}
	return false
}

// MaySee reports whether the candidate is there at all for a person.
func MaySee(who bot.Person, p *Process, jobs Jobs) bool { return SeesAny(who, PartName, p, jobs) }

// MaySeeJob reports whether a job is there for a person; meets says that they
// interview somebody on it.
func MaySeeJob(who bot.Person, j *Job, meets bool) bool {
	switch {
	case who.Roles&(bot.Machine|Admin) != 0:
		return true
	case who.ID == "" || who.Gone:
		return false
	case meets || j.Has(who.ID):
		return true
	}
	return !j.Private && who.Roles&Recruiter != 0
}

// MayRead reports whether a person may read a note. The words of a record are read by
// whoever sees such records on its job, a verdict also by its author; what was taken
// back is read by nobody.
func MayRead(who bot.Person, n Note, p *Process, jobs Jobs) bool {
	mine := n.Author == who.ID && who.ID != ""
	if n.About == "" {
		return mine || n.Level == TeamOnly && SeesAny(who, PartNotes, p, jobs)
	}
	f, ok := p.Filed(n)
	a := p.App(f.App)
	if !ok || a == nil {
		return false
	}
	return mine && f.Part == PartScorecards || Sees(who, f.Part, p, jobs.Get(a.Job))
}

// MayRun reports whether a person may change a job itself.
func MayRun(who bot.Person, j *Job) bool {
	switch {
	case who.Roles&bot.Machine != 0:
		return true
	case !who.Is(Admin|Recruiter|Manager) || !MaySeeJob(who, j, false):
		return false
	}
	return who.Is(Admin|Recruiter) || slices.Contains(j.Managers, who.ID)
}

// MayMove reports whether a person may move people on a job.
func MayMove(who bot.Person, j *Job) bool { return MayRun(who, j) }

// Meets lists who interviews the candidate for which job, by person.
func (p *Process) Meets() map[string][]string {
	out := map[string][]string{}
	for i := range p.Interviews {
		v := &p.Interviews[i]
		for _, who := range v.With {
			if job := p.jobOf(v.App); p.meets(who, job) && !slices.Contains(out[who], job) {
				out[who] = append(out[who], job)
			}
		}
	}
	return out
}

// meets reports whether a person interviews the candidate for a job.
func (p *Process) meets(person, job string) bool {
	for i := range p.Interviews {
		if v := &p.Interviews[i]; v.State != InterviewCancelled && slices.Contains(v.With, person) && p.jobOf(v.App) == job {
			return true
		}
	}
	return false
}

// mays is who may do what: to anybody, and to people on their own jobs. Acts
// that are not listed are for Admins and recruiters, and a manager's own.
var mays = map[Kind]struct{ all, own, met bot.Role }{
	DoFileScorecard: {all: Admin | Recruiter, own: Manager, met: bot.Known},
	DoEndInterview:  {all: Admin | Recruiter, own: Manager, met: bot.Known},
	// Whoever was asked to sign, or what to do, may answer; run looks who that is.
	DoSignRejection:   {all: Admin | Recruiter, own: Manager, met: bot.Known},
	DoResumeRejection: {all: Admin | Recruiter, own: Manager, met: bot.Known},
	DoCancelRejection: {all: Admin | Recruiter, own: Manager, met: bot.Known},
	DoSurvey:          {all: Admin | Recruiter},
	DoRemindSurvey:    {all: Admin | Recruiter},
	DoEndSurvey:       {all: Admin | Recruiter},
	DoCampaign:        {all: Admin | Recruiter},
	DoUndo:            {all: Team},
}

var mayMost = struct{ all, own, met bot.Role }{all: Admin | Recruiter, own: Manager}

// mayAct is the gate of one act: faults are Forbidden and say who may.
func mayAct(who bot.Person, t target, s *Situation) *bot.Fault {
	if who.Roles&bot.Machine != 0 {
		return nil
	}
	m, ok := mays[t.kind]
	if !ok {
		m = mayMost
	}
	j := s.Jobs.Get(t.job)
	hidden := j != nil && !MaySeeJob(who, j, s.Process.meets(who.ID, t.job))
	switch {
	case hidden && t.kind == DoApply:
		return noJob(j.Title)
	case hidden && MaySee(who, &s.Process, s.Jobs): // there, but not at which job
		return bot.Faultf(bot.Forbidden, "%s is for %s.", kindSaid[t.kind][0], Said(m.all|m.own))
	case hidden:
		return hiddenPerson()
	case who.Is(m.all):
		return nil
	case m.own != 0 && who.Is(m.own) && j != nil && slices.Contains(j.Managers, who.ID):
		return nil
	case m.met != 0 && s.Process.meets(who.ID, t.job):
		return nil
	}
	if j == nil {
		return bot.Faultf(bot.Forbidden, "%s is for %s.", kindSaid[t.kind][0], Said(m.all))
	}
	by := "its hiring managers, " + Said(m.all)
	if m.own == 0 {
		by = Said(m.all)
	}
	return bot.Faultf(bot.Forbidden, "%s", fmt.Sprintf("%s on “%s” is for %s.", kindSaid[t.kind][0], j.Title, by))
}

// May reports whether somebody may do an act, whatever stands in its way: a button is
// only for those who may.
func May(s *Situation, act Act, who bot.Person) bool {
	if !MaySee(who, &s.Process, s.Jobs) {
		return false
	}
	t, f := act.target(&s.Process, s.Jobs)
	return f == nil && mayAct(who, t, s) == nil
}

// hiddenPerson is the answer to an act on somebody who is not theirs to see, named
// by an id: it must not tell who that is.
func hiddenPerson() *bot.Fault {
	return bot.Faultf(bot.Missing, "I cannot find that person. They may not be yours to see.").In("candidate")
}
