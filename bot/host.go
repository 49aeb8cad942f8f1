package bot

import (
	"context"
	"time"
)

// Host is what an adapter is handed instead of the store.
type Host struct {
	Secrets Secrets
	Lease   Leases
	Pace    func(ctx context.Context, key string, perSecond float64, burst int) (wait time.Duration, err error)
	// Claim binds a team to a tenant after an install that an Admin invited; it
	// fails with a fault when the team belongs to another tenant.
	Claim func(ctx context.Context, network, team, tenant string) error
	// Invitation opens an Admin's signed install invitation: the tenant it names.
	Invitation func(ctx context.Context, token string) (tenant string, err error)
	// Once stores a short-lived value for a single use (OAuth state), or takes it.
	Once Onces
	Say  func(t time.Time, zone string, style MomentStyle) string // the one formatter, for places that cannot show a reader's own time
	Now  func() time.Time
	// Count adds to a metric by a short fixed name ("slack.bad_signature").
	Count func(name string)
}

// Secrets keeps sealed values: tokens of installs. Names are paths such as
// "slack/T123/token".
type Secrets interface {
	Put(ctx context.Context, name string, v []byte) error
	Get(ctx context.Context, name string) ([]byte, error) // nil when there is none
	Drop(ctx context.Context, name string) error
	List(ctx context.Context, prefix string) ([]string, error)
}

// Leases gives one process at a time the right to something (a gateway shard, a
// token refresh).
type Leases interface {
	// Hold blocks until the lease is owned or ctx ends. The returned context ends
	// when the lease is lost; release gives it back.
	Hold(ctx context.Context, name string, ttl time.Duration) (held context.Context, release func(), err error)
}

// Onces keeps short-lived values that are taken at most once.
type Onces interface {
	Put(ctx context.Context, name string, v []byte, ttl time.Duration) error
	Take(ctx context.Context, name string) ([]byte, error) // nil when gone
}
