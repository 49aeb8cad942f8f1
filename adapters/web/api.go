package web

import (
	"bytes"
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

// repeatLife is how long a page may send the same post again and get the same answer.
const repeatLife = 5 * time.Minute

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

// posted is one post on its way; the same post coming again waits for it.
type posted struct {
	done   chan struct{}
	status int
	reply  any
}

const away = "I cannot reach my memory right now. Try again in a moment."

// event takes one post, hands it to the kernel, and answers with what only this tab
// needs. Words come over the stream. A post sent again is answered as it was.
func (c *Console) event(w http.ResponseWriter, r *http.Request) {
	before, cancel := context.WithTimeout(r.Context(), beforehand)
	defer cancel()
	s, p, ok := c.signedIn(w, r.WithContext(before))
	if !ok {
		return
	}
	var in post
	if !c.decode(w, r, &in) {
		return
	}
	if !in.whole() {
		c.host.Count("console.bad_request")
		c.refuse(w, http.StatusBadRequest, "bad_request", "That request is not whole. Reload the page.")
		return
	}
	name := "console/post/" + s.Tenant + "/" + s.Person + "/" + in.ID
	c.mu.Lock()
	prior, again := c.posts[name]
	if !again {
		prior = &posted{done: make(chan struct{})}
		c.posts[name] = prior
	}
	c.mu.Unlock()
	if again {
		select {
		case <-prior.done:
			writeJSON(w, prior.status, prior.reply)
		case <-r.Context().Done():
		}
		return
	}
	prior.status, prior.reply = http.StatusServiceUnavailable, refusal("store_away", away)
	defer func() {
		c.mu.Lock()
		delete(c.posts, name)
		c.mu.Unlock()
		close(prior.done)
		writeJSON(w, prior.status, prior.reply)
	}()
	prior.status, prior.reply = c.once(before, context.WithoutCancel(r.Context()), name, in, s, p)
}

// beforehand is how long all that is read and written before an event is handed to the
// kernel may take: whoever posts reads within three seconds that the store is away.
const beforehand = 1500 * time.Millisecond

// once does a post that was not done yet, and keeps what came of it for a while. While
// two processes are at the same post, the kernel does the act once, and each line is
// added once. Until the kernel has it, that ends with before.
func (c *Console) once(before, ctx context.Context, name string, in post, s session, p bot.Person) (int, any) {
	reads := in.Kind == "suggest" || in.Kind == "home"
	if !reads {
		raw, err := c.host.Once.Peek(before, name)
		if err != nil {
			return http.StatusServiceUnavailable, refusal("store_away", away)
		}
		if len(raw) > 0 {
			return http.StatusOK, json.RawMessage(raw)
		}
	}
	receive := c.receiver()
	if receive == nil {
		return http.StatusServiceUnavailable, refusal("not_ready", "I am just starting. Try again in a moment.")
	}
	if in.Shared && !c.shows(before, s, in.Line, in.Token) {
		in.Line = ""
	}
	if in.Kind == "line" {
		if err := c.echo(before, in, s, p); err != nil {
			return http.StatusServiceUnavailable, refusal("store_away", away)
		}
	}
	reply, err := c.hand(ctx, receive, in, s, p)
	if err != nil {
		return http.StatusServiceUnavailable, refusal("store_away", away)
	}
	if !reads {
		raw, err := json.Marshal(reply)
		if err == nil {
			err = c.host.Once.Put(ctx, name, raw, repeatLife)
		}
		if err != nil {
			c.log.WarnContext(ctx, "answer not kept", "err", err)
		}
	}
	return http.StatusOK, reply
}

// hand gives the event to the kernel and waits until it is through, has opened
// something, or asks for patience.
func (c *Console) hand(ctx context.Context, receive func(context.Context, bot.Event) error, in post, s session, p bot.Person) (answer, error) {
	t := &turn{c: c, Tenant: s.Tenant, Person: s.Person, Conv: in.Conv, Line: in.Line, Shared: in.Shared, Post: in.ID, release: make(chan struct{})}
	place := bot.Place{Network: network, Team: s.Tenant, Channel: in.Conv}
	if !strings.HasPrefix(in.Conv, "#") {
		place.Channel, place.To, place.Direct = "D"+s.Person, s.Person, true
	}
	ev := bot.Event{ID: "console/" + s.Person + "/" + in.ID, From: bot.Account{Network: network, Team: s.Tenant, ID: s.Person}, Name: p.Name,
		Place: place, At: c.host.Now(), Body: c.bodyOf(ctx, in, s), Turn: t}
	through := make(chan error, 1)
	go func() { through <- receive(ctx, ev) }()
	patience := time.NewTimer(30 * time.Second)
	defer patience.Stop()
	select {
	case <-t.release:
	case err := <-through:
		if err != nil {
			return answer{}, err
		}
	case <-patience.C:
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	reply := t.reply
	reply.OK = true
	t.let()
	return reply, nil
}

// whole reports whether a post has what its kind needs.
func (in post) whole() bool {
	if !idShape.MatchString(in.ID) || len(in.Line) > 40 || len(in.Picks) > 100 {
		return false
	}
	place := in.Conv == direct || slices.Contains(channels, in.Conv)
	switch in.Kind {
	case "line":
		return place && strings.TrimSpace(bot.Clean(in.Text)) != ""
	case "press", "pick", "fill":
		return place && in.Token != ""
	case "suggest":
		return (place || in.Conv == "home") && in.Field != "" && (in.Token != "" || in.Name != "")
	case "home":
		return in.Conv == "home"
	}
	return false
}

// shows reports whether a line of the channels carries the button or menu of token:
// nobody changes a card that others read by naming its line.
func (c *Console) shows(ctx context.Context, s session, line, token string) bool {
	rows, err := c.host.Lines.After(ctx, s.Tenant, shared, "", 300)
	if err != nil || line == "" {
		return false
	}
	quoted, err := json.Marshal(token)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(rows, func(r bot.Stored) bool { return r.Line == line && bytes.Contains(r.Body, quoted) })
}

// bodyOf makes the event's body of a whole post.
func (c *Console) bodyOf(ctx context.Context, in post, s session) bot.Body {
	switch in.Kind {
	case "line":
		text := c.mentions(ctx, s.Tenant, strings.TrimSpace(bot.Clean(in.Text)))
		if command, ok := strings.CutPrefix(text, "/"); ok {
			if word, rest, _ := strings.Cut(command, " "); strings.EqualFold(word, "rapport") { // phones write a capital
				command = strings.TrimSpace(rest)
			}
			return bot.Asked{Text: command}
		}
		words := atBot.ReplaceAllString(text, "$1")
		return bot.Said{Text: strings.TrimSpace(words), Message: in.ID, Mention: words != text}
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
	}
	return bot.Opened{}
}

// echo keeps what a person typed, so that all their tabs show it. Commands are
// private; talk in a channel is everybody's.
func (c *Console) echo(ctx context.Context, in post, s session, p bot.Person) error {
	text := strings.TrimSpace(bot.Clean(in.Text))
	channel := strings.HasPrefix(in.Conv, "#")
	place, only := mine(s.Person), channel
	if channel && text[0] != '/' {
		place, only = shared, false
	}
	raw, err := json.Marshal(said{Conv: in.Conv, By: s.Person, Name: p.Name, Text: bot.Clip(text, 4000), Post: in.ID, Only: only, At: c.host.Now().UnixMilli()})
	if err != nil {
		return err
	}
	_, err = c.keep.add(ctx, s.Tenant, place, "said/"+s.Person+"/"+in.ID, raw)
	return err
}

var (
	atName = regexp.MustCompile(`(^|[\s:"“(,])@([\pL\pN](?:[\pL\pN._-]*[\pL\pN])?)`)
	atBot  = regexp.MustCompile(`(?i)(^|\s)@rapport\b[,:]?`)
)

// mentions turns @name into a mention where exactly one member is meant: by first
// name, by name with dots for spaces, or by id.
func (c *Console) mentions(ctx context.Context, tenant, text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	people, err := c.host.Desk.People(ctx, tenant)
	if err != nil {
		return text
	}
	return atName.ReplaceAllStringFunc(text, func(m string) string {
		before, name, _ := strings.Cut(m, "@")
		var hit []bot.Person
		for _, p := range people {
			first, _, _ := strings.Cut(p.Name, " ")
			if strings.EqualFold(strings.ReplaceAll(p.Name, " ", "."), name) || p.ID == name {
				hit = []bot.Person{p}
				break
			}
			if strings.EqualFold(first, name) {
				hit = append(hit, p)
			}
		}
		if len(hit) != 1 {
			return m
		}
		return before + bot.Mention(bot.Account{Network: network, Team: tenant, ID: hit[0].ID}, hit[0].Name)
	})
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
		c.refuse(w, http.StatusServiceUnavailable, "store_away", away)
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
	writeJSON(w, status, refusal(code, say))
}

func refusal(code, say string) map[string]any {
	return map[string]any{"ok": false, "code": code, "error": say}
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
