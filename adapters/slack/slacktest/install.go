package slacktest

import (
	"fmt"
	"slices"
	"time"
)

// install is the app in one workspace, or in a whole organisation.
type install struct {
	team    *Workspace  // nil for an organisation
	org     *Enterprise // set for an organisation only
	botUser string
	botID   string
	scopes  []string
	gone    bool
	live    []*token // access tokens, oldest first; at most two with rotation
}

type token struct {
	value    string
	of       *install
	refresh  bool
	spent    bool
	revoked  bool
	rotated  bool // a later token took its place: token_expired rather than token_revoked
	expires  time.Time
	warnedAt time.Time
}

// rotationLife is expires_in of a rotated token.
const rotationLife = 12 * time.Hour

// Install puts the app into the workspace without the OAuth pages and returns the bot token.
func (w *Workspace) Install() string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	in := w.s.installIn(w, nil)
	return w.s.issue(in, false).value
}

// InstallOrg puts the app into a whole organisation and returns the bot token.
func (s *Server) InstallOrg(e *Enterprise) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issue(s.installIn(nil, e), false).value
}

// installIn finds or makes an install and its bot user.
func (s *Server) installIn(w *Workspace, e *Enterprise) *install {
	for _, in := range s.installs {
		if !in.gone && in.team == w && in.org == e {
			return in
		}
	}
	in := &install{team: w, org: e, scopes: slices.Clone(s.app.Scopes), botID: s.newID("B")}
	teams := []*Workspace{w}
	if e != nil {
		teams = e.teams
	}
	for _, t := range teams {
		for _, u := range t.people { // a second install keeps its bot user
			if u.Bot && u.Name == s.app.Name {
				in.botUser, in.botID = u.ID, u.botID
			}
		}
	}
	if in.botUser == "" {
		in.botUser = s.newID("U")
		for _, t := range teams {
			u := t.addUser(User{ID: in.botUser, Name: s.app.Name, RealName: s.app.Name, Bot: true})
			u.botID = in.botID
		}
	}
	for _, t := range teams {
		t.users[in.botUser].Deleted = false
	}
	s.installs = append(s.installs, in)
	return in
}

// issue makes an access token; with rotation the third one ends the first.
func (s *Server) issue(in *install, rotating bool) *token {
	s.ids++
	t := &token{of: in, value: fmt.Sprintf("xoxb-%d-%s", s.ids, in.botID)}
	if rotating {
		t.value = "xoxe." + t.value
		t.expires = s.Clock.Now().Add(rotationLife)
	}
	in.live = append(in.live, t)
	if rotating && len(in.live) > 2 {
		in.live[0].revoked, in.live[0].rotated = true, true
		in.live = in.live[1:]
	}
	s.tokens[t.value] = t
	return t
}

func (s *Server) issueRefresh(in *install) *token {
	s.ids++
	t := &token{of: in, refresh: true, value: fmt.Sprintf("xoxe-1-%d-%s", s.ids, in.botID)}
	s.tokens[t.value] = t
	return t
}

// installOf is the install that serves a workspace: its own, else its organisation's.
func (s *Server) installOf(w *Workspace) *install {
	var found *install
	for _, in := range s.installs {
		switch {
		case in.gone:
		case in.team == w:
			return in
		case in.org != nil && in.org == w.org:
			found = in
		}
	}
	return found
}

func (w *Workspace) botIn(c *Channel) bool {
	in := w.s.installOf(w)
	return in != nil && c.has(in.botUser)
}

// Token is a valid bot token of the workspace, "" when the app is not installed.
func (w *Workspace) Token() string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	in := w.s.installOf(w)
	if in == nil || len(in.live) == 0 {
		return ""
	}
	return in.live[len(in.live)-1].value
}

// BotUser is the user id of the app in the workspace.
func (w *Workspace) BotUser() string { return w.UserID("app") }

// RevokeTokens ends the workspace's tokens; the app hears tokens_revoked.
func (w *Workspace) RevokeTokens() {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if in := w.s.installOf(w); in != nil {
		w.s.revoke(w, in)
	}
}

func (s *Server) revoke(w *Workspace, in *install) {
	for _, t := range s.tokens {
		if t.of == in {
			t.revoked, t.rotated = true, false
		}
	}
	s.announce(w, "tokens_revoked", "", obj{"type": "tokens_revoked",
		"tokens": obj{"oauth": []any{}, "bot": []any{in.botUser}}})
}

// Uninstall removes the app. Slack sends app_uninstalled and tokens_revoked in no fixed order;
// tokensFirst chooses here.
func (w *Workspace) Uninstall(tokensFirst bool) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	in := w.s.installOf(w)
	if in == nil {
		return
	}
	gone := func() {
		w.s.announce(w, "app_uninstalled", "", obj{"type": "app_uninstalled"})
	}
	if !tokensFirst {
		gone()
	}
	w.s.revoke(w, in)
	if tokensFirst {
		gone()
	}
	in.gone = true
	w.users[in.botUser].Deleted = true
}
