package discord

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rapport/bot"
)

// Limits of a message: resources/message and components/reference of Discord's
// documentation.
const (
	maxContent   = 2000
	maxEmbeds    = 10
	maxEmbedText = 5800 // 6000 for all embeds of a message together, with a margin
	maxTitle     = 256
	maxDesc      = 4000 // of 4096
	maxFields    = 25
	maxFieldName = 256
	maxField     = 1024
	maxFooter    = 2000 // of 2048
	maxRows      = 5
	maxInRow     = 5
	maxLabel     = 80
	maxURL       = 512
	maxOptions   = 25
	maxOption    = 100
	maxHolder    = 150
	maxCustomID  = 100
	tokenPrefix  = 2 // what button and menu ids carry before the kernel's token
)

// Places in an embed, in the order Discord draws them. A block that belongs above
// what is already there begins a new embed.
const (
	inTitle = iota
	inDesc
	inFields
	inImage
	inFooter
)

// drawing is a message on its way to payloads: usually one, more when it is long.
type drawing struct {
	plain plainText
	done  []payload
	cur   payload
	text  int  // size of all embeds of cur
	open  bool // the last embed takes more
	slot  int  // where the last embed stands
}

// render draws m as one payload or several, to be posted in order. It loses no
// word: what is too long goes on in the next one.
func render(m bot.Message, plain plainText) []payload {
	d := &drawing{plain: plain}
	text, blocks := m.Text, m.Blocks
	if len(blocks) > 0 { // Text is the short form: say nothing twice
		switch b := blocks[0].(type) {
		case bot.Para:
			if b.Text == text {
				blocks = blocks[1:]
			}
		case bot.Heading:
			if bot.Flat(b.Text) == bot.Flat(text) {
				text, blocks = bot.Bold(bot.Flat(text)), blocks[1:]
			}
		}
	}
	for i, p := range pieces(text, maxContent) {
		if i > 0 {
			d.flush()
		}
		d.cur.Content = p
	}
	for _, b := range blocks {
		d.block(b)
	}
	d.flush()
	if len(d.done) == 0 {
		d.done = []payload{{Content: "Done."}}
	}
	users := mentioned(m)
	for i := range d.done {
		p := &d.done[i]
		p.Mentions = mentions{Parse: []string{}, Users: users}
		if p.Embeds == nil {
			p.Embeds = []embed{}
		}
		if p.Components == nil {
			p.Components = []row{}
		}
	}
	return d.done
}

func (d *drawing) flush() {
	if d.cur.Content != "" || len(d.cur.Embeds) > 0 || len(d.cur.Components) > 0 {
		d.done = append(d.done, d.cur)
	}
	d.cur, d.text, d.open = payload{}, 0, false
}

// embed gives the embed in which slot is still free, with room for n characters.
func (d *drawing) embed(slot, n int) *embed {
	if d.text+n > maxEmbedText {
		d.flush()
	}
	if !d.open || slot < d.slot {
		if len(d.cur.Embeds) == maxEmbeds {
			d.flush()
		}
		d.cur.Embeds = append(d.cur.Embeds, embed{})
	}
	d.open, d.slot = true, slot
	d.text += n
	return &d.cur.Embeds[len(d.cur.Embeds)-1]
}

func (d *drawing) block(b bot.Block) {
	switch b := b.(type) {
	case bot.Heading:
		if t := draw(bot.Flat(b.Text), maxTitle); t != "" {
			d.open = false
			d.embed(inTitle, size(t)).Title = t
			d.slot = inDesc // a second heading must not stand on this title
		}
	case bot.Para:
		d.para(b.Text)
	case bot.Note:
		d.note(b.Text)
	case bot.Facts:
		d.facts(b.Facts)
	case bot.List:
		d.list(b)
	case bot.Table:
		d.table(b)
	case bot.Chart:
		lines := []string{bot.Bold(b.Title)}
		for _, bar := range b.Bars {
			lines = append(lines, strings.TrimSpace(bar.Label+": "+number(bar.Value)+" "+b.Unit))
		}
		d.para(strings.Join(lines, "\n"))
	case bot.Image:
		if addr, ok := address(b.URL); ok {
			d.embed(inImage, 0).Image = &embedImage{URL: addr}
			d.slot = inFooter
		} else {
			d.para(b.Alt)
		}
	case bot.Buttons:
		d.buttons(b.Buttons)
	case bot.Choices:
		d.choices(b)
	case bot.Rule:
		d.open = false
	}
}

func (d *drawing) para(text string) {
	for _, p := range pieces(text, maxDesc) {
		d.describe(p, "\n\n")
	}
}

// describe adds lines that are drawn already to a description.
func (d *drawing) describe(p, gap string) {
	n := size(p) + len(gap)
	e := d.embed(inDesc, n)
	if e.Description != "" && size(e.Description)+n > maxDesc {
		d.open = false
		d.text -= n
		e = d.embed(inDesc, n)
	}
	if e.Description != "" {
		e.Description += gap
	}
	e.Description += p
}

// note is small print: a footer where it ends an embed and needs no moment of its
// reader's (footers draw nothing), else Discord's subtext.
func (d *drawing) note(text string) {
	drawn := slices.ContainsFunc(bot.Spans(text), func(s bot.Span) bool { return s.Kind != bot.SpanPlain })
	if t := flat(text, d.plain); d.open && d.slot >= inFields && d.slot < inFooter && !drawn && size(t) <= maxFooter && d.text+size(t) <= maxEmbedText {
		d.embed(inFooter, size(t)).Footer = &embedFooter{Text: t}
		return
	}
	for _, p := range pieces(text, maxDesc/2) {
		lines := strings.Split(p, "\n")
		for i, l := range lines {
			if strings.TrimSpace(l) != "" {
				lines[i] = "-# " + l
			}
		}
		d.describe(strings.Join(lines, "\n"), "\n")
	}
}

func (d *drawing) facts(list []bot.Fact) {
	for _, f := range list {
		name, value := clip(draw(f.Name, maxFieldName), maxFieldName), draw(f.Value, maxField)
		if name == "" {
			name = "–"
		}
		if value == "" {
			value = "–"
		}
		n := size(name) + size(value)
		if d.open && d.slot <= inFields && len(d.cur.Embeds) > 0 && len(d.cur.Embeds[len(d.cur.Embeds)-1].Fields) == maxFields {
			d.open = false
		}
		e := d.embed(inFields, n)
		e.Fields = append(e.Fields, embedField{Name: name, Value: value, Inline: size(value) <= 40})
	}
}

func (d *drawing) list(l bot.List) {
	for i, item := range l.Items {
		sign := "- "
		if l.Numbered {
			sign = number(float64(i+1)) + ". "
		}
		for j, p := range pieces(item, maxDesc-100) {
			if j == 0 {
				p = sign + strings.ReplaceAll(p, "\n", "\n  ")
			}
			gap := "\n"
			if i == 0 {
				gap = "\n\n"
			}
			d.describe(p, gap)
		}
	}
}

// table writes rows as lines: Discord has no tables.
func (d *drawing) table(t bot.Table) {
	var lines []string
	for _, r := range append([][]string{t.Head}, t.Rows...) {
		lines = append(lines, strings.Join(r, " · "))
	}
	d.para(strings.Join(lines, "\n"))
}

// row opens a row for buttons or a menu, in a further payload when this one is full.
func (d *drawing) row(c ...any) {
	if len(d.cur.Components) == maxRows {
		d.flush()
	}
	d.cur.Components = append(d.cur.Components, row{Kind: compRow, Components: c})
}

func (d *drawing) buttons(list []bot.Button) {
	for len(list) > 0 {
		n := min(len(list), maxInRow)
		if len(d.cur.Components) == maxRows {
			d.flush()
		}
		var out []any
		for _, b := range list[:n] {
			label := clip(flat(b.Label, d.plain), maxLabel)
			if label == "" {
				label = "Open"
			}
			x := button{Kind: compButton, Style: 2, Label: label}
			switch {
			case b.URL != "":
				addr, ok := address(b.URL)
				if !ok || utf8.RuneCountInString(addr) > maxURL {
					d.para(bot.Link(b.Label, b.URL))
					continue
				}
				x.Style, x.URL = 5, addr
			case b.Token == "" || len(b.Token) > maxCustomID-tokenPrefix:
				continue // leads nowhere
			default:
				x.CustomID = d.customID(b.Token, len(out))
				switch b.Style {
				case bot.Primary:
					x.Style = 1
				case bot.Danger:
					x.Style = 4
				}
			}
			out = append(out, x)
		}
		if len(out) > 0 {
			d.row(out...)
		}
		list = list[n:]
	}
}

const ordinals = "0123456789abcdefghijklmnopqrstuvwxyz"

// customID makes a token unique in its message, as Discord demands: two buttons
// may carry one act.
func (d *drawing) customID(token string, col int) string {
	n := len(d.cur.Components)*maxInRow + col
	return ordinals[n:n+1] + "." + token
}

// tokenOf takes off what customID put before the kernel's token.
func tokenOf(id string) string {
	if len(id) > 1 && id[1] == '.' {
		return id[tokenPrefix:]
	}
	return id
}

func (d *drawing) choices(c bot.Choices) {
	opts := menuOptions(c.Options, "", d.plain)
	if len(opts) == 0 || c.Token == "" || len(c.Token) > maxCustomID-tokenPrefix {
		return
	}
	if len(d.cur.Components) == maxRows {
		d.flush()
	}
	d.row(menu{Kind: compSelect, CustomID: d.customID(c.Token, 0), Options: opts, Placeholder: clip(flat(c.Label, d.plain), maxHolder)})
}

// menuOptions are a menu's entries; selected names the one that is chosen already.
func menuOptions(list []bot.Option, selected string, plain plainText) []menuOption {
	var out []menuOption
	seen := map[string]bool{}
	for _, o := range list {
		if o.Value == "" || utf8.RuneCountInString(o.Value) > maxOption || seen[o.Value] || len(out) == maxOptions {
			continue
		}
		seen[o.Value] = true
		label := clip(flat(o.Label, plain), maxOption)
		if label == "" {
			label = clip(o.Value, maxOption)
		}
		out = append(out, menuOption{Label: label, Value: o.Value, Description: clip(flat(o.Hint, plain), maxOption),
			Default: o.Value == selected})
	}
	return out
}

// mentioned lists the Discord accounts a message names on purpose: they alone are told.
func mentioned(m bot.Message) []string {
	var out []string
	look := func(list ...string) {
		for _, s := range list {
			for _, sp := range bot.Spans(s) {
				if id := sp.Account.ID; sp.Kind == bot.SpanMention && sp.Account.Network == Name && snowflake(id) && !slices.Contains(out, id) && len(out) < 100 {
					out = append(out, id)
				}
			}
		}
	}
	look(m.Text)
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case bot.Para:
			look(b.Text)
		case bot.List:
			look(b.Items...)
		case bot.Facts:
			for _, f := range b.Facts {
				look(f.Value)
			}
		}
	}
	return out
}
