package store

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// ErrNotEmpty says that the store to import into holds something.
var ErrNotEmpty = errors.New("store: import needs an empty store; this one holds records")

// ErrOtherImport says that the import of another file was begun and not finished.
var ErrOtherImport = errors.New("store: the import of another file was begun here and did not finish; import that file again, or empty this store")

// ErrHalfImported says that an import was begun and not finished.
var ErrHalfImported = errors.New("store: an import was begun in this store and did not finish; import the same file again, it goes on where it stopped")

// Whole returns ErrHalfImported while an import is unfinished.
func (db *DB) Whole(ctx context.Context) error {
	n, err := db.c.Exists(ctx, global.key("import")).Result()
	if err != nil {
		return fmt.Errorf("store: %w", unavailable(err))
	}
	if n > 0 {
		return ErrHalfImported
	}
	return nil
}

// Import reads what Export wrote into an empty store and returns the number
// of rows. Ids stay; revisions begin anew. An import that was cut off goes on
// where it stopped when it gets the same file again: each batch carries the
// line it ends with, kept in its shard. The file is read twice, and nothing is
// written when any line of it is unreadable.
func (db *DB) Import(ctx context.Context, r io.ReadSeeker) (int, error) {
	in := &importer{db: db, upto: map[int]int{}}
	defer func() { _ = in.lease.Release(context.WithoutCancel(ctx)) }()
	file, err := in.read(r, in.check)
	if err != nil {
		return 0, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	if err := in.begin(ctx, file); err != nil {
		return 0, err
	}
	if !in.over {
		in.rows = 0
		if _, err := in.read(r, func(e exported, n int) error { return in.add(ctx, e, n) }); err != nil {
			return in.rows, err
		}
		if err := in.flush(ctx); err != nil {
			return in.rows, err
		}
	}
	return in.rows, in.end(ctx)
}

type importer struct {
	db   *DB
	sc   Scope
	b    *Batch
	last int         // line that b ends with
	upto map[int]int // by shard, the last line that is in
	over bool        // all lines are in
	rows int

	lease Lease // nobody else imports meanwhile
	kept  Hold  // when it was lengthened
}

// read hands every line to f, and returns the file's digest.
func (in *importer) read(r io.Reader, f func(e exported, n int) error) (string, error) {
	sum := sha256.New()
	dec := json.NewDecoder(bufio.NewReaderSize(io.TeeReader(r, sum), 1<<16))
	for n := 1; ; n++ {
		var e exported
		err := dec.Decode(&e)
		if errors.Is(err, io.EOF) {
			if n == 1 {
				return "", errors.New("store: the export is empty")
			}
			return hex.EncodeToString(sum.Sum(nil)), nil
		}
		if err == nil {
			err = f(e, n)
		}
		if err != nil {
			return "", fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// check reads a line without writing it.
func (in *importer) check(e exported, n int) error {
	if n == 1 {
		if e.Kind != "store" || e.Schema != exportFormat {
			return errors.New("this is not an export that this version can read")
		}
		return nil
	}
	if e.Kind == "row" {
		in.rows++
	}
	return in.stage(in.db.In(e.Tenant).Batch(""), e)
}

const importLease = 6 * time.Second

// begin marks the store as half imported, or finds where the last try stopped.
func (in *importer) begin(ctx context.Context, file string) error {
	for until := NewHold(); ; time.Sleep(100 * time.Millisecond) { // whoever was killed over it may have it still
		var ok bool
		var err error
		if in.lease, ok, err = in.db.Lease(ctx, "import", importLease); err != nil {
			return err
		} else if ok {
			in.kept = NewHold()
			break
		}
		if !until.Younger(2 * importLease) {
			return errors.New("store: another import is at work here")
		}
	}
	mark := global.key("import")
	was, err := in.db.c.HGetAll(ctx, mark).Result()
	if err != nil {
		return fmt.Errorf("store: %w", unavailable(err))
	}
	if len(was) == 0 {
		if empty, err := in.db.empty(ctx); err != nil {
			return err
		} else if !empty {
			return ErrNotEmpty
		}
		if err := in.db.c.HSetNX(ctx, mark, "file", file).Err(); err != nil {
			return fmt.Errorf("store: %w", unavailable(err))
		}
		return nil
	}
	if was["file"] != file {
		return ErrOtherImport
	}
	in.over = was["over"] != ""
	for n := range in.db.shards + 1 {
		at, err := in.db.c.Get(ctx, in.db.shardKey(n, "import")).Int()
		if err != nil && !isNil(err) {
			return fmt.Errorf("store: %w", unavailable(err))
		}
		in.upto[n] = at
	}
	return nil
}

// end takes the marks away: that all is in comes first, so that whoever is cut
// off here does not begin again.
func (in *importer) end(ctx context.Context) error {
	mark := global.key("import")
	if err := in.db.c.HSet(ctx, mark, "over", "1").Err(); err != nil {
		return fmt.Errorf("store: %w", unavailable(err))
	}
	for n := range in.db.shards + 1 {
		if err := in.db.c.Del(ctx, in.db.shardKey(n, "import")).Err(); err != nil {
			return fmt.Errorf("store: %w", unavailable(err))
		}
	}
	return unavailable(in.db.c.Del(ctx, mark).Err())
}

func (in *importer) add(ctx context.Context, e exported, n int) error {
	if n == 1 {
		return nil
	}
	if e.Kind == "row" {
		in.rows++
	}
	sc := in.db.In(e.Tenant)
	if n <= in.upto[sc.shard] {
		return nil
	}
	if in.b == nil || in.sc.tenant != e.Tenant || in.b.n >= 100 || in.b.bytes > 1<<20 {
		if err := in.flush(ctx); err != nil {
			return err
		}
		in.sc, in.b = sc, sc.Batch("")
	}
	in.last = n
	return in.stage(in.b, e)
}

// stage puts one line into a batch.
func (in *importer) stage(b *Batch, e exported) error {
	switch e.Kind {
	case "row":
		t := tableNamed(e.Table)
		if t == nil {
			return fmt.Errorf("table %q is not known here", e.Table)
		}
		return t.any.restore(b, e.ID, e.Schema, e.Val)
	case "audit":
		var a Audit
		if err := json.Unmarshal(e.Val, &a); err != nil {
			return err
		}
		b.Audit(a)
	case "timer":
		b.Timer(e.ID, time.UnixMilli(e.At), e.Raw)
	case "out":
		var o Out
		if err := json.Unmarshal(e.Val, &o); err != nil {
			return err
		}
		b.Out(o)
	case "doubt", "dead", "secret":
		b.count(len(e.Raw))
		b.w.do("HSET", b.w.key(e.Kind), e.ID, string(e.Raw))
	case "count":
		n, err := strconv.ParseInt(string(e.Raw), 10, 64)
		if err != nil {
			return err
		}
		b.Counter(e.ID, n)
	default:
		return fmt.Errorf("unknown kind %q", e.Kind)
	}
	return b.err
}

func (in *importer) flush(ctx context.Context) error {
	if in.b == nil {
		return nil
	}
	if !in.kept.Younger(importLease / 3) {
		if _, err := in.lease.Renew(ctx, importLease); err != nil {
			return err
		}
		in.kept = NewHold()
	}
	in.b.Fence(in.lease)
	in.b.w.do("SET", in.sc.loop+"import", strconv.Itoa(in.last))
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
