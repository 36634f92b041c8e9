package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// What follows looks into JSON without making values of it: into which members an object has, most
// of all. It does not check what it passes over; what is taken out is checked where it is read.

// An object is the members of a JSON object, in their order.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

var errNotJSON = errors.New("it is not JSON")

// maxMembers bounds the members of an object that is looked into.
const maxMembers = 1 << 20

// parseObject splits an object into its members.
func parseObject(raw []byte) (object, error) {
	i := skipSpace(raw, 0)
	if i == len(raw) || raw[i] != '{' {
		return nil, errNotJSON
	}
	var o object
	for i++; ; {
		i = skipSpace(raw, i)
		switch {
		case i == len(raw):
			return nil, errNotJSON
		case raw[i] == '}':
			return o, nil
		case raw[i] == ',' && len(o) > 0:
			i = skipSpace(raw, i+1)
		}
		end := skipString(raw, i)
		if end < 0 {
			return nil, errNotJSON
		}
		name := stringOf(raw[i:end])
		i = skipSpace(raw, end)
		if i == len(raw) || raw[i] != ':' {
			return nil, errNotJSON
		}
		i = skipSpace(raw, i+1)
		end = skipValue(raw, i)
		if end < 0 {
			return nil, errNotJSON
		}
		if o = append(o, member{name, raw[i:end]}); len(o) > maxMembers {
			return nil, fmt.Errorf("an object of over %d members", maxMembers)
		}
		i = end
	}
}

// get returns a member, or nil.
func (o object) get(name string) json.RawMessage {
	for i := range o {
		if o[i].name == name {
			return o[i].value
		}
	}
	return nil
}

func (o object) has(names ...string) bool {
	for _, name := range names {
		if o.get(name) == nil {
			return false
		}
	}
	return true
}

// text returns a member that is a string or a number as text.
func (o object) text(names ...string) string {
	for _, name := range names {
		if s := stringOf(o.get(name)); s != "" {
			return s
		}
	}
	return ""
}

// object returns a member that is an object, or nil.
func (o object) object(name string) object {
	inner, err := parseObject(o.get(name))
	if err != nil {
		return nil
	}
	return inner
}

// count returns a member that counts something, or 0.
func (o object) count(name string) int {
	n, _ := numberOf(o.get(name))
	return int(max(n, 0))
}

// without returns the members but those of these names, for an Extra.
func (o object) without(names ...string) map[string]json.RawMessage {
	var rest map[string]json.RawMessage
next:
	for _, m := range o {
		for _, name := range names {
			if m.name == name {
				continue next
			}
		}
		if isNull(m.value) || !json.Valid(m.value) {
			continue
		}
		if rest == nil {
			rest = map[string]json.RawMessage{}
		}
		rest[m.name] = compact(m.value)
	}
	return rest
}

// compact returns a copy without white space.
func compact(raw []byte) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return nil
	}
	return b.Bytes()
}

func isNull(raw []byte) bool { return len(raw) > 0 && raw[0] == 'n' }

func isObject(raw []byte) bool { return len(raw) > 0 && raw[0] == '{' }

func isArray(raw []byte) bool { return len(raw) > 0 && raw[0] == '[' }

// elements returns the elements of an array, and none of anything else.
func elements(raw []byte) []json.RawMessage {
	if !isArray(raw) {
		return nil
	}
	var list []json.RawMessage
	for i := 1; ; {
		for i = skipSpace(raw, i); i < len(raw) && raw[i] == ','; {
			i = skipSpace(raw, i+1)
		}
		if i >= len(raw) || raw[i] == ']' {
			return list
		}
		end := skipValue(raw, i)
		if end < 0 {
			return list
		}
		list = append(list, raw[i:end])
		i = end
	}
}

// objects returns the elements of an array that are objects.
func objects(raw []byte) []object {
	var list []object
	for _, element := range elements(raw) {
		if o, err := parseObject(element); err == nil {
			list = append(list, o)
		}
	}
	return list
}

// stringOf is what a string holds, or how a number is written.
func stringOf(raw []byte) string {
	if len(raw) < 2 && !isDigit(raw) {
		return ""
	}
	if raw[0] == '"' {
		if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 {
			return strings.ToValidUTF8(string(inner), "\uFFFD")
		}
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return s
	}
	if raw[0] == '-' || isDigit(raw) {
		return string(raw)
	}
	return ""
}

// isDigit says whether raw starts with a digit.
func isDigit(raw []byte) bool { return len(raw) > 0 && '0' <= raw[0] && raw[0] <= '9' }

// numberOf is a number, as such or in a string.
func numberOf(raw []byte) (int64, bool) {
	s := stringOf(raw)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) > 1<<53 || math.IsNaN(f) {
		return 0, false
	}
	return int64(f), true
}

// floatOf is a number that JSON can say, or 0.
func floatOf(raw []byte) float64 {
	f, err := strconv.ParseFloat(stringOf(raw), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// seconds is a UNIX time; the zero time where there is none, or one that no calendar has.
func seconds(raw []byte) time.Time {
	n, ok := numberOf(raw)
	if !ok || n <= 0 || n >= 253402300800 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// rawString writes a string as JSON.
func rawString(s string) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skipString returns where the string ends that begins at i, or -1.
func skipString(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return -1
	}
	for i++; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}

// skipValue returns where the value ends that begins at i, or -1.
func skipValue(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch c := b[i]; {
	case c == '"':
		return skipString(b, i)
	case c == '{', c == '[':
		return skipNested(b, i)
	case c == ',', c == ':', c == '}', c == ']':
		return -1
	}
	start := i
	for i < len(b) && classes[b[i]] == plain {
		i++
	}
	if i == start {
		return -1
	}
	return i
}

func skipNested(b []byte, i int) int {
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			end := skipString(b, i)
			if end < 0 {
				return -1
			}
			i = end - 1
		}
	}
	return -1
}
