package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"rapport/bot"
)

// line is one line as the stream sends it. Line names what it shows; when the same
// Line comes again it has changed.
type line struct {
	Line   string `json:"line"`
	Shared bool   `json:"shared,omitempty"`
	said
}

// cursorShape is what a reader's place may look like; it is written back to the
// stream, so nothing else gets in.
var cursorShape = regexp.MustCompile(`^[0-9a-z]{1,20}$`)

const (
	beat       = 20 * time.Second
	lookEvery  = time.Second // other processes' lines are found by looking
	mostOpened = 24          // streams of one browser
)

// stream sends a tab its lines, the latest ones first of all, then each as it comes.
// Its event ids say how far a tab has read in both streams, so that a tab that
// reconnects gets just what it missed. Besides lines it says: fresh (forget what you
// show), live (that was all there is by now), away (my memory does not answer), bye
// (you are signed out).
func (c *Console) stream(w http.ResponseWriter, r *http.Request) {
	s, _, ok := c.signedIn(w, r)
	if !ok {
		return
	}
	if !c.opened(s.CSRF, 1) {
		c.refuse(w, http.StatusTooManyRequests, "too_many_tabs", "The console is open in too many tabs. Close some of them.")
		return
	}
	defer c.opened(s.CSRF, -1)
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Time{}) // the request is read; a server's read timeout must not end the stream
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	own, common := c.resume(r, s)
	if own.at == "" {
		fmt.Fprint(w, "event: fresh\ndata: {}\n\n")
	}
	live, away := false, false
	quiet := c.host.Now()
	for {
		changed := c.host.Lines.Changed()
		if _, _, err := c.who(r); errors.Is(err, errSignedOut) { // meanwhile, perhaps from elsewhere
			fmt.Fprint(w, "event: bye\ndata: {}\n\n")
			_ = rc.Flush()
			return
		}
		now := c.host.Now()
		n1, more1, err1 := c.send(w, r, s.Tenant, own, common, own)
		n2, more2, err2 := c.send(w, r, s.Tenant, own, common, common)
		wrote := n1+n2 > 0
		switch failed := err1 != nil || err2 != nil; {
		case failed != away:
			away, wrote = failed, true
			fmt.Fprintf(w, "event: %s\ndata: {}\n\n", map[bool]string{true: "away", false: "live"}[failed])
		case !failed && !live && !more1 && !more2:
			live, wrote = true, true
			fmt.Fprint(w, "event: live\ndata: {}\n\n")
		case !wrote && now.Sub(quiet) >= beat:
			wrote = true
			fmt.Fprint(w, ": beat\n\n")
		}
		if wrote {
			quiet = now
			if rc.Flush() != nil {
				return
			}
		}
		if more1 || more2 {
			continue
		}
		timer := time.NewTimer(lookEvery)
		select {
		case <-r.Context().Done():
			timer.Stop()
			return
		case <-c.ending():
			timer.Stop()
			return
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// resume makes the two cursors of a tab: where it says it stands, or at the start.
func (c *Console) resume(r *http.Request, s session) (own, common *cursor) {
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = r.URL.Query().Get("after")
	}
	a, b, ok := strings.Cut(after, ".")
	if !ok || !cursorShape.MatchString(a) || !cursorShape.MatchString(b) {
		a, b = "", ""
	}
	return &cursor{place: mine(s.Person), at: a}, &cursor{place: shared, at: b}
}

// ranOut stands in the place of a message whose secret is over.
var ranOut = func() json.RawMessage {
	raw, err := json.Marshal(viewOf(bot.Say("A link or code stood here. It is used up; ask for a new one when you need it.")))
	if err != nil {
		panic(err)
	}
	return raw
}()

// send writes what one of the two streams has after its cursor.
func (c *Console) send(w http.ResponseWriter, r *http.Request, tenant string, own, common, of *cursor) (int, bool, error) {
	reached := of.at
	rows, more, err := of.next(r.Context(), c.host.Lines, tenant, c.host.Now())
	if err != nil {
		return 0, false, err
	}
	for i, row := range rows {
		out := line{Line: row.Line, Shared: of == common}
		if json.Unmarshal(row.Body, &out.said) != nil {
			continue
		}
		if out.Till > 0 && c.host.Now().UnixMilli() > out.Till {
			out.Msg = ranOut
		}
		raw, err := json.Marshal(out)
		if err != nil {
			return i, false, err
		}
		reached = max(reached, row.ID)
		id := reached + "." + max(common.at, "0") // "0": not read yet, so all of it is still to come
		if of == common {
			id = max(own.at, "0") + "." + reached
		}
		fmt.Fprintf(w, "id: %s\ndata: %s\n\n", id, raw)
	}
	return len(rows), more, nil
}

// opened counts the streams of one browser; false when there are too many.
func (c *Console) opened(browser string, by int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.streams[browser] + by
	if by > 0 && n > mostOpened {
		return false
	}
	if n <= 0 {
		delete(c.streams, browser)
	} else {
		c.streams[browser] = n
	}
	return true
}

type personView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Zone string `json:"zone,omitempty"`
	Said string `json:"said,omitempty"` // their roles, in words
}

type commandView struct {
	Name    string      `json:"name"`
	Short   string      `json:"short,omitempty"`
	Help    string      `json:"help"`
	Example string      `json:"example,omitempty"`
	Title   string      `json:"title"`
	Home    bool        `json:"home,omitempty"`
	Fields  []fieldView `json:"fields"`
}

// me tells the page who it is for: the person, the places, the commands.
func (c *Console) me(w http.ResponseWriter, r *http.Request) {
	s, p, ok := c.signedIn(w, r)
	if !ok {
		return
	}
	out := struct {
		Me       personView    `json:"me"`
		CSRF     string        `json:"csrf"`
		Demo     bool          `json:"demo"`
		Channels []string      `json:"channels"`
		People   []personView  `json:"people"`
		Commands []commandView `json:"commands"`
	}{Me: c.personView(p), CSRF: s.CSRF, Demo: c.cfg.Demo, Channels: channels}
	people, err := c.host.Desk.People(r.Context(), s.Tenant)
	if err != nil {
		c.refuse(w, http.StatusServiceUnavailable, "store_away", away)
		return
	}
	for _, x := range people {
		out.People = append(out.People, c.personView(x))
	}
	for _, d := range c.host.Desk.Menu(p) {
		out.Commands = append(out.Commands, commandView{Name: d.Name, Short: d.Short, Help: bot.Flat(d.Help), Example: d.Example, Title: d.Title,
			Home: d.On&bot.OnHome != 0, Fields: formOf(bot.Form{Fields: d.Fields}).Fields})
	}
	writeJSON(w, http.StatusOK, out)
}

func (c *Console) personView(p bot.Person) personView {
	return personView{ID: p.ID, Name: p.Name, Zone: p.Zone, Said: c.host.Desk.RolesSaid(p)}
}
