package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
)

func TestCallsAreRefused(t *testing.T) {
	t.Parallel()
	type world struct {
		*wire
		d             *discordtest.Server
		guild         *discordtest.Guild
		general       *discordtest.Channel
		forum, tagged *discordtest.Channel
		ada           *discordtest.Human
	}
	post := func(w world, c *discordtest.Channel, body any) reply {
		return w.call("POST", "/channels/"+c.ID+"/messages", body)
	}
	dm := func(w world) reply { return w.call("POST", "/users/@me/channels", object{"recipient_id": w.ada.ID()}) }
	cases := []struct {
		name         string
		status, code int
		do           func(w world) reply
	}{
		{"no User-Agent of a bot", 403, 40333, func(w world) reply { w.agent = "Go-http-client/1.1"; return w.call("GET", "/users/@me", nil) }},
		{"wrong token", 401, 0, func(w world) reply { w.token = "nope"; return w.call("GET", "/users/@me", nil) }},
		{"no token", 401, 0, func(w world) reply { w.token = ""; return w.call("GET", "/gateway/bot", nil) }},
		{"unknown path", 404, 0, func(w world) reply { return w.call("GET", "/nothing", nil) }},
		{"wrong method", 405, 0, func(w world) reply { return w.call("PUT", "/users/@me/channels", object{}) }},
		{"old version", 400, 50041, func(w world) reply { return w.raw("GET", "/api/v6/users/@me", "", nil) }},
		{"broken JSON", 400, 50109, func(w world) reply {
			return w.raw("POST", "/api/v10/channels/"+w.general.ID+"/messages", "application/json", strings.NewReader("{"))
		}},
		{"form instead of JSON", 400, 50109, func(w world) reply {
			return w.raw("POST", "/api/v10/channels/"+w.general.ID+"/messages", "application/x-www-form-urlencoded", strings.NewReader("content=x"))
		}},
		{"not a snowflake", 400, 50035, func(w world) reply { return w.call("GET", "/channels/general", nil) }},
		{"unknown channel", 404, 10003, func(w world) reply { return w.call("GET", "/channels/1", nil) }},
		{"unknown message", 404, 10008, func(w world) reply { return w.call("GET", "/channels/"+w.general.ID+"/messages/1", nil) }},
		{"unknown guild", 404, 10004, func(w world) reply { return w.call("GET", "/guilds/1", nil) }},
		{"unknown user", 404, 10013, func(w world) reply { return w.call("GET", "/users/1", nil) }},
		{"unknown webhook", 404, 10015, func(w world) reply { return w.call("POST", "/webhooks/1/x", content("x")) }},
		{"channel not visible", 403, 50001, func(w world) reply {
			w.general.DenyApp(discordtest.ViewChannel)
			return post(w, w.general, content("x"))
		}},
		{"may not send", 403, 50013, func(w world) reply {
			w.general.DenyApp(discordtest.SendMessages)
			return post(w, w.general, content("x"))
		}},
		{"may not send in threads", 403, 50013, func(w world) reply {
			th := w.general.Thread("t")
			w.general.DenyApp(discordtest.SendMessagesInThreads)
			return post(w, th, content("x"))
		}},
		{"locked thread", 403, 50083, func(w world) reply {
			th := w.general.Thread("t")
			th.Archive(true)
			return post(w, th, content("x"))
		}},
		{"plain message to a forum", 400, 50008, func(w world) reply { return post(w, w.forum, content("x")) }},
		{"forum post without a tag", 400, 40067, func(w world) reply {
			return w.call("POST", "/channels/"+w.tagged.ID+"/threads", object{"name": "n", "message": content("x")})
		}},
		{"forum post with an unknown tag", 400, 50035, func(w world) reply {
			return w.call("POST", "/channels/"+w.tagged.ID+"/threads", object{"name": "n", "applied_tags": []any{"1"}, "message": content("x")})
		}},
		{"thread name over 100", 400, 50035, func(w world) reply {
			return w.call("POST", "/channels/"+w.general.ID+"/threads", object{"name": text(101), "type": 11})
		}},
		{"thread archived after an odd time", 400, 50035, func(w world) reply {
			return w.call("POST", "/channels/"+w.general.ID+"/threads", object{"name": "n", "type": 11, "auto_archive_duration": 5})
		}},
		{"second thread on a message", 400, 160004, func(w world) reply {
			p := "/channels/" + w.general.ID + "/messages/" + post(w, w.general, content("x")).str("id") + "/threads"
			w.call("POST", p, object{"name": "n"}).must(t)
			return w.call("POST", p, object{"name": "n"})
		}},
		{"reply without history", 400, 160002, func(w world) reply {
			m := w.ada.Say(w.general, "hi")
			w.general.DenyApp(discordtest.ReadHistory)
			return post(w, w.general, object{"content": "x", "message_reference": object{"message_id": m.ID}})
		}},
		{"edit of another's message", 403, 50005, func(w world) reply {
			m := w.ada.Say(w.general, "hi")
			return w.call("PATCH", "/channels/"+w.general.ID+"/messages/"+m.ID, content("x"))
		}},
		{"delete of another's message", 403, 50013, func(w world) reply {
			m := w.ada.Say(w.general, "hi")
			return w.call("DELETE", "/channels/"+w.general.ID+"/messages/"+m.ID, nil)
		}},
		{"edit to nothing", 400, 50006, func(w world) reply {
			m := post(w, w.general, content("x")).str("id")
			return w.call("PATCH", "/channels/"+w.general.ID+"/messages/"+m, object{"content": ""})
		}},
		{"reaction that is a word", 404, 10014, func(w world) reply {
			m := w.ada.Say(w.general, "hi")
			return w.call("PUT", "/channels/"+w.general.ID+"/messages/"+m.ID+"/reactions/smile/@me", nil)
		}},
		{"DM to a stranger", 400, 50033, func(w world) reply { return w.call("POST", "/users/@me/channels", object{"recipient_id": "1"}) }},
		{"DM twice to closed DMs", 403, 50007, func(w world) reply {
			w.ada.CloseDMs()
			c := dm(w).must(t).str("id")
			if r := w.call("POST", "/channels/"+c+"/messages", content("x")); r.code != 50007 {
				t.Errorf("first: %s", r)
			}
			if f := w.d.Faults(); len(f) != 0 {
				t.Errorf("the first 50007 could not be foreseen, yet: %v", f)
			}
			return w.call("POST", "/channels/"+c+"/messages", content("x"))
		}},
		{"webhook without the right", 403, 50013, func(w world) reply {
			return w.call("POST", "/channels/"+w.general.ID+"/webhooks", object{"name": "relay"})
		}},
		{"webhook named after Discord", 400, 50035, func(w world) reply {
			w.guild.AppMay(discordtest.ManageWebhooks)
			return w.call("POST", "/channels/"+w.general.ID+"/webhooks", object{"name": "DisCord news"})
		}},
		{"sixteenth webhook", 400, 30007, func(w world) reply {
			w.guild.AppMay(discordtest.ManageWebhooks)
			for range 15 {
				w.call("POST", "/channels/"+w.general.ID+"/webhooks", object{"name": "relay"}).must(t)
			}
			return w.call("POST", "/channels/"+w.general.ID+"/webhooks", object{"name": "relay"})
		}},
		{"webhook user name over 80", 400, 50035, func(w world) reply {
			return w.raw("POST", "/"+strings.Replace(w.general.Webhook("x"), "api/", "api/v10/", 1), "application/json", strings.NewReader(`{"content":"x","username":"`+text(81)+`"}`))
		}},
		{"webhook token", 401, 50027, func(w world) reply {
			id := strings.Split(w.general.Webhook("x"), "/")[2]
			return w.call("POST", "/webhooks/"+id+"/nope", content("x"))
		}},
		{"webhook into a forum without a thread", 400, 220001, func(w world) reply {
			return w.raw("POST", "/"+w.forum.Webhook("x"), "application/json", strings.NewReader(`{"content":"x"}`))
		}},
		{"members without the intent", 403, 50001, func(w world) reply { return w.call("GET", "/guilds/"+w.guild.ID+"/members?limit=10", nil) }},
		{"file over 10 MiB", 413, 40005, func(w world) reply {
			return w.upload("POST", "/channels/"+w.general.ID+"/messages", object{}, "big.bin", make([]byte, 10<<20+1))
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t, discordtest.Options{NoLimits: true})
			g := d.Guild("Acme")
			w := world{newWire(t, d), d, g, g.Text("general"), g.Forum("ideas", false), g.Forum("tagged", true, "one"), g.Member("Ada")}
			if r := c.do(w); r.status != c.status || r.code != c.code {
				t.Fatalf("%s, want %d with code %d", r, c.status, c.code)
			}
			if !find(d.Faults(), discordtest.Refused, c.code, "") {
				t.Fatalf("not written down: %v", d.Faults())
			}
		})
	}
}

func TestBucketsAndTheirHeaders(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{})
	guild := d.Guild("Acme")
	one, two := guild.Text("one"), guild.Text("two")
	w := newWire(t, d)
	for i := range 5 {
		r := w.call("POST", "/channels/"+one.ID+"/messages", content("x")).must(t)
		if want := string(rune('4' - i)); r.head.Get("X-RateLimit-Remaining") != want || r.head.Get("X-RateLimit-Limit") != "5" || len(r.head.Get("X-RateLimit-Bucket")) != 32 {
			t.Fatalf("headers of call %d: %v", i, r.head)
		}
	}
	w.call("POST", "/channels/"+two.ID+"/messages", content("x")).must(t)
	r := w.call("POST", "/channels/"+one.ID+"/messages", content("x"))
	after, _ := r.json["retry_after"].(float64)
	if r.status != 429 || after <= 0 || after > 5 || r.json["global"] != false || r.head.Get("X-RateLimit-Scope") != "user" || r.head.Get("Retry-After") != "5" {
		t.Fatalf("%s %v", r, r.head)
	}
	if f := d.Faults(); len(f) != 0 {
		t.Fatalf("the first 429 is no fault: %v", f)
	}
	w.call("POST", "/channels/"+one.ID+"/messages", content("x"))
	if !find(d.Faults(), discordtest.Refused, 0, "before the retry_after") {
		t.Fatalf("calling on is a fault: %v", d.Faults())
	}
	if n := d.InvalidRequests(); n != 2 {
		t.Fatalf("%d invalid requests, want 2", n)
	}
	d.Advance(5 * time.Second)
	w.call("POST", "/channels/"+one.ID+"/messages", content("x")).must(t)
}

func TestGlobalLimitSparesInteractions(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{NoLimits: true})
	w := newWire(t, d)
	var last reply
	for range 60 {
		if last = w.call("GET", "/users/@me", nil); last.status == 429 {
			break
		}
	}
	if last.status != 429 || last.json["global"] != true || last.head.Get("X-RateLimit-Scope") != "global" || last.head.Get("X-RateLimit-Global") != "true" {
		t.Fatalf("%s %v", last, last.head)
	}
	if r := w.call("POST", "/interactions/1/x/callback", object{"type": 5}); r.code != 10062 {
		t.Fatalf("interaction under the global limit: %s", r)
	}
}

func TestTooManyInvalidRequestsBanTheAddress(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{BanAfter: 6})
	w := newWire(t, d)
	w.token = "nope"
	for range 6 {
		w.call("GET", "/users/@me", nil)
	}
	w.token = d.App().Token
	if r := w.call("GET", "/users/@me", nil); r.status != 429 || !strings.Contains(r.body, "1015") || strings.HasPrefix(r.head.Get("Content-Type"), "application/json") {
		t.Fatalf("%s", r)
	}
	if f := d.Faults(); !find(f, discordtest.Refused, 1015, "") || !find(f, discordtest.Broken, 0, "goes on calling") {
		t.Fatalf("faults: %v", f)
	}
}

func TestEnforcedNonceMakesOneMessage(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	guild := d.Guild("Acme")
	general, ada := guild.Text("general"), guild.Member("Ada")
	w := newWire(t, d)
	body := object{"content": "once", "nonce": "k1", "enforce_nonce": true}
	d.Break(discordtest.Breakage{Method: "POST", Path: "/channels/", LoseReply: true})
	if r := w.call("POST", "/channels/"+general.ID+"/messages", body); r.status != 0 {
		t.Fatalf("the answer was not lost: %s", r)
	}
	again := w.call("POST", "/channels/"+general.ID+"/messages", body).must(t)
	if v := ada.Visible(general); len(v.Messages) != 1 || v.Last().ID != again.str("id") {
		t.Fatalf("Ada sees\n%s", v)
	}
	w.call("POST", "/channels/"+general.ID+"/messages", object{"content": "twice", "nonce": "k1"}).must(t)
	if v := ada.Visible(general); len(v.Messages) != 2 {
		t.Fatalf("without enforce_nonce a nonce means nothing:\n%s", v)
	}
}

func TestBreakages(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	w := newWire(t, d)
	for _, status := range []int{500, 502, 503, 504} {
		d.Break(discordtest.Breakage{Status: status})
		if r := w.call("GET", "/users/@me", nil); r.status != status {
			t.Fatalf("%s, want %d", r, status)
		}
	}
	d.Break(discordtest.Breakage{Status: 429, RetryAfter: 1500 * time.Millisecond, Shared: true})
	r := w.call("GET", "/users/@me", nil)
	if r.json["retry_after"] != 1.5 || r.head.Get("Retry-After") != "2" || r.head.Get("X-RateLimit-Scope") != "shared" {
		t.Fatalf("%s %v", r, r.head)
	}
	d.Break(discordtest.Breakage{Cut: true})
	if r := w.call("POST", "/users/@me/channels", object{}); r.status != 0 {
		t.Fatalf("not cut: %s", r)
	}
	w.call("GET", "/users/@me", nil).must(t)
	if d.InvalidRequests() != 0 {
		t.Fatal("a shared 429 counts as invalid")
	}
	d.Break(discordtest.Breakage{Status: 429, RetryAfter: time.Second})
	w.call("GET", "/users/@me", nil)
	if d.InvalidRequests() != 1 {
		t.Fatal("a 429 of its own does not count as invalid")
	}
}

func TestFilesComeBackFromTheCDN(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	guild := d.Guild("Acme")
	general, ada := guild.Text("general"), guild.Member("Ada")
	w := newWire(t, d)
	w.upload("POST", "/channels/"+general.ID+"/messages", object{"content": "chart",
		"embeds": []any{object{"image": object{"url": "attachment://chart.png"}}}, "attachments": []any{object{"id": 0, "filename": "chart.png", "description": "a chart"}}}, "chart.png", []byte("png")).must(t)
	m := ada.Sees(general, "chart")
	if len(m.Files) != 1 || !strings.HasPrefix(m.Files[0].URL, d.URL()+"attachments/") {
		t.Fatalf("files: %+v", m.Files)
	}
	resp, err := lone.Get(m.Files[0].URL)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v %v", resp, err)
	}
}
