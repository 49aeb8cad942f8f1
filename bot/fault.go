package bot

import (
	"errors"
	"fmt"
)

// FaultKind sorts what can go wrong by whose move is next.
type FaultKind int

const (
	Invalid     FaultKind = iota + 1 // the words given do not work; say which ones do
	Missing                          // no such thing, or not theirs to see: both read the same
	Forbidden                        // they may not; Say tells who may
	Refused                          // a rule of the product says no, and why
	Ambiguous                        // several things fit; Options name them
	Stale                            // it changed since they looked
	Unavailable                      // not now; trying again later helps
)

// Fault is an error with words for the person who asked. Any other error is our
// trouble: it is logged whole under a reference and shown as one plain sentence.
type Fault struct {
	Kind    FaultKind
	Say     string            // what is wrong and what to do next, in a sentence or two
	Field   string            // the argument concerned, where there is one
	Fields  FieldErrors       // several arguments at once
	Options []Option          // Ambiguous: what might be meant; picking one fills Field
	Buttons []Button          // ways on
	Facts   map[string]string // ids and field names for the log and the counters, never free text
	Err     error             // what lies beneath, for the log
}

func (f *Fault) Error() string {
	if f.Err != nil {
		return f.Say + ": " + f.Err.Error()
	}
	return f.Say
}

func (f *Fault) Unwrap() error { return f.Err }

// Faultf makes a fault of a kind with a sentence for the asker.
func Faultf(kind FaultKind, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Say: fmt.Sprintf(format, args...)}
}

// In names the argument a fault is about.
func (f *Fault) In(field string) *Fault { f.Field = field; return f }

// With adds ways on, shown as buttons below the sentence.
func (f *Fault) With(b ...Button) *Fault { f.Buttons = append(f.Buttons, b...); return f }

// IsFault reports whether err is, or wraps, a fault of that kind.
func IsFault(err error, kind FaultKind) bool {
	var f *Fault
	return errors.As(err, &f) && f.Kind == kind
}
