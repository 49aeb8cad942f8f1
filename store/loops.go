package store

import (
	"strings"
	"sync"
	"time"
)

// loops remembers what this process has been handed and not yet finished, so
// that it is not handed out twice while it is being worked on. It is only
// memory: after a crash everything unfinished comes again.
type loops struct {
	mu   sync.Mutex
	news map[int]*newsAt   // by shard
	due  map[string]handed // by shard key and member of a timer
	out  map[string]int64  // by shard key and field of a message being sent, its lease's token
	peek map[peekKey]*peeked
	told chan struct{} // this process committed news
}

// handed is a timer being worked on.
type handed struct {
	at    string    // when it was due, ms
	until time.Time // when it may come again
}

func newLoops() *loops {
	return &loops{news: map[int]*newsAt{}, due: map[string]handed{}, out: map[string]int64{}, peek: map[peekKey]*peeked{}, told: make(chan struct{}, 1)}
}

// forgotten is how long a handed-out item may stay unfinished before the same
// process gets it again.
const forgotten = time.Minute

// busy lists the members of a key that are being worked on, each with the time
// it was due: one that was moved meanwhile may come again.
func (l *loops) busy(key string, now time.Time) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for k, h := range l.due {
		if now.After(h.until) {
			delete(l.due, k)
		} else if m, ok := strings.CutPrefix(k, key); ok {
			out = append(out, m, h.at)
		}
	}
	return out
}

func (l *loops) hand(key, at string, until time.Time) {
	l.mu.Lock()
	l.due[key] = handed{at, until}
	l.mu.Unlock()
}

func (l *loops) finish(key string) {
	l.mu.Lock()
	delete(l.due, key)
	l.mu.Unlock()
}

// sending lists the fields of a key whose messages are being sent under a lease.
func (l *loops) sending(key string, token int64) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for k, by := range l.out {
		if f, ok := strings.CutPrefix(k, key); ok && by == token {
			out = append(out, f)
		}
	}
	return out
}

func (l *loops) send(key string, token int64) {
	l.mu.Lock()
	l.out[key] = token
	l.mu.Unlock()
}

func (l *loops) sent(key string, token int64) {
	l.mu.Lock()
	if l.out[key] == token {
		delete(l.out, key)
	}
	l.mu.Unlock()
}

// parts splits a member of a shard's key into tenant and name.
func parts(member string) (tenant, name string) {
	tenant, name, _ = strings.Cut(member, sep)
	return tenant, name
}
