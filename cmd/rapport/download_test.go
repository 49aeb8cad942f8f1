package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/adapters/web"
	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
	"rapport/handlers"
	"rapport/store"
)

// fetching is a tenant with an Admin, a candidate, and a page to fetch downloads from.
type fetching struct {
	t    *testing.T
	w    *bottest.World
	base string
	anna string
	link string // the newest

	console *web.Console
	cookie  *http.Cookie // of the browser that fetches
}

func newFetching(t *testing.T) *fetching {
	t.Helper()
	f := &fetching{t: t}
	f.w = bottest.New(t, bottest.Options{Roles: recruiting.Words(), Add: func(b *bot.Bot) { handlers.Add(b, links) }})
	server := httptest.NewUnstartedServer(nil)
	f.base = "http://" + server.Listener.Addr().String()
	console := web.New(web.Config{PublicURL: f.base}, f.w.Bot.Host())
	f.console = console
	f.w.Bot.DownloadAt = func(link string) string { f.link = console.DownloadAt(link); return f.link }
	server.Config.Handler = console.Handler()
	server.Start()
	t.Cleanup(server.Close)
	f.anna = f.w.Person(t, "Anna", recruiting.Admin, "Europe/Berlin")
	f.w.Driver.Command(t, "Anna", `/rapport candidate add "Ada 100% Okafor" email:ada@mail.example`)
	return f
}

func (f *fetching) export() {
	f.t.Helper()
	s := f.w.Driver.Command(f.t, "Anna", "/rapport candidate export Ada")
	sees(f.t, s, "Everything about Ada 100% Okafor", "Fetch the file", "[Show it here instead]")
	if strings.Contains(string(s), "ada@mail.example") {
		f.t.Fatalf("the data stands in the chat:\n%s", s)
	}
}

func (f *fetching) do(method string) (status int, body, name string) {
	f.t.Helper()
	u, err := url.Parse(f.link)
	if err != nil {
		f.t.Fatal(err)
	}
	req, _ := http.NewRequest(method, f.link, nil)
	if method == http.MethodPost {
		form := url.Values{"link": {u.Query().Get("link")}}
		req, _ = http.NewRequest(method, f.base+u.Path, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", f.base)
	}
	if f.cookie != nil {
		req.AddCookie(f.cookie)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), resp.Header.Get("Content-Disposition")
}

// signIn makes the browser that fetches somebody's own.
func (f *fetching) signIn(id string) {
	f.t.Helper()
	link, err := f.console.SignInLink(f.t.Context(), f.w.Tenant, id)
	if err != nil {
		f.t.Fatal(err)
	}
	u, _ := url.Parse(link)
	form := url.Values{"token": {u.Query().Get("token")}}
	req := httptest.NewRequest(http.MethodPost, f.base+"/console/enter", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", f.base)
	rec := httptest.NewRecorder()
	f.console.Handler().ServeHTTP(rec, req)
	for _, c := range rec.Result().Cookies() {
		if c.Value != "" {
			f.cookie = c
			return
		}
	}
	f.t.Fatal("not signed in:", rec.Code, rec.Body)
}

// A browser in which a colleague is signed in fetches nothing with this link; the
// link stays good for the one who asked.
func TestALinkIsNotForAColleague(t *testing.T) {
	t.Parallel()
	f := newFetching(t)
	bea := f.w.Person(t, "Bea", recruiting.Admin, "Europe/Berlin")
	f.export()
	f.signIn(bea)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if status, body, _ := f.do(method); status != http.StatusForbidden || !strings.Contains(body, "you are signed in as Bea") || strings.Contains(body, "ada@mail") {
			t.Errorf("%s: %d\n%s", method, status, body)
		}
	}
	f.signIn(f.anna)
	if status, body, _ := f.do(http.MethodPost); status != http.StatusOK || !strings.Contains(body, `"ada@mail.example"`) {
		t.Errorf("%d\n%s", status, body)
	}
}

func TestAnExportIsFetchedOnceByALinkAndOnRecord(t *testing.T) {
	t.Parallel()
	f := newFetching(t)
	f.export()
	for range 2 { // looking at the page spends nothing, as previews do
		if status, body, _ := f.do(http.MethodGet); status != http.StatusOK || !strings.Contains(body, "Download the file") || strings.Contains(body, "ada@mail") {
			t.Fatalf("%d\n%s", status, body)
		}
	}
	status, body, name := f.do(http.MethodPost)
	if status != http.StatusOK || !strings.Contains(body, `"ada@mail.example"`) || !strings.HasPrefix(name, "attachment") || !strings.Contains(name, "Okafor") {
		t.Fatalf("%d %s\n%s", status, name, body)
	}
	if status, body, _ := f.do(http.MethodPost); status != http.StatusGone || strings.Contains(body, "ada@mail") {
		t.Fatalf("a second time: %d\n%s", status, body)
	}
	if status, _, _ := f.do(http.MethodGet); status != http.StatusGone {
		t.Fatalf("the page of a used link: %d", status)
	}
	sees(t, f.w.Driver.Command(t, "Anna", "/history Ada"), "exported everything | download")
}

func TestALinkEndsWithItsTimeAndItsReadersRights(t *testing.T) {
	t.Parallel()
	f := newFetching(t)
	f.export()
	f.w.Clock.Add(11 * time.Minute)
	if status, _, _ := f.do(http.MethodPost); status != http.StatusGone {
		t.Fatalf("an old link: %d", status)
	}
	f.export()
	row, err := bot.People.Get(context.Background(), f.w.DB.In(f.w.Tenant), f.anna)
	if err != nil {
		t.Fatal(err)
	}
	row.Val.Roles = recruiting.Recruiter
	if err := f.w.Bot.SavePerson(context.Background(), f.w.Tenant, store.Row[bot.Person]{ID: row.ID, Rev: row.Rev, Val: row.Val}, nil); err != nil {
		t.Fatal(err)
	}
	if status, body, _ := f.do(http.MethodPost); status != http.StatusForbidden || strings.Contains(body, "ada@mail") {
		t.Fatalf("without the role: %d\n%s", status, body)
	}
}

func TestALinkIsNoButton(t *testing.T) {
	t.Parallel()
	f := newFetching(t)
	f.export()
	u, _ := url.Parse(f.link)
	s := f.w.Driver.(*bottest.Room).Event(t, "Anna", "", bot.Pressed{Token: u.Query().Get("link")})
	if strings.Contains(string(s), "ada@mail") || strings.Contains(string(s), "Everything") {
		t.Fatalf("pressed, a link shows:\n%s", s)
	}
	sees(t, f.w.Driver.Press(t, "Anna", "Show it here instead"), `"ada@mail.example"`)
}

func TestALinkGivesItsFileToOneOfMany(t *testing.T) {
	t.Parallel()
	f := newFetching(t)
	for range 5 {
		f.export()
		var all sync.WaitGroup
		var given atomic.Int32
		for range 8 {
			all.Go(func() {
				if status, _, _ := f.do(http.MethodPost); status == http.StatusOK {
					given.Add(1)
				}
			})
		}
		if all.Wait(); given.Load() != 1 {
			t.Fatalf("the file was given %d times", given.Load())
		}
	}
}
