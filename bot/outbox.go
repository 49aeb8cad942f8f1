package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	json "github.com/go-json-experiment/json/v1"

	"rapport/store"
)

// Outgoing is a message to be sent once the act that stages it is committed.
type Outgoing struct {
	To      string    // person id; or
	Place   Place     // a place
	Message Message   //
	Key     string    // names it, so that Amend can change it later; "" = nobody will
	Hold    time.Time // not before
	Careful bool      // for somebody outside: in doubt it waits for a person instead of being sent again
	Amends  bool      // change the message sent under Key instead of sending another
	Whose   []string  // candidates whose data the words hold: erasing one takes the message back
}

// outBody is what the outbox keeps.
type outBody struct {
	To      string  `json:"to,omitempty"`
	Place   Place   `json:"place,omitzero"`
	Message Message `json:"m"`
	Key     string  `json:"key,omitempty"`
	Amends  bool    `json:"amends,omitempty"`
	Event   string  `json:"ev,omitempty"`
	By      string  `json:"by,omitempty"`
}

// sentMark remembers where a keyed message stands.
type sentMark struct {
	Place Place  `json:"p"`
	ID    string `json:"i"`
}

var sent = store.NewTable("sent", store.Def[sentMark]{Whose: store.Nobody[sentMark]})

// Send stages a message. Messages to one person or place keep their order.
func (c *Call) Send(ctx context.Context, o Outgoing) error {
	place := o.Place.Key()
	abil := Abilities{Text: 2000, TokenSize: 90, Label: 75}
	if o.To != "" {
		place = "person/" + o.To
		if p, err := c.PersonByID(ctx, o.To); err == nil {
			if target, ok := c.bot.directPlace(p, 0); ok {
				abil = c.bot.networks[target.Network].Abilities()
			}
		}
	} else if n := c.bot.networks[o.Place.Network]; n != nil {
		abil = n.Abilities()
	}
	m := o.Message
	m.Blocks = append([]Block(nil), m.Blocks...)
	abil.TokenSize = min(abil.TokenSize, 90) // a person's other network may carry less
	if err := c.bot.stamp(&m, c.Tenant, abil, c.Now, c.Batch); err != nil {
		return err
	}
	raw, err := json.Marshal(outBody{To: o.To, Place: o.Place, Message: m, Key: o.Key, Amends: o.Amends, Event: c.Event, By: c.Person.ID})
	if err != nil {
		return err
	}
	c.Batch().Out(store.Out{ID: store.NewID("out", c.Now), Place: place, Kind: "message", Body: raw, NotBefore: o.Hold, Careful: o.Careful, Whose: o.Whose})
	return nil
}

// directPlace is where a person is reached: the place they chose, else their first
// account on a network that runs here. skip leaves out the first ones, which refused.
func (b *Bot) directPlace(p Person, skip int) (Place, bool) {
	var list []Place
	if b.networks[p.Prefer.Network] != nil {
		list = append(list, p.Prefer)
	}
	var last []Place
	for _, a := range p.Accounts {
		n := b.networks[a.Network]
		if n == nil {
			continue
		}
		place := Place{Network: a.Network, Team: a.Team, To: a.ID, Direct: true}
		if a.Network == b.Fallback {
			last = append(last, place)
		} else {
			list = append(list, place)
		}
	}
	list = append(list, last...)
	if b.Fallback != "" && b.networks[b.Fallback] != nil && len(last) == 0 {
		list = append(list, Place{Network: b.Fallback, Team: p.Tenant, To: p.ID, Direct: true})
	}
	if skip >= len(list) {
		return Place{}, false
	}
	return list[skip], true
}

const (
	giveUp   = 10 * time.Minute
	outBatch = 64
)

// outboxLoop sends what is due: in order per place, several places at once. A place
// that takes its time holds up no other.
func (b *Bot) outboxLoop(ctx context.Context) {
	sending := make(chan struct{}, outBatch)
	var all sync.WaitGroup
	defer all.Wait()
	b.pulse(ctx, func(ctx context.Context) time.Time {
		select { // room for one more at least; nobody else takes any
		case sending <- struct{}{}:
			<-sending
		case <-ctx.Done():
			return b.now()
		}
		items, next, err := b.db.TakeOut(ctx, b.owned(), b.now(), outBatch-len(sending))
		for _, it := range items { // those taken before an error are ours all the same
			sending <- struct{}{}
			all.Go(func() {
				defer func() {
					if p := recover(); p != nil {
						b.log.ErrorContext(ctx, "outbox", "item", it.ID, "err", asPanic(p))
						b.noted(ctx, "doubt", func(ctx context.Context) error { return b.db.OutDoubt(ctx, it, "failed inside Rapport") })
					}
					<-sending
				}()
				b.sendOut(ctx, it)
			})
		}
		if err != nil {
			b.quiet(ctx, "outbox", err)
			return b.now().Add(time.Second)
		}
		if len(items) > 0 {
			return b.now()
		}
		return next
	})
}

// sendOut sends one item and writes down how it went.
func (b *Bot) sendOut(ctx context.Context, it store.OutItem) {
	var o outBody
	if err := json.Unmarshal(it.Body, &o); err != nil {
		b.doubt(ctx, it, o, "unreadable")
		return
	}
	life := ctx // what came of it is noted however long that takes
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if mine, err := b.db.OutMine(ctx, it); err != nil {
		b.later(life, it, time.Second, err)
		return
	} else if !mine {
		return // this process slept, and another has sent it
	}
	place, refused := o.Place, ""
	for skip := 0; ; skip++ {
		if o.To != "" {
			row, err := People.Get(ctx, b.db.In(it.Tenant), o.To)
			if err != nil && !isNone(err) {
				b.later(life, it, time.Second, err)
				return
			}
			row.Val.ID, row.Val.Tenant = o.To, it.Tenant
			var ok bool
			if place, ok = b.directPlace(row.Val, skip); !ok || row.Val.Gone {
				b.doubt(life, it, o, "this person cannot be reached on any network")
				return
			}
		}
		ours, err := b.ours(ctx, it.Tenant, place)
		switch {
		case err != nil:
			b.later(life, it, time.Second, err)
			return
		case !ours && o.To != "":
			refused = "its workspace was let go."
			continue
		case !ours:
			b.doubt(life, it, o, "the workspace it was for was let go")
			return
		}
		id, err := b.deliver(ctx, it, o.after(refused), place)
		if err == nil {
			b.sentOut(life, it, o, place, id)
			return
		}
		var fault *Fault
		var wait *Wait
		switch {
		case errors.As(err, &wait):
			b.later(life, it, wait.For, err)
			return
		case errors.As(err, &fault) && (fault.Kind == Forbidden || fault.Kind == Missing):
			b.log.InfoContext(ctx, "place refuses message", "item", it.ID, "network", place.Network, "event", o.Event, "why", fault.Say)
			if o.To != "" {
				refused = fault.Say
				continue // the next way to this person
			}
			b.doubt(life, it, o, fault.Say)
			return
		case errors.As(err, &fault) && fault.Kind == Unavailable:
			b.later(life, it, backoff(it.Attempts), err)
			return
		case it.Careful:
			b.doubt(life, it, o, "the network did not say whether it arrived")
			return
		default: // it may have arrived: look first, next time
			it.Doubt = true
			b.later(life, it, backoff(it.Attempts), err)
			return
		}
	}
}

// ours reports whether a place is still its tenant's: a workspace that was let go, and
// perhaps claimed by another employer, hears nothing more.
func (b *Bot) ours(ctx context.Context, tenant string, p Place) (bool, error) {
	if p.Team == "" || p.Network == b.Fallback {
		return p.Team == "" || p.Team == tenant, nil
	}
	row, err := Teams.Get(ctx, b.db.In(""), p.Network+"/"+p.Team)
	if isNone(err) {
		return false, nil
	}
	return row.Val.Tenant == tenant, err
}

// after is the message on the next way to a person, once the last one refused it.
func (o outBody) after(refusal string) outBody {
	if refusal != "" && !o.Amends {
		o.Message.Blocks = append(append([]Block(nil), blocksOf(o.Message)...), Note{"You read this here because the usual way was closed: " + refusal})
	}
	return o
}

// deliver posts or edits. Where it may have arrived already it looks first.
func (b *Bot) deliver(ctx context.Context, it store.OutItem, o outBody, place Place) (string, error) {
	net := b.networks[place.Network]
	if net == nil {
		return "", Faultf(Missing, "the network %s is not connected", place.Network)
	}
	if o.Amends {
		return b.amend(ctx, it, o, net)
	}
	m := o.Message
	if it.Doubt {
		if f, ok := net.(Finder); ok {
			if id, found, err := f.Lookup(ctx, place, it.ID); err != nil || found {
				return id, err
			}
		} else if it.Careful {
			return "", Faultf(Forbidden, "it may have been sent already")
		} else {
			m.Blocks = append(append([]Block(nil), blocksOf(m)...), Note{"You may have got this twice: I was interrupted while sending it."})
		}
	}
	var first string
	for i, part := range Fit(m, net.Abilities()) {
		id, err := net.Send(ctx, place, part, it.ID+keyPart(i))
		if err != nil {
			return first, err
		}
		if i == 0 {
			first = id
		}
	}
	return first, nil
}

func keyPart(i int) string {
	if i == 0 {
		return ""
	}
	return "/" + string(rune('0'+i%10))
}

func blocksOf(m Message) []Block {
	if len(m.Blocks) == 0 {
		return []Block{Para{m.Text}}
	}
	return m.Blocks
}

func (b *Bot) amend(ctx context.Context, it store.OutItem, o outBody, net Network) (string, error) {
	row, err := sent.Get(ctx, b.db.In(it.Tenant), o.Key)
	if err != nil && !isNone(err) {
		return "", err
	}
	if ours, away := b.ours(ctx, it.Tenant, row.Val.Place); err == nil && (away != nil || !ours) {
		return "", away // what stands in somebody else's workspace stays
	}
	parts := Fit(o.Message, net.Abilities())
	if ed, ok := b.networks[row.Val.Place.Network].(Editor); ok && err == nil {
		return row.Val.ID, ed.Edit(ctx, row.Val.Place, row.Val.ID, parts[0])
	}
	place := o.Place
	if o.To != "" {
		place = row.Val.Place
	}
	if place.Network == "" {
		return "", nil // the first message never went out: there is nothing to correct
	}
	return net.Send(ctx, place, parts[0], it.ID)
}

func (b *Bot) sentOut(ctx context.Context, it store.OutItem, o outBody, place Place, id string) {
	b.metrics.sent.Inc()
	b.log.InfoContext(ctx, "sent", "item", it.ID, "event", o.Event, "network", place.Network, "attempts", it.Attempts)
	if o.Key != "" && !o.Amends && id != "" {
		sc := b.db.In(it.Tenant)
		batch := sc.Batch("sent/" + it.ID)
		store.Put(batch, sent, store.Row[sentMark]{ID: o.Key, Val: sentMark{place, id}})
		b.noted(ctx, "sent mark", func(ctx context.Context) error { return sc.Commit(ctx, batch) })
	}
	b.noted(ctx, "sent", func(ctx context.Context) error { return b.db.OutSent(ctx, it, id) })
}

func (b *Bot) later(ctx context.Context, it store.OutItem, wait time.Duration, why error) {
	now := b.now()
	if now.Sub(it.Made) > giveUp {
		b.metrics.doubts.Inc()
		b.noted(ctx, "doubt", func(ctx context.Context) error { return b.db.OutDoubt(ctx, it, why.Error()) })
		return
	}
	b.noted(ctx, "postpone", func(ctx context.Context) error { return b.db.OutLater(ctx, it, now.Add(wait), why.Error()) })
}

func (b *Bot) doubt(ctx context.Context, it store.OutItem, o outBody, why string) {
	b.log.WarnContext(ctx, "message in doubt", "item", it.ID, "event", o.Event, "why", why)
	b.metrics.doubts.Inc()
	b.noted(ctx, "doubt", func(ctx context.Context) error { return b.db.OutDoubt(ctx, it, why) })
}

// noted writes down what came of a message, again and again while the store is
// away: until it is known there, the message's place waits. When the process is to
// end it tries once more; what it cannot note is found again as in doubt.
func (b *Bot) noted(ctx context.Context, what string, write func(context.Context) error) {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		once, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		err := write(once)
		cancel()
		if err == nil {
			return
		}
		b.quiet(ctx, what, err)
		var away *store.Unavailable
		if !errors.As(err, &away) || ctx.Err() != nil {
			return
		}
		b.sleep(ctx, wait)
	}
}

// backoff doubles from half a second to a minute, with jitter.
func backoff(attempts int) time.Duration {
	d := 500 * time.Millisecond << min(attempts, 7)
	return min(d, time.Minute) + jitter(d/4)
}
