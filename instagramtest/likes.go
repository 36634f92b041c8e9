package instagramtest

import (
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

const maxLikes = 120

// getLikes is who has liked a media, the latest first.
func getLikes(c *call) *apierror.Error {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	var by []*world.User
	for _, l := range slices.Backward(world.Latest(m.Likes, maxLikes)) {
		by = append(by, l.To)
	}
	c.users(by)
	return nil
}

func postLike(c *call) *apierror.Error {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	c.w.Like(c.viewer, m)
	c.save(world.Change{Do: "like", Media: m.Number})
	c.null()
	return nil
}

func deleteLike(c *call) *apierror.Error {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	c.w.Unlike(c.viewer, m)
	c.save(world.Change{Do: "unlike", Media: m.Number})
	c.null()
	return nil
}
