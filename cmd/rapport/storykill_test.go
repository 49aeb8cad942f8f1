package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/store"
	"rapport/store/storetest"
)

// plot is what people do in a story that is cut short at some point.
type plot struct {
	name   string
	before func(w *slackWorld)             // while nothing goes wrong yet
	shift  time.Duration                   // how much later the rest happens
	always string                          // what happens to the program in any case
	act    func(w *slackWorld) (done bool) // what is cut short, if people do it: whether its author was told that it is done
	again  func(w *slackWorld)             // what its author does who was not answered, and everybody to be sure
	after  func(w *slackWorld)             // what everybody must have seen
	points []string                        // where it may be cut short
	quick  []string                        // those of them that every run of the tests takes
	later  time.Duration                   // how much later the next process finds what the dead one held
	unsafe map[string]bool                 // points before which nothing was safe
}

func said(a string) string { return strings.NewReplacer("*", "", "_", "").Replace(a) }

// tries types a command whose answer may never come.
func (w *slackWorld) tries(who, command, text string) string {
	a, err := w.slack.Workspace().Human(who).Slash("app", command, text)
	if err != nil {
		return ""
	}
	return said(a.Text)
}

func moves(w *slackWorld) bool {
	return strings.Contains(w.tries("rita", "/move", "Ada to:Onsite"), "Moved Ada Okafor")
}

// insists types the move until it is done or was done before.
func insists(w *slackWorld) {
	w.t.Helper()
	var last string
	if !w.slack.WaitFor(20*time.Second, func() bool {
		last = w.tries("rita", "/move", "Ada to:Onsite")
		return strings.Contains(last, "is at “Onsite” already")
	}) {
		w.t.Fatalf("the move is never done; she reads %q", last)
	}
}

// counts counts the messages before somebody, answers to what they typed included.
func (w *slackWorld) counts(who, words string, n int) {
	w.t.Helper()
	if !w.slack.WaitFor(30*time.Second, func() bool { return w.cards(who, words) >= n }) || w.cards(who, words) != n {
		sight, _ := w.slack.Workspace().Human(who).Visible("app")
		w.t.Fatalf("%s reads %q %d times, not %d:\n%s", who, words, w.cards(who, words), n, sight.Text)
	}
}

var plots = []plot{
	{
		name: "a move", act: moves, again: insists,
		after:  func(w *slackWorld) { w.hears("bob", "Ada Okafor moved from Applied to Onsite", 1) },
		unsafe: map[string]bool{"commit.before:1": true},
		points: []string{"commit.before:1", "commit.after:1", "commit.before:2", "commit.after:2", "news.taken:1", "news.done.before:1", "news.done.after:1", "out.taken:1", "commit.before:3", "commit.after:3", "out.sent:1", "out.noted:1"},
		quick:  []string{"commit.before:1", "commit.after:2", "news.done.before:1", "out.taken:1", "out.sent:1"},
	},
	{
		name: "an act that takes long", always: "commit.before:1=hold:2500ms", act: moves,
		again: func(w *slackWorld) {
			// whoever was told to wait is answered, once, without asking again
			w.counts("rita", "Moved Ada Okafor", 1)
			insists(w)
		},
		after:  func(w *slackWorld) { w.hears("bob", "Ada Okafor moved from Applied to Onsite", 1) },
		points: []string{"inbox.commit.before:1", "inbox.commit.after:1", "commit.after:1", "clear.commit.before:1", "clear.commit.after:1"},
		quick:  []string{"inbox.commit.after:1", "commit.after:1"},
		later:  20 * time.Second,
		unsafe: map[string]bool{"inbox.commit.before:1": true},
	},
	{
		name: "a timer", before: func(w *slackWorld) {
			w.types("rita", "/rapport", `candidate reject Ada reason:"too little depth" words:"We have decided to go on with other people."`, "Start the waiting time")
			w.presses("rita", "Start the waiting time", "is waiting")
			w.hears("bob", "is waiting", 1)
		},
		shift:  25 * time.Hour,
		after:  func(w *slackWorld) { w.hears("rita", "is yours to send", 1) },
		points: []string{"due.taken:1", "timer.commit.before:1", "timer.commit.after:1"},
		quick:  []string{"timer.commit.after:1"},
	},
}

// begin plays a plot until it is cut short at a point, where harm happens.
func (p plot) begin(t *testing.T, w *slackWorld, point string, harm func(w *slackWorld) string) (r *running, later func(time.Duration) string) {
	t.Helper()
	if p.before != nil {
		r := spawn(t, w.env)
		w.ready(true)
		p.before(w)
		w.settled()
		r.stop()
	}
	shift, _ := time.ParseDuration(w.env[shiftBy])
	later = func(d time.Duration) string { return (shift + p.shift + d).String() }
	w.env[shiftBy] = later(0)
	env := with(w.env)
	env[crashAt] = strings.Trim(p.always+","+harm(w), ",")
	r = spawn(t, env)
	if p.act != nil {
		if !w.slack.WaitConnected(1, 15*time.Second) {
			t.Fatal("no socket")
		}
		if done := p.act(w); done && p.unsafe[point] {
			t.Error("acknowledged before it was safe")
		}
	}
	return r, later
}

// run plays a plot to its end: harm is what happens at the point, stays whether the
// program lives through it, between what else goes wrong before the next one. It
// returns what is left in the store when all is quiet.
func (p plot) run(t *testing.T, point string, harm func(w *slackWorld) string, stays bool, between ...func(*slackWorld, map[string]string)) []string {
	t.Helper()
	w := faultWorld(t)
	r, later := p.begin(t, w, point, harm)
	switch {
	case point == "":
	case !stays:
		r.dead(t, 20*time.Second)
		env := with(w.env)
		env[shiftBy] = later(p.later)
		for _, f := range between {
			f(w, env)
		}
		r = spawn(t, env)
		w.ready(true)
	default:
		w.redis.Gone(t, 20*time.Second)
		time.Sleep(200 * time.Millisecond) // away for a while
		w.redis.Restart()
	}
	switch {
	case p.act == nil:
	case p.unsafe[point]:
		insists(w)
	default:
		p.again(w)
	}
	p.after(w)
	w.settled()
	left := w.dump()
	r.stop()
	return left
}

// settled waits until nothing is left to be done.
func (w *slackWorld) settled() {
	w.t.Helper()
	db := w.open()
	defer db.Close(context.Background())
	storetest.Settled(w.t, db, 70*time.Second)
}

func (w *slackWorld) open() *store.DB {
	w.t.Helper()
	db, err := store.Open(context.Background(), store.Options{URL: w.redis.URL()})
	if err != nil {
		w.t.Fatal(err)
	}
	return db
}

var slackIDs = regexp.MustCompile(`(?i)\b([TUD])0[0-9A-Z]{4,}\b`)

func (w *slackWorld) dump() []string {
	w.t.Helper()
	db := w.open()
	defer db.Close(context.Background())
	return storetest.Normal(storetest.Dump(w.t, db), slackIDs)
}

// calm is what a plot leaves when nothing goes wrong, and the points it passes.
type calm struct {
	once         sync.Once
	left, passed []string
}

var calms sync.Map // by the plot's name

// undisturbed plays the plot to its end without harm, once.
func (p plot) undisturbed(t *testing.T) *calm {
	t.Helper()
	v, _ := calms.LoadOrStore(p.name, &calm{})
	c := v.(*calm)
	c.once.Do(func() {
		file := filepath.Join(t.TempDir(), "passed")
		c.left = p.run(t, "", func(*slackWorld) string { return "any:0=note:" + file }, false)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c.passed = strings.Fields(string(raw))
	})
	if c.passed == nil {
		t.Fatal("the undisturbed run failed")
	}
	return c
}

// A process that is killed at any named point leaves a store from which the next one
// makes exactly what a run without a cut makes: every key of it is compared, and what
// people saw. So does a Redis that is killed there, which writes at once.
func TestStoryOfAPowerCut(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	covered := map[string]bool{}
	all := abreast{t: t}
	slots := make(chan struct{}, waiting)
	for _, p := range plots {
		all.run(p.name, func(t *testing.T) {
			calm := p.undisturbed(t)
			if len(calm.left) < 50 {
				t.Fatalf("only %d keys", len(calm.left))
			}
			mu.Lock()
			for _, x := range calm.passed {
				covered[x] = true
			}
			mu.Unlock()
			cuts := abreast{t: t, slots: slots}
			defer cuts.wait()
			for _, point := range p.points {
				if name, _, _ := strings.Cut(point, ":"); !slices.Contains(calm.passed, name) {
					t.Errorf("%s is never passed", point)
				}
				if !soaking && !slices.Contains(p.quick, point) {
					continue
				}
				cuts.run(point, func(t *testing.T) {
					got := p.run(t, point, func(*slackWorld) string { return point }, false)
					if d := storetest.Diff(calm.left, got); d != "" {
						t.Errorf("after a cut at %s the store differs:\n%s", point, d)
					}
				})
				if soaking || point == p.quick[0] {
					cuts.run(point+"/redis", func(t *testing.T) {
						got := p.run(t, point, func(w *slackWorld) string { return fmt.Sprint(point, "=kill:", w.redis.Pid()) }, true)
						if d := storetest.Diff(calm.left, got); d != "" {
							t.Errorf("after Redis was killed at %s the store differs:\n%s", point, d)
						}
					})
				}
			}
		})
	}
	all.wait()
	for _, p := range []string{"out.later", "out.doubt", "inbox.taken"} { // cut short in stories of their own
		covered[p] = true
	}
	for _, p := range store.CrashPoints {
		if !covered[p] {
			t.Errorf("no plot passes %s", p)
		}
	}
}

var soaking = os.Getenv("RAPPORT_SOAK") == "1"
