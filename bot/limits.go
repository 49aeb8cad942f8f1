package bot

import (
	"sync"
	"time"
)

// limits refuses more than a person can type: a bucket per account that refills
// over a minute.
type limits struct {
	perMinute int
	mu        sync.Mutex
	buckets   map[Account]*bucket
	swept     time.Time
	told      time.Time
}

type bucket struct {
	level float64
	at    time.Time
}

func newLimits(perMinute int) *limits {
	return &limits{perMinute: perMinute, buckets: map[Account]*bucket{}}
}

func (l *limits) allow(a Account, now time.Time) (wait time.Duration, ok bool) {
	if l.perMinute <= 0 || a.Zero() {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute {
		for k, b := range l.buckets {
			if now.Sub(b.at) > time.Minute {
				delete(l.buckets, k)
			}
		}
		l.swept = now
	}
	rate := float64(l.perMinute) / 60
	b := l.buckets[a]
	if b == nil {
		b = &bucket{level: float64(l.perMinute), at: now}
		l.buckets[a] = b
	}
	b.level = min(float64(l.perMinute), b.level+now.Sub(b.at).Seconds()*rate)
	b.at = now
	if b.level < 1 {
		return time.Duration((1 - b.level) / rate * float64(time.Second)), false
	}
	b.level--
	return 0, true
}

// tell reports, once a minute, that it is time to say in the log that somebody was
// refused.
func (l *limits) tell(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.told) < time.Minute {
		return false
	}
	l.told = now
	return true
}
