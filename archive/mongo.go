package archive

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// isExtended says whether there may be values of MongoDB's Extended JSON in a text, as mongoexport
// writes them: {"$numberLong": "1"}.
func isExtended(raw []byte) bool {
	for i := 0; ; { // a dollar is rare, and found fast
		next := bytes.IndexByte(raw[i:], '$')
		if next < 0 {
			return false
		}
		i += next + 1
		name := raw[i:min(len(raw), i+len("number"))]
		if i > 1 && raw[i-2] == '"' && (string(name) == "number" || bytes.HasPrefix(name, []byte("oid")) || bytes.HasPrefix(name, []byte("date"))) {
			return true
		}
	}
}

// plainJSON makes plain JSON of Extended JSON, without the _id that MongoDB adds.
func plainJSON(raw []byte) ([]byte, object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, nil, err
	}
	if o, ok := v.(map[string]any); ok {
		delete(o, "_id")
	}
	text, err := json.Marshal(plainValueOf(v))
	if err != nil {
		return nil, nil, err
	}
	o, err := parseObject(text)
	return text, o, err
}

func plainValueOf(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = plainValueOf(v[i])
		}
	case map[string]any:
		if len(v) == 1 {
			for name, inner := range v {
				if plain, ok := extendedValue(name, inner); ok {
					return plain
				}
			}
		}
		for name := range v {
			v[name] = plainValueOf(v[name])
		}
	}
	return v
}

// extendedValue is what an object of Extended JSON stands for.
func extendedValue(name string, inner any) (any, bool) {
	text, _ := inner.(string)
	switch name {
	case "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal":
		if _, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
			return json.Number(text), true
		}
		return text, text != ""
	case "$oid", "$symbol":
		return text, true
	case "$date":
		switch inner := inner.(type) {
		case string:
			if t, err := time.Parse(time.RFC3339, inner); err == nil {
				return strconv.FormatInt(t.Unix(), 10), true
			}
		case json.Number:
			if ms, err := inner.Int64(); err == nil {
				return strconv.FormatInt(ms/1000, 10), true
			}
		case map[string]any:
			if ms, ok := inner["$numberLong"].(string); ok {
				return extendedValue("$date", json.Number(ms))
			}
		}
	}
	return nil, false
}
