package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"

	"rapport/bot"
)

// Codes of refusals that no repetition helps.
const (
	codeNoChannel = 10003
	codeNoMessage = 10008
	codeNoUser    = 10013
	codeNoAccess  = 50001
	codeNotOurs   = 50005
	codeNoDM      = 50007
	codeNoRight   = 50013
	codeRecipient = 50033
	codeArchived  = 50083
)

// Send posts m. A repetition with the same key within Discord's memory (some
// minutes) gives the message that is there already. Long messages take several
// posts; the id is the first one's.
func (n *Network) Send(ctx context.Context, p bot.Place, m bot.Message, key string) (string, error) {
	return n.post(ctx, p, m, key, "")
}

func (n *Network) post(ctx context.Context, p bot.Place, m bot.Message, key, answers string) (string, error) {
	ch, err := n.channelOf(ctx, p)
	if err != nil {
		return "", err
	}
	first := ""
	for i, x := range n.render(m) {
		if key != "" {
			x.Nonce, x.Enforce = nonce(key, i), true
		}
		if answers != "" && i == 0 {
			x.Reference = &reference{MessageID: answers}
		}
		if err := n.rest.pace(ctx, "discord/channel/"+ch, 1, 5); err != nil {
			return first, err
		}
		var got message
		if err := n.rest.call(ctx, http.MethodPost, "channels/"+ch+"/messages", "channels/"+ch+"/messages", x, &got); err != nil {
			return first, n.refusedPost(err, p)
		}
		if i == 0 {
			first = got.ID
		}
	}
	return first, nil
}

// nonce is a message's key in the 25 characters Discord has for it.
func nonce(key string, part int) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:15]) + number(float64(part%100))
}

// channelOf is where messages for p go; direct conversations are opened when needed.
func (n *Network) channelOf(ctx context.Context, p bot.Place) (string, error) {
	switch {
	case p.Thread != "":
		return p.Thread, nil
	case p.Channel != "":
		return p.Channel, nil
	case p.To == "" || !snowflake(p.To):
		return "", bot.Faultf(bot.Missing, "There is no such place on Discord.")
	}
	if ch, ok := n.dms.get(p.To); ok {
		return ch, nil
	}
	if err := n.rest.pace(ctx, "discord/dm", 2, 5); err != nil {
		return "", err
	}
	var c channel
	err := n.rest.call(ctx, http.MethodPost, "users/@me/channels", "users/@me/channels", map[string]string{"recipient_id": p.To}, &c)
	if err != nil {
		return "", n.refusedPost(err, p)
	}
	n.dms.put(p.To, c.ID)
	return c.ID, nil
}

// refusedPost says whose move is next after a message was not taken.
func (n *Network) refusedPost(err error, p bot.Place) error {
	var no *refusal
	switch {
	case refusedWith(err, codeNoDM, codeRecipient):
		return &bot.Fault{Kind: bot.Forbidden, Say: "This person takes no direct messages from me on Discord.", Err: err}
	case refusedWith(err, codeNoChannel, codeNoMessage, codeNoUser):
		n.dms.drop(p.To)
		return &bot.Fault{Kind: bot.Missing, Say: "That place on Discord is gone.", Err: err}
	case refusedWith(err, codeNoAccess, codeNoRight, codeArchived, codeNotOurs):
		return &bot.Fault{Kind: bot.Forbidden, Say: "I may not write there on Discord. Whoever looks after the server can allow me to view the channel, send messages and embed links.", Err: err}
	case errors.As(err, &no) && no.Status == http.StatusForbidden:
		return &bot.Fault{Kind: bot.Forbidden, Say: "Discord does not let me write there.", Err: err}
	case errors.As(err, &no) && no.Status == http.StatusNotFound:
		return &bot.Fault{Kind: bot.Missing, Say: "That place on Discord is gone.", Err: err}
	case errors.As(err, &no) && no.Status < 500:
		return &bot.Fault{Kind: bot.Missing, Say: "Discord does not take this message.", Err: err}
	}
	var wait *bot.Wait
	if errors.As(err, &wait) {
		return &bot.Fault{Kind: bot.Unavailable, Say: "Discord asks to wait.", Err: wait}
	}
	var f *bot.Fault
	if errors.As(err, &f) {
		return f
	}
	// The nonce makes a repetition safe, so a lost answer is no doubt.
	return &bot.Fault{Kind: bot.Unavailable, Say: "Discord cannot be reached.", Err: err}
}

// Edit changes a message that Send or Say posted. A long one is cut to what one
// message holds.
func (n *Network) Edit(ctx context.Context, p bot.Place, id string, m bot.Message) error {
	ch, err := n.channelOf(ctx, p)
	if err != nil {
		return err
	}
	x := n.render(m)[0]
	err = n.rest.call(ctx, http.MethodPatch, "channels/"+ch+"/messages/"+id, "channels/"+ch+"/messages/id", x, nil)
	if err != nil {
		return n.refusedPost(err, p)
	}
	return nil
}
