package pipeline_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers/pipeline"
	"rapport/handlers/tables"
	"rapport/store"
	"rapport/store/storetest"
)

// door is one person at one room.
type door struct {
	room *bottest.Room
	name string
	who  bot.Person
}

// race is two doors to one tenant.
type race struct {
	db    *store.DB
	clock *bottest.Clock
	doors [2]door
	job   [2]recruiting.Job
	bots  []*bot.Bot
	also  []func(*bot.Bot) // what tests add to a process
}

var races = []struct {
	name string
	// given are acts done before, by the first door's person.
	given []recruiting.Act
	a, b  contender
}{
	{"reject, and ask for a reference", nil, reject, act(`reference ask %s referee:"Tunde Bello"`, recruiting.AskReference{App: "A-1", Referee: "Tunde Bello"})},
	{"reject, and draft an offer", nil, reject, act(`offer draft %s terms:"60,000 a year"`, recruiting.DraftOffer{App: "A-1"})},
	{"reject, and invite", nil, reject, act(`interview note %s what:invited`, recruiting.Invite{App: "A-1"})},
	{"reject, and hire", nil, reject, act(`candidate move %s to:Hired`, recruiting.Move{App: "A-1", To: "hired"})},
	{"a cooling rejection, a reference and a yes", []recruiting.Act{no()}, act(`reference ask %s referee:"Tunde Bello"`, recruiting.AskReference{App: "A-1", Referee: "Tunde Bello"}),
		act(`decision file %s rating:yes`, recruiting.FileDecision{App: "A-1", Rating: recruiting.PlainYes})},
	{"drop a rejection, and hold it", []recruiting.Act{no()}, act(`rejection cancel %s`, recruiting.CancelRejection{Rejection: "X-2"}),
		act(`rejection stop %s`, recruiting.StopRejection{Rejection: "X-2"})},
	{"withdraw, and hire", nil, act(`candidate withdraw %s`, recruiting.Withdraw{App: "A-1"}), act(`candidate move %s to:Hired`, recruiting.Move{App: "A-1", To: "hired"})},
	{"move, and go on with another job", nil, contender{line: `candidate move %s to:Onsite`, acts: []recruiting.Act{recruiting.Move{App: "A-1", To: "onsite"}}, or: recruiting.Move{App: "A-2", To: "onsite"}}, act(`candidate transfer %s to:"Data Engineer"`, recruiting.Transfer{App: "A-1", Job: "j_2"})},
	{"accept an offer, and withdraw it", []recruiting.Act{recruiting.DraftOffer{App: "A-1"}, recruiting.SendOffer{Offer: "O-2"}},
		act(`offer accept %s`, recruiting.AcceptOffer{Offer: "O-2"}), act(`offer withdraw %s`, recruiting.WithdrawOffer{Offer: "O-2"})},
	{"send an offer, and withdraw the application", []recruiting.Act{recruiting.DraftOffer{App: "A-1"}},
		act(`offer send %s`, recruiting.SendOffer{Offer: "O-2"}), act(`candidate withdraw %s`, recruiting.Withdraw{App: "A-1"})},
	{"two offers of two jobs", []recruiting.Act{recruiting.Apply{Job: "j_2"}, recruiting.DraftOffer{App: "A-1"}, recruiting.DraftOffer{App: "A-2"}},
		act(`offer send %s offer:O-3`, recruiting.SendOffer{Offer: "O-3"}), act(`offer send %s offer:O-4`, recruiting.SendOffer{Offer: "O-4"})},
	{"take a move back, and move on", []recruiting.Act{recruiting.Move{App: "A-1", To: "screen"}},
		contender{acts: []recruiting.Act{recruiting.Undo{Deed: 2}}, press: "Undo"}, act(`candidate move %s to:Offer`, recruiting.Move{App: "A-1", To: "offer"})},
	{"cancel a reference, and file what it says", []recruiting.Act{recruiting.AskReference{App: "A-1", Referee: "Tunde Bello"}, recruiting.SendReference{Reference: "R-2"}},
		act(`reference cancel %s`, recruiting.CancelReference{Reference: "R-2"}), act(`reference received %s text:"A pleasure to work with."`, recruiting.ReceiveReference{Reference: "R-2"})},
}

// contender is one of two that act in the same instant: a typed line, or a button
// that was shown before.
type contender struct {
	line  string
	press string
	acts  []recruiting.Act
	or    recruiting.Act // what the same words mean once the other has acted
	asks  bool           // shown before it is done; on a change it is shown again and not done
}

func act(line string, acts ...recruiting.Act) contender { return contender{line: line, acts: acts} }

func no() recruiting.Act {
	return recruiting.Reject{App: "A-1", Reason: "too little depth", Words: "We have decided to go on with other people for this role."}
}

var reject = contender{line: `candidate reject %s reason:"too little depth" words:"We have decided to go on with other people for this role."`, press: "Start the waiting time", acts: []recruiting.Act{no()}, asks: true}

// TestTwoDifferentActsInOneInstant is S1-19 through two networks of one process.
func TestTwoDifferentActsInOneInstant(t *testing.T) {
	t.Parallel()
	clock := bottest.NewClock()
	db := storetest.Fresh(t, storetest.Kind(t), clock.Now, false).DB
	r := &race{db: db, clock: clock, doors: [2]door{{room: bottest.NewRoom("east", clock.Now), name: "Rita"}, {room: bottest.NewRoom("west", clock.Now), name: "Max"}}}
	r.start(t, db, r.doors[0].room, r.doors[1].room)
	r.run(t, 100)
}

// TestTwoProcessesInOneInstant is S1-19 through two processes on one Redis.
func TestTwoProcessesInOneInstant(t *testing.T) {
	t.Parallel()
	twoProcesses(t).run(t, 100)
}

// twoProcesses is two doors to one tenant, each of a process of its own.
func twoProcesses(t *testing.T) *race {
	t.Helper()
	clock := bottest.NewClock()
	dbs := storetest.Two(t, clock.Now)
	r := &race{db: dbs[0], clock: clock, doors: [2]door{{room: bottest.NewRoom("east", clock.Now), name: "Rita"}, {room: bottest.NewRoom("west", clock.Now), name: "Max"}}}
	r.start(t, dbs[0], r.doors[0].room)
	r.start(t, dbs[1], r.doors[1].room)
	return r
}

// start makes a process on a store with these rooms.
func (r *race) start(t *testing.T, db *store.DB, rooms ...*bottest.Room) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	b, err := bot.New(ctx, bot.Options{DB: db, Now: r.clock.Now, Roles: recruiting.Words()})
	if err != nil {
		t.Fatal(err)
	}
	pipeline.Add(b, nil)
	for _, add := range r.also {
		add(b)
	}
	for _, room := range rooms {
		b.Join(room)
	}
	r.bots = append(r.bots, b)
	done := make(chan struct{})
	go func() { defer close(done); _ = b.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
}

func (r *race) run(t *testing.T, times int) {
	r.people(t)
	for _, pair := range races {
		t.Run(pair.name, func(t *testing.T) {
			both := 0
			for i := range times {
				if r.once(t, i, pair.given, pair.a, pair.b) {
					both++
				}
				if t.Failed() {
					return
				}
			}
			t.Logf("both happened in %d of %d", both, times)
		})
	}
}

// people makes the tenant: two recruiters at two doors, two jobs.
func (r *race) people(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	global := r.db.In("")
	batch := global.Batch("")
	store.Put(batch, bot.Tenants, store.Row[bot.Tenant]{ID: "t1", Val: bot.Tenant{Name: "Lindqvist & Rowe"}})
	if err := global.Commit(ctx, batch); err != nil {
		t.Fatal(err)
	}
	for i := range r.doors {
		d := &r.doors[i]
		a := d.room.Account(t, d.name, "UTC")
		if err := r.bots[0].Claim(ctx, a.Network, a.Team, "t1", "", r.clock.Now()); err != nil {
			t.Fatal(err)
		}
		d.who = bot.Person{ID: "m_" + d.name, Name: d.name, Roles: recruiting.Recruiter, Zone: "UTC", Accounts: []bot.Account{a}}
		if err := r.bots[0].SavePerson(ctx, "t1", store.Row[bot.Person]{ID: d.who.ID, Val: d.who}, nil); err != nil {
			t.Fatal(err)
		}
	}
	batch = r.db.In("t1").Batch("")
	for i, title := range []string{"Backend Engineer", "Data Engineer"} {
		j, fault := recruiting.NewJob(fmt.Sprint("j_", i+1), title, "Applied, Screen, Onsite, Offer, Hired", r.doors[0].who, r.clock.Now())
		if fault != nil {
			t.Fatal(fault)
		}
		store.Put(batch, tables.Jobs, store.Row[recruiting.Job]{ID: j.ID, Val: j})
		r.job[i] = j
	}
	if err := r.db.In("t1").Commit(ctx, batch); err != nil {
		t.Fatal(err)
	}
}

// once lets both act on a fresh candidate and looks what came of it.
func (r *race) once(t *testing.T, n int, given []recruiting.Act, a, b contender) (both bool) {
	t.Helper()
	ctx := t.Context()
	s := r.candidate(t, n, given)
	id := s.Candidate.ID
	var tokens [2]string
	for i, c := range []contender{a, b} {
		if c.press == "" {
			continue
		}
		if c.press == "Undo" { // the move to be taken back is done through the door itself
			r.type_(t, i, "candidate move "+id+" to:Screen")
		} else {
			r.type_(t, i, fmt.Sprintf(c.line, id))
		}
		tok, ok := r.doors[i].room.Token(r.doors[i].name, c.press)
		if !ok {
			t.Fatalf("no button %q in:\n%s", c.press, r.doors[i].room.Seen(r.doors[i].name))
		}
		tokens[i] = tok
	}
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i, c := range []contender{a, b} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
			time.Sleep(time.Duration(rand.IntN(800)) * time.Microsecond) // so that either comes first
			if tokens[i] != "" {
				r.event(t, i, bot.Pressed{Token: tokens[i]})
			} else {
				r.type_(t, i, fmt.Sprintf(c.line, id))
			}
		}()
	}
	close(start)
	wg.Wait()

	row, err := tables.Processes.Get(ctx, r.db.In("t1"), id)
	if err != nil {
		t.Fatal(err)
	}
	after := s
	after.Process = row.Val
	if c := recruiting.Contradictions(after, r.clock.Now()); len(c) > 0 {
		t.Fatalf("run %d: %s", n, c[0].Say)
	}
	got := print(&row.Val)
	ab, twice := r.outcome(s, 0, a, 1, b)
	ba, twiceToo := r.outcome(s, 1, b, 0, a)
	allowed := []string{ab, ba}
	if got != ab && got != ba {
		t.Fatalf("run %d came to\n%s\nbut one after the other it comes to\n%s", n, got, strings.Join(allowed, "\nor\n"))
	}
	r.letters(t, n, id, &row.Val)
	return got == ab && twice || got == ba && twiceToo
}

// outcome is what the two come to one after the other, by the rules alone.
func (r *race) outcome(s recruiting.Situation, i int, first contender, k int, second contender) (string, bool) {
	now := r.clock.Now()
	done := 0
	for _, x := range []struct {
		who int
		c   contender
	}{{i, first}, {k, second}} {
		if x.c.asks && done > 0 {
			continue // its preview is of before
		}
		for _, a := range x.c.acts {
			ch, err := recruiting.Decide(s, a, r.doors[x.who].who, now)
			if err != nil && x.c.or != nil {
				ch, err = recruiting.Decide(s, x.c.or, r.doors[x.who].who, now)
			}
			if err == nil {
				s.Process, done = ch.Process, done+1
			}
		}
	}
	return print(&s.Process), done == 2
}

// print is how a process stands, without times.
func print(p *recruiting.Process) string {
	var out []string
	for _, a := range p.Apps {
		out = append(out, fmt.Sprint(a.ID, " ", a.Job, " ", a.Stage, " ", a.State))
	}
	for _, x := range p.Refs {
		out = append(out, fmt.Sprint(x.ID, " ", x.State))
	}
	for _, x := range p.Offers {
		out = append(out, fmt.Sprint(x.ID, " ", x.State))
	}
	for _, x := range p.Rejections {
		out = append(out, fmt.Sprint(x.ID, " ", x.State, " ", x.Asked))
	}
	for _, x := range p.Interviews {
		out = append(out, fmt.Sprint(x.ID, " ", x.State))
	}
	for _, x := range p.Decisions {
		out = append(out, fmt.Sprint(x.ID, " ", x.Rating))
	}
	return strings.Join(out, ", ")
}

// letters checks that no text waits to be sent that contradicts the process.
func (r *race) letters(t *testing.T, n int, id string, p *recruiting.Process) {
	t.Helper()
	sc := r.db.In("t1")
	ids, err := tables.Letters.Range(t.Context(), sc, "candidate", id, store.Span{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := tables.Letters.Many(t.Context(), sc, ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range rows {
		if want := recruiting.LetterState(l.Val.Letter, p); l.Val.State != want {
			t.Fatalf("run %d: letter %s is %s, want %s", n, l.Val.ID, l.Val.State, want)
		}
	}
	for _, x := range p.Refs {
		if x.State == recruiting.ReferenceAsked && !slices.ContainsFunc(rows, func(l store.Row[tables.Letter]) bool { return l.Val.Rec() == x.ID }) {
			t.Fatalf("run %d: reference %s has no letter", n, x.ID)
		}
	}
}

// candidate keeps somebody new with what was done before.
func (r *race) candidate(t *testing.T, n int, given []recruiting.Act) recruiting.Situation {
	t.Helper()
	now := r.clock.Now()
	c := recruiting.Candidate{ID: store.NewID("c", now), Name: fmt.Sprint("Ada Okafor ", n), Emails: []string{fmt.Sprintf("ada%d@mail.example", n)}, Made: now}
	s := recruiting.Situation{Candidate: c, Process: recruiting.Process{Candidate: c.ID}, Jobs: r.job[:]}
	for _, a := range append([]recruiting.Act{recruiting.Apply{Job: "j_1"}}, given...) {
		if m, ok := a.(recruiting.Move); ok && m.To == "screen" {
			continue // done through the door
		}
		ch, err := recruiting.Decide(s, a, r.doors[0].who, now.Add(-time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		s.Process = ch.Process
	}
	b := r.db.In("t1").Batch("")
	store.Put(b, tables.Candidates, store.Row[recruiting.Candidate]{ID: c.ID, Val: c})
	store.Put(b, tables.Processes, store.Row[recruiting.Process]{ID: c.ID, Val: s.Process})
	if err := r.db.In("t1").Commit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for _, a := range given {
		if m, ok := a.(recruiting.Move); ok && m.To == "screen" {
			ch, err := recruiting.Decide(s, a, r.doors[0].who, now)
			if err != nil {
				t.Fatal(err)
			}
			s.Process = ch.Process
		}
	}
	return s
}

func (r *race) type_(t *testing.T, i int, line string) bottest.Screen {
	return r.event(t, i, bot.Asked{Text: line})
}

var eventNumber struct {
	sync.Mutex
	n int
}

func (r *race) event(t *testing.T, i int, body bot.Body) bottest.Screen {
	t.Helper()
	eventNumber.Lock()
	eventNumber.n++
	id := fmt.Sprint("race", eventNumber.n)
	eventNumber.Unlock()
	return r.doors[i].room.Event(t, r.doors[i].name, id, body)
}

// TestUndoInAnotherProcess: what a process remembers of somebody must not decide which
// act was the latest.
func TestUndoInAnotherProcess(t *testing.T) {
	t.Parallel()
	r := twoProcesses(t)
	r.people(t)
	rita := r.doors[0].who
	rita.Accounts = append(rita.Accounts, r.doors[1].room.Account(t, "Rita", "UTC"))
	row, err := bot.People.Get(t.Context(), r.db.In("t1"), rita.ID)
	if err != nil {
		t.Fatal(err)
	}
	row.Val = rita
	if err := r.bots[0].SavePerson(t.Context(), "t1", row, nil); err != nil {
		t.Fatal(err)
	}
	there := r.doors[1]
	there.name = "Rita"
	r.doors[1] = there
	id := r.candidate(t, 0, nil).Candidate.ID
	r.type_(t, 1, "candidate show "+id)
	r.type_(t, 1, "candidate move "+id+" to:Screen")
	r.type_(t, 0, "candidate move "+id+" to:Onsite")
	if got := r.type_(t, 1, "undo"); !strings.Contains(fmt.Sprint(got), "Taken back") || !strings.Contains(fmt.Sprint(got), "Screen") {
		t.Errorf("the move of the other process is not what is taken back: %v", got)
	}
}

// TestARoleGivenByAnotherProcessCountsAtOnce: nobody is refused on what a process
// remembers of them.
func TestARoleGivenByAnotherProcessCountsAtOnce(t *testing.T) {
	t.Parallel()
	r := twoProcesses(t)
	r.people(t)
	max := r.doors[1].who
	role := func(roles bot.Role) {
		t.Helper()
		row, err := bot.People.Get(t.Context(), r.db.In("t1"), max.ID)
		if err != nil {
			t.Fatal(err)
		}
		row.Val.Roles = roles
		if err := r.bots[0].SavePerson(t.Context(), "t1", row, nil); err != nil {
			t.Fatal(err)
		}
	}
	role(recruiting.Interviewer)
	id := r.candidate(t, 0, nil).Candidate.ID
	if got := r.type_(t, 1, "candidate move "+id+" to:Screen"); !strings.Contains(string(got), "You are an interviewer here") {
		t.Fatalf("an interviewer moves somebody: %s", got)
	}
	role(recruiting.Recruiter)
	if got := r.type_(t, 1, "candidate move "+id+" to:Screen"); !strings.Contains(string(got), "Moved") {
		t.Errorf("a recruiter of now is still an interviewer: %s", got)
	}
}
