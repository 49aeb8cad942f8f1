package discordtest

import (
	"strings"
	"time"
)

// User is an account: a person, the app's bot, or another bot.
type User struct {
	ID     string
	Name   string // as shown
	Locale string
	bot    bool
	closed bool // takes no DMs

	refused map[string]bool // what the app tried to say to closed DMs
}

func (u *User) handle() string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' {
			return '.'
		}
		return r
	}, u.Name))
}

// Role is a guild's role.
type Role struct {
	ID          string
	Name        string
	Permissions uint64
	position    int
	managed     bool
}

type member struct {
	user       *User
	roles      []*Role
	joined     time.Time
	mutedUntil time.Time
	nick       string
}

// Guild is a server. Its methods change it as its owner would, and the app
// hears of it.
type Guild struct {
	ID       string
	Name     string
	s        *Server
	owner    *User
	everyone *Role
	appRole  *Role
	roles    []*Role
	members  map[string]*member
	order    []*member
	channels []*Channel
	commands []*command
	writes   int
	creates  []time.Time
	joined   time.Time
	gone     bool // the app was removed
}

// Guild makes a server with an owner, @everyone, and the app as a member.
func (s *Server) Guild(name string) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &Guild{ID: s.newID(), Name: name, s: s, members: map[string]*member{}, joined: s.now()}
	g.everyone = &Role{ID: g.ID, Name: "@everyone", Permissions: MemberPermissions}
	g.appRole = &Role{ID: s.newID(), Name: s.app.Name, Permissions: BotPermissions, position: 1, managed: true}
	g.roles = []*Role{g.everyone, g.appRole}
	g.owner = s.newUser(name + " Owner")
	g.add(g.owner)
	g.add(s.app.user, g.appRole)
	s.guilds = append(s.guilds, g)
	s.publish(guildEvent(g, "GUILD_CREATE", intentGuilds, s.guildCreate(g)))
	return g
}

func (s *Server) newUser(name string) *User {
	u := &User{ID: s.newID(), Name: name, Locale: "en-US"}
	s.users[u.ID] = u
	return u
}

func (g *Guild) add(u *User, roles ...*Role) *member {
	m := &member{user: u, roles: roles, joined: g.s.now()}
	g.members[u.ID] = m
	g.order = append(g.order, m)
	return m
}

func (g *Guild) drop(u *User) {
	delete(g.members, u.ID)
	for i, m := range g.order {
		if m.user == u {
			g.order = append(g.order[:i], g.order[i+1:]...)
			return
		}
	}
}

// Role makes a role with the permissions given.
func (g *Guild) Role(name string, permissions uint64) *Role {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	r := &Role{ID: g.s.newID(), Name: name, Permissions: permissions, position: len(g.roles)}
	g.roles = append(g.roles, r)
	g.s.publish(guildEvent(g, "GUILD_ROLE_CREATE", intentGuilds, obj{"guild_id": g.ID, "role": g.roleJSON(r)}))
	return r
}

// Member makes a person who is in this guild.
func (g *Guild) Member(name string, roles ...*Role) *Human {
	h := g.s.Human(name)
	h.Join(g, roles...)
	return h
}

// AppMay sets what the app's own role adds to what everyone may do.
func (g *Guild) AppMay(permissions uint64) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.appRole.Permissions = permissions
	g.s.publish(guildEvent(g, "GUILD_ROLE_UPDATE", intentGuilds, obj{"guild_id": g.ID, "role": g.roleJSON(g.appRole)}))
}

// RemoveApp throws the app out of the guild.
func (g *Guild) RemoveApp() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.gone = true
	g.drop(g.s.app.user)
	g.commands = nil
	g.s.publish(guildEvent(g, "GUILD_DELETE", intentGuilds, obj{"id": g.ID}))
}

// AddApp invites the app again.
func (g *Guild) AddApp() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.gone = false
	g.add(g.s.app.user, g.appRole)
	g.s.publish(guildEvent(g, "GUILD_CREATE", intentGuilds, g.s.guildCreate(g)))
}

func (g *Guild) role(id string) *Role {
	for _, r := range g.roles {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (s *Server) guild(id string) *Guild {
	for _, g := range s.guilds {
		if g.ID == id {
			return g
		}
	}
	return nil
}
