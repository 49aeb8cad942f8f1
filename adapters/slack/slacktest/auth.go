package slacktest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
)

// authorize finds out whose token it is and whether it may call the method.
func (s *Server) authorize(c *call, m method, r *http.Request) *trouble {
	if m.access == byNobody {
		return nil
	}
	// Tokens are taken from the header only: Slack also reads them in bodies, where they leak.
	value, _ := strings.CutPrefix(r.Header.Get("Authorization")+" ", "Bearer ")
	value = strings.TrimSpace(value)
	_, leaked := c.args["token"]
	delete(c.args, "token")
	switch {
	case value == "" || leaked:
		return refuse("not_authed")
	case m.access == byApp:
		if value != s.app.AppToken {
			if s.tokens[value] != nil {
				return refuse("not_allowed_token_type")
			}
			return refuse("invalid_auth")
		}
		return nil
	case value == s.app.AppToken:
		return refuse("not_allowed_token_type")
	}
	t := s.tokens[value]
	if t == nil || t.refresh {
		return refuse("invalid_auth")
	}
	c.tok, c.in, c.team = t, t.of, t.of.team
	switch {
	case t.of.gone:
		return refuse("account_inactive")
	case t.rotated, !t.expires.IsZero() && s.Clock.Now().After(t.expires):
		return refuse("token_expired")
	case t.revoked:
		return refuse("token_revoked")
	}
	if len(m.scopes) > 0 && !slices.ContainsFunc(m.scopes, c.may) {
		return &trouble{code: "missing_scope", extra: obj{"needed": m.scopes[0], "provided": strings.Join(c.in.scopes, ",")}}
	}
	return s.pickTeam(c, m)
}

func (c *call) may(scope string) bool { return slices.Contains(c.in.scopes, scope) }

// pickTeam finds the workspace an organisation's token means: by team_id, by the channel, or by
// the person; some methods insist on team_id.
func (s *Server) pickTeam(c *call, m method) *trouble {
	if c.in.org == nil {
		return nil
	}
	if id := c.str("team_id"); id != "" {
		w := s.teams[id]
		if w == nil || w.org != c.in.org {
			return refuse("team_access_not_granted")
		}
		c.team = w
		return nil
	}
	if m.team {
		return &trouble{code: "missing_argument", extra: obj{"needed": "team_id"}}
	}
	for _, w := range c.in.org.teams {
		for _, key := range []string{"channel", "channel_id", "user", "user_id", "users"} {
			id := c.str(key)
			if w.channels[id] != nil || w.users[id] != nil {
				c.team = w
				return nil
			}
		}
	}
	if t := s.triggers[c.str("trigger_id")]; t != nil {
		c.team = t.desk.team
	} else if v := s.views[c.str("view_id")]; v != nil {
		c.team = v.desk.team
	} else {
		c.team = c.in.org.teams[0]
	}
	return nil
}

func readMultipart(args obj, body []byte, boundary string) error {
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := reader.NextPart()
		if err == io.EOF { //nolint:errorlint // a body cut short wraps EOF; bare, it is the end
			return nil
		}
		if err != nil {
			return err
		}
		raw, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		args[part.FormName()] = string(raw)
	}
}
