package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// record is one install as it is sealed: its tokens and who the bot is there.
type record struct {
	Team      string   `json:"team"` // the key: workspace, or organisation
	Name      string   `json:"name,omitempty"`
	Org       bool     `json:"org,omitempty"`
	User      string   `json:"user"` // the bot's user id
	Bot       string   `json:"bot,omitempty"`
	App       string   `json:"app,omitempty"`
	Token     string   `json:"token"`
	Refresh   string   `json:"refresh,omitempty"`
	Expires   int64    `json:"expires,omitempty"` // Unix seconds; 0 = never
	Scopes    []string `json:"scopes,omitempty"`
	By        string   `json:"by,omitempty"`
	Installed int64    `json:"installed"`
}

func secretName(team string) string { return "slack/" + team + "/install" }

// tokens knows which token speaks for a team. Copies are kept for a minute, so that a token
// renewed or dropped by another process is noticed within one.
type tokens struct {
	s      *Slack
	mu     sync.Mutex
	known  map[string]copied
	home   *slack.AuthTestResponse // whose BotToken is, once asked
	rotate sync.Mutex
}

type copied struct {
	record
	at time.Time
}

const (
	copyLife = time.Minute
	renewal  = 15 * time.Minute // how long before its end a token is renewed
)

func newTokens(s *Slack) *tokens { return &tokens{s: s, known: map[string]copied{}} }

var errNothingToListen = errors.New("Slack: nothing to listen at. Set RAPPORT_SLACK_APP_TOKEN for Socket Mode, or RAPPORT_SLACK_SIGNING_SECRET for HTTP")

func notInstalled() *bot.Fault {
	return bot.Faultf(bot.Forbidden, "The Slack app is not installed in that workspace. An Admin can install it again.")
}

// of is the token for a team. A token near its end is renewed first.
func (t *tokens) of(ctx context.Context, team string) (string, error) {
	r, err := t.record(ctx, team)
	if err != nil {
		return "", err
	}
	if r.Expires > 0 && r.Refresh != "" {
		left := time.Unix(r.Expires, 0).Sub(t.s.host.Now())
		if left < renewal {
			return t.renew(ctx, r, left > time.Minute)
		}
	}
	return r.Token, nil
}

// record finds the install of a team, or makes one of the configured token.
func (t *tokens) record(ctx context.Context, team string) (record, error) {
	now := t.s.host.Now()
	t.mu.Lock()
	c, ok := t.known[team]
	t.mu.Unlock()
	if ok && now.Sub(c.at) < copyLife {
		return c.record, nil
	}
	r, err := t.read(ctx, team)
	if err != nil {
		return record{}, err
	}
	if r.Token == "" {
		if r, err = t.configured(ctx, team); err != nil {
			return record{}, err
		}
	}
	t.keep(r, team)
	return r, nil
}

func (t *tokens) keep(r record, team string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) > 10_000 {
		clear(t.known)
	}
	t.known[team] = copied{record: r, at: t.s.host.Now()}
}

func (t *tokens) forget(team string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.known, team)
}

// read opens the sealed record; the zero one when there is none.
func (t *tokens) read(ctx context.Context, team string) (record, error) {
	var r record
	if t.s.host.Secrets == nil {
		return r, nil
	}
	raw, err := t.s.host.Secrets.Get(ctx, secretName(team))
	if err != nil || raw == nil {
		return r, err
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("slack: install of %s: %w", team, err)
	}
	return r, nil
}

func (t *tokens) write(ctx context.Context, r record) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := t.s.host.Secrets.Put(ctx, secretName(r.Team), raw); err != nil {
		return err
	}
	t.keep(r, r.Team)
	return nil
}

// configured is the token of the configuration. Alone it speaks for every team; beside installs
// by OAuth only for its own.
func (t *tokens) configured(ctx context.Context, team string) (record, error) {
	token := t.s.cfg.BotToken
	if token == "" {
		return record{}, notInstalled()
	}
	r := record{Team: team, Token: token}
	home := t.whose()
	if home == nil && t.s.cfg.ClientID != "" {
		var err error
		if home, err = t.ask(ctx); err != nil {
			return record{}, fault(err)
		}
	}
	if home != nil {
		if t.s.cfg.ClientID != "" && team != home.TeamID && team != home.EnterpriseID {
			return record{}, notInstalled()
		}
		r.User, r.Bot = home.UserID, home.BotID
	}
	return r, nil
}

func (t *tokens) whose() *slack.AuthTestResponse {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.home
}

// ask finds out whose the configured token is.
func (t *tokens) ask(ctx context.Context) (*slack.AuthTestResponse, error) {
	who, err := t.s.api.client(t.s.cfg.BotToken).AuthTestContext(ctx)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	t.home = who
	clear(t.known)
	t.mu.Unlock()
	return who, nil
}

// greet learns who the bot is. It asks again while Slack cannot be reached, and returns a
// sentence when Slack refuses the token.
func (t *tokens) greet(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, 5*time.Minute) {
		_, err := t.ask(ctx)
		if err == nil {
			return nil
		}
		if revoked(err) || code(err) == "not_allowed_token_type" {
			return fmt.Errorf("Slack does not accept RAPPORT_SLACK_BOT_TOKEN (%s): copy the Bot User OAuth Token, xoxb-…, from the app's page “OAuth & Permissions”", code(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// self is what is known of the bot in a team without asking anybody.
func (t *tokens) self(team string) identity {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c, ok := t.known[team]; ok && c.User != "" {
		return identity{user: c.User, bot: c.Bot}
	}
	if h := t.home; h != nil && (t.s.cfg.ClientID == "" || h.TeamID == team || h.EnterpriseID == team) {
		return identity{user: h.UserID, bot: h.BotID}
	}
	return identity{}
}

// distrust is told that Slack refused a token. It reports whether there is another one to try:
// renewed here, or meanwhile by another process.
func (t *tokens) distrust(ctx context.Context, team, token string) bool {
	t.forget(team)
	t.s.api.forget(token)
	r, err := t.record(ctx, team)
	if err != nil {
		return false
	}
	if r.Token != token {
		return true
	}
	if r.Refresh == "" {
		return false
	}
	fresh, err := t.renew(ctx, r, false)
	return err == nil && fresh != token
}

// renew exchanges a refresh token, which works once: under a lease, and both new values are sealed
// before either is used. Where the lease is taken and the old token still lives, the old one serves.
func (t *tokens) renew(ctx context.Context, old record, stillGood bool) (string, error) {
	t.rotate.Lock()
	defer t.rotate.Unlock()
	if t.s.host.Lease == nil {
		return old.Token, nil
	}
	patience := 10 * time.Second
	if stillGood {
		patience = 500 * time.Millisecond
	}
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	held, release, err := t.s.host.Lease.Hold(context.WithoutCancel(wait), "slack/rotate/"+old.Team, 30*time.Second)
	if err != nil {
		if stillGood {
			return old.Token, nil
		}
		return "", &bot.Fault{Kind: bot.Unavailable, Say: "Slack's token is being renewed. Please try again in a moment.", Err: err}
	}
	defer release()
	now, err := t.read(held, old.Team)
	if err != nil {
		return "", err
	}
	if now.Token == "" {
		t.forget(old.Team)
		return "", notInstalled()
	}
	if now.Token != old.Token {
		t.keep(now, old.Team)
		return now.Token, nil
	}
	fresh, err := slack.RefreshOAuthV2TokenContext(held, t.s.api, t.s.cfg.ClientID, t.s.cfg.ClientSecret, now.Refresh,
		slack.OAuthOptionAPIURL(t.s.api.root.String()))
	if err != nil {
		if stillGood {
			return old.Token, nil
		}
		return "", fault(err)
	}
	now.Token, now.Refresh = fresh.AccessToken, fresh.RefreshToken
	now.Expires = t.s.host.Now().Add(time.Duration(fresh.ExpiresIn) * time.Second).Unix()
	for try := 0; ; try++ {
		// The refresh token is spent: what Slack gave instead must not be lost.
		save, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		err = t.write(save, now)
		stop()
		if err == nil {
			t.s.api.forget(old.Token)
			return now.Token, nil
		}
		if try == 2 {
			t.s.host.Count("slack.rotation_lost")
			return "", fmt.Errorf("slack: renewed tokens of %s not kept: %w", old.Team, err)
		}
	}
}

// remove forgets an install for good. An event older than the install means an earlier one.
func (t *tokens) remove(ctx context.Context, team string, at time.Time) error {
	t.forget(team)
	if t.s.host.Secrets == nil {
		return nil
	}
	r, err := t.read(ctx, team)
	if err != nil || r.Token == "" {
		return err
	}
	if !at.IsZero() && r.Installed > at.Unix() {
		return errOlder
	}
	t.s.api.forget(r.Token)
	return t.s.host.Secrets.Drop(ctx, secretName(team))
}

var errOlder = errors.New("slack: the event is older than the install")
