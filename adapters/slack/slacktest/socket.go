package slacktest

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets = 10
	maxAck     = 20 * 1024 // an acknowledgement of this size or more is dropped
	warning    = 10 * time.Second
)

// sockets is Socket Mode: up to ten connections, each payload to any one of them.
type sockets struct {
	s        *Server
	up       websocket.Upgrader
	mu       sync.Mutex
	tickets  map[string]bool // single-use; false once used
	conns    []*conn
	next     int
	pending  map[string]*pending
	disabled bool
	opened   int
}

type conn struct {
	ws      *websocket.Conn
	write   sync.Mutex
	closing bool // a disconnect was announced: no new payloads here
	done    chan struct{}
}

// pending is an envelope and what has become of it.
type pending struct {
	on      *conn
	kind    string
	accepts bool
	ack     chan json.RawMessage
	state   string // "", "acked", "late"
	sent    time.Time
}

func newSockets(s *Server) *sockets {
	return &sockets{s: s, tickets: map[string]bool{}, pending: map[string]*pending{},
		up: websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}}
}

func (s *Server) connectionsOpen(c *call) (obj, *trouble) {
	k := s.sockets
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.disabled:
		s.fault("reconnect_after_link_disabled", c.method, "Socket Mode was switched off; the app was told to stop")
		return nil, refuse("socket_mode_disabled")
	case !s.app.Socket:
		s.fault("socket_mode_off", c.method, "this app is set to request URLs")
		return nil, refuse("socket_mode_disabled")
	}
	s.ids++
	ticket := base36(s.ids*32452843) + base36(time.Now().UnixNano())
	k.tickets[ticket] = true
	return obj{"url": "ws" + s.base[len("http"):] + "/socket?ticket=" + ticket + "&app_id=" + s.app.ID}, nil
}

func (k *sockets) serve(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	fresh, known := k.tickets[r.URL.Query().Get("ticket")]
	if known {
		k.tickets[r.URL.Query().Get("ticket")] = false
	}
	k.mu.Unlock()
	if !fresh {
		k.s.mu.Lock()
		k.s.fault("used_ticket", "socket", "the URL of apps.connections.open serves one connection")
		k.s.mu.Unlock()
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	ws, err := k.up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{ws: ws, done: make(chan struct{})}
	k.s.mu.Lock()
	app := k.s.app.ID
	k.s.mu.Unlock()
	k.mu.Lock()
	k.conns = append(k.conns, c)
	n := len(k.conns)
	k.opened++
	k.mu.Unlock()
	if n > maxSockets {
		c.send(obj{"type": "disconnect", "reason": "too_many_websockets", "debug_info": obj{"host": "slacktest"}})
		k.remove(c)
		return
	}
	c.send(obj{"type": "hello", "num_connections": n, "connection_info": obj{"app_id": app},
		"debug_info": obj{"host": "slacktest", "build_number": 1, "approximate_connection_time": 18060}})
	k.s.spawn(func() { k.ping(c) })
	k.s.mu.Lock()
	k.s.wake()
	k.s.mu.Unlock()
	k.read(c)
}

func (c *conn) send(v any) bool {
	c.write.Lock()
	defer c.write.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return c.ws.WriteMessage(websocket.TextMessage, marshal(v)) == nil
}

func (k *sockets) ping(c *conn) {
	tick := time.NewTicker(k.s.opt.PingEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-tick.C:
			c.write.Lock()
			_ = c.ws.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second))
			c.write.Unlock()
		}
	}
}

func (k *sockets) read(c *conn) {
	defer k.remove(c)
	for {
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		k.acknowledge(raw)
	}
}

// remove ends a connection; what was not acknowledged on it comes back to its sender.
func (k *sockets) remove(c *conn) {
	k.mu.Lock()
	if i := slices.Index(k.conns, c); i >= 0 {
		k.conns = slices.Delete(k.conns, i, i+1)
		close(c.done)
	}
	k.mu.Unlock()
	_ = c.ws.Close()
	k.s.mu.Lock()
	k.s.wake()
	k.s.mu.Unlock()
}

// acknowledge judges a frame from the app.
func (k *sockets) acknowledge(raw []byte) {
	var frame struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	wrong := json.Unmarshal(raw, &frame) != nil || frame.ID == ""
	k.mu.Lock()
	p := k.pending[frame.ID]
	var kind, detail string
	has := len(frame.Payload) > 0 && string(frame.Payload) != "null"
	switch {
	case wrong:
		kind, detail = "bad_frame", short(raw)
	case p == nil:
		kind, detail = "unknown_envelope", frame.ID
	case p.state == "acked":
		kind, detail = "acked_twice", p.kind+" "+frame.ID
	case p.state == "late":
		kind, detail = "late_ack", p.kind+" after "+time.Since(p.sent).Round(time.Millisecond).String()
		p.state = "acked"
	case len(raw) >= maxAck:
		kind, detail = "ack_too_large", "Slack drops an acknowledgement of 20 kB or more"
		close(p.ack)
		p.state = "acked"
	default:
		if has && !p.accepts {
			kind, detail = "unexpected_payload", p.kind+" was acknowledged with "+short(frame.Payload)
		}
		p.state = "acked"
		if !has {
			frame.Payload = nil
		}
		p.ack <- frame.Payload
	}
	k.mu.Unlock()
	if kind != "" {
		k.s.mu.Lock()
		k.s.fault(kind, "socket", "%s", detail)
		k.s.mu.Unlock()
	}
}

// send puts an envelope on some connection and waits for its acknowledgement. Without any
// connection it waits a moment for one: reconnecting leaves a gap.
func (k *sockets) send(kind string, payload obj, accepts bool, try int, reason string) outcome {
	began := time.Now()
	expired := make(chan struct{})
	stop := k.s.Clock.after(k.s.opt.Patience, func() { close(expired) })
	defer stop()
	c := k.pick(expired)
	if c == nil {
		return outcome{problem: "no_connection", took: time.Since(began)}
	}
	k.s.mu.Lock()
	id := k.s.newID("env-")
	k.s.mu.Unlock()
	p := &pending{on: c, kind: kind, accepts: accepts, ack: make(chan json.RawMessage, 1), sent: began}
	k.mu.Lock()
	k.pending[id] = p
	k.mu.Unlock()
	envelope := obj{"type": kind, "envelope_id": id, "payload": payload, "accepts_response_payload": accepts}
	if kind == "events_api" {
		envelope["retry_attempt"], envelope["retry_reason"] = try, map[string]string{"": "", "http_timeout": "timeout", "connection_failed": "timeout"}[reason]
	}
	if !c.send(envelope) {
		k.remove(c)
	}
	out := outcome{}
	select {
	case raw, ok := <-p.ack:
		out.body = raw
		if !ok {
			out.problem = "http_timeout"
		}
	case <-c.done:
		out.problem = "connection_failed"
		select { // the acknowledgement may have come just before the end
		case out.body = <-p.ack:
			out.problem = ""
		default:
		}
	case <-expired:
		out.problem = "http_timeout"
	case <-k.s.ctx.Done():
		out.problem = "connection_failed"
	}
	out.took = time.Since(began)
	k.mu.Lock()
	if out.problem != "" && p.state == "" {
		p.state = "late"
	}
	k.mu.Unlock()
	return out
}

// pick takes the connections in turn.
func (k *sockets) pick(expired <-chan struct{}) *conn {
	for {
		k.s.mu.Lock()
		changed := k.s.changed
		k.s.mu.Unlock()
		k.mu.Lock()
		for range k.conns {
			k.next++
			c := k.conns[k.next%len(k.conns)]
			if !c.closing {
				k.mu.Unlock()
				return c
			}
		}
		k.mu.Unlock()
		select {
		case <-changed:
		case <-expired:
			return nil
		case <-k.s.ctx.Done():
			return nil
		}
	}
}
