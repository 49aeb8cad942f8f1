package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Commit applies the batch: all of it, or nothing and an error. It returns
// *Stale, *Seen, *Taken, *TooLate, *Gone, ErrFenced or ErrTooBig when it was
// refused, and *Unavailable when it is unknown whether it was applied; then
// the same batch, or another with its op, may be committed again.
func (sc Scope) Commit(ctx context.Context, b *Batch) error {
	if b.w.space != sc.space {
		return errors.New("store: the batch belongs to another tenant")
	}
	if err := sc.prepare(ctx, b); err != nil {
		return err
	}
	sc.db.crash(b.crash + "commit.before")
	v, err := sc.db.runText(ctx, sc.db.writes, sc.shard, commitScript, b.w.keys, b.w.checks, b.w.steps)
	if err != nil {
		return err
	}
	sc.db.crash(b.crash + "commit.after")
	if err := sc.answer(v); err != nil {
		return err
	}
	sc.remember(b, answers(v))
	for _, f := range b.done {
		f()
	}
	b.done = nil
	if b.loop {
		sc.db.rouse(sc.shard)
	}
	return nil
}

// prepare completes what could not be staged at once, one time per batch.
func (sc Scope) prepare(ctx context.Context, b *Batch) error {
	if b.err != nil {
		return b.err
	}
	if b.n > maxWrites || b.bytes > maxBytes {
		return ErrTooBig
	}
	for len(b.late) > 0 {
		l := b.late[0]
		packed, err := sc.fetch(ctx, l.t, l.id)
		if errors.Is(err, ErrNone) {
			return &Stale{l.t.name, l.id}
		}
		if err == nil {
			err = l.then(packed)
		}
		if err != nil {
			return err
		}
		b.late = b.late[1:]
	}
	for _, l := range b.lease {
		if l.inShard(sc.shard) {
			continue
		}
		if ok, err := sc.db.holds(ctx, l); err != nil {
			return err
		} else if !ok {
			return ErrFenced
		}
	}
	if b.ready {
		return nil
	}
	b.ready = true
	b.stillKept()
	b.w.own()
	b.mark()
	if _, known := sc.db.known.Load(sc.tenant); !known {
		b.w.do("SADD", b.w.loop+"tenants", sc.tenant)
		b.done = append(b.done, func() { sc.db.known.Store(sc.tenant, nil) })
	}
	return nil
}

// mark puts the checks that remember the operation before all others.
func (b *Batch) mark() {
	keys, ttl := b.seen, seenFor
	if len(keys) == 0 {
		keys, ttl = []string{b.w.op(b.op)}, opFor
	}
	first := make([]string, 0, 2+4*len(keys)+len(b.w.checks))
	first = append(first, b.op)
	life, mark := strconv.FormatInt(ttl.Milliseconds(), 10), b.op+" "+string(b.reply)
	for _, k := range keys {
		first = append(first, "s", b.w.pos(k), mark, life)
	}
	b.w.checks = append(first, b.w.checks...)
}

// answer turns the script's refusal into an error.
func (sc Scope) answer(v any) error {
	if n, ok := v.(int64); ok && n == 1 {
		return nil
	}
	got := answers(v)
	switch text(got, 0) {
	case "rev":
		return nil
	case "seen":
		return &Seen{[]byte(text(got, 1))}
	case "stale":
		table, id := strings.TrimPrefix(text(got, 1), sc.rows("")), text(got, 2)
		sc.db.cache.drop(place{sc.tenant, table, id})
		return &Stale{table, id}
	case "taken":
		system, id, _ := strings.Cut(text(got, 1), "\x00")
		return &Taken{system, id, text(got, 2)}
	case "gone":
		if who, ok := strings.CutPrefix(text(got, 1), whoseGone); ok {
			sc.db.cache.dropAll(sc.tenant, who)
			return &Stale{"whose", who}
		}
		return &Gone{text(got, 1)}
	case "late":
		return &TooLate{text(got, 1)}
	case "fenced":
		return ErrFenced
	}
	return fmt.Errorf("store: commit answered %v", v)
}

// remember keeps the rows as they stand now for Cached.
func (sc Scope) remember(b *Batch, born []any) {
	for i := range b.rows {
		s := &b.rows[i]
		at := place{sc.tenant, s.t.name, s.id}
		switch {
		case s.del, s.put && s.t.big:
			sc.db.cache.drop(at)
		case s.put:
			for j := 1; j+1 < len(born); j += 2 {
				if text(born, j) == sc.rows(s.t.name)+"\x00"+s.id {
					_, rest, _ := strings.Cut(s.packed, " ")
					s.packed = text(born, j+1) + " " + rest
				}
			}
			sc.db.cache.put(at, s.packed, s.known, sc.db.now())
		}
	}
}
