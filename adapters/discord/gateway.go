package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// Gateway operations.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// closeKeep ends a connection so that its session can be resumed; 1000 and 1001
// would end the session.
const closeKeep = 4000

// fatal says what each close code means after which connecting again is forbidden.
var fatal = map[int]error{
	4004: errToken,
	4010: errors.New("Discord does not accept the number of this shard"),
	4011: errors.New("Discord wants this bot in more shards: leave the number of shards to Discord (0)"),
	4012: errors.New("Discord no longer speaks this version of its gateway: a newer Rapport is needed"),
	4013: errors.New("Discord does not know one of the intents asked for: a newer Rapport is needed"),
	4014: errors.New("Discord does not allow this bot the Server Members or Message Content intent: switch them on, or off and on, on the Bot page of the developer portal and start again"),
}

// connectAlways keeps the shard connected until ctx ends or Discord refuses for good.
func (s *shard) connectAlways(ctx context.Context) error {
	wait := time.Second
	for {
		ready, err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // told to end, which is no failure
		}
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			if why := fatal[closed.Code]; why != nil {
				s.forget()
				s.save(ctx)
				if closed.Code == 4004 {
					s.n.rest.refused.Store(true)
				}
				return why
			}
			switch closed.Code {
			case 4003, 4007, 4009: // the session is of no more use
				s.forget()
			}
		}
		if errors.Is(err, errToken) {
			return err
		}
		if ready {
			wait = time.Second
		}
		s.n.log.InfoContext(ctx, "Discord connection ended", "shard", s.id, "err", err)
		s.n.count("discord.reconnect")
		pause := wait + rand.N(wait)
		if ready && s.session.ID != "" {
			pause = rand.N(250 * time.Millisecond) // resume at once, so that little is missed
		} else {
			wait = min(wait*2, time.Minute)
		}
		if sleep(ctx, pause) != nil {
			return nil //nolint:nilerr // told to end, which is no failure
		}
	}
}

func (s *shard) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session, s.seq = session{}, 0
}

// connect runs one connection to its end. ready is true when the session was
// begun or resumed on it.
func (s *shard) connect(ctx context.Context) (ready bool, err error) {
	resuming := s.session.ID != ""
	address, err := s.address(ctx, resuming)
	if err != nil {
		return false, err
	}
	ws, err := dial(ctx, address)
	if err != nil {
		s.missed++
		return false, err
	}
	s.missed = 0
	c := &conn{ws: ws}
	defer ws.Close()
	stop := context.AfterFunc(ctx, c.leave)
	defer stop()
	beat, err := c.hello()
	if err != nil {
		return false, err
	}
	done := make(chan struct{})
	defer close(done)
	go c.heart(beat, done, func() int64 { s.mu.Lock(); defer s.mu.Unlock(); return s.seq })
	if resuming {
		s.mu.Lock()
		seq := s.seq
		s.mu.Unlock()
		err = c.write(opResume, map[string]any{"token": s.token(), "session_id": s.session.ID, "seq": seq})
	} else {
		err = c.write(opIdentify, map[string]any{"token": s.token(), "intents": s.intents, "shard": [2]int{s.id, s.of}, "large_threshold": 50,
			"properties": map[string]string{"os": runtime.GOOS, "browser": "rapport", "device": "rapport"}})
	}
	if err != nil {
		return false, err
	}
	for {
		e, err := c.read()
		if err != nil {
			return ready, err
		}
		switch e.Operation {
		case opDispatch:
			switch e.Type {
			case "READY":
				s.begun(e.RawData)
				ready = true
			case "RESUMED":
				ready = true
			}
			s.dispatch(ctx, e)
			if e.Type == "READY" {
				select {
				case s.started <- struct{}{}:
				default:
				}
			}
		case opHeartbeat:
			c.beat(s.sequence())
		case opAck:
			c.acked.Store(true)
		case opReconnect:
			c.leave()
			return true, errors.New("asked to reconnect")
		case opInvalid:
			c.leave()
			var again bool
			if json.Unmarshal(e.RawData, &again) != nil || !again {
				s.forget()
			}
			return false, errors.New("session refused")
		}
	}
}

func (s *shard) sequence() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq
}

func (s *shard) token() string { return s.n.rest.session.Token[len("Bot "):] }

// address is where to connect: a session is resumed at its own host, while that
// can be reached.
func (s *shard) address(ctx context.Context, resuming bool) (string, error) {
	if !resuming {
		return s.mayIdentify(ctx)
	}
	if s.session.URL != "" && s.missed < 3 {
		return s.session.URL, nil
	}
	g, err := s.n.gateway(ctx)
	return g.URL, err
}

// begun notes what READY says of the new session.
func (s *shard) begun(raw []byte) {
	var r struct {
		SessionID string `json:"session_id"`
		URL       string `json:"resume_gateway_url"`
	}
	if json.Unmarshal(raw, &r) != nil {
		return
	}
	s.mu.Lock()
	s.session = session{ID: r.SessionID, URL: r.URL}
	s.mu.Unlock()
}

// gate is what this process knows of the gateway's limits.
type gate struct {
	mu    sync.Mutex
	last  discordgo.GatewayBotResponse
	until time.Time         // last is taken as true so long
	next  map[int]time.Time // by concurrency slot: when a shard may identify again
}

func (g *gate) set(r discordgo.GatewayBotResponse, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last, g.until = r, now.Add(10*time.Minute)
}

// begin counts a session that is about to be begun, while one may be.
func (g *gate) begin(now time.Time) (discordgo.GatewayBotResponse, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	limited := g.last.SessionStartLimit.Total > 0
	if g.last.URL == "" || now.After(g.until) || limited && g.last.SessionStartLimit.Remaining <= 0 {
		return g.last, false
	}
	g.last.SessionStartLimit.Remaining--
	return g.last, true
}

// slot is how long to wait before a shard may identify; one process alone keeps it.
func (g *gate) slot(n int, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if wait := g.next[n].Sub(now); wait > 0 {
		return wait
	}
	if g.next == nil {
		g.next = map[int]time.Time{}
	}
	g.next[n] = now.Add(identifyEvery)
	return 0
}

// identifyEvery is the least time between two identifies of one concurrency slot.
const identifyEvery = 5100 * time.Millisecond

// mayIdentify says where to connect, and waits until Discord's limits, shared by
// all processes of this bot, let the shard identify.
func (s *shard) mayIdentify(ctx context.Context) (string, error) {
	n := s.n
	g, ok := n.gate.begin(time.Now())
	if !ok {
		var err error
		if g, err = n.gateway(ctx); err != nil {
			return "", err
		}
		n.gate.set(g, time.Now())
		if _, ok = n.gate.begin(time.Now()); !ok {
			wait := max(time.Duration(g.SessionStartLimit.ResetAfter)*time.Millisecond, time.Second)
			n.log.WarnContext(ctx, "Discord allows no more new sessions today", "again in", wait)
			return "", errors.Join(errors.New("no more new sessions for now"), sleep(ctx, wait))
		}
	}
	slot := s.id % s.parallel
	for {
		var wait time.Duration
		if n.host.Pace != nil {
			var err error
			if wait, err = n.host.Pace(ctx, fmt.Sprintf("discord/identify/%d", slot), 1/identifyEvery.Seconds(), 1); err != nil {
				return "", err // the store is away: without it two processes could identify at once
			}
		} else {
			wait = n.gate.slot(slot, time.Now())
		}
		if wait <= 0 {
			return g.URL, nil
		}
		if err := sleep(ctx, wait); err != nil {
			return "", err
		}
	}
}

func dial(ctx context.Context, address string) (*websocket.Conn, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = url.Values{"v": {version}, "encoding": {"json"}}.Encode()
	d := websocket.Dialer{HandshakeTimeout: 15 * time.Second, Proxy: http.ProxyFromEnvironment}
	ws, resp, err := d.DialContext(ctx, u.String(), nil)
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	return ws, err
}

// conn is one connection: one reader, several writers.
type conn struct {
	ws    *websocket.Conn
	mu    sync.Mutex
	acked atomic.Bool
}

func (c *conn) read() (*discordgo.Event, error) {
	_, raw, err := c.ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	var e discordgo.Event
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	return &e, nil
}

func (c *conn) write(op int, d any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(10 * time.Second))
	return c.ws.WriteJSON(map[string]any{"op": op, "d": d})
}

// leave closes the connection and keeps its session.
func (c *conn) leave() {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeKeep, ""), time.Now().Add(time.Second))
	_ = c.ws.Close()
}

// hello reads the first message: how often the heart must beat.
func (c *conn) hello() (time.Duration, error) {
	_ = c.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	e, err := c.read()
	if err != nil {
		return 0, err
	}
	var h struct {
		Interval int64 `json:"heartbeat_interval"`
	}
	if e.Operation != opHello || json.Unmarshal(e.RawData, &h) != nil || h.Interval <= 0 {
		return 0, fmt.Errorf("gateway: operation %d instead of hello", e.Operation)
	}
	return time.Duration(h.Interval) * time.Millisecond, c.ws.SetReadDeadline(time.Time{})
}

func (c *conn) beat(seq int64) {
	var d any
	if seq > 0 {
		d = seq
	}
	if c.write(opHeartbeat, d) != nil {
		_ = c.ws.Close()
	}
}

// heart beats every interval, the first time after a random part of it. A beat
// that was not answered before the next one means that the line is dead.
func (c *conn) heart(every time.Duration, done <-chan struct{}, seq func() int64) {
	c.acked.Store(true)
	t := time.NewTimer(rand.N(every))
	defer t.Stop()
	for {
		select {
		case <-done:
			return
		case <-t.C:
			if !c.acked.Swap(false) {
				c.leave()
				return
			}
			c.beat(seq())
			t.Reset(every)
		}
	}
}
