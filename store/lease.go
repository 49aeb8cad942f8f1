package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Lease is single ownership of a name for a time. Its token rises with every
// new owner; a commit that names the lease (Batch.Fence) is refused once
// there is a newer one.
type Lease struct {
	Name  string
	Token int64

	db    *DB
	shard int // where it is kept
	owner string
}

func (l Lease) inShard(shard int) bool { return l.db != nil && l.shard == shard }

// Lease takes the name for ttl, or reports false while somebody has it. Every
// call is an owner of its own.
func (db *DB) Lease(ctx context.Context, name string, ttl time.Duration) (Lease, bool, error) {
	return db.take(ctx, db.shards, name, rand.Text(), ttl)
}

func (db *DB) take(ctx context.Context, shard int, name, owner string, ttl time.Duration) (Lease, bool, error) {
	l := Lease{Name: name, db: db, shard: shard, owner: owner}
	var err error
	l.Token, err = l.call(ctx, "take", ttl)
	return l, l.Token > 0 && err == nil, err
}

// Renew lengthens the lease to ttl from now. It reports false when it is lost.
func (l Lease) Renew(ctx context.Context, ttl time.Duration) (bool, error) {
	n, err := l.call(ctx, "keep", ttl)
	return n > 0, err
}

// Release gives the name free at once.
func (l Lease) Release(ctx context.Context) error {
	_, err := l.call(ctx, "drop", 0)
	return err
}

func (l Lease) call(ctx context.Context, what string, ttl time.Duration) (int64, error) {
	if l.db == nil {
		return 0, errors.New("store: a lease that was never taken")
	}
	v, err := l.db.run(ctx, l.db.writes, l.shard, leaseScript, 2, l.args(what, ttl)...)
	if err != nil {
		return 0, fmt.Errorf("lease %s: %w", l.Name, err)
	}
	n, _ := v.(int64)
	return n, nil
}

func (l Lease) args(what string, ttl time.Duration) []any {
	return []any{l.db.shardKey(l.shard, "lease:"+l.Name), l.db.shardKey(l.shard, "fence"),
		what, l.owner, l.Name, max(1, ttl.Milliseconds()), l.Token}
}

// holds says whether no newer owner of l is known where l is kept.
func (db *DB) holds(ctx context.Context, l Lease) (bool, error) {
	if l.db == nil {
		return false, nil
	}
	cmd := redis.NewStringCmd(ctx, "hget", db.shardKey(l.shard, "fence"), l.Name)
	if err := pick(db.reads, l.shard).do(ctx, cmd); err != nil && !errors.Is(err, redis.Nil) {
		return false, fmt.Errorf("store: lease %s: %w", l.Name, unavailable(err))
	}
	token, _ := strconv.ParseInt(cmd.Val(), 10, 64)
	return token <= l.Token, nil
}
