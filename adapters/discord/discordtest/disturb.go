package discordtest

import "time"

// DropGateway cuts every gateway connection without a close frame, as a
// network does. Sessions can be resumed.
func (s *Server) DropGateway() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gate.conns {
		c.cut()
	}
	s.signal()
}

// CloseGateway closes every gateway connection with a code.
func (s *Server) CloseGateway(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.freeSlots()
	for c := range s.gate.conns {
		c.close(code, closeWords[code])
	}
	s.signal()
}

// Reconnect asks every client to reconnect and resume (op 7).
func (s *Server) Reconnect() { s.tellAll(7, nil) }

// InvalidSession tells every client that its session is invalid (op 9). One
// that is not resumable is over: events until the next identify are lost.
func (s *Server) InvalidSession(resumable bool) { s.tellAll(9, resumable) }

// ForgetSessions ends every session without a word, as time does: the next
// resume is answered with op 9 false.
func (s *Server) ForgetSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.freeSlots()
	for _, ss := range s.gate.order {
		ss.dead = true
	}
}

// tellAll sends an op after which a client has to leave, and cuts the line of
// one that stays.
func (s *Server) tellAll(op int, d any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.freeSlots()
	for c := range s.gate.conns {
		if c.session == nil {
			continue
		}
		if d == false {
			c.session.dead = true
		}
		c.send(op, d)
		time.AfterFunc(5*time.Second, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.gate.conns[c] && !c.closing && !s.closed {
				s.broken("gateway", "still connected 5 s after op %d", op)
				c.close(4000, closeWords[4000])
			}
		})
	}
	s.signal()
}

// freeSlots lets clients identify at once: the fake itself made them leave.
func (s *Server) freeSlots() { s.gate.slots = map[int]time.Time{} }

// MuteHeartbeats stops (or starts again) answering heartbeats: a zombie
// connection that a client has to notice.
func (s *Server) MuteHeartbeats(muted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate.muted = muted
}

// RepeatEvents sends the last n events of every session again, as Discord may
// after a resume.
func (s *Server) RepeatEvents(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ss := range s.gate.order {
		if ss.conn == nil || ss.dead {
			continue
		}
		for _, l := range ss.log[max(0, len(ss.log)-n):] {
			ss.conn.sendRaw(l.data)
		}
	}
}
