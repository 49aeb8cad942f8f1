package discord

import (
	"strings"

	"rapport/bot"
)

// account is a Discord user; user ids are the whole network's, so no team is named.
func account(id string) bot.Account { return bot.Account{Network: Name, ID: id} }

// marked turns what Discord wrote into text of ours: cleaned, with mentions of
// people and channels as marks. The bot's own mention is taken off. Moments
// (<t:…>), roles and emoji stay as Discord writes them: readers of words know them.
func marked(s, guild, self string, name func(id string) string) (text string, mentioned bool) {
	s = bot.Clean(s)
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		kind, id, n := mention(s[i:])
		b.WriteString(s[:i])
		switch {
		case n == 0:
			b.WriteByte('<')
			n = 1
		case kind == '@' && id == self:
			mentioned = true
		case kind == '@':
			b.WriteString(bot.Mention(account(id), name(id)))
		case kind == '#':
			b.WriteString(bot.ChannelMark(bot.Place{Network: Name, Team: guild, Channel: id}, ""))
		}
		s = s[i+n:]
	}
	b.WriteString(s)
	return strings.TrimSpace(b.String()), mentioned
}

// mention reads <@id>, <@!id> or <#id> at the start of s; n is 0 when there is none.
func mention(s string) (kind byte, id string, n int) {
	end := strings.IndexByte(s, '>')
	if end < 3 || end > 24 || s[1] != '@' && s[1] != '#' {
		return 0, "", 0
	}
	id = s[2:end]
	if s[1] == '@' {
		id = strings.TrimPrefix(id, "!")
	}
	if !snowflake(id) {
		return 0, "", 0
	}
	return s[1], id, end + 1
}

// snowflake reports whether s is an id of Discord's.
func snowflake(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
