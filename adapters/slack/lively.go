package slack

import (
	"strings"
	"unicode/utf8"

	"rapport/bot"
)

// lively reports whether mrkdwn would read a meaning into words that are meant literally, or would
// fail to read a mark.
func lively(s string) bool {
	if plainWords(s) {
		return false
	}
	var count [4]int // * _ ~ `
	var meant [4]bool
	lineStart, before := true, byte(' ') // before is what stands left of the next piece
	for s != "" {
		kind, words, _, rest := scan(s)
		s = rest
		if hasEmojiName(words) {
			return true
		}
		for j := 0; j < len(words); j++ {
			switch c := words[j]; c {
			case '*':
				count[0]++
			case '_':
				count[1]++
			case '~':
				count[2]++
			case '`':
				count[3]++
			case '>':
				if lineStart {
					return true
				}
				lineStart = false
			case '\n':
				lineStart = true
			case ' ':
			default:
				lineStart = false
			}
		}
		sign := -1
		switch kind {
		case bot.SpanBold:
			sign = 0
		case bot.SpanItalic:
			sign = 1
		case bot.SpanCode:
			sign = 3
		case bot.SpanLink:
			if strings.ContainsAny(words, "|\n") {
				return true
			}
		}
		if sign >= 0 {
			if words == "" {
				return true
			}
			meant[sign] = true
			after := byte(' ')
			if rest != "" {
				after = rest[0]
			}
			if wordy(before) || wordy(after) || strings.IndexByte(words, '\n') >= 0 || words[0] == ' ' || words[len(words)-1] == ' ' {
				return true
			}
		}
		before = ' '
		if kind != bot.SpanPlain {
			before = markClose
		} else if words != "" {
			before = words[len(words)-1]
		}
	}
	for k, n := range count {
		if n > 1 || n > 0 && meant[k] {
			return true
		}
	}
	return false
}

// wordy reports whether a byte beside emphasis keeps mrkdwn from reading it: part of a word, or
// another mark.
func wordy(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf || c == markOpen || c == markClose
}

// plainWords is the quick way to say that a text without marks has no sign of mrkdwn.
func plainWords(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '*', '_', '~', '`', ':', '>', '\x01':
			return false
		}
	}
	return true
}

// hasEmojiName finds a :name: that a client would draw as an emoji.
func hasEmojiName(s string) bool {
	for {
		i := strings.IndexByte(s, ':')
		if i < 0 {
			return false
		}
		s = s[i+1:]
		j := 0
		for j < len(s) && (s[j] >= 'a' && s[j] <= 'z' || s[j] >= 'A' && s[j] <= 'Z' || s[j] >= '0' && s[j] <= '9' || strings.IndexByte("_+-'", s[j]) >= 0 || s[j] >= utf8.RuneSelf) {
			j++
		}
		if j > 0 && j < len(s) && s[j] == ':' {
			return true
		}
	}
}
