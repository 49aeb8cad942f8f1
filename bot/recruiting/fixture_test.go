package recruiting

import (
	"errors"
	"testing"
	"time"

	"rapport/bot"
)

// The people, jobs and instants the tests speak of.
var (
	noon  = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	admin = bot.Person{ID: "p-ann", Name: "Ann Admin", Roles: Admin}
	sam   = bot.Person{ID: "p-sam", Name: "Sam Reed", Roles: Recruiter}
	rita  = bot.Person{ID: "p-rita", Name: "Rita Novak", Roles: Recruiter}
	mo    = bot.Person{ID: "p-mo", Name: "Mo Haddad", Roles: Manager}
	mia   = bot.Person{ID: "p-mia", Name: "Mia Lund", Roles: Manager} // no job of hers
	ivo   = bot.Person{ID: "p-ivo", Name: "Ivo Petrov", Roles: Interviewer}
	sue   = bot.Person{ID: "p-sue", Name: "Sue Park", Roles: Support}
)

func testJob(id, title string) Job {
	stages, f := ParseStages("Applied, Screen, Onsite, Offer, Hired")
	if f != nil {
		panic(f)
	}
	return Job{ID: id, Title: title, Stages: stages, State: JobOpen, Managers: []string{mo.ID}, Recruiters: []string{sam.ID}, Since: noon.AddDate(0, -1, 0), Made: noon.AddDate(0, -1, 0)}
}

// ada is Ada Okafor, applied for Backend a day ago, in a world with two more jobs.
func ada() Situation {
	return Situation{
		Candidate: Candidate{ID: "c-ada", Name: "Ada Okafor", Emails: []string{"ada@mail.example"}, Zone: "Africa/Lagos"},
		Process: Process{Candidate: "c-ada", Seq: 1, Apps: []Application{
			{ID: "A-1", Job: "backend", Stage: "applied", Since: noon.AddDate(0, 0, -1), Made: noon.AddDate(0, 0, -1), State: Active},
		}},
		Jobs: Jobs{testJob("backend", "Backend Engineer"), testJob("data", "Data Scientist"), testJob("design", "Product Designer")},
	}
}

const (
	why  = "not enough depth in storage"
	kind = "After our talks we have decided to go on with another person for the Backend Engineer job."
)

// world plays acts one after the other and fails the test when one is refused.
type world struct {
	t   *testing.T
	s   Situation
	now time.Time
}

func play(t *testing.T, s Situation) *world { return &world{t: t, s: s, now: noon} }

func (w *world) do(who bot.Person, acts ...Act) Change {
	w.t.Helper()
	var c Change
	for _, a := range acts {
		var err error
		c, err = Decide(w.s, a, who, w.now)
		if err != nil {
			w.t.Fatalf("%T %+v: %v", a, a, err)
		}
		w.s.Process = c.Process
		if cs := Contradictions(w.s, w.now); len(cs) > 0 {
			w.t.Fatalf("after %T: %+v", a, cs)
		}
		w.now = w.now.Add(time.Second)
	}
	return c
}

// refused expects an act to be refused by a rule of the guard.
func (w *world) refused(who bot.Person, a Act, rule string) Verdict {
	w.t.Helper()
	_, err := Decide(w.s, a, who, w.now)
	var b Blocked
	if !errors.As(err, &b) || b.Verdict.Rule != rule {
		w.t.Fatalf("%T %+v: got %v, want blocked by %s", a, a, err, rule)
	}
	if b.Verdict.Say == "" || len(b.Verdict.Because) == 0 {
		w.t.Fatalf("%T: the refusal explains nothing: %+v", a, b.Verdict)
	}
	return b.Verdict
}

// faulted expects an act to end in a fault of a kind.
func (w *world) faulted(who bot.Person, a Act, k bot.FaultKind) *bot.Fault {
	w.t.Helper()
	_, err := Decide(w.s, a, who, w.now)
	var f *bot.Fault
	if !errors.As(err, &f) || f.Kind != k {
		w.t.Fatalf("%T %+v: got %v, want a fault of kind %d", a, a, err, k)
	}
	return f
}

func (w *world) wait(d time.Duration) { w.now = w.now.Add(d) }
