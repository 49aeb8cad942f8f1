package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// NewsItem is one piece of news, in the order of its shard's commits. It
// stays in the stream until NewsDone.
type NewsItem struct {
	Tenant, Kind string
	Body         []byte
	ID           string // rises within a shard
	Attempts     int    // how often it was found unfinished; 0 the first time
	Lease        ShardLease
}

// newsAt is how far this process has read a shard's stream. The stream holds
// only what is not done; so a new owner begins at its start, and now and then
// everybody looks there again for what was left.
type newsAt struct {
	token int64
	last  string
	again time.Time            // when to look from the start again
	busy  map[string]time.Time // handed out, until when
}

const lookAgain = 15 * time.Second

// TakeNews hands out at most max pieces of news of the owned shards, and
// waits up to block for the first. News of a dead owner, and what was not done
// within a minute, comes again. One goroutine per process calls it.
func (db *DB) TakeNews(ctx context.Context, owned []ShardLease, max int, block time.Duration) ([]NewsItem, error) {
	out, err := db.takeNews(ctx, owned, max, block)
	if len(out) > 0 {
		db.crash("news.taken")
	}
	return out, err
}

func (db *DB) takeNews(ctx context.Context, owned []ShardLease, max int, block time.Duration) ([]NewsItem, error) {
	const pause = 50 * time.Millisecond
	for {
		out, err := db.oldNews(ctx, owned, max)
		if err != nil || len(out) > 0 {
			return out, err
		}
		if db.kind != "cluster" && db.kind != "memory" && len(owned) > 0 {
			return db.newNews(ctx, db.block, owned, max, min(block, lookAgain))
		}
		if out, err = db.newNews(ctx, nil, owned, max, 0); err != nil || len(out) > 0 || block <= 0 {
			return out, err
		}
		select {
		case <-ctx.Done():
			return nil, &Unavailable{ctx.Err()}
		case <-db.loops.told:
			block -= time.Millisecond
		case <-time.After(min(block, pause)):
			block -= pause
		}
	}
}

// at is the reader's place in a shard, reset for a new lease.
func (l *loops) at(o ShardLease) *newsAt {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.news[o.Shard]
	if a == nil || a.token != o.Token {
		a = &newsAt{token: o.Token, last: "0-0", busy: map[string]time.Time{}}
		l.news[o.Shard] = a
	}
	return a
}

// oldNews looks at the start of the streams for what somebody left there.
func (db *DB) oldNews(ctx context.Context, owned []ShardLease, max int) ([]NewsItem, error) {
	var out []NewsItem
	now := db.now()
	for _, o := range owned {
		a := db.loops.at(o)
		db.loops.mu.Lock()
		rest, most := now.Before(a.again), max+len(a.busy)
		db.loops.mu.Unlock()
		if rest {
			continue
		}
		page, err := db.c.XRangeN(ctx, db.shardKey(o.Shard, "news"), "-", "+", int64(most)).Result()
		if err != nil {
			return out, fmt.Errorf("store: news: %w", unavailable(err))
		}
		items := db.give(o, a, page, now, max-len(out))
		if len(page) < most {
			db.loops.mu.Lock()
			a.again = now.Add(lookAgain)
			for _, until := range a.busy { // NewsLater may want it sooner
				if until.Before(a.again) && until.After(now) {
					a.again = until
				}
			}
			db.loops.mu.Unlock()
		}
		if err := db.attempts(ctx, o, items); err != nil {
			for _, it := range append(out, items...) { // nobody gets them
				db.NewsLater(it, 0)
			}
			return nil, err
		}
		if out = append(out, items...); len(out) >= max {
			break
		}
	}
	return out, nil
}

// newNews reads on from where the last read ended: on c one blocking read of
// all shards, without c one read each.
func (db *DB) newNews(ctx context.Context, c redis.UniversalClient, owned []ShardLease, max int, block time.Duration) ([]NewsItem, error) {
	keys, from := make([]string, len(owned)), make([]string, len(owned))
	for i, o := range owned {
		a := db.loops.at(o)
		db.loops.mu.Lock()
		keys[i], from[i] = db.shardKey(o.Shard, "news"), a.last
		db.loops.mu.Unlock()
	}
	pages := map[string][]redis.XMessage{}
	if c != nil {
		if block < time.Millisecond {
			block = -1
		}
		got, err := c.XRead(ctx, &redis.XReadArgs{Streams: append(slices.Clone(keys), from...), Count: int64(max), Block: block}).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return nil, fmt.Errorf("store: news: %w", unavailable(err))
		}
		for _, s := range got {
			pages[s.Stream] = s.Messages
		}
	} else {
		p := db.c.Pipeline()
		cmds := make([]*redis.XMessageSliceCmd, len(owned))
		for i := range owned {
			cmds[i] = p.XRangeN(ctx, keys[i], "("+from[i], "+", int64(max))
		}
		if _, err := p.Exec(ctx); err != nil && len(owned) > 0 {
			return nil, fmt.Errorf("store: news: %w", unavailable(err))
		}
		for i := range cmds {
			pages[keys[i]] = cmds[i].Val()
		}
	}
	var out []NewsItem
	now := db.now()
	for i, o := range owned {
		out = append(out, db.give(o, db.loops.at(o), pages[keys[i]], now, max-len(out))...)
	}
	return out, nil
}

// give makes items of those entries that are not handed out already.
func (db *DB) give(o ShardLease, a *newsAt, page []redis.XMessage, now time.Time, most int) []NewsItem {
	db.loops.mu.Lock()
	defer db.loops.mu.Unlock()
	var out []NewsItem
	for _, m := range page {
		if len(out) >= most {
			break
		}
		if until, ok := a.busy[m.ID]; ok && now.Before(until) {
			continue
		}
		a.busy[m.ID] = now.Add(forgotten)
		if streamLess(a.last, m.ID) {
			a.last = m.ID
		}
		it := NewsItem{ID: m.ID, Lease: o}
		it.Tenant, _ = m.Values["t"].(string)
		it.Kind, _ = m.Values["k"].(string)
		body, _ := m.Values["b"].(string)
		it.Body = []byte(body)
		out = append(out, it)
	}
	if len(out) > 0 { // where news is, messages and timers may be
		for _, kind := range []string{"due", "outdue"} {
			if p := db.loops.peek[peekKey{kind, o.Shard}]; p != nil {
				p.dirty = true
			}
		}
		select {
		case db.wake <- struct{}{}:
		default:
		}
	}
	return out
}

// attempts counts that items were found unfinished.
func (db *DB) attempts(ctx context.Context, o ShardLease, items []NewsItem) error {
	if len(items) == 0 {
		return nil
	}
	v, err := db.newsScript(ctx, o, "again", items)
	if err != nil {
		return err
	}
	for i := range items {
		items[i].Attempts, _ = strconv.Atoi(text(answers(v), i))
	}
	return nil
}

// NewsDone takes items off the stream. Those whose lease has a newer owner
// stay, and ErrFenced is returned.
func (db *DB) NewsDone(ctx context.Context, items ...NewsItem) error {
	var fenced error
	for len(items) > 0 {
		o := items[0].Lease
		var same, rest []NewsItem
		for _, it := range items {
			if it.Lease.Shard == o.Shard && it.Lease.Token == o.Token && len(same) < 1000 {
				same = append(same, it)
			} else {
				rest = append(rest, it)
			}
		}
		db.crash("news.done.before")
		v, err := db.newsScript(ctx, o, "done", same)
		if err != nil {
			return err
		}
		db.crash("news.done.after")
		if v == "fenced" {
			fenced = ErrFenced
		}
		a := db.loops.at(o)
		db.loops.mu.Lock()
		for _, it := range same {
			delete(a.busy, it.ID)
		}
		db.loops.mu.Unlock()
		items = rest
	}
	return fenced
}

// NewsLater lets an item come again after a while, in this process or the
// shard's next owner.
func (db *DB) NewsLater(item NewsItem, after time.Duration) {
	a := db.loops.at(item.Lease)
	db.loops.mu.Lock()
	defer db.loops.mu.Unlock()
	again := db.now().Add(after)
	a.busy[item.ID] = again
	if again.Before(a.again) {
		a.again = again
	}
}

func (db *DB) newsScript(ctx context.Context, o ShardLease, what string, items []NewsItem) (any, error) {
	keys := db.shardKey(o.Shard, "")
	args := []any{keys + "news", keys + "newstry", keys + "fence", o.Name, o.Token, what}
	for _, it := range items {
		args = append(args, it.ID)
	}
	return db.run(ctx, db.writes, o.Shard, newsDoneScript, 3, args...)
}

// streamLess compares two stream ids, "ms-seq".
func streamLess(a, b string) bool {
	var am, as, bm, bs uint64
	_, _ = fmt.Sscanf(a, "%d-%d", &am, &as)
	_, _ = fmt.Sscanf(b, "%d-%d", &bm, &bs)
	return am < bm || am == bm && as < bs
}
