package discordtest

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// conn is one WebSocket connection. Frames are queued under the server's
// lock and written by their own goroutine, so nobody waits for a slow client.
type conn struct {
	s        *Server
	ws       *websocket.Conn
	atResume bool
	version  int
	session  *session
	sent     []time.Time // when the client sent something
	closing  bool        // we have begun to close it
	heart    *time.Timer
	payloads bool // identify asked for compressed payloads
	stream   *zlib.Writer
	streamed bytes.Buffer

	qmu   sync.Mutex
	queue []outgoing
	wake  chan struct{}
}

type outgoing struct {
	kind int
	data []byte
}

func newConn(s *Server, ws *websocket.Conn, atResume, stream bool) *conn {
	c := &conn{s: s, ws: ws, atResume: atResume, wake: make(chan struct{}, 1)}
	if stream {
		c.stream = zlib.NewWriter(&c.streamed)
	}
	ws.SetReadLimit(1 << 20)
	ws.SetCloseHandler(func(int, string) error { return nil })
	go c.write()
	return c
}

// read takes what the client sends until the connection ends.
func (c *conn) read() {
	var code int
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			if ce, ok := errors.AsType[*websocket.CloseError](err); ok {
				code = ce.Code
			}
			break
		}
		c.s.mu.Lock()
		if !c.closing {
			c.take(data)
		}
		c.s.mu.Unlock()
	}
	c.ws.Close()
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.gone(code)
}

// gone forgets a connection that ended. A client that closes with 1000 or
// 1001 gives its session up; any other end leaves it to be resumed.
func (c *conn) gone(code int) {
	delete(c.s.gate.conns, c)
	if c.heart != nil {
		c.heart.Stop()
	}
	c.push(outgoing{kind: -1})
	if ss := c.session; ss != nil && ss.conn == c {
		ss.conn = nil
		if !c.closing && (code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway) {
			ss.dead = true
		}
	}
	c.s.signal()
}

// send queues a payload.
func (c *conn) send(op int, d any) {
	c.sendRaw(payload(op, "", 0, d))
}

func payload(op int, name string, seq int64, d any) []byte {
	o := obj{"op": op, "d": d, "t": orNull(name), "s": nil}
	if name != "" {
		o["s"] = seq
	}
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return b
}

// sendRaw queues bytes, compressed as the client asked: the whole stream, or
// single large payloads after compress:true in its identify.
func (c *conn) sendRaw(b []byte) {
	switch {
	case c.stream != nil:
		c.stream.Write(b)
		c.stream.Flush()
		c.push(outgoing{websocket.BinaryMessage, append([]byte(nil), c.streamed.Bytes()...)})
		c.streamed.Reset()
	case c.payloads && len(b) > 1024:
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write(b)
		w.Close()
		c.push(outgoing{websocket.BinaryMessage, z.Bytes()})
	default:
		c.push(outgoing{websocket.TextMessage, b})
	}
}

func (c *conn) push(o outgoing) {
	c.qmu.Lock()
	c.queue = append(c.queue, o)
	c.qmu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *conn) write() {
	for range c.wake {
		c.qmu.Lock()
		todo := c.queue
		c.queue = nil
		c.qmu.Unlock()
		for _, o := range todo {
			switch o.kind {
			case -1:
				return
			case websocket.CloseMessage:
				c.ws.WriteControl(o.kind, o.data, time.Now().Add(time.Second))
				// The client may still answer the close; then the line is cut.
				time.AfterFunc(time.Second, func() { c.ws.Close() })
			default:
				c.ws.SetWriteDeadline(time.Now().Add(10 * time.Second))
				if c.ws.WriteMessage(o.kind, o.data) != nil {
					c.ws.Close()
					return
				}
			}
		}
	}
}

// close ends the connection with a close code. The lock is held.
func (c *conn) close(code int, why string) {
	if c.closing {
		return
	}
	c.closing = true
	if ss := c.session; ss != nil && (finalCodes[code] || code == 4007 || code == 4009) {
		ss.dead = true
	}
	if ss := c.session; ss != nil && ss.conn == c {
		ss.conn = nil
	}
	c.push(outgoing{websocket.CloseMessage, websocket.FormatCloseMessage(code, why)})
}

// cut ends the connection without a word. The lock is held.
func (c *conn) cut() {
	if ss := c.session; ss != nil && ss.conn == c {
		ss.conn = nil
	}
	c.closing = true
	c.ws.UnderlyingConn().Close()
}

// watchHeart (re)starts the wait for the next heartbeat.
func (c *conn) watchHeart() {
	limit := c.s.opt.Heartbeat*5/4 + 250*time.Millisecond
	if c.heart != nil {
		c.heart.Reset(limit)
		return
	}
	c.heart = time.AfterFunc(limit, func() {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		if !c.closing && !c.s.closed {
			c.refuse(4009, "no heartbeat within "+limit.String())
		}
	})
}
