package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strconv"
	"sync"
	"time"
)

// verifier checks Slack's request signatures (docs.slack.dev/authentication/verifying-requests-from-slack).
type verifier struct {
	set  bool
	pool sync.Pool
}

// signer is one keyed hash with room for its sum.
type signer struct {
	mac  hash.Hash
	sum  [sha256.Size]byte
	want [sha256.Size]byte
	head [32]byte
}

const tolerance = 5 * time.Minute

func newVerifier(secret string) *verifier {
	key := []byte(secret)
	return &verifier{set: secret != "", pool: sync.Pool{New: func() any { return &signer{mac: hmac.New(sha256.New, key)} }}}
}

// check says in a metric's word what is wrong with a request, "" when it is Slack's. The body is
// the raw one.
func (v *verifier) check(stamp, signature string, body []byte, now time.Time) string {
	if !v.set {
		return "no_secret"
	}
	sec, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || len(stamp) > 20 {
		return "bad_timestamp"
	}
	if d := now.Unix() - sec; d > int64(tolerance/time.Second) || d < -int64(tolerance/time.Second) {
		return "stale"
	}
	s := v.pool.Get().(*signer)
	defer v.pool.Put(s)
	if len(signature) != 3+2*sha256.Size || signature[:3] != "v0=" {
		return "bad_signature"
	}
	if !unhexInto(s.want[:], signature[3:]) {
		return "bad_signature"
	}
	s.mac.Reset()
	head := append(s.head[:0], "v0:"...)
	head = append(head, stamp...)
	head = append(head, ':')
	s.mac.Write(head)
	s.mac.Write(body)
	if !hmac.Equal(s.mac.Sum(s.sum[:0]), s.want[:]) {
		return "bad_signature"
	}
	return ""
}

func unhexInto(dst []byte, s string) bool {
	for i := range dst {
		hi, lo := unhex(s[2*i]), unhex(s[2*i+1])
		if hi > 15 || lo > 15 {
			return false
		}
		dst[i] = hi<<4 | lo
	}
	return true
}
