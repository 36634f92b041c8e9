package graph

import (
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// node is what the fields of a media are read from: a media, or one part of a carousel.
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

// parts are the children of a carousel.
func (n node) parts() []node {
	parts := make([]node, len(n.media.Parts))
	for i := range parts {
		parts[i] = node{n.origin, n.media, i + 1}
	}
	return parts
}

// mediaSchema has the fields of media. The replies in braces have none of their own.
func mediaSchema() schema[node] {
	return schema[node]{mediaFields, map[string]func(string) (field[node], *apiError){
		"children": func(nested string) (field[node], *apiError) {
			fields, failed := partFields(nested)
			return func(b []byte, n node) []byte {
				if n.kind() != world.KindCarousel {
					return b
				}
				return data(b, n.parts(), fields)
			}, failed
		},
	}}
}

// partFields reads the fields of the parts of a carousel, which have fewer.
func partFields(text string) (selection[node], *apiError) {
	fields, failed := schema[node]{fields: mediaFields}.read(text, "")
	if failed != nil {
		return nil, failed
	}
	for _, f := range fields {
		if !slices.Contains(childFields, f.name) {
			return nil, badParameter("Tried accessing nonexisting field (%s) of a child", f.name)
		}
	}
	return fields, nil
}

// childFields are those that the parts of a carousel have, too.
var childFields = []string{"id", "media_type", "media_url", "permalink", "shortcode", "thumbnail_url", "timestamp", "username", "owner"}

var mediaFields = map[string]field[node]{
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
	// Videos are reels since 2022, but those of a story.
	"media_product_type": func(b []byte, n node) []byte {
		return encode.ASCII(b, n.product())
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
	"shortcode": func(b []byte, n node) []byte { return encode.ASCII(b, world.Shortcode(n.media.Number)) },
	"thumbnail_url": func(b []byte, n node) []byte {
		if n.kind() != world.KindVideo {
			return b
		}
		return encode.ASCII(b, n.file("images"))
	},
	"timestamp": func(b []byte, n node) []byte { return encode.TextDate(b, n.media.Created) },
	"username":  func(b []byte, n node) []byte { return encode.ASCII(b, n.media.Owner.Username) },
	"owner": func(b []byte, n node) []byte {
		b = append(b, `{"id":`...)
		return append(encode.TextUint(b, n.media.Owner.ID), '}')
	},
	"like_count":         func(b []byte, n node) []byte { return encode.Int(b, len(n.media.Likes)) },
	"comments_count":     func(b []byte, n node) []byte { return encode.Int(b, countComments(n.media)) },
	"is_comment_enabled": func(b []byte, _ node) []byte { return append(b, "true"...) },
	// A video can be kept out of the feed; here, none is. Nothing else has the choice.
	"is_shared_to_feed": func(b []byte, n node) []byte {
		if n.kind() != world.KindVideo {
			return b
		}
		return append(b, "true"...)
	},
}

func (n node) product() string { return product(n.media, n.kind()) }

// Product is where a media is shown.
func Product(m *world.Media) string { return product(m, m.Kind) }

func product(m *world.Media, kind world.MediaKind) string {
	switch {
	case m.Story:
		return "STORY"
	case kind == world.KindVideo:
		return "REELS"
	default:
		return "FEED"
	}
}

func countComments(m *world.Media) int {
	count := len(m.Comments)
	for _, c := range m.Comments {
		count += len(c.Replies)
	}
	return count
}

// find is the viewer's media or story with an id, or a part of one; false if there is none.
func (g *call) find(id uint64) (node, bool) {
	for _, list := range [][]*world.Media{g.viewer.Media, g.stories()} {
		i := world.Older(list, id+1) - 1 // the last that is not younger
		if i < 0 {
			continue
		}
		part := id - list[i].Number
		if part <= uint64(len(list[i].Parts)) {
			return node{g.origin, list[i], int(part)}, true
		}
	}
	return node{}, false
}

// stories are those of the viewer's that have not ended.
func (g *call) stories() []*world.Media {
	now := g.Now().Unix()
	return slices.DeleteFunc(slices.Clone(g.viewer.Stories), func(m *world.Media) bool {
		return m.Created > now || m.Created <= now-world.StoryAge
	})
}

// nodes are media with the newest first.
func (g *call) nodes(media []*world.Media) []node {
	nodes := make([]node, 0, len(media))
	for _, m := range slices.Backward(media) {
		nodes = append(nodes, node{origin: g.origin, media: m})
	}
	return nodes
}

// mediaNode answers one media, or an edge of one.
func (g *call) mediaNode(n node, edge string) *apiError {
	switch edge {
	case "":
		fields, failed := mediaSchema().read(g.params.Get("fields"), "")
		if failed != nil {
			return failed
		}
		g.b = fields.append(g.b, n)
		return nil
	case "children":
		fields, failed := partFields(g.params.Get("fields"))
		if failed != nil {
			return failed
		}
		var parts []node
		if n.part == 0 && n.kind() == world.KindCarousel {
			parts = n.parts()
		}
		g.b = data(g.b, parts, fields)
		return nil
	case "comments":
		return g.comments(n.media.Comments, n.media, nil)
	case "insights":
		return g.mediaInsights(n)
	}
	return g.noSuch()
}
