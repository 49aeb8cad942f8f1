package discordtest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Kind says what is wrong with something the app did.
type Kind string

const (
	Refused Kind = "refused" // the real Discord answers with an error or closes
	Broken  Kind = "broken"  // Discord takes it, but a person sees something broken
	Lint    Kind = "lint"    // tolerated or not foreseeable, and still worth knowing
)

// Fault is one thing the app did wrong. Code is Discord's error code or
// gateway close code, 0 if there is none; Where is a method and path, an
// event or a place; Errors is the nested errors object of a 50035.
type Fault struct {
	Kind   Kind
	Code   int
	Status int
	Where  string
	Text   string
	Errors string
}

// String is the fault on one line.
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s", f.Kind, f.Where, f.Text)
	if f.Code != 0 {
		fmt.Fprintf(&b, " (%d)", f.Code)
	}
	if f.Errors != "" {
		b.WriteString(" " + f.Errors)
	}
	return b.String()
}

// Faults lists what the app did that Discord would refuse or a person would
// see as broken, oldest first.
func (s *Server) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return append([]Fault(nil), s.faults...)
}

// TakeFaults is Faults, and forgets them: for a test that caused them.
func (s *Server) TakeFaults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	taken := s.faults
	s.faults = nil
	return taken
}

// Lints lists what is tolerated or could not be foreseen by the app.
func (s *Server) Lints() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Fault(nil), s.lints...)
}

// note writes a fault down. The lock is held.
func (s *Server) note(f Fault) {
	if f.Kind == Lint {
		s.lints = append(s.lints, f)
	} else {
		s.faults = append(s.faults, f)
	}
	s.signal()
}

func (s *Server) broken(where, format string, args ...any) {
	s.note(Fault{Kind: Broken, Where: where, Text: fmt.Sprintf(format, args...)})
}

func (s *Server) lint(where, format string, args ...any) {
	s.note(Fault{Kind: Lint, Where: where, Text: fmt.Sprintf(format, args...)})
}

// compact is v as JSON on one line, for fault texts.
func compact(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
