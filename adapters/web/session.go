package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"rapport/bot"
)

// session is one signed-in browser. Only a hash of the cookie is kept.
type session struct {
	Tenant string `json:"t"`
	Person string `json:"p"`
	CSRF   string `json:"x"`
	Made   int64  `json:"m"` // unix milliseconds
}

const (
	cookieName  = "rapport_session"
	sessionLife = 12 * time.Hour
	linkLife    = 10 * time.Minute
	recheck     = 10 * time.Second
)

// memo spares the store a look at every request; entries live for recheck, so that
// a revoked session ends within that time everywhere.
type memo struct {
	mu   sync.Mutex
	seen map[string]remembered
	ends int // sessions ended so far: what was read before an end is not remembered after it
}

type remembered struct {
	s     session
	p     bot.Person
	until time.Time
}

func random() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func hashed(s string) string {
	h := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// over reports whether something made then has outlived its time. The store forgets
// it as well; this holds where clocks differ.
func (c *Console) over(s session, life time.Duration) bool {
	return c.host.Now().Sub(time.UnixMilli(s.Made)) > life
}

// SignInLink makes an address that signs a person in, once and within ten minutes.
func (c *Console) SignInLink(ctx context.Context, tenant, person string) (string, error) {
	token := random()
	raw, err := json.Marshal(session{Tenant: tenant, Person: person, Made: c.host.Now().UnixMilli()})
	if err != nil {
		return "", err
	}
	if err := c.host.Once.Put(ctx, "console/link/"+hashed(token), raw, linkLife); err != nil {
		return "", err
	}
	return c.cfg.PublicURL + "/console/enter?token=" + url.QueryEscape(token), nil
}

// Revoke ends every session of a person.
func (c *Console) Revoke(ctx context.Context, tenant, person string) error {
	now := strconv.FormatInt(c.host.Now().UnixMilli(), 10)
	err := c.host.Once.Put(ctx, "console/revoked/"+tenant+"/"+person, []byte(now), sessionLife)
	c.people.mu.Lock()
	c.people.ends++
	clear(c.people.seen)
	c.people.mu.Unlock()
	return err
}

// begin signs a browser in.
func (c *Console) begin(w http.ResponseWriter, r *http.Request, tenant, person string) error {
	token := random()
	raw, err := json.Marshal(session{Tenant: tenant, Person: person, CSRF: random(), Made: c.host.Now().UnixMilli()})
	if err != nil {
		return err
	}
	if err := c.host.Once.Put(r.Context(), "console/session/"+hashed(token), raw, sessionLife); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: token, Path: "/console/", MaxAge: int(sessionLife.Seconds()),
		HttpOnly: true, Secure: c.secure(), SameSite: http.SameSiteLaxMode})
	return nil
}

// secure is false only where there is no TLS to be had: plain http on loopback.
func (c *Console) secure() bool { return !strings.HasPrefix(c.cfg.PublicURL, "http://") }

// end signs a browser out.
func (c *Console) end(w http.ResponseWriter, r *http.Request) {
	if k, err := r.Cookie(cookieName); err == nil {
		_, _ = c.host.Once.Take(r.Context(), "console/session/"+hashed(k.Value))
		c.people.mu.Lock()
		c.people.ends++
		delete(c.people.seen, hashed(k.Value))
		c.people.mu.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/console/", MaxAge: -1, HttpOnly: true, Secure: c.secure(), SameSite: http.SameSiteLaxMode})
}

var errSignedOut = errors.New("signed out")

// who reads the session of a request: errSignedOut when there is none, or it was
// revoked, or its person is gone.
func (c *Console) who(r *http.Request) (session, bot.Person, error) {
	k, err := r.Cookie(cookieName)
	if err != nil || len(k.Value) > 100 {
		return session{}, bot.Person{}, errSignedOut
	}
	key, now := hashed(k.Value), c.host.Now()
	c.people.mu.Lock()
	known, ok := c.people.seen[key]
	ends := c.people.ends
	c.people.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.s, known.p, nil
	}
	s, p, err := c.read(r.Context(), key)
	if err != nil {
		return s, p, err
	}
	c.people.mu.Lock()
	if len(c.people.seen) > 5000 {
		clear(c.people.seen)
	}
	if c.people.ends == ends {
		c.people.seen[key] = remembered{s, p, now.Add(recheck)}
	}
	c.people.mu.Unlock()
	return s, p, nil
}

func (c *Console) read(ctx context.Context, key string) (session, bot.Person, error) {
	var s session
	raw, err := c.host.Once.Peek(ctx, "console/session/"+key)
	if err != nil {
		return s, bot.Person{}, err
	}
	if raw == nil || json.Unmarshal(raw, &s) != nil || c.over(s, sessionLife) {
		return s, bot.Person{}, errSignedOut
	}
	p, err := c.whose(ctx, s)
	return s, p, err
}

// whose is the person of a session or of a link to one: errSignedOut when all that was
// made for them until then was revoked, or they are gone.
func (c *Console) whose(ctx context.Context, s session) (bot.Person, error) {
	revoked, err := c.host.Once.Peek(ctx, "console/revoked/"+s.Tenant+"/"+s.Person)
	if err != nil {
		return bot.Person{}, err
	}
	if at, _ := strconv.ParseInt(string(revoked), 10, 64); at >= s.Made && at > 0 {
		return bot.Person{}, errSignedOut
	}
	p, err := c.host.Desk.PersonByID(ctx, s.Tenant, s.Person)
	var f *bot.Fault
	if errors.As(err, &f) {
		return p, errSignedOut
	}
	return p, err
}

// trusted reports whether a request really comes from our own page: the Host is
// ours (no rebinding), and a browser that names an Origin names us.
func (c *Console) trusted(r *http.Request) bool {
	own, err := url.Parse(c.cfg.PublicURL)
	if err != nil {
		return false
	}
	if !sameHost(r.Host, own.Host) {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return r.Header.Get("Sec-Fetch-Site") == "" || r.Header.Get("Sec-Fetch-Site") == "same-origin" || r.Header.Get("Sec-Fetch-Site") == "none"
	}
	o, err := url.Parse(origin)
	return err == nil && sameHost(o.Host, own.Host) && o.Scheme == own.Scheme
}

// sameHost compares authorities; on loopback the names of loopback are one.
func sameHost(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	norm := func(s string) string {
		for _, n := range []string{"localhost", "[::1]"} {
			if s == n || strings.HasPrefix(s, n+":") {
				return "127.0.0.1" + s[len(n):]
			}
		}
		return s
	}
	return norm(strings.ToLower(a)) == norm(strings.ToLower(b))
}

// safeURL lets only addresses through that a link may lead to.
func safeURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "mailto" {
		return ""
	}
	return u.String()
}
