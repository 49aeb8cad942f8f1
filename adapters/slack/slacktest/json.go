package slacktest

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// obj is a JSON object as it travels.
type obj = map[string]any

func str(v any) string   { s, _ := v.(string); return s }
func truth(v any) bool   { b, _ := v.(bool); return b }
func object(v any) obj   { o, _ := v.(obj); return o }
func list(v any) []any   { l, _ := v.([]any); return l }
func runes(s string) int { return utf8.RuneCountInString(s) }

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case string:
		f, err := strconv.ParseFloat(n, 64)
		return f, err == nil
	}
	return 0, false
}

// clone copies a JSON value, so that what a caller holds never changes under it.
func clone[T any](v T) T {
	var out T
	raw, err := json.Marshal(v)
	if err != nil || json.Unmarshal(raw, &out) != nil {
		return v
	}
	return out
}

func equalJSON(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func marshal(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // only maps, slices and strings of our own making come here
	}
	return raw
}

// orNull turns "" into JSON null, as Slack does for absent ids.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func stringsOf(v any) []string {
	var out []string
	for _, x := range list(v) {
		out = append(out, str(x))
	}
	return out
}
