package slack

import (
	"bytes"
	"strings"
	"sync"

	"rapport/bot"
)

// surface is where blocks are shown.
type surface int

const (
	inMessage surface = iota
	inHome
	inModal
)

// card is a rendered message: its text for notifications and screen readers, and its blocks.
type card struct {
	text   string   // escaped; never empty
	plain  bool     // the text must not be read as mrkdwn
	blocks [][]byte // JSON of each block; none for a message of text alone
}

// renderer builds blocks into one buffer.
type renderer struct {
	speech
	where  surface
	out    []byte
	ends   []int // where each block ends
	tmp    []byte
	text   []byte
	body   []byte
	room   int // units of text left before Slack refuses the whole message
	max    int // most blocks
	tables int
	menus  int
	full   bool
}

var renderers = sync.Pool{New: func() any { return new(renderer) }}

const (
	maxSection = 3000
	maxText    = 4000 // advised for text; longer is moved into blocks
	// maxAll keeps a message below what Slack refuses as msg_blocks_too_long, a bound it does not
	// publish.
	maxAll = 12000
	// maxView keeps Homes and modals below 250 kB.
	maxView = 60000
)

func (s *Slack) renderer(team string, where surface) *renderer {
	r := renderers.Get().(*renderer)
	*r = renderer{
		speech: speech{team: team, say: s.host.Say}, where: where,
		out: r.out[:0], ends: r.ends[:0], tmp: r.tmp[:0], text: r.text[:0], body: r.body[:0], room: maxAll, max: 50,
	}
	if where != inMessage {
		r.max, r.room = 100, maxView
	}
	return r
}

func (r *renderer) free() { renderers.Put(r) }

// render makes a card that may be kept.
func (s *Slack) render(team string, m bot.Message, where surface) card {
	r := s.renderer(team, where)
	defer r.free()
	plain := r.message(m)
	return card{text: string(r.text), plain: plain, blocks: r.blocks()}
}

// blocks are the rendered blocks, copied out of the buffer.
func (r *renderer) blocks() [][]byte {
	if len(r.ends) == 0 {
		return nil
	}
	out, kept, start := make([][]byte, 0, len(r.ends)), append([]byte(nil), r.out...), 0
	for _, end := range r.ends {
		out = append(out, kept[start:end:end])
		start = end
	}
	return out
}

// message renders m: blocks into the buffer, the text into text. plain says that the text must
// not be read as mrkdwn.
func (r *renderer) message(m bot.Message) (plain bool) {
	for _, b := range m.Blocks {
		r.block(b)
	}
	short := m.Text
	if unseen(short) {
		short = firstWords(m.Blocks)
	}
	if unseen(short) {
		short = "(nothing to show)"
	}
	alone := len(r.ends) == 0
	plain = lively(short)
	var rest string
	r.text, rest = r.mrkdwn(r.text[:0], short, maxText-1, alone && !plain)
	if alone && (plain || rest != "" || r.where != inMessage) {
		r.para(short)
		r.text, rest = r.mrkdwn(r.text[:0], short, maxText-1, false)
	}
	if rest != "" {
		r.text = append(bytes.TrimRight(r.text, " \n"), "…"...)
	}
	return plain
}

// firstWords is the short form of a message that came without one.
func firstWords(blocks []bot.Block) string {
	for _, b := range blocks {
		var s string
		switch b := b.(type) {
		case bot.Heading:
			s = b.Text
		case bot.Para:
			s = b.Text
		case bot.Note:
			s = b.Text
		case bot.Image:
			s = b.Alt
		case bot.Chart:
			s = b.Title
		case bot.List:
			s = strings.Join(b.Items, ", ")
		case bot.Choices:
			s = b.Label
		}
		if !unseen(s) {
			return s
		}
	}
	return ""
}

// end closes the block that was written since the last one.
func (r *renderer) end() { r.ends = append(r.ends, len(r.out)) }

// fits reports whether another block of n units may be written. parts keeps messages below the
// limits; where one block alone is beyond them, the last place says that something is missing.
func (r *renderer) fits(n int) bool {
	if r.full {
		return false
	}
	if len(r.ends) < r.max && r.room >= n {
		r.room -= n
		return true
	}
	r.full = true
	if len(r.ends) == r.max {
		r.ends = r.ends[:r.max-1]
		r.out = r.out[:r.ends[r.max-2]]
	}
	r.out = append(r.out, `{"type":"context","elements":[{"type":"plain_text","text":"There is more than fits into one message.","emoji":false}]}`...)
	r.end()
	return false
}

func (r *renderer) block(b bot.Block) {
	switch b := b.(type) {
	case bot.Heading:
		r.heading(b)
	case bot.Para:
		r.para(b.Text)
	case bot.Note:
		r.note(b.Text)
	case bot.Facts:
		r.facts(b.Facts)
	case bot.List:
		r.list(b)
	case bot.Table:
		r.table(b)
	case bot.Chart:
		r.chart(b)
	case bot.Image:
		r.image(b)
	case bot.Buttons:
		r.buttons(b.Buttons)
	case bot.Choices:
		r.choices(b)
	case bot.Rule:
		if r.fits(0) {
			r.out = append(r.out, `{"type":"divider"}`...)
			r.end()
		}
	}
}

// plainText writes a plain_text object. Emoji names in it stay words.
func (r *renderer) plainText(s string, max int) {
	r.out = append(r.out, `{"type":"plain_text","text":`...)
	r.out = appendString(r.out, clip(s, max))
	r.out = append(r.out, `,"emoji":false}`...)
}
