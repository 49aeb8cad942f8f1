package slack

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/adapters/slack/slacktest"
	"rapport/bot"
)

// world is one fake Slack, one adapter and one small kernel.
type world struct {
	t     *testing.T
	slack *slacktest.Server
	s     *Slack
	sam   *slacktest.Human
	host  *memory
	url   string

	mu     sync.Mutex
	events []bot.Event
	kernel func(context.Context, bot.Event) error
	ended  chan error
}

// bothDoors runs a story over HTTP and over a socket; each must end without a fault.
func bothDoors(t *testing.T, story func(w *world)) {
	for _, door := range []string{"http", "socket"} {
		t.Run(door, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, door == "socket", nil)
			story(w)
			w.slack.RequireClean(t)
		})
	}
}

func newWorld(t *testing.T, socket bool, change func(*Config, *slacktest.Options)) *world {
	t.Helper()
	cfg, opt := Config{}, slacktest.Options{Wait: 3 * time.Second, PingEvery: time.Second}
	if change != nil {
		change(&cfg, &opt)
	}
	w := &world{t: t, slack: slacktest.New(t, opt), host: newMemory(), ended: make(chan error, 1)}
	team := w.slack.Workspace()
	w.sam = team.AddUser(slacktest.User{Name: "sam", RealName: "Sam Lee", Email: "sam@acme.example", TZ: "Europe/Berlin"})
	team.AddUser(slacktest.User{Name: "ada", RealName: "Ada Okafor"})
	team.AddChannel(slacktest.Channel{Name: "hiring", Members: []string{"sam", "ada", "app"}})
	team.AddChannel(slacktest.Channel{Name: "elsewhere", Members: []string{"sam"}, Private: true})
	if cfg.APIURL == "" {
		cfg.APIURL = w.slack.APIURL()
	}
	if cfg.BotToken == "" {
		cfg.BotToken = team.Token()
	}
	page := slacktest.AppConfig{Socket: socket}
	if socket {
		cfg.AppToken, cfg.SocketConnections = w.slack.AppToken(), max(cfg.SocketConnections, 1)
	} else {
		cfg.SigningSecret = w.slack.SigningSecret()
	}
	server := httptest.NewUnstartedServer(nil)
	w.url = "http://" + server.Listener.Addr().String()
	if cfg.PublicURL == "" {
		cfg.PublicURL = w.url
	}
	w.s = New(cfg, w.host.host())
	server.Config.Handler = w.s.Handler()
	server.Start()
	t.Cleanup(server.Close)
	page.CommandsURL, page.InteractivityURL, page.EventsURL = w.url+"/slack/commands", w.url+"/slack/interactivity", w.url+"/slack/events"
	page.RedirectURLs = []string{w.url + "/slack/oauth"}
	page.Commands = map[string]slacktest.Command{"/rapport": {ShouldEscape: true}, "/move": {ShouldEscape: true}}
	w.slack.App(page)
	ctx, cancel := context.WithCancel(context.Background())
	w.kernel = w.standard
	go func() { w.ended <- w.s.Listen(ctx, w.receive) }()
	t.Cleanup(func() {
		cancel()
		select {
		case <-w.ended:
		case <-time.After(10 * time.Second):
			t.Error("Listen does not end")
		}
	})
	if socket {
		if !w.slack.WaitConnected(1, 5*time.Second) {
			t.Fatal("no socket was opened")
		}
	}
	w.until(func() bool { return w.s.life.Load() != nil && (cfg.BotToken == "" || w.s.tokens.whose() != nil) })
	return w
}

func (w *world) until(ok func() bool) {
	w.t.Helper()
	for end := time.Now().Add(5 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatal("waited in vain")
		}
	}
}

func (w *world) receive(ctx context.Context, ev bot.Event) error {
	w.mu.Lock()
	w.events = append(w.events, ev)
	f := w.kernel
	w.mu.Unlock()
	return f(ctx, ev)
}

// heard are the events so far whose body is a T.
func heard[T bot.Body](w *world) (out []bot.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ev := range w.events {
		if _, ok := ev.Body.(T); ok {
			out = append(out, ev)
		}
	}
	return out
}

func one[T bot.Body](w *world) (bot.Event, T) {
	w.t.Helper()
	w.until(func() bool { return len(heard[T](w)) > 0 })
	all := heard[T](w)
	return all[len(all)-1], all[len(all)-1].Body.(T)
}

var adaCard = bot.Card("Ada Okafor", bot.Heading{Text: "Ada Okafor"}, bot.Para{Text: "Stage " + bot.Bold("Onsite")},
	bot.Buttons{Buttons: []bot.Button{{Label: "Undo", Token: "undo", Style: bot.Danger}, {Label: "Note", Token: "form"}, {Label: "More", Token: "beside"}, {Label: "Docs", URL: "https://docs.example/"}}},
	bot.Choices{Label: "Move to", Token: "move", Options: []bot.Option{{Value: "screen", Label: "Screen"}, {Value: "onsite", Label: "Onsite"}}})

var noteForm = bot.Form{Title: "Add a note", Intro: "About " + bot.Bold("Ada"), Token: "note-token", Fields: []bot.Field{
	{Name: "text", Label: "Text", Kind: bot.Long, Required: true, Hint: "What should be known"},
	{Name: "to", Label: "Stage", Kind: bot.Choice, Options: []bot.Option{{Value: "s1", Label: "Screen"}, {Value: "s2", Label: "Onsite"}}},
	{Name: "who", Label: "Candidate", Kind: bot.Search},
	{Name: "by", Label: "Colleague", Kind: bot.Member},
	{Name: "team", Label: "Team only", Kind: bot.Flag},
	{Name: "day", Label: "Day", Kind: bot.Date, Value: "2026-12-01"},
	{Name: "n", Label: "Stars", Kind: bot.Number},
	{Name: "mail", Label: "E-mail", Kind: bot.Email},
}}

// standard is a kernel that answers by words.
func (w *world) standard(ctx context.Context, ev bot.Event) error {
	t := ev.Turn
	switch b := ev.Body.(type) {
	case bot.Asked:
		word, rest, _ := strings.Cut(b.Text, " ")
		if b.Name != "" {
			word = b.Name
		}
		switch word {
		case "public":
			m := bot.Say("for all")
			m.Public = true
			return t.Say(ctx, m)
		case "slow":
			if err := t.Ack(ctx, bot.Private); err != nil {
				return err
			}
			return t.Say(ctx, bot.Say("at last "+rest))
		case "card":
			return t.Say(ctx, adaCard)
		case "publiccard":
			m := adaCard
			m.Public = true
			return t.Say(ctx, m)
		case "form":
			return t.Open(ctx, noteForm)
		case "many":
			for _, n := range []string{"one", "two", "three"} {
				if err := t.Say(ctx, bot.Say(n)); err != nil {
					return err
				}
			}
			return nil
		case "nothing":
			return t.Done(ctx)
		case "broken":
			return errors.New("no store")
		}
		return t.Say(ctx, bot.Say("heard "+b.Text))
	case bot.Pressed:
		switch b.Token {
		case "undo":
			return t.Replace(ctx, bot.Say("Taken back"))
		case "move":
			return t.Replace(ctx, bot.Say("Moved to "+strings.Join(b.Values, ",")))
		case "form":
			return t.Open(ctx, noteForm)
		case "broken":
			return errors.New("no store")
		}
		return t.Say(ctx, bot.Say("beside: "+b.Token))
	case bot.Filled:
		switch b.Values["text"] {
		case "bad":
			return t.Refuse(ctx, bot.FieldErrors{"text": "Say more.", "elsewhere": "And this."})
		case "next":
			next := noteForm
			next.Title, next.Token = "One more", "second"
			return t.Open(ctx, next)
		case "broken":
			return errors.New("no store")
		}
		return t.Say(ctx, bot.Say("noted: "+b.Values["text"]))
	case bot.Suggest:
		return t.Suggest(ctx, []bot.Option{{Value: "c1", Label: "Ada Okafor", Hint: "Onsite"}, {Value: "c2", Label: "Ada Byron"}})
	case bot.Said:
		if b.Text == "slow" {
			if err := t.Ack(ctx, bot.Private); err != nil {
				return err
			}
		}
		if b.Text == "private" || b.Text == "slow" {
			return t.Say(ctx, bot.Say("between us"))
		}
		if b.Text == "lost" && len(heard[bot.Said](w)) < 2 {
			return errors.New("no store")
		}
		m := bot.Say("you said " + b.Text)
		m.Public = true
		return t.Say(ctx, m)
	case bot.Opened:
		if err := t.Say(ctx, bot.Card("Home", bot.Heading{Text: "My work"}, adaCard.Blocks[2])); err != nil {
			return err
		}
		return t.Say(ctx, bot.Card("Rest", bot.Para{Text: "and the rest"}))
	}
	return nil
}

// memory is a host that keeps everything in maps.
type memory struct {
	mu      sync.Mutex
	secrets map[string][]byte
	once    map[string][]byte
	leased  map[string]bool
	counts  map[string]int
	claims  map[string]string
	away    bool // nothing can be taken
	now     func() time.Time
}

func (m *memory) set(away bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = away
}

func newMemory() *memory {
	return &memory{secrets: map[string][]byte{}, once: map[string][]byte{}, leased: map[string]bool{}, counts: map[string]int{}, claims: map[string]string{}, now: time.Now}
}

func (m *memory) host() bot.Host {
	return bot.Host{
		Secrets: memorySecrets{m}, Lease: memoryLeases{m}, Once: memoryOnce{m}, Now: func() time.Time { return m.now() },
		Pace: func(context.Context, string, float64, int) (time.Duration, error) { return 0, nil },
		Claim: func(_ context.Context, network, team, tenant string) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			if old := m.claims[team]; old != "" && old != tenant {
				return bot.Faultf(bot.Forbidden, "That workspace belongs to somebody else.")
			}
			m.claims[team] = tenant
			return nil
		},
		Invitation: func(_ context.Context, token string) (string, error) {
			if tenant, ok := strings.CutPrefix(token, "invite-"); ok {
				return tenant, nil
			}
			return "", bot.Faultf(bot.Forbidden, "no")
		},
		Count: func(name string) { m.mu.Lock(); m.counts[name]++; m.mu.Unlock() },
	}
}

func (m *memory) count(name string) int { m.mu.Lock(); defer m.mu.Unlock(); return m.counts[name] }

type memorySecrets struct{ m *memory }

func (s memorySecrets) Put(_ context.Context, name string, v []byte) error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.secrets[name] = append([]byte(nil), v...)
	return nil
}

func (s memorySecrets) Get(_ context.Context, name string) ([]byte, error) {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.m.secrets[name], nil
}

func (s memorySecrets) Drop(_ context.Context, name string) error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	delete(s.m.secrets, name)
	return nil
}

func (s memorySecrets) List(_ context.Context, prefix string) (out []string, err error) {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	for name := range s.m.secrets {
		if strings.HasPrefix(name, prefix) {
			out = append(out, name)
		}
	}
	return out, nil
}

type memoryLeases struct{ m *memory }

func (l memoryLeases) Hold(ctx context.Context, name string, _ time.Duration) (context.Context, func(), error) {
	for {
		l.m.mu.Lock()
		free := !l.m.leased[name]
		l.m.leased[name] = true
		l.m.mu.Unlock()
		if free {
			return ctx, func() { l.m.mu.Lock(); delete(l.m.leased, name); l.m.mu.Unlock() }, nil
		}
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

type memoryOnce struct{ m *memory }

func (o memoryOnce) Put(_ context.Context, name string, v []byte, _ time.Duration) error {
	o.m.mu.Lock()
	defer o.m.mu.Unlock()
	o.m.once[name] = v
	return nil
}

func (o memoryOnce) Take(_ context.Context, name string) ([]byte, error) {
	o.m.mu.Lock()
	defer o.m.mu.Unlock()
	if o.m.away {
		return nil, errors.New("away")
	}
	v := o.m.once[name]
	delete(o.m.once, name)
	return v, nil
}

func (o memoryOnce) Peek(_ context.Context, name string) ([]byte, error) {
	o.m.mu.Lock()
	defer o.m.mu.Unlock()
	return o.m.once[name], nil
}
