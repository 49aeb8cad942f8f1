package webtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/bottest"
)

// Person is one browser, as far as a script needs it.
type Person struct {
	ID   string
	Conv string // the place typed into

	d      *Driver
	http   *http.Client
	csrf   string
	n      int
	at     string // where the stream was read to
	cards  map[string]*card
	order  []string // keys of cards, the one said last at the end
	form   *form
	news   []string
	inbox  []string
	landed int // lines read so far, changed ones included
}

type card struct {
	Line   string `json:"line"`
	Shared bool   `json:"shared"`
	Conv   string `json:"conv"`
	By     string `json:"by"`
	Text   string `json:"text"`
	Key    string `json:"key"`
	Msg    *view  `json:"msg"`
}

// Post is one act as the page posts it; an empty ID is made, an empty Conv is the
// person's.
type Post struct {
	ID     string            `json:"id"`
	Kind   string            `json:"kind"`
	Conv   string            `json:"conv"`
	Text   string            `json:"text,omitempty"`
	Token  string            `json:"token,omitempty"`
	Line   string            `json:"line,omitempty"`
	Shared bool              `json:"shared,omitempty"`
	Values map[string]string `json:"values,omitempty"`
	Picks  []string          `json:"picks,omitempty"`
	Name   string            `json:"name,omitempty"`
	Field  string            `json:"field,omitempty"`
	Typed  string            `json:"typed,omitempty"`
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// signIn goes the way of a link: the page with its button, then the button.
func (p *Person) signIn(t *testing.T) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p.http = &http.Client{Jar: jar}
	link, err := p.d.Console.SignInLink(context.Background(), p.d.world.Tenant, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	page := p.read(t, p.request(t, http.MethodGet, strings.TrimPrefix(link, p.d.URL), nil), http.StatusOK)
	m := tokenField.FindSubmatch(page)
	if m == nil {
		t.Fatalf("the link's page has no button:\n%s", page)
	}
	req := p.request(t, http.MethodPost, "/console/enter", strings.NewReader(url.Values{"token": {string(m[1])}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	p.read(t, req, http.StatusOK)
	var me struct {
		CSRF string `json:"csrf"`
	}
	if err := json.Unmarshal(p.read(t, p.request(t, http.MethodGet, "/console/api/me", nil), http.StatusOK), &me); err != nil {
		t.Fatal(err)
	}
	p.csrf = me.CSRF
}

// awake waits until the kernel listens.
func (p *Person) awake(t *testing.T) {
	t.Helper()
	for range 400 {
		p.n++
		if status, _ := p.Raw(t, Post{ID: fmt.Sprintf("awake-%04d", p.n), Kind: "home", Conv: "home"}); status != http.StatusServiceUnavailable {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the kernel does not listen")
}

func (p *Person) request(t *testing.T, method, path string, body io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, p.d.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", p.d.URL)
	return req
}

func (p *Person) read(t *testing.T, req *http.Request, want int) []byte {
	t.Helper()
	res, err := p.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		t.Fatalf("%s %s: %s, %v\n%s", req.Method, req.URL.Path, res.Status, err, raw)
	}
	return raw
}

// Raw posts one act and gives back status and answer, unread.
func (p *Person) Raw(t *testing.T, in Post) (int, []byte) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req := p.request(t, http.MethodPost, "/console/api/event", bytes.NewReader(raw))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-CSRF-Token", p.csrf)
	res, err := p.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, out
}

// Do posts one act and shows what the person then sees.
func (p *Person) Do(t *testing.T, in Post) bottest.Screen {
	t.Helper()
	p.Sync(t)
	p.news = nil
	if in.Conv == "" {
		in.Conv = p.Conv
	}
	if in.ID == "" {
		p.n++
		in.ID = fmt.Sprintf("%s-post-%04d", p.ID[:min(len(p.ID), 30)], p.n)
	}
	status, raw := p.Raw(t, in)
	if status == http.StatusUnauthorized { // twelve hours went by
		p.signIn(t)
		status, raw = p.Raw(t, in)
	}
	var out struct {
		Error   string            `json:"error"`
		Form    *form             `json:"form"`
		Errors  map[string]string `json:"errors"`
		Options []bot.Option      `json:"options"`
		Home    *view             `json:"home"`
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	if status != http.StatusOK {
		return bottest.Screen("not taken: " + out.Error)
	}
	p.Sync(t)
	var lines []string
	if out.Form != nil {
		p.form = out.Form
		lines = append(lines, out.Form.show())
	}
	if len(out.Errors) > 0 {
		lines = append(lines, "refused")
		for _, k := range slices.Sorted(maps.Keys(out.Errors)) {
			lines = append(lines, k+": "+out.Errors[k])
		}
	}
	for _, o := range out.Options {
		lines = append(lines, o.Label)
	}
	if out.Home != nil {
		p.keep(&card{Line: "home", Conv: "dm", Msg: out.Home})
		lines = append(lines, out.Home.show())
	}
	if out.Error != "" {
		lines = append(lines, out.Error)
	}
	return bottest.Screen(strings.Join(append(lines, p.news...), "\n"))
}

// Sync reads the stream from where it was left until it has told all there is.
func (p *Person) Sync(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req := p.request(t, http.MethodGet, "/console/api/stream", nil).WithContext(ctx)
	if p.at != "" {
		req.Header.Set("Last-Event-ID", p.at)
	}
	res, err := p.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusUnauthorized {
		p.signIn(t)
		p.Sync(t)
		return
	}
	if err := Events(res.Body, func(e Event) bool {
		if e.Name == "live" {
			return false
		}
		if e.Name == "" {
			p.at = e.ID
			p.take(t, e.Data)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
}

func (p *Person) take(t *testing.T, data string) {
	t.Helper()
	var c card
	if err := json.Unmarshal([]byte(data), &c); err != nil {
		t.Fatal(err)
	}
	p.landed++
	p.keep(&c)
	switch {
	case c.Msg == nil:
	case c.Key != "":
		p.inbox = append(p.inbox, c.Msg.show())
	default:
		p.news = append(p.news, c.Msg.show())
	}
}

func (p *Person) keep(c *card) {
	key := fmt.Sprint(c.Shared, c.Line)
	p.order = append(slices.DeleteFunc(p.order, func(k string) bool { return k == key }), key)
	p.cards[key] = c
}

// Inbox is what reached the person unasked since the last call.
func (p *Person) Inbox(t *testing.T) string {
	t.Helper()
	p.Sync(t)
	out := strings.Join(p.inbox, "\n--\n")
	p.inbox = nil
	return out
}

// Event is one event of a stream.
type Event struct{ Name, ID, Data string }

// Events reads an event stream until f says no more, or it ends.
func Events(r io.Reader, f func(Event) bool) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	var e Event
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "":
			if e != (Event{}) && !f(e) {
				return nil
			}
			e = Event{}
		case name == "event":
			e.Name = value
		case name == "id":
			e.ID = value
		case name == "data":
			e.Data = value
		}
	}
	return lines.Err()
}
