package discordtest

import (
	"fmt"
	"strconv"
	"time"
)

// epoch is the first millisecond of Discord's ids.
const epoch = 1420070400000

// Now is the fake's time: the machine's, moved on by Advance.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return time.Now().Add(s.skipped) }

// Advance moves the clock on, so that the fourth second or the sixteenth
// minute is reached without waiting for it.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skipped += d
	s.expire()
	s.signal()
}

// signal wakes everybody who waits in await. The lock is held.
func (s *Server) signal() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until ready says yes, looking again at every change, and says
// whether it did within limit. ready runs with the lock held.
func (s *Server) await(limit time.Duration, ready func() bool) bool {
	end := time.NewTimer(limit)
	defer end.Stop()
	for {
		s.mu.Lock()
		ok, changed, closed := ready(), s.changed, s.closed
		s.mu.Unlock()
		if ok || closed {
			return ok
		}
		select {
		case <-changed:
		case <-end.C:
			s.mu.Lock()
			defer s.mu.Unlock()
			return ready()
		}
	}
}

// Await waits until ready says yes, looking again whenever anything changes
// in this Discord, and fails the test with what was waited for otherwise.
func (s *Server) Await(what string, ready func() bool) {
	if s.t != nil {
		s.t.Helper()
	}
	end := time.NewTimer(s.opt.Patience)
	defer end.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ready() {
			return
		}
		select {
		case <-changed:
		case <-end.C:
			if ready() {
				return
			}
			s.fail("waited %v for %s", s.opt.Patience, what)
		}
	}
}

// newID makes the next snowflake. Two ids never share a millisecond, so
// guilds spread over shards as real ones do.
func (s *Server) newID() string {
	ms := uint64(s.now().UnixMilli() - epoch)
	if last := s.lastID >> 22; ms <= last {
		ms = last + 1
	}
	s.lastID = ms<<22 | (ms*7+1)&0x3fffff
	return strconv.FormatUint(s.lastID, 10)
}

// idTime is the moment that an id carries.
func idTime(id string) time.Time {
	n, _ := strconv.ParseUint(id, 10, 64)
	return time.UnixMilli(int64(n>>22) + epoch).UTC()
}

// stamp writes a moment as Discord does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// ShardOf is the shard that gets a guild's events.
func ShardOf(guildID string, shards int) int {
	n, err := strconv.ParseUint(guildID, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("not an id: %q", guildID))
	}
	return int((n >> 22) % uint64(shards))
}
