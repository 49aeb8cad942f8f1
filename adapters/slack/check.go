package slack

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// Check says in words whether the tokens, scopes, doors and clock are right. It asks Slack; where
// Slack cannot be reached it says so once.
func (s *Slack) Check(ctx context.Context) []bot.Finding {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	var out []bot.Finding
	if s.cfg.BotToken != "" {
		out = append(out, s.checkToken(ctx)...)
	}
	if s.cfg.AppToken != "" {
		out = append(out, s.checkSocket(ctx))
	}
	return append(out, s.checkDoors(ctx)...)
}

func (s *Slack) checkToken(ctx context.Context) []bot.Finding {
	var mu sync.Mutex
	var head http.Header
	c := slack.New(s.cfg.BotToken, slack.OptionAPIURL(s.api.root.String()), slack.OptionHTTPClient(s.api),
		slack.OptionOnResponseHeaders(func(_ string, h http.Header) { mu.Lock(); head = h.Clone(); mu.Unlock() }))
	who, err := c.AuthTestContext(ctx)
	switch {
	case err != nil && code(err) != "":
		return []bot.Finding{{What: "Slack token", Say: "Slack refuses RAPPORT_SLACK_BOT_TOKEN (" + code(err) + "). Copy the Bot User OAuth Token, xoxb-…, from the app's page “OAuth & Permissions”."}}
	case err != nil:
		return []bot.Finding{{What: "Slack", Say: "Slack cannot be reached at " + s.api.base() + ". Check the network, or RAPPORT_SLACK_API_URL."}}
	}
	out := []bot.Finding{{OK: true, What: "Slack token", Say: "The bot is " + who.User + " in " + who.Team + "."}}
	mu.Lock()
	defer mu.Unlock()
	if have := head.Get("X-Oauth-Scopes"); have != "" {
		out = append(out, checkScopes(strings.Split(strings.ReplaceAll(have, " ", ""), ",")))
	}
	if date, err := http.ParseTime(head.Get("Date")); err == nil {
		out = append(out, checkClock(date, s.host.Now()))
	}
	return out
}

func checkScopes(have []string) bot.Finding {
	var missing []string
	for _, want := range Scopes() {
		if !slices.Contains(have, want) {
			missing = append(missing, want)
		}
	}
	if len(missing) > 0 {
		return bot.Finding{What: "Slack scopes", Say: "The app lacks " + strings.Join(missing, ", ") + ". Paste the current manifest into the app's page and reinstall it."}
	}
	return bot.Finding{OK: true, What: "Slack scopes", Say: "All scopes are granted."}
}

// checkClock compares with Slack's clock: five minutes off, and every signed request is refused.
func checkClock(theirs, ours time.Time) bot.Finding {
	off := ours.Sub(theirs).Abs()
	if off > time.Minute {
		return bot.Finding{What: "Clock", Say: "This machine's clock is " + off.Round(time.Second).String() + " off Slack's. Past five minutes every request of Slack is refused: set the clock by NTP."}
	}
	return bot.Finding{OK: true, What: "Clock", Say: "The clock agrees with Slack's."}
}

// checkSocket opens no connection: asking for an address is enough to know the token.
func (s *Slack) checkSocket(ctx context.Context) bot.Finding {
	_, _, err := s.api.socket(s.cfg.AppToken).StartSocketModeContext(ctx)
	if fatal := socketRefusal(err); fatal != nil {
		return bot.Finding{What: "Slack Socket Mode", Say: fatal.Error() + "."}
	}
	if err != nil {
		return bot.Finding{What: "Slack Socket Mode", Say: "Slack gave no address for a socket (" + short(err) + "). It is tried again by itself."}
	}
	return bot.Finding{OK: true, What: "Slack Socket Mode", Say: "The app token is good."}
}

func short(err error) string {
	if word := code(err); word != "" {
		return word
	}
	return "no connection"
}

func (s *Slack) checkDoors(ctx context.Context) []bot.Finding {
	var out []bot.Finding
	if s.cfg.AppToken == "" && s.cfg.SigningSecret == "" {
		out = append(out, bot.Finding{What: "Slack", Say: errNothingToListen.Error() + "."})
	}
	if s.cfg.AppToken == "" && s.cfg.SigningSecret != "" && s.cfg.PublicURL == "" {
		out = append(out, bot.Finding{What: "Slack over HTTP", Say: "Slack has to reach this server: set RAPPORT_PUBLIC_URL to its https address and put it into the app's settings, or use Socket Mode."})
	}
	if s.cfg.BotToken == "" && s.cfg.ClientID == "" {
		out = append(out, bot.Finding{What: "Slack token", Say: "There is no token to answer with. Set RAPPORT_SLACK_BOT_TOKEN, or RAPPORT_SLACK_CLIENT_ID and RAPPORT_SLACK_CLIENT_SECRET for installs by OAuth."})
	}
	if (s.cfg.ClientID == "") != (s.cfg.ClientSecret == "") {
		out = append(out, bot.Finding{What: "Slack installs", Say: "RAPPORT_SLACK_CLIENT_ID and RAPPORT_SLACK_CLIENT_SECRET belong together; one of them is missing."})
	}
	return append(out, s.checkInstalls(ctx)...)
}

// checkInstalls asks Slack about each kept install.
func (s *Slack) checkInstalls(ctx context.Context) []bot.Finding {
	if s.host.Secrets == nil || s.cfg.ClientID == "" {
		return nil
	}
	names, err := s.host.Secrets.List(ctx, "slack/")
	if err != nil {
		return []bot.Finding{{What: "Slack installs", Say: "The installs cannot be read: " + err.Error()}}
	}
	var out []bot.Finding
	for _, name := range names {
		team, isInstall := strings.CutSuffix(strings.TrimPrefix(name, "slack/"), "/install")
		if !isInstall {
			continue
		}
		err := s.as(ctx, team, func(c *slack.Client) error { _, err := c.AuthTestContext(ctx); return err })
		f := bot.Finding{OK: err == nil, What: "Slack install " + team, Say: "Slack accepts its token."}
		if err != nil {
			f.Say = "Slack does not accept its token: open the invitation again to reinstall."
			if bot.IsFault(err, bot.Unavailable) {
				f.Say = "Slack cannot be asked right now."
			}
		}
		out = append(out, f)
	}
	return out
}
