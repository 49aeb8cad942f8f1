package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/adapters/web"
	"rapport/adapters/web/webtest"
	"rapport/bot"
	"rapport/bot/bottest"
)

// tab is one open stream of somebody signed in.
type tab struct {
	at    string
	lines []string // "line text" in the order they came
}

// one line, as far as a test looks at it
type heard struct {
	Line, Text, Conv string
	Msg              json.RawMessage
}

// read follows the stream from where the tab stands until stop says so.
func (b *tab) read(ctx context.Context, t *testing.T, r *room, stop func(name string) bool) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/console/api/stream", nil)
	if err != nil {
		t.Error(err)
		return
	}
	req.AddCookie(r.cookie)
	if b.at != "" {
		req.Header.Set("Last-Event-ID", b.at)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return // cut off
	}
	defer res.Body.Close()
	_ = webtest.Events(res.Body, func(e webtest.Event) bool {
		if e.Name == "" {
			var l heard
			if err := json.Unmarshal([]byte(e.Data), &l); err != nil {
				t.Error(err, e.Data)
			}
			b.at = e.ID
			b.lines = append(b.lines, l.Line+" "+l.Text)
		}
		return !stop(e.Name)
	})
}

func live(name string) bool { return name == "live" }

func TestReconnectingLosesAndRepeatsNoLine(t *testing.T) {
	t.Parallel()
	r := open(t)
	lines := r.w.Bot.Host().Lines
	const each = 60
	var wg sync.WaitGroup
	for g := range 4 { // the person's own stream and the channels', from several sides at once
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each / 2 {
				place, conv := "me/"+r.id, "dm"
				if g%2 == 1 {
					place, conv = "shared", "#recruiting"
				}
				n := bot.Place{Network: "console", Team: "t1", To: r.id}
				if place == "shared" {
					n = bot.Place{Network: "console", Team: "t1", Channel: conv}
				}
				if _, err := r.d.Console.Send(context.Background(), n, bot.Say(fmt.Sprint(g, "-", i)), fmt.Sprint(g, i)); err != nil {
					t.Error(err)
				}
				if i%7 == 0 {
					time.Sleep(3 * time.Millisecond)
				}
			}
		}()
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	b := &tab{}
	for writing := true; writing; {
		select {
		case <-done:
			writing = false
		default:
		}
		left := 1 + rand.IntN(9) // the connection drops after a few events
		ctx, cut := context.WithTimeout(t.Context(), 150*time.Millisecond)
		b.read(ctx, t, r, func(string) bool { left--; return left <= 0 })
		cut()
	}
	ctx, cut := context.WithTimeout(t.Context(), 20*time.Second)
	defer cut()
	b.read(ctx, t, r, live)
	got := map[string]int{}
	for _, l := range b.lines {
		got[l]++
	}
	if len(got) != 2*each || len(b.lines) != 2*each {
		t.Fatalf("%d lines, %d different ones, want %d of each", len(b.lines), len(got), 2*each)
	}
	for _, place := range []string{"me/" + r.id, "shared"} {
		rows, err := lines.After(t.Context(), "t1", place, "", 300)
		if err != nil || len(rows) != each {
			t.Fatal(place, len(rows), err)
		}
	}
}

func TestALineOfAnotherProcessThatTurnsUpLateIsNotLost(t *testing.T) {
	t.Parallel()
	r := open(t)
	late := &lateLines{Lines: r.w.Bot.Host().Lines}
	host := r.w.Bot.Host()
	host.Lines = late
	c := web.New(web.Config{PublicURL: r.base}, host)
	to := bot.Place{Network: "console", Team: "t1", To: r.id}
	for i := range 3 {
		if _, err := c.Send(t.Context(), to, bot.Say(fmt.Sprint("n", i)), fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	late.hide = 1 // the second is not to be read yet
	rows := web.ReadTwice(t, late, "t1", "me/"+r.id, r.w.Clock.Now(), func() { late.hide = -1 })
	if len(rows[0]) != 2 || len(rows[1]) != 1 || !strings.Contains(string(rows[1][0].Body), "n1") {
		t.Fatal(len(rows[0]), len(rows[1]))
	}
}

// A process that ends lets its pages go at once: they connect again to the next.
func TestAStreamEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	r := open(t)
	c := web.New(web.Config{PublicURL: r.base}, r.w.Bot.Host())
	ctx, end := context.WithCancel(t.Context())
	listened := make(chan struct{})
	go func() {
		defer close(listened)
		_ = c.Listen(ctx, func(context.Context, bot.Event) error { return nil })
	}()
	page := httptest.NewServer(c.Handler())
	defer page.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page.URL+"/console/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = strings.TrimPrefix(r.base, "http://")
	req.AddCookie(r.cookie)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	began := time.Time{}
	if err := webtest.Events(res.Body, func(e webtest.Event) bool {
		if e.Name == "live" {
			began = time.Now()
			end()
		}
		return true
	}); err != nil && !errors.Is(err, io.EOF) {
		t.Log(err)
	}
	<-listened
	if took := time.Since(began); began.IsZero() || took > 3*time.Second {
		t.Error("the stream stayed open for", took)
	}
}

func TestASecretIsNotShownOnceItIsOver(t *testing.T) {
	t.Parallel()
	w, d, _ := world(t)
	rita := d.Person(t, "Rita")
	m := bot.Card("Your way in", bot.Para{Text: bot.Link("Open", "https://rapport.example/enter?token=zebra")})
	m.Until = w.Clock.Now().Add(10 * time.Minute)
	for i, part := range bot.Fit(m, d.Console.Abilities()) {
		if _, err := d.Console.Send(t.Context(), bot.Place{Network: "console", Team: "t1", To: rita.ID}, part, fmt.Sprint("way", i)); err != nil {
			t.Fatal(err)
		}
	}
	before := d.Tab(t, "Rita")
	before.Sync(t)
	see(t, bottest.Screen(before.Seen()), "Open")
	w.Advance(t, 11*time.Minute)
	after := d.Tab(t, "Rita")
	after.Sync(t)
	see(t, bottest.Screen(after.Seen()), "It is used up")
	if strings.Contains(after.Seen(), "Open") {
		t.Error(after.Seen())
	}
}

// lateLines keeps one line back, as a slow commit of another process would.
type lateLines struct {
	bot.Lines
	hide int
}

func (l *lateLines) After(ctx context.Context, tenant, place, id string, n int) ([]bot.Stored, error) {
	rows, err := l.Lines.After(ctx, tenant, place, id, n)
	if l.hide >= 0 && l.hide < len(rows) {
		rows = append(rows[:l.hide:l.hide], rows[l.hide+1:]...)
	}
	return rows, err
}

func TestTwoTabsAndAThirdThatComesLaterAreEqual(t *testing.T) {
	t.Parallel()
	_, d, _ := world(t)
	one := d.Person(t, "Rita")
	two := d.Tab(t, "Rita")
	for _, l := range []string{"/move Ada Okafor to:Onsite", "hello", "/board"} {
		one.Do(t, post("line", l))
		two.Sync(t)
	}
	one.Press(t, "Undo") // the card changes in place, in every tab
	two.Sync(t)
	three := d.Tab(t, "Rita")
	three.Sync(t)
	if a, b := one.InOrder(), two.InOrder(); a != b {
		t.Errorf("the first tab shows\n%s\nthe second\n%s", a, b)
	}
	if a, c := one.InOrder(), three.InOrder(); a != c {
		t.Errorf("the first tab shows\n%s\na reload\n%s", a, c)
	}
	if !strings.Contains(one.InOrder(), "Taken back") || strings.Contains(one.InOrder(), "[Undo]") {
		t.Error(one.InOrder())
	}
}

func TestAPostSentAgainIsDoneAndSaidOnce(t *testing.T) {
	t.Parallel()
	_, d, o := world(t)
	p := d.Person(t, "Rita")
	in := webtest.Post{ID: "the-same-post", Kind: "line", Conv: "dm", Text: "/move Ada Okafor to:Onsite"}
	var wg sync.WaitGroup
	answers := make([]string, 6)
	for i := range answers { // at once, and then again
		wg.Add(1)
		go func() {
			defer wg.Done()
			status, raw := p.Raw(t, in)
			answers[i] = fmt.Sprint(status, string(raw))
		}()
	}
	wg.Wait()
	_, raw := p.Raw(t, in)
	for _, a := range answers {
		if a != "200"+string(raw) {
			t.Errorf("%s, want %s", a, raw)
		}
	}
	p.Sync(t)
	if p.Landed() != 2 || o.moves != 1 { // what was typed, and the answer
		t.Errorf("%d lines, %d moves:\n%s", p.Landed(), o.moves, p.Seen())
	}
	form := webtest.Post{ID: "a-form-again", Kind: "line", Conv: "dm", Text: "/candidate add Noor"}
	_, first := p.Raw(t, form)
	_, again := p.Raw(t, form)
	if string(first) != string(again) || !strings.Contains(string(first), `"form"`) {
		t.Errorf("%s\n%s", first, again)
	}
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	r := open(t)
	said := make(chan string, 64)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	go func() {
		defer close(said)
		(&tab{}).read(ctx, t, r, func(name string) bool { said <- name; return name == "bye" })
	}()
	last := ""
	for last = range said {
		if last == "live" {
			if err := r.d.Console.Revoke(ctx, "t1", r.id); err != nil {
				t.Error(err)
			}
		}
	}
	if last != "bye" {
		t.Fatalf("the stream goes on, or ends with %q", last)
	}
}
