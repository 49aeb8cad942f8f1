// Package web is the console: the same conversation as on the chat networks, in a
// browser. To the kernel it is one more network, named "console".
//
// The path of a typed line: the page posts it (api.go), it becomes an Event, the
// kernel answers through a turn (turn.go), every answer is kept as a line
// (bot.Lines) and reaches all open tabs over one event stream (stream.go), where
// the page draws it from a view model (view.go). Nothing a person typed is ever
// markup: the page builds elements and sets their text.
//
// A person has one private stream; channels share one more. What only the asker
// may read goes to the private one, also when it was asked in a channel.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport/bot"
)

// Config says how the console is reached.
type Config struct {
	PublicURL string                                    // root people see, for links, cookies and the Host check
	Demo      bool                                      // anybody may be anybody; only ever on loopback
	Tenant    string                                    // the demo's tenant
	First     string                                    // id of the person a visitor of the demo is at first
	Zone      func(name string) (*time.Location, error) // the database in force
	Log       *slog.Logger
}

// Channels every tenant has.
var channels = []string{"#recruiting", "#hiring-news"}

const (
	network = "console"
	direct  = "dm"     // a person's own conversation with the bot
	shared  = "shared" // the stream of all channels
)

// Console is the network and its web pages.
type Console struct {
	cfg     Config
	host    bot.Host
	log     *slog.Logger
	mu      sync.RWMutex
	receive func(context.Context, bot.Event) error
	ended   chan struct{} // closed when this process ends; nil before it listens
	people  memo
	keep    keeper
	streams map[string]int     // open streams by browser
	posts   map[string]*posted // posts being done, by id
}

// New makes the console; nothing listens until Handler is served and Listen called.
func New(cfg Config, host bot.Host) *Console {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	return &Console{cfg: cfg, host: host, log: cfg.Log, people: memo{seen: map[string]remembered{}},
		keep: keeper{lines: host.Lines}, streams: map[string]int{}, posts: map[string]*posted{}}
}

// Name is "console".
func (c *Console) Name() string { return network }

// Abilities are wide: the page draws everything itself.
func (c *Console) Abilities() bot.Abilities {
	return bot.Abilities{Text: 4000, Blocks: 60, Para: 4000, Note: 2000, Heading: 150, Facts: 20, FactName: 100, FactValue: 1000,
		Tables: 6, TableRows: 200, TableCols: 12, TableChars: 40000, Charts: 4, Images: false, ButtonRow: 12, Label: 75, TokenSize: 4000,
		Options: 100, OptionText: 100, OptionHint: 100, FormFields: 40, FormTitle: 60, FormLabel: 100, FormHint: 300, FormLine: 3000,
		FormLong: 10000, FormToken: 4000, Suggest: 20, Moments: true, Private: true, Home: true, Edit: true, Lookup: true, FormFrom: true,
		FormKinds: []bot.FieldKind{bot.Line, bot.Long, bot.Choice, bot.Search, bot.Member, bot.Number, bot.Flag, bot.Email, bot.Date},
		Patience:  10 * time.Second, Window: 12 * time.Hour}
}

// Declare has nothing to tell anybody: the page asks Desk.Menu.
func (c *Console) Declare(context.Context, []bot.Declared) error { return nil }

// Listen opens the door for posted events until ctx ends.
func (c *Console) Listen(ctx context.Context, receive func(context.Context, bot.Event) error) error {
	c.mu.Lock()
	ended := make(chan struct{})
	c.receive, c.ended = receive, ended
	c.mu.Unlock()
	<-ctx.Done()
	c.mu.Lock()
	c.receive = nil
	close(ended) // streams let go, so that an end does not wait for open pages
	c.mu.Unlock()
	return nil
}

func (c *Console) ending() <-chan struct{} {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.ended
}

func (c *Console) receiver() func(context.Context, bot.Event) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.receive
}

// said is one line as it is kept.
type said struct {
	Conv string          `json:"conv"`           // "dm" or a channel
	By   string          `json:"by,omitempty"`   // person id; "" is the bot
	Name string          `json:"name,omitempty"` // of the person
	Text string          `json:"text,omitempty"` // what a person typed
	Post string          `json:"post,omitempty"` // id of the post that made it
	Msg  json.RawMessage `json:"msg,omitempty"`  // view of a message
	Only bool            `json:"only,omitempty"` // a channel's line that only this person sees
	Key  string          `json:"key,omitempty"`  // of a message sent unasked
	At   int64           `json:"at"`             // unix milliseconds
	Till int64           `json:"till,omitempty"` // unix milliseconds: a secret in it is over then
}

func mine(person string) string { return "me/" + person }

// streamOf names the stream and the conversation of a place; "" when there is no such
// place.
func streamOf(p bot.Place) (place, conv string) {
	switch {
	case p.To != "":
		return mine(p.To), direct
	case p.Direct && len(p.Channel) > 1:
		return mine(strings.TrimPrefix(p.Channel, "D")), direct
	case slices.Contains(channels, p.Channel):
		return shared, p.Channel
	}
	return "", ""
}

// Send posts to a person's own conversation or a channel.
func (c *Console) Send(ctx context.Context, p bot.Place, m bot.Message, key string) (string, error) {
	place, conv := streamOf(p)
	if conv == "" {
		return "", bot.Faultf(bot.Missing, "The console has no such place.")
	}
	body, err := c.body(conv, m, key, false)
	if err != nil {
		return "", err
	}
	id, err := c.keep.add(ctx, p.Team, place, "", body)
	return place + " " + id, unavailable(err)
}

func (c *Console) body(conv string, m bot.Message, key string, only bool) ([]byte, error) {
	view, err := json.Marshal(viewOf(m))
	if err != nil {
		return nil, err
	}
	line := said{Conv: conv, Msg: view, Key: key, Only: only, At: c.host.Now().UnixMilli()}
	if !m.Until.IsZero() {
		line.Till = m.Until.UnixMilli()
	}
	return json.Marshal(line)
}

// Edit changes a line that Send made.
func (c *Console) Edit(ctx context.Context, p bot.Place, id string, m bot.Message) error {
	place, line, ok := strings.Cut(id, " ")
	own, conv := streamOf(p)
	if !ok || own != place {
		return bot.Faultf(bot.Missing, "The console has no such message.")
	}
	body, err := c.body(conv, m, "edit/"+line, false)
	if err != nil {
		return err
	}
	return unavailable(c.keep.set(ctx, p.Team, place, line, body))
}

// Lookup finds a message among the latest lines of its place.
func (c *Console) Lookup(ctx context.Context, p bot.Place, key string) (string, bool, error) {
	place, _ := streamOf(p)
	if place == "" {
		return "", false, nil
	}
	rows, err := c.host.Lines.After(ctx, p.Team, place, "", pageOf)
	if err != nil {
		return "", false, unavailable(err)
	}
	for _, r := range rows {
		var s said
		if json.Unmarshal(r.Body, &s) == nil && s.Key == key {
			return place + " " + r.Line, true, nil
		}
	}
	return "", false, nil
}

// Readers lists who reads a place: a channel is read by every member of the tenant.
func (c *Console) Readers(ctx context.Context, p bot.Place) ([]bot.Account, bool, error) {
	place, _ := streamOf(p)
	switch place {
	case "":
		return nil, false, bot.Faultf(bot.Missing, "The console has no such place.")
	case shared:
		people, err := c.host.Desk.People(ctx, p.Team)
		if err != nil {
			return nil, false, unavailable(err)
		}
		out := make([]bot.Account, len(people))
		for i, x := range people {
			out[i] = bot.Account{Network: network, Team: p.Team, ID: x.ID}
		}
		return out, false, nil
	}
	return []bot.Account{{Network: network, Team: p.Team, ID: strings.TrimPrefix(place, mine(""))}}, false, nil
}

// Profile tells what the tenant itself knows.
func (c *Console) Profile(ctx context.Context, a bot.Account) (bot.Profile, error) {
	p, err := c.host.Desk.PersonByID(ctx, a.Team, a.ID)
	return bot.Profile{Account: a, Name: p.Name, Email: p.Email, Zone: p.Zone, Locale: p.Locale, Member: err == nil}, err
}

// unavailable tells the outbox to try again: nothing was kept.
func unavailable(err error) error {
	var f *bot.Fault
	if err == nil || errors.As(err, &f) {
		return err
	}
	return &bot.Fault{Kind: bot.Unavailable, Say: "the console could not keep a line", Err: err}
}
