package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"rapport/store"
)

// ForgetLines drops the kept lines of conversations that hold one of these words: a
// person's name, addresses and numbers, when their data is erased. It looks at every
// line of the tenant and may be repeated.
func (b *Bot) ForgetLines(ctx context.Context, tenant string, words []string) error {
	var wanted [][]byte
	for _, w := range words {
		raw, err := json.Marshal(w)
		if err != nil || len(w) < 3 {
			continue // so short a word would take everything
		}
		wanted = append(wanted, raw[1:len(raw)-1], []byte(w))
	}
	if len(wanted) == 0 {
		return nil
	}
	sc := b.db.In(tenant)
	var gone []string
	err := lineTable.Each(ctx, sc, func(r store.Row[line]) error {
		for _, w := range wanted {
			if bytes.Contains(r.Val.Body, w) {
				gone = append(gone, r.ID)
				break
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range gone {
		row, err := lineTable.Get(ctx, sc, id)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return err
		}
		batch := sc.Batch("")
		store.Delete(batch, lineTable, row)
		var stale *store.Stale
		if err := sc.Commit(ctx, batch); err != nil && !errors.As(err, &stale) {
			return err
		}
	}
	return nil
}
