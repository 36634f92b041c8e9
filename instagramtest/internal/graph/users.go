package graph

import (
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// person is what the fields of a user are read from.
type person struct {
	origin string
	user   *world.User
}

func text(of func(person) string) field[person] {
	return func(b []byte, p person) []byte {
		if of(p) == "" {
			return b
		}
		return encode.ASCII(b, of(p))
	}
}

func count(of func(person) int) field[person] {
	return func(b []byte, p person) []byte { return encode.Int(b, of(p)) }
}

var userSchema = schema[person]{fields: map[string]field[person]{
	"id":       func(b []byte, p person) []byte { return encode.TextUint(b, p.user.ID) },
	"user_id":  func(b []byte, p person) []byte { return encode.TextUint(b, p.user.ID) },
	"username": text(func(p person) string { return p.user.Username }),
	"name":     text(func(p person) string { return p.user.FullName }),
	"account_type": text(func(p person) string {
		if p.user.Business {
			return "BUSINESS"
		}
		return "MEDIA_CREATOR"
	}),
	"biography":           text(func(p person) string { return p.user.Bio }),
	"website":             text(func(p person) string { return p.user.Website }),
	"profile_picture_url": text(func(p person) string { return pictures.ProfileURL(p.origin, p.user) }),
	"media_count":         count(func(p person) int { return len(p.user.Media) + p.user.Unseen.Media }),
	"followers_count":     count(func(p person) int { return len(p.user.FollowedBy) + p.user.Unseen.FollowedBy }),
	"follows_count":       count(func(p person) int { return len(p.user.Follows) + p.user.Unseen.Follows }),
}}

// userNode answers the viewer, or an edge of theirs.
func (g *call) userNode(edge string) *apiError {
	switch edge {
	case "":
		fields, failed := userSchema.read(g.params.Get("fields"), "")
		if failed != nil {
			return failed
		}
		g.b = fields.append(g.b, person{g.origin, g.viewer})
		return nil
	case "media":
		return g.userMedia()
	case "stories":
		fields, failed := mediaSchema().read(g.params.Get("fields"), "")
		if failed != nil {
			return failed
		}
		g.b = data(g.b, g.nodes(g.stories()), fields)
		return nil
	case "insights":
		return g.userInsights()
	}
	return g.noSuch()
}
