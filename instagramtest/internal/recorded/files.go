package recorded

import (
	"net/url"
	"path"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// FilesPath is where the server has the pictures and videos of an archive.
const FilesPath = "/files/"

// local is the URL of a picture or a video. Where it is the path of a file beside the recordings,
// from their root or from the recording that names it, it becomes a URL of the server.
func (l *loader) local(link string) string {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "//") {
		return link
	}
	plain, err := url.PathUnescape(link)
	if err != nil {
		plain = link
	}
	for _, name := range []string{path.Clean(link), path.Join(path.Dir(l.at), link), path.Clean(plain), path.Join(path.Dir(l.at), plain)} {
		if l.others[name] {
			l.used[name] = true
			return string(world.Origin) + FilesPath + (&url.URL{Path: name}).EscapedPath()
		}
	}
	return link
}

// localFiles does what local does for the images and videos of a media and its parts.
func (l *loader) localFiles(o object) {
	for _, kind := range []string{"images", "videos"} {
		sizes := o.object(kind)
		for name, v := range sizes {
			switch v := v.(type) {
			case string:
				sizes[name] = l.local(v)
			case map[string]any:
				if link, ok := v["url"].(string); ok {
					v["url"] = l.local(link)
				}
			}
		}
	}
	for _, part := range objects(o["carousel_media"]) {
		l.localFiles(part)
	}
}
