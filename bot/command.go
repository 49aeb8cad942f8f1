package bot

import (
	"context"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	json "github.com/go-json-experiment/json/v1"
)

// Command declares one act: A is the struct of its arguments, whose fields carry
// tags (see fields). Declared once, it appears on every surface.
type Command[A any] struct {
	Name    string  // group and verb, "candidate move"; a single word stands alone
	Short   string  // alias, "move"
	Help    string  // one line, starts with a verb
	Example string  // the words after the slash
	Who     Role    // which kinds of people may; required
	For     Role    // whom menus and help offer it to, where that is fewer than Who; 0 = all of Who
	On      Surface // where else it is offered
	Reads   bool    // changes nothing: no audit, no confirmation, not remembered
	Title   string  // what a menu calls it, at most 24 characters
	// Confirm says what will happen, to whom, with which messages. nil, or a nil
	// Preview, means that it happens at once. A confirmed act runs only while
	// Preview.Rev is what it was; else the new preview is shown.
	Confirm func(ctx context.Context, c *Call, a A) (*Preview, error)
	// May decides about this very act after Who let the person in.
	May func(ctx context.Context, c *Call, a A) error
	// Shape may change how the form for this act looks, from what is known: fill in
	// values, offer choices, drop fields. It must not read more than one record.
	Shape func(ctx context.Context, c *Call, a A, f *Form)
	// Run reads, decides and stages. It may run again when what it read changed.
	Run func(ctx context.Context, c *Call, a A) (Reply, error)
}

// Preview is what an act would do, shown before it is done.
type Preview struct {
	Message
	Do     string // the confirming button's word: "Send", "Move 12 people"
	Danger bool
	Rev    string // what the preview was computed from; compared when confirmed
	Extra  []Button
}

// Reply answers an act.
type Reply struct {
	Message
	Undo   any         // the act that takes this one back; shown as a button for ten minutes
	Beside bool        // answer beside the message whose button was pressed, not in its place
	Next   any         // an act to do at once afterwards, in the same exchange (opens its form when incomplete)
	Refuse FieldErrors // only after a form: what to correct, in place
}

// Answer makes a reply of a message.
func Answer(m Message) Reply { return Reply{Message: m} }

// Replyf makes a reply of one sentence.
func Replyf(format string, args ...any) Reply {
	return Reply{Message: Message{Text: fmt.Sprintf(format, args...)}}
}

// field is one argument: how it is declared and where it lies in the struct.
type field struct {
	Field
	index []int
	ref   string // finder that resolves it
	word  string // natural word that may stand before it ("to")
}

// command is Command with its type erased.
type command struct {
	Declared
	offer   Role // see Command.For
	typ     reflect.Type
	fields  []*field
	confirm func(context.Context, *Call, any) (*Preview, error)
	may     func(context.Context, *Call, any) error
	shape   func(context.Context, *Call, any, *Form)
	run     func(context.Context, *Call, any) (Reply, error)
}

// Handle adds a command. It panics on a clash or a faulty declaration: wiring is
// wrong and the program must not start.
func Handle[A any](b *Bot, c Command[A]) {
	t := reflect.TypeFor[A]()
	cmd := &command{Declared: Declared{Name: c.Name, Short: c.Short, Help: c.Help, Example: c.Example, Who: c.Who,
		WhoSaid: b.WhoSaid(c.Who), On: c.On, Reads: c.Reads, Title: c.Title}, offer: c.For, typ: t}
	if c.Who == 0 || c.Run == nil || c.Name == "" || t.Kind() != reflect.Struct {
		panic("bot: command " + c.Name + " needs Name, Who, Run and a struct of arguments")
	}
	if cmd.Title == "" {
		cmd.Title = title(c.Name)
	}
	cmd.fields = fields(t)
	for _, f := range cmd.fields {
		cmd.Fields = append(cmd.Fields, f.Field)
	}
	if c.Confirm != nil {
		cmd.confirm = func(ctx context.Context, call *Call, a any) (*Preview, error) { return c.Confirm(ctx, call, a.(A)) }
	}
	if c.May != nil {
		cmd.may = func(ctx context.Context, call *Call, a any) error { return c.May(ctx, call, a.(A)) }
	}
	if c.Shape != nil {
		cmd.shape = func(ctx context.Context, call *Call, a any, f *Form) { c.Shape(ctx, call, a.(A), f) }
	}
	cmd.run = func(ctx context.Context, call *Call, a any) (Reply, error) { return c.Run(ctx, call, a.(A)) }
	b.add(cmd)
}

func (b *Bot) add(c *command) {
	names := []string{c.Name}
	if c.Short != "" {
		names = append(names, c.Short)
	}
	for _, n := range names {
		if b.byName[n] != nil {
			panic("bot: two commands are called " + n)
		}
		b.byName[n] = c
	}
	if b.byType[c.typ] != nil {
		panic("bot: " + c.Name + " and " + b.byType[c.typ].Name + " share an argument struct")
	}
	b.byType[c.typ] = c
	b.commands = append(b.commands, c)
}

// Declared lists the commands by name, hidden ones left out.
func (b *Bot) Declared() []Declared {
	var out []Declared
	for _, c := range b.commands {
		if c.On&Hidden == 0 {
			out = append(out, c.Declared)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// offered reports whether menus and help show the command to a person.
func (c *command) offered(p Person) bool {
	return c.On&Hidden == 0 && p.Is(c.Who) && (c.offer == 0 || p.Is(c.offer) || c.offer&Stranger != 0 && p.Roles == 0)
}

// title turns "candidate move" into "Move candidate".
func title(name string) string {
	g, v, ok := strings.Cut(name, " ")
	if !ok {
		v, g = g, ""
	}
	return strings.TrimSpace(strings.ToUpper(v[:1]) + v[1:] + " " + g)
}

// fields reads the tags of an argument struct, in order:
//
//	arg:"to,optional,long"   name; then optional, lead text by order, and a kind:
//	                         long choice search member number flag email date upload many hidden
//	label:"Stage"            what a form calls it
//	hint:"…"                 a line of help
//	choices:"a=Label A|b"    for choice
//	ref:"stage"              a finder resolves what was typed; implies search
//	word:"to"                natural word: "move Ada to Onsite"
//	about:"candidate"        of a field without arg: whose record it is bound to
//
// Fields without arg are not asked for and not typed: they bind an act to ids and
// revisions.
func fields(t reflect.Type) []*field {
	var out []*field
	for _, sf := range reflect.VisibleFields(t) {
		tag, ok := sf.Tag.Lookup("arg")
		if !ok || sf.Anonymous {
			continue
		}
		opts := strings.Split(tag, ",")
		if opts[0] == moreField {
			panic("bot: the name " + moreField + " is taken")
		}
		f := &field{Field: Field{Name: opts[0], Label: sf.Tag.Get("label"), Hint: sf.Tag.Get("hint"), Required: true},
			index: sf.Index, ref: sf.Tag.Get("ref"), word: sf.Tag.Get("word")}
		if f.Label == "" {
			f.Label = strings.ToUpper(f.Name[:1]) + strings.ReplaceAll(f.Name[1:], "_", " ")
		}
		if f.ref != "" {
			f.Kind = Search
		}
		switch sf.Type.Kind() {
		case reflect.Bool:
			f.Kind, f.Required = Flag, false
		case reflect.Int, reflect.Int64:
			f.Kind = Number
		case reflect.Slice:
			f.Many = true
		}
		for _, o := range opts[1:] {
			switch o {
			case "optional":
				f.Required = false
			case "long":
				f.Kind = Long
			case "choice":
				f.Kind = Choice
			case "search":
				f.Kind = Search
			case "member":
				f.Kind = Member
			case "email":
				f.Kind = Email
			case "date":
				f.Kind = Date
			case "upload":
				f.Kind = Upload
			case "many":
				f.Many = true
			default:
				panic("bot: unknown word " + o + " in the tag of " + t.Name() + "." + sf.Name)
			}
		}
		if ch := sf.Tag.Get("choices"); ch != "" {
			f.Kind = Choice
			for _, c := range strings.Split(ch, "|") {
				v, l, ok := strings.Cut(c, "=")
				if !ok {
					l = strings.ToUpper(v[:1]) + v[1:]
				}
				f.Options = append(f.Options, Option{Value: v, Label: l})
			}
		}
		out = append(out, f)
	}
	return out
}

// set puts typed or picked text into a field of the struct v.
func (f *field) set(v reflect.Value, text string) *Fault {
	dst := v.FieldByIndex(f.index)
	switch dst.Kind() {
	case reflect.String:
		dst.SetString(text)
	case reflect.Bool:
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true", "yes", "y", "1", "on", "ja", "sí", "si":
			dst.SetBool(true)
		case "", "false", "no", "n", "0", "off", "nein":
			dst.SetBool(false)
		default:
			return Faultf(Invalid, "%s: answer yes or no.", Bold(f.Label)).In(f.Name)
		}
	case reflect.Int, reflect.Int64:
		if strings.TrimSpace(text) == "" {
			dst.SetInt(0)
			return nil
		}
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return Faultf(Invalid, "%s takes a whole number, such as 3.", Bold(f.Label)).In(f.Name)
		}
		dst.SetInt(n)
	case reflect.Slice:
		var list []string
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' && f.Kind != Long }) {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		dst.Set(reflect.ValueOf(list))
	}
	return nil
}

// get reads a field as text.
func (f *field) get(v reflect.Value) string {
	src := v.FieldByIndex(f.index)
	switch src.Kind() {
	case reflect.String:
		return src.String()
	case reflect.Bool:
		if src.Bool() {
			return "true"
		}
	case reflect.Int, reflect.Int64:
		if src.Int() != 0 {
			return strconv.FormatInt(src.Int(), 10)
		}
	case reflect.Slice:
		list, _ := src.Interface().([]string)
		return strings.Join(list, "\n")
	}
	return ""
}

// missing lists the required fields that are still empty.
func (c *command) missing(act any) []*field {
	v := reflect.ValueOf(act)
	var out []*field
	for _, f := range c.fields {
		if f.Required && f.get(v) == "" && f.Kind != Flag {
			out = append(out, f)
		}
	}
	return out
}

func (c *command) field(name string) (*field, bool) {
	for _, f := range c.fields {
		if f.Name == name {
			return f, true
		}
	}
	return nil, false
}

// encode and decode turn an act into what a token or a timer carries.
func (b *Bot) encode(act any) (name string, raw []byte, err error) {
	c := b.byType[reflect.TypeOf(act)]
	if c == nil {
		return "", nil, fmt.Errorf("no command takes %T", act)
	}
	raw, err = jsonv2.Marshal(act, withoutEmpty)
	return c.Name, raw, err
}

// withoutEmpty leaves empty arguments out: a button has little room.
var withoutEmpty = jsonv2.JoinOptions(json.DefaultOptionsV1(), jsonv2.OmitZeroStructFields(true))

func (c *command) decode(raw []byte) (any, error) {
	p := reflect.New(c.typ)
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, p.Interface()); err != nil {
			return nil, fmt.Errorf("act %s: %w", c.Name, err)
		}
	}
	return p.Elem().Interface(), nil
}
