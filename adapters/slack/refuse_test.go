package slack

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

func TestForgedRequestsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	for _, door := range []string{"commands", "interactivity", "events"} {
		for _, f := range slacktest.Forgeries {
			if status, err := w.slack.Forge(door, f); err != nil || status != 401 {
				t.Errorf("%s, %v: %d %v", door, f, status, err)
			}
		}
	}
	if len(w.events) != 0 {
		t.Errorf("%d events got through", len(w.events))
	}
	if w.host.count("slack.bad_signature") == 0 || w.host.count("slack.stale") == 0 {
		t.Error("forgeries are not counted")
	}
	w.slack.RequireClean(t)
}

// A body that never ends is refused as soon as it is too long.
func TestEndlessBodyIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	body, feed := io.Pipe()
	go func() {
		for n := 0; n <= maxBody; n += 4096 {
			_, _ = feed.Write(bytes.Repeat([]byte("x"), 4096))
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+"/slack/events", body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	_ = feed.Close()
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestMalformedAndOversizedBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	const long = "command=%2Frapport&team_id=T1&user_id=U1&text="
	for name, c := range map[string]struct {
		door, body string
		status     int
	}{
		"command without a person":  {"commands", "command=%2Frapport&team_id=T1", 400},
		"command in broken escapes": {"commands", "command=%2&team_id=T1&user_id=U1", 400},
		"no payload":                {"interactivity", "x=y", 400},
		"payload that is no JSON":   {"interactivity", "payload=%7Bnope", 400},
		"payload of a number":       {"interactivity", "payload=7", 400},
		"event that is no JSON":     {"events", `{"type":`, 400},
		"event of no type":          {"events", `{}`, 400},
		"callback without an event": {"events", `{"type":"event_callback"}`, 400},
		"event that is a list":      {"events", `{"type":"event_callback","event":[1]}`, 400},
		"just small enough":         {"commands", long + strings.Repeat("x", maxBody-len(long)), 200},
		"one byte too many":         {"commands", long + strings.Repeat("x", maxBody-len(long)+1), 413},
		"unknown event":             {"events", `{"type":"event_callback","team_id":"T1","event":{"type":"goodbye"}}`, 200},
		"unknown interaction":       {"interactivity", "payload=" + url.QueryEscape(`{"type":"dialog_submission","team":{"id":"T1"},"user":{"id":"U1"}}`), 200},
		"rate limited":              {"events", `{"type":"app_rate_limited","team_id":"T1"}`, 200},
		"certificate check":         {"commands", "ssl_check=1&token=x", 200},
	} {
		status, answer, err := w.slack.SendRaw(c.door, "", []byte(c.body))
		if err != nil || status != c.status {
			t.Errorf("%s: %d %.80q %v, want %d", name, status, answer, err, c.status)
		}
	}
	if err := w.slack.VerifyURL(); err != nil {
		t.Error(err)
	}
	for _, method := range []string{"GET", "PUT"} {
		r, _ := http.NewRequest(method, w.url+"/slack/commands", nil)
		resp, err := http.DefaultClient.Do(r)
		if err != nil || resp.StatusCode != 405 {
			t.Errorf("%s: %v %v", method, resp, err)
		}
	}
}

// A body of unknown length is bounded too.
func TestChunkedBodyIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	r, _ := http.NewRequest("POST", w.url+"/slack/commands", struct{ *bytes.Reader }{bytes.NewReader(bytes.Repeat([]byte("x"), 1<<20))})
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != 413 {
		t.Errorf("%v %v", resp, err)
	}
}

func TestClosedBeforeListening(t *testing.T) {
	t.Parallel()
	s := New(Config{SigningSecret: "s"}, bot.Host{})
	for path, status := range map[string]int{"/slack/commands": 503, "/slack/events": 503, "/slack/interactivity": 503, "/slack/other": 404, "/slack/install": 404} {
		method := "POST"
		if path == "/slack/install" {
			method = "GET"
		}
		rec := httptest.NewRecorder()
		s.Handler().ServeHTTP(rec, httptest.NewRequest(method, path, strings.NewReader("x")))
		if rec.Code != status {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}

// The vector of Slack's own page.
func TestSignatureVector(t *testing.T) {
	body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	v := newVerifier("8f742231b10e8888abcd99yyyzzz85a5")
	at := time.Unix(1531420618, 0)
	const good = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	for name, c := range map[string]struct {
		stamp, signature, want string
		now                    time.Time
	}{
		"good":              {"1531420618", good, "", at},
		"at the edge":       {"1531420618", good, "", at.Add(5 * time.Minute)},
		"past the edge":     {"1531420618", good, "stale", at.Add(5*time.Minute + time.Second)},
		"from the future":   {"1531420618", good, "stale", at.Add(-5*time.Minute - time.Second)},
		"other time":        {"1531420619", good, "bad_signature", at},
		"no version":        {"1531420618", good[3:], "bad_signature", at},
		"not hexadecimal":   {"1531420618", strings.Replace(good, "a2", "zz", 1), "bad_signature", at},
		"empty":             {"1531420618", "", "bad_signature", at},
		"no time":           {"", good, "bad_timestamp", at},
		"a very long time":  {strings.Repeat("0", 30) + "1531420618", good, "bad_timestamp", at},
		"signed, plus sign": {"+1531420618", good, "bad_signature", at},
	} {
		if got := v.check(c.stamp, c.signature, []byte(body), c.now); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if newVerifier("").check("1531420618", good, []byte(body), at) == "" {
		t.Error("without a secret everything is Slack's")
	}
}

func TestNothingKeptIsSaid(t *testing.T) {
	bothDoors(t, func(w *world) {
		a := got(w.t)(w.sam.Slash("hiring", "/rapport", "broken"))
		if !strings.Contains(a.Text, "try again in a minute") {
			w.t.Errorf("saw %+v", a)
		}
		got(w.t)(w.sam.Slash("hiring", "/rapport", "form"))
		_ = w.sam.Fill("Text", "broken")
		if a = got(w.t)(w.sam.SubmitModal()); !strings.Contains(a.Errors["Text"], "try again in a minute") {
			w.t.Errorf("saw %+v", a)
		}
		_ = w.sam.CloseModal()
	})
}
