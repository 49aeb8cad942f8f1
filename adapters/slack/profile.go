package slack

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// Profile asks Slack about an account: zone, e-mail and language are "" where Slack does not
// tell. A person Slack does not know is a Missing fault.
func (s *Slack) Profile(ctx context.Context, a bot.Account) (bot.Profile, error) {
	var p bot.Profile
	err := s.ask(ctx, a.Team, func(ctx context.Context, c *slack.Client) error {
		u, err := c.GetUserInfoContext(ctx, a.ID)
		if err == nil {
			who := human{
				ID: u.ID, TeamID: u.TeamID, Name: u.Name, RealName: u.RealName, Zone: u.TZ, Locale: u.Locale,
				Deleted: u.Deleted, Bot: u.IsBot, Workflow: u.IsWorkflowBot, Restricted: u.IsRestricted,
				Ultra: u.IsUltraRestricted, Stranger: u.IsStranger,
			}
			who.Profile.DisplayName, who.Profile.RealName, who.Profile.Email = u.Profile.DisplayName, u.Profile.RealName, u.Profile.Email
			who.Org.ID, who.Org.Teams = u.Enterprise.EnterpriseID, u.Enterprise.Teams
			p = who.profile(a, placeOf(a.Team))
		}
		return err
	})
	return p, err
}

// human is a person as user_change and users.info tell of them. tz is the zone's name; tz_offset
// is only today's and is never read.
type human struct {
	ID         string `json:"id"`
	TeamID     string `json:"team_id"`
	Name       string `json:"name"`
	RealName   string `json:"real_name"`
	Zone       string `json:"tz"`
	Locale     string `json:"locale"`
	Deleted    bool   `json:"deleted"`
	Bot        bool   `json:"is_bot"`
	Workflow   bool   `json:"is_workflow_bot"`
	Restricted bool   `json:"is_restricted"`
	Ultra      bool   `json:"is_ultra_restricted"`
	Stranger   bool   `json:"is_stranger"`
	Profile    struct {
		DisplayName string `json:"display_name"`
		RealName    string `json:"real_name"`
		Email       string `json:"email"`
	} `json:"profile"`
	Org struct {
		ID    string   `json:"enterprise_id"`
		Teams []string `json:"teams"`
	} `json:"enterprise_user"`
}

// placeOf is an install of which only the key is known.
func placeOf(team string) install {
	if strings.HasPrefix(team, "E") {
		return install{team: team, org: team}
	}
	return install{team: team, workspace: team}
}

func (u *human) profile(a bot.Account, at install) bot.Profile {
	name := u.Profile.DisplayName
	for _, n := range []string{u.Profile.RealName, u.RealName, u.Name} {
		if strings.TrimSpace(name) == "" {
			name = n
		}
	}
	return bot.Profile{
		Account: a, Name: strings.TrimSpace(bot.Clean(name)), Email: u.Profile.Email, Zone: u.Zone,
		Locale: u.Locale, Member: u.member(at),
	}
}

// member reports whether u is a full, living, human member of the team. Slackbot says of itself
// that it is no bot.
func (u *human) member(at install) bool {
	if u.Deleted || u.Bot || u.Workflow || u.Restricted || u.Ultra || u.Stranger || u.ID == "USLACKBOT" {
		return false
	}
	if u.TeamID == "" || u.TeamID == at.team || u.TeamID == at.workspace {
		return true
	}
	if at.org != "" && (u.TeamID == at.org || u.Org.ID == at.org) {
		return true
	}
	for _, t := range u.Org.Teams {
		if t == at.workspace {
			return true
		}
	}
	return false
}
