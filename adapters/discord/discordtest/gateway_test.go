package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
)

func TestGatewayCloses(t *testing.T) {
	t.Parallel()
	hello := func(w *wire, address string) *gate {
		g := w.dial(address)
		g.next()
		return g
	}
	cases := []struct {
		name string
		code int
		opt  discordtest.Options
		do   func(w *wire) *gate
	}{
		{"unknown op", 4001, discordtest.Options{}, func(w *wire) *gate { g, _ := w.connect(plainIntents); g.send(99, nil); return g }},
		{"not JSON", 4002, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.ws.WriteMessage(1, []byte("{"))
			return g
		}},
		{"payload over 4096 bytes", 4002, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.send(1, strings.Repeat("x", 4096))
			return g
		}},
		{"identify without properties", 4002, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.send(2, object{"token": w.token, "intents": 1})
			return g
		}},
		{"event before identify", 4003, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.send(3, object{})
			return g
		}},
		{"wrong token", 4004, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.send(2, identity("nope", 1))
			return g
		}},
		{"identified twice", 4005, discordtest.Options{}, func(w *wire) *gate {
			g, _ := w.connect(plainIntents)
			g.send(2, identity(w.token, 1))
			return g
		}},
		{"resume with a seq not yet sent", 4007, discordtest.Options{}, func(w *wire) *gate {
			g, ready := w.connect(plainIntents)
			g.ws.UnderlyingConn().Close()
			g = hello(w, ready["resume_gateway_url"].(string)+"/?v=10&encoding=json")
			g.send(6, object{"token": w.token, "session_id": ready["session_id"], "seq": 900})
			return g
		}},
		{"121 events in a minute", 4008, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			for range 121 {
				g.send(1, nil)
			}
			return g
		}},
		{"no heartbeat", 4009, discordtest.Options{Heartbeat: 50 * time.Millisecond}, func(w *wire) *gate { g, _ := w.connect(plainIntents); return g }},
		{"shard out of range", 4010, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			id := identity(w.token, 1)
			id["shard"] = []int{2, 2}
			g.send(2, id)
			return g
		}},
		{"sharding required", 4011, discordtest.Options{NeedsShards: 2}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.send(2, identity(w.token, 1))
			return g
		}},
		{"old version", 4012, discordtest.Options{}, func(w *wire) *gate {
			return w.dial(strings.Replace(w.address(), "v=10", "v=6", 1))
		}},
		{"no intents", 4013, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.send(2, object{"token": w.token, "properties": object{"os": "linux"}})
			return g
		}},
		{"unknown intents", 4013, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.send(2, identity(w.token, 1<<30))
			return g
		}},
		{"message content not switched on", 4014, discordtest.Options{}, func(w *wire) *gate {
			g := hello(w, w.address())
			g.send(2, identity(w.token, 1|discordtest.IntentMessageContent))
			return g
		}},
		{"identifies used up", 4004, discordtest.Options{Sessions: discordtest.SessionStart{Total: 1, Remaining: 1}, IdentifyEvery: time.Nanosecond}, func(w *wire) *gate {
			w.connect(plainIntents)
			g := hello(w, w.address())
			g.send(2, identity(w.token, 1))
			return g
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t, c.opt)
			if code := c.do(newWire(t, d)).closed(); code != c.code {
				t.Fatalf("closed with %d, want %d", code, c.code)
			}
			if c.code != 4012 && !find(d.Faults(), discordtest.Refused, c.code, "") {
				t.Fatalf("not written down: %v", d.Faults())
			}
		})
	}
}

func TestResumeReplaysWhatWasMissed(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	ada := d.Guild("Acme").Member("Ada")
	w := newWire(t, d)
	g, ready := w.connect(plainIntents)
	d.DropGateway()
	ada.DM("one")
	ada.DM("two")
	seq := g.seq
	g = w.dial(ready["resume_gateway_url"].(string) + "?v=10&encoding=json")
	g.next()
	g.send(6, object{"token": w.token, "session_id": ready["session_id"], "seq": seq})
	for _, want := range []string{"one", "two"} {
		if got := g.until("MESSAGE_CREATE"); got["content"] != want {
			t.Fatalf("replayed %v, want %s", got["content"], want)
		}
	}
	g.until("RESUMED")
}

func TestSessionsThatCannotBeResumed(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(d *discordtest.Server, g *gate){
		"client closed with 1000": func(d *discordtest.Server, g *gate) {
			g.ws.WriteMessage(8, []byte{0x03, 0xe8})
			g.ws.Close()
			d.Await("the session to end", func() bool { return d.Connected() == 0 })
		},
		"forgotten": func(d *discordtest.Server, g *gate) {
			g.ws.UnderlyingConn().Close()
			d.Await("the line to end", func() bool { return d.Connected() == 0 })
			d.ForgetSessions()
		},
		"op 9 false": func(d *discordtest.Server, g *gate) {
			d.InvalidSession(false)
			for {
				if p, _ := g.next(); p.Op == 9 {
					break
				}
			}
			g.ws.UnderlyingConn().Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t, discordtest.Options{})
			w := newWire(t, d)
			g, ready := w.connect(plainIntents)
			end(d, g)
			g = w.dial(ready["resume_gateway_url"].(string) + "/?v=10&encoding=json")
			g.next()
			g.send(6, object{"token": w.token, "session_id": ready["session_id"], "seq": 1})
			if p, _ := g.next(); p.Op != 9 || string(p.D) != "false" {
				t.Fatalf("op %d %s, want invalid session", p.Op, p.D)
			}
		})
	}
}

func TestReconnectAndResumableInvalidSession(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	w := newWire(t, d)
	g, ready := w.connect(plainIntents)
	d.Reconnect()
	if p, _ := g.next(); p.Op != 7 {
		t.Fatalf("op %d, want 7", p.Op)
	}
	g.ws.UnderlyingConn().Close()
	d.Await("the line to end", func() bool { return d.Connected() == 0 })
	g = w.dial(ready["resume_gateway_url"].(string) + "/?v=10&encoding=json")
	g.next()
	g.send(6, object{"token": w.token, "session_id": ready["session_id"], "seq": g.seq + 1})
	g.until("RESUMED")
	d.InvalidSession(true)
	if p, _ := g.next(); p.Op != 9 || string(p.D) != "true" {
		t.Fatalf("op %d %s, want a resumable invalid session", p.Op, p.D)
	}
	g.ws.UnderlyingConn().Close()
}

func TestConnectingAgainAfterAFinalCloseIsAFault(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{})
	w := newWire(t, d)
	for range 2 {
		g := w.dial(w.address())
		g.next()
		g.send(2, identity("nope", 1))
		g.closed()
	}
	if !find(d.Faults(), discordtest.Broken, 0, "4004, which is final") {
		t.Fatalf("faults: %v", d.Faults())
	}
}

func TestIdentifyTooSoonAndTwoOwners(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{})
	w := newWire(t, d)
	w.connect(plainIntents)
	g := w.dial(w.address())
	g.next()
	g.send(2, identity(w.token, plainIntents))
	if p, _ := g.next(); p.Op != 9 {
		t.Fatalf("op %d, want 9: too soon", p.Op)
	}
	d.Advance(6 * time.Second)
	w.connect(plainIntents)
	if f := d.Faults(); !find(f, discordtest.Refused, 0, "max_concurrency") || !find(f, discordtest.Broken, 0, "two owners") {
		t.Fatalf("faults: %v", f)
	}
	if n := len(d.Owners()); n != 2 {
		t.Fatalf("%d owners", n)
	}
}

func TestShardsGetTheirGuildsAndDMsGoToShardZero(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true, Shards: 2, Sessions: discordtest.SessionStart{MaxConcurrency: 2}})
	var guilds [2]*discordtest.Guild
	var people [2]*discordtest.Human
	var rooms [2]*discordtest.Channel
	for i := 0; guilds[0] == nil || guilds[1] == nil; i++ {
		g := d.Guild("Guild")
		n := discordtest.ShardOf(g.ID, 2)
		guilds[n], people[n], rooms[n] = g, g.Member("Ada"), g.Text("general")
	}
	w := newWire(t, d)
	var gates [2]*gate
	for n := range gates {
		gates[n] = w.dial(w.address())
		gates[n].next()
		id := identity(w.token, plainIntents)
		id["shard"] = []int{n, 2}
		gates[n].send(2, id)
		gates[n].until("READY")
	}
	people[1].DM("to zero")
	for n, g := range gates {
		people[n].Say(rooms[n], "hello")
		got := g.until("MESSAGE_CREATE")
		if n == 0 && got["guild_id"] != nil {
			t.Fatalf("shard 0 did not get the DM first: %v", got)
		}
		if n == 1 && got["guild_id"] != guilds[1].ID {
			t.Fatalf("shard 1 got %v", got)
		}
	}
}

func TestContentIsHiddenWithoutTheIntent(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	guild := d.Guild("Acme")
	general, ada := guild.Text("general"), guild.Member("Ada")
	w := newWire(t, d)
	g, _ := w.connect(plainIntents)
	ada.Say(general, "hidden")
	ada.Mention(general, "seen")
	ada.DM("seen too")
	for _, want := range []string{"", d.App().Mention() + " seen", "seen too"} {
		if got := g.until("MESSAGE_CREATE")["content"]; got != want {
			t.Fatalf("content %q, want %q", got, want)
		}
	}
	d.App(discordtest.AppConfig{Privileged: discordtest.IntentMessageContent})
	d.CloseGateway(4000)
	d.Await("the line to end", func() bool { return d.Connected() == 0 })
	g, _ = w.connect(plainIntents | discordtest.IntentMessageContent)
	ada.Say(general, "now seen")
	if got := g.until("MESSAGE_CREATE")["content"]; got != "now seen" {
		t.Fatalf("content %q", got)
	}
}

func TestHeartbeatsAreAnsweredUntilMuted(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{})
	w := newWire(t, d)
	g, _ := w.connect(plainIntents)
	g.send(1, g.seq)
	if p, _ := g.next(); p.Op != 11 {
		t.Fatalf("op %d, want the ACK", p.Op)
	}
	d.MuteHeartbeats(true)
	g.send(1, g.seq)
	d.Human("Ada").Join(d.Guild("Acme"))
	if p, _ := g.next(); p.Op == 11 {
		t.Fatal("answered although muted")
	}
}
