package slack

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"rapport/bot"
)

type (
	stateValues map[string]map[string]stateValue
	// stateValue is what one element holds: only the field of its kind is there, null when empty.
	stateValue struct {
		Type          string      `json:"type"`
		Value         *string     `json:"value"`
		Option        *optionPick `json:"selected_option"`
		Options       []pick      `json:"selected_options"`
		User          string      `json:"selected_user"`
		Users         []string    `json:"selected_users"`
		Channel       string      `json:"selected_channel"`
		Channels      []string    `json:"selected_channels"`
		Conversation  string      `json:"selected_conversation"`
		Conversations []string    `json:"selected_conversations"`
		Date          string      `json:"selected_date"`
		Time          string      `json:"selected_time"`
		DateTime      int64       `json:"selected_date_time"`
		Files         []file      `json:"files"`
	}
	pick struct {
		Value string `json:"value"`
	}
	// optionPick is a picked option; old menus send the bare value.
	optionPick struct{ pick }
)

func (o *optionPick) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &o.Value)
	}
	return json.Unmarshal(raw, &o.pick)
}

// picks are the values of a menu; none when it was cleared.
func (v *stateValue) picks() []string {
	if v.Option != nil {
		return []string{optionValue(v.Option.Value)}
	}
	var out []string
	for _, o := range v.Options {
		out = append(out, optionValue(o.Value))
	}
	for _, one := range []string{v.User, v.Channel, v.Conversation, v.Date, v.Time} {
		if one != "" {
			out = append(out, one)
		}
	}
	out = append(out, v.Users...)
	out = append(out, v.Channels...)
	return append(out, v.Conversations...)
}

// text is a field's value: people as mentions, several picks one a line. What was typed into a
// form is not escaped by Slack.
func (v *stateValue) text(team string) string {
	var out []string
	switch {
	case v.Value != nil:
		return strings.TrimSpace(bot.Clean(*v.Value))
	case v.Type == "checkboxes":
		picks := v.picks()
		if len(picks) == 0 {
			return "false"
		}
		return strings.Join(picks, "\n")
	case v.DateTime != 0:
		return strconv.FormatInt(v.DateTime, 10)
	case v.User != "" || len(v.Users) > 0:
		for _, id := range append([]string{v.User}, v.Users...) {
			if id != "" {
				out = append(out, mention(team, id, ""))
			}
		}
	case v.Channel != "" || v.Conversation != "" || len(v.Channels)+len(v.Conversations) > 0:
		for _, id := range v.picks() {
			out = append(out, bot.ChannelMark(bot.Place{Network: Network, Team: team, Channel: id}, id))
		}
	default:
		out = v.picks()
	}
	return strings.Join(out, "\n")
}

// sortedKeys keeps output stable where a map stands behind it.
func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
