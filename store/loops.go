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
	news map[int]*newsAt      // by shard
	due  map[string]time.Time // shard key of a timer → when it may come again
}

func newLoops() *loops { return &loops{news: map[int]*newsAt{}, due: map[string]time.Time{}} }

// forgotten is how long a handed-out item may stay unfinished before the same
// process gets it again.
const forgotten = time.Minute

func (l *loops) busy(prefix string, now time.Time) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for k, until := range l.due {
		if now.After(until) {
			delete(l.due, k)
		} else if m, ok := strings.CutPrefix(k, prefix); ok {
			out = append(out, m)
		}
	}
	return out
}

func (l *loops) hand(key string, until time.Time) {
	l.mu.Lock()
	l.due[key] = until
	l.mu.Unlock()
}

func (l *loops) finish(key string) {
	l.mu.Lock()
	delete(l.due, key)
	l.mu.Unlock()
}

// parts splits a member of a shard's key into tenant and name.
func parts(member string) (tenant, name string) {
	tenant, name, _ = strings.Cut(member, sep)
	return tenant, name
}
