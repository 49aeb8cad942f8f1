package slacktest

import "time"

// Connections is how many sockets the app has open.
func (s *Server) Connections() int {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return len(s.sockets.conns)
}

// Opened is how many sockets the app has opened in all.
func (s *Server) Opened() int {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return s.sockets.opened
}

// WaitConnected waits until the app has at least n sockets open.
func (s *Server) WaitConnected(n int, within time.Duration) bool {
	return s.WaitFor(within, func() bool { return s.Connections() >= n })
}

// DropSockets cuts every connection without a word.
func (s *Server) DropSockets() {
	for _, c := range s.sockets.all() {
		s.sockets.remove(c)
	}
}

// DropOneSocket cuts one connection without a word.
func (s *Server) DropOneSocket() {
	if all := s.sockets.all(); len(all) > 0 {
		s.sockets.remove(all[0])
	}
}

// Disconnect sends a disconnect frame on every connection. After "warning" a connection lives ten
// more seconds; after "refresh_requested" it ends at once; "link_disabled" also switches Socket
// Mode off until EnableSocketMode.
func (s *Server) Disconnect(reason string) {
	k := s.sockets
	all := k.all()
	k.mu.Lock()
	if reason == "link_disabled" {
		k.disabled = true
	}
	for _, c := range all {
		c.closing = reason != "warning"
	}
	k.mu.Unlock()
	for _, c := range all {
		c.send(obj{"type": "disconnect", "reason": reason, "debug_info": obj{"host": "slacktest"}})
		if reason == "warning" {
			s.Clock.after(warning, func() { k.remove(c) })
			continue
		}
		k.remove(c)
	}
}

// EnableSocketMode undoes link_disabled.
func (s *Server) EnableSocketMode() {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	s.sockets.disabled = false
}

func (k *sockets) all() []*conn {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]*conn(nil), k.conns...)
}

func (k *sockets) closeAll() {
	for _, c := range k.all() {
		k.remove(c)
	}
}
