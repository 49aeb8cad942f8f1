package discord

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/bot"
)

// signed is a request as Discord sends it.
func signed(key ed25519.PrivateKey, at time.Time, body string) *http.Request {
	stamp := fmt.Sprint(at.Unix())
	r := httptest.NewRequest(http.MethodPost, "/discord/interactions", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(key, []byte(stamp+body))))
	return r
}

func TestHTTPDoor(t *testing.T) {
	t.Parallel()
	public, private, _ := ed25519.GenerateKey(nil)
	_, stranger, _ := ed25519.GenerateKey(nil)
	m := newMemory()
	n, err := New(Config{BotToken: "t", AppID: "1", PublicKey: hex.EncodeToString(public), HTTP: true, APIURL: "http://127.0.0.1:1/"}, m.host())
	if err != nil {
		t.Fatal(err)
	}
	serve := func(r *http.Request) *http.Response {
		w := httptest.NewRecorder()
		n.Handler().ServeHTTP(w, r)
		return w.Result()
	}
	const ping = `{"id":"1","type":1,"token":"t","version":1}`
	if got := serve(signed(private, time.Now(), ping)); got.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("before Listen: %d", got.StatusCode)
	}
	asked := 0
	n.listen.Store(&listening{ctx: t.Context(), end: t.Context(), receive: func(ctx context.Context, ev bot.Event) error {
		asked++
		switch ev.Body.(bot.Asked).Name {
		case "fail":
			return errTest
		case "quiet":
			return nil
		}
		return ev.Turn.Say(ctx, bot.Say("hi"))
	}})
	command := func(name string) string {
		return `{"id":"1","application_id":"1","type":2,"token":"t","context":0,"guild_id":"2","channel_id":"3","member":{"user":{"id":"4","username":"ada"}},"data":{"type":1,"name":"` + name + `"}}`
	}
	bad := signed(private, time.Now(), command("x"))
	bad.Body = io.NopCloser(strings.NewReader(strings.Replace(command("x"), "ada", "eve", 1)))
	none := signed(private, time.Now(), ping)
	none.Header.Del("X-Signature-Ed25519")
	short := signed(private, time.Now(), ping)
	short.Header.Set("X-Signature-Ed25519", "abcd")
	get := signed(private, time.Now(), ping)
	get.Method = http.MethodGet
	for _, c := range []struct {
		name string
		r    *http.Request
		want int
	}{
		{"ping", signed(private, time.Now(), ping), 200},
		{"somebody else's key", signed(stranger, time.Now(), ping), 401},
		{"changed body", bad, 401},
		{"no signature", none, 401},
		{"half a signature", short, 401},
		{"recorded days ago", signed(private, time.Now().Add(-25*time.Hour), command("x")), 401},
		{"too large", signed(private, time.Now(), `{"x":"`+strings.Repeat("a", 70<<10)+`"}`), 413},
		{"not JSON", signed(private, time.Now(), `{"id":`), 400},
		{"no data", signed(private, time.Now(), `{"id":"1","type":2,"token":"t"}`), 400},
		{"unknown type", signed(private, time.Now(), `{"id":"1","type":9,"token":"t","user":{"id":"1"},"data":{}}`), 400},
		{"GET", get, 405},
		{"command", signed(private, time.Now(), command("x")), 200},
		{"not kept: the person is told", signed(private, time.Now(), command("fail")), 200},
		{"nothing to say yet", signed(private, time.Now(), command("quiet")), 202},
	} {
		got := serve(c.r)
		body, _ := io.ReadAll(got.Body)
		if got.StatusCode != c.want {
			t.Errorf("%s: %d %s", c.name, got.StatusCode, body)
		}
		if c.name == "ping" && (string(body) != `{"type":1}` || got.Header.Get("Content-Type") != "application/json") {
			t.Errorf("ping: %s", body)
		}
		if c.want == 401 && bytes.Contains(body, []byte("eve")) {
			t.Error("an answer that repeats what it refused")
		}
	}
	if asked != 3 || m.counted("discord.bad_signature") != 5 || m.counted("discord.malformed") != 3 || m.counted("discord.too_large") != 1 {
		t.Fatalf("asked %d, counted %v", asked, m.counts)
	}
}

func TestDeferredResponseIsWholeBeforeTheWorkEnds(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{})
	r := start(t, setup{http: true, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
		if err := ev.Turn.Ack(ctx, bot.Private); err != nil {
			return err
		}
		<-goOn
		if ctx.Err() != nil {
			t.Error("the work must outlive the request")
		}
		return ev.Turn.Say(ctx, bot.Say("at last"))
	}})
	x := r.ada.Slash(r.general, "help", nil)
	if !x.Deferred() || x.Failed() != "" {
		t.Fatal("not deferred while the work goes on")
	}
	time.Sleep(50 * time.Millisecond)
	close(goOn)
	if got := x.Text(); got != "at last" {
		t.Fatal(got)
	}
	if err := r.d.App().ProbeSignatures(); err != nil {
		t.Fatal(err)
	}
}

// What came too late for Discord reaches the person in their own conversation, without a
// call that could not succeed.
func TestTooLateGoesAnotherWay(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		said := make(chan error, 2)
		var d *discordtest.Server
		r := start(t, setup{http: http, clock: true, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			if ev.Body.(bot.Asked).Name == "help" {
				d.Advance(4 * time.Second) // the fourth second
				said <- ev.Turn.Say(ctx, bot.Say("too late"))
				return nil
			}
			if err := ev.Turn.Ack(ctx, bot.Private); err != nil {
				return err
			}
			time.Sleep(settling) // the fake reads the response before its clock moves
			d.Advance(16 * time.Minute)
			said <- ev.Turn.Say(ctx, bot.Say("far too late"))
			return nil
		}})
		d = r.d
		for words, slash := range map[string]func(){
			"too late":     func() { r.ada.Slash(r.general, "help", nil) },
			"far too late": func() { r.ada.Slash(r.general, "setup", map[string]any{"code": "x"}) },
		} {
			slash()
			if err := <-said; err != nil {
				t.Fatal(err)
			}
			r.ada.Await(r.ada.DMs(), words, func(m discordtest.Message) bool { return m.Text == words })
		}
		for _, f := range r.d.TakeFaults() {
			if f.Kind == discordtest.Refused {
				t.Errorf("%s", f)
			}
		}
	})
}

func TestAnswersToTalkOutliveLimitsAndOutages(t *testing.T) {
	t.Parallel()
	r := start(t, setup{answer: func(ctx context.Context, ev bot.Event) error {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		return ev.Turn.Say(ctx, bot.Say("answer to "+ev.Body.(bot.Said).Text))
	}})
	for words, b := range map[string]discordtest.Breakage{
		"one": {Status: 429, RetryAfter: time.Second}, "two": {Status: 429, RetryAfter: time.Second, Shared: true},
		"three": {Status: 503, Times: 3}, "four": {LoseReply: true},
	} {
		b.Method, b.Path = "POST", "/channels/"
		r.d.Break(b)
		r.ada.DM(words)
		r.ada.Await(r.ada.DMs(), words, func(m discordtest.Message) bool { return m.Text == "answer to "+words })
	}
}

func TestAnotherProcessFinishesTheExchange(t *testing.T) {
	both(t, func(t *testing.T, http bool) {
		handles := make(chan []byte, 1)
		r := start(t, setup{http: http, declare: pipeline(), answer: func(ctx context.Context, ev bot.Event) error {
			handles <- ev.Turn.Handle() // as the kernel does: kept first, then acknowledged
			return ev.Turn.Ack(ctx, bot.Private)
		}})
		x := r.ada.Slash(r.general, "help", nil)
		other := r.network(t, setup{})
		turn, err := other.Resume(<-handles)
		if err != nil {
			t.Fatal(err)
		}
		if http {
			time.Sleep(settling)
		}
		if err := turn.Say(t.Context(), bot.Say("finished elsewhere")); err != nil {
			t.Fatal(err)
		}
		got := r.ada.Sees(r.general, "finished elsewhere")
		if !got.Ephemeral || len(r.ada.Visible(r.general).Messages) != 1 {
			t.Fatalf("%+v", got)
		}
		_ = x
		if _, err := other.Resume([]byte("{}")); err == nil {
			t.Fatal("a handle of nothing")
		}
		// Talk can be answered from elsewhere as well, once.
		r.ada.DM("hello")
		turn, err = other.Resume(<-handles)
		if err != nil {
			t.Fatal(err)
		}
		if err := turn.Say(t.Context(), bot.Say("hello from elsewhere")); err != nil {
			t.Fatal(err)
		}
		again, _ := other.Resume(turn.Handle())
		if err := again.Say(t.Context(), bot.Say("hello from elsewhere")); err != nil {
			t.Fatal(err)
		}
		r.ada.Sees(r.ada.DMs(), "hello from elsewhere")
		if n := len(r.ada.Visible(r.ada.DMs()).Messages); n != 2 {
			t.Fatalf("%d messages", n)
		}
	})
}

func TestSettingsAreOneSentence(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]Config{
		"RAPPORT_DISCORD_BOT_TOKEN":  {},
		"RAPPORT_DISCORD_PUBLIC_KEY": {BotToken: "x", HTTP: true},
		"RAPPORT_DISCORD_APP_ID":     {BotToken: "x", AppID: "my app"},
		"RAPPORT_DISCORD_API_URL":    {BotToken: "x", APIURL: "discord.com"},
	} {
		if _, err := New(c, bot.Host{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	find := func(list []bot.Finding, what string) bot.Finding {
		for _, f := range list {
			if f.What == what {
				return f
			}
		}
		return bot.Finding{Say: "missing"}
	}
	r := start(t, setup{})
	for _, f := range r.n.Check(t.Context()) {
		if !f.OK {
			t.Errorf("%+v", f)
		}
	}
	bare := start(t, setup{opt: discordtest.Options{App: discordtest.AppConfig{Privileged: discordtest.IntentGuildPresences}}})
	list := bare.n.Check(t.Context())
	if f := find(list, "Discord message content"); f.OK || !strings.Contains(f.Say, "Message Content intent is off") {
		t.Errorf("%+v", f)
	}
	if f := find(list, "Discord members"); f.OK {
		t.Errorf("%+v", f)
	}
	// Without the intents it connects all the same, and hears what is said to it.
	bare.ada.DM("hello")
	bare.k.await("hello", saying("hello"))
	bare.ada.Mention(bare.general, "hi")
	bare.k.await("hi", saying("hi"))

	other := r.network(t, setup{config: func(c *Config) {
		c.AppID, c.PublicKey, c.HTTP = "123", strings.Repeat("ab", 32), true
	}})
	other.host.Now = func() time.Time { return time.Now().Add(5 * time.Minute) }
	list = other.Check(t.Context())
	for _, what := range []string{"Discord application", "Discord public key", "Discord interactions", "Discord clock"} {
		if f := find(list, what); f.OK || f.Say == "missing" {
			t.Errorf("%s: %+v", what, f)
		}
	}
}
