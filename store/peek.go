package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// peeked is what this process knows of the earliest member of a shard's
// sorted set of times. Commits of its own process mark it as out of date;
// those of others are found by looking again after a while.
type peeked struct {
	token int64
	next  time.Time // zero: nothing waits
	look  time.Time // look again then, by the machine's clock
	dirty bool
}

// peekEvery is how late a message or timer of another process may be noticed,
// unless news of the same shard says so earlier.
const peekEvery = 500 * time.Millisecond

// touched says that something in the shard's loops has changed.
func (db *DB) touched(shard int) {
	l := db.loops
	l.mu.Lock()
	for _, kind := range []string{"due", "outdue"} {
		if p := l.peek[peekKey{kind, shard}]; p != nil {
			p.dirty = true
		}
	}
	l.mu.Unlock()
}

// again has these shards looked at the next time.
func (db *DB) again(shards []ShardLease) {
	for _, o := range shards {
		db.touched(o.Shard)
	}
}

// anew has these shards looked at like those of a new lease: an answer was
// lost, and what it held may be marked as handed out.
func (db *DB) anew(kind string, shards []ShardLease) {
	l := db.loops
	l.mu.Lock()
	for _, o := range shards {
		delete(l.peek, peekKey{kind, o.Shard})
	}
	l.mu.Unlock()
}

type peekKey struct {
	kind  string
	shard int
}

// waiting picks the shards in which something of a kind is due by now, and
// says when the next thing is in the others. It asks Redis only about shards
// that may have changed, in one round trip. A shard under a new lease is
// always picked.
func (db *DB) waiting(ctx context.Context, owned []ShardLease, kind string, now time.Time) (due []ShardLease, next time.Time, err error) {
	l := db.loops
	clock := time.Now()
	var ask []ShardLease
	fresh := map[int]bool{}
	l.mu.Lock()
	for _, o := range owned {
		k := peekKey{kind, o.Shard}
		p := l.peek[k]
		if p == nil || p.token != o.Token {
			p = &peeked{token: o.Token, dirty: true}
			l.peek[k] = p
			fresh[o.Shard] = true
		}
		if p.dirty || clock.After(p.look) || !p.next.IsZero() && !p.next.After(now) {
			p.dirty = false
			p.look = clock.Add(peekEvery)
			ask = append(ask, o)
		} else if !p.next.IsZero() && (next.IsZero() || p.next.Before(next)) {
			next = p.next
		}
	}
	l.mu.Unlock()
	if len(ask) == 0 {
		return nil, next, nil
	}
	pipe := db.c.Pipeline()
	cmds := make([]*redis.ZSliceCmd, len(ask))
	for i, o := range ask {
		cmds[i] = pipe.ZRangeWithScores(ctx, db.shardKey(o.Shard, kind), 0, 0)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		db.anew(kind, ask)
		return nil, next, fmt.Errorf("store: %s: %w", kind, unavailable(err))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, o := range ask {
		var at time.Time
		if z := cmds[i].Val(); len(z) > 0 {
			at = time.UnixMilli(int64(z[0].Score))
		}
		if p := l.peek[peekKey{kind, o.Shard}]; p != nil {
			p.next = at
		}
		switch {
		case fresh[o.Shard], !at.IsZero() && !at.After(now):
			due = append(due, o)
		case !at.IsZero() && (next.IsZero() || at.Before(next)):
			next = at
		}
	}
	return due, next, nil
}
