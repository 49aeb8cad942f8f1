package bot

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport/store"
)

// turn is one event on its way through the kernel.
type turn struct {
	bot       *Bot
	ev        Event
	who       who
	scope     store.Scope
	net       Network
	abil      Abilities
	start     time.Time
	now       time.Time
	token     token
	viaTok    bool               // the act came from a button or form, its ids are trusted
	shown     map[string]string  // how resolved ids read
	giveUp    context.CancelFunc // ends the work when it can be neither done nor kept in time
	memo      map[string]any     // what this attempt has read
	filledAct any                // what a form that was sent in came to
	inboxOf   string             // tenant whose inbox the event lies in
	inbox     string             // its id there, once it was acknowledged unfinished
	since     store.Hold         // when it was put there or taken up
	tokens    *store.Batch       // tokens of an answer that changes nothing
	marked    bool               // this turn's commit marked the event as handled
	markedBy  string             // whose mark was found in its place

	hold    holding
	mu      sync.Mutex
	resumed bool // from the inbox: whoever waits was told that it takes longer
	acked   bool
	spoken  bool
	quit    bool // its author was told to try again: what comes of it is not said any more
	waiting *time.Timer
}

// Receive takes one event from a network. It returns an error only when the event
// could be neither done nor kept; the adapter must then not acknowledge it.
func (b *Bot) Receive(ctx context.Context, ev Event) (err error) {
	t := &turn{bot: b, ev: ev, start: b.now(), now: b.now()}
	switch ev.Body.(type) {
	case Suggest, Opened: // these cannot be put off
		ctx, t.giveUp = context.WithTimeout(ctx, slow+800*time.Millisecond)
	default:
		ctx, t.giveUp = context.WithCancel(ctx)
	}
	defer t.giveUp()
	defer func() {
		if p := recover(); p != nil {
			err = t.trouble(ctx, asPanic(p))
		}
		t.stopWaiting()
		t.settled()
		b.metrics.event(ev, b.now().Sub(t.start))
	}()
	t.net = b.networks[ev.Place.Network]
	if t.net == nil {
		t.net = b.networks[ev.From.Network]
	}
	if t.net != nil {
		t.abil = t.net.Abilities()
	}
	if wait, ok := b.limits.allow(ev.From, t.now); !ok {
		return t.tooFast(ctx, wait)
	}
	switch ev.Body.(type) {
	case Suggest, Opened:
	case Said:
		leave, err := b.hearing.alone(ctx, ev.ID)
		if err != nil {
			return err
		}
		defer leave()
		t.wait(ctx)
	default:
		t.wait(ctx)
		t.expect(ctx)
	}
	w, err := b.people.find(ctx, ev.sender(), ev.Place.Team, t.now)
	if err != nil {
		return t.fail(ctx, err)
	}
	t.is(w)
	return t.route(ctx)
}

func (t *turn) route(ctx context.Context) error {
	switch body := t.ev.Body.(type) {
	case Asked:
		return t.asked(ctx, body)
	case Pressed:
		return t.pressed(ctx, body)
	case Filled:
		return t.filled(ctx, body)
	case Suggest:
		return t.suggest(ctx, body)
	case Opened:
		return t.opened(ctx)
	case Said:
		return t.said(ctx, body)
	default:
		return t.watched(ctx)
	}
}

// asked is a command, by name or as a typed line.
func (t *turn) asked(ctx context.Context, a Asked) error {
	name, rest := a.Name, ""
	if name == "" {
		name, rest = t.bot.named(a.Text)
	}
	cmd := t.bot.byName[name]
	if cmd == nil {
		return t.say(ctx, t.unknown(a.Text))
	}
	if f := t.gate(ctx, cmd); f != nil {
		return t.fault(ctx, nil, f)
	}
	var act any
	var fault *Fault
	if a.Name != "" {
		act, fault = cmd.from(a.Args)
	} else {
		act, fault = cmd.fill(rest)
	}
	if fault != nil {
		return t.fault(ctx, cmd, fault)
	}
	return t.complete(ctx, cmd, cmd.with(act, a.Files))
}

// from builds an act of options by name.
func (c *command) from(args map[string]string) (any, *Fault) {
	p := reflect.New(c.typ).Elem()
	for k, v := range args {
		f, ok := c.field(k)
		if !ok {
			continue
		}
		if fault := f.set(p, v); fault != nil {
			return nil, fault
		}
	}
	return p.Interface(), nil
}

// named finds the command a typed line begins with and returns the rest.
func (b *Bot) named(line string) (name, rest string) {
	line = strings.TrimSpace(plainer.Replace(line))
	first, tail, _ := strings.Cut(line, " ")
	second, tail2, _ := strings.Cut(strings.TrimSpace(tail), " ")
	if two := strings.ToLower(first + " " + second); b.byName[two] != nil {
		return two, tail2
	}
	if one := strings.ToLower(first); b.byName[one] != nil {
		return one, strings.TrimSpace(tail)
	}
	if line == "" && b.byName["help"] != nil {
		return "help", ""
	}
	asked := strings.Trim(line, " ?!.")
	for _, c := range b.commands { // "Who is stuck?"
		if c.On&Hidden == 0 && strings.Contains(asked, " ") && strings.EqualFold(asked, c.Title) {
			return c.Name, ""
		}
	}
	return "", line
}

// complete resolves what was typed, asks for what is missing, then does the act.
func (t *turn) complete(ctx context.Context, cmd *command, act any) error {
	t.wait(ctx)
	call := t.call("")
	act, err := t.resolve(ctx, call, cmd, act)
	if err != nil {
		return t.settle(ctx, cmd, act, err)
	}
	if len(cmd.missing(act)) > 0 {
		return t.ask(ctx, cmd, act)
	}
	return t.do(ctx, cmd, act)
}

// pressed is a button, or a pick from a menu.
func (t *turn) pressed(ctx context.Context, p Pressed) error {
	tok, err := t.bot.openToken(ctx, p.Token, t.now)
	if err != nil {
		return t.settle(ctx, nil, nil, err)
	}
	if f := t.bind(tok); f != nil {
		return t.fault(ctx, nil, f)
	}
	cmd := t.bot.byName[tok.Act]
	if cmd == nil {
		return t.fault(ctx, nil, Faultf(Stale, "That button belongs to an older version of me. Type the command again, please."))
	}
	if f := t.gate(ctx, cmd); f != nil {
		return t.fault(ctx, nil, f)
	}
	act, err := cmd.decode(tok.Args)
	if err != nil {
		return t.fail(ctx, err)
	}
	if tok.Typed {
		t.viaTok = false
		return t.complete(ctx, cmd, act)
	}
	if tok.Field == "" {
		if cmd.wants(act, tok) {
			if f := t.gone(ctx, cmd, act); f != nil {
				return t.fault(ctx, nil, f)
			}
			return t.ask(ctx, cmd, act)
		}
		t.wait(ctx)
		return t.do(ctx, cmd, act)
	}
	v := reflect.New(cmd.typ).Elem()
	v.Set(reflect.ValueOf(act))
	if f, ok := cmd.field(tok.Field); ok && len(p.Values) > 0 {
		if fault := f.set(v, strings.Join(p.Values, "\n")); fault != nil {
			return t.fault(ctx, cmd, fault)
		}
	} else {
		return t.done(ctx)
	}
	t.viaTok = false // a pick comes from outside: resolve it again
	return t.complete(ctx, cmd, v.Interface())
}

// is says who the event's sender is. The timer that may keep the event in the inbox
// reads it, so it is written under the lock.
func (t *turn) is(w who) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.who, t.scope = w, t.bot.db.In(w.tenant)
}

// bind takes a token as this turn's: it names the tenant, and who may use it.
func (t *turn) bind(tok token) *Fault {
	if t.who.tenant == "" && slices.Contains(t.who.choice, tok.Tenant) {
		w := t.who
		w.tenant = tok.Tenant
		t.is(w)
	}
	if tok.Tenant != t.who.tenant {
		return Faultf(Missing, "I cannot find what that button was about.")
	}
	if tok.For != "" && tok.For != t.who.person.ID {
		return Faultf(Forbidden, "That button is for somebody else. Type the command yourself to do it.")
	}
	t.token, t.viaTok = tok, true
	t.scope = t.bot.db.In(t.who.tenant)
	return nil
}

// filled is a form sent in.
func (t *turn) filled(ctx context.Context, f Filled) error {
	tok, err := t.bot.openToken(ctx, f.Token, t.now)
	if err != nil {
		return t.settle(ctx, nil, nil, err)
	}
	if flt := t.bind(tok); flt != nil {
		return t.fault(ctx, nil, flt)
	}
	cmd := t.bot.byName[tok.Act]
	if cmd == nil {
		return t.fault(ctx, nil, Faultf(Stale, "That form belongs to an older version of me. Type the command again, please."))
	}
	if flt := t.gate(ctx, cmd); flt != nil {
		return t.fault(ctx, nil, flt)
	}
	act, err := cmd.decode(tok.Args)
	if err != nil {
		return t.fail(ctx, err)
	}
	v := reflect.New(cmd.typ).Elem()
	v.Set(reflect.ValueOf(act))
	errs := FieldErrors{}
	for name, text := range f.Values {
		fld, ok := cmd.field(name)
		if !ok {
			continue
		}
		text = strings.TrimSpace(Clean(text))
		if t.unchanged(ctx, fld, fld.get(v), text) {
			continue
		}
		if fault := fld.set(v, text); fault != nil {
			errs[name] = Flat(fault.Say)
		}
	}
	act = cmd.with(v.Interface(), f.Files)
	for _, m := range cmd.missing(act) {
		if _, onForm := f.Values[m.Name]; onForm && errs[m.Name] == "" {
			errs[m.Name] = m.Label + " is needed."
		}
	}
	t.filledAct = act
	if len(errs) > 0 {
		return t.refuse(ctx, cmd, act, errs)
	}
	t.token.OK = false
	t.wait(ctx)
	call := t.call("")
	act, err = t.resolve(ctx, call, cmd, act)
	if err != nil {
		return t.settle(ctx, cmd, act, err)
	}
	more := f.Values[moreField] == "true"
	if more || len(cmd.missing(act)) > 0 { // a further step, joined by a button where forms cannot follow forms
		t.token = token{Asked: append(tok.Asked, sortedNames(f.Values)...), More: more}
		return t.ask(ctx, cmd, act)
	}
	return t.do(ctx, cmd, act)
}

// call makes a fresh attempt.
func (t *turn) call(op string) *Call {
	if t.memo == nil {
		t.memo = map[string]any{}
	}
	c := &Call{memo: t.memo, Tenant: t.who.tenant, Scope: t.scope, Person: t.who.person, From: t.ev.From, Now: t.now, Event: t.ev.ID,
		Door: t.ev.From.Network, Place: t.ev.Place, bot: t.bot, op: op}
	if asked, ok := t.ev.Body.(Asked); ok {
		c.On = asked.On
	}
	return c
}
