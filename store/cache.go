package store

import (
	"container/list"
	"sync"
	"time"
)

const (
	cacheRows  = 20_000
	cacheBytes = 32 << 20
	cacheFor   = 30 * time.Second // rights that end must end here too
)

// cache keeps rows lately read or written by this process, as packed text. It
// is bounded, and never asked for anything that is not checked or only shown.
type cache struct {
	mu    sync.Mutex
	rows  map[place]*list.Element
	used  *list.List // newest first
	bytes int
}

// place is where a row lies.
type place struct{ tenant, table, id string }

type cached struct {
	place
	packed string // "rev schema json"
	index  *Index // of packed, where it is known; never changed
	at     time.Time
}

func newCache() *cache { return &cache{rows: map[place]*list.Element{}, used: list.New()} }

func (c *cache) get(p place, now time.Time) (packed string, x *Index, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.rows[p]
	if !ok {
		return "", nil, false
	}
	r := e.Value.(*cached)
	if now.Sub(r.at) > cacheFor {
		c.remove(e)
		return "", nil, false
	}
	c.used.MoveToFront(e)
	return r.packed, r.index, true
}

// knows says whether there was such a row a while ago.
func (c *cache) knows(p place) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.rows[p]
	return ok
}

// put keeps a row and returns its index where it is known: from x, or from
// the same row kept before.
func (c *cache) put(p place, packed string, x *Index, now time.Time) *Index {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.rows[p]; ok {
		r := e.Value.(*cached)
		if x == nil && r.packed == packed {
			x = r.index
		}
		c.bytes += len(packed) - len(r.packed)
		r.packed, r.index, r.at = packed, x, now
		c.used.MoveToFront(e)
	} else {
		c.rows[p] = c.used.PushFront(&cached{p, packed, x, now})
		c.bytes += len(packed)
	}
	for len(c.rows) > cacheRows || c.bytes > cacheBytes {
		c.remove(c.used.Back())
	}
	return x
}

func (c *cache) drop(p place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.rows[p]; ok {
		c.remove(e)
	}
}

func (c *cache) remove(e *list.Element) {
	r := c.used.Remove(e).(*cached)
	delete(c.rows, r.place)
	c.bytes -= len(r.packed)
}
