package slack

import (
	"encoding/json"
	"strings"
	"time"

	"rapport/bot"
)

// slash are the fields of a slash command that matter here; in a form all are strings, in a socket
// envelope they stand in JSON.
type slash struct {
	TeamID       string    `json:"team_id"`
	EnterpriseID string    `json:"enterprise_id"`
	ChannelID    string    `json:"channel_id"`
	UserID       string    `json:"user_id"`
	UserName     string    `json:"user_name"`
	Command      string    `json:"command"`
	Text         string    `json:"text"`
	OrgInstall   looseBool `json:"is_enterprise_install"`
	ResponseURL  string    `json:"response_url"`
	TriggerID    string    `json:"trigger_id"`
	ThreadTS     string    `json:"thread_ts"`
	SSLCheck     string    `json:"ssl_check"`
}

// looseBool reads true and "true": slash commands carry the string, everything else the word.
type looseBool bool

func (b *looseBool) UnmarshalJSON(raw []byte) error {
	*b = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

// parseSlash reads a command's form body; ok is false when it is none.
func parseSlash(body string) (c slash, ok bool) {
	for {
		key, value, rest, more := pair(body)
		if !more {
			break
		}
		body = rest
		var to *string
		switch key {
		case "team_id":
			to = &c.TeamID
		case "enterprise_id":
			to = &c.EnterpriseID
		case "channel_id":
			to = &c.ChannelID
		case "user_id":
			to = &c.UserID
		case "user_name":
			to = &c.UserName
		case "command":
			to = &c.Command
		case "text":
			to = &c.Text
		case "response_url":
			to = &c.ResponseURL
		case "trigger_id":
			to = &c.TriggerID
		case "thread_ts":
			to = &c.ThreadTS
		case "ssl_check":
			to = &c.SSLCheck
		case "is_enterprise_install":
			c.OrgInstall = value == "true"
			continue
		default:
			continue
		}
		var fine bool
		if *to, fine = unescape(value); !fine {
			return c, false
		}
	}
	return c, c.SSLCheck != "" || c.UserID != "" && c.Command != "" && (c.TeamID != "" || c.EnterpriseID != "")
}

func parseSlashJSON(raw []byte) (c slash, ok bool) {
	if json.Unmarshal(raw, &c) != nil {
		return c, false
	}
	return c, c.UserID != "" && c.Command != "" && (c.TeamID != "" || c.EnterpriseID != "")
}

// event is the command as the kernel sees it. at is when Slack says that it was sent; raw names a
// payload without a trigger.
func (c *slash) event(main string, at time.Time, raw []byte) (bot.Event, exchange) {
	t := team(c.TeamID, c.EnterpriseID, bool(c.OrgInstall))
	words, _ := reader{team: t}.text(c.Text)
	words = strings.TrimSpace(words)
	if c.Command != main {
		alias := strings.TrimPrefix(bot.Clean(c.Command), "/")
		words = strings.TrimRight(alias+" "+words, " ")
	}
	ev := bot.Event{
		From:  bot.Account{Network: Network, Team: t, ID: c.UserID},
		Name:  bot.Clean(c.UserName),
		Place: bot.Place{Network: Network, Team: t, Channel: c.ChannelID, Thread: c.ThreadTS},
		At:    at,
		Body:  bot.Asked{Text: words},
	}
	if c.TriggerID != "" {
		ev.ID = triggerKey(t, c.TriggerID, "")
	} else {
		ev.ID = "p/" + t + "/" + digest(raw)
	}
	return ev, exchange{
		Kind: byCommand, Team: t, User: c.UserID, Channel: c.ChannelID, Thread: c.ThreadTS,
		URL: c.ResponseURL, Born: at.Unix(), trigger: c.TriggerID,
	}
}
