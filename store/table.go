package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	json "github.com/go-json-experiment/json/v1"
	"github.com/redis/go-redis/v9"
)

// Row is a record as it stood when it was read. Rev 0 means that it does not
// exist yet; after a commit it must be read again, or taken to be at the
// next revision.
type Row[T any] struct {
	ID  string
	Rev int64
	Val T

	raw    string // the JSON as read, for the difference of the indexes
	schema int    // the schema it was written with
	known         // of raw, where there is any
}

// Def declares a table.
type Def[T any] struct {
	Schema  int                                        // current schema number, default 1; raise it when T or Index changes
	Migrate func(from int, raw []byte) ([]byte, error) // makes the current schema of an older one, on read
	Whose   func(id string, v T) []string              // ids of the people whose personal data the row holds; Nobody for none
	Forget  func(v *T, whose string) (keep bool)       // strips that person's data; nil or false deletes the row
	Index   func(v T, x *Index)                        // what the row is found by; must be pure
	Big     bool                                       // rows are large and rarely read twice: do not cache them
	Along   string                                     // table whose rows of the same ids a Lookup reads along, for Cached right after
}

// Table is the typed door to the rows of one name.
type Table[T any] struct {
	core
	def   Def[T]
	clone func(*T) T // nil where only decoding makes a copy
}

// core is what a table is without its type.
type core struct {
	name   string
	schema int
	big    bool
	any    anyTable
}

// anyTable is what erasure, export and rebuild need of any table.
type anyTable interface {
	forget(b *Batch, id, packed, whose string) error
	restore(b *Batch, id string, schema int, val []byte) error
	reindex(b *Batch, id, packed string) error
}

// TableInfo describes a declared table.
type TableInfo struct {
	Name   string
	Schema int
}

var registry = struct {
	sync.RWMutex
	tables map[string]*core
}{tables: map[string]*core{}}

// NewTable declares a table, at package level. It panics when the name is
// taken or odd, or when the definition does not say whose data it holds.
func NewTable[T any](name string, d Def[T]) *Table[T] {
	if name == "" || escape(name) != name {
		panic(fmt.Sprintf("store: table name %q: only letters, digits, '-', '_' and '.'", name))
	}
	if d.Whose == nil {
		panic("store: table " + name + " does not say whose data it holds")
	}
	d.Schema = cmp.Or(d.Schema, 1)
	t := &Table[T]{core: core{name: name, schema: d.Schema, big: d.Big}, def: d}
	t.any = t
	t.clone, _ = cloner[T]()
	registry.Lock()
	defer registry.Unlock()
	if registry.tables[name] != nil {
		panic("store: table " + name + " is declared twice")
	}
	registry.tables[name] = &t.core
	return t
}

// Nobody says that a table holds no personal data.
func Nobody[T any](string, T) []string { return nil }

// Tables lists all declared tables by name.
func Tables() []TableInfo {
	registry.RLock()
	defer registry.RUnlock()
	var out []TableInfo
	for _, t := range registry.tables {
		out = append(out, TableInfo{Name: t.name, Schema: t.schema})
	}
	slices.SortFunc(out, func(a, b TableInfo) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func tableNamed(name string) *core {
	registry.RLock()
	defer registry.RUnlock()
	return registry.tables[name]
}

// Name is the name the table was declared with.
func (t *Table[T]) Name() string { return t.name }

// unpack splits a record as it lies in Redis: "rev schema json".
func unpack(packed string) (rev int64, schema int, raw string, err error) {
	head, rest, ok := strings.Cut(packed, " ")
	num, raw, ok2 := strings.Cut(rest, " ")
	if !ok || !ok2 {
		return 0, 0, "", errors.New("not a record")
	}
	if rev, err = strconv.ParseInt(head, 10, 64); err != nil {
		return 0, 0, "", err
	}
	schema, err = strconv.Atoi(num)
	return rev, schema, raw, err
}

func (t *Table[T]) row(id, packed string) (Row[T], error) {
	rev, schema, raw, err := unpack(packed)
	if err != nil {
		return Row[T]{}, fmt.Errorf("store: %s %s: %w", t.name, id, err)
	}
	r := Row[T]{ID: id, Rev: rev, raw: raw, schema: schema}
	if err := t.decode(schema, raw, &r.Val); err != nil {
		return Row[T]{}, fmt.Errorf("store: %s %s: %w", t.name, id, err)
	}
	return r, nil
}

func (t *Table[T]) decode(schema int, raw string, v *T) error {
	if schema < t.schema && t.def.Migrate != nil {
		b, err := t.def.Migrate(schema, []byte(raw))
		if err != nil {
			return fmt.Errorf("schema %d to %d: %w", schema, t.schema, err)
		}
		return json.Unmarshal(b, v)
	}
	// Decoding only reads its input, and UnmarshalJSON must copy what it keeps.
	return json.Unmarshal(unsafe.Slice(unsafe.StringData(raw), len(raw)), v)
}

// pack is a record as it lies in Redis.
func pack(rev int64, schema int, v any) (string, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	b := strconv.AppendInt(buf.AvailableBuffer(), rev, 10)
	b = strconv.AppendInt(append(b, ' '), int64(schema), 10)
	buf.Write(append(b, ' '))
	if err := jsonv2.MarshalWrite(buf, v, asBefore); err != nil {
		return "", err
	}
	return buf.String(), nil
}

// asBefore writes records as encoding/json does, with <, > and & as they are.
var asBefore = jsonv2.JoinOptions(json.DefaultOptionsV1(), jsontext.EscapeForHTML(false))

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (t *Table[T]) index(id string, v T) *Index {
	x := &Index{}
	if t.def.Index != nil {
		t.def.Index(v, x)
	}
	for _, p := range t.def.Whose(id, v) {
		if p != "" && !slices.Contains(x.whose, p) {
			x.whose = append(x.whose, p)
		}
	}
	return x
}

// fresh makes a row of what was just read, and keeps it for Cached.
func (t *Table[T]) fresh(sc Scope, id, packed string) (Row[T], error) {
	if t.big {
		return t.row(id, packed)
	}
	at := place{sc.tenant, t.name, id}
	k := sc.db.cache.same(at, packed)
	r, err := t.rowKnown(id, packed, k)
	if err != nil {
		return r, err
	}
	r.known = k
	sc.db.cache.put(at, packed, k, sc.db.now())
	return r, nil
}

// rowKnown is row without decoding what is known.
func (t *Table[T]) rowKnown(id, packed string, k known) (Row[T], error) {
	v, ok := k.val.(*T)
	if !ok {
		r, err := t.row(id, packed)
		r.known = k
		return r, err
	}
	rev, schema, raw, err := unpack(packed)
	return Row[T]{ID: id, Rev: rev, Val: t.clone(v), raw: raw, schema: schema, known: k}, err
}

// own is a copy for the cache, nil where only decoding makes one.
func (t *Table[T]) own(v *T) any {
	if t.clone == nil {
		return nil
	}
	c := t.clone(v)
	return &c
}

// Get reads a row. It returns ErrNone when there is none.
func (t *Table[T]) Get(ctx context.Context, sc Scope, id string) (Row[T], error) {
	packed, err := sc.fetch(ctx, &t.core, id)
	if err != nil {
		return Row[T]{}, err
	}
	return t.fresh(sc, id, packed)
}

func (sc Scope) fetch(ctx context.Context, t *core, id string) (string, error) {
	if id == "" {
		return "", ErrNone
	}
	cmd := redis.NewStringCmd(ctx, "hget", sc.rows(t.name), id)
	err := pick(sc.db.reads, sc.shard).do(ctx, cmd)
	if errors.Is(err, redis.Nil) {
		return "", ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("store: %s %s: %w", t.name, id, unavailable(err))
	}
	return cmd.Val(), nil
}

// Cached reads a row which may be up to 30 s old: for rows that the same
// commit checks or puts, or that are only shown. A stale commit and every own
// commit renew it.
func (t *Table[T]) Cached(ctx context.Context, sc Scope, id string) (Row[T], error) {
	at := place{sc.tenant, t.name, id}
	if packed, k, ok := sc.db.cache.get(at, sc.db.now()); ok {
		r, err := t.rowKnown(id, packed, k)
		if err == nil && k.val == nil && t.clone != nil { // read a second time: from now on it is copied, not decoded
			k.val = t.own(&r.Val)
			sc.db.cache.put(at, packed, k, sc.db.now())
		}
		return r, err
	}
	return t.Get(ctx, sc, id)
}

// Look is Cached for a glance: f sees the row's value without a copy of it, and must
// neither change nor keep it.
func (t *Table[T]) Look(ctx context.Context, sc Scope, id string, f func(v *T)) error {
	if _, k, ok := sc.db.cache.get(place{sc.tenant, t.name, id}, sc.db.now()); ok {
		if v, ok := k.val.(*T); ok {
			f(v)
			return nil
		}
	}
	r, err := t.Cached(ctx, sc, id)
	if err == nil {
		f(&r.Val)
	}
	return err
}

// Many reads rows in one round trip, in the order of ids; those that do not
// exist are left out.
func (t *Table[T]) Many(ctx context.Context, sc Scope, ids []string) ([]Row[T], error) {
	out := make([]Row[T], 0, len(ids))
	for part := range slices.Chunk(ids, 1000) {
		args := make([]any, 0, 2+len(part))
		args = append(args, "hmget", sc.rows(t.name))
		for _, id := range part {
			if id == "" { // the table's own field
				id = "\x00"
			}
			args = append(args, id)
		}
		cmd := redis.NewSliceCmd(ctx, args...)
		if err := pick(sc.db.reads, sc.shard).do(ctx, cmd); err != nil {
			return nil, fmt.Errorf("store: %s: %w", t.name, unavailable(err))
		}
		for i, v := range cmd.Val() {
			packed, ok := v.(string)
			if !ok {
				continue
			}
			r, err := t.fresh(sc, part[i], packed)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// Each calls f for every row, in no order; rows that change meanwhile may
// come twice or not at all. f's error ends it.
func (t *Table[T]) Each(ctx context.Context, sc Scope, f func(Row[T]) error) error {
	return sc.each(ctx, t.name, func(id, packed string) error {
		r, err := t.row(id, packed)
		if err != nil {
			return err
		}
		return f(r)
	})
}

func (sc Scope) each(ctx context.Context, table string, f func(id, packed string) error) error {
	var cursor uint64
	for {
		page, next, err := sc.db.c.HScan(ctx, sc.rows(table), cursor, "", 500).Result()
		if err != nil {
			return fmt.Errorf("store: %s: %w", table, unavailable(err))
		}
		for i := 0; i+1 < len(page); i += 2 {
			if page[i] == "" { // the table's own field
				continue
			}
			if err := f(page[i], page[i+1]); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}
