package slack

import (
	"strconv"

	"rapport/bot"
)

// Rich text is literal: no escapes, no signs, no emoji names. It carries mentions, links and
// moments as elements of their own, and moments still show each reader's clock.

// rich appends the elements of one rich_text_section for as much of s as fits into room units,
// and returns what is left.
func (v speech) rich(dst []byte, s string, room int) (out []byte, rest string) {
	n := 0
	for _, sp := range bot.Spans(s) {
		if rest != "" {
			rest += remark(sp)
			continue
		}
		if sp.Kind == bot.SpanPlain || sp.Kind == bot.SpanBold || sp.Kind == bot.SpanItalic || sp.Kind == bot.SpanCode {
			fits, left := cut(sp.Text, room)
			room -= units(fits)
			if fits != "" {
				dst = comma(dst, n)
				dst = richWords(dst, fits, sp.Kind)
				n++
			}
			if left != "" {
				sp.Text = left
				rest = remark(sp)
			}
			continue
		}
		words := sp.Text
		if sp.Kind == bot.SpanMoment {
			words = v.say(sp.At, sp.Zone, sp.Style)
		}
		u := units(words)
		if u > room && n > 0 {
			rest = remark(sp)
			continue
		}
		room -= u
		if words == "" && sp.Kind != bot.SpanLink && sp.Kind != bot.SpanMention && sp.Kind != bot.SpanChannel {
			continue
		}
		before := len(dst)
		dst = comma(dst, n)
		var wrote bool
		if dst, wrote = v.richMark(dst, sp, words); wrote {
			n++
		} else {
			dst = dst[:before]
		}
	}
	return dst, rest
}

func comma(dst []byte, n int) []byte {
	if n > 0 {
		return append(dst, ',')
	}
	return dst
}

// cut takes room units off the front of s, at a word's end when one is near.
func cut(s string, room int) (fits, left string) {
	if len(s) <= room {
		return s, ""
	}
	used, brk := 0, 0
	for i, r := range s {
		if used += width(r); used > room {
			if brk > 0 && i-brk < 400 {
				return s[:brk], s[brk:]
			}
			return s[:i], s[i:]
		}
		if r == ' ' || r == '\n' {
			brk = i + 1
		}
	}
	return s, ""
}

func richWords(dst []byte, s string, k bot.SpanKind) []byte {
	dst = append(dst, `{"type":"text","text":`...)
	dst = appendString(dst, s)
	switch k {
	case bot.SpanBold:
		dst = append(dst, `,"style":{"bold":true}`...)
	case bot.SpanItalic:
		dst = append(dst, `,"style":{"italic":true}`...)
	case bot.SpanCode:
		dst = append(dst, `,"style":{"code":true}`...)
	}
	return append(dst, '}')
}

// richMark writes a link, mention, channel or moment; what Slack does not know is its words.
func (v speech) richMark(dst []byte, sp bot.Span, words string) ([]byte, bool) {
	switch sp.Kind {
	case bot.SpanLink:
		url, ok := webAddress(sp.URL)
		if !ok {
			if sp.URL != "" && sp.URL != words {
				words += " (" + sp.URL + ")"
			}
			break
		}
		dst = append(dst, `{"type":"link","url":`...)
		dst = appendString(dst, url)
		if words != "" {
			dst = append(dst, `,"text":`...)
			dst = appendString(dst, words)
		}
		return append(dst, '}'), true
	case bot.SpanMoment:
		dst = append(dst, `{"type":"date","timestamp":`...)
		dst = strconv.AppendInt(dst, sp.At.Unix(), 10)
		dst = append(dst, `,"format":"`...)
		dst = append(dst, dateFormat(sp.Style)...)
		dst = append(dst, `","fallback":`...)
		dst = appendString(dst, words)
		return append(dst, '}'), true
	case bot.SpanMention:
		if id, group := v.known(sp); id != "" {
			if group {
				dst = append(dst, `{"type":"usergroup","usergroup_id":"`...)
			} else {
				dst = append(dst, `{"type":"user","user_id":"`...)
			}
			dst = append(dst, id...)
			return append(dst, `"}`...), true
		}
	case bot.SpanChannel:
		if sp.Channel.Network == Network && v.here(sp.Channel.Team) && isID(sp.Channel.Channel) {
			dst = append(dst, `{"type":"channel","channel_id":"`...)
			dst = append(dst, sp.Channel.Channel...)
			return append(dst, `"}`...), true
		}
	}
	if words == "" {
		return dst, false
	}
	return richWords(dst, words, bot.SpanPlain), true
}
