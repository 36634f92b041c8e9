package graph

import (
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// remark is what the fields of a comment are read from.
type remark struct {
	origin string
	media  *world.Media
	parent *world.Comment // nil unless it is a reply
	*world.Comment
}

var remarkFields = map[string]field[remark]{
	"id":        func(b []byte, r remark) []byte { return encode.TextUint(b, r.ID) },
	"text":      func(b []byte, r remark) []byte { return encode.ASCII(b, r.Text) },
	"timestamp": func(b []byte, r remark) []byte { return encode.TextDate(b, r.Created) },
	"username":  func(b []byte, r remark) []byte { return encode.ASCII(b, r.From.Username) },
	"from": func(b []byte, r remark) []byte {
		b = encode.TextUint(append(b, `{"id":`...), r.From.ID)
		b = encode.ASCII(append(b, `,"username":`...), r.From.Username)
		return append(b, '}')
	},
	"hidden":     func(b []byte, _ remark) []byte { return append(b, "false"...) },
	"like_count": func(b []byte, _ remark) []byte { return append(b, '0') },
	"media": func(b []byte, r remark) []byte {
		return append(encode.TextUint(append(b, `{"id":`...), r.media.Number), '}')
	},
	"parent_id": func(b []byte, r remark) []byte {
		if r.parent == nil {
			return b
		}
		return encode.TextUint(b, r.parent.ID)
	},
}

// remarkDefault is what is told of a comment without the parameter fields.
const remarkDefault = "timestamp,text,id"

var remarkSchema = schema[remark]{remarkFields, map[string]func(string) (field[remark], *apiError){
	"replies": func(nested string) (field[remark], *apiError) {
		fields, failed := schema[remark]{fields: remarkFields}.read(nested, remarkDefault)
		return func(b []byte, r remark) []byte {
			if len(r.Replies) == 0 {
				return b
			}
			replies := make([]remark, 0, len(r.Replies))
			for _, reply := range slices.Backward(r.Replies) {
				replies = append(replies, remark{r.origin, r.media, r.Comment, reply})
			}
			return data(b, replies, fields)
		}, failed
	},
}}

// findComment is the comment or reply with an id on a media of the viewer's.
func (g *call) findComment(id uint64) (remark, bool) {
	for _, m := range g.viewer.Media {
		for _, c := range m.Comments {
			if c.ID == id {
				return remark{g.origin, m, nil, c}, true
			}
			for _, reply := range c.Replies {
				if reply.ID == id {
					return remark{g.origin, m, c, reply}, true
				}
			}
		}
	}
	return remark{}, false
}

// commentNode answers one comment, or its replies.
func (g *call) commentNode(r remark, edge string) *apiError {
	switch {
	case edge == "replies" && r.parent == nil:
		return g.comments(r.Replies, r.media, r.Comment)
	case edge != "":
		return g.noSuch()
	case !g.grant.Has(oauth.ScopeBusinessComments):
		return errPermission
	}
	fields, failed := remarkSchema.read(g.params.Get("fields"), remarkDefault)
	if failed != nil {
		return failed
	}
	g.b = fields.append(g.b, r)
	return nil
}

// comments answers a page of comments, newest first.
func (g *call) comments(all []*world.Comment, m *world.Media, parent *world.Comment) *apiError {
	if !g.grant.Has(oauth.ScopeBusinessComments) {
		return errPermission
	}
	q, failed := g.readQuery(50)
	if failed != nil {
		return failed
	}
	fields, failed := remarkSchema.read(g.params.Get("fields"), remarkDefault)
	if failed != nil {
		return failed
	}
	all = slices.SortedFunc(slices.Values(all), func(a, b *world.Comment) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	writePage(g, all, func(c *world.Comment) uint64 { return c.ID }, q, func(b []byte, c *world.Comment) []byte {
		return fields.append(b, remark{g.origin, m, parent, c})
	})
	return nil
}
