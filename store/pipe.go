package store

import (
	"net"
	"sync"
	"time"
)

// pipe is the client's end of an in-memory connection whose writes never
// wait: a client that writes a whole pipeline before it reads would otherwise
// block a server that answers at once.
type pipe struct {
	net.Conn
	mu    sync.Mutex
	ready sync.Cond
	queue []byte
	err   error
}

func newPipe() (client, server net.Conn) {
	c, s := net.Pipe()
	p := &pipe{Conn: c}
	p.ready.L = &p.mu
	go p.pump()
	return p, s
}

func (p *pipe) pump() {
	for {
		p.mu.Lock()
		for len(p.queue) == 0 && p.err == nil {
			p.ready.Wait()
		}
		if p.err != nil {
			p.mu.Unlock()
			return
		}
		out := p.queue
		p.queue = nil
		p.mu.Unlock()
		if _, err := p.Conn.Write(out); err != nil {
			p.end(err)
			return
		}
	}
}

func (p *pipe) end(err error) {
	p.mu.Lock()
	if p.err == nil {
		p.err = err
	}
	p.mu.Unlock()
	p.ready.Signal()
}

func (p *pipe) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return 0, p.err
	}
	p.queue = append(p.queue, b...)
	p.ready.Signal()
	return len(b), nil
}

func (p *pipe) Close() error {
	p.end(net.ErrClosed)
	return p.Conn.Close()
}

// Deadlines are for reading alone.

func (p *pipe) SetDeadline(t time.Time) error    { return p.Conn.SetReadDeadline(t) }
func (p *pipe) SetWriteDeadline(time.Time) error { return nil }
