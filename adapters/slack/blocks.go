package slack

import (
	"bytes"
	"strconv"
	"strings"

	"rapport/bot"
)

func (r *renderer) heading(h bot.Heading) {
	t := oneLine(r.flat(h.Text))
	if blank(t) || !r.fits(min(units(t), 150)) {
		return
	}
	r.out = append(r.out, `{"type":"header","text":`...)
	r.plainText(t, 150)
	r.out = append(r.out, '}')
	r.end()
}

// para writes a text as one section, or as many as its length needs.
func (r *renderer) para(s string) {
	s = strings.Trim(s, "\n")
	if unseen(s) {
		return
	}
	literal := lively(s)
	for s != "" {
		if literal {
			if s = r.literalPara(s); r.full {
				return
			}
			continue
		}
		var rest string
		r.tmp, rest = r.mrkdwn(r.tmp[:0], s, min(maxSection, max(r.room, 200)), true)
		if len(bytes.TrimSpace(r.tmp)) == 0 {
			s = rest
			continue
		}
		if !r.fits(len(r.tmp)) {
			return
		}
		r.out = append(r.out, `{"type":"section","text":`...)
		r.mrkdwnObject(r.tmp)
		r.out = append(r.out, '}')
		r.end()
		s = strings.TrimLeft(rest, "\n")
	}
}

// mrkdwnObject writes a text object. verbatim keeps Slack from making links and mentions of words.
func (r *renderer) mrkdwnObject(text []byte) {
	r.out = append(r.out, `{"type":"mrkdwn","text":"`...)
	r.out = appendEscaped(r.out, text)
	r.out = append(r.out, `","verbatim":true}`...)
}

// literalPara writes one block of rich text and returns what did not fit into it.
func (r *renderer) literalPara(s string) string {
	elements, rest := r.rich(r.tmp[:0], s, min(maxSection, max(r.room, 200)))
	r.tmp = elements
	if len(elements) == 0 || !r.fits(min(units(bot.Flat(s)), maxSection)) {
		return rest
	}
	r.out = append(r.out, `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[`...)
	r.out = append(r.out, elements...)
	r.out = append(r.out, `]}]}`...)
	r.end()
	return strings.TrimLeft(rest, "\n")
}

// note writes small print. What mrkdwn would misread is plain text there: its moments are said in
// words, its links lose their address.
func (r *renderer) note(s string) {
	if unseen(s) {
		return
	}
	literal := lively(s)
	if literal {
		s = r.flat(s)
		if !r.fits(min(units(s), maxSection)) {
			return
		}
		r.out = append(r.out, `{"type":"context","elements":[`...)
		r.plainText(s, maxSection)
	} else {
		r.clipped(s, maxSection)
		if !r.fits(len(r.tmp)) {
			return
		}
		r.out = append(r.out, `{"type":"context","elements":[`...)
		r.mrkdwnObject(r.tmp)
	}
	r.out = append(r.out, `]}`...)
	r.end()
}

// clipped renders s into tmp, cut to max units.
func (r *renderer) clipped(s string, max int) {
	var rest string
	if r.tmp, rest = r.mrkdwn(r.tmp[:0], s, max-1, true); rest != "" {
		r.tmp = append(r.tmp, "…"...)
	}
}

const (
	maxFacts = 10
	maxField = 2000
)

// facts writes names and values side by side, ten to a section.
func (r *renderer) facts(all []bot.Fact) {
	for len(all) > 0 {
		some := all[:min(len(all), maxFacts)]
		all = all[len(some):]
		if !r.fits(60 * len(some)) {
			return
		}
		r.out = append(r.out, `{"type":"section","fields":[`...)
		for i, f := range some {
			r.out = comma(r.out, i)
			r.fact(f)
		}
		r.out = append(r.out, `]}`...)
		r.end()
	}
}

func (r *renderer) fact(f bot.Fact) {
	name, value := strings.TrimSpace(bot.Flat(f.Name)), f.Value
	if unseen(value) {
		value = "–"
	}
	if blank(name) {
		name = "–"
	}
	name = clip(name, 200)
	if lively(bot.Bold(name) + "\n" + value) {
		r.plainText(name+"\n"+r.flat(value), maxField)
		return
	}
	r.clipped(bot.Bold(name)+"\n"+value, maxField)
	r.mrkdwnObject(r.tmp)
}

func (r *renderer) list(l bot.List) {
	n := 0
	for _, item := range l.Items {
		if !unseen(item) {
			n += units(bot.Flat(item))
		}
	}
	if n == 0 || !r.fits(min(n, maxSection)) {
		return
	}
	style := "bullet"
	if l.Numbered {
		style = "ordered"
	}
	r.out = append(r.out, `{"type":"rich_text","elements":[{"type":"rich_text_list","style":"`...)
	r.out = append(r.out, style...)
	r.out = append(r.out, `","elements":[`...)
	count, budget := 0, max(r.room, 0)+min(n, maxSection)
	for _, item := range l.Items {
		if unseen(item) {
			continue
		}
		elements, rest := r.rich(r.tmp[:0], item, min(maxSection, budget))
		r.tmp = elements
		if len(elements) == 0 {
			break
		}
		r.out = comma(r.out, count)
		r.out = append(r.out, `{"type":"rich_text_section","elements":[`...)
		r.out = append(r.out, elements...)
		if rest != "" {
			r.out = append(r.out, `,{"type":"text","text":"…"}`...)
		}
		r.out = append(r.out, `]}`...)
		count++
		if budget -= units(bot.Flat(item)); budget <= 0 {
			break
		}
	}
	r.out = append(r.out, `]}]}`...)
	r.end()
}

func (r *renderer) image(i bot.Image) {
	url, ok := webAddress(i.URL)
	if !ok || !strings.HasPrefix(url, "http") {
		r.para(i.Alt)
		return
	}
	if !r.fits(0) {
		return
	}
	alt := r.flat(i.Alt)
	if blank(alt) {
		alt = "Image"
	}
	r.out = append(r.out, `{"type":"image","image_url":`...)
	r.out = appendString(r.out, url)
	r.out = append(r.out, `,"alt_text":`...)
	r.out = appendString(r.out, clip(alt, 2000))
	r.out = append(r.out, '}')
	r.end()
}

// chart is drawn by no block that all of Slack's own descriptions know; it is a list of its bars.
func (r *renderer) chart(c bot.Chart) {
	t := bot.Table{Head: []string{c.Title, c.Unit}}
	for _, b := range c.Bars {
		t.Rows = append(t.Rows, []string{b.Label, strconv.FormatFloat(b.Value, 'f', -1, 64)})
	}
	r.table(t)
}
