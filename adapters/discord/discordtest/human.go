package discordtest

import (
	"time"
)

// Human is a person with the client in front of them. What the client would
// not let a person do fails the test.
type Human struct {
	s     *Server
	user  *User
	zone  *time.Location
	ch    *Channel // where the person last was
	modal *modal
}

// Human makes a person who is in no guild yet.
func (s *Server) Human(name string) *Human {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Human{s: s, user: s.newUser(name), zone: time.UTC}
}

// Bot makes another app's bot: what it says must not start anything.
func (s *Server) Bot(name string) *Human {
	h := s.Human(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	h.user.bot = true
	return h
}

// ID is the person's user id.
func (h *Human) ID() string { return h.user.ID }

// Name is the person's name as shown.
func (h *Human) Name() string { return h.user.Name }

// AtMention is the person's mention as it goes over the wire.
func (h *Human) AtMention() string { return "<@" + h.user.ID + ">" }

// InZone sets the zone in which the person's client shows times. Returns h.
func (h *Human) InZone(zone *time.Location) *Human { h.zone = zone; return h }

// Speaks sets the person's locale, "de" for instance. Returns h.
func (h *Human) Speaks(locale string) *Human {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	h.user.Locale = locale
	return h
}

// Join takes the person into a guild with the roles given.
func (h *Human) Join(g *Guild, roles ...*Role) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.members[h.user.ID] != nil {
		return
	}
	m := g.add(h.user, roles...)
	o := s.memberWithUser(m)
	o["guild_id"] = g.ID
	s.publish(guildEvent(g, "GUILD_MEMBER_ADD", intentMembers, o))
}

// Leave takes the person out of a guild.
func (h *Human) Leave(g *Guild) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.members[h.user.ID] == nil {
		return
	}
	g.drop(h.user)
	s.publish(guildEvent(g, "GUILD_MEMBER_REMOVE", intentMembers, obj{"guild_id": g.ID, "user": s.userJSON(h.user)}))
}

// Roles sets the person's roles in a guild.
func (h *Human) Roles(g *Guild, roles ...*Role) {
	h.change(g, func(m *member) { m.roles = roles })
}

// TimeOut lets the person only look until then.
func (h *Human) TimeOut(g *Guild, until time.Time) {
	h.change(g, func(m *member) { m.mutedUntil = until })
}

func (h *Human) change(g *Guild, do func(*member)) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m := g.members[h.user.ID]
	if m == nil {
		return
	}
	do(m)
	o := s.memberWithUser(m)
	o["guild_id"] = g.ID
	s.publish(guildEvent(g, "GUILD_MEMBER_UPDATE", intentMembers, o))
}

// CloseDMs makes every DM from the app fail with 50007; OpenDMs undoes it.
func (h *Human) CloseDMs() { h.setClosed(true) }

// OpenDMs lets the app write to the person again.
func (h *Human) OpenDMs() { h.setClosed(false) }

func (h *Human) setClosed(closed bool) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	h.user.closed = closed
	h.user.refused = nil
}

// DMs is the person's DM channel with the app.
func (h *Human) DMs() *Channel {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return h.s.dm(h.user)
}

// reaches says whether the person can see a channel. The lock is held.
func (h *Human) reaches(c *Channel) bool {
	if c.IsDM() {
		return c.person == h.user
	}
	return h.s.permissions(h.user, c)&ViewChannel != 0
}

// may fails the test unless the person has a right in a channel; it leaves
// the lock held when it returns. The caller unlocks.
func (h *Human) may(c *Channel, need uint64, what string) {
	h.s.mu.Lock()
	have := h.s.permissions(h.user, c)
	if c.IsDM() && c.person == h.user || have&need == need && !c.IsDM() {
		h.ch = c
		return
	}
	h.s.mu.Unlock()
	h.fail("%s may not %s in %s", h.user.Name, what, c)
}

func (h *Human) fail(format string, args ...any) {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	h.s.fail(format, args...)
}
