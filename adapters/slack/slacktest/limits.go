package slacktest

import (
	"fmt"
	"slices"
)

// surface is where blocks are shown; not every block is allowed everywhere.
type surface int

const (
	onMessage surface = iota
	onModal
	onHome
)

var maxBlocks = map[surface]int{onMessage: 50, onModal: 100, onHome: 100}

// onlyOnMessages and onlyOnModals are the blocks that other surfaces refuse.
var onlyOnMessages = []string{"markdown", "table", "data_table", "data_visualization", "context_actions", "task_card", "plan", "carousel"}
var onlyOnModals = []string{"alert"}

// checker walks blocks with Slack's limits, which the types do not hold.
// Sources: docs.slack.dev/reference/block-kit. Lengths are counted in code points.
type checker struct {
	on       surface
	wrong    []string
	ids      map[string]string // block_id → where it was first seen
	markdown int
	charts   int
	focus    int
}

func (k *checker) say(at, format string, args ...any) {
	k.wrong = append(k.wrong, fmt.Sprintf(format, args...)+where(at))
}

// checkBlocks returns what Slack would object to, as its response_metadata messages.
func checkBlocks(blocks []any, on surface, at string) []string {
	k := &checker{on: on, ids: map[string]string{}}
	if len(blocks) > maxBlocks[on] {
		k.say(at, "no more than %d items allowed", maxBlocks[on])
	}
	if len(blocks) == 0 && on != onMessage {
		k.say(at, "no less than 1 items allowed")
	}
	for i, b := range blocks {
		k.block(b, pointer(at, i))
	}
	if k.markdown > 12000 {
		k.say(at, "markdown blocks must be less than 12001 characters in all")
	}
	if k.charts > 2 {
		k.say(at, "no more than 2 data_visualization blocks allowed")
	}
	if k.focus > 1 {
		k.say(at, "only one element may have focus_on_load")
	}
	return k.wrong
}

// checkViewJSON checks a view as views.open and its kin do.
func checkViewJSON(v obj, want string) []string {
	r := loadRules()
	if got := str(v["type"]); got != want {
		return []string{"must be " + want + where("/view/type")}
	}
	rule, on := r.modal, onModal
	if want == "home" {
		rule, on = r.home, onHome
	}
	k := &checker{on: on, ids: map[string]string{}}
	k.wrong = conform(rule, v, "/view")
	for _, field := range []string{"title", "submit", "close"} {
		if v[field] != nil {
			k.text(v[field], "/view/"+field, 24, plainOnly)
		}
	}
	for field, most := range map[string]int{"private_metadata": 3000, "callback_id": 255, "external_id": 255} {
		if n := runes(str(v[field])); n > most {
			k.say("/view/"+field, "must be less than %d characters", most+1)
		}
	}
	blocks := list(v["blocks"])
	k.wrong = append(k.wrong, checkBlocks(blocks, on, "/view/blocks")...)
	hasInput := slices.ContainsFunc(blocks, func(b any) bool { return str(object(b)["type"]) == "input" })
	if want == "modal" && hasInput && v["submit"] == nil {
		k.say("/view/submit", "must define `submit` to use an `input` block in modals")
	}
	if truth(v["submit_disabled"]) {
		k.say("/view/submit_disabled", "only allowed in configuration modals")
	}
	return k.wrong
}

func checkMetadata(v any) []string {
	return conform(loadRules().metadata, v, "/metadata")
}

// checkMenu checks the answer to a block_suggestion.
func checkMenu(v obj) []string {
	k := &checker{}
	k.wrong = conform(loadRules().menus, v, "")
	k.menu(v, "", 0, 100)
	return k.wrong
}

type textKind int

const (
	anyText textKind = iota
	plainOnly
	mrkdwnOnly
)

// text checks a text object; zero length is an error everywhere.
func (k *checker) text(v any, at string, most int, kind textKind) {
	o := object(v)
	if o == nil {
		k.say(at, "must be a text object")
		return
	}
	switch t := str(o["type"]); {
	case t != "plain_text" && t != "mrkdwn":
		k.say(at+"/type", "must be a valid enum value")
	case kind == plainOnly && t != "plain_text":
		k.say(at+"/type", "must be plain_text")
	case kind == mrkdwnOnly && t != "mrkdwn":
		k.say(at+"/type", "must be mrkdwn")
	case t == "mrkdwn" && o["emoji"] != nil:
		k.say(at+"/emoji", "invalid additional property: emoji")
	case t == "plain_text" && o["verbatim"] != nil:
		k.say(at+"/verbatim", "invalid additional property: verbatim")
	}
	k.length(o["text"], at+"/text", 1, most)
}

// length checks a string that is given.
func (k *checker) length(v any, at string, least, most int) {
	s, isText := v.(string)
	if !isText {
		return // the schema speaks of types and of what is missing
	}
	if n := runes(s); n < least {
		k.say(at, "must be more than %d characters", least-1)
	} else if n > most {
		k.say(at, "must be less than %d characters", most+1)
	}
}

// optional checks a text object where there is one.
func (k *checker) optional(v any, at string, most int, kind textKind) {
	if v != nil {
		k.text(v, at, most, kind)
	}
}

func (k *checker) count(n int, at string, least, most int) {
	if n < least {
		k.say(at, "no less than %d items allowed", least)
	} else if n > most {
		k.say(at, "no more than %d items allowed", most)
	}
}
