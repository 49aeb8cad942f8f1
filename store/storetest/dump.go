package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/store"
)

// Dump reads every key of every node, with all that it holds, as text.
func Dump(t testing.TB, db *store.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	var mu sync.Mutex
	each := func(ctx context.Context, c *redis.Client) error {
		keys := c.Scan(ctx, 0, "", 1000).Iterator()
		for keys.Next(ctx) {
			v, err := value(ctx, c, keys.Val())
			if n, gone := c.Exists(ctx, keys.Val()).Result(); gone == nil && n == 0 {
				continue // its time was over meanwhile
			}
			if err != nil {
				return err
			}
			mu.Lock()
			out[keys.Val()] = v
			mu.Unlock()
		}
		return keys.Err()
	}
	var err error
	switch c := db.Client().(type) {
	case *redis.ClusterClient:
		err = c.ForEachMaster(context.Background(), each)
	case *redis.Client:
		err = each(context.Background(), c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func value(ctx context.Context, c *redis.Client, key string) (string, error) {
	kind, err := c.Type(ctx, key).Result()
	if err != nil {
		return "", err
	}
	switch kind {
	case "string":
		return c.Get(ctx, key).Result()
	case "hash":
		m, err := c.HGetAll(ctx, key).Result()
		return fmt.Sprint(m), err
	case "set":
		s, err := c.SMembers(ctx, key).Result()
		slices.Sort(s)
		return fmt.Sprint(s), err
	case "zset":
		z, err := c.ZRangeWithScores(ctx, key, 0, -1).Result()
		return fmt.Sprint(z), err
	case "list":
		l, err := c.LRange(ctx, key, 0, -1).Result()
		return fmt.Sprint(l), err
	case "stream":
		x, err := c.XRange(ctx, key, "-", "+").Result()
		return fmt.Sprint(x), err
	}
	return "", fmt.Errorf("%s is a %s", key, kind)
}

// Same wants two dumps to be equal but for what lives on by itself: leases
// and the marks of processes.
func Same(t testing.TB, before, after map[string]string) {
	t.Helper()
	for k, v := range after {
		if moves(k) {
			continue
		}
		if old, ok := before[k]; !ok {
			t.Errorf("new: %s = %.200s", k, v)
		} else if old != v {
			t.Errorf("changed: %s\n%.300s\n%.300s", k, old, v)
		}
	}
	for k := range before {
		if _, ok := after[k]; !ok && !moves(k) {
			t.Errorf("gone: %s", k)
		}
	}
}

func moves(key string) bool {
	return strings.Contains(key, ":proc") || strings.Contains(key, ":~:lease:") || strings.Contains(key, ":~:pace:")
}

// Settled waits until nothing is left for a loop to do: no news, no event that
// was acknowledged, no message to be sent.
func Settled(t testing.TB, db *store.DB, limit time.Duration) {
	t.Helper()
	var left string
	ok := func(ctx context.Context) bool {
		left = ""
		for n := range db.Shards() + 1 {
			tag := fmt.Sprintf("{%d}:~:", n)
			if n == db.Shards() {
				tag = "{g}:~:"
			}
			c := db.Client()
			news, _ := c.XLen(ctx, tag+"news").Result()
			kept, _ := c.ZCard(ctx, tag+"inbox").Result()
			out, _ := c.ZCard(ctx, tag+"outqueue").Result()
			if news+kept+out > 0 {
				left = fmt.Sprintf("%s: %d news, %d events, %d messages", tag, news, kept, out)
				return false
			}
		}
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for quiet := 0; quiet < 3; time.Sleep(50 * time.Millisecond) {
		if quiet++; !ok(ctx) {
			quiet = 0
		}
		if ctx.Err() != nil {
			t.Fatalf("not settled within %v: %s", limit, left)
		}
	}
}
