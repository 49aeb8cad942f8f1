package web_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"rapport/adapters/web"
	"rapport/adapters/web/webtest"
	"rapport/bot"
	"rapport/bot/bottest"
)

// knock asks the console for something without any of a browser's manners.
type knock struct {
	method, path, body string
	head               map[string]string
	host               string
	cookie             *http.Cookie
}

func (k knock) at(h http.Handler, base string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(k.method, base+k.path, strings.NewReader(k.body))
	for n, v := range k.head {
		req.Header.Set(n, v)
	}
	if k.host != "" {
		req.Host = k.host
	}
	if k.cookie != nil {
		req.AddCookie(k.cookie)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

// room is a console with somebody signed in, as its handler sees them.
type room struct {
	h      http.Handler
	base   string
	cookie *http.Cookie
	csrf   string
	d      *webtest.Driver
	w      *bottest.World
	id     string
	last   string // token of the newest link
}

func open(t *testing.T) *room {
	t.Helper()
	w, d, _ := world(t)
	r := &room{h: d.Console.Handler(), base: d.URL, d: d, w: w, id: d.Person(t, "Rita").ID}
	link, err := d.Console.SignInLink(t.Context(), "t1", r.id)
	if err != nil {
		t.Fatal(err)
	}
	r.cookie = r.spend(t, link)
	var me struct{ CSRF string }
	rec := knock{method: "GET", path: "/console/api/me", cookie: r.cookie}.at(r.h, r.base)
	if err := json.Unmarshal(rec.Body.Bytes(), &me); err != nil || me.CSRF == "" {
		t.Fatal(err, rec.Body)
	}
	r.csrf = me.CSRF
	return r
}

// newLink makes a sign-in link and keeps its token.
func (r *room) newLink(t *testing.T) {
	t.Helper()
	link, err := r.d.Console.SignInLink(t.Context(), "t1", r.id)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	r.last = u.Query().Get("token")
}

func (r *room) spend(t *testing.T, link string) *http.Cookie {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	rec := r.form("/console/enter", url.Values{"token": {u.Query().Get("token")}}, r.base)
	for _, c := range rec.Result().Cookies() {
		if c.Value != "" {
			return c
		}
	}
	t.Fatalf("no session: %d %s", rec.Code, rec.Body)
	return nil
}

func (r *room) form(path string, v url.Values, origin string) *httptest.ResponseRecorder {
	return knock{method: "POST", path: path, body: v.Encode(), cookie: r.cookie,
		head: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}}.at(r.h, r.base)
}

const aLine = `{"id":"abcdefgh","kind":"line","conv":"dm","text":"/board"}`

func (r *room) event(change func(*knock)) *httptest.ResponseRecorder {
	k := knock{method: "POST", path: "/console/api/event", body: aLine, cookie: r.cookie,
		head: map[string]string{"Content-Type": "application/json", "Origin": r.base, "X-CSRF-Token": r.csrf}}
	change(&k)
	return k.at(r.h, r.base)
}

func TestEachDoorIsShutToWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	r := open(t)
	for name, c := range map[string]struct {
		change func(*knock)
		want   int
	}{
		"as it should be":        {func(*knock) {}, 200},
		"no session":             {func(k *knock) { k.cookie = nil }, 401},
		"a made-up session":      {func(k *knock) { k.cookie = &http.Cookie{Name: "rapport_session", Value: "AAAA"} }, 401},
		"no CSRF token":          {func(k *knock) { delete(k.head, "X-CSRF-Token") }, 403},
		"a wrong CSRF token":     {func(k *knock) { k.head["X-CSRF-Token"] = r.csrf[1:] + "x" }, 403},
		"another origin":         {func(k *knock) { k.head["Origin"] = "https://evil.example" }, 403},
		"no origin to speak of":  {func(k *knock) { k.head["Origin"] = "null" }, 403},
		"our name, other scheme": {func(k *knock) { k.head["Origin"] = "https" + strings.TrimPrefix(r.base, "http") }, 403},
		"from another site":      {func(k *knock) { delete(k.head, "Origin"); k.head["Sec-Fetch-Site"] = "cross-site" }, 403},
		"a rebound name":         {func(k *knock) { k.host = "evil.example" }, 421},
		"a form":                 {func(k *knock) { k.head["Content-Type"] = "application/x-www-form-urlencoded" }, 415},
		"no JSON":                {func(k *knock) { k.body = `{"id":` }, 400},
		"too much":               {func(k *knock) { k.body = `{"id":"abcdefgh","text":"` + strings.Repeat("x", 65<<10) + `"}` }, 413},
		"a bad id":               {func(k *knock) { k.body = strings.Replace(aLine, "abcdefgh", "a b", 1) }, 400},
		"an unknown place":       {func(k *knock) { k.body = strings.Replace(aLine, `"dm"`, `"#secrets"`, 1) }, 400},
		"somebody else's place":  {func(k *knock) { k.body = strings.Replace(aLine, `"dm"`, `"me/m_max"`, 1) }, 400},
		"an unknown kind":        {func(k *knock) { k.body = strings.Replace(aLine, `"line"`, `"own"`, 1) }, 400},
		"nothing but spaces":     {func(k *knock) { k.body = strings.Replace(aLine, "/board", " \u200b ", 1) }, 400},
		"the wrong method":       {func(k *knock) { k.method = "PUT" }, 405},
	} {
		rec := r.event(c.change)
		if rec.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, rec.Code, c.want, rec.Body)
		}
		if c.want >= 400 && c.want != 405 && c.want != 421 && !strings.Contains(rec.Body.String(), `"error":"`) {
			t.Errorf("%s: no words for people: %s", name, rec.Body)
		}
	}
}

func TestEveryPageForbidsFramesAndForeignScripts(t *testing.T) {
	t.Parallel()
	r := open(t)
	for _, path := range []string{"/console/", "/console/enter?token=x", "/console/api/me", "/console/assets/console.js", "/console/nowhere"} {
		h := knock{method: "GET", path: path, cookie: r.cookie}.at(r.h, r.base).Header()
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: no %s in %q", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", path, h)
		}
	}
	for _, page := range []string{"/console/", "/console/enter"} {
		body := knock{method: "GET", path: page, cookie: r.cookie}.at(r.h, r.base).Body.String()
		if strings.Contains(body, "<style") || strings.Contains(body, " style=") || strings.Contains(body, " onclick=") || strings.Contains(body, "<script>") {
			t.Error(page, "has inline style or script")
		}
	}
	if c := (knock{method: "GET", path: "/console/assets/"}).at(r.h, r.base).Code; c != 404 {
		t.Error("assets are listed:", c)
	}
}

func TestTheCookieIsNobodyElses(t *testing.T) {
	t.Parallel()
	r := open(t)
	c := r.cookie
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/console/" || c.MaxAge != 12*3600 {
		t.Errorf("%+v", c)
	}
	if c.Secure {
		t.Error("plain http on loopback has no Secure cookies")
	}
	o := newOffice()
	b := bottest.New(t, bottest.Options{Add: o.wire})
	b.Bot.Fallback = "console"
	id := b.Person(t, "Rita", recruiter, "")
	safe := web.New(web.Config{PublicURL: "https://rapport.example"}, b.Bot.Host())
	link, err := safe.SignInLink(t.Context(), "t1", id)
	if err != nil || !strings.HasPrefix(link, "https://rapport.example/console/enter?token=") {
		t.Fatal(link, err)
	}
	rec := (&room{h: safe.Handler(), base: "https://rapport.example"}).form("/console/enter", url.Values{"token": {strings.SplitN(link, "=", 2)[1]}}, "https://rapport.example")
	for _, c := range rec.Result().Cookies() {
		if !c.Secure || !c.HttpOnly {
			t.Errorf("%+v", c)
		}
	}
	if len(rec.Result().Cookies()) == 0 {
		t.Error("no cookie", rec.Code)
	}
}

func TestALinkIsShownManyTimesAndSpentOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	link, err := r.d.Console.SignInLink(t.Context(), "t1", r.id)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(link)
	for range 3 { // scanners and previews
		if rec := (knock{method: "GET", path: u.RequestURI()}).at(r.h, r.base); rec.Code != 200 || !strings.Contains(rec.Body.String(), "<button") || len(rec.Result().Cookies()) > 0 {
			t.Fatal(rec.Code, rec.Body)
		}
	}
	token := url.Values{"token": {u.Query().Get("token")}}
	if rec := r.form("/console/enter", token, "https://evil.example"); rec.Code != 403 {
		t.Fatal("spent from elsewhere", rec.Code)
	}
	r.spend(t, link)
	if rec := r.form("/console/enter", token, r.base); rec.Code != 410 || !strings.Contains(rec.Body.String(), "used") {
		t.Fatal(rec.Code, rec.Body)
	}
	if rec := (knock{method: "GET", path: u.RequestURI()}).at(r.h, r.base); rec.Code != 410 {
		t.Fatal(rec.Code)
	}
	late, err := r.d.Console.SignInLink(t.Context(), "t1", r.id)
	if err != nil {
		t.Fatal(err)
	}
	r.w.Clock.Add(10*time.Minute + time.Second)
	u, _ = url.Parse(late)
	if rec := r.form("/console/enter", url.Values{"token": {u.Query().Get("token")}}, r.base); rec.Code != 410 {
		t.Fatal("an old link let somebody in", rec.Code)
	}
}

// An unused link of somebody who was removed since signs nobody in.
func TestALinkFromBeforeTheRemovalOpensNothing(t *testing.T) {
	t.Parallel()
	r := open(t)
	spent := func() *httptest.ResponseRecorder {
		t.Helper()
		return r.form("/console/enter", url.Values{"token": {r.last}}, r.base)
	}
	r.newLink(t)
	if err := r.d.Console.Revoke(t.Context(), "t1", r.id); err != nil {
		t.Fatal(err)
	}
	r.cookie = nil
	if rec := spent(); rec.Code != 403 || len(rec.Result().Cookies()) > 0 || !strings.Contains(rec.Body.String(), "Access ended") {
		t.Error("revoked:", rec.Code, rec.Result().Cookies(), rec.Body)
	}
	r.w.Clock.Add(time.Second)
	r.newLink(t)
	row, err := bot.People.Get(t.Context(), r.w.DB.In("t1"), r.id)
	if err != nil {
		t.Fatal(err)
	}
	row.Val.Gone = true
	if err := r.w.Bot.SavePerson(t.Context(), "t1", row, nil); err != nil {
		t.Fatal(err)
	}
	if rec := spent(); rec.Code != 403 || len(rec.Result().Cookies()) > 0 {
		t.Error("gone:", rec.Code, rec.Result().Cookies(), rec.Body)
	}
}

func TestASessionEndsBySignOutByRevokingAndByTime(t *testing.T) {
	t.Parallel()
	ends := map[string]func(*room){
		"sign out": func(r *room) { r.form("/console/leave", nil, r.base) },
		"revoked": func(r *room) {
			if err := r.d.Console.Revoke(context.Background(), "t1", r.id); err != nil {
				t.Error(err)
			}
		},
		"twelve hours": func(r *room) { r.w.Clock.Add(12*time.Hour + time.Second) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t)
			if rec := r.event(func(*knock) {}); rec.Code != 200 {
				t.Fatal(rec.Code, rec.Body)
			}
			end(r)
			if rec := r.event(func(k *knock) { k.body = strings.Replace(aLine, "abcdefgh", "ijklmnop", 1) }); rec.Code != 401 {
				t.Fatal(rec.Code, rec.Body)
			}
			if rec := (knock{method: "GET", path: "/console/", cookie: r.cookie}).at(r.h, r.base); rec.Code != 401 || !strings.Contains(rec.Body.String(), "/console link") {
				t.Fatal(rec.Code, rec.Body)
			}
		})
	}
}

func TestSigningOutFromElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	r := open(t)
	if rec := r.form("/console/leave", nil, "https://evil.example"); rec.Code != 403 {
		t.Fatal(rec.Code)
	}
	if rec := r.event(func(*knock) {}); rec.Code != 200 {
		t.Fatal(rec.Code)
	}
}

func TestBecomingSomebodyElseIsADemosOnly(t *testing.T) {
	t.Parallel()
	r := open(t)
	if rec := r.form("/console/be", url.Values{"person": {r.id}}, r.base); rec.Code != 404 && rec.Code != 405 {
		t.Fatal("roles can be switched outside a demo:", rec.Code)
	}
	demo := web.New(web.Config{PublicURL: r.base, Demo: true, Tenant: "t1", First: r.id}, r.w.Bot.Host()).Handler()
	first := knock{method: "GET", path: "/console/"}.at(demo, r.base)
	if first.Code != http.StatusSeeOther || len(first.Result().Cookies()) != 1 {
		t.Fatal("a visitor of the demo is not let in", first.Code)
	}
	in := &room{h: demo, base: r.base, cookie: first.Result().Cookies()[0]}
	max := r.d.Person(t, "Max").ID
	if rec := in.form("/console/be", url.Values{"person": {max}}, "https://evil.example"); rec.Code != 403 {
		t.Fatal(rec.Code)
	}
	rec := in.form("/console/be", url.Values{"person": {max}}, r.base)
	var fresh *http.Cookie
	for _, c := range rec.Result().Cookies() {
		if c.Value != "" {
			fresh = c
		}
	}
	if fresh == nil || !strings.Contains(knock{method: "GET", path: "/console/api/me", cookie: fresh}.at(demo, r.base).Body.String(), `"me":{"id":"`+max+`"`) {
		t.Fatal("not Max", rec.Code)
	}
	if old := (knock{method: "GET", path: "/console/api/me", cookie: in.cookie}).at(demo, r.base); old.Code != 401 {
		t.Fatal("the old session lives on", old.Code)
	}
	if rec := (&room{h: demo, base: r.base, cookie: fresh}).form("/console/be", url.Values{"person": {"m_nobody"}}, r.base); rec.Code != 404 {
		t.Fatal(rec.Code)
	}
}

func TestSetUpIsOfferedWhileNobodyIsThere(t *testing.T) {
	t.Parallel()
	w := bottest.New(t, bottest.Options{Add: newOffice().wire})
	w.Bot.Fallback = "console"
	id := ""
	w.Bot.FirstAdmin = func(_ context.Context, code, name string) (string, string, error) {
		if code != "ABCD-EFGH-JKLM" {
			return "", "", bot.Faultf(bot.Forbidden, "This code does not work.")
		}
		id = w.Person(t, name, recruiter, "")
		return "t1", id, nil
	}
	r := &room{h: web.New(web.Config{PublicURL: "http://127.0.0.1:8080"}, w.Bot.Host()).Handler(), base: "http://127.0.0.1:8080"}
	if rec := (knock{method: "GET", path: "/console/"}).at(r.h, r.base); !strings.Contains(rec.Body.String(), `name="code"`) {
		t.Fatal(rec.Body)
	}
	if rec := r.form("/console/setup", url.Values{"code": {"wrong"}, "name": {"Ann"}}, r.base); rec.Code != 403 || !strings.Contains(rec.Body.String(), "This code does not work.") {
		t.Fatal(rec.Code, rec.Body)
	}
	rec := r.form("/console/setup", url.Values{"code": {" ABCD-EFGH-JKLM "}, "name": {"Ann <b>"}}, r.base)
	if rec.Code != http.StatusSeeOther || id == "" {
		t.Fatal(rec.Code, rec.Body)
	}
	if rec := (knock{method: "GET", path: "/console/"}).at(r.h, r.base); strings.Contains(rec.Body.String(), `name="code"`) {
		t.Fatal("set-up is still offered")
	}
	if rec := (knock{method: "GET", path: "/console/?setup"}).at(r.h, r.base); !strings.Contains(rec.Body.String(), `name="code"`) {
		t.Fatal("a further employer has no door", rec.Body)
	}
}

func TestNobodyChangesACardThatDoesNotCarryTheirButton(t *testing.T) {
	t.Parallel()
	_, d, _ := world(t)
	rita, max := d.Person(t, "Rita"), d.Person(t, "Max")
	rita.Conv, max.Conv = "#recruiting", "#recruiting"
	rita.Do(t, post("line", "/aloud Cake"))
	rita.Do(t, post("line", "/aloud Tea"))
	max.Sync(t)
	cake, tea := max.Card("Cake"), max.Card("Tea")
	see(t, max.Do(t, webtest.Post{Kind: "press", Token: cake.Token, Line: tea.Line, Shared: true}), "Cake: Max has it.")
	rita.Sync(t)
	see(t, bottest.Screen(rita.Seen()), "Tea\n[Claim]")
}

func TestAnAnswerIsReadableWhole(t *testing.T) {
	t.Parallel()
	r := open(t)
	rec := r.event(func(*knock) {})
	raw, err := io.ReadAll(rec.Body)
	if err != nil || rec.Header().Get("Content-Type") != "application/json" || rec.Header().Get("Cache-Control") != "no-store" || !json.Valid(raw) {
		t.Fatal(rec.Header(), string(raw))
	}
}
