package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// InboxItem is an event that was acknowledged and not finished.
type InboxItem struct {
	Tenant, ID string
	At         time.Time // when it was put, or last handed out
	Body       []byte
	Attempts   int  // how often it was handed out
	Taken      Hold // when it was handed out
	Lease      Lease
}

// Inbox keeps an event which is acknowledged but not finished yet. Putting
// the same id again changes nothing.
func (db *DB) Inbox(ctx context.Context, tenant, id string, body []byte) error {
	sc := db.In(tenant)
	b := sc.Batch("").crashAt("inbox.")
	m := sc.member + clean(id)
	b.count(len(body))
	b.w.do("ZADD", sc.loop+"inbox", "NX", strconv.FormatInt(db.now().UnixMilli(), 10), m)
	b.w.do("HSETNX", sc.loop+"inbody", m, string(body))
	return sc.Commit(ctx, b)
}

// InboxDone removes a finished event.
func (b *Batch) InboxDone(id string) {
	m := b.w.member + clean(id)
	b.count(0)
	b.w.do("ZREM", b.w.loop+"inbox", m)
	b.w.do("HDEL", b.w.loop+"inbody", m)
	b.w.do("HDEL", b.w.loop+"intry", m)
}

// InboxDone removes a finished event that needs no other write.
func (db *DB) InboxDone(ctx context.Context, tenant, id string) error {
	sc := db.In(tenant)
	b := sc.Batch("").crashAt("clear.")
	b.InboxDone(id)
	return sc.Commit(ctx, b)
}

// TakeInbox hands out at most max events that were put before olderThan, and
// so belong to a process that did not finish them. Each counts as put now.
func (db *DB) TakeInbox(ctx context.Context, owned []ShardLease, olderThan time.Time, max int) ([]InboxItem, error) {
	var out []InboxItem
	taken := NewHold()
	for _, o := range owned {
		if len(out) >= max {
			break
		}
		keys := db.shardKey(o.Shard, "")
		v, err := db.run(ctx, db.writes, o.Shard, inboxScript, 4,
			keys+"inbox", keys+"inbody", keys+"intry", keys+"fence", o.Name, o.Token, olderThan.UnixMilli(), db.now().UnixMilli(), max-len(out))
		if err != nil {
			return out, err
		}
		got := answers(v)
		for i := 0; i+3 < len(got); i += 4 {
			it := InboxItem{At: millis(text(got, i+1)), Body: []byte(text(got, i+2)), Taken: taken, Lease: o.Lease}
			it.Tenant, it.ID = parts(text(got, i))
			it.Attempts, _ = strconv.Atoi(text(got, i+3))
			out = append(out, it)
		}
	}
	if len(out) > 0 {
		db.crash("inbox.taken")
	}
	return out, nil
}

// InInbox says whether an event still waits to be finished.
func (db *DB) InInbox(ctx context.Context, tenant, id string) (bool, error) {
	sc := db.In(tenant)
	there, err := db.c.HExists(ctx, sc.loop+"inbody", sc.member+clean(id)).Result()
	if err != nil {
		return false, fmt.Errorf("store: inbox %s: %w", id, unavailable(err))
	}
	return there, nil
}

// scanMembers calls f for each of the tenant's members of a shard's hash.
func (sc Scope) scanMembers(ctx context.Context, kind, prefix string, f func(name, value string) error) error {
	match := globEscape(sc.member+prefix) + "*"
	var cursor uint64
	for {
		var page []string
		var err error
		page, cursor, err = sc.db.c.HScan(ctx, sc.loop+kind, cursor, match, 500).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return fmt.Errorf("store: %s: %w", kind, unavailable(err))
		}
		for i := 0; i+1 < len(page); i += 2 {
			if err := f(strings.TrimPrefix(page[i], sc.member), page[i+1]); err != nil {
				return err
			}
		}
		if cursor == 0 {
			return nil
		}
	}
}

func globEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(s)
}
