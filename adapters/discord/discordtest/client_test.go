package discordtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rapport/adapters/discord/discordtest"
)

// These tests speak the wire themselves, so that they can also say what no
// library would.

type object = map[string]any

// lone shares no connections: a closing httptest.Server ends those of the
// default transport, of other tests too.
var lone = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// wire is a bare app: REST calls and one gateway connection.
type wire struct {
	t     *testing.T
	d     *discordtest.Server
	token string
	agent string
}

func newWire(t *testing.T, d *discordtest.Server) *wire {
	return &wire{t, d, d.App().Token, "DiscordBot (https://rapport.example, 1)"}
}

type reply struct {
	status int
	code   int
	head   http.Header
	body   string
	json   object
}

// error is the code, or the status when there is no code, with its errors.
func (r reply) String() string { return fmt.Sprintf("%d %s", r.status, r.body) }

// call sends JSON (or nothing) below /api/v10.
func (w *wire) call(method, path string, body any) reply {
	w.t.Helper()
	var raw io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		raw = bytes.NewReader(b)
	}
	return w.raw(method, "/api/v10"+path, "application/json", raw)
}

func (w *wire) raw(method, path, contentType string, body io.Reader) reply {
	w.t.Helper()
	req, err := http.NewRequest(method, w.d.URL()+path[1:], body)
	if err != nil {
		w.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("User-Agent", w.agent)
	if w.token != "" {
		req.Header.Set("Authorization", "Bot "+w.token)
	}
	resp, err := lone.Do(req)
	if err != nil {
		return reply{body: err.Error()}
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	r := reply{status: resp.StatusCode, head: resp.Header, body: string(b)}
	if json.Unmarshal(b, &r.json) == nil {
		if c, ok := r.json["code"].(float64); ok {
			r.code = int(c)
		}
	}
	return r
}

// upload sends a multipart body: payload_json and one file.
func (w *wire) upload(method, path string, body any, name string, data []byte) reply {
	w.t.Helper()
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	p, _ := m.CreateFormField("payload_json")
	json.NewEncoder(p).Encode(body)
	p, _ = m.CreateFormFile("files[0]", name)
	p.Write(data)
	m.Close()
	return w.raw(method, "/api/v10"+path, m.FormDataContentType(), &buf)
}

// must fails the test unless the call was taken.
func (r reply) must(t *testing.T) reply {
	t.Helper()
	if r.status < 200 || r.status > 299 {
		t.Fatalf("refused: %s", r)
	}
	return r
}

func (r reply) str(path ...string) string {
	at := any(r.json)
	for _, p := range path {
		o, _ := at.(object)
		at = o[p]
	}
	s, _ := at.(string)
	return s
}

// gate is a gateway connection.
type gate struct {
	t   *testing.T
	ws  *websocket.Conn
	seq int64
}

type packet struct {
	Op int             `json:"op"`
	S  int64           `json:"s"`
	T  string          `json:"t"`
	D  json.RawMessage `json:"d"`
}

func (w *wire) dial(address string) *gate {
	w.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { ws.Close() })
	return &gate{t: w.t, ws: ws}
}

// address is the gateway's, as discovered.
func (w *wire) address() string {
	w.t.Helper()
	return w.call("GET", "/gateway", nil).must(w.t).str("url") + "/?v=10&encoding=json"
}

func (g *gate) send(op int, d any) {
	g.t.Helper()
	if err := g.ws.WriteJSON(object{"op": op, "d": d}); err != nil {
		g.t.Fatal(err)
	}
}

// next reads one packet; code is the close code when there is none.
func (g *gate) next() (p packet, code int) {
	g.t.Helper()
	g.ws.SetReadDeadline(time.Now().Add(5 * time.Second))
	if err := g.ws.ReadJSON(&p); err != nil {
		if ce, ok := errors.AsType[*websocket.CloseError](err); ok {
			return p, ce.Code
		}
		return p, -1
	}
	if p.S > 0 {
		g.seq = p.S
	}
	return p, 0
}

// until reads on to an event and returns its body.
func (g *gate) until(name string) object {
	g.t.Helper()
	for {
		p, code := g.next()
		if code != 0 {
			g.t.Fatalf("closed with %d while waiting for %s", code, name)
		}
		if p.T == name {
			var o object
			json.Unmarshal(p.D, &o)
			return o
		}
	}
}

// closed reads on to the close code.
func (g *gate) closed() int {
	g.t.Helper()
	for {
		if _, code := g.next(); code != 0 {
			return code
		}
	}
}

// answerTime is past the time an app has for its first answer.
const answerTime = 3100 * time.Millisecond

const plainIntents = 1<<0 | 1<<9 | 1<<10 | 1<<12 | 1<<13

func identity(token string, intents int) object {
	return object{"token": token, "intents": intents, "properties": object{"os": "linux", "browser": "wire", "device": "wire"}}
}

// connect identifies and reads READY.
func (w *wire) connect(intents int) (*gate, object) {
	w.t.Helper()
	g := w.dial(w.address())
	if p, _ := g.next(); p.Op != 10 {
		w.t.Fatalf("op %d instead of hello", p.Op)
	}
	g.send(2, identity(w.token, intents))
	return g, g.until("READY")
}

// answer acknowledges an interaction as it came from the gateway.
func (w *wire) answer(in object, body object) reply {
	w.t.Helper()
	return w.call("POST", "/interactions/"+in["id"].(string)+"/"+in["token"].(string)+"/callback", body)
}

// serve answers every interaction of a connection in the background.
func (w *wire) serve(g *gate, how func(in object)) {
	go func() {
		for {
			p, code := g.next()
			if code != 0 {
				return
			}
			if p.T == "INTERACTION_CREATE" {
				var o object
				json.Unmarshal(p.D, &o)
				how(o)
			}
		}
	}()
}

// find returns the fault with a code, if there is one.
func find(faults []discordtest.Fault, kind discordtest.Kind, code int, part string) bool {
	for _, f := range faults {
		if f.Kind == kind && f.Code == code && (part == "" || bytes.Contains([]byte(f.String()), []byte(part))) {
			return true
		}
	}
	return false
}
