package bot

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport/store"
)

// line is one thing said in a place of a network without a memory of its own.
type line struct {
	Place string          `json:"p"`
	Line  string          `json:"l"` // the line it shows; itself when new
	Body  json.RawMessage `json:"b"`
	At    time.Time       `json:"a"`
	Seq   int64           `json:"s"`
}

// console lines belong to whoever's conversation it is; a channel's to nobody alone.
var lineTable = store.NewTable("line", store.Def[line]{Big: true,
	Whose: func(_ string, l line) []string { return []string{l.Place} },
	Index: func(l line, x *store.Index) { x.Order("place", l.Place, float64(l.Seq)) }})

// lines implements Lines on the store.
type lines struct {
	bot     *Bot
	mu      sync.Mutex
	changed chan struct{}
	last    int64
}

const keptLines = 300 // per place; older ones are dropped

func (l *lines) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

func (l *lines) Add(ctx context.Context, tenant, place, key string, body []byte) (string, error) {
	return l.put(ctx, tenant, place, "", key, body)
}

func (l *lines) Set(ctx context.Context, tenant, place, of string, body []byte) (string, error) {
	return l.put(ctx, tenant, place, of, "", body)
}

// put tries again when another process took the same microsecond's id or dropped the
// same old lines.
func (l *lines) put(ctx context.Context, tenant, place, of, key string, body []byte) (string, error) {
	for try := 0; ; try++ {
		id, err := l.write(ctx, tenant, place, of, key, body)
		var stale *store.Stale
		if !errors.As(err, &stale) || try == 20 {
			return id, err
		}
	}
}

func (l *lines) write(ctx context.Context, tenant, place, of, key string, body []byte) (string, error) {
	sc := l.bot.db.In(tenant)
	now := l.bot.now()
	l.mu.Lock()
	seq := max(now.UnixMicro(), l.last+1)
	l.last = seq
	l.mu.Unlock()
	id := lineID(seq)
	if of == "" {
		of = id
	}
	b := sc.Batch("")
	store.Put(b, lineTable, store.Row[line]{ID: place + "/" + id, Val: line{Place: place, Line: of, Body: body, At: now, Seq: seq}})
	if err := l.trim(ctx, sc, b, place); err != nil {
		return "", err
	}
	if key != "" {
		b.Seen("line/"+place+"/"+key, []byte(id))
	}
	err := sc.Commit(ctx, b)
	var seen *store.Seen
	if errors.As(err, &seen) {
		return string(seen.Reply), nil
	}
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	close(l.changed)
	l.changed = make(chan struct{})
	l.mu.Unlock()
	return id, nil
}

// trim drops the oldest lines of a full place, a few at a time.
func (l *lines) trim(ctx context.Context, sc store.Scope, b *store.Batch, place string) error {
	n, err := lineTable.Count(ctx, sc, "place", place)
	if err != nil || n[0] < keptLines {
		return err
	}
	old, err := lineTable.Range(ctx, sc, "place", place, store.Span{Limit: n[0] - keptLines + 1})
	if err != nil {
		return err
	}
	rows, err := lineTable.Many(ctx, sc, old[:min(len(old), 20)])
	if err != nil {
		return err
	}
	for _, r := range rows {
		store.Delete(b, lineTable, r)
	}
	return nil
}

func (l *lines) After(ctx context.Context, tenant, place, id string, limit int) ([]Stored, error) {
	sc := l.bot.db.In(tenant)
	span := store.Span{Limit: limit, Rev: true}
	if id != "" {
		span = store.Span{Min: float64(lineSeq(id) + 1), Max: 1 << 62, Limit: limit}
	}
	ids, err := lineTable.Range(ctx, sc, "place", place, span)
	if err != nil {
		return nil, err
	}
	rows, err := lineTable.Many(ctx, sc, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Stored, 0, len(rows))
	for _, r := range rows {
		out = append(out, Stored{ID: lineID(r.Val.Seq), Line: r.Val.Line, Body: r.Val.Body, At: r.Val.At})
	}
	if span.Rev {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out, nil
}

const lineDigits = "0123456789abcdefghijklmnopqrstuvwxyz"

// lineID writes a sequence number so that ids sort as they rise.
func lineID(seq int64) string {
	var buf [12]byte
	for i := len(buf) - 1; i >= 0; i-- {
		buf[i] = lineDigits[seq%36]
		seq /= 36
	}
	return string(buf[:])
}

func lineSeq(id string) int64 {
	var n int64
	for _, r := range id {
		switch {
		case r >= '0' && r <= '9':
			n = n*36 + int64(r-'0')
		case r >= 'a' && r <= 'z':
			n = n*36 + int64(r-'a') + 10
		}
	}
	return n
}

// desk implements Desk.
type desk struct{ bot *Bot }

func (d desk) People(ctx context.Context, tenant string) ([]Person, error) {
	ids, err := People.Range(ctx, d.bot.db.In(tenant), "all", "", store.Span{Limit: 2000})
	if err != nil {
		return nil, err
	}
	rows, err := People.Many(ctx, d.bot.db.In(tenant), ids)
	var out []Person
	for _, r := range rows {
		if !r.Val.Gone {
			p := r.Val
			p.ID, p.Tenant = r.ID, tenant
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Person) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return out, err
}

func (d desk) PersonByID(ctx context.Context, tenant, id string) (Person, error) {
	row, err := People.Get(ctx, d.bot.db.In(tenant), id)
	if err == nil && !row.Val.Gone && d.bot.vouched != nil && !d.bot.vouched.still(ctx, tenant, id, row.Val) {
		row.Val.Gone = true
	}
	if isNone(err) || err == nil && row.Val.Gone {
		return Person{}, Faultf(Missing, "There is no such member any more.")
	}
	row.Val.ID, row.Val.Tenant = row.ID, tenant
	return row.Val, err
}

func (d desk) Menu(p Person) []Declared { return d.bot.Menu(p) }

func (d desk) RolesSaid(p Person) string { return d.bot.RolesSaid(p.Roles) }

func (d desk) Empty(ctx context.Context) bool {
	tenants, err := d.bot.db.Tenants(ctx)
	if err != nil {
		return false
	}
	for _, t := range tenants {
		if n, err := People.Count(ctx, d.bot.db.In(t), "all", ""); t != "" && (err != nil || n[0] > 0) {
			return false
		}
	}
	return true
}

func (d desk) Setup(ctx context.Context, code, name string) (string, string, error) {
	if d.bot.FirstAdmin == nil {
		return "", "", Faultf(Forbidden, "There is nothing to set up here.")
	}
	return d.bot.FirstAdmin(ctx, code, name)
}
