package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/store"
)

// crawl takes its time, once.
type crawl struct {
	Word string `arg:"word"`
}

func slowly(hold time.Duration, runs *atomic.Int32) func(*bot.Bot) {
	return func(b *bot.Bot) {
		toy(b)
		bot.Handle(b, bot.Command[crawl]{Name: "crawl", Help: "Takes its time.", Who: clerk,
			Run: func(_ context.Context, c *bot.Call, a crawl) (bot.Reply, error) {
				runs.Add(1)
				time.Sleep(hold)
				store.Put(c.Batch(), things, store.Row[thing]{ID: "slow", Val: thing(a)})
				return bot.Replyf("Crawled to %s.", a.Word), nil
			}})
	}
}

func TestWhatTakesLongIsKeptBeforeItIsAcknowledged(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	w := bottest.New(t, bottest.Options{Add: slowly(1500*time.Millisecond, &runs), Real: true})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	see(t, w.Driver.Command(t, "Rita", "/crawl plum"), "Crawled to plum.")
	left, err := w.DB.TakeInbox(context.Background(), nil, time.Now().Add(time.Hour), 10)
	if err != nil || len(left) != 0 {
		t.Fatalf("the inbox still holds %d items, %v", len(left), err)
	}
	if runs.Load() != 1 {
		t.Fatalf("ran %d times", runs.Load())
	}
}

// mute is a network that is away for a while, or never says how sending went.
type mute struct {
	*bottest.Room
	mu    sync.Mutex
	fails []error
	sent  []string
}

func (m *mute) Send(ctx context.Context, p bot.Place, msg bot.Message, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.fails) > 0 {
		err := m.fails[0]
		m.fails = m.fails[1:]
		if err != nil {
			return "", err
		}
	}
	m.sent = append(m.sent, bottest.Show(msg))
	return key, nil
}

func (m *mute) got() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.sent...)
}

type muteDriver struct {
	*bottest.Room
	net bot.Network
}

func (d muteDriver) Network() bot.Network { return d.net }

// shout sends a message to somebody outside, or to a colleague.
type shout struct {
	Text    string `arg:"text"`
	Careful bool   `arg:"careful,optional"`
}

func shouts(b *bot.Bot) {
	bot.Handle(b, bot.Command[shout]{Name: "shout", Help: "Sends.", Who: clerk, Run: func(ctx context.Context, c *bot.Call, a shout) (bot.Reply, error) {
		err := c.Send(ctx, bot.Outgoing{To: c.Person.ID, Message: bot.Say(a.Text), Careful: a.Careful})
		return bot.Replyf("Sent."), err
	}})
}

func shouting(t *testing.T, fails ...error) (*bottest.World, *mute) {
	return shoutingOver(t, func(m *mute) bot.Network { return m }, func(*bot.Bot) {}, fails...)
}

func shoutingOver(t *testing.T, as func(*mute) bot.Network, also func(*bot.Bot), fails ...error) (*bottest.World, *mute) {
	m := &mute{fails: fails}
	w := bottest.New(t, bottest.Options{Real: true, Add: func(b *bot.Bot) { also(b); shouts(b) }, Driver: func(w *bottest.World) bottest.Driver {
		m.Room = bottest.NewRoom("room", w.Clock.Now)
		return muteDriver{m.Room, as(m)}
	}})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	return w, m
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 1000 {
		if ok() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("never happened: " + what)
}

func TestANetworkThatIsAwayDelaysButKeepsTheOrder(t *testing.T) {
	t.Parallel()
	away := bot.Faultf(bot.Unavailable, "away")
	w, m := shouting(t, away, &bot.Wait{For: 50 * time.Millisecond, Err: away})
	w.Driver.Command(t, "Rita", "/rapport shout one")
	w.Driver.Command(t, "Rita", "/rapport shout two")
	until(t, "both messages", func() bool { return len(m.got()) == 2 })
	if got := strings.Join(m.got(), ","); got != "one,two" {
		t.Fatal(got)
	}
}

func TestWhatMayHaveReachedSomebodyOutsideWaitsForAPerson(t *testing.T) {
	t.Parallel()
	w, m := shouting(t, errors.New("cut off while sending"))
	w.Driver.Command(t, "Rita", "/rapport shout hello careful:yes")
	var list []bot.Doubt
	until(t, "the doubt is shown", func() bool {
		list, _ = w.Bot.Doubts(context.Background(), w.Tenant)
		return len(list) == 1
	})
	if len(m.got()) != 0 || !strings.Contains(list[0].Text, "hello") {
		t.Fatalf("sent %v, doubts %v", m.got(), list)
	}
	w.Driver.Command(t, "Rita", "/rapport shout next")
	until(t, "the place is free again", func() bool { return len(m.got()) == 1 })
	if err := w.DB.OutRetry(context.Background(), w.Tenant, list[0].ID); err != nil {
		t.Fatal(err)
	}
	until(t, "sent again by a person's press", func() bool { return len(m.got()) == 2 })
}

// finding is a mute network that can be asked what it has.
type finding struct {
	*mute
	asked int
	busy  error // what the first question gets
}

// Send posts the message, and only then loses the answer.
func (f *finding) Send(ctx context.Context, p bot.Place, msg bot.Message, key string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, key)
	return "", errors.New("cut off after sending")
}

func (f *finding) Lookup(_ context.Context, _ bot.Place, key string) (string, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.asked == 1 {
		return "", false, f.busy
	}
	return key, slices.Contains(f.sent, key), nil
}

func TestWhatMayHaveArrivedIsLookedForBeforeItIsSentAgain(t *testing.T) {
	t.Parallel()
	w, m := shoutingOver(t, func(m *mute) bot.Network {
		return &finding{mute: m, busy: &bot.Wait{For: 20 * time.Millisecond, Err: bot.Faultf(bot.Unavailable, "slow down")}}
	}, func(*bot.Bot) {})
	w.Driver.Command(t, "Rita", "/rapport shout hello")
	f := w.Driver.Network().(*finding)
	until(t, "the network is asked twice", func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.asked == 2 })
	time.Sleep(1500 * time.Millisecond) // as long as a further try would take
	if got := m.got(); len(got) != 1 {
		t.Fatalf("sent %d times", len(got))
	}
}

// Where the usual way to somebody is closed, the message goes another way and says why.
func TestAClosedWayIsToldOnTheNextOne(t *testing.T) {
	t.Parallel()
	spare := &mute{Room: bottest.NewRoom("spare", time.Now)}
	w, m := shoutingOver(t, func(m *mute) bot.Network { return m }, func(b *bot.Bot) {
		b.Join(spare)
		b.Fallback = "spare"
	}, bot.Faultf(bot.Forbidden, "No direct messages, please."))
	w.Driver.Command(t, "Rita", "/rapport shout hello")
	until(t, "the spare network has it", func() bool { return len(spare.got()) == 1 })
	if got := spare.got()[0]; len(m.got()) != 0 || !strings.Contains(got, "hello") || !strings.Contains(got, "No direct messages, please.") {
		t.Fatalf("%q and %q", m.got(), got)
	}
}

// What an employer tells its people does not go into a workspace that it let go and
// that another employer has claimed since.
func TestAWorkspaceThatWasLetGoHearsNothing(t *testing.T) {
	t.Parallel()
	spare := &mute{Room: bottest.NewRoom("spare", time.Now)}
	w, m := shoutingOver(t, func(m *mute) bot.Network { return m }, func(b *bot.Bot) {
		b.Join(spare)
		b.Fallback = "spare"
	})
	rita := w.Person(t, "Rita", clerk, "Europe/Berlin")
	there := bot.Place{Network: "room", Team: w.Team, Channel: "general"}
	sends := func(o bot.Outgoing) {
		t.Helper()
		if err := w.Bot.Act(t.Context(), w.Tenant, "test", store.NewID("op", w.Clock.Now()), "test", func(ctx context.Context, c *bot.Call) error { return c.Send(ctx, o) }); err != nil {
			t.Fatal(err)
		}
	}
	sends(bot.Outgoing{Place: there, Message: bot.Say("before")})
	until(t, "the room has it", func() bool { return len(m.got()) == 1 })
	if err := w.Bot.Release(t.Context(), "room", w.Team); err != nil {
		t.Fatal(err)
	}
	if err := w.Bot.Claim(t.Context(), "room", w.Team, "globex", "", w.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	sends(bot.Outgoing{Place: there, Message: bot.Say("to all")})
	sends(bot.Outgoing{To: rita, Message: bot.Say("to Rita")})
	until(t, "the spare network has it", func() bool { return len(spare.got()) == 1 })
	w.Settle(t)
	if got := m.got(); len(got) != 1 || !strings.Contains(spare.got()[0], "to Rita") {
		t.Fatalf("the room reads %q, the spare network %q", got, spare.got())
	}
}

func TestMoreThanAPersonCanTypeIsRefused(t *testing.T) {
	t.Parallel()
	w := bottest.New(t, bottest.Options{Add: toy, PerMinute: 5})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	w.Person(t, "Max", clerk, "Europe/Berlin")
	for range 5 {
		see(t, w.Driver.Command(t, "Rita", "/put west plum"), "I know no shelf")
	}
	see(t, w.Driver.Command(t, "Rita", "/put west plum"), "more than I take from one person in a minute")
	see(t, w.Driver.Command(t, "Max", "/put west plum"), "I know no shelf")
	w.Clock.Add(time.Minute)
	see(t, w.Driver.Command(t, "Rita", "/put west plum"), "I know no shelf")
}

// Whoever was told to wait is answered, though the process that did the act died
// between the commit and the answer, and the act is done once.
func TestWhatWasDoneButNotAnsweredIsAnswered(t *testing.T) {
	t.Parallel()
	var armed atomic.Bool
	reached, release := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(release) })
	clock := bottest.NewClock()
	clock.Go()
	db, err := store.Open(t.Context(), store.Options{Memory: true, Now: clock.Now, Crash: func(point string) {
		if point == "commit.after" && armed.CompareAndSwap(true, false) {
			close(reached)
			<-release // as good as dead
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	var runs atomic.Int32
	w := bottest.New(t, bottest.Options{DB: db, Clock: clock, Add: slowly(1500*time.Millisecond, &runs)})
	w.Person(t, "Rita", clerk, "Europe/Berlin")
	room := w.Driver.(*bottest.Room)
	armed.Store(true)
	go room.Event(t, "Rita", "ev1", bot.Asked{Text: "crawl plum"})
	<-reached
	if seen := room.Seen("Rita"); strings.Contains(seen, "Crawled") {
		t.Fatal("answered by the dead:", seen)
	}
	clock.Add(11 * time.Second)
	until(t, "the answer", func() bool { return strings.Contains(room.Seen("Rita"), "Crawled to plum.") })
	row, err := things.Get(t.Context(), db.In(w.Tenant), "slow")
	if err != nil || row.Rev != 1 {
		t.Fatalf("revision %d, %v", row.Rev, err)
	}
}

// stuck is a network where sending to one person takes as long as the test wants.
type stuck struct {
	*bottest.Room
	who  string
	gate chan struct{}
}

func (s *stuck) Send(ctx context.Context, p bot.Place, m bot.Message, key string) (string, error) {
	if p.To == s.who {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	return s.Room.Send(ctx, p, m, key)
}

type stuckDriver struct {
	*bottest.Room
	net *stuck
}

func (d stuckDriver) Network() bot.Network { return d.net }

func TestAPlaceThatTakesItsTimeHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	net := &stuck{who: "Max", gate: make(chan struct{})}
	w := bottest.New(t, bottest.Options{Real: true, Add: shouts, Driver: func(w *bottest.World) bottest.Driver {
		net.Room = bottest.NewRoom("room", w.Clock.Now)
		return stuckDriver{net.Room, net}
	}})
	for _, name := range []string{"Rita", "Max"} {
		w.Person(t, name, clerk, "Europe/Berlin")
	}
	w.Driver.Command(t, "Max", "/rapport shout slow")
	until(t, "the slow one is being sent", func() bool {
		items, err := w.DB.In(w.Tenant).Backlog(context.Background())
		return err == nil && items == 1
	})
	w.Driver.Command(t, "Rita", "/rapport shout quick")
	until(t, "the quick one", func() bool { return strings.Contains(w.Driver.Inbox(t, "Rita"), "quick") })
	if got := w.Driver.Inbox(t, "Max"); got != "" {
		t.Fatal(got)
	}
	close(net.gate)
	w.Settle(t)
	if got := w.Driver.Inbox(t, "Max"); !strings.Contains(got, "slow") {
		t.Fatal(got)
	}
}
