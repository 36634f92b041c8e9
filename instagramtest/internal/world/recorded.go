package world

// Origin stands in what was recorded for the scheme and host of the server, where a URL is of a
// file that the server itself has.
const Origin = '\x00'

// AtOrigin is a URL with the origin in place of [Origin].
func AtOrigin(url, origin string) string {
	if url != "" && url[0] == Origin {
		return origin + url[1:]
	}
	return url
}

// RecordedMedia is what a recorded media has besides what every media has.
type RecordedMedia struct {
	ID             string // as it was recorded: with or without the user
	Members        []byte // those that stay as they were recorded, each after a comma
	Images, Videos [][]RecordedFile
	// Likes and Comments are how many there were, -1 if that was not recorded.
	Likes, Comments int
	// How many of them were not in the recordings. It is negative if more were listed than counted:
	// what was recorded as the count stays.
	UnseenLikes, UnseenComments int
}

// RecordedFile is an image or a video that is somewhere else.
type RecordedFile struct {
	URL   string
	Width int
}

// URL is where a picture or video of about the width is; part 0 is the media itself.
func (r *RecordedMedia) URL(kind string, part, width int) string {
	if r == nil {
		return ""
	}
	files := r.Images
	if kind == "videos" {
		files = r.Videos
	}
	if part >= len(files) {
		return ""
	}
	var best RecordedFile
	for _, f := range files[part] { // narrowest first
		if best = f; f.Width >= width {
			break
		}
	}
	return best.URL
}
