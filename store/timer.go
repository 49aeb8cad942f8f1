package store

import (
	"context"
	"strconv"
	"time"
)

// Timer is something to do at a time. It stays until a commit's TimerDone or
// TimerDrop; Attempts counts how often it was handed out.
type Timer struct {
	Tenant, ID string
	At         time.Time
	Body       []byte
	Attempts   int
	Lease      Lease // of the shard, for Batch.TimerDone
}

// Timer sets or moves the tenant's timer of that id.
func (b *Batch) Timer(id string, at time.Time, body []byte) {
	b.count(len(body))
	b.loop = true
	m := b.w.member + clean(id)
	b.w.do("ZADD", b.w.loop+"due", strconv.FormatInt(at.UnixMilli(), 10), m)
	b.w.do("HSET", b.w.loop+"timer", m, string(body))
	b.w.do("HDEL", b.w.loop+"timertry", m)
}

// NoTimer removes a timer if it is there.
func (b *Batch) NoTimer(id string) {
	b.count(0)
	m := b.w.member + clean(id)
	b.w.do("ZREM", b.w.loop+"due", m)
	b.w.do("HDEL", b.w.loop+"timer", m)
	b.w.do("HDEL", b.w.loop+"timertry", m)
}

// TimerDone takes a timer that was handed out off the clock; a Timer of the
// same id staged after it stays. If it was moved or removed meanwhile the
// commit fails with *Gone, if l has a newer owner with ErrFenced.
func (b *Batch) TimerDone(id string, l Lease) {
	b.Fence(l)
	b.crashAt("timer.")
	due := b.w.loop + "due"
	m := b.w.member + clean(id)
	b.w.check("d", b.w.pos(due), m, strconv.FormatInt(b.w.now().UnixMilli(), 10), id)
	b.NoTimer(id)
	if db := l.db; db != nil {
		b.done = append(b.done, func() { db.loops.finish(due + m) })
	}
}

// Due hands out timers whose time has come, at most max, and says when the
// next one is; the zero time means that none waits. A timer that is not
// finished comes again after a minute, or at once in another process.
func (db *DB) Due(ctx context.Context, owned []ShardLease, now time.Time, max int) (due []Timer, next time.Time, err error) {
	shards, next, err := db.waiting(ctx, owned, "due", now)
	if err != nil {
		return nil, next, err
	}
	for i, o := range shards {
		if len(due) >= max {
			db.again(shards[i:])
			return due, now, nil
		}
		keys := db.shardKey(o.Shard, "")
		busy := db.loops.busy(keys+"due", now)
		args := []any{keys + "due", keys + "timer", keys + "timertry", keys + "fence", o.Name, o.Token, now.UnixMilli(), max - len(due)}
		for _, m := range busy {
			args = append(args, m)
		}
		v, err := db.run(ctx, db.writes, o.Shard, dueScript, 4, args...)
		if err != nil {
			db.again(shards[i:])
			return due, next, err
		}
		if v == "fenced" {
			continue
		}
		got := answers(v)
		if len(got) > 1 {
			db.again(shards[i : i+1]) // there may be more
		}
		next = sooner(next, text(got, 0))
		for i := 1; i+3 < len(got); i += 4 {
			m := text(got, i)
			t := Timer{At: millis(text(got, i+1)), Body: []byte(text(got, i+2)), Lease: o.Lease}
			t.Tenant, t.ID = parts(m)
			t.Attempts, _ = strconv.Atoi(text(got, i+3))
			db.loops.hand(keys+"due"+m, text(got, i+1), now.Add(forgotten))
			due = append(due, t)
		}
	}
	if len(due) > 0 {
		db.crash("due.taken")
	}
	return due, next, nil
}

// TimerLater lets a timer that was handed out come again after a while, in
// this process or the shard's next owner.
func (db *DB) TimerLater(t Timer, after time.Duration) {
	sc := db.In(t.Tenant)
	key := sc.loop + "due" + sc.member + t.ID
	l := db.loops
	l.mu.Lock()
	if h, ok := l.due[key]; ok {
		h.until = db.now().Add(after)
		l.due[key] = h
	}
	l.mu.Unlock()
	db.touched(sc.shard)
}

// TimerDrop takes a timer off the clock without doing it.
func (db *DB) TimerDrop(ctx context.Context, t Timer) error {
	sc := db.In(t.Tenant)
	b := sc.Batch("")
	b.TimerDone(t.ID, t.Lease)
	return sc.Commit(ctx, b)
}

// Timers lists the tenant's timers by id prefix, with their time and body.
func (sc Scope) Timers(ctx context.Context, prefix string) ([]Timer, error) {
	var out []Timer
	err := sc.scanMembers(ctx, "timer", prefix, func(id, body string) error {
		at, err := sc.db.c.ZScore(ctx, sc.loop+"due", sc.member+id).Result()
		if err == nil {
			out = append(out, Timer{Tenant: sc.tenant, ID: id, At: time.UnixMilli(int64(at)), Body: []byte(body)})
		}
		return nil
	})
	return out, err
}

func millis(s string) time.Time {
	f, _ := strconv.ParseFloat(s, 64)
	return time.UnixMilli(int64(f))
}

// sooner is the earlier of t and a time in ms; neither need be there.
func sooner(t time.Time, ms string) time.Time {
	if ms == "" {
		return t
	}
	if u := millis(ms); t.IsZero() || u.Before(t) {
		return u
	}
	return t
}
