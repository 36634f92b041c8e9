package instagramtest

import "slices"

const maxLikes = 120

// getLikes is who has liked a media, the latest first.
func getLikes(c *call) *apiError {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	var by []*user
	for _, l := range slices.Backward(latest(m.likes, maxLikes)) {
		by = append(by, l.to)
	}
	c.users(by)
	return nil
}

func postLike(c *call) *apiError {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	c.w.like(c.viewer, m)
	c.save(change{Do: "like", Media: m.number})
	c.null()
	return nil
}

func deleteLike(c *call) *apiError {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	c.w.unlike(c.viewer, m)
	c.save(change{Do: "unlike", Media: m.number})
	c.null()
	return nil
}
