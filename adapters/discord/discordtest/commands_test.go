package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
)

func slash(name string, options ...any) object {
	return object{"name": name, "description": "d", "options": options}
}

func option(kind int, name string, more ...any) object {
	o := object{"type": kind, "name": name, "description": "d"}
	for i := 0; i+1 < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}

func letter(i int) string { return "n" + strings.Repeat("a", i) }

func TestCommandRefusals(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		body []any
		code int
		part string
	}{
		{"capital letters", []any{slash("Move")}, 50035, `"0":{"name":{"_errors":[{"code":"APPLICATION_COMMAND_INVALID_NAME"`},
		{"space in a name", []any{slash("candidate move")}, 50035, "INVALID_NAME"},
		{"name over 32", []any{slash(strings.Repeat("a", 33))}, 50035, `"name"`},
		{"no name", []any{object{"description": "d"}}, 50035, `"name"`},
		{"no description", []any{object{"name": "a"}}, 50035, `"description"`},
		{"empty description", []any{object{"name": "a", "description": ""}}, 50035, `"description"`},
		{"description over 100", []any{object{"name": "a", "description": text(101)}}, 50035, `"description"`},
		{"same name twice", []any{slash("a"), slash("a")}, 50035, "DUPLICATE_NAME"},
		{"26 options", []any{slash("a", repeat(26, func(i int) any { return option(3, letter(i)) })...)}, 50035, `"options"`},
		{"26 choices", []any{slash("a", option(3, "o", "choices", repeat(26, func(i int) any { return object{"name": letter(i), "value": "v"} })))}, 50035, `"choices"`},
		{"choice name over 100", []any{slash("a", option(3, "o", "choices", []any{object{"name": text(101), "value": "v"}}))}, 50035, `"name"`},
		{"choice value over 100", []any{slash("a", option(3, "o", "choices", []any{object{"name": "n", "value": text(101)}}))}, 50035, `"value"`},
		{"text choice of a number", []any{slash("a", option(4, "o", "choices", []any{object{"name": "n", "value": "v"}}))}, 50035, `"value"`},
		{"required after optional", []any{slash("a", option(3, "one"), option(3, "two", "required", true))}, 50035, "REQUIRED_INVALID"},
		{"two options of one name", []any{slash("a", option(3, "one"), option(3, "one"))}, 50035, "NAME_DUPLICATE"},
		{"autocomplete beside choices", []any{slash("a", option(3, "o", "autocomplete", true, "choices", []any{object{"name": "n", "value": "v"}}))}, 50035, "AUTOCOMPLETE_CHOICES"},
		{"max_length over 6000", []any{slash("a", option(3, "o", "max_length", 6001))}, 50035, `"max_length"`},
		{"subcommand beside an option", []any{slash("a", option(1, "s"), option(3, "o"))}, 50035, "TYPE_INVALID"},
		{"group in a group", []any{slash("a", option(2, "g", "options", []any{option(2, "h", "options", []any{option(1, "s")})}))}, 50035, `"options"`},
		{"unknown option type", []any{slash("a", option(99, "o"))}, 50035, `"options":{"0"`},
		{"description on a menu", []any{object{"name": "Note", "type": 3, "description": "d"}}, 50035, "CONTEXT_MENU"},
		{"unknown locale", []any{object{"name": "a", "description": "d", "description_localizations": object{"xx": "x"}}}, 50035, "xx"},
		{"over 8000 characters", []any{slash("a", repeat(25, func(i int) any {
			return option(3, letter(i), "description", text(100), "choices", repeat(2, func(j int) any { return object{"name": letter(j) + text(90), "value": text(100)} }))
		})...)}, 50035, "TOO_LARGE"},
		{"101 commands", repeat(101, func(i int) any { return slash("c" + strings.Repeat("x", i%20) + string(rune('a'+i/20))) }), 30032, ""},
		{"16 user menus", repeat(16, func(i int) any { return object{"name": letter(i), "type": 2} }), 30032, ""},
		{"16 message menus", repeat(16, func(i int) any { return object{"name": letter(i), "type": 3} }), 30032, ""},
	}
	d := discordtest.New(t, discordtest.Options{NoLimits: true})
	w := newWire(t, d)
	for _, c := range cases {
		d.Advance(time.Second)
		r := w.call("PUT", "/applications/"+d.App().ID+"/commands", c.body)
		if r.code != c.code || !strings.Contains(r.body, c.part) {
			t.Errorf("%s: %s, want %d with %s", c.name, r, c.code, c.part)
		}
	}
	if n := d.App().CommandWrites(); n != 0 {
		t.Errorf("%d refused writes were counted", n)
	}
	if r := w.call("PUT", "/applications/1/commands", []any{}); r.code != 50001 {
		t.Errorf("another app's commands: %s", r)
	}
}

func TestCreatesAreCountedByTheDay(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{NoLimits: true})
	w := newWire(t, d)
	path := "/applications/" + d.App().ID + "/commands"
	set := func(prefix string) reply {
		d.Advance(time.Second)
		return w.call("PUT", path, repeat(100, func(i int) any {
			return slash(prefix + strings.Repeat("x", i%20) + string(rune('a'+i/20)))
		}))
	}
	set("a").must(t)
	set("a").must(t)
	if n := d.App().CommandCreates(); n != 100 {
		t.Fatalf("%d creates after the same names twice, want 100", n)
	}
	if !find(d.Lints(), discordtest.Lint, 0, "without a change") {
		t.Fatal("registering again without a change is not noticed")
	}
	set("b").must(t)
	if r := set("c"); r.status != 429 || r.code != 30034 {
		t.Fatalf("%s, want 30034", r)
	}
	d.Advance(24 * time.Hour)
	set("c").must(t)
}

func TestOverwriteKeepsIdsAndReplacesAllTypes(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Strict: true})
	guild := d.Guild("Acme")
	w := newWire(t, d)
	path := "/applications/" + d.App().ID + "/commands"
	w.call("PUT", path, []any{slash("one"), object{"name": "Note", "type": 3}}).must(t)
	before := w.raw("GET", "/api/v10"+path, "", nil)
	w.call("PUT", path, []any{slash("one"), slash("two")}).must(t)
	after := w.raw("GET", "/api/v10"+path, "", nil)
	if strings.Contains(after.body, "Note") || !strings.Contains(after.body, firstID(before.body)) {
		t.Fatalf("before %s\nafter %s", before.body, after.body)
	}
	w.call("PUT", "/applications/"+d.App().ID+"/guilds/"+guild.ID+"/commands", []any{slash("here")}).must(t)
	if got := strings.Join(d.App().Commands(guild), ","); got != "here,one,two" {
		t.Fatalf("in the guild: %s", got)
	}
	if got := strings.Join(d.App().Commands(nil), ","); got != "one,two" {
		t.Fatalf("in a DM: %s", got)
	}
}

func firstID(body string) string {
	_, after, _ := strings.Cut(body, `"id":"`)
	id, _, _ := strings.Cut(after, `"`)
	return id
}
