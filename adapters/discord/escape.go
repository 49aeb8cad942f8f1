package discord

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/bot"
)

// plainText shows a moment in words, where Discord draws none of its own.
type plainText func(t time.Time, zone string, style bot.MomentStyle) string

// escape makes s show as it was typed: every character that Discord's Markdown
// would take for its own gets a backslash. start says that s begins a line, where
// headings, lists and quotes are made; the result says whether it ends one.
func escape(s string, start bool) (string, bool) {
	var b strings.Builder
	b.Grow(len(s) + 8)
	angle := false // inside <…>: Discord's servers look there for mentions and do not mind a backslash before it
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch c {
		case '\\', '*', '_', '~', '`', '|', '<', '>', '[', ']':
			b.WriteByte('\\')
			angle = c == '<' || angle && c != '>'
		case '#', '-', '+':
			if start || angle && c == '#' {
				b.WriteByte('\\')
			}
		case '.', ')':
			if digitsBefore(s, i) {
				b.WriteByte('\\')
			}
		case '@':
			if rest := s[i+1:]; angle || strings.HasPrefix(rest, "everyone") || strings.HasPrefix(rest, "here") {
				b.WriteByte('\\')
			}
		case ':':
			// A bare address becomes a link with a preview, and escapes inside it would show.
			if angle || strings.HasPrefix(s[i:], "://") {
				b.WriteByte('\\')
			}
		case ' ', '\n':
			angle = false
		}
		b.WriteByte(c)
		start = c == '\n' || start && (c == ' ' || c == '\t')
	}
	return b.String(), start
}

// digitsBefore reports whether only digits stand between the start of the line
// and i: "1." at a line's start makes a numbered list.
func digitsBefore(s string, i int) bool {
	j := i
	for j > 0 && s[j-1] >= '0' && s[j-1] <= '9' {
		j--
	}
	if j == i {
		return false
	}
	for j > 0 && (s[j-1] == ' ' || s[j-1] == '\t') {
		j--
	}
	return j == 0 || s[j-1] == '\n'
}

// markdown is one span as Discord draws it.
func markdown(sp bot.Span, start bool) (string, bool) {
	wrap := func(sign string) (string, bool) {
		core := strings.TrimSpace(sp.Text)
		if core == "" {
			return sp.Text, start
		}
		i := strings.Index(sp.Text, core)
		in, _ := escape(core, true)
		return sp.Text[:i] + sign + in + sign + sp.Text[i+len(core):], false
	}
	switch sp.Kind {
	case bot.SpanBold:
		return wrap("**")
	case bot.SpanItalic:
		return wrap("*")
	case bot.SpanCode:
		s := strings.NewReplacer("`", "ˋ", "\n", " ").Replace(sp.Text)
		if strings.TrimSpace(s) == "" {
			return s, start
		}
		return "`" + s + "`", false
	case bot.SpanLink:
		label, _ := escape(strings.TrimSpace(strings.ReplaceAll(sp.Text, "\n", " ")), start)
		addr, ok := address(sp.URL)
		if !ok {
			return label, false
		}
		if label == "" || strings.Contains(sp.Text, "://") {
			return "<" + addr + ">", false // Discord shows no mask that looks like an address
		}
		return "[" + label + "](<" + addr + ">)", false
	case bot.SpanMoment:
		return moment(sp), false
	case bot.SpanMention:
		if sp.Account.Network == Name && snowflake(sp.Account.ID) {
			return "<@" + sp.Account.ID + ">", false
		}
		s, _ := escape("@"+sp.Text, start)
		return s, false
	case bot.SpanChannel:
		if sp.Channel.Network == Name && snowflake(sp.Channel.Channel) {
			return "<#" + sp.Channel.Channel + ">", false
		}
		s, _ := escape("#"+sp.Text, true)
		return s, false
	}
	return escape(sp.Text, start)
}

// moment is an instant that each reader sees in their own zone. Seconds, never
// milliseconds.
func moment(sp bot.Span) string {
	var style byte
	switch sp.Style {
	case bot.DateOnly:
		style = 'D'
	case bot.TimeOnly:
		style = 't'
	case bot.Relative:
		style = 'R'
	default:
		style = 'F' // with the weekday
	}
	var b strings.Builder
	b.WriteString("<t:")
	b.WriteString(strconv.FormatInt(sp.At.Unix(), 10))
	b.WriteByte(':')
	b.WriteByte(style)
	b.WriteByte('>')
	return b.String()
}

// address makes a link's target safe inside [label](<…>): only web addresses, no
// character that could end the mark.
func address(s string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", false
	}
	return strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", "\\", "%5C", "`", "%60", "|", "%7C", "*", "%2A", "\n", "", "\"", "%22").Replace(u.String()), true
}

// flat is text for places that draw nothing: labels, menus, footers, titles of forms.
func flat(s string, plain plainText) string {
	var b strings.Builder
	for _, sp := range bot.Spans(s) {
		switch sp.Kind {
		case bot.SpanMoment:
			if plain == nil {
				plain = utc
			}
			b.WriteString(plain(sp.At, sp.Zone, sp.Style))
		case bot.SpanMention:
			b.WriteString("@" + sp.Text)
		case bot.SpanChannel:
			b.WriteString("#" + sp.Text)
		default:
			b.WriteString(sp.Text)
		}
	}
	// A name may hold what looks like a time mark. Labels draw none, and a reader
	// could take it for one that failed.
	return strings.ReplaceAll(strings.TrimSpace(b.String()), "<t:", "‹t:")
}

func utc(t time.Time, _ string, _ bot.MomentStyle) string {
	return t.UTC().Format("2 Jan 2006 15:04 UTC")
}

// size is the length of s as Discord may count it. Neither code points nor UTF-16
// units are promised, so it is the larger of the two.
func size(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r > 0xffff {
			n++
		}
	}
	return n
}

// clip shortens plain text to at most n by size.
func clip(s string, n int) string {
	if size(s) <= n {
		return s
	}
	k := 0
	for i, r := range s {
		w := 1
		if r > 0xffff {
			w = 2
		}
		if k+w > n-1 {
			return strings.TrimRight(s[:i], " \n") + "…"
		}
		k += w
	}
	return s
}

// pieces renders s as Markdown in pieces of at most n by size, cut at line ends or
// spaces and never inside a mark.
func pieces(s string, n int) []string {
	var out []string
	var cur strings.Builder
	used := 0
	flush := func() {
		if t := strings.Trim(cur.String(), "\n"); strings.TrimSpace(t) != "" {
			out = append(out, t)
		}
		cur.Reset()
		used = 0
	}
	put := func(t string) {
		if k := size(t); used+k > n && used > 0 {
			flush()
		}
		cur.WriteString(t)
		used += size(t)
	}
	start := true
	for _, sp := range bot.Spans(s) {
		if sp.Kind != bot.SpanPlain {
			t, end := markdown(sp, start)
			if size(t) > n { // a mark longer than a whole message loses its form
				sp.Kind = bot.SpanPlain
			} else {
				put(t)
				start = end
				continue
			}
		}
		for rest := sp.Text; rest != ""; {
			k := strings.IndexAny(rest, " \n") + 1
			if k == 0 {
				k = len(rest)
			}
			if most := max(n/2, 1); utf8.RuneCountInString(rest[:k]) > most {
				k = prefix(rest, most)
			}
			t, end := escape(rest[:k], start)
			start = end
			put(t)
			rest = rest[k:]
		}
	}
	flush()
	return out
}

// prefix is the length in bytes of the first n characters of s.
func prefix(s string, n int) int {
	k := 0
	for i := range s {
		if k == n {
			return i
		}
		k++
	}
	return len(s)
}

// draw renders s as Markdown of at most n by size, ending in "…" when it was cut.
func draw(s string, n int) string {
	list := pieces(s, n)
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	return strings.TrimRight(pieces(s, n-1)[0], " \n") + "…"
}
