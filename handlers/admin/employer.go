package admin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// NewEmployer makes a tenant with a name and a setup code for it. One that is there
// already gets another code for as long as nobody is its Admin; else it is refused.
func NewEmployer(ctx context.Context, db *store.DB, name string, now time.Time) (tenant, setup string, err error) {
	name = bot.Clip(strings.TrimSpace(bot.Flat(name)), 100)
	id := tenantID(name)
	if id == "" {
		return "", "", fmt.Errorf("the employer's name %q has no letter a-z and no digit, which its id is made of; name it so that it has", name)
	}
	global := db.In("")
	switch row, err := bot.Tenants.Get(ctx, global, id); {
	case errors.Is(err, store.ErrNone):
		batch := global.Batch("")
		store.Put(batch, bot.Tenants, store.Row[bot.Tenant]{ID: id, Val: bot.Tenant{Name: name, Created: now}})
		if err := global.Commit(ctx, batch); err != nil {
			return "", "", err
		}
	case err != nil:
		return "", "", err
	default:
		has, err := hasAdmin(ctx, db, id)
		if err != nil {
			return "", "", err
		}
		if has {
			return "", "", fmt.Errorf("the employer %q (tenant %s) is there already and has an Admin, who adds workspaces with /rapport team invite. Choose another name for a new employer", row.Val.Name, id)
		}
	}
	setup, err = NewSetupCode(ctx, db, id, now)
	return id, setup, err
}

// tenantID makes an id of a name: a-z, 0-9 and single dashes.
func tenantID(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Trim(bot.Clip(strings.Join(words, "-"), 40), "-…")
}

func hasAdmin(ctx context.Context, db *store.DB, tenant string) (bool, error) {
	has := false
	err := bot.People.Each(ctx, db.In(tenant), func(r store.Row[bot.Person]) error {
		has = has || !r.Val.Gone && r.Val.Roles&recruiting.Admin != 0
		return nil
	})
	return has, err
}

// employer is what a tenant is called.
func employer(ctx context.Context, db *store.DB, tenant string) (string, error) {
	row, err := bot.Tenants.Get(ctx, db.In(""), tenant)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return "", err
	}
	return first(row.Val.Name, tenant), nil
}
