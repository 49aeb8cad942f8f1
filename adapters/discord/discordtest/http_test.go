package discordtest_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport/adapters/discord/discordtest"
)

// endpoint is an interactions URL that verifies (or not) and answers.
func endpoint(t *testing.T, key string, verify bool, answer func(in object, w http.ResponseWriter)) string {
	t.Helper()
	public, _ := hex.DecodeString(key)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sig, err := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		signed := append([]byte(r.Header.Get("X-Signature-Timestamp")), body...)
		if verify && (err != nil || len(sig) != ed25519.SignatureSize || !ed25519.Verify(public, signed, sig)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var in object
		json.Unmarshal(body, &in)
		if in["type"] == float64(1) {
			writeJSON(w, object{"type": 1})
			return
		}
		answer(in, w)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// talk is one conversation, whatever carries the interactions. It is given a
// world whose app answers with reactTo.
func talk(t *testing.T, d *discordtest.Server, g *discordtest.Guild, general *discordtest.Channel) string {
	t.Helper()
	ada, bob := g.Member("Ada"), g.Member("Bob")
	ada.Slash(general, "move", map[string]any{"candidate": "Grace"})
	ada.Fill(map[string]any{"Stage": "Onsite"})
	ada.SubmitModal().Reply()
	ada.Press("Undo").Reply()
	ada.DM("thanks")
	return ada.Visible(general).String() + "--\n" + bob.Visible(general).String()
}

// reactTo is a small app: a modal for the command, a card for the form, an
// update for the button.
func reactTo(in object) object {
	switch in["type"] {
	case float64(2):
		return modalOf(label("Stage", input("stage")))
	case float64(5):
		return object{"type": 4, "data": object{"content": "Moved", "flags": 64, "components": []any{row(button("Undo", "undo"))}}}
	}
	return object{"type": 7, "data": object{"content": "Taken back", "components": []any{}}}
}

func TestOneConversationOnBothTransports(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, transport := range []string{"gateway", "http"} {
		d := discordtest.New(t, discordtest.Options{Strict: true})
		g := d.Guild("Acme")
		general := g.Text("general")
		w := newWire(t, d)
		w.call("PUT", "/applications/"+d.App().ID+"/commands", []any{slash("move", option(3, "candidate"))}).must(t)
		gate, _ := w.connect(plainIntents)
		overGateway := 0
		w.serve(gate, func(in object) { overGateway++; w.answer(in, reactTo(in)) })
		if transport == "http" {
			url := endpoint(t, d.App().PublicKey, true, func(in object, w http.ResponseWriter) { writeJSON(w, reactTo(in)) })
			d.App(discordtest.AppConfig{InteractionsURL: url})
		}
		seen[transport] = talk(t, d, g, general)
		if transport == "http" && overGateway > 0 {
			t.Error("with an interactions URL nothing comes over the gateway")
		}
	}
	if seen["gateway"] != seen["http"] || !strings.Contains(seen["http"], "Taken back (edited)") || strings.Contains(strings.SplitN(seen["http"], "--", 2)[1], "Taken") {
		t.Fatalf("over the gateway:\n%s\nover HTTP:\n%s", seen["gateway"], seen["http"])
	}
}

func TestEndpointsThatDiscordWouldNotSave(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		url  func(d *discordtest.Server) string
		want string
	}{
		"takes every signature": {func(d *discordtest.Server) string { return endpoint(t, d.App().PublicKey, false, nil) }, "instead of 401"},
		"wrong key":             {func(d *discordtest.Server) string { return endpoint(t, strings.Repeat("ab", 32), true, nil) }, "PING: answered 401"},
		"not there":             {func(*discordtest.Server) string { return "http://127.0.0.1:1/" }, "PING"},
		"text instead of JSON": {func(*discordtest.Server) string {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"type":1}`) }))
			t.Cleanup(srv.Close)
			return srv.URL
		}, "text/plain"},
	} {
		d := discordtest.New(t, discordtest.Options{})
		err := d.App().SetInteractionsURL(c.url(d))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(d.Faults()) == 0 {
			t.Errorf("%s: %v, faults %v", name, err, d.Faults())
		}
	}
	d := discordtest.New(t, discordtest.Options{})
	w := newWire(t, d)
	if r := w.call("PATCH", "/applications/@me", object{"interactions_endpoint_url": "http://127.0.0.1:1/"}); r.code != 50035 {
		t.Errorf("over the API: %s", r)
	}
	w.call("PATCH", "/applications/@me", object{"interactions_endpoint_url": endpoint(t, d.App().PublicKey, true, nil)}).must(t)
}

func TestBadAnswersOverHTTP(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(in object, w http.ResponseWriter)
		kind   discordtest.Kind
		code   int
		part   string
	}{
		"status 500":         {func(_ object, w http.ResponseWriter) { w.WriteHeader(500) }, discordtest.Broken, 0, "answered 500"},
		"not JSON":           {func(_ object, w http.ResponseWriter) { io.WriteString(w, "ok") }, discordtest.Refused, 0, "Content-Type"},
		"content over 2000":  {func(_ object, w http.ResponseWriter) { writeJSON(w, object{"type": 4, "data": content(text(2001))}) }, discordtest.Refused, 50035, "content"},
		"update of nothing":  {func(_ object, w http.ResponseWriter) { writeJSON(w, object{"type": 7, "data": content("x")}) }, discordtest.Refused, 50035, "type"},
		"200 without a body": {func(_ object, w http.ResponseWriter) { w.Header().Set("Content-Type", "application/json") }, discordtest.Refused, 50109, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t, discordtest.Options{})
			g := d.Guild("Acme")
			general, ada := g.Text("general"), g.Member("Ada")
			newWire(t, d).call("PUT", "/applications/"+d.App().ID+"/commands", []any{slash("help")}).must(t)
			d.App(discordtest.AppConfig{InteractionsURL: endpoint(t, d.App().PublicKey, true, c.answer)})
			go func() {
				d.Await("the fault", func() bool { return len(d.Faults()) > 0 })
				d.Advance(answerTime)
			}()
			if x := ada.Slash(general, "help", nil); x.Failed() == "" {
				t.Error("the client shows no failure")
			}
			if !find(d.Faults(), c.kind, c.code, c.part) {
				t.Fatalf("faults: %v", d.Faults())
			}
		})
	}
}

func TestAcceptedAndAnsweredByCallback(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	g := d.Guild("Acme")
	general, ada := g.Text("general"), g.Member("Ada")
	w := newWire(t, d)
	w.call("PUT", "/applications/"+d.App().ID+"/commands", []any{slash("help")}).must(t)
	d.App(discordtest.AppConfig{InteractionsURL: endpoint(t, d.App().PublicKey, true, func(in object, rw http.ResponseWriter) {
		rw.WriteHeader(http.StatusAccepted)
		go w.answer(in, object{"type": 4, "data": content("later")})
	})})
	if got := ada.Slash(general, "help", nil).Text(); got != "later" {
		t.Fatalf("%q", got)
	}
	if err := d.App().ProbeSignatures(); err != nil {
		t.Fatal(err)
	}
}
