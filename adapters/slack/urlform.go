package slack

import "strings"

// pair cuts the next key and value off a form body; ok is false at its end. Values are not yet
// unescaped.
func pair(body string) (key, value, rest string, ok bool) {
	if body == "" {
		return "", "", "", false
	}
	p := body
	if i := strings.IndexByte(body, '&'); i >= 0 {
		p, rest = body[:i], body[i+1:]
	}
	key, value, _ = strings.Cut(p, "=")
	return key, value, rest, true
}

// unescape undoes percent and plus escapes; ok is false when they are broken.
func unescape(s string) (string, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '%':
			if i+2 >= len(s) || unhex(s[i+1]) > 15 || unhex(s[i+2]) > 15 {
				return "", false
			}
			n++
			i += 2
		case '+':
			n++
		}
	}
	if n == 0 {
		return s, true
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '%':
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		case '+':
			out = append(out, ' ')
		default:
			out = append(out, s[i])
		}
	}
	return string(out), true
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// field is the value of one key of a form body.
func field(body, name string) (string, bool) {
	for {
		k, v, rest, ok := pair(body)
		if !ok {
			return "", false
		}
		if k == name {
			return unescape(v)
		}
		body = rest
	}
}
