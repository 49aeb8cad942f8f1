package discordtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// session is what survives a connection: one shard of the app.
type session struct {
	s       *Server
	id      string
	shard   int
	shards  int
	intents int
	seq     int64
	log     []logged
	conn    *conn
	dead    bool
	beats   int
}

type logged struct {
	seq  int64
	data []byte
}

// remembered is how many events can be replayed.
const remembered = 5000

// owns says whether a guild's events, or those of no guild, go to the shard.
func (ss *session) owns(g *Guild) bool {
	if g == nil {
		return ss.shard == 0
	}
	return ShardOf(g.ID, ss.shards) == ss.shard
}

// push numbers an event, remembers it and sends it if there is a connection.
func (ss *session) push(name string, body obj) {
	ss.seq++
	b := payload(0, name, ss.seq, body)
	ss.log = append(ss.log, logged{ss.seq, b})
	if len(ss.log) > remembered {
		ss.log = ss.log[len(ss.log)-remembered:]
	}
	if ss.conn != nil {
		ss.conn.sendRaw(b)
	}
}

type identify struct {
	Token      string          `json:"token"`
	Intents    *int            `json:"intents"`
	Properties json.RawMessage `json:"properties"`
	Compress   bool            `json:"compress"`
	Shard      *[2]int         `json:"shard"`
}

func (s *Server) tokenOK(t string) bool { return strings.TrimPrefix(t, "Bot ") == s.app.Token }

// identify starts a session (op 2).
func (c *conn) identify(d json.RawMessage) {
	s := c.s
	var id identify
	if json.Unmarshal(d, &id) != nil || len(id.Properties) == 0 || string(id.Properties) == "null" {
		c.refuse(4002, "identify cannot be decoded, or has no properties")
		return
	}
	shard, shards := 0, 1
	if id.Shard != nil {
		shard, shards = id.Shard[0], id.Shard[1]
	}
	switch {
	case c.session != nil:
		c.refuse(4005, "identified twice on one connection")
	case !s.tokenOK(id.Token):
		c.refuse(4004, "wrong token")
	case shards < 1 || shard < 0 || shard >= shards:
		c.refuse(4010, fmt.Sprintf("shard %d of %d", shard, shards))
	case shards < s.opt.NeedsShards:
		c.refuse(4011, fmt.Sprintf("%d shards, %d are needed", shards, s.opt.NeedsShards))
	case id.Intents == nil || *id.Intents < 0 || *id.Intents&^knownIntents != 0:
		c.refuse(4013, "intents missing or unknown")
	case *id.Intents&privilegedIntents&^s.app.privileged != 0:
		c.refuse(4014, fmt.Sprintf("intents %d are not switched on for the app", *id.Intents&privilegedIntents&^s.app.privileged))
	case !c.mayStart(shard):
	default:
		if c.atResume {
			s.lint("gateway", "identified at resume_gateway_url instead of the URL of Get Gateway")
		}
		c.payloads = id.Compress && c.stream == nil
		c.start(shard, shards, *id.Intents)
	}
}

// mayStart counts an identify against the day's and the slot's allowance.
func (c *conn) mayStart(shard int) bool {
	s, g := c.s, &c.s.gate
	now := s.now()
	if g.remaining <= 0 {
		c.refuse(4004, "the day's identifies are used up: Discord resets the token and ends every session")
		s.app.Token = s.app.newToken()
		s.endSessions(4004, closeWords[4004])
		return false
	}
	slot := shard % s.opt.Sessions.MaxConcurrency
	if last, ok := g.slots[slot]; ok && now.Sub(last) < s.opt.IdentifyEvery {
		s.note(Fault{Kind: Refused, Where: "gateway", Text: fmt.Sprintf(
			"identify %v after another one; max_concurrency is %d per %v", now.Sub(last).Round(time.Millisecond), s.opt.Sessions.MaxConcurrency, s.opt.IdentifyEvery)})
		c.send(9, false)
		return false
	}
	g.slots[slot] = now
	g.remaining--
	return true
}

func (c *conn) start(shard, shards, intents int) {
	s := c.s
	s.gate.lastFinal = 0
	for _, old := range s.gate.order {
		if old.conn != nil && !old.dead && old.shard == shard && old.shards == shards {
			s.broken("gateway", "shard %d of %d has two owners: every event arrives twice", shard, shards)
		}
	}
	ss := &session{s: s, id: strings.ToLower(random(32)), shard: shard, shards: shards, intents: intents, conn: c}
	c.session = ss
	s.gate.sessions[ss.id] = ss
	s.gate.order = append(s.gate.order, ss)
	waiting := []any{}
	for _, g := range s.guilds {
		if !g.gone && ss.owns(g) {
			waiting = append(waiting, obj{"id": g.ID, "unavailable": true})
		}
	}
	ss.push("READY", obj{
		"v": c.version, "user": s.userJSON(s.app.user), "guilds": waiting, "session_id": ss.id, "session_type": "normal",
		"resume_gateway_url": s.resumeBase, "shard": []any{shard, shards},
		"application":   obj{"id": s.app.ID, "flags": integer(s.applicationJSON(), "flags", 0)},
		"user_settings": obj{}, "relationships": []any{}, "private_channels": []any{}, "presences": []any{},
		"guild_join_requests": []any{}, "geo_ordered_rtc_regions": []any{}, "_trace": []any{"fake"},
	})
	if intents&intentGuilds != 0 {
		for _, g := range s.guilds {
			if !g.gone && ss.owns(g) {
				ss.push("GUILD_CREATE", s.guildCreate(g))
			}
		}
	}
	s.signal()
}

// resume goes on with a session (op 6): what was missed, then RESUMED.
func (c *conn) resume(d json.RawMessage) {
	s := c.s
	var q struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     *int64 `json:"seq"`
	}
	if json.Unmarshal(d, &q) != nil || q.Seq == nil {
		c.refuse(4002, "resume cannot be decoded")
		return
	}
	ss := s.gate.sessions[q.Session]
	switch {
	case c.session != nil:
		c.refuse(4005, "resumed on a connection that is identified")
	case !s.tokenOK(q.Token):
		c.refuse(4004, "wrong token")
	case ss == nil || ss.dead || len(ss.log) > 0 && *q.Seq < ss.log[0].seq-1:
		c.send(9, false)
	case *q.Seq > ss.seq:
		c.refuse(4007, fmt.Sprintf("resume with seq %d, last sent was %d", *q.Seq, ss.seq))
	default:
		if !c.atResume {
			s.lint("gateway", "resumed at the URL of Get Gateway instead of resume_gateway_url")
		}
		if ss.conn != nil {
			ss.conn.cut()
		}
		c.session, ss.conn = ss, c
		for _, l := range ss.log {
			if l.seq > *q.Seq {
				c.sendRaw(l.data)
			}
		}
		ss.push("RESUMED", obj{"_trace": []any{"fake"}})
		s.signal()
	}
}

// endSessions closes every connection for good.
func (s *Server) endSessions(code int, why string) {
	for _, ss := range s.gate.order {
		ss.dead = true
	}
	for c := range s.gate.conns {
		c.close(code, why)
	}
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}
