package web

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

const maxBody = 64 << 10

// post is what the page sends: one act of the person at the keyboard. ID is made by
// the page and the same when it tries again.
type post struct {
	ID     string            `json:"id"`
	Kind   string            `json:"kind"` // line press pick fill suggest home
	Conv   string            `json:"conv"` // "dm", "home" or a channel
	Text   string            `json:"text,omitempty"`
	Token  string            `json:"token,omitempty"`
	Line   string            `json:"line,omitempty"`   // the line the pressed card stands in
	Shared bool              `json:"shared,omitempty"` // that line is the channel's
	Values map[string]string `json:"values,omitempty"`
	Picks  []string          `json:"picks,omitempty"`
	Name   string            `json:"name,omitempty"` // suggest: the command
	Field  string            `json:"field,omitempty"`
	Typed  string            `json:"typed,omitempty"`
}

var idShape = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// event takes one post, hands it to the kernel, and answers with what only this tab
// needs. Words come over the stream.
func (c *Console) event(w http.ResponseWriter, r *http.Request) {
	s, p, ok := c.signedIn(w, r)
	if !ok {
		return
	}
	var in post
	if !c.decode(w, r, &in) {
		return
	}
	if !idShape.MatchString(in.ID) || !c.place(in.Conv) {
		c.refuse(w, http.StatusBadRequest, "bad_request", "That request is not whole. Reload the page.")
		return
	}
	receive := c.receiver()
	if receive == nil {
		c.refuse(w, http.StatusServiceUnavailable, "not_ready", "I am just starting. Try again in a moment.")
		return
	}
	body := c.bodyOf(r.Context(), in, s, p)
	if body == nil {
		c.refuse(w, http.StatusBadRequest, "bad_request", "That request is not whole. Reload the page.")
		return
	}
	t := &turn{c: c, Tenant: s.Tenant, Person: s.Person, Conv: in.Conv, Line: in.Line, Shared: in.Shared, release: make(chan struct{})}
	place := bot.Place{Network: network, Team: s.Tenant, Channel: in.Conv}
	if !strings.HasPrefix(in.Conv, "#") {
		place.Channel, place.To, place.Direct = "D"+s.Person, s.Person, true
	}
	ev := bot.Event{ID: "console/" + s.Person + "/" + in.ID, From: bot.Account{Network: network, Team: s.Tenant, ID: s.Person}, Name: p.Name,
		Place: place, At: c.host.Now(), Body: body, Turn: t}
	ctx := context.WithoutCancel(r.Context())
	failed := make(chan error, 1)
	go func() { failed <- receive(ctx, ev) }()
	select {
	case <-t.release:
	case err := <-failed:
		if err != nil {
			c.refuse(w, http.StatusServiceUnavailable, "store_away", "I cannot reach my memory right now. Try again in a moment.")
			return
		}
	case <-time.After(30 * time.Second):
	}
	t.mu.Lock()
	reply := t.reply
	t.handed = true
	t.mu.Unlock()
	reply.OK = true
	writeJSON(w, http.StatusOK, reply)
}

// bodyOf makes the event's body, and shows what was typed as a line of its own.
func (c *Console) bodyOf(ctx context.Context, in post, s session, p bot.Person) bot.Body {
	switch in.Kind {
	case "line":
		text := strings.TrimSpace(bot.Clean(in.Text))
		if text == "" {
			return nil
		}
		command, isCommand := strings.CutPrefix(text, "/")
		private := isCommand || in.Conv == direct
		c.echo(ctx, in, s, p, text, private)
		if isCommand {
			if rest, ok := strings.CutPrefix(command, "rapport"); ok && (rest == "" || rest[0] == ' ') {
				command = strings.TrimSpace(rest)
			}
			return bot.Asked{Text: c.mentions(ctx, s.Tenant, command)}
		}
		return bot.Said{Text: c.mentions(ctx, s.Tenant, text), Message: in.ID, Mention: strings.Contains(strings.ToLower(text), "@rapport")}
	case "press":
		return bot.Pressed{Token: in.Token, Message: in.Line}
	case "pick":
		return bot.Pressed{Token: in.Token, Values: in.Picks, Message: in.Line}
	case "fill":
		values := map[string]string{}
		for k, v := range in.Values {
			values[k] = c.mentions(ctx, s.Tenant, bot.Clean(v))
		}
		return bot.Filled{Token: in.Token, Values: values}
	case "suggest":
		return bot.Suggest{Token: in.Token, Name: in.Name, Field: in.Field, Typed: bot.Clean(in.Typed), Args: in.Values}
	case "home":
		return bot.Opened{}
	}
	return nil
}

// echo keeps what a person typed, so that all their tabs show it; once per post.
func (c *Console) echo(ctx context.Context, in post, s session, p bot.Person, text string, private bool) {
	if prior, err := c.host.Once.Peek(ctx, "console/echo/"+s.Person+"/"+in.ID); err != nil || prior != nil {
		return
	}
	place := shared
	if private {
		place = mine(s.Person)
	}
	raw, err := json.Marshal(said{Conv: in.Conv, By: s.Person, Name: p.Name, Text: text, Only: private && strings.HasPrefix(in.Conv, "#"), At: c.host.Now().UnixMilli()})
	if err != nil {
		return
	}
	if _, err := c.host.Lines.Add(ctx, s.Tenant, place, raw); err != nil {
		c.log.WarnContext(ctx, "line not kept", "err", err)
		return
	}
	_ = c.host.Once.Put(ctx, "console/echo/"+s.Person+"/"+in.ID, []byte("1"), time.Hour)
}

var atName = regexp.MustCompile(`@([\pL\pN][\pL\pN._-]*)`)

// mentions turns @name into a mention where exactly one member is meant.
func (c *Console) mentions(ctx context.Context, tenant, text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	people, err := c.host.Desk.People(ctx, tenant)
	if err != nil {
		return text
	}
	return atName.ReplaceAllStringFunc(text, func(m string) string {
		if i := strings.Index(text, m); i > 0 && text[i-1] != ' ' && text[i-1] != ':' && text[i-1] != '"' {
			return m // part of a mail address
		}
		var hit []bot.Person
		for _, p := range people {
			first, _, _ := strings.Cut(p.Name, " ")
			if strings.EqualFold(first, m[1:]) || strings.EqualFold(strings.ReplaceAll(p.Name, " ", "."), m[1:]) || p.ID == m[1:] {
				hit = append(hit, p)
			}
		}
		if len(hit) != 1 {
			return m
		}
		return bot.Mention(bot.Account{Network: network, Team: tenant, ID: hit[0].ID}, hit[0].Name)
	})
}

func (c *Console) place(conv string) bool {
	return conv == direct || conv == "home" || slices.Contains(channels, conv)
}

// signedIn checks a call of the page: our own origin, a session, its CSRF token.
func (c *Console) signedIn(w http.ResponseWriter, r *http.Request) (session, bot.Person, bool) {
	if !c.trusted(r) {
		c.host.Count("console.origin")
		c.refuse(w, http.StatusForbidden, "origin", "This request does not come from the console.")
		return session{}, bot.Person{}, false
	}
	s, p, err := c.who(r)
	switch {
	case errors.Is(err, errSignedOut):
		c.refuse(w, http.StatusUnauthorized, "signed_out", "You are signed out. Get a new link with /console link.")
		return s, p, false
	case err != nil:
		c.refuse(w, http.StatusServiceUnavailable, "store_away", "I cannot reach my memory right now. Try again in a moment.")
		return s, p, false
	}
	if r.Method != http.MethodGet && subtle.ConstantTimeCompare([]byte(r.Header.Get("X-CSRF-Token")), []byte(s.CSRF)) != 1 {
		c.host.Count("console.csrf")
		c.refuse(w, http.StatusForbidden, "csrf", "This page is out of date. Reload it.")
		return s, p, false
	}
	return s, p, true
}

// decode reads a JSON body of at most 64 KB.
func (c *Console) decode(w http.ResponseWriter, r *http.Request, v any) bool {
	if ct, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || ct != "application/json" {
		c.refuse(w, http.StatusUnsupportedMediaType, "content_type", "The console speaks application/json.")
		return false
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		c.host.Count("console.too_large")
		c.refuse(w, http.StatusRequestEntityTooLarge, "too_large", "That is too long for one message. 64 KB is the most.")
		return false
	}
	if json.Unmarshal(raw, v) != nil {
		c.host.Count("console.bad_json")
		c.refuse(w, http.StatusBadRequest, "bad_json", "That request is not readable. Reload the page.")
		return false
	}
	return true
}

func (c *Console) refuse(w http.ResponseWriter, status int, code, say string) {
	writeJSON(w, status, map[string]any{"ok": false, "code": code, "error": say})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "encoding", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}
