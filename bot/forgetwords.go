package bot

import (
	"bytes"
	"context"
	"errors"
	"strings"

	json "github.com/go-json-experiment/json/v1"

	"rapport/store"
)

// ForgetWords drops what is left of somebody once their records are erased: kept
// lines of conversations, answers, tokens and dead letters that hold one of these
// words (a name, an address, a number). It looks at all of the tenant's and may be
// repeated.
func (b *Bot) ForgetWords(ctx context.Context, tenant string, words []string) error {
	var wanted [][]byte
	want := func(w string) {
		raw, err := json.Marshal(strings.ToLower(w))
		if err == nil && len(w) >= 3 { // so short a word would take everything
			wanted = append(wanted, raw[1:len(raw)-1])
		}
	}
	for _, w := range words {
		want(w)
		if !strings.Contains(w, "@") {
			for _, part := range strings.Fields(w) { // lines name people by parts of their names, too
				if len(part) >= 4 {
					want(part)
				}
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	sc := b.db.In(tenant)
	if _, err := sc.Scrub(ctx, words); err != nil {
		return err
	}
	var gone []string
	err := lineTable.Each(ctx, sc, func(r store.Row[line]) error {
		for _, w := range wanted {
			if bytes.Contains(bytes.ToLower(r.Val.Body), w) {
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
