package pipeline_test

import (
	"slices"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
	"rapport/store/storetest"
)

// abreast is two processes on one Redis, both at the same two networks: what either
// sends reaches people, and each remembers rows of its own.
type abreast struct {
	*race
	rooms [2][2]*bottest.Room // by process, by network
}

func newAbreast(t *testing.T) *abreast {
	t.Helper()
	clock := bottest.NewClock()
	dbs := storetest.Two(t, clock.Now)
	a := &abreast{race: &race{db: dbs[0], clock: clock}}
	for i, db := range dbs {
		a.rooms[i] = [2]*bottest.Room{bottest.NewRoom("east", clock.Now), bottest.NewRoom("west", clock.Now)}
		a.start(t, db, a.rooms[i][:]...)
	}
	a.doors = [2]door{{room: a.rooms[0][0], name: "Rita"}, {room: a.rooms[0][1], name: "Max"}}
	a.people(t)
	return a
}

// types is what one of the two says to one of the processes.
func (a *abreast) types(t *testing.T, process, who int, line string) string {
	t.Helper()
	a.doors[who].room = a.rooms[process][who]
	return string(a.type_(t, who, line))
}

// inbox is what reached one of the two unasked, by whichever process.
func (a *abreast) inbox(t *testing.T, who int) string {
	t.Helper()
	a.settle(t)
	return a.rooms[0][who].Inbox(t, a.doors[who].name) + a.rooms[1][who].Inbox(t, a.doors[who].name)
}

// TestWhoFollowsThroughAnotherProcess: whichever process tells the followers, it knows
// who follows, even if it has read the person before that.
func TestWhoFollowsThroughAnotherProcess(t *testing.T) {
	t.Parallel()
	a := newAbreast(t)
	n := 0
	for _, what := range []string{"candidate", "job"} {
		for process := range 2 {
			s := a.candidate(t, n, nil)
			n++
			for i := range 2 { // each has read of somebody whom nobody follows
				a.types(t, i, 0, "candidate show "+s.Candidate.ID)
			}
			whom := map[string]string{"candidate": s.Candidate.ID, "job": "j_1"}[what]
			a.types(t, process, 1, what+" follow "+whom)
			a.types(t, process, 0, "candidate move "+s.Candidate.ID+" to:Screen")
			if got := a.inbox(t, 1); !strings.Contains(got, s.Candidate.Name) {
				t.Errorf("%s followed and moved through process %d: %q", what, process, got)
			}
			a.types(t, process, 0, "undo")
			if got := a.inbox(t, 1); !strings.Contains(got, s.Candidate.Name) || !strings.Contains(got, "taken back by Rita") {
				t.Errorf("%s followed, and a move taken back through process %d: %q", what, process, got)
			}
			a.types(t, process, 1, what+" unfollow "+whom)
			for i := range 2 {
				a.types(t, i, 0, "candidate show "+s.Candidate.ID)
			}
		}
	}
}

// TestRefusalsAreNotGivenOnOldRows: what another process has just made possible is not
// refused here, whatever is remembered here.
func TestRefusalsAreNotGivenOnOldRows(t *testing.T) {
	t.Parallel()
	a := newAbreast(t)
	max := a.doors[1].who
	max.Roles = recruiting.Manager
	row, err := bot.People.Get(t.Context(), a.db.In("t1"), max.ID)
	if err != nil {
		t.Fatal(err)
	}
	row.Val = max
	if err := a.bots[0].SavePerson(t.Context(), "t1", row, nil); err != nil {
		t.Fatal(err)
	}
	ada := a.candidate(t, 0, nil).Candidate
	there := a.bots[1].DB().In("t1")
	change := func(id string, f func(j *recruiting.Job)) {
		t.Helper()
		job, err := tables.Jobs.Get(t.Context(), there, id)
		if err != nil {
			t.Fatal(err)
		}
		f(&job.Val)
		b := there.Batch("")
		store.Put(b, tables.Jobs, job)
		if err := there.Commit(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	wants := func(who int, line, words string) {
		t.Helper()
		if got := a.types(t, 0, who, line); !strings.Contains(got, words) {
			t.Errorf("%s: %q is not in:\n%s", line, words, got)
		}
	}
	change("j_2", func(j *recruiting.Job) { j.State = recruiting.JobEnded })
	wants(0, `job show "Data Engineer"`, "closed")
	wants(0, "candidate show "+ada.ID, ada.Name)
	wants(1, `candidate show "`+ada.Name+`"`, "nobody")

	change("j_2", func(j *recruiting.Job) { j.State = recruiting.JobOpen })
	wants(0, `candidate add "Bo Chen" email:bo@mail.example job:j_2`, "Added")
	change("j_1", func(j *recruiting.Job) {
		j.Stages = slices.Insert(j.Stages, 2, recruiting.Stage{ID: "tasting", Name: "Tasting"})
	})
	wants(0, "candidate move "+ada.ID+" to:Tasting", "from Applied to Tasting")
	change("j_1", func(j *recruiting.Job) { j.Managers = []string{max.ID} })
	wants(1, `candidate show "`+ada.Name+`"`, "Tasting")
}
