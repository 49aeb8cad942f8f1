package slack

import (
	"context"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// Send posts m. The id is the message's timestamp; where only the person was named it is the
// opened conversation and the timestamp, joined by "/", for an edit needs both. The key travels in
// the message's metadata, where Lookup finds it. What is too long for one message follows in more;
// id and key are the first one's.
func (s *Slack) Send(ctx context.Context, p bot.Place, m bot.Message, key string) (string, error) {
	all := parts(m)
	id, err := s.sendOne(ctx, p, all[0], key)
	if err != nil {
		return "", err
	}
	for _, part := range all[1:] {
		if _, err := s.sendOne(ctx, p, part, ""); err != nil {
			return id, err
		}
	}
	return id, nil
}

func (s *Slack) sendOne(ctx context.Context, p bot.Place, m bot.Message, key string) (string, error) {
	channel := p.Channel
	if channel == "" {
		channel = p.To
	}
	if channel == "" {
		return "", bot.Faultf(bot.Missing, "No conversation was named.")
	}
	if err := s.pace(ctx, p.Team, channel); err != nil {
		return "", err
	}
	options := s.posting(p.Team, m)
	if key != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType: metadataType, EventPayload: map[string]any{"key": key},
		}))
	}
	if _, ts := splitMessage(p.Thread); ts != "" {
		options = append(options, slack.MsgOptionTS(ts))
	}
	var where, ts string
	err := s.as(ctx, p.Team, func(c *slack.Client) (err error) {
		where, ts, err = c.PostMessageContext(ctx, channel, options...)
		return err
	})
	if err != nil {
		return "", err
	}
	if p.Channel == "" {
		s.knowDirect(p.Team, p.To, where)
		return where + "/" + ts, nil
	}
	return ts, nil
}

const metadataType = "rapport_message"

// posting is what a new message says of itself: its looks, and that no preview is hung on its links.
func (s *Slack) posting(team string, m bot.Message) []slack.MsgOption {
	c := s.render(team, m, inMessage)
	out := append(looks(c), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	if c.plain {
		out = append(out, slack.MsgOptionDisableMarkdown())
	}
	return out
}

// looks are the arguments that every method takes which shows a message. Nothing in it is parsed.
func looks(c card) []slack.MsgOption {
	out := []slack.MsgOption{slack.MsgOptionText(c.text, false), slack.MsgOptionParse(false)}
	if len(c.blocks) > 0 {
		out = append(out, slack.MsgOptionBlocks(asBlocks(c.blocks).BlockSet...))
	}
	return out
}

// pace keeps a channel to one message a second, with a short burst. A wait too long to hold a
// caller for is handed back. Who has waited asks again: others may wait for the same second.
func (s *Slack) pace(ctx context.Context, team, channel string) error {
	if s.host.Pace == nil {
		return nil
	}
	for end := time.Now().Add(maxPause); ; {
		wait, err := s.host.Pace(ctx, "slack/"+team+"/"+channel, 1, 3)
		switch {
		case err != nil:
			return err
		case wait <= 0:
			return nil
		case time.Now().Add(wait).After(end):
			return &bot.Wait{For: wait, Err: bot.Faultf(bot.Unavailable, "Slack takes one message a second here.")}
		}
		if !pause(ctx, wait) {
			return &bot.Wait{For: wait, Err: ctx.Err()}
		}
	}
}

const maxPause = 3 * time.Second

// Edit changes a message that Send made. What it no longer has is taken away.
func (s *Slack) Edit(ctx context.Context, p bot.Place, id string, m bot.Message) error {
	channel, ts := splitMessage(id)
	if channel == "" {
		channel = p.Channel
	}
	options := looks(s.render(p.Team, m, inMessage))
	if len(m.Blocks) == 0 {
		// an empty list takes the old blocks away; blocks that the text needed are appended to it
		options = append([]slack.MsgOption{slack.MsgOptionBlocks()}, options...)
	}
	return s.as(ctx, p.Team, func(c *slack.Client) (err error) {
		channel := channel
		if channel == "" {
			if channel, err = s.direct(ctx, c, p.To); err != nil {
				return err
			}
		}
		_, _, _, err = c.UpdateMessageContext(ctx, channel, ts, options...)
		return err
	})
}

// direct is the conversation of the bot with one person; Slack opens it if need be.
func (s *Slack) direct(ctx context.Context, c *slack.Client, user string) (string, error) {
	ch, _, _, err := c.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
	if err != nil {
		return "", err
	}
	return ch.ID, nil
}

// isDirect reports whether a channel is the bot's own conversation with a person, not one between
// two people. Slack is asked once.
func (s *Slack) isDirect(ctx context.Context, team, user, channel string) bool {
	if !strings.HasPrefix(channel, "D") {
		return false
	}
	if known, ok := s.directs.Load(team + "/" + user); ok {
		return known == channel
	}
	var own string
	err := s.as(ctx, team, func(c *slack.Client) (err error) {
		own, err = s.direct(ctx, c, user)
		return err
	})
	if err != nil {
		return false
	}
	s.knowDirect(team, user, own)
	return own == channel
}

func (s *Slack) knowDirect(team, user, channel string) {
	if _, known := s.directs.LoadOrStore(team+"/"+user, channel); !known && s.knownDirects.Add(1) > 50_000 {
		s.directs.Clear()
		s.knownDirects.Store(0)
	}
}

// Lookup looks through the newest messages of a conversation, or of a thread, for one with the key.
func (s *Slack) Lookup(ctx context.Context, p bot.Place, key string) (id string, found bool, err error) {
	err = s.as(ctx, p.Team, func(c *slack.Client) error {
		channel := p.Channel
		if channel == "" {
			var err error
			if channel, err = s.direct(ctx, c, p.To); err != nil {
				return err
			}
		}
		ts, err := find(ctx, c, channel, p.Thread, key)
		if err != nil || ts == "" {
			return err
		}
		found, id = true, ts
		if p.Channel == "" {
			id = channel + "/" + ts
		}
		return nil
	})
	return id, found, err
}

const lookupPages = 3

func find(ctx context.Context, c *slack.Client, channel, thread, key string) (string, error) {
	cursor := ""
	for range lookupPages {
		var page []slack.Message
		var next string
		if _, parent := splitMessage(thread); parent != "" {
			replies, _, more, err := c.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: parent, Cursor: cursor, Limit: 200, IncludeAllMetadata: true,
			})
			if err != nil {
				return "", err
			}
			page, next = replies, more
		} else {
			h, err := c.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
				ChannelID: channel, Cursor: cursor, Limit: 100, IncludeAllMetadata: true,
			})
			if err != nil {
				return "", err
			}
			page, next = h.Messages, h.ResponseMetaData.NextCursor
		}
		for _, m := range page {
			if m.Metadata.EventType == metadataType && m.Metadata.EventPayload["key"] == key {
				return m.Timestamp, nil
			}
		}
		if next == "" {
			return "", nil
		}
		cursor = next
	}
	return "", nil
}

// speak answers without a response URL: into the conversation, or only for one person's eyes. A
// private answer that cannot be shown in a channel goes to the person's own conversation.
func (s *Slack) speak(ctx context.Context, e *exchange, m bot.Message) error {
	p := bot.Place{Network: Network, Team: e.Team, Channel: e.Channel, Thread: e.Thread}
	switch {
	case e.Channel == "":
		p = bot.Place{Network: Network, Team: e.Team, To: e.User}
	case !m.Public && !e.Direct:
		err := patient(ctx, func() error { return s.whisper(ctx, e, m) })
		if err == nil || !bot.IsFault(err, bot.Missing) && !bot.IsFault(err, bot.Forbidden) {
			return err
		}
		p = bot.Place{Network: Network, Team: e.Team, To: e.User}
	}
	return patient(ctx, func() error {
		_, err := s.Send(ctx, p, m, "")
		return err
	})
}

// whisper shows a message to one person in a channel.
func (s *Slack) whisper(ctx context.Context, e *exchange, m bot.Message) error {
	options := looks(s.render(e.Team, m, inMessage))
	if e.Thread != "" {
		options = append(options, slack.MsgOptionTS(e.Thread))
	}
	return s.as(ctx, e.Team, func(c *slack.Client) error {
		_, err := c.PostEphemeralContext(ctx, e.Channel, e.User, options...)
		return err
	})
}

// home publishes m as a person's Home.
func (s *Slack) home(ctx context.Context, team, user, hash string, m bot.Message) error {
	c := s.render(team, m, inHome)
	request := slack.PublishViewContextRequest{UserID: user, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: asBlocks(c.blocks)}}
	if hash != "" {
		request.Hash = &hash
	}
	return s.as(ctx, team, func(api *slack.Client) error {
		_, err := api.PublishViewContext(ctx, request)
		return err
	})
}
