package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// Close codes after which a client must never connect again.
var finalCodes = map[int]bool{4004: true, 4010: true, 4011: true, 4012: true, 4013: true, 4014: true}

// gateway is the state behind all connections.
type gateway struct {
	conns     map[*conn]bool
	sessions  map[string]*session
	order     []*session
	slots     map[int]time.Time // last identify of each concurrency slot
	remaining int
	lastFinal int
	muted     bool // heartbeats get no answer
}

func (g *gateway) init(remaining int) {
	g.conns, g.sessions, g.slots, g.remaining = map[*conn]bool{}, map[string]*session{}, map[int]time.Time{}, remaining
}

// Owner is one session that identified as a shard.
type Owner struct {
	Shard, Shards int
	Session       string
	Connected     bool
	Heartbeats    int // so far
}

// Owners lists the sessions so far, oldest first; at most one per shard may
// be connected.
func (s *Server) Owners() []Owner {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Owner
	for _, ss := range s.gate.order {
		all = append(all, Owner{ss.shard, ss.shards, ss.id, ss.conn != nil, ss.beats})
	}
	return all
}

// Connected counts the sessions that are connected and ready.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connected()
}

func (s *Server) connected() int {
	n := 0
	for _, ss := range s.gate.order {
		if ss.conn != nil && !ss.dead {
			n++
		}
	}
	return n
}

// AwaitConnected waits until so many sessions are connected.
func (s *Server) AwaitConnected(n int) {
	if s.t != nil {
		s.t.Helper()
	}
	if !s.await(s.opt.Patience, func() bool { return s.connected() >= n }) {
		s.fail("waited %v for %d gateway sessions, have %d", s.opt.Patience, n, s.Connected())
	}
}

func (r *request) gatewayURL() (int, any, *apiError) {
	return 200, obj{"url": r.s.wsBase}, nil
}

func (r *request) gatewayBot() (int, any, *apiError) {
	o := r.s.opt.Sessions
	return 200, obj{"url": r.s.wsBase, "shards": r.s.opt.Shards, "session_start_limit": obj{
		"total": o.Total, "remaining": r.s.gate.remaining, "reset_after": 86400000, "max_concurrency": o.MaxConcurrency,
	}}, nil
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serveGateway takes a WebSocket connection. atResume says that it came to
// the host of resume_gateway_url.
func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request, atResume bool) {
	q := r.URL.Query()
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := newConn(s, ws, atResume, q.Get("compress") == "zlib-stream")
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		ws.Close()
		return
	}
	s.gate.conns[c] = true
	v, _ := strconv.Atoi(q.Get("v"))
	c.version = v
	switch {
	case q.Get("encoding") != "json":
		c.close(4002, "Only encoding=json is spoken here.")
	case v != 10 && !(v == 9 && s.opt.Nine):
		c.close(4012, "Invalid API version.")
	case q.Get("compress") != "" && q.Get("compress") != "zlib-stream":
		c.close(4002, "Only compress=zlib-stream is spoken here.")
	default:
		c.send(10, obj{"heartbeat_interval": s.opt.Heartbeat.Milliseconds(), "_trace": []any{"fake"}})
		c.watchHeart()
	}
	s.mu.Unlock()
	c.read()
}

// frame is one payload from the client.
type frame struct {
	Op int             `json:"op"`
	D  json.RawMessage `json:"d"`
}

// take handles one payload from the client. The lock is held.
func (c *conn) take(data []byte) {
	s := c.s
	if len(data) > 4096 {
		c.refuse(4002, fmt.Sprintf("payload of %d bytes, 4096 are allowed", len(data)))
		return
	}
	now := s.now()
	keep := c.sent[:0]
	for _, t := range c.sent {
		if now.Sub(t) < time.Minute {
			keep = append(keep, t)
		}
	}
	if c.sent = append(keep, now); len(c.sent) > 120 {
		c.refuse(4008, "more than 120 events in 60 seconds")
		return
	}
	var f frame
	if json.Unmarshal(data, &f) != nil {
		c.refuse(4002, "not decodable: "+string(data))
		return
	}
	if c.session == nil && f.Op != 1 && f.Op != 2 && f.Op != 6 {
		c.refuse(4003, fmt.Sprintf("op %d before identify", f.Op))
		return
	}
	switch f.Op {
	case 1:
		c.heartbeat(f.D)
	case 2:
		c.identify(f.D)
	case 3, 4, 31, 43:
	case 6:
		c.resume(f.D)
	case 8:
		c.members(f.D)
	default:
		c.refuse(4001, fmt.Sprintf("unknown op %d", f.Op))
	}
}

var closeWords = map[int]string{
	4000: "Unknown error.", 4001: "Unknown opcode.", 4002: "Error while decoding payload.", 4003: "Not authenticated.",
	4004: "Authentication failed.", 4005: "Already authenticated.", 4007: "Invalid seq.", 4008: "Rate limited.",
	4009: "Session timed out.", 4010: "Invalid shard.", 4011: "Sharding required.", 4012: "Invalid API version.",
	4013: "Invalid intents.", 4014: "Disallowed intents.",
}

// refuse closes the connection for something the client did.
func (c *conn) refuse(code int, why string) {
	s := c.s
	s.note(Fault{Kind: Refused, Code: code, Where: "gateway", Text: why})
	if finalCodes[code] {
		if s.gate.lastFinal == code {
			s.broken("gateway", "connected again after close code %d, which is final", code)
		}
		s.gate.lastFinal = code
	}
	c.close(code, closeWords[code])
}

func (c *conn) heartbeat(d json.RawMessage) {
	if c.session != nil {
		var seq *int64
		if json.Unmarshal(d, &seq) == nil && seq != nil && *seq > c.session.seq {
			c.refuse(4007, fmt.Sprintf("heartbeat with seq %d, last sent was %d", *seq, c.session.seq))
			return
		}
	}
	c.watchHeart()
	if c.session != nil {
		c.session.beats++
		c.s.signal()
	}
	if !c.s.gate.muted {
		c.send(11, nil)
	}
}

// members answers op 8 with chunks of a thousand.
func (c *conn) members(d json.RawMessage) {
	var q struct {
		Guild string   `json:"guild_id"`
		Query *string  `json:"query"`
		Limit int      `json:"limit"`
		Users []string `json:"user_ids"`
		Nonce string   `json:"nonce"`
	}
	if json.Unmarshal(d, &q) != nil || q.Query == nil && q.Users == nil {
		c.refuse(4002, "op 8 without query or user_ids")
		return
	}
	g := c.s.guild(q.Guild)
	if g == nil || !c.session.owns(g) {
		return
	}
	if q.Query != nil && *q.Query == "" && q.Limit == 0 && c.session.intents&intentMembers == 0 {
		c.refuse(4014, "op 8 for all members without the GUILD_MEMBERS intent")
		return
	}
	found := []any{}
	for _, m := range g.order {
		switch {
		case q.Users != nil && contains(q.Users, m.user.ID), q.Query != nil && hasPrefixFold(m.user.Name, *q.Query):
			found = append(found, c.s.memberWithUser(m))
		}
	}
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	count := max(1, (len(found)+999)/1000)
	for i := range count {
		part := found[i*1000 : min(len(found), i*1000+1000)]
		body := obj{"guild_id": g.ID, "members": part, "chunk_index": i, "chunk_count": count}
		if q.Nonce != "" {
			body["nonce"] = q.Nonce
		}
		c.session.push("GUILD_MEMBERS_CHUNK", body)
	}
}
