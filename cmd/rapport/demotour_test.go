package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
	"rapport/store/storetest"
)

// visitor is a browser in the demo.
type visitor struct {
	t    *testing.T
	http *http.Client
	root string
	csrf string
	n    int
}

func visit(t *testing.T, root string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, http: &http.Client{Jar: jar}, root: strings.TrimSuffix(root, "/console/")}
	v.ask("GET", "/console/", nil)
	var me struct{ CSRF string }
	if err := json.Unmarshal([]byte(v.ask("GET", "/console/api/me", nil)), &me); err != nil || me.CSRF == "" {
		t.Fatal(err)
	}
	v.csrf = me.CSRF
	return v
}

func (v *visitor) ask(method, path string, body any) string {
	v.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.root+path, bytes.NewReader(raw))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Origin", v.root)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-CSRF-Token", v.csrf)
	res, err := v.http.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return string(out)
}

// types posts a line and returns the raw answer: a form comes with it.
func (v *visitor) types(line string) string {
	v.n++
	return v.ask("POST", "/console/api/event", map[string]string{"id": fmt.Sprintf("tour-post-%04d", v.n), "kind": "line", "conv": "#recruiting", "text": line})
}

// sees is all that stands in the conversation.
func (v *visitor) sees() string {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", v.root+"/console/api/stream", nil)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Origin", v.root)
	res, err := v.http.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	var all strings.Builder
	buf := make([]byte, 1<<16)
	for !strings.Contains(all.String(), "event: live") {
		n, err := res.Body.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			v.t.Fatalf("%v after %s", err, all.String())
		}
	}
	return all.String()
}

var tourLine = regexp.MustCompile(`/(?:move|board|find|rapport) [^"\\<]+`)

// Every line the tour tells a visitor to type does what the tour says.
func TestTheTourCanBeTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root, stop := demo(t, dir)
	defer stop()
	v := visit(t, root)
	if clocks := v.ask("GET", "/console/api/zone?name=Europe/Berlin", nil); !strings.Contains(clocks, "clocks") {
		t.Fatal(clocks)
	}
	lines := tourLine.FindAllString(v.sees(), -1)
	want := []string{"Moved", "back", `"form":{`, "Mateo Bennett", "Backend Engineer", "Ada Okafor"}
	if len(lines) != len(want) {
		t.Fatalf("the tour has %d lines: %q", len(lines), lines)
	}
	for i, line := range lines {
		old := v.sees()
		said := v.types(line)
		fresh := func() string { // own lines and those of the channel come in turns
			now := said
			for l := range strings.Lines(v.sees()) {
				if !strings.Contains(old, l) {
					now += l
				}
			}
			return now
		}
		for end := time.Now().Add(5 * time.Second); !strings.Contains(fresh(), want[i]) && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond)
		}
		if !strings.Contains(fresh(), want[i]) {
			t.Errorf("%s: no %q in %s", line, want[i], fresh())
		}
	}
	stop()
	inDemo(t, dir, func(ctx context.Context, sc store.Scope) {
		met := 0
		if err := tables.Processes.Each(ctx, sc, func(r store.Row[recruiting.Process]) error {
			for _, i := range r.Val.Interviews {
				if strings.Join(i.With, "") == "m_priya" {
					met++
				}
			}
			return nil
		}); err != nil || met == 0 {
			t.Errorf("Priya met %d people (%v)", met, err)
		}
	})
}

// Where no chat network is connected the start line leads to the console, and the
// first Admin finds there what comes next.
func TestTheFirstAdminOfAConsoleFindsTheNextSteps(t *testing.T) {
	t.Parallel()
	r := serve(t, map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL()})
	code := r.said.find(t, `setup code: (\S+)`, 10*time.Second)
	r.said.find(t, `(Next: open http://\S+/console/)`, 10*time.Second)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, http: &http.Client{Jar: jar}, root: r.url}
	req, err := http.NewRequestWithContext(t.Context(), "POST", r.url+"/console/setup", strings.NewReader(url.Values{"code": {code}, "name": {"Ann"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", r.url)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := v.http.Do(req)
	if err != nil || res.Body.Close() != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
	if said := v.sees(); !strings.Contains(said, "member invite") || !strings.Contains(said, "You are Admin now") || strings.Contains(said, "@bob") {
		t.Error(said)
	}
}
