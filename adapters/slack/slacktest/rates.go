package slacktest

import (
	"math"
	"net/http"
	"time"
)

// bucket lets `size` calls through at once and refills at `rate` a second.
type bucket struct {
	left  float64
	last  time.Time
	until time.Time // the end of the Retry-After last given
	early int
}

// limit applies the method's tier and, for messages, one a second per channel.
func (s *Server) limit(c *call, m method) *trouble {
	if s.opt.Unlimited {
		return nil
	}
	who := "app"
	if c.in != nil {
		who = c.in.botID
		if c.team != nil {
			who += c.team.ID
		}
	}
	if m.tier > 0 {
		size := float64(m.tier)
		if m.tier == tier1 {
			size = 10 // "1+ per minute": a start with several connections is tolerated, a storm is not
		}
		if t := s.spend(c.method+" "+who, size, float64(m.tier)/60, c.method); t != nil {
			return t
		}
	}
	if c.method == "chat.postMessage" {
		return s.spend("post "+who+" "+c.str("channel"), float64(s.opt.Burst), 1, c.method)
	}
	return nil
}

// spend takes one from a bucket, or says when to come back. Coming back too early is a fault.
func (s *Server) spend(key string, size, rate float64, where string) *trouble {
	now := s.Clock.Now()
	b := s.limiter[key]
	if b == nil {
		b = &bucket{left: size, last: now}
		s.limiter[key] = b
	}
	b.left = math.Min(size, b.left+now.Sub(b.last).Seconds()*rate)
	b.last = now
	if b.left >= 1 {
		b.left--
		return nil
	}
	// Calls under way when the limit struck are no fault; knocking on a closed door is.
	if now.Before(b.until) {
		if b.early++; b.early == stubborn {
			s.fault("retry_too_soon", where, "%d calls before Retry-After had passed (%s)", b.early, key)
		}
	} else {
		b.early = 0
	}
	wait := max(1, int(math.Ceil((1-b.left)/rate)))
	if until := now.Add(time.Duration(wait) * time.Second); until.After(b.until) {
		b.until = until
	}
	return &trouble{code: "ratelimited", status: http.StatusTooManyRequests, after: wait}
}
