package instagramtest

import (
	"slices"
	"strings"
)

// graphNode is what the fields of the Graph API are read from: a media, or one part of a carousel.
type graphNode struct {
	origin string
	media  *media
	part   int // from 1, 0 for the media itself
}

func (n graphNode) kind() mediaKind {
	if n.part > 0 {
		return n.media.parts[n.part-1].kind
	}
	return n.media.kind
}

// id is the media's number; that of a part counts on from there.
func (n graphNode) id() uint64 { return n.media.number + uint64(n.part) }

// file is an image or video of the node.
func (n graphNode) file(kind string) string {
	return fileURL(n.origin, kind, n.media, n.part, wide1080)
}

// graphField writes the value of a field, or nothing if the node does not have it.
type graphField func(b []byte, n graphNode) []byte

var graphFields = map[string]graphField{
	"id": func(b []byte, n graphNode) []byte { return quotedUint(b, n.id()) },
	"caption": func(b []byte, n graphNode) []byte {
		if n.media.caption == nil {
			return b
		}
		return quote(b, n.media.caption.text)
	},
	"media_type": func(b []byte, n graphNode) []byte {
		return quote(b, [...]string{kindImage: "IMAGE", kindVideo: "VIDEO", kindCarousel: "CAROUSEL_ALBUM"}[n.kind()])
	},
	"media_url": func(b []byte, n graphNode) []byte {
		if n.kind() == kindVideo {
			return quote(b, n.file("videos"))
		}
		return quote(b, n.file("images"))
	},
	"permalink": func(b []byte, n graphNode) []byte {
		return quote(b, n.origin+"/p/"+shortcode(n.media.number)+"/")
	},
	"thumbnail_url": func(b []byte, n graphNode) []byte {
		if n.kind() != kindVideo {
			return b
		}
		return quote(b, n.file("images"))
	},
	"timestamp": func(b []byte, n graphNode) []byte { return quotedDate(b, n.media.created) },
	"username":  func(b []byte, n graphNode) []byte { return quote(b, n.media.owner.username) },
	// A video can be kept out of the feed; here, none is. Nothing else has the choice.
	"is_shared_to_feed": func(b []byte, n graphNode) []byte {
		if n.kind() != kindVideo {
			return b
		}
		return append(b, "true"...)
	},
}

// childFields are those that the parts of a carousel have, too.
var childFields = []string{"id", "media_type", "media_url", "permalink", "thumbnail_url", "timestamp", "username"}

// selection is the fields that are asked for, in their order.
type selection []selectedField

type selectedField struct {
	name  string
	write graphField
}

// readFields reads the fields parameter, as in id,media_type,children{id,media_url}. The id is always there, and alone
// without the parameter.
func readFields(s string) (selection, *graphError) {
	var fields selection
	for s = strings.TrimSpace(s); s != ""; {
		end := strings.IndexAny(s, ",{")
		if end < 0 {
			end = len(s)
		}
		name, nested := strings.TrimSpace(s[:end]), ""
		if end < len(s) && s[end] == '{' {
			inner, rest, ok := strings.Cut(s[end+1:], "}")
			if rest = strings.TrimSpace(rest); name != "children" || !ok || rest != "" && rest[0] != ',' {
				return nil, graphParameter("Syntax error in the fields parameter: %q", s)
			}
			nested, s = inner, rest
		} else {
			s = s[end:]
		}
		if s != "" {
			s = strings.TrimSpace(s[1:])
		}
		write, ok := graphFields[name]
		if name == "children" {
			var failed *graphError
			if write, failed = readChildren(nested); failed != nil {
				return nil, failed
			}
		} else if !ok {
			return nil, graphParameter("Tried accessing nonexisting field (%s)", name)
		}
		if !fields.has(name) {
			fields = append(fields, selectedField{name, write})
		}
	}
	if !fields.has("id") {
		fields = append(fields, selectedField{"id", graphFields["id"]})
	}
	return fields, nil
}

// readChildren reads what stands in the braces of children{...} into a field that carousels have.
func readChildren(nested string) (graphField, *graphError) {
	fields, failed := readFields(nested)
	if failed != nil {
		return nil, failed
	}
	for _, f := range fields {
		if !slices.Contains(childFields, f.name) {
			return nil, graphParameter("Tried accessing nonexisting field (%s) of a child", f.name)
		}
	}
	return func(b []byte, n graphNode) []byte {
		if n.kind() != kindCarousel {
			return b
		}
		children := make([]graphNode, len(n.media.parts))
		for i := range children {
			children[i] = graphNode{n.origin, n.media, i + 1}
		}
		b = append(b, `{"data":`...)
		b = list(b, children, fields.append)
		return append(b, '}')
	}, nil
}

func (fields selection) has(name string) bool {
	return slices.ContainsFunc(fields, func(f selectedField) bool { return f.name == name })
}

// append writes the node with those of the fields that it has.
func (fields selection) append(b []byte, n graphNode) []byte {
	b = append(b, '{')
	for _, f := range fields {
		before := len(b)
		if b[before-1] != '{' {
			b = append(b, ',')
		}
		b = quote(b, f.name)
		b = append(b, ':')
		empty := len(b)
		if b = f.write(b, n); len(b) == empty {
			b = b[:before]
		}
	}
	return append(b, '}')
}
