package slack

import (
	"strconv"
	"strings"

	"rapport/bot"
)

const (
	maxLabel   = 75
	maxValue   = 2000
	maxOptions = 100
	rowButtons = 25
)

// A button's token is its value; its action id only sets it off from its neighbours. The ids of
// buttons that open an address start with "u": their press is acknowledged and means nothing.

func (r *renderer) buttons(all []bot.Button) {
	for len(all) > 0 {
		row := all[:min(len(all), rowButtons)]
		all = all[len(row):]
		usable := 0
		for _, b := range row {
			if showable(b) {
				usable++
			}
		}
		if usable == 0 || !r.fits(0) {
			continue
		}
		r.out = append(r.out, `{"type":"actions","elements":[`...)
		n := 0
		for i, b := range row {
			if !showable(b) {
				continue
			}
			r.out = comma(r.out, n)
			r.button(b, i)
			n++
		}
		r.out = append(r.out, `]}`...)
		r.end()
	}
}

// showable leaves out a button that Slack would refuse the whole message for.
func showable(b bot.Button) bool {
	if b.URL != "" {
		u, ok := webAddress(b.URL)
		return ok && len(u) <= 3000
	}
	return b.Token != "" && len(b.Token) <= maxValue
}

func (r *renderer) button(b bot.Button, i int) {
	label := oneLine(r.flat(b.Label))
	if blank(label) {
		label = "…"
	}
	r.out = append(r.out, `{"type":"button","text":`...)
	r.plainText(label, maxLabel)
	if b.URL != "" {
		url, _ := webAddress(b.URL)
		r.out = append(r.out, `,"action_id":"u`...)
		r.out = strconv.AppendInt(r.out, int64(i), 10)
		r.out = append(r.out, `","url":`...)
		r.out = appendString(r.out, url)
	} else {
		r.out = append(r.out, `,"action_id":"b`...)
		r.out = strconv.AppendInt(r.out, int64(i), 10)
		r.out = append(r.out, `","value":`...)
		r.out = appendString(r.out, b.Token)
	}
	switch b.Style {
	case bot.Primary:
		r.out = append(r.out, `,"style":"primary"`...)
	case bot.Danger:
		r.out = append(r.out, `,"style":"danger"`...)
	}
	r.out = append(r.out, '}')
}

// choices writes a menu. Its token stands in the ids of its block: block_id is "m", the menu's
// number, "." and the first half; action_id is "m." and the second.
func (r *renderer) choices(c bot.Choices) {
	if len(c.Options) == 0 || c.Token == "" || len(c.Token) > maxToken || !r.fits(0) {
		return
	}
	first, second := c.Token, ""
	if len(first) > 240 {
		first, second = first[:240], first[240:]
	}
	r.out = append(r.out, `{"type":"actions","block_id":`...)
	r.out = appendString(r.out, "m"+strconv.Itoa(r.menus)+"."+first)
	r.out = append(r.out, `,"elements":[{"type":"static_select","action_id":`...)
	r.out = appendString(r.out, "m."+second)
	r.menus++
	label := r.flat(c.Label)
	if blank(label) {
		label = "Choose"
	}
	r.out = append(r.out, `,"placeholder":`...)
	r.plainText(label, 150)
	r.out = append(r.out, `,"options":[`...)
	for i, o := range c.Options[:min(len(c.Options), maxOptions)] {
		r.out = comma(r.out, i)
		r.option(o)
	}
	r.out = append(r.out, `]}]}`...)
	r.end()
}

// menuToken reads the token of a menu back from its ids.
func menuToken(block, action string) (string, bool) {
	head, first, ok := strings.Cut(block, ".")
	if !ok || len(head) < 2 || head[0] != 'm' || !strings.HasPrefix(action, "m.") {
		return "", false
	}
	if _, err := strconv.Atoi(head[1:]); err != nil {
		return "", false
	}
	return first + action[2:], true
}

// option writes one option object.
func (r *renderer) option(o bot.Option) {
	label := oneLine(r.flat(o.Label))
	if blank(label) {
		label = o.Value
	}
	if blank(label) {
		label = "–"
	}
	r.out = append(r.out, `{"text":`...)
	r.plainText(label, 75)
	r.out = append(r.out, `,"value":`...)
	r.out = appendString(r.out, sentValue(o.Value))
	if hint := oneLine(r.flat(o.Hint)); !blank(hint) {
		r.out = append(r.out, `,"description":`...)
		r.plainText(hint, 75)
	}
	r.out = append(r.out, '}')
}

// emptyValue stands for an option without a value: Slack refuses empty strings.
const emptyValue = "\u2205"

func sentValue(v string) string {
	if v == "" {
		return emptyValue
	}
	return v
}

func optionValue(v string) string {
	if v == emptyValue {
		return ""
	}
	return v
}
