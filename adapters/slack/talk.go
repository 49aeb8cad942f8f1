package slack

import (
	"encoding/json"
	"strings"
	"time"

	"rapport/bot"
)

// decoded is one delivery as the kernel will see it. One without a body is of no interest: it is
// acknowledged and forgotten.
type decoded struct {
	event bot.Event
	ex    exchange // no kind: nothing can be answered
}

// decodeEvent reads one event of the Events API. It is pure: own is what is known of the bot in
// that team beyond what the envelope tells; all keeps talk that is not addressed to the bot.
func decodeEvent(e *envelope, raw []byte, own identity, all bool) (decoded, error) {
	var in inner
	if err := json.Unmarshal(e.Event, &in); err != nil || in.Type == "" {
		return decoded{}, errShape
	}
	w := e.install()
	if w.team == "" {
		return decoded{}, nil // nobody's
	}
	if w.self == "" {
		w.self = own.user
	}
	d := &talk{e: e, in: &in, at: w, own: own, all: all}
	out := decoded{event: bot.Event{
		ID:    "e/" + e.EventID,
		Place: bot.Place{Network: Network, Team: w.team},
		At:    d.when(),
	}}
	if e.EventID == "" {
		out.event.ID = "p/" + w.team + "/" + digest(raw)
	}
	switch in.Type {
	case "message", "app_mention":
		d.message(&out)
	case "app_home_opened":
		d.opened(&out)
	case "reaction_added", "reaction_removed":
		d.reacted(&out)
	case "user_change", "team_join":
		d.person(&out)
	case "member_joined_channel":
		d.joined(&out)
	case "app_uninstalled":
		out.event.Body = bot.Uninstalled{}
	case "tokens_revoked":
		if in.Tokens != nil && len(in.Tokens.Bot) > 0 {
			out.event.Body = bot.Uninstalled{}
		}
	}
	return out, nil
}

// identity is what is known of the bot itself in one team.
type identity struct{ user, bot string }

// talk reads one inner event.
type talk struct {
	e   *envelope
	in  *inner
	at  install
	own identity
	all bool
}

func (d *talk) when() time.Time {
	for _, ts := range []string{d.in.EventTS, d.in.TS} {
		if t := instant(ts); !t.IsZero() {
			return t
		}
	}
	if d.e.EventTime > 0 && d.e.EventTime < latest {
		return time.Unix(d.e.EventTime, 0).UTC()
	}
	return time.Time{}
}

func (d *talk) account(id string) bot.Account {
	return bot.Account{Network: Network, Team: d.at.team, ID: id}
}

// mine reports whether a message is the bot's own: one it posted comes back as an event. Other
// bots are heard.
func (d *talk) mine(m *inner) bool {
	if m.BotID == "" {
		return false
	}
	app := m.AppID
	if app == "" && m.BotProfile != nil {
		app = m.BotProfile.AppID
	}
	return app != "" && app == d.e.AppID || m.User.id != "" && m.User.id == d.at.self ||
		d.own.bot != "" && m.BotID == d.own.bot
}

// guest reports whether the author is no full member of the team.
func (d *talk) guest(m *inner) bool {
	if m.BotID != "" {
		return true
	}
	if p := m.UserProfile; p != nil && (p.Restricted || p.Ultra) {
		return true
	}
	home := m.UserTeam
	if home == "" {
		home = m.SourceTeam
	}
	if home == "" {
		home = m.Team.id
	}
	if home == "" && m.UserProfile != nil {
		home = m.UserProfile.Team
	}
	switch {
	case home == "" || home == d.at.workspace || home == d.at.org || home == d.at.team:
		return false
	case d.at.workspace == "" || d.at.team == d.at.org:
		return d.e.Shared // any workspace of the organisation is home
	}
	return true
}

// text reads words in the light of who the bot is here.
func (d *talk) text(s string) (string, bool) { return reader{team: d.at.team, self: d.at.self}.text(s) }

// message reads talk, and what happens to talk later.
func (d *talk) message(out *decoded) {
	in := d.in
	switch in.Subtype {
	case "", "file_share", "me_message", "thread_broadcast", "bot_message":
		d.said(out)
	case "message_changed":
		d.edited(out)
	case "message_deleted":
		ts := in.DeletedTS
		if ts == "" && in.Previous != nil {
			ts = in.Previous.TS
		}
		if ts == "" || in.Previous != nil && d.mine(in.Previous) {
			return
		}
		d.deleted(out, ts, in.Previous)
	}
}

func (d *talk) said(out *decoded) {
	in := d.in
	author := in.User.id
	if author == "" {
		author = in.BotID
	}
	if author == "" || in.TS == "" || in.Channel.id == "" || d.mine(in) {
		return
	}
	words, mentioned := d.text(in.Text)
	mentioned = mentioned || in.Type == "app_mention"
	direct := in.ChannelType == "im" || in.ChannelType == "app_home"
	if !mentioned && !direct && thread(in) == "" && !d.all {
		return
	}
	ev := &out.event
	ev.Also = []string{messageKey(d.at.team, in.Channel.id, in.TS)}
	ev.From, ev.Guest, ev.Name = d.account(author), d.guest(in), d.name(in)
	ev.Place.Channel, ev.Place.Thread, ev.Place.Direct = in.Channel.id, thread(in), direct
	ev.Body = bot.Said{
		Text: words, Message: in.TS, Mention: mentioned || direct, Files: files(in.Files),
	}
	out.ex = exchange{
		Kind: byTalk, Team: d.at.team, User: author, Channel: in.Channel.id, Thread: thread(in), Direct: direct, Born: ev.At.Unix(),
	}
}

// thread is the parent's stamp of a reply; a parent carries its own.
func thread(m *inner) string {
	if m.ThreadTS == m.TS {
		return ""
	}
	return m.ThreadTS
}

func (d *talk) name(m *inner) string {
	if p := m.UserProfile; p != nil {
		for _, n := range []string{p.DisplayName, p.RealName, p.Name} {
			if n != "" {
				return bot.Clean(n)
			}
		}
	}
	if m.Username == "" && m.BotProfile != nil {
		return bot.Clean(m.BotProfile.Name)
	}
	return bot.Clean(m.Username)
}

// edited tells of changed words. Slack sends the same event when a link preview appears, with the
// words unchanged, and when a message with replies is deleted, as a tombstone.
func (d *talk) edited(out *decoded) {
	now, before := d.in.Message, d.in.Previous
	if now == nil || now.TS == "" || d.mine(now) || before != nil && d.mine(before) {
		return
	}
	if now.Subtype == "tombstone" {
		d.deleted(out, now.TS, before)
		return
	}
	if now.User.id == "" && now.BotID == "" || before != nil && before.Text == now.Text {
		return
	}
	words, _ := d.text(now.Text)
	d.past(out, now)
	out.event.Body = bot.Edited{Message: now.TS, Text: words}
}

func (d *talk) deleted(out *decoded, ts string, was *inner) {
	if was == nil {
		was = &inner{}
	}
	d.past(out, was)
	out.event.Body = bot.Deleted{Message: ts}
}

// past fills in whose older message an event is about, and where it stands.
func (d *talk) past(out *decoded, m *inner) {
	author := m.User.id
	if author == "" {
		author = m.BotID
	}
	ev := &out.event
	if author != "" {
		ev.From, ev.Guest = d.account(author), d.guest(m)
	}
	ev.Place.Channel, ev.Place.Thread = d.in.Channel.id, thread(m)
	ev.Place.Direct = d.in.ChannelType == "im" || d.in.ChannelType == "app_home"
}

// opened hears of the Home tab only: the same event tells of the messages tab.
func (d *talk) opened(out *decoded) {
	if d.in.Tab != "home" && d.in.Tab != "" || d.in.User.id == "" {
		return
	}
	out.event.From = d.account(d.in.User.id)
	out.event.Place.Channel, out.event.Place.To, out.event.Place.Direct = d.in.Channel.id, d.in.User.id, true
	out.event.Body = bot.Opened{}
	out.ex = exchange{Kind: byOpening, Team: d.at.team, User: d.in.User.id, Channel: d.in.Channel.id, Direct: true, Born: out.event.At.Unix()}
	if v := d.in.View; v != nil {
		out.ex.View, out.ex.Hash = v.ID, v.Hash
	}
}

func (d *talk) reacted(out *decoded) {
	in := d.in
	if in.Item == nil || in.Item.Type != "message" || in.User.id == "" {
		return
	}
	out.event.From = d.account(in.User.id)
	out.event.Place.Channel = in.Item.Channel
	out.event.Body = bot.Reacted{Message: in.Item.TS, Emoji: in.Reaction, Off: in.Type == "reaction_removed"}
}

func (d *talk) joined(out *decoded) {
	if d.in.User.id == "" {
		return
	}
	a := d.account(d.in.User.id)
	out.event.From, out.event.Guest = a, d.guest(d.in)
	out.event.Place.Channel = d.in.Channel.id
	out.event.Body = bot.Joined{Account: a, Self: a.ID == d.at.self}
}

// person reads what became of somebody: a profile, or that they are gone.
func (d *talk) person(out *decoded) {
	if d.in.User.raw == nil {
		return
	}
	var u human
	if json.Unmarshal(d.in.User.raw, &u) != nil || u.ID == "" {
		return
	}
	a := d.account(u.ID)
	out.event.From = a
	if u.Deleted {
		out.event.Body = bot.Left{Account: a}
		return
	}
	p := u.profile(a, d.at)
	out.event.Guest = !p.Member
	out.event.Body = bot.Profiled{Profile: p}
}

func files(in []file) []bot.File {
	var out []bot.File
	for _, f := range in {
		name, url := f.Name, f.Fetch
		if name == "" {
			name = f.Title
		}
		if url == "" {
			url = f.Private
		}
		out = append(out, bot.File{Name: strings.TrimSpace(bot.Clean(name)), Type: f.Type, Size: f.Size, URL: url, ID: f.ID})
	}
	return out
}
