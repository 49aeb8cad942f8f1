package discordtest

import (
	"time"
)

// command is one registered application command.
type command struct {
	id, version string
	guild       *Guild // nil is global
	kind        int
	name        string
	body        obj // as registered, without nulls
}

// scope is where a command call writes: everywhere, or one guild.
type scope struct {
	guild    *Guild
	commands *[]*command
	creates  *[]time.Time
	writes   *int
}

func (r *request) scope() (scope, *apiError) {
	a := r.s.app
	if r.vars["application_id"] != a.ID {
		return scope{}, errAccess()
	}
	id, inGuild := r.vars["guild_id"]
	if !inGuild {
		return scope{nil, &a.commands, &a.creates, &a.writes}, nil
	}
	g := r.s.guild(id)
	if g == nil || g.gone {
		return scope{}, errAccess()
	}
	return scope{g, &g.commands, &g.creates, &g.writes}, nil
}

func (sc scope) find(id string) *command {
	for _, c := range *sc.commands {
		if c.id == id {
			return c
		}
	}
	return nil
}

func (sc scope) named(kind int, name string) *command {
	for _, c := range *sc.commands {
		if c.kind == kind && c.name == name {
			return c
		}
	}
	return nil
}

// spend counts new commands against the day's allowance.
func (sc scope) spend(now time.Time, n int) *apiError {
	var today []time.Time
	for _, t := range *sc.creates {
		if now.Sub(t) < 24*time.Hour {
			today = append(today, t)
		}
	}
	if len(today)+n > createsPerDay {
		return &apiError{status: 429, code: 30034, message: "Max number of daily application command creates has been reached (200)",
			extra: obj{"retry_after": 3600}}
	}
	for range n {
		today = append(today, now)
	}
	*sc.creates = today
	return nil
}

func (s *Server) commandJSON(c *command) obj {
	o := clone(c.body).(obj)
	o["id"], o["application_id"], o["version"], o["type"] = c.id, s.app.ID, c.version, c.kind
	if str(o, "description") == "" {
		o["description"] = ""
	}
	for k, v := range map[string]any{"default_member_permissions": nil, "contexts": nil, "nsfw": false,
		"integration_types": []any{0}, "dm_permission": true} {
		if _, ok := o[k]; !ok {
			o[k] = v
		}
	}
	if p := idOf(o["default_member_permissions"]); p != "" {
		o["default_member_permissions"] = p
	}
	if c.guild != nil {
		o["guild_id"] = c.guild.ID
		delete(o, "dm_permission")
	}
	return o
}

func (s *Server) newCommand(sc scope, o obj) *command {
	body := withoutNulls(clone(o)).(obj)
	for _, own := range []string{"id", "application_id", "version", "guild_id"} {
		delete(body, own)
	}
	return &command{id: s.newID(), version: s.newID(), guild: sc.guild, kind: integer(o, "type", cmdSlash), name: str(o, "name"), body: body}
}

// withoutNulls drops null and empty members, which mean the same as absent.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case obj:
		for k, x := range v {
			if x == nil || isEmptyList(x) {
				delete(v, k)
				continue
			}
			v[k] = withoutNulls(x)
		}
	case []any:
		for i, x := range v {
			v[i] = withoutNulls(x)
		}
	}
	return v
}

func isEmptyList(v any) bool { l, ok := v.([]any); return ok && len(l) == 0 }

func (r *request) commands() (int, any, *apiError) {
	sc, e := r.scope()
	if e != nil {
		return 0, nil, e
	}
	return 200, r.s.commandList(sc), nil
}

func (s *Server) commandList(sc scope) []any {
	all := []any{}
	for _, c := range *sc.commands {
		all = append(all, s.commandJSON(c))
	}
	return all
}

// overwriteCommands replaces every command of the scope, of all types.
func (r *request) overwriteCommands() (int, any, *apiError) {
	sc, e := r.scope()
	if e != nil {
		return 0, nil, e
	}
	all, _ := r.body.([]any)
	var f form
	count, names := map[int]int{}, map[string]bool{}
	for i, o := range objects(all) {
		checkCommand(o, itoa(i)+".", &f)
		kind := integer(o, "type", cmdSlash)
		count[kind]++
		if key := itoa(kind) + " " + str(o, "name"); names[key] {
			f.add(itoa(i)+".name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		} else {
			names[key] = true
		}
	}
	if e := f.err(); e != nil {
		return 0, nil, e
	}
	for kind, n := range count {
		if n > commandLimits[kind] {
			return 0, nil, refusal(400, 30032, "Maximum number of application commands reached ("+itoa(commandLimits[kind])+")")
		}
	}
	var next []*command
	fresh, same := 0, len(all) == len(*sc.commands)
	for _, o := range objects(all) {
		c := r.s.newCommand(sc, o)
		if old := sc.named(c.kind, c.name); old != nil {
			c.id = old.id
			if compact(old.body) == compact(c.body) {
				c.version = old.version
			} else {
				same = false
			}
		} else {
			fresh++
		}
		next = append(next, c)
	}
	if e := sc.spend(r.s.now(), fresh); e != nil {
		return 0, nil, e
	}
	if same && fresh == 0 && *sc.writes > 0 {
		r.s.lint(r.where(), "commands registered again without a change")
	}
	*sc.writes++
	*sc.commands = next
	return 200, r.s.commandList(sc), nil
}

func (r *request) createCommand() (int, any, *apiError) {
	sc, e := r.scope()
	if e != nil {
		return 0, nil, e
	}
	var f form
	checkCommand(r.obj(), "", &f)
	if e := f.err(); e != nil {
		return 0, nil, e
	}
	*sc.writes++
	c := r.s.newCommand(sc, r.obj())
	if old := sc.named(c.kind, c.name); old != nil {
		old.body, old.version = c.body, c.version
		return 200, r.s.commandJSON(old), nil
	}
	n := 0
	for _, x := range *sc.commands {
		if x.kind == c.kind {
			n++
		}
	}
	if n >= commandLimits[c.kind] {
		return 0, nil, refusal(400, 30032, "Maximum number of application commands reached ("+itoa(commandLimits[c.kind])+")")
	}
	if e := sc.spend(r.s.now(), 1); e != nil {
		return 0, nil, e
	}
	*sc.commands = append(*sc.commands, c)
	return 201, r.s.commandJSON(c), nil
}

func (r *request) oneCommand() (scope, *command, *apiError) {
	sc, e := r.scope()
	if e != nil {
		return sc, nil, e
	}
	c := sc.find(r.vars["command_id"])
	if c == nil {
		return sc, nil, errUnknown("application command")
	}
	return sc, c, nil
}

func (r *request) command() (int, any, *apiError) {
	_, c, e := r.oneCommand()
	if e != nil {
		return 0, nil, e
	}
	return 200, r.s.commandJSON(c), nil
}

func (r *request) editCommand() (int, any, *apiError) {
	sc, c, e := r.oneCommand()
	if e != nil {
		return 0, nil, e
	}
	merged := clone(c.body).(obj)
	merged["type"] = c.kind
	for k, v := range r.obj() {
		merged[k] = v
	}
	var f form
	checkCommand(merged, "", &f)
	if e := f.err(); e != nil {
		return 0, nil, e
	}
	*sc.writes++
	changed := r.s.newCommand(sc, merged)
	c.body, c.version, c.name = changed.body, changed.version, changed.name
	return 200, r.s.commandJSON(c), nil
}

func (r *request) deleteCommand() (int, any, *apiError) {
	sc, c, e := r.oneCommand()
	if e != nil {
		return 0, nil, e
	}
	*sc.writes++
	for i, x := range *sc.commands {
		if x == c {
			*sc.commands = append((*sc.commands)[:i:i], (*sc.commands)[i+1:]...)
			break
		}
	}
	return 204, nil, nil
}
