package slacktest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Call is one request to the Web API, as a test may look it up afterwards.
type Call struct {
	Method string
	Args   map[string]any // without the token; JSON strings in forms are decoded
	Answer map[string]any
	Status int
	Team   string
	At     time.Time
	Took   time.Duration
}

// call is a request on its way through a method.
type call struct {
	method string
	args   obj
	header http.Header
	tok    *token
	in     *install
	team   *Workspace // where it happens; nil for an organisation install without team_id
}

// trouble is an ok:false answer.
type trouble struct {
	code     string
	messages []string // response_metadata.messages
	extra    obj
	status   int // default 200
	after    int // Retry-After
}

func refuse(code string) *trouble { return &trouble{code: code} }

// access says which kind of token a method wants.
type access int

const (
	byBot access = iota
	byApp
	byNobody
)

type method struct {
	run    func(*Server, *call) (obj, *trouble)
	scopes []string // any one of them suffices; none means any token
	tier   int      // calls a minute; 0 means no limit of its own
	access access
	team   bool // organisation tokens must name a team_id
}

// decoded are the arguments that travel as JSON inside forms.
var decoded = []string{"blocks", "attachments", "view", "metadata", "files", "unfurls", "event_payload"}

const maxBody = 4 << 20

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	name := r.PathValue("method")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return
	}
	c := &call{method: name, header: r.Header}
	var t *trouble
	c.args, t = readArgs(r, body)
	hit := s.injected(name, c.args)
	if hit != nil {
		if hit.Delay > 0 {
			select {
			case <-time.After(hit.Delay):
			case <-s.ctx.Done():
			}
		}
		if !hit.After && s.playInjection(w, hit) {
			s.record(c, nil, hit.Status, began)
			return
		}
	}
	s.mu.Lock()
	var answer obj
	if t == nil {
		answer, t = s.answer(c, r)
	}
	if t != nil {
		answer = s.refuseCall(c, t)
	} else {
		answer["ok"] = true
	}
	s.mu.Unlock()
	status := http.StatusOK
	if t != nil && t.status != 0 {
		status = t.status
	}
	s.record(c, answer, status, began)
	if hit != nil && s.playInjection(w, hit) {
		return
	}
	if t != nil && t.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(t.after))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(marshal(answer))
}

// answer finds the method, the token and the limits, and runs it. The lock is held.
func (s *Server) answer(c *call, r *http.Request) (obj, *trouble) {
	m, known := methods[c.method]
	if !known {
		return nil, &trouble{code: "unknown_method", extra: obj{"req_method": c.method}}
	}
	if t := s.authorize(c, m, r); t != nil {
		return nil, t
	}
	if t := s.limit(c, m); t != nil {
		return nil, t
	}
	return m.run(s, c)
}

func (s *Server) refuseCall(c *call, t *trouble) obj {
	answer := obj{"ok": false, "error": t.code}
	if len(t.messages) > 0 {
		var long []any
		for _, m := range t.messages {
			long = append(long, "[ERROR] "+m)
		}
		answer["errors"] = anys(t.messages)
		answer["response_metadata"] = obj{"messages": long}
	}
	for k, v := range t.extra {
		answer[k] = v
	}
	detail := t.code
	if len(t.messages) > 0 {
		detail = strings.Join(t.messages, "; ")
	}
	if about := c.str("channel"); about != "" {
		detail += " (channel " + about + ")"
	}
	about := c.str("channel") + c.str("user") + c.str("email") + c.str("view_id")
	if c.tok == nil || !s.firstWarning(c.tok, t.code) {
		s.refusal(t.code, c.method, about, detail)
	}
	return answer
}

// firstWarning grants a second in which calls already under way may meet an ended token.
func (s *Server) firstWarning(t *token, code string) bool {
	if code != "token_revoked" && code != "token_expired" && code != "account_inactive" {
		return false
	}
	if t.warnedAt.IsZero() {
		t.warnedAt = time.Now()
	}
	return time.Since(t.warnedAt) < time.Second
}

func (s *Server) record(c *call, answer obj, status int, began time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := Call{Method: c.method, Args: c.args, Answer: answer, Status: status, At: began, Took: time.Since(began)}
	if c.team != nil {
		one.Team = c.team.ID
	}
	if len(s.calls) >= 20_000 {
		s.calls = append(s.calls[:0], s.calls[10_000:]...)
	}
	s.calls = append(s.calls, one)
	s.wake()
}

// Calls are the API calls so far, of one method or, with "", of all.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// readArgs reads JSON, form, multipart and query arguments into one object.
func readArgs(r *http.Request, body []byte) (obj, *trouble) {
	args := obj{}
	for k, v := range r.URL.Query() {
		args[k] = v[0]
	}
	delete(args, "token") // tokens in URLs are not accepted since 2021
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0 && kind == "application/json":
		return args, refuse("invalid_json")
	case len(body) == 0:
	case kind == "application/json":
		var in obj
		if json.Unmarshal(body, &in) != nil {
			return args, refuse("invalid_json")
		}
		for k, v := range in {
			args[k] = v
		}
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return args, refuse("invalid_form_data")
		}
		for k, v := range form {
			args[k] = v[0]
		}
	case kind == "multipart/form-data":
		if err := readMultipart(args, body, params["boundary"]); err != nil {
			return args, refuse("invalid_form_data")
		}
	default:
		return args, refuse("invalid_post_type")
	}
	for _, k := range decoded {
		raw, isText := args[k].(string)
		if !isText {
			continue
		}
		var v any
		if json.Unmarshal([]byte(raw), &v) == nil {
			args[k] = v
		}
	}
	return args, nil
}

func (c *call) str(key string) string {
	switch v := c.args[key].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func (c *call) has(key string) bool { _, there := c.args[key]; return there }

func (c *call) flag(key string) bool {
	switch v := c.args[key].(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1"
	}
	return false
}

// ids reads a list that may come as JSON or as "A,B".
func (c *call) ids(key string) []string {
	if l := list(c.args[key]); l != nil {
		return stringsOf(l)
	}
	text := c.str(key)
	if strings.HasPrefix(text, "[") {
		var l []string
		if json.Unmarshal([]byte(text), &l) == nil {
			return l
		}
	}
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
