package pipeline_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
	"rapport/store/storetest"
)

// house is one process with two rooms, Rita in the one and Max in the other.
func house(t *testing.T, also ...func(*bot.Bot)) *race {
	t.Helper()
	clock := bottest.NewClock()
	db := storetest.Fresh(t, storetest.Kind(t), clock.Now, false).DB
	r := &race{db: db, clock: clock, also: also, doors: [2]door{{room: bottest.NewRoom("east", clock.Now), name: "Rita"}, {room: bottest.NewRoom("west", clock.Now), name: "Max"}}}
	r.start(t, db, r.doors[0].room, r.doors[1].room)
	r.people(t)
	return r
}

func (r *race) press(t *testing.T, i int, label string) bottest.Screen {
	t.Helper()
	tok, ok := r.doors[i].room.Token(r.doors[i].name, label)
	if !ok {
		t.Fatalf("no button %q in:\n%s", label, r.doors[i].room.Seen(r.doors[i].name))
	}
	return r.event(t, i, bot.Pressed{Token: tok})
}

// settle waits until all has happened that follows from what was done.
func (r *race) settle(t *testing.T) {
	t.Helper()
	bottest.Settle(t, r.db, "t1")
}

// reaches wants words to stand in what reached somebody unasked.
func (r *race) reaches(t *testing.T, i int, words string) {
	t.Helper()
	r.settle(t)
	if got := r.doors[i].room.Inbox(t, r.doors[i].name); !strings.Contains(got, words) {
		t.Fatalf("%s was not reached by %q:\n%s", r.doors[i].name, words, got)
	}
}

func (r *race) at(t *testing.T, stage string) int {
	t.Helper()
	n, err := tables.Processes.Count(t.Context(), r.db.In("t1"), "stage", "j_1/"+stage)
	if err != nil {
		t.Fatal(err)
	}
	return n[0]
}

// A bulk move larger than a commit goes on by itself, tells how it went, and is
// taken back as one; whoever moved on meanwhile stays.
func TestABulkMoveGoesOnByItself(t *testing.T) {
	t.Parallel()
	r := house(t)
	const many = 45
	var ids []string
	for i := range many {
		ids = append(ids, r.candidate(t, i, nil).Candidate.ID)
	}
	r.type_(t, 0, `candidates move job:"Backend Engineer" from:Applied to:Screen`)
	if s := r.press(t, 0, "Move 45 people"); !strings.Contains(string(s), "20 of 45 so far") {
		t.Fatal(s)
	}
	r.reaches(t, 0, "Moved 45 people of Backend Engineer to Screen.")
	if n := r.at(t, "screen"); n != many {
		t.Fatal(n, "people at Screen")
	}
	r.type_(t, 1, "candidate move "+ids[30]+" to:Onsite")
	r.type_(t, 0, "undo")
	r.reaches(t, 0, "Taken back: the move of 44 people of Backend Engineer")
	if a, o := r.at(t, "applied"), r.at(t, "onsite"); a != many-1 || o != 1 {
		t.Fatal(a, "at Applied,", o, "at Onsite")
	}
	rows, err := r.db.In("t1").History(t.Context(), "candidate:"+ids[44], 0)
	if err != nil || len(rows) < 2 || rows[0].By != "m_Rita" {
		t.Fatal("the last person's history:", rows, err)
	}
}

// A rejection whose author has lost their rights goes to whoever leads the job.
func TestARejectionOfSomebodyWhoLeftAsksTheLead(t *testing.T) {
	t.Parallel()
	r := house(t)
	s := r.candidate(t, 1, nil)
	ctx, id := t.Context(), s.Candidate.ID
	r.type_(t, 1, fmt.Sprintf(reject.line, id))
	if s := r.press(t, 1, "Start the waiting time"); !strings.Contains(string(s), "is waiting") {
		t.Fatal(s)
	}
	row, err := bot.People.Get(ctx, r.db.In("t1"), "m_Max")
	if err != nil {
		t.Fatal(err)
	}
	row.Val.Roles, row.Val.Gone, row.Val.Accounts = 0, true, nil
	if err := r.bots[0].SavePerson(ctx, "t1", row, nil); err != nil {
		t.Fatal(err)
	}
	r.settle(t)
	r.clock.Add(25 * time.Hour)
	r.reaches(t, 0, "has waited its time, and Max may no longer send it.")
	p, err := tables.Processes.Get(ctx, r.db.In("t1"), id)
	if err != nil || p.Val.Rejections[0].State != recruiting.RejectionCooling {
		t.Fatal(p.Val.Rejections, err)
	}
	if s := r.press(t, 0, "Let it go on"); !strings.Contains(string(s), "is ready") {
		t.Fatal(s)
	}
	r.reaches(t, 0, "is yours to send") // Max is gone, so the lead sends it
}

// A card that waits for the morning is taken back when the person it is about is erased.
func TestAWaitingCardIsErasedWithItsPerson(t *testing.T) {
	t.Parallel()
	r := house(t)
	ctx, sc := t.Context(), r.db.In("t1")
	row, err := tables.Jobs.Get(ctx, sc, "j_1")
	if err != nil {
		t.Fatal(err)
	}
	row.Val.Follows = []string{"m_Max"}
	b := sc.Batch("")
	store.Put(b, tables.Jobs, row)
	if err := sc.Commit(ctx, b); err != nil {
		t.Fatal(err)
	}
	s := r.candidate(t, 1, nil)
	r.clock.Add(10 * time.Hour)
	r.type_(t, 0, "candidate move "+s.Candidate.ID+" to:Screen")
	r.settle(t)
	rows, err := sc.About(ctx, s.Candidate.ID)
	if err != nil {
		t.Fatal(err)
	}
	n, err := sc.Forget(ctx, s.Candidate.ID)
	if err != nil || n != len(rows)+1 {
		t.Fatalf("%d rows and messages forgotten, %v; want %d rows and the card", n, err, len(rows))
	}
	r.clock.Add(14 * time.Hour)
	r.settle(t)
	if got := r.doors[1].room.Inbox(t, "Max"); got != "" {
		t.Fatal(got)
	}
}

// A card is decided on while the person it is about is erased: it is decided on
// again, finds nobody, and never comes to be.
func TestACardDecidedOnDuringAnErasureNeverComesToBe(t *testing.T) {
	t.Parallel()
	var tries atomic.Int32
	r := house(t, func(b *bot.Bot) {
		bot.On(b, "test", func(ctx context.Context, c *bot.Call, n recruiting.Moved) error {
			p, err := tables.Read(ctx, c, n.Candidate)
			if tries.Add(1) > 1 {
				if !bot.IsFault(err, bot.Missing) {
					t.Error("the second time:", err)
				}
				return nil
			}
			if err != nil {
				return err
			}
			if _, err := c.Scope.Forget(ctx, n.Candidate); err != nil {
				return err
			}
			return c.Send(ctx, bot.Outgoing{To: "m_Max", Whose: []string{n.Candidate}, Message: bot.Say(p.Candidate.Val.Name + " moved.")})
		})
	})
	s := r.candidate(t, 1, nil)
	r.type_(t, 0, "candidate move "+s.Candidate.ID+" to:Screen")
	r.settle(t)
	if got := r.doors[1].room.Inbox(t, "Max"); got != "" || tries.Load() != 2 {
		t.Fatalf("after %d tries Max got %q", tries.Load(), got)
	}
}
