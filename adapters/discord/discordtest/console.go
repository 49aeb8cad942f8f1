package discordtest

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"
)

// Console drives people by lines of text, for a bot in another process:
//
//	Ada slash general candidate move candidate:"Ada Okafor" to:Onsite
//	Ada press Undo
//	Ada see general
//
// A person or channel that is named for the first time is made. "help" lists
// the words. It returns at the end of the input or at "quit".
type Console struct {
	s        *Server
	guild    *Guild
	people   map[string]*Human
	channels map[string]*Channel
	last     map[string]*Exchange
}

// NewConsole makes a console in a guild of its own. It wants a Server that
// was made without a test.
func NewConsole(s *Server, guild string) *Console {
	return &Console{s, s.Guild(guild), map[string]*Human{}, map[string]*Channel{}, map[string]*Exchange{}}
}

const consoleHelp = `NAME say CHANNEL text            NAME dm text              NAME mention CHANNEL text
NAME slash CHANNEL group verb option:"value" …          NAME suggest CHANNEL group verb option:typed
NAME press LABEL                 NAME pick "MENU" option   NAME fill LABEL = value
NAME submit                      NAME see CHANNEL|dm       NAME closedms | opendms | leave
faults · lints · commands · advance 4s · drop · reconnect · invalid true|false · close 4000 · replay FILE · interactions URL · quit
`

// Run reads lines and writes what people then see.
func (c *Console) Run(r io.Reader, w io.Writer) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "quit" {
			return nil
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fmt.Fprintln(w, strings.TrimRight(c.Do(line), "\n"))
	}
	return lines.Err()
}

// Do does one line and returns what there is to see; a person's mistake
// comes back as text.
func (c *Console) Do(line string) (out string) {
	defer func() {
		if f, ok := recover().(Failure); ok {
			out = "cannot: " + string(f)
		}
	}()
	words := splitWords(line)
	switch words[0] {
	case "help":
		return consoleHelp
	case "faults":
		return listFaults(c.s.Faults())
	case "lints":
		return listFaults(c.s.Lints())
	case "commands":
		return strings.Join(c.s.App().Commands(c.guild), "\n")
	case "interactions":
		if err := c.s.App().SetInteractionsURL(strings.Join(words[1:], "")); err != nil {
			return err.Error()
		}
		return "done"
	case "advance", "drop", "reconnect", "invalid", "close", "replay":
		return c.disturb(words)
	}
	if len(words) < 2 {
		return "help lists the words"
	}
	return c.person(words[0], words[1], words[2:])
}

func (c *Console) disturb(words []string) string {
	arg := ""
	if len(words) > 1 {
		arg = words[1]
	}
	switch words[0] {
	case "advance":
		d, err := time.ParseDuration(arg)
		if err != nil {
			return err.Error()
		}
		c.s.Advance(d)
	case "drop":
		c.s.DropGateway()
	case "reconnect":
		c.s.Reconnect()
	case "invalid":
		c.s.InvalidSession(arg == "true")
	case "close":
		c.s.CloseGateway(atoi(arg, 4000))
	case "replay":
		if _, err := c.s.Replay(arg); err != nil {
			return err.Error()
		}
	}
	return "done"
}

func (c *Console) person(name, verb string, args []string) string {
	h := c.people[name]
	if h == nil {
		h = c.guild.Member(name)
		c.people[name] = h
	}
	rest := func(n int) string { return strings.Join(args[min(n, len(args)):], " ") }
	if needsChannel[verb] && len(args) == 0 {
		return verb + " needs a channel"
	}
	switch verb {
	case "say":
		return h.Say(c.channel(h, args[0]), rest(1)).String()
	case "mention":
		return h.Mention(c.channel(h, args[0]), rest(1)).String()
	case "dm":
		return h.DM(rest(0)).String()
	case "see":
		return h.Visible(c.channel(h, args[0])).String()
	case "slash":
		command, options := splitOptions(args[1:])
		return c.told(h.Slash(c.channel(h, args[0]), command, options))
	case "suggest":
		return c.suggest(h, args)
	case "press":
		return c.told(h.Press(rest(0)))
	case "pick":
		var picked []any
		for _, a := range args[min(1, len(args)):] {
			picked = append(picked, a)
		}
		return c.told(h.Pick(strings.Join(args[:min(1, len(args))], ""), picked...))
	case "fill":
		label, value, _ := strings.Cut(rest(0), "=")
		h.Fill(map[string]any{strings.TrimSpace(label): strings.TrimSpace(value)})
		return h.Modal().String()
	case "submit":
		return c.told(h.SubmitModal())
	case "closedms":
		h.CloseDMs()
	case "opendms":
		h.OpenDMs()
	case "leave":
		h.Leave(c.guild)
	default:
		return "no such word: " + verb + "; help lists them"
	}
	return "done"
}

var needsChannel = map[string]bool{"say": true, "mention": true, "see": true, "slash": true, "suggest": true}

func (c *Console) suggest(h *Human, args []string) string {
	command, options := splitOptions(args[1:])
	var lines []string
	for option, typed := range options {
		for _, x := range h.Autocomplete(c.channel(h, args[0]), command, option, fmt.Sprint(typed)) {
			lines = append(lines, fmt.Sprintf("%s = %v", x.Name, x.Value))
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// told is what a person sees of an exchange.
func (c *Console) told(x *Exchange) string {
	if f := x.Failed(); f != "" {
		return f
	}
	x.s.mu.Lock()
	md, any := x.in.opened, x.in.original != nil
	x.s.mu.Unlock()
	switch {
	case md != nil:
		return md.view().String()
	case any:
		return x.Reply().String()
	}
	return "acknowledged"
}

func (c *Console) channel(h *Human, name string) *Channel {
	name = strings.TrimPrefix(name, "#")
	if name == "dm" {
		return h.DMs()
	}
	if c.channels[name] == nil {
		c.channels[name] = c.guild.Text(name)
	}
	return c.channels[name]
}

func listFaults(all []Fault) string {
	var lines []string
	for _, f := range all {
		lines = append(lines, f.String())
	}
	if lines == nil {
		return "none"
	}
	return strings.Join(lines, "\n")
}

// splitWords cuts a line at spaces; double quotes keep words together.
func splitWords(line string) []string {
	var words []string
	var word strings.Builder
	quoted, any := false, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted, any = !quoted, true
		case r == ' ' && !quoted:
			if any {
				words = append(words, word.String())
			}
			word.Reset()
			any = false
		default:
			word.WriteRune(r)
			any = true
		}
	}
	if any {
		words = append(words, word.String())
	}
	return words
}

// splitOptions parts "group verb a:1 b:2" into the name and the options.
func splitOptions(words []string) (string, map[string]any) {
	var name []string
	options := map[string]any{}
	for _, w := range words {
		option, value, ok := strings.Cut(w, ":")
		if !ok {
			name = append(name, w)
			continue
		}
		options[option] = value
		if value == "true" || value == "false" {
			options[option] = value == "true"
		}
	}
	return strings.Join(name, " "), options
}
