package storetest

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Proxy stands before a Redis and may lose replies: the commands arrive and
// are done, the connection is cut before the answer comes back.
type Proxy struct {
	Addr  string
	to    string
	l     net.Listener
	cut   atomic.Int64 // lose the answer of every n-th request; 0 loses none
	words atomic.Value // string: lose the answer to every request that holds it
	down  atomic.Bool
	n     atomic.Int64
	Lost  atomic.Int64 // answers lost so far
	mu    sync.Mutex
	all   map[net.Conn]bool
}

// NewProxy starts a proxy before a server.
func NewProxy(t testing.TB, to *Redis) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Addr: l.Addr().String(), to: to.Addr, l: l, all: map[net.Conn]bool{}}
	go p.serve()
	t.Cleanup(func() {
		l.Close()
		p.drop()
	})
	return p
}

// URL is the address in the form of RAPPORT_REDIS_URL.
func (p *Proxy) URL() string { return "redis://" + p.Addr }

// LoseEvery loses the answer to every n-th request from now on; 0 loses none.
func (p *Proxy) LoseEvery(n int) { p.cut.Store(int64(n)) }

// LoseAnswersTo loses the answer to every request that holds some words from now
// on; "" loses none.
func (p *Proxy) LoseAnswersTo(words string) { p.words.Store(words) }

// Down cuts all connections and refuses new ones, until Up.
func (p *Proxy) Down() {
	p.down.Store(true)
	p.drop()
}

// Up lets connections through again.
func (p *Proxy) Up() { p.down.Store(false) }

func (p *Proxy) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.all {
		c.Close()
	}
}

func (p *Proxy) serve() {
	for {
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		if p.down.Load() {
			c.Close()
			continue
		}
		up, err := net.Dial("tcp", p.to)
		if err != nil {
			c.Close()
			continue
		}
		p.mu.Lock()
		p.all[c], p.all[up] = true, true
		p.mu.Unlock()
		end := func() {
			c.Close()
			up.Close()
			p.mu.Lock()
			delete(p.all, c)
			delete(p.all, up)
			p.mu.Unlock()
		}
		var lose atomic.Bool
		go func() {
			p.forth(up, c, &lose)
			end()
		}()
		go func() {
			p.back(c, up, &lose)
			end()
		}()
	}
}

// forth copies requests, and notes when one comes whose answer is to be lost.
func (p *Proxy) forth(up, c net.Conn, lose *atomic.Bool) {
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		if words, _ := p.words.Load().(string); words != "" && bytes.Contains(buf[:n], []byte(words)) {
			lose.Store(true)
		}
		if _, err := up.Write(buf[:n]); err != nil {
			return
		}
	}
}

// back copies answers, and now and then loses one.
func (p *Proxy) back(c, up net.Conn, lose *atomic.Bool) {
	buf := make([]byte, 64<<10)
	for {
		n, err := up.Read(buf)
		if err != nil {
			return
		}
		if every := p.cut.Load(); lose.Load() || every > 0 && p.n.Add(1)%every == 0 {
			p.Lost.Add(1)
			return
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}
