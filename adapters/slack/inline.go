package slack

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rapport/bot"
)

// Slack's mrkdwn has no escape for its own signs: *, _, ~, ` and :name: mean something wherever
// they pair up. So text goes out as mrkdwn only where nothing in it could be read that way (lively
// says so); everything else goes out as rich text, which is literal, or as plain text.

// speech renders inline text for one team.
type speech struct {
	team string
	say  func(time.Time, string, bot.MomentStyle) string
}

// scan cuts the next piece off a text with marks. A torn mark comes back as plain words.
func scan(s string) (kind bot.SpanKind, words, mark, rest string) {
	i := strings.IndexByte(s, markOpen)
	if i < 0 {
		return bot.SpanPlain, s, "", ""
	}
	if i > 0 {
		return bot.SpanPlain, s[:i], "", s[i:]
	}
	j := strings.IndexByte(s, markClose)
	if j < 2 {
		return bot.SpanPlain, bot.Flat(s), "", ""
	}
	mark, rest = s[:j+1], s[j+1:]
	switch kind = bot.SpanKind(s[1]); kind {
	case bot.SpanBold, bot.SpanItalic, bot.SpanCode, bot.SpanLink:
		words, _, _ = strings.Cut(s[2:j], "\x02")
	case bot.SpanMention, bot.SpanChannel:
		words = s[2:j]
		words = words[strings.LastIndexByte(words, '\x02')+1:]
	}
	return kind, words, mark, rest
}

const (
	markOpen  = '\x01'
	markClose = '\x03'
)

// mrkdwn appends as much of s as fits into room units, and returns what is left of s, marks whole.
// Emphasis is written with signs when it is shown, and dropped when emphasis is false.
func (v speech) mrkdwn(dst []byte, s string, room int, emphasis bool) (out []byte, rest string) {
	for first := true; s != ""; first = false {
		kind, words, mark, rest := scan(s)
		if mark == "" {
			var taken, used int
			dst, taken, used = escapeInto(dst, words, room)
			room -= used
			if taken < len(words) {
				return dst, words[taken:] + rest
			}
			s = rest
			continue
		}
		before := len(dst)
		var fits int
		if sign := signs(kind); sign != 0 {
			if emphasis {
				dst = append(dst, sign)
			}
			var taken int
			if dst, taken, fits = escapeInto(dst, words, room-2); taken < len(words) {
				fits = room + 1
			} else {
				fits += 2
			}
			if emphasis {
				dst = append(dst, sign)
			}
		} else {
			made := v.mark(bot.Spans(mark)[0])
			fits = units(made)
			dst = append(dst, made...)
		}
		if fits <= room {
			room -= fits
			s = rest
			continue
		}
		dst = dst[:before]
		if !first {
			return dst, s
		}
		// a single mark longer than a whole block: its words alone, cut where they must be
		s = bot.Flat(words) + rest
	}
	return dst, ""
}

// signs is the sign of an emphasis.
func signs(k bot.SpanKind) byte {
	switch k {
	case bot.SpanBold:
		return '*'
	case bot.SpanItalic:
		return '_'
	case bot.SpanCode:
		return '`'
	}
	return 0
}

// remark is a span as the text it was made of.
func remark(sp bot.Span) string {
	switch sp.Kind {
	case bot.SpanBold:
		return bot.Bold(sp.Text)
	case bot.SpanItalic:
		return bot.Italic(sp.Text)
	case bot.SpanCode:
		return bot.Code(sp.Text)
	case bot.SpanLink:
		return bot.Link(sp.Text, sp.URL)
	case bot.SpanMoment:
		return bot.Moment(sp.At, sp.Zone, sp.Style)
	case bot.SpanMention:
		return bot.Mention(sp.Account, sp.Text)
	case bot.SpanChannel:
		return bot.ChannelMark(sp.Channel, sp.Text)
	}
	return sp.Text
}

// escapeInto appends s with Slack's three escapes while it fits; it stops between words if it must
// stop, and says how many bytes of s it took and how many units it wrote.
func escapeInto(dst []byte, s string, room int) (out []byte, taken, used int) {
	if len(s) <= room && strings.IndexByte(s, '&') < 0 && strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '>') < 0 {
		return append(dst, s...), len(s), units(s)
	}
	start := len(dst)
	breakAt, breakLen, breakUsed := 0, 0, 0
	for i, r := range s {
		n := width(r)
		switch r {
		case '&':
			n = 5
		case '<', '>':
			n = 4
		}
		if used+n > room {
			if breakAt > 0 && i-breakAt < 400 {
				return dst[:start+breakLen], breakAt, breakUsed
			}
			return dst, i, used
		}
		switch r {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
		used += n
		if r == '\n' || r == ' ' {
			breakAt, breakLen, breakUsed = i+1, len(dst)-start, used
		}
	}
	return dst, len(s), used
}

func escape(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	b, _, _ := escapeInto(nil, s, 1<<30)
	return string(b)
}

// mark writes one mark in mrkdwn; emphasis is not among them.
func (v speech) mark(sp bot.Span) string {
	t := escape(sp.Text)
	switch sp.Kind {
	case bot.SpanLink:
		url, ok := webAddress(sp.URL)
		switch {
		case !ok && sp.URL != "" && sp.URL != sp.Text:
			return t + " (" + escape(sp.URL) + ")"
		case !ok:
			return t
		case t == "":
			return "<" + escape(url) + ">"
		}
		return "<" + escape(url) + "|" + strings.NewReplacer("|", "¦", "\n", " ").Replace(t) + ">"
	case bot.SpanMoment:
		fallback := strings.NewReplacer("|", "/", "\n", " ").Replace(escape(v.say(sp.At, sp.Zone, sp.Style)))
		return "<!date^" + strconv.FormatInt(sp.At.Unix(), 10) + "^" + dateFormat(sp.Style) + "|" + fallback + ">"
	case bot.SpanMention:
		if id, group := v.known(sp); id != "" {
			if group {
				return "<!subteam^" + id + ">"
			}
			return "<@" + id + ">"
		}
	case bot.SpanChannel:
		if sp.Channel.Network == Network && v.here(sp.Channel.Team) && isID(sp.Channel.Channel) {
			return "<#" + sp.Channel.Channel + ">"
		}
	}
	return t
}

// known is the id of a mentioned account if this team knows it; user groups have ids in S.
func (v speech) known(sp bot.Span) (id string, group bool) {
	a := sp.Account
	if a.Network != Network || !isID(a.ID) || !v.here(a.Team) || a.ID[0] == 'B' {
		return "", false
	}
	return a.ID, a.ID[0] == 'S'
}

func (v speech) here(team string) bool { return team == "" || v.team == "" || team == v.team }

// dateFormat is how a reader's own clock is shown.
func dateFormat(style bot.MomentStyle) string {
	switch style {
	case bot.DateOnly:
		return "{date_short_pretty}"
	case bot.TimeOnly:
		return "{time}"
	case bot.Relative:
		return "{ago}"
	}
	return "{date_short_pretty} at {time}"
}

// webAddress makes an address fit to stand in a mark; ok is false when Slack would not open it.
func webAddress(url string) (string, bool) {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "mailto:") || len(url) > 3000 {
		return url, false
	}
	if !strings.ContainsAny(url, " |<>\"\n\t") {
		return url, true
	}
	return strings.NewReplacer(" ", "%20", "|", "%7C", "<", "%3C", ">", "%3E", `"`, "%22", "\n", "", "\t", "").Replace(url), true
}

// flat is text for places that show no marks at all, with moments said in words.
func (v speech) flat(s string) string {
	if strings.IndexByte(s, '\x01') < 0 {
		return bot.Flat(s)
	}
	var b strings.Builder
	for _, sp := range bot.Spans(s) {
		switch sp.Kind {
		case bot.SpanMoment:
			b.WriteString(v.say(sp.At, sp.Zone, sp.Style))
		case bot.SpanLink:
			b.WriteString(sp.Text)
			if sp.Text == "" {
				b.WriteString(sp.URL)
			}
		default:
			b.WriteString(sp.Text)
		}
	}
	return b.String()
}

// unseen reports whether nothing of a text with marks would be seen.
func unseen(s string) bool {
	for s != "" {
		kind, words, _, rest := scan(s)
		if kind == bot.SpanMoment || !blank(words) {
			return false
		}
		s = rest
	}
	return true
}

// oneLine is s with runs of space as one.
func oneLine(s string) string {
	gap := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf || c == ' ' && gap || c < ' ' {
			return strings.Join(strings.Fields(s), " ")
		}
		gap = c == ' '
	}
	return strings.TrimSuffix(s, " ")
}

// blank reports whether nothing of s would be seen; Slack refuses such a text.
func blank(s string) bool {
	for _, r := range s {
		if r > ' ' && r < 0x7f {
			return false
		}
		if r >= 0x7f && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) && r != 0x2800 && r != 0x3164 && r != 0x115f && r != 0x1160 {
			return false
		}
	}
	return true
}
