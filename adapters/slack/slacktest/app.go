package slacktest

import "slices"

// AppConfig is what an app's page at Slack holds. Zero fields keep what was set before.
type AppConfig struct {
	ID, Name, ClientID, ClientSecret, SigningSecret, VerificationToken, AppToken string

	CommandsURL, InteractivityURL, EventsURL, OptionsURL string // OptionsURL "" means InteractivityURL
	RedirectURLs                                         []string

	Socket      bool               // Socket Mode: no request URL is called
	Rotation    bool               // tokens of later installs expire and come with a refresh token
	MessagesOff bool               // the messages tab is read-only: nobody can write to the app
	Scopes      []string           // what installs are granted; default every bot scope this package knows
	Events      []string           // subscribed bot events; default DefaultEvents
	Commands    map[string]Command // known slash commands; nil means any
}

// Command is a slash command as declared in the manifest.
type Command struct {
	ShouldEscape bool // turn @name and #channel in the text into <@U…|name> and <#C…|name>
}

// DefaultEvents are the bot events an app is subscribed to unless AppConfig.Events says else.
var DefaultEvents = []string{
	"app_home_opened", "app_mention", "message.im", "message.channels", "message.groups", "message.mpim",
	"app_uninstalled", "tokens_revoked", "user_change", "team_join", "reaction_added", "reaction_removed",
	"member_joined_channel", "member_left_channel", "channel_archive", "subteam_members_changed", "channel_rename",
}

// DefaultScopes are the bot scopes of an install unless AppConfig.Scopes says else.
var DefaultScopes = []string{
	"app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.public",
	"chat:write.customize", "commands", "files:read", "files:write", "groups:history", "groups:read", "im:history",
	"im:read", "im:write", "mpim:history", "mpim:read", "mpim:write", "reactions:read", "reactions:write",
	"team:read", "usergroups:read", "users:read", "users:read.email",
}

func defaultApp() AppConfig {
	return AppConfig{
		ID: "A0TEST", Name: "rapport", ClientID: "1000.2000", ClientSecret: "client-secret-for-tests",
		SigningSecret: "signing-secret-for-tests", VerificationToken: "verification-token", AppToken: "xapp-1-A0TEST-1-test",
		Scopes: DefaultScopes, Events: DefaultEvents,
	}
}

// App sets the app's page. Socket, Rotation and MessagesOff are taken as given; of the rest, what
// is empty stays as it was.
func (s *Server) App(c AppConfig) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keep := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	a := &s.app
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&a.ID, c.ID}, {&a.Name, c.Name}, {&a.ClientID, c.ClientID}, {&a.ClientSecret, c.ClientSecret},
		{&a.SigningSecret, c.SigningSecret}, {&a.VerificationToken, c.VerificationToken}, {&a.AppToken, c.AppToken},
		{&a.CommandsURL, c.CommandsURL}, {&a.InteractivityURL, c.InteractivityURL},
		{&a.EventsURL, c.EventsURL}, {&a.OptionsURL, c.OptionsURL},
	} {
		keep(f.to, f.from)
	}
	a.Socket, a.Rotation, a.MessagesOff = c.Socket, c.Rotation, c.MessagesOff
	if c.RedirectURLs != nil {
		a.RedirectURLs = c.RedirectURLs
	}
	if c.Scopes != nil {
		a.Scopes = c.Scopes
		for _, in := range s.installs {
			in.scopes = slices.Clone(c.Scopes)
		}
	}
	if c.Events != nil {
		a.Events = c.Events
	}
	if c.Commands != nil {
		a.Commands = c.Commands
	}
}

// AppToken is the xapp token for Socket Mode.
func (s *Server) AppToken() string { s.mu.Lock(); defer s.mu.Unlock(); return s.app.AppToken }

// SigningSecret is what HTTP requests are signed with.
func (s *Server) SigningSecret() string { s.mu.Lock(); defer s.mu.Unlock(); return s.app.SigningSecret }
