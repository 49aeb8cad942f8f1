// Package store is the narrow waist over Redis: it knows bytes, tables,
// revisions, queues and leases, and nothing of persons, networks or hiring.
//
// It must never render, decide or talk to anything but Redis.
//
// A tenant's data lives in one of sixteen shards; all keys of a shard share a
// hash tag, so that one script changes them in one piece, on a cluster too.
// What has no tenant yet lives in the global part, In("").
//
// The path of a change: read rows (Table.Get, Lookup, …), decide, stage
// everything into a Batch (Put, Delete, Check, Audit, News, Timer, Out, Seen)
// and Commit it. commit.lua compares every revision read or written, then
// writes records, the difference of their indexes, the audit stream, news,
// timers and outgoing messages, or nothing at all. Each commit carries an
// operation id and may be sent twice.
//
// The path of what follows: processes divide the shards between them (Divide)
// and work off news (TakeNews), timers (Due), acknowledged events (TakeInbox)
// and outgoing messages (TakeOut). Every step carries the token of its lease;
// an owner that slept through its lease changes nothing.
//
// Which file answers what: keys.go names every key; table.go and search.go
// read; batch.go and commit.lua write; lease.go, news.go, timer.go, inbox.go,
// outbox.go are the loops; vault.go seals; child.go and embedded.go stand in
// for a server; health.go says what the present Redis may lose.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// shardCount is the number of tenant shards of a new store. A store made with
// another number keeps it.
const shardCount = 16

// Options says which Redis to use and how.
type Options struct {
	URL    string             // redis://, rediss://, redis+sentinel://, redis+cluster://; "" = a child or the in-process server
	Data   string             // directory for the append-only file, the snapshot and the lock; "" keeps nothing
	Memory bool               // with URL "": do not look for redis-server, use the in-process one
	Secret []byte             // sealing key material; may be nil
	Old    [][]byte           // former sealing keys, which still open
	Log    *slog.Logger       // nil discards
	Now    func() time.Time   // nil is the wall clock
	Crash  func(point string) // nil in life; tests stop the process at a named point
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	kind   string
	opt    Options
	log    *slog.Logger
	now    func() time.Time
	c      redis.UniversalClient // commands
	block  redis.UniversalClient // blocking reads; closed first
	reads  []*line
	writes []*line
	shards int
	cache  *cache
	ring   *ring
	wake   chan struct{}
	loops  *loops
	known  sync.Map // tenant → struct{}: registered in its shard by this process
	spaces sync.Map // tenant → *space

	upkeep   upkeep
	replicas atomic.Int32 // attached replicas, as last seen
	stop     context.CancelFunc
	done     sync.WaitGroup
	backend  backend // what Open started itself, or nil
	procs    sync.Map
	closed   atomic.Bool
}

// backend is a Redis that this process runs itself.
type backend interface {
	Close(ctx context.Context) error
}

// Open connects to the Redis that o names, or starts one, and makes the store
// if it is new. It returns an error when that Redis does not answer.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := &DB{opt: o, log: o.Log, now: o.Now, wake: make(chan struct{}, 1), cache: newCache()}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.now == nil {
		db.now = time.Now
	}
	var err error
	if db.ring, err = newRing(o.Secret, o.Old); err != nil {
		return nil, err
	}
	if err := db.dial(ctx); err != nil {
		return nil, err
	}
	db.loops = newLoops()
	if err := db.setUp(ctx); err != nil {
		return nil, errors.Join(err, db.shut(ctx))
	}
	db.reads, db.writes = newLines(db, nil), newLines(db, db.wrote)
	bg, stop := context.WithCancel(context.WithoutCancel(ctx))
	db.stop = stop
	db.done.Go(func() { db.watch(bg) })
	return db, nil
}

// setUp loads the scripts and fixes the number of shards, in one round trip.
func (db *DB) setUp(ctx context.Context) error {
	meta := global.key("meta")
	p := db.c.Pipeline()
	p.HSetNX(ctx, meta, "shards", shardCount)
	n := p.HGet(ctx, meta, "shards")
	if _, err := p.Exec(ctx); err != nil {
		return fmt.Errorf("store: %w", unavailable(err))
	}
	shards, err := strconv.Atoi(n.Val())
	if err != nil || shards < 1 || shards > 1024 {
		return fmt.Errorf("store: the number of shards in %s is %q", meta, n.Val())
	}
	db.shards = shards
	return db.loadScripts(ctx)
}

// Close lets go of this process's leases, writes what has to be kept and
// closes all connections.
func (db *DB) Close(ctx context.Context) error {
	if db.closed.Swap(true) {
		return nil
	}
	leave, cancel := context.WithTimeout(ctx, 2*time.Second) // Redis may be away
	defer cancel()
	db.procs.Range(func(p, _ any) bool {
		_ = db.Leave(leave, p.(string))
		return true
	})
	db.stop()
	err := db.block.Close()
	db.done.Wait()
	return errors.Join(err, db.shut(ctx))
}

func (db *DB) shut(ctx context.Context) error {
	var err error
	if db.backend != nil {
		err = db.backend.Close(ctx)
	}
	return errors.Join(err, db.c.Close())
}

// Kind is "server", "sentinel", "cluster", "child" or "memory".
func (db *DB) Kind() string { return db.kind }

// Shards is the number of tenant shards; the global part comes on top.
func (db *DB) Shards() int { return db.shards }

// Client is the bare client, for tests and benchmarks.
func (db *DB) Client() redis.UniversalClient { return db.c }

// Wake is signalled when this process may have committed something for a loop.
func (db *DB) Wake() <-chan struct{} { return db.wake }

// rouse wakes the loops after something in a shard has changed.
func (db *DB) rouse(shard int) {
	db.touched(shard)
	for _, c := range []chan struct{}{db.wake, db.loops.told} {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Scope is one tenant's part of the store, or the global part.
type Scope struct {
	db *DB
	*space
}

// In is the part of one tenant; "" is the global part.
func (db *DB) In(tenant string) Scope {
	if s, ok := db.spaces.Load(tenant); ok {
		return Scope{db, s.(*space)}
	}
	s := newSpace(tenant, db.shards)
	db.spaces.Store(tenant, s)
	return Scope{db, s}
}

// Tenant is the tenant's name, "" for the global part.
func (sc Scope) Tenant() string { return sc.tenant }
