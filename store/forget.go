package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Forget strips a person's data from every row that holds any, in every
// declared table of the scope, and takes back messages that hold any; one that
// is being sent just then is not sent another time. It returns how many rows
// and messages it changed. A row that changes meanwhile is done again. It may
// be repeated.
func (sc Scope) Forget(ctx context.Context, whose string) (int, error) {
	n, err := sc.forgetRows(ctx, whose)
	if err != nil {
		return n, err
	}
	out, err := sc.forgetOut(ctx, whose) // last: no commit adds one any more
	return n + out, err
}

// whoseGone stands before the person in the refusal of a message about
// somebody of whom nothing is kept.
const whoseGone = "whose\x00"

// stillKept has the commit check that something is kept about everybody whose
// data its messages hold, by this very commit or by others.
func (b *Batch) stillKept() {
	slices.Sort(b.about)
	for _, who := range slices.Compact(b.about) {
		here := func(s staged) bool { return s.put && s.index != nil && slices.Contains(s.index.whose, who) }
		if !slices.ContainsFunc(b.rows, here) {
			b.w.check("k", b.w.pos(b.w.whose(who)), whoseGone+who)
		}
	}
}

func (sc Scope) forgetRows(ctx context.Context, whose string) (int, error) {
	n := 0
	for {
		members, err := sc.db.c.SMembers(ctx, sc.whose(whose)).Result()
		if err != nil {
			return n, fmt.Errorf("store: forget: %w", unavailable(err))
		}
		if len(members) == 0 {
			return n, nil
		}
		before := n
		for _, m := range members {
			table, id, _ := strings.Cut(m, "\x00")
			t := tableNamed(table)
			if t == nil {
				return n, fmt.Errorf("store: forget: table %q is not declared here", table)
			}
			done, err := sc.forgetRow(ctx, t, id, m, whose)
			if err != nil {
				return n, fmt.Errorf("store: forget: %s %s: %w", table, id, err)
			}
			if done {
				n++
			}
		}
		if n == before {
			return n, fmt.Errorf("store: forget: %d rows still name the person after Forget", len(members))
		}
	}
}

// forgetOut takes back the person's messages, waiting and in doubt.
func (sc Scope) forgetOut(ctx context.Context, whose string) (int, error) {
	n := 0
	err := sc.scanMembers(ctx, "outitem", "", func(id, v string) error {
		it, err := outItem(sc.member+id, v)
		if err != nil || !slices.Contains(it.Whose, whose) {
			return err
		}
		b := sc.Batch("")
		b.NoOut(it.ID)
		err = sc.Commit(ctx, b)
		var late *TooLate
		if errors.As(err, &late) { // its sender is at it
			return nil
		}
		n++
		return err
	})
	if err != nil {
		return n, err
	}
	doubts, err := sc.db.OutDoubts(ctx, sc.tenant)
	for _, d := range doubts {
		if err == nil && slices.Contains(d.Out.Whose, whose) {
			n++
			err = sc.db.OutDrop(ctx, sc.tenant, d.ID)
		}
	}
	return n, err
}

// Held is a row that holds a person's data.
type Held struct {
	Table, ID string
	Val       json.RawMessage
}

// About lists every row that holds a person's data, for their own export,
// sorted by table and id.
func (sc Scope) About(ctx context.Context, whose string) ([]Held, error) {
	members, err := sc.db.c.SMembers(ctx, sc.whose(whose)).Result()
	if err != nil {
		return nil, fmt.Errorf("store: about: %w", unavailable(err))
	}
	slices.Sort(members)
	var out []Held
	for _, m := range members {
		table, id, _ := strings.Cut(m, "\x00")
		packed, err := sc.fetch(ctx, &core{name: table}, id)
		if errors.Is(err, ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		_, _, raw, err := unpack(packed)
		if err != nil {
			return nil, fmt.Errorf("store: %s %s: %w", table, id, err)
		}
		out = append(out, Held{table, id, json.RawMessage(raw)})
	}
	return out, nil
}

func (sc Scope) forgetRow(ctx context.Context, t *core, id, m, whose string) (bool, error) {
	for range 20 {
		packed, err := sc.fetch(ctx, t, id)
		if errors.Is(err, ErrNone) { // a row that went while we looked
			return true, unavailable(sc.db.c.SRem(ctx, sc.whose(whose), m).Err())
		}
		if err != nil {
			return false, err
		}
		b := sc.Batch("")
		if err := t.any.forget(b, id, packed, whose); err != nil {
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

func (t *Table[T]) forget(b *Batch, id, packed, whose string) error {
	row, err := t.row(id, packed)
	if err != nil {
		return err
	}
	if t.def.Forget == nil || !t.def.Forget(&row.Val, whose) {
		Delete(b, t, row)
		return b.err
	}
	if slices.Contains(t.def.Whose(id, row.Val), whose) {
		return fmt.Errorf("Def.Forget of %s leaves the row with the person", t.name)
	}
	Put(b, t, row)
	return b.err
}

// restore writes a row of an export, as a new one.
func (t *Table[T]) restore(b *Batch, id string, schema int, val []byte) error {
	var v T
	if err := t.decode(schema, string(val), &v); err != nil {
		return err
	}
	Put(b, t, Row[T]{ID: id, Val: v})
	return b.err
}

// reindex writes all of a row's index entries again.
func (t *Table[T]) reindex(b *Batch, id, packed string) error {
	row, err := t.row(id, packed)
	if err != nil {
		return err
	}
	if !b.stage(staged{t: &t.core, id: id, rev: row.Rev, put: true}) {
		return b.err
	}
	s := &b.rows[len(b.rows)-1]
	if s.packed, err = pack(row.Rev+1, t.schema, &row.Val); err != nil {
		return err
	}
	s.index = t.index(id, row.Val)
	b.w.set(b.w.rows(t.name), id, s.packed)
	b.w.diff(&t.core, id, none, s.index, true)
	return nil
}
