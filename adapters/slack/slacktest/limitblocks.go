package slacktest

import (
	"net/url"
	"slices"
)

// block checks one block: first its shape by the schema, then its limits.
func (k *checker) block(v any, at string) {
	b := object(v)
	kind := str(b["type"])
	if b == nil || kind == "" {
		k.say(at, "missing required field: type")
		return
	}
	rule := loadRules().blocks[kind]
	switch {
	case kind == "data_visualization": // newer than the published types
	case rule == nil:
		k.say(at+"/type", "unsupported type: %s", kind)
		return
	default:
		k.wrong = append(k.wrong, conform(rule, b, at)...)
	}
	if slices.Contains(onlyOnMessages, kind) && k.on != onMessage || slices.Contains(onlyOnModals, kind) && k.on != onModal {
		k.say(at+"/type", "unsupported type: %s", kind)
	}
	k.blockID(b, at)
	actions := map[string]bool{}
	for _, e := range elementsOf(b) {
		id := str(e["action_id"])
		if id != "" && actions[id] {
			k.say(at, "`action_id` %q already exists in this block", id)
		}
		actions[id] = true
	}
	k.insides(b, kind, at)
}

func (k *checker) blockID(b obj, at string) {
	id, given := b["block_id"]
	if !given {
		return
	}
	k.length(id, at+"/block_id", 1, 255)
	if first, twice := k.ids[str(id)]; twice {
		k.say(at+"/block_id", "block_id %q already exists at %s", str(id), first)
		return
	}
	k.ids[str(id)] = at
}

func (k *checker) insides(b obj, kind, at string) {
	elements := list(b["elements"])
	switch kind {
	case "section":
		k.section(b, at)
	case "header":
		k.text(b["text"], at+"/text", 150, plainOnly)
		if level, given := number(b["level"]); given && (level < 1 || level > 4) {
			k.say(at+"/level", "must be between 1 and 4")
		}
	case "context":
		k.count(len(elements), at+"/elements", 1, 10)
		for i, e := range elements {
			if here := pointer(at+"/elements", i); str(object(e)["type"]) == "image" {
				k.image(object(e), here)
			} else {
				k.text(e, here, 3000, anyText)
			}
		}
	case "actions":
		k.count(len(elements), at+"/elements", 1, 25)
		k.each(elements, at+"/elements", false)
	case "context_actions":
		k.count(len(elements), at+"/elements", 1, 5)
		k.each(elements, at+"/elements", false)
	case "image":
		k.image(b, at)
		k.optional(b["title"], at+"/title", 2000, plainOnly)
	case "input":
		k.text(b["label"], at+"/label", 2000, plainOnly)
		k.optional(b["hint"], at+"/hint", 2000, plainOnly)
		k.element(object(b["element"]), at+"/element", true)
	case "markdown":
		k.length(b["text"], at+"/text", 1, 12000)
		k.markdown += runes(str(b["text"]))
	case "alert":
		k.text(b["text"], at+"/text", 200, anyText)
	case "video":
		k.video(b, at)
	case "rich_text":
		k.rich(elements, at+"/elements")
	case "table":
		k.table(b, at, 1, 100, 10_000)
	case "data_table":
		k.table(b, at, 2, 201, 20_000)
	case "data_visualization":
		k.charts++
		k.length(b["title"], at+"/title", 1, 50)
	case "container":
		k.nested(list(b["child_blocks"]), at+"/child_blocks")
	case "carousel":
		k.nested(elements, at+"/elements")
	case "card":
		k.card(b, at)
	}
}

func (k *checker) section(b obj, at string) {
	fields := list(b["fields"])
	if b["text"] == nil && len(fields) == 0 {
		k.say(at, "must define either `text` or `fields`")
	}
	k.optional(b["text"], at+"/text", 3000, anyText)
	if b["fields"] != nil {
		k.count(len(fields), at+"/fields", 1, 10)
	}
	for i, f := range fields {
		k.text(f, pointer(at+"/fields", i), 2000, anyText)
	}
	if e := object(b["accessory"]); e != nil {
		if str(e["type"]) == "image" {
			k.image(e, at+"/accessory")
		} else {
			k.element(e, at+"/accessory", false)
		}
	}
}

func (k *checker) image(b obj, at string) {
	if b["alt_text"] == nil {
		k.say(at, "missing required field: alt_text")
	}
	k.length(b["alt_text"], at+"/alt_text", 1, 2000)
	k.link(b["image_url"], at+"/image_url")
}

func (k *checker) link(v any, at string) {
	s, given := v.(string)
	if !given {
		return
	}
	k.length(s, at, 1, 3000)
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" {
		k.say(at, "invalid url")
	}
}

func (k *checker) video(b obj, at string) {
	k.text(b["title"], at+"/title", 199, plainOnly)
	k.optional(b["description"], at+"/description", 199, plainOnly)
	k.length(b["author_name"], at+"/author_name", 1, 49)
	k.length(b["alt_text"], at+"/alt_text", 1, 2000)
	if u, err := url.Parse(str(b["video_url"])); err != nil || u.Scheme != "https" {
		k.say(at+"/video_url", "must be an https url")
	}
}

func (k *checker) card(b obj, at string) {
	k.optional(b["title"], at+"/title", 150, anyText)
	k.optional(b["subtitle"], at+"/subtitle", 150, anyText)
	k.optional(b["body"], at+"/body", 200, anyText)
	k.optional(b["subtext"], at+"/subtext", 200, anyText)
	buttons := list(b["actions"])
	k.count(len(buttons), at+"/actions", 0, 3)
	k.each(buttons, at+"/actions", false)
}

func (k *checker) nested(blocks []any, at string) {
	k.count(len(blocks), at, 1, 10)
	for i, b := range blocks {
		k.block(b, pointer(at, i))
	}
}

func (k *checker) each(elements []any, at string, input bool) {
	for i, e := range elements {
		k.element(object(e), pointer(at, i), input)
	}
}

// rich checks that no text inside is empty; it is literal there, so there is nothing to escape.
func (k *checker) rich(elements []any, at string) {
	for i, e := range elements {
		o, here := object(e), pointer(at, i)
		if str(o["type"]) == "text" {
			k.length(o["text"], here+"/text", 1, 1<<30)
		}
		k.rich(list(o["elements"]), here+"/elements")
	}
}

func (k *checker) table(b obj, at string, least, most, characters int) {
	rows, total := list(b["rows"]), 0
	k.count(len(rows), at+"/rows", least, most)
	for i, row := range rows {
		here := pointer(at+"/rows", i)
		k.count(len(list(row)), here, 1, 20)
		for j, cell := range list(row) {
			o := object(cell)
			if str(o["type"]) == "raw_text" {
				k.length(o["text"], pointer(here, j)+"/text", 1, characters)
			} else if str(o["type"]) == "rich_text" {
				k.rich(list(o["elements"]), pointer(here, j)+"/elements")
			}
			total += runes(allText(o))
		}
	}
	if total > characters {
		k.say(at, "must be less than %d characters in all cells", characters+1)
	}
}

func allText(v any) string {
	switch v := v.(type) {
	case []any:
		out := ""
		for _, x := range v {
			out += allText(x)
		}
		return out
	case obj:
		return str(v["text"]) + allText(v["elements"])
	}
	return ""
}
