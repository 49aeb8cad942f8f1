package discordtest

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// obj is a JSON object as decoded or about to be encoded. Numbers that came
// over the wire are json.Number, so that ids and permissions keep all digits.
type obj = map[string]any

func sub(o obj, key string) obj { v, _ := o[key].(obj); return v }

func list(o obj, key string) []any { v, _ := o[key].([]any); return v }

func str(o obj, key string) string { v, _ := o[key].(string); return v }

func truth(o obj, key string) bool { v, _ := o[key].(bool); return v }

func has(o obj, key string) bool { v, ok := o[key]; return ok && v != nil }

// integer reads a number in any of its decoded forms; def when absent.
func integer(o obj, key string, def int) int {
	switch v := o[key].(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
	case int:
		return v
	case float64:
		return int(v)
	}
	return def
}

func objects(items []any) []obj {
	var all []obj
	for _, it := range items {
		if o, ok := it.(obj); ok {
			all = append(all, o)
		}
	}
	return all
}

// size counts characters as this fake does: Unicode code points.
func size(s string) int { return utf8.RuneCountInString(s) }

// clone is a deep copy, so that stored JSON is never shared with a caller.
func clone(v any) any {
	switch v := v.(type) {
	case obj:
		c := make(obj, len(v))
		for k, x := range v {
			c[k] = clone(x)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, x := range v {
			c[i] = clone(x)
		}
		return c
	}
	return v
}

func itoa(n int) string { return strconv.Itoa(n) }

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
