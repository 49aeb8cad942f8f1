package slacktest

import (
	"fmt"
	"strings"
	"time"
)

// Fault is one thing the app did that Slack would refuse, or that a person would see as broken.
type Fault struct {
	Kind   string // Slack's error code, or a word of this package such as "late_ack"
	Where  string // API method, door or surface
	Detail string
	At     time.Time
}

func (f Fault) String() string { return f.Where + ": " + f.Kind + ": " + f.Detail }

// soft are refusals an honest app cannot foresee: someone was quicker, a person left, a channel
// was archived. They are answered as Slack answers them and kept in Calls, not in Faults, unless
// the app keeps asking.
var soft = map[string]bool{
	"users_not_found": true, "channel_not_found": true, "not_in_channel": true, "is_archived": true,
	"user_not_in_channel": true, "restricted_action": true, "message_not_found": true,
	"thread_not_found": true, "hash_conflict": true, "not_found": true, "ratelimited": true, "already_reacted": true,
	"token_expired": true, "token_revoked": true, "account_inactive": true, "user_disabled": true,
	"already_in_channel": true, "socket_mode_disabled": true, // judged where it is given
}

// stubborn is how often the same soft refusal may be provoked before it counts as hammering.
const stubborn = 5

func (s *Server) fault(kind, where, format string, args ...any) {
	f := Fault{Kind: kind, Where: where, Detail: fmt.Sprintf(format, args...), At: time.Now()}
	s.faults = append(s.faults, f)
	s.logf("slacktest: fault: %v", f)
	s.wake()
}

// refusal judges an ok:false answer of the API.
func (s *Server) refusal(kind, where, about, detail string) {
	if !soft[kind] {
		s.fault(kind, where, "%s", detail)
		return
	}
	if kind == "ratelimited" {
		return // judged by the limiter, which knows when the app may come back
	}
	key := kind + " " + where + " " + about
	s.refusals[key]++
	if s.refusals[key] == stubborn {
		s.fault("hammering", where, "%s was answered %d times: %s", kind, stubborn, detail)
	}
}

// Faults returns what has gone wrong so far, oldest first.
func (s *Server) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Fault(nil), s.faults...)
}

// TakeFaults removes and returns the faults of one kind: a test that provokes a fault on purpose
// takes it away before RequireClean.
func (s *Server) TakeFaults(kind string) []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var taken, kept []Fault
	for _, f := range s.faults {
		if f.Kind == kind {
			taken = append(taken, f)
		} else {
			kept = append(kept, f)
		}
	}
	s.faults = kept
	return taken
}

// RequireClean fails the test when there are faults.
func (s *Server) RequireClean(t TB) {
	t.Helper()
	if all := s.Faults(); len(all) > 0 {
		lines := make([]string, len(all))
		for i, f := range all {
			lines[i] = f.String()
		}
		t.Errorf("Slack would have refused, or a person would have seen as broken:\n%s", strings.Join(lines, "\n"))
	}
}
