package store

import "time"

// Hold is the moment at which a process was handed something to do. It goes by
// the machine's clock, which runs on while the process is stopped: one that
// slept must ask whether what it holds is still its own.
type Hold struct{ at time.Time }

// NewHold is a hold that begins now.
func NewHold() Hold { return Hold{time.Now()} }

// Younger says whether the hold began less than d ago.
func (h Hold) Younger(d time.Duration) bool { return time.Since(h.at) < d }
