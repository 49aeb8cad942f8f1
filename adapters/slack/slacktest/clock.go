package slacktest

import (
	"sync"
	"time"
)

// Clock is Slack's patience: expiry of triggers, codes, tokens and response URLs, retries, rate
// limits and scheduled messages run by it. It follows real time until a test moves it forward.
// Stamps the app sees (ts, event_time, signatures) stay real. Moving it also ends the patience of
// socket payloads still waiting for their acknowledgement.
type Clock struct {
	mu     sync.Mutex
	ahead  time.Duration
	alarms map[*alarm]struct{}
	closed bool
}

type alarm struct {
	at    time.Time
	run   func()
	timer *time.Timer
}

func newClock() *Clock { return &Clock{alarms: map[*alarm]struct{}{}} }

// Now is real time plus what Advance has added.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return time.Now().Add(c.ahead) }

// Advance moves the clock forward and lets everything that has become due happen.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	c.ahead += d
	now := c.now()
	var due []*alarm
	for a := range c.alarms {
		if !a.at.After(now) {
			due = append(due, a)
			continue
		}
		a.timer.Reset(a.at.Sub(now))
	}
	c.mu.Unlock()
	for _, a := range due {
		a.timer.Stop()
		c.fire(a)
	}
}

// after runs f once when d has passed; stop tells whether it was still to come.
func (c *Clock) after(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return func() bool { return false }
	}
	a := &alarm{at: c.now().Add(d), run: f}
	c.alarms[a] = struct{}{}
	a.timer = time.AfterFunc(d, func() { c.fire(a) })
	return func() bool { return c.drop(a) }
}

func (c *Clock) fire(a *alarm) {
	if c.drop(a) {
		go a.run()
	}
}

func (c *Clock) drop(a *alarm) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, waiting := c.alarms[a]; !waiting {
		return false
	}
	delete(c.alarms, a)
	a.timer.Stop()
	return true
}

func (c *Clock) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for a := range c.alarms {
		a.timer.Stop()
		delete(c.alarms, a)
	}
}
