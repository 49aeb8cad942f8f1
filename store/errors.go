package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// ErrNone says that there is no such row, owner, token or secret.
var ErrNone = errors.New("store: not there")

// ErrFenced says that a lease has a newer owner; nothing was changed.
var ErrFenced = errors.New("store: the lease has a newer owner")

// ErrTooBig says that a batch holds more than 200 writes or 4 MB.
var ErrTooBig = errors.New("store: too much for one commit")

// Stale says that a row read for a commit has changed; nothing was written.
type Stale struct{ Table, ID string }

func (e *Stale) Error() string { return fmt.Sprintf("store: %s %s has changed", e.Table, e.ID) }

// Seen says that the event was handled by another attempt, and how it was answered.
type Seen struct{ Reply []byte }

func (e *Seen) Error() string { return "store: already handled" }

// Taken says that another row holds the external id.
type Taken struct{ System, ID, Row string }

func (e *Taken) Error() string {
	return fmt.Sprintf("store: %s %q belongs to %s", e.System, e.ID, e.Row)
}

// TooLate says that an outgoing message is being sent or was sent.
type TooLate struct{ ID string }

func (e *TooLate) Error() string { return fmt.Sprintf("store: %s is on its way", e.ID) }

// Gone says that a token, timer or letter that had to be there no longer is.
type Gone struct{ ID string }

func (e *Gone) Error() string { return fmt.Sprintf("store: %s is gone", e.ID) }

// Unavailable says that Redis did not answer. Whether a commit was applied is
// unknown; the same operation id may be committed again safely.
type Unavailable struct{ Err error }

func (e *Unavailable) Error() string { return "store: Redis does not answer: " + e.Err.Error() }
func (e *Unavailable) Unwrap() error { return e.Err }

// refusals are answers by which a Redis says that it cannot serve now.
var refusals = []string{"LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "OOM", "MISCONF", "NOREPLICAS", "BUSY", "MOVED", "ASK", "UNBLOCKED", "max number of clients", "ERR max number of clients"}

// unavailable tells trouble with Redis itself from an answer.
func unavailable(err error) error {
	if err == nil || errors.Is(err, redis.Nil) {
		return err
	}
	var already *Unavailable
	if errors.As(err, &already) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &Unavailable{err}
	}
	var answer redis.Error
	if !errors.As(err, &answer) {
		return &Unavailable{err}
	}
	for _, r := range refusals {
		if strings.HasPrefix(answer.Error(), r) {
			return &Unavailable{err}
		}
	}
	return err
}
