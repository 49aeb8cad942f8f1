package slack

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

const benchSecret = "signing-secret"

func benchBody() []byte {
	return []byte(url.Values{
		"token": {"gIkuvaNzQIHg97ATvDxqgjtO"}, "team_id": {"T0001"}, "team_domain": {"example"}, "channel_id": {"C2147483705"},
		"channel_name": {"hiring"}, "user_id": {"U2147483697"}, "user_name": {"sam"}, "command": {"/rapport"},
		"text": {"candidate move \"Ada Okafor\" to:Onsite"}, "api_app_id": {"A123456"}, "is_enterprise_install": {"false"},
		"response_url": {"https://hooks.slack.example/commands/T0001/1234567890/abcdefghijklmnopqrstuvwx"},
		"trigger_id":   {"13345224609.738474920.8088930838d88f008e0"},
	}.Encode())
}

// smallCard is what a move is answered with.
func smallCard() bot.Message {
	return bot.Card("Ada Okafor is now in Onsite.",
		bot.Para{Text: bot.Bold("Ada Okafor") + " moved from Screen to " + bot.Bold("Onsite") + " in Backend Engineer."},
		bot.Note{Text: "Moved by Sam Lee. Nothing was sent to Ada."},
		bot.Buttons{Buttons: []bot.Button{{Label: "Undo", Token: "v1.abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789"}, {Label: "Open", Token: "v1.0123456789"}}})
}

func BenchmarkVerifyAndDecodeCommand(b *testing.B) {
	body := benchBody()
	now := time.Now()
	stamp := strconv.FormatInt(now.Unix(), 10)
	signature := slacktest.Sign(benchSecret, now, body)
	v := newVerifier(benchSecret)
	b.ReportAllocs()
	for b.Loop() {
		if v.check(stamp, signature, body, now) != "" {
			b.Fatal("refused")
		}
		c, ok := parseSlash(string(body))
		if !ok {
			b.Fatal("not read")
		}
		ev, _ := c.event("/rapport", now, body)
		if ev.Body == nil {
			b.Fatal("nothing")
		}
	}
}

func BenchmarkRenderSmallCard(b *testing.B) {
	s := New(Config{}, bot.Host{})
	m := smallCard()
	b.ReportAllocs()
	for b.Loop() {
		r := s.renderer("T1", inMessage)
		if len(r.encode(headDirect, "", m)) == 0 {
			b.Fatal("nothing")
		}
		r.free()
	}
}

// The whole of one command but the kernel, with net/http's part in memory only.
func BenchmarkCommandThroughTheHandler(b *testing.B) {
	s := New(Config{SigningSecret: benchSecret}, bot.Host{})
	listen(b, s)
	body := benchBody()
	now := time.Now()
	r := httptest.NewRequest("POST", "/slack/commands", nil)
	r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(now.Unix(), 10))
	r.Header.Set("X-Slack-Signature", slacktest.Sign(benchSecret, now, body))
	r.ContentLength = int64(len(body))
	w := &discard{head: http.Header{}}
	h := s.Handler()
	reader := bytes.NewReader(body)
	r.Body = io.NopCloser(reader)
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(body)
		w.n = 0
		h.ServeHTTP(w, r)
		if w.n == 0 {
			b.Fatal("no answer")
		}
	}
}

// The same over a loopback connection; the client's part is as small as it can be.
func BenchmarkCommandOverLoopback(b *testing.B) {
	s := New(Config{SigningSecret: benchSecret}, bot.Host{})
	listen(b, s)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	body := benchBody()
	now := time.Now()
	request := fmt.Appendf(nil, "POST /slack/commands HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: %d\r\nX-Slack-Signature: %s\r\nContent-Length: %d\r\n\r\n%s",
		now.Unix(), slacktest.Sign(benchSecret, now, body), len(body), body)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(request); err != nil {
			b.Fatal(err)
		}
		resp, err := http.ReadResponse(in, nil)
		if err != nil || resp.StatusCode != 200 {
			b.Fatal(resp, err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
	}
}

func listen(b *testing.B, s *Slack) {
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	m := smallCard()
	go s.Listen(ctx, func(ctx context.Context, ev bot.Event) error { return ev.Turn.Say(ctx, m) }) //nolint:errcheck // ends with the test
	for s.life.Load() == nil {
		time.Sleep(time.Millisecond)
	}
}

type discard struct {
	head http.Header
	n    int
}

func (d *discard) Header() http.Header         { return d.head }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(b []byte) (int, error) { d.n += len(b); return len(b), nil }
