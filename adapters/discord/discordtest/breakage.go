package discordtest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Breakage makes REST calls go wrong that are right: what a network, a
// deploy or a crowd does to a bot. The first one whose Method and Path
// (a prefix below the version; empty is any) fit a call is used, Times over.
type Breakage struct {
	Method, Path string
	Times        int           // 0 is once
	Status       int           // 500, 502, 503, 504, or 429 with RetryAfter
	RetryAfter   time.Duration // of a 429
	Shared       bool          // a 429 of scope "shared": others used the resource up
	Global       bool          // a 429 of the global limit
	Delay        time.Duration // before the call is looked at
	Cut          bool          // the connection ends before the call is done
	LoseReply    bool          // the call is done and its answer never arrives
}

// Break adds a breakage.
func (s *Server) Break(b Breakage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.Times == 0 {
		b.Times = 1
	}
	s.breakages = append(s.breakages, &b)
}

// breakage takes the one that fits a call. The lock is held.
func (s *Server) breakage(method, path string) *Breakage {
	for i, b := range s.breakages {
		if (b.Method != "" && b.Method != method) || !strings.HasPrefix(path, b.Path) {
			continue
		}
		if b.Times--; b.Times == 0 {
			s.breakages = append(s.breakages[:i:i], s.breakages[i+1:]...)
		}
		copied := *b
		return &copied
	}
	return nil
}

// before plays the part of a breakage that comes before the call is looked
// at, and says whether the call ends there.
func (b *Breakage) before(w http.ResponseWriter) bool {
	time.Sleep(b.Delay)
	if b.Cut {
		hijackAndCut(w)
		return true
	}
	if b.Status == 0 {
		return false
	}
	if b.Status != http.StatusTooManyRequests {
		http.Error(w, `{"message": "`+strconv.Itoa(b.Status)+`: `+http.StatusText(b.Status)+`", "code": 0}`, b.Status)
		return true
	}
	if b.Global {
		w.Header().Set("X-RateLimit-Global", "true")
	}
	head := http.Header{}
	e := tooMany(head, b.RetryAfter, b.Global, b.scope())
	for k, v := range head {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(429)
	body := e.body()
	delete(body, "code")
	json.NewEncoder(w).Encode(body)
	return true
}

func (b *Breakage) scope() string {
	switch {
	case b.Shared:
		return "shared"
	case b.Global:
		return "global"
	}
	return "user"
}

func hijackAndCut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if c, _, err := h.Hijack(); err == nil {
			c.Close()
		}
	}
}
