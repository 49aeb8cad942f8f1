package bot

import (
	"context"
	"strings"
	"time"
)

// Account is how one network knows somebody.
type Account struct {
	Network string `json:"n"` // the adapter's Name
	Team    string `json:"t"` // workspace, organisation; "" where ids are the whole network's (then only Place names the server)
	ID      string `json:"i"`
}

// String is the account as one word, the key it is kept under.
func (a Account) String() string { return a.Network + "/" + a.Team + "/" + a.ID }

// Zero reports whether no account is named.
func (a Account) Zero() bool { return a.ID == "" }

// ParseAccount reads what String wrote.
func ParseAccount(s string) (Account, bool) {
	n, rest, ok1 := strings.Cut(s, "/")
	t, id, ok2 := strings.Cut(rest, "/")
	return Account{Network: n, Team: t, ID: id}, ok1 && ok2 && id != ""
}

// Place is where something is said: a channel, a thread in it, or a direct
// conversation with one account.
type Place struct {
	Network string `json:"n"`
	Team    string `json:"t,omitempty"`
	Channel string `json:"c,omitempty"` // the network's id; "" with To set: the direct conversation, opened when needed
	Thread  string `json:"h,omitempty"`
	To      string `json:"o,omitempty"` // account id whose direct conversation is meant
	Direct  bool   `json:"d,omitempty"` // only this person and the bot read here
}

// Key is the place as one word: messages to one key keep their order.
func (p Place) Key() string {
	return p.Network + "/" + p.Team + "/" + p.Channel + "/" + p.To + "/" + p.Thread
}

// Event is one thing that happened on a network, decoded and not yet judged.
type Event struct {
	ID   string   // the same on every delivery of the same thing, unique otherwise
	Also []string // further keys under which it may come again (channel and timestamp of a message)
	From Account
	Name string // how the network shows the sender, for greetings and logs of strangers; may be empty
	// Guest is set unless the network vouches that this account is a full member of
	// the employer's own team: guests, shared channels, strangers, and everybody on
	// networks whose servers anyone may join.
	Guest bool
	Place Place
	At    time.Time
	Body  Body
	Turn  Turn // nil where nothing can be answered
}

// sender is whose event it is: From, or somebody unknown of the network it came from,
// such as whoever deleted a message.
func (e Event) sender() Account {
	a := e.From
	if a.Network == "" {
		a.Network = e.Place.Network
	}
	return a
}

// Body is what happened: Said, Edited, Deleted, Asked, Pressed, Filled, Suggest,
// Opened, Reacted, Profiled, Joined, Left, Uninstalled.
type Body interface{ body() }

type (
	// Said is talk: a message in a direct conversation, a mention, a reply in a
	// thread the bot is part of. Mentions are marks; the bot's own is taken off.
	Said struct {
		Text    string
		Message string // id of the message
		Mention bool   // addressed to the bot
		Files   []File
	}
	// Edited is a message whose words changed.
	Edited struct{ Message, Text string }
	// Deleted is a message taken away.
	Deleted struct{ Message string }
	// Asked is a command: its words as typed after the slash ("candidate move Ada
	// to:Onsite", "move Ada …"), or name and typed options where the network has them.
	Asked struct {
		Text  string
		Name  string            // "candidate move"; then Args holds the rest
		Args  map[string]string // by field name; member fields hold a Mention mark or an account id
		Files map[string][]File // by field name
		On    *Target           // what a shortcut was used on
	}
	// Pressed is a button or a menu; Token is what the kernel gave it.
	Pressed struct {
		Token   string
		Values  []string // picks of a menu
		Message string   // id of the message it stands in, where it can be replaced
	}
	// Filled is a form sent in. Values are by field name; several picks are joined by newlines.
	Filled struct {
		Token  string
		Values map[string]string
		Files  map[string][]File
	}
	// Suggest asks for options while somebody types into a field.
	Suggest struct {
		Token string            // of the form or menu; or
		Name  string            // the command's name
		Field string            //
		Typed string            //
		Args  map[string]string // what else is filled in by now
	}
	// Opened is somebody looking at their home page of the bot.
	Opened struct{}
	// Reacted is an emoji put on (or taken off) a message.
	Reacted struct {
		Message, Emoji string
		Off            bool
	}
	// Profiled tells what a network knows of an account now.
	Profiled struct{ Profile Profile }
	// Joined is an account (or the bot itself, Self) that came into Place.
	Joined struct {
		Account Account
		Self    bool
	}
	// Left is an account that is gone from its team: left, removed, deactivated.
	Left struct{ Account Account }
	// Uninstalled is the bot removed from a team, or its tokens revoked.
	Uninstalled struct{}
)

func (Said) body()        {}
func (Edited) body()      {}
func (Deleted) body()     {}
func (Asked) body()       {}
func (Pressed) body()     {}
func (Filled) body()      {}
func (Suggest) body()     {}
func (Opened) body()      {}
func (Reacted) body()     {}
func (Profiled) body()    {}
func (Joined) body()      {}
func (Left) body()        {}
func (Uninstalled) body() {}

// Target is what a shortcut was used on: a message or a person.
type Target struct {
	Message string
	Text    string
	Link    string // where a reader finds the message, if known
	Author  Account
	Person  Account
	Files   []File
	Tokens  []string // what buttons on the message carry; those of others mean nothing
}

// File is something attached. The kernel hands on where it is; features decide
// whether to fetch it.
type File struct {
	Name string
	Type string
	Size int64
	URL  string // "" where the network does not say where it lies
	ID   string
}

// MessageKey names a message the same in every event about it, wherever in its
// channel it stands; "" without a message.
func MessageKey(p Place, message string) string {
	if message == "" {
		return ""
	}
	return p.Network + "/" + p.Team + "/" + p.Channel + "/" + message
}

// Profile is what a network tells of an account.
type Profile struct {
	Account Account
	Name    string
	Email   string // "" when not told
	Zone    string // IANA; "" when not told
	Locale  string // BCP 47; "" when not told
	Member  bool   // a full, living, human member of the team
}

// Visibility says who reads an answer.
type Visibility int

const (
	Private Visibility = iota // only the one who asked
	Public                    // everybody in the place
)

// Turn is the adapter's half of one exchange: how to answer this very event. Each
// method may fail with a *Fault of kind Unavailable when the network's patience
// is over. A Turn is used by one goroutine at a time, except Ack, which may be
// called while nothing else has been.
type Turn interface {
	// Ack says "wait a moment". Visibility is fixed here on some networks.
	Ack(ctx context.Context, v Visibility) error
	// Open shows a form; only while the network's patience lasts, never after Ack,
	// unless Hold has opened its place.
	Open(ctx context.Context, f Form) error
	// Hold opens the place of a form that is still being made, while the network's
	// patience lasts: Open then fills it, at any later time and also after Ack, and Say
	// or Replace put words there. Where its reader has closed it by then, Open does
	// nothing and words go another way. Only where Abilities.FormHold; Ack may be
	// called meanwhile.
	Hold(ctx context.Context, title string) error
	// Refuse shows a form's errors in place. Only as the answer to Filled.
	Refuse(ctx context.Context, e FieldErrors) error
	// Suggest answers a Suggest event.
	Suggest(ctx context.Context, o []Option) error
	// Say answers, in place of the Ack where there was one. Saying again adds.
	Say(ctx context.Context, m Message) error
	// Replace puts m in the place of the message whose button was pressed; where
	// there is none, or where others read that message and m is private, it says it.
	Replace(ctx context.Context, m Message) error
	// Done ends an exchange that has nothing to show.
	Done(ctx context.Context) error
	// Handle is what another process needs to go on with this exchange through
	// Network.Resume; nil where that cannot be. Secret: it is sealed before it is kept.
	Handle() []byte
}
