package bot

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"reflect"
	"strings"
	"time"

	json "github.com/go-json-experiment/json/v1"

	"rapport/store"
)

// token is what a button, menu or form carries to and from a network: the act so
// far and what it is bound to. Networks that carry little get a short name of it,
// kept in the store.
type token struct {
	Tenant string          `json:"t,omitempty"`
	Act    string          `json:"a"`
	Args   json.RawMessage `json:"v,omitempty"`
	OK     bool            `json:"k,omitempty"` // confirmed after a preview
	Rev    string          `json:"r,omitempty"` // of that preview
	Once   string          `json:"n,omitempty"` // pressed twice, done once
	Field  string          `json:"f,omitempty"` // a menu's pick fills it
	For    string          `json:"p,omitempty"` // the only person who may press it; "" = whoever may do the act
	Until  int64           `json:"e"`           // unix seconds
	Again  bool            `json:"g,omitempty"` // opens the form once more, as it was filled in
	Form   bool            `json:"o,omitempty"` // of a form; its fields come filled in
	More   bool            `json:"m,omitempty"` // opens the rest of a form that did not fit
	Asked  []string        `json:"s,omitempty"` // fields of the steps before
	First  []string        `json:"b,omitempty"` // fields to show first: what is to be corrected
	Typed  bool            `json:"w,omitempty"` // of a choice between several that fit: the other words stand as typed
}

const (
	buttonLife = 30 * 24 * time.Hour
	undoLife   = 10 * time.Minute
	formLife   = 24 * time.Hour
)

// sealer makes tokens nobody can forge or read.
type sealer struct{ aead cipher.AEAD }

var b64 = base64.RawURLEncoding

func (s sealer) seal(t token) (string, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	buf := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	rand.Read(buf)
	return b64.EncodeToString(s.aead.Seal(buf, buf, plain, nil)), nil
}

func (s sealer) open(text string) (token, bool) {
	var t token
	raw, err := b64.DecodeString(text)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return t, false
	}
	plain, err := s.aead.Open(nil, raw[:s.aead.NonceSize()], raw[s.aead.NonceSize():], nil)
	if err != nil || json.Unmarshal(plain, &t) != nil {
		return t, false
	}
	return t, true
}

// short marks a token that stands in the store: "~tenant.id". One that opens a form
// ends in formMark, so that this is known before the store is asked.
const (
	short    = "~"
	formMark = "!"
)

// mint turns t into text of at most size bytes; a token too long for the network
// is kept by the batch and only its name goes out.
func (b *Bot) mint(t token, size int, now time.Time, batch func() *store.Batch) (string, error) {
	text, err := b.sealer.seal(t)
	if err != nil || size <= 0 || len(text) <= size {
		return text, err
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	id := secret(16)
	batch().Token("act/"+id, raw, time.Unix(t.Until, 0).Sub(now))
	name := short + t.Tenant + "." + id
	if c := b.byName[t.Act]; c != nil && !t.Form {
		if act, err := c.decode(t.Args); err == nil && c.wants(act, t) {
			name += formMark
		}
	}
	return name, nil
}

// openToken reads a token back. A fault says what to do when it is too old.
func (b *Bot) openToken(ctx context.Context, text string, now time.Time) (token, error) {
	var t token
	var ok bool
	if rest, isShort := strings.CutPrefix(text, short); isShort {
		tenant, id, _ := strings.Cut(strings.TrimSuffix(rest, formMark), ".")
		raw, err := b.db.In(tenant).Token(ctx, "act/"+id)
		if err != nil && !isNone(err) {
			return t, err
		}
		ok = err == nil && json.Unmarshal(raw, &t) == nil
	} else {
		t, ok = b.sealer.open(text)
	}
	if !ok || now.Unix() > t.Until {
		return t, Faultf(Stale, "That button is too old to use. Type the command again, or open the record for a fresh card.")
	}
	return t, nil
}

// secret is n random bytes as text.
func secret(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return b64.EncodeToString(raw)
}

// stamp gives every button and menu of a message its token.
func (b *Bot) stamp(m *Message, tenant string, a Abilities, now time.Time, batch func() *store.Batch) error {
	for i, blk := range m.Blocks {
		switch blk := blk.(type) {
		case Buttons:
			out := make([]Button, len(blk.Buttons))
			for j, x := range blk.Buttons {
				if err := b.stampButton(&x, tenant, a, now, batch); err != nil {
					return err
				}
				out[j] = x
			}
			m.Blocks[i] = Buttons{out}
		case Choices:
			if blk.Do == nil {
				continue
			}
			name, raw, err := b.encode(blk.Do)
			if err != nil {
				return err
			}
			t := token{Tenant: tenant, Act: name, Args: raw, Field: blk.Field, Until: now.Add(buttonLife).Unix()}
			if blk.Token, err = b.mint(t, a.TokenSize, now, batch); err != nil {
				return err
			}
			blk.Do = nil
			m.Blocks[i] = blk
		}
	}
	return nil
}

// pressed is a button whose token is more than its act: the kernel's own.
type pressed struct {
	act  any
	tok  token
	life time.Duration
}

func (b *Bot) stampButton(x *Button, tenant string, a Abilities, now time.Time, batch func() *store.Batch) error {
	if x.Do == nil {
		return nil
	}
	p, ok := x.Do.(pressed)
	if !ok {
		p = pressed{act: x.Do, life: buttonLife}
	}
	c := b.byType[reflect.TypeOf(p.act)]
	name, raw, err := b.encode(p.act)
	if err != nil {
		return err
	}
	t := p.tok
	t.Tenant, t.Act, t.Args, t.Until = tenant, name, raw, now.Add(p.life).Unix()
	x.Form = c.wants(p.act, t)
	x.Do = nil
	x.Token, err = b.mint(t, a.TokenSize, now, batch)
	return err
}
