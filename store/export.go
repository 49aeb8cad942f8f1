package store

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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
// being worked on). What changes while it runs may be in it or not, row by row;
// but whoever waits for a timer in it has that timer. It returns how many records were written.
func (db *DB) Export(ctx context.Context, w io.Writer) (n int, err error) {
	if err := db.Whole(ctx); err != nil {
		return 0, err
	}
	buf := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(exported{Kind: "store", Schema: exportFormat}); err != nil {
		return 0, err
	}
	tenants, err := db.Tenants(ctx)
	if err != nil {
		return 0, err
	}
	put := func(e exported) error { n++; return enc.Encode(e) }
	for _, t := range append([]string{""}, tenants...) {
		if err := db.In(t).export(ctx, put); err != nil {
			return n, err
		}
	}
	return n, buf.Flush()
}

func (sc Scope) export(ctx context.Context, put func(exported) error) error {
	timers := map[string]int64{} // before the rows and after them: a row may gain or lose its own meanwhile
	if err := sc.exportTimers(ctx, timers, put); err != nil {
		return err
	}
	for _, t := range Tables() {
		met := map[string]bool{} // a scan may meet a row twice while others are written
		err := sc.each(ctx, t.Name, func(id, packed string) error {
			if met[id] {
				return nil
			}
			met[id] = true
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
	if err := sc.exportTimers(ctx, timers, put); err != nil {
		return err
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

// exportTimers writes the timers that were not yet, and notes them.
func (sc Scope) exportTimers(ctx context.Context, known map[string]int64, put func(exported) error) error {
	timers, err := sc.Timers(ctx, "")
	if err != nil {
		return err
	}
	for _, t := range timers {
		at := t.At.UnixMilli()
		if was, ok := known[t.ID]; ok && was == at {
			continue
		}
		known[t.ID] = at
		if err := put(exported{Kind: "timer", Tenant: sc.tenant, ID: t.ID, At: at, Raw: t.Body}); err != nil {
			return err
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
