package discordtest

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// rate is how many calls a route takes in a window.
type rate struct {
	calls  int
	window time.Duration
}

// limiter counts calls: per bucket, all together, and invalid ones.
type limiter struct {
	buckets map[string]*bucket
	recent  []time.Time // calls under the global limit in the last second
	invalid []time.Time // 401, 403 and 429 answers in the last ten minutes
	banned  bool
}

type bucket struct {
	left  int
	reset time.Time
	until time.Time // told by a 429 to wait until then
}

const (
	globalRate    = 50
	invalidWindow = 10 * time.Minute
)

// admit counts a call and answers a 429 if it is one too many. The headers
// belong to every answer. The lock is held.
func (s *Server) admit(r *request) (http.Header, *apiError) {
	now, head := s.now(), http.Header{}
	if !r.route.interaction {
		if e := s.admitGlobal(now, head); e != nil {
			return head, e
		}
	}
	if s.opt.NoLimits || r.route.rate.calls == 0 {
		return head, nil
	}
	id, key := r.bucket()
	b := s.limits.buckets[key]
	if b == nil || !now.Before(b.reset) {
		fresh := &bucket{left: r.route.rate.calls, reset: now.Add(r.route.rate.window)}
		if b != nil {
			fresh.until = b.until
		}
		b = fresh
		s.limits.buckets[key] = b
	}
	over := b.left == 0
	if !over {
		b.left--
	}
	wait := b.reset.Sub(now)
	head.Set("X-RateLimit-Limit", strconv.Itoa(r.route.rate.calls))
	head.Set("X-RateLimit-Remaining", strconv.Itoa(b.left))
	head.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(b.reset.UnixMilli())/1000))
	head.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", wait.Seconds()))
	head.Set("X-RateLimit-Bucket", id)
	if !over {
		return head, nil
	}
	e := tooMany(head, wait, false, "user")
	if now.Before(b.until) {
		e.kind = Refused
		e.message = "You are being rate limited."
		s.note(Fault{Kind: Refused, Status: 429, Where: r.where(), Text: fmt.Sprintf(
			"called again %.2f s before the retry_after it was given", b.until.Sub(now).Seconds())})
	}
	b.until = b.reset
	return head, e
}

func (s *Server) admitGlobal(now time.Time, head http.Header) *apiError {
	keep := s.limits.recent[:0]
	for _, t := range s.limits.recent {
		if now.Sub(t) < time.Second {
			keep = append(keep, t)
		}
	}
	s.limits.recent = keep
	if len(keep) >= globalRate {
		head.Set("X-RateLimit-Global", "true")
		return tooMany(head, time.Second-now.Sub(keep[0]), true, "global")
	}
	s.limits.recent = append(keep, now)
	return nil
}

// tooMany is a 429: Retry-After in whole seconds, retry_after as a float.
func tooMany(head http.Header, wait time.Duration, global bool, scope string) *apiError {
	if wait < time.Millisecond {
		wait = time.Millisecond
	}
	seconds := math.Ceil(wait.Seconds()*1000) / 1000
	head.Set("Retry-After", strconv.Itoa(int(math.Ceil(seconds))))
	head.Set("X-RateLimit-Scope", scope)
	return &apiError{status: 429, message: "You are being rate limited.", kind: Lint,
		extra: obj{"retry_after": seconds, "global": global}}
}

// invalidCall counts an answer that Discord counts against the address.
// A shared 429 is not the app's fault.
func (s *Server) invalidCall(status int, scope string) {
	if status != 401 && status != 403 && (status != 429 || scope == "shared") {
		return
	}
	now := s.now()
	s.limits.invalid = append(s.recentInvalid(now), now)
	if len(s.limits.invalid) >= s.opt.BanAfter && !s.limits.banned {
		s.limits.banned = true
		s.note(Fault{Kind: Refused, Code: 1015, Status: 429, Where: "edge", Text: fmt.Sprintf(
			"%d invalid requests (401, 403, 429) within ten minutes: the address is banned", s.opt.BanAfter)})
	}
}

func (s *Server) recentInvalid(now time.Time) []time.Time {
	keep := s.limits.invalid[:0]
	for _, t := range s.limits.invalid {
		if now.Sub(t) < invalidWindow {
			keep = append(keep, t)
		}
	}
	return keep
}

// InvalidRequests is how many calls of the last ten minutes were answered
// 401, 403 or (not shared) 429.
func (s *Server) InvalidRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits.invalid = s.recentInvalid(s.now())
	return len(s.limits.invalid)
}

// bucket names a call's bucket as told to the client, and its counter: the
// bucket and the top-level resource.
func (r *request) bucket() (id, key string) {
	sum := md5.Sum([]byte(r.route.method + " " + r.route.pattern))
	id = hex.EncodeToString(sum[:])
	for _, name := range []string{"channel_id", "guild_id", "webhook_id", "application_id"} {
		if v := r.vars[name]; v != "" {
			return id, id + ":" + v + ":" + r.vars["webhook_token"]
		}
	}
	return id, id
}
