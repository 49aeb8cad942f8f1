package slack

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// Group lists a user group: by its id, by the mark a message carries, or by its handle. An
// organisation's install has to ask workspace by workspace.
func (s *Slack) Group(ctx context.Context, team, id string) (name string, members []bot.Account, err error) {
	want := groupName(id)
	if want == "" {
		return "", nil, bot.Faultf(bot.Missing, "I know no user group of that name.")
	}
	err = s.ask(ctx, team, func(ctx context.Context, c *slack.Client) error {
		members = nil
		workspaces, err := workspacesOf(ctx, c, team)
		if err != nil {
			return err
		}
		for _, w := range workspaces {
			found, err := group(ctx, c, w, want)
			if err != nil {
				return err
			}
			if found == nil {
				continue
			}
			users, err := c.GetUserGroupMembersContext(ctx, found.ID, slack.GetUserGroupMembersOptionTeamID(w))
			if err != nil {
				return err
			}
			if name = found.Name; name == "" {
				name = found.Handle
			}
			for _, u := range users {
				members = append(members, bot.Account{Network: Network, Team: team, ID: u})
			}
			return nil
		}
		return slack.SlackErrorResponse{Err: "no_such_subteam"}
	})
	return bot.Clean(name), members, err
}

// groupName takes the id or handle out of whatever names a group.
func groupName(id string) string {
	for _, sp := range bot.Spans(id) {
		if sp.Kind == bot.SpanMention {
			return sp.Account.ID
		}
	}
	id = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<!subteam^"), ">")
	id, _, _ = strings.Cut(id, "|")
	return strings.TrimPrefix(id, "@")
}

func group(ctx context.Context, c *slack.Client, workspace, want string) (*slack.UserGroup, error) {
	all, err := c.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionTeamID(workspace))
	if err != nil {
		return nil, err
	}
	for _, g := range all {
		if g.ID == want || strings.EqualFold(g.Handle, want) || strings.EqualFold(g.Name, want) {
			return &g, nil
		}
	}
	return nil, nil
}

// workspacesOf is the one workspace of an install, as "", or all of an organisation's.
func workspacesOf(ctx context.Context, c *slack.Client, team string) ([]string, error) {
	if !strings.HasPrefix(team, "E") {
		return []string{""}, nil
	}
	var out []string
	for cursor := ""; ; {
		teams, next, err := c.ListTeamsContext(ctx, slack.ListTeamsParameters{Limit: 200, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		for _, t := range teams {
			out = append(out, t.ID)
		}
		if next == "" {
			return out, nil
		}
		cursor = next
	}
}

const (
	readerPages = 5
	readerPage  = 1000
)

// Readers lists who is in a conversation, without the bot itself; more is true past 5,000.
func (s *Slack) Readers(ctx context.Context, p bot.Place) (readers []bot.Account, more bool, err error) {
	if p.Channel == "" {
		return []bot.Account{{Network: Network, Team: p.Team, ID: p.To}}, false, nil
	}
	err = s.ask(ctx, p.Team, func(ctx context.Context, c *slack.Client) error {
		readers, more = nil, false
		cursor := ""
		for range readerPages {
			ids, next, err := c.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{
				ChannelID: p.Channel, Cursor: cursor, Limit: readerPage,
			})
			if err != nil {
				return err
			}
			self := s.tokens.self(p.Team).user
			for _, id := range ids {
				if id != self {
					readers = append(readers, bot.Account{Network: Network, Team: p.Team, ID: id})
				}
			}
			if cursor = next; cursor == "" {
				return nil
			}
		}
		more = true
		return nil
	})
	return readers, more, err
}
