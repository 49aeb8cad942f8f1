package slacktest

import (
	_ "embed"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// slackTypes is the JSON schema of Slack's own published types (@slack/types).
//
//go:embed schema/slack-types.schema.json
var slackTypes string

// rules are the compiled schemas, one per block type, so that an error speaks of the block the
// app meant and not of twenty alternatives.
type rules struct {
	blocks          map[string]*jsonschema.Schema
	modal, home     *jsonschema.Schema
	metadata, menus *jsonschema.Schema
}

var loadRules = sync.OnceValue(func() rules {
	raw, err := jsonschema.UnmarshalJSON(strings.NewReader(slackTypes))
	if err != nil {
		panic(err)
	}
	doc := object(raw)
	defs := object(doc["definitions"])
	closeObjects(defs)
	easeViews(defs)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("slack.json", doc); err != nil {
		panic(err)
	}
	get := func(name string) *jsonschema.Schema { return compiler.MustCompile("slack.json#/definitions/" + name) }
	r := rules{blocks: map[string]*jsonschema.Schema{"image": get("ImageBlock")}, modal: get("SlackModal"), home: get("SlackHome"),
		metadata: get("SlackMetadata"), menus: get("SlackOptionsResponse")}
	for _, one := range list(object(defs["KnownBlock"])["anyOf"]) {
		name := strings.TrimPrefix(str(object(one)["$ref"]), "#/definitions/")
		if t := str(object(object(object(defs[name])["properties"])["type"])["const"]); t != "" {
			r.blocks[t] = get(name)
		}
	}
	return r
})

// closeObjects forbids fields the types do not know: Slack refuses them too.
func closeObjects(v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			closeObjects(x)
		}
	case obj:
		if props := object(v["properties"]); props != nil && v["anyOf"] == nil {
			if _, said := v["additionalProperties"]; !said {
				v["additionalProperties"] = false
			}
		}
		for _, x := range v {
			closeObjects(x)
		}
	}
}

// easeViews corrects what the generator lost: ids and metadata of views are optional strings, and
// blocks are judged one by one.
func easeViews(defs obj) {
	for name, fields := range newer {
		for _, field := range fields {
			if props := object(object(defs[name])["properties"]); props[field] == nil {
				props[field] = obj{}
			}
		}
	}
	for _, name := range []string{"SlackModal", "SlackHome"} {
		props := object(object(defs[name])["properties"])
		for _, field := range []string{"callback_id", "external_id", "private_metadata"} {
			props[field] = obj{"type": "string"}
		}
		props["blocks"] = obj{"type": "array"}
		required := []any{"type", "blocks"}
		if name == "SlackModal" {
			required = append(required, "title")
			props["submit_disabled"] = obj{"type": "boolean"}
		}
		object(defs[name])["required"] = required
	}
}

// newer are documented fields the published types do not have yet.
var newer = map[string][]string{
	"CardBlock": {"subtext", "slack_icon"}, "RichTextList": {"offset"}, "RichTextEmoji": {"skin_tone", "unicode", "url"},
	"HeaderBlock": {"level"}, "VideoBlock": {"provider_name"},
}

// conform checks a value against a schema and speaks like Slack.
func conform(rule *jsonschema.Schema, v any, at string) []string {
	err := rule.Validate(v)
	var wrong *jsonschema.ValidationError
	if !errors.As(err, &wrong) {
		return nil
	}
	var out []string
	explain(wrong, at, &out)
	if len(out) == 0 {
		out = []string{"failed to match all allowed schemas" + where(at)}
	}
	return out
}

// explain collects the leaves of an error; of alternatives only the one whose type fits.
func explain(e *jsonschema.ValidationError, at string, out *[]string) {
	here := at
	for _, step := range e.InstanceLocation {
		here += "/" + step
	}
	say := func(text string) {
		if line := text + where(here); !slices.Contains(*out, line) {
			*out = append(*out, line)
		}
	}
	switch k := e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf:
		best := fitting(e.Causes, len(e.InstanceLocation))
		if best == nil {
			say("failed to match all allowed schemas")
			return
		}
		explain(best, at, out)
	case *kind.Required:
		for _, missing := range k.Missing {
			say("missing required field: " + missing)
		}
	case *kind.AdditionalProperties:
		for _, extra := range k.Properties {
			say("invalid additional property: " + extra)
		}
	case *kind.Type:
		say("must be a valid " + strings.Join(k.Want, " or "))
	case *kind.Const, *kind.Enum:
		say("must be a valid enum value")
	default:
		if len(e.Causes) == 0 {
			say("failed to match all allowed schemas")
		}
		for _, cause := range e.Causes {
			explain(cause, at, out)
		}
	}
}

// fitting picks the alternative that does not already fail at the value's own "type".
func fitting(all []*jsonschema.ValidationError, depth int) *jsonschema.ValidationError {
	for _, one := range all {
		if !failsAtType(one, depth) {
			return one
		}
	}
	return nil
}

func failsAtType(e *jsonschema.ValidationError, depth int) bool {
	switch k := e.ErrorKind.(type) {
	case *kind.Const, *kind.Enum:
		if len(e.InstanceLocation) == depth+1 && e.InstanceLocation[depth] == "type" {
			return true
		}
	case *kind.Type:
		if len(e.InstanceLocation) == depth {
			return true
		}
	case *kind.AnyOf, *kind.OneOf:
		if len(e.InstanceLocation) == depth {
			return fitting(e.Causes, depth) == nil
		}
	case *kind.Required:
		if len(e.InstanceLocation) == depth && slices.Contains(k.Missing, "type") {
			return true
		}
	}
	for _, cause := range e.Causes {
		if failsAtType(cause, depth) {
			return true
		}
	}
	return false
}

func where(at string) string { return " [json-pointer:" + at + "]" }

func pointer(base string, i int) string { return base + "/" + strconv.Itoa(i) }
