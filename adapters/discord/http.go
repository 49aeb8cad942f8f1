package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"rapport/bot"
)

const (
	maxBody = 64 << 10
	// maxAge of a signed request: shorter than the kernel remembers event ids, so
	// that a recorded request cannot be played again.
	maxAge = 24 * time.Hour
)

// Handler serves POST /discord/interactions. It answers 503 while Listen does not run.
func (n *Network) Handler() http.Handler { return http.HandlerFunc(n.serve) }

func (n *Network) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	l := n.listen.Load()
	if l == nil || n.key == nil {
		http.Error(w, "not listening", http.StatusServiceUnavailable)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			n.count("discord.too_large")
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	if !discordgo.VerifyInteraction(r, n.key) || n.stale(r.Header.Get("X-Signature-Timestamp")) {
		n.count("discord.bad_signature")
		http.Error(w, "invalid request signature", http.StatusUnauthorized)
		return
	}
	in, ev, err := decode(raw, n.names.Load(), n.world.self(), n.now())
	if err != nil {
		n.count("discord.malformed")
		http.Error(w, "malformed interaction", http.StatusBadRequest)
		return
	}
	if in.Kind == kindPing {
		_ = writeJSON(w, callback{Kind: cbPong}) // Discord asks again
		return
	}
	a := &httpAnswer{w: w, gone: r.Context(), at: time.Now()}
	t := n.turn(in, nil)
	a.rest = t.post
	t.first = func(ctx context.Context, c callback) error {
		defer func() { t.settled = time.Now().Add(settling) }()
		return a.write(ctx, c)
	}
	ev.Turn = t
	if n.hand(l, ev) != nil {
		t.sorry(l.ctx) //nolint:contextcheck // as in hand, the work outlives the request
	}
	a.close()
}

func (n *Network) stale(stamp string) bool {
	sec, err := strconv.ParseInt(stamp, 10, 64)
	age := n.now().Sub(time.Unix(sec, 0))
	return err == nil && (age > maxAge || age < -5*time.Minute)
}

// hand gives an event to the kernel; a panic there is an error here. The work goes
// on when the request that brought it is over.
func (n *Network) hand(l *listening, ev bot.Event) (err error) {
	l.work.Add(1)
	defer l.work.Add(-1)
	defer func() {
		if p := recover(); p != nil {
			n.count("discord.panic")
			n.log.ErrorContext(l.ctx, "event failed", "event", ev.ID, "panic", p)
			err = errors.New("panic while handling the event")
		}
	}()
	return l.receive(l.ctx, ev)
}

// httpAnswer is the response to the request that brought an interaction. The first
// answer goes into it whole and at once, though the handler may still be working.
type httpAnswer struct {
	mu   sync.Mutex
	w    http.ResponseWriter
	gone context.Context // ends when Discord hung up
	rest func(context.Context, callback) error
	used bool
	over bool
	at   time.Time // when the request came
}

// laggard is an answer so late that the work behind it may go on after it.
const laggard = time.Second

func (a *httpAnswer) write(ctx context.Context, c callback) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return a.rest(ctx, c) // the request was answered with 202
	}
	if a.used {
		return &refusal{Status: http.StatusBadRequest, Code: codeUsed, Text: "answered already"}
	}
	if a.gone.Err() != nil {
		return errLate(a.gone.Err())
	}
	a.used = true
	if time.Since(a.at) > laggard { // the connection would have to wait for that work
		a.w.Header().Set("Connection", "close")
	}
	return writeJSON(a.w, c)
}

// close ends the request; what is not answered by now can still be, over REST.
func (a *httpAnswer) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.over = true
	if !a.used {
		a.w.WriteHeader(http.StatusAccepted)
	}
}

func writeJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	if _, err := w.Write(b); err != nil {
		return errLate(err)
	}
	if err := http.NewResponseController(w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errLate(err)
	}
	return nil
}
