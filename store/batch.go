package store

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxWrites = 200
	maxBytes  = 4 << 20
	seenFor   = 25 * time.Hour
	opFor     = 5 * time.Minute
)

// Batch is everything one act changes: at most 200 writes in one shard, done
// by one script, all or nothing. It is used by one goroutine and committed
// by Scope.Commit; it may be committed again after *Unavailable.
type Batch struct {
	w     *writer
	op    string
	err   error // the first mistake made while staging
	n     int   // writes
	bytes int
	rows  []staged
	late  []late
	seen  []string // keys of marks
	reply []byte
	about []string // people whose data messages hold
	loop  bool     // something for a loop is in it
	lease []Lease
	done  []func() // run after the commit was applied
	crash string
	ready bool // prepare is through
}

// staged is a row put, deleted or checked.
type staged struct {
	t      *core
	id     string
	rev    int64
	put    bool
	del    bool
	packed string // "rev schema json" of a put
	known
}

// late is a row whose old value has to be fetched before it can be written.
type late struct {
	t    *core
	id   string
	rev  int64
	then func(packed string) error
}

// Batch starts what one act changes. The same op committed twice is applied
// once; "" makes a random one.
func (sc Scope) Batch(op string) *Batch {
	if op == "" {
		op = rand.Text()
	} else if strings.ContainsAny(op, " ") {
		op = strings.ReplaceAll(op, " ", "_")
	}
	return &Batch{op: op, w: &writer{space: sc.space, now: sc.db.now}}
}

// Op is the batch's operation id.
func (b *Batch) Op() string { return b.op }

func (b *Batch) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *Batch) count(bytes int) { b.n++; b.bytes += bytes }

// stage notes a row, once per kind. It reports whether it is new.
func (b *Batch) stage(s staged) bool {
	for i := range b.rows {
		o := &b.rows[i]
		if o.t != s.t || o.id != s.id {
			continue
		}
		if o.rev != s.rev {
			b.fail(&Stale{s.t.name, s.id})
			return false
		}
		if !s.put && !s.del {
			return false
		}
		if o.put || o.del {
			b.fail(fmt.Errorf("store: %s %s is written twice in one batch", s.t.name, s.id))
			return false
		}
		*o = s
		return true
	}
	if s.id == "" || len(s.id) > 512 {
		b.fail(fmt.Errorf("store: %s: id of %d bytes", s.t.name, len(s.id)))
		return false
	}
	b.rows = append(b.rows, s)
	b.w.check("r", b.w.pos(b.w.rows(s.t.name)), s.id, strconv.FormatInt(s.rev, 10))
	return true
}

// Put writes a row over the revision it was read at; Rev 0 means that it must
// not exist yet.
func Put[T any](b *Batch, t *Table[T], row Row[T]) {
	put(b, t, row, &row.Val, t.indexKnown(row))
}

// Replace writes next over was, whose value stands as it was read: nothing has to
// be decoded again to see what it was found by.
func Replace[T any](b *Batch, t *Table[T], was Row[T], next T) {
	old := was.index
	if old == nil && was.Rev > 0 {
		old = t.index(was.ID, was.Val)
	}
	put(b, t, was, &next, old)
}

// put stages a row; old is nil where the value as it was read has to be decoded.
func put[T any](b *Batch, t *Table[T], row Row[T], val *T, old *Index) {
	packed, err := pack(row.Rev+1, t.schema, val)
	if err != nil {
		b.fail(fmt.Errorf("store: %s %s: %w", t.name, row.ID, err))
		return
	}
	next := t.index(row.ID, *val)
	if !b.stage(staged{t: &t.core, id: row.ID, rev: row.Rev, put: true, packed: packed, known: known{index: next}}) {
		return
	}
	b.count(len(packed))
	if row.Rev == 0 {
		_, rest, _ := strings.Cut(packed, " ")
		b.w.step("N", b.w.pos(b.w.rows(t.name)), row.ID, rest)
		b.w.diff(&t.core, row.ID, none, next, false)
		return
	}
	b.w.set(b.w.rows(t.name), row.ID, packed)
	if old != nil {
		b.w.diff(&t.core, row.ID, old, next, row.schema != t.schema)
		return
	}
	b.whenKnown(&t.core, row.ID, row.Rev, row.schema, row.raw, func(schema int, raw string) error {
		var v T
		if err := t.decode(schema, raw, &v); err != nil {
			return fmt.Errorf("store: %s %s: %w", t.name, row.ID, err)
		}
		b.w.diff(&t.core, row.ID, t.index(row.ID, v), next, schema != t.schema)
		return nil
	})
}

// Delete removes a row that was read, with all its index entries.
func Delete[T any](b *Batch, t *Table[T], row Row[T]) {
	if row.Rev == 0 {
		b.fail(fmt.Errorf("store: %s %s: deleted without having been read", t.name, row.ID))
		return
	}
	if !b.stage(staged{t: &t.core, id: row.ID, rev: row.Rev, del: true}) {
		return
	}
	b.count(0)
	b.w.step("D", b.w.pos(b.w.rows(t.name)), row.ID, strconv.FormatInt(row.Rev, 10))
	if old := t.indexKnown(row); old != nil {
		b.w.diff(&t.core, row.ID, old, none, false)
		return
	}
	b.whenKnown(&t.core, row.ID, row.Rev, row.schema, row.raw, func(schema int, raw string) error {
		var v T
		if err := t.decode(schema, raw, &v); err != nil {
			return fmt.Errorf("store: %s %s: %w", t.name, row.ID, err)
		}
		b.w.diff(&t.core, row.ID, t.index(row.ID, v), none, false)
		return nil
	})
}

// indexKnown is the index of the row as it was read, if that takes no decoding.
func (t *Table[T]) indexKnown(row Row[T]) *Index {
	if row.index != nil {
		return row.index
	}
	if v, ok := row.known.val.(*T); ok {
		return t.index(row.ID, *v)
	}
	return nil
}

// Check lets the commit fail with *Stale unless the row still stands as it
// was read; Rev 0: unless it still does not exist.
func Check[T any](b *Batch, t *Table[T], row Row[T]) {
	b.stage(staged{t: &t.core, id: row.ID, rev: row.Rev})
}

func (b *Batch) whenKnown(t *core, id string, rev int64, schema int, raw string, rest func(schema int, raw string) error) {
	if raw != "" {
		if err := rest(schema, raw); err != nil {
			b.fail(err)
		}
		return
	}
	b.late = append(b.late, late{t: t, id: id, rev: rev, then: func(packed string) error {
		at, schema, raw, err := unpack(packed)
		if err != nil {
			return fmt.Errorf("store: %s %s: %w", t.name, id, err)
		}
		if at != rev {
			return &Stale{t.name, id}
		}
		return rest(schema, raw)
	}})
}

// Seen marks an event as handled, for 25 h, with the answer it got. If
// another operation has marked it, the commit changes nothing and fails with
// *Seen.
func (b *Batch) Seen(key string, reply []byte) {
	b.bytes += len(reply)
	b.seen = append(b.seen, b.w.seen(clean(key)))
	b.reply = reply
}

// News tells every feature, once the commit is applied. The body holds ids
// and field names only.
func (b *Batch) News(kind string, body []byte) {
	b.count(len(body))
	b.loop = true
	b.w.step("W", b.w.pos(b.w.loop+"news"), b.w.tenant, kind, string(body))
}

// Token keeps a short-lived thing: a button's act, a link, a code.
func (b *Batch) Token(id string, body []byte, ttl time.Duration) {
	b.count(len(body))
	b.w.do("SET", b.w.token(id), string(body), "PX", strconv.FormatInt(max(1, ttl.Milliseconds()), 10))
}

// Spend uses a token up; when it is not there any more the commit fails with
// *Gone.
func (b *Batch) Spend(id string) {
	b.count(0)
	b.w.check("k", b.w.pos(b.w.token(id)), id)
	b.w.do("DEL", b.w.token(id))
}

// DropToken removes a token if it is there.
func (b *Batch) DropToken(id string) {
	b.count(0)
	b.w.do("DEL", b.w.token(id))
}

// Counter adds to a cheap counter of the tenant.
func (b *Batch) Counter(name string, by int64) {
	b.w.do("HINCRBY", b.w.key("count"), name, strconv.FormatInt(by, 10))
}

// Fence refuses the commit with ErrFenced if the lease has a newer owner.
func (b *Batch) Fence(l Lease) {
	b.lease = append(b.lease, l)
	fence := b.w.loop + "fence"
	b.w.check("f", b.w.pos(fence), l.Name, strconv.FormatInt(l.Token, 10))
	if !l.inShard(b.w.shard) { // the shard learns of leases that are kept elsewhere
		b.w.do("HSET", fence, l.Name, strconv.FormatInt(l.Token, 10))
	}
}

// writer collects the keys, checks and steps of commit.lua.
type writer struct {
	*space
	now    func() time.Time
	keys   []string
	index  map[string]int // once there are many keys
	checks []string
	steps  []string
	takes  []take
	frees  []take
}

// take is an external id taken or freed by a row.
type take struct{ key, field, id string }

// pos is the position of a key, as text.
func (w *writer) pos(key string) string {
	if w.index != nil {
		if n, ok := w.index[key]; ok {
			return num(n)
		}
	} else if n := slices.Index(w.keys, key); n >= 0 {
		return num(n + 1)
	}
	w.keys = append(w.keys, key)
	if w.index != nil {
		w.index[key] = len(w.keys)
	} else if len(w.keys) > 16 {
		w.index = make(map[string]int, 64)
		for i, k := range w.keys {
			w.index[k] = i + 1
		}
	}
	return num(len(w.keys))
}

const digits = "0123456789"

// num is strconv.Itoa, kept short for the positions that every commit uses.
func num(n int) string {
	if n < 10 {
		return digits[n : n+1]
	}
	return strconv.Itoa(n)
}

func (w *writer) check(s ...string) { w.checks = append(w.checks, s...) }
func (w *writer) step(s ...string)  { w.steps = append(w.steps, s...) }

// do stages a plain write of key.
func (w *writer) do(cmd, key string, args ...string) {
	w.steps = append(w.steps, "!", cmd, w.pos(key), num(len(args)))
	w.steps = append(w.steps, args...)
}

// set, rank and unrank are the writes that nearly every commit has.

func (w *writer) set(key, field, value string) {
	w.steps = append(w.steps, "H", w.pos(key), field, value)
}
func (w *writer) rank(key, score, member string) {
	w.steps = append(w.steps, "Z", w.pos(key), score, member)
}
func (w *writer) unrank(key, member string) { w.steps = append(w.steps, "z", w.pos(key), member) }

// own stages who has which external ids: an id may pass from one row to
// another within a batch, so this comes after all rows are known.
func (w *writer) own() {
	for _, f := range w.frees {
		if !slices.ContainsFunc(w.takes, func(t take) bool { return t.key == f.key && t.field == f.field }) {
			w.do("HDEL", f.key, f.field)
		}
	}
	for _, t := range w.takes {
		other := t.id
		for _, f := range w.frees {
			if f.key == t.key && f.field == t.field {
				other = f.id
			}
		}
		w.check("u", w.pos(t.key), t.field, t.id, other)
		w.set(t.key, t.field, t.id)
	}
}
