package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"rapport/handlers/tables"
	"rapport/store"
)

// shifted is how far a program's clock must be ahead for a Tuesday noon, so that
// cards find their readers at work.
func shifted() string {
	now := time.Now().UTC()
	noon := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.UTC)
	for noon.Before(now) || noon.Weekday() != time.Tuesday {
		noon = noon.AddDate(0, 0, 1)
	}
	return noon.Sub(now).Round(time.Second).String()
}

// faultWorld is a workspace over a socket in which Ada stands at Applied; the program
// is a process of its own.
func faultWorld(t *testing.T) *slackWorld {
	w := newSlackWorld(t, true)
	delete(w.env, "RAPPORT_LISTEN")
	w.env[shiftBy] = shifted()
	r := spawn(t, w.env)
	w.ready(true)
	w.begin(r.code(t))
	w.hears("bob", "Ada Okafor is now on Backend Engineer", 1)
	r.stop()
	if !w.slack.WaitFor(10*time.Second, func() bool { return w.slack.Connections() == 0 }) {
		t.Fatal("its sockets stay open")
	}
	return w
}

// cards counts the messages in somebody's conversation that hold the words.
func (w *slackWorld) cards(who, words string) int {
	w.t.Helper()
	sight, err := w.slack.Workspace().Human(who).Visible("app")
	if err != nil {
		w.t.Fatal(err)
	}
	n := 0
	for _, m := range sight.Messages {
		if strings.Contains(strings.NewReplacer("*", "").Replace(m.Text), words) {
			n++
		}
	}
	return n
}

// hears waits until so many cards with the words have reached somebody, and a moment
// longer that there is not one more.
func (w *slackWorld) hears(who, words string, n int) {
	w.t.Helper()
	if !w.slack.WaitFor(20*time.Second, func() bool { return w.cards(who, words) >= n }) {
		sight, _ := w.slack.Workspace().Human(who).Visible("app")
		w.t.Fatalf("%s hears %q %d times, not %d:\n%s", who, words, w.cards(who, words), n, sight.Text)
	}
	time.Sleep(300 * time.Millisecond)
	if got := w.cards(who, words); got != n {
		w.t.Fatalf("%s hears %q %d times, not %d", who, words, got, n)
	}
}

// ada is what the store holds of her: stage, how many moves are in her history.
func (w *slackWorld) ada() (stage string, moves int) {
	w.t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{URL: w.redis.URL()})
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close(ctx)
	sc := db.In("main")
	rows, err := tables.Candidates.Search(ctx, sc, "ada", 5)
	if err != nil || len(rows) != 1 {
		w.t.Fatal(rows, err)
	}
	p, err := tables.Processes.Get(ctx, sc, rows[0].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	app := p.Val.Active()[0]
	log, err := sc.History(ctx, "candidate:"+rows[0].ID, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, l := range log {
		if l.Act == "candidate move" {
			moves++
		}
	}
	// the indexes say the same as the record
	at, err := tables.Processes.Range(ctx, sc, "stage", app.Job+"/"+app.Stage, store.Span{})
	if err != nil || len(at) != 1 {
		w.t.Fatalf("the index of %s holds %v (%v)", app.Stage, at, err)
	}
	if all, err := tables.Processes.Count(ctx, sc, "open", app.Job); err != nil || all[0] != 1 {
		w.t.Fatal("open on the job:", all, err)
	}
	return app.Stage, moves
}

// Redis is killed and comes back: people get one clear sentence, the process lives,
// no acknowledged move is lost, work goes on by itself.
func TestStoryOfRedisGoneAndBack(t *testing.T) {
	t.Parallel()
	w := newSlackWorld(t, true)
	r := serve(t, w.env)
	w.ready(true)
	w.begin(r.code(t))
	w.types("rita", "/move", "Ada to:Screen", "Moved Ada Okafor")
	w.redis.Kill()
	a, err := w.slack.Workspace().Human("rita").Slash("app", "/move", "Ada to:Onsite")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(a.Text, "Moved") || a.Text == "" || strings.Contains(a.Text, "Redis") || strings.Contains(a.Text, "dial") {
		t.Fatalf("without a store she reads %q (%s)", a.Text, a.Problem)
	}
	w.redis.Restart()
	if stage, moves := w.ada(); stage != "screen" || moves != 1 {
		t.Fatal(stage, moves)
	}
	if !w.slack.WaitFor(15*time.Second, func() bool {
		a, err := w.slack.Workspace().Human("rita").Slash("app", "/move", "Ada to:Onsite")
		return err == nil && strings.Contains(strings.ReplaceAll(a.Text, "*", ""), "Moved Ada Okafor")
	}) {
		t.Fatal("it does not go on by itself")
	}
	if stage, moves := w.ada(); stage != "onsite" || moves != 2 {
		t.Fatal(stage, moves)
	}
	w.slack.RequireClean(t)
}

// Two processes share a Redis. One is killed while it owns work; the other finishes
// what the first had committed within 15 s.
func TestStoryOfTwoProcesses(t *testing.T) {
	t.Parallel()
	w := faultWorld(t)
	first := spawn(t, with(w.env, crashAt, "out.taken:1"))
	if !w.slack.WaitConnected(2, 15*time.Second) { // each process holds two
		t.Fatal("the first opens no sockets")
	}
	second := spawn(t, with(w.env, crashAt, ""))
	if !w.slack.WaitConnected(4, 15*time.Second) {
		t.Fatal("the second opens no socket")
	}
	time.Sleep(3 * time.Second) // they divide the shards
	moved := false
	for range 4 { // whoever takes it: the first dies when it is about to send
		if a, err := w.slack.Workspace().Human("rita").Slash("app", "/move", "Ada to:Onsite"); err == nil {
			plain := strings.ReplaceAll(a.Text, "*", "")
			if moved = strings.Contains(plain, "Moved Ada Okafor") || strings.Contains(plain, "already"); moved {
				break
			}
		}
	}
	if !moved {
		t.Fatal("nobody takes the move")
	}
	first.kill()
	began := time.Now()
	if !w.slack.WaitFor(5*time.Second, func() bool { return w.slack.Connections() <= 2 }) {
		t.Fatal("the sockets of the dead stay open")
	}
	w.types("rita", "/move", "Ada to:Offer", "Moved Ada Okafor")
	w.hears("bob", "Ada Okafor moved from Applied to Onsite", 1)
	w.hears("bob", "Ada Okafor moved from Onsite to Offer", 1)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("the other takes over after %v", took)
	}
	second.stop()
}
