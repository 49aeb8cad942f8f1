package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// testApp is a small app to try the server with: one function answers everything.
type testApp struct {
	t      *testing.T
	s      *Server
	srv    *httptest.Server
	mu     sync.Mutex
	answer func(kind string, p obj) any // what the acknowledgement carries; nil for nothing
	token  string
}

// httpApp runs an app behind signed HTTP.
func httpApp(t *testing.T, s *Server, answer func(kind string, p obj) any) *testApp {
	a := &testApp{t: t, s: s, answer: answer, token: s.Workspace().Token()}
	a.srv = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.srv.Close)
	s.App(AppConfig{CommandsURL: a.srv.URL + "/commands", InteractivityURL: a.srv.URL + "/interactivity", EventsURL: a.srv.URL + "/events"})
	return a
}

type raw struct { // an answer that the app gives byte for byte
	status int
	kind   string
	body   string
}

func (a *testApp) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var at int64
	fmt.Sscan(r.Header.Get("X-Slack-Request-Timestamp"), &at)
	age := time.Since(time.Unix(at, 0))
	if age > 5*time.Minute || age < -5*time.Minute || Sign(a.s.SigningSecret(), time.Unix(at, 0), body) != r.Header.Get("X-Slack-Signature") {
		http.Error(w, "bad signature", http.StatusUnauthorized)
		return
	}
	kind, p := strings.TrimPrefix(r.URL.Path, "/"), obj{}
	if kind == "events" {
		_ = json.Unmarshal(body, &p)
	} else {
		form, _ := url.ParseQuery(string(body))
		if kind == "interactivity" {
			_ = json.Unmarshal([]byte(form.Get("payload")), &p)
		} else {
			for k, v := range form {
				p[k] = v[0]
			}
		}
	}
	if n := r.Header.Get("X-Slack-Retry-Num"); n != "" {
		p["retry_num"], p["retry_reason"] = n, r.Header.Get("X-Slack-Retry-Reason")
	}
	switch out := a.answerTo(kind, p).(type) {
	case nil:
	case raw:
		w.Header().Set("Content-Type", out.kind)
		w.WriteHeader(out.status)
		_, _ = io.WriteString(w, out.body)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(marshal(out))
	}
}

func (a *testApp) answerTo(kind string, p obj) any {
	a.mu.Lock()
	f := a.answer
	a.mu.Unlock()
	return f(kind, p)
}

func (a *testApp) set(f func(kind string, p obj) any) { a.mu.Lock(); a.answer = f; a.mu.Unlock() }

// socketApp runs the same app over Socket Mode.
func socketApp(t *testing.T, s *Server, answer func(kind string, p obj) any) *testApp {
	a := &testApp{t: t, s: s, answer: answer, token: s.Workspace().Token()}
	s.App(AppConfig{Socket: true})
	a.connect()
	return a
}

func (a *testApp) connect() *websocket.Conn {
	a.t.Helper()
	got := a.callAs(a.s.AppToken(), "apps.connections.open", nil)
	if got["ok"] != true {
		a.t.Fatalf("apps.connections.open: %v", got)
	}
	ws, _, err := websocket.DefaultDialer.Dial(str(got["url"]), nil)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { ws.Close() })
	ready := make(chan bool, 1)
	go a.listen(ws, ready)
	if !<-ready {
		a.t.Fatal("no hello")
	}
	return ws
}

var kinds = map[string]string{"slash_commands": "commands", "interactive": "interactivity", "events_api": "events"}

func (a *testApp) listen(ws *websocket.Conn, ready chan bool) {
	var write sync.Mutex
	for {
		var e obj
		if ws.ReadJSON(&e) != nil {
			select {
			case ready <- false:
			default:
			}
			return
		}
		switch str(e["type"]) {
		case "hello":
			ready <- true
		case "disconnect":
		default:
			go func() {
				p := object(e["payload"])
				p["retry_attempt"] = e["retry_attempt"]
				out := a.answerTo(kinds[str(e["type"])], p)
				ack := obj{"envelope_id": e["envelope_id"]}
				if r, isRaw := out.(raw); isRaw {
					if r.body == "" {
						return // no acknowledgement
					}
					out = json.RawMessage(r.body)
				}
				if out != nil {
					ack["payload"] = out
				}
				write.Lock()
				defer write.Unlock()
				_ = ws.WriteJSON(ack)
			}()
		}
	}
}

// call uses the Web API with the bot token, as JSON.
func (a *testApp) call(method string, args obj) obj { return a.callAs(a.token, method, args) }

func (a *testApp) callAs(token, method string, args obj) obj {
	req, _ := http.NewRequest("POST", a.s.APIURL()+method, bytes.NewReader(marshal(args)))
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	return a.do(req)
}

// form uses the Web API with a form. A token in the form is sent in place of the header's.
func (a *testApp) form(method string, values url.Values) obj {
	req, _ := http.NewRequest("POST", a.s.APIURL()+method, strings.NewReader(values.Encode()))
	if !values.Has("token") {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.do(req)
}

func (a *testApp) do(req *http.Request) obj {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return obj{"error": err.Error()}
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	var out obj
	if json.Unmarshal(body, &out) != nil {
		out = obj{"text": string(body)}
	}
	out["status"] = res.StatusCode
	out["retry_after"] = res.Header.Get("Retry-After")
	return out
}

// reply posts to a response_url.
func (a *testApp) reply(to any, body obj) obj {
	req, _ := http.NewRequest("POST", str(to), bytes.NewReader(marshal(body)))
	req.Header.Set("Content-Type", "application/json")
	return a.do(req)
}

func quiet(string, obj) any { return nil }

func text(s string) obj   { return obj{"type": "plain_text", "text": s} }
func mrkdwn(s string) obj { return obj{"type": "mrkdwn", "text": s} }

func section(s string) obj { return obj{"type": "section", "text": mrkdwn(s)} }

func button(label, action string) obj {
	return obj{"type": "button", "text": text(label), "action_id": action, "value": "v-" + action}
}

func actions(elements ...any) obj {
	return obj{"type": "actions", "block_id": "acts", "elements": elements}
}

func input(block, label string, element obj) obj {
	return obj{"type": "input", "block_id": block, "label": text(label), "element": element}
}

func modal(title string, blocks ...any) obj {
	return obj{"type": "modal", "callback_id": "form", "title": text(title), "submit": text("Save"), "close": text("Cancel"), "blocks": blocks}
}

// world is a server with a person and a channel in which the bot sits.
func world(t *testing.T, o Options) (*Server, *Human) {
	t.Helper()
	if o.Wait == 0 {
		o.Wait = 2 * time.Second
	}
	s := New(t, o)
	sam := s.Workspace().AddUser(User{Name: "sam", RealName: "Sam Rivera", Email: "sam@acme.example", TZ: "Europe/Berlin"})
	s.Workspace().AddChannel(Channel{Name: "hiring", Members: []string{"sam", "app"}})
	return s, sam
}

// need fails unless exactly one fault of the kind was recorded, and takes it away.
func need(t *testing.T, s *Server, kind string) {
	t.Helper()
	s.WaitFor(time.Second, func() bool {
		for _, f := range s.Faults() {
			if f.Kind == kind {
				return true
			}
		}
		return false
	})
	if got := s.TakeFaults(kind); len(got) != 1 {
		t.Errorf("%d faults of kind %s, want 1; the others: %v", len(got), kind, s.Faults())
	}
	s.RequireClean(t)
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
