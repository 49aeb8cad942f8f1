package slacktest

import (
	"net/http"
	"strconv"
	"time"
)

// Injection makes the API misbehave for some calls.
type Injection struct {
	Method     string // "" means every method; "response_url" means posts to response URLs
	Times      int    // how many calls; 0 means one, -1 until Heal
	Status     int    // HTTP status to answer with, such as 429, 500, 503
	RetryAfter int    // seconds, for 429
	Error      string // ok:false with this error instead of a status
	Drop       bool   // close the connection without an answer
	Delay      time.Duration
	After      bool // do the work first: the answer is lost, the effect is not
	// Match, when set, chooses the calls by their arguments.
	Match func(args map[string]any) bool
}

// Inject adds an injection; several are tried in the order they were added.
func (s *Server) Inject(i Injection) {
	if i.Times == 0 {
		i.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inject = append(s.inject, &i)
}

// Heal removes all injections.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inject = nil
}

func (s *Server) injected(method string, args obj) *Injection {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.inject {
		if i.Times == 0 || i.Method != "" && i.Method != method || i.Match != nil && !i.Match(args) {
			continue
		}
		if i.Times > 0 {
			i.Times--
		}
		return i
	}
	return nil
}

// playInjection answers for Slack; false when the injection only delays.
func (s *Server) playInjection(w http.ResponseWriter, i *Injection) bool {
	switch {
	case i.Drop:
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	case i.Error != "":
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(marshal(obj{"ok": false, "error": i.Error}))
	case i.Status != 0:
		if i.Status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", strconv.Itoa(max(1, i.RetryAfter)))
		}
		w.WriteHeader(i.Status)
		_, _ = w.Write([]byte(http.StatusText(i.Status)))
	default:
		return false
	}
	return true
}
