package web_test

import (
	"context"
	"encoding/json"
	"fmt"
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
	"rapport/store"
	"rapport/store/storetest"
)

// twin is a console that two processes serve on one real Redis.
type twin struct {
	doors  [2]http.Handler
	base   string
	cookie *http.Cookie
	csrf   string
	id     string
	max    string
	lines  bot.Lines
}

func newTwin(t *testing.T) *twin {
	t.Helper()
	server := storetest.Server(t)
	ctx, cancel := context.WithCancel(context.Background())
	o := newOffice()
	open := func() *store.DB {
		db, err := store.Open(ctx, store.Options{URL: server.URL()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close(context.Background()) })
		return db
	}
	first, second := open(), open()
	w := bottest.New(t, bottest.Options{DB: first, Real: true, Add: o.wire, Driver: func(w *bottest.World) bottest.Driver { return webtest.New(t, w) }})
	d := w.Driver.(*webtest.Driver)
	id := w.Person(t, "Rita", recruiter, "Europe/Berlin")
	x := &twin{max: w.Person(t, "Max", manager, "Europe/Berlin"), id: id}
	d.Person(t, "Rita") // awake
	other, err := bot.New(ctx, bot.Options{DB: second, Moment: bottest.Said})
	if err != nil {
		t.Fatal(err)
	}
	o.wire(other)
	other.Fallback = "console"
	console := web.New(web.Config{PublicURL: d.URL}, other.Host())
	other.Join(console)
	done := make(chan struct{})
	go func() { defer close(done); _ = other.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	r := &room{h: d.Console.Handler(), base: d.URL}
	link, err := d.Console.SignInLink(t.Context(), "t1", id)
	if err != nil {
		t.Fatal(err)
	}
	x.doors, x.base, x.cookie, x.lines = [2]http.Handler{r.h, console.Handler()}, d.URL, r.spend(t, link), w.Bot.Host().Lines
	var me struct{ CSRF string }
	rec := knock{method: "GET", path: "/console/api/me", cookie: x.cookie}.at(x.doors[1], x.base)
	if err := json.Unmarshal(rec.Body.Bytes(), &me); err != nil || me.CSRF == "" {
		t.Fatal(err, rec.Body)
	}
	x.csrf = me.CSRF
	for end := time.Now().Add(10 * time.Second); x.post(1, `{"id":"awake-00","kind":"home","conv":"home"}`).Code != 200; {
		if time.Now().After(end) {
			t.Fatal("the second process does not listen")
		}
		time.Sleep(10 * time.Millisecond)
	}
	return x
}

func (x *twin) post(door int, body string) *httptest.ResponseRecorder {
	return knock{method: "POST", path: "/console/api/event", body: body, cookie: x.cookie,
		head: map[string]string{"Content-Type": "application/json", "Origin": x.base, "X-CSRF-Token": x.csrf}}.at(x.doors[door], x.base)
}

// count is how often each post's line and each answer stands in a place.
func (x *twin) count(t *testing.T, place string) (typed map[string]int, answers int) {
	t.Helper()
	rows, err := x.lines.After(t.Context(), "t1", place, "", 300)
	if err != nil {
		t.Fatal(err)
	}
	typed = map[string]int{}
	for _, r := range rows {
		var s struct {
			Post string          `json:"post"`
			Msg  json.RawMessage `json:"msg"`
		}
		if err := json.Unmarshal(r.Body, &s); err != nil {
			t.Fatal(err)
		}
		switch {
		case s.Post != "":
			typed[s.Post]++
		case len(s.Msg) > 0 && r.ID == r.Line:
			answers++
		}
	}
	return typed, answers
}

// A page whose connection broke sends its post again, perhaps to another process
// while the first is still at it: the person reads their line and its answer once.
func TestOnePostThatReachesTwoProcessesAtOnceIsShownOnce(t *testing.T) {
	t.Parallel()
	x := newTwin(t)
	const rounds = 100
	words := []string{`/tell @Max words:"one more"`, `/board`, `hello`, `/show Ada Okafor`, `/move Ad to:Onsite`}
	for i := range rounds {
		body := fmt.Sprintf(`{"id":"racing-%04d","kind":"line","conv":"dm","text":%q}`, i, words[i%len(words)])
		var both sync.WaitGroup
		for door := range x.doors {
			both.Go(func() {
				if rec := x.post(door, body); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"ok":true`) {
					t.Errorf("%s: %d %s", body, rec.Code, rec.Body)
				}
			})
		}
		both.Wait()
	}
	typed, answers := x.count(t, "me/"+x.id)
	if len(typed) != rounds || answers != rounds {
		t.Errorf("%d posts are shown and %d answers, want %d of each", len(typed), answers, rounds)
	}
	for id, n := range typed {
		if n != 1 {
			t.Errorf("%s is shown %d times", id, n)
		}
	}
	for end := time.Now().Add(10 * time.Second); ; {
		if _, told := x.count(t, "me/"+x.max); told >= rounds/len(words) || time.Now().After(end) {
			if told != rounds/len(words) {
				t.Errorf("Max was told %d times", told)
			}
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
}
