package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"rapport/bot"
)

// handle is what Network.Resume reads: an interaction or a message to be answered.
type handle struct {
	Exchange *exchange `json:"x,omitempty"`
	Talk     *spoken   `json:"m,omitempty"`
}

// spoken is a message that may be answered.
type spoken struct {
	Event   string    `json:"e"`
	Message string    `json:"m"`
	From    string    `json:"f"`
	Place   bot.Place `json:"p"`
}

// Resume makes a Turn from a handle, also one of another process.
func (n *Network) Resume(b []byte) (bot.Turn, error) {
	var h handle
	if err := json.Unmarshal(b, &h); err != nil {
		return nil, err
	}
	switch {
	case h.Exchange != nil:
		x := *h.Exchange
		if x.State == fresh {
			x.State = unsure
		}
		t := n.turn(interaction{}, nil)
		t.x = x
		return t, nil
	case h.Talk != nil:
		return &reply{n: n, to: *h.Talk}, nil
	}
	return nil, errors.New("discord: handle of neither an interaction nor a message")
}

// reply answers talk: with messages in the same place, or, where others read it
// and the answer is private, in the direct conversation.
type reply struct {
	n  *Network
	to spoken

	mu   sync.Mutex
	said int
}

func (r *reply) Ack(ctx context.Context, v bot.Visibility) error {
	if v == bot.Private && !r.to.Place.Direct {
		return nil
	}
	if ch, err := r.n.channelOf(ctx, r.to.Place); err == nil {
		_ = r.n.rest.call(ctx, http.MethodPost, "channels/"+ch+"/typing", "channels/"+ch+"/typing", nil, nil)
	}
	return nil
}

func (r *reply) Open(context.Context, bot.Form) error {
	return bot.Faultf(bot.Unavailable, "Discord opens a form only as the answer to a command or a button.")
}

func (r *reply) Hold(context.Context, string) error {
	return bot.Faultf(bot.Unavailable, "Discord opens no form before it is made.")
}

func (r *reply) Refuse(context.Context, bot.FieldErrors) error {
	return bot.Faultf(bot.Unavailable, "There is no form to correct.")
}

func (r *reply) Suggest(context.Context, []bot.Option) error { return nil }

func (r *reply) Say(ctx context.Context, m bot.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := "reply/" + r.to.Event + "/" + strconv.Itoa(r.said)
	r.said++
	place, answers := r.to.Place, r.to.Message
	if !m.Public && !place.Direct {
		place, answers = bot.Place{Network: Name, To: r.to.From, Direct: true}, ""
	}
	if place.Direct {
		answers = "" // in a conversation of two it is plain what is answered
	}
	err := r.post(ctx, place, m, key, answers)
	if m.Public && !place.Direct && bot.IsFault(err, bot.Forbidden) { // the channel is closed to the bot, the person may not be
		return r.post(ctx, bot.Place{Network: Name, To: r.to.From, Direct: true}, m, key, "")
	}
	if err != nil && !m.Public && !r.to.Place.Direct && bot.IsFault(err, bot.Forbidden) {
		hint := bot.Say("I have an answer for you, but Discord does not let me write to you. Allow direct messages from members of this server, or use a command here: those answers only you can see.")
		err = r.post(ctx, r.to.Place, hint, key+"/hint", r.to.Message)
	}
	return err
}

// post posts for somebody who waits: as late as Discord asks, and again after trouble of
// Discord's own. The nonce makes that safe. It gives up where ctx would end first.
func (r *reply) post(ctx context.Context, place bot.Place, m bot.Message, key, answers string) error {
	for troubles := 0; ; {
		_, err := r.n.post(ctx, place, m, key, answers)
		var asked *bot.Wait
		var wait time.Duration
		switch {
		case err == nil:
			return nil
		case errors.As(err, &asked):
			wait = asked.For
		case bot.IsFault(err, bot.Unavailable) && !errors.Is(err, errToken) && troubles < 3:
			troubles++
			wait = time.Duration(troubles) * 300 * time.Millisecond
		default:
			return err
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) < wait || sleep(ctx, wait) != nil {
			return err
		}
	}
}

func (r *reply) Replace(ctx context.Context, m bot.Message) error { return r.Say(ctx, m) }

func (r *reply) Done(context.Context) error { return nil }

func (r *reply) Handle() []byte {
	b, err := json.Marshal(handle{Talk: &r.to})
	if err != nil {
		return nil
	}
	return b
}
