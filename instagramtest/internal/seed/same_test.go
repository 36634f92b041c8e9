package seed

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// TestWorldOfASeed holds what tests and documents of others have written down: who and what is in
// the world of a seed, under which ids, in which order.
func TestWorldOfASeed(t *testing.T) {
	old := Form{Counting: true, Bare: true}
	for _, tt := range []struct {
		seed int64
		size Size
		form Form
		want string
	}{
		{1, DefaultSize, Form{}, "717ae4d8db29262c"},
		{1, DefaultSize, Form{Bare: true}, "50f696cc18a244cb"},
		{1, DefaultSize, old, "8f0356f4cca7b391"},
		{7, Size{Users: 2, Media: 5, MainMedia: 5}, Form{}, "7c8e9c01f34625b6"},
		{2, Size{Users: 900, Media: 9_000, MainMedia: 240}, old, "b0be153a33e900b9"},
	} {
		assert.Equal(t, tt.want, digest(World(tt.seed, tt.size, tt.form, monday)), "%+v", tt)
	}
}

// digest is a hash of everything in a world that is no fraction.
func digest(w *world.World) string {
	h := sha256.New()
	for _, u := range w.Everyone {
		fmt.Fprintln(h, u.Serial, u.ID, u.Username, u.FullName, u.Bio, u.Website, u.Private, u.Business, slices.Sorted(maps.Keys(u.Blocked)))
		for _, list := range []world.Links[*world.User]{u.Follows, u.FollowedBy, u.RequestedBy} {
			writeLinks(h, list, func(u *world.User) uint64 { return u.ID })
		}
		writeLinks(h, u.Liked, func(m *world.Media) uint64 { return m.Number })
		writeMedia(h, u.Media)
	}
	for _, m := range w.Timeline {
		fmt.Fprintln(h, m.Serial, m.Number, m.Owner.ID, m.Kind, m.Shape, m.Created, m.Filter, m.Tags, m.LikeCount())
		if m.Place != nil {
			fmt.Fprintln(h, m.Place.ID)
		}
		if m.Caption != nil {
			writeComment(h, m.Caption)
		}
		if m.App != nil {
			fmt.Fprintln(h, *m.App)
		}
		writeTagged(h, m.Tagged)
		for _, p := range m.Parts {
			fmt.Fprintln(h, p.Kind)
			writeTagged(h, p.Tagged)
		}
		writeLinks(h, m.Likes, func(u *world.User) uint64 { return u.ID })
		for _, c := range m.Comments {
			writeComment(h, c)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.Tags)) {
		fmt.Fprintln(h, name)
		writeMedia(h, w.Tags[name].Media)
	}
	for _, id := range slices.Sorted(maps.Keys(w.Places)) {
		p := w.Places[id]
		fmt.Fprintln(h, p.ID, p.Name, p.Address, p.FacebookPlacesID, p.FoursquareID, p.FoursquareV2ID)
		writeMedia(h, p.Media)
	}
	fmt.Fprintln(h, w.NextComment())
	return hex.EncodeToString(h.Sum(nil))[:16]
}

func writeLinks[T any](h io.Writer, list world.Links[T], id func(T) uint64) {
	for _, l := range list {
		fmt.Fprintln(h, l.Seq, id(l.To))
	}
}

func writeMedia(h io.Writer, list []*world.Media) {
	for _, m := range list {
		fmt.Fprintln(h, m.Number)
	}
}

func writeComment(h io.Writer, c *world.Comment) {
	fmt.Fprintln(h, c.ID, c.From.ID, c.Text, c.Created)
}

func writeTagged(h io.Writer, tagged []world.TaggedUser) {
	for _, t := range tagged {
		fmt.Fprintln(h, t.User.ID, t.X, t.Y)
	}
}
