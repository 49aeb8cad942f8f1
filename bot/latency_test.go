package bot_test

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/store"
)

// arrivals is a network that says when a card reaches it.
type arrivals struct {
	*bottest.Room
	at chan time.Time
}

func (a *arrivals) Send(context.Context, bot.Place, bot.Message, string) (string, error) {
	a.at <- time.Now()
	return "m", nil
}

// BenchmarkFromAnActToACardElsewhere is how long after somebody has read the answer to
// their act the card about it is handed to the network of somebody else: commit, news
// loop, commit, outbox, send.
func BenchmarkFromAnActToACardElsewhere(b *testing.B) {
	_, err := exec.LookPath("redis-server")
	for _, memory := range []bool{true, false} {
		b.Run(map[bool]string{true: "in process", false: "redis-server"}[memory], func(b *testing.B) {
			if !memory && err != nil {
				b.Skip("no redis-server here")
			}
			ctx, cancel := context.WithCancel(context.Background())
			db, err := store.Open(ctx, store.Options{Memory: memory, Data: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			k, err := bot.New(ctx, bot.Options{DB: db})
			if err != nil {
				b.Fatal(err)
			}
			toy(k)
			net := &arrivals{bottest.NewRoom("room", time.Now), make(chan time.Time, 1)}
			k.Join(net)
			done := make(chan struct{})
			go func() { defer close(done); _ = k.Run(ctx) }()
			b.Cleanup(func() {
				cancel()
				<-done
				_ = db.Close(context.Background())
			})
			batch := db.In("").Batch("")
			store.Put(batch, bot.Tenants, store.Row[bot.Tenant]{ID: "t1", Val: bot.Tenant{Name: "Lindqvist & Rowe"}})
			if err := db.In("").Commit(ctx, batch); err != nil {
				b.Fatal(err)
			}
			rita := bot.Account{Network: "room", Team: "T1", ID: "Rita"}
			if err := k.Claim(ctx, "room", "T1", "t1", "", time.Now()); err != nil {
				b.Fatal(err)
			}
			if err := k.SavePerson(ctx, "t1", store.Row[bot.Person]{ID: "m_1", Val: bot.Person{Name: "Rita", Roles: clerk, Accounts: []bot.Account{rita}}}, nil); err != nil {
				b.Fatal(err)
			}
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				ev := bot.Event{ID: fmt.Sprint("e", i), From: rita, At: time.Now(), Body: bot.Asked{Text: fmt.Sprintf(`put "north" word%d`, i)},
					Place: bot.Place{Network: "room", Team: "T1", To: "Rita", Direct: true}}
				if err := k.Receive(ctx, ev); err != nil {
					b.Fatal(err)
				}
				answered := time.Now()
				select {
				case at := <-net.at:
					took = append(took, at.Sub(answered))
				case <-time.After(10 * time.Second):
					b.Fatal("no card")
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}
