package discordtest

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// openapi holds the request and response schemas of the routes served here,
// cut out of Discord's published OpenAPI document (MIT licence).
//
//go:embed schema/openapi.json.gz
var openapi []byte

// schemas compiles a route's schema when it is first needed.
type schemas struct {
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	names    map[string]string // "request POST /channels/…" → name in $defs
	compiled map[string]*jsonschema.Schema
}

var loadSchemas = sync.OnceValue(func() *schemas {
	z, err := gzip.NewReader(bytes.NewReader(openapi))
	if err != nil {
		panic("embedded Discord schema: " + err.Error())
	}
	doc, err := jsonschema.UnmarshalJSON(z)
	if err != nil {
		panic("embedded Discord schema: " + err.Error())
	}
	root := doc.(obj)
	defs := sub(root, "$defs")
	correct(defs)
	l := &schemas{compiler: jsonschema.NewCompiler(), names: map[string]string{}, compiled: map[string]*jsonschema.Schema{}}
	for _, part := range []string{"request", "response"} {
		for key, schema := range sub(root, part) {
			name := "op" + strconv.Itoa(len(l.names))
			l.names[part+" "+key] = name
			defs[name] = schema
		}
	}
	l.compiler.AssertFormat()
	if err := l.compiler.AddResource("mem:discord", obj{"$defs": defs}); err != nil {
		panic("embedded Discord schema: " + err.Error())
	}
	return l
})

// correct mends the document where it differs from what bots meet: content
// ends at 2000 for them, default_member_permissions is a string, and an
// attachment's id may be the bare number n of files[n].
func correct(defs obj) {
	for _, name := range []string{"MessageCreateRequest", "MessageEditRequestPartial", "BaseCreateMessageCreateRequest"} {
		if d := sub(defs, name); d != nil {
			sub(sub(d, "properties"), "content")["maxLength"] = 2000
		}
	}
	if a := sub(defs, "MessageAttachmentRequest"); a != nil {
		sub(a, "properties")["id"] = obj{"type": []any{"string", "integer"}}
	}
	for name, d := range defs {
		if !strings.HasPrefix(name, "ApplicationCommand") {
			continue
		}
		if o, ok := d.(obj); ok && sub(o, "properties") != nil && has(sub(o, "properties"), "default_member_permissions") {
			sub(o, "properties")["default_member_permissions"] = obj{"anyOf": []any{
				obj{"type": []any{"integer", "null"}}, obj{"type": "string", "pattern": "^[0-9]+$"}}}
		}
	}
}

// schema is the compiled schema of a route, nil if it has none.
func (l *schemas) schema(key string) *jsonschema.Schema {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.compiled[key]; ok {
		return s
	}
	name, ok := l.names[key]
	if !ok {
		return nil
	}
	s, err := l.compiler.Compile("mem:discord#/$defs/" + name)
	if err != nil {
		panic("embedded Discord schema: " + key + ": " + err.Error())
	}
	l.compiled[key] = s
	return s
}

// check adds what is wrong with a body to the form.
func (l *schemas) check(key string, body any, f *form) {
	s := l.schema(key)
	if s == nil {
		return
	}
	if ve, ok := errors.AsType[*jsonschema.ValidationError](s.Validate(body)); ok {
		for _, leaf := range leaves(ve) {
			code, message, at := worded(leaf)
			f.add(strings.Join(at, "."), code, message)
		}
	}
}

// leaves are the errors worth telling: of a union, those of the branch that
// was meant, which is the one whose type fits.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		var best []*jsonschema.ValidationError
		for _, c := range e.Causes {
			found := leaves(c)
			if otherBranch(e, found) {
				continue
			}
			if best == nil || len(found) < len(best) {
				best = found
			}
		}
		if best == nil {
			return []*jsonschema.ValidationError{e}
		}
		return best
	}
	var all []*jsonschema.ValidationError
	for _, c := range e.Causes {
		all = append(all, leaves(c)...)
	}
	return all
}

// otherBranch says that a union's branch was not the one meant: the value is
// of another JSON type, or its "type" field names something else.
func otherBranch(union *jsonschema.ValidationError, found []*jsonschema.ValidationError) bool {
	depth := len(union.InstanceLocation)
	for _, f := range found {
		at := f.InstanceLocation
		switch f.ErrorKind.(type) {
		case *kind.Type:
			if len(at) == depth {
				return true
			}
		case *kind.Enum, *kind.Const, *kind.OneOf, *kind.AnyOf:
			if len(at) == depth+1 && at[depth] == "type" {
				return true
			}
		}
	}
	return false
}

// worded puts an error into Discord's words.
func worded(e *jsonschema.ValidationError) (code, message string, at []string) {
	at = e.InstanceLocation
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return "BASE_TYPE_REQUIRED", "This field is required", append(append([]string(nil), at...), k.Missing[0])
	case *kind.MaxLength:
		return "BASE_TYPE_MAX_LENGTH", "Must be " + itoa(k.Want) + " or fewer in length.", at
	case *kind.MinLength:
		if k.Got == 0 {
			return "BASE_TYPE_REQUIRED", "This field is required", at
		}
		return "BASE_TYPE_MIN_LENGTH", "Must be " + itoa(k.Want) + " or more in length.", at
	case *kind.MaxItems:
		return "BASE_TYPE_MAX_LENGTH", "Must be " + itoa(k.Want) + " or fewer in length.", at
	case *kind.MinItems:
		return "BASE_TYPE_MIN_LENGTH", "Must be " + itoa(k.Want) + " or more in length.", at
	case *kind.Maximum:
		return "NUMBER_TYPE_MAX", "Value should be less than or equal to " + k.Want.RatString() + ".", at
	case *kind.Minimum:
		return "NUMBER_TYPE_MIN", "Value should be greater than or equal to " + k.Want.RatString() + ".", at
	case *kind.Enum, *kind.Const:
		return "BASE_TYPE_CHOICES", "Value is not one of the allowed choices.", at
	case *kind.OneOf, *kind.AnyOf:
		return "UNION_TYPE_CHOICES", "Value fits none of the types allowed here.", at
	case *kind.Type:
		return typeError(k), "Expected " + strings.Join(k.Want, " or ") + ", got " + k.Got + ".", at
	case *kind.Pattern:
		return "NUMBER_TYPE_COERCE", "Value \"" + k.Got + "\" is not valid here.", at
	case *kind.Format:
		return "BASE_TYPE_FORMAT", "Not a well formed " + k.Want + ".", at
	case *kind.UniqueItems:
		return "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value.", at
	}
	return "BASE_TYPE_INVALID", e.Error(), at
}

func typeError(k *kind.Type) string {
	switch k.Want[0] {
	case "object":
		return "MODEL_TYPE_CONVERT"
	case "array":
		return "LIST_TYPE_CONVERT"
	case "integer", "number":
		return "NUMBER_TYPE_COERCE"
	}
	return "BASE_TYPE_INVALID"
}
