package store

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// line kinds of an export: one JSON object a line, told apart by "kind".
type exported struct {
	Kind   string          `json:"kind"` // store, row, audit, timer, out, doubt, dead, secret, count
	Tenant string          `json:"tenant,omitempty"`
	Table  string          `json:"table,omitempty"`
	ID     string          `json:"id,omitempty"`
	Schema int             `json:"schema,omitempty"`
	At     int64           `json:"at,omitempty"` // ms
	Val    json.RawMessage `json:"val,omitempty"`
	Raw    []byte          `json:"raw,omitempty"`
}

const exportFormat = 1

// Export writes everything that lasts, as JSON Lines: rows of declared tables
// with their ids, audit, timers, outgoing messages, dead letters, sealed
// secrets and counters; not what is short-lived (tokens, seen marks, events
// being worked on). Run it while nothing writes.
func (db *DB) Export(ctx context.Context, w io.Writer) error {
	buf := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(exported{Kind: "store", Schema: exportFormat}); err != nil {
		return err
	}
	tenants, err := db.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range append([]string{""}, tenants...) {
		if err := db.In(t).export(ctx, func(e exported) error { return enc.Encode(e) }); err != nil {
			return err
		}
	}
	return buf.Flush()
}

func (sc Scope) export(ctx context.Context, put func(exported) error) error {
	for _, t := range Tables() {
		err := sc.each(ctx, t.Name, func(id, packed string) error {
			_, schema, raw, err := unpack(packed)
			if err != nil {
				return fmt.Errorf("store: %s %s: %w", t.Name, id, err)
			}
			return put(exported{Kind: "row", Tenant: sc.tenant, Table: t.Name, ID: id, Schema: schema, Val: json.RawMessage(raw)})
		})
		if err != nil {
			return err
		}
	}
	err := sc.Audits(ctx, func(a Audit) error {
		val, err := json.Marshal(a)
		return errors.Join(err, put(exported{Kind: "audit", Tenant: sc.tenant, Val: val}))
	})
	if err != nil {
		return err
	}
	timers, err := sc.Timers(ctx, "")
	if err != nil {
		return err
	}
	for _, t := range timers {
		if err := put(exported{Kind: "timer", Tenant: sc.tenant, ID: t.ID, At: t.At.UnixMilli(), Raw: t.Body}); err != nil {
			return err
		}
	}
	if err := sc.exportOut(ctx, put); err != nil {
		return err
	}
	for _, kind := range []string{"doubt", "dead", "secret", "count"} {
		all, err := sc.db.c.HGetAll(ctx, sc.key(kind)).Result()
		if err != nil {
			return fmt.Errorf("store: %s: %w", kind, unavailable(err))
		}
		for id, v := range all {
			if err := put(exported{Kind: kind, Tenant: sc.tenant, ID: id, Raw: []byte(v)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// exportOut writes outgoing messages in the order in which they were made.
func (sc Scope) exportOut(ctx context.Context, put func(exported) error) error {
	var all []OutItem
	err := sc.scanMembers(ctx, "outitem", "", func(id, v string) error {
		it, err := outItem(sc.member+id, v)
		all = append(all, it)
		return err
	})
	if err != nil {
		return err
	}
	sortBy(all, func(it OutItem) time.Time { return it.Made })
	for _, it := range all {
		val, err := json.Marshal(it.Out)
		if err := errors.Join(err, put(exported{Kind: "out", Tenant: sc.tenant, ID: it.ID, Val: val})); err != nil {
			return err
		}
	}
	return nil
}

// ErrNotEmpty says that the store to import into holds something.
var ErrNotEmpty = errors.New("store: import needs an empty store; this one holds records")

// Import reads what Export wrote into an empty store and returns the number
// of rows. Ids stay; revisions begin anew.
func (db *DB) Import(ctx context.Context, r io.Reader) (int, error) {
	if empty, err := db.empty(ctx); err != nil {
		return 0, err
	} else if !empty {
		return 0, ErrNotEmpty
	}
	in := &importer{db: db}
	dec := json.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	for n := 1; ; n++ {
		var e exported
		err := dec.Decode(&e)
		if errors.Is(err, io.EOF) {
			if n == 1 {
				return 0, errors.New("store: the export is empty")
			}
			return in.rows, in.flush(ctx)
		}
		if err == nil {
			err = in.add(ctx, e, n)
		}
		if err != nil {
			return in.rows, fmt.Errorf("line %d: %w", n, err)
		}
	}
}

type importer struct {
	db   *DB
	sc   Scope
	b    *Batch
	rows int
}

func (in *importer) add(ctx context.Context, e exported, n int) error {
	if n == 1 {
		if e.Kind != "store" || e.Schema != exportFormat {
			return errors.New("this is not an export that this version can read")
		}
		return nil
	}
	if in.b == nil || in.sc.tenant != e.Tenant || in.b.n >= 100 || in.b.bytes > 1<<20 {
		if err := in.flush(ctx); err != nil {
			return err
		}
		in.sc = in.db.In(e.Tenant)
		in.b = in.sc.Batch("")
	}
	switch e.Kind {
	case "row":
		t := tableNamed(e.Table)
		if t == nil {
			return fmt.Errorf("table %q is not known here", e.Table)
		}
		in.rows++
		return t.any.restore(in.b, e.ID, e.Schema, e.Val)
	case "audit":
		var a Audit
		if err := json.Unmarshal(e.Val, &a); err != nil {
			return err
		}
		in.b.Audit(a)
	case "timer":
		in.b.Timer(e.ID, time.UnixMilli(e.At), e.Raw)
	case "out":
		var o Out
		if err := json.Unmarshal(e.Val, &o); err != nil {
			return err
		}
		in.b.Out(o)
	case "doubt", "dead", "secret":
		in.b.count(len(e.Raw))
		in.b.w.do("HSET", in.sc.key(e.Kind), e.ID, string(e.Raw))
	case "count":
		n, err := strconv.ParseInt(string(e.Raw), 10, 64)
		if err != nil {
			return err
		}
		in.b.Counter(e.ID, n)
	default:
		return fmt.Errorf("unknown kind %q", e.Kind)
	}
	return in.b.err
}

func (in *importer) flush(ctx context.Context) error {
	if in.b == nil {
		return nil
	}
	err := in.sc.Commit(ctx, in.b)
	in.b = nil
	return err
}

// empty says whether no tenant and no global row exists.
func (db *DB) empty(ctx context.Context) (bool, error) {
	tenants, err := db.Tenants(ctx)
	if err != nil || len(tenants) > 0 {
		return false, err
	}
	for _, t := range Tables() {
		n, err := db.c.HLen(ctx, global.rows(t.Name)).Result()
		if err != nil || n > 0 {
			return false, unavailable(err)
		}
	}
	return true, nil
}

// Rebuild writes all index entries of a tenant's rows again, after a table's
// Index has changed. It may run while others work and returns the number of rows.
func (sc Scope) Rebuild(ctx context.Context) (int, error) {
	n := 0
	for _, info := range Tables() {
		t := tableNamed(info.Name)
		err := sc.each(ctx, t.name, func(id, _ string) error {
			done, err := sc.rebuildRow(ctx, t, id)
			if done {
				n++
			}
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (sc Scope) rebuildRow(ctx context.Context, t *core, id string) (bool, error) {
	for range 20 {
		packed, err := sc.fetch(ctx, t, id)
		if errors.Is(err, ErrNone) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		b := sc.Batch("")
		if err := t.any.reindex(b, id, packed); err != nil {
			return false, err
		}
		err = sc.Commit(ctx, b)
		var stale *Stale
		if !errors.As(err, &stale) {
			return err == nil, err
		}
	}
	return false, &Stale{t.name, id}
}

func sorted(s []string) []string { slices.Sort(s); return s }
