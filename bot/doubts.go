package bot

import (
	"context"
	"time"

	json "github.com/go-json-experiment/json/v1"
)

// Doubt is a message of which nobody knows whether it arrived, or that cannot be
// delivered.
type Doubt struct {
	ID   string
	To   string // person id; "" for a place
	Text string
	Why  string
	At   time.Time
}

// Doubts lists a tenant's messages in doubt, oldest first.
func (b *Bot) Doubts(ctx context.Context, tenant string) ([]Doubt, error) {
	list, err := b.db.OutDoubts(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var out []Doubt
	for _, d := range list {
		var o outBody
		if json.Unmarshal(d.Out.Body, &o) != nil {
			continue
		}
		text := o.Message.Text
		if text == "" {
			text = brief(o.Message.Blocks)
		}
		out = append(out, Doubt{ID: d.ID, To: o.To, Text: text, Why: d.Why, At: d.At})
	}
	return out, nil
}

// Revive puts something given up back where it came from.
func (b *Bot) Revive(ctx context.Context, tenant, id string) error {
	return b.db.DeadRetry(ctx, tenant, id)
}

// TenantsOf lists the employers that know an account, by name.
func (b *Bot) TenantsOf(ctx context.Context, a Account) ([]Option, error) {
	global := b.db.In("")
	row, err := accounts.Get(ctx, global, a.String())
	if isNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Option
	for _, p := range row.Val.People {
		t, err := Tenants.Get(ctx, global, p.Tenant)
		if err != nil && !isNone(err) {
			return nil, err
		}
		name := t.Val.Name
		if name == "" {
			name = p.Tenant
		}
		out = append(out, Option{Value: p.Tenant, Label: name})
	}
	return out, nil
}
