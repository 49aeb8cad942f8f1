package discordtest

import (
	"net/url"
	"strings"
)

// Message flags (docs.discord.com/developers/resources/message).
const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagSilent         = 1 << 12
	flagVoice          = 1 << 13
	flagV2             = 1 << 15
)

// draft is a message body under inspection and where it is going.
type draft struct {
	body  obj
	files map[string]upload
	old   *message // what is edited; nil for a new message
	at    string   // path of the body inside the payload: "" or "data."
	where string
}

func (d *draft) path(p string) string { return d.at + p }

// flags are those the message will have.
func (d *draft) flags() int {
	given := integer(d.body, "flags", 0)
	if d.old != nil {
		return d.old.flags | given&flagV2
	}
	return given
}

// checkMessage adds what the schema does not say about a message body
// (docs.discord.com/developers/resources/message, …/components/reference).
func checkMessage(d *draft, f *form) {
	if size(str(d.body, "content")) > 2000 {
		f.tooLong(d.path("content"), 2000)
	}
	checkEmbeds(d, f)
	checkMentionRules(d, f)
	v2 := d.flags()&flagV2 != 0
	if d.old != nil && d.old.flags&flagV2 != 0 && has(d.body, "flags") && integer(d.body, "flags", 0)&flagV2 == 0 {
		f.add(d.path("flags"), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "The IS_COMPONENTS_V2 flag cannot be removed from a message.")
	}
	if v2 {
		for _, legacy := range []string{"content", "embeds", "poll", "sticker_ids"} {
			if filled(d.body[legacy]) || d.old != nil && !has(d.body, legacy) && legacyLeft(d, legacy) {
				f.add(d.path(legacy), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
					"The '"+legacy+"' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
			}
		}
	}
	if has(d.body, "components") {
		c := components{form: f, draft: d, v2: v2, ids: map[string]bool{}, numbers: map[int]bool{}}
		c.message(list(d.body, "components"))
	}
}

// legacyLeft says that a message which now becomes V2 still has old content
// that the edit does not take away.
func legacyLeft(d *draft, field string) bool {
	if d.old.flags&flagV2 != 0 {
		return false
	}
	if _, cleared := d.body[field]; cleared {
		return false
	}
	return field == "content" && d.old.content != "" || field == "embeds" && len(d.old.embeds) > 0
}

func filled(v any) bool {
	switch v := v.(type) {
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case obj:
		return true
	}
	return false
}

func checkEmbeds(d *draft, f *form) {
	total := 0
	for i, e := range objects(list(d.body, "embeds")) {
		at := d.path("embeds." + itoa(i))
		total += size(str(e, "title")) + size(str(e, "description"))
		total += size(str(sub(e, "footer"), "text")) + size(str(sub(e, "author"), "name"))
		for j, fd := range objects(list(e, "fields")) {
			for _, part := range []string{"name", "value"} {
				total += size(str(fd, part))
				if strings.TrimSpace(str(fd, part)) == "" {
					f.required(at + ".fields." + itoa(j) + "." + part)
				}
			}
		}
		for _, limit := range []struct {
			text, path string
			most       int
		}{
			{str(e, "title"), "title", 256}, {str(e, "description"), "description", 4096},
			{str(sub(e, "footer"), "text"), "footer.text", 2048}, {str(sub(e, "author"), "name"), "author.name", 256},
		} {
			if size(limit.text) > limit.most {
				f.tooLong(at+"."+limit.path, limit.most)
			}
		}
		for _, link := range []struct{ url, path string }{
			{str(e, "url"), "url"}, {str(sub(e, "image"), "url"), "image.url"}, {str(sub(e, "thumbnail"), "url"), "thumbnail.url"},
			{str(sub(e, "footer"), "icon_url"), "footer.icon_url"}, {str(sub(e, "author"), "icon_url"), "author.icon_url"},
			{str(sub(e, "author"), "url"), "author.url"},
		} {
			d.link(link.url, at+"."+link.path, link.path != "url" && link.path != "author.url", f)
		}
	}
	if total > 6000 {
		f.add(d.path("embeds"), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
}

// link checks an address: http(s), or attachment:// of a file that is there.
func (d *draft) link(link, path string, media bool, f *form) {
	if link == "" {
		return
	}
	u, err := url.Parse(link)
	switch {
	case err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
	case err == nil && u.Scheme == "attachment" && media:
		if !d.hasFile(strings.TrimPrefix(link, "attachment://")) {
			f.add(path, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The attachment "+link+" was not found")
		}
	case err == nil && u.Scheme != "":
		f.add(path, "URL_TYPE_INVALID_SCHEME", "Scheme \""+u.Scheme+"\" is not supported. Scheme must be one of ('http', 'https').")
	default:
		f.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
	}
}

func (d *draft) hasFile(name string) bool {
	for _, a := range objects(list(d.body, "attachments")) {
		if str(a, "filename") == name {
			return true
		}
	}
	for _, u := range d.files {
		if u.name == name {
			return true
		}
	}
	if d.old != nil {
		for _, x := range d.old.attachments {
			if x.name == name {
				return true
			}
		}
	}
	return false
}

func checkMentionRules(d *draft, f *form) {
	m := sub(d.body, "allowed_mentions")
	if m == nil {
		return
	}
	parse := texts(list(m, "parse"))
	for _, kind := range []string{"users", "roles"} {
		if contains(parse, kind) && len(list(m, kind)) > 0 {
			f.add(d.path("allowed_mentions"), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
				"parse:[\""+kind+"\"] and "+kind+": [ids...] are mutually exclusive.")
		}
		if len(list(m, kind)) > 100 {
			f.tooLong(d.path("allowed_mentions."+kind), 100)
		}
	}
	for i, p := range parse {
		if p != "users" && p != "roles" && p != "everyone" {
			f.choices(d.path("allowed_mentions.parse."+itoa(i)), "'everyone', 'users', 'roles'")
		}
	}
}

// isEmpty says that a new message would show nothing.
func (d *draft) isEmpty() bool {
	for _, part := range []string{"embeds", "components", "poll", "sticker_ids"} {
		if filled(d.body[part]) {
			return false
		}
	}
	return strings.TrimSpace(str(d.body, "content")) == "" && len(d.files) == 0
}
