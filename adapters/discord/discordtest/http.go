package discordtest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// request is one REST call, decoded.
type request struct {
	s     *Server
	http  *http.Request
	route *route
	vars  map[string]string
	raw   []byte
	body  any
	files map[string]upload
}

func (r *request) where() string { return r.http.Method + " " + r.http.URL.Path }

func (r *request) obj() obj { o, _ := r.body.(obj); return o }

func (r *request) query(name string) string { return r.http.URL.Query().Get(name) }

// Call is one REST call as it arrived, for tests that look at the wire.
type Call struct {
	Method, Path string
	Query        string
	Body         string // JSON; the payload_json of a multipart body
	Status       int    // 0 while it is being answered, or the connection was cut
	Code         int
	At           time.Time
}

// Calls lists the REST calls so far. CountCalls picks some of them.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// CountCalls counts the answered calls with a method whose path, below the
// version, starts so: CountCalls("PUT", "/applications/").
func (s *Server) CountCalls(method, prefix string) int {
	n := 0
	for _, c := range s.Calls() {
		if c.Method == method && strings.HasPrefix(c.Path, prefix) {
			n++
		}
	}
	return n
}

var (
	agentForm = regexp.MustCompile(`^DiscordBot \(\S+, [^)]+\)`)
	apiPath   = regexp.MustCompile(`^/api(?:/v(\d+))?(/.*)$`)
)

// serveAPI answers one REST call: the edge first (ban, version, agent), then
// the route, who calls, how often, the body, and at last the handler.
func (s *Server) serveAPI(w http.ResponseWriter, hr *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(hr.Body, 32<<20))
	if err != nil {
		return
	}
	m := apiPath.FindStringSubmatch(hr.URL.Path)
	path := hr.URL.Path
	if m != nil {
		path = m[2]
	}
	s.mu.Lock()
	at := len(s.calls)
	s.calls = append(s.calls, Call{Method: hr.Method, Path: path, Query: hr.URL.RawQuery, At: s.now()})
	broken := s.breakage(hr.Method, path)
	s.mu.Unlock()
	if broken != nil && broken.before(w) {
		s.mu.Lock()
		s.calls[at].Status = broken.Status
		s.invalidCall(broken.Status, broken.scope())
		s.signal()
		s.mu.Unlock()
		return
	}
	status, body, head, code := s.answer(hr, raw, m, at)
	s.mu.Lock()
	s.calls[at].Status, s.calls[at].Code = status, code
	s.invalidCall(status, head.Get("X-RateLimit-Scope"))
	s.signal()
	s.mu.Unlock()
	if broken != nil && broken.LoseReply {
		hijackAndCut(w)
		return
	}
	write(w, status, body, head)
}

func write(w http.ResponseWriter, status int, body any, head http.Header) {
	for k, v := range head {
		w.Header()[k] = v
	}
	switch b := body.(type) {
	case nil:
		w.WriteHeader(status)
	case string: // the edge speaks HTML
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		w.WriteHeader(status)
		io.WriteString(w, b)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(b)
	}
}

func (s *Server) answer(hr *http.Request, raw []byte, m []string, at int) (int, any, http.Header, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	head := http.Header{}
	if s.limits.banned && len(s.recentInvalid(s.now())) >= s.opt.BanAfter {
		head.Set("Retry-After", "600")
		return 429, "<html><title>Access denied</title>error code: 1015</html>", head, 1015
	}
	r := &request{s: s, http: hr, raw: raw}
	refuse := func(e *apiError) (int, any, http.Header, int) {
		s.refused(r, e)
		return e.status, e.body(), head, e.code
	}
	if m == nil {
		return refuse(errNotFound())
	}
	if v := m[1]; v != "10" && !(v == "9" && s.opt.Nine) && !(v == "" && strings.HasPrefix(m[2], "/webhooks/")) {
		return refuse(refusal(400, 50041, "Invalid API version provided."))
	}
	if !agentForm.MatchString(hr.UserAgent()) {
		return refuse(errAgent())
	}
	var e *apiError
	if r.route, r.vars, e = findRoute(hr.Method, m[2]); e != nil {
		return refuse(e)
	}
	if !r.route.open && !s.authorized(hr) {
		return refuse(errUnauthorized())
	}
	limited, e := s.admit(r)
	head = limited
	if e != nil {
		return refuse(e)
	}
	if e := r.decode(); e != nil {
		return refuse(e)
	}
	s.calls[at].Body = string(r.raw)
	if e := r.validate(); e != nil {
		return refuse(e)
	}
	status, body, e := r.route.handle(r)
	if e != nil {
		if e.status == 429 && e.extra != nil {
			head.Set("Retry-After", itoa(integer(e.extra, "retry_after", 1)+1))
		}
		return refuse(e)
	}
	if body == nil && status == 200 {
		status = 204
	}
	return status, body, head, 0
}

// refused writes a refusal down as a fault.
func (s *Server) refused(r *request, e *apiError) {
	f := Fault{Kind: e.kind, Code: e.code, Status: e.status, Where: r.where(), Text: e.message}
	if f.Kind == "" {
		f.Kind = Refused
	}
	if e.form != nil {
		f.Errors = compact(e.form.tree())
	}
	s.note(f)
	if e.status == 401 && !isOpen(r) {
		s.app.unauthorized++
		if s.app.unauthorized == 5 {
			s.broken(r.where(), "goes on calling with a token that was refused four times")
		}
	}
}

func isOpen(r *request) bool { return r.route != nil && r.route.open }

func (s *Server) authorized(hr *http.Request) bool {
	ok := hr.Header.Get("Authorization") == "Bot "+s.app.Token
	if ok {
		s.app.unauthorized = 0
	}
	return ok
}

// decode reads the body: JSON, or multipart with payload_json and files.
func (r *request) decode() *apiError {
	kind := r.http.Header.Get("Content-Type")
	media, params, _ := mime.ParseMediaType(kind)
	if media == "multipart/form-data" {
		return r.decodeMultipart(params["boundary"])
	}
	if len(r.raw) == 0 {
		if r.route.needsBody() || kind == "application/json" && r.http.Method != "GET" && r.http.Method != "DELETE" {
			return errBadJSON()
		}
		return nil
	}
	if media != "application/json" {
		if r.http.Method == "GET" || r.http.Method == "DELETE" {
			return nil
		}
		return errBadJSON()
	}
	return r.decodeJSON(r.raw)
}

func (r *request) decodeJSON(raw []byte) *apiError {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	if err := d.Decode(&r.body); err != nil {
		return errBadJSON()
	}
	if _, err := d.Token(); err != io.EOF {
		return errBadJSON()
	}
	return nil
}

// validate holds the body against Discord's schema of the route.
func (r *request) validate() *apiError {
	var f form
	if r.body != nil {
		loadSchemas().check("request "+r.route.method+" "+r.route.pattern, r.body, &f)
	}
	for name, v := range r.vars {
		if !strings.HasSuffix(name, "_id") || strings.HasPrefix(v, "@") {
			continue
		}
		if _, err := strconv.ParseUint(v, 10, 64); err != nil {
			f.add(name, "NUMBER_TYPE_COERCE", "Value \""+v+"\" is not snowflake.")
		}
	}
	return f.err()
}
