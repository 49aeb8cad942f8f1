package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// SeenReply is how a handled event was answered. ok is false when it was not
// handled within the last 25 h.
func (sc Scope) SeenReply(ctx context.Context, key string) (reply []byte, ok bool, err error) {
	v, err := sc.text(ctx, sc.seen(clean(key)))
	if errors.Is(err, ErrNone) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("store: seen: %w", err)
	}
	_, answer, _ := strings.Cut(v, " ")
	return []byte(answer), true, nil
}

// Token reads a short-lived thing without spending it, or ErrNone.
func (sc Scope) Token(ctx context.Context, id string) ([]byte, error) {
	v, err := sc.text(ctx, sc.token(id))
	if err != nil {
		return nil, err
	}
	return []byte(v), nil
}

// Counters are the tenant's cheap counters.
func (sc Scope) Counters(ctx context.Context) (map[string]int64, error) {
	all, err := sc.db.c.HGetAll(ctx, sc.key("count")).Result()
	if err != nil {
		return nil, fmt.Errorf("store: counters: %w", unavailable(err))
	}
	out := make(map[string]int64, len(all))
	for k, v := range all {
		out[k], _ = strconv.ParseInt(v, 10, 64)
	}
	return out, nil
}

func (sc Scope) text(ctx context.Context, key string) (string, error) {
	cmd := redis.NewStringCmd(ctx, "get", key)
	err := pick(sc.db.reads, sc.shard).do(ctx, cmd)
	if errors.Is(err, redis.Nil) {
		return "", ErrNone
	}
	if err != nil {
		return "", unavailable(err)
	}
	return cmd.Val(), nil
}
