package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	json "github.com/go-json-experiment/json/v1"

	"rapport/store"
)

// timer is the body of a due act.
type timer struct {
	Act    string          `json:"a"`
	Args   json.RawMessage `json:"v,omitempty"`
	Person string          `json:"p,omitempty"`
}

// maxTries is how often news or a timer may fail before a person has to look, and
// mostDeaths how often whoever takes it up may come to its end. A store that is away
// for a while counts as such an end, so it takes more of them.
const (
	maxTries   = 8
	mostDeaths = 2 * maxTries
)

var errOften = errors.New("whoever took it up did not live to finish it")

// isAway says whether the store could not be reached, which is nobody's fault.
func isAway(err error) bool {
	var away *store.Unavailable
	return errors.As(err, &away)
}

// dueLoop does acts whose time has come.
func (b *Bot) dueLoop(ctx context.Context) {
	b.pulse(ctx, func(ctx context.Context) time.Time {
		due, next, trouble := b.db.Due(ctx, b.owned(), b.now(), 100)
		for _, d := range due { // those handed out before an error come again much later
			err := errOften
			if d.Attempts <= mostDeaths {
				err = b.fire(ctx, d)
			}
			if err == nil {
				continue
			}
			b.log.WarnContext(ctx, "timer not done", "id", d.ID, "attempts", d.Attempts, "err", err)
			if d.Attempts >= maxTries && !isAway(err) {
				b.bury(ctx, "timer", d.Tenant, d.ID, d.Body, err)
				_ = b.db.TimerDrop(ctx, d)
				continue
			}
			b.db.TimerLater(d, backoff(d.Attempts))
		}
		if trouble != nil {
			b.quiet(ctx, "due", trouble)
			return b.now().Add(time.Second)
		}
		if len(due) > 0 {
			return b.now()
		}
		return next
	})
}

// fire does one due act with its author's present rights; an author without them
// leaves the act to the machine, whose handler hands it to the owner.
func (b *Bot) fire(ctx context.Context, d store.Timer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = asPanic(p)
			b.log.ErrorContext(ctx, "timer", "id", d.ID, "err", err)
		}
	}()
	var body timer
	if err := json.Unmarshal(d.Body, &body); err != nil {
		return err
	}
	cmd := b.byName[body.Act]
	if cmd == nil {
		return fmt.Errorf("timer %s: no command %q", d.ID, body.Act)
	}
	act, err := cmd.decode(body.Args)
	if err != nil {
		return err
	}
	op := fmt.Sprintf("timer/%s/%d", d.ID, d.At.UnixMilli())
	return b.machine(ctx, d.Tenant, "timer", op, body.Person, func(ctx context.Context, c *Call) error {
		if !c.may(cmd.Who) {
			return nil
		}
		if cmd.may != nil {
			if err := cmd.may(ctx, c, act); err != nil {
				return dropFault(err)
			}
		}
		if _, err := cmd.run(ctx, c, act); err != nil {
			return dropFault(err)
		}
		return nil
	}, func(batch *store.Batch) { batch.TimerDone(d.ID, d.Lease) }, func() error { return b.db.TimerDrop(ctx, d) }, cmd.Name)
}

// dropFault: a rule that says no to a timer has said all there is to say.
func dropFault(err error) error {
	var f *Fault
	if errors.As(err, &f) {
		return nil
	}
	return err
}

// Act runs something that no person asked for, in a tenant, in a commit of its own
// that happens once per op.
func (b *Bot) Act(ctx context.Context, tenant, door, op, name string, run func(context.Context, *Call) error) error {
	return b.machine(ctx, tenant, door, op, "", run, nil, func() error { return nil }, name)
}

// machine runs something nobody typed, in a commit of its own that happens once
// per op. first stages what takes the cause away; settled does it when nothing
// else was staged.
func (b *Bot) machine(ctx context.Context, tenant, door, op, person string, run func(context.Context, *Call) error,
	first func(*store.Batch), settled func() error, act string) error {
	sc := b.db.In(tenant)
	for try := 0; ; try++ {
		c := &Call{Tenant: tenant, Scope: sc, Now: b.now(), Event: op, Door: door, Machine: true, bot: b, op: op}
		if person != "" {
			p, err := c.PersonByID(ctx, person)
			if err != nil && !isNone(err) {
				return err
			}
			if !p.Gone {
				c.Person = p
			}
		}
		if first != nil {
			first(c.stage())
		}
		if err := run(ctx, c); err != nil {
			var stale *store.Stale
			if errors.As(err, &stale) && try < 20 {
				continue
			}
			return err
		}
		if !c.dirty {
			return settled()
		}
		if !c.silent {
			c.batch.Audit(c.audit(act))
		}
		c.batch.Seen(op, nil)
		err := sc.Commit(ctx, c.batch)
		var stale *store.Stale
		var seen *store.Seen
		switch {
		case err == nil:
			for _, f := range c.after {
				f()
			}
			return nil
		case errors.As(err, new(*store.Gone)), errors.Is(err, store.ErrFenced):
			return nil // moved, taken away, or another process's now
		case errors.As(err, &seen):
			return settled() // done before, by a process that did not live to say so
		case errors.As(err, &stale) && try < 20:
			time.Sleep(jitter(10 * time.Millisecond))
			continue
		default:
			return err
		}
	}
}

// newsLoop tells features what happened.
func (b *Bot) newsLoop(ctx context.Context) {
	for ctx.Err() == nil {
		owned := b.owned()
		if len(owned) == 0 {
			b.sleep(ctx, 100*time.Millisecond)
			continue
		}
		items, trouble := b.db.TakeNews(ctx, owned, 200, time.Second)
		var done []store.NewsItem // of those handed out before an error too: they would come again much later
		for _, it := range items {
			err := errOften
			if it.Attempts <= mostDeaths {
				err = b.spread(ctx, it)
			}
			if err != nil {
				b.log.WarnContext(ctx, "news not taken", "kind", it.Kind, "id", it.ID, "err", err)
				if it.Attempts < maxTries || isAway(err) {
					b.db.NewsLater(it, 500*time.Millisecond<<min(it.Attempts, 6))
					continue
				}
				b.bury(ctx, "news", it.Tenant, it.Kind, it.Body, err)
			}
			done = append(done, it)
		}
		if len(done) > 0 {
			if err := b.db.NewsDone(ctx, done...); err != nil {
				b.quiet(ctx, "news", err)
				for _, it := range done { // doing it again changes nothing
					b.db.NewsLater(it, time.Second)
				}
			}
		}
		if trouble != nil {
			b.quiet(ctx, "news", trouble)
			b.sleep(ctx, time.Second)
		}
	}
}

// spread hands one item to every feature that wants its kind.
func (b *Bot) spread(ctx context.Context, it store.NewsItem) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = asPanic(p)
		}
	}()
	for _, l := range b.learners[it.Kind] {
		op := "news/" + it.ID + "/" + l.feature
		err := b.machine(ctx, it.Tenant, "news", op, "", func(ctx context.Context, c *Call) error {
			return l.learn(ctx, c, it.Body)
		}, nil, func() error { return nil }, l.feature)
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) bury(ctx context.Context, kind, tenant, name string, body []byte, why error) {
	b.log.ErrorContext(ctx, "given up; see the dead letters", "kind", kind, "name", name, "err", why)
	b.metrics.dead.Inc()
	if err := b.db.DeadLetter(ctx, tenant, store.Dead{Kind: kind, Name: name, Body: body, Why: why.Error(), At: b.now()}); err != nil {
		b.quiet(ctx, "dead letter", err)
	}
}

// pulse runs step again when it asks for it, when something was committed here, or
// after a second at the latest.
func (b *Bot) pulse(ctx context.Context, step func(context.Context) time.Time) {
	wake := b.subscribe()
	for ctx.Err() == nil {
		next := b.now().Add(time.Second)
		if len(b.owned()) > 0 {
			if at := step(ctx); !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		wait := next.Sub(b.now())
		if wait <= 0 {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-wake:
		}
		timer.Stop()
	}
}

func (b *Bot) every(ctx context.Context, d time.Duration, step func(context.Context)) {
	t := time.NewTicker(d)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if len(b.owned()) > 0 {
				step(ctx)
			}
		}
	}
}

func (b *Bot) sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return time.Duration(rand.Int64N(int64(d)))
}

// quiet logs trouble with the store once a second at most: every loop meets it.
func (b *Bot) quiet(ctx context.Context, what string, err error) {
	if ctx.Err() != nil {
		return
	}
	now := b.now().Unix()
	if b.lastQuiet.Swap(now) != now {
		b.log.WarnContext(ctx, "store", "what", what, "err", err)
	}
}
