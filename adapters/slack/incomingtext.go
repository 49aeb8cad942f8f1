package slack

import (
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// reader makes the kernel's text of Slack's: entities become characters, mentions and channels
// become marks, addresses read as typed, and the bot's own mention is taken off.
type reader struct {
	team string
	self string // the bot's user id, if known
}

// text reads one text; mentioned reports whether the bot was named in it.
func (r reader) text(s string) (out string, mentioned bool) {
	s = bot.Clean(s)
	if strings.IndexByte(s, '<') < 0 {
		return entities(s), false
	}
	var b strings.Builder
	b.Grow(len(s) + 32)
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(entities(s))
			break
		}
		j := strings.IndexByte(s[i:], '>')
		if j < 0 {
			b.WriteString(entities(s))
			break
		}
		b.WriteString(entities(s[:i]))
		inside := s[i+1 : i+j]
		s = s[i+j+1:]
		if r.self != "" && (inside == "@"+r.self || strings.HasPrefix(inside, "@"+r.self+"|")) {
			mentioned = true
			s = strings.TrimPrefix(s, " ")
			continue
		}
		r.control(&b, inside)
	}
	if mentioned {
		return strings.TrimSpace(b.String()), true
	}
	return b.String(), false
}

// control reads what stood between < and >.
func (r reader) control(b *strings.Builder, s string) {
	target, label, labelled := strings.Cut(s, "|")
	label = entities(label)
	switch {
	case target == "":
		b.WriteString(entities("<" + s + ">"))
	case target[0] == '@' && isID(target[1:]):
		b.WriteString(mention(r.team, target[1:], label))
	case target[0] == '#' && isID(target[1:]):
		b.WriteString(bot.ChannelMark(bot.Place{Network: Network, Team: r.team, Channel: target[1:]}, label))
	case strings.HasPrefix(target, "!subteam^") && isID(target[9:]):
		b.WriteString(mention(r.team, target[9:], label))
	case strings.HasPrefix(target, "!date^"):
		stamp, _, _ := strings.Cut(target[6:], "^")
		if n, err := strconv.ParseInt(stamp, 10, 64); err == nil {
			b.WriteString(bot.Moment(time.Unix(n, 0), "UTC", bot.DateTime))
			return
		}
		b.WriteString(label)
	case target[0] == '!':
		if labelled && label != "" {
			b.WriteString(label)
			return
		}
		name, _, _ := strings.Cut(target[1:], "^")
		b.WriteString("@" + entities(name))
	default:
		b.WriteString(address(entities(target), label))
	}
}

// mention marks a person or a user group; the id stands in where Slack tells no name.
func mention(team, id, name string) string {
	if name = strings.TrimPrefix(name, "@"); name == "" {
		name = id
	}
	return bot.Mention(bot.Account{Network: Network, Team: team, ID: id}, name)
}

// address writes a link the way its author typed it. Words hung on an address keep it in sight.
func address(url, label string) string {
	typed := strings.TrimPrefix(url, "mailto:")
	if label == "" || label == typed {
		return typed
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://"), "/")
	if strings.TrimPrefix(label, "tel:") == strings.TrimPrefix(typed, "tel:") || strings.TrimSuffix(label, "/") == bare {
		return label
	}
	return label + " (" + typed + ")"
}

// isID reports whether s has the shape of a Slack id, whatever its first letter.
func isID(s string) bool {
	if s == "" || len(s) > 32 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_') {
			return false
		}
	}
	return true
}

// entities undoes Slack's three escapes, once.
func entities(s string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i >= 0 {
		b.WriteString(s[:i])
		s = s[i:]
		switch {
		case strings.HasPrefix(s, "&amp;"):
			b.WriteByte('&')
			s = s[5:]
		case strings.HasPrefix(s, "&lt;"):
			b.WriteByte('<')
			s = s[4:]
		case strings.HasPrefix(s, "&gt;"):
			b.WriteByte('>')
			s = s[4:]
		default:
			b.WriteByte('&')
			s = s[1:]
		}
		i = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}
