package store

import (
	"crypto/rand"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// entropy rises within a millisecond, so that ids sort as they were made.
var entropy = struct {
	sync.Mutex
	*ulid.MonotonicEntropy
}{MonotonicEntropy: ulid.Monotonic(rand.Reader, 0)}

// NewID is a short prefix, "_" and a lower-case ULID of now ("c_01j…"). Ids
// sort by time. They are not secret.
func NewID(prefix string, now time.Time) string {
	entropy.Lock()
	id, err := ulid.New(ulid.Timestamp(now), entropy.MonotonicEntropy)
	entropy.Unlock()
	if err != nil { // the millisecond's entropy ran over
		id = ulid.MustNew(ulid.Timestamp(now), rand.Reader)
	}
	s := strings.ToLower(id.String())
	if prefix == "" {
		return s
	}
	return prefix + "_" + s
}

// isID says whether NewID made s.
func isID(s string) bool {
	const ulidLen = 26
	if len(s) <= ulidLen+1 || s[len(s)-ulidLen-1] != '_' {
		return false
	}
	for i := len(s) - ulidLen; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
