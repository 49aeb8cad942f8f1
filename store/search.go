package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// Span is a part of an ordered index: scores from Min to Max, both included;
// Min 0 and Max 0 are all. Limit 0 is no limit.
type Span struct {
	Min, Max      float64
	Rev           bool // highest first
	Offset, Limit int
}

// Exact lists the ids of the rows with this value, in no order.
func (t *Table[T]) Exact(ctx context.Context, sc Scope, name, value string) ([]string, error) {
	cmd := redis.NewStringSliceCmd(ctx, "smembers", sc.exact(t.name, name, value))
	if err := pick(sc.db.reads, sc.shard).do(ctx, cmd); err != nil {
		return nil, fmt.Errorf("store: %s by %s: %w", t.name, name, unavailable(err))
	}
	return cmd.Val(), nil
}

// Range lists the ids in a part of the value's list, lowest score first.
func (t *Table[T]) Range(ctx context.Context, sc Scope, name, value string, q Span) ([]string, error) {
	low, high := "-inf", "+inf"
	if q.Min != 0 || q.Max != 0 {
		low, high = strconv.FormatFloat(q.Min, 'f', -1, 64), strconv.FormatFloat(q.Max, 'f', -1, 64)
	}
	args := []any{"zrangebyscore", sc.order(t.name, name, value), low, high}
	if q.Rev {
		args = []any{"zrevrangebyscore", sc.order(t.name, name, value), high, low}
	}
	if q.Limit > 0 || q.Offset > 0 {
		args = append(args, "limit", q.Offset, cmp.Or(q.Limit, -1))
	}
	cmd := redis.NewStringSliceCmd(ctx, args...)
	if err := pick(sc.db.reads, sc.shard).do(ctx, cmd); err != nil {
		return nil, fmt.Errorf("store: %s by %s: %w", t.name, name, unavailable(err))
	}
	return cmd.Val(), nil
}

// Count is how many rows each value of an ordered index has.
func (t *Table[T]) Count(ctx context.Context, sc Scope, name string, values ...string) ([]int, error) {
	return sc.counts(ctx, "zcard", values, func(v string) string { return sc.order(t.name, name, v) })
}

// CountExact is how many rows each value of an exact index has.
func (t *Table[T]) CountExact(ctx context.Context, sc Scope, name string, values ...string) ([]int, error) {
	return sc.counts(ctx, "scard", values, func(v string) string { return sc.exact(t.name, name, v) })
}

func (sc Scope) counts(ctx context.Context, cmd string, values []string, key func(string) string) ([]int, error) {
	p := sc.db.c.Pipeline()
	cmds := make([]*redis.Cmd, len(values))
	for i, v := range values {
		cmds[i] = p.Do(ctx, cmd, key(v))
	}
	if _, err := p.Exec(ctx); err != nil && len(values) > 0 {
		return nil, fmt.Errorf("store: count: %w", unavailable(err))
	}
	out := make([]int, len(values))
	for i, c := range cmds {
		out[i], _ = c.Int()
	}
	return out, nil
}

// Len is the number of rows.
func (t *Table[T]) Len(ctx context.Context, sc Scope) (int, error) {
	p := sc.db.c.Pipeline()
	n, own := p.HLen(ctx, sc.rows(t.name)), p.HExists(ctx, sc.rows(t.name), "")
	if _, err := p.Exec(ctx); err != nil {
		return 0, fmt.Errorf("store: %s: %w", t.name, unavailable(err))
	}
	if own.Val() {
		return int(n.Val()) - 1, nil
	}
	return int(n.Val()), nil
}

// Owner is the id of the row that has this id in another system, or ErrNone.
func (t *Table[T]) Owner(ctx context.Context, sc Scope, system, id string) (string, error) {
	cmd := redis.NewStringCmd(ctx, "hget", sc.uniq(t.name), mark{name: system, value: id}.field())
	err := pick(sc.db.reads, sc.shard).do(ctx, cmd)
	if errors.Is(err, redis.Nil) {
		return "", ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("store: %s of %s: %w", t.name, system, unavailable(err))
	}
	return cmd.Val(), nil
}

const (
	pagesPerCall = 10 // of 500 entries: some 2 ms of Redis
	callsAtMost  = 10
	mostFound    = 2000 // rows of one search
)

// Search finds rows in which every word typed is the beginning of some word,
// in the order of the rarest word, 2,000 at most. Nothing typed finds nothing.
func (t *Table[T]) Search(ctx context.Context, sc Scope, words string, limit int) ([]Row[T], error) {
	return t.look(ctx, sc, "", "", typed(words), limit)
}

// Lookup finds what text may mean: the row with that id; else the rows with
// that Ref; else those that Search finds.
func (t *Table[T]) Lookup(ctx context.Context, sc Scope, text string, limit int) ([]Row[T], error) {
	if isID(text) || sc.db.cache.knows(place{sc.tenant, t.name, text}) { // a plain read is cheaper
		if r, err := t.Get(ctx, sc, text); !errors.Is(err, ErrNone) {
			if err != nil {
				return nil, err
			}
			return []Row[T]{r}, nil
		}
	}
	return t.look(ctx, sc, text, fold(text), typed(text), limit)
}

func (t *Table[T]) look(ctx context.Context, sc Scope, id, ref string, words []string, limit int) ([]Row[T], error) {
	if id == "" && len(words) == 0 || limit <= 0 {
		return nil, nil
	}
	limit = min(limit, mostFound)
	if len(id) > 512 {
		id = ""
	}
	if len(ref) > 512 {
		ref = ""
	}
	var out []Row[T]
	offset := "0"
	for range callsAtMost {
		args := append([]string{id, ref, strconv.Itoa(limit - len(out)), offset, num(pagesPerCall)}, words...)
		keys := []string{sc.rows(t.name), sc.words(t.name), sc.tokens(t.name)}
		if t.def.Along != "" {
			keys = append(keys, sc.rows(t.def.Along))
		}
		v, err := sc.db.runText(ctx, sc.db.reads, sc.shard, lookupScript, keys, args)
		if err != nil {
			return nil, err
		}
		got := answers(v)
		for i := 1; i+2 < len(got); i += 3 {
			id, packed := text(got, i), text(got, i+1)
			if more := text(got, i+2); more != "" {
				at := place{sc.tenant, t.def.Along, id}
				sc.db.cache.put(at, more, sc.db.cache.same(at, more), sc.db.now())
			}
			r, err := t.fresh(sc, id, packed)
			if err != nil {
				return nil, err
			}
			if len(out) == 0 || !holds(out, id) {
				out = append(out, r)
			}
		}
		if offset = text(got, 0); offset == "" || len(out) >= limit {
			break
		}
		id, ref = "", ""
	}
	return out, nil
}

func holds[T any](rows []Row[T], id string) bool {
	for i := range rows {
		if rows[i].ID == id {
			return true
		}
	}
	return false
}
