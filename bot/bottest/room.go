package bottest

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
)

// Room is a network in memory: it can do everything, keeps what people see, and
// has no limits of its own beyond its Abilities.
type Room struct {
	name    string
	now     func() time.Time
	abil    bot.Abilities
	mu      sync.Mutex
	receive func(context.Context, bot.Event) error
	ready   chan struct{}
	n       int
	posts   []*post
	held    int // places opened for forms that took a moment
	seen    map[string]*view
}

// view is what one person has before them.
type view struct {
	last  bot.Message
	cards []bot.Message // newest last, for buttons
	form  *bot.Form
	inbox []string
	press int // the card whose button was pressed, counted from one
	token string
}

// Wide are abilities without tight limits.
var Wide = bot.Abilities{Text: 4000, Blocks: 100, Para: 3000, Note: 2000, Heading: 150, Facts: 10, FactName: 200, FactValue: 1000,
	Tables: 5, TableRows: 100, TableCols: 20, TableChars: 10000, Charts: 2, Images: true, ButtonRow: 25, Label: 75, TokenSize: 2000,
	Options: 100, OptionText: 75, OptionHint: 75, FormFields: 50, FormTitle: 24, FormLabel: 2000, FormHint: 2000, FormLine: 3000,
	FormLong: 3000, FormToken: 3000, Suggest: 100, Moments: true, Private: true, Home: true, Edit: true, FormFrom: true,
	Patience: 3 * time.Second, Window: 30 * time.Minute}

// NewRoom makes a Room.
func NewRoom(name string, now func() time.Time) *Room {
	return &Room{name: name, now: now, abil: Wide, seen: map[string]*view{}, ready: make(chan struct{})}
}

// Narrow gives the room other abilities, before it is used.
func (r *Room) Narrow(a bot.Abilities) { r.abil = a }

func (r *Room) Name() string                                  { return r.name }
func (r *Room) Network() bot.Network                          { return r }
func (r *Room) Abilities() bot.Abilities                      { return r.abil }
func (r *Room) Declare(context.Context, []bot.Declared) error { return nil }
func (r *Room) Resume(handle []byte) (bot.Turn, error)        { return &roomTurn{r, string(handle)}, nil }
func (r *Room) Account(_ *testing.T, name, _ string) bot.Account {
	return bot.Account{Network: r.name, Team: "T1", ID: name}
}

// Listen takes the kernel's receive and waits.
func (r *Room) Listen(ctx context.Context, receive func(context.Context, bot.Event) error) error {
	r.receive = receive
	close(r.ready)
	<-ctx.Done()
	return nil
}

func (r *Room) view(who string) *view {
	if r.seen[who] == nil {
		r.seen[who] = &view{}
	}
	return r.seen[who]
}

// Send puts a message into somebody's inbox, or a channel's.
func (r *Room) Send(_ context.Context, p bot.Place, m bot.Message, _ string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.reader(p)
	v.inbox = append(v.inbox, Show(m))
	v.cards = append(v.cards, m)
	return fmt.Sprint("m", len(v.cards)), nil
}

func (r *Room) reader(p bot.Place) *view {
	if p.To != "" {
		return r.view(p.To)
	}
	return r.view(p.Channel)
}

// Edit shows the new form of a message in the inbox; the old one is gone.
func (r *Room) Edit(_ context.Context, p bot.Place, id string, m bot.Message) error {
	r.mu.Lock()
	v := r.reader(p)
	if n, err := strconv.Atoi(strings.TrimPrefix(id, "m")); err == nil && n > 0 && n <= len(v.cards) {
		v.cards[n-1] = bot.Message{}
	}
	r.mu.Unlock()
	_, err := r.Send(context.Background(), p, m, "")
	return err
}

// Event hands the kernel an event of who, as every method below does.
func (r *Room) Event(t *testing.T, who, id string, body bot.Body) Screen {
	t.Helper()
	return r.event(t, who, id, "", body, r.direct(who))
}

// In is an Event in another workspace than the room's own.
func (r *Room) In(t *testing.T, team, who string, body bot.Body) Screen {
	t.Helper()
	at := r.direct(who)
	at.Team = team
	return r.event(t, who, "", "", body, at)
}

// Heard is an Event with a second name, which another event may share.
func (r *Room) Heard(t *testing.T, who, id, also string, body bot.Body) Screen {
	t.Helper()
	return r.event(t, who, id, also, body, r.direct(who))
}

func (r *Room) direct(who string) bot.Place {
	return bot.Place{Network: r.name, Team: "T1", Channel: "D" + who, Direct: true}
}

func (r *Room) event(t *testing.T, who, id, also string, body bot.Body, at bot.Place) Screen {
	t.Helper()
	<-r.ready
	r.mu.Lock()
	v := r.view(who)
	v.last = bot.Message{}
	r.n++
	if id == "" {
		id = fmt.Sprint("e", r.n)
	}
	r.mu.Unlock()
	ev := bot.Event{ID: id, From: bot.Account{Network: r.name, Team: at.Team, ID: who}, Name: who, At: r.now(), Body: body,
		Place: at, Turn: &roomTurn{r, who}}
	if also != "" {
		ev.Also = []string{also}
	}
	if err := r.receive(context.Background(), ev); err != nil {
		return Screen("not taken: " + err.Error())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	if v.form != nil {
		out = append(out, ShowForm(*v.form))
	}
	if s := Show(v.last); s != "" {
		out = append(out, s)
	}
	return Screen(strings.Join(out, "\n"))
}

func (r *Room) Command(t *testing.T, who, line string) Screen {
	t.Helper()
	line = strings.TrimPrefix(line, "/")
	line = strings.TrimPrefix(line, "rapport ")
	if line == "rapport" {
		line = ""
	}
	r.close(who)
	return r.Event(t, who, "", bot.Asked{Text: mentions(r, bot.Clean(line))})
}

var mentioned = regexp.MustCompile(`(^|[\s(:,])@(\w+)`)

// mentions turns @Name into a mention of that person's account.
func mentions(r *Room, line string) string {
	return mentioned.ReplaceAllStringFunc(line, func(m string) string {
		lead, name, _ := strings.Cut(m, "@")
		return lead + bot.Mention(bot.Account{Network: r.name, Team: "T1", ID: name}, name)
	})
}

func (r *Room) close(who string) {
	r.mu.Lock()
	r.view(who).form = nil
	r.mu.Unlock()
}

func (r *Room) Say(t *testing.T, who, text string) Screen {
	t.Helper()
	r.close(who)
	return r.Event(t, who, "", bot.Said{Text: bot.Clean(text), Message: text})
}

// Press finds the newest button with that label.
func (r *Room) Press(t *testing.T, who, label string) Screen {
	t.Helper()
	tok, card := r.find(who, label)
	r.mu.Lock()
	r.view(who).press, r.view(who).token = card, tok
	r.mu.Unlock()
	if card == 0 {
		t.Errorf("%s sees no button %q in:\n%s", who, label, r.Seen(who))
		return ""
	}
	r.close(who)
	return r.Event(t, who, "", bot.Pressed{Token: tok})
}

// Again presses the button that was pressed last once more, as from a window that
// has not caught up.
func (r *Room) Again(t *testing.T, who string) Screen {
	t.Helper()
	r.mu.Lock()
	tok := r.view(who).token
	r.mu.Unlock()
	return r.Event(t, who, "", bot.Pressed{Token: tok})
}

// Token is what the newest button with that label carries.
func (r *Room) Token(who, label string) (string, bool) {
	tok, card := r.find(who, label)
	return tok, card > 0
}

func (r *Room) find(who, label string) (token string, card int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	cards := r.view(who).cards
	for i := len(cards) - 1; i >= 0; i-- {
		for _, blk := range cards[i].Blocks {
			if bs, ok := blk.(bot.Buttons); ok {
				for _, x := range bs.Buttons {
					if strings.HasPrefix(Plain(x.Label), label) {
						return x.Token, i + 1
					}
				}
			}
		}
	}
	return "", 0
}

// Held is how often the place of a form was opened before the form.
func (r *Room) Held() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.held
}

// Seen is everything before somebody, for error messages.
func (r *Room) Seen(who string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, m := range r.view(who).cards {
		out = append(out, Show(m))
	}
	return strings.Join(out, "\n--\n")
}

func (r *Room) Pick(t *testing.T, who, label, option string) Screen {
	t.Helper()
	r.mu.Lock()
	var token, value string
	for _, m := range r.view(who).cards {
		for _, blk := range m.Blocks {
			if c, ok := blk.(bot.Choices); ok && (label == "" || strings.HasPrefix(Plain(c.Label), label)) {
				for _, o := range c.Options {
					if strings.HasPrefix(o.Label, option) {
						token, value = c.Token, o.Value
					}
				}
			}
		}
	}
	r.mu.Unlock()
	if token == "" {
		t.Errorf("%s sees no menu %q with %q in:\n%s", who, label, option, r.Seen(who))
		return ""
	}
	return r.Event(t, who, "", bot.Pressed{Token: token, Values: []string{value}})
}

// Fill sends the open form in; values are by label, options by what they show.
func (r *Room) Fill(t *testing.T, who string, values map[string]string) Screen {
	t.Helper()
	r.mu.Lock()
	form := r.view(who).form
	r.mu.Unlock()
	if form == nil {
		t.Errorf("%s has no open form", who)
		return ""
	}
	out := map[string]string{}
	for _, f := range form.Fields {
		out[f.Name] = f.Value
		v, ok := values[Plain(f.Label)]
		if !ok {
			continue
		}
		out[f.Name] = v
		for _, o := range f.Options {
			if o.Label == v {
				out[f.Name] = o.Value
			}
		}
		if f.Kind == bot.Member && strings.HasPrefix(v, "@") {
			out[f.Name] = mentions(r, v)
		}
		delete(values, Plain(f.Label))
	}
	for label := range values {
		t.Errorf("the form %s has no field %q", ShowForm(*form), label)
	}
	r.close(who)
	s := r.Event(t, who, "", bot.Filled{Token: form.Token, Values: out})
	if strings.HasPrefix(string(s), "refused") { // it stays open as it was filled in
		r.mu.Lock()
		for i := range form.Fields {
			form.Fields[i].Value = out[form.Fields[i].Name]
		}
		r.view(who).form = form
		r.mu.Unlock()
	}
	return s
}

func (r *Room) Suggest(t *testing.T, who, line, field, typed string) Screen {
	t.Helper()
	return r.Event(t, who, "", bot.Suggest{Name: line, Field: field, Typed: typed})
}

func (r *Room) Home(t *testing.T, who string) Screen {
	t.Helper()
	return r.Event(t, who, "", bot.Opened{})
}

// Count is how many messages somebody got so far.
func (r *Room) Count(who string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.view(who).cards)
}

func (r *Room) Inbox(_ *testing.T, who string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.view(who)
	out := strings.Join(v.inbox, "\n--\n")
	v.inbox = nil
	return out
}
