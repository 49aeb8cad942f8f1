package discordtest

import "strconv"

// Permission bits (docs.discord.com/developers/topics/permissions).
const (
	ManageChannels        uint64 = 1 << 4
	ManageGuild           uint64 = 1 << 5
	AddReactions          uint64 = 1 << 6
	Administrator         uint64 = 1 << 3
	ViewChannel           uint64 = 1 << 10
	SendMessages          uint64 = 1 << 11
	ManageMessages        uint64 = 1 << 13
	EmbedLinks            uint64 = 1 << 14
	AttachFiles           uint64 = 1 << 15
	ReadHistory           uint64 = 1 << 16
	MentionEveryone       uint64 = 1 << 17
	UseExternalEmojis     uint64 = 1 << 18
	ManageRoles           uint64 = 1 << 28
	ManageWebhooks        uint64 = 1 << 29
	UseCommands           uint64 = 1 << 31
	ManageThreads         uint64 = 1 << 34
	CreatePublicThreads   uint64 = 1 << 35
	CreatePrivateThreads  uint64 = 1 << 36
	SendMessagesInThreads uint64 = 1 << 38
	ModerateMembers       uint64 = 1 << 40

	all uint64 = 1<<53 - 1

	// MemberPermissions is what @everyone may do in a fresh guild.
	MemberPermissions = AddReactions | ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadHistory |
		UseExternalEmojis | UseCommands | CreatePublicThreads | SendMessagesInThreads
	// BotPermissions is what the app's own role adds in a fresh guild.
	BotPermissions = MemberPermissions
)

// Overwrite changes what a role or a person may do in one channel.
type Overwrite struct {
	ID          string // of a role, or of a user
	Person      bool
	Allow, Deny uint64
}

// permissions are a user's rights in a channel, computed as Discord does:
// roles, then overwrites of @everyone, of roles, of the person. A thread
// takes its parent's overwrites; a timed-out member may only look.
func (s *Server) permissions(u *User, c *Channel) uint64 {
	if c.guild == nil {
		return MemberPermissions
	}
	m := c.guild.members[u.ID]
	if m == nil {
		return 0
	}
	return c.guild.permissions(m, c, s.now().Before(m.mutedUntil))
}

func (g *Guild) permissions(m *member, c *Channel, muted bool) uint64 {
	if g.owner == m.user {
		return all
	}
	have := g.everyone.Permissions
	for _, r := range m.roles {
		have |= r.Permissions
	}
	if have&Administrator != 0 {
		return all
	}
	if c != nil {
		have = overwritten(have, g, m, c.rules())
		if have&ViewChannel == 0 {
			return 0
		}
	}
	if muted {
		have &= ViewChannel | ReadHistory
	}
	return have
}

func overwritten(have uint64, g *Guild, m *member, rules []Overwrite) uint64 {
	var allow, deny uint64
	for _, o := range rules {
		if !o.Person && o.ID == g.ID {
			have = have&^o.Deny | o.Allow
		}
	}
	for _, o := range rules {
		for _, r := range m.roles {
			if !o.Person && o.ID == r.ID {
				allow |= o.Allow
				deny |= o.Deny
			}
		}
	}
	have = have&^deny | allow
	for _, o := range rules {
		if o.Person && o.ID == m.user.ID {
			have = have&^o.Deny | o.Allow
		}
	}
	return have
}

// rules are the overwrites that hold in a channel.
func (c *Channel) rules() []Overwrite {
	if c.IsThread() && c.parent != nil {
		return c.parent.overwrites
	}
	return c.overwrites
}

func bits(n uint64) string { return strconv.FormatUint(n, 10) }

// sending is the right that posting needs here: threads have their own.
func sending(c *Channel) uint64 {
	if c.IsThread() {
		return SendMessagesInThreads
	}
	return SendMessages
}
