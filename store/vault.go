package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// ErrNoKey says that something is sealed, or to be sealed, and no key is
// configured.
var ErrNoKey = errors.New("store: no sealing key is configured (RAPPORT_SECRET_KEY)")

// ErrWrongKey says that no configured key opens it, or that it was meant for
// another place.
var ErrWrongKey = errors.New("store: no configured key opens this")

// ring holds the key that seals and all keys that open, by their ids.
type ring struct {
	seal keyed
	open map[[4]byte]keyed
}

type keyed struct {
	id [4]byte
	cipher.AEAD
}

const sealedVersion = 1

// newRing derives a key from each piece of key material (RFC 5869); the first
// seals. Nothing at all makes a ring that can do neither.
func newRing(secret []byte, old [][]byte) (*ring, error) {
	r := &ring{open: map[[4]byte]keyed{}}
	for i, material := range append([][]byte{secret}, old...) {
		if len(material) == 0 {
			continue
		}
		if len(material) < 16 {
			return nil, errors.New("store: the sealing key is shorter than 16 bytes")
		}
		k, err := newKeyed(material)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			r.seal = k
		}
		r.open[k.id] = k
	}
	return r, nil
}

func newKeyed(material []byte) (keyed, error) {
	var k keyed
	both, err := hkdf.Key(sha256.New, material, nil, "rapport store vault", 36)
	if err != nil {
		return k, err
	}
	block, err := aes.NewCipher(both[:32])
	if err != nil {
		return k, err
	}
	k.AEAD, err = cipher.NewGCMWithRandomNonce(block)
	copy(k.id[:], both[32:])
	return k, err
}

// Seal encrypts plain (AES-256-GCM) for the place that aad names; Unseal
// needs the same aad. Without a key it returns ErrNoKey.
func (db *DB) Seal(aad string, plain []byte) ([]byte, error) {
	if db.ring.seal.AEAD == nil {
		return nil, ErrNoKey
	}
	return db.ring.seal.sealed(aad, plain), nil
}

// Unseal decrypts what Seal made, with the present or a former key.
func (db *DB) Unseal(aad string, sealed []byte) ([]byte, error) { return db.ring.unseal(aad, sealed) }

func (k keyed) sealed(aad string, plain []byte) []byte {
	out := append([]byte{sealedVersion}, k.id[:]...)
	return k.AEAD.Seal(out, nil, plain, []byte(aad))
}

func (r *ring) unseal(aad string, sealed []byte) ([]byte, error) {
	if len(r.open) == 0 {
		return nil, ErrNoKey
	}
	if len(sealed) < 5 || sealed[0] != sealedVersion {
		return nil, ErrWrongKey
	}
	k, ok := r.open[[4]byte(sealed[1:5])]
	if !ok {
		return nil, ErrWrongKey
	}
	plain, err := k.Open(nil, nil, sealed[5:], []byte(aad))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrWrongKey, aad)
	}
	return plain, nil
}

// NewKey is fresh key material for Options.Secret.
func NewKey() []byte {
	b := make([]byte, 32)
	rand.Read(b)
	return b
}
