package discordtest

import (
	"net/url"
	"strings"
)

// Component types (docs.discord.com/developers/components/reference).
const (
	compRow          = 1
	compButton       = 2
	compSelect       = 3
	compInput        = 4
	compUsers        = 5
	compRoles        = 6
	compMentionables = 7
	compChannels     = 8
	compSection      = 9
	compText         = 10
	compThumbnail    = 11
	compGallery      = 12
	compFile         = 13
	compSeparator    = 14
	compContainer    = 17
	compLabel        = 18
	compUpload       = 19
	compRadio        = 21
	compChecks       = 22
	compCheck        = 23
)

func isSelect(kind int) bool {
	return kind == compSelect || kind >= compUsers && kind <= compChannels
}

// components walks a message's components and checks what the schema cannot:
// what may stand where, that ids are unique, and sums over the message.
type components struct {
	form    *form
	draft   *draft
	v2      bool
	ids     map[string]bool
	numbers map[int]bool
	count   int
	text    int
	bytes   int
}

func (c *components) message(all []any) {
	if !c.v2 && len(all) > 5 {
		c.form.tooLong(c.draft.path("components"), 5)
	}
	for i, o := range objects(all) {
		at := c.draft.path("components." + itoa(i))
		if kind := integer(o, "type", 0); !c.v2 && kind != compRow {
			c.form.add(at+".type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
			continue
		}
		c.one(o, at)
	}
	if c.v2 && c.count > 40 {
		c.form.add(c.draft.path("components"), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum number of components in a message is 40.")
	}
	if c.text > 4000 {
		c.form.add(c.draft.path("components"), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Displayable text size in components exceeds maximum of 4000")
	}
}

func (c *components) one(o obj, at string) {
	c.count++
	if n := integer(o, "id", 0); n != 0 {
		if c.numbers[n] {
			c.form.add(at+".id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
		}
		c.numbers[n] = true
	}
	switch kind := integer(o, "type", 0); kind {
	case compRow:
		c.row(o, at)
	case compButton:
		c.button(o, at)
	case compText:
		c.text += size(str(o, "content"))
		c.bytes += len(str(o, "content")) + 12
	case compSection:
		for i, x := range objects(list(o, "components")) {
			c.one(x, at+".components."+itoa(i))
		}
		if a := sub(o, "accessory"); a != nil {
			c.one(a, at+".accessory")
		}
	case compContainer:
		for i, x := range objects(list(o, "components")) {
			c.one(x, at+".components."+itoa(i))
		}
	case compThumbnail:
		c.draft.link(str(sub(o, "media"), "url"), at+".media.url", true, c.form)
	case compGallery:
		for i, it := range objects(list(o, "items")) {
			c.draft.link(str(sub(it, "media"), "url"), at+".items."+itoa(i)+".media.url", true, c.form)
		}
	case compFile:
		link := str(sub(o, "file"), "url")
		if !strings.HasPrefix(link, "attachment://") {
			c.form.add(at+".file.url", "URL_TYPE_INVALID_SCHEME", "A file component needs an attachment:// reference.")
			return
		}
		c.draft.link(link, at+".file.url", true, c.form)
	default:
		if isSelect(kind) {
			c.selects(o, at)
		}
	}
}

// row: up to five buttons, or one select alone.
func (c *components) row(o obj, at string) {
	inner := objects(list(o, "components"))
	chosen := 0
	for i, x := range inner {
		if isSelect(integer(x, "type", 0)) {
			chosen++
		}
		c.one(x, at+".components."+itoa(i))
	}
	if chosen > 0 && len(inner) > 1 {
		c.form.add(at+".components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
	}
}

func (c *components) custom(o obj, at string) {
	id := str(o, "custom_id")
	if id == "" {
		c.form.required(at + ".custom_id")
		return
	}
	if c.ids[id] {
		c.form.add(at+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	c.ids[id] = true
}

func (c *components) button(o obj, at string) {
	style := integer(o, "style", 0)
	if str(o, "label") == "" && !has(o, "emoji") && style != 6 {
		c.form.add(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
	}
	switch style {
	case 5:
		if has(o, "custom_id") {
			c.form.add(at, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
		u, err := url.Parse(str(o, "url"))
		switch {
		case str(o, "url") == "":
			c.form.required(at + ".url")
		case err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "discord":
			c.form.add(at+".url", "URL_TYPE_INVALID_SCHEME", "Scheme is not supported. Scheme must be one of ('http', 'https', 'discord').")
		}
	case 6:
		if !has(o, "sku_id") {
			c.form.required(at + ".sku_id")
		}
	default:
		if has(o, "url") {
			c.form.add(at, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
		c.custom(o, at)
	}
}

// selects holds for every kind of select, in messages and modals.
func (c *components) selects(o obj, at string) {
	c.custom(o, at)
	least, most := integer(o, "min_values", 1), integer(o, "max_values", 1)
	if least > most {
		c.form.add(at, "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX_VALUES", "min_values cannot be larger than max_values")
	}
	checkOptions(c.form, o, at, most)
	if integer(o, "type", 0) != compSelect && len(list(o, "default_values")) > most {
		c.form.add(at+".default_values", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "There are more default values than max_values")
	}
	if integer(o, "type", 0) == compSelect && least > len(list(o, "options")) {
		c.form.add(at+".min_values", "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_OPTIONS", "min_values cannot be larger than the number of options")
	}
}

// checkOptions holds for string selects, radio and checkbox groups.
func checkOptions(f *form, o obj, at string, most int) {
	seen, defaults := map[string]bool{}, 0
	for i, op := range objects(list(o, "options")) {
		v := str(op, "value")
		if seen[v] {
			f.add(at+".options."+itoa(i)+".value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		seen[v] = true
		if truth(op, "default") {
			defaults++
		}
	}
	if defaults > most {
		f.add(at+".options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "There are more default options than max_values")
	}
}

// number gives every component an id, as Discord does in the order found.
func number(all []any) []any {
	next, used := 1, map[int]bool{}
	walk(all, func(o obj) { used[integer(o, "id", 0)] = true })
	walk(all, func(o obj) {
		if integer(o, "id", 0) != 0 {
			return
		}
		for used[next] {
			next++
		}
		o["id"] = next
		used[next] = true
	})
	return all
}

// walk visits every component of a tree, outer ones first.
func walk(all []any, visit func(obj)) {
	for _, o := range objects(all) {
		visit(o)
		walk(list(o, "components"), visit)
		for _, inner := range []string{"accessory", "component"} {
			if x := sub(o, inner); x != nil {
				walk([]any{x}, visit)
			}
		}
	}
}
