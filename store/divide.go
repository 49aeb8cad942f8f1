package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// ShardLease is the right to work off one shard's news, timers, inbox and
// outgoing messages. The shard after the last is the global part.
type ShardLease struct {
	Shard int
	Lease
}

// aliveFor is the life of a process's mark and of its shard leases: with a
// beat every 2 s a dead process is replaced within 8 s.
const aliveFor = 6 * time.Second

const shardLease = "loop"

// member is one process as this DB plays it.
type member struct {
	sync.Mutex
	owner string // differs from that of a former process of the same name
	held  map[int]Lease
}

// Divide is one beat of a process's heart, to be called about every 2 s. It
// divides the shards evenly between the living processes and returns those
// that this one has now. While Redis is away it returns *Unavailable.
func (db *DB) Divide(ctx context.Context, process string) ([]ShardLease, error) {
	v, _ := db.procs.LoadOrStore(process, &member{owner: process + " " + rand.Text(), held: map[int]Lease{}})
	m := v.(*member)
	m.Lock()
	defer m.Unlock()
	alive, err := db.beat(ctx, process)
	if err != nil {
		return nil, err
	}
	type turn struct {
		shard int
		what  string
		l     Lease
	}
	var turns []turn
	for n := range db.shards + 1 {
		l, held := m.held[n]
		if !held {
			l = Lease{Name: shardLease, db: db, shard: n, owner: m.owner}
		}
		switch mine := alive[n%len(alive)] == process; {
		case mine && held:
			turns = append(turns, turn{n, "keep", l})
		case mine:
			turns = append(turns, turn{n, "take", l})
		case held:
			turns = append(turns, turn{n, "drop", l})
		}
	}
	errs := make([]error, len(turns))
	var wg sync.WaitGroup
	for i := range turns {
		t := &turns[i]
		wg.Go(func() { t.l.Token, errs[i] = t.l.call(ctx, t.what, aliveFor) })
	}
	wg.Wait()
	for i, t := range turns {
		if t.l.Token > 0 {
			m.held[t.shard] = t.l
		} else if errs[i] == nil {
			delete(m.held, t.shard)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var owned []ShardLease
	for n, l := range m.held {
		owned = append(owned, ShardLease{n, l})
	}
	slices.SortFunc(owned, func(a, b ShardLease) int { return a.Shard - b.Shard })
	return owned, nil
}

// beat marks the process as living and lists all that live, sorted.
func (db *DB) beat(ctx context.Context, process string) ([]string, error) {
	procs := global.key("procs")
	p := db.c.Pipeline()
	p.Set(ctx, global.key("proc:"+process), "1", aliveFor)
	p.SAdd(ctx, procs, process)
	all := p.SMembers(ctx, procs)
	if _, err := p.Exec(ctx); err != nil {
		return nil, fmt.Errorf("store: heartbeat: %w", unavailable(err))
	}
	names := all.Val()
	slices.Sort(names)
	p = db.c.Pipeline()
	there := make([]*redis.IntCmd, len(names))
	for i, n := range names {
		there[i] = p.Exists(ctx, global.key("proc:"+n))
	}
	if _, err := p.Exec(ctx); err != nil {
		return nil, fmt.Errorf("store: heartbeat: %w", unavailable(err))
	}
	var alive []string
	for i, n := range names {
		if n == process || there[i].Val() > 0 {
			alive = append(alive, n)
		} else {
			db.c.SRem(ctx, procs, n) // it comes back with its next beat
		}
	}
	return alive, nil
}

// Serving says whether any process works on this store.
func (db *DB) Serving(ctx context.Context) (bool, error) {
	names, err := db.c.SMembers(ctx, global.key("procs")).Result()
	if err != nil {
		return false, fmt.Errorf("store: %w", unavailable(err))
	}
	for _, n := range names {
		if there, err := db.c.Exists(ctx, global.key("proc:"+n)).Result(); err != nil || there > 0 {
			return there > 0, unavailable(err)
		}
	}
	return false, nil
}

// Leave ends a process's part at once, so that others need not wait for its
// leases to run out.
func (db *DB) Leave(ctx context.Context, process string) error {
	v, ok := db.procs.LoadAndDelete(process)
	if !ok {
		return nil
	}
	m := v.(*member)
	m.Lock()
	defer m.Unlock()
	var errs []error
	for _, l := range m.held {
		errs = append(errs, l.Release(ctx))
	}
	m.held = map[int]Lease{}
	p := db.c.Pipeline()
	p.Del(ctx, global.key("proc:"+process))
	p.SRem(ctx, global.key("procs"), process)
	_, err := p.Exec(ctx)
	return errors.Join(append(errs, unavailable(err))...)
}
