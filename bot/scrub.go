package bot

import (
	"context"
	"strings"

	"rapport/store"
)

// Scrub removes what is left of somebody after their records are gone: lines of the
// console, kept answers and tokens in which any of these words (names, addresses)
// stands.
func (b *Bot) Scrub(ctx context.Context, tenant string, words []string) (int, error) {
	sc := b.db.In(tenant)
	n, err := sc.Scrub(ctx, words)
	if err != nil {
		return n, err
	}
	var hit []store.Row[line]
	err = lineTable.Each(ctx, sc, func(r store.Row[line]) error {
		body := strings.ToLower(string(r.Val.Body))
		for _, w := range words {
			if w = strings.ToLower(strings.TrimSpace(w)); len([]rune(w)) >= 3 && strings.Contains(body, w) {
				hit = append(hit, r)
				break
			}
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	for _, r := range hit {
		batch := sc.Batch("")
		store.Delete(batch, lineTable, r)
		if err := sc.Commit(ctx, batch); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
