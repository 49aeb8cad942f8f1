package discordtest

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"
)

// offered are the commands the client shows in a guild or, with nil, in the
// DM with the app. A guild's command hides the global one of its name.
func (s *Server) offered(g *Guild) []*command {
	var all []*command
	here := 1
	if g != nil {
		here = 0
		all = append(all, g.commands...)
	}
	for _, c := range s.app.commands {
		contexts := list(c.body, "contexts")
		fits := len(contexts) == 0 && (g != nil || c.body["dm_permission"] != false)
		for _, x := range contexts {
			fits = fits || idOf(x) == itoa(here)
		}
		for _, own := range all {
			fits = fits && !(own.kind == c.kind && own.name == c.name)
		}
		if fits {
			all = append(all, c)
		}
	}
	return all
}

// branch is a command a person can call: the command, the way to it, and the
// options it takes.
type branch struct {
	command *command
	path    []obj // group and subcommand
	options []obj
}

func (b branch) name() string {
	n := b.command.name
	for _, p := range b.path {
		n += " " + str(p, "name")
	}
	return n
}

// branches are all that can be called of a command: itself if it has no
// subcommands, else each of them.
func branches(c *command) []branch {
	var all []branch
	var descend func(path []obj, options []obj)
	descend = func(path []obj, options []obj) {
		if len(options) == 0 || integer(options[0], "type", 0) > optGroup {
			all = append(all, branch{c, path, options})
			return
		}
		for _, o := range options {
			descend(append(path[:len(path):len(path)], o), objects(list(o, "options")))
		}
	}
	descend(nil, objects(list(c.body, "options")))
	return all
}

func fullNames(c *command) []string {
	var all []string
	for _, b := range branches(c) {
		all = append(all, b.name())
	}
	return all
}

// lookUp finds a command by what a person types after the slash. The lock is
// held; an error says what the client would.
func (h *Human) lookUp(c *Channel, name string) (branch, string) {
	name = strings.TrimPrefix(strings.TrimSpace(name), "/")
	var known []string
	for _, cmd := range h.s.offered(c.guild) {
		if cmd.kind != cmdSlash {
			continue
		}
		for _, b := range branches(cmd) {
			if b.name() != name {
				known = append(known, b.name())
				continue
			}
			if !h.s.permitted(h.user, c, cmd) {
				return b, h.user.Name + " may not use /" + name + " here"
			}
			return b, ""
		}
	}
	sort.Strings(known)
	return branch{}, "the client knows no /" + name + " in " + c.String() + "; it knows: " + strings.Join(known, ", ")
}

// permitted applies default_member_permissions.
func (s *Server) permitted(u *User, c *Channel, cmd *command) bool {
	if c.guild == nil {
		return true
	}
	have := s.permissions(u, c)
	text := idOf(cmd.body["default_member_permissions"])
	if text == "" {
		return have&UseCommands != 0
	}
	need, _ := strconv.ParseUint(text, 10, 64)
	if have&Administrator != 0 {
		return true
	}
	return need != 0 && have&need == need
}

// Slash runs a command as typed: "candidate move" with its options by name.
// A user, channel or role option takes a *Human, *Channel or *Role, an
// attachment a File; one with choices takes a choice's name or value. It
// returns when the app has answered or the client has given up.
func (h *Human) Slash(c *Channel, name string, options map[string]any) *Exchange {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	h.s.mu.Lock()
	b, problem := h.lookUp(c, name)
	if problem == "" && h.s.permissions(h.user, c)&ViewChannel == 0 {
		problem = h.user.Name + " cannot see " + c.String()
	}
	var data obj
	if problem == "" {
		data, problem = h.fillIn(b, c, options, "")
	}
	if problem != "" {
		h.s.mu.Unlock()
		h.fail("/%s: %s", name, problem)
		return nil
	}
	in := &interaction{kind: interCommand, user: h, ch: c, name: "/" + b.name(), command: b.command, data: data}
	return h.start(in)
}

// start sends an interaction and waits for the first answer. The lock is
// held, and let go.
func (h *Human) start(in *interaction) *Exchange {
	if !h.reaches(in.ch) {
		h.s.mu.Unlock()
		h.fail("%s cannot see %s", h.user.Name, in.ch)
		return nil
	}
	h.ch = in.ch
	h.s.begin(in)
	h.s.mu.Unlock()
	x := &Exchange{s: h.s, in: in, by: h}
	h.s.await(answerWithin+h.s.opt.Patience, func() bool { return in.acked || in.failed != "" })
	return x
}

// fillIn makes the data of a command from what a person typed. focused names
// the option being autocompleted, whose text is taken as it is.
func (h *Human) fillIn(b branch, c *Channel, typed map[string]any, focused string) (obj, string) {
	resolved := obj{}
	values := []any{}
	left := map[string]any{}
	for k, v := range typed {
		left[k] = v
	}
	for _, o := range b.options {
		name := str(o, "name")
		v, given := left[name]
		delete(left, name)
		switch {
		case !given && truth(o, "required") && focused == "":
			return nil, "the required option " + name + " is missing"
		case !given:
			continue
		case name == focused:
			values = append(values, obj{"name": name, "type": integer(o, "type", 0), "value": v, "focused": true})
			continue
		}
		value, problem := h.value(o, v, c, resolved)
		if problem != "" {
			return nil, problem
		}
		values = append(values, obj{"name": name, "type": integer(o, "type", 0), "value": value})
	}
	for name := range left {
		return nil, "there is no option " + name
	}
	for i := len(b.path) - 1; i >= 0; i-- {
		values = []any{obj{"name": str(b.path[i], "name"), "type": integer(b.path[i], "type", 0), "options": values}}
	}
	data := obj{"id": b.command.id, "name": b.command.name, "type": b.command.kind}
	if b.command.guild != nil {
		data["guild_id"] = b.command.guild.ID
	}
	if len(values) > 0 {
		data["options"] = values
	}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return data, ""
}

// Choice is one suggestion.
type Choice struct {
	Name  string
	Value any
}

// Autocomplete types into an option that suggests and returns what appears.
// others are the options already filled in.
func (h *Human) Autocomplete(c *Channel, name, option, typed string, others ...map[string]any) []Choice {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	h.s.mu.Lock()
	b, problem := h.lookUp(c, name)
	var def obj
	for _, o := range b.options {
		if str(o, "name") == option {
			def = o
		}
	}
	switch {
	case problem != "":
	case def == nil:
		problem = "there is no option " + option
	case !truth(def, "autocomplete"):
		problem = "the option " + option + " suggests nothing"
	}
	filled := map[string]any{option: typed}
	for _, o := range others {
		for k, v := range o {
			filled[k] = v
		}
	}
	var data obj
	if problem == "" {
		data, problem = h.fillIn(b, c, filled, option)
	}
	if problem != "" {
		h.s.mu.Unlock()
		h.fail("/%s: %s", name, problem)
		return nil
	}
	x := h.start(&interaction{kind: interAutocomplete, user: h, ch: c, name: "suggestions for " + option + " of /" + b.name(),
		command: b.command, data: data, option: def})
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return append([]Choice(nil), x.in.choices...)
}

// UserCommand runs a command from a person's context menu.
func (h *Human) UserCommand(c *Channel, name string, target *Human) *Exchange {
	h.s.mu.Lock()
	resolved := obj{}
	h.resolveUser(target.user, c, resolved)
	return h.menu(c, cmdUser, name, target.user.ID, resolved)
}

// MessageCommand runs a command from a message's context menu.
func (h *Human) MessageCommand(name string, target Message) *Exchange {
	h.s.mu.Lock()
	m := target.Channel.find(target.ID)
	if m == nil {
		h.s.mu.Unlock()
		h.fail("the message %q is gone", target.Text)
		return nil
	}
	return h.menu(target.Channel, cmdMessage, name, target.ID, obj{"messages": obj{target.ID: h.s.messageJSON(m)}})
}

// menu runs a context command. The lock is held, and let go.
func (h *Human) menu(c *Channel, kind int, name, target string, resolved obj) *Exchange {
	for _, cmd := range h.s.offered(c.guild) {
		if cmd.kind != kind || cmd.name != name || !h.s.permitted(h.user, c, cmd) {
			continue
		}
		data := obj{"id": cmd.id, "name": cmd.name, "type": kind, "target_id": target, "resolved": resolved}
		if cmd.guild != nil {
			data["guild_id"] = cmd.guild.ID
		}
		return h.start(&interaction{kind: interCommand, user: h, ch: c, name: "menu " + name, command: cmd, data: data})
	}
	h.s.mu.Unlock()
	h.fail("the client offers no context command %q to %s in %s", name, h.user.Name, c)
	return nil
}

// jsonNumber is a JSON number, so that large integers keep their digits.
func jsonNumber(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }
