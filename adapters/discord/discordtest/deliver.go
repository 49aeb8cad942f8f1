package discordtest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// outbound posts interactions. It never follows a redirect, and shares no
// connections with the program under test.
var outbound = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// sign is the signature Discord puts on a body.
func (a *App) sign(timestamp string, body []byte) string {
	return hex.EncodeToString(ed25519.Sign(a.key, append([]byte(timestamp), body...)))
}

// knock posts a body with the headers given and a three second limit.
func knock(url string, body []byte, signature, timestamp string) (*http.Response, []byte, error) {
	req, err := http.NewRequest("POST", url, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	if signature != "" {
		req.Header.Set("X-Signature-Ed25519", signature)
		req.Header.Set("X-Signature-Timestamp", timestamp)
	}
	client := *outbound
	client.Timeout = answerWithin
	resp, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, 32<<20))
	return resp, reply, err
}

// deliver posts an interaction to the app and takes the answer in the reply.
// A 202 with an empty body means that the app will answer by callback.
func (s *Server) deliver(in *interaction, body obj) {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	timestamp := strconv.FormatInt(s.now().Unix(), 10)
	url := s.app.url
	s.mu.Unlock()
	resp, reply, err := knock(url, raw, s.app.sign(timestamp, raw), timestamp)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	where := "POST " + url
	switch {
	case err != nil:
		s.broken(where, "%s: %v", in.name, err)
		return
	case resp.StatusCode == http.StatusAccepted && len(reply) == 0:
		return
	case resp.StatusCode != http.StatusOK:
		s.broken(where, "%s: answered %d %s", in.name, resp.StatusCode, excerpt(string(reply)))
		return
	}
	if e := s.takeReply(in, resp.Header.Get("Content-Type"), reply); e != nil {
		f := Fault{Kind: Refused, Code: e.code, Status: e.status, Where: where, Text: in.name + ": " + e.message}
		if e.form != nil {
			f.Errors = compact(e.form.tree())
		}
		s.note(f)
	}
}

// takeReply treats the body of an HTTP answer as the callback it stands for.
func (s *Server) takeReply(in *interaction, contentType string, reply []byte) *apiError {
	media, _, _ := mime.ParseMediaType(contentType)
	if media != "application/json" && media != "multipart/form-data" {
		return refusal(0, 0, "Content-Type is "+strconv.Quote(contentType)+", not application/json")
	}
	path := "/api/v10/interactions/" + in.id + "/" + in.token + "/callback"
	hr, err := http.NewRequest("POST", s.base+path, nil)
	if err != nil {
		panic(err)
	}
	hr.Header.Set("Content-Type", contentType)
	rt, vars, _ := findRoute("POST", strings.TrimPrefix(path, "/api/v10"))
	r := &request{s: s, http: hr, route: rt, vars: vars, raw: reply}
	if e := r.decode(); e != nil {
		return e
	}
	if e := r.validate(); e != nil {
		return e
	}
	return r.respond(in)
}

// SetInteractionsURL switches to HTTP interactions, or with "" back to the
// gateway. The endpoint must answer a PING and refuse bad signatures, or an
// error says what it did instead and nothing changes.
func (a *App) SetInteractionsURL(url string) error {
	if url != "" {
		if err := a.verify(url); err != nil {
			return err
		}
	}
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.url = url
	return nil
}

// ProbeSignatures sends the deliberately bad requests that Discord sends now
// and then, and writes down a fault if one is taken.
func (a *App) ProbeSignatures() error {
	a.s.mu.Lock()
	url := a.url
	a.s.mu.Unlock()
	return a.verify(url)
}

func (a *App) verify(url string) error {
	s := a.s
	s.mu.Lock()
	ping := obj{"id": s.newID(), "application_id": a.ID, "type": interPing, "token": random(60), "version": 1,
		"entitlements": []any{}, "authorizing_integration_owners": obj{}, "user": s.userJSON(s.app.user)}
	s.mu.Unlock()
	body, _ := json.Marshal(ping)
	timestamp := strconv.FormatInt(time.Now().Unix(), 10)
	good := a.sign(timestamp, body)
	resp, reply, err := knock(url, body, good, timestamp)
	if err != nil {
		return a.unfit(url, "PING", err.Error())
	}
	var pong struct{ Type int }
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode != 200 || media != "application/json" || json.Unmarshal(reply, &pong) != nil || pong.Type != backPong {
		return a.unfit(url, "PING", fmt.Sprintf("answered %d %s %q", resp.StatusCode, media, excerpt(string(reply))))
	}
	_, stranger, _ := ed25519.GenerateKey(nil)
	later := strconv.FormatInt(time.Now().Unix()+7, 10)
	bad := []struct {
		what, signature, timestamp string
		body                       []byte
	}{
		{"a signature of another key", hex.EncodeToString(ed25519.Sign(stranger, append([]byte(timestamp), body...))), timestamp, body},
		{"a changed body", good, timestamp, append([]byte(" "), body...)},
		{"a changed timestamp", good, later, body},
		{"a signature that is not hex", strings.Repeat("z", 128), timestamp, body},
		{"a short signature", good[:64], timestamp, body},
		{"no signature", "", "", body},
	}
	for _, b := range bad {
		resp, _, err := knock(url, b.body, b.signature, b.timestamp)
		if err != nil {
			return a.unfit(url, b.what, err.Error())
		}
		if resp.StatusCode != http.StatusUnauthorized {
			return a.unfit(url, b.what, fmt.Sprintf("answered %d instead of 401", resp.StatusCode))
		}
	}
	return nil
}

func (a *App) unfit(url, what, why string) error {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.s.note(Fault{Kind: Refused, Where: "POST " + url, Text: "interactions endpoint, " + what + ": " + why})
	return fmt.Errorf("interactions endpoint %s, %s: %s", url, what, why)
}
