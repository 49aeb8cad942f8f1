package store

import (
	"context"
	"fmt"
	"time"

	json "github.com/go-json-experiment/json/v1"
	"github.com/redis/go-redis/v9"
)

// Audit is one line of "who did what to which record, when, by which door".
// Facts hold ids and field names only, never anybody's words.
type Audit struct {
	At      time.Time         `json:"at"`
	By      string            `json:"by,omitempty"`
	Door    string            `json:"door,omitempty"`
	Event   string            `json:"event,omitempty"`
	Act     string            `json:"act"`
	Records []string          `json:"records,omitempty"` // "candidate:c7"
	Facts   map[string]string `json:"facts,omitempty"`
}

// Audit adds a line to the tenant's audit stream and to the history of each
// of its records.
func (b *Batch) Audit(e Audit) {
	body := string(e.append(make([]byte, 0, 256)))
	b.count(len(body))
	b.w.step("X", b.w.pos(b.w.key("audit")), body, num(len(e.Records)))
	for _, r := range e.Records {
		b.w.step(b.w.pos(b.w.hist(r)))
	}
}

// append writes the line as encoding/json would, at a fraction of the cost:
// every act pays for it.
func (e *Audit) append(to []byte) []byte {
	to = append(to, `{"at":"`...)
	to = e.At.AppendFormat(to, time.RFC3339Nano)
	to = append(to, '"')
	for _, f := range [...]struct{ name, value string }{{`,"by":`, e.By}, {`,"door":`, e.Door}, {`,"event":`, e.Event}} {
		if f.value != "" {
			to = appendText(append(to, f.name...), f.value)
		}
	}
	to = appendText(append(to, `,"act":`...), e.Act)
	for i, r := range e.Records {
		to = append(to, either(i == 0, `,"records":[`, `,`)...)
		to = appendText(to, r)
	}
	if len(e.Records) > 0 {
		to = append(to, ']')
	}
	first := true
	for k, v := range e.Facts {
		to = append(to, either(first, `,"facts":{`, `,`)...)
		to = appendText(append(appendText(to, k), ':'), v)
		first = false
	}
	if len(e.Facts) > 0 {
		to = append(to, '}')
	}
	return append(to, '}')
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// appendText writes a JSON string.
func appendText(to []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string always can be
			return append(to, quoted...)
		}
	}
	to = append(to, '"')
	to = append(to, s...)
	return append(to, '"')
}

// History is what happened to a record, newest first; limit 0 is all.
func (sc Scope) History(ctx context.Context, record string, limit int) ([]Audit, error) {
	from := int64(-limit)
	ids, err := sc.db.c.LRange(ctx, sc.hist(record), from, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("store: history: %w", unavailable(err))
	}
	p := sc.db.c.Pipeline()
	found := make([]*redis.XMessageSliceCmd, 0, len(ids))
	for i := len(ids) - 1; i >= 0; i-- {
		found = append(found, p.XRange(ctx, sc.key("audit"), ids[i], ids[i]))
	}
	if len(found) == 0 {
		return nil, nil
	}
	if _, err := p.Exec(ctx); err != nil {
		return nil, fmt.Errorf("store: history: %w", unavailable(err))
	}
	out := make([]Audit, 0, len(ids))
	for _, f := range found {
		for _, m := range f.Val() {
			e, err := auditOf(m)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// Audits calls f for the tenant's whole audit stream, oldest first.
func (sc Scope) Audits(ctx context.Context, f func(Audit) error) error {
	from := "-"
	for {
		page, err := sc.db.c.XRangeN(ctx, sc.key("audit"), from, "+", 500).Result()
		if err != nil {
			return fmt.Errorf("store: audit: %w", unavailable(err))
		}
		for _, m := range page {
			e, err := auditOf(m)
			if err == nil {
				err = f(e)
			}
			if err != nil {
				return err
			}
		}
		if len(page) < 500 {
			return nil
		}
		from = "(" + page[len(page)-1].ID
	}
}

func auditOf(m redis.XMessage) (Audit, error) {
	var e Audit
	body, _ := m.Values["e"].(string)
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return e, fmt.Errorf("store: audit %s: %w", m.ID, err)
	}
	return e, nil
}
