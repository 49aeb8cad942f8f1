package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	json "github.com/go-json-experiment/json/v1"
	"github.com/redis/go-redis/v9"
)

// Scrub removes the short-lived things of the scope in which any of the words
// stands: kept answers, tokens, acknowledged events and dead letters. Words of
// fewer than three characters are ignored. It looks at all of them, so it is for
// erasure alone. It returns how many it removed.
func (sc Scope) Scrub(ctx context.Context, words []string) (int, error) {
	var fold []string
	for _, w := range words {
		if w = strings.ToLower(strings.TrimSpace(w)); len([]rune(w)) >= 3 {
			fold = append(fold, w)
			if raw, err := json.Marshal(w); err == nil && string(raw[1:len(raw)-1]) != w { // as it stands in JSON
				fold = append(fold, string(raw[1:len(raw)-1]))
			}
		}
	}
	if len(fold) == 0 {
		return 0, nil
	}
	hit := func(v string) bool {
		v = strings.ToLower(v)
		for _, w := range fold {
			if strings.Contains(v, w) {
				return true
			}
		}
		return false
	}
	n := 0
	for _, prefix := range []string{sc.seen(""), sc.token("")} {
		k, err := sc.scrubKeys(ctx, prefix, hit)
		if n += k; err != nil {
			return n, fmt.Errorf("store: scrub: %w", unavailable(err))
		}
	}
	err := sc.scanMembers(ctx, "inbody", "", func(id, v string) error {
		if !hit(v) {
			return nil
		}
		n++
		return sc.db.InboxDone(ctx, sc.tenant, id)
	})
	if err != nil {
		return n, err
	}
	dead, err := sc.db.DeadLetters(ctx, sc.tenant)
	for _, d := range dead {
		if err == nil && hit(string(d.Body)+d.Why) {
			n++
			if err = sc.db.DeadDrop(ctx, sc.tenant, d.ID); errors.As(err, new(*Gone)) {
				err = nil
			}
		}
	}
	return n, err
}

func (sc Scope) scrubKeys(ctx context.Context, prefix string, hit func(string) bool) (int, error) {
	var mu sync.Mutex
	n := 0
	on := func(ctx context.Context, c *redis.Client) error {
		var cursor uint64
		for {
			keys, next, err := c.Scan(ctx, cursor, globEscape(prefix)+"*", 1000).Result()
			if err != nil {
				return err
			}
			for _, k := range keys {
				v, err := c.Get(ctx, k).Result()
				if errors.Is(err, redis.Nil) || err == nil && !hit(v) {
					continue
				}
				if err == nil {
					err = c.Del(ctx, k).Err()
				}
				if err != nil {
					return err
				}
				mu.Lock()
				n++
				mu.Unlock()
			}
			if cursor = next; cursor == 0 {
				return nil
			}
		}
	}
	if cluster, ok := sc.db.c.(*redis.ClusterClient); ok {
		err := cluster.ForEachMaster(ctx, on)
		return n, err
	}
	if c, ok := sc.db.c.(*redis.Client); ok {
		err := on(ctx, c)
		return n, err
	}
	return 0, fmt.Errorf("a client of type %T", sc.db.c)
}
