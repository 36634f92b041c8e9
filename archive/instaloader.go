package archive

import (
	"fmt"
	"path"

	"github.com/igv1/instagram"
)

// isInstaloader knows {"node": {...}, "instaloader": {...}}, and the comments that instaloader
// writes beside it.
func isInstaloader(f *found) bool {
	return f.has("node", "instaloader") || f.has("created_at", "text", "owner")
}

func (c *collector) instaloader(f *found) {
	if !f.has("node") {
		c.webComment(f.object, "", "")
		return
	}
	node := f.object.object("node")
	switch kind := f.object.object("instaloader").text("node_type"); {
	case kind == "Profile" || node.has("edge_followed_by"):
		c.webUser(node)
	case node.has("shortcode") || node.has("code") || kind == "StoryItem":
		c.webMedia(node, instagram.UserShortInfo{}, c.beside())
	default:
		c.skip("instaloader's " + kind)
	}
}

// beside returns the pictures and videos that are named as the file is.
func (c *collector) beside() []*File {
	stem := stemOf(c.file.Name)
	var files []*File
	for i := range maxParts {
		name := stem
		if i > 0 {
			name = fmt.Sprintf("%s_%d", stem, i)
		}
		before := len(files)
		for _, f := range c.reader.source.byStem[name] {
			if path.Dir(f.Name) == path.Dir(c.file.Name) && isPicture(f.Name) {
				files = append(files, f)
			}
		}
		if i > 0 && len(files) == before {
			break
		}
	}
	return files
}

// maxParts bounds the parts of a carousel.
const maxParts = 100
