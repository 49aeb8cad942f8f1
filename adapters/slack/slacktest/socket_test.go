package slacktest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func httptestServer(t *testing.T) string {
	return httptestHandler(t, func(http.ResponseWriter, *http.Request) {})
}

func httptestHandler(t *testing.T, f http.HandlerFunc) string {
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestPayloadsGoToAnyConnection(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Unlimited: true})
	app := socketApp(t, s, func(kind string, p obj) any {
		if kind == "commands" {
			return obj{"text": "ok"}
		}
		return nil
	})
	app.connect()
	app.connect()
	if !s.WaitConnected(3, time.Second) {
		t.Fatal("no three connections")
	}
	for range 6 {
		must[Answer](t)(sam.Slash("hiring", "/x", ""))
	}
	s.DropOneSocket()
	if a := must[Answer](t)(sam.Slash("hiring", "/x", "")); a.Text != "ok" {
		t.Errorf("after a drop: %+v", a)
	}
	for s.Connections() < maxSockets {
		app.connect()
	}
	eleventh, _, err := websocket.DefaultDialer.Dial(str(app.callAs(s.AppToken(), "apps.connections.open", nil)["url"]), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer eleventh.Close()
	var told obj
	if _ = eleventh.ReadJSON(&told); told["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh connection was told %v", told)
	}
	if !s.WaitFor(time.Second, func() bool { return s.Connections() == maxSockets }) {
		t.Errorf("%d connections", s.Connections())
	}
	s.RequireClean(t)
}

func TestUnacknowledgedEventsComeAgain(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Patience: 100 * time.Millisecond})
	tries := make(chan any, 9)
	var n atomic.Int32
	socketApp(t, s, func(kind string, p obj) any {
		tries <- p["retry_attempt"]
		if n.Add(1) < 3 {
			return raw{} // no acknowledgement
		}
		return nil
	})
	s.mu.Lock()
	s.app.Events = []string{"message.channels"}
	s.mu.Unlock()
	must[Message](t)(sam.Say("hiring", "hi"))
	if a, b := <-tries, <-tries; a != 0.0 || b != 1.0 {
		t.Errorf("tries %v %v", a, b)
	}
	s.WaitFor(time.Second, func() bool { s.Clock.mu.Lock(); defer s.Clock.mu.Unlock(); return len(s.Clock.alarms) > 0 })
	time.Sleep(120 * time.Millisecond) // the second try runs out of patience too
	s.Advance(time.Minute)
	if c := <-tries; c != 2.0 {
		t.Errorf("third try %v", c)
	}
	s.RequireClean(t)
}

func TestEventSurvivesADroppedSocket(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{})
	var app *testApp
	got := make(chan any, 9)
	var n atomic.Int32
	app = socketApp(t, s, func(kind string, p obj) any {
		if n.Add(1) == 1 {
			s.DropSockets()
			app.connect()
			return nil
		}
		got <- p["retry_attempt"]
		return nil
	})
	s.mu.Lock()
	s.app.Events = []string{"message.channels"}
	s.mu.Unlock()
	must[Message](t)(sam.Say("hiring", "hi"))
	select {
	case try := <-got:
		if try != 1.0 {
			t.Errorf("try %v", try)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("the event was lost with its connection")
	}
	s.RequireClean(t)
}

func TestBadFrames(t *testing.T) {
	t.Parallel()
	s, sam := world(t, Options{Wait: 200 * time.Millisecond})
	s.App(AppConfig{Socket: true, Events: []string{}})
	app := &testApp{t: t, s: s, token: s.Workspace().Token()}
	got := app.callAs(s.AppToken(), "apps.connections.open", nil)
	ws, _, err := websocket.DefaultDialer.Dial(str(got["url"]), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if _, res, err := websocket.DefaultDialer.Dial(str(got["url"]), nil); err == nil || res.StatusCode != 401 {
		t.Error("a socket URL served twice")
	}
	need(t, s, "used_ticket")
	var hello obj
	_ = ws.ReadJSON(&hello)
	if hello["type"] != "hello" || hello["num_connections"] != 1.0 || object(hello["connection_info"])["app_id"] == "" {
		t.Errorf("hello %v", hello)
	}
	envelope := make(chan obj, 9)
	go func() {
		for {
			var e obj
			if ws.ReadJSON(&e) != nil {
				return
			}
			envelope <- e
		}
	}()
	for want, ack := range map[string]func(id any) []obj{
		"bad_frame":          func(id any) []obj { return []obj{{"hello": 1}, {"envelope_id": id}} },
		"unknown_envelope":   func(id any) []obj { return []obj{{"envelope_id": "E404"}, {"envelope_id": id}} },
		"acked_twice":        func(id any) []obj { return []obj{{"envelope_id": id}, {"envelope_id": id}} },
		"unexpected_payload": func(id any) []obj { return []obj{{"envelope_id": id, "payload": obj{"text": "x"}}} },
	} {
		done := make(chan struct{})
		go func() { _, _ = sam.GlobalShortcut("x"); close(done) }()
		e := <-envelope
		if e["accepts_response_payload"] != false || e["type"] != "interactive" {
			t.Errorf("envelope %v", e)
		}
		for _, frame := range ack(e["envelope_id"]) {
			_ = ws.WriteJSON(frame)
		}
		<-done
		need(t, s, want)
	}
	answered := make(chan Answer, 1)
	go func() { a, _ := sam.Slash("hiring", "/x", ""); answered <- a }()
	e := <-envelope
	_ = ws.WriteJSON(obj{"envelope_id": e["envelope_id"], "payload": obj{"text": strings.Repeat("x", maxAck)}})
	if a := <-answered; a.Problem != "operation_timeout" {
		t.Errorf("after an oversized acknowledgement: %+v", a)
	}
	if got := s.TakeFaults("ack_too_large"); len(got) != 1 {
		t.Errorf("ack_too_large: %v", got)
	}
	need(t, s, "operation_timeout")
}

func TestDisconnects(t *testing.T) {
	t.Parallel()
	s, _ := world(t, Options{PingEvery: 20 * time.Millisecond})
	s.App(AppConfig{Socket: true})
	app := &testApp{t: t, s: s}
	pinged := make(chan struct{}, 99)
	open := func() chan obj {
		ws, _, err := websocket.DefaultDialer.Dial(str(app.callAs(s.AppToken(), "apps.connections.open", nil)["url"]), nil)
		if err != nil {
			t.Fatal(err)
		}
		ws.SetPingHandler(func(string) error { pinged <- struct{}{}; return nil })
		frames := make(chan obj, 9)
		go func() {
			defer close(frames)
			for {
				var e obj
				if ws.ReadJSON(&e) != nil {
					return
				}
				frames <- e
			}
		}()
		<-frames // hello
		return frames
	}
	frames := open()
	select {
	case <-pinged:
	case <-time.After(2 * time.Second):
		t.Error("no ping")
	}
	s.Disconnect("warning")
	if f := <-frames; f["reason"] != "warning" || s.Connections() != 1 {
		t.Errorf("frame %v, %d connections", f, s.Connections())
	}
	s.Advance(11 * time.Second)
	if _, more := <-frames; more || !s.WaitFor(time.Second, func() bool { return s.Connections() == 0 }) {
		t.Error("the connection outlived its warning")
	}
	frames = open()
	s.Disconnect("refresh_requested")
	if f := <-frames; f["reason"] != "refresh_requested" {
		t.Errorf("frame %v", f)
	}
	frames = open()
	s.RequireClean(t)
	s.Disconnect("link_disabled")
	if f := <-frames; f["reason"] != "link_disabled" {
		t.Errorf("frame %v", f)
	}
	if got := app.callAs(s.AppToken(), "apps.connections.open", nil); got["ok"] != false {
		t.Errorf("%v", got)
	}
	need(t, s, "reconnect_after_link_disabled")
}
