package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// outcome is what came back for one payload.
type outcome struct {
	problem string // "" when acknowledged; else Slack's retry reason
	status  int    // HTTP only
	kind    string // content type
	body    []byte // HTTP body, or the payload of a socket acknowledgement
	noRetry bool
	took    time.Duration
}

var errRedirects = errors.New("too many redirects")

func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 128, IdleConnTimeout: 30 * time.Second},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > 2 {
				return errRedirects
			}
			return nil
		},
	}
}

// Sign computes X-Slack-Signature over the raw body.
func Sign(secret string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + strconv.FormatInt(at.Unix(), 10) + ":"))
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// post sends one signed request to the app.
func (s *Server) post(to string, head http.Header, body []byte) outcome {
	s.mu.Lock()
	secret := s.app.SigningSecret
	s.mu.Unlock()
	now := time.Now()
	head.Set("X-Slack-Request-Timestamp", strconv.FormatInt(now.Unix(), 10))
	head.Set("X-Slack-Signature", Sign(secret, now, body))
	return s.send(to, head, body)
}

func (s *Server) send(to string, head http.Header, body []byte) outcome {
	ctx, cancel := context.WithTimeout(s.ctx, s.opt.Patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return outcome{problem: "unknown_error"}
	}
	req.Header = head
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	began := time.Now()
	res, err := s.client.Do(req)
	if err != nil {
		return outcome{problem: reasonOf(err), took: time.Since(began)}
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return outcome{problem: reasonOf(err), took: time.Since(began)}
	}
	out := outcome{status: res.StatusCode, body: raw, kind: res.Header.Get("Content-Type"), took: time.Since(began),
		noRetry: res.Header.Get("X-Slack-No-Retry") == "1"}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		out.problem = "http_error"
	}
	return out
}

func reasonOf(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "http_timeout"
	case errors.Is(err, errRedirects):
		return "too_many_redirects"
	}
	return "connection_failed"
}

// interact sends an interactive payload through whichever door is open.
func (s *Server) interact(payload obj, accepts bool) outcome {
	s.mu.Lock()
	d := &Delivery{Kind: "interactive", Payload: payload, first: make(chan struct{})}
	s.keepSent(d)
	app := s.app
	twice := s.repeat > 0
	if twice {
		s.repeat--
	}
	s.mu.Unlock()
	once := func() outcome {
		if app.Socket {
			return s.sockets.send("interactive", payload, accepts, 0, "")
		}
		to := app.InteractivityURL
		if payload["type"] == "block_suggestion" && app.OptionsURL != "" {
			to = app.OptionsURL
		}
		form := url.Values{"payload": {string(marshal(payload))}}
		return s.post(to, formHeader(), []byte(form.Encode()))
	}
	if twice {
		s.spawn(func() { once() })
	}
	out := once()
	s.mu.Lock()
	d.Attempts = append(d.Attempts, Attempt{Problem: out.problem, Status: out.status, Took: out.took})
	s.wake()
	s.mu.Unlock()
	return out
}

func formHeader() http.Header {
	return http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
}
