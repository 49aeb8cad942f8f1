package slacktest

import (
	"regexp"
	"strings"
)

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
var plain = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// escape is what Slack does to typed text: exactly three entities.
func escape(s string) string { return entities.Replace(s) }

var typedName = regexp.MustCompile(`(^|[\s(])([@#])([\p{L}\d][\p{L}\d._-]*)`)

// named turns @name and #channel into Slack's marks, as the composer does; "@app" is the bot.
// withName writes the long form of slash commands.
func (w *Workspace) named(text string, withName bool) string {
	return typedName.ReplaceAllStringFunc(text, func(hit string) string {
		part := typedName.FindStringSubmatch(hit)
		lead, sign, name := part[1], part[2], part[3]
		bare := strings.TrimRight(name, ".-_")
		rest := name[len(bare):]
		if sign == "#" {
			if c := w.find(bare); c != nil {
				return lead + "<#" + c.ID + "|" + c.Name + ">" + rest
			}
			return hit
		}
		switch bare {
		case "here", "channel", "everyone":
			return lead + "<!" + bare + ">" + rest
		}
		id := w.userID(bare)
		u := w.users[id]
		if u == nil {
			return hit
		}
		if withName {
			return lead + "<@" + id + "|" + u.Name + ">" + rest
		}
		return lead + "<@" + id + ">" + rest
	})
}

var mark = regexp.MustCompile(`<([@#!])([A-Z0-9a-z]+)(?:\|[^>]*)?>`)

// composed is the rich_text block that the composer adds to what a person types.
func (w *Workspace) composed(id, text string) []any {
	var parts []any
	literal := func(s string) {
		if s != "" {
			parts = append(parts, obj{"type": "text", "text": plain.Replace(s)})
		}
	}
	from := 0
	for _, at := range mark.FindAllStringSubmatchIndex(text, -1) {
		literal(text[from:at[0]])
		sign, name := text[at[2]:at[3]], text[at[4]:at[5]]
		switch sign {
		case "@":
			parts = append(parts, obj{"type": "user", "user_id": name})
		case "#":
			parts = append(parts, obj{"type": "channel", "channel_id": name})
		default:
			parts = append(parts, obj{"type": "broadcast", "range": name})
		}
		from = at[1]
	}
	literal(text[from:])
	if parts == nil {
		return nil
	}
	return []any{obj{"type": "rich_text", "block_id": id, "elements": []any{obj{"type": "rich_text_section", "elements": parts}}}}
}
