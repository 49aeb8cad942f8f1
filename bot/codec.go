package bot

import (
	"time"

	json "github.com/go-json-experiment/json/v1"
)

// Messages are kept in the outbox and beside seen marks. One flat form serves all
// blocks, so that a stored message of an older version still reads.
type flatBlock struct {
	Kind    string       `json:"k"`
	Text    string       `json:"t,omitempty"`
	More    string       `json:"m,omitempty"`
	On      bool         `json:"o,omitempty"`
	Facts   []Fact       `json:"f,omitempty"`
	Items   []string     `json:"i,omitempty"`
	Rows    [][]string   `json:"r,omitempty"`
	Bars    []Bar        `json:"b,omitempty"`
	Buttons []flatButton `json:"u,omitempty"`
	Options []Option     `json:"c,omitempty"`
	Token   string       `json:"x,omitempty"`
}

type flatButton struct {
	Label string `json:"l"`
	Style Style  `json:"s,omitempty"`
	URL   string `json:"h,omitempty"`
	Token string `json:"x,omitempty"`
	Form  bool   `json:"f,omitempty"`
}

type flatMessage struct {
	Text   string      `json:"t,omitempty"`
	Public bool        `json:"p,omitempty"`
	Until  time.Time   `json:"u,omitzero"`
	Blocks []flatBlock `json:"b,omitempty"`
}

// MarshalJSON writes a message whose buttons already carry tokens; acts are not kept.
func (m Message) MarshalJSON() ([]byte, error) { return json.Marshal(m.flat()) }

func (m Message) flat() flatMessage {
	f := flatMessage{Text: m.Text, Public: m.Public, Until: m.Until, Blocks: make([]flatBlock, len(m.Blocks))}
	for i, b := range m.Blocks {
		f.Blocks[i] = flatten(b)
	}
	return f
}

func flatten(b Block) flatBlock {
	switch b := b.(type) {
	case Heading:
		return flatBlock{Kind: "heading", Text: b.Text}
	case Para:
		return flatBlock{Kind: "para", Text: b.Text}
	case Note:
		return flatBlock{Kind: "note", Text: b.Text}
	case Facts:
		return flatBlock{Kind: "facts", Facts: b.Facts}
	case List:
		return flatBlock{Kind: "list", Items: b.Items, On: b.Numbered}
	case Table:
		return flatBlock{Kind: "table", Items: b.Head, Rows: b.Rows}
	case Chart:
		return flatBlock{Kind: "chart", Text: b.Title, More: b.Unit, Bars: b.Bars}
	case Image:
		return flatBlock{Kind: "image", Text: b.URL, More: b.Alt}
	case Choices:
		return flatBlock{Kind: "choices", Text: b.Label, Options: b.Options, Token: b.Token}
	case Buttons:
		f := flatBlock{Kind: "buttons"}
		for _, x := range b.Buttons {
			f.Buttons = append(f.Buttons, flatButton{x.Label, x.Style, x.URL, x.Token, x.Form})
		}
		return f
	}
	return flatBlock{Kind: "rule"}
}

// UnmarshalJSON reads what MarshalJSON wrote; blocks it does not know are left out.
func (m *Message) UnmarshalJSON(raw []byte) error {
	var f flatMessage
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	*m = Message{Text: f.Text, Public: f.Public, Until: f.Until}
	for _, b := range f.Blocks {
		if x := unflatten(b); x != nil {
			m.Blocks = append(m.Blocks, x)
		}
	}
	return nil
}

func unflatten(b flatBlock) Block {
	switch b.Kind {
	case "heading":
		return Heading{b.Text}
	case "para":
		return Para{b.Text}
	case "note":
		return Note{b.Text}
	case "facts":
		return Facts{b.Facts}
	case "list":
		return List{Items: b.Items, Numbered: b.On}
	case "table":
		return Table{Head: b.Items, Rows: b.Rows}
	case "chart":
		return Chart{Title: b.Text, Unit: b.More, Bars: b.Bars}
	case "image":
		return Image{URL: b.Text, Alt: b.More}
	case "choices":
		return Choices{Label: b.Text, Options: b.Options, Token: b.Token}
	case "buttons":
		var out Buttons
		for _, x := range b.Buttons {
			out.Buttons = append(out.Buttons, Button{Label: x.Label, Style: x.Style, URL: x.URL, Token: x.Token, Form: x.Form})
		}
		return out
	case "rule":
		return Rule{}
	}
	return nil
}

// kept is what a seen mark keeps, so that a repeat is answered like the first.
type kept struct {
	By      string  `json:"y,omitempty"` // whose answer it is; nobody else reads it
	Of      string  `json:"o,omitempty"` // which event got it, where several tell of the same words
	Message Message `json:"m"`
	Beside  bool    `json:"s,omitempty"`
}

// encode writes the same as json.Marshal would, in one go: every act pays for it.
func (k kept) encode() ([]byte, error) {
	return json.Marshal(struct {
		By      string      `json:"y,omitempty"`
		Of      string      `json:"o,omitempty"`
		Message flatMessage `json:"m"`
		Beside  bool        `json:"s,omitempty"`
	}{k.By, k.Of, k.Message.flat(), k.Beside})
}

func (k *kept) decode(raw []byte) error {
	if len(raw) == 0 {
		*k = kept{Message: Message{Text: "That is done already."}}
		return nil
	}
	return json.Unmarshal(raw, k)
}

// claim reports a mark that says whose turn it is to answer, and holds no answer.
func (k kept) claim() bool { return k.Of != "" && k.Message.Text == "" && len(k.Message.Blocks) == 0 }
