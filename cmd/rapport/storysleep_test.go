package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"rapport/store/storetest"
)

// takeover is how soon the living must have finished what the dead had in hand.
const takeover = 15 * time.Second

// stopped waits until the process stands still.
func (r *running) stopped(t *testing.T, limit time.Duration) {
	t.Helper()
	var stat string
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.cmd.Process.Pid))
		stat = string(raw)
		if f := strings.Fields(stat[strings.LastIndex(stat, ")")+1:]); len(f) > 0 && f[0] == "T" {
			return
		}
	}
	t.Fatalf("the process is not stopped: %s", stat)
}

// A process that holds a message, a timer, an event or news is stopped in its tracks.
// Another finishes all of it within 15 s; when the first wakes up it changes nothing,
// and nobody reads anything twice.
func TestStoryOfASleeper(t *testing.T) {
	t.Parallel()
	plot := func(name string) plot {
		for _, p := range plots {
			if p.name == name {
				return p
			}
		}
		t.Fatal("no plot is called", name)
		return plots[0]
	}
	cases := abreast{t: t, slots: make(chan struct{}, waiting)}
	defer cases.wait()
	for _, x := range []struct {
		plot, point string
		quick       bool
	}{
		{"a move", "out.taken:1", true},
		{"a move", "out.sent:1", false},
		{"a move", "news.taken:1", false},
		{"a move", "commit.after:1", false},
		{"an act that takes long", "inbox.commit.after:1", true},
		{"a timer", "due.taken:1", false},
		{"a timer", "timer.commit.before:1", true},
	} {
		if !x.quick && !soaking {
			continue
		}
		cases.run(x.plot+"/"+x.point, func(t *testing.T) {
			p := plot(x.plot)
			w := faultWorld(t)
			first, _ := p.begin(t, w, x.point, func(*slackWorld) string { return x.point + "=stop" })
			first.stopped(t, 20*time.Second)
			began := time.Now()
			second := spawn(t, w.env)
			p.after(w)
			if took := time.Since(began); took > takeover {
				t.Errorf("the other finishes after %v", took)
			} else {
				t.Logf("taken over after %v", took.Round(100*time.Millisecond))
			}
			if p.name == "an act that takes long" {
				w.counts("rita", "Moved Ada Okafor", 1)
			}
			w.settled()
			before := w.dump()
			sent := len(w.slack.Calls("chat.postMessage"))
			_ = first.cmd.Process.Signal(syscall.SIGCONT)
			w.awake(first)
			w.settled()
			p.after(w)
			if d := storetest.Diff(before, w.dump()); d != "" {
				t.Errorf("the sleeper wakes up and changes:\n%s", d)
			}
			if n := len(w.slack.Calls("chat.postMessage")); n != sent {
				t.Errorf("the sleeper wakes up and sends %d messages", n-sent)
			}
			if p.name == "an act that takes long" {
				w.counts("rita", "Moved Ada Okafor", 1)
			}
			first.stop()
			second.stop()
		})
	}
}

// awake waits until a process that slept takes part again: it beats twice.
func (w *slackWorld) awake(r *running) {
	w.t.Helper()
	db := w.open()
	defer db.Close(context.Background())
	storetest.Until(w.t, 15*time.Second, "the sleeper beats again", func(ctx context.Context) bool {
		return len(db.Client().Keys(ctx, "{g}::proc:*").Val()) == 2
	})
	time.Sleep(3 * time.Second) // whatever it still holds it now tries to do
}

// Whoever takes up an acknowledged event may die over it too.
func TestStoryOfTwoPowerCuts(t *testing.T) {
	t.Parallel()
	cases := abreast{t: t}
	defer cases.wait()
	for _, point := range []string{"inbox.taken:1", "commit.before:1", "commit.after:1"} {
		if point != "inbox.taken:1" && !soaking {
			continue
		}
		cases.run(point, func(t *testing.T) {
			p := plots[1]
			want := p.undisturbed(t).left
			got := p.run(t, "inbox.commit.after:1", func(w *slackWorld) string { return "inbox.commit.after:1" }, false, func(w *slackWorld, env map[string]string) {
				env[crashAt] = point
				r := spawn(t, env)
				r.dead(t, 20*time.Second)
				delete(env, crashAt)
				shift, _ := time.ParseDuration(env[shiftBy])
				env[shiftBy] = (shift + 20*time.Second).String()
			})
			if d := storetest.Diff(want, got); d != "" {
				t.Errorf("after two cuts the store differs:\n%s", d)
			}
		})
	}
}
