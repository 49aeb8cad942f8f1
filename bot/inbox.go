package bot

import (
	"context"
	"fmt"
	"time"

	json "github.com/go-json-experiment/json/v1"

	"rapport/store"
)

// keptEvent is an acknowledged event whose work is not done. Any process can take
// it up again: the handle leads back to the one who waits for the answer.
type keptEvent struct {
	ID     string          `json:"id"`
	Also   []string        `json:"also,omitempty"`
	From   Account         `json:"from"`
	Guest  bool            `json:"guest,omitempty"`
	Place  Place           `json:"place"`
	At     time.Time       `json:"at"`
	Kind   string          `json:"kind"`
	Body   json.RawMessage `json:"body"`
	Handle string          `json:"handle,omitempty"` // sealed
}

// keep puts the turn's event into the inbox.
func (b *Bot) keep(ctx context.Context, t *turn) error {
	k := keptEvent{ID: t.ev.ID, Also: t.ev.Also, From: t.ev.From, Guest: t.ev.Guest, Place: t.ev.Place, At: t.ev.At,
		Kind: fmt.Sprintf("%T", t.ev.Body)}
	var err error
	if k.Body, err = json.Marshal(t.ev.Body); err != nil {
		return err
	}
	if t.ev.Turn != nil {
		if h := t.ev.Turn.Handle(); h != nil {
			if k.Handle, err = b.sealer.seal(token{Act: "turn", Args: mustJSON(h)}); err != nil {
				return err
			}
		}
	}
	raw, err := json.Marshal(k)
	if err != nil {
		return err
	}
	id, since := store.NewID("in", b.now()), store.NewHold()
	if err := b.db.Inbox(ctx, t.who.tenant, id, raw); err != nil {
		return err
	}
	t.inboxOf, t.inbox, t.since = t.who.tenant, id, since
	return nil
}

// answered says whether another process has finished the kept event meanwhile, as
// happens to one that slept.
func (t *turn) answered(ctx context.Context) bool {
	if t.inbox == "" || t.since.Younger(abandoned/2) {
		return false
	}
	waits, err := t.bot.db.InInbox(ctx, t.inboxOf, t.inbox)
	return err == nil && !waits
}

func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// revive makes the event again, with a turn that another process began.
func (b *Bot) revive(raw []byte) (Event, error) {
	var k keptEvent
	if err := json.Unmarshal(raw, &k); err != nil {
		return Event{}, err
	}
	ev := Event{ID: k.ID, Also: k.Also, From: k.From, Guest: k.Guest, Place: k.Place, At: k.At}
	var err error
	if ev.Body, err = bodyOf(k.Kind, k.Body); err != nil {
		return ev, err
	}
	if k.Handle == "" {
		return ev, nil
	}
	tok, ok := b.sealer.open(k.Handle)
	net := b.networks[k.Place.Network]
	if net == nil {
		net = b.networks[k.From.Network]
	}
	if ok && net != nil {
		var handle []byte
		if json.Unmarshal(tok.Args, &handle) == nil {
			if turn, err := net.Resume(handle); err == nil {
				ev.Turn = turn
			}
		}
	}
	return ev, nil
}

func bodyOf(kind string, raw []byte) (Body, error) {
	switch kind {
	case "bot.Said":
		return into[Said](raw)
	case "bot.Asked":
		return into[Asked](raw)
	case "bot.Pressed":
		return into[Pressed](raw)
	case "bot.Filled":
		return into[Filled](raw)
	case "bot.Edited":
		return into[Edited](raw)
	case "bot.Deleted":
		return into[Deleted](raw)
	case "bot.Reacted":
		return into[Reacted](raw)
	case "bot.Profiled":
		return into[Profiled](raw)
	case "bot.Joined":
		return into[Joined](raw)
	case "bot.Left":
		return into[Left](raw)
	case "bot.Opened":
		return Opened{}, nil
	case "bot.Uninstalled":
		return Uninstalled{}, nil
	}
	return nil, fmt.Errorf("inbox: unknown body %q", kind)
}

func into[B Body](raw []byte) (Body, error) {
	var b B
	err := json.Unmarshal(raw, &b)
	return b, err
}

// abandoned is how long an acknowledged event may lie in the inbox before another
// process takes it up: longer than an act takes that is still being done, and short
// enough for its author to be answered within 15 s of a power cut.
const abandoned = 10 * time.Second

// inboxLoop finishes what another process acknowledged and did not live to do.
func (b *Bot) inboxLoop(ctx context.Context) {
	b.every(ctx, 2*time.Second, func(ctx context.Context) {
		items, err := b.db.TakeInbox(ctx, b.owned(), b.now().Add(-abandoned), 50)
		if err != nil {
			b.quiet(ctx, "inbox", err)
			return
		}
		for _, it := range items {
			ev, err := b.revive(it.Body)
			if err == nil && it.Attempts > mostDeaths {
				err = errOften
			}
			if err != nil {
				b.bury(ctx, "inbox", it.Tenant, it.ID, it.Body, err)
				_ = b.db.InboxDone(ctx, it.Tenant, it.ID)
				continue
			}
			if err := b.resume(ctx, ev, it); err != nil { // it comes again
				b.log.WarnContext(ctx, "kept event not finished", "event", ev.ID, "attempts", it.Attempts, "err", err)
				continue
			}
			if err := b.db.InboxDone(ctx, it.Tenant, it.ID); err != nil {
				b.quiet(ctx, "inbox", err)
			}
		}
	})
}

// resume runs an event a second time; what was committed answers as it did.
func (b *Bot) resume(ctx context.Context, ev Event, it store.InboxItem) (err error) {
	t := &turn{bot: b, ev: ev, start: b.now(), now: b.now(), resumed: true, acked: true, inboxOf: it.Tenant, inbox: it.ID, since: it.Taken, giveUp: func() {}}
	defer func() {
		if p := recover(); p != nil {
			err = t.trouble(ctx, asPanic(p))
		}
	}()
	if t.net = b.networks[ev.Place.Network]; t.net == nil {
		t.net = b.networks[ev.From.Network]
	}
	if t.net != nil {
		t.abil = t.net.Abilities()
	}
	t.hold.held = t.abil.FormHold // the turn knows whether a place is open; without one it refuses
	w, err := b.people.find(ctx, ev.sender(), ev.Place.Team, t.now)
	if err != nil {
		return err
	}
	t.is(w)
	return t.route(ctx)
}
