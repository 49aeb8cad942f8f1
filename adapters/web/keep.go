package web

import (
	"context"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"rapport/bot"
)

// keeper writes lines. Lines of one place are written one after the other, so that
// their ids rise in the order in which they can be read.
type keeper struct {
	lines bot.Lines
	locks [32]sync.Mutex
}

func (k *keeper) lock(tenant, place string) *sync.Mutex {
	h := fnv.New32a()
	h.Write([]byte(tenant + "\x00" + place))
	return &k.locks[h.Sum32()%uint32(len(k.locks))]
}

func (k *keeper) add(ctx context.Context, tenant, place, key string, body []byte) (string, error) {
	l := k.lock(tenant, place)
	l.Lock()
	defer l.Unlock()
	return k.lines.Add(ctx, tenant, place, key, body)
}

func (k *keeper) set(ctx context.Context, tenant, place, line string, body []byte) error {
	l := k.lock(tenant, place)
	l.Lock()
	defer l.Unlock()
	_, err := k.lines.Set(ctx, tenant, place, line, body)
	return err
}

const (
	pageOf   = 120             // lines read at once, and shown to a tab that is new
	lookBack = 5 * time.Second // how late another process's line may turn up
	lookMost = 50              // and how many lines are read again for that, at most
)

// cursor reads one place from where a tab stands. Processes number lines by their
// own clocks, so a line may turn up below one that was sent already: the latest few
// are read again, and those sent before are left out.
type cursor struct {
	place string
	at    string       // the highest id sent; "" before anything was read
	safe  string       // below this nothing new turns up any more
	sent  []bot.Stored // sent after safe, in order, without their bodies
}

// next is what came since the last call, oldest first; more when there is still more.
func (r *cursor) next(ctx context.Context, lines bot.Lines, tenant string, now time.Time) (news []bot.Stored, more bool, err error) {
	if r.safe == "" {
		r.safe = r.at
	}
	rows, err := lines.After(ctx, tenant, r.place, r.safe, pageOf)
	if err != nil {
		return nil, false, err
	}
	more = len(rows) == pageOf && r.safe != ""
	if r.safe == "" && len(rows) < pageOf {
		r.safe = "0"
	}
	if r.at == "" {
		r.at = "0"
	}
	for _, row := range rows {
		i, seen := slices.BinarySearchFunc(r.sent, row.ID, func(s bot.Stored, id string) int {
			switch {
			case s.ID < id:
				return -1
			case s.ID > id:
				return 1
			}
			return 0
		})
		if seen {
			continue
		}
		news = append(news, row)
		r.sent = slices.Insert(r.sent, i, bot.Stored{ID: row.ID, At: row.At})
		r.at = max(r.at, row.ID)
	}
	drop := max(0, len(r.sent)-lookMost)
	for drop < len(r.sent) && now.Sub(r.sent[drop].At) > lookBack {
		drop++
	}
	if drop > 0 {
		r.safe = r.sent[drop-1].ID
		r.sent = slices.Delete(r.sent, 0, drop)
	}
	return news, more, nil
}
