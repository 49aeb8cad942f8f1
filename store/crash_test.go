package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/store"
	"rapport/store/storetest"
)

// soak says whether the long cases run too (RAPPORT_SOAK=1).
func soak() bool { return os.Getenv("RAPPORT_SOAK") == "1" }

// load is callers that each move their own record as fast as they can and
// remember what was acknowledged.
type load struct {
	db    *store.DB
	sc    store.Scope
	acked []atomic.Int64 // per record, the last acknowledged step
	tried []atomic.Int64 // per record, the last step begun
	fails atomic.Int64
	gap   atomic.Int64 // longest time without an acknowledgement, ns
	stop  atomic.Bool
	wg    sync.WaitGroup
}

// underLoad starts callers on n records. A step that is in doubt is committed
// again under its own op until the answer is known.
func underLoad(t *testing.T, db *store.DB, n int) *load {
	l := &load{db: db, sc: db.In("load"), acked: make([]atomic.Int64, n), tried: make([]atomic.Int64, n)}
	last := atomic.Int64{}
	last.Store(time.Now().UnixNano())
	for i := range n {
		l.wg.Go(func() {
			id := fmt.Sprint("c", i)
			row := store.Row[storetest.Person]{ID: id}
			for step := int64(1); !l.stop.Load(); step++ {
				l.tried[i].Store(step)
				row.Val.At = step
				row.Val.Stage = []string{"screen", "onsite"}[step%2]
				for op := fmt.Sprint(id, "/", step); ; {
					b := l.sc.Batch(op)
					store.Put(b, storetest.People, row)
					b.Audit(store.Audit{Act: "move", Records: []string{id}})
					b.News("moved", []byte(op))
					b.Counter("moves", 1)
					b.Out(store.Out{ID: op, Place: id})
					ctx, cancel := context.WithTimeout(context.Background(), time.Second)
					err := l.sc.Commit(ctx, b)
					cancel()
					if err == nil {
						break
					}
					var away *store.Unavailable
					if !errors.As(err, &away) {
						t.Errorf("%s: %v", op, err)
						return
					}
					l.fails.Add(1)
					if l.stop.Load() {
						return
					}
					time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
				}
				l.acked[i].Store(step)
				now := time.Now().UnixNano()
				if gap := now - last.Swap(now); gap > l.gap.Load() {
					l.gap.Store(gap)
				}
				r, err := storetest.People.Get(context.Background(), l.sc, id)
				for err != nil && !l.stop.Load() {
					time.Sleep(10 * time.Millisecond)
					r, err = storetest.People.Get(context.Background(), l.sc, id)
				}
				if err != nil {
					return
				}
				if r.Val.At < step {
					t.Errorf("%s stands at step %d after %d was acknowledged", id, r.Val.At, step)
					return
				}
				row = r
			}
		})
	}
	return l
}

// total is the number of steps acknowledged.
func (l *load) total() (n int64) {
	for i := range l.acked {
		n += l.acked[i].Load()
	}
	return n
}

// await lets n more steps be acknowledged.
func (l *load) await(t *testing.T, n int64) {
	t.Helper()
	from := l.total()
	storetest.Until(t, 30*time.Second, fmt.Sprint(n, " more moves"), func(context.Context) bool { return l.total() >= from+n || t.Failed() })
}

// end stops the callers and compares everything with what was acknowledged.
func (l *load) end(t *testing.T, db *store.DB) {
	t.Helper()
	l.stop.Store(true)
	l.wg.Wait()
	ctx := context.Background()
	sc := db.In("load")
	var moves int64
	for i := range l.acked {
		id := fmt.Sprint("c", i)
		r, err := storetest.People.Get(ctx, sc, id)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		if r.Val.At < l.acked[i].Load() || r.Val.At > l.tried[i].Load() {
			t.Errorf("%s stands at step %d; %d was acknowledged, %d tried", id, r.Val.At, l.acked[i].Load(), l.tried[i].Load())
		}
		if r.Rev != r.Val.At {
			t.Errorf("%s: revision %d after %d steps: something was done twice", id, r.Rev, r.Val.At)
		}
		moves += r.Val.At
		got, err := storetest.People.Range(ctx, sc, "stage", r.Val.Stage, store.Span{Min: float64(r.Val.At), Max: float64(r.Val.At)})
		if err != nil || len(got) == 0 {
			t.Errorf("%s is not in its stage's list: %v %v", id, got, err)
		}
		all, err := sc.History(ctx, id, 0)
		if err != nil || int64(len(all)) != r.Val.At {
			t.Errorf("%s: %d lines of history after %d steps, %v", id, len(all), r.Val.At, err)
		}
	}
	n, err := sc.Counters(ctx)
	if err != nil || n["moves"] != moves {
		t.Errorf("counted %d moves of %d, %v", n["moves"], moves, err)
	}
	if stages, err := storetest.People.Count(ctx, sc, "stage", "screen", "onsite"); err != nil || stages[0]+stages[1] != len(l.acked) {
		t.Errorf("%v people in stages, want %d, %v", stages, len(l.acked), err)
	}
	var told, sent int64
	for n := range db.Shards() {
		for _, m := range db.Client().XRange(ctx, fmt.Sprintf("{%d}:~:news", n), "-", "+").Val() {
			if m.Values["t"] == sc.Tenant() {
				told++
			}
		}
		for _, k := range db.Client().HKeys(ctx, fmt.Sprintf("{%d}:~:outitem", n)).Val() {
			if strings.HasPrefix(k, sc.Tenant()+"\x1f") {
				sent++
			}
		}
	}
	if told != moves || sent != moves {
		t.Errorf("%d pieces of news and %d messages for %d moves", told, sent, moves)
	}
	t.Logf("%d moves, %d attempts in doubt, longest gap %v", moves, l.fails.Load(), time.Duration(l.gap.Load()).Round(time.Millisecond))
}

func TestPowerCutLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	r := storetest.Server(t)
	db := opened(t, store.Options{URL: r.URL()})
	l := underLoad(t, db, 16)
	cuts := 3
	if soak() {
		cuts = 100
	}
	for range cuts {
		l.await(t, 100)
		r.Kill()
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		r.Restart()
	}
	l.await(t, 100)
	l.end(t, db)
}

func TestChildThatDiesIsStartedAgainWithEverything(t *testing.T) {
	t.Parallel()
	storetest.Program(t)
	db := opened(t, store.Options{Data: t.TempDir()})
	l := underLoad(t, db, 8)
	for range 2 {
		l.await(t, 50)
		p, err := os.FindProcess(db.Pid())
		if err != nil {
			t.Fatal(err)
		}
		_ = p.Kill()
	}
	l.await(t, 50)
	l.end(t, db)
}

func TestLostRepliesAreAppliedOnce(t *testing.T) {
	t.Parallel()
	p := storetest.NewProxy(t, storetest.Server(t, "--appendfsync", "everysec"))
	db := opened(t, store.Options{URL: p.URL()})
	l := underLoad(t, db, 16)
	p.LoseEvery(7)
	l.await(t, 300)
	p.LoseEvery(0)
	l.end(t, db)
	if p.Lost.Load() < 10 {
		t.Errorf("only %d replies were lost", p.Lost.Load())
	}
}

func TestRedisAwayIsSaidInTimeAndForgotten(t *testing.T) {
	t.Parallel()
	p := storetest.NewProxy(t, storetest.Server(t))
	db := opened(t, store.Options{URL: p.URL()})
	sc := db.In("acme")
	p.Down()
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		begun := time.Now()
		_, err := storetest.People.Get(ctx, sc, "c1")
		cancel()
		var away *store.Unavailable
		if !errors.As(err, &away) {
			t.Fatalf("away: %v", err)
		}
		if d := time.Since(begun); d > 1500*time.Millisecond {
			t.Errorf("said after %v", d)
		}
	}
	if h := db.Health(t.Context()); h.OK {
		t.Error("healthy while away")
	}
	p.Up()
	storetest.Until(t, 5*time.Second, "back", func(ctx context.Context) bool {
		_, err := storetest.People.Get(ctx, sc, "c1")
		return errors.Is(err, store.ErrNone)
	})
	if h := db.Health(t.Context()); !h.OK || h.Version == "" {
		t.Errorf("after it came back: %+v", h)
	}
}

func TestScriptsAreLoadedAgain(t *testing.T) {
	t.Parallel()
	db := opened(t, store.Options{URL: storetest.Server(t).URL()})
	l := underLoad(t, db, 8)
	for range 5 {
		l.await(t, 20)
		if err := db.Client().ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	l.await(t, 20)
	l.end(t, db)
}

// Redis marks a message as being sent, and the answer that says so is lost: it is
// handed out again at once, and nobody need wonder whether it was sent.
func TestALostAnswerHoldsNoPlaceBack(t *testing.T) {
	t.Parallel()
	p := storetest.NewProxy(t, storetest.Server(t))
	db := opened(t, store.Options{URL: p.URL()})
	ctx, sc := t.Context(), db.In("acme")
	owned, err := db.Divide(ctx, "one")
	if err != nil || len(owned) != db.Shards()+1 {
		t.Fatal(len(owned), err)
	}
	if _, _, err := db.TakeOut(ctx, owned, time.Now(), 10); err != nil { // from now on only the tenant's shard is looked at
		t.Fatal(err)
	}
	b := sc.Batch("")
	b.Out(store.Out{ID: "o1", Place: "p"})
	b.Out(store.Out{ID: "o2", Place: "p"})
	if err := sc.Commit(ctx, b); err != nil {
		t.Fatal(err)
	}
	take := func() (store.OutItem, error) {
		all, _, err := db.TakeOut(ctx, owned, time.Now().Add(time.Second), 10)
		if len(all) > 1 {
			t.Fatalf("%d messages of one place", len(all))
		}
		if len(all) == 0 {
			return store.OutItem{}, err
		}
		return all[0], err
	}
	var away *store.Unavailable
	for _, id := range []string{"o1", "o2"} {
		p.LoseAnswersTo(":~:outbusy")
		if it, err := take(); !errors.As(err, &away) {
			t.Fatalf("the answer was not lost: %+v, %v", it, err)
		}
		if state, _, err := db.OutState(ctx, sc.Tenant(), id); err != nil || state != "sending" {
			t.Fatal(state, err)
		}
		p.LoseAnswersTo("")
		it, err := take()
		if err != nil || it.ID != id || it.Doubt {
			t.Fatalf("after a lost answer: %+v, %v; want %s, not in doubt", it, err, id)
		}
		if again, err := take(); err != nil || again.ID != "" {
			t.Fatalf("handed out while it is being sent: %+v, %v", again, err)
		}
		p.LoseAnswersTo(":~:outbusy")
		if err := db.OutSent(ctx, it, "m"); !errors.As(err, &away) {
			t.Fatalf("its end is not lost: %v", err)
		}
		p.LoseAnswersTo("")
		if err := db.OutSent(ctx, it, "m"); err != nil {
			t.Fatal(err)
		}
		if state, m, err := db.OutState(ctx, sc.Tenant(), id); state != "sent" || m != "m" {
			t.Fatal(state, m, err)
		}
	}
}
