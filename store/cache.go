package store

import (
	"container/list"
	"strings"
	"sync"
	"time"
)

const (
	cacheRows  = 4_000
	cacheBytes = 8 << 20
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
	known
	at time.Time
}

// known is what was worked out from a packed row. Neither part is ever
// changed: readers get copies of val.
type known struct {
	index *Index
	val   any // *T
}

func newCache() *cache { return &cache{rows: map[place]*list.Element{}, used: list.New()} }

func (c *cache) get(p place, now time.Time) (packed string, k known, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.rows[p]
	if !ok {
		return "", known{}, false
	}
	r := e.Value.(*cached)
	if now.Sub(r.at) > cacheFor {
		c.remove(e)
		return "", known{}, false
	}
	c.used.MoveToFront(e)
	return r.packed, r.known, true
}

// knows says whether there was such a row a while ago.
func (c *cache) knows(p place) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.rows[p]
	return ok
}

// same returns what is known of the very same row.
func (c *cache) same(p place, packed string) (k known) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.rows[p]; ok && e.Value.(*cached).packed == packed {
		k = e.Value.(*cached).known
	}
	return k
}

// put keeps a row as it was read or written now. A read that comes in after a later
// commit of this process changes nothing.
func (c *cache) put(p place, packed string, k known, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.rows[p]; ok {
		r := e.Value.(*cached)
		if older(packed, r.packed) {
			return
		}
		c.bytes += len(packed) - len(r.packed)
		r.packed, r.known, r.at = packed, k, now
		c.used.MoveToFront(e)
	} else {
		c.rows[p] = c.used.PushFront(&cached{p, packed, k, now})
		c.bytes += len(packed)
	}
	for len(c.rows) > cacheRows || c.bytes > cacheBytes {
		c.remove(c.used.Back())
	}
}

// older reports whether the one packed row has a lower revision than the other.
func older(a, b string) bool {
	a, _, _ = strings.Cut(a, " ")
	b, _, _ = strings.Cut(b, " ")
	return len(a) < len(b) || len(a) == len(b) && a < b
}

func (c *cache) drop(p place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.rows[p]; ok {
		c.remove(e)
	}
}

// dropAll drops the rows of that id in every table of a tenant.
func (c *cache) dropAll(tenant, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for p, e := range c.rows {
		if p.tenant == tenant && p.id == id {
			c.remove(e)
		}
	}
}

func (c *cache) remove(e *list.Element) {
	r := c.used.Remove(e).(*cached)
	delete(c.rows, r.place)
	c.bytes -= len(r.packed)
}
