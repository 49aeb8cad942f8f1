package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	json "github.com/go-json-experiment/json/v1"
)

// Out is a message to be sent after the commit. Messages to one place are
// sent in the order in which they are due, one at a time. The body holds ids
// rather than words.
type Out struct {
	ID        string // "" makes one; an id that still waits or is being sent is left as it is
	Place     string
	Kind      string
	Body      []byte
	NotBefore time.Time // the zero time is at once
	Careful   bool      // in doubt, a person decides whether it is sent again
	Whose     []string  // people whose data the body holds after all: Forget takes it back, and after Forget there is none
}

// OutItem is a message handed out to be sent.
type OutItem struct {
	Tenant string
	Out
	Made     time.Time // when it was staged
	Attempts int       // this one included
	Doubt    bool      // somebody began to send it and never said how it went
	Taken    Hold      // when it was handed out
	Lease    ShardLease
}

// OutDoubted is a message of which nobody knows whether it arrived.
type OutDoubted struct {
	ID       string
	Out      Out
	Made, At time.Time
	Attempts int
	Why      string
}

// outBody is the part of an item that scripts do not look into.
type outBody struct {
	Place     string   `json:"p"`
	Kind      string   `json:"k,omitempty"`
	Body      []byte   `json:"b,omitempty"`
	Careful   bool     `json:"c,omitempty"`
	Made      int64    `json:"m"`
	NotBefore int64    `json:"n,omitempty"`
	Whose     []string `json:"w,omitempty"`
}

// sendFor is how long a sender may take before its message is in doubt.
const sendFor = 10 * time.Minute

// Out stages a message. The commit fails with *Stale when nothing is kept any
// more about one of those whose data it holds.
func (b *Batch) Out(o Out) {
	now := b.w.now()
	b.about = append(b.about, o.Whose...)
	if o.ID == "" {
		o.ID = NewID("out", now)
	}
	o.ID = clean(o.ID)
	body := outBody{Place: o.Place, Kind: o.Kind, Body: o.Body, Careful: o.Careful, Made: now.UnixMilli(), Whose: o.Whose}
	due := "0"
	if o.NotBefore.After(now) {
		due = strconv.FormatInt(o.NotBefore.UnixMilli(), 10)
		body.NotBefore = o.NotBefore.UnixMilli()
	}
	packed, err := json.Marshal(body)
	if err != nil {
		b.fail(fmt.Errorf("store: out %s: %w", o.ID, err))
		return
	}
	b.count(len(packed))
	b.loop = true
	w := b.w
	w.step("O", w.pos(w.loop+"outitem"), w.pos(w.loop+"outqueue"), w.pos(w.loop+"outdue"), w.pos(w.loop+"outlast"),
		w.member+o.ID, w.member+clean(o.Place), o.ID, due, strconv.FormatInt(now.UnixMicro(), 10), string(packed))
}

// NoOut takes a message back. When it is being sent, was sent or is in doubt
// the commit fails with *TooLate.
func (b *Batch) NoOut(id string) {
	b.count(0)
	id = clean(id)
	w := b.w
	item := w.pos(w.loop + "outitem")
	w.check("n", item, w.member+id, id)
	w.step("B", item, w.pos(w.loop+"outqueue"), w.pos(w.loop+"outdue"), w.member+id)
}

// TakeOut hands out the first messages of places that are due, at most max,
// and says when the next place is; the zero time means that none waits. Each
// is marked as being sent before it is handed out, so that after a crash it
// is found again, as in doubt. It must be answered by OutSent, OutLater or
// OutDoubt, as often as these say *Unavailable.
func (db *DB) TakeOut(ctx context.Context, owned []ShardLease, now time.Time, max int) ([]OutItem, time.Time, error) {
	var out []OutItem
	shards, next, err := db.waiting(ctx, owned, "outdue", now)
	if err != nil {
		return nil, next, err
	}
	taken := NewHold()
	for i, o := range shards {
		if len(out) >= max {
			db.again(shards[i:])
			return out, now, nil
		}
		keys := db.shardKey(o.Shard, "")
		args := []any{keys + "outitem", keys + "outqueue", keys + "outdue", keys + "outbusy", keys + "fence",
			o.Name, o.Token, now.UnixMilli(), max - len(out), sendFor.Milliseconds()}
		for _, f := range db.loops.sending(keys, o.Token) {
			args = append(args, f)
		}
		v, err := db.run(ctx, db.writes, o.Shard, outTakeScript, 5, args...)
		if err != nil {
			db.anew("outdue", shards[i:])
			if len(out) > 0 { // those are this process's to send now
				return out, now, nil
			}
			return nil, next, err
		}
		got := answers(v)
		next = sooner(next, text(got, 0))
		if len(got) > 1 {
			db.again(shards[i : i+1]) // its places may have more
		}
		for i := 1; i+2 < len(got); i += 3 {
			it, err := outItem(text(got, i), text(got, i+1))
			if err != nil {
				db.log.Error("out unreadable", "shard", o.Shard, "err", err)
				continue
			}
			it.Doubt, it.Taken, it.Lease = text(got, i+2) == "1", taken, o
			db.loops.send(keys+text(got, i), o.Token)
			if it.Doubt && db.forgotten(ctx, it) { // left by a dead sender, maybe before Forget
				continue
			}
			out = append(out, it)
		}
	}
	if len(out) > 0 {
		db.crash("out.taken")
	}
	return out, next, nil
}

// forgotten ends an item about somebody of whom nothing is kept any more. Where it
// cannot be told, the item is sent: its sender reads the person once more.
func (db *DB) forgotten(ctx context.Context, it OutItem) bool {
	for _, who := range it.Whose {
		n, err := db.c.Exists(ctx, db.In(it.Tenant).whose(who)).Result()
		if err == nil && n == 0 {
			return db.OutLater(ctx, it, db.now(), "about somebody forgotten") == nil
		}
	}
	return false
}

func outItem(field, v string) (OutItem, error) {
	var it OutItem
	f := strings.SplitN(v, "\t", 6)
	if len(f) < 6 {
		return it, fmt.Errorf("store: out %q is damaged", field)
	}
	it.Tenant, it.ID = parts(field)
	it.Attempts, _ = strconv.Atoi(f[1])
	var body outBody
	if err := json.Unmarshal([]byte(f[5]), &body); err != nil {
		return it, fmt.Errorf("store: out %s: %w", it.ID, err)
	}
	it.Place, it.Kind, it.Body, it.Careful, it.Made = body.Place, body.Kind, body.Body, body.Careful, time.UnixMilli(body.Made)
	it.Whose = body.Whose
	if body.NotBefore != 0 {
		it.NotBefore = time.UnixMilli(body.NotBefore)
	}
	return it, nil
}

// OutSent ends an item that was sent; its message id is kept for 25 h.
func (db *DB) OutSent(ctx context.Context, item OutItem, messageID string) error {
	return db.outDone(ctx, item, "sent", db.now(), db.In(item.Tenant).sent(item.ID), messageID)
}

// OutLater sends an item again at a time; until then its place waits. An item in
// doubt comes back in doubt. The
// reason is only for the log.
func (db *DB) OutLater(ctx context.Context, item OutItem, at time.Time, why string) error {
	db.log.Debug("out later", "id", item.ID, "kind", item.Kind, "at", at, "why", why)
	what := "later"
	if item.Doubt {
		what = "unsure"
	}
	return db.outDone(ctx, item, what, at, db.In(item.Tenant).sent(item.ID), "")
}

// OutDoubt sets an item aside, for a person to see, and frees its place.
func (db *DB) OutDoubt(ctx context.Context, item OutItem, why string) error {
	d := OutDoubted{ID: item.ID, Out: item.Out, Made: item.Made, At: db.now(), Attempts: item.Attempts, Why: why}
	packed, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return db.outDone(ctx, item, "doubt", d.At, db.In(item.Tenant).key("doubt"), string(packed))
}

func (db *DB) outDone(ctx context.Context, it OutItem, what string, at time.Time, key, value string) error {
	db.crash("out." + what)
	sc := db.In(it.Tenant)
	args := []any{sc.loop + "outitem", sc.loop + "outqueue", sc.loop + "outdue", sc.loop + "outbusy", sc.loop + "fence", key}
	for _, who := range it.Whose {
		args = append(args, sc.whose(who))
	}
	keys := len(args)
	args = append(args, it.Lease.Name, it.Lease.Token, sc.member+it.ID, it.ID, what, at.UnixMilli(), value, seenFor.Milliseconds())
	v, err := db.run(ctx, db.writes, sc.shard, outDoneScript, keys, args...)
	if err != nil {
		return err
	}
	db.loops.sent(sc.loop+sc.member+it.ID, it.Lease.Token)
	if v == "fenced" {
		return ErrFenced
	}
	db.crash("out.noted")
	db.rouse(sc.shard) // the place may have more
	return nil
}

// OutMine says whether an item is still the caller's to send: not once the
// caller slept and another owner of the shard has taken it over.
func (db *DB) OutMine(ctx context.Context, it OutItem) (bool, error) {
	if it.Taken.Younger(aliveFor / 3) {
		return true, nil // no lease runs out so soon
	}
	sc := db.In(it.Tenant)
	v, err := db.c.HGet(ctx, sc.loop+"outitem", sc.member+it.ID).Result()
	if isNil(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("store: out %s: %w", it.ID, unavailable(err))
	}
	f := strings.SplitN(v, "\t", 4)
	return len(f) == 4 && (f[0] == "s" || f[0] == "u") && f[2] == strconv.FormatInt(it.Lease.Token, 10), nil
}

// OutDoubts lists the tenant's messages in doubt, oldest first.
func (db *DB) OutDoubts(ctx context.Context, tenant string) ([]OutDoubted, error) {
	return listed(ctx, db.In(tenant), "doubt", func(d OutDoubted) time.Time { return d.At })
}

// OutRetry sends a message in doubt again, at the end of its place.
func (db *DB) OutRetry(ctx context.Context, tenant, id string) error {
	sc := db.In(tenant)
	d, err := one[OutDoubted](ctx, sc, "doubt", id)
	if err != nil {
		return err
	}
	b := sc.Batch("")
	b.take("doubt", id)
	d.Out.NotBefore = time.Time{}
	b.Out(d.Out)
	return sc.Commit(ctx, b)
}

// OutDrop forgets a message in doubt.
func (db *DB) OutDrop(ctx context.Context, tenant, id string) error {
	sc := db.In(tenant)
	b := sc.Batch("")
	b.take("doubt", id)
	return sc.Commit(ctx, b)
}

// OutState says what is known of a message: "waiting", "sending", "sent" with
// the id it got (for 25 h), "doubt", or "" when nothing is known.
func (db *DB) OutState(ctx context.Context, tenant, id string) (state, messageID string, err error) {
	sc := db.In(tenant)
	p := db.c.Pipeline()
	item := p.HGet(ctx, sc.loop+"outitem", sc.member+clean(id))
	sent := p.Get(ctx, sc.sent(clean(id)))
	doubt := p.HExists(ctx, sc.key("doubt"), clean(id))
	if _, err := p.Exec(ctx); err != nil && !isNil(err) {
		return "", "", fmt.Errorf("store: out %s: %w", id, unavailable(err))
	}
	switch {
	case strings.HasPrefix(item.Val(), "w"), strings.HasPrefix(item.Val(), "d"):
		return "waiting", "", nil
	case item.Val() != "":
		return "sending", "", nil
	case sent.Err() == nil:
		return "sent", sent.Val(), nil
	case doubt.Val():
		return "doubt", "", nil
	}
	return "", "", nil
}

// take removes a field of the tenant's hash, which must be there.
func (b *Batch) take(kind, id string) {
	b.count(0)
	b.w.check("h", b.w.pos(b.w.key(kind)), id, id)
	b.w.do("HDEL", b.w.key(kind), id)
}

func one[T any](ctx context.Context, sc Scope, kind, id string) (T, error) {
	var v T
	s, err := sc.db.c.HGet(ctx, sc.key(kind), id).Result()
	if isNil(err) {
		return v, &Gone{id}
	}
	if err != nil {
		return v, fmt.Errorf("store: %s: %w", kind, unavailable(err))
	}
	return v, json.Unmarshal([]byte(s), &v)
}

func listed[T any](ctx context.Context, sc Scope, kind string, at func(T) time.Time) ([]T, error) {
	all, err := sc.db.c.HVals(ctx, sc.key(kind)).Result()
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", kind, unavailable(err))
	}
	out := make([]T, 0, len(all))
	for _, s := range all {
		var v T
		if err := json.Unmarshal([]byte(s), &v); err != nil {
			return nil, errors.Join(fmt.Errorf("store: %s", kind), err)
		}
		out = append(out, v)
	}
	sortBy(out, at)
	return out, nil
}
