package slacktest

import (
	"fmt"
	"slices"
	"strings"
)

// Workspace is one Slack team, alone or in an Enterprise.
type Workspace struct {
	ID, Name, Domain string

	s        *Server
	org      *Enterprise
	users    map[string]*User
	people   []*User // in the order they joined
	channels map[string]*Channel
	places   []*Channel
	groups   []*UserGroup
	desks    map[string]*desk // what each person has open, by user id
}

// Enterprise is a Grid organisation.
type Enterprise struct {
	ID, Name string
	teams    []*Workspace
}

// User is one account. ID, Name and RealName are made up when empty.
type User struct {
	ID, Name, RealName, DisplayName, Email, TZ, Title       string
	Deleted, Bot, Restricted, UltraRestricted, Admin, Owner bool
	Stranger                                                bool // of another company, met through Slack Connect

	team  *Workspace
	botID string
}

// Channel is one conversation. ID is made up when empty; Members are names or ids, "app" is the bot.
type Channel struct {
	ID, Name, Topic                            string
	Private, Archived, Shared, General, Locked bool // Shared: Slack Connect; Locked: only admins may post
	Members                                    []string

	im, mpim bool
	home     *Workspace
	with     string // the other person of an IM
	members  []string
	messages []*message
}

// UserGroup is a group such as @recruiters; Members are names or ids.
type UserGroup struct {
	ID, Handle, Name string
	Disabled         bool
	Members          []string
}

// newID makes ids that look like Slack's and never repeat. The lock is held.
func (s *Server) newID(prefix string) string {
	s.ids++
	return fmt.Sprintf("%s0%s", prefix, strings.ToUpper(base36(s.ids*7919+1_000_003)))
}

func base36(n int64) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	var out []byte
	for ; n > 0; n /= 36 {
		out = append(out, digits[n%36])
	}
	slices.Reverse(out)
	return string(out)
}

// AddWorkspace makes a workspace with a channel #general; the app is not installed there.
func (s *Server) AddWorkspace(name string) *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addWorkspace(name, nil)
}

func (s *Server) addWorkspace(name string, org *Enterprise) *Workspace {
	w := &Workspace{
		ID: s.newID("T"), Name: name, Domain: strings.ToLower(name), s: s, org: org,
		users: map[string]*User{}, channels: map[string]*Channel{}, desks: map[string]*desk{},
	}
	s.teams[w.ID] = w
	s.order = append(s.order, w)
	w.addUser(User{ID: "USLACKBOT", Name: "slackbot", RealName: "Slackbot"})
	w.addChannel(Channel{Name: "general", General: true})
	return w
}

// AddEnterprise makes a Grid organisation with the named workspaces.
func (s *Server) AddEnterprise(name string, workspaces ...string) (*Enterprise, []*Workspace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := &Enterprise{ID: s.newID("E"), Name: name}
	s.orgs[e.ID] = e
	for _, n := range workspaces {
		e.teams = append(e.teams, s.addWorkspace(n, e))
	}
	return e, e.teams
}

// Workspace is the first workspace, where the app is installed from the start.
func (s *Server) Workspace() *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.order[0]
}

// AddUser lets someone join the workspace and #general and returns them as a Human.
func (w *Workspace) AddUser(u User) *Human {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	joined := w.addUser(u)
	w.s.announce(w, "team_join", "users:read", obj{"type": "team_join", "user": w.userJSON(joined)})
	return w.human(joined)
}

func (w *Workspace) addUser(u User) *User {
	if u.ID == "" {
		u.ID = w.s.newID(map[bool]string{true: "W", false: "U"}[w.org != nil && !u.Bot])
	}
	if u.Name == "" {
		u.Name = strings.ToLower(strings.ReplaceAll(u.RealName, " ", "."))
	}
	if u.RealName == "" {
		u.RealName = u.Name
	}
	if u.TZ == "" && u.ID != "USLACKBOT" && !u.Bot {
		u.TZ = "Europe/Berlin"
	}
	u.team = w
	w.users[u.ID] = &u
	w.people = append(w.people, &u)
	for _, c := range w.places {
		if c.General && u.ID != "USLACKBOT" {
			c.members = append(c.members, u.ID)
		}
	}
	return &u
}

// AddChannel makes a channel and returns its id.
func (w *Workspace) AddChannel(c Channel) string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.addChannel(c).ID
}

func (w *Workspace) addChannel(c Channel) *Channel {
	if c.ID == "" {
		c.ID = w.s.newID("C")
	}
	c.home = w
	for _, m := range c.Members {
		c.members = append(c.members, w.userID(m))
	}
	w.channels[c.ID] = &c
	w.places = append(w.places, &c)
	return &c
}

// Share makes a channel of this workspace visible in another one, through Slack Connect.
func (w *Workspace) Share(channel string, with *Workspace) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	c := w.find(channel)
	c.Shared = true
	with.channels[c.ID] = c
	with.places = append(with.places, c)
}

// AddGroup makes a user group and returns its id.
func (w *Workspace) AddGroup(g UserGroup) string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if g.ID == "" {
		g.ID = w.s.newID("S")
	}
	for i, m := range g.Members {
		g.Members[i] = w.userID(m)
	}
	w.groups = append(w.groups, &g)
	return g.ID
}

// Archive closes a channel for good; the app hears of it.
func (w *Workspace) Archive(channel string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	c := w.find(channel)
	c.Archived = true
	if w.botIn(c) {
		w.s.announce(w, "channel_archive", "", obj{"type": "channel_archive", "channel": c.ID, "user": "USLACKBOT"})
	}
}

// Invite adds people ("app" is the bot) to a channel.
func (w *Workspace) Invite(channel string, who ...string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	for _, name := range who {
		w.join(w.find(channel), w.userID(name))
	}
}

// Remove takes people ("app" is the bot) out of a channel.
func (w *Workspace) Remove(channel string, who ...string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	for _, name := range who {
		w.leave(w.find(channel), w.userID(name))
	}
}

// ChannelID is the id of a channel by its name, "" when there is none.
func (w *Workspace) ChannelID(name string) string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if c := w.find(name); c != nil {
		return c.ID
	}
	return ""
}

// UserID is the id of a person by name ("app" is the bot), or the argument itself.
func (w *Workspace) UserID(name string) string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.userID(name)
}

func (w *Workspace) userID(name string) string {
	name = strings.TrimPrefix(name, "@")
	if name == "app" {
		if in := w.s.installOf(w); in != nil {
			return in.botUser
		}
		return ""
	}
	for _, u := range w.people {
		if u.Name == name || strings.EqualFold(u.RealName, name) || strings.EqualFold(u.DisplayName, name) && name != "" {
			return u.ID
		}
	}
	return name
}

// find returns a channel by name or id, nil when there is none.
func (w *Workspace) find(name string) *Channel {
	name = strings.TrimPrefix(name, "#")
	if c := w.channels[name]; c != nil {
		return c
	}
	for _, c := range w.places {
		if c.Name == name && name != "" {
			return c
		}
	}
	return nil
}

func (c *Channel) has(user string) bool { return slices.Contains(c.members, user) }

// kind is Slack's channel_type.
func (c *Channel) kind() string {
	switch {
	case c.im:
		return "im"
	case c.mpim:
		return "mpim"
	case c.Private:
		return "group"
	}
	return "channel"
}

// im returns the direct conversation of the app with a person, opening it when needed.
func (w *Workspace) im(user string) *Channel {
	in := w.s.installOf(w)
	if in == nil {
		return nil
	}
	for _, c := range w.places {
		if c.im && c.with == user && c.has(in.botUser) {
			return c
		}
	}
	c := w.addChannel(Channel{ID: w.s.newID("D"), Private: true})
	c.im, c.with, c.members = true, user, []string{user, in.botUser}
	return c
}

func (w *Workspace) orgID() string {
	if w.org == nil {
		return ""
	}
	return w.org.ID
}
