package discordtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"time"
)

// AppConfig describes the app of this Discord.
type AppConfig struct {
	Name string // empty is "Rapport"
	// Token replaces the made one; without "Bot ".
	Token string
	// InteractionsURL switches to HTTP interactions. It is checked at once,
	// as Discord does when it is saved; see App.SetInteractionsURL.
	InteractionsURL string
	// Privileged are the privileged intents the app may ask for: any of
	// IntentGuildMembers, IntentGuildPresences, IntentMessageContent.
	Privileged int
}

// App is the app: what its owner sees in the developer portal.
type App struct {
	ID        string
	Name      string
	Token     string // for "Authorization: Bot …"
	PublicKey string // hex, for checking signatures

	s            *Server
	user         *User
	key          ed25519.PrivateKey
	privileged   int
	url          string
	commands     []*command
	writes       int
	creates      []time.Time
	unauthorized int
}

func (s *Server) newApp(c AppConfig) *App {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	u := s.newUser(first(c.Name, "Rapport"))
	u.bot = true
	a := &App{ID: u.ID, Name: u.Name, s: s, user: u, key: private, PublicKey: hex.EncodeToString(public), privileged: c.Privileged}
	a.Token = first(c.Token, a.newToken())
	return a
}

func (a *App) newToken() string {
	return base64.RawStdEncoding.EncodeToString([]byte(a.ID)) + "." + random(6) + "." + random(38)
}

// random is n characters from the alphabet of Discord's tokens.
func random(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)[:n]
}

// App is the app that lives in this Discord. With a configuration it is set
// up anew first, as by App.Configure; the key pair always stays.
func (s *Server) App(c ...AppConfig) *App {
	if len(c) > 0 {
		s.app.Configure(c[0])
	}
	return s.app
}

// Configure changes the app. With an InteractionsURL it fails the test when
// the app's endpoint does not pass Discord's check.
func (a *App) Configure(c AppConfig) {
	s := a.s
	s.mu.Lock()
	if c.Name != "" {
		a.Name, a.user.Name = c.Name, c.Name
	}
	if c.Token != "" {
		a.Token = c.Token
	}
	a.privileged = c.Privileged
	s.mu.Unlock()
	if err := a.SetInteractionsURL(c.InteractionsURL); err != nil {
		if s.t != nil {
			s.t.Helper()
		}
		s.fail("%v", err)
	}
}

// BotID is the id of the app's bot user.
func (a *App) BotID() string { return a.user.ID }

// Mention is the bot's mention as it goes over the wire.
func (a *App) Mention() string { return "<@" + a.user.ID + ">" }

// ResetToken makes a new token, as the portal's button does; sessions that
// use the old one end.
func (a *App) ResetToken() string {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.Token = a.newToken()
	a.s.endSessions(4004, "Authentication failed.")
	return a.Token
}

// CommandWrites counts the calls that changed the global commands.
func (a *App) CommandWrites() int {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.writes
}

// CommandCreates counts the global commands created in the last day.
func (a *App) CommandCreates() int {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return len(a.creates)
}

// Commands names the registered commands a person could type in a guild or,
// with nil, in a DM: "candidate move", sorted as registered.
func (a *App) Commands(g *Guild) []string {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	var names []string
	for _, c := range a.s.offered(g) {
		if c.kind == cmdSlash {
			names = append(names, fullNames(c)...)
		}
	}
	return names
}

func (s *Server) applicationJSON() obj {
	a := s.app
	flags := 0
	for intent, flag := range map[int]int{IntentGuildPresences: 1 << 13, IntentGuildMembers: 1 << 15, IntentMessageContent: 1 << 19} {
		if a.privileged&intent != 0 {
			flags |= flag
		}
	}
	o := obj{
		"id": a.ID, "name": a.Name, "icon": nil, "description": "", "type": nil, "bot": s.userJSON(a.user),
		"bot_public": false, "bot_require_code_grant": false, "verify_key": a.PublicKey, "flags": flags,
		"approximate_guild_count": len(s.guilds), "approximate_user_install_count": 0, "approximate_user_authorization_count": 0, "explicit_content_filter": 0, "eligible_oauth2_scopes": []any{}, "redirect_uris": []any{},
		"interactions_endpoint_url": orNull(a.url), "role_connections_verification_url": nil,
		"flags_new": itoa(flags), "owner": s.userJSON(a.user), "team": nil, "is_monetized": false, "is_verified": false, "is_discoverable": false,
	}
	return o
}
