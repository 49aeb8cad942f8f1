package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"rapport/bot"
)

// Check says in words what is wrong with the set-up at Discord.
func (n *Network) Check(ctx context.Context) []bot.Finding {
	a, err := n.application(ctx)
	var no *refusal
	switch {
	case errors.Is(err, errToken):
		return []bot.Finding{{What: "Discord token", Say: errToken.Say}}
	case errors.As(err, &no):
		return []bot.Finding{{What: "Discord token", Say: fmt.Sprintf("Discord does not say whether the token works; it answers with status %d. Try again in a while.", no.Status)}}
	case err != nil:
		return []bot.Finding{{What: "Discord", Say: "Discord cannot be reached at " + n.cfg.root.String() + ". Check the network, or RAPPORT_DISCORD_API_URL."}}
	}
	out := []bot.Finding{{OK: true, What: "Discord token", Say: "Discord accepts the token."}}
	if n.cfg.AppID != "" && n.cfg.AppID != a.ID {
		out = append(out, bot.Finding{What: "Discord application", Say: fmt.Sprintf("RAPPORT_DISCORD_APP_ID is %s, but the token belongs to application %s. Set both from the same application.", n.cfg.AppID, a.ID)})
	}
	out = append(out, n.checkKey(a), n.checkDoor(a))
	content := bot.Finding{OK: true, What: "Discord message content", Say: "The bot reads messages in threads it is part of."}
	if a.Flags&flagContent == 0 {
		content.OK = false
		content.Say = "The Message Content intent is off: the bot reads direct messages and mentions, but not other messages in its threads. Commands, buttons and direct messages work. Switch it on on the Bot page of the developer portal and start again."
	}
	members := bot.Finding{OK: true, What: "Discord members", Say: "The bot hears who joins and leaves a server."}
	if a.Flags&flagMembers == 0 {
		members.OK = false
		members.Say = "The Server Members intent is off: the bot does not hear who leaves a server, and cannot add a whole role. Switch it on on the Bot page of the developer portal and start again."
	}
	return append(out, content, members, n.checkClock(ctx))
}

func (n *Network) checkKey(a application) bot.Finding {
	f := bot.Finding{OK: true, What: "Discord public key", Say: "The public key is the application's."}
	switch {
	case n.key == nil:
		f.Say = "No public key is set; interactions come over the gateway."
	case a.VerifyKey != "" && !strings.EqualFold(a.VerifyKey, strings.TrimSpace(n.cfg.PublicKey)):
		f.OK = false
		f.Say = "RAPPORT_DISCORD_PUBLIC_KEY is not this application's key: every interaction over HTTP would be refused. Copy it from the General Information page."
	}
	return f
}

// checkDoor compares how interactions come with how Discord sends them: an
// endpoint set in the portal takes them all away from the gateway.
func (n *Network) checkDoor(a application) bot.Finding {
	f := bot.Finding{OK: true, What: "Discord interactions", Say: "Interactions come over the gateway."}
	switch {
	case n.cfg.HTTP && a.Endpoint == "":
		f.OK = false
		f.Say = "Interactions are expected over HTTP, but no Interactions Endpoint URL is set in the developer portal. Enter this server's public address with /discord/interactions."
	case n.cfg.HTTP:
		f.Say = "Interactions come over HTTP to " + a.Endpoint
	case a.Endpoint != "":
		f.OK = false
		f.Say = "Discord sends interactions to " + a.Endpoint + ", not over the gateway. Take the Interactions Endpoint URL out in the developer portal, or set RAPPORT_DISCORD_PUBLIC_KEY."
	}
	return f
}

// checkClock compares this machine's clock with Discord's.
func (n *Network) checkClock(ctx context.Context) bot.Finding {
	f := bot.Finding{OK: true, What: "Discord clock", Say: "This machine's clock agrees with Discord's."}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"gateway", nil)
	if err != nil {
		return f
	}
	req.Header.Set("User-Agent", n.rest.session.UserAgent)
	resp, err := n.rest.session.Client.Do(req)
	if err != nil {
		f.OK, f.Say = false, "Discord's clock cannot be read."
		return f
	}
	defer resp.Body.Close()
	theirs, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return f
	}
	if off := n.now().Sub(theirs).Round(time.Second); off > 30*time.Second || off < -30*time.Second {
		f.OK = false
		f.Say = fmt.Sprintf("This machine's clock is off by %s from Discord's. Set it by NTP: buttons and waiting times depend on it.", off)
	}
	return f
}
