package slacktest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Forgery is a request that does not come from Slack as it should.
type Forgery int

// The forgeries an app must answer with 4xx.
const (
	Unsigned    Forgery = iota // no signature headers
	Tampered                   // the body was changed after signing
	WrongSecret                // signed with another secret
	Stale                      // signed rightly, six minutes ago
	Ahead                      // signed rightly, six minutes in the future
	BadTime                    // a timestamp that is no number
)

// Forgeries lists them all.
var Forgeries = []Forgery{Unsigned, Tampered, WrongSecret, Stale, Ahead, BadTime}

func (f Forgery) String() string {
	return [...]string{"unsigned", "tampered", "wrong secret", "stale", "ahead", "bad time"}[f]
}

// door finds the URL and a plausible body of a door: "commands", "interactivity", "options" or
// "events". The lock is held.
func (s *Server) door(name string) (to, kind, body string, err error) {
	w := s.order[0]
	kind = "application/x-www-form-urlencoded"
	switch name {
	case "commands":
		to = s.app.CommandsURL
		body = url.Values{"command": {"/rapport"}, "text": {"help"}, "team_id": {w.ID}, "user_id": {"U1"}, "channel_id": {"C1"}}.Encode()
	case "interactivity", "options":
		to = s.app.InteractivityURL
		if name == "options" && s.app.OptionsURL != "" {
			to = s.app.OptionsURL
		}
		o := obj{"type": "block_actions", "team": obj{"id": w.ID}, "user": obj{"id": "U1"}, "actions": []any{}}
		body = url.Values{"payload": {string(marshal(o))}}.Encode()
	case "events":
		to, kind = s.app.EventsURL, "application/json"
		body = string(marshal(obj{"type": "event_callback", "team_id": w.ID, "event_id": "EvFORGED", "event": obj{"type": "app_mention", "text": "hi"}}))
	}
	if to == "" {
		return "", "", "", fmt.Errorf("no URL for %q", name)
	}
	return to, kind, body, nil
}

// Forge sends a forged request to a door and returns the status. A 2xx is a fault.
func (s *Server) Forge(door string, f Forgery) (status int, err error) {
	s.mu.Lock()
	to, kind, body, err := s.door(door)
	secret := s.app.SigningSecret
	s.mu.Unlock()
	if err != nil {
		return 0, err
	}
	at := time.Now()
	switch f {
	case Stale:
		at = at.Add(-6 * time.Minute)
	case Ahead:
		at = at.Add(6 * time.Minute)
	case WrongSecret:
		secret += "x"
	}
	head := http.Header{"Content-Type": {kind}}
	if f != Unsigned {
		head.Set("X-Slack-Request-Timestamp", strconv.FormatInt(at.Unix(), 10))
		head.Set("X-Slack-Signature", Sign(secret, at, []byte(body)))
	}
	switch f {
	case Tampered:
		body = strings.Replace(body, "U1", "U2", 1) + " "
	case BadTime:
		head.Set("X-Slack-Request-Timestamp", "yesterday")
	}
	out := s.send(to, head, []byte(body))
	if out.status >= 200 && out.status < 300 {
		s.mu.Lock()
		s.fault("forgery_accepted", door, "%v was answered with %d", f, out.status)
		s.mu.Unlock()
	}
	return out.status, nil
}

// SendRaw sends any body, rightly signed, to a door and returns status and answer: for malformed
// and oversized input.
func (s *Server) SendRaw(door, contentType string, body []byte) (status int, answer []byte, err error) {
	s.mu.Lock()
	to, kind, _, err := s.door(door)
	s.mu.Unlock()
	if err != nil {
		return 0, nil, err
	}
	if contentType != "" {
		kind = contentType
	}
	out := s.post(to, http.Header{"Content-Type": {kind}}, body)
	return out.status, out.body, nil
}

// VerifyURL does what Slack does when the events URL is entered: it expects its challenge back.
func (s *Server) VerifyURL() error {
	challenge := "challenge-" + base36(time.Now().UnixNano())
	status, answer, err := s.SendRaw("events", "application/json", marshal(obj{"type": "url_verification",
		"token": s.app.VerificationToken, "challenge": challenge}))
	if err != nil {
		return err
	}
	if status != http.StatusOK || !bytes.Contains(answer, []byte(challenge)) {
		return fmt.Errorf("url_verification: status %d, answer %q", status, short(answer))
	}
	return nil
}

// Authorize plays the OAuth pages for a person: it follows the app's own redirect to the authorize
// page (or takes a URL of that page), allows or denies, and returns what the app's redirect URL
// answered.
func (h *Human) Authorize(ctx context.Context, start string, deny bool) (status int, page string, err error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var cookies []*http.Cookie
	for range 6 {
		if strings.HasPrefix(start, h.s.base+"/oauth/") {
			start += "&team=" + h.w.ID + "&user=" + h.u.ID
			if deny {
				start += "&deny=1"
			}
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, start, nil)
		if err != nil {
			return 0, "", err
		}
		for _, c := range cookies {
			req.AddCookie(c)
		}
		res, err := client.Do(req)
		if err != nil {
			return 0, "", err
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		cookies = append(cookies, res.Cookies()...)
		next, err := res.Location()
		if err != nil {
			return res.StatusCode, string(body), nil //nolint:nilerr // it leads no further: this is the answer
		}
		start = next.String()
	}
	return 0, "", fmt.Errorf("too many redirects, last to %s", start)
}
