package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// PutSecret seals and keeps a secret under a name of this scope.
func (sc Scope) PutSecret(ctx context.Context, name string, plain []byte) error {
	sealed, err := sc.db.Seal(sc.aad(name), plain)
	if err != nil {
		return err
	}
	b := sc.Batch("")
	b.w.do("HSET", sc.key("secret"), name, string(sealed))
	return sc.Commit(ctx, b)
}

// Secret reads a secret, or returns ErrNone, ErrNoKey or ErrWrongKey.
func (sc Scope) Secret(ctx context.Context, name string) ([]byte, error) {
	v, err := sc.db.c.HGet(ctx, sc.key("secret"), name).Result()
	if isNil(err) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("store: secret %s: %w", name, unavailable(err))
	}
	return sc.db.Unseal(sc.aad(name), []byte(v))
}

// DropSecret forgets a secret.
func (sc Scope) DropSecret(ctx context.Context, name string) error {
	b := sc.Batch("")
	b.w.do("HDEL", sc.key("secret"), name)
	return sc.Commit(ctx, b)
}

func (sc Scope) aad(name string) string { return "secret\x00" + sc.tenant + "\x00" + name }

// Sealed counts the secrets kept, and those that no configured key opens.
func (db *DB) Sealed(ctx context.Context) (all, closed int, err error) {
	err = db.secrets(ctx, func(sc Scope, name, sealed string) error {
		all++
		if _, err := db.Unseal(sc.aad(name), []byte(sealed)); err != nil {
			closed++
		}
		return nil
	})
	return all, closed, err
}

// Rekey seals every secret that oldKey opens with newKey and returns how many
// there were. It changes nothing before it has opened all of them; those that
// are under newKey already are left, so that it may be run again.
func (db *DB) Rekey(ctx context.Context, oldKey, newKey []byte) (int, error) {
	r, err := newRing(newKey, [][]byte{oldKey})
	if err != nil {
		return 0, err
	}
	if r.seal.AEAD == nil {
		return 0, ErrNoKey
	}
	type turn struct {
		sc                  Scope
		name, before, after string
	}
	var turns []turn
	err = db.secrets(ctx, func(sc Scope, name, sealed string) error {
		plain, err := r.unseal(sc.aad(name), []byte(sealed))
		if err != nil {
			return err
		}
		if [4]byte([]byte(sealed)[1:5]) != r.seal.id {
			turns = append(turns, turn{sc, name, sealed, string(r.seal.sealed(sc.aad(name), plain))})
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for i, t := range turns {
		b := t.sc.Batch("")
		b.w.check("e", b.w.pos(t.sc.key("secret")), t.name, t.before, t.name)
		b.w.set(t.sc.key("secret"), t.name, t.after)
		err := t.sc.Commit(ctx, b)
		var gone *Gone
		if errors.As(err, &gone) { // somebody sealed a newer one meanwhile
			continue
		}
		if err != nil {
			return i, fmt.Errorf("store: rekey %s: %w", t.name, err)
		}
	}
	db.ring.open[r.seal.id] = r.seal
	return len(turns), nil
}

func (db *DB) secrets(ctx context.Context, f func(sc Scope, name, sealed string) error) error {
	tenants, err := db.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range append(tenants, "") {
		sc := db.In(t)
		all, err := db.c.HGetAll(ctx, sc.key("secret")).Result()
		if err != nil {
			return fmt.Errorf("store: secrets: %w", unavailable(err))
		}
		for name, sealed := range all {
			if err := f(sc, name, sealed); err != nil {
				return err
			}
		}
	}
	return nil
}

// Tenants lists all tenants that ever had a commit, sorted.
func (db *DB) Tenants(ctx context.Context) ([]string, error) {
	p := db.c.Pipeline()
	var cmds []*redis.StringSliceCmd
	for n := range db.shards {
		cmds = append(cmds, p.SMembers(ctx, db.shardKey(n, "tenants")))
	}
	if _, err := p.Exec(ctx); err != nil {
		return nil, errors.Join(errors.New("store: tenants"), unavailable(err))
	}
	var out []string
	for _, c := range cmds {
		out = append(out, c.Val()...)
	}
	return sorted(out), nil
}
