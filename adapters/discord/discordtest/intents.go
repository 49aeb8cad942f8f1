package discordtest

// Intents (docs.discord.com/developers/events/gateway, "List of Intents").
const (
	intentGuilds          = 1 << 0
	intentMembers         = 1 << 1
	intentWebhooks        = 1 << 5
	intentPresences       = 1 << 8
	intentGuildMessages   = 1 << 9
	intentGuildReactions  = 1 << 10
	intentGuildTyping     = 1 << 11
	intentDirectMessages  = 1 << 12
	intentDirectReactions = 1 << 13
	intentContent         = 1 << 15

	knownIntents = 1<<0 | 1<<1 | 1<<2 | 1<<3 | 1<<4 | 1<<5 | 1<<6 | 1<<7 | 1<<8 | 1<<9 | 1<<10 | 1<<11 | 1<<12 | 1<<13 |
		1<<14 | 1<<15 | 1<<16 | 1<<20 | 1<<21 | 1<<24 | 1<<25
	privilegedIntents = intentMembers | intentPresences | intentContent
)

// The privileged intents, for AppConfig.Privileged.
const (
	IntentGuildMembers   = intentMembers
	IntentGuildPresences = intentPresences
	IntentMessageContent = intentContent
)

// event is something that happened, before it is known who may see it.
type event struct {
	name    string
	intent  int // 0: everybody gets it
	guild   *Guild
	body    obj
	message *message // whose content needs MESSAGE_CONTENT
}

func guildEvent(g *Guild, name string, intent int, body obj) event {
	return event{name: name, intent: intent, guild: g, body: body}
}

// placeEvent is an event in a channel: intent in guild, direct in a DM.
func placeEvent(c *Channel, name string, guild, direct int, body obj) event {
	e := event{name: name, intent: guild, guild: c.guild, body: body}
	if c.IsDM() {
		e.intent = direct
	}
	return e
}

// publish hands an event to every session whose shard and intents fit. The
// lock is held.
func (s *Server) publish(e event) {
	if e.guild != nil && e.guild.gone && e.name != "GUILD_DELETE" {
		return
	}
	for _, ss := range s.gate.order {
		if ss.dead || !ss.owns(e.guild) || e.intent != 0 && ss.intents&e.intent == 0 {
			continue
		}
		body := e.body
		if e.message != nil && ss.intents&intentContent == 0 && !s.contentAllowed(e.message) {
			body = withoutContent(body)
		}
		ss.push(e.name, body)
	}
	s.signal()
}

// contentAllowed: a DM with the bot, its own message, or one that mentions it.
func (s *Server) contentAllowed(m *message) bool {
	if m.ch.IsDM() || m.author == s.app.user {
		return true
	}
	for _, u := range m.mentioned {
		if u == s.app.user {
			return true
		}
	}
	return false
}

func withoutContent(body obj) obj {
	bare := obj{}
	for k, v := range body {
		bare[k] = v
	}
	bare["content"] = ""
	for _, part := range []string{"embeds", "attachments", "components"} {
		bare[part] = []any{}
	}
	delete(bare, "poll")
	return bare
}
