package slack

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// An install begins with an Admin's invitation, which names the tenant, and ends at Slack's
// redirect. Between them a state, used once and bound to the browser by a cookie, ties the two
// together; the workspace is claimed for the tenant before its tokens are kept.

// installing is what a state stands for.
type installing struct {
	Tenant  string `json:"t"`
	Browser []byte `json:"b"` // hash of the cookie
}

const (
	browserCookie = "rapport_slack_install"
	stateLife     = 10 * time.Minute
)

// Scopes are the bot scopes that the adapter's doors need.
func Scopes() []string {
	return []string{
		"app_mentions:read", "channels:history", "channels:read", "chat:write", "chat:write.public", "commands",
		"files:read", "groups:history", "groups:read", "im:history", "im:read", "im:write", "mpim:history", "mpim:read",
		"reactions:read", "usergroups:read", "users:read", "users:read.email",
	}
}

func (s *Slack) install(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		s.refuse(w, http.StatusMethodNotAllowed, "method")
		return
	}
	if s.cfg.ClientID == "" || s.cfg.ClientSecret == "" || s.cfg.PublicURL == "" || s.host.Invitation == nil || s.host.Once == nil || s.host.Secrets == nil {
		page(w, http.StatusNotFound, "Not set up", "This server cannot be installed into further workspaces. Whoever runs it sets RAPPORT_SLACK_CLIENT_ID, RAPPORT_SLACK_CLIENT_SECRET and RAPPORT_PUBLIC_URL.")
		return
	}
	ctx := r.Context()
	tenant, err := s.host.Invitation(ctx, r.URL.Query().Get("invitation"))
	if err != nil || tenant == "" {
		s.host.Count("slack.bad_invitation")
		page(w, http.StatusForbidden, "An invitation is needed", "This link is not, or no longer, an invitation. Ask an Admin of Rapport for a new one.")
		return
	}
	browser, state := secret(), secret()
	sum := sha256.Sum256([]byte(browser))
	kept, err := json.Marshal(installing{Tenant: tenant, Browser: sum[:]})
	if err == nil {
		err = s.host.Once.Put(ctx, "slack/oauth/"+state, kept, stateLife)
	}
	if err != nil {
		s.log.Error("slack: install not begun", "err", err)
		page(w, http.StatusServiceUnavailable, "Not now", "The install could not be begun. Please open the link again in a minute.")
		return
	}
	http.SetCookie(w, s.cookie(browser, int(stateLife/time.Second)))
	q := url.Values{"client_id": {s.cfg.ClientID}, "scope": {strings.Join(Scopes(), ",")}, "state": {state}, "redirect_uri": {s.redirect()}}
	guard(w)
	http.Redirect(w, r, s.pageURL("oauth/v2/authorize")+"?"+q.Encode(), http.StatusFound)
}

func (s *Slack) redirect() string { return s.cfg.PublicURL + "/slack/oauth" }

func (s *Slack) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: browserCookie, Value: value, Path: "/slack/oauth", MaxAge: age, HttpOnly: true,
		Secure: strings.HasPrefix(s.cfg.PublicURL, "https://"), SameSite: http.SameSiteLaxMode,
	}
}

// secret is 32 random bytes as text.
func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func (s *Slack) oauth(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		s.refuse(w, http.StatusMethodNotAllowed, "method")
		return
	}
	if s.host.Once == nil || s.host.Secrets == nil {
		http.NotFound(w, r)
		return
	}
	ctx, q := r.Context(), r.URL.Query()
	begun, ok, err := s.begun(ctx, r, q.Get("state"))
	if err != nil {
		s.log.Error("slack: install not looked up", "err", err)
		page(w, http.StatusServiceUnavailable, "Not now", "The install could not be finished. Please load this page again in a minute.")
		return
	}
	http.SetCookie(w, s.cookie("", -1))
	switch {
	case !ok:
		s.host.Count("slack.bad_state")
		page(w, http.StatusForbidden, "Please start again", "This page belongs to an install that is finished, too old, or was begun in another browser. Open the invitation again.")
	case q.Get("error") != "":
		page(w, http.StatusOK, "Nothing was installed", "The app was not allowed in Slack. Open the invitation again if that was a mistake.")
	default:
		s.conclude(ctx, w, begun, q.Get("code"))
	}
}

// begun takes the state, which works once, and compares the browser's cookie with it.
func (s *Slack) begun(ctx context.Context, r *http.Request, state string) (installing, bool, error) {
	var b installing
	cookies := r.CookiesNamed(browserCookie)
	if len(cookies) == 0 || len(state) != 43 {
		return b, false, nil
	}
	kept, err := s.host.Once.Take(ctx, "slack/oauth/"+state)
	if err != nil || kept == nil || json.Unmarshal(kept, &b) != nil {
		return b, false, err
	}
	sum := sha256.Sum256([]byte(cookies[0].Value))
	return b, hmac.Equal(sum[:], b.Browser), nil
}

// conclude exchanges the code, claims the workspace and keeps the tokens.
func (s *Slack) conclude(ctx context.Context, w http.ResponseWriter, b installing, code string) {
	got, err := slack.GetOAuthV2ResponseContext(ctx, s.api, s.cfg.ClientID, s.cfg.ClientSecret, code, s.redirect(),
		slack.OAuthOptionAPIURL(s.api.root.String()))
	if err != nil || got.AccessToken == "" {
		s.log.Warn("slack: install refused", "err", err)
		page(w, http.StatusBadGateway, "Slack refused", "Slack did not hand over a token. Open the invitation again.")
		return
	}
	now := s.host.Now()
	rec := record{
		Team: team(got.Team.ID, got.Enterprise.ID, got.IsEnterpriseInstall), Name: got.Team.Name, Org: got.IsEnterpriseInstall,
		User: got.BotUserID, App: got.AppID, Token: got.AccessToken, Refresh: got.RefreshToken,
		Scopes: strings.Split(got.Scope, ","), By: got.AuthedUser.ID, Installed: now.Unix(),
	}
	if rec.Org {
		rec.Name = got.Enterprise.Name
	}
	if got.ExpiresIn > 0 {
		rec.Expires = now.Add(time.Duration(got.ExpiresIn) * time.Second).Unix()
	}
	if err := s.host.Claim(ctx, Network, rec.Team, b.Tenant); err != nil {
		var f *bot.Fault
		if errors.As(err, &f) {
			page(w, http.StatusConflict, "This workspace is taken", bot.Flat(f.Say))
			return
		}
		s.log.Error("slack: install not claimed", "team", rec.Team, "err", err)
		page(w, http.StatusServiceUnavailable, "Not now", "The install could not be kept. Open the invitation again in a minute.")
		return
	}
	if err := s.tokens.write(ctx, rec); err != nil {
		s.log.Error("slack: install not kept", "team", rec.Team, "err", err)
		page(w, http.StatusServiceUnavailable, "Not now", "The install could not be kept. Open the invitation again in a minute.")
		return
	}
	s.host.Count("slack.installed")
	page(w, http.StatusOK, "Installed", "Rapport is now in "+rec.Name+". You can close this page and type "+s.cfg.Command+" in Slack.")
}
