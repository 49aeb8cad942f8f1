package bot

import "time"

// Message is what a person is shown. Text alone is a whole message, and with
// Blocks it is the short form for notifications and screen readers.
type Message struct {
	Text   string
	Blocks []Block
	Public bool // the zero value is private
	// Until is when a secret in it is worth nothing any more: a network that keeps what
	// was said shows it no longer. Zero: it stays.
	Until time.Time
}

// Block is one part of a message. The set is closed: Heading, Para, Note, Facts,
// List, Table, Chart, Image, Buttons, Choices, Rule.
type Block interface{ block() }

type (
	// Heading is a title line; marks are dropped.
	Heading struct{ Text string }
	// Para is a paragraph.
	Para struct{ Text string }
	// Note is small print below what it belongs to.
	Note struct{ Text string }
	// Facts are names with short values, side by side.
	Facts struct{ Facts []Fact }
	// List is a bulleted or numbered list.
	List struct {
		Items    []string
		Numbered bool
	}
	// Table has a head and rows of equal length.
	Table struct {
		Head []string
		Rows [][]string
	}
	// Chart is a series of numbers with labels; drawn where a network can, else a table.
	Chart struct {
		Title string
		Unit  string
		Bars  []Bar
	}
	// Image is shown from a public address.
	Image struct{ URL, Alt string }
	// Buttons stand in a row.
	Buttons struct{ Buttons []Button }
	// Choices is a menu; picking an option fills Field of the act Do and does it.
	Choices struct {
		Label   string
		Options []Option
		Field   string
		Do      any
		Token   string
	}
	// Rule is a line between parts.
	Rule struct{}
)

// Fact is one name and value.
type Fact struct{ Name, Value string }

// Bar is one labelled number of a chart.
type Bar struct {
	Label string
	Value float64
}

func (Heading) block() {}
func (Para) block()    {}
func (Note) block()    {}
func (Facts) block()   {}
func (List) block()    {}
func (Table) block()   {}
func (Chart) block()   {}
func (Image) block()   {}
func (Buttons) block() {}
func (Choices) block() {}
func (Rule) block()    {}

// Style is how much a button stands out.
type Style int

const (
	Plain Style = iota
	Primary
	Danger
)

// Button carries an act: a command's argument struct, filled in as far as known.
// What is missing is asked for in a form. The kernel turns Do into Token before a
// message reaches an adapter; an adapter shows Label and sends Token back.
type Button struct {
	Label string
	Style Style
	Do    any
	URL   string // opens an address instead of acting
	Token string
	// Form asks the network to expect a form next: it must be opened before any
	// waiting. Set by the kernel.
	Form bool
}

// Option is one choice: Value is kept, Label shown, Hint explains.
type Option struct{ Value, Label, Hint string }

// Say is a private message of one text.
func Say(text string) Message { return Message{Text: text} }

// Card is a message with a short form for notifications and parts.
func Card(text string, blocks ...Block) Message { return Message{Text: text, Blocks: blocks} }
