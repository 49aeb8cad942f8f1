// Package webtest carries conversation scripts out on the console over plain HTTP:
// people sign in by a link, post what they type, press and fill in, and read their
// event stream. It does what the page does, without a browser, and sees only what
// the server sends. It implements bottest.Driver.
//
// The console has no strangers: whoever is nobody of the tenant cannot sign in, so
// what such a person does ends the script as skipped.
package webtest

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"

	"rapport/adapters/web"
	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/scheduling"
)

// Driver is the console of one World, served on a loopback port.
type Driver struct {
	URL     string
	Console *web.Console
	world   *bottest.World
	mu      sync.Mutex
	people  map[string]*Person
}

// New serves the console of a world until the test ends. Pass it as
// bottest.Options.Driver.
func New(t *testing.T, w *bottest.World) *Driver {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	d := &Driver{URL: "http://" + server.Listener.Addr().String(), world: w, people: map[string]*Person{}}
	d.Console = web.New(web.Config{Zone: scheduling.Default().Zone, PublicURL: d.URL}, w.Bot.Host())
	w.Bot.Fallback = d.Console.Name()
	server.Config.Handler = d.Console.Handler()
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return d
}

// Account names somebody; on the console people are known by what the tenant says,
// so the account is theirs as soon as they are a person of it.
func (d *Driver) Account(_ *testing.T, name, _ string) bot.Account {
	return bot.Account{Network: d.Console.Name(), Team: d.world.Tenant, ID: "as-" + name}
}

// Network is the console.
func (d *Driver) Network() bot.Network { return d.Console }

// Person is somebody's browser, signed in.
func (d *Driver) Person(t *testing.T, name string) *Person {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.people[name]; p != nil {
		return p
	}
	people, err := d.world.Bot.Host().Desk.People(context.Background(), d.world.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range people {
		if x.Name == name {
			p := &Person{d: d, ID: x.ID, Conv: "dm", cards: map[string]*card{}}
			p.signIn(t)
			p.awake(t)
			d.people[name] = p
			return p
		}
	}
	t.Skipf("%s is nobody of the tenant, and the console knows no strangers", name)
	return nil
}

// Command types a line into the person's own conversation.
func (d *Driver) Command(t *testing.T, who, line string) bottest.Screen {
	t.Helper()
	p := d.Person(t, who)
	p.form = nil
	return p.Do(t, Post{Kind: "line", Text: line})
}

// Say talks to the bot directly.
func (d *Driver) Say(t *testing.T, who, text string) bottest.Screen {
	t.Helper()
	return d.Command(t, who, text)
}

// Press presses the newest button whose label begins so.
func (d *Driver) Press(t *testing.T, who, label string) bottest.Screen {
	t.Helper()
	return d.Person(t, who).Press(t, label)
}

// Pick picks from the newest menu that has the option.
func (d *Driver) Pick(t *testing.T, who, label, option string) bottest.Screen {
	t.Helper()
	return d.Person(t, who).Pick(t, label, option)
}

// Fill fills in the open form and sends it.
func (d *Driver) Fill(t *testing.T, who string, values map[string]string) bottest.Screen {
	t.Helper()
	return d.Person(t, who).Fill(t, values)
}

// Suggest is what is offered while typing into a command's field.
func (d *Driver) Suggest(t *testing.T, who, line, field, typed string) bottest.Screen {
	t.Helper()
	return d.Person(t, who).Do(t, Post{Kind: "suggest", Name: line, Field: field, Typed: typed})
}

// Home opens the home page.
func (d *Driver) Home(t *testing.T, who string) bottest.Screen {
	t.Helper()
	return d.Person(t, who).Do(t, Post{Kind: "home", Conv: "home"})
}

// Inbox is what reached who unasked since the last call.
func (d *Driver) Inbox(t *testing.T, who string) string {
	t.Helper()
	return d.Person(t, who).Inbox(t)
}

// Tab is a further browser of somebody, with a session and a stream of its own.
func (d *Driver) Tab(t *testing.T, name string) *Person {
	t.Helper()
	p := &Person{d: d, ID: d.Person(t, name).ID, Conv: "dm", cards: map[string]*card{}}
	p.signIn(t)
	return p
}
