package discordtest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	entity    = regexp.MustCompile(`&(amp|lt|gt|quot|#39|#34);`)
	slackish  = regexp.MustCompile(`<(@[UW][A-Z0-9]{6,}|#C[A-Z0-9]{6,}|!(here|channel|everyone|date\^|subteam\^)|https?://[^>\s]+\|[^>]+>)`)
	timeMark  = regexp.MustCompile(`<t:(-?\d+)(:[^>]*)?>`)
	timeStyle = regexp.MustCompile(`^:[tTdDfFsSR]$`)
	anyMark   = regexp.MustCompile(`<(t:-?\d+(:\w)?|@[!&]?\d+|#\d+|/[^:>]+:\d+)>`)
)

// look reads a message as a person would and writes down what looks broken.
func (s *Server) look(m *message, where string) {
	rich, plain := shown(m)
	for _, t := range rich {
		s.lookAt(t, where)
		for _, f := range userMention.FindAllStringSubmatch(t, -1) {
			if s.users[f[1]] == nil {
				s.broken(where, "mentions %s, whom nobody knows: shown as <@%s>", f[1], f[1])
			}
		}
	}
	for _, t := range plain {
		s.lookPlain(t, where)
	}
}

// lookAt checks text that renders Markdown, mentions and times.
func (s *Server) lookAt(t, where string) {
	if e := entity.FindString(t); e != "" {
		s.broken(where, "%s is shown literally: Discord has no HTML entities (%s)", e, excerpt(t))
	}
	if e := slackish.FindString(t); e != "" {
		s.broken(where, "%s is markup of another network (%s)", e, excerpt(t))
	}
	for _, f := range timeMark.FindAllStringSubmatch(t, -1) {
		if len(strings.TrimPrefix(f[1], "-")) > 11 {
			s.broken(where, "%s is in milliseconds: it shows a year far away", f[0])
		}
		if f[2] != "" && !timeStyle.MatchString(f[2]) {
			s.broken(where, "%s has no known style and is shown literally", f[0])
		}
	}
	if !utf8.ValidString(t) || strings.ContainsRune(t, utf8.RuneError) {
		s.broken(where, "text holds broken characters (%s)", excerpt(t))
	}
}

// lookPlain checks text that renders nothing: labels, options, titles.
func (s *Server) lookPlain(t, where string) {
	if e := anyMark.FindString(t); e != "" {
		s.broken(where, "%s is shown literally in a label, title, footer or option (%s)", e, excerpt(t))
	}
	s.lookAt(anyMark.ReplaceAllString(t, ""), where)
}

func excerpt(t string) string {
	if size(t) > 60 {
		return string([]rune(t)[:60]) + "…"
	}
	return t
}

// shown splits a message's texts into those that render markup and those
// that do not.
func shown(m *message) (rich, plain []string) {
	rich = append(rich, m.content)
	for _, e := range objects(m.embeds) {
		rich = append(rich, str(e, "title"), str(e, "description"))
		for _, f := range objects(list(e, "fields")) {
			rich = append(rich, str(f, "name"), str(f, "value"))
		}
		plain = append(plain, str(sub(e, "footer"), "text"), str(sub(e, "author"), "name"))
	}
	r, p := shownComponents(m.components)
	return append(rich, r...), append(plain, p...)
}

func shownComponents(all []any) (rich, plain []string) {
	walk(all, func(o obj) {
		if integer(o, "type", 0) == compText {
			rich = append(rich, str(o, "content"))
		}
		plain = append(plain, str(o, "label"), str(o, "placeholder"))
		if integer(o, "type", 0) == compLabel {
			plain = append(plain, str(o, "description"))
		}
		for _, op := range objects(list(o, "options")) {
			plain = append(plain, str(op, "label"), str(op, "description"))
		}
	})
	return rich, plain
}
