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
	Once  Onces
	Lines Lines
	Desk  Desk
	// Fetch gives what a link to a download leads to and spends it; with spend false it
	// only says what it would be. Where a person of the same tenant is known to ask, they
	// must be the one it was made for. A fault says in words why there is nothing.
	Fetch func(ctx context.Context, link string, asks Person, spend bool) (Download, error)
	Say   func(t time.Time, zone string, style MomentStyle) string // the one formatter, for places that cannot show a reader's own time
	Now   func() time.Time
	// Count adds to a metric by a short fixed name ("bad_signature").
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
	Peek(ctx context.Context, name string) ([]byte, error) // without taking it; nil when gone
}

// Lines keeps what is said in places of a network that has no memory of its own:
// the console. A place is a person's conversation or a channel.
type Lines interface {
	// Add appends to a place and returns the line's id; ids rise within a place. With
	// a key, whoever comes second with it within a day, from whichever process, adds
	// nothing and gets the first one's id.
	Add(ctx context.Context, tenant, place, key string, body []byte) (id string, err error)
	// Set changes a line; the change gets an id of its own, so that readers who
	// have read past it see it too. It returns that id.
	Set(ctx context.Context, tenant, place, line string, body []byte) (id string, err error)
	// After lists what was added or changed after an id ("" = the latest), oldest first.
	After(ctx context.Context, tenant, place, id string, limit int) ([]Stored, error)
	// Changed is closed when this process next adds or sets a line.
	Changed() <-chan struct{}
}

// Stored is one kept line. ID is where a reader stands after it; Line names what it
// shows: equal to ID when new, an earlier one's when changed.
type Stored struct {
	ID, Line string
	Body     []byte
	At       time.Time
}

// Desk is how the console knows people: it has no accounts of its own.
type Desk interface {
	// People lists a tenant's living members, by name.
	People(ctx context.Context, tenant string) ([]Person, error)
	// PersonByID reads one; a Missing fault when there is none or they are gone.
	PersonByID(ctx context.Context, tenant, id string) (Person, error)
	// Menu lists the commands somebody may use.
	Menu(p Person) []Declared
	// RolesSaid names somebody's roles.
	RolesSaid(p Person) string
	// Empty reports that nobody is a member anywhere yet.
	Empty(ctx context.Context) bool
	// Setup makes the first Admin with a setup code, where no chat network is
	// connected; a Forbidden fault when the code does not work.
	Setup(ctx context.Context, code, name string) (tenant, person string, err error)
}
