package graph

import (
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// node is what the fields of the Graph API are read from: a media, or one part of a carousel.
type node struct {
	origin string
	media  *world.Media
	part   int // from 1, 0 for the media itself
}

func (n node) kind() world.MediaKind {
	if n.part > 0 {
		return n.media.Parts[n.part-1].Kind
	}
	return n.media.Kind
}

// id is the media's number; that of a part counts on from there.
func (n node) id() uint64 { return n.media.Number + uint64(n.part) }

// file is an image or video of the node.
func (n node) file(kind string) string {
	format := pictures.Wide1080
	if kind == "videos" {
		format = pictures.Wide640
	}
	return pictures.FileURL(n.origin, kind, n.media, n.part, format)
}

// field writes the value of a field, or nothing if the node does not have it.
type field func(b []byte, n node) []byte

var fieldWriters = map[string]field{
	"id": func(b []byte, n node) []byte { return encode.TextUint(b, n.id()) },
	"caption": func(b []byte, n node) []byte {
		if n.media.Caption == nil {
			return b
		}
		return encode.ASCII(b, n.media.Caption.Text)
	},
	"media_type": func(b []byte, n node) []byte {
		return encode.ASCII(b, [...]string{world.KindImage: "IMAGE", world.KindVideo: "VIDEO", world.KindCarousel: "CAROUSEL_ALBUM"}[n.kind()])
	},
	"media_url": func(b []byte, n node) []byte {
		if n.kind() == world.KindVideo {
			return encode.ASCII(b, n.file("videos"))
		}
		return encode.ASCII(b, n.file("images"))
	},
	"permalink": func(b []byte, n node) []byte {
		return encode.ASCII(b, n.origin+"/p/"+world.Shortcode(n.media.Number)+"/")
	},
	"thumbnail_url": func(b []byte, n node) []byte {
		if n.kind() != world.KindVideo {
			return b
		}
		return encode.ASCII(b, n.file("images"))
	},
	"timestamp": func(b []byte, n node) []byte { return encode.TextDate(b, n.media.Created) },
	"username":  func(b []byte, n node) []byte { return encode.ASCII(b, n.media.Owner.Username) },
	// A video can be kept out of the feed; here, none is. Nothing else has the choice.
	"is_shared_to_feed": func(b []byte, n node) []byte {
		if n.kind() != world.KindVideo {
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
	write field
}

// readFields reads the fields parameter, as in id,media_type,children{id,media_url}. The id is
// always there, and alone without the parameter.
func readFields(s string) (selection, *apiError) {
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
				return nil, badParameter("Syntax error in the fields parameter: %q", s)
			}
			nested, s = inner, rest
		} else {
			s = s[end:]
		}
		if s != "" {
			s = strings.TrimSpace(s[1:])
		}
		write, ok := fieldWriters[name]
		if name == "children" {
			var failed *apiError
			if write, failed = readChildren(nested); failed != nil {
				return nil, failed
			}
		} else if !ok {
			return nil, badParameter("Tried accessing nonexisting field (%s)", name)
		}
		if !fields.has(name) {
			fields = append(fields, selectedField{name, write})
		}
	}
	if !fields.has("id") {
		fields = append(fields, selectedField{"id", fieldWriters["id"]})
	}
	return fields, nil
}

// readChildren reads what stands in the braces of children{...} into a field that carousels have.
func readChildren(nested string) (field, *apiError) {
	fields, failed := readFields(nested)
	if failed != nil {
		return nil, failed
	}
	for _, f := range fields {
		if !slices.Contains(childFields, f.name) {
			return nil, badParameter("Tried accessing nonexisting field (%s) of a child", f.name)
		}
	}
	return func(b []byte, n node) []byte {
		if n.kind() != world.KindCarousel {
			return b
		}
		children := make([]node, len(n.media.Parts))
		for i := range children {
			children[i] = node{n.origin, n.media, i + 1}
		}
		b = append(b, `{"data":`...)
		b = encode.List(b, children, fields.append)
		return append(b, '}')
	}, nil
}

func (fields selection) has(name string) bool {
	return slices.ContainsFunc(fields, func(f selectedField) bool { return f.name == name })
}

// append writes the node with those of the fields that it has.
func (fields selection) append(b []byte, n node) []byte {
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
