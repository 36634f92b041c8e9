package graph

import (
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/encode"
)

// A field writes a value of a node, or nothing if the node does not have it.
type field[N any] func(b []byte, n N) []byte

// A schema is the fields that the nodes of a kind have.
type schema[N any] struct {
	fields map[string]field[N]
	// nested are the fields that can have fields of their own, in braces. They make a field of what
	// stands there.
	nested map[string]func(fields string) (field[N], *apiError)
}

// selection is the fields that are asked for, in their order.
type selection[N any] []selectedField[N]

type selectedField[N any] struct {
	name  string
	write field[N]
}

// read reads the fields parameter, as in id,media_type,children{id,media_url}. The id is always
// there; without the parameter, the fields are those of the default.
func (s schema[N]) read(text, byDefault string) (selection[N], *apiError) {
	if strings.TrimSpace(text) == "" {
		text = byDefault
	}
	var fields selection[N]
	for text = strings.TrimSpace(text); text != ""; {
		end := strings.IndexAny(text, ",{")
		if end < 0 {
			end = len(text)
		}
		name, inner, braces := strings.TrimSpace(text[:end]), "", false
		nested := s.nested[name]
		if end < len(text) && text[end] == '{' {
			var rest string
			if inner, rest, braces = braced(text[end:]); !braces || nested == nil || rest != "" && rest[0] != ',' {
				return nil, badParameter("Syntax error in the fields parameter: %q", text)
			}
			text = rest
		} else {
			text = text[end:]
		}
		if text != "" {
			text = strings.TrimSpace(text[1:])
		}
		write, ok := s.fields[name]
		if nested != nil {
			var failed *apiError
			if write, failed = nested(inner); failed != nil {
				return nil, failed
			}
		} else if !ok {
			return nil, badParameter("Tried accessing nonexisting field (%s)", name)
		}
		if !fields.has(name) {
			fields = append(fields, selectedField[N]{name, write})
		}
	}
	if !fields.has("id") {
		fields = append(fields, selectedField[N]{"id", s.fields["id"]})
	}
	return fields, nil
}

// braced cuts a text that begins with a brace behind the one that closes it.
func braced(text string) (inner, rest string, ok bool) {
	depth := 0
	for i, c := range []byte(text) {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[1:i], strings.TrimSpace(text[i+1:]), true
			}
		}
	}
	return "", "", false
}

func (fields selection[N]) has(name string) bool {
	return slices.ContainsFunc(fields, func(f selectedField[N]) bool { return f.name == name })
}

// append writes the node with those of the fields that it has.
func (fields selection[N]) append(b []byte, n N) []byte {
	b = append(b, '{')
	for _, f := range fields {
		before := len(b)
		if b[before-1] != '{' {
			b = append(b, ',')
		}
		b = encode.ASCII(b, f.name)
		b = append(b, ':')
		empty := len(b)
		if b = f.write(b, n); len(b) == empty {
			b = b[:before]
		}
	}
	return append(b, '}')
}

// data writes nodes as the member data of an object.
func data[N any](b []byte, nodes []N, fields selection[N]) []byte {
	b = append(b, `{"data":`...)
	b = encode.List(b, nodes, fields.append)
	return append(b, '}')
}
