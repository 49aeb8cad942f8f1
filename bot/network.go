package bot

import (
	"context"
	"time"
)

// Network is one way to reach people. Adapters implement it; the conformance
// suite in bottest checks that what Abilities claims is true.
type Network interface {
	Name() string
	Abilities() Abilities
	// Declare tells the network which commands there are, where it wants to know.
	Declare(ctx context.Context, d []Declared) error
	// Listen hands every event to receive until ctx ends or the network refuses for
	// good. receive returns an error only when the event could be neither done nor
	// kept: then it must not be acknowledged, so that it comes again. Listen must
	// not wait for one event before it takes the next.
	Listen(ctx context.Context, receive func(context.Context, Event) error) error
	// Resume makes a Turn from a handle, also one of another process.
	Resume(handle []byte) (Turn, error)
	// Send posts m. key is stable over repeats of the same message. It returns the
	// message's id for Edit. Faults: Unavailable = try again (RetryAfter in a
	// *Wait), Missing or Forbidden = it will never work; any other error = in doubt.
	Send(ctx context.Context, p Place, m Message, key string) (id string, err error)
}

// Editor is a network that can change what it sent.
type Editor interface {
	Edit(ctx context.Context, p Place, id string, m Message) error
}

// Finder is a network that can be asked whether a message with this key arrived.
type Finder interface {
	Lookup(ctx context.Context, p Place, key string) (id string, found bool, err error)
}

// Profiler is a network that can be asked about an account.
type Profiler interface {
	Profile(ctx context.Context, a Account) (Profile, error)
}

// Grouper is a network that knows groups of accounts (user groups, roles).
type Grouper interface {
	// Group lists a group named by its id or mark as the network writes it.
	Group(ctx context.Context, team, id string) (name string, members []Account, err error)
}

// Audience is a network that can say who reads a place.
type Audience interface {
	// Readers lists the accounts that read p now; more is true when there are others not listed.
	Readers(ctx context.Context, p Place) (readers []Account, more bool, err error)
}

// Checker is a network that can say in words what is wrong with its own set-up:
// tokens, scopes, intents.
type Checker interface {
	Check(ctx context.Context) []Finding
}

// Finding is one line of `rapport doctor`.
type Finding struct {
	OK   bool
	What string // "Slack token", "Discord message content"
	Say  string // what is the case and, if not OK, what to do
}

// Wait is an error that says when to try again.
type Wait struct {
	For time.Duration
	Err error
}

func (w *Wait) Error() string { return "try again in " + w.For.String() }
func (w *Wait) Unwrap() error { return w.Err }

// Abilities are a network's limits and what it supports. Lengths are in
// characters; 0 means it cannot do that at all, unless said otherwise.
type Abilities struct {
	Text       int // longest Message.Text
	Blocks     int // most parts in a message
	Para       int // longest Para
	Note       int
	Heading    int
	Facts      int // most facts in one block; 0 = shown as lines
	FactName   int
	FactValue  int
	Tables     int // most tables in a message; 0 = shown as lines
	TableRows  int
	TableCols  int
	TableChars int // all cells together
	Charts     int
	Images     bool
	ButtonRow  int // most buttons in one Buttons block
	ButtonsAll int // most buttons in a message; 0 = no limit but Blocks
	Label      int // longest button label
	TokenSize  int // longest token on a button, bytes
	Options    int // most options of a menu
	OptionText int
	OptionHint int
	FormFields int // most fields of one form; more are asked in steps joined by a button
	FormTitle  int
	FormLabel  int
	FormHint   int
	FormLine   int // longest value of a Line
	FormLong   int
	FormToken  int         // longest token of a form, bytes
	FormKinds  []FieldKind // kinds it has; others are asked as a Line
	Suggest    int         // most suggestions
	Moments    bool        // shows each reader their own local time
	Private    bool        // can answer so that only the asker sees it
	Home       bool
	Edit       bool // can change what it sent
	Lookup     bool // can be asked whether a message arrived
	// FormFrom says whether a form can be opened straight from a form's submission.
	FormFrom bool
	// FormHold says that the place of a form can be opened before the form is made
	// (Turn.Hold); from then on the form may take its time.
	FormHold bool
	Patience time.Duration // how long the network waits for the first answer
	Window   time.Duration // how long an exchange can be answered after that
}

// Surface says where else a command is offered.
type Surface uint

const (
	OnHome     Surface = 1 << iota // in the menu of the home page
	OnShortcut                     // in the network's global menu of the bot
	OnMessage                      // on any message
	OnPerson                       // on any person
	Hidden                         // not listed: a command only buttons and timers use
)

// Declared is a command as adapters, help and docs see it.
type Declared struct {
	Name    string // "candidate move"
	Short   string // "move"; "" when there is no alias
	Help    string // one line
	Example string // the words after the slash
	Who     Role
	WhoSaid string // who may, in words
	On      Surface
	Reads   bool
	Fields  []Field
	Title   string // what a menu calls it: "Move candidate"
}
