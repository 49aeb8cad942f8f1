package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rapport/store"
	"rapport/store/storetest"
)

type benchPerson struct {
	Name, Email, City, Source, Owner string
	Tags                             []string
	Emails                           []string
	Job, Stage                       string
	Created, Updated                 int64
	Note                             string
}

type benchApplication struct {
	Person, Job, Stage string
	Since              int64
}

var (
	benchPeople = store.NewTable("bench.people", store.Def[benchPerson]{
		Whose: func(id string, _ benchPerson) []string { return []string{id} },
		Index: func(v benchPerson, x *store.Index) {
			x.Words(v.Name, v.Email)
			x.Words(v.Tags...)
			x.Ref(v.Email)
			x.Order("stage", v.Job+":"+v.Stage, float64(v.Updated))
			x.Unique("remote", v.Email)
		},
	})
	benchProcess = store.NewTable("bench.process", store.Def[benchApplication]{
		Whose: func(id string, _ benchApplication) []string { return []string{id} },
	})
)

var (
	firsts = strings.Fields("Maria Ahmed Li Olga James Priya Chen Sofia David Amara Ada Kwame Ingrid Yuki Fatima Lars Noor Pavel Aisha Tomas Zeynep Hugo Mei Ravi Elena Sven Leila Omar Nadia Jonas")
	lasts  = strings.Fields("Garcia Khan Wei Ivanova Smith Patel Ming Rossi Cohen Okafor Mensah Larsen Tanaka Haddad Berg Novak Yilmaz Martin Zhang Rao Petrova Lund Farah Silva Costa Weber Klein Moreau Santos Dahl")
)

// benchSize is the number of people: RAPPORT_BENCH_ROWS, else 100,000.
func benchSize() int {
	if n, err := strconv.Atoi(os.Getenv("RAPPORT_BENCH_ROWS")); err == nil {
		return n
	}
	return 100_000
}

func benchID(i int) string { return fmt.Sprintf("c_%026d", i) }

func seeded(b *testing.B, conf ...string) (*store.DB, *storetest.Redis, store.Scope) {
	b.Helper()
	r := storetest.Server(b, append([]string{"--appendfsync", "everysec"}, conf...)...)
	db, err := store.Open(b.Context(), store.Options{URL: r.URL()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close(context.Background()) })
	sc := db.In("bench")
	ctx := context.Background()
	for from := 0; from < benchSize(); from += 90 {
		batch := sc.Batch("")
		for i := from; i < min(from+90, benchSize()); i++ {
			store.Put(batch, benchPeople, store.Row[benchPerson]{ID: benchID(i), Val: benchPerson{
				Name:  firsts[i%30] + " " + lasts[i/30%30],
				Email: fmt.Sprintf("c%d@mail.example", i), City: "Berlin", Source: "referral", Owner: "U0PERF",
				Tags: []string{"go", "remote"}, Job: "j" + strconv.Itoa(i%20), Stage: "screen",
				Created: int64(i), Updated: int64(i), Note: strings.Repeat("Met at the fair. ", 15)}})
			store.Put(batch, benchProcess, store.Row[benchApplication]{ID: benchID(i), Val: benchApplication{Person: benchID(i)}})
		}
		if err := sc.Commit(ctx, batch); err != nil {
			b.Fatal(err)
		}
	}
	for strings.Contains(db.Client().Info(ctx, "persistence").Val(), "aof_rewrite_in_progress:1") {
		time.Sleep(100 * time.Millisecond)
	}
	return db, r, sc
}

// cpu is the processor time a process has used; 0 is this one.
func cpu(pid int) time.Duration {
	if pid == 0 {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	s, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	f := strings.Fields(string(s[strings.LastIndexByte(string(s), ')')+2:]))
	user, _ := strconv.Atoi(f[11])
	sys, _ := strconv.Atoi(f[12])
	return time.Duration(user+sys) * 10 * time.Millisecond
}

func measured(b *testing.B, r *storetest.Redis, f func(pb *testing.PB)) {
	b.Helper()
	b.SetParallelism(32) // 64 callers on two cores
	own, theirs := cpu(0), cpu(r.Pid())
	b.ResetTimer()
	b.RunParallel(f)
	b.StopTimer()
	b.ReportMetric(float64((cpu(0)-own).Microseconds())/float64(b.N), "go-µs/op")
	b.ReportMetric(float64((cpu(r.Pid())-theirs).Microseconds())/float64(b.N), "redis-µs/op")
}

var reply = []byte(strings.Repeat("Moved *Ada Okafor* from Screen to Onsite. ", 25))

func move(ctx context.Context, sc store.Scope, n int64, who string) error {
	rows, err := benchPeople.Lookup(ctx, sc, who, 5)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("nobody is called %s", who)
	}
	p := rows[0]
	proc, err := benchProcess.Cached(ctx, sc, p.ID)
	if err != nil {
		return err
	}
	p.Val.Stage = map[string]string{"screen": "onsite", "onsite": "screen"}[p.Val.Stage]
	p.Val.Updated++
	id := strconv.FormatInt(n, 10)
	batch := sc.Batch("e" + id)
	store.Check(batch, benchProcess, proc)
	store.Put(batch, benchPeople, p)
	batch.Audit(store.Audit{At: time.Unix(n, 0), By: "U0PERF", Door: "slack", Event: "e" + id, Act: "candidate move", Records: []string{"candidate:" + p.ID},
		Facts: map[string]string{"from": "screen", "to": p.Val.Stage}})
	batch.News("moved", []byte(`{"candidate":"`+p.ID+`","to":"onsite"}`))
	batch.Seen("e"+id, reply)
	return sc.Commit(ctx, batch)
}

// BenchmarkStore seeds once: RAPPORT_BENCH_ROWS people, each with a second row.
func BenchmarkStore(b *testing.B) {
	_, r, sc := seeded(b)
	var n atomic.Int64
	b.Run("Move", func(b *testing.B) {
		measured(b, r, func(pb *testing.PB) {
			for pb.Next() {
				i := n.Add(1)
				var stale *store.Stale
				if err := move(b.Context(), sc, i, benchID(rand.IntN(benchSize()))); err != nil && !errors.As(err, &stale) {
					b.Error(err)
				}
			}
		})
	})
	b.Run("LookupByID", func(b *testing.B) {
		measured(b, r, func(pb *testing.PB) {
			for pb.Next() {
				if rows, err := benchPeople.Lookup(b.Context(), sc, benchID(rand.IntN(benchSize())), 5); err != nil || len(rows) != 1 {
					b.Error(rows, err)
				}
			}
		})
	})
	b.Run("LookupByMail", func(b *testing.B) {
		measured(b, r, func(pb *testing.PB) {
			for pb.Next() {
				if rows, err := benchPeople.Lookup(b.Context(), sc, fmt.Sprintf("c%d@mail.example", rand.IntN(benchSize())), 5); err != nil || len(rows) != 1 {
					b.Error(rows, err)
				}
			}
		})
	})
	b.Run("SearchTwoWords", func(b *testing.B) {
		measured(b, r, func(pb *testing.PB) {
			for pb.Next() {
				q := firsts[rand.IntN(30)][:2] + " " + lasts[rand.IntN(30)][:3]
				if _, err := benchPeople.Search(b.Context(), sc, q, 10); err != nil {
					b.Error(err)
				}
			}
		})
	})
}
