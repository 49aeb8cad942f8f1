package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"rapport/bot"
)

const maxBody = 64 << 10

// Handler serves POST /slack/commands, /slack/interactivity and /slack/events, and GET
// /slack/install and /slack/oauth. The three doors answer 503 until Listen runs and after it
// ended, 4xx to what Slack did not send; such requests are counted, never logged.
func (s *Slack) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Slack) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/slack/commands":      s.door(s.command),
		"/slack/interactivity": s.door(s.interactivity),
		"/slack/events":        s.door(s.events),
		"/slack/install":       s.install,
		"/slack/oauth":         s.oauth,
	}
}

func (s *Slack) serve(w http.ResponseWriter, r *http.Request) {
	if h := s.paths[r.URL.Path]; h != nil {
		h(w, r)
		return
	}
	http.NotFound(w, r)
}

// delivery is one verified request.
type delivery struct {
	w    http.ResponseWriter
	life *life
	raw  []byte // only valid while the request lasts
	at   time.Time
}

var bodies = sync.Pool{New: func() any { b := make([]byte, 0, 8<<10); return &b }}

// door reads, bounds and verifies a request before handing it on.
func (s *Slack) door(next func(*delivery)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			s.refuse(w, http.StatusMethodNotAllowed, "method")
			return
		}
		l := s.life.Load()
		if l == nil || l.closing.Load() {
			s.refuse(w, http.StatusServiceUnavailable, "not_listening")
			return
		}
		s.flights.Add(1)
		defer s.flights.Add(-1)
		if r.ContentLength > maxBody {
			s.refuse(w, http.StatusRequestEntityTooLarge, "too_large")
			return
		}
		buf := bodies.Get().(*[]byte)
		defer bodies.Put(buf)
		body, err := readAll((*buf)[:0], r.Body, r.ContentLength)
		*buf = body[:0]
		if err != nil {
			s.refuse(w, http.StatusBadRequest, "broken")
			return
		}
		if len(body) > maxBody {
			s.refuse(w, http.StatusRequestEntityTooLarge, "too_large")
			return
		}
		stamp := header(r.Header, "X-Slack-Request-Timestamp")
		if wrong := s.verify.check(stamp, header(r.Header, "X-Slack-Signature"), body, s.host.Now()); wrong != "" {
			s.refuse(w, http.StatusUnauthorized, wrong)
			return
		}
		sec, _ := strconv.ParseInt(stamp, 10, 64)
		next(&delivery{w: w, life: l, raw: body, at: time.Unix(sec, 0).UTC()})
	}
}

func header(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// readAll reads up to one byte more than is allowed.
func readAll(b []byte, r io.Reader, hint int64) ([]byte, error) {
	if hint > int64(cap(b)) && hint <= maxBody {
		b = make([]byte, 0, hint+1)
	}
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):min(cap(b), maxBody+1)])
		b = b[:len(b)+n]
		if err == io.EOF || len(b) > maxBody {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

func (s *Slack) refuse(w http.ResponseWriter, status int, why string) {
	s.host.Count("slack." + why)
	if status == http.StatusRequestEntityTooLarge { // else the server would read on before it answers
		w.Header().Set("Connection", "close")
	}
	http.Error(w, http.StatusText(status), status)
}

// httpAnswer is the response of one request.
type httpAnswer struct {
	w  http.ResponseWriter
	at time.Time // when the request came
}

// laggard is an answer so late that the work behind it may go on after it.
const laggard = time.Second

var (
	zeroLength  = []string{"0"}
	jsonContent = []string{"application/json; charset=utf-8"}
	closeAfter  = []string{"close"}
)

// empty answers 200 without a body. What comes early is sent at once, and ends the
// connection, which would otherwise have to wait for the work behind it.
func (a httpAnswer) empty(early bool) error {
	a.w.Header()["Content-Length"] = zeroLength
	return a.send(nil, early)
}

func (a httpAnswer) body(b []byte, early bool) error {
	h := a.w.Header()
	h["Content-Type"] = jsonContent
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	return a.send(b, early || time.Since(a.at) > laggard)
}

func (a httpAnswer) send(b []byte, early bool) (err error) {
	if early {
		a.w.Header()["Connection"] = closeAfter
	}
	a.w.WriteHeader(http.StatusOK)
	if b != nil {
		_, err = a.w.Write(b)
	}
	if early && err == nil {
		err = http.NewResponseController(a.w).Flush()
	}
	if errors.Is(err, http.ErrNotSupported) {
		err = nil
	}
	return err
}

// exchangeOverHTTP is what one request needs, in one piece of memory.
type exchangeOverHTTP struct {
	turn
	httpAnswer
}

// hand gives an event to the kernel and makes sure that the request is answered.
func (s *Slack) hand(d *delivery, ev bot.Event, ex exchange) {
	x := &exchangeOverHTTP{httpAnswer: httpAnswer{d.w, time.Now()}}
	x.turn.s, x.turn.ex, x.turn.direct = s, ex, &x.httpAnswer
	if ex.Kind != "" {
		ev.Turn = &x.turn
	}
	if err := d.life.receive(d.life.ctx, ev); err != nil {
		s.host.Count("slack.not_kept")
		if ex.Kind == "" || ex.Kind == byTalk || ex.Kind == byOpening {
			if x.turn.take() != nil { // Slack brings it again
				http.Error(d.w, "not now", http.StatusServiceUnavailable)
			}
			return
		}
		x.turn.fail(d.life.ctx)
		return
	}
	x.turn.finish()
}

func (s *Slack) command(d *delivery) {
	c, ok := parseSlash(string(d.raw))
	switch {
	case !ok:
		s.refuse(d.w, http.StatusBadRequest, "malformed")
		return
	case c.SSLCheck != "" && c.Command == "":
		d.w.WriteHeader(http.StatusOK)
		return
	}
	ev, ex := c.event(s.cfg.Command, d.at, d.raw)
	s.hand(d, ev, ex)
}

func (s *Slack) interactivity(d *delivery) {
	payload, ok := field(string(d.raw), "payload")
	if !ok {
		if check, _ := field(string(d.raw), "ssl_check"); check != "" {
			d.w.WriteHeader(http.StatusOK)
			return
		}
		s.refuse(d.w, http.StatusBadRequest, "malformed")
		return
	}
	out, err := decodeInteraction([]byte(payload), s.host.Now())
	if err != nil {
		s.refuse(d.w, http.StatusBadRequest, "malformed")
		return
	}
	s.deliver(d, out)
}

func (s *Slack) events(d *delivery) {
	var e envelope
	if err := json.Unmarshal(d.raw, &e); err != nil {
		s.refuse(d.w, http.StatusBadRequest, "malformed")
		return
	}
	switch e.Type {
	case "url_verification":
		d.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(d.w, e.Challenge)
		return
	case "app_rate_limited":
		s.host.Count("slack.app_rate_limited")
		d.w.WriteHeader(http.StatusOK)
		return
	case "event_callback":
	default:
		s.refuse(d.w, http.StatusBadRequest, "malformed")
		return
	}
	out, err := decodeEvent(&e, d.raw, s.tokens.self(e.install().team), s.cfg.AllTalk)
	if err != nil {
		s.refuse(d.w, http.StatusBadRequest, "malformed")
		return
	}
	s.deliver(d, out)
}

// deliver answers what is of no interest, and hands on the rest.
func (s *Slack) deliver(d *delivery, out decoded) {
	if out.event.Body == nil {
		d.w.WriteHeader(http.StatusOK)
		return
	}
	if err := s.prepare(d.life.ctx, &out); err != nil {
		s.refuse(d.w, http.StatusServiceUnavailable, "not_kept")
		return
	}
	if out.event.Body == nil {
		d.w.WriteHeader(http.StatusOK)
		return
	}
	s.hand(d, out.event, out.ex)
}

// prepare does the adapter's own part of an event: an uninstalled team's tokens go at once. The
// two events that tell of it come in any order, and each may come alone or twice.
func (s *Slack) prepare(ctx context.Context, out *decoded) error {
	if out.event.At.IsZero() {
		out.event.At = s.host.Now()
	}
	if _, gone := out.event.Body.(bot.Uninstalled); !gone {
		return nil
	}
	err := s.tokens.remove(ctx, out.event.Place.Team, out.event.At)
	if errors.Is(err, errOlder) {
		out.event.Body = nil
		return nil
	}
	return err
}
