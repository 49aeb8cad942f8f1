package store

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Pace says how long to wait before the next request under key may go, for
// rate requests a second with bursts of burst. Zero means that it may go now
// and was counted; otherwise nothing was counted. All processes share it.
func (db *DB) Pace(ctx context.Context, key string, rate float64, burst int, now time.Time) (time.Duration, error) {
	if rate <= 0 || burst < 1 {
		return 0, fmt.Errorf("store: pace %s: %g a second, bursts of %d", key, rate, burst)
	}
	gap := int64(1e6 / rate)
	shard := newSpace("pace "+key, db.shards).shard
	v, err := db.run(ctx, db.reads, shard, paceScript, 1, db.shardKey(shard, "pace:"+key), now.UnixMicro(), gap, gap*int64(burst-1))
	if err != nil {
		return 0, err
	}
	s, _ := v.(string)
	us, err := strconv.ParseInt(s, 10, 64)
	return time.Duration(us) * time.Microsecond, err
}
