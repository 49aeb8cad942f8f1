package bot

import (
	"context"
	"sync"
	"time"
)

// vouchers asks networks whether somebody is still a member, for doors of our own
// that a network cannot shut: it tells when people leave, but may not be heard.
type vouchers struct {
	bot  *Bot
	mu   sync.Mutex
	seen map[string]time.Time // person → when their network last said yes
}

const vouchEvery = 40 * time.Second

// still reports whether every network of the person that vouches for its members
// still does. A network that cannot be asked changes nothing.
func (v *vouchers) still(ctx context.Context, tenant, id string, p Person) bool {
	now := v.bot.now()
	key := tenant + "/" + id
	v.mu.Lock()
	recent := now.Sub(v.seen[key]) < vouchEvery
	v.mu.Unlock()
	if recent {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for _, a := range p.Accounts {
		n, ok := v.bot.networks[a.Network].(Profiler)
		if !ok || a.Team == "" || a.Network == v.bot.Fallback {
			continue
		}
		pr, err := n.Profile(ctx, a)
		if err == nil && !pr.Member || IsFault(err, Missing) {
			_ = v.bot.Receive(context.WithoutCancel(ctx), Event{ID: "left/" + key + "/" + now.Format(time.RFC3339), From: a, Place: Place{Network: a.Network, Team: a.Team}, At: now, Body: Left{Account: a}})
			return false
		}
	}
	v.mu.Lock()
	v.seen[key] = now
	v.mu.Unlock()
	return true
}
