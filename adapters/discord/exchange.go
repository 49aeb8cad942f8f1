package discord

import (
	"errors"
	"time"

	"rapport/bot"
)

// Callback types of interactions.
const (
	cbPong     = 1
	cbMessage  = 4
	cbLater    = 5 // "is thinking"; its visibility is final
	cbStay     = 6 // the message stays as it is, an edit may follow
	cbUpdate   = 7
	cbSuggest  = 8
	cbForm     = 9
	ephemeral  = 64
	firstWait  = 3 * time.Second
	tokenLife  = 15 * time.Minute
	codeUsed   = 40060 // acknowledged already
	codeGone   = 10062 // unknown interaction: too late
	codeNoHook = 10015 // nothing was answered yet, or not known everywhere yet
	codeOver   = 50027 // the token ended
)

type callback struct {
	Kind int `json:"type"`
	Data any `json:"data,omitempty"`
}

// How far an exchange has come.
const (
	fresh   = iota
	later   // cbLater was sent: a placeholder waits for the answer
	staying // cbStay was sent: the pressed message can still be replaced
	told    // an answer is shown
	unsure  // begun by another process; it may have answered
)

// exchange is what must be known of an interaction to answer it.
type exchange struct {
	App    string    `json:"a"`
	From   string    `json:"f,omitempty"` // who waits
	ID     string    `json:"i"`
	Token  string    `json:"t"`
	Kind   int       `json:"k"`
	Source bool      `json:"s,omitempty"` // a message of ours was pressed; it can be replaced
	Hidden bool      `json:"h,omitempty"` // only the person reads that message
	Direct bool      `json:"d,omitempty"`
	At     time.Time `json:"u"`
	State  int       `json:"w"`
	Secret bool      `json:"p,omitempty"` // the placeholder is private
}

// errOver says that Discord's patience is over.
var errOver = errors.New("discord: the interaction is over")

func errLate(err error) error {
	return &bot.Fault{Kind: bot.Unavailable, Say: "Discord no longer waits for this answer. Please do it again.", Err: errors.Join(errOver, err)}
}

func refusedWith(err error, codes ...int) bool {
	var no *refusal
	if !errors.As(err, &no) {
		return false
	}
	for _, c := range codes {
		if no.Code == c {
			return true
		}
	}
	return false
}

// unavailable puts words to what Discord says of an interaction.
func unavailable(err error) error {
	var f *bot.Fault
	if err == nil || errors.As(err, &f) {
		return err
	}
	if refusedWith(err, codeGone, codeNoHook, codeOver) {
		return errLate(err)
	}
	var no *refusal
	if errors.As(err, &no) && no.Status < 500 {
		return err // a payload that Discord refuses is our trouble
	}
	return &bot.Fault{Kind: bot.Unavailable, Say: "Discord could not be reached with the answer.", Err: err}
}
