package store

import (
	"context"
	"slices"
)

// Secrets lists the names of the secrets kept in this scope, sorted.
func (sc Scope) Secrets(ctx context.Context) ([]string, error) {
	var out []string
	err := sc.db.secrets(ctx, func(s Scope, name, _ string) error {
		if s.tenant == sc.tenant {
			out = append(out, name)
		}
		return nil
	})
	slices.Sort(out)
	return out, err
}
