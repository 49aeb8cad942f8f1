package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Backlog counts what the loops still have before them in the scope's shard,
// other tenants' included: news, timers that are due by now, messages that are
// due, are being sent or were tried before. What is held for later does not
// count. When it is zero, nothing follows any more from what was committed.
func (sc Scope) Backlog(ctx context.Context, now time.Time) (int, error) {
	p := sc.db.c.TxPipeline() // one look: work goes from the one into the other
	news := p.XLen(ctx, sc.loop+"news")
	due := p.ZCount(ctx, sc.loop+"due", "-inf", strconv.FormatInt(now.UnixMilli(), 10))
	out := p.HVals(ctx, sc.loop+"outitem")
	if _, err := p.Exec(ctx); err != nil {
		return 0, fmt.Errorf("store: backlog: %w", unavailable(err))
	}
	n := int(news.Val() + due.Val())
	for _, v := range out.Val() { // "state attempts token at …"
		f := strings.SplitN(v, "\t", 5)
		if len(f) < 5 {
			return 0, fmt.Errorf("store: out %q is damaged", v)
		}
		if at, err := strconv.ParseInt(f[3], 10, 64); f[0] != "w" || f[1] != "0" || err != nil || at <= now.UnixMilli() {
			n++
		}
	}
	return n, nil
}
