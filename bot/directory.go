package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"rapport/store"
)

// Tenant is one employer (or vendor) and all its data.
type Tenant struct {
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Demo    bool      `json:"demo,omitempty"`
	Zone    string    `json:"zone,omitempty"`
}

// Team is a workspace or server claimed for a tenant.
type Team struct {
	Tenant string    `json:"tenant"`
	Name   string    `json:"name,omitempty"`
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at"`
}

// Acquaintance is what the global part keeps of an account: who it is, per tenant.
type Acquaintance struct {
	People []PersonRef `json:"people"`
	Choice string      `json:"choice,omitempty"` // tenant chosen for places that belong to none
}

// PersonRef names a person of a tenant.
type PersonRef struct {
	Tenant string `json:"t"`
	Person string `json:"p"`
}

// The kernel's own tables. Tenants, Teams and Accounts stand in the global part,
// People in each tenant's.
var (
	Tenants = store.NewTable("tenant", store.Def[Tenant]{Whose: store.Nobody[Tenant],
		Index: func(t Tenant, x *store.Index) { x.Order("all", "", float64(t.Created.Unix())) }})
	Teams = store.NewTable("team", store.Def[Team]{Whose: store.Nobody[Team],
		Index: func(t Team, x *store.Index) { x.Exact("tenant", t.Tenant) }})
	accounts = store.NewTable("account", store.Def[Acquaintance]{Whose: func(_ string, k Acquaintance) []string {
		var out []string
		for _, p := range k.People {
			out = append(out, p.Person)
		}
		return out
	}})
	People = store.NewTable("person", store.Def[Person]{
		Whose: func(id string, _ Person) []string { return []string{id} },
		Index: func(p Person, x *store.Index) {
			x.Order("all", "", 0)
			for _, a := range p.Accounts {
				x.Unique("account", a.String())
				x.Ref(a.String())
			}
			if !p.Gone {
				for bit := Role(1); bit != 0 && bit <= p.Roles; bit <<= 1 {
					if p.Roles&bit != 0 {
						x.Exact("role", roleKey(bit))
					}
				}
				x.Words(p.Name, p.Email)
				if p.Email != "" {
					x.Ref(p.Email)
				}
			}
		}})
)

func roleKey(r Role) string {
	n := 0
	for r >>= 1; r != 0; r >>= 1 {
		n++
	}
	return string(rune('a' + n))
}

func isNone(err error) bool { return errors.Is(err, store.ErrNone) }

// directory knows who an account is. What it remembers is at most fresh old, so
// that rights end soon after they are taken away, whichever process took them.
type directory struct {
	bot   *Bot
	mu    sync.RWMutex
	known map[string]sighting // by account and team
	turns int                 // how often all was forgotten: what was read before is not kept after
}

type sighting struct {
	who   who
	until time.Time
}

type who struct {
	tenant string
	person Person
	team   bool     // the place's team is claimed
	choice []string // several tenants may be meant
}

const fresh = 10 * time.Second

// forget drops what is remembered; called after every change to people or teams.
func (d *directory) forget() {
	d.mu.Lock()
	clear(d.known)
	d.turns++
	d.mu.Unlock()
}

// find says which tenant a place belongs to and who an account is there.
func (d *directory) find(ctx context.Context, a Account, team string, now time.Time) (who, error) {
	key := a.Network + "\x00" + a.Team + "\x00" + a.ID + "\x00" + team
	d.mu.RLock()
	s, ok := d.known[key]
	d.mu.RUnlock()
	if ok && now.Before(s.until) {
		return s.who, nil
	}
	return d.anew(ctx, a, team, now)
}

// anew is find without what is remembered: rights that were given count at once.
func (d *directory) anew(ctx context.Context, a Account, team string, now time.Time) (who, error) {
	key := a.Network + "\x00" + a.Team + "\x00" + a.ID + "\x00" + team
	d.mu.RLock()
	turns := d.turns
	d.mu.RUnlock()
	w, err := d.read(ctx, a, team)
	if err != nil {
		return who{}, err
	}
	d.mu.Lock()
	if len(d.known) > 20000 {
		clear(d.known)
	}
	if d.turns == turns {
		d.known[key] = sighting{w, now.Add(fresh)}
	}
	d.mu.Unlock()
	return w, nil
}

func (d *directory) read(ctx context.Context, a Account, team string) (who, error) {
	global := d.bot.db.In("")
	var w who
	if a.ID != "" && a.Network == d.bot.Fallback { // there, accounts are our own people
		p, err := People.Get(ctx, d.bot.db.In(a.Team), a.ID)
		if err != nil && !isNone(err) {
			return w, err
		}
		w.tenant, w.team = a.Team, true
		if err == nil && !p.Val.Gone {
			w.person = p.Val
			w.person.ID, w.person.Tenant = p.ID, a.Team
		}
		return w, nil
	}
	if team != "" {
		row, err := Teams.Get(ctx, global, a.Network+"/"+team)
		if err != nil && !isNone(err) {
			return w, err
		}
		if err == nil {
			w.tenant, w.team = row.Val.Tenant, true
		}
	}
	row, err := accounts.Get(ctx, global, a.String())
	if isNone(err) && a.Team != "" {
		row, err = accounts.Get(ctx, global, Account{Network: a.Network, ID: a.ID}.String())
	}
	if isNone(err) {
		if team == "" && a.Team == "" {
			w.tenant, err = d.only(ctx)
			return w, err
		}
		return w, nil
	}
	if err != nil {
		return w, err
	}
	if w.tenant == "" && team == "" {
		switch refs := row.Val.People; {
		case len(refs) == 1:
			w.tenant = refs[0].Tenant
		case row.Val.Choice != "":
			w.tenant = row.Val.Choice
		default:
			for _, r := range refs {
				w.choice = append(w.choice, r.Tenant)
			}
			return w, nil
		}
	}
	for _, r := range row.Val.People {
		if r.Tenant != w.tenant {
			continue
		}
		p, err := People.Get(ctx, d.bot.db.In(r.Tenant), r.Person)
		if isNone(err) {
			continue
		}
		if err != nil {
			return w, err
		}
		if p.Val.Gone || !slices.ContainsFunc(p.Val.Accounts, func(x Account) bool {
			return x.ID == a.ID && x.Network == a.Network && (x.Team == a.Team || x.Team == "")
		}) {
			continue
		}
		w.person = p.Val
		w.person.ID, w.person.Tenant = p.ID, r.Tenant
	}
	return w, nil
}

// only is the tenant a stranger without a team can mean: the one there is. With
// several, or none, nobody is meant.
func (d *directory) only(ctx context.Context) (string, error) {
	ids, err := Tenants.Range(ctx, d.bot.db.In(""), "all", "", store.Span{Limit: 2})
	if err != nil || len(ids) != 1 {
		return "", err
	}
	return ids[0], nil
}

// PersonOf is the person behind an account in this tenant; ID "" when there is none.
func (c *Call) PersonOf(ctx context.Context, a Account) (Person, error) {
	if a.Network == c.bot.Fallback && a.Team == c.Tenant {
		p, err := c.PersonByID(ctx, a.ID)
		if isNone(err) {
			return Person{}, nil
		}
		return p, err
	}
	id, err := People.Owner(ctx, c.Scope, "account", a.String())
	if isNone(err) {
		id, err = People.Owner(ctx, c.Scope, "account", Account{Network: a.Network, ID: a.ID}.String())
	}
	if isNone(err) {
		return Person{}, nil
	}
	if err != nil {
		return Person{}, err
	}
	return c.PersonByID(ctx, id)
}

// PersonByID is a person of this tenant, gone ones too; ErrNone when there never was one.
func (c *Call) PersonByID(ctx context.Context, id string) (Person, error) {
	row, err := People.Cached(ctx, c.Scope, id)
	if err != nil {
		return Person{}, err
	}
	row.Val.ID, row.Val.Tenant = id, c.Tenant
	return row.Val, nil
}

// NameOf is how a person is called, "somebody" when not known any more.
func (c *Call) NameOf(ctx context.Context, id string) string {
	switch id {
	case "":
		return "Rapport"
	case c.Person.ID:
		return c.Person.Name
	}
	p, err := c.PersonByID(ctx, id)
	if err != nil || p.Name == "" {
		return "somebody"
	}
	return p.Name
}

// Claim binds a team to a tenant. A team never moves to another tenant.
func (b *Bot) Claim(ctx context.Context, network, team, tenant, by string, now time.Time) error {
	global := b.db.In("")
	id := network + "/" + team
	_, err := Teams.Get(ctx, global, id)
	if err == nil {
		return b.Claimable(ctx, network, team, tenant)
	}
	if !isNone(err) {
		return err
	}
	batch := global.Batch("")
	store.Put(batch, Teams, store.Row[Team]{ID: id, Val: Team{Tenant: tenant, By: by, At: now}})
	if err := global.Commit(ctx, batch); err != nil {
		return err
	}
	b.people.forget()
	return nil
}

// Claimable refuses a team that is another tenant's.
func (b *Bot) Claimable(ctx context.Context, network, team, tenant string) error {
	row, err := Teams.Get(ctx, b.db.In(""), network+"/"+team)
	if isNone(err) {
		return nil
	}
	if err == nil && row.Val.Tenant != tenant {
		return Faultf(Refused, "This workspace already belongs to another employer. An Admin of that one can release it with %s, from wherever they are.", Code("/rapport team release"))
	}
	return err
}

// Release frees a team: its events are strangers' from then on.
func (b *Bot) Release(ctx context.Context, network, team string) error {
	global := b.db.In("")
	row, err := Teams.Get(ctx, global, network+"/"+team)
	if isNone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	batch := global.Batch("")
	store.Delete(batch, Teams, row)
	err = global.Commit(ctx, batch)
	b.people.forget()
	return err
}

// SavePerson keeps a person (Rev 0 = new) and points their accounts to them. The
// person is the truth; the global pointers are written after it and again when a
// crash fell between.
func (b *Bot) SavePerson(ctx context.Context, tenant string, row store.Row[Person], with func(*store.Batch)) error {
	sc := b.db.In(tenant)
	batch := sc.Batch("")
	store.Put(batch, People, row)
	if with != nil {
		with(batch)
	}
	if err := sc.Commit(ctx, batch); err != nil {
		return err
	}
	defer b.people.forget()
	for _, a := range row.Val.Accounts {
		if err := b.point(ctx, a, PersonRef{tenant, row.ID}); err != nil {
			return err
		}
	}
	return nil
}

// point writes account → person into the global part, keeping other tenants' pointers.
func (b *Bot) point(ctx context.Context, a Account, ref PersonRef) error {
	global := b.db.In("")
	for try := 0; ; try++ {
		row, err := accounts.Get(ctx, global, a.String())
		if err != nil && !isNone(err) {
			return err
		}
		row.ID = a.String()
		row.Val.People = slices.DeleteFunc(slices.Clone(row.Val.People), func(r PersonRef) bool { return r.Tenant == ref.Tenant })
		row.Val.People = append(row.Val.People, ref)
		batch := global.Batch("")
		store.Put(batch, accounts, row)
		err = global.Commit(ctx, batch)
		var stale *store.Stale
		if err == nil || try > 4 || !errors.As(err, &stale) {
			return err
		}
	}
}

// Choose remembers which tenant an account means where a place belongs to none.
func (b *Bot) Choose(ctx context.Context, a Account, tenant string) error {
	global := b.db.In("")
	row, err := accounts.Get(ctx, global, a.String())
	if err != nil {
		return err
	}
	row.Val.Choice = tenant
	batch := global.Batch("")
	store.Put(batch, accounts, row)
	err = global.Commit(ctx, batch)
	b.people.forget()
	return err
}

// Forget drops what this process remembers of people and teams; call it after
// changing them.
func (b *Bot) Forget() { b.people.forget() }
