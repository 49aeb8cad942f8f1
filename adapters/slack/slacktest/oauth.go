package slacktest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// code is what the authorize page hands back: ten minutes, one use, one redirect_uri.
type code struct {
	in       *install
	redirect string
	user     string
	expires  time.Time
	used     bool
	scopes   []string
}

const codeLife = 10 * time.Minute

// serveAuthorize is the page where a person allows the app. The query may carry, for tests, the
// person and place: team (id), user (id), deny=1, org=1; without them the first workspace's first
// person allows it.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	to, wrong := s.allow(q)
	if wrong != "" {
		s.fault(wrong, "oauth/v2/authorize", "%s", r.URL.RawQuery)
	}
	s.mu.Unlock()
	if wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, to, http.StatusFound)
}

func (s *Server) allow(q url.Values) (to, wrong string) {
	redirect := q.Get("redirect_uri")
	switch {
	case q.Get("client_id") != s.app.ClientID:
		return "", "invalid_client_id"
	case q.Get("scope") == "" && q.Get("user_scope") == "":
		return "", "invalid_scope"
	case q.Get("state") == "":
		return "", "missing_state" // Slack allows it; an install without state can be forged
	case redirect == "" && len(s.app.RedirectURLs) == 0:
		return "", "bad_redirect_uri"
	case redirect != "" && s.app.RedirectURLs != nil && !slices.ContainsFunc(s.app.RedirectURLs, func(known string) bool {
		return strings.HasPrefix(redirect, known)
	}):
		return "", "bad_redirect_uri"
	}
	target := redirect
	if target == "" {
		target = s.app.RedirectURLs[0]
	}
	back, err := url.Parse(target)
	if err != nil {
		return "", "bad_redirect_uri"
	}
	query := back.Query()
	query.Set("state", q.Get("state"))
	if q.Get("deny") != "" {
		query.Set("error", "access_denied")
		back.RawQuery = query.Encode()
		return back.String(), ""
	}
	c := s.newCode(q, redirect)
	if c == "" {
		return "", "invalid_team_for_non_distributed_app"
	}
	query.Set("code", c)
	back.RawQuery = query.Encode()
	return back.String(), ""
}

func (s *Server) newCode(q url.Values, redirect string) string {
	team := s.order[0]
	if id := q.Get("team"); id != "" {
		if team = s.teams[id]; team == nil {
			return ""
		}
	}
	scopes := strings.Split(q.Get("scope"), ",")
	for _, known := range scopes {
		if !slices.Contains(DefaultScopes, known) && !slices.Contains(s.app.Scopes, known) {
			return ""
		}
	}
	var in *install
	if q.Get("org") != "" && team.org != nil {
		in = s.installIn(nil, team.org)
	} else {
		in = s.installIn(team, nil)
	}
	user := q.Get("user")
	for _, u := range team.people {
		if user == "" && !u.Bot && u.ID != "USLACKBOT" {
			user = u.ID
		}
	}
	s.ids++
	value := base36(s.ids) + "." + base36(time.Now().UnixNano()) + "." + base36(s.ids*86028121)
	s.codes[value] = &code{in: in, redirect: redirect, user: user, expires: s.Clock.Now().Add(codeLife), scopes: scopes}
	return value
}

// checkClient compares client id and secret, as Basic or as fields.
func (s *Server) checkClient(c *call) *trouble {
	id, secret := c.str("client_id"), c.str("client_secret")
	r := http.Request{Header: c.header}
	if user, pass, ok := r.BasicAuth(); ok {
		id, secret = user, pass
	}
	delete(c.args, "client_secret")
	switch {
	case id != s.app.ClientID:
		return refuse("invalid_client_id")
	case secret != s.app.ClientSecret:
		return refuse("bad_client_secret")
	}
	return nil
}

func (s *Server) oauthAccess(c *call) (obj, *trouble) {
	if t := s.checkClient(c); t != nil {
		return nil, t
	}
	switch grant := c.str("grant_type"); grant {
	case "refresh_token":
		return s.refresh(c)
	case "", "authorization_code":
	default:
		return nil, refuse("invalid_grant_type")
	}
	got := s.codes[c.str("code")]
	switch {
	case got == nil:
		return nil, refuse("invalid_code")
	case got.used:
		return nil, refuse("code_already_used")
	case s.Clock.Now().After(got.expires):
		return nil, refuse("invalid_code")
	case got.redirect != c.str("redirect_uri"):
		return nil, refuse("bad_redirect_uri")
	}
	got.used = true
	got.in.scopes = got.scopes
	return s.grant(got.in, got.user), nil
}

// grant is the answer of oauth.v2.access.
func (s *Server) grant(in *install, user string) obj {
	t := s.issue(in, s.app.Rotation)
	o := obj{"access_token": t.value, "token_type": "bot", "scope": strings.Join(in.scopes, ","), "bot_user_id": in.botUser,
		"app_id": s.app.ID, "is_enterprise_install": in.org != nil, "team": nil, "enterprise": nil}
	if user != "" {
		o["authed_user"] = obj{"id": user}
	}
	if s.app.Rotation {
		o["expires_in"], o["refresh_token"] = int(rotationLife.Seconds()), s.issueRefresh(in).value
	}
	org := in.org
	if in.team != nil {
		o["team"] = obj{"id": in.team.ID, "name": in.team.Name}
		org = in.team.org
	}
	if org != nil {
		o["enterprise"] = obj{"id": org.ID, "name": org.Name}
	}
	return o
}

// refresh trades a refresh token, once, for new tokens.
func (s *Server) refresh(c *call) (obj, *trouble) {
	t := s.tokens[c.str("refresh_token")]
	delete(c.args, "refresh_token")
	if t == nil || !t.refresh || t.spent || t.revoked || t.of.gone {
		return nil, refuse("invalid_refresh_token")
	}
	t.spent = true
	rotation := s.app.Rotation
	s.app.Rotation = true // an install that rotates goes on rotating
	defer func() { s.app.Rotation = rotation }()
	return s.grant(t.of, ""), nil
}

// oauthExchange turns a token that never expires into an expiring one, once.
func (s *Server) oauthExchange(c *call) (obj, *trouble) {
	if t := s.checkClient(c); t != nil {
		return nil, t
	}
	t := s.tokens[c.str("token")]
	delete(c.args, "token")
	switch {
	case t == nil || t.refresh || t.revoked || t.of.gone:
		return nil, refuse("invalid_token")
	case !t.expires.IsZero():
		return nil, refuse("token_already_exchanged")
	case !s.app.Rotation:
		return nil, refuse("token_rotation_not_enabled")
	}
	t.revoked = true
	t.of.live = nil
	return s.grant(t.of, ""), nil
}

func (s *Server) authRevoke(c *call) (obj, *trouble) {
	if !c.flag("test") {
		c.tok.revoked = true
	}
	return obj{"revoked": !c.flag("test")}, nil
}

func (s *Server) appsUninstall(c *call) (obj, *trouble) {
	if t := s.checkClient(c); t != nil {
		return nil, t
	}
	s.revoke(c.team, c.in)
	s.announce(c.team, "app_uninstalled", "", obj{"type": "app_uninstalled"})
	c.in.gone = true
	return obj{}, nil
}
