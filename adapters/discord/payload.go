package discord

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The structs below are what this adapter reads of Discord's payloads. The
// library's own interaction types are not used: they know no Label, and drop the
// whole submission of a form that has one.

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

func (u user) name() string {
	if u.GlobalName != "" {
		return u.GlobalName
	}
	return u.Username
}

type member struct {
	User    *user    `json:"user"`
	Nick    string   `json:"nick"`
	Roles   []string `json:"roles"`
	Pending bool     `json:"pending"`
}

type channel struct {
	ID       string  `json:"id"`
	Type     int     `json:"type"`
	GuildID  string  `json:"guild_id"`
	ParentID string  `json:"parent_id"`
	Name     string  `json:"name"`
	OwnerID  string  `json:"owner_id"`
	Member   *member `json:"member"` // the bot's own membership of a thread
	// Recipients of a direct conversation.
	Recipients []user      `json:"recipients"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

func (c channel) thread() bool { return c.Type >= 10 && c.Type <= 12 }

type overwrite struct {
	ID    string `json:"id"`
	Allow digits `json:"allow"`
	Deny  digits `json:"deny"`
}

type role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Permissions digits `json:"permissions"`
	Tags        *struct {
		BotID string `json:"bot_id"`
	} `json:"tags"`
}

type attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url"`
}

type message struct {
	ID          string       `json:"id"`
	Type        int          `json:"type"`
	ChannelID   string       `json:"channel_id"`
	GuildID     string       `json:"guild_id"`
	Author      *user        `json:"author"`
	Member      *member      `json:"member"`
	Content     *string      `json:"content"`
	Timestamp   string       `json:"timestamp"`
	Edited      string       `json:"edited_timestamp"`
	Mentions    []user       `json:"mentions"`
	Roles       []string     `json:"mention_roles"`
	Attachments []attachment `json:"attachments"`
	WebhookID   string       `json:"webhook_id"`
	Referenced  *message     `json:"referenced_message"`
	Components  rows         `json:"components"`
	Flags       int          `json:"flags"`
}

func (m message) text() string {
	if m.Content == nil {
		return ""
	}
	return *m.Content
}

// Kinds of interactions.
const (
	kindPing = 1 + iota
	kindCommand
	kindComponent
	kindSuggest
	kindModal
)

type interaction struct {
	ID        string            `json:"id"`
	AppID     string            `json:"application_id"`
	Kind      int               `json:"type"`
	Token     string            `json:"token"`
	GuildID   string            `json:"guild_id"`
	ChannelID string            `json:"channel_id"`
	Channel   *channel          `json:"channel"`
	Context   *int              `json:"context"`
	Member    *member           `json:"member"`
	User      *user             `json:"user"`
	Message   *message          `json:"message"`
	Locale    string            `json:"locale"`
	Data      *interactionData  `json:"data"`
	Owners    map[string]string `json:"authorizing_integration_owners"`
}

// who is the person behind an interaction: in servers the member's user.
func (i interaction) who() (user, string) {
	if i.Member != nil && i.Member.User != nil {
		if i.Member.Nick != "" {
			return *i.Member.User, i.Member.Nick
		}
		return *i.Member.User, i.Member.User.name()
	}
	if i.User != nil {
		return *i.User, i.User.name()
	}
	return user{}, ""
}

// direct reports whether only the person and the bot read the place.
func (i interaction) direct() bool {
	switch {
	case i.GuildID != "":
		return false
	case i.Context != nil:
		return *i.Context == 1
	}
	return i.Channel == nil || i.Channel.Type <= 1
}

type interactionData struct {
	Name       string      `json:"name"`
	Kind       int         `json:"type"` // of a command: 1 slash, 2 person, 3 message
	TargetID   string      `json:"target_id"`
	Options    []option    `json:"options"`
	Resolved   resolved    `json:"resolved"`
	CustomID   string      `json:"custom_id"`
	Component  int         `json:"component_type"`
	Values     []string    `json:"values"`
	Components []component `json:"components"`
}

type resolved struct {
	Users       map[string]user       `json:"users"`
	Members     map[string]member     `json:"members"`
	Roles       map[string]role       `json:"roles"`
	Channels    map[string]channel    `json:"channels"`
	Messages    map[string]message    `json:"messages"`
	Attachments map[string]attachment `json:"attachments"`
}

// name is how a resolved account is shown.
func (r resolved) name(id string) string {
	if m, ok := r.Members[id]; ok && m.Nick != "" {
		return m.Nick
	}
	return r.Users[id].name()
}

// Option kinds of slash commands.
const (
	optSub        = 1
	optGroup      = 2
	optString     = 3
	optInteger    = 4
	optBoolean    = 5
	optUser       = 6
	optChannel    = 7
	optRole       = 8
	optMention    = 9
	optNumber     = 10
	optAttachment = 11
)

type option struct {
	Name    string          `json:"name"`
	Kind    loose           `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []option        `json:"options"`
	Focused bool            `json:"focused"`
}

// loose is a small number that some senders write as a string.
type loose int

func (l *loose) UnmarshalJSON(b []byte) error {
	if len(b) > 2 && b[0] == '"' {
		b = b[1 : len(b)-1]
	}
	var n int
	err := json.Unmarshal(b, &n)
	*l = loose(n)
	return err
}

// digits is a large number that Discord writes as a string, and some as a number.
type digits uint64

func (d *digits) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 64)
	if err == nil {
		*d = digits(n)
	}
	return nil // permissions are asked for where they matter; an odd one is none
}

// Component kinds.
const (
	compRow        = 1
	compButton     = 2
	compSelect     = 3
	compText       = 4
	compUser       = 5
	compRole       = 6
	compMentioned  = 7
	compChannel    = 8
	compParagraph  = 10
	compLabel      = 18
	compUpload     = 19
	compRadio      = 21
	compCheckGroup = 22
	compCheck      = 23
)

type component struct {
	Kind       int             `json:"type"`
	CustomID   string          `json:"custom_id"`
	Value      json.RawMessage `json:"value"`
	Values     []string        `json:"values"`
	Component  *component      `json:"component"`  // of a Label
	Components []component     `json:"components"` // of a row
}

// rows are a message's buttons and menus, as far as they are of a known shape: others
// must not spoil the message they stand in.
type rows []component

func (r *rows) UnmarshalJSON(raw []byte) error {
	var list []component
	if json.Unmarshal(raw, &list) == nil {
		*r = list
	}
	return nil
}

// tokens are what the buttons carry.
func (r rows) tokens() []string {
	var out []string
	for _, c := range r {
		out = append(out, rows(c.Components).tokens()...)
		if c.Kind == compButton && c.CustomID != "" {
			out = append(out, tokenOf(c.CustomID))
		}
	}
	return out
}
