package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"rapport/bot"
)

// The library opens the connection and names the frames; the loop is our own. The library's
// acknowledges nothing that its decoder does not know, so Slack repeats it three times; it closes
// the old connection before it opens the next; it does not tell "link_disabled" from a refresh and
// keeps calling a rate-limited method; and it gives up on servers that send no pings.

const (
	socketSilence = 75 * time.Second // no frame and no pong for so long: the connection is dead
	socketPing    = 25 * time.Second
	maxAck        = 20_000 // Slack silently drops acknowledgements of 20 kB and more
	maxFrame      = 4 << 20
	maxInAir      = 1024 // events of sockets being worked on at once
)

// listenSockets keeps the configured number of connections open until ctx ends or Slack refuses
// for good; the error is then a sentence for the operator.
func (s *Slack) listenSockets(ctx context.Context, l *life) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	air := make(chan struct{}, maxInAir)
	var wg sync.WaitGroup
	for i := range s.cfg.SocketConnections {
		wg.Go(func() {
			// opened one after the other: apps.connections.open is among Slack's scarcest calls
			if !pause(ctx, time.Duration(i)*500*time.Millisecond) {
				return
			}
			if err := s.keepSocket(ctx, l, air); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// keepSocket holds one place in the set of connections: when Slack announces the end of one, the
// next is opened before it is gone.
func (s *Slack) keepSocket(ctx context.Context, l *life, air chan struct{}) error {
	var draining sync.WaitGroup
	defer draining.Wait()
	for failures := 0; ; {
		c, err := s.openSocket(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if fatal := socketRefusal(err); fatal != nil {
				return fatal
			}
			failures++
			s.host.Count("slack.socket_failed")
			if !pause(ctx, backoff(failures, err)) {
				return nil
			}
			continue
		}
		c.s, c.life, c.air = s, l, air
		began := time.Now()
		ended := make(chan error, 1)
		draining.Go(func() { ended <- c.read(ctx) })
		select {
		case <-c.leaving: // another one takes over; this one is read to its end
			failures = 0
		case err := <-ended:
			switch {
			case ctx.Err() != nil:
				return nil
			case errors.Is(err, errLinkDisabled):
				return err
			case time.Since(began) > time.Minute:
				failures = 0
			default:
				failures++
			}
			if failures > 1 && !pause(ctx, backoff(failures-1, nil)) {
				return nil
			}
		case <-ctx.Done():
			return nil
		}
	}
}

// backoff grows from a second to a minute; Slack's own wish goes first.
func backoff(failures int, err error) time.Duration {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) && limited.RetryAfter > 0 {
		return limited.RetryAfter
	}
	d := min(time.Second<<min(failures-1, 6), time.Minute)
	return d/2 + rand.N(d/2)
}

var errLinkDisabled = errors.New("Slack has Socket Mode switched off for this app: switch it on in the app's settings, or set RAPPORT_SLACK_SIGNING_SECRET and use HTTP")

// socketRefusal is what the operator has to change, if trying again cannot help.
func socketRefusal(err error) error {
	switch word := code(err); word {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type", "missing_scope", "no_permission":
		return fmt.Errorf("Slack does not accept RAPPORT_SLACK_APP_TOKEN (%s): make an app-level token, xapp-…, with the scope connections:write on the app's page “Basic Information”", word)
	case "socket_mode_not_enabled", "forbidden_team", "link_disabled":
		return errLinkDisabled
	}
	return nil
}

// socket is one open connection.
type socket struct {
	s       *Slack
	life    *life
	ws      *websocket.Conn
	air     chan struct{}
	write   sync.Mutex
	leaving chan struct{} // closed when Slack announces the end
	once    sync.Once
}

func (s *Slack) openSocket(ctx context.Context) (*socket, error) {
	_, address, err := s.api.socket(s.cfg.AppToken).StartSocketModeContext(ctx)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 15 * time.Second, WriteBufferSize: 32 << 10}
	ws, resp, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, errors.New("slack: the socket could not be opened") // the address is a secret
	}
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	ws.SetReadLimit(maxFrame)
	return &socket{ws: ws, leaving: make(chan struct{})}, nil
}

// read reads frames until the connection ends. It never works itself.
func (c *socket) read(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		_ = c.ws.Close()
	})
	defer stop()
	defer c.ws.Close()
	alive := func() { _ = c.ws.SetReadDeadline(time.Now().Add(socketSilence)) }
	alive()
	answerPing := c.ws.PingHandler()
	c.ws.SetPingHandler(func(data string) error { alive(); return answerPing(data) })
	c.ws.SetPongHandler(func(string) error { alive(); return nil })
	done := make(chan struct{})
	defer close(done)
	go c.ping(done)
	for {
		kind, frame, err := c.ws.ReadMessage()
		if err != nil {
			return err
		}
		alive()
		if kind != websocket.TextMessage {
			continue
		}
		var r socketmode.Request
		if json.Unmarshal(frame, &r) != nil {
			c.s.host.Count("slack.malformed")
			continue
		}
		switch r.Type {
		case socketmode.RequestTypeHello:
		case socketmode.RequestTypeDisconnect:
			if r.Reason == "link_disabled" {
				return errLinkDisabled
			}
			c.once.Do(func() { close(c.leaving) })
		default:
			c.take(&r)
		}
	}
}

func (c *socket) ping(done <-chan struct{}) {
	t := time.NewTicker(socketPing)
	defer t.Stop()
	for {
		select {
		case <-done:
			return
		case <-t.C:
			if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(5*time.Second)) != nil {
				return
			}
		}
	}
}

// take starts the work on one envelope. With too many in the air it is left alone: without an
// acknowledgement Slack brings it again.
func (c *socket) take(r *socketmode.Request) {
	if r.EnvelopeID == "" || c.life.closing.Load() {
		return
	}
	select {
	case c.air <- struct{}{}:
	default:
		c.s.host.Count("slack.overload")
		return
	}
	c.s.flights.Add(1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				c.s.host.Count("slack.panic")
				c.s.log.Error("slack: panic in an event", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			}
			c.s.flights.Add(-1)
			<-c.air
		}()
		c.work(r)
	}()
}

// work decodes one envelope and hands it to the kernel.
func (c *socket) work(r *socketmode.Request) {
	s, a := c.s, &socketAnswer{c: c, envelope: r.EnvelopeID, content: r.AcceptsResponsePayload}
	var out decoded
	var err error
	now := s.host.Now()
	switch r.Type {
	case socketmode.RequestTypeSlashCommands:
		cmd, ok := parseSlashJSON(r.Payload)
		if !ok {
			err = errShape
			break
		}
		out.event, out.ex = cmd.event(s.cfg.Command, now, r.Payload)
	case socketmode.RequestTypeInteractive:
		out, err = decodeInteraction(r.Payload, now)
	case socketmode.RequestTypeEventsAPI:
		var e envelope
		if err = json.Unmarshal(r.Payload, &e); err == nil {
			if e.Type == "app_rate_limited" {
				s.host.Count("slack.app_rate_limited")
				break
			}
			out, err = decodeEvent(&e, r.Payload, s.tokens.self(e.install().team), s.cfg.AllTalk)
		}
	}
	if err != nil { // nobody will ever understand it: do not let it come again
		s.host.Count("slack.malformed")
	}
	if err != nil || out.event.Body == nil {
		_ = a.empty(false)
		return
	}
	if err := s.prepare(c.life.ctx, &out); err != nil {
		s.host.Count("slack.not_kept")
		return
	}
	if out.event.Body == nil {
		_ = a.empty(false)
		return
	}
	s.handSocket(c.life, out.event, out.ex, a)
}

func (s *Slack) handSocket(l *life, ev bot.Event, ex exchange, a *socketAnswer) {
	t := &turn{s: s, ex: ex, direct: a}
	if ex.Kind != "" {
		ev.Turn = t
	}
	if err := l.receive(l.ctx, ev); err != nil {
		s.host.Count("slack.not_kept")
		if ex.Kind == "" || ex.Kind == byTalk || ex.Kind == byOpening {
			return // no acknowledgement: Slack brings it again
		}
		t.fail(l.ctx)
		return
	}
	t.finish()
}

// socketAnswer is the acknowledgement of one envelope.
type socketAnswer struct {
	c        *socket
	envelope string
	content  bool // Slack reads a payload in it
}

func (a *socketAnswer) empty(bool) error { return a.send(nil) }

func (a *socketAnswer) body(b []byte, _ bool) error {
	if !a.content || len(b)+len(a.envelope)+64 > maxAck {
		return errTooLarge
	}
	return a.send(b)
}

func (a *socketAnswer) send(payload []byte) error {
	frame := make([]byte, 0, len(payload)+len(a.envelope)+48)
	frame = append(frame, `{"envelope_id":`...)
	frame = appendString(frame, a.envelope)
	if payload != nil {
		frame = append(frame, `,"payload":`...)
		frame = append(frame, payload...)
	}
	frame = append(frame, '}')
	a.c.write.Lock()
	defer a.c.write.Unlock()
	_ = a.c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
	if err := a.c.ws.WriteMessage(websocket.TextMessage, frame); err != nil {
		// The connection is gone and Slack will bring the envelope again; the kernel knows it by then.
		return &bot.Fault{Kind: bot.Unavailable, Say: "The connection to Slack was lost.", Err: err}
	}
	return nil
}
