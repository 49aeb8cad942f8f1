package slack

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// interaction is the union of the interactive payloads that are understood.
type interaction struct {
	Type        string    `json:"type"`
	Team        *orgTeam  `json:"team"`
	Enterprise  *orgTeam  `json:"enterprise"`
	OrgInstall  looseBool `json:"is_enterprise_install"`
	TriggerID   string    `json:"trigger_id"`
	ResponseURL string    `json:"response_url"`
	CallbackID  string    `json:"callback_id"`
	ActionTS    string    `json:"action_ts"`
	ActionID    string    `json:"action_id"`
	BlockID     string    `json:"block_id"`
	Value       string    `json:"value"`
	MessageTS   string    `json:"message_ts"`
	User        struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
		TeamID   string `json:"team_id"`
	} `json:"user"`
	Channel   *word  `json:"channel"`
	Message   *inner `json:"message"`
	Container struct {
		Type      string `json:"type"`
		MessageTS string `json:"message_ts"`
		ChannelID string `json:"channel_id"`
		Ephemeral bool   `json:"is_ephemeral"`
		ThreadTS  string `json:"thread_ts"`
		ViewID    string `json:"view_id"`
	} `json:"container"`
	View    *viewPayload  `json:"view"`
	Actions []actionTaken `json:"actions"`
	State   struct {
		Values stateValues `json:"values"`
	} `json:"state"`
}

type orgTeam struct {
	ID           string `json:"id"`
	Domain       string `json:"domain"`
	EnterpriseID string `json:"enterprise_id"`
}

type viewPayload struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Hash       string `json:"hash"`
	Metadata   string `json:"private_metadata"`
	CallbackID string `json:"callback_id"`
	Installed  string `json:"app_installed_team_id"`
	TeamID     string `json:"team_id"`
	Blocks     []struct {
		Type    string `json:"type"`
		BlockID string `json:"block_id"`
	} `json:"blocks"`
	State struct {
		Values stateValues `json:"values"`
	} `json:"state"`
}

type actionTaken struct {
	stateValue
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	ActionTS string `json:"action_ts"`
}

// interactions are the types that are understood. Older ones, of other shapes, are none of ours.
var interactions = map[string]bool{"block_actions": true, "view_submission": true, "block_suggestion": true, "shortcut": true, "message_action": true}

// decodeInteraction reads a button, a form, a shortcut or a question for options. It is pure; now
// only tells questions apart that carry no id.
func decodeInteraction(raw []byte, now time.Time) (decoded, error) {
	var p interaction
	if err := json.Unmarshal(raw, &p); err != nil || p.Type == "" {
		if p.Type != "" && !interactions[p.Type] {
			return decoded{}, nil
		}
		return decoded{}, errShape
	}
	workspace, org := p.where()
	t := team(workspace, org, bool(p.OrgInstall))
	name := p.User.Name
	if name == "" {
		name = p.User.Username
	}
	out := decoded{
		event: bot.Event{
			From:  bot.Account{Network: Network, Team: t, ID: p.User.ID},
			Name:  bot.Clean(name),
			Guest: p.guest(workspace, org),
			Place: bot.Place{Network: Network, Team: t},
			At:    now,
		},
		ex: exchange{Team: t, User: p.User.ID, URL: p.ResponseURL, trigger: p.TriggerID, Born: now.Unix()},
	}
	if p.User.ID == "" || t == "" {
		return decoded{}, nil
	}
	stamp := p.ActionTS
	if stamp == "" && len(p.Actions) > 0 {
		stamp = p.Actions[0].ActionTS
	}
	if at := instant(stamp); !at.IsZero() {
		out.event.At = at
	}
	out.event.ID = "p/" + t + "/" + digest(raw)
	if p.TriggerID != "" {
		out.event.ID = triggerKey(t, p.TriggerID, stamp)
	}
	switch p.Type {
	case "block_actions":
		p.pressed(&out)
	case "view_submission":
		p.filled(&out)
	case "block_suggestion":
		out.event.ID += "/" + strconv.FormatInt(now.UnixNano(), 36)
		p.suggest(&out)
	case "shortcut":
		out.event.Place.To, out.event.Place.Direct = p.User.ID, true
		out.event.Body = bot.Asked{Name: bot.Clean(p.CallbackID)}
		out.ex.Kind = byShortcut
	case "message_action":
		p.onMessage(&out)
	}
	return out, nil
}

// where names the workspace and organisation of the install. A view knows the workspace it was
// opened for; the team of the person may be another one.
func (p *interaction) where() (workspace, org string) {
	if p.View != nil {
		workspace = p.View.Installed
	}
	if p.Team != nil {
		if workspace == "" {
			workspace = p.Team.ID
		}
		org = p.Team.EnterpriseID
	}
	if p.Enterprise != nil && p.Enterprise.ID != "" {
		org = p.Enterprise.ID
	}
	if workspace == "" && p.View != nil {
		workspace = p.View.TeamID
	}
	if workspace == "" {
		workspace = p.User.TeamID
	}
	return workspace, org
}

// guest compares the person's own team with the team of the install.
func (p *interaction) guest(workspace, org string) bool {
	home := p.User.TeamID
	if home == "" || home == workspace || home == org || bool(p.OrgInstall) {
		return false
	}
	return p.Team == nil || home != p.Team.ID
}

func (p *interaction) channel() string {
	if p.Channel != nil && p.Channel.id != "" {
		return p.Channel.id
	}
	return p.Container.ChannelID
}

// pressed reads a button or a menu. A button that opens an address also comes here, and means
// nothing; so does what stands in a form and waits for its submission.
func (p *interaction) pressed(out *decoded) {
	if len(p.Actions) == 0 {
		return
	}
	a := p.Actions[0]
	body := bot.Pressed{}
	switch a.Type {
	case "button":
		if a.Value == nil || *a.Value == "" {
			return
		}
		body.Token = *a.Value
	default:
		token, ok := menuToken(a.BlockID, a.ActionID)
		if !ok {
			return
		}
		body.Token, body.Values = token, a.picks()
	}
	ev, ex := &out.event, &out.ex
	switch {
	case p.View != nil && p.View.Type == "home" || p.Container.Type == "view" && p.View == nil:
		ex.Kind, ex.View = byHome, p.Container.ViewID
		ev.Place.To, ev.Place.Direct = p.User.ID, true
		if p.View != nil {
			ex.View, ex.Hash = p.View.ID, p.View.Hash
		}
	case p.View != nil:
		from := unpack(p.View.Metadata)
		ex.Kind, ex.View, ex.Hash = byView, p.View.ID, p.View.Hash
		ex.from(from)
		p.place(ev, from)
	default:
		ex.Kind, ex.Channel, ex.Hidden = byAction, p.channel(), p.Container.Ephemeral
		ex.Message, ex.Thread = p.Container.MessageTS, p.Container.ThreadTS
		if p.Message != nil {
			if ex.Message == "" {
				ex.Message = p.Message.TS
			}
			if ex.Thread == "" {
				ex.Thread = p.Message.ThreadTS
			}
		}
		if ex.Thread == ex.Message {
			ex.Thread = ""
		}
		ev.Place.Channel, ev.Place.Thread = ex.Channel, ex.Thread
		body.Message = ex.Message
	}
	ev.Body = body
}

// from takes over where a form's answer goes.
func (e *exchange) from(o origin) {
	if o.URL != "" {
		e.URL, e.Uses, e.Born = o.URL, o.Uses, o.Born
	}
	e.Channel, e.Thread, e.Message, e.Hidden, e.Direct = o.Channel, o.Thread, o.Message, o.Hidden, o.Direct
}

// place is where the form was opened: a channel, or nowhere in particular.
func (p *interaction) place(ev *bot.Event, o origin) {
	ev.Place.Channel, ev.Place.Thread, ev.Place.Direct = o.Channel, o.Thread, o.Direct
	if o.Channel == "" {
		ev.Place.To, ev.Place.Direct = p.User.ID, true
	}
}

// filled reads a form. The trigger tells two submissions of one view apart: after errors in place
// the view keeps its id and hash.
func (p *interaction) filled(out *decoded) {
	if p.View == nil {
		return
	}
	o := unpack(p.View.Metadata)
	ev, ex := &out.event, &out.ex
	ex.Kind, ex.View, ex.Hash = byForm, p.View.ID, p.View.Hash
	ex.from(o)
	for _, b := range p.View.Blocks {
		if b.Type == "input" {
			ex.inputs = append(ex.inputs, b.BlockID)
		}
	}
	p.place(ev, o)
	body := bot.Filled{Token: o.Token, Values: map[string]string{}}
	for block, elements := range p.View.State.Values {
		for _, v := range elements {
			name := fieldName(block)
			if v.Type == "file_input" {
				if body.Files == nil {
					body.Files = map[string][]bot.File{}
				}
				body.Files[name] = files(v.Files)
				continue
			}
			body.Values[name] = v.text(ev.From.Team)
		}
	}
	ev.Body = body
}

// suggest reads a question for options: a field of a form, or a menu in a message.
func (p *interaction) suggest(out *decoded) {
	body := bot.Suggest{Field: fieldName(p.BlockID), Typed: strings.TrimSpace(bot.Clean(p.Value))}
	out.ex.Kind = bySuggest
	values := p.State.Values
	if p.View != nil {
		o := unpack(p.View.Metadata)
		body.Token, values = o.Token, p.View.State.Values
		p.place(&out.event, o)
	} else if token, ok := menuToken(p.BlockID, p.ActionID); ok {
		body.Token, body.Field = token, ""
		out.event.Place.Channel = p.channel()
	}
	for block, elements := range values {
		for _, v := range elements {
			if name := fieldName(block); name != body.Field {
				if body.Args == nil {
					body.Args = map[string]string{}
				}
				body.Args[name] = v.text(out.event.From.Team)
			}
		}
	}
	out.event.Body = body
}

// onMessage reads a shortcut used on a message.
func (p *interaction) onMessage(out *decoded) {
	m := p.Message
	if m == nil {
		m = &inner{}
	}
	ts := m.TS
	if ts == "" {
		ts = p.MessageTS
	}
	ev, ex := &out.event, &out.ex
	ex.Kind, ex.Channel, ex.Thread = byShortcut, p.channel(), thread(m)
	ev.Place.Channel, ev.Place.Thread = ex.Channel, ex.Thread
	words, _ := reader{team: ev.From.Team}.text(m.Text)
	author := m.User.id
	if author == "" {
		author = m.BotID
	}
	on := &bot.Target{Message: ts, Text: words, Files: files(m.Files), Tokens: tokensIn(m.Blocks)}
	if author != "" {
		on.Author = bot.Account{Network: Network, Team: ev.From.Team, ID: author}
	}
	if p.Team != nil && p.Team.Domain != "" && ex.Channel != "" && ts != "" {
		on.Link = "https://" + p.Team.Domain + ".slack.com/archives/" + ex.Channel + "/p" + strings.ReplaceAll(ts, ".", "")
	}
	ev.Body = bot.Asked{Name: bot.Clean(p.CallbackID), On: on}
}

// tokensIn are what the buttons in a message's blocks carry. Blocks of other shapes hold none.
func tokensIn(raw json.RawMessage) []string {
	var blocks []json.RawMessage
	if json.Unmarshal(raw, &blocks) != nil {
		return nil
	}
	var out []string
	for _, one := range blocks {
		var b struct {
			Type     string `json:"type"`
			Elements []struct {
				Type  string `json:"type"`
				Value string `json:"value"`
			} `json:"elements"`
		}
		if json.Unmarshal(one, &b) != nil || b.Type != "actions" {
			continue
		}
		for _, e := range b.Elements {
			if e.Type == "button" && e.Value != "" {
				out = append(out, e.Value)
			}
		}
	}
	return out
}
