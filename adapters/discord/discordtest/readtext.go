package discordtest

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var (
	channelMark = regexp.MustCompile(`<#(\d+)>`)
	commandMark = regexp.MustCompile(`</([^:>]+):\d+>`)
	emojiMark   = regexp.MustCompile(`<a?(:\w+:)\d+>`)
	escaped     = regexp.MustCompile("\\\\([\\\\*_~`|>#:@<\\[\\]()+.!-])")
)

// readAs renders markup the way the person's client does: names for ids,
// times in the person's zone, escapes gone. Markdown marks stay.
func (s *Server) readAs(t string, h *Human, c *Channel) string {
	t = userMention.ReplaceAllStringFunc(t, func(m string) string {
		if u := s.users[userMention.FindStringSubmatch(m)[1]]; u != nil {
			return "@" + u.Name
		}
		return m
	})
	t = roleMention.ReplaceAllStringFunc(t, func(m string) string {
		if c.guild != nil {
			if r := c.guild.role(roleMention.FindStringSubmatch(m)[1]); r != nil {
				return "@" + r.Name
			}
		}
		return "@unknown-role"
	})
	t = channelMark.ReplaceAllStringFunc(t, func(m string) string {
		if x := s.channels[channelMark.FindStringSubmatch(m)[1]]; x != nil {
			return "#" + x.Name
		}
		return "#unknown"
	})
	t = commandMark.ReplaceAllString(t, "/$1")
	t = emojiMark.ReplaceAllString(t, "$1")
	t = timeMark.ReplaceAllStringFunc(t, func(m string) string {
		f := timeMark.FindStringSubmatch(m)
		return showTime(f[1], f[2], h.zone, s.now(), m)
	})
	return escaped.ReplaceAllString(t, "$1")
}

var timeLayouts = map[string]string{
	"": "2 January 2006 15:04", ":t": "15:04", ":T": "15:04:05", ":d": "02/01/2006", ":D": "2 January 2006",
	":f": "2 January 2006 15:04", ":F": "Monday, 2 January 2006 15:04", ":s": "02/01/2006, 15:04", ":S": "02/01/2006, 15:04:05",
}

// showTime is a <t:…> mark as a client shows it; unknown styles stay as text.
func showTime(seconds, style string, zone *time.Location, now time.Time, as string) string {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return as
	}
	at := time.Unix(n, 0)
	if style == ":R" {
		return relative(at.Sub(now))
	}
	layout, ok := timeLayouts[style]
	if !ok {
		return as
	}
	return at.In(zone).Format(layout)
}

func relative(d time.Duration) string {
	past := d < 0
	if past {
		d = -d
	}
	n, unit := int(d.Round(time.Second).Seconds()), "second"
	for _, step := range []struct {
		size time.Duration
		name string
	}{{365 * 24 * time.Hour, "year"}, {30 * 24 * time.Hour, "month"}, {24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if d >= step.size {
			n, unit = int((d+step.size/2)/step.size), step.name
			break
		}
	}
	if n != 1 {
		unit += "s"
	}
	if past {
		return fmt.Sprintf("%d %s ago", n, unit)
	}
	return fmt.Sprintf("in %d %s", n, unit)
}
