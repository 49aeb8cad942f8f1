package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
	"rapport/store/storetest"
)

// sickroom is one door of the program to somebody who moves Ada about, and the Redis
// behind it.
type sickroom struct {
	redis *storetest.Redis
	run   *running
	moves func(to string) (reads string)
	opens func() (reads string) // presses [Open card] of an older answer; nil where none is shown
}

const stagesOfAda = `stages:"Applied, Screen, Onsite, Offer, Hired"`

func slackRoom(socket bool) func(t *testing.T) sickroom {
	return func(t *testing.T) sickroom {
		w := newSlackWorld(t, socket)
		r := serve(t, w.env)
		w.ready(socket)
		w.begin(r.code(t))
		rita := w.slack.Workspace().Human("rita")
		return sickroom{w.redis, r, func(to string) string {
			a, err := rita.Slash("app", "/move", "Ada to:"+to)
			if err != nil {
				t.Fatal(err)
			}
			return said(a.Text + " " + a.Problem)
		}, func() string {
			if _, err := rita.Visible("app"); err != nil { // she looks there first
				t.Fatal(err)
			}
			a, err := rita.Press("Open card")
			if err != nil {
				t.Fatal(err)
			}
			return said(a.Text + " " + a.Problem)
		}}
	}
}

func discordRoom(t *testing.T) sickroom {
	d := discordtest.New(t, discordtest.Options{Strict: true, NoLimits: true, IdentifyEvery: time.Millisecond, Patience: 8 * time.Second,
		App: discordtest.AppConfig{Privileged: discordtest.IntentGuildMembers | discordtest.IntentMessageContent}})
	guild := d.Guild("Acme")
	general := guild.Text("general")
	ann := guild.Member("Ann")
	redis := storetest.Server(t)
	r := serve(t, map[string]string{"RAPPORT_REDIS_URL": redis.URL(), "RAPPORT_DISCORD_BOT_TOKEN": d.App().Token, "RAPPORT_DISCORD_APP_ID": d.App().ID, "RAPPORT_DISCORD_API_URL": d.URL()})
	d.AwaitConnected(1)
	d.Await("the commands are registered", func() bool { return d.App().CommandWrites() > 0 })
	slash := func(name string, options map[string]any) string {
		return strings.ReplaceAll(ann.Slash(general, name, options).Reply().String(), "*", "")
	}
	has(t, slash("setup", map[string]any{"code": r.code(t)}), "You are Admin now")
	has(t, slash("job open", map[string]any{"title": "Backend Engineer", "stages": "Applied, Screen, Onsite, Offer, Hired"}), "Opened Backend Engineer")
	has(t, slash("candidate add", map[string]any{"name": "Ada Okafor", "job": "Backend Engineer"}), "Added Ada Okafor")
	return sickroom{redis, r, func(to string) string {
		return slash("candidate move", map[string]any{"candidate": "Ada Okafor", "to": to})
	}, func() string { return ann.Press("Open card").Text() }}
}

func consoleRoom(t *testing.T) sickroom {
	redis := storetest.Server(t)
	r := serve(t, map[string]string{"RAPPORT_REDIS_URL": redis.URL()})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, http: &http.Client{Jar: jar}, root: r.url}
	req, err := http.NewRequestWithContext(t.Context(), "POST", r.url+"/console/setup", strings.NewReader(url.Values{"code": {r.code(t)}, "name": {"Ann"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", r.url)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := v.http.Do(req)
	if err != nil || res.Body.Close() != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
	var me struct{ CSRF string }
	if err := json.Unmarshal([]byte(v.ask("GET", "/console/api/me", nil)), &me); err != nil {
		t.Fatal(err)
	}
	v.csrf = me.CSRF
	lines := v.listens()
	reads := func(line string) string {
		lines.forget()
		answer := v.types(line)
		for end := time.Now().Add(4 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			for _, word := range []string{"Opened", "Added", "Moved", "already", "memory"} {
				if s := spoken(answer + lines.String()); strings.Contains(s, word) {
					return s
				}
			}
		}
		return answer + lines.String()
	}
	has(t, reads(`/rapport job open "Backend Engineer" `+stagesOfAda), "Opened Backend Engineer")
	has(t, reads(`/rapport candidate add "Ada Okafor" job:"Backend Engineer"`), "Added Ada Okafor")
	return sickroom{redis: redis, run: r, moves: func(to string) string { return reads("/move Ada to:" + to) }}
}

// listens collects what the console's stream brings until the test ends; a stream that
// breaks is opened again, as a browser does.
func (v *visitor) listens() *heard {
	h := &heard{}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
			req, err := http.NewRequestWithContext(ctx, "GET", v.root+"/console/api/stream", nil)
			if err != nil {
				return
			}
			req.Header.Set("Origin", v.root)
			if res, err := v.http.Do(req); err == nil {
				_, _ = io.Copy(h, res.Body)
				res.Body.Close()
			}
		}
	}()
	v.t.Cleanup(func() { cancel(); <-done })
	return h
}

var words = regexp.MustCompile(`"(?:t|say|error|text)":"((?:[^"\\]|\\.)*)"`)

// spoken is the words of what the console got as JSON.
func spoken(raw string) string {
	var out strings.Builder
	for _, w := range words.FindAllStringSubmatch(raw, -1) {
		out.WriteString(w[1])
	}
	return out.String()
}

// A Redis that is away, hung, a replica, full, unable to save or still loading: people
// read one clear sentence within three seconds at every door, the process lives, and
// work goes on by itself when it is well again.
func TestStoryOfASickRedis(t *testing.T) {
	t.Parallel()
	doors := abreast{t: t}
	defer doors.wait()
	for _, door := range []struct {
		name  string
		enter func(*testing.T) sickroom
		quick bool
	}{
		{"slack-socket", slackRoom(true), true}, {"slack-http", slackRoom(false), false}, {"discord", discordRoom, true}, {"console", consoleRoom, true},
	} {
		if !door.quick && !soaking {
			continue
		}
		doors.run(door.name, func(t *testing.T) {
			room := door.enter(t)
			stages := []string{"Screen", "Onsite", "Offer"}
			for i, sick := range storetest.Sicknesses {
				to := stages[i%3]
				sick.Fall(t, room.redis)
				for what, act := range map[string]func() string{"moves": func() string { return room.moves(to) }, "opens": room.opens} {
					writes := what == "moves"
					if act == nil || !writes && sick.Name != "away" && sick.Name != "hung" && sick.Name != "still loading" {
						continue // reading goes on
					}
					began := time.Now()
					reads := act()
					if took := time.Since(began); took > 3*time.Second {
						t.Errorf("%s, she %s: answered after %v", sick.Name, what, took)
					}
					if !strings.Contains(reads, "I cannot reach my memory right now") {
						t.Errorf("%s, she %s and reads:\n%s", sick.Name, what, reads)
					}
				}
				if res, err := http.Get(room.run.url + "/healthz"); err != nil || res.Body.Close() != nil || res.StatusCode != 200 {
					t.Errorf("%s: the process: %v %v", sick.Name, res, err)
				}
				sick.Heal(t, room.redis)
				var reads string
				for end := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
					if reads = room.moves(to); strings.Contains(reads, "Moved Ada Okafor") {
						break
					}
					if !strings.Contains(reads, "I cannot reach my memory") || time.Now().After(end) {
						t.Fatalf("after it was %s she reads:\n%s", sick.Name, reads)
					}
				}
			}
		})
	}
}
