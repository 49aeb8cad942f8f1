package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"rapport/store"
)

// Host is what adapters are handed instead of the store.
func (b *Bot) Host() Host {
	return Host{
		Secrets: secrets{b.db.In("")},
		Lease:   leases{b},
		Pace: func(ctx context.Context, key string, rate float64, burst int) (time.Duration, error) {
			return b.db.Pace(ctx, key, rate, burst, b.now())
		},
		Claim: func(ctx context.Context, network, team, tenant string) error {
			return b.Claim(ctx, network, team, tenant, "", b.now())
		},
		Invitation: b.invitation,
		Once:       onces{b},
		Lines:      b.lines,
		Desk:       desk{b},
		Fetch:      b.fetch,
		Say:        b.moment,
		Now:        b.now,
		Count:      func(name string) { b.metrics.refused.WithLabelValues(name).Inc() },
	}
}

// Invite makes a signed invitation for an install into a tenant; it lives a day.
func (b *Bot) Invite(tenant string, now time.Time) (string, error) {
	return b.sealer.seal(token{Tenant: tenant, Act: "install", Until: now.Add(24 * time.Hour).Unix()})
}

func (b *Bot) invitation(_ context.Context, text string) (string, error) {
	t, ok := b.sealer.open(text)
	if !ok || t.Act != "install" || b.now().Unix() > t.Until {
		return "", Faultf(Forbidden, "This invitation is not valid any more. An Admin of Rapport gets a new one with %s.", Code("/"+b.Prefix+" team invite"))
	}
	return t.Tenant, nil
}

type secrets struct{ sc store.Scope }

func (s secrets) Put(ctx context.Context, name string, v []byte) error {
	return s.sc.PutSecret(ctx, name, v)
}
func (s secrets) Drop(ctx context.Context, name string) error { return s.sc.DropSecret(ctx, name) }
func (s secrets) Get(ctx context.Context, name string) ([]byte, error) {
	v, err := s.sc.Secret(ctx, name)
	if isNone(err) {
		return nil, nil
	}
	return v, err
}
func (s secrets) List(ctx context.Context, prefix string) ([]string, error) {
	all, err := s.sc.Secrets(ctx)
	var out []string
	for _, n := range all {
		if strings.HasPrefix(n, prefix) {
			out = append(out, n)
		}
	}
	return out, err
}

type leases struct{ bot *Bot }

// Hold takes the lease, keeps it renewed, and ends the returned context when it is lost.
func (l leases) Hold(ctx context.Context, name string, ttl time.Duration) (context.Context, func(), error) {
	for {
		lease, ok, err := l.bot.db.Lease(ctx, name, ttl)
		if err != nil {
			l.bot.quiet(ctx, "lease", err)
		}
		if ok {
			held, cancel := context.WithCancel(ctx)
			go l.renew(held, cancel, lease, ttl)
			return held, func() {
				cancel()
				rctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
				defer stop()
				_ = lease.Release(rctx)
			}, nil
		}
		l.bot.sleep(ctx, ttl/4+jitter(ttl/8))
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
	}
}

func (l leases) renew(ctx context.Context, lost func(), lease store.Lease, ttl time.Duration) {
	good := l.bot.now()
	for {
		l.bot.sleep(ctx, ttl/3)
		if ctx.Err() != nil {
			return
		}
		ok, err := lease.Renew(ctx, ttl)
		switch {
		case err == nil && ok:
			good = l.bot.now()
		case err == nil, l.bot.now().Sub(good) > ttl*2/3:
			lost()
			return
		}
	}
}

type onces struct{ bot *Bot }

func (o onces) Put(ctx context.Context, name string, v []byte, ttl time.Duration) error {
	sc := o.bot.db.In("")
	b := sc.Batch("")
	b.Token("once/"+name, v, ttl)
	return sc.Commit(ctx, b)
}

func (o onces) Peek(ctx context.Context, name string) ([]byte, error) {
	v, err := o.bot.db.In("").Token(ctx, "once/"+name)
	if isNone(err) {
		return nil, nil
	}
	return v, err
}

func (o onces) Take(ctx context.Context, name string) ([]byte, error) {
	sc := o.bot.db.In("")
	v, err := sc.Token(ctx, "once/"+name)
	if isNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b := sc.Batch("")
	b.Spend("once/" + name)
	err = sc.Commit(ctx, b)
	if errors.As(err, new(*store.Gone)) {
		return nil, nil // somebody else took it first
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// spare is the batch for tokens of answers that change nothing.
func (t *turn) spare() *store.Batch {
	if t.tokens == nil {
		t.tokens = t.scope.Batch("")
	}
	return t.tokens
}

func (t *turn) flushSpare(ctx context.Context) error {
	if t.tokens == nil {
		return nil
	}
	b := t.tokens
	t.tokens = nil
	return t.scope.Commit(ctx, b)
}
