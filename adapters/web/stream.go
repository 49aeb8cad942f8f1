package web

import (
	"encoding/json"
	"fmt"
	"net/http"
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

const (
	firstLines = 120
	beat       = 20 * time.Second
	lookEvery  = time.Second // other processes' lines are found by looking
)

// stream sends a tab its lines, the latest ones first of all, then each as it comes.
// Its event ids say how far a tab has read in both streams, so that a tab that
// reconnects gets just what it missed.
func (c *Console) stream(w http.ResponseWriter, r *http.Request) {
	s, _, ok := c.signedIn(w, r)
	if !ok {
		return
	}
	rc := http.NewResponseController(w)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = r.URL.Query().Get("after")
	}
	own, common, _ := strings.Cut(after, ".")
	if after == "" {
		fmt.Fprint(w, "event: fresh\ndata: {}\n\n")
	}
	beatAt := c.host.Now().Add(beat)
	for {
		changed := c.host.Lines.Changed()
		n1, err1 := c.send(w, r, s.Tenant, mine(s.Person), &own, &common, false)
		n2, err2 := c.send(w, r, s.Tenant, shared, &common, &own, true)
		if err1 != nil || err2 != nil {
			fmt.Fprint(w, "event: away\ndata: {}\n\n")
		}
		if now := c.host.Now(); n1+n2 > 0 || !now.Before(beatAt) || err1 != nil || err2 != nil {
			if n1+n2 == 0 {
				fmt.Fprint(w, ": beat\n\n")
			}
			beatAt = now.Add(beat)
			if rc.Flush() != nil {
				return
			}
			if _, _, err := c.who(r); err != nil { // signed out meanwhile
				fmt.Fprint(w, "event: bye\ndata: {}\n\n")
				_ = rc.Flush()
				return
			}
		}
		timer := time.NewTimer(lookEvery)
		select {
		case <-r.Context().Done():
			timer.Stop()
			return
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// send writes what one of the two streams has after its cursor.
func (c *Console) send(w http.ResponseWriter, r *http.Request, tenant, place string, cursor, other *string, common bool) (int, error) {
	first := *cursor == ""
	rows, err := c.host.Lines.After(r.Context(), tenant, place, *cursor, firstLines)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		out := line{Line: row.Line, Shared: common}
		if json.Unmarshal(row.Body, &out.said) != nil {
			continue
		}
		*cursor = row.ID
		raw, err := json.Marshal(out)
		if err != nil {
			return 0, err
		}
		a, b := *cursor, *other
		if common {
			a, b = b, a
		}
		fmt.Fprintf(w, "id: %s.%s\ndata: %s\n\n", a, b, raw)
	}
	if first && len(rows) == 0 {
		*cursor = "0"
	}
	return len(rows), nil
}

// me tells the page who it is for: the person, the places, the commands.
func (c *Console) me(w http.ResponseWriter, r *http.Request) {
	s, p, ok := c.signedIn(w, r)
	if !ok {
		return
	}
	type person struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Zone  string `json:"zone,omitempty"`
		Roles uint32 `json:"roles"`
		Said  string `json:"said,omitempty"`
	}
	type command struct {
		Name    string      `json:"name"`
		Short   string      `json:"short,omitempty"`
		Help    string      `json:"help"`
		Example string      `json:"example,omitempty"`
		Title   string      `json:"title"`
		Home    bool        `json:"home,omitempty"`
		Fields  []fieldView `json:"fields"`
	}
	out := struct {
		Me       person    `json:"me"`
		CSRF     string    `json:"csrf"`
		Demo     bool      `json:"demo"`
		Channels []string  `json:"channels"`
		People   []person  `json:"people"`
		Commands []command `json:"commands"`
	}{Me: person{ID: p.ID, Name: p.Name, Zone: p.Zone, Roles: uint32(p.Roles), Said: c.host.Desk.RolesSaid(p)}, CSRF: s.CSRF, Demo: c.cfg.Demo, Channels: channels}
	people, err := c.host.Desk.People(r.Context(), s.Tenant)
	if err != nil {
		c.refuse(w, http.StatusServiceUnavailable, "store_away", "I cannot reach my memory right now. Try again in a moment.")
		return
	}
	for _, x := range people {
		out.People = append(out.People, person{ID: x.ID, Name: x.Name, Zone: x.Zone, Roles: uint32(x.Roles), Said: c.host.Desk.RolesSaid(x)})
	}
	for _, d := range c.host.Desk.Menu(p) {
		k := command{Name: d.Name, Short: d.Short, Help: bot.Flat(d.Help), Example: d.Example, Title: d.Title, Home: d.On&bot.OnHome != 0, Fields: formOf(bot.Form{Fields: d.Fields}).Fields}
		out.Commands = append(out.Commands, k)
	}
	writeJSON(w, http.StatusOK, out)
}
