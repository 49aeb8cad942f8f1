package recruiting

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

func TestParseStages(t *testing.T) {
	good := map[string]string{
		"Applied, Screen, Onsite, Offer, Hired":     "applied:applied screen:active onsite:active offer:offer hired:hired rejected:rejected withdrawn:withdrawn",
		"Inbox → Phone → Day with team":             "inbox:applied phone:active day-with-team:active hired:hired rejected:rejected withdrawn:withdrawn",
		"Bewerbung\nGespräch\nAngebot\nEingestellt": "bewerbung:applied gesprach:active angebot:offer hired:hired rejected:rejected withdrawn:withdrawn",
		"応募, 面接":                                    "stage:applied stage-2:active hired:hired rejected:rejected withdrawn:withdrawn",
		"A, Rejected, B":                            "a:applied b:active hired:hired rejected:rejected withdrawn:withdrawn",
		"“Applied”, Screen":                         "applied:applied screen:active hired:hired rejected:rejected withdrawn:withdrawn",
	}
	for text, want := range good {
		stages, f := ParseStages(text)
		var got []string
		for _, s := range stages {
			got = append(got, s.ID+":"+string(s.Kind))
			if s.Says == "" {
				t.Errorf("%q: %s says nothing to the candidate", text, s.Name)
			}
		}
		if f != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: %v %v", text, got, f)
		}
	}
	for _, text := range []string{"", " , ,", "Hired", "Screen, screen", "Hired, Eingestellt, X", strings.Repeat("x", 50), strings.Repeat("a,b"+"c,", 1) + many(25)} {
		if s, f := ParseStages(text); f == nil || f.Kind != bot.Invalid || f.Field != "stages" {
			t.Errorf("%q: %v %v", text, s, f)
		}
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "s%d,", i)
	}
	return b.String()
}

func TestFindStage(t *testing.T) {
	j := testJob("j", "Backend Engineer")
	stages, _ := ParseStages("Applied, Phone screen, Tech screen, Éntretien, Offer")
	j.Stages = stages
	for text, want := range map[string]string{
		"applied": "applied", "APPLIED": "applied", "phone": "phone-screen", "tech scr": "tech-screen", "entretien": "entretien", "entr": "entretien",
		"hired": "hired", "hire": "hired", "reject": "rejected", "withdrew": "withdrawn", "next": "phone-screen", "Offer ": "offer",
	} {
		if s, f := j.FindStage(text, "applied"); f != nil || s.ID != want {
			t.Errorf("%q: %v %v", text, s.ID, f)
		}
	}
	if s, f := j.FindStage("back", "phone-screen"); f != nil || s.ID != "applied" {
		t.Error(s, f)
	}
	if _, f := j.FindStage("screen", ""); f == nil || f.Kind != bot.Ambiguous || len(f.Options) != 2 || f.Field != "to" {
		t.Errorf("%+v", f)
	}
	if _, f := j.FindStage("ofer", ""); f == nil || f.Kind != bot.Invalid || len(f.Options) == 0 || f.Options[0].Value != "offer" {
		t.Errorf("%+v", f)
	}
	if _, f := j.FindStage("xyzzy", ""); f == nil || len(f.Options) != len(stages) {
		t.Errorf("%+v", f)
	}
}

func TestS1_07_CloseIsRefusedWhileAnyoneWaits(t *testing.T) {
	j := testJob("backend", "Backend Engineer")
	var u Unanswered
	for i := range 8 {
		s := ada()
		s.Process.Apps[0].Made = noon.Add(-time.Duration(i) * time.Hour)
		u.Add(s.Process, &j, fmt.Sprintf("Person %d", i))
	}
	_, _, f := j.Close(u, "", sam, noon)
	if f == nil || f.Kind != bot.Refused || !strings.Contains(f.Say, "8 people") || !strings.Contains(f.Say, "Person 7 (Applied)") || !strings.Contains(f.Say, "3 more") {
		t.Fatalf("%+v", f)
	}
	u = Unanswered{}
	w := play(t, ada())
	w.do(sam, reject("A-1")) // an outcome is scheduled
	u.Add(w.s.Process, &j, "Ada")
	w.do(sam, StopRejection{"X-2"})
	var stopped Unanswered
	stopped.Add(w.s.Process, &j, "Ada")
	if stopped.Count != 1 {
		t.Error("a stopped rejection is no answer")
	}
	closed, news, f := j.Close(u, "filled", sam, noon)
	if f != nil || closed.State != JobEnded || news.Job != "backend" {
		t.Fatal(f)
	}
	if _, _, f := closed.Close(Unanswered{}, "", sam, noon); f == nil {
		t.Error("closed twice")
	}
	if _, _, f := closed.Hold("", sam, noon); f == nil {
		t.Error("a closed job was held")
	}
	if _, _, f := j.Close(Unanswered{}, "", mia, noon); f == nil || f.Kind != bot.Forbidden {
		t.Errorf("%+v", f)
	}
}

func TestS2_14_ClocksStandStillOnHold(t *testing.T) {
	j := testJob("backend", "Backend Engineer")
	held, _, f := j.Hold("budget", mo, noon)
	if f != nil || held.State != JobOnHold {
		t.Fatal(f)
	}
	week := 7 * 24 * time.Hour
	if d := held.Running(noon.Add(-time.Hour), noon.Add(week)); d != time.Hour {
		t.Errorf("while held: %v", d)
	}
	open, news, f := held.Reopen(mo, noon.Add(week))
	if f != nil || open.State != JobOpen || news.WasClosed {
		t.Fatal(f)
	}
	if d := open.Running(noon.Add(-time.Hour), noon.Add(week+2*time.Hour)); d != 3*time.Hour {
		t.Errorf("after: %v", d)
	}
	if len(j.Holds) != 0 || !held.Holds[0].Till.IsZero() {
		t.Error("an old value was changed")
	}
	seat := []Seat{{Job: "backend", Stage: "applied", Since: noon.Add(-6 * 24 * time.Hour), State: Active, Name: "Ada"}}
	if len(Stuck(&j, seat, noon)) != 1 || len(Stuck(&held, seat, noon.Add(week))) != 0 {
		t.Error("stuck counts time on hold")
	}
}

func TestS0_15_StagesOfALiveJobChangeByAPlan(t *testing.T) {
	j := testJob("backend", "Backend Engineer")
	next, _ := ParseStages("Applied, Onsite, Team day, Offer, Hired")
	people := map[string]int{"screen": 3, "onsite": 2}
	_, f := PlanStages(j, next, nil, people)
	if f == nil || f.Field != "where" || !strings.Contains(f.Say, "“Screen” (3)") {
		t.Fatalf("%+v", f)
	}
	where, _ := ParseWhere("Screen→Onsite")
	p, f := PlanStages(j, next, where, people)
	if f != nil {
		t.Fatal(f)
	}
	if p.Where["screen"] != "onsite" || p.Counts["screen"] != 3 || len(p.Added) != 1 || p.Added[0].ID != "team-day" || len(p.Lines()) != 2 {
		t.Errorf("%+v %q", p, p.Lines())
	}
	if p.Job.StageName("screen") != "Screen" {
		t.Error("an old record cannot be read any more")
	}
	if _, f := p.Job.FindStage("screen", ""); f == nil {
		t.Error("a stage that is gone is still offered")
	}
	if len(j.Stages) != 7 || j.Stages[1].Gone {
		t.Error("the dry run changed the job")
	}
	s := ada()
	s.Process.Apps[0].Stage = "screen"
	c, ok := p.Replace(s.Process, sam, noon)
	if a := c.Process.Apps[0]; !ok || a.Stage != "onsite" || a.Was[0].Stage != "screen" {
		t.Errorf("%v %+v", ok, c.Process.Apps)
	}
	if _, ok := p.Replace(ada().Process, sam, noon); ok {
		t.Error("somebody moved who need not")
	}
	if _, f := PlanStages(j, next, map[string]string{"Screen": "Hired"}, people); f == nil {
		t.Error("a plan hires")
	}
	// A stage that comes back keeps its id, so its history goes on.
	again, _ := ParseStages("Applied, Screen, Onsite, Team day, Offer, Hired")
	p2, f := PlanStages(p.Job, again, nil, nil)
	if st, ok := p2.Job.Stage("screen"); f != nil || !ok || st.Gone {
		t.Errorf("%+v %v", p2.Job.Stages, f)
	}
	named, f := RenameStage(j, "Onsite", "Team visit")
	if f != nil || named.StageName("onsite") != "Team visit" || j.StageName("onsite") != "Onsite" {
		t.Error(f)
	}
}

func TestFindJob(t *testing.T) {
	jobs := ada().Jobs
	for text, want := range map[string]string{"backend": "backend", "Data": "data", "prod design": "design", "PRODUCT DESIGNER": "design"} {
		if j, f := FindJob(jobs, text); f != nil || j.ID != want {
			t.Errorf("%q: %+v", text, f)
		}
	}
	if _, f := FindJob(jobs, "Bakend"); f == nil || f.Kind != bot.Missing || f.Options[0].Value != "backend" {
		t.Errorf("%+v", f)
	}
}

func TestSight(t *testing.T) {
	s := ada()
	p, j := &s.Process, &s.Jobs[0]
	p.Interviews = []Interview{{ID: "iv-1", App: "A-1", State: InterviewBooked, With: []string{ivo.ID, "p-any"}}}
	anyone := bot.Person{ID: "p-any", Name: "Any Colleague"}
	other := bot.Person{ID: "p-x", Roles: Interviewer}
	cases := []struct {
		who  bot.Person
		sees []Part
	}{
		{admin, []Part{PartName, PartContact, PartProfile, PartStage, PartNotes, PartScorecards, PartReferences, PartReasons, PartOffers, PartLetters}},
		{rita, []Part{PartName, PartContact, PartProfile, PartStage, PartNotes, PartScorecards, PartReferences, PartReasons, PartOffers, PartLetters}},
		{mo, []Part{PartName, PartContact, PartProfile, PartStage, PartNotes, PartScorecards, PartReferences, PartReasons, PartOffers, PartLetters}},
		{mia, nil},
		{ivo, []Part{PartName, PartProfile, PartStage, PartNotes}},
		{anyone, []Part{PartName, PartProfile, PartStage, PartNotes}}, // S3-11: no role needed
		{other, nil},
		{sue, []Part{PartName, PartContact}},
		{bot.Person{}, nil},
		{bot.Person{ID: sam.ID, Roles: Recruiter, Gone: true}, nil},
	}
	for _, c := range cases {
		want := map[Part]bool{}
		for _, part := range c.sees {
			want[part] = true
		}
		for part := range parts {
			if got := Sees(c.who, part, p, j); got != want[part] {
				t.Errorf("%s sees part %d: %v", c.who.Name, part, got)
			}
		}
	}
	j.Private = true
	if Sees(rita, PartName, p, j) || !Sees(sam, PartName, p, j) || !Sees(mo, PartName, p, j) || !Sees(admin, PartName, p, j) {
		t.Error("a confidential job is for its people and Admins")
	}
	if MaySeeJob(rita, j, false) || MaySeeJob(other, j, false) || !MaySeeJob(other, j, true) || !MaySeeJob(sam, j, false) {
		t.Error("a confidential job is for its people, Admins and who interviews for it")
	}
	if j.Private = false; !MaySeeJob(rita, j, false) || MaySeeJob(other, j, false) || MaySeeJob(sue, j, false) || MaySeeJob(mia, j, false) {
		t.Error("an interviewer or support staff sees no job they do not interview for")
	}
	if m := p.Meets(); len(m) != 2 || len(m[ivo.ID]) != 1 || m["p-any"][0] != j.ID {
		t.Error(m)
	}
	note := Note{Author: rita.ID, Level: OnlyMe}
	if MayRead(admin, note, p, s.Jobs) || !MayRead(rita, note, p, s.Jobs) {
		t.Error("a private note is its author's")
	}
}

func TestRoles(t *testing.T) {
	for text, want := range map[string]bot.Role{"Hiring Manager": Manager, "recruiter, interviewer": Recruiter | Interviewer, "admins": Admin, "support staff": Support} {
		if r, f := ParseRoles(text); f != nil || r != want {
			t.Errorf("%q: %v %v", text, r, f)
		}
	}
	if _, f := ParseRoles("boss"); f == nil || !strings.Contains(f.Say, "admin, recruiter, manager, interviewer and support") {
		t.Errorf("%+v", f)
	}
	if s := Said(Admin | Recruiter); s != "an Admin or a recruiter" {
		t.Error(s)
	}
	if RoleWords(0) != "no role" || RoleWords(Admin|Support) != "admin, support" {
		t.Error(RoleWords(Admin | Support))
	}
}
