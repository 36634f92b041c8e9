package pictures

import (
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// Format is a size in which a picture or video is offered, by the name of the file.
type Format struct {
	Name   string
	Width  int
	square bool // cut to a square, whatever the shape
}

// The formats that the wires name.
var (
	Square150 = Format{"s150", 150, true}
	Square306 = Format{"s306", 306, true}
	Square480 = Format{"s480", 480, true}
	Square612 = Format{"s612", 612, true}
	Square640 = Format{"s640", 640, true}
	Wide320   = Format{"320", 320, false}
	Wide480   = Format{"480", 480, false}
	Wide640   = Format{"640", 640, false}
	Wide1080  = Format{"1080", 1080, false}
)

// Formats are all sizes that the server has.
var Formats = []Format{Square150, Square306, Square480, Square612, Square640, Wide320, Wide480, Wide640, Wide1080}

// Shape is the shape of a picture in this format.
func (f Format) Shape(s world.Shape) world.Shape {
	if f.square {
		return 1000
	}
	return s
}

// Height is how high a picture of a shape is in this format.
func (f Format) Height(s world.Shape) int {
	if f.square {
		return f.Width
	}
	return s.Height(f.Width)
}

// FileURL is where the server has an image or a video of a media.
func FileURL(origin, kind string, m *world.Media, part int, f Format) string {
	if url := m.Recorded.URL(kind, part, f.Width); url != "" {
		return world.AtOrigin(url, origin)
	}
	return Folder(origin, kind, m, part) + f.Name + Suffix(kind)
}

// Folder is what the URLs of all images, or all videos, of a media begin with, unless they were
// recorded.
func Folder(origin, kind string, m *world.Media, part int) string {
	folder := origin + "/" + kind + "/" + world.Shortcode(m.Number) + "/"
	if part > 0 {
		folder += strconv.Itoa(part) + "/"
	}
	return folder
}

// Suffix is what they end in, behind the name of the format.
func Suffix(kind string) string {
	if kind == "videos" {
		return ".mp4"
	}
	return ".jpg"
}

// ProfileURL is where a user's profile picture is.
func ProfileURL(origin string, u *world.User) string {
	if u.Picture != "" {
		return world.AtOrigin(u.Picture, origin)
	}
	return origin + "/profiles/" + strconv.FormatUint(u.ID, 10) + ".jpg"
}
