package pipeline

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"rapport/bot"
)

// short reads a word or two for a field of a record: on one line, at most 120
// characters.
func short(field, what, text string) (string, *bot.Fault) {
	text = strings.Join(strings.Fields(bot.Flat(bot.Clean(text))), " ")
	if n := utf8.RuneCountInString(text); n > 120 {
		return "", bot.Faultf(bot.Invalid, "That %s has %d characters; 120 is the most.", what, n).In(field)
	}
	return text, nil
}

// address reads a link: a web address with a host, and nothing that a browser would
// run or that carries a password.
func address(text string) (string, *bot.Fault) {
	text = strings.TrimSpace(bot.Clean(text))
	for _, s := range bot.Spans(text) {
		if s.Kind == bot.SpanLink && s.URL != "" {
			text = s.URL
		}
	}
	text = bot.Flat(text)
	u, err := url.Parse(text)
	if err != nil || len(text) > 2000 || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") || strings.ContainsAny(text, " \t\n<>\"`") {
		return "", bot.Faultf(bot.Invalid, "“%s” is not a web address. It begins with https://, such as https://portfolio.example/ada.", bot.Clip(text, 60)).In("link")
	}
	return u.String(), nil
}
