package slacktest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot/scheduling"
)

// reader turns Slack's markup into what one person reads.
type reader struct {
	w    *Workspace
	zone *time.Location
}

func (h *Human) reader() reader {
	zone, err := scheduling.Default().Zone(h.u.TZ)
	if err != nil {
		zone = time.UTC
	}
	return reader{w: h.w, zone: zone}
}

var (
	angle = regexp.MustCompile(`<([^<>\n]+)>`)
	marks = regexp.MustCompile("(^|[\\s(\\[|])([*_~`])([^*_~`\\s](?:[^*_~`\\n]*[^*_~`\\s])?)([*_~`])($|[\\s)\\].,:;!?|])")
)

// mrkdwn reads text with marks: mentions by name, links by text, moments in the reader's zone.
func (r reader) mrkdwn(s string) string {
	out, from := "", 0
	for _, at := range angle.FindAllStringSubmatchIndex(s, -1) {
		out += unmarked(s[from:at[0]]) + r.resolve(s[at[2]:at[3]])
		from = at[1]
	}
	return plain.Replace(unmarked(out + s[from:]))
}

// unmarked drops the signs of bold, italic, strike and code.
func unmarked(s string) string {
	for range 3 {
		s = marks.ReplaceAllStringFunc(s, func(hit string) string {
			p := marks.FindStringSubmatch(hit)
			if p[2] != p[4] {
				return hit
			}
			return p[1] + p[3] + p[5]
		})
	}
	return s
}

func (r reader) resolve(inner string) string {
	target, label, labelled := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		return "@" + r.person(target[1:])
	case strings.HasPrefix(target, "#"):
		if c := r.w.channels[target[1:]]; c != nil {
			return "#" + c.Name
		}
		return "#private-channel"
	case strings.HasPrefix(target, "!date^"):
		return r.date(target, label)
	case strings.HasPrefix(target, "!subteam^"):
		for _, g := range r.w.groups {
			if g.ID == strings.TrimPrefix(target, "!subteam^") {
				return "@" + g.Handle
			}
		}
	case strings.HasPrefix(target, "!"):
		return "@" + target[1:]
	}
	if labelled {
		return label
	}
	return target
}

func (r reader) person(id string) string {
	u := r.w.userFor(id)
	switch {
	case u == nil:
		return id
	case u.DisplayName != "":
		return u.DisplayName
	}
	return u.RealName
}

func (r reader) date(target, fallback string) string {
	parts := strings.Split(target, "^")
	if len(parts) < 3 {
		return fallback
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fallback
	}
	return r.moment(time.Unix(n, 0).In(r.zone), parts[2])
}

var dateTokens = regexp.MustCompile(`\{[a-z_]+\}`)

func (r reader) moment(at time.Time, format string) string {
	forms := map[string]string{
		"{date_num}": "2006-01-02", "{date}": "January 2, 2006", "{date_short}": "Jan 2, 2006", "{date_long}": "Monday, January 2, 2006",
		"{date_pretty}": "January 2, 2006", "{date_short_pretty}": "Jan 2, 2006", "{date_long_pretty}": "Monday, January 2, 2006",
		"{date_slash}": "01/02/2006", "{date_long_full}": "Monday, January 2, 2006", "{time}": "3:04 PM", "{time_secs}": "3:04:05 PM",
		"{day_divider_pretty}": "Monday, January 2", "{ago}": "Jan 2, 2006",
	}
	return dateTokens.ReplaceAllStringFunc(format, func(token string) string {
		form, known := forms[token]
		if !known {
			return token
		}
		if strings.HasSuffix(token, "_pretty}") {
			switch day, now := at.Format("2006-01-02"), time.Now().In(r.zone); day {
			case now.Format("2006-01-02"):
				return "today"
			case now.AddDate(0, 0, 1).Format("2006-01-02"):
				return "tomorrow"
			case now.AddDate(0, 0, -1).Format("2006-01-02"):
				return "yesterday"
			}
		}
		return at.Format(form)
	})
}

// text reads a text object.
func (r reader) text(v any) string {
	o := object(v)
	if str(o["type"]) == "mrkdwn" {
		return r.mrkdwn(str(o["text"]))
	}
	return str(o["text"])
}

// plainText reads a plain_text object: nothing in it is markup.
func (r reader) plainText(v any) string { return str(object(v)["text"]) }

func (r reader) attachment(a obj) string {
	var out []string
	for _, k := range []string{"pretext", "title", "text"} {
		if s := str(a[k]); s != "" {
			out = append(out, r.mrkdwn(s))
		}
	}
	if blocks := list(a["blocks"]); blocks != nil {
		out = append(out, r.blocks(blocks, nil, nil))
	}
	return strings.Join(out, "\n")
}

var ping = regexp.MustCompile(`<(?:@([A-Z0-9]+)|!(here|channel|everyone))(?:\|[^>]*)?>`)

// pingsOf lists whom a message notifies: marks in text and mrkdwn, mentions in rich text. Names in
// plain_text and in literal rich text notify nobody.
func pingsOf(m *message) []string {
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	marked := func(s string) {
		for _, hit := range ping.FindAllStringSubmatch(s, -1) {
			add(hit[1])
			add(hit[2])
		}
	}
	marked(m.text)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case obj:
			switch str(v["type"]) {
			case "mrkdwn", "markdown":
				marked(str(v["text"]))
			case "user":
				add(str(v["user_id"]))
			case "broadcast":
				add(str(v["range"]))
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(m.blocks)
	walk(m.attached)
	slices.Sort(out)
	return out
}
