package wire

import (
	"strconv"
	"strings"
)

// maxPath bounds the text of a path: names come from the input.
const maxPath = 200

// Path joins the parts of a path: the names of members, separated by dots, and the indexes of
// elements in brackets, as in data[3].images.thumbnail.width. Names that hold anything but letters,
// digits, - and _ are quoted, as in data["a b"]. A long path is cut off and ends in an ellipsis.
func Path(parts ...string) string {
	var path strings.Builder
	for _, part := range parts {
		if path.Len() > 0 && part != "" && part[0] != '[' && part[0] != '.' {
			path.WriteByte('.')
		}
		path.WriteString(part)
	}
	return clip(strings.TrimPrefix(path.String(), "."))
}

// Element is the part of a path that leads to an element of an array.
func Element(index int) string { return "[" + strconv.Itoa(index) + "]" }

// Member is the part of a path that leads to a member, whose name is in quotes.
func Member(quoted []byte) string {
	d := Decoder{data: quoted}
	return string(appendName(nil, string(d.quoted(&d.name))))
}

func clip(path string) string {
	if len(path) > maxPath {
		return strings.ToValidUTF8(path[:maxPath], "") + "…"
	}
	return path
}

// appendName appends the part of a path that leads to a member.
func appendName(path []byte, name string) []byte {
	name = name[:min(len(name), maxPath+1)] // more would be cut off anyway
	plain := name != ""
	for _, c := range []byte(name) {
		plain = plain && ('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_')
	}
	if plain {
		return append(append(path, '.'), name...)
	}
	return append(strconv.AppendQuoteToASCII(append(path, '['), name), ']')
}

// A step is one part of the way to a value. It holds no text: names may be long and the way as
// well.
type step struct {
	array bool
	count int // elements that have begun, of an array
	name  int // where the name of the last member begins, of an object; 0 for none
}

// pathTo returns the path to the value at offset, or to the last one begun before data stops being
// JSON.
func pathTo(data []byte, offset int) string {
	d := &Decoder{data: data}
	d.space()
	var way []step
	for d.pos < offset && d.err == nil {
		switch c := d.Peek(); c {
		case '{', '[':
			d.pos++
			way = append(way, step{array: c == '['})
			d.space()
			if d.Peek() == c+2 {
				way = d.leave(way)
			} else {
				d.enter(way)
			}
		default:
			d.Skip()
			way = d.leave(way)
		}
		if len(way) == 0 {
			break
		}
	}
	return d.stepsPath(way)
}

// leave moves from the end of a value to the start of the next one, out of the objects and arrays
// that end between them.
func (d *Decoder) leave(way []step) []step {
	for d.err == nil && len(way) > 0 {
		d.space()
		closing := byte('}')
		if way[len(way)-1].array {
			closing = ']'
		}
		switch d.Peek() {
		case closing:
			d.pos++
			way = way[:len(way)-1]
		case ',':
			d.pos++
			d.space()
			d.enter(way)
			return way
		default:
			d.malformed()
		}
	}
	return way
}

// enter notes the element, or the member, that begins where the decoder stands.
func (d *Decoder) enter(way []step) {
	last := &way[len(way)-1]
	if last.array {
		if strings.IndexByte(`{["-0123456789tfn`, d.Peek()) < 0 || d.Peek() == 0 {
			d.malformed()
			return
		}
		last.count++
		return
	}
	start := d.pos
	if d.Peek() != '"' || !d.skipString() {
		d.malformed()
		return
	}
	last.name = start
	if d.space(); d.Peek() != ':' {
		d.malformed()
		return
	}
	d.pos++
	d.space()
}

func (d *Decoder) stepsPath(way []step) string {
	var path []byte
	for _, s := range way {
		switch {
		case len(path) > maxPath:
			return string(path)
		case s.array && s.count > 0:
			path = append(path, Element(s.count-1)...)
		case !s.array && s.name > 0:
			path = append(path, Member(d.data[s.name:])...)
		}
	}
	return string(path)
}
