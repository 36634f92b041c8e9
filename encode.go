package instagram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// encodable is what pointers to models have; the canonical generation goes out by it.
type encodable interface{ encode(*encoder) }

// marshal writes a model as its MarshalJSON.
func marshal(model encodable) ([]byte, error) {
	e := encoders.Get().(*encoder)
	*e = encoder{data: e.data[:0], names: e.names[:0]}
	model.encode(e)
	data, err := bytes.Clone(e.data), e.err
	if cap(e.data) <= pooledLength {
		encoders.Put(e)
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

var encoders = sync.Pool{New: func() any { return new(encoder) }}

// An encoder writes models in the canonical generation: the members of
// protocol and Swagger always, those seen beside them where they say something,
// and then what Extra holds.
type encoder struct {
	data  []byte
	names []string // of the members written, of each object that is open
	err   error
}

// open begins an object. What it returns is for close.
func (e *encoder) open() (members int) {
	e.data = append(e.data, '{')
	return len(e.names)
}

// close ends the object with those members of extra that are not written yet:
// a field goes before what extra holds for it.
func (e *encoder) close(members int, extra map[string]json.RawMessage) {
	for _, name := range sortedNames(extra) {
		if slices.Contains(e.names[members:], name) {
			continue
		}
		value := jsontext.Value(extra[name])
		if value == nil {
			value = jsontext.Value("null")
		}
		if !value.IsValid(syntax...) {
			e.fail(fmt.Errorf("instagram: the extra member %.40q is not JSON", name))
		}
		e.name(name)
		e.data = append(e.data, value...)
	}
	e.names = e.names[:members]
	e.data = append(e.data, '}')
}

// sortedNames lists the keys of a map, of which most are empty.
func sortedNames[T any](m map[string]T) []string {
	if len(m) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}

func (e *encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// name begins a member.
func (e *encoder) name(name string) {
	e.names = append(e.names, name)
	e.separate('{')
	e.quote(name)
	e.data = append(e.data, ':')
}

// separate writes the comma between two members, or elements.
func (e *encoder) separate(opening byte) {
	if e.data[len(e.data)-1] != opening {
		e.data = append(e.data, ',')
	}
}

// quote writes a string. The error of jsontext says that it had invalid UTF-8,
// for which U+FFFD stands now, as with encoding/json.
func (e *encoder) quote(text string) {
	e.data, _ = jsontext.AppendQuote(e.data, text)
}

func (e *encoder) string(name, text string) {
	e.name(name)
	e.quote(text)
}

func (e *encoder) int(name string, n int) {
	e.name(name)
	e.data = strconv.AppendInt(e.data, int64(n), 10)
}

func (e *encoder) bool(name string, b bool) {
	e.name(name)
	e.data = strconv.AppendBool(e.data, b)
}

func (e *encoder) float(name string, f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		e.fail(fmt.Errorf("instagram: %s is %v, which JSON has no number for", name, f))
	}
	e.name(name)
	e.data = jsontext.AppendFloat(e.data, f, 64)
}

// time writes a UNIX time as the string that the API made of it, and null for none.
func (e *encoder) time(name string, t time.Time) {
	if t.IsZero() {
		e.null(name)
		return
	}
	e.string(name, formatTime(t))
}

func (e *encoder) null(name string) {
	e.name(name)
	e.data = append(e.data, "null"...)
}

// optionalString writes a member that is absent rather than empty.
func (e *encoder) optionalString(name, text string) {
	if text != "" {
		e.string(name, text)
	}
}

// optionalBool writes a member that is absent rather than false.
func (e *encoder) optionalBool(name string, b bool) {
	if b {
		e.bool(name, b)
	}
}

// model writes a member that is an object.
func (e *encoder) model(name string, model encodable) {
	e.name(name)
	model.encode(e)
}

// encodeSlice writes a list, and null for none.
func encodeSlice[T any, P interface {
	*T
	encodable
}](e *encoder, name string, list []T) {
	if list == nil {
		e.null(name)
		return
	}
	e.name(name)
	e.data = append(e.data, '[')
	for i := range list {
		e.separate('[')
		P(&list[i]).encode(e)
	}
	e.data = append(e.data, ']')
}
