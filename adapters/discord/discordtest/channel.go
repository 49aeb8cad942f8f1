package discordtest

// Channel types (docs.discord.com/developers/resources/channel).
const (
	typeText          = 0
	typeDM            = 1
	typeVoice         = 2
	typeCategory      = 4
	typeNews          = 5
	typeNewsThread    = 10
	typePublicThread  = 11
	typePrivateThread = 12
	typeForum         = 15
	typeMedia         = 16
)

// Channel is a place: a text channel, a forum, a thread or a DM.
type Channel struct {
	ID         string
	Name       string
	s          *Server
	kind       int
	guild      *Guild
	parent     *Channel
	person     *User // the other side of a DM
	owner      *User // who made a thread
	overwrites []Overwrite
	messages   []*message
	tags       []tag
	applied    []string
	needsTag   bool
	archived   bool
	locked     bool
	archive    int // minutes until a thread is archived
	slow       int // seconds between two messages of one person
	gone       bool
	topic      string
	thread     []string // who is in a thread
}

type tag struct{ id, name string }

// IsThread says whether the channel is a thread or a forum post.
func (c *Channel) IsThread() bool {
	return c.kind == typeNewsThread || c.kind == typePublicThread || c.kind == typePrivateThread
}

// IsDM says whether the channel is the DM with the app.
func (c *Channel) IsDM() bool { return c.kind == typeDM }

func (c *Channel) isForum() bool { return c.kind == typeForum || c.kind == typeMedia }

// String is the channel as a person would write it.
func (c *Channel) String() string {
	if c.IsDM() {
		return "DM with " + c.person.Name
	}
	return "#" + c.Name
}

// Text makes a text channel.
func (g *Guild) Text(name string) *Channel { return g.channel(name, typeText) }

// Forum makes a forum with tags. If needsTag, a post must carry one.
func (g *Guild) Forum(name string, needsTag bool, tags ...string) *Channel {
	c := g.channel(name, typeForum)
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	c.needsTag = needsTag
	for _, t := range tags {
		c.tags = append(c.tags, tag{g.s.newID(), t})
	}
	return c
}

func (g *Guild) channel(name string, kind int) *Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	c := &Channel{ID: g.s.newID(), Name: name, s: g.s, kind: kind, guild: g}
	g.channels = append(g.channels, c)
	g.s.channels[c.ID] = c
	g.s.publish(guildEvent(g, "CHANNEL_CREATE", intentGuilds, g.s.channelJSON(c)))
	return c
}

// Thread makes a public thread, as its owner would.
func (c *Channel) Thread(name string) *Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.s.newThread(c, name, typePublicThread, c.guild.owner, c.s.newID())
}

func (s *Server) newThread(parent *Channel, name string, kind int, owner *User, id string) *Channel {
	t := &Channel{ID: id, Name: name, s: s, kind: kind, guild: parent.guild, parent: parent, owner: owner, archive: 4320}
	t.thread = []string{owner.ID}
	parent.guild.channels = append(parent.guild.channels, t)
	s.channels[t.ID] = t
	o := s.channelJSON(t)
	o["newly_created"] = true
	s.publish(guildEvent(t.guild, "THREAD_CREATE", intentGuilds, o))
	return t
}

// Archive archives a thread; a locked one takes no more messages.
func (c *Channel) Archive(locked bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.archived, c.locked = true, locked
	c.s.publish(guildEvent(c.guild, "THREAD_UPDATE", intentGuilds, c.s.channelJSON(c)))
}

// Overwrite sets what a role or person may do in the channel.
func (c *Channel) Overwrite(o Overwrite) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.setOverwrite(o)
}

func (c *Channel) setOverwrite(o Overwrite) {
	for i := range c.overwrites {
		if c.overwrites[i].ID == o.ID {
			c.overwrites[i] = o
			c.s.publish(guildEvent(c.guild, "CHANNEL_UPDATE", intentGuilds, c.s.channelJSON(c)))
			return
		}
	}
	c.overwrites = append(c.overwrites, o)
	c.s.publish(guildEvent(c.guild, "CHANNEL_UPDATE", intentGuilds, c.s.channelJSON(c)))
}

// DenyApp takes rights from the app in this channel.
func (c *Channel) DenyApp(permissions uint64) {
	c.Overwrite(Overwrite{ID: c.s.app.user.ID, Person: true, Deny: permissions})
}

// Remove deletes the channel.
func (c *Channel) Remove() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.remove()
}

func (c *Channel) remove() {
	c.gone = true
	delete(c.s.channels, c.ID)
	for i, x := range c.guild.channels {
		if x == c {
			c.guild.channels = append(c.guild.channels[:i], c.guild.channels[i+1:]...)
			break
		}
	}
	name := "CHANNEL_DELETE"
	if c.IsThread() {
		name = "THREAD_DELETE"
	}
	c.s.publish(guildEvent(c.guild, name, intentGuilds, c.s.channelJSON(c)))
}

// dm is the DM channel between the app and a person; made when missing.
func (s *Server) dm(u *User) *Channel {
	if c := s.dms[u.ID]; c != nil {
		return c
	}
	c := &Channel{ID: s.newID(), s: s, kind: typeDM, person: u}
	s.dms[u.ID] = c
	s.channels[c.ID] = c
	return c
}

// sharesGuild says whether the app and the user are in one guild.
func (s *Server) sharesGuild(u *User) bool {
	for _, g := range s.guilds {
		if !g.gone && g.members[u.ID] != nil {
			return true
		}
	}
	return false
}

// find looks for a message that still exists.
func (c *Channel) find(id string) *message {
	for _, m := range c.messages {
		if m.id == id && !m.deleted {
			return m
		}
	}
	return nil
}

// existed says whether a message was here and was deleted.
func (c *Channel) existed(id string) bool {
	for _, m := range c.messages {
		if m.id == id && m.deleted {
			return true
		}
	}
	return false
}
