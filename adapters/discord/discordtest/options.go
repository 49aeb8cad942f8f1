package discordtest

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// value turns what a person gave for an option into what goes over the wire,
// or says what the client would complain of. The lock is held.
func (h *Human) value(o obj, v any, c *Channel, resolved obj) (any, string) {
	name, kind := str(o, "name"), integer(o, "type", 0)
	if choices := objects(list(o, "choices")); len(choices) > 0 {
		for _, ch := range choices {
			if str(ch, "name") == fmt.Sprint(v) || fmt.Sprint(ch["value"]) == fmt.Sprint(v) {
				return ch["value"], ""
			}
		}
		return nil, fmt.Sprintf("%s has no choice %v", name, v)
	}
	switch kind {
	case optString:
		return stringOption(o, name, v)
	case optInteger, optNumber:
		return numberOption(o, name, kind, v)
	case optBoolean:
		if b, ok := v.(bool); ok {
			return b, ""
		}
	case optUser, optMentionable:
		if u, ok := v.(*Human); ok {
			h.resolveUser(u.user, c, resolved)
			return u.user.ID, ""
		}
		if r, ok := v.(*Role); ok && kind == optMentionable {
			h.resolveRole(r, c, resolved)
			return r.ID, ""
		}
	case optRole:
		if r, ok := v.(*Role); ok {
			h.resolveRole(r, c, resolved)
			return r.ID, ""
		}
	case optChannel:
		if ch, ok := v.(*Channel); ok {
			if types := list(o, "channel_types"); len(types) > 0 && !holds(types, ch.kind) {
				return nil, fmt.Sprintf("%s does not take %s", name, ch)
			}
			h.resolveChannel(ch, resolved)
			return ch.ID, ""
		}
	case optAttachment:
		if f, ok := v.(File); ok {
			one := &file{id: h.s.newID(), name: f.Name, kind: f.Type, data: f.Data, ephemeral: true}
			h.s.keep(c, one)
			put(resolved, "attachments", one.id, h.s.attachmentJSON(one))
			return one.id, ""
		}
	}
	return nil, fmt.Sprintf("%s does not take a %T", name, v)
}

func holds(types []any, kind int) bool {
	for _, t := range types {
		if idOf(t) == itoa(kind) {
			return true
		}
	}
	return false
}

func stringOption(o obj, name string, v any) (any, string) {
	t, ok := v.(string)
	if !ok {
		return nil, fmt.Sprintf("%s takes text, not %T", name, v)
	}
	least, most := integer(o, "min_length", 0), integer(o, "max_length", 6000)
	if most == 0 {
		most = 6000
	}
	if n := size(t); n < least || n > most || t == "" {
		return nil, fmt.Sprintf("%s takes %d to %d characters, not %d", name, max(least, 1), most, n)
	}
	return t, ""
}

func numberOption(o obj, name string, kind int, v any) (any, string) {
	f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if err != nil || kind == optInteger && f != float64(int64(f)) {
		return nil, fmt.Sprintf("%s takes a number, not %v", name, v)
	}
	least, most := -float64(1<<53), float64(1<<53)
	if n, ok := o["min_value"].(json.Number); ok {
		least, _ = n.Float64()
	}
	if n, ok := o["max_value"].(json.Number); ok {
		most, _ = n.Float64()
	}
	if f < least || f > most {
		return nil, fmt.Sprintf("%s takes %v to %v, not %v", name, least, most, v)
	}
	if kind == optInteger {
		return jsonNumber(int64(f)), ""
	}
	return f, ""
}

func put(resolved obj, part, id string, v any) {
	if resolved[part] == nil {
		resolved[part] = obj{}
	}
	resolved[part].(obj)[id] = v
}

func (h *Human) resolveUser(u *User, c *Channel, resolved obj) {
	put(resolved, "users", u.ID, h.s.userJSON(u))
	if c.guild == nil {
		return
	}
	if m := c.guild.members[u.ID]; m != nil {
		o := h.s.memberJSON(m)
		o["permissions"] = bits(h.s.permissions(u, c))
		delete(o, "deaf")
		delete(o, "mute")
		put(resolved, "members", u.ID, o)
	}
}

func (h *Human) resolveRole(r *Role, c *Channel, resolved obj) {
	if c.guild != nil {
		put(resolved, "roles", r.ID, c.guild.roleJSON(r))
	}
}

func (h *Human) resolveChannel(c *Channel, resolved obj) {
	put(resolved, "channels", c.ID, h.s.partialChannel(c, h.user))
}
