package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rapport/bot"
)

// world is the little that must be known of servers to judge a message: which
// channels are threads the bot is part of, and the bot's own roles.
type world interface {
	self() string
	thread(ctx context.Context, guild, channel string) (parent string, mine bool)
	ownRole(guild, role string) bool
}

// heard turns what happened on the gateway into events. id names this dispatch:
// the same when a resumed session repeats it. What says nothing to the kernel
// gives no events.
func heard(ctx context.Context, kind string, raw []byte, id string, w world, now time.Time) ([]bot.Event, error) {
	switch kind {
	case "MESSAGE_CREATE":
		return one(said(ctx, raw, w, now))
	case "MESSAGE_UPDATE":
		return one(edited(ctx, raw, w, now))
	case "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		return deleted(ctx, raw, w, now)
	case "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE":
		return one(reacted(ctx, raw, id, kind == "MESSAGE_REACTION_REMOVE", w, now))
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE":
		return one(memberNews(kind, raw, id, now))
	case "GUILD_DELETE":
		var g struct {
			ID          string `json:"id"`
			Unavailable bool   `json:"unavailable"`
		}
		if err := json.Unmarshal(raw, &g); err != nil || g.Unavailable || g.ID == "" {
			return nil, err // an outage is not a farewell
		}
		return []bot.Event{{ID: id, Guest: true, Place: bot.Place{Network: Name, Team: g.ID}, At: now, Body: bot.Uninstalled{}}}, nil
	}
	return nil, nil
}

func one(ev bot.Event, err error) ([]bot.Event, error) {
	if err != nil || ev.Body == nil {
		return nil, err
	}
	return []bot.Event{ev}, nil
}

func said(ctx context.Context, raw []byte, w world, now time.Time) (bot.Event, error) {
	m, text, mention, place, err := talk(ctx, raw, w)
	if err != nil || m.ID == "" || m.Type != 0 && m.Type != 19 {
		return bot.Event{}, err
	}
	if text == "" && len(m.Attachments) == 0 && !mention {
		return bot.Event{}, nil
	}
	ev := bot.Event{ID: m.ID, From: account(m.Author.ID), Name: speaker(m), Guest: true, Place: place, At: at(m.Timestamp, now)}
	ev.Body = bot.Said{Text: text, Message: m.ID, Mention: mention, Files: files(m.Attachments)}
	return ev, nil
}

// edited is a message whose words changed: Discord also sends an update when it
// attaches a preview to a link or somebody pins the message. Those leave the time
// of the last edit as it was, so their id is that of the edit before. Words that were
// not meant for the bot count too: somebody may have taken them down since.
func edited(ctx context.Context, raw []byte, w world, now time.Time) (bot.Event, error) {
	m, text, _, place, err := written(ctx, raw, w)
	if err != nil || m.ID == "" || m.Edited == "" || m.Content == nil {
		return bot.Event{}, err
	}
	return bot.Event{ID: m.ID + "/" + m.Edited, From: account(m.Author.ID), Name: speaker(m), Guest: true, Place: place,
		At: at(m.Edited, now), Body: bot.Edited{Message: m.ID, Text: text}}, nil
}

// talk reads a message and says whether it concerns the bot: a direct
// conversation, a mention, an answer to it, a thread it is part of. Its own
// messages and those of other bots and webhooks never do; m.ID is "" then.
func talk(ctx context.Context, raw []byte, w world) (m message, text string, mention bool, p bot.Place, err error) {
	m, text, mention, p, err = written(ctx, raw, w)
	if err == nil && m.ID != "" && !p.Direct && !mention {
		if _, mine := w.thread(ctx, m.GuildID, m.ChannelID); !mine {
			return message{}, "", false, p, nil
		}
	}
	return m, text, mention, p, err
}

// written reads a message of a person, whoever it is for.
func written(ctx context.Context, raw []byte, w world) (m message, text string, mention bool, p bot.Place, err error) {
	if err = json.Unmarshal(raw, &m); err != nil {
		return m, "", false, p, fmt.Errorf("message: %w", err)
	}
	if m.Author == nil || m.Author.Bot || m.WebhookID != "" || m.Author.ID == w.self() {
		return message{}, "", false, p, nil
	}
	text, mention = marked(m.text(), m.GuildID, w.self(), func(id string) string { return nameIn(m.Mentions, id) })
	for _, u := range m.Mentions {
		mention = mention || u.ID == w.self() && w.self() != ""
	}
	for _, r := range m.Roles {
		mention = mention || w.ownRole(m.GuildID, r)
	}
	if r := m.Referenced; r != nil && r.Author != nil && r.Author.ID == w.self() && w.self() != "" {
		mention = true
	}
	p = bot.Place{Network: Name, Team: m.GuildID, Channel: m.ChannelID, Direct: m.GuildID == ""}
	if p.Direct {
		return m, text, mention, p, nil
	}
	if parent, _ := w.thread(ctx, m.GuildID, m.ChannelID); parent != "" {
		p.Channel, p.Thread = parent, m.ChannelID
	}
	return m, text, mention, p, nil
}

func speaker(m message) string {
	if m.Member != nil && m.Member.Nick != "" {
		return bot.Clean(m.Member.Nick)
	}
	return bot.Clean(m.Author.name())
}

func at(stamp string, now time.Time) time.Time {
	if t, err := time.Parse(time.RFC3339, stamp); err == nil {
		return t.UTC()
	}
	return now
}

func deleted(ctx context.Context, raw []byte, w world, now time.Time) ([]bot.Event, error) {
	var d struct {
		ID        string   `json:"id"`
		IDs       []string `json:"ids"`
		ChannelID string   `json:"channel_id"`
		GuildID   string   `json:"guild_id"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, fmt.Errorf("deleted message: %w", err)
	}
	if d.ID != "" {
		d.IDs = append(d.IDs, d.ID)
	}
	p := where(ctx, d.GuildID, d.ChannelID, w)
	var out []bot.Event
	for _, id := range d.IDs {
		out = append(out, bot.Event{ID: id + "/deleted", Guest: true, Place: p, At: now, Body: bot.Deleted{Message: id}})
	}
	return out, nil
}

func where(ctx context.Context, guild, channel string, w world) bot.Place {
	p := bot.Place{Network: Name, Team: guild, Channel: channel, Direct: guild == ""}
	if guild != "" {
		if parent, _ := w.thread(ctx, guild, channel); parent != "" {
			p.Channel, p.Thread = parent, channel
		}
	}
	return p
}

func reacted(ctx context.Context, raw []byte, id string, off bool, w world, now time.Time) (bot.Event, error) {
	var r struct {
		UserID    string  `json:"user_id"`
		ChannelID string  `json:"channel_id"`
		MessageID string  `json:"message_id"`
		GuildID   string  `json:"guild_id"`
		Member    *member `json:"member"`
		Emoji     struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"emoji"`
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return bot.Event{}, fmt.Errorf("reaction: %w", err)
	}
	if r.UserID == w.self() || r.UserID == "" || r.Member != nil && r.Member.User != nil && r.Member.User.Bot {
		return bot.Event{}, nil
	}
	return bot.Event{ID: id, From: account(r.UserID), Guest: true, Place: where(ctx, r.GuildID, r.ChannelID, w), At: now,
		Body: bot.Reacted{Message: r.MessageID, Emoji: bot.Clean(r.Emoji.Name), Off: off}}, nil
}

func memberNews(kind string, raw []byte, id string, now time.Time) (bot.Event, error) {
	var m struct {
		member
		GuildID string `json:"guild_id"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return bot.Event{}, fmt.Errorf("member: %w", err)
	}
	if m.User == nil || m.User.ID == "" || m.User.Bot {
		return bot.Event{}, nil
	}
	who := account(m.User.ID)
	ev := bot.Event{ID: id, From: who, Name: bot.Clean(m.User.name()), Guest: true, Place: bot.Place{Network: Name, Team: m.GuildID}, At: now}
	switch kind {
	case "GUILD_MEMBER_ADD":
		ev.Body = bot.Joined{Account: who}
	case "GUILD_MEMBER_REMOVE":
		ev.Body = bot.Left{Account: who}
	default:
		ev.Body = bot.Profiled{Profile: profileOf(m.member)}
	}
	return ev, nil
}
