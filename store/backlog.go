package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Backlog counts what the loops still have before them in the scope's shard,
// other tenants' included: news, timers that are due, messages that are due,
// are being sent or were tried before. What is held for later does not count.
// When it is zero, nothing follows any more from what was committed before the
// call. It reads all timers and messages there are.
func (sc Scope) Backlog(ctx context.Context) (int, error) {
	p := sc.db.c.TxPipeline() // one look: work goes from the one into the other
	news := p.XLen(ctx, sc.loop+"news")
	timers := p.ZRangeWithScores(ctx, sc.loop+"due", 0, -1)
	out := p.HVals(ctx, sc.loop+"outitem")
	if _, err := p.Exec(ctx); err != nil {
		return 0, fmt.Errorf("store: backlog: %w", unavailable(err))
	}
	now := sc.db.now().UnixMilli() // after the look: what was made during it is due
	n := int(news.Val())
	for _, z := range timers.Val() {
		if int64(z.Score) <= now {
			n++
		}
	}
	for _, v := range out.Val() { // "state attempts token at …"
		f := strings.SplitN(v, "\t", 5)
		if len(f) < 5 {
			return 0, fmt.Errorf("store: out %q is damaged", v)
		}
		if at, err := strconv.ParseInt(f[3], 10, 64); f[0] != "w" || f[1] != "0" || err != nil || at <= now {
			n++
		}
	}
	return n, nil
}
