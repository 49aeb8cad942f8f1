package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
)

// text repeats until n characters.
func text(n int) string { return strings.Repeat("ä", n) }

func button(label, id string) object {
	return object{"type": 2, "style": 1, "label": label, "custom_id": id}
}

func row(inner ...any) object { return object{"type": 1, "components": inner} }

func menu(options int) object {
	all := []any{}
	for i := range options {
		all = append(all, object{"label": "o" + string(rune('a'+i)), "value": string(rune('a' + i))})
	}
	return object{"type": 3, "custom_id": "menu", "options": all}
}

func content(t string) object {
	return object{"content": t, "allowed_mentions": object{"parse": []any{}}}
}

func embeds(e ...any) object { return object{"embeds": e} }

func v2(c ...any) object { return object{"flags": 1 << 15, "components": c} }

func words(t string) object { return object{"type": 10, "content": t} }

func repeat(n int, of func(int) any) []any {
	all := []any{}
	for i := range n {
		all = append(all, of(i))
	}
	return all
}

func rows(n int) object {
	return object{"components": repeat(n, func(i int) any { return row(button("b", "id"+string(rune('a'+i)))) })}
}

// TestMessageRefusals: each body is refused with the code, and where the
// answer has nested errors, at the path given.
func TestMessageRefusals(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		body any
		code int
		path string
	}{
		{"content over 2000", content(text(2001)), 50035, `{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 2000 or fewer in length."}]}}`},
		{"nothing at all", object{}, 50006, ""},
		{"only spaces", content("  \n "), 50006, ""},
		{"eleven embeds", embeds(repeat(11, func(int) any { return object{"title": "t"} })...), 50035, `"embeds"`},
		{"embed title", embeds(object{"title": text(257)}), 50035, `"embeds":{"0":{"title"`},
		{"embed description", embeds(object{"description": text(4097)}), 50035, `"description"`},
		{"embed footer", embeds(object{"footer": object{"text": text(2049)}}), 50035, `"footer":{"text"`},
		{"embed author", embeds(object{"author": object{"name": text(257)}}), 50035, `"author":{"name"`},
		{"embed fields", embeds(object{"fields": repeat(26, func(int) any { return object{"name": "n", "value": "v"} })}), 50035, `"fields"`},
		{"embed field name", embeds(object{"fields": []any{object{"name": text(257), "value": "v"}}}), 50035, `"fields":{"0":{"name"`},
		{"embed field value", embeds(object{"fields": []any{object{"name": "n", "value": text(1025)}}}), 50035, `"fields":{"0":{"value"`},
		{"empty embed field", embeds(object{"fields": []any{object{"name": "n", "value": ""}}}), 50035, "BASE_TYPE_REQUIRED"},
		{"embeds together over 6000", embeds(object{"description": text(3001)}, object{"description": text(3000)}), 50035, "MAX_EMBED_SIZE_EXCEEDED"},
		{"embed link scheme", embeds(object{"title": "t", "url": "ftp://files.example/"}), 50035, "URL_TYPE_INVALID_SCHEME"},
		{"embed picture that was not sent", embeds(object{"image": object{"url": "attachment://chart.png"}}), 50035, "ATTACHMENT_NOT_FOUND"},
		{"embed colour", embeds(object{"title": "t", "color": 16777216}), 50035, `"color"`},
		{"embed time", embeds(object{"title": "t", "timestamp": "yesterday"}), 50035, `"timestamp"`},
		{"nonce over 25", object{"content": "x", "nonce": text(26)}, 50035, `"nonce"`},
		{"parse and list of users", object{"content": "x", "allowed_mentions": object{"parse": []any{"users"}, "users": []any{"1"}}}, 50035, "EXCLUSIVE"},
		{"parse of something unknown", object{"content": "x", "allowed_mentions": object{"parse": []any{"friends"}}}, 50035, `"parse"`},
		{"six rows", rows(6), 50035, `"components"`},
		{"six buttons in a row", object{"components": []any{row(repeat(6, func(i int) any { return button("b", "i"+string(rune('a'+i))) })...)}}, 50035, `"components":{"0":{"components"`},
		{"empty row", object{"components": []any{row()}}, 50035, `"components":{"0":{"components"`},
		{"menu beside a button", object{"components": []any{row(menu(2), button("b", "b"))}}, 50035, "WIDTH_EXCEEDED"},
		{"two buttons of one id", object{"components": []any{row(button("a", "x"), button("b", "x"))}}, 50035, "COMPONENT_CUSTOM_ID_DUPLICATED"},
		{"custom_id over 100", object{"components": []any{row(button("a", text(101)))}}, 50035, `"custom_id"`},
		{"button without custom_id", object{"components": []any{row(object{"type": 2, "style": 1, "label": "a"})}}, 50035, `"custom_id"`},
		{"button label over 80", object{"components": []any{row(button(text(81), "x"))}}, 50035, `"label"`},
		{"button without label or emoji", object{"components": []any{row(object{"type": 2, "style": 1, "custom_id": "x"})}}, 50035, "LABEL_OR_EMOJI"},
		{"button style", object{"components": []any{row(object{"type": 2, "style": 9, "label": "a", "custom_id": "x"})}}, 50035, `"style"`},
		{"link without url", object{"components": []any{row(object{"type": 2, "style": 5, "label": "a"})}}, 50035, `"url"`},
		{"link with custom_id", object{"components": []any{row(object{"type": 2, "style": 5, "label": "a", "url": "https://a.example", "custom_id": "x"})}}, 50035, "MUTUALLY_EXCLUSIVE"},
		{"link url over 512", object{"components": []any{row(object{"type": 2, "style": 5, "label": "a", "url": "https://a.example/" + strings.Repeat("a", 512)})}}, 50035, `"url"`},
		{"link scheme", object{"components": []any{row(object{"type": 2, "style": 5, "label": "a", "url": "javascript:alert(1)"})}}, 50035, "INVALID_SCHEME"},
		{"26 options", object{"components": []any{row(menu(26))}}, 50035, `"options"`},
		{"no options", object{"components": []any{row(menu(0))}}, 50035, `"options"`},
		{"two options of one value", object{"components": []any{row(object{"type": 3, "custom_id": "m", "options": []any{object{"label": "a", "value": "v"}, object{"label": "b", "value": "v"}}})}}, 50035, "VALUE_DUPLICATED"},
		{"option label over 100", object{"components": []any{row(object{"type": 3, "custom_id": "m", "options": []any{object{"label": text(101), "value": "v"}}})}}, 50035, `"label"`},
		{"placeholder over 150", object{"components": []any{row(object{"type": 3, "custom_id": "m", "placeholder": text(151), "options": []any{object{"label": "a", "value": "v"}}})}}, 50035, `"placeholder"`},
		{"min over max", object{"components": []any{row(object{"type": 5, "custom_id": "m", "min_values": 3, "max_values": 2})}}, 50035, "MIN_VALUES"},
		{"text input in a message", object{"components": []any{row(object{"type": 4, "custom_id": "t", "style": 1, "label": "l"})}}, 50035, `"components"`},
		{"text display without the flag", object{"components": []any{words("hello")}}, 50035, "UNION_TYPE_CHOICES"},
		{"content beside V2", object{"flags": 1 << 15, "content": "x", "components": []any{words("hello")}}, 50035, "LEGACY_FIELDS"},
		{"embeds beside V2", object{"flags": 1 << 15, "embeds": []any{object{"title": "t"}}, "components": []any{words("hello")}}, 50035, "LEGACY_FIELDS"},
		{"41 components", v2(repeat(41, func(int) any { return words("x") })...), 50035, `"components"`},
		{"41 nested components", v2(object{"type": 17, "components": repeat(40, func(int) any { return words("x") })}), 50035, "MAX_TOTAL_COMPONENTS"},
		{"V2 text over 4000", v2(words(text(2001)), words(text(2000))), 50035, "TEXT_SIZE_EXCEEDED"},
		{"V2 text over 10170 bytes", v2(words(strings.Repeat("語", 3400))), 0, ""},
		{"section without accessory", v2(object{"type": 9, "components": []any{words("x")}}), 50035, `"accessory"`},
		{"gallery of eleven", v2(object{"type": 12, "items": repeat(11, func(int) any { return object{"media": object{"url": "https://a.example/a.png"}} })}), 50035, `"items"`},
		{"file that was not sent", v2(object{"type": 13, "file": object{"url": "attachment://cv.pdf"}}), 50035, "ATTACHMENT_NOT_FOUND"},
		{"unknown component type", object{"components": []any{object{"type": 99}}}, 50035, `"components":{"0"`},
		{"reply to nothing", object{"content": "x", "message_reference": object{"message_id": "123"}}, 50035, "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"},
		{"attachment that was not sent", object{"content": "x", "attachments": []any{object{"id": "0", "filename": "a.txt"}}}, 50035, "ATTACHMENT_NOT_FOUND"},
	}
	d := discordtest.New(t, discordtest.Options{NoLimits: true})
	general := d.Guild("Acme").Text("general")
	w := newWire(t, d)
	for _, c := range cases {
		d.Advance(time.Second) // the global limit is not what is tested here
		r := w.call("POST", "/channels/"+general.ID+"/messages", c.body)
		if r.status < 400 || r.code != c.code || !strings.Contains(r.body, c.path) {
			t.Errorf("%s: %s, want code %d with %s", c.name, r, c.code, c.path)
		}
		if faults := d.TakeFaults(); !find(faults, discordtest.Refused, c.code, "") {
			t.Errorf("%s: not written down: %v", c.name, faults)
		}
	}
}

// TestMessagesAtTheLimitAreTaken keeps the table above honest.
func TestMessagesAtTheLimitAreTaken(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{NoLimits: true, Strict: true})
	general := d.Guild("Acme").Text("general")
	w := newWire(t, d)
	for name, body := range map[string]object{
		"content":       content(text(2000)),
		"nulls":         {"content": "x", "tts": false, "embeds": nil, "components": nil, "allowed_mentions": nil, "flags": nil},
		"embeds":        embeds(object{"title": text(256), "description": text(4096), "footer": object{"text": text(1648)}}),
		"rows":          rows(5),
		"menu":          {"components": []any{row(menu(25))}},
		"v2":            v2(object{"type": 17, "components": repeat(38, func(int) any { return words("x") })}, words(text(3962))),
		"nonce":         {"content": "x", "nonce": text(25)},
		"link":          {"components": []any{row(object{"type": 2, "style": 5, "label": text(80), "url": "https://a.example/"})}},
		"silent":        {"content": "x", "flags": 1 << 12},
		"missing reply": {"content": "x", "message_reference": object{"message_id": "123", "fail_if_not_exists": false}},
	} {
		d.Advance(time.Second)
		if r := w.call("POST", "/channels/"+general.ID+"/messages", body); r.status != 200 {
			t.Errorf("%s: %s", name, r)
		}
	}
}
