package discord

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport/bot"
)

func TestCommandsAreWrittenOnlyWhenChanged(t *testing.T) {
	t.Parallel()
	r := start(t, setup{declare: pipeline()})
	if n := r.d.App().CommandWrites(); n != 1 {
		t.Fatalf("%d writes at first", n)
	}
	again := r.network(t, setup{})
	if err := again.Declare(t.Context(), pipeline()); err != nil {
		t.Fatal(err)
	}
	if n := r.d.App().CommandWrites(); n != 1 {
		t.Fatalf("%d writes, nothing changed", n)
	}
	changed := pipeline()
	changed[0].Help = "Move somebody on"
	if err := again.Declare(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if n := r.d.App().CommandWrites(); n != 2 {
		t.Fatalf("%d writes after a change", n)
	}
	got := r.d.App().Commands(r.guild)
	for _, want := range []string{"candidate move", "candidate note", "member add", "move", "setup", "help", "rapport run", "rapport setup", "rapport help"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not in %q", want, got)
		}
	}
	if slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "secret") }) {
		t.Error("a hidden command is listed")
	}
}

func TestOptionsAreTyped(t *testing.T) {
	t.Parallel()
	list, _ := registry(pipeline(), "rapport")
	find := func(name string) []option1 {
		for _, c := range list {
			if c.Name == strings.Fields(name)[0] {
				for _, o := range c.Options {
					if strings.HasSuffix(name, " "+o.Name) {
						return o.Options
					}
				}
				return c.Options
			}
		}
		return nil
	}
	move := find("candidate move")
	if len(move) != 3 || !move[0].Autocomplete || !move[0].Required || len(move[1].Choices) != 3 || move[1].Autocomplete || move[2].Required {
		t.Fatalf("%+v", move)
	}
	note := find("candidate note")
	if note[0].Name != "candidate" || !note[0].Required || note[1].Required {
		t.Fatalf("required options first, long texts may wait for the form: %+v", note)
	}
	add := find("member add")
	if add[0].Kind != optUser || add[1].Kind != optString || add[2].Kind != optInteger || add[3].Kind != optBoolean {
		t.Fatalf("%+v", add)
	}
}

// A product grows: no number of commands, fields or words makes Discord refuse all of them.
func TestRegistryStaysWithinDiscordsLimits(t *testing.T) {
	t.Parallel()
	var list []bot.Declared
	for g := range 30 {
		for v := range 27 {
			d := bot.Declared{Name: fmt.Sprintf("group%d verb%d", g, v), Short: fmt.Sprintf("g%dv%d", g, v), Title: strings.Repeat("Title ", 10), Help: strings.Repeat("help ", 60),
				On: bot.OnMessage | bot.OnPerson}
			for f := range 27 * (g % 2) {
				x := bot.Field{Name: fmt.Sprintf("Field Number %d", f), Label: strings.Repeat("label ", 30), Hint: strings.Repeat("hint ", 50), Required: f%3 == 0}
				for o := range 12 * (f % 3) {
					x.Kind = bot.Choice
					x.Options = append(x.Options, bot.Option{Value: fmt.Sprint(o), Label: strings.Repeat("ö", 120)})
				}
				d.Fields = append(d.Fields, x)
			}
			list = append(list, d)
		}
	}
	list = append(list, bot.Declared{Name: "Über Straße näher ans-Ziel und noch viel weiter als erlaubt"}, bot.Declared{Name: "group1"}, bot.Declared{Name: "x", Short: "group1"})
	commands, _ := registry(list, "rapport")
	kinds := map[int]int{}
	names := map[string]bool{}
	for _, c := range commands {
		kinds[c.Kind]++
		key := fmt.Sprint(c.Kind, c.Name)
		if names[key] || size(c.Name) > 32 || c.weight() > maxCommand || len(c.Options) > 25 {
			t.Errorf("%s: twice %v, weight %d, %d options", c.Name, names[key], c.weight(), len(c.Options))
		}
		names[key] = true
		each(c.Options, func(o *option1) {
			if size(o.Name) > 32 || o.Name == "" || o.Description == "" || size(o.Description) > 100 || len(o.Options) > 25 || len(o.Choices) > 25 || o.Autocomplete && len(o.Choices) > 0 || o.Name != strings.ToLower(o.Name) {
				t.Errorf("%s: %+v", c.Name, o)
			}
			optional := false
			for _, x := range o.Options {
				if x.Required && optional {
					t.Errorf("%s %s: required after optional", c.Name, o.Name)
				}
				optional = optional || !x.Required
			}
		})
	}
	if kinds[1] > 100 || kinds[2] > 15 || kinds[3] > 15 {
		t.Fatalf("%v", kinds)
	}
	// The strict Discord takes it too, as far as it goes in one day (200 creates).
	r := start(t, setup{})
	if err := r.n.Declare(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

func TestCatalogLeadsBack(t *testing.T) {
	t.Parallel()
	_, c := registry([]bot.Declared{{Name: "job open", Fields: []bot.Field{{Name: "Job Title"}}}, {Name: "job"}, {Name: "undo"}}, "rapport")
	name, args := c.command([]string{"job", "open"}, map[string]string{"job-title": "Engineer"})
	if name != "job open" || args["Job Title"] != "Engineer" || len(args) != 1 || c.field([]string{"job", "open"}, "job-title") != "Job Title" {
		t.Fatalf("%s %v", name, args)
	}
	for path, want := range map[string]string{"rapport job": "job", "rapport undo": "undo", "undo": "undo", "rapport later thing": "later thing", "never heard": "never heard"} {
		if got, _ := c.command(strings.Fields(path), nil); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}
