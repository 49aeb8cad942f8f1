package slack

import (
	"strings"
	"unicode/utf8"

	"rapport/bot"
)

const (
	tableRows  = 100
	tableCols  = 20
	tableChars = 10000
)

// table writes a table block; where there is one already, where it is too large, and outside of
// messages, its rows become lines.
func (r *renderer) table(t bot.Table) {
	if len(t.Rows) == 0 && len(t.Head) == 0 {
		return
	}
	if r.where != inMessage || r.tables > 0 || !tabular(t) {
		r.rows(t)
		return
	}
	if !r.fits(0) {
		return
	}
	r.tables++
	r.out = append(r.out, `{"type":"table","rows":[`...)
	n := 0
	if len(t.Head) > 0 {
		r.row(t.Head, len(t.Head), true)
		n++
	}
	for _, row := range t.Rows {
		r.out = comma(r.out, n)
		r.row(row, columns(t), false)
		n++
	}
	r.out = append(r.out, `]}`...)
	r.end()
}

func columns(t bot.Table) int {
	n := len(t.Head)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	return n
}

func tabular(t bot.Table) bool {
	rows, cols, chars := len(t.Rows), columns(t), 0
	if len(t.Head) > 0 {
		rows++
		if len(t.Head) != cols {
			return false
		}
	}
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		for _, cell := range row {
			chars += utf8.RuneCountInString(cell) + 1
		}
	}
	return rows <= tableRows && cols > 0 && cols <= tableCols && chars <= tableChars
}

func (r *renderer) row(cells []string, cols int, head bool) {
	r.out = append(r.out, '[')
	for i := range cols {
		r.out = comma(r.out, i)
		cell := ""
		if i < len(cells) {
			cell = cells[i]
		}
		r.cell(cell, head)
	}
	r.out = append(r.out, ']')
}

// cell is raw text unless something in it is marked; a table's empty cell still has a character.
func (r *renderer) cell(s string, head bool) {
	if unseen(s) {
		s = "–"
	}
	if head {
		s = bot.Bold(r.flat(s))
	}
	if strings.IndexByte(s, '\x01') < 0 {
		r.out = append(r.out, `{"type":"raw_text","text":`...)
		r.out = appendString(r.out, s)
		r.out = append(r.out, '}')
		return
	}
	elements, _ := r.rich(r.tmp[:0], s, maxSection)
	r.tmp = elements
	r.out = append(r.out, `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[`...)
	r.out = append(r.out, elements...)
	r.out = append(r.out, `]}]}`...)
}

// rows writes a table as lines.
func (r *renderer) rows(t bot.Table) {
	var b strings.Builder
	if len(t.Head) > 0 {
		b.WriteString(bot.Bold(strings.Join(filled(t.Head), " · ")))
	}
	for _, row := range t.Rows {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Join(filled(row), " · "))
	}
	r.para(b.String())
}

func filled(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		if out[i] = c; unseen(c) {
			out[i] = "–"
		}
	}
	return out
}
