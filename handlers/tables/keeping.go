package tables

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// Keeping is how long a tenant keeps people's data, and the salt under which it
// remembers those it has erased. There is one row, id "tenant".
type Keeping struct {
	Months int       `json:"months,omitempty"` // after the last outcome; 0 = recruiting.RetentionMonths
	Salt   []byte    `json:"salt,omitempty"`
	Later  time.Time `json:"later,omitzero"` // an Admin wants to be asked again then, not before
}

// Keepings holds the one row of a tenant.
var Keepings = store.NewTable("keeping", store.Def[Keeping]{Whose: store.Nobody[Keeping]})

// ReadKeeping is the tenant's row; Rev 0 and no salt while nobody has set anything.
func ReadKeeping(ctx context.Context, c *bot.Call) (store.Row[Keeping], error) {
	row, err := Keepings.Get(ctx, c.Scope, "tenant")
	if errors.Is(err, store.ErrNone) {
		return store.Row[Keeping]{ID: "tenant"}, nil
	}
	return row, err
}

// Suppression says that the data of whoever has this key was erased. Its id is the
// salted hash of the key, from which nobody can be found again.
type Suppression struct {
	At time.Time `json:"at"`
}

// Suppressions by hash.
var Suppressions = store.NewTable("suppression", store.Def[Suppression]{Whose: store.Nobody[Suppression]})

// Suppress stages that none of a candidate's addresses, numbers and external ids
// may come back by an import.
func Suppress(ctx context.Context, c *bot.Call, who recruiting.Candidate) error {
	keeping, err := ReadKeeping(ctx, c)
	if err != nil {
		return err
	}
	if len(keeping.Val.Salt) == 0 {
		keeping.Val.Salt = make([]byte, 32)
		rand.Read(keeping.Val.Salt)
		store.Put(c.Batch(), Keepings, keeping)
	}
	for _, k := range who.Keys() {
		id := hashed(keeping.Val.Salt, k)
		row, err := Suppressions.Get(ctx, c.Scope, id)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return err
		}
		row.ID, row.Val = id, Suppression{At: c.Now}
		store.Put(c.Batch(), Suppressions, row)
	}
	return nil
}

// Suppressed says since when a candidate's data is erased: imports leave such
// people out, and a colleague is asked. ok is false when nothing was erased.
func Suppressed(ctx context.Context, c *bot.Call, who recruiting.Candidate) (at time.Time, ok bool, err error) {
	keeping, err := Keepings.Cached(ctx, c.Scope, "tenant")
	if err == nil && len(keeping.Val.Salt) == 0 { // the first erasure may have been another process's
		keeping, err = Keepings.Get(ctx, c.Scope, "tenant")
	}
	if errors.Is(err, store.ErrNone) || err == nil && len(keeping.Val.Salt) == 0 {
		return at, false, nil
	}
	if err != nil {
		return at, false, err
	}
	var ids []string
	for _, k := range who.Keys() {
		ids = append(ids, hashed(keeping.Val.Salt, k))
	}
	rows, err := Suppressions.Many(ctx, c.Scope, ids)
	if err != nil || len(rows) == 0 {
		return at, false, err
	}
	return rows[0].Val.At, true, nil
}

// Unsuppress stages that somebody who came back by their own wish is known again.
func Unsuppress(ctx context.Context, c *bot.Call, who recruiting.Candidate) error {
	keeping, err := ReadKeeping(ctx, c)
	if err != nil || len(keeping.Val.Salt) == 0 {
		return err
	}
	for _, k := range who.Keys() {
		row, err := Suppressions.Get(ctx, c.Scope, hashed(keeping.Val.Salt, k))
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return err
		}
		store.Delete(c.Batch(), Suppressions, row)
	}
	return nil
}

func hashed(salt []byte, key string) string {
	h := hmac.New(sha256.New, salt)
	h.Write([]byte(key))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
