package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"rapport/adapters/discord/discordtest"
)

// stage is a world with a guild, a channel, Ada, a registered command and a
// gateway connection whose interactions a test answers itself.
type stage struct {
	d       *discordtest.Server
	w       *wire
	guild   *discordtest.Guild
	general *discordtest.Channel
	ada     *discordtest.Human
	came    chan object
}

func newStage(t *testing.T) *stage {
	t.Helper()
	d := discordtest.New(t, discordtest.Options{NoLimits: true})
	g := d.Guild("Acme")
	st := &stage{d: d, w: newWire(t, d), guild: g, general: g.Text("general"), ada: g.Member("Ada"), came: make(chan object, 16)}
	st.w.call("PUT", "/applications/"+d.App().ID+"/commands", []any{
		object{"name": "candidate", "description": "Candidates", "options": []any{object{"type": 1, "name": "move", "description": "Move", "options": []any{
			object{"type": 3, "name": "candidate", "description": "Who", "required": true, "autocomplete": true},
			object{"type": 3, "name": "to", "description": "Stage", "choices": []any{object{"name": "Onsite", "value": "onsite"}}},
			object{"type": 4, "name": "days", "description": "Days", "min_value": 1, "max_value": 30},
			object{"type": 6, "name": "who", "description": "Person"},
		}}}},
		object{"name": "help", "description": "Help"},
		object{"name": "Add note", "type": 3},
		object{"name": "Invite", "type": 2},
	}).must(t)
	gate, _ := st.w.connect(plainIntents)
	st.w.serve(gate, func(in object) { st.came <- in })
	return st
}

// ask runs a command in the background and gives the interaction as the app
// gets it, and the person's side when it has settled.
func (st *stage) ask(do func() *discordtest.Exchange) (object, chan *discordtest.Exchange) {
	done := make(chan *discordtest.Exchange, 1)
	go func() { done <- do() }()
	return <-st.came, done
}

func (st *stage) help() (object, chan *discordtest.Exchange) {
	return st.ask(func() *discordtest.Exchange { return st.ada.Slash(st.general, "help", nil) })
}

// press posts a message with a button and presses it.
func (st *stage) press(t *testing.T) (object, chan *discordtest.Exchange) {
	t.Helper()
	st.w.call("POST", "/channels/"+st.general.ID+"/messages", object{"content": "card", "components": []any{row(button("Go", "go"))}}).must(t)
	return st.ask(func() *discordtest.Exchange { return st.ada.Press("Go") })
}

func (st *stage) hook(in object) string {
	return "/webhooks/" + st.d.App().ID + "/" + in["token"].(string)
}

func modalOf(c ...any) object {
	return object{"type": 9, "data": object{"custom_id": "f", "title": "Form", "components": c}}
}

func label(text string, c object) object { return object{"type": 18, "label": text, "component": c} }

func input(id string) object { return object{"type": 4, "custom_id": id, "style": 1} }

func TestInteractionRefusals(t *testing.T) {
	t.Parallel()
	say := object{"type": 4, "data": object{"content": "done"}}
	cases := []struct {
		name string
		code int
		do   func(t *testing.T, st *stage) reply
	}{
		{"unknown interaction", 10062, func(t *testing.T, st *stage) reply {
			return st.w.call("POST", "/interactions/1/abc/callback", say)
		}},
		{"the fourth second", 10062, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.d.Advance(3100 * time.Millisecond)
			if x := <-done; x.Failed() == "" {
				t.Error("the client shows no failure")
			}
			return st.w.answer(in, say)
		}},
		{"answered twice", 40060, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, say).must(t)
			<-done
			return st.w.answer(in, say)
		}},
		{"modal after a defer", 40060, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, object{"type": 5}).must(t)
			<-done
			return st.w.answer(in, modalOf(label("Why", input("why"))))
		}},
		{"update of nothing", 50035, func(t *testing.T, st *stage) reply {
			in, _ := st.help()
			return st.w.answer(in, object{"type": 7, "data": object{"content": "x"}})
		}},
		{"deferred update of nothing", 50035, func(t *testing.T, st *stage) reply {
			in, _ := st.help()
			return st.w.answer(in, object{"type": 6})
		}},
		{"choices for a command", 50035, func(t *testing.T, st *stage) reply {
			in, _ := st.help()
			return st.w.answer(in, object{"type": 8, "data": object{"choices": []any{}}})
		}},
		{"pong for a command", 50035, func(t *testing.T, st *stage) reply {
			in, _ := st.help()
			return st.w.answer(in, object{"type": 1})
		}},
		{"type missing", 50035, func(t *testing.T, st *stage) reply {
			in, _ := st.help()
			return st.w.answer(in, object{"data": object{"content": "x"}})
		}},
		{"no content", 50006, func(t *testing.T, st *stage) reply {
			in, _ := st.help()
			return st.w.answer(in, object{"type": 4, "data": object{"flags": 64}})
		}},
		{"content over 2000", 50035, func(t *testing.T, st *stage) reply {
			in, _ := st.help()
			return st.w.answer(in, object{"type": 4, "data": content(text(2001))})
		}},
		{"modal from a modal", 50035, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, modalOf(label("Why", object{"type": 4, "custom_id": "why", "style": 1, "required": false}))).must(t)
			<-done
			in, _ = st.ask(st.ada.SubmitModal)
			return st.w.answer(in, modalOf(label("Why", input("why"))))
		}},
		{"update after a modal that a command opened", 50035, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, modalOf(label("Why", object{"type": 4, "custom_id": "why", "style": 1, "required": false}))).must(t)
			<-done
			in, _ = st.ask(st.ada.SubmitModal)
			return st.w.answer(in, object{"type": 7, "data": object{"content": "x"}})
		}},
		{"26 choices", 50035, func(t *testing.T, st *stage) reply { return st.suggest(26, "v") }},
		{"choice value over 100", 50035, func(t *testing.T, st *stage) reply { return st.suggest(1, text(101)) }},
		{"choice of another type", 50035, func(t *testing.T, st *stage) reply { return st.suggest(1, 7) }},
		{"message for suggestions", 50035, func(t *testing.T, st *stage) reply {
			go st.ada.Autocomplete(st.general, "candidate move", "candidate", "a")
			return st.w.answer(<-st.came, say)
		}},
		{"follow-up before the first answer", 10015, func(t *testing.T, st *stage) reply {
			in, _ := st.help()
			return st.w.call("POST", st.hook(in), content("x"))
		}},
		{"token after fifteen minutes", 50027, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, say).must(t)
			<-done
			st.d.Advance(15*time.Minute + time.Second)
			return st.w.call("PATCH", st.hook(in)+"/messages/@original", content("y"))
		}},
		{"follow-up with a made up token", 50027, func(t *testing.T, st *stage) reply {
			return st.w.call("POST", "/webhooks/"+st.d.App().ID+"/nope", content("x"))
		}},
		{"original of a modal", 10008, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, modalOf(label("Why", input("why")))).must(t)
			<-done
			return st.w.call("PATCH", st.hook(in)+"/messages/@original", content("y"))
		}},
		{"ephemeral reply fetched from the channel", 10008, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, object{"type": 4, "data": object{"content": "secret", "flags": 64}}).must(t)
			m := (<-done).Reply()
			return st.w.call("GET", "/channels/"+st.general.ID+"/messages/"+m.ID, nil)
		}},
		{"ephemeral reply deleted after its token ended", 50027, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, object{"type": 4, "data": object{"content": "secret", "flags": 64}}).must(t)
			<-done
			st.d.Advance(16 * time.Minute)
			return st.w.call("DELETE", st.hook(in)+"/messages/@original", nil)
		}},
		{"V2 flag taken away", 50035, func(t *testing.T, st *stage) reply {
			in, done := st.help()
			st.w.answer(in, object{"type": 4, "data": v2(words("x"))}).must(t)
			<-done
			return st.w.call("PATCH", st.hook(in)+"/messages/@original", object{"flags": 0, "components": []any{words("y")}})
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			if r := c.do(t, st); r.code != c.code {
				t.Fatalf("%s, want %d", r, c.code)
			}
			if faults := st.d.Faults(); !find(faults, discordtest.Refused, c.code, "") {
				t.Fatalf("not written down: %v", faults)
			}
		})
	}
}

func (st *stage) suggest(n int, value any) reply {
	go st.ada.Autocomplete(st.general, "candidate move", "candidate", "a")
	in := <-st.came
	return st.w.answer(in, object{"type": 8, "data": object{"choices": repeat(n, func(int) any { return object{"name": "n", "value": value} })}})
}

func TestModalRefusals(t *testing.T) {
	t.Parallel()
	long := object{"type": 9, "data": object{"custom_id": "f", "title": text(46), "components": []any{label("a", input("a"))}}}
	set := func(o object, k string, v any) object { o[k] = v; return o }
	options := func(n int) []any {
		return repeat(n, func(i int) any { return object{"label": "o", "value": string(rune('a' + i))} })
	}
	for name, body := range map[string]object{
		"title over 45":          long,
		"no components":          modalOf(),
		"six components":         modalOf(repeat(6, func(i int) any { return label("l", input(string(rune('a'+i)))) })...),
		"label over 45":          modalOf(label(text(46), input("a"))),
		"description over 100":   modalOf(set(label("l", input("a")), "description", text(101))),
		"custom_id twice":        modalOf(label("l", input("a")), label("m", input("a"))),
		"placeholder over 100":   modalOf(label("l", set(input("a"), "placeholder", text(101)))),
		"value over 4000":        modalOf(label("l", set(input("a"), "value", text(4001)))),
		"value over max_length":  modalOf(label("l", set(set(input("a"), "value", "abc"), "max_length", 2))),
		"min over max":           modalOf(label("l", set(set(input("a"), "min_length", 9), "max_length", 2))),
		"row without label":      modalOf(row(input("a"))),
		"button in a modal":      modalOf(row(button("a", "b"))),
		"bare text input":        modalOf(input("a")),
		"disabled menu":          modalOf(label("l", set(menu(2), "disabled", true))),
		"radio of one":           modalOf(label("l", object{"type": 21, "custom_id": "r", "options": options(1)})),
		"radio of eleven":        modalOf(label("l", object{"type": 21, "custom_id": "r", "options": options(11)})),
		"eleven checkboxes":      modalOf(label("l", object{"type": 22, "custom_id": "r", "options": options(11)})),
		"upload of eleven":       modalOf(label("l", object{"type": 19, "custom_id": "u", "max_values": 11})),
		"required but may be 0":  modalOf(label("l", object{"type": 22, "custom_id": "r", "options": options(2), "min_values": 0})),
		"label inside the label": modalOf(label("l", set(input("a"), "label", "x"))),
		"custom_id over 100":     {"type": 9, "data": object{"custom_id": text(101), "title": "t", "components": []any{label("a", input("a"))}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			in, _ := st.help()
			if r := st.w.answer(in, body); r.code != 50035 || !strings.Contains(r.body, `"errors":{"data":`) {
				t.Fatalf("%s, want 50035 below data", r)
			}
		})
	}
}
