package slack

import (
	"encoding/json"
	"errors"
)

var errShape = errors.New("slack: not a payload that is understood")

// envelope is what stands around an event of the Events API.
type envelope struct {
	Type           string          `json:"type"`
	Challenge      string          `json:"challenge"`
	TeamID         string          `json:"team_id"`
	EnterpriseID   string          `json:"enterprise_id"`
	ContextTeam    string          `json:"context_team_id"`
	ContextOrg     string          `json:"context_enterprise_id"`
	AppID          string          `json:"api_app_id"`
	Event          json.RawMessage `json:"event"`
	EventID        string          `json:"event_id"`
	EventTime      int64           `json:"event_time"`
	Shared         bool            `json:"is_ext_shared_channel"`
	Authorizations []authorization `json:"authorizations"`
}

type authorization struct {
	EnterpriseID string `json:"enterprise_id"`
	TeamID       string `json:"team_id"`
	UserID       string `json:"user_id"`
	IsBot        bool   `json:"is_bot"`
	OrgInstall   bool   `json:"is_enterprise_install"`
}

// install is the install that an event was told to.
type install struct {
	team      string // the key: workspace, or organisation for an install of a whole one
	workspace string
	org       string
	self      string // the bot's user id there, if told
}

// install takes the first authorization, else the context, else the outer team; never the
// author's team.
func (e *envelope) install() install {
	var self string
	if len(e.Authorizations) > 0 {
		a := e.Authorizations[0]
		if a.IsBot {
			self = a.UserID
		}
		if t := team(a.TeamID, a.EnterpriseID, a.OrgInstall); t != "" {
			return install{team: t, workspace: a.TeamID, org: a.EnterpriseID, self: self}
		}
	}
	if e.ContextTeam != "" || e.ContextOrg != "" {
		return install{team: team(e.ContextTeam, e.ContextOrg, false), workspace: e.ContextTeam, org: e.ContextOrg, self: self}
	}
	return install{team: team(e.TeamID, e.EnterpriseID, false), workspace: e.TeamID, org: e.EnterpriseID, self: self}
}

// inner is the union of the inner events that are understood, and of the messages inside them.
// Fields that are an id in one event and an object in another are read by word.
type inner struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype"`
	User        word            `json:"user"`
	Username    string          `json:"username"`
	Text        string          `json:"text"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	EventTS     string          `json:"event_ts"`
	DeletedTS   string          `json:"deleted_ts"`
	Channel     word            `json:"channel"`
	ChannelType string          `json:"channel_type"`
	Team        word            `json:"team"`
	UserTeam    string          `json:"user_team"`
	SourceTeam  string          `json:"source_team"`
	BotID       string          `json:"bot_id"`
	AppID       string          `json:"app_id"`
	Tab         string          `json:"tab"`
	Reaction    string          `json:"reaction"`
	Files       []file          `json:"files"`
	Blocks      json.RawMessage `json:"blocks"`
	Message     *inner          `json:"message"`
	Previous    *inner          `json:"previous_message"`
	View        *struct {
		ID   string `json:"id"`
		Hash string `json:"hash"`
	} `json:"view"`
	Item *struct {
		Type    string `json:"type"`
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	} `json:"item"`
	Tokens *struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
	UserProfile *struct {
		Name        string `json:"name"`
		DisplayName string `json:"display_name"`
		RealName    string `json:"real_name"`
		Team        string `json:"team"`
		Restricted  bool   `json:"is_restricted"`
		Ultra       bool   `json:"is_ultra_restricted"`
	} `json:"user_profile"`
	BotProfile *struct {
		AppID string `json:"app_id"`
		Name  string `json:"name"`
	} `json:"bot_profile"`
}

// word is a string, or the "id" of an object; the object itself is kept.
type word struct {
	id  string
	raw json.RawMessage
}

func (w *word) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '{' {
		w.raw = append(json.RawMessage(nil), raw...)
		var o struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(raw, &o); err != nil {
			return err
		}
		w.id = o.ID
		return nil
	}
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &w.id)
	}
	return nil // null, or a shape of no use
}

// file is an attached file.
type file struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Title   string `json:"title"`
	Type    string `json:"mimetype"`
	Size    int64  `json:"size"`
	Private string `json:"url_private"`
	Fetch   string `json:"url_private_download"`
}
