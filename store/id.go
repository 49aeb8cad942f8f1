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
