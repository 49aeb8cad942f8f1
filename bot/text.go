package bot

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Text shown to people is a plain Go string. Whatever a user typed is shown as
// typed: adapters escape it. Emphasis, links, mentions and moments are marks made
// by the functions below; they are framed by control characters that Clean takes
// out of everything that comes in, so no user can write one.
const (
	markOpen  = '\x01'
	markSep   = '\x02'
	markClose = '\x03'
)

// SpanKind says how a piece of text is meant.
type SpanKind byte

const (
	SpanPlain   SpanKind = 'p'
	SpanBold    SpanKind = 'b'
	SpanItalic  SpanKind = 'i'
	SpanCode    SpanKind = 'c'
	SpanLink    SpanKind = 'l'
	SpanMoment  SpanKind = 't'
	SpanMention SpanKind = 'm'
	SpanChannel SpanKind = 'h'
)

// Span is one piece of a text: literal words, or a mark.
type Span struct {
	Kind    SpanKind
	Text    string    // the words to show; the fallback of a moment, mention or channel
	URL     string    // of a link
	At      time.Time // of a moment
	Zone    string    // the zone a moment was meant in, IANA
	Style   MomentStyle
	Account Account // of a mention
	Channel Place   // of a channel
}

// MomentStyle says how much of a moment to show.
type MomentStyle byte

const (
	DateTime MomentStyle = 'f' // Tue 3 Nov, 15:00 with zone
	DateOnly MomentStyle = 'd'
	TimeOnly MomentStyle = 't'
	Relative MomentStyle = 'r' // 5 minutes ago
)

func mark(kind SpanKind, fields ...string) string {
	var b strings.Builder
	b.WriteByte(markOpen)
	b.WriteByte(byte(kind))
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(markSep)
		}
		b.WriteString(Flat(f))
	}
	b.WriteByte(markClose)
	return b.String()
}

// Bold marks words as important.
func Bold(s string) string {
	if s == "" {
		return ""
	}
	return mark(SpanBold, s)
}

// Italic marks words as an aside.
func Italic(s string) string {
	if s == "" {
		return ""
	}
	return mark(SpanItalic, s)
}

// Code marks words to be typed or copied as they stand.
func Code(s string) string {
	if s == "" {
		return ""
	}
	return mark(SpanCode, s)
}

// Link marks label as leading to url.
func Link(label, url string) string { return mark(SpanLink, label, url) }

// Moment marks an instant; each reader sees it in their own zone where the
// network can, else in zone (IANA), always with the zone said.
func Moment(t time.Time, zone string, style MomentStyle) string {
	return mark(SpanMoment, strconv.FormatInt(t.Unix(), 10), zone, string(style))
}

// Mention names an account so that its owner is told; name is shown where the
// network does not know the account.
func Mention(a Account, name string) string {
	return mark(SpanMention, a.Network, a.Team, a.ID, name)
}

// ChannelMark names a channel of a network.
func ChannelMark(p Place, name string) string {
	return mark(SpanChannel, p.Network, p.Team, p.Channel, name)
}

// Spans cuts a text into its pieces. Text without marks is one plain span.
func Spans(s string) []Span {
	var out []Span
	for s != "" {
		i := strings.IndexByte(s, markOpen)
		if i < 0 {
			return append(out, Span{Kind: SpanPlain, Text: s})
		}
		if i > 0 {
			out = append(out, Span{Kind: SpanPlain, Text: s[:i]})
		}
		j := strings.IndexByte(s[i:], markClose)
		if j < 2 {
			return append(out, Span{Kind: SpanPlain, Text: Flat(s[i:])})
		}
		out = append(out, span(s[i+1:i+j]))
		s = s[i+j+1:]
	}
	return out
}

func span(m string) Span {
	kind, f := SpanKind(m[0]), strings.Split(m[1:], string(markSep))
	at := func(i int) string {
		if i < len(f) {
			return f[i]
		}
		return ""
	}
	s := Span{Kind: kind, Text: at(0)}
	switch kind {
	case SpanLink:
		s.URL = at(1)
	case SpanMoment:
		n, _ := strconv.ParseInt(at(0), 10, 64)
		s.At, s.Zone, s.Text = time.Unix(n, 0).UTC(), at(1), ""
		s.Style = DateTime
		if st := at(2); st != "" {
			s.Style = MomentStyle(st[0])
		}
	case SpanMention:
		s.Account, s.Text = Account{Network: at(0), Team: at(1), ID: at(2)}, at(3)
	case SpanChannel:
		s.Channel, s.Text = Place{Network: at(0), Team: at(1), Channel: at(2)}, at(3)
	}
	return s
}

// Clean makes text that came from outside fit to keep and show: valid UTF-8, no
// control characters but newline and tab, none of the invisible characters that
// reorder or hide text (bidirectional overrides and isolates, zero-width space,
// byte order mark, tags). Letters, joiners and emoji stay as they are.
// Marks that stand in it are reduced to their words.
func Clean(s string) string {
	s = Flat(s)
	clean := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 && c != '\n' && c != '\t' || c >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !(r == utf8.RuneError && n == 1) && !hidden(r) {
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r == 0x200b, r == 0x2060, r == 0xfeff, r == 0x00ad, r == 0x180e:
		return true
	case r >= 0x200e && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x061c:
		return true
	case r >= 0xe0000 && r <= 0xe007f, r >= 0xfff9 && r <= 0xfffb:
		return true
	}
	return false
}

// Flat is the text without any marks: what a log, an index or a plain label shows.
func Flat(s string) string {
	if strings.IndexByte(s, markOpen) < 0 && strings.IndexByte(s, markSep) < 0 && strings.IndexByte(s, markClose) < 0 {
		return s
	}
	if strings.IndexByte(s, markOpen) < 0 {
		return strings.Map(func(r rune) rune {
			if r == markSep || r == markClose {
				return -1
			}
			return r
		}, s)
	}
	var b strings.Builder
	for rest := s; rest != ""; {
		i := strings.IndexByte(rest, markOpen)
		j := -1
		if i >= 0 {
			j = strings.IndexByte(rest[i:], markClose)
		}
		if i < 0 || j < 2 {
			b.WriteString(strings.Map(func(r rune) rune {
				if r == markOpen || r == markSep || r == markClose {
					return -1
				}
				return r
			}, rest))
			break
		}
		b.WriteString(rest[:i])
		sp := span(rest[i+1 : i+j])
		if sp.Kind == SpanMoment {
			b.WriteString(sp.At.Format("2006-01-02 15:04 UTC"))
		} else {
			b.WriteString(sp.Text)
		}
		rest = rest[i+j+1:]
	}
	return b.String()
}

// Clip shortens text to at most n characters, ending in "…" when something was cut.
func Clip(s string, n int) string {
	if n <= 0 || utf8.RuneCountInString(s) <= n {
		return s
	}
	i, k := 0, 0
	for i = range s {
		if k == n-1 {
			break
		}
		k++
	}
	return strings.TrimRight(s[:i], " \n") + "…"
}
