package slack

import (
	"encoding/json"
	"errors"
	"time"
)

// kind says what sort of exchange a turn answers.
type kind string

const (
	byCommand  kind = "c" // slash command
	byAction   kind = "a" // button or menu in a message
	byShortcut kind = "s" // shortcut on a message or in the global menu
	byForm     kind = "f" // a form sent in
	bySuggest  kind = "o" // options while typing
	byHome     kind = "h" // button in the Home
	byView     kind = "v" // button in a modal
	byOpening  kind = "w" // somebody looking at their Home
	byTalk     kind = "t" // message
)

// exchange is what must be known to answer one delivery, also later and in another process.
type exchange struct {
	Kind    kind   `json:"k"`
	Team    string `json:"t"`
	User    string `json:"u"`
	Channel string `json:"c,omitempty"`
	Thread  string `json:"h,omitempty"`
	Message string `json:"m,omitempty"` // ts of the message whose button was pressed
	Hidden  bool   `json:"e,omitempty"` // that message is ephemeral: only its response URL changes it
	Direct  bool   `json:"d,omitempty"` // the channel is the user's conversation with the bot
	URL     string `json:"r,omitempty"` // response URL
	Uses    int    `json:"n,omitempty"` // how often it was used
	Born    int64  `json:"b"`           // Unix seconds
	View    string `json:"v,omitempty"`
	Hash    string `json:"x,omitempty"`

	// Held is the external id of a modal that was opened before what it shows was
	// known; HeldHash is how it stood then.
	Held     string `json:"l,omitempty"`
	HeldHash string `json:"i,omitempty"`

	trigger string
	inputs  []string // block ids of the form's inputs
}

const (
	urlUses = 5
	urlLife = 30 * time.Minute
)

var errHandle = errors.New("slack: that is no handle of an exchange")

func (e *exchange) handle() []byte {
	b, _ := json.Marshal(e)
	return b
}

func parseHandle(h []byte) (exchange, error) {
	var e exchange
	if err := json.Unmarshal(h, &e); err != nil || e.Kind == "" || e.Team == "" && e.URL == "" {
		return exchange{}, errHandle
	}
	return e, nil
}

// reachable reports whether the response URL still takes an answer.
func (e *exchange) reachable(now time.Time) bool {
	return e.URL != "" && e.Uses < urlUses && now.Sub(time.Unix(e.Born, 0)) < urlLife-time.Minute
}

// origin is where a form's answer goes and what the kernel put into the form, kept in the view's
// private_metadata. Slack may read it.
type origin struct {
	Token   string `json:"k"`
	URL     string `json:"r,omitempty"`
	Uses    int    `json:"n,omitempty"`
	Born    int64  `json:"b,omitempty"`
	Channel string `json:"c,omitempty"`
	Thread  string `json:"h,omitempty"`
	Message string `json:"m,omitempty"`
	Hidden  bool   `json:"e,omitempty"`
	Direct  bool   `json:"d,omitempty"`
	Team    string `json:"t,omitempty"`
}

const maxMetadata = 3000

// pack writes an origin; the response URL is left out where it would not fit.
func (o origin) pack() string {
	b, _ := json.Marshal(o)
	if len(b) > maxMetadata {
		o.URL = ""
		b, _ = json.Marshal(o)
	}
	return string(b)
}

// unpack reads what pack wrote; metadata of other makers is a token as it stands.
func unpack(metadata string) origin {
	var o origin
	if len(metadata) == 0 || metadata[0] != '{' || json.Unmarshal([]byte(metadata), &o) != nil {
		return origin{Token: metadata}
	}
	return o
}
