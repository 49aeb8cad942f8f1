package bot

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Fit lowers a message to what a network can show: too long is cut or split, what
// it cannot draw becomes words. Nothing is dropped silently. The result is one
// message or several, to be shown in order.
func Fit(m Message, a Abilities) []Message {
	m.Text = clipMarked(m.Text, a.Text)
	if len(m.Blocks) == 0 {
		if m.Text == "" {
			m.Text = "Done."
		}
		return []Message{m}
	}
	var parts []Block
	buttons := 0
	for _, b := range m.Blocks {
		if t, ok := b.(Table); ok && a.Tables > 0 && fits(t, a) {
			parts = append(parts, t)
			continue
		}
		for _, p := range lower(b, a) {
			if x, ok := p.(Buttons); ok && a.ButtonsAll > 0 {
				if free := a.ButtonsAll - buttons; len(x.Buttons) > free {
					x.Buttons = x.Buttons[:max(free, 0)]
				}
				if buttons += len(x.Buttons); len(x.Buttons) == 0 {
					continue
				}
				p = x
			}
			parts = append(parts, p)
		}
	}
	if m.Text == "" {
		m.Text = clipMarked(brief(parts), min(a.Text, 300))
	}
	var out []Message
	for {
		cut := holds(parts, a)
		if cut >= len(parts) {
			break
		}
		out = append(out, Message{Text: m.Text, Public: m.Public, Until: m.Until, Blocks: parts[:cut]})
		parts = parts[cut:]
	}
	return append(out, Message{Text: m.Text, Public: m.Public, Until: m.Until, Blocks: parts})
}

// holds is how many of the parts one message takes: as many as its blocks and its
// tables allow; small print and buttons stay with what they belong to, and a
// table with the words above it.
func holds(parts []Block, a Abilities) int {
	limit := a.Blocks
	if limit <= 0 {
		limit = 10
	}
	tables := 0
	for i, p := range parts {
		if _, ok := p.(Table); ok {
			if tables++; tables > max(a.Tables, 1) {
				if _, above := parts[i-1].(Para); above && i > 1 {
					i--
				}
				return min(i, limit)
			}
		}
	}
	if len(parts) <= limit {
		return len(parts)
	}
	cut := limit
	for cut > limit/2 && clings(parts[cut]) {
		cut--
	}
	return cut
}

func clings(b Block) bool {
	switch b.(type) {
	case Note, Buttons, Choices:
		return true
	}
	return false
}

func fits(t Table, a Abilities) bool {
	if len(t.Rows)+1 > a.TableRows || len(t.Head) > a.TableCols {
		return false
	}
	n := 0
	for _, r := range append([][]string{t.Head}, t.Rows...) {
		for _, c := range r {
			n += utf8.RuneCountInString(c)
		}
	}
	return n <= a.TableChars
}

// brief is the short form of a card: its heading or first words.
func brief(parts []Block) string {
	for _, p := range parts {
		switch p := p.(type) {
		case Heading:
			return Flat(p.Text)
		case Para:
			return p.Text
		}
	}
	return "A message from Rapport"
}

func lower(b Block, a Abilities) []Block {
	switch b := b.(type) {
	case Heading:
		if b.Text = strings.TrimSpace(Flat(b.Text)); b.Text == "" {
			return nil
		}
		if a.Heading == 0 {
			return []Block{Para{Bold(b.Text)}}
		}
		b.Text = Clip(b.Text, a.Heading)
		return []Block{b}
	case Para:
		var out []Block
		for _, piece := range cut(b.Text, a.Para) {
			out = append(out, Para{piece})
		}
		return out
	case Note:
		if a.Note == 0 {
			return lower(Para(b), a)
		}
		var out []Block
		for _, piece := range cut(b.Text, a.Note) {
			out = append(out, Note{piece})
		}
		return out
	case Facts:
		return lowerFacts(b, a)
	case List:
		var lines []string
		for i, item := range b.Items {
			if b.Numbered {
				lines = append(lines, fmt.Sprintf("%d. %s", i+1, item))
			} else {
				lines = append(lines, "• "+item)
			}
		}
		return lower(Para{strings.Join(lines, "\n")}, a)
	case Table:
		return lowerTable(b, a)
	case Chart:
		if a.Charts > 0 {
			return []Block{b}
		}
		t := Table{Head: []string{"", b.Unit}}
		for _, bar := range b.Bars {
			t.Rows = append(t.Rows, []string{bar.Label, fmt.Sprintf("%g", bar.Value)})
		}
		return append(lower(Para{Bold(b.Title)}, a), lowerTable(t, a)...)
	case Image:
		if a.Images {
			return []Block{b}
		}
		return lower(Para{Link(b.Alt, b.URL)}, a)
	case Buttons:
		return lowerButtons(b, a)
	case Choices:
		if b.Label == "" {
			b.Label = "Choose…"
		}
		if len(b.Options) == 0 {
			return nil
		}
		b.Options = FitOptions(b.Options, a, a.Options)
		return []Block{b}
	}
	return []Block{b}
}

// FitOptions cuts a list of options to what a menu can hold.
func FitOptions(list []Option, a Abilities, most int) []Option {
	if most > 0 && len(list) > most {
		list = list[:most]
	}
	out := make([]Option, 0, len(list))
	for _, o := range list {
		if o.Label = strings.TrimSpace(Flat(o.Label)); o.Label == "" {
			o.Label = o.Value
		}
		o.Label, o.Hint = Clip(o.Label, a.OptionText), Clip(Flat(o.Hint), a.OptionHint)
		if a.OptionHint == 0 {
			o.Hint = ""
		}
		out = append(out, o)
	}
	return out
}

func lowerFacts(b Facts, a Abilities) []Block {
	var kept []Fact
	for _, f := range b.Facts {
		if strings.TrimSpace(f.Value) == "" {
			f.Value = "–"
		}
		kept = append(kept, f)
	}
	if a.Facts == 0 {
		var lines []string
		for _, f := range kept {
			lines = append(lines, Bold(f.Name)+": "+f.Value)
		}
		return lower(Para{strings.Join(lines, "\n")}, a)
	}
	var out []Block
	for len(kept) > 0 {
		n := min(len(kept), a.Facts)
		part := make([]Fact, n)
		for i, f := range kept[:n] {
			part[i] = Fact{Clip(f.Name, a.FactName), clipMarked(f.Value, a.FactValue)}
		}
		out = append(out, Facts{part})
		kept = kept[n:]
	}
	return out
}

func lowerTable(t Table, a Abilities) []Block {
	var lines []string
	for _, r := range t.Rows {
		var cells []string
		for i, c := range r {
			if c == "" {
				continue
			}
			if i > 0 && i < len(t.Head) && t.Head[i] != "" {
				c = t.Head[i] + ": " + c
			} else if i == 0 && Flat(c) == c { // a moment or a mention stays one
				c = Bold(c)
			}
			cells = append(cells, c)
		}
		lines = append(lines, strings.Join(cells, " · "))
	}
	return lower(Para{strings.Join(lines, "\n")}, a)
}

func lowerButtons(b Buttons, a Abilities) []Block {
	var out []Block
	row := a.ButtonRow
	if row <= 0 {
		row = 5
	}
	list := b.Buttons
	for len(list) > 0 {
		n := min(len(list), row)
		part := make([]Button, n)
		for i, x := range list[:n] {
			if x.Label = strings.TrimSpace(Flat(x.Label)); x.Label == "" {
				x.Label = "Open"
			}
			x.Label = Clip(x.Label, a.Label)
			part[i] = x
		}
		out = append(out, Buttons{part})
		list = list[n:]
	}
	return out
}

// cut splits text at line ends, then at spaces, into pieces of at most n
// characters, never inside a mark.
func cut(text string, n int) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if n <= 0 || utf8.RuneCountInString(text) <= n {
		return []string{text}
	}
	var out []string
	var cur strings.Builder
	size := 0
	flush := func() {
		if s := strings.Trim(cur.String(), "\n"); strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
		cur.Reset()
		size = 0
	}
	for _, atom := range atoms(text, n) {
		k := utf8.RuneCountInString(atom)
		if size+k > n {
			flush()
		}
		cur.WriteString(atom)
		size += k
	}
	flush()
	return out
}

// atoms cuts text into what must stay whole: lines where they are short enough,
// else words and marks.
func atoms(text string, n int) []string {
	var out []string
	for _, line := range strings.SplitAfter(text, "\n") {
		if utf8.RuneCountInString(line) <= n {
			out = append(out, line)
			continue
		}
		for rest := line; rest != ""; {
			end := len(rest)
			if rest[0] == markOpen {
				if j := strings.IndexByte(rest, markClose); j > 0 {
					end = j + 1
				}
			} else {
				if j := strings.IndexByte(rest, ' '); j >= 0 {
					end = j + 1
				}
				if j := strings.IndexByte(rest, markOpen); j > 0 && j < end {
					end = j
				}
			}
			piece := rest[:end]
			rest = rest[end:]
			if utf8.RuneCountInString(piece) > n {
				piece = Flat(piece)
			}
			for utf8.RuneCountInString(piece) > n {
				i, k := 0, 0
				for i = range piece {
					if k == n {
						break
					}
					k++
				}
				out, piece = append(out, piece[:i]), piece[i:]
			}
			out = append(out, piece)
		}
	}
	return out
}

// clipMarked shortens a text with marks; one too long loses its marks.
func clipMarked(s string, n int) string {
	if n <= 0 || utf8.RuneCountInString(s) <= n {
		return s
	}
	return Clip(Flat(s), n)
}
