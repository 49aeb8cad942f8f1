package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// Dead is a piece of news, a timer or an event that failed too often. It
// waits here until a person retries or drops it.
type Dead struct {
	ID       string
	Kind     string // "news", "timer" or "inbox"
	Name     string // the kind of news, or the id of the timer or event
	Body     []byte
	Why      string
	At       time.Time
	Attempts int
}

// DeadLetter stages a dead letter; the same commit takes the item off its
// loop (InboxDone, TimerDone; for news call NewsDone afterwards).
func (b *Batch) DeadLetter(d Dead) {
	if d.At.IsZero() {
		d.At = b.w.now()
	}
	if d.ID == "" {
		d.ID = NewID("dead", d.At)
	}
	body, err := json.Marshal(d)
	if err != nil {
		b.fail(fmt.Errorf("store: dead letter: %w", err))
		return
	}
	b.count(len(body))
	b.w.do("HSET", b.w.key("dead"), d.ID, string(body))
}

// DeadLetter keeps a dead letter that needs no other write.
func (db *DB) DeadLetter(ctx context.Context, tenant string, d Dead) error {
	sc := db.In(tenant)
	b := sc.Batch("")
	b.DeadLetter(d)
	return sc.Commit(ctx, b)
}

// DeadLetters lists the tenant's dead letters, oldest first.
func (db *DB) DeadLetters(ctx context.Context, tenant string) ([]Dead, error) {
	return listed(ctx, db.In(tenant), "dead", func(d Dead) time.Time { return d.At })
}

// DeadRetry puts a letter back to where it came from, as if it were new.
// It returns *Gone when somebody was quicker.
func (db *DB) DeadRetry(ctx context.Context, tenant, id string) error {
	sc := db.In(tenant)
	d, err := one[Dead](ctx, sc, "dead", id)
	if err != nil {
		return err
	}
	b := sc.Batch("")
	b.take("dead", id)
	switch d.Kind {
	case "news":
		b.News(d.Name, d.Body)
	case "timer":
		b.Timer(d.Name, db.now(), d.Body)
	case "inbox":
		m := sc.member + clean(d.Name)
		b.w.do("ZADD", sc.loop+"inbox", "0", m)
		b.w.do("HSET", sc.loop+"inbody", m, string(d.Body))
		b.w.do("HDEL", sc.loop+"intry", m)
	default:
		return fmt.Errorf("store: dead letter %s of kind %q", id, d.Kind)
	}
	b.loop = true
	return sc.Commit(ctx, b)
}

// DeadDrop forgets a letter.
func (db *DB) DeadDrop(ctx context.Context, tenant, id string) error {
	sc := db.In(tenant)
	b := sc.Batch("")
	b.take("dead", id)
	return sc.Commit(ctx, b)
}

func isNil(err error) bool { return errors.Is(err, redis.Nil) }

func sortBy[T any](all []T, at func(T) time.Time) {
	slices.SortStableFunc(all, func(a, b T) int { return at(a).Compare(at(b)) })
}
