package bot

import (
	"encoding/json"
	"reflect"
)

// FileList writes files as the value of an upload field, so that they stay with their
// act through further steps: where they lie, never what is in them.
func FileList(files []File) string {
	if len(files) == 0 {
		return ""
	}
	raw, err := json.Marshal(files)
	if err != nil {
		return ""
	}
	return string(raw)
}

// Files reads what FileList wrote; nil when it is something else.
func Files(value string) []File {
	var out []File
	if json.Unmarshal([]byte(value), &out) != nil {
		return nil
	}
	return out
}

// with is the act with the files that came along. A field nothing was sent for keeps
// what it has.
func (c *command) with(act any, files map[string][]File) any {
	if len(files) == 0 {
		return act
	}
	v := reflect.New(c.typ).Elem()
	v.Set(reflect.ValueOf(act))
	for name, list := range files {
		if f, ok := c.field(name); ok && f.Kind == Upload && len(list) > 0 && v.FieldByIndex(f.index).Kind() == reflect.String {
			v.FieldByIndex(f.index).SetString(FileList(list))
		}
	}
	return v.Interface()
}
